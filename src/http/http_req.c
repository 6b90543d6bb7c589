/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_req.h"

#include <poll.h>

#include "http/http_conn_priv.h"

str http_req_header(const struct http_req *req, str name)
{
    return http_pairs_get_ci(req->headers, name);
}

str http_req_param(const struct http_req *req, str name)
{
    return http_pairs_get(req->params, name);
}

bool http_req_has_param(const struct http_req *req, str name)
{
    return http_pairs_has(req->params, name);
}

static str cookie_in(str line, str name)
{
    str part;
    while (str_split(&line, ';', &part)) {
        part = str_trim(part);
        if (part.n > name.n && part.p[name.n] == '=' && str_starts(part, name))
            return str_trim_chars(str_from(part, name.n + 1), S("\""));
    }
    return STR_NONE;
}

/* A client may spread its cookies over several headers. */
str http_req_cookie(const struct http_req *req, str name)
{
    for (size_t i = 0; i < req->headers.n; i++) {
        if (!str_eq_ci(req->headers.p[i].name, S("Cookie")))
            continue;
        str value = cookie_in(req->headers.p[i].value, name);
        if (value.p)
            return value;
    }
    return STR_NONE;
}

str http_req_bearer(const struct http_req *req)
{
    str value = http_req_header(req, S("Authorization"));
    if (!str_starts_ci(value, S("Bearer ")))
        return STR_NONE;
    return str_trim(str_from(value, 7));
}

bool http_req_accepts_gzip(const struct http_req *req)
{
    str accepted = http_req_header(req, S("Accept-Encoding")), part;

    while (str_split(&accepted, ',', &part)) {
        size_t semi = str_find_byte(part, ';');
        str    coding = str_trim(str_slice(part, 0, semi == STR_NPOS ? part.n : semi));
        if (!str_eq_ci(coding, S("gzip")) && !str_eq(coding, S("*")))
            continue;
        str quality = semi == STR_NPOS ? STR_NONE : str_trim(str_from(part, semi + 1));
        return !(str_eq(quality, S("q=0")) || str_starts(quality, S("q=0.0")));
    }
    return false;
}

bool http_req_gone(const struct http_req *req)
{
    if (!req->conn)
        return false;
    struct pollfd p = { .fd = req->conn->fd, .events = POLLRDHUP };
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL));
}

str http_req_origin(const struct http_req *req)
{
    str host = http_req_header(req, S("Host"));
    return arena_printf(req->arena, "%s://" STR_FMT, req->tls ? "https" : "http",
                        STR_ARG(host.n ? host : S("localhost")));
}
