/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_cut.h"

#include "kql/kql_ask.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_share.h"
#include "kql/kql_unite.h"

#define BEFORE "SELECT DISTINCT `#q`.1 FROM (SELECT tuple(*) AS `#q` FROM "
#define AFTER ") ORDER BY 1 LIMIT 65"

struct kql_rel *kql_cut_rows(struct kql_binder *b, struct kql_rel *in, struct kql_col *key,
                             struct kql_expr *value)
{
    struct kql_rel  *filter = kql_bind_rel(b, KQL_REL_FILTER, in);
    struct kql_expr *of = kql_plan_col(b->arena, key, value->span);

    filter->pred = value->value.null ? KQL_CALL1(b, "isnull", of) : KQL_CALL2(b, "==", of, value);
    return filter->pred ? filter : NULL;
}

/* The values as texts, an array each. */
static const struct json *values_of(struct kql_binder *b, struct kql_rel *in, struct kql_col *key,
                                    struct kql_span at)
{
    struct kql_rel  *only = kql_bind_rel(b, KQL_REL_PROJECT, in);
    struct kql_expr *text = kql_convert_cast(b, kql_plan_col(b->arena, key, at), KQL_STRING);

    if (!text)
        return NULL;
    only->fields = (kql_fields) { 0 };
    only->order = (kql_orders) { 0 };
    only->serialized = false;
    kql_bind_field(b, only, S("value"), kql_bind_def(b, only, S("value"), text));
    return kql_ask(b, only, BEFORE, AFTER, at);
}

/* Without any value, the columns are those of a null, and there are no rows. */
static struct kql_rel *of_nothing(struct kql_binder *b, struct kql_rel *rel, struct kql_span at)
{
    struct kql_rel *filter = kql_bind_rel(b, KQL_REL_FILTER, rel);

    filter->pred = kql_plan_const(b->arena, kql_value_int_of(KQL_BOOL, 0), at);
    return filter;
}

struct kql_rel *kql_cut_each(struct kql_binder *b, const struct kql_node *op, struct kql_rel *in,
                             struct kql_cut each)
{
    enum kql_type    type = each.key->type;
    struct kql_rel  *source = kql_bind_rel(b, KQL_REL_PROJECT, in);
    kql_unite_inputs parts = { 0 };
    size_t           said = b->diags->list.n;

    source->order = (kql_orders) { 0 };
    source->serialized = false;
    struct kql_col    *key = kql_bind_def(b, source, S("part"), each.key);
    const struct json *values = values_of(b, source, key, op->span);
    uint32_t           n = values ? values->n : 0;
    if (b->diags->list.n > said)
        return NULL;
    if (n > KQL_CUT_VALUES_MAX) {
        kql_bind_error(b, KQL_DIAG_LIMIT, op->span, "%s takes a key of at most %d different values here",
                       op->op->name, KQL_CUT_VALUES_MAX);
        return NULL;
    }
    for (uint32_t i = 0; i < (n > 0 ? n : 1); i++) {
        struct kql_value v = kql_value_null(type);
        str              text = n > 0 ? values->items[i].items[0].s : S("");
        if (type == KQL_STRING)
            v = kql_value_string(text);
        else if (text.n > 0 && !kql_value_parse(b->arena, type, text, &v))
            v = kql_value_null(type);
        struct kql_expr *value = kql_plan_const(b->arena, v, op->span);
        struct kql_rel  *rows = NULL, *rel;
        if (each.rows) {
            rows = kql_share_read(b, source);
            rows = kql_cut_rows(b, rows, kql_share_col(b, rows, key), value);
        }
        if ((each.rows && !rows) || !(rel = each.bind(each.arg, b, rows, value)))
            return NULL;
        *vec_push_in(b->arena, &parts) =
            (struct kql_unite_input) { n > 0 ? rel : of_nothing(b, rel, op->span), STR_NONE };
    }
    return kql_unite(b, &parts, false, STR_NONE);
}
