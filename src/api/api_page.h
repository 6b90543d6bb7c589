/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_page: the two small HTML pages of OAuth, without a script. Threads: as the call. */
#ifndef API_API_PAGE_H
#define API_API_PAGE_H

#include "api/api_call.h"

struct api_page {
    str               title, text;
    str               action;   /* where the form goes; empty: there is no form */
    bool              ask_code; /* a device code beside name and password */
    struct http_pairs values;   /* of what the form carries along unseen */
    const str        *kept;     /* their names */
    size_t            n_kept;
};

void api_page_form(struct api_call *c, const struct api_page *page, int status);
/* The form again, with why it was refused. */
void api_page_error(struct api_call *c, const struct api_page *page, const struct err *why);

#endif
