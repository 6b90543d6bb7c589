/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in a table of ranges or places. What the rows have to look up is made distinct first and matched
 * with the table, and the rows are joined with the matches then: a row that matches nothing stays once, when
 * asked. Addresses are matched by equal prefixes, one join for each length of prefix that the table has, so
 * that a table of some hundred thousand networks is no product of all rows with all networks. */
#include "kql/kql_convert.h"
#include "kql/kql_plugin_library.h"

enum { EXTRA_KEYS_MAX = 8 };

struct looking {
    struct kql_binder        *b;
    const struct kql_node    *call;
    struct kql_rel           *in, *right, *table; /* `table` is R: the right side with names of ours */
    struct kql_plugin_library lib;
    struct strbuf            *left_columns, *right_columns, *extra;
    size_t                    n_extra;
    bool                      unmatched;
};

static struct kql_expr *value_of(struct looking *l, const char *name, size_t at, struct kql_rel *row,
                                 enum kql_type type)
{
    const struct kql_node *node = kql_plugin_argument(l->call, name, at);
    struct kql_expr       *e = node ? kql_bind_expr_in(l->b, node, row) : NULL;

    if (!node)
        kql_bind_error(l->b, KQL_DIAG_ARGUMENTS, l->call->span, STR_FMT "() needs its argument %zu, the %s",
                       STR_ARG(l->call->text), at + 1, name);
    return e ? kql_convert_cast(l->b, e, type) : NULL;
}

static bool flag(struct looking *l, const char *name, size_t at, bool *out)
{
    const struct kql_node *node = kql_plugin_argument(l->call, name, at);
    struct kql_value       v;

    if (!node)
        return true;
    if (!kql_bind_expr_const(l->b, node, KQL_BOOL, &v))
        return false;
    *out = v.i != 0;
    return true;
}

static void add_right(struct looking *l, str ours, struct kql_expr *e)
{
    kql_bind_field(l->b, l->table, ours, kql_bind_def(l->b, l->table, ours, e));
}

static bool begin(struct looking *l)
{
    if (l->call->kids.n < 3) {
        kql_bind_error(l->b, KQL_DIAG_ARGUMENTS, l->call->span,
                       STR_FMT "() takes a table, what to look up, and a column of the table",
                       STR_ARG(l->call->text));
        return false;
    }
    l->right = kql_bind_table(l->b, l->call->kids.p[0]);
    if (!l->right)
        return false;
    l->lib = kql_plugin_library_begin(l->b, l->call, l->in);
    l->table = kql_bind_rel(l->b, KQL_REL_PROJECT, l->right);
    l->table->fields = (kql_fields) { 0 };
    return true;
}

/* The columns of both sides under names of ours; `key` does not come into the result. */
static void take_columns(struct looking *l, const struct kql_node *key, const struct kql_node *const *same)
{
    struct arena *a = l->b->arena;

    for (size_t i = 0; i < l->in->fields.n; i++) {
        str ours = arena_printf(a, "c%zu_", i);
        kql_plugin_library_column(&l->lib, ours, kql_plan_col(a, l->in->fields.p[i].col, l->call->span),
                                  l->in->fields.p[i].name);
        strbuf_addf(l->left_columns, "%sc%zu_", i > 0 ? ", " : "", i);
    }
    for (size_t i = 0; i < l->right->fields.n; i++) {
        str  name = l->right->fields.p[i].name, ours = arena_printf(a, "r%zu_", i);
        bool skip = key && key->kind == KQL_NODE_NAME && str_eq(key->text, name);
        for (size_t k = 0; k < l->n_extra; k++)
            skip = skip || str_eq(same[k]->text, name);
        if (skip)
            continue;
        add_right(l, ours, kql_plan_col(a, l->right->fields.p[i].col, l->call->span));
        *vec_push_in(a, &l->lib.renames) = (struct kql_plugin_rename) { ours, name };
        strbuf_addf(l->right_columns, ", " STR_FMT, STR_ARG(ours));
    }
}

static struct kql_rel *run(struct looking *l, const char *matches, const char *on)
{
    str body =
        arena_printf(l->b->arena,
                     "%s let Matches = Found | project %s" STR_FMT                    STR_FMT
                     "; T | join kind=%s Matches on %s" STR_FMT " | project " STR_FMT STR_FMT,
                     matches, on, STR_ARG(strbuf_view(l->right_columns)), STR_ARG(strbuf_view(l->extra)),
                     l->unmatched ? "leftouter" : "inner", on, STR_ARG(strbuf_view(l->extra)),
                     STR_ARG(strbuf_view(l->left_columns)), STR_ARG(strbuf_view(l->right_columns)));
    struct kql_scope *s = ARENA_NEW(l->b->arena, struct kql_scope);

    *s = (struct kql_scope) { .name = S("R"), .rel = l->table, .next = l->lib.scope };
    l->lib.scope = s;
    return kql_plugin_library_run(&l->lib, body);
}

/* Columns of one name on both sides, which must be equal. */
static bool extra_keys(struct looking *l, const struct kql_node **same)
{
    for (size_t i = 3; i < l->call->kids.n; i++) {
        const struct kql_node *node = l->call->kids.p[i];
        if (node->kind == KQL_NODE_NAMED || node->kind == KQL_NODE_LITERAL)
            continue;
        struct kql_field *left = node->kind == KQL_NODE_NAME ? kql_plan_field(l->in, node->text) : NULL;
        struct kql_field *right = left ? kql_plan_field(l->right, node->text) : NULL;
        if (!right || l->n_extra == EXTRA_KEYS_MAX) {
            kql_bind_error(l->b, KQL_DIAG_UNKNOWN_COLUMN, node->span,
                           "a further key is a column of both tables, and there are at most %d",
                           EXTRA_KEYS_MAX);
            return false;
        }
        str              ours = arena_printf(l->b->arena, "e%zu_", l->n_extra);
        struct kql_expr *key = kql_plan_col(l->b->arena, right->col, node->span);
        key = kql_convert_cast(l->b, key, left->col->type);
        if (!key)
            return false;
        kql_plugin_library_column(&l->lib, ours, kql_plan_col(l->b->arena, left->col, node->span), STR_NONE);
        add_right(l, ours, key);
        strbuf_addf(l->extra, ", " STR_FMT, STR_ARG(ours));
        same[l->n_extra++] = node;
    }
    return true;
}

/* ipv4_lookup(table, address, range [, further keys …] [, return_unmatched]) */
static struct kql_rel *look_up_address(struct looking *l, const char *networks, const char *masked)
{
    const struct kql_node *same[EXTRA_KEYS_MAX];
    size_t                 last = l->call->kids.n - 1;

    if (!begin(l) || !extra_keys(l, same))
        return NULL;
    bool constant = last > 2 && l->call->kids.p[last]->kind == KQL_NODE_LITERAL;
    if (!flag(l, "return_unmatched", constant ? last : SIZE_MAX, &l->unmatched))
        return NULL;
    struct kql_expr *address = value_of(l, "address", 1, l->in, KQL_STRING);
    struct kql_expr *range = value_of(l, "range", 2, l->right, KQL_STRING);
    if (!address || !range)
        return NULL;
    take_columns(l, NULL, same);
    kql_plugin_library_column(&l->lib, S("s_"), address, STR_NONE);
    add_right(l, S("k_"), range);
    str matches =
        arena_printf(l->b->arena,
                     "let Networks = R | extend %s | where isnotempty(n_) and isnotnull(p_);"
                     " let Lengths = toscalar(Networks | summarize make_set(p_));"
                     " let Found = T | summarize by s_ | mv-expand p_ = Lengths to typeof(long)"
                     " | extend n_ = %s | where isnotempty(n_) | join kind=inner Networks on n_, p_;",
                     networks, masked);
    return run(l, (const char *)matches.p, "s_");
}

#define LOOKING(b, call, in)                                                                                 \
    AUTO_STRBUF    left = STRBUF_INIT(1 << 20), right = STRBUF_INIT(1 << 20), extra = STRBUF_INIT(1000);     \
    struct looking l = { (b), (call), (in), NULL, NULL, { 0 }, &left, &right, &extra, 0, false }

static struct kql_rel *bind_ipv4(struct kql_binder *b, const struct kql_node *call,
                                 const struct kql_node *schema, struct kql_rel *in)
{
    LOOKING(b, call, in);
    (void)schema;
    return look_up_address(&l, "p_ = tolong(ipv4_netmask_suffix(k_)), n_ = tostring(parse_ipv4(k_))",
                           "tostring(parse_ipv4_mask(s_, p_))");
}

/* An address of version 4 is one of version 6 behind 96 bits. */
static struct kql_rel *bind_ipv6(struct kql_binder *b, const struct kql_node *call,
                                 const struct kql_node *schema, struct kql_rel *in)
{
    LOOKING(b, call, in);
    (void)schema;
    return look_up_address(
        &l,
        "a_ = tostring(split(k_, '/')[0]), q_ = tolong(split(k_, '/')[1]) | extend p_ = iff(a_ contains ':', "
        "coalesce(q_, 128), coalesce(q_, 32) + 96) | extend n_ = parse_ipv6_mask(a_, p_)",
        "parse_ipv6_mask(tostring(split(s_, '/')[0]), p_)");
}

/* geo_…_lookup(table, shape, longitude, latitude [, radius] [, return_unmatched] [, lookup_area_radius] [,
 * return_lookup_key]) */
static struct kql_rel *look_up_place(struct looking *l, const char *within, bool needs_radius)
{
    if (!begin(l))
        return NULL;
    const struct kql_node *radius = kql_plugin_argument(l->call, "radius", 4);
    bool                   keep_key = false, by_flag = radius && radius->value.type == KQL_BOOL;
    struct kql_expr       *shape = value_of(l, "column of shapes", 1, l->right, KQL_DYNAMIC);
    struct kql_expr       *x = value_of(l, "longitude", 2, l->in, KQL_REAL);
    struct kql_expr       *y = value_of(l, "latitude", 3, l->in, KQL_REAL);

    if (!shape || !x || !y || !flag(l, "return_unmatched", by_flag ? 4 : 5, &l->unmatched) ||
        !flag(l, "return_lookup_key", 7, &keep_key))
        return NULL;
    bool measured = radius && !by_flag;
    if (needs_radius || measured) {
        struct kql_expr *e = value_of(l, "radius", 4, NULL, KQL_REAL);
        if (!e)
            return NULL;
        kql_plugin_library_value(&l->lib, S("radius_"), e);
    }
    take_columns(l, keep_key ? NULL : l->call->kids.p[1], NULL);
    kql_plugin_library_column(&l->lib, S("x_"), x, STR_NONE);
    kql_plugin_library_column(&l->lib, S("y_"), y, STR_NONE);
    add_right(l, S("k_"), shape);
    str matches = arena_printf(l->b->arena,
                               "let Found = T | summarize by x_, y_ | extend j_ = 1"
                               " | join kind=inner (R | extend j_ = 1) on j_ | where %s;",
                               needs_radius || measured ? within : "geo_point_in_polygon(x_, y_, k_)");
    return run(l, (const char *)matches.p, "x_, y_");
}

static struct kql_rel *bind_line(struct kql_binder *b, const struct kql_node *call,
                                 const struct kql_node *schema, struct kql_rel *in)
{
    LOOKING(b, call, in);
    (void)schema;
    return look_up_place(&l, "geo_distance_point_to_line(x_, y_, k_) <= radius_", true);
}

static struct kql_rel *bind_polygon(struct kql_binder *b, const struct kql_node *call,
                                    const struct kql_node *schema, struct kql_rel *in)
{
    LOOKING(b, call, in);
    (void)schema;
    return look_up_place(&l, "geo_distance_point_to_polygon(x_, y_, k_) <= radius_", false);
}

const struct kql_plugin KQL_PLUGINS_LOOKUP[] = {
    { .name = "geo_line_lookup",
      .bind = bind_line,
      .doc = "Rows of a table of lines that a point lies near to.",
      .example = "let R = datatable(road:string, line:dynamic)['a', "
                 "dynamic({'type':'LineString','coordinates':[[0,0],[0,1]]})]; print x = 0.0001, y = 0.5 | "
                 "evaluate geo_line_lookup(R, line, x, y, 100)",
      .yields = "[[0.0001,0.5,\"a\"]]" },
    { .name = "geo_polygon_lookup",
      .bind = bind_polygon,
      .doc = "Rows of a table of polygons that a point lies in, or near to.",
      .example = "let R = datatable(town:string, shape:dynamic)['a', dynamic({'type':'Polygon','coordinates':"
                 "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]})]; print x = 0.5, y = 0.5 | evaluate "
                 "geo_polygon_lookup(R, shape, x, y)",
      .yields = "[[0.5,0.5,\"a\"]]" },
    { .name = "ipv4_lookup",
      .bind = bind_ipv4,
      .doc = "Rows of a table of address ranges that an address lies in.",
      .example = "let R = datatable(net:string, n:long)['10.0.0.0/8', 1]; print a = '10.1.1.1' | evaluate "
                 "ipv4_lookup(R, a, net)",
      .yields = "[[\"10.1.1.1\",\"10.0.0.0/8\",1]]" },
    { .name = "ipv6_lookup",
      .bind = bind_ipv6,
      .doc = "Rows of a table of ranges of addresses of either version that an address lies in.",
      .example = "let R = datatable(net:string, n:long)['fe80::/10', 1, '10.0.0.0/8', 2]; datatable(a:string)"
                 "['fe80::1', '10.1.1.1'] | evaluate ipv6_lookup(R, a, net) | sort by n asc | project n",
      .yields = "[[1],[2]]" },
    { 0 },
};
