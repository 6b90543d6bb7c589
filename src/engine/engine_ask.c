/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_ask.h"

#include "base/vec.h"

/* Parameters of the interface itself, or of the transport, that are no settings of a query. */
static const char *const NOT_SETTINGS[] = {
    "query",
    "database",
    "default_format",
    "query_id",
    "user",
    "password",
    "quota_key",
    "role",
    "session_timeout",
    "session_check",
    "close_session",
    "compress",
    "decompress",
    "enable_http_compression",
    "http_zlib_compression_level",
    "wait_end_of_query",
    "http_wait_end_of_query",
    "buffer_size",
    "stacktrace",
    "client_protocol_version",
    "readonly",
    "send_progress_in_http_headers",
    "http_headers_progress_interval_ms",
    "cancel_http_readonly_queries_on_client_close",
    "add_http_cors_header",
};

static bool is_setting(str name)
{
    for (size_t i = 0; i < sizeof NOT_SETTINGS / sizeof NOT_SETTINGS[0]; i++)
        if (str_eq(name, str_of(NOT_SETTINGS[i])))
            return false;
    return !str_starts(name, S("param_"));
}

static bool is_on(const struct http_req *req, const char *name)
{
    str v = http_req_param(req, str_of(name));
    return str_eq(v, S("1")) || str_eq_ci(v, S("true"));
}

static void take_settings(const struct http_req *req, struct engine_ask *ask)
{
    VEC(struct http_pair) settings = { 0 };

    for (size_t i = 0; i < req->params.n; i++)
        if (is_setting(req->params.p[i].name))
            *vec_push_in(req->arena, &settings) = req->params.p[i];
    ask->session.settings = (struct http_pairs) { settings.p, settings.n };
}

static void take_params(const struct http_req *req, struct engine_ask *ask)
{
    size_t       n = 0, max = req->params.n + 1;
    const char **names = ARENA_ARRAY(req->arena, const char *, max);
    const char **values = ARENA_ARRAY(req->arena, const char *, max);
    size_t      *name_n = ARENA_ARRAY(req->arena, size_t, max);
    size_t      *value_n = ARENA_ARRAY(req->arena, size_t, max);

    for (size_t i = 0; i < req->params.n; i++) {
        const struct http_pair *p = &req->params.p[i];
        if (!str_starts(p->name, S("param_")))
            continue;
        names[n] = p->name.p + 6;
        name_n[n] = p->name.n - 6;
        values[n] = p->value.p ? p->value.p : "";
        value_n[n++] = p->value.n;
    }
    ask->n_params = n;
    ask->param_names = names;
    ask->param_values = values;
    ask->param_name_n = name_n;
    ask->param_value_n = value_n;
}

static str first_of(str a, str b, str c)
{
    return a.n ? a : b.n ? b : c;
}

static bool take_format(const struct http_req *req, struct engine_ask *ask, struct engine_fault *fault)
{
    str name = first_of(http_req_header(req, S("X-ClickHouse-Format")),
                        http_req_param(req, S("default_format")), S("TabSeparated"));

    ask->format = engine_format_find(name);
    return ask->format || engine_fault_set(fault, req->arena, 73, "UNKNOWN_FORMAT", "Unknown format " STR_FMT,
                                           STR_ARG(name));
}

/* What we do not have is refused by name instead of answered in another way. */
static bool refuse(const struct http_req *req, struct engine_fault *fault)
{
    if (http_req_has_param(req, S("session_id")))
        return engine_fault_set(fault, req->arena, ENGINE_NOT_IMPLEMENTED, "NOT_IMPLEMENTED",
                                "session_id: sessions are not kept here, give settings with each query");
    if (is_on(req, "compress") || is_on(req, "decompress"))
        return engine_fault_set(fault, req->arena, ENGINE_NOT_IMPLEMENTED, "NOT_IMPLEMENTED",
                                "compress: the native block compression is not spoken here, use gzip");
    str coding = http_req_header(req, S("Content-Encoding"));
    if (coding.n && !str_eq_ci(coding, S("gzip")) && !str_eq_ci(coding, S("identity")))
        return engine_fault_set(fault, req->arena, ENGINE_NOT_IMPLEMENTED, "NOT_IMPLEMENTED",
                                "Content-Encoding " STR_FMT " is not spoken here, use gzip", STR_ARG(coding));
    return true;
}

bool engine_ask_read(const struct http_req *req, str database, struct engine_ask *out,
                     struct engine_fault *fault)
{
    struct engine_ask ask = { .query = http_req_param(req, S("query")) };
    char              id[GUID_TEXT_SIZE];
    str               readonly = http_req_param(req, S("readonly"));

    if (!refuse(req, fault) || !take_format(req, &ask, fault))
        return false;
    ask.query_id =
        first_of(http_req_param(req, S("query_id")), http_req_header(req, S("X-ClickHouse-Query-Id")),
                 arena_str(req->arena, guid_text(req->id, id)));
    ask.session.database = first_of(http_req_header(req, S("X-ClickHouse-Database")),
                                    http_req_param(req, S("database")), database);
    if (str_eq(ask.session.database, S("default"))) /* there is none: see engine_store */
        ask.session.database = database;
    ask.session.readonly = str_eq(readonly, S("1")) ? 1 : str_eq(readonly, S("2")) ? 2 : 0;
    ask.only_reads = ask.session.readonly || str_eq(req->method, S("GET"));
    ask.wait_end = is_on(req, "wait_end_of_query") || is_on(req, "http_wait_end_of_query");
    ask.gzip_body = str_eq_ci(http_req_header(req, S("Content-Encoding")), S("gzip"));
    ask.gzip_reply = is_on(req, "enable_http_compression");
    take_settings(req, &ask);
    take_params(req, &ask);
    *out = ask;
    return true;
}
