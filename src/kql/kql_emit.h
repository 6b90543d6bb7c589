/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_emit: the plan to SQL text.
 *
 * A chain of relations becomes one SELECT as long as SQL's order of clauses allows (struct kql_block); else
 * the SELECT so far is closed and becomes the FROM of the next. The functions below kql_emit_query are the
 * words in which functions and aggregates say their SQL. Ownership: the arena. Threads: no state. */
#ifndef KQL_KQL_EMIT_H
#define KQL_KQL_EMIT_H

#include "base/strbuf.h"
#include "kql/kql.h"
#include "kql/kql_plan.h"

struct kql_block;

/* A relation that the statement computes once: WITH name AS MATERIALIZED (sql). */
struct kql_cte {
    const struct kql_rel *def;
    str                   name, sql;
};

struct kql_emit {
    struct arena          *arena;
    const struct kql_opts *opts;
    struct strbuf         *out; /* where the text goes */
    struct kql_block      *block;
    bool                   truth;         /* null and false are one here: in a WHERE */
    unsigned               names;         /* running number of shared arguments */
    size_t                 weight, total; /* nodes said so far, see struct kql_piece */
    struct map            *totals;        /* identifier of a column → its total */
    size_t                 place;         /* kql_rel.place of the relation that is being gathered */
    size_t                 max_bytes, max_arena;
    bool                   overflow;
    size_t                 depth;
    VEC(struct kql_cte) ctes;
};

/* RC_LIMIT when the SQL is over the limit. */
must_check enum rc kql_emit_query(struct arena *arena, const struct kql_opts *opts,
                                  const struct kql_rel *root, str *sql, struct err *err);

/* A copy in the arena; over its bound, nothing, and the emitter is marked as overflown. */
str  kql_emit_keep(struct kql_emit *e, str s);
void kql_emit_add(struct kql_emit *e, str s);
void kql_emit_addz(struct kql_emit *e, const char *z);
void kql_emit_text(struct kql_emit *e, str s); /* as a string literal */
void kql_emit_name(struct kql_emit *e, str s); /* as an identifier */
void kql_emit_expr(struct kql_emit *e, const struct kql_expr *x);
/* A template with $1…$9, $*. */
void kql_emit_template(struct kql_emit *e, const char *sql, struct kql_expr *const *args, size_t n);
/* The same with the arguments of a call. */
void kql_emit_call(struct kql_emit *e, const char *sql, const struct kql_expr *call);
/* The name of `x` in this SELECT: a name is given to it if it is more than a column or constant. */
str kql_emit_shared(struct kql_emit *e, const struct kql_expr *x);
/* The SQL of `x` as text, without adding it. */
str kql_emit_of(struct kql_emit *e, const struct kql_expr *x);
/* An expression within a lambda: what it computes once is named inside of it, not in the SELECT. */
void kql_emit_closed(struct kql_emit *e, const struct kql_expr *x);
/* SELECT of a relation, without parentheses. */
void kql_emit_rel(struct kql_emit *e, const struct kql_rel *rel);

/* A number of ticks, which is no null, as the text of a timespan. */
#define KQL_EMIT_TIMESPAN(v)                                                                                 \
    "concat(if(" v " < 0,'-',''),if(abs(" v ") >= toInt64(864000000000),concat(toString(intDiv(abs(" v       \
    "),toInt64(864000000000))),'.'),''),leftPad(toString(intDiv(abs(" v ")"                                  \
    ",toInt64(36000000000)) % 24),2,'0'),':',leftPad(toString(intDiv(abs(" v                                 \
    "),toInt64(600000000)) % 60),2,'0'),':',leftPad(toString(intDiv(abs(" v                                  \
    "),toInt64(10000000)) % 60),2,'0'),if(abs(" v ") % 10000000 != 0,concat('.',leftPad(toString(abs(" v     \
    ") % 10000000),7,'0')),''))"

#endif
