/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_http.h"

#include "base/log.h"
#include "base/mem.h"
#include "engine/engine_ask.h"
#include "engine/engine_insert.h"
#include "engine/engine_read.h"

/* What a request carries from begin to ended. */
struct asked {
    struct engine_ask     ask;
    struct engine_insert *insert;
    struct engine_fault   fault; /* code 0: none yet */
};

static void common_headers(const struct engine *e, const struct asked *q, struct http_res *res)
{
    (void)e;
    http_res_header(res, S("X-ClickHouse-Server-Display-Name"), S("vedette-engine"));
    http_res_header(res, S("X-ClickHouse-Timezone"), S("UTC"));
    if (q && q->ask.query_id.n)
        http_res_header(res, S("X-ClickHouse-Query-Id"), q->ask.query_id);
}

static void answer_fault(const struct engine *e, const struct asked *q, struct http_res *res)
{
    res->n_headers = 0;
    common_headers(e, q, res);
    http_res_headerf(res, "X-ClickHouse-Exception-Code", "%d", q->fault.code);
    http_res_body(res, engine_fault_status(q->fault.code), S("text/plain; charset=UTF-8"),
                  arena_printf(res->arena, STR_FMT " (version " STR_FMT ")\n", STR_ARG(q->fault.text),
                               STR_ARG(e->version)));
}

static void ok(const struct engine *e, struct http_res *res)
{
    common_headers(e, NULL, res);
    http_res_body(res, 200, S("text/html; charset=UTF-8"), S("Ok.\n"));
}

static void sandbox(const struct engine *e, struct http_res *res)
{
    AUTO_STRBUF json = STRBUF_INIT(64 << 10);

    engine_sandbox_json(e->sandbox, &json);
    http_res_body(res, 200, S("application/json"), arena_str(res->arena, strbuf_view(&json)));
}

/* --- queries --- */

/* As ClickHouse answers a KILL: a line for each query that it reached. */
static void kill(const struct engine *e, const struct engine_sql *sql, struct http_res *res)
{
    unsigned n = engine_watch_kill(e->watch, sql->kill_id);

    http_res_body(res, 200, S("text/tab-separated-values; charset=UTF-8"),
                  n ? arena_printf(res->arena, "waiting\t" STR_FMT "\tdefault\t\n", STR_ARG(sql->kill_id))
                    : S(""));
}

static bool run(const struct engine *e, struct http_req *req, struct asked *q, str text, struct http_res *res)
{
    struct engine_sql sql;
    struct err        err;

    if (engine_sql_parse(text, &sql, &err) != RC_OK)
        return engine_fault_set(&q->fault, req->arena, ENGINE_SYNTAX_ERROR, "SYNTAX_ERROR", "%s", err.text);
    switch (sql.kind) {
    case ENGINE_SQL_EMPTY:
        if (str_trim(text).n == 0 && str_eq(req->method, S("GET"))) {
            ok(e, res);
            return true;
        }
        return engine_fault_set(&q->fault, req->arena, ENGINE_SYNTAX_ERROR, "SYNTAX_ERROR", "Empty query");
    case ENGINE_SQL_SESSION:
        return engine_fault_set(
            &q->fault, req->arena, ENGINE_NOT_IMPLEMENTED, "NOT_IMPLEMENTED",
            "SET, USE and transactions need a session, and none are kept here: give settings "
            "and the database as parameters of the URL");
    case ENGINE_SQL_KILL:
        if (sql.kill_id.n) {
            kill(e, &sql, res);
            return true;
        }
        break;
    case ENGINE_SQL_INSERT_DATA:
        return engine_fault_set(&q->fault, req->arena, ENGINE_SYNTAX_ERROR, "SYNTAX_ERROR",
                                "The head of an INSERT is over its limit");
    default:
        break;
    }
    if (engine_scalar_need(e->scalar, sql.text, &err) != RC_OK)
        return engine_fault_set(&q->fault, req->arena, ENGINE_INTERNAL, "UNKNOWN_EXCEPTION", "%s", err.text);
    return engine_read_answer(e, req, &q->ask, &sql, res, &q->fault);
}

static enum rc sink(void *ctx, struct http_req *req, str piece, struct err *err)
{
    struct asked *q = req->user;

    (void)ctx;
    if (engine_insert_feed(q->insert, piece, &q->fault))
        return RC_OK;
    return err_set(err, RC_INVALID, "refused");
}

static bool is_query(const struct http_req *req)
{
    return str_eq(req->path, S("/"));
}

/* The query of the URL stands before the body, as if they were one text. */
static bool begin(void *ctx, struct http_req *req, struct http_intake *in, struct http_res *res)
{
    const struct engine *e = ctx;

    if (!is_query(req))
        return false;
    struct asked *q = ARENA_NEW(req->arena, struct asked);
    req->user = q;
    if (!engine_ask_read(req, e->database, &q->ask, &q->fault)) {
        answer_fault(e, q, res);
        return true;
    }
    q->insert = engine_insert_new(e, req, &q->ask);
    in->max_body = UINT64_MAX;
    in->sink = sink;
    if (q->ask.query.n && !engine_insert_query(q->insert, q->ask.query, &q->fault)) {
        answer_fault(e, q, res);
        return true;
    }
    return false;
}

static void query(const struct engine *e, struct http_req *req, struct http_res *res)
{
    struct asked            *q = req->user;
    struct engine_insert_end end;

    bool fine = q->fault.code == 0 && engine_insert_finish(q->insert, &end, &q->fault);
    if (fine && end.inserted) {
        struct engine_totals totals = { .rows_written = end.rows,
                                        .bytes_written = end.bytes,
                                        .elapsed_ns = env_monotonic_ns(env_real()) - req->started };
        engine_read_summary(res, &totals);
        http_res_body(res, 200, S("text/plain; charset=UTF-8"), S(""));
    } else if (fine) {
        fine = run(e, req, q, end.text, res);
    }
    if (fine)
        common_headers(e, q, res);
    else
        answer_fault(e, q, res);
}

static void handle(void *ctx, struct http_req *req, const struct err *failed, struct http_res *res)
{
    const struct engine *e = ctx;

    (void)failed; /* the sink's fault says more */
    if (is_query(req))
        query(e, req, res);
    else if (str_eq(req->path, S("/ping")) || str_eq(req->path, S("/replicas_status")))
        ok(e, res);
    else if (str_eq(req->path, S("/sandbox")))
        sandbox(e, res);
    else
        http_res_bodyf(res, 404, "text/plain; charset=UTF-8",
                       "There is no handle " STR_FMT "\n\nUse / or /ping for health checks.\n",
                       STR_ARG(req->path));
}

static void ended(void *ctx, struct http_req *req, int status, uint64_t bytes, bool sent)
{
    struct asked *q = req->user;

    (void)ctx, (void)bytes, (void)sent;
    if (!q)
        return;
    if (status >= 500)
        log_warn(EV_ENGINE_EXCEPTION, F_INT("code", q->fault.code), F_STR("text", q->fault.text),
                 F_STR("query_id", q->ask.query_id));
    engine_insert_free(q->insert);
}

struct http_handler engine_http_handler(const struct engine *e)
{
    return (struct http_handler) {
        .ctx = (void *)(uintptr_t)e, .begin = begin, .handle = handle, .ended = ended
    };
}
