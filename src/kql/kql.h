/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql: compiles the Kusto Query Language to ClickHouse SQL.
 *
 * kql never sees a table: whoever compiles gives a struct kql_catalog. Text of the user reaches SQL only as
 * an escaped literal or a quoted identifier made from the bound tree. Length, nesting and expansion are
 * bounded (struct kql_limits); what is over a bound is refused with a diagnostic.
 *
 * Ownership: everything that comes out lives in the arena given. Threads: no shared state; one compile a
 * thread. */
#ifndef KQL_KQL_H
#define KQL_KQL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/ts.h"
#include "kql/kql_diag.h"
#include "kql/kql_value.h"

struct kql_column {
    str           name;
    enum kql_type type;
};

struct kql_table {
    str                      name; /* the SQL reads it as law.`name` */
    const struct kql_column *columns;
    size_t                   n_columns;
};

/* A saved function: `parameters` as written between the parentheses, `body` as between the braces. */
struct kql_function {
    str name, parameters, body;
};

/* A watchlist as it is at the moment of the compile. */
struct kql_list {
    const struct kql_column *columns;
    size_t                   n_columns, n_rows;
    const struct kql_value  *cells; /* row by row */
};

/* What the compiler must know of the data before it can go on. */
struct kql_ask {
    str        sql;
    const str *tables; /* base tables the query has named so far: it reads no others */
    size_t     n_tables;
};

/* What a query may name. Any callback may be NULL: then there is nothing of the kind. */
struct kql_catalog {
    void *ctx;
    const struct kql_table *(*table_find)(void *ctx, str name); /* NULL when there is none */
    void (*table_each)(void *ctx, void (*visit)(void *arg, const struct kql_table *t), void *arg);
    const struct kql_function *(*function_find)(void *ctx, str name);
    /* What _GetWatchlist('alias') gives; with an empty alias what _GetWatchlistAlias gives. RC_NOT_FOUND when
     * there is none. */
    enum rc (*watchlist)(void *ctx, str alias, struct arena *arena, struct kql_list *out, struct err *err);
    /* The text of a file that externaldata names, by its host and path (host/a/b.csv: kql_external.h). The
     * catalog says which there are; RC_NOT_FOUND for all others. NULL: such tables are empty. */
    enum rc (*external)(void *ctx, str path, struct arena *arena, str *text, struct err *err);
    /* Runs SQL of the compiler's own while it compiles, for plugins whose columns depend on the data
     * (bag_unpack, pivot): rows as JSONCompactEachRow. Without it their columns are those that the query
     * names. */
    enum rc (*ask)(void *ctx, const struct kql_ask *what, struct arena *arena, str *rows, struct err *err);
    void *ask_ctx;
};

struct kql_limits {
    size_t query_bytes; /* 0 means the default of each */
    size_t sql_bytes;
    size_t nesting;   /* of expressions, subqueries and calls */
    size_t expansion; /* nodes bound; let functions are expanded at each call */
    size_t memory;    /* of the arena, for tree and plan */
};

enum {
    KQL_LIMIT_QUERY_BYTES = 1 << 20,
    KQL_LIMIT_SQL_BYTES = 8 << 20,
    KQL_LIMIT_NESTING = 200,
    KQL_LIMIT_EXPANSION = 200000,
    KQL_LIMIT_MEMORY = 64 << 20,
    KQL_ARENA_BYTES =
        192 << 20, /* what the arena of a compile should allow; a rule takes some hundred KB of it */
};

/* The value of a parameter that the query declares (declare query_parameters), by the text of its literal: 5,
 * 1d, 2024-01-31, datetime(2024-01-31), true; of a string the text itself. */
struct kql_parameter {
    str name, value;
};

struct kql_opts {
    ts   now; /* what now() and ago() answer; required */
    bool has_time, has_ingested;
    ts   time_from, time_to;                /* every base table: TimeGenerated in [from, to) */
    ts   ingested_from, ingested_to;        /* every base table: _IngestionTime in [from, to) */
    bool open_schema;                       /* unknown tables are empty with no columns instead of refused */
    const struct kql_parameter *parameters; /* those that the query does not declare have no effect */
    size_t                      n_parameters;
    struct kql_limits           limits;
};

struct kql_render {
    str kind; /* "timechart"; empty when the query does not say */
    const struct kql_render_property {
        str name, value;
    } * properties;
    size_t n_properties;
};

struct kql_program {
    str                      sql;
    const struct kql_column *columns;
    size_t                   n_columns;
    const bool       *guessed; /* of each column: whether it was looked for in a bag nobody knows yet */
    const str        *tables;  /* base tables read, each once; Watchlist stands for watchlists */
    size_t            n_tables;
    struct kql_render render;
    str               plan; /* the logical plan as text, for explain */
    str               name; /* what fork calls this table; empty when it has no name */
    /* A query may give several tables (statements behind each other, fork, facet): the next of them. */
    const struct kql_program *next;
};

/* RC_SYNTAX or RC_INVALID: `diags` says why, all that was found at once. RC_LIMIT: the arena or the SQL is
 * full. */
must_check enum rc kql_compile(const struct kql_catalog *catalog, str query, const struct kql_opts *opts,
                               struct arena *arena, struct kql_program *out, struct kql_diags *diags,
                               struct err *err);

/* The query laid out one operator a line; RC_SYNTAX when it does not parse. */
must_check enum rc kql_format(str query, struct arena *arena, str *out, struct kql_diags *diags,
                              struct err *err);

/* The settings the SQL counts on, as `name=value` pairs for the engine's connection or URL. Ended by a NULL
 * name. */
struct kql_setting {
    const char *name, *value;
};
extern const struct kql_setting KQL_SETTINGS[];

#endif
