/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_fn: the scalar functions and operators, one row each.
 *
 * The binder checks arguments by `args`, the emitter writes `sql` or calls `emit`, docs and the portal's
 * completion read `doc`, and one test runs every `example` on the engine and compares with `yields`. See
 * README.md for how to add a row. Threads: const tables. */
#ifndef KQL_KQL_FN_H
#define KQL_KQL_FN_H

#include "kql/kql_plan.h"

struct kql_binder;
struct kql_emit;

enum kql_fn_nulls {
    KQL_FN_NULLS_PASS,  /* the result is null when an argument is: what SQL does by itself */
    KQL_FN_NULLS_NEVER, /* the SQL never gives null */
    KQL_FN_NULLS_MAY,   /* may be null whatever the arguments */
};

enum kql_fn_naming {                       /* what a column made of the call without a name is called */
                     KQL_FN_NAMING_COLUMN, /* Column1, Column2, … */
                     KQL_FN_NAMING_FIRST,  /* as its first argument: tostring(x) is x */
                     KQL_FN_NAMING_PREFIX, /* prefix_ and the first argument */
};

/* One of the values of a function that gives several. */
struct kql_fn_part {
    str           name;
    enum kql_type type;
};
typedef VEC(struct kql_fn_part) kql_fn_parts;

struct kql_fn {
    const char *name;
    /* The function of which this row is another name: it has doc, example and yields, and nothing else. */
    const char *twin;
    /* A letter an argument: s string, e string that is a pattern, i integer, r real (any number widens), n
     * number, b bool, t datetime, m timespan, g guid, d dynamic, l string or dynamic, v number or timespan, q
     * number, timespan or datetime, a anything; k the type of a typeof(). In capitals it must be a constant.
     * `!` behind a letter: one value for all rows (kql_plan_is_fixed).
     * `?` behind a letter: it and what follows may be missing.
     * `*` behind a letter: none, one or many more of it; `+`: one or many. NULL: `bind` sees to it. */
    const char        *args;
    enum kql_type      result;
    enum kql_fn_nulls  nulls;
    enum kql_fn_naming naming;
    const char        *prefix;
    /* SQL with $1 … $9 for arguments and $* for all of them, parted by commas. An argument used twice is
     * computed once: the emitter gives it a name of its own. */
    const char *sql;
    const char *scalar; /* in place of `sql`: a function of module scalar, with the same arguments */
    void (*emit)(struct kql_emit *e, const struct kql_expr *call);
    /* The result's type where it depends on the arguments. Called after they were checked and converted. */
    enum kql_type (*type)(const struct kql_expr *call);
    /* Builds the call itself instead of the usual way, from arguments that are bound but not checked.
     * NULL after a report. */
    struct kql_expr *(*bind)(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                             struct kql_expr **args, size_t n);
    /* For a function that gives several values, as an array: the columns that they become where the call
     * stands as a column of its own. None: this call gives one value. */
    void (*parts)(struct kql_binder *b, const struct kql_node *node, const struct kql_expr *call,
                  kql_fn_parts *out);
    bool        window;         /* needs rows in order: row_number(), prev() */
    bool        hidden;         /* an operator or a helper: not called by name */
    bool        distinct_calls; /* two calls differ: rand(), new_guid() */
    const char *doc;
    const char *example; /* an expression */
    const char *yields;  /* its tostring(); NULL when it differs from run to run */
};

extern const struct kql_fn KQL_FN_OPERATOR[]; /* kql_fn_operator.c: + == has and … by their signs */
extern const struct kql_fn KQL_FN_CAST[];     /* kql_fn_cast.c */
extern const struct kql_fn KQL_FN_LOGIC[];    /* kql_fn_logic.c: iff, case, coalesce, isnull, … */
extern const struct kql_fn KQL_FN_STRING[];   /* kql_fn_string.c */
extern const struct kql_fn KQL_FN_MATH[];     /* kql_fn_math.c */
extern const struct kql_fn KQL_FN_DATETIME[]; /* kql_fn_datetime.c */
extern const struct kql_fn KQL_FN_ZONE[];     /* kql_fn_zone.c: local times */
extern const struct kql_fn KQL_FN_DYNAMIC[];  /* kql_fn_dynamic.c */
extern const struct kql_fn KQL_FN_ARRAY[];    /* kql_fn_array.c */
extern const struct kql_fn KQL_FN_IP[];       /* kql_fn_ip.c */
extern const struct kql_fn KQL_FN_SHAPE[];    /* kql_fn_shape.c: lines and polygons on the globe */
extern const struct kql_fn KQL_FN_S2[];       /* kql_fn_s2.c: S2 cells */
extern const struct kql_fn KQL_FN_IPV6[];     /* kql_fn_ipv6.c */
extern const struct kql_fn KQL_FN_UNIT[];     /* kql_fn_unit.c: convert_length, … */
extern const struct kql_fn KQL_FN_PARSE[];    /* kql_fn_parse.c: parse_url, parse_path, parse_xml, … */
extern const struct kql_fn KQL_FN_HASH[];     /* kql_fn_hash.c: hashes, base64, url encoding */
extern const struct kql_fn KQL_FN_SCALAR[];   /* kql_fn_scalar.c: what module scalar does */
extern const struct kql_fn KQL_FN_WINDOW[];   /* kql_fn_window.c */
extern const struct kql_fn KQL_FN_SERIES[];   /* kql_fn_series.c */
extern const struct kql_fn KQL_FN_MINE[];     /* kql_fn_mine.c: helpers of plugins */
extern const struct kql_fn KQL_FN_FIT[];      /* kql_fn_fit.c: series by module scalar: fits, seasons, … */
extern const struct kql_fn KQL_FN_SKETCH[];   /* kql_fn_sketch.c: hll and tdigest */
extern const struct kql_fn KQL_FN_OVERLAY[];  /* kql_fn_overlay.c: shapes laid over each other */
extern const struct kql_fn KQL_FN_GEO[];      /* kql_fn_geo.c: distances, geohashes, H3 cells */

/* The function of that name; for another name of a function, the function. */
const struct kql_fn *kql_fn_find(str name);
/* Walks all rows of all families, other names with them: start with NULL, ends with NULL. */
const struct kql_fn *kql_fn_next(const struct kql_fn *fn);

/* Types for `type`: that of an argument, or the common one of some. */
enum kql_type kql_fn_type_first(const struct kql_expr *call);
enum kql_type kql_fn_type_second(const struct kql_expr *call);

#endif
