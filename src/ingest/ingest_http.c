/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_http.h"

#include <pthread.h>

#include "base/codec.h"
#include "base/guid.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/ingest_stream.h"

enum { RETRY_SECONDS = 2, RESULT_MAX = 64 << 10 };

struct ingest_http {
    struct ingest_core   *core;
    struct ingest_ledger *ledger;
    unsigned              max_requests, at_work;
    pthread_mutex_t       lock;
};

/* One request of ingestion. */
struct job {
    struct ingest_http   *http;
    const struct route   *route;
    struct ingest_stream *stream;
    struct codec_inflate *inflate;  /* NULL: the body is plain */
    str                   token;    /* lives in the request's arena; empty: none that could be repeated */
    str                   repeated; /* what was answered to the same request before; p is NULL: it is new */
    uint64_t              inflated;
    bool                  owns_token;
    bool                  refused; /* the answer is given; the body does not matter */
};

struct route {
    str                     method, path, doc;
    bool                    streams; /* the body is taken piece by piece */
    uint64_t                max_body, max_whole;
    enum ingest_stream_kind kind;
    /* Ingestion: NULL. */
    void (*answer)(struct ingest_http *h, struct http_req *req, struct http_res *res);
};

static void answer_health(struct ingest_http *h, struct http_req *req, struct http_res *res);
static void answer_metrics(struct ingest_http *h, struct http_req *req, struct http_res *res);
static void answer_watermark(struct ingest_http *h, struct http_req *req, struct http_res *res);

static const struct route ROUTES[] = {
    { .method = STR_INIT("POST"),
      .path = STR_INIT("/ingest/dcr"),
      .doc = STR_INIT("Rows of the Logs Ingestion API."),
      .max_body = INGEST_HTTP_DCR_MAX,
      .max_whole = INGEST_HTTP_DCR_WHOLE,
      .kind = INGEST_STREAM_ROWS },
    { .method = STR_INIT("POST"),
      .path = STR_INIT("/ingest/import"),
      .doc = STR_INIT("A recording, or a part of one."),
      .streams = true,
      .max_body = INGEST_HTTP_IMPORT_MAX,
      .max_whole = INGEST_HTTP_IMPORT_WHOLE,
      .kind = INGEST_STREAM_RECORDS },
    { .method = STR_INIT("POST"),
      .path = STR_INIT("/ingest/lines"),
      .doc = STR_INIT("Lines as if they had come by syslog."),
      .streams = true,
      .max_body = INGEST_HTTP_IMPORT_MAX,
      .max_whole = INGEST_HTTP_IMPORT_WHOLE,
      .kind = INGEST_STREAM_LINES },
    { .method = STR_INIT("GET"), .path = STR_INIT("/health"), .answer = answer_health },
    { .method = STR_INIT("GET"), .path = STR_INIT("/metrics"), .answer = answer_metrics },
    { .method = STR_INIT("GET"), .path = STR_INIT("/watermark"), .answer = answer_watermark },
};

struct ingest_http *ingest_http_new(struct ingest_core *core, struct ingest_ledger *ledger,
                                    unsigned max_requests)
{
    struct ingest_http *h = MEM_NEW(struct ingest_http);

    h->core = core;
    h->ledger = ledger;
    h->max_requests = max_requests;
    pthread_mutex_init(&h->lock, NULL);
    return h;
}

struct ingest_http *ingest_http_free(struct ingest_http *h)
{
    if (h)
        pthread_mutex_destroy(&h->lock);
    return mem_free(h);
}

/* --- answers --- */

static void answer_json(struct http_res *res, int status, const struct strbuf *text)
{
    http_res_body(res, status, S("application/json"), arena_str(res->arena, strbuf_view(text)));
}

static void answer_error(struct http_res *res, int status, str code, str message)
{
    AUTO_STRBUF   text = STRBUF_INIT(RESULT_MAX);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_key(&w, S("error"));
    json_w_object(&w);
    json_w_kstr(&w, S("code"), code);
    json_w_kstr(&w, S("message"), message);
    json_w_end(&w);
    json_w_end(&w);
    answer_json(res, status, &text);
    if (status == 429 || status == 503)
        http_res_headerf(res, "Retry-After", "%d", RETRY_SECONDS);
}

static str code_of(enum rc rc)
{
    switch (rc) {
    case RC_LIMIT:
        return S("ContentLengthLimitExceeded");
    case RC_NOT_FOUND:
        return S("InvalidStream");
    case RC_BUSY:
        return S("TooManyRequests");
    case RC_UNAVAILABLE:
    case RC_TIMEOUT:
        return S("ServiceUnavailable");
    case RC_FULL:
        return S("InsufficientStorage");
    case RC_INVALID:
    case RC_SYNTAX:
    case RC_UNSUPPORTED:
        return S("InvalidRequestBody");
    default:
        return S("InternalServerError");
    }
}

/* A sender waits out 503 and 429 and comes again; what the engine's slowness costs is said that way. */
static int status_of(enum rc rc)
{
    return rc == RC_TIMEOUT ? 503 : err_http_status(rc);
}

static void answer_failure(struct ingest_http *h, struct http_res *res, const struct err *err)
{
    int status = status_of(err->rc);

    if (status == 503 || status == 429)
        ingest_stats_add(h->core->stats, INGEST_STATS_TURNED_AWAY, 1);
    if (status >= 500)
        log_warn(EV_HTTP_REQUEST_FAILED, F_INT("status", status), F_ERR(err));
    answer_error(res, status, code_of(err->rc), str_of(err->text));
}

static void answer_health(struct ingest_http *h, struct http_req *req, struct http_res *res)
{
    bool engine = ingest_stats_engine_answers(h->core->stats);

    (void)req;
    http_res_bodyf(res, 200, "application/json", "{\"status\":\"%s\",\"engine\":\"%s\"}",
                   engine ? "ok" : "waiting", engine ? "ok" : "away");
}

static void answer_metrics(struct ingest_http *h, struct http_req *req, struct http_res *res)
{
    AUTO_STRBUF text = STRBUF_INIT(1 << 20);

    (void)req;
    ingest_stats_print(h->core->stats, &text);
    http_res_body(res, 200, S("text/plain; version=0.0.4"), arena_str(res->arena, strbuf_view(&text)));
}

static void answer_watermark(struct ingest_http *h, struct http_req *req, struct http_res *res)
{
    char buf[TS_TEXT_SIZE];
    str  text = ts_text(ingest_flight_watermark(h->core->flight), buf);

    (void)req;
    http_res_bodyf(res, 200, "application/json", "{\"watermark\":\"" STR_FMT "\"}", STR_ARG(text));
}

/* --- what a request asks for --- */

static bool is_table_name(str s)
{
    if (s.n < 1 || s.n > 63 || !((s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'z'))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

enum rc ingest_http_stream_table(struct ingest_http *h, str stream, struct arena *a, str *table,
                                 struct err *err)
{
    bool                       custom = str_starts(stream, S("Custom-"));
    str                        name = custom                                ? str_from(stream, 7)
                                      : str_starts(stream, S("Microsoft-")) ? str_from(stream, 10)
                                                                            : STR_NONE;
    const struct ingest_table *known = is_table_name(name) ? ingest_schema_find(h->core->schema, name) : NULL;

    if (known)
        *table = ingest_schema_table_name(known);
    else if (custom && is_table_name(name))
        *table = str_ends(name, S("_CL")) ? name : arena_printf(a, STR_FMT "_CL", STR_ARG(name));
    else
        return err_set(err, RC_NOT_FOUND,
                       "there is no stream '" STR_FMT
                       "': it is Custom-NAME_CL, or Microsoft- and a table there is",
                       STR_ARG(str_slice(stream, 0, 100)));
    return RC_OK;
}

static enum rc start_stream(struct job *job, struct http_req *req, struct err *err)
{
    struct ingest_stream_opts opts = { .kind = job->route->kind, .source = http_req_param(req, S("source")) };
    char                      text[GUID_TEXT_SIZE];

    opts.token =
        job->token.n ? job->token : arena_str(req->arena, guid_text(env_guid(job->http->core->env), text));
    opts.table = http_req_param(req, S("table"));
    opts.host = http_req_param(req, S("host"));
    if (job->route->kind == INGEST_STREAM_LINES && opts.host.n == 0)
        opts.host = job->http->core->host;
    if (job->route->kind == INGEST_STREAM_ROWS) {
        opts.source = http_req_param(req, S("stream"));
        TRY(ingest_http_stream_table(job->http, opts.source, req->arena, &opts.table, err));
    }
    if (opts.table.n && !is_table_name(opts.table))
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no name of a table",
                       STR_ARG(str_slice(opts.table, 0, 80)));
    job->stream = ingest_stream_new(job->http->core, &opts);
    return RC_OK;
}

static enum rc choose_encoding(struct job *job, struct http_req *req, struct err *err)
{
    str encoding = str_trim(http_req_header(req, S("Content-Encoding")));

    if (encoding.n == 0 || str_eq_ci(encoding, S("identity")))
        return RC_OK;
    if (!str_eq_ci(encoding, S("gzip")) && !str_eq_ci(encoding, S("deflate")))
        return err_set(err, RC_UNSUPPORTED,
                       "Content-Encoding '" STR_FMT "' is not taken; gzip and deflate are",
                       STR_ARG(str_slice(encoding, 0, 40)));
    job->inflate = codec_inflate_new();
    return RC_OK;
}

/* --- the body --- */

static enum rc feed_plain(void *ctx, str piece, struct err *err)
{
    struct job *job = ctx;

    job->inflated += piece.n;
    if (job->inflated > job->route->max_whole)
        return err_set(err, RC_LIMIT, "the body is over %llu bytes unpacked",
                       (unsigned long long)job->route->max_whole);
    return ingest_stream_feed(job->stream, piece, err);
}

static enum rc feed(struct job *job, str piece, struct err *err)
{
    if (job->repeated.p)
        return RC_OK; /* stored before: read and forgotten */
    return job->inflate ? codec_inflate_feed(job->inflate, piece, feed_plain, job, err)
                        : feed_plain(job, piece, err);
}

static enum rc body_piece(void *ctx, struct http_req *req, str piece, struct err *err)
{
    (void)ctx;
    return feed(req->user, piece, err);
}

/* --- the course of a request --- */

static const struct route *route_find(str method, str path, bool *path_known)
{
    *path_known = false;
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        if (!str_eq(ROUTES[i].path, path))
            continue;
        *path_known = true;
        if (str_eq(ROUTES[i].method, method))
            return &ROUTES[i];
    }
    return NULL;
}

static bool admit(struct ingest_http *h)
{
    bool admitted;

    pthread_mutex_lock(&h->lock);
    admitted = h->at_work < h->max_requests;
    if (admitted)
        h->at_work++;
    pthread_mutex_unlock(&h->lock);
    return admitted;
}

static void leave(struct ingest_http *h)
{
    pthread_mutex_lock(&h->lock);
    h->at_work--;
    pthread_mutex_unlock(&h->lock);
}

/* Only what has a token can be told to have come before. */
static void claim_token(struct job *job, struct http_req *req, str token)
{
    job->token = token;
    if (token.n == 0)
        return;
    job->owns_token = ingest_ledger_begin(job->http->ledger, token, req->arena, &job->repeated);
}

static enum rc prepare(struct job *job, struct http_req *req, struct err *err)
{
    str token = http_req_param(req, S("token"));

    if (job->route->streams)
        claim_token(job, req, token.n ? token : http_req_header(req, S("x-ms-client-request-id")));
    TRY(choose_encoding(job, req, err));
    return start_stream(job, req, err);
}

static bool begin(void *ctx, struct http_req *req, struct http_intake *in, struct http_res *res)
{
    struct ingest_http *h = ctx;
    bool                path_known;
    const struct route *route = route_find(req->method, req->path, &path_known);
    struct job         *job;
    struct err          err;

    if (!route) {
        answer_error(res, path_known ? 405 : 404, path_known ? S("MethodNotAllowed") : S("NotFound"),
                     path_known ? S("this method is not for this path") : S("there is nothing at this path"));
        return true;
    }
    if (route->answer)
        return false;
    if (!admit(h)) {
        ingest_stats_add(h->core->stats, INGEST_STATS_TURNED_AWAY, 1);
        answer_error(res, 429, S("TooManyRequests"),
                     S("too many requests of ingestion are at work; come again"));
        return true;
    }
    job = ARENA_NEW(req->arena, struct job);
    *job = (struct job) { .http = h, .route = route };
    req->user = job;
    in->max_body = route->max_body;
    if (route->streams)
        in->sink = body_piece;
    if (prepare(job, req, &err) == RC_OK)
        return false;
    answer_failure(h, res, &err);
    if (route->streams)
        return true;
    /* A short body is read all the same: a client that is cut off while it sends may not see the answer. */
    job->refused = true;
    return false;
}

/* The Logs Ingestion API's clients give each of their requests an id, and a repetition the same. A careless
 * one gives all of them the same, so only the same bytes count as a repetition. */
static enum rc take_whole_body(struct job *job, struct http_req *req, struct err *err)
{
    str                id = http_req_header(req, S("x-ms-client-request-id"));
    struct hash_sha256 sum = hash_sha256(req->body);
    char               hex[65];

    if (id.n && id.n <= 128) {
        hash_hex(sum.bytes, 16, hex);
        ingest_stream_free(TAKE(job->stream));
        claim_token(job, req, arena_printf(req->arena, STR_FMT ":%s", STR_ARG(id), hex));
        TRY(start_stream(job, req, err));
    }
    return feed(job, req->body, err);
}

static enum rc finish(struct job *job, struct http_req *req, struct strbuf *result, struct err *err)
{
    if (!job->route->streams)
        TRY(take_whole_body(job, req, err));
    if (job->repeated.p) {
        size_t at = str_find(job->repeated, S("\"duplicate\":false"));

        ingest_stats_add(job->http->core->stats, INGEST_STATS_DUPLICATES, 1);
        strbuf_add(result, str_slice(job->repeated, 0, at));
        strbuf_addz(result, at == STR_NPOS ? "" : "\"duplicate\":true}");
        return RC_OK;
    }
    if (job->inflate)
        TRY(codec_inflate_finish(job->inflate, err));
    TRY(ingest_stream_finish(job->stream, err));
    ingest_stream_result(job->stream, result);
    if (job->owns_token) {
        ingest_ledger_done(job->http->ledger, job->token, strbuf_view(result));
        job->owns_token = false;
    }
    return RC_OK;
}

static void handle_job(struct job *job, struct http_req *req, const struct err *failed, struct http_res *res)
{
    AUTO_STRBUF result = STRBUF_INIT(RESULT_MAX);
    struct err  err;

    ingest_stats_add(job->http->core->stats, INGEST_STATS_REQUESTS, 1);
    if (failed) {
        answer_failure(job->http, res, failed);
        return;
    }
    if (finish(job, req, &result, &err) != RC_OK) {
        answer_failure(job->http, res, &err);
        return;
    }
    if (job->route->kind == INGEST_STREAM_ROWS)
        res->status = 204;
    else
        answer_json(res, 200, &result);
}

static void handle(void *ctx, struct http_req *req, const struct err *failed, struct http_res *res)
{
    bool                path_known;
    const struct route *route = route_find(req->method, req->path, &path_known);

    if (route->answer)
        route->answer(ctx, req, res);
    else if (!((struct job *)req->user)->refused)
        handle_job(req->user, req, failed, res);
}

static void ended(void *ctx, struct http_req *req, int status, uint64_t bytes, bool sent)
{
    struct job *job = req->user;

    (void)ctx, (void)status, (void)bytes, (void)sent;
    if (!job)
        return;
    ingest_stream_free(job->stream);
    codec_inflate_free(job->inflate);
    if (job->owns_token)
        ingest_ledger_drop(job->http->ledger, job->token);
    leave(job->http);
}

struct http_handler ingest_http_handler(struct ingest_http *h)
{
    return (struct http_handler) { .ctx = h, .begin = begin, .handle = handle, .ended = ended };
}
