/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_insert.h"

#include "base/codec.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum {
    APPEND_BYTES = 1 << 20, /* handed to libchdb at once */
    LOOK_BYTES = 1 << 20,   /* an INSERT that has not come to its data by then is no INSERT with data */
};

struct engine_insert {
    const struct engine        *e;
    const struct http_req      *req;
    const struct engine_ask    *ask;
    struct codec_inflate       *inflate; /* of a gzip body */
    struct strbuf               text;    /* gathered; once inserting, data on their way */
    struct engine_conn         *conn;
    struct chdb_insert_stream_ *stream;
    struct engine_fault         fault; /* of a piece, carried through the inflater */
    bool                        failed;
};

struct engine_insert *engine_insert_new(const struct engine *e, const struct http_req *req,
                                        const struct engine_ask *ask)
{
    struct engine_insert *i = MEM_NEW(struct engine_insert);

    i->e = e;
    i->req = req;
    i->ask = ask;
    strbuf_init(&i->text, ENGINE_INSERT_MAX_SQL);
    if (ask->gzip_body)
        i->inflate = codec_inflate_new();
    return i;
}

/* Bytes that libchdb has not been given are dropped, so an unfinished INSERT stores nothing. */
struct engine_insert *engine_insert_free(struct engine_insert *i)
{
    if (!i)
        return NULL;
    if (i->stream) {
        i->e->db->insert_cancel(i->stream);
        i->e->db->insert_free(i->stream);
    }
    if (i->conn)
        engine_pool_give(i->e->pool, i->conn, i->stream == NULL);
    codec_inflate_free(i->inflate);
    strbuf_done(&i->text);
    return mem_free(i);
}

static bool raise(struct engine_insert *i, const char *error, struct engine_fault *fault)
{
    i->failed = true;
    return engine_fault_take(fault, i->req->arena, error ? error : "the insert was broken off");
}

static bool flush(struct engine_insert *i, struct engine_fault *fault)
{
    const struct engine_chdb *db = i->e->db;

    if (i->text.n && db->append(i->stream, i->text.p, i->text.n) != 0)
        return raise(i, db->insert_error(i->stream), fault);
    strbuf_clear(&i->text);
    return true;
}

static bool open_insert(struct engine_insert *i, const struct engine_sql *sql, struct engine_fault *fault)
{
    const struct engine_chdb *db = i->e->db;
    const struct engine_ask  *ask = i->ask;

    if (ask->only_reads)
        return engine_fault_set(fault, i->req->arena, ENGINE_READONLY, "READONLY",
                                "Cannot execute query in readonly mode");
    if (!engine_pool_take(i->e->pool, ENGINE_WRITE, &ask->session, i->req->arena, &i->conn, fault))
        return false;
    i->stream = db->insert(engine_pool_handle(i->conn), sql->text.p, sql->text.n, sql->format->name,
                           strlen(sql->format->name), ask->param_names, ask->param_name_n, ask->param_values,
                           ask->param_value_n, ask->n_params);
    const char *error = i->stream ? db->insert_error(i->stream) : "the insert could not be begun";
    return error ? raise(i, error, fault) : true;
}

/* The statement is in `text` as far as it has come. When its data begin, they alone stay there. */
static bool look(struct engine_insert *i, struct engine_fault *fault)
{
    struct engine_sql sql;

    if (i->text.n > LOOK_BYTES || !engine_sql_insert_head(strbuf_view(&i->text), &sql))
        return true;
    if (!open_insert(i, &sql, fault)) {
        i->failed = true;
        return false;
    }
    size_t left = i->text.n - sql.data_at;
    memmove(i->text.p, i->text.p + sql.data_at, left);
    strbuf_truncate(&i->text, left);
    return true;
}

static bool take(struct engine_insert *i, str piece, struct engine_fault *fault)
{
    strbuf_add(&i->text, piece);
    if (i->text.overflow)
        return engine_fault_set(fault, i->req->arena, ENGINE_TOO_LARGE, "TOO_MANY_BYTES",
                                "A statement has at most %d bytes", ENGINE_INSERT_MAX_SQL);
    if (!i->stream && !look(i, fault))
        return false;
    return !i->stream || i->text.n < APPEND_BYTES || flush(i, fault);
}

/* The data of an INSERT begin with the body, or in the URL's text when more than blanks stand behind FORMAT.
 * Any other statement may go on in the body, on a line of its own. */
bool engine_insert_query(struct engine_insert *i, str query, struct engine_fault *fault)
{
    struct engine_sql sql;
    AUTO_STRBUF       text = STRBUF_INIT(ENGINE_INSERT_MAX_SQL);

    strbuf_add(&text, query);
    strbuf_addc(&text, '\n');
    if (!engine_sql_insert_head(strbuf_view(&text), &sql))
        return take(i, strbuf_view(&text), fault);
    if (str_trim(str_from(query, sql.data_at)).n == 0)
        strbuf_truncate(&text, sql.data_at);
    return take(i, strbuf_view(&text), fault);
}

static enum rc inflated(void *ctx, str piece, struct err *err)
{
    struct engine_insert *i = ctx;
    return take(i, piece, &i->fault) ? RC_OK : err_set(err, RC_INVALID, "refused");
}

static bool not_gzip(struct engine_insert *i, const struct err *err, struct engine_fault *fault)
{
    if (i->fault.code)
        *fault = i->fault;
    else
        engine_fault_set(fault, i->req->arena, 354, "ZLIB_INFLATE_FAILED", "The body is no gzip: %s",
                         err->text);
    i->failed = true;
    return false;
}

bool engine_insert_feed(struct engine_insert *i, str piece, struct engine_fault *fault)
{
    struct err err;

    if (!i->inflate)
        return take(i, piece, fault);
    return codec_inflate_feed(i->inflate, piece, inflated, i, &err) == RC_OK || not_gzip(i, &err, fault);
}

static bool commit(struct engine_insert *i, struct engine_insert_end *end, struct engine_fault *fault)
{
    const struct engine_chdb *db = i->e->db;

    if (!flush(i, fault))
        return false;
    struct chdb_result_ *r = db->insert_done(i->stream);
    const char          *error = r ? db->error(r) : "the insert did not end";
    if (error) {
        raise(i, error, fault);
    } else {
        end->inserted = true;
        end->rows = db->rows_written(r);
        end->bytes = db->bytes_written(r);
    }
    if (r)
        db->result_free(r);
    db->insert_free(i->stream);
    i->stream = NULL;
    return error == NULL;
}

bool engine_insert_finish(struct engine_insert *i, struct engine_insert_end *end, struct engine_fault *fault)
{
    struct err err;

    *end = (struct engine_insert_end) { 0 };
    if (i->inflate && codec_inflate_finish(i->inflate, &err) != RC_OK)
        return not_gzip(i, &err, fault);
    if (i->stream)
        return commit(i, end, fault);
    end->text = strbuf_view(&i->text);
    return true;
}
