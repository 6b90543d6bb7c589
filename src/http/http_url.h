/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_url: URLs, their query parts and percent-encoding.
 *
 * Names and values of parameters are decoded alike (%24filter is $filter); a plus in a query is a blank, in a
 * path it is a plus. Results live in the arena given. Threads: no state. */
#ifndef HTTP_HTTP_URL_H
#define HTTP_HTTP_URL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "http/http_pairs.h"

enum { HTTP_URL_MAX_PARAMS = 256 };

/* "a=1&b=%20" into pairs. RC_INVALID for a broken escape, RC_LIMIT above HTTP_URL_MAX_PARAMS. */
must_check enum rc http_url_params(struct arena *a, str query, struct http_pairs *out, struct err *err);
/* Decodes one path, or one segment of it. An encoded NUL is refused. */
must_check enum rc http_url_path(struct arena *a, str raw, str *out, struct err *err);

/* Appends "name=value" encoded, with ? or & before it as the text so far asks for. */
void http_url_add(struct strbuf *url, str name, str value);

struct http_url {
    bool tls;
    str  host; /* without brackets */
    int  port; /* 80 and 443 when it does not say */
    str  path; /* with the query; "/" at least */
};

/* An absolute http or https URL; views into `text`. */
must_check enum rc http_url_parse(str text, struct http_url *out, struct err *err);

#endif
