/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_url.h"

#include "base/codec.h"
#include "base/vec.h"

static enum rc decode(struct arena *a, str raw, bool plus_is_space, str *out, struct err *err)
{
    if (str_find_byte(raw, '%') == STR_NPOS && (!plus_is_space || str_find_byte(raw, '+') == STR_NPOS)) {
        *out = arena_str(a, raw);
        return out->p || raw.n == 0 ? RC_OK : err_set(err, RC_LIMIT, "the URL is too long");
    }
    AUTO_STRBUF b = STRBUF_INIT(raw.n + 1);
    TRY(codec_url_decode(&b, raw, plus_is_space, err));
    TRY(strbuf_ok(&b, "a part of the URL", err));
    *out = arena_str(a, strbuf_view(&b));
    return out->p ? RC_OK : err_set(err, RC_LIMIT, "the URL is too long");
}

enum rc http_url_params(struct arena *a, str query, struct http_pairs *out, struct err *err)
{
    VEC(struct http_pair) pairs = { 0 };
    str part;

    while (str_split(&query, '&', &part)) {
        if (part.n == 0)
            continue;
        if (pairs.n == HTTP_URL_MAX_PARAMS)
            return err_set(err, RC_LIMIT, "more than %d parameters in the URL", HTTP_URL_MAX_PARAMS);
        size_t            eq = str_find_byte(part, '=');
        str               name = str_slice(part, 0, eq == STR_NPOS ? part.n : eq);
        str               value = eq == STR_NPOS ? STR_NONE : str_from(part, eq + 1);
        struct http_pair *pair = vec_push_in(a, &pairs);
        TRY(decode(a, name, true, &pair->name, err));
        TRY(decode(a, value, true, &pair->value, err));
    }
    *out = (struct http_pairs) { pairs.p, pairs.n };
    return RC_OK;
}

enum rc http_url_path(struct arena *a, str raw, str *out, struct err *err)
{
    str path;
    TRY(decode(a, raw, false, &path, err));
    if (str_find_byte(path, '\0') != STR_NPOS)
        return err_set(err, RC_INVALID, "the path holds an encoded NUL");
    *out = path;
    return RC_OK;
}

void http_url_add(struct strbuf *url, str name, str value)
{
    strbuf_addc(url, str_find_byte(strbuf_view(url), '?') == STR_NPOS ? '?' : '&');
    codec_url_encode(url, name);
    strbuf_addc(url, '=');
    codec_url_encode(url, value);
}

static enum rc split_port(str authority, struct http_url *url, struct err *err)
{
    size_t colon = str_rfind_byte(authority, ':');
    size_t bracket = str_rfind_byte(authority, ']');

    url->host = authority;
    if (colon != STR_NPOS && (bracket == STR_NPOS || colon > bracket)) {
        int64_t port;
        if (!str_to_i64(str_from(authority, colon + 1), &port) || port < 1 || port > 65535)
            return err_set(err, RC_INVALID, "port of a URL is 1 to 65535, not \"" STR_FMT "\"",
                           STR_ARG(str_from(authority, colon + 1)));
        url->port = (int)port;
        url->host = str_slice(authority, 0, colon);
    }
    if (str_starts(url->host, S("[")) && str_ends(url->host, S("]")))
        url->host = str_slice(url->host, 1, url->host.n - 1);
    if (url->host.n == 0)
        return err_set(err, RC_INVALID, "the URL names no host");
    return RC_OK;
}

enum rc http_url_parse(str text, struct http_url *out, struct err *err)
{
    struct http_url url = { 0 };

    if (str_starts_ci(text, S("https://"))) {
        url.tls = true;
        text = str_from(text, 8);
    } else if (str_starts_ci(text, S("http://"))) {
        text = str_from(text, 7);
    } else {
        return err_set(err, RC_INVALID, "a URL begins with http:// or https://, not \"" STR_FMT "\"",
                       STR_ARG(text));
    }
    url.port = url.tls ? 443 : 80;
    size_t slash = str_find_byte(text, '/');
    url.path = slash == STR_NPOS ? S("/") : str_from(text, slash);
    TRY(split_port(str_slice(text, 0, slash == STR_NPOS ? text.n : slash), &url, err));
    *out = url;
    return RC_OK;
}
