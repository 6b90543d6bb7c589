/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_plugin_library.h"

#include "kql/kql_call.h"
#include "kql/kql_convert.h"
#include "kql/kql_parse.h"

enum { DIMENSIONS_MAX = 16, CONSTANTS_MAX = 4, CONSTANT_MAX = 100000 };

struct kql_plugin_library kql_plugin_library_begin(struct kql_binder *b, const struct kql_node *call,
                                                   struct kql_rel *in)
{
    struct kql_plugin_library lib = { .b = b, .call = call };

    lib.table = kql_bind_rel(b, KQL_REL_PROJECT, in);
    lib.table->fields = (kql_fields) { 0 };
    return lib;
}

void kql_plugin_library_column(struct kql_plugin_library *lib, str ours, struct kql_expr *e, str theirs)
{
    struct arena *a = lib->b->arena;

    kql_bind_field(lib->b, lib->table, ours, kql_bind_def(lib->b, lib->table, ours, e));
    if (theirs.n > 0)
        *vec_push_in(a, &lib->renames) = (struct kql_plugin_rename) { ours, theirs };
}

static void add_scope(struct kql_plugin_library *lib, struct kql_scope s)
{
    struct kql_scope *new = ARENA_NEW(lib->b->arena, struct kql_scope);
    *new = s;
    new->next = lib->scope;
    lib->scope = new;
}

void kql_plugin_library_value(struct kql_plugin_library *lib, str name, struct kql_expr *e)
{
    add_scope(lib, (struct kql_scope) { .name = name, .expr = e });
}

/* t_ is their column; from_t_ and from_@t_@_to have their column's name within. */
static str their_name(struct kql_plugin_library *lib, str name)
{
    struct arena *a = lib->b->arena;

    for (size_t k = 0; k < lib->renames.n; k++) {
        const struct kql_plugin_rename *r = &lib->renames.p[k];
        str                             marked = arena_printf(a, "@" STR_FMT "@", STR_ARG(r->ours));
        size_t                          at = str_find(name, marked), lead = name.n - r->ours.n;
        if (str_eq(name, r->ours))
            return r->theirs;
        if (at != STR_NPOS)
            return arena_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_slice(name, 0, at)),
                                STR_ARG(r->theirs), STR_ARG(str_from(name, at + marked.n)));
        if (str_ends(name, r->ours) && name.p[lead - 1] == '_')
            return arena_printf(a, STR_FMT STR_FMT, STR_ARG(str_slice(name, 0, lead)), STR_ARG(r->theirs));
    }
    return name;
}

static void give_names_back(struct kql_plugin_library *lib, struct kql_rel *rel)
{
    kql_fields fields = rel->fields;

    rel->fields = (kql_fields) { 0 };
    for (size_t i = 0; i < fields.n; i++) {
        str name = their_name(lib, fields.p[i].name);
        kql_bind_field(lib->b, rel, kql_bind_unused_name(lib->b, rel, name), fields.p[i].col);
    }
}

struct kql_rel *kql_plugin_library_run(struct kql_plugin_library *lib, str body)
{
    struct kql_binder *b = lib->b;
    size_t             said = b->diags->list.n;
    bool               own = b->own_text;
    struct kql_node   *lambda = kql_parse_function(b->arena, STR_NONE, body, b->max_depth, b->diags);

    if (lambda->kind == KQL_NODE_BAD)
        return NULL;
    add_scope(lib, (struct kql_scope) { .name = S("T"), .rel = lib->table });
    struct kql_scope s = { .name = lib->call->text, .node = lambda, .lambda = true, .seen = lib->scope };
    struct kql_node *call = kql_ast_new(b->arena, KQL_NODE_CALL, lib->call->span, lib->call->text);
    b->own_text = true;
    struct kql_rel *rel = kql_call_table(b, &s, call, NULL);
    b->own_text = own;
    for (size_t i = said; i < b->diags->list.n; i++) /* they point into our text */
        b->diags->list.p[i].span = lib->call->span;
    if (!rel)
        return NULL;
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_PROJECT, rel);
    give_names_back(lib, out);
    return out;
}

/* --- rows with args and body --- */

struct reading {
    struct kql_binder        *b;
    const struct kql_node    *call;
    const struct kql_plugin  *plugin;
    struct kql_rel           *in;
    struct kql_plugin_library lib;
    size_t                    at, n, n_dims, n_constants; /* arguments: the one to read, and how many */
    str                       constants[CONSTANTS_MAX];
    str                       unit;      /* week, month or year; none for a step of one length */
    str                       step_name; /* of the step, with its _ */
    enum kql_type             time;
    bool                      missing;  /* the values in brackets */
    bool                      excludes; /* a table of ids was given */
};

static const struct kql_node *next_argument(struct reading *r)
{
    if (r->at >= r->n) {
        kql_bind_error(r->b, KQL_DIAG_ARGUMENTS, r->call->span, "%s() takes more arguments than %zu",
                       r->plugin->name, r->at);
        kql_diag_hint(r->b->diags, "it takes: %s", r->plugin->args);
        return NULL;
    }
    const struct kql_node *node = r->call->kids.p[r->at++];
    return node->kind == KQL_NODE_NAMED ? node->kids.p[0] : node;
}

static bool uses_columns(const struct reading *r, const struct kql_node *node)
{
    if (node->kind == KQL_NODE_NAME && kql_plan_field(r->in, node->text) &&
        !kql_bind_scope_find(r->b, node->text))
        return true;
    for (size_t i = 0; i < node->kids.n; i++)
        if (uses_columns(r, node->kids.p[i]))
            return true;
    return false;
}

static str name_of(struct reading *r, const struct kql_node *node)
{
    r->b->row = r->in;
    str name = kql_bind_name(r->b, node);
    r->b->row = NULL;
    return name.n > 0 ? name : S("Column1");
}

static bool read_column(struct reading *r, str word, str ours)
{
    const struct kql_node *node = next_argument(r);
    struct kql_expr       *e = node ? kql_bind_expr_in(r->b, node, r->in) : NULL;

    if (!e)
        return false;
    if (str_eq(word, S("@t"))) {
        r->time = e->type;
        if (e->type != KQL_DATETIME && e->type != KQL_TIMESPAN && !kql_type_is_number(e->type)) {
            kql_bind_error(r->b, KQL_DIAG_TYPE, node->span, "a time line is of dates, spans or numbers");
            return false;
        }
    }
    if (str_eq(word, S("@id")) && e->type == KQL_DYNAMIC)
        e = kql_convert_cast(r->b, e, KQL_STRING);
    if (e)
        kql_plugin_library_column(&r->lib, ours, e, name_of(r, node));
    return e != NULL;
}

static bool is_place_on_time_line(str word)
{
    return str_eq(word, S("start")) || str_eq(word, S("end"));
}

static bool read_value(struct reading *r, str word, str ours)
{
    const struct kql_node *node = next_argument(r);
    struct kql_expr       *e = node ? kql_bind_expr_in(r->b, node, NULL) : NULL;

    if (!e)
        return false;
    if (str_eq(word, S("step"))) {
        r->step_name = ours;
        if (e->kind == KQL_EXPR_CONST && e->type == KQL_STRING) {
            r->unit = e->value.s;
            if (!str_eq(r->unit, S("week")) && !str_eq(r->unit, S("month")) && !str_eq(r->unit, S("year"))) {
                kql_bind_error(r->b, KQL_DIAG_TYPE, node->span,
                               "a step is a span, or 'week', 'month' or 'year'");
                return false;
            }
        }
    }
    if (is_place_on_time_line(word) && e->type != r->time) {
        struct kql_expr *same = kql_convert_silently(r->b, e, r->time);
        if (!same) {
            kql_bind_error(r->b, KQL_DIAG_TYPE, node->span,
                           "the time line is " STR_FMT ", and this is " STR_FMT,
                           STR_ARG(kql_type_one(r->time)), STR_ARG(kql_type_one(e->type)));
            return false;
        }
        e = same;
    }
    kql_plugin_library_value(&r->lib, ours, e);
    return true;
}

static bool read_constant(struct reading *r)
{
    const struct kql_node *node = next_argument(r);
    struct kql_value       v;

    if (!node || !kql_bind_expr_const(r->b, node, KQL_UNKNOWN, &v))
        return false;
    double n = v.type == KQL_REAL ? v.r : kql_type_is_integer(v.type) ? (double)v.i : -1;
    if (v.null || !(n >= 0 && n <= CONSTANT_MAX)) {
        kql_bind_error(r->b, KQL_DIAG_ARGUMENTS, node->span, "this is a number from 0 to %d", CONSTANT_MAX);
        return false;
    }
    r->constants[r->n_constants++] = kql_value_text(r->b->arena, &v);
    return true;
}

static bool read_dimensions(struct reading *r)
{
    while (r->at < r->n) {
        const struct kql_node *written = r->call->kids.p[r->at], *node = next_argument(r);
        struct kql_expr       *e = kql_bind_expr_in(r->b, node, r->in);
        if (!e)
            return false;
        if (++r->n_dims > DIMENSIONS_MAX) {
            kql_bind_error(r->b, KQL_DIAG_LIMIT, node->span, "%s() takes at most %d dimensions",
                           r->plugin->name, DIMENSIONS_MAX);
            return false;
        }
        if (e->type == KQL_DYNAMIC && !(e = kql_convert_cast(r->b, e, KQL_STRING)))
            return false;
        kql_plugin_library_column(&r->lib, arena_printf(r->b->arena, "d%zu_", r->n_dims), e,
                                  name_of(r, written));
    }
    return true;
}

static bool read_optional(struct reading *r, str word, str ours)
{
    if (r->at < r->n && !uses_columns(r, r->call->kids.p[r->at]))
        return read_value(r, word, ours);
    kql_plugin_library_value(&r->lib, ours,
                             kql_plan_const(r->b->arena, kql_value_null(r->time), r->call->span));
    return true;
}

/* The table at the end, with the column that is called as the ids are, or else its first. */
static bool read_table(struct reading *r, str word)
{
    const struct kql_node *node = r->n > 0 ? r->call->kids.p[r->n - 1] : NULL;

    if (!node || (node->kind == KQL_NODE_NAME && kql_plan_field(r->in, node->text)) ||
        !kql_bind_is_tabular(r->b, node))
        return true;
    struct kql_rel *table = kql_bind_table(r->b, node);
    if (!table || table->fields.n == 0)
        return false;
    struct kql_rel   *ids = kql_bind_rel(r->b, KQL_REL_PROJECT, table);
    str               name = name_of(r, r->call->kids.p[0]);
    struct kql_field *field = kql_plan_field(table, name);
    ids->fields = (kql_fields) { 0 };
    kql_bind_field(r->b, ids, name, field ? field->col : table->fields.p[0].col);
    add_scope(&r->lib, (struct kql_scope) { .name = word, .rel = ids });
    r->excludes = true;
    r->n--;
    return true;
}

static size_t words_of(str text)
{
    size_t n = 0;
    str    word;
    while (str_split(&text, ' ', &word))
        n += word.n > 0 && !str_eq(word, S("..."));
    return n;
}

/* Whether the values in brackets are there: with them, the values reach that much further. */
static bool has_optional(const struct reading *r, size_t in_brackets)
{
    size_t all = words_of(str_of(r->plugin->args));
    return r->n >= all && in_brackets > 0 && !uses_columns(r, r->call->kids.p[all - 1]);
}

static bool read_arguments(struct reading *r)
{
    str  args = str_of(r->plugin->args), word;
    bool in_brackets = false;

    size_t open = str_find_byte(args, '['), close = str_find_byte(args, ']');
    size_t optional = open != STR_NPOS ? words_of(str_slice(args, open, close)) : 0;
    r->n = r->call->kids.n;
    size_t table = str_find_byte(args, '&');
    if (table != STR_NPOS && !read_table(r, S("Known")))
        return false;
    args = str_slice(args, 0, table != STR_NPOS ? table : args.n);
    r->missing = optional > 0 && !has_optional(r, optional);
    while (str_split(&args, ' ', &word)) {
        bool ok = true, ends = str_ends(word, S("]"));
        if (word.n == 0)
            continue;
        in_brackets = in_brackets || str_starts(word, S("["));
        word = str_slice(word, str_starts(word, S("[")), word.n - ends);
        str ours = arena_printf(r->b->arena, STR_FMT "_", STR_ARG(str_from(word, word.p[0] == '@')));
        if (str_eq(word, S("...")))
            ok = read_dimensions(r);
        else if (word.p[0] == '@')
            ok = read_column(r, word, ours);
        else if (word.p[0] == '#')
            ok = read_constant(r);
        else if (word.p[0] == '?')
            ok = read_optional(r, word, arena_printf(r->b->arena, STR_FMT "_", STR_ARG(str_from(word, 1))));
        else if (!in_brackets || !r->missing)
            ok = read_value(r, word, ours);
        if (!ok)
            return false;
        in_brackets = in_brackets && !ends;
    }
    if (r->at < r->n) {
        kql_bind_error(r->b, KQL_DIAG_ARGUMENTS, r->call->kids.p[r->at]->span,
                       "%s() takes at most %zu arguments", r->plugin->name, r->at);
        return false;
    }
    return true;
}

static void add_dimensions(const struct reading *r, struct strbuf *out, char mark)
{
    for (size_t i = 1; i <= r->n_dims; i++)
        if (mark == 'D')
            strbuf_addf(out, ", d%zu_", i);
        else if (mark == 'S')
            strbuf_addf(out, "d%zu_ asc, ", i);
        else
            strbuf_addf(out, mark == 'R' ? " or d%zu_ != prev(d%zu_)" : " and d%zu_ == prev(d%zu_)", i, i);
}

static void add_step(const struct reading *r, struct strbuf *out, char mark)
{
    str unit = r->unit, step = r->step_name, type = kql_type_name(r->time);

    if (mark == 'B' && unit.n > 0)
        strbuf_addf(out, "startof" STR_FMT "(t_)", STR_ARG(unit));
    else if (mark == 'B')
        strbuf_addf(out, "bin_at(t_, " STR_FMT ", start_)", STR_ARG(step));
    else if (mark == 'F' && unit.n > 0)
        strbuf_addf(out, "startof" STR_FMT "(min(t_))", STR_ARG(unit));
    else if (mark == 'F')
        strbuf_addf(out, "bin(min(t_), " STR_FMT ")", STR_ARG(step));
    else if (mark == 'P' && unit.n > 0)
        strbuf_addf(out, "datetime_add('" STR_FMT "', -1, w_)", STR_ARG(unit));
    else if (mark == 'P')
        strbuf_addf(out, "(w_ - " STR_FMT ")", STR_ARG(step));
    else if (mark == 'L' && unit.n > 0)
        strbuf_addf(out,
                    "mv-expand i_ = range(0, tolong(lookback_ / 7d), 1) to typeof(long) | extend v_ = "
                    "datetime_add('" STR_FMT "', i_, w_) | where i_ == 0 or v_ < w_ + lookback_ | extend w_ "
                    "= v_",
                    STR_ARG(unit));
    else if (mark == 'L')
        strbuf_addf(out,
                    "mv-expand v_ = range(w_, w_ + lookback_ - " STR_FMT ", " STR_FMT ") to typeof(" STR_FMT
                    ") | extend w_ = v_",
                    STR_ARG(step), STR_ARG(step), STR_ARG(type));
    else if (unit.n > 0)
        strbuf_addf(out,
                    "(print i_ = range(0, tolong((end_ - start_) / 7d) + 1, 1) | mv-expand i_ to "
                    "typeof(long) | project b_ = datetime_add('" STR_FMT "', i_, startof" STR_FMT
                    "(start_)) | where b_ <= end_)",
                    STR_ARG(unit), STR_ARG(unit));
    else
        strbuf_addf(out,
                    "(print b_ = range(start_, end_, " STR_FMT ") | mv-expand b_ to typeof(" STR_FMT "))",
                    STR_ARG(step), STR_ARG(type));
}

static str body_of(const struct reading *r)
{
    AUTO_STRBUF out = STRBUF_INIT(1 << 16);
    str         text = str_of(r->plugin->body);
    size_t      otherwise = str_find(text, S("else "));
    str         type = kql_type_name(r->time);

    if (r->missing)
        strbuf_add(&out, str_from(text, otherwise + 5));
    text = otherwise != STR_NPOS ? str_slice(text, 0, otherwise) : text;
    str filled = r->missing
                     ? arena_printf(r->b->arena, STR_FMT STR_FMT, STR_ARG(strbuf_view(&out)), STR_ARG(text))
                     : text;
    out.n = 0;
    for (size_t i = 0; i < filled.n; i++) {
        char mark = filled.p[i] == '$' ? filled.p[++i] : 0;
        if (!mark)
            strbuf_addc(&out, filled.p[i]);
        else if (mark >= '1' && mark <= '9')
            strbuf_add(&out, r->constants[mark - '1']);
        else if (mark == 'T')
            strbuf_add(&out, type);
        else if (mark == 'Z')
            strbuf_addf(&out, STR_FMT "(null)", STR_ARG(type));
        else if (mark == 'X')
            strbuf_addz(&out, r->excludes ? "| where id_ !in (Known) " : "");
        else if (strchr("DSRA", mark))
            add_dimensions(r, &out, mark);
        else
            add_step(r, &out, mark);
    }
    return arena_str(r->b->arena, strbuf_view(&out));
}

struct kql_rel *kql_plugin_library_bind(struct kql_binder *b, const struct kql_node *call,
                                        const struct kql_node *schema, struct kql_rel *in)
{
    struct reading r = { .b = b, .call = call, .plugin = kql_plugin_find(call->text), .in = in };

    (void)schema;
    r.lib = kql_plugin_library_begin(b, call, in);
    return read_arguments(&r) ? kql_plugin_library_run(&r.lib, body_of(&r)) : NULL;
}
