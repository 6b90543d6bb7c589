/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_pairs: names with values, in the order in which they came: parameters and headers.
 *
 * Threads: plain data. */
#ifndef HTTP_HTTP_PAIRS_H
#define HTTP_HTTP_PAIRS_H

#include "base/str.h"

struct http_pair {
    str name, value;
};

struct http_pairs {
    const struct http_pair *p;
    size_t                  n;
};

/* The value of the first pair of this name, or STR_NONE; an empty value has a p that is not NULL. */
str  http_pairs_get(struct http_pairs pairs, str name);    /* the name as it is: parameters */
str  http_pairs_get_ci(struct http_pairs pairs, str name); /* letters' case ignored: headers */
bool http_pairs_has(struct http_pairs pairs, str name);

#endif
