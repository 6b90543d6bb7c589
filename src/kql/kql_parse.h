/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_parse: tokens to the tree of kql_ast. Goes on behind an error, so that one pass finds them all.
 *
 * The functions below kql_parse_query are the words in which operators say how they are written.
 * Ownership: the arena. Threads: no state. */
#ifndef KQL_KQL_PARSE_H
#define KQL_KQL_PARSE_H

#include "kql/kql_ast.h"
#include "kql/kql_lex.h"

struct kql_parser {
    struct arena     *arena;
    struct kql_diags *diags;
    struct kql_tokens tokens;
    size_t            at;
    size_t            depth, max_depth;
    bool              lenient; /* in where and search: a = b is a == b, and a : b is a has b */
};

/* A BLOCK node with the statements of the query. What is wrong is in `diags`; the tree is never NULL. */
struct kql_node *kql_parse_query(struct arena *a, str query, size_t max_depth, struct kql_diags *diags);
/* The parameters (a:long, b:string="x") and body of a saved function, as a LAMBDA node. */
struct kql_node *kql_parse_function(struct arena *a, str parameters, str body, size_t max_depth,
                                    struct kql_diags *diags);

const struct kql_token *kql_parse_peek(const struct kql_parser *p, size_t ahead);
bool kql_parse_is(const struct kql_parser *p, const char *text); /* a sign or a bare word */
bool kql_parse_take(struct kql_parser *p, const char *text);
bool kql_parse_expect(struct kql_parser *p, const char *text);
/* Reports what stands here instead of what was wanted; always false. */
bool kql_parse_fail(struct kql_parser *p, const char *wanted);
bool kql_parse_name(struct kql_parser *p, str *out); /* a word or ['name'] */
bool kql_parse_at_end(const struct kql_parser *p);   /* of an operator: | ; ) } or the end */
bool kql_parse_touches(const struct kql_parser *p);  /* no blank before the token that stands here */

struct kql_node *kql_parse_new(struct kql_parser *p, enum kql_node_kind kind);
void             kql_parse_add(struct kql_parser *p, struct kql_node *parent, struct kql_node *kid);

/* One expression. In kql_parse_expr.c. Never NULL: a BAD node after a report. */
struct kql_node *kql_parse_expr(struct kql_parser *p);
/* expr | name = expr | (a, b) = expr */
struct kql_node *kql_parse_expr_named(struct kql_parser *p);
/* A column name, or a pattern with * in it, for project-away and its kin. */
struct kql_node *kql_parse_expr_column(struct kql_parser *p);
struct kql_node *kql_parse_expr_ordered(struct kql_parser *p); /* expr [asc|desc] [nulls first|last] */

typedef struct kql_node *kql_parse_item(struct kql_parser *p);
/* Items parted by commas, at least one. False after a report. */
bool kql_parse_list(struct kql_parser *p, struct kql_node *parent, kql_parse_item *item);

/* An expression, or a pipeline `source | op | op` (a PIPE node). */
struct kql_node *kql_parse_pipe(struct kql_parser *p);
/* A pipeline of operators alone, as in mv-apply's (where … | summarize …): a PIPE without a source (kid
 * NULL). */
struct kql_node *kql_parse_subpipe(struct kql_parser *p);
/* Statements up to that sign, which is not taken: a BLOCK. NULL: up to the end of the query. */
struct kql_node *kql_parse_block(struct kql_parser *p, const char *end);
/* entity_group [database('a'), …]: a LIST of that text. */
bool             kql_parse_entities_follow(const struct kql_parser *p);
struct kql_node *kql_parse_entities(struct kql_parser *p);
/* name=value pairs whose names are among `names` (ended by NULL; "hint.*" takes any hint). */
void kql_parse_options(struct kql_parser *p, struct kql_node *op, const char *const *names);
/* `(a:long, b:string, …)` into kids PARAM of a CLAUSE. NULL after a report. */
struct kql_node *kql_parse_schema(struct kql_parser *p);

#endif
