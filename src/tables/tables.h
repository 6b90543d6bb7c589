/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables: the log tables: their schemas, queries over them, their retention.
 *
 * A client of ClickHouse's HTTP interface: vedette-engine on its unix socket, or any ClickHouse by URL.
 * Tables live in database `law`; one is made when its first row is sent, from content/schemas or, for a name
 * that ends in _CL, from its first rows. What a schema file has gained since is added to the table then, too.
 *
 * Every table has _IngestionTime (datetime, set by the writer, partitions and retention go by it),
 * TimeGenerated and AdditionalFields (dynamic), whether its file says so or not.
 *
 * Ownership: schemas live as long as the struct tables. Threads: all calls are safe from any thread; a cursor
 * belongs to one. */
#ifndef TABLES_TABLES_H
#define TABLES_TABLES_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/env.h"
#include "base/err.h"
#include "base/ts.h"
#include "tables/tables_type.h"

enum { TABLES_MAX_COLUMNS = 1000, TABLES_MAX_TABLES = 2000, TABLES_NAME_MAX = 128 };

struct tables;

struct tables_opts {
    str               unix_socket; /* of vedette-engine; or */
    str               url;         /* "http://host:8123" of a ClickHouse, with */
    str               user, password, ca_file;
    str               schemas_dir; /* folder of *.json; empty: none (every table is one made on arrival) */
    str               database;    /* empty: law */
    const struct env *env;         /* NULL: the real one */
};

/* Reads the schemas. The engine need not be up yet: see tables_ready. */
must_check enum rc tables_open(const struct tables_opts *opts, struct tables **out, struct err *err);
struct tables     *tables_close(struct tables *t);
DEFINE_AUTO(tables, tables_close)

/* Waits until the engine answers, makes the database when there is none, and learns which tables exist. */
must_check enum rc tables_ready(struct tables *t, duration wait, struct err *err);

/* --- schemas --- */
struct tables_column {
    str              name;
    enum tables_type type;
    str              description; /* may be empty */
    str              same_as;     /* the column whose value this one shows; empty for a column of its own */
    bool             searched;    /* has a text index */
};

struct tables_schema {
    str                         name, description;
    const struct tables_column *columns; /* TimeGenerated first */
    size_t                      n_columns;
    unsigned                    retention_days; /* 0: for ever */
    bool                        by_day;         /* partitions by day, else by month */
    bool                        stored;         /* there is a table in the engine */
    bool                        custom;         /* made on arrival */
};

/* NULL when there is no such table. Tables made by other processes are seen within 5 s. */
const struct tables_schema *tables_schema_find(struct tables *t, str name);
/* Letters' case ignored: for "did you mean" and for senders that are careless. */
const struct tables_schema *tables_schema_find_ci(struct tables *t, str name);
/* In order of name. */
void tables_schema_each(struct tables *t, void (*visit)(void *ctx, const struct tables_schema *s), void *ctx);
const struct tables_column *tables_schema_column(const struct tables_schema *s,
                                                 str                         name); /* NULL when none */

/* Makes the table now, empty, if there is none. A query may only name tables that are stored. */
must_check enum rc tables_ensure(struct tables *t, str name, struct err *err);
must_check enum rc tables_retention_set(struct tables *t, str name, unsigned days, struct err *err);

/* --- queries --- */
struct tables_param {
    str name, value; /* {name:Type} in the SQL; the value as text, escaping is done here */
};

/* Who waits for whom: while a person's query runs, a rule's waits so long before each block that it
 * reads, and then goes on, so that no rule starves. */
enum tables_rank { TABLES_NEUTRAL, TABLES_PERSON, TABLES_RULE };
enum { TABLES_RULE_WAITS_MS = 200 };

struct tables_query_opts {
    str                        query_id; /* for tables_cancel; empty: one is made up */
    str                        format;   /* empty: JSONCompactEachRow */
    const struct tables_param *params;
    size_t                     n_params;
    const struct tables_param *settings; /* e.g. the compiler's fixed ones */
    size_t                     n_settings;
    duration                   max_time;   /* 0: 5 min */
    uint64_t                   max_rows;   /* of the result; 0: no limit */
    bool                       truncate;   /* at max_rows stop in silence, else RC_LIMIT */
    uint64_t                   max_memory; /* bytes; 0: 2 GiB */
    unsigned                   threads;    /* 0: as many as cores */
    enum tables_rank           rank;
    bool (*cancelled)(void *ctx); /* asked while waiting; true breaks the query off */
    void *cancel_ctx;
};

struct tables_summary {
    uint64_t rows_read, bytes_read, rows_returned, elapsed_ns;
};

/* SQL is run as one read-only statement. RC_SYNTAX and RC_INVALID: the SQL; RC_NOT_FOUND: no such table;
 * RC_LIMIT: memory, rows; RC_TIMEOUT; RC_CANCELLED; RC_BUSY: too many queries; RC_UNAVAILABLE: the engine is
 * down. `opts` may be NULL. */
struct tables_cursor;
must_check enum rc tables_cursor_open(struct tables *t, str sql, const struct tables_query_opts *opts,
                                      struct tables_cursor **out, struct err *err);
/* The next row of a format with one row a line, without its line end; p is NULL at the end. The view holds
 * until the next call. */
must_check enum rc tables_cursor_line(struct tables_cursor *c, str *line, struct err *err);
/* The next bytes as they come; n is 0 at the end. Not to be mixed with lines. */
must_check enum rc    tables_cursor_piece(struct tables_cursor *c, str *piece, struct err *err);
struct tables_summary tables_cursor_summary(const struct tables_cursor *c); /* whole once the end was seen */
struct tables_cursor *tables_cursor_free(struct tables_cursor *c); /* stops the query if it is not done */
DEFINE_AUTO(tables_cursor, tables_cursor_free)

/* Calls `row` for each line; other than RC_OK from it stops the query and is returned. */
must_check enum rc tables_query(struct tables *t, str sql, const struct tables_query_opts *opts,
                                enum rc (*row)(void *ctx, str line, struct err *err), void *ctx,
                                struct err *err);
/* The whole answer, which must fit into `max` bytes. */
must_check enum rc tables_query_all(struct tables *t, str sql, const struct tables_query_opts *opts,
                                    size_t max, struct arena *arena, str *out, struct err *err);
/* One statement that changes something (DDL, deletes). Never with text of users. */
must_check enum rc tables_exec(struct tables *t, str sql, struct err *err);
/* Ends a query by its id; fine when it is over already. */
must_check enum rc tables_cancel(struct tables *t, str query_id, struct err *err);

#endif
