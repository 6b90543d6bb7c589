/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_read.h"

#include <inttypes.h>

#include "base/env.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum { TAG_BYTES = 8, TAG_TEXT = 2 * TAG_BYTES + 1 };

/* A result on its way to the client. Lives until the response is out. */
struct reading {
    const struct engine        *e;
    const struct http_req      *req;
    const struct engine_format *format;
    struct engine_conn         *conn;
    struct engine_watched       watched;
    struct chdb_result_        *stream; /* NULL: the whole result is in `piece` */
    struct chdb_result_        *piece, *ahead;
    size_t                      at; /* of the piece */
    bool                        ended;
    struct engine_totals        totals;
    char                        tag[TAG_TEXT];
    str                         last_words; /* the exception's block */
    bool                        broken;
};

static void piece_drop(struct reading *r)
{
    if (r->piece)
        r->e->db->result_free(r->piece);
    r->piece = TAKE(r->ahead);
    r->at = 0;
}

static void reading_done(void *ctx)
{
    struct reading           *r = ctx;
    const struct engine_chdb *db = r->e->db;
    bool                      sound = true;

    if (r->stream) {
        if (!r->ended) { /* also after an exception: libchdb keeps the query until it is told */
            db->cancel(engine_pool_handle(r->conn), r->stream);
            sound = false;
        }
        db->result_free(r->stream);
    }
    piece_drop(r);
    piece_drop(r);
    if (engine_watch_remove(r->e->watch, &r->watched))
        sound = false; /* the KILL may still be on its way */
    engine_pool_give(r->e->pool, r->conn, sound);
    mem_free(r);
}

static void count(struct reading *r, struct chdb_result_ *piece)
{
    const struct engine_chdb *db = r->e->db;

    r->totals.rows_read += db->rows_scanned(piece);
    r->totals.bytes_read += db->bytes_scanned(piece);
    r->totals.rows_written += db->rows_written(piece);
    r->totals.bytes_written += db->bytes_written(piece);
    r->totals.rows += db->rows(piece);
    r->totals.bytes += db->length(piece);
}

/* The next block of a stream. *out stays NULL at the end. */
static bool fetch(struct reading *r, struct chdb_result_ **out, struct engine_fault *fault)
{
    const struct engine_chdb *db = r->e->db;
    struct chdb_result_      *piece = db->fetch(engine_pool_handle(r->conn), r->stream);
    const char               *error = piece ? db->error(piece) : NULL;

    if (error) {
        engine_fault_take(fault, r->req->arena, error);
        db->result_free(piece);
        r->broken = true;
        return false;
    }
    if (!piece || db->length(piece) == 0) {
        r->ended = true;
        if (piece)
            db->result_free(piece);
        return true;
    }
    count(r, piece);
    *out = piece;
    return true;
}

/* --- beginning --- */

static str tagged(struct reading *r, str sql)
{
    return arena_printf(r->req->arena, STR_FMT "\n%s", STR_ARG(sql), r->watched.tag);
}

/* In one go: what cannot be streamed, and what changes something. */
static bool run_whole(struct reading *r, const struct engine_ask *ask, str sql, struct engine_fault *fault)
{
    const struct engine_chdb *db = r->e->db;

    r->piece =
        db->query(engine_pool_handle(r->conn), sql.p, sql.n, ask->format->name, strlen(ask->format->name),
                  ask->param_names, ask->param_name_n, ask->param_values, ask->param_value_n, ask->n_params);
    const char *error = r->piece ? db->error(r->piece) : "the query gave no result";
    if (error)
        return engine_fault_take(fault, r->req->arena, error);
    r->ended = true;
    count(r, r->piece);
    return true;
}

/* Two blocks are fetched before the first byte goes out: then most results are whole, and their summary too.
 */
static bool run_stream(struct reading *r, const struct engine_ask *ask, str sql, struct engine_fault *fault)
{
    const struct engine_chdb *db = r->e->db;

    r->stream =
        db->stream(engine_pool_handle(r->conn), sql.p, sql.n, ask->format->name, strlen(ask->format->name),
                   ask->param_names, ask->param_name_n, ask->param_values, ask->param_value_n, ask->n_params);
    const char *error = r->stream ? db->error(r->stream) : "the query gave no result";
    if (error) {
        r->broken = true;
        return engine_fault_take(fault, r->req->arena, error);
    }
    return fetch(r, &r->piece, fault) && (r->ended || fetch(r, &r->ahead, fault));
}

/* Whether a statement that may only read does so is left to ClickHouse, which parses it. */
static enum engine_lane lane_of(const struct engine_ask *ask, const struct engine_sql *sql)
{
    if (ask->only_reads || sql->kind == ENGINE_SQL_SELECT || sql->kind == ENGINE_SQL_SHOW)
        return ENGINE_READ;
    return sql->kind == ENGINE_SQL_INSERT_SELECT ? ENGINE_WRITE : ENGINE_ADMIN;
}

static bool run(struct reading *r, const struct engine_ask *ask, const struct engine_sql *sql,
                struct engine_fault *fault)
{
    bool                  streams = sql->kind == ENGINE_SQL_SELECT && r->format->shape != ENGINE_FORMAT_WHOLE;
    enum engine_lane      lane = lane_of(ask, sql);
    struct engine_session session = ask->session;

    if (lane == ENGINE_READ && !session.readonly)
        session.readonly = 2;
    if (!engine_pool_take(r->e->pool, lane, &session, r->req->arena, &r->conn, fault))
        return false;
    engine_watch_add(r->e->watch, &r->watched);
    str text = tagged(r, sql->text);
    return streams && !ask->wait_end ? run_stream(r, ask, text, fault) : run_whole(r, ask, text, fault);
}

/* --- the stream of bytes --- */

/* As ClickHouse writes it: the length counts the message and its line end. */
static void say_exception(struct reading *r, const struct engine_fault *fault)
{
    r->last_words =
        arena_printf(r->req->arena, "\r\n__exception__\r\n%s\r\n" STR_FMT "\n%zu %s\r\n__exception__\r\n",
                     r->tag, STR_ARG(fault->text), fault->text.n + 1, r->tag);
}

static enum rc last_words(struct reading *r, char *buf, size_t max, size_t *n, struct err *err)
{
    if (r->last_words.n == 0)
        return err_set(err, RC_INTERNAL, "the query failed in its middle");
    *n = r->last_words.n < max ? r->last_words.n : max;
    memcpy(buf, r->last_words.p, *n);
    r->last_words = str_from(r->last_words, *n);
    return RC_OK;
}

/* Moves on to a piece with bytes left. False at the end, or when an exception is to be told. */
static bool advance(struct reading *r)
{
    const struct engine_chdb *db = r->e->db;
    struct engine_fault       fault;

    while (!r->piece || r->at == db->length(r->piece)) {
        piece_drop(r);
        if (!r->piece && (r->ended || r->broken))
            return false;
        if (!r->piece && !fetch(r, &r->piece, &fault)) {
            say_exception(r, &fault);
            return false;
        }
        if (r->piece) /* never the first one: its head stays */
            r->at = engine_format_head(r->format, str_make(db->buffer(r->piece), db->length(r->piece)));
    }
    return true;
}

static enum rc reading_next(void *ctx, char *buf, size_t max, size_t *n, struct err *err)
{
    struct reading *r = ctx;

    if (!advance(r)) {
        *n = 0;
        return r->broken ? last_words(r, buf, max, n, err) : RC_OK;
    }
    size_t left = r->e->db->length(r->piece) - r->at;
    *n = left < max ? left : max;
    memcpy(buf, r->e->db->buffer(r->piece) + r->at, *n);
    r->at += *n;
    return RC_OK;
}

/* --- the answer --- */

void engine_read_summary(struct http_res *res, const struct engine_totals *t)
{
    http_res_headerf(
        res, "X-ClickHouse-Summary",
        "{\"read_rows\":\"%" PRIu64 "\",\"read_bytes\":\"%" PRIu64 "\",\"written_rows\":\"%" PRIu64
        "\",\"written_bytes\":\"%" PRIu64 "\",\"total_rows_to_read\":\"0\",\"result_rows\":\"%" PRIu64
        "\",\"result_bytes\":\"%" PRIu64 "\",\"elapsed_ns\":\"%" PRId64 "\"}",
        t->rows_read, t->bytes_read, t->rows_written, t->bytes_written, t->rows, t->bytes, t->elapsed_ns);
}

static struct reading *reading_new(const struct engine *e, const struct http_req *req,
                                   const struct engine_ask *ask, const struct engine_sql *sql)
{
    struct reading *r = MEM_NEW(struct reading);
    uint8_t         random[TAG_BYTES];

    r->e = e;
    r->req = req;
    r->format = sql->format ? sql->format : ask->format;
    r->watched = (struct engine_watched) { .req = req, .query_id = ask->query_id };
    hash_random(random, sizeof random);
    hash_hex(random, sizeof random, r->tag);
    return r;
}

bool engine_read_answer(const struct engine *e, const struct http_req *req, const struct engine_ask *ask,
                        const struct engine_sql *sql, struct http_res *res, struct engine_fault *fault)
{
    struct reading *r = reading_new(e, req, ask, sql);

    if (!run(r, ask, sql, fault)) {
        if (r->conn)
            reading_done(r);
        else
            mem_free(r);
        return false;
    }
    r->totals.elapsed_ns = env_monotonic_ns(env_real()) - req->started;
    engine_read_summary(res, &r->totals);
    http_res_header(res, S("X-ClickHouse-Format"), str_of(r->format->name));
    http_res_header(res, S("X-ClickHouse-Exception-Tag"), str_of(r->tag));
    res->gzip = ask->gzip_reply;
    http_res_stream(res, 200, str_of(r->format->type),
                    (struct http_stream) { .ctx = r, .next = reading_next, .done = reading_done });
    return true;
}
