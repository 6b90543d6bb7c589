/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_ast: the tree that the parser makes, as written and not yet understood.
 *
 * One node type for all: a kind, a span, a text and kids. What the kids of each kind are stands beside it.
 * Ownership: the arena of the parse. Threads: read-only once parsed. */
#ifndef KQL_KQL_AST_H
#define KQL_KQL_AST_H

#include "base/vec.h"
#include "kql/kql_diag.h"
#include "kql/kql_value.h"

struct kql_op;

enum kql_node_kind {
    /* scalar expressions */
    KQL_NODE_BAD,      /* did not parse; reported */
    KQL_NODE_NAME,     /* text */
    KQL_NODE_STAR,     /* * */
    KQL_NODE_WILDCARD, /* text, with * in it */
    KQL_NODE_LITERAL,  /* value */
    KQL_NODE_TYPE,     /* typeof(long): value.type; typeof(a:long, …): kids PARAM */
    KQL_NODE_PATH,     /* kid . text */
    KQL_NODE_INDEX,    /* kid [ kid ] */
    KQL_NODE_CALL,     /* text ( kids ) */
    KQL_NODE_NAMED,    /* text = kid;  with several names: names */
    KQL_NODE_UNARY,    /* text kid: - + */
    KQL_NODE_BINARY,   /* kid text kid */
    KQL_NODE_IN,       /* kid text ( kids ): in, has_any, has_all and their kin */
    KQL_NODE_BETWEEN,  /* kid text ( kid .. kid ) */
    KQL_NODE_LIST,     /* ( kids ) or [ kids ] */
    KQL_NODE_ORDERED,  /* kid asc|desc nulls first|last: see flags */
    KQL_NODE_OPTION,   /* name=value of an operator, text = kid */
    KQL_NODE_CLAUSE,   /* a part of an operator under its keyword: text kids */
    KQL_NODE_PARAM,    /* text : value.type [= kid]; a tabular one has a CLAUSE kid with its columns */
    /* tables */
    KQL_NODE_PIPE, /* kid | kids OP */
    KQL_NODE_OP,   /* op, kids, options */
    /* statements */
    KQL_NODE_LET,    /* text = kid */
    KQL_NODE_LAMBDA, /* kids: CLAUSE of PARAM, BLOCK */
    KQL_NODE_BLOCK,  /* statements; the last is the result */
    KQL_NODE_SET,    /* text = kid */
};

enum kql_node_flags {
    KQL_NODE_DESC = 1,
    KQL_NODE_ASC = 2,
    KQL_NODE_NULLS_FIRST = 4,
    KQL_NODE_NULLS_LAST = 8,
    KQL_NODE_VIEW = 16,      /* a let function declared as view */
    KQL_NODE_BRACKETED = 32, /* a name that stood in [''] */
    KQL_NODE_PAREN = 64,     /* stood in parentheses */
};

struct kql_node {
    enum kql_node_kind   kind;
    unsigned             flags;
    struct kql_span      span;
    str                  text;
    struct kql_value     value;
    const struct kql_op *op;
    VEC(struct kql_node *) kids;
    VEC(struct kql_node *) options;
    VEC(str) names;
};

struct kql_node *kql_ast_new(struct arena *a, enum kql_node_kind kind, struct kql_span span, str text);
void             kql_ast_add(struct arena *a, struct kql_node *parent, struct kql_node *kid);
/* The value of an option, or NULL: `join kind=inner` has option "kind". */
const struct kql_node *kql_ast_option(const struct kql_node *op, const char *name);
/* The clause of an operator under that keyword, or NULL. */
const struct kql_node *kql_ast_clause(const struct kql_node *op, const char *keyword);

#endif
