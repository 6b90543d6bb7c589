/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins over rows in order, and over what describes them: narrow, preview, rows_near, schema_merge, and the
 * sequences. */
#include "base/json.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_plugin_library.h"

enum { STEPS_MAX = 16, NEAR_MAX = 1000000 };

/* The columns of the input under their own names; those of ours begin with __. */
static void keep_columns(struct kql_plugin_library *lib, struct kql_rel *in)
{
    for (size_t i = 0; i < in->fields.n; i++)
        kql_bind_field(lib->b, lib->table, in->fields.p[i].name, in->fields.p[i].col);
}

static bool constant_number(struct kql_binder *b, const struct kql_node *call, size_t at, int64_t *out)
{
    struct kql_value v;

    if (at >= call->kids.n || !kql_bind_expr_const(b, call->kids.p[at], KQL_LONG, &v))
        return false;
    if (v.null || v.i < 0 || v.i > NEAR_MAX) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->kids.p[at]->span, "a number of rows is 0 to %d",
                       NEAR_MAX);
        return false;
    }
    *out = v.i;
    return true;
}

static bool counted(struct kql_binder *b, const struct kql_node *call, size_t least, size_t most)
{
    if (call->kids.n >= least && call->kids.n <= most)
        return true;
    kql_bind_error(b, KQL_DIAG_ARGUMENTS, call->span, STR_FMT "() takes %zu to %zu arguments, not %zu",
                   STR_ARG(call->text), least, most, call->kids.n);
    return false;
}

/* dcount_intersect(hll, hll, …): how many values the first, the first two …
 * have in common. */
static struct kql_rel *bind_dcount_intersect(struct kql_binder *b, const struct kql_node *call,
                                             const struct kql_node *schema, struct kql_rel *in)
{
    enum { SETS_MAX = 16 };
    struct kql_plugin_library lib = kql_plugin_library_begin(b, call, in);
    struct kql_expr          *sets[SETS_MAX];
    AUTO_STRBUF               text = STRBUF_INIT(1000);

    (void)schema;
    if (!counted(b, call, 2, SETS_MAX))
        return NULL;
    for (size_t i = 0; i < call->kids.n; i++) {
        sets[i] = kql_bind_expr_in(b, call->kids.p[i], in);
        if (!sets[i])
            return NULL;
    }
    struct kql_expr *all = kql_build_call(b, "pack_array", call->span, sets, call->kids.n);
    if (!all)
        return NULL;
    kql_plugin_library_column(&lib, S("__sets"), all, STR_NONE);
    strbuf_addz(&text, "T | extend __common = __hll_intersect(__sets) | project ");
    for (size_t i = 0; i < call->kids.n; i++)
        strbuf_addf(&text, "%ss%zu = tolong(__common[%zu])", i > 0 ? ", " : "", i, i);
    return kql_plugin_library_run(&lib, strbuf_view(&text));
}

static struct kql_rel *bind_narrow(struct kql_binder *b, const struct kql_node *call,
                                   const struct kql_node *schema, struct kql_rel *in)
{
    struct kql_plugin_library lib = kql_plugin_library_begin(b, call, in);
    struct kql_expr         **values = ARENA_ARRAY(b->arena, struct kql_expr *, in->fields.n + 1);
    struct kql_expr         **names = ARENA_ARRAY(b->arena, struct kql_expr *, in->fields.n + 1);

    (void)schema;
    if (!counted(b, call, 0, 0))
        return NULL;
    for (size_t i = 0; i < in->fields.n; i++) {
        names[i] = kql_plan_const(b->arena, kql_value_string(in->fields.p[i].name), call->span);
        values[i] = kql_convert_cast(b, kql_plan_col(b->arena, in->fields.p[i].col, call->span), KQL_STRING);
        if (!values[i])
            return NULL;
    }
    struct kql_expr *n = kql_build_call(b, "pack_array", call->span, names, in->fields.n);
    struct kql_expr *v = kql_build_call(b, "pack_array", call->span, values, in->fields.n);
    if (!n || !v)
        return NULL;
    kql_plugin_library_column(&lib, S("Column"), n, STR_NONE);
    kql_plugin_library_column(&lib, S("Value"), v, STR_NONE);
    return kql_plugin_library_run(&lib, S("T | serialize Row = row_number(0) | mv-expand Column to "
                                          "typeof(string), Value to typeof(string) | project Row, Column, "
                                          "Value"));
}

static struct kql_rel *bind_preview(struct kql_binder *b, const struct kql_node *call,
                                    const struct kql_node *schema, struct kql_rel *in)
{
    int64_t                   n;
    struct kql_plugin_library lib = kql_plugin_library_begin(b, call, in);

    (void)schema;
    if (!counted(b, call, 1, 1) || !constant_number(b, call, 0, &n))
        return NULL;
    keep_columns(&lib, in);
    return kql_plugin_library_run(&lib, arena_printf(b->arena, "T | take %lld", (long long)n));
}

/* A row is near to one that fits when the number of fitting rows changed within that many rows of it. */
static struct kql_rel *bind_rows_near(struct kql_binder *b, const struct kql_node *call,
                                      const struct kql_node *schema, struct kql_rel *in)
{
    struct kql_plugin_library lib = kql_plugin_library_begin(b, call, in);
    int64_t                   before, after;

    (void)schema;
    if (!counted(b, call, 2, 3))
        return NULL;
    b->row = in;
    struct kql_expr *fits = kql_bind_expr_condition(b, call->kids.p[0]);
    b->row = NULL;
    if (!fits || !constant_number(b, call, 1, &before))
        return NULL;
    after = before;
    if (call->kids.n > 2 && !constant_number(b, call, 2, &after))
        return NULL;
    keep_columns(&lib, in);
    kql_plugin_library_column(&lib, S("__fits"), fits, STR_NONE);
    str body = arena_printf(
        b->arena,
        "T | serialize __row = row_number(), __n = tolong(__fits)"
        " | extend __up = row_cumsum(__n) | extend __behind = __up - coalesce(prev(__up, %lld), 0)"
        " | sort by __row desc"
        " | extend __down = row_cumsum(__n) | extend __ahead = __down - coalesce(prev(__down, %lld), 0)"
        " | where __behind > 0 or __ahead > 0 | sort by __row asc | project-away __*",
        (long long)after + 1, (long long)before + 1);
    return kql_plugin_library_run(&lib, body);
}

/* --- sequences --- */

/* sequence_detect(time, step, span, e1 = condition, …, dimensions …): every chain of rows that fit one
 * condition after the other. A join for each step. */
struct detecting {
    struct kql_binder        *b;
    const struct kql_node    *call;
    struct kql_rel           *in;
    struct kql_plugin_library lib;
    size_t                    steps, dims;
};

static bool read_steps(struct detecting *d, str time)
{
    struct kql_binder *b = d->b;

    for (size_t i = 3; i < d->call->kids.n; i++) {
        const struct kql_node *item = d->call->kids.p[i];
        struct kql_expr       *e =
            kql_bind_expr_in(b, item->kind == KQL_NODE_NAMED ? item->kids.p[0] : item, d->in);
        if (!e)
            return false;
        b->row = d->in;
        str name = kql_bind_name(b, item);
        b->row = NULL;
        bool is_step = e->type == KQL_BOOL && d->dims == 0;
        if ((is_step ? ++d->steps : ++d->dims) > STEPS_MAX) {
            kql_bind_error(b, KQL_DIAG_LIMIT, item->span, "a sequence has at most %d steps and dimensions",
                           STEPS_MAX);
            return false;
        }
        if (is_step) {
            if (name.n == 0)
                name = arena_printf(b->arena, "Expr%zu", d->steps);
            kql_plugin_library_column(&d->lib, arena_printf(b->arena, "e%zu_", d->steps), e, STR_NONE);
            *vec_push_in(b->arena, &d->lib.renames) =
                (struct kql_plugin_rename) { arena_printf(b->arena, "t%zu_", d->steps),
                                             arena_printf(b->arena, STR_FMT "_" STR_FMT, STR_ARG(name),
                                                          STR_ARG(time)) };
        } else {
            kql_plugin_library_column(&d->lib, arena_printf(b->arena, "d%zu_", d->dims), e,
                                      name.n > 0 ? name : arena_printf(b->arena, "Column%zu", d->dims));
        }
    }
    if (d->steps < 1)
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, d->call->span,
                       "sequence_detect() takes at least one condition");
    return d->steps > 0;
}

static str sequence_text(const struct detecting *d)
{
    AUTO_STRBUF dims = STRBUF_INIT(1000), out = STRBUF_INIT(1 << 16);

    for (size_t i = 1; i <= d->dims; i++)
        strbuf_addf(&dims, "d%zu_, ", i);
    str by = strbuf_view(&dims);
    strbuf_addf(&out, "T | where e1_ | project " STR_FMT "t1_ = t_, x_ = 1", STR_ARG(by));
    for (size_t k = 2; k <= d->steps; k++) {
        strbuf_addf(
            &out,
            " | join kind=inner (T | where e%zu_ | project " STR_FMT "t%zu_ = t_, x_ = 1) on " STR_FMT
            "x_ | where t%zu_ > t%zu_ and t%zu_ - t%zu_ <= step_ and t%zu_ - t1_ <= span_ | project " STR_FMT
            "x_",
            k, STR_ARG(by), k, STR_ARG(by), k, k - 1, k, k - 1, k, STR_ARG(by));
        for (size_t i = 1; i <= k; i++)
            strbuf_addf(&out, ", t%zu_", i);
    }
    strbuf_addf(&out, " | extend Duration = t%zu_ - t1_ | project-away x_", d->steps);
    return arena_str(d->b->arena, strbuf_view(&out));
}

static struct kql_rel *bind_sequence_detect(struct kql_binder *b, const struct kql_node *call,
                                            const struct kql_node *schema, struct kql_rel *in)
{
    struct detecting d = { b, call, in, kql_plugin_library_begin(b, call, in), 0, 0 };

    (void)schema;
    if (!counted(b, call, 4, 3 + 2 * STEPS_MAX))
        return NULL;
    struct kql_expr *time = kql_bind_expr_in(b, call->kids.p[0], in);
    struct kql_expr *step = kql_bind_expr_in(b, call->kids.p[1], NULL);
    struct kql_expr *span = kql_bind_expr_in(b, call->kids.p[2], NULL);
    if (!time || !step || !span)
        return NULL;
    b->row = in;
    str name = kql_bind_name(b, call->kids.p[0]);
    b->row = NULL;
    kql_plugin_library_column(&d.lib, S("t_"), time, STR_NONE);
    kql_plugin_library_value(&d.lib, S("step_"), step);
    kql_plugin_library_value(&d.lib, S("span_"), span);
    return read_steps(&d, name) ? kql_plugin_library_run(&d.lib, sequence_text(&d)) : NULL;
}

/* The constant array of states of a funnel, as texts. */
static size_t states_of(struct kql_binder *b, const struct kql_node *node, str *out)
{
    struct kql_value   v;
    const struct json *states;
    struct err         err;

    if (!kql_bind_expr_const(b, node, KQL_DYNAMIC, &v))
        return 0;
    if (json_parse(b->arena, v.s, &states, &err) != RC_OK || states->kind != JSON_ARRAY || states->n < 1 ||
        states->n > STEPS_MAX) {
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, node->span, "a sequence is an array of 1 to %d states",
                       STEPS_MAX);
        return 0;
    }
    for (uint32_t i = 0; i < states->n; i++) {
        AUTO_STRBUF text = STRBUF_INIT(1 << 16);
        if (states->items[i].kind == JSON_STRING)
            strbuf_add(&text, states->items[i].s);
        else
            json_print(&text, &states->items[i], 0);
        out[i] = arena_str(b->arena, strbuf_view(&text));
    }
    return states->n;
}

struct funnel {
    struct kql_binder        *b;
    const struct kql_node    *call;
    struct kql_plugin_library lib;
    size_t                    n;
    enum kql_type             time;
};

/* The columns id_, t_ and s_ and the values start_, end_, step_ and q1_ …; `at` says where they stand. */
static bool read_funnel(struct funnel *f, struct kql_rel *in, const size_t at[6])
{
    static const char *const VALUES[] = { "start_", "end_", "step_" };
    struct kql_binder       *b = f->b;
    str                      states[STEPS_MAX];

    f->lib = kql_plugin_library_begin(b, f->call, in);
    struct kql_expr *id = kql_bind_expr_in(b, f->call->kids.p[0], in);
    struct kql_expr *time = kql_bind_expr_in(b, f->call->kids.p[1], in);
    struct kql_expr *state = kql_bind_expr_in(b, f->call->kids.p[at[3]], in);
    state = state ? kql_convert_cast(b, state, KQL_STRING) : NULL;
    if (!id || !time || !state)
        return false;
    f->time = time->type;
    b->row = in;
    kql_plugin_library_column(&f->lib, S("id_"), id, STR_NONE);
    kql_plugin_library_column(&f->lib, S("t_"), time, kql_bind_name(b, f->call->kids.p[1]));
    kql_plugin_library_column(&f->lib, S("s_"), state, kql_bind_name(b, f->call->kids.p[at[3]]));
    b->row = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct kql_expr *e = kql_bind_expr_in(b, f->call->kids.p[at[i]], NULL);
        if (!e)
            return false;
        kql_plugin_library_value(&f->lib, str_of(VALUES[i]), e);
    }
    f->n = states_of(b, f->call->kids.p[at[4]], states);
    for (size_t i = 0; i < f->n; i++)
        kql_plugin_library_value(&f->lib, arena_printf(b->arena, "q%zu_", i + 1),
                                 kql_plan_const(b->arena, kql_value_string(states[i]), f->call->span));
    struct kql_expr *window = kql_bind_expr_in(b, f->call->kids.p[at[5]], NULL);
    if (window)
        kql_plugin_library_value(&f->lib, S("window_"), window);
    return f->n > 0 && window;
}

/* funnel_sequence(id, time, start, end, window, step, state, sequence): states of an id that follow each
 * other, and those before and behind them. */
static struct kql_rel *bind_funnel(struct kql_binder *b, const struct kql_node *call,
                                   const struct kql_node *schema, struct kql_rel *in)
{
    struct funnel f = { .b = b, .call = call };
    AUTO_STRBUF   text = STRBUF_INIT(1 << 14);

    (void)schema;
    if (!counted(b, call, 8, 8) || !read_funnel(&f, in, (size_t[]) { 2, 3, 5, 6, 7, 4 }))
        return NULL;
    strbuf_addz(&text, "T | where t_ between (start_ .. end_) | sort by id_ asc, t_ asc | extend "
                       "prev = iff(prev(id_) == id_ and t_ - prev(t_) <= window_, prev(s_), ''), ");
    if (f.n == 1)
        strbuf_addz(&text, "next = iff(next(id_) == id_ and next(t_) - t_ <= window_, next(s_), '')");
    else
        strbuf_addf(&text,
                    "next = iff(next(id_, %zu) == id_ and next(t_, %zu) - next(t_, %zu) <= window_, next(s_, "
                    "%zu), '')",
                    f.n, f.n, f.n - 1, f.n);
    for (size_t k = 2; k <= f.n; k++) {
        strbuf_addf(&text, ", h%zu_ = next(id_, %zu) == id_ and next(s_, %zu) == q%zu_ and next(t_, %zu) - ",
                    k, k - 1, k - 1, k, k - 1);
        if (k == 2)
            strbuf_addz(&text, "t_ <= window_");
        else
            strbuf_addf(&text, "next(t_, %zu) <= window_", k - 2);
    }
    strbuf_addz(&text, " | where s_ == q1_");
    for (size_t k = 2; k <= f.n; k++)
        strbuf_addf(&text, " and h%zu_", k);
    strbuf_addz(&text, " | summarize ['dcount'] = dcount(id_), samples = make_set(id_, 128) by t_ = "
                       "bin_at(t_, step_, start_), prev, next | sort by t_ asc, ['dcount'] desc");
    return kql_plugin_library_run(&f.lib, strbuf_view(&text));
}

/* funnel_sequence_completion(id, time, start, end, step, state, sequence, periods): how many ids came how far
 * within each period. Of the ways in which an id reaches a state, the one that began last is the shortest: so
 * b1_, b2_ … is the time at which the latest way to this row's state began. */
static struct kql_rel *bind_completion(struct kql_binder *b, const struct kql_node *call,
                                       const struct kql_node *schema, struct kql_rel *in)
{
    struct funnel f = { .b = b, .call = call };
    AUTO_STRBUF   text = STRBUF_INIT(1 << 14), cases = STRBUF_INIT(1 << 12), numbers = STRBUF_INIT(1000);

    (void)schema;
    if (!counted(b, call, 8, 8) || !read_funnel(&f, in, (size_t[]) { 2, 3, 4, 5, 6, 7 }))
        return NULL;
    str type = kql_type_name(f.time);
    str period = f.time == KQL_DATETIME ? S("timespan") : type;
    strbuf_addf(&text,
                "T | where t_ between (start_ .. end_) | sort by id_ asc, t_ asc"
                " | extend b1_ = iff(s_ == q1_, t_, " STR_FMT "(null)), own_ = id_ == prev(id_)",
                STR_ARG(type));
    for (size_t k = 1; k <= f.n; k++) {
        if (k > 1)
            strbuf_addf(&text,
                        " | extend m%zu_ = __latest(b%zu_, not(own_))"
                        " | extend b%zu_ = iff(s_ == q%zu_ and own_, prev(m%zu_), " STR_FMT "(null))",
                        k - 1, k - 1, k, k, k - 1, STR_ARG(type));
        strbuf_addf(&cases, "i_ == %zu, b%zu_, ", k, k);
        strbuf_addf(&numbers, "%s%zu", k > 1 ? ", " : "", k);
    }
    strbuf_addf(&text,
                " | mv-expand i_ = dynamic([" STR_FMT "]) to typeof(long) | extend b_ = case(" STR_FMT STR_FMT
                "(null)) | where isnotnull(b_) | mv-expand Period = window_ to typeof(" STR_FMT
                ") | where t_ - b_ <= Period | summarize ['dcount'] = dcount(id_) by t_ = bin_at(b_, step_, "
                "start_), Period, i_, s_ | sort by t_ asc, Period asc, i_ asc | project t_, s_, Period, "
                "['dcount']",
                STR_ARG(strbuf_view(&numbers)), STR_ARG(strbuf_view(&cases)), STR_ARG(type), STR_ARG(period));
    return kql_plugin_library_run(&f.lib, strbuf_view(&text));
}

/* schema_merge([preserve_order]): a column of several schemas has one type, to which theirs widen. */
static struct kql_rel *bind_schema_merge(struct kql_binder *b, const struct kql_node *call,
                                         const struct kql_node *schema, struct kql_rel *in)
{
    static const char *const  NAMES[] = { "ColumnName", "ColumnOrdinal", "DataType", "ColumnType" };
    struct kql_plugin_library lib = kql_plugin_library_begin(b, call, in);
    const struct kql_node    *preserve = kql_plugin_argument(call, "PreserveOrder", 0);
    struct kql_value          v = kql_value_int_of(KQL_BOOL, 1);

    (void)schema;
    if (!counted(b, call, 0, 1) || (preserve && !kql_bind_expr_const(b, preserve, KQL_BOOL, &v)))
        return NULL;
    for (size_t i = 0; i < 4; i++) {
        struct kql_field *field = kql_plan_field(in, str_of(NAMES[i]));
        if (!field) {
            kql_bind_error(b, KQL_DIAG_UNKNOWN_COLUMN, call->span,
                           "schema_merge() takes what getschema gives, and \"%s\" is missing", NAMES[i]);
            return NULL;
        }
        kql_bind_field(b, lib.table, field->name, field->col);
    }
    kql_plugin_library_value(&lib, S("ordered_"), kql_plan_const(b->arena, v, call->span));
    return kql_plugin_library_run(
        &lib,
        S("T | summarize first_ = min(tolong(ColumnOrdinal)), last_ = max(tolong(ColumnOrdinal)), types_ = "
          "make_set(ColumnType), a_ = take_any(ColumnType), d_ = take_any(DataType) by ColumnName"
          " | sort by last_ asc, ColumnName asc | extend n_ = row_number(0)"
          " | extend numbers_ = array_length(set_difference(types_, dynamic(['int', 'long', 'real', "
          "'decimal']))) == 0"
          " | extend type_ = case(array_length(types_) == 1, a_, not(numbers_), '', set_has_element(types_, "
          "'decimal'), 'decimal', set_has_element(types_, 'real'), 'real', 'long')"
          " | extend wrong_ = case(ordered_ and first_ != last_, 'columns are out of order', type_ == '', "
          "'types are different', '')"
          " | project ColumnName, ColumnOrdinal = case(wrong_ != '', -1, ordered_, first_, n_), DataType = "
          "case(wrong_ != '', strcat('ERROR(unknown CSL type:ERROR(', wrong_, '))'), type_ == a_, d_, type_ "
          "== 'long', 'System.Int64', type_ == 'real', 'System.Double', 'System.Data.SqlTypes.SqlDecimal'), "
          "ColumnType = iff(wrong_ != '', strcat('ERROR(', wrong_, ')'), type_)"));
}

#define STORY                                                                                                \
    "let Story = datatable(id:string, t:datetime, s:string)['a', datetime(2024-01-01 00:00), 'in', 'a', "    \
    "datetime(2024-01-01 00:05), 'try', 'a', datetime(2024-01-01 00:07), 'out', 'b', datetime(2024-01-01 "   \
    "00:00), 'in', 'b', datetime(2024-01-01 02:00), 'try']; Story | evaluate "
#define ALL_DAY "datetime(2024-01-01), datetime(2024-01-02)"

const struct kql_plugin KQL_PLUGINS_ROWS[] = {
    { .name = "dcount_intersect",
      .bind = bind_dcount_intersect,
      .doc = "How many values sketches of hll() have in common: the first, the first two, …",
      .example = "range x from 1 to 30 step 1 | summarize a = hll(x), b = hll_if(x, x % 2 == 0) | evaluate "
                 "dcount_intersect(a, b)",
      .yields = "[[30,15]]" },
    { .name = "funnel_sequence",
      .bind = bind_funnel,
      .doc = "What came before and behind a sequence of states.",
      .example =
          STORY "funnel_sequence(id, t, " ALL_DAY ", 10m, 1d, s, dynamic(['in', 'try'])) | project-away t",
      .yields = "[[\"\",\"out\",1,[\"a\"]]]" },
    { .name = "funnel_sequence_completion",
      .bind = bind_completion,
      .doc = "How many ids came how far in a sequence of states, within some periods.",
      .example = STORY "funnel_sequence_completion(id, t, " ALL_DAY ", 1d, s, dynamic(['in', 'try']), "
                       "dynamic([1h, 1d])) | project-away t",
      .yields = "[[\"in\",\"01:00:00\",2],[\"try\",\"01:00:00\",1],[\"in\",\"1.00:00:00\",2],[\"try\",\"1.00:"
                "00:00\",2]]" },
    { .name = "narrow",
      .bind = bind_narrow,
      .doc = "A row for each cell: its row's number, its column, its value as text.",
      .example = "print a = 1, b = 'x' | evaluate narrow()",
      .yields = "[[0,\"a\",\"1\"],[0,\"b\",\"x\"]]" },
    { .name = "preview",
      .bind = bind_preview,
      .doc = "Some of the rows.",
      .example = "range x from 1 to 10 step 1 | evaluate preview(3) | count",
      .yields = "[[3]]" },
    { .name = "rows_near",
      .bind = bind_rows_near,
      .doc = "Rows that fit, and those within so many rows of one that does.",
      .example = "range x from 1 to 9 step 1 | sort by x asc | evaluate rows_near(x == 5, 1)",
      .yields = "[[4],[5],[6]]" },
    { .name = "schema_merge",
      .bind = bind_schema_merge,
      .doc = "One schema of several, as getschema gives them.",
      .example = "union (print a = 1 | getschema), (print a = 1.5, b = '' | getschema) | evaluate "
                 "schema_merge() | project ColumnName, ColumnOrdinal, ColumnType",
      .yields = "[[\"a\",0,\"real\"],[\"b\",1,\"string\"]]" },
    { .name = "sequence_detect",
      .bind = bind_sequence_detect,
      .doc = "Rows that fit one condition after the other, within a time.",
      .example = STORY "sequence_detect(t, 10m, 1h, came = s == 'in', tried = s == 'try', id) | project id, "
                       "Duration",
      .yields = "[[\"a\",\"00:05:00\"]]" },
    { 0 },
};
