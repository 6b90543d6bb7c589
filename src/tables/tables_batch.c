/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_batch.h"

#include "base/mem.h"
#include "base/sql.h"
#include "base/vec.h"
#include "tables/tables_block.h"
#include "tables/tables_infer.h"
#include "tables/tables_priv.h"

enum {
    BLOCK_MAX = TABLES_BATCH_MAX_BYTES + TABLES_BATCH_MAX_ROW + (1 << 20),
    NOT_A_COLUMN = -1,
    MAX_TOKEN = 256,
    PARSED = 48, /* times a row's text: what its tree may take */
};

#define SEND_WAIT MINUTES(2)

struct column {
    const struct tables_column *of;
    struct tables_block         block;
    bool written; /* by us alone: TimeGenerated, _IngestionTime, Type, AdditionalFields */
};

struct touched {
    uint32_t                 column;
    struct tables_block_mark mark;
};

struct tables_batch {
    struct tables             *t;
    char                      *table;
    const struct tables_table *of; /* NULL while the table is not made yet: then `waiting` holds the rows */
    struct column             *columns;
    size_t                     n_columns;
    size_t                     time, extra, ingested; /* columns of ours */
    size_t                     rows, bytes;
    VEC(int32_t) hints;          /* column of the n-th field of the row before: rows of a source look alike */
    VEC(struct touched) touched; /* of the row at hand */
    struct strbuf scratch;

    struct strbuf waiting; /* JSON, a row a line */
    VEC(ts) times;
};

/* --- making --- */

static size_t column_of(const struct tables_batch *b, str name)
{
    const struct tables_column *c = map_find(b->of->exact, name);
    return (size_t)(c - b->of->schema.columns);
}

static bool is_ours(str name)
{
    return str_eq(name, S("TimeGenerated")) || str_eq(name, S("_IngestionTime")) || str_eq(name, S("Type")) ||
           str_eq(name, S("AdditionalFields"));
}

static void columns_new(struct tables_batch *b, const struct tables_table *of)
{
    const struct tables_schema *s = &of->schema;

    b->of = of;
    b->n_columns = s->n_columns;
    b->columns = mem_array(s->n_columns, sizeof b->columns[0]);
    for (size_t i = 0; i < s->n_columns; i++) {
        bool time =
            str_eq(s->columns[i].name, S("TimeGenerated")) || str_eq(s->columns[i].name, S("_IngestionTime"));
        b->columns[i].of = &s->columns[i];
        b->columns[i].written = is_ours(s->columns[i].name);
        tables_block_init(&b->columns[i].block, s->columns[i].type, !time, BLOCK_MAX);
    }
    b->time = column_of(b, S("TimeGenerated"));
    b->extra = column_of(b, S("AdditionalFields"));
    b->ingested = column_of(b, S("_IngestionTime"));
}

enum rc tables_batch_new(struct tables *t, str table, struct tables_batch **out, struct err *err)
{
    const struct tables_table *of = tables_schema_table(t, table);

    if (!tables_name_is_valid(table))
        return err_set(err, RC_INVALID, "\"" STR_FMT "\" is no name for a table: letters, digits and _ alone",
                       STR_ARG(table));
    if (!of && str_ends(table, S("_CL"))) {
        (void)tables_schema_find(t, table); /* another process may have made it */
        of = tables_schema_table(t, table);
    }
    if (!of && !str_ends(table, S("_CL")))
        return err_set(err, RC_NOT_FOUND,
                       "there is no table " STR_FMT ", and only names that end in _CL are made on arrival",
                       STR_ARG(table));
    struct tables_batch *b = MEM_NEW(struct tables_batch);
    b->t = t;
    b->table = mem_strdup(table);
    strbuf_init(&b->scratch, TABLES_BATCH_MAX_ROW);
    strbuf_init(&b->waiting, BLOCK_MAX);
    if (of)
        columns_new(b, of);
    *out = b;
    return RC_OK;
}

struct tables_batch *tables_batch_free(struct tables_batch *b)
{
    if (!b)
        return NULL;
    for (size_t i = 0; i < b->n_columns; i++)
        tables_block_done(&b->columns[i].block);
    mem_free(b->columns);
    vec_done(&b->hints);
    vec_done(&b->touched);
    vec_done(&b->times);
    strbuf_done(&b->scratch);
    strbuf_done(&b->waiting);
    mem_free(b->table);
    return mem_free(b);
}

void tables_batch_clear(struct tables_batch *b)
{
    for (size_t i = 0; i < b->n_columns; i++)
        tables_block_clear(&b->columns[i].block);
    strbuf_clear(&b->waiting);
    vec_clear(&b->times);
    b->rows = b->bytes = 0;
}

size_t tables_batch_rows(const struct tables_batch *b)
{
    return b->rows;
}

size_t tables_batch_bytes(const struct tables_batch *b)
{
    return b->bytes;
}

str tables_batch_table(const struct tables_batch *b)
{
    return str_of(b->table);
}

/* --- a row --- */

static int32_t look_up(const struct tables_batch *b, str key)
{
    const struct tables_column *c = map_find(b->of->exact, key);

    if (!c)
        c = map_find(b->of->nocase, key);
    if (c && c->same_as.n) /* shown, not stored: the value belongs to the other one */
        c = map_find(b->of->exact, c->same_as);
    if (!c || b->columns[c - b->of->schema.columns].written)
        return NOT_A_COLUMN;
    return (int32_t)(c - b->of->schema.columns);
}

static int32_t find_column(struct tables_batch *b, size_t member, str key)
{
    while (b->hints.n <= member)
        *vec_push(&b->hints) = NOT_A_COLUMN;
    int32_t hint = b->hints.p[member];
    if (hint != NOT_A_COLUMN && str_eq(b->columns[hint].of->name, key))
        return hint;
    return b->hints.p[member] = look_up(b, key);
}

static struct column *touch(struct tables_batch *b, size_t column)
{
    struct column *c = &b->columns[column];
    *vec_push(&b->touched) = (struct touched) { (uint32_t)column, tables_block_mark(&c->block) };
    return c;
}

/* False when the field has no column, or the column cannot hold it: it goes to AdditionalFields. */
static bool put_field(struct tables_batch *b, size_t member, const struct json_member *m)
{
    int32_t column = find_column(b, member, m->key);

    if (column == NOT_A_COLUMN || b->columns[column].block.rows > b->rows)
        return false;
    struct column *c = touch(b, (size_t)column);
    if (tables_block_put(&c->block, b->rows, &m->value))
        return true;
    tables_block_undo(&c->block, vec_last(&b->touched).mark);
    (void)vec_pop(&b->touched);
    return false;
}

static bool is_dropped(const struct json_member *m)
{
    return m->value.kind == JSON_NULL || str_eq(m->key, S("TimeGenerated")) || str_eq(m->key, S("Type")) ||
           str_eq(m->key, S("_IngestionTime"));
}

/* AdditionalFields as the sender gave it: its members join the others. */
static void join_given(struct json_w *w, const struct json *given)
{
    if (given->kind == JSON_OBJECT) {
        for (uint32_t i = 0; i < given->n; i++) {
            json_w_key(w, given->members[i].key);
            json_w_tree(w, &given->members[i].value);
        }
        return;
    }
    if (given->kind == JSON_STRING && str_starts(given->s, S("{"))) {
        AUTO(arena) a = arena_new(PARSED * given->s.n + (64 << 10));
        const struct json *tree;
        if (json_parse(a, given->s, &tree, NULL) == RC_OK && tree->kind == JSON_OBJECT) {
            join_given(w, tree);
            return;
        }
    }
    if (given->kind == JSON_STRING && given->s.n == 0)
        return;
    json_w_key(w, S("AdditionalFields"));
    json_w_tree(w, given);
}

static void put_fields(struct tables_batch *b, const struct json *object)
{
    struct json_w w = json_w_make(&b->scratch);
    bool          any = false;

    strbuf_clear(&b->scratch);
    b->scratch.overflow = false;
    json_w_object(&w);
    for (uint32_t i = 0; i < object->n; i++) {
        const struct json_member *m = &object->members[i];
        if (is_dropped(m) || put_field(b, i, m))
            continue;
        any = true;
        if (str_eq(m->key, S("AdditionalFields"))) {
            join_given(&w, &m->value);
        } else {
            json_w_key(&w, m->key);
            json_w_tree(&w, &m->value);
        }
    }
    json_w_end(&w);
    if (any && b->scratch.n > 2)
        tables_block_put_text(&touch(b, b->extra)->block, b->rows, strbuf_view(&b->scratch));
}

static size_t row_bytes(const struct tables_batch *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->touched.n; i++)
        n += b->columns[b->touched.p[i].column].block.data.n - b->touched.p[i].mark.data;
    return n;
}

static enum rc add_row(struct tables_batch *b, const struct json *object, ts time, struct err *err)
{
    vec_clear(&b->touched);
    put_fields(b, object);
    tables_block_put_ts(&touch(b, b->time)->block, b->rows, time);
    size_t bytes = row_bytes(b);
    if (b->scratch.overflow || bytes > TABLES_BATCH_MAX_ROW) {
        for (size_t i = 0; i < b->touched.n; i++)
            tables_block_undo(&b->columns[b->touched.p[i].column].block, b->touched.p[i].mark);
        return err_set(err, RC_INVALID, "a row has at most %d bytes", TABLES_BATCH_MAX_ROW);
    }
    b->bytes += bytes;
    return RC_OK;
}

static enum rc keep_row(struct tables_batch *b, const struct json *object, ts time, struct err *err)
{
    size_t before = b->waiting.n;

    json_print(&b->waiting, object, 0);
    strbuf_addc(&b->waiting, '\n');
    if (b->waiting.overflow || b->waiting.n - before > TABLES_BATCH_MAX_ROW) {
        strbuf_truncate(&b->waiting, before);
        b->waiting.overflow = false;
        return err_set(err, RC_INVALID, "a row has at most %d bytes", TABLES_BATCH_MAX_ROW);
    }
    *vec_push(&b->times) = time;
    b->bytes = b->waiting.n;
    return RC_OK;
}

enum rc tables_batch_row(struct tables_batch *b, const struct json *object, ts time_generated,
                         struct err *err)
{
    if (object->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "a row is a JSON object");
    if (b->rows >= TABLES_BATCH_MAX_ROWS || b->bytes >= TABLES_BATCH_MAX_BYTES)
        return err_set(err, RC_LIMIT, "the batch is full: %zu rows, %zu bytes", b->rows, b->bytes);
    TRY(b->of ? add_row(b, object, time_generated, err) : keep_row(b, object, time_generated, err));
    b->rows++;
    return RC_OK;
}

/* --- a table's first batch --- */

/* Finds the types, makes the table, and turns the kept rows into columns. Another process may have been
 * faster with the table: then its columns hold. */
static enum rc settle(struct tables_batch *b, struct err *err)
{
    AUTO(arena) a = arena_new(PARSED * b->waiting.n + (16 << 20));
    const struct json  **rows = ARENA_TRY_ARRAY(a, const struct json *, b->times.n);
    str                  left = strbuf_view(&b->waiting), line;
    struct tables_schema s;
    size_t               n = 0;

    if (!rows)
        return err_set(err, RC_LIMIT, "the first batch of a table is too large");
    while (n < b->times.n && str_split(&left, '\n', &line))
        TRY(json_parse(a, line, &rows[n++], err));
    (void)tables_schema_find(b->t, str_of(b->table));
    const struct tables_table *of = tables_schema_table(b->t, str_of(b->table));
    if (!of) {
        tables_infer(a, str_of(b->table), rows, n, &s);
        of = tables_schema_put(b->t, &s);
    }
    columns_new(b, of);
    b->rows = b->bytes = 0;
    for (size_t i = 0; i < n; i++) {
        TRY(add_row(b, rows[i], b->times.p[i], err));
        b->rows++;
    }
    strbuf_clear(&b->waiting);
    return RC_OK;
}

/* --- sending --- */

static bool is_sent(const struct tables_batch *b, size_t i)
{
    return b->columns[i].block.rows > 0 || i == b->time || i == b->ingested;
}

static void insert_sql(const struct tables_batch *b, str token, struct strbuf *sql)
{
    bool first = true;

    strbuf_addz(sql, "INSERT INTO ");
    sql_name(sql, b->t->database);
    strbuf_addc(sql, '.');
    sql_name(sql, str_of(b->table));
    strbuf_addz(sql, " (");
    for (size_t i = 0; i < b->n_columns; i++) {
        if (!is_sent(b, i))
            continue;
        if (!first)
            strbuf_addz(sql, ", ");
        sql_name(sql, b->columns[i].of->name);
        first = false;
    }
    /* Text indexes are built by the first merge: a part as small as a batch is scanned as fast, and the
     * insert writes (and fsyncs) a quarter of the files. */
    strbuf_addz(sql, ") SETTINGS async_insert = 0, materialize_skip_indexes_on_insert = 0, "
                     "insert_deduplicate = 1, insert_deduplication_token = ");
    sql_text(sql, token);
    strbuf_addz(sql, " FORMAT Native");
}

/* Columns end in even length, and _IngestionTime is the same for all rows. */
static void complete(struct tables_batch *b, ts ingested)
{
    tables_block_clear(&b->columns[b->ingested].block);
    for (size_t i = 0; i < b->rows; i++)
        tables_block_put_ts(&b->columns[b->ingested].block, i, ingested);
    for (size_t i = 0; i < b->n_columns; i++)
        if (is_sent(b, i))
            tables_block_fill(&b->columns[i].block, b->rows);
}

/* The number of columns and rows stands first; *total is the length of the whole block. */
static void block_head(const struct tables_batch *b, struct strbuf *out, uint64_t *total)
{
    AUTO_STRBUF head = STRBUF_INIT(4096);
    size_t      n = 0;

    *total = 0;
    for (size_t i = 0; i < b->n_columns; i++) {
        if (!is_sent(b, i))
            continue;
        strbuf_clear(&head);
        tables_block_head(&b->columns[i].block, b->columns[i].of->name, &head);
        *total += head.n + b->columns[i].block.nulls.n + b->columns[i].block.data.n;
        n++;
    }
    tables_block_varint(out, n);
    tables_block_varint(out, b->rows);
    *total += out->n;
}

static enum rc write_columns(const struct tables_batch *b, struct http_exchange *x, struct err *err)
{
    AUTO_STRBUF head = STRBUF_INIT(4096);

    for (size_t i = 0; i < b->n_columns; i++) {
        const struct tables_block *block = &b->columns[i].block;
        if (!is_sent(b, i))
            continue;
        strbuf_clear(&head);
        tables_block_head(block, b->columns[i].of->name, &head);
        TRY(http_exchange_write(x, strbuf_view(&head), err));
        TRY(http_exchange_write(x, strbuf_view(&block->nulls), err));
        TRY(http_exchange_write(x, strbuf_view(&block->data), err));
    }
    return RC_OK;
}

static enum rc post(struct tables_batch *b, str token, struct err *err)
{
    AUTO(http_exchange) x = NULL;
    AUTO_STRBUF       sql = STRBUF_INIT(256 << 10), first = STRBUF_INIT(64);
    uint64_t          total;
    struct http_reply head;

    insert_sql(b, token, &sql);
    block_head(b, &first, &total);
    TRY(strbuf_ok(&sql, "the statement of an insert", err));
    const struct tables_call call = {
        .sql = strbuf_view(&sql), .data = true, .body_size = total, .wait = SEND_WAIT
    };
    TRY(tables_call_open(b->t, &call, &x, err));
    TRY(http_exchange_write(x, strbuf_view(&first), err));
    TRY(write_columns(b, x, err));
    return tables_call_finish(x, &head, err);
}

static void forget(struct tables *t, const char *table)
{
    struct tables_schema s = tables_schema_table(t, str_of(table))->schema;
    s.stored = false;
    tables_schema_put(t, &s);
}

enum rc tables_batch_send(struct tables_batch *b, str token, ts ingested, struct err *err)
{
    if (b->rows == 0)
        return RC_OK;
    if (token.n == 0 || token.n > MAX_TOKEN)
        return err_set(err, RC_INVALID, "a deduplication token has 1 to %d bytes, not %zu", MAX_TOKEN,
                       token.n);
    if (!b->of)
        TRY(settle(b, err));
    TRY(tables_ensure(b->t, str_of(b->table), err));
    complete(b, ingested);
    enum rc rc = post(b, token, err);
    if (rc == RC_NOT_FOUND) { /* dropped behind our back: made again, once */
        forget(b->t, b->table);
        TRY(tables_ensure(b->t, str_of(b->table), err));
        rc = post(b, token, err);
    }
    return rc == RC_OK ? RC_OK : err_wrap(err, "table %s", b->table);
}
