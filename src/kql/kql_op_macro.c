/* SPDX-License-Identifier: Apache-2.0 */
/* macro-expand: statements that are bound once for each entity of a group, their tables put under each other.
 * An entity is a place before a table's name, and here all of them are this server. */
#include "kql/kql_call.h"
#include "kql/kql_op.h"
#include "kql/kql_parse.h"
#include "kql/kql_unite.h"

/* [options] group as name (statements) */
static bool parse_macro(struct kql_parser *p, struct kql_node *op)
{
    static const char *const OPTIONS[] = { "kind", "isfuzzy", "force_remote", "hint.*", NULL };
    struct kql_node         *group;

    kql_parse_options(p, op, OPTIONS);
    if (kql_parse_entities_follow(p)) {
        group = kql_parse_entities(p);
    } else {
        group = kql_parse_new(p, KQL_NODE_NAME);
        if (!kql_parse_name(p, &group->text))
            return false;
    }
    kql_parse_add(p, op, group);
    if (group->kind == KQL_NODE_BAD || !kql_parse_expect(p, "as"))
        return false;
    struct kql_node *name = kql_parse_new(p, KQL_NODE_NAME);
    kql_parse_add(p, op, name);
    if (!kql_parse_name(p, &name->text) || !kql_parse_expect(p, "("))
        return false;
    struct kql_node *block = kql_parse_block(p, ")");
    kql_parse_add(p, op, block);
    return block->kind != KQL_NODE_BAD && kql_parse_expect(p, ")");
}

static const struct kql_node *group_of(struct kql_binder *b, const struct kql_node *group)
{
    if (group->kind == KQL_NODE_LIST)
        return group;
    const struct kql_scope *s = kql_bind_scope_find(b, group->text);
    if (s && s->node && s->node->kind == KQL_NODE_LIST)
        return s->node;
    kql_bind_error(b, KQL_DIAG_UNKNOWN_TABLE, group->span, "there is no group of entities \"" STR_FMT "\"",
                   STR_ARG(group->text));
    kql_diag_hint(b->diags, "let g = entity_group [database('a'), database('b')]; makes one");
    return NULL;
}

/* The statements with the name standing for that entity. */
static struct kql_rel *expanded(struct kql_binder *b, const struct kql_node *op,
                                const struct kql_node *entity)
{
    const struct kql_scope *scope = b->scope;
    const struct kql_node  *block = op->kids.p[2], *result = NULL;

    kql_bind_scope_add(
        b, (struct kql_scope) { .name = op->kids.p[1]->text, .node = entity, .seen = scope, .place = true });
    for (size_t i = 0; i < block->kids.n; i++)
        if (!kql_call_statement(b, block->kids.p[i]))
            result = block->kids.p[i];
    if (!result)
        kql_bind_error(b, KQL_DIAG_TABULAR, block->span, "the statements end with a table");
    struct kql_rel *rel = result ? kql_bind_table(b, result) : NULL;
    b->scope = scope;
    return rel;
}

static bool says(const struct kql_node *op, const char *option, const char *value)
{
    const struct kql_node *v = kql_ast_option(op, option);
    if (v && v->kind == KQL_NODE_LITERAL && v->value.type == KQL_BOOL)
        return str_eq(str_of(value), v->value.i ? S("true") : S("false"));
    return v && str_eq_ci(v->text, str_of(value));
}

static struct kql_rel *bind_macro(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in)
{
    const struct kql_node *group = group_of(b, op->kids.p[0]);
    bool                   fuzzy = says(op, "isfuzzy", "true");
    kql_unite_inputs       parts = { 0 };

    (void)in;
    for (size_t i = 0; group && i < group->kids.n; i++) {
        size_t          said = b->diags->list.n;
        struct kql_rel *rel = expanded(b, op, group->kids.p[i]);
        if (rel)
            *vec_push_in(b->arena, &parts) = (struct kql_unite_input) { rel, STR_NONE };
        else if (fuzzy && (parts.n > 0 || i + 1 < group->kids.n)) /* the others may do */
            b->diags->list.n = said;
        else
            return NULL;
    }
    return parts.n > 0 ? kql_unite(b, &parts, says(op, "kind", "inner"), STR_NONE) : NULL;
}

const struct kql_op KQL_OPS_MACRO[] = {
    { .name = "macro-expand",
      .source = true,
      .parse = parse_macro,
      .bind = bind_macro,
      .doc = "A query for each entity of a group, with the entity in place of a name.",
      .example = "let x = view () { print a = 1 }; let g = entity_group [database('d'), database('e')]; "
                 "macro-expand g as d (d.x | extend from = d.$current_database)" },
    { 0 },
};
