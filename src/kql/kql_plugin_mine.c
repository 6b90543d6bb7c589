/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that look for patterns. Rows are gathered by their values, the commonest first, into lists in one
 * row, which a function of module scalar reads; what it finds becomes rows again, with the types of the
 * columns. */
#include "kql/kql_convert.h"
#include "kql/kql_plugin_library.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 100000 };

struct mining {
    struct kql_binder        *b;
    const struct kql_node    *call;
    struct kql_rel           *in;
    struct kql_plugin_library lib;
    size_t                    n;                     /* columns of values: c0_, c1_ … */
    enum kql_type             types[COLUMNS_MAX];    /* as they were */
    bool                      wild[KQL_TYPE_COUNT_]; /* there is a value of ours for a free place */
};

static const struct kql_node *given(const struct mining *m, size_t at)
{
    const struct kql_node *node = at < m->call->kids.n ? m->call->kids.p[at] : NULL;

    if (node && node->kind == KQL_NODE_NAMED)
        node = node->kids.p[0];
    return node && node->kind == KQL_NODE_LITERAL && str_eq(node->value.s, S("~")) ? NULL : node;
}

/* A constant between two bounds, or what stands for one that is not given. */
static bool add_number(struct mining *m, size_t at, const char *name, struct kql_value usual, double least,
                       double most)
{
    const struct kql_node *node = given(m, at);
    struct kql_value       v = usual;

    if (node && !kql_bind_expr_const(m->b, node, KQL_UNKNOWN, &v))
        return false;
    double n = v.type == KQL_REAL ? v.r : kql_type_is_integer(v.type) ? (double)v.i : -1;
    if (v.null || n < least || n > most) {
        kql_bind_error(m->b, KQL_DIAG_ARGUMENTS, node ? node->span : m->call->span,
                       "this is a number from %g to %g", least, most);
        return false;
    }
    v = usual.type == KQL_REAL ? kql_value_real(n) : kql_value_long((int64_t)n);
    kql_plugin_library_value(&m->lib, str_of(name), kql_plan_const(m->b->arena, v, m->call->span));
    return true;
}

static struct kql_field *column_of(struct mining *m, size_t at)
{
    const struct kql_node *node = given(m, at);
    struct kql_field *field = node && node->kind == KQL_NODE_NAME ? kql_plan_field(m->in, node->text) : NULL;

    if (node && !field)
        kql_bind_error(m->b, KQL_DIAG_UNKNOWN_COLUMN, node->span, "this is a column");
    return field;
}

/* The weight of a row, 1 unless a column says otherwise. */
static bool add_weight(struct mining *m, size_t at, const struct kql_field **column)
{
    size_t            said = m->b->diags->list.n;
    struct kql_field *field = column_of(m, at);

    if (m->b->diags->list.n > said)
        return false;
    if (field && !kql_type_is_number(field->col->type)) {
        kql_bind_error(m->b, KQL_DIAG_TYPE, m->call->kids.p[at]->span, "a weight is a number");
        return false;
    }
    *column = field;
    struct kql_expr *e = field ? kql_plan_col(m->b->arena, field->col, m->call->span)
                               : kql_plan_const(m->b->arena, kql_value_long(1), m->call->span);
    kql_plugin_library_column(&m->lib, S("w_"), e, STR_NONE);
    return true;
}

static bool add_columns(struct mining *m, const struct kql_field *but, const struct kql_field *and_but)
{
    struct arena *a = m->b->arena;

    for (size_t i = 0; i < m->in->fields.n; i++) {
        const struct kql_field *field = &m->in->fields.p[i];
        if ((but && field->col == but->col) || (and_but && field->col == and_but->col))
            continue;
        if (m->n == COLUMNS_MAX) {
            kql_bind_error(m->b, KQL_DIAG_LIMIT, m->call->span,
                           STR_FMT "() takes at most %d columns: project fewer", STR_ARG(m->call->text),
                           COLUMNS_MAX);
            return false;
        }
        str              ours = arena_printf(a, "c%zu_", m->n);
        struct kql_expr *e = kql_convert_cast(m->b, kql_plan_col(a, field->col, m->call->span), KQL_STRING);
        if (!e)
            return false;
        m->types[m->n++] = field->col->type;
        kql_plugin_library_column(&m->lib, ours, e, field->name);
    }
    return true;
}

/* Constants at the end: each says what stands for a free place in columns of its type. */
static bool add_wildcards(struct mining *m, size_t at)
{
    for (; at < m->call->kids.n; at++) {
        const struct kql_node *node = given(m, at);
        struct kql_value       v;
        if (!node)
            continue;
        if (!kql_bind_expr_const(m->b, node, KQL_UNKNOWN, &v))
            return false;
        m->wild[v.type] = true;
        kql_plugin_library_value(
            &m->lib, arena_printf(m->b->arena, "wild_" STR_FMT "_", STR_ARG(kql_type_name(v.type))),
            kql_plan_const(m->b->arena, v, node->span));
    }
    return true;
}

static void list_columns(const struct mining *m, struct strbuf *out, const char *form)
{
    for (size_t i = 0; i < m->n; i++) {
        strbuf_addz(out, i > 0 ? ", " : "");
        for (const char *c = form; *c; c++)
            if (*c == '#')
                strbuf_addf(out, "%zu", i);
            else
                strbuf_addc(out, *c);
    }
}

/* The values of a pattern, which are the element `at` of what was found, in the types of their columns. */
static void add_values(const struct mining *m, struct strbuf *out, int at)
{
    for (size_t i = 0; i < m->n; i++) {
        enum kql_type type = m->types[i];
        str           name = kql_type_name(type);
        strbuf_addf(out, ", c%zu_ = ", i);
        if (m->wild[type])
            strbuf_addf(out, "iff(isnull(p_[%d][%zu]), wild_" STR_FMT "_, ", at, i, STR_ARG(name));
        if (type == KQL_DYNAMIC)
            strbuf_addf(out, "parse_json(tostring(p_[%d][%zu]))", at, i);
        else
            strbuf_addf(out, "to" STR_FMT "(tostring(p_[%d][%zu]))", STR_ARG(name), at, i);
        strbuf_addz(out, m->wild[type] ? ")" : "");
    }
}

/* autocluster and basket: `found` calls the function on lists_. */
static struct kql_rel *one_set(struct mining *m, const char *found)
{
    AUTO_STRBUF text = STRBUF_INIT(1 << 18);

    strbuf_addz(&text, "T | summarize n_ = sum(w_) by ");
    list_columns(m, &text, "c#_");
    strbuf_addf(&text, " | top %d by n_ desc | summarize n_ = make_list(n_), ", ROWS_MAX);
    list_columns(m, &text, "c#_ = make_list(c#_)");
    strbuf_addz(&text, " | project lists_ = pack_array(n_, ");
    list_columns(m, &text, "c#_");
    strbuf_addf(&text,
                ") | project p_ = %s | mv-expand with_itemindex=SegmentId p_ | project SegmentId = "
                "tolong(SegmentId), Count = tolong(p_[0]), Percent = todouble(p_[1])",
                found);
    add_values(m, &text, 2);
    return kql_plugin_library_run(&m->lib, strbuf_view(&text));
}

static bool has_columns(struct mining *m)
{
    if (m->n == 0)
        kql_bind_error(m->b, KQL_DIAG_ARGUMENTS, m->call->span, STR_FMT "() needs a column to look into",
                       STR_ARG(m->call->text));
    return m->n > 0;
}

/* autocluster([size weight [, weight column [, seeds [, wildcards …]]]]) */
static struct kql_rel *bind_autocluster(struct kql_binder *b, const struct kql_node *call,
                                        const struct kql_node *schema, struct kql_rel *in)
{
    struct mining           m = { .b = b, .call = call, .in = in };
    const struct kql_field *weight;

    (void)schema;
    m.lib = kql_plugin_library_begin(b, call, in);
    if (!add_number(&m, 0, "size_", kql_value_real(0.5), 0, 1) || !add_weight(&m, 1, &weight) ||
        !add_number(&m, 2, "seeds_", kql_value_long(25), 1, 200) || !add_columns(&m, weight, NULL) ||
        !add_wildcards(&m, 3) || !has_columns(&m))
        return NULL;
    return one_set(&m, "__pattern_autocluster(lists_, size_, seeds_)");
}

/* basket([threshold [, weight column [, dimensions [, wildcards …]]]]) */
static struct kql_rel *bind_basket(struct kql_binder *b, const struct kql_node *call,
                                   const struct kql_node *schema, struct kql_rel *in)
{
    struct mining           m = { .b = b, .call = call, .in = in };
    const struct kql_field *weight;

    (void)schema;
    m.lib = kql_plugin_library_begin(b, call, in);
    if (!add_number(&m, 0, "least_", kql_value_real(0.05), 0.015, 1) || !add_weight(&m, 1, &weight) ||
        !add_number(&m, 2, "most_", kql_value_long(5), 1, COLUMNS_MAX) || !add_columns(&m, weight, NULL) ||
        !add_wildcards(&m, 3) || !has_columns(&m))
        return NULL;
    return one_set(&m, "__pattern_basket(lists_, least_, most_)");
}

static bool add_split(struct mining *m, const struct kql_field **column)
{
    static const char *const NAMES[] = { "a_", "b_" };
    struct kql_binder       *b = m->b;

    if (m->call->kids.n < 3) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, m->call->span,
                       "diffpatterns() takes a column and two of its values, and more that may be missing");
        return false;
    }
    *column = column_of(m, 0);
    struct kql_expr *e =
        *column ? kql_convert_cast(b, kql_plan_col(b->arena, (*column)->col, m->call->span), KQL_STRING)
                : NULL;
    if (!e)
        return false;
    kql_plugin_library_column(&m->lib, S("s_"), e, STR_NONE);
    for (size_t i = 0; i < 2; i++) {
        struct kql_expr *value = kql_bind_expr_in(b, m->call->kids.p[i + 1], NULL);
        value = value ? kql_convert_cast(b, value, KQL_STRING) : NULL;
        if (!value)
            return false;
        kql_plugin_library_value(&m->lib, str_of(NAMES[i]), value);
    }
    return true;
}

/* diffpatterns(column, value, value [, weight column [, threshold [, dimensions [, wildcards …]]]]) */
static struct kql_rel *bind_diffpatterns(struct kql_binder *b, const struct kql_node *call,
                                         const struct kql_node *schema, struct kql_rel *in)
{
    struct mining           m = { .b = b, .call = call, .in = in };
    const struct kql_field *weight, *split;
    AUTO_STRBUF             text = STRBUF_INIT(1 << 18);

    (void)schema;
    m.lib = kql_plugin_library_begin(b, call, in);
    if (!add_split(&m, &split) || !add_weight(&m, 3, &weight) ||
        !add_number(&m, 4, "least_", kql_value_real(0.05), 0.015, 1) ||
        !add_number(&m, 5, "most_", kql_value_long(0), 0, COLUMNS_MAX) || !add_columns(&m, weight, split) ||
        !add_wildcards(&m, 6) || !has_columns(&m))
        return NULL;
    strbuf_addz(&text,
                "T | where s_ == a_ or s_ == b_ | summarize na_ = sumif(w_, s_ == a_), nb_ = sumif(w_, s_ == "
                "b_) by ");
    list_columns(&m, &text, "c#_");
    strbuf_addf(&text,
                " | extend n_ = na_ + nb_ | top %d by n_ desc | summarize na_ = make_list(na_), nb_ = "
                "make_list(nb_), ",
                ROWS_MAX);
    list_columns(&m, &text, "c#_ = make_list(c#_)");
    strbuf_addz(&text, " | project lists_ = pack_array(na_, nb_, ");
    list_columns(&m, &text, "c#_");
    strbuf_addz(&text, ") | project p_ = __pattern_diff(lists_, least_, most_) | mv-expand "
                       "with_itemindex=SegmentId p_ | project SegmentId = tolong(SegmentId), CountA = "
                       "tolong(p_[0]), CountB = tolong(p_[1]), PercentA = todouble(p_[2]), PercentB = "
                       "todouble(p_[3]), PercentDiffAB = todouble(p_[4])");
    add_values(&m, &text, 5);
    return kql_plugin_library_run(&m.lib, strbuf_view(&text));
}

/* diffpatterns_text(text column, condition [, least tokens [, threshold [, most tokens]]]) */
static struct kql_rel *bind_diffpatterns_text(struct kql_binder *b, const struct kql_node *call,
                                              const struct kql_node *schema, struct kql_rel *in)
{
    struct mining m = { .b = b, .call = call, .in = in };

    (void)schema;
    m.lib = kql_plugin_library_begin(b, call, in);
    if (call->kids.n < 2) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->span, "diffpatterns_text() takes a text and a condition");
        return NULL;
    }
    struct kql_expr *text = kql_bind_expr_in(b, call->kids.p[0], in);
    text = text ? kql_convert_cast(b, text, KQL_STRING) : NULL;
    b->row = in;
    struct kql_expr *fits = text ? kql_bind_expr_condition(b, call->kids.p[1]) : NULL;
    b->row = NULL;
    if (!fits || !add_number(&m, 2, "words_", kql_value_long(1), 0, 200) ||
        !add_number(&m, 3, "least_", kql_value_real(0.05), 0.015, 1) ||
        !add_number(&m, 4, "most_", kql_value_long(20), 1, 20))
        return NULL;
    kql_plugin_library_column(&m.lib, S("x_"), text, STR_NONE);
    kql_plugin_library_column(&m.lib, S("s_"), fits, STR_NONE);
    return kql_plugin_library_run(
        &m.lib,
        S("T | summarize na_ = countif(s_), n_ = count() by x_ | top 20000 by n_ desc | extend nb_ = n_ - na_"
          " | summarize na_ = make_list(na_), nb_ = make_list(nb_), x_ = make_list(x_)"
          " | project p_ = __phrase_diff(pack_array(na_, nb_, x_), words_, least_, most_) | mv-expand p_"
          " | project Count_of_True = tolong(p_[0]), Count_of_False = tolong(p_[1]), Percent_of_True = "
          "todouble(p_[2]), Percent_of_False = todouble(p_[3]), Pattern = tostring(p_[4])"));
}

/* What was opened how, for the examples. */
#define OPENED                                                                                               \
    "datatable(file:string, how:string, ok:bool)['a', 'read', true, 'a', 'read', true, 'a', 'read', true, "  \
    "'b', "                                                                                                  \
    "'write', false, 'c', 'write', false] | evaluate "

const struct kql_plugin KQL_PLUGINS_MINE[] = {
    { .name = "autocluster",
      .bind = bind_autocluster,
      .doc = "Few patterns that say much about many rows.",
      .example = OPENED "autocluster()",
      .yields = "[[0,3,60,\"a\",\"read\",true],[1,2,40,\"\",\"write\",false]]" },
    { .name = "basket",
      .bind = bind_basket,
      .doc = "The values that come together often.",
      .example = OPENED "basket(0.4, '~', '~', '*') | project Count, file, how, ok",
      .yields = "[[3,\"a\",\"read\",true],[2,\"*\",\"write\",false]]" },
    { .name = "diffpatterns",
      .bind = bind_diffpatterns,
      .doc = "The patterns in which two sets of rows differ.",
      .example = OPENED
      "diffpatterns(ok, 'True', 'False') | project CountA, CountB, PercentDiffAB, file, how | sort "
      "by CountA desc",
      .yields = "[[3,0,100,\"a\",\"read\"],[0,2,100,\"\",\"write\"]]" },
    { .name = "diffpatterns_text",
      .bind = bind_diffpatterns_text,
      .doc = "The phrases in which two sets of texts differ.",
      .example =
          "datatable(s:string, b:bool)['disk is full', true, 'disk is slow', false] | evaluate "
          "diffpatterns_text(s, b) | sort by Pattern asc | project Count_of_True, Count_of_False, Pattern",
      .yields = "[[1,0,\"disk is full\"],[0,1,\"disk is slow\"]]" },
    { 0 },
};
