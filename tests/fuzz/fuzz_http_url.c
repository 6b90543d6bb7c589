/* SPDX-License-Identifier: Apache-2.0 */
/* Query strings, paths and URLs: what is decoded, encoded and decoded again must be the same. */
#include <stdlib.h>

#include "http/http_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(struct arena *a, struct http_pairs pairs)
{
    AUTO_STRBUF       url = STRBUF_INIT(1 << 20);
    struct http_pairs back;

    for (size_t i = 0; i < pairs.n; i++)
        http_url_add(&url, pairs.p[i].name, pairs.p[i].value);
    if (url.overflow || url.n == 0)
        return;
    if (http_url_params(a, str_from(strbuf_view(&url), 1), &back, NULL) != RC_OK || back.n != pairs.n)
        abort();
    for (size_t i = 0; i < pairs.n; i++)
        if (!str_eq(pairs.p[i].name, back.p[i].name) || !str_eq(pairs.p[i].value, back.p[i].value))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena) a = arena_new(16 << 20);
    str               text = str_make((const char *)data, size), path;
    struct http_pairs pairs;
    struct http_url   url;

    if (http_url_params(a, text, &pairs, NULL) == RC_OK)
        again(a, pairs);
    if (http_url_path(a, text, &path, NULL) == RC_OK && str_find_byte(path, '\0') != STR_NPOS)
        abort();
    if (http_url_parse(text, &url, NULL) == RC_OK && (url.host.n == 0 || url.port < 1 || url.port > 65535))
        abort();
    return 0;
}
