/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_scan.h"

#include "kql/kql_block.h"
#include "kql/kql_emit.h"

/* Names of the fold: #x is the row, a tuple of its number and its columns; #a is the accumulator, a tuple of
 * the states of the steps, the number of the next sequence, the matches of this row and those of the rows
 * before. A state is a tuple: whether a sequence stands there, its number, and for each step up to this one
 * what its last row had. That is a tuple of a zero (so that it is never empty), the declared columns, the
 * kept fields, and for a step with output=last the row itself. */

str kql_scan_field_sql(struct arena *a, size_t field)
{
    return arena_printf(a, "`#x`.%zu", kql_scan_row_field(field));
}

str kql_scan_state_sql(struct arena *a, size_t state, size_t step, size_t place)
{
    return arena_printf(a, "`#a`.%zu.%zu.%zu", state + 1, step + 3, place + 2);
}

size_t kql_scan_match_id(void)
{
    return 1;
}

size_t kql_scan_match_declared(size_t declared)
{
    return declared + 2;
}

size_t kql_scan_match_row(const struct kql_scan *s)
{
    return s->n_declared + 2;
}

size_t kql_scan_row_field(size_t field)
{
    return field + 2;
}

struct writer {
    struct kql_emit       *e;
    const struct kql_expr *call;
    const struct kql_scan *scan;
};

static void add(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct writer *w, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    strbuf_addv(w->e->out, fmt, ap);
    va_end(ap);
}

static const struct kql_col *column(const struct writer *w, size_t field)
{
    return w->call->args[(size_t)w->call->number + field]->col;
}

static bool any_last(const struct kql_scan *s)
{
    for (size_t i = 0; i < s->n_steps; i++)
        if (s->steps[i].output == KQL_SCAN_LAST)
            return true;
    return false;
}

static void add_cast_to(struct writer *w, enum kql_type type)
{
    add(w, " AS " STR_FMT ")", STR_ARG(kql_type_sql(type)));
}

static bool is_read(const struct writer *w, size_t i)
{
    return kql_block_is_live(w->e, column(w, i));
}

/* The row, as an expression; what nobody reads is a zero. */
static void add_row(struct writer *w)
{
    add(w, "tuple(toInt64(");
    kql_emit_expr(w->e, w->call->args[0]);
    add(w, ")");
    for (size_t i = 0; i < w->scan->n_fields; i++) {
        if (!is_read(w, i)) {
            add(w, ",0");
            continue;
        }
        add(w, ",CAST(");
        kql_emit_name(w->e, column(w, i)->sql);
        add_cast_to(w, w->scan->fields[i]);
    }
    add(w, ")");
}

static void add_row_type(struct writer *w)
{
    add(w, "Tuple(Int64");
    for (size_t i = 0; i < w->scan->n_fields; i++)
        add(w, "," STR_FMT, STR_ARG(is_read(w, i) ? kql_type_sql(w->scan->fields[i]) : S("UInt8")));
    add(w, ")");
}

static void add_null_row(struct writer *w)
{
    add(w, "tuple(toInt64(0)");
    for (size_t i = 0; i < w->scan->n_fields; i++)
        add(w, "," STR_FMT, STR_ARG(is_read(w, i) ? kql_type_null_sql(w->scan->fields[i]) : S("0")));
    add(w, ")");
}

static void add_declared_types(struct writer *w)
{
    for (size_t i = 0; i < w->scan->n_declared; i++)
        add(w, "," STR_FMT, STR_ARG(kql_type_sql(w->scan->declared[i])));
}

static void add_default(struct writer *w, size_t i)
{
    add(w, "CAST(");
    kql_value_sql(w->e->out, &w->scan->defaults[i]);
    add_cast_to(w, w->scan->declared[i]);
}

/* --- what a step remembers of its last row --- */

static void add_memory_type(struct writer *w, const struct kql_scan_step *step)
{
    add(w, "Tuple(UInt8");
    add_declared_types(w);
    for (size_t i = 0; i < step->n_kept; i++)
        add(w, "," STR_FMT, STR_ARG(kql_type_sql(w->scan->fields[step->kept[i]])));
    if (step->output == KQL_SCAN_LAST) {
        add(w, ",");
        add_row_type(w);
    }
    add(w, ")");
}

static void add_no_memory(struct writer *w, const struct kql_scan_step *step)
{
    add(w, "tuple(0");
    for (size_t i = 0; i < w->scan->n_declared; i++) {
        add(w, ",");
        add_default(w, i);
    }
    for (size_t i = 0; i < step->n_kept; i++)
        add(w, "," STR_FMT, STR_ARG(kql_type_null_sql(w->scan->fields[step->kept[i]])));
    if (step->output == KQL_SCAN_LAST) {
        add(w, ",");
        add_null_row(w);
    }
    add(w, ")");
}

static void add_assigned(struct writer *w, const struct kql_scan_step *step, enum kql_scan_check check)
{
    for (size_t i = 0; i < w->scan->n_declared; i++) {
        add(w, ",CAST(");
        kql_emit_closed(w->e, w->call->args[step->assigned[check] + i]);
        add_cast_to(w, w->scan->declared[i]);
    }
}

static void add_memory(struct writer *w, const struct kql_scan_step *step, enum kql_scan_check check)
{
    add(w, "tuple(0");
    add_assigned(w, step, check);
    for (size_t i = 0; i < step->n_kept; i++)
        add(w, ",`#x`.%zu", kql_scan_row_field(step->kept[i]));
    add(w, step->output == KQL_SCAN_LAST ? ",`#x`)" : ")");
}

/* --- states --- */

static void add_state_type(struct writer *w, size_t k)
{
    add(w, "Tuple(UInt8,Int64");
    for (size_t i = 0; i <= k; i++) {
        add(w, ",");
        add_memory_type(w, &w->scan->steps[i]);
    }
    add(w, ")");
}

static void add_no_state(struct writer *w, size_t k)
{
    add(w, "tuple(0,toInt64(0)");
    for (size_t i = 0; i <= k; i++) {
        add(w, ",");
        add_no_memory(w, &w->scan->steps[i]);
    }
    add(w, ")");
}

/* The state of step k when the row at hand is its last: what the steps before remember comes from `from`. */
static void add_state(struct writer *w, size_t k, size_t from, enum kql_scan_check check)
{
    bool opens = check == KQL_SCAN_REPEAT && k == 0;

    if (opens) /* the first step with no sequence opens one */
        add(w, "tuple(1,if(`#a`.1.1 = 1,`#a`.1.2,`#a`.%zu)", w->scan->n_steps + 1);
    else
        add(w, "tuple(1,`#a`.%zu.2", from + 1);
    for (size_t i = 0; i < k; i++)
        add(w, ",`#a`.%zu.%zu", from + 1, i + 3);
    add(w, ",");
    add_memory(w, &w->scan->steps[k], check);
    add(w, ")");
}

/* --- matches: the sequence's number, declared columns, and where a row may be told of later, itself --- */

static void add_match_type(struct writer *w)
{
    add(w, "Tuple(Int64");
    add_declared_types(w);
    if (any_last(w->scan)) {
        add(w, ",");
        add_row_type(w);
    }
    add(w, ")");
}

static void add_match(struct writer *w, size_t k, size_t from, enum kql_scan_check check)
{
    bool opens = check == KQL_SCAN_REPEAT && k == 0;

    if (opens)
        add(w, "tuple(if(`#a`.1.1 = 1,`#a`.1.2,`#a`.%zu)", w->scan->n_steps + 1);
    else
        add(w, "tuple(`#a`.%zu.2", from + 1);
    add_assigned(w, &w->scan->steps[k], check);
    add(w, any_last(w->scan) ? ",`#x`)" : ")");
}

/* What step k with output=last still owes when its sequence leaves it. */
static void add_owed(struct writer *w, size_t k)
{
    const struct kql_scan_step *step = &w->scan->steps[k];

    add(w, "if(`#a`.%zu.1 = 1,[tuple(`#a`.%zu.2", k + 1, k + 1);
    for (size_t i = 0; i < w->scan->n_declared; i++)
        add(w, ",`#a`.%zu.%zu.%zu", k + 1, k + 3, i + 2);
    add(w, ",`#a`.%zu.%zu.%zu)],[])", k + 1, k + 3, w->scan->n_declared + step->n_kept + 2);
}

/* The matches of this row so far, and what a match of step k adds. */
static void add_matches(struct writer *w, size_t k, size_t from, enum kql_scan_check check)
{
    const struct kql_scan_step *steps = w->scan->steps;
    bool                        promotes = check == KQL_SCAN_PROMOTE;

    add(w, "arrayConcat(`#a`.%zu", w->scan->n_steps + 2);
    for (size_t i = from; promotes && i <= k; i++)
        if (steps[i].output == KQL_SCAN_LAST) {
            add(w, ",");
            add_owed(w, i);
        }
    if (steps[k].output == KQL_SCAN_ALL) {
        add(w, ",[");
        add_match(w, k, from, check);
        add(w, "]");
    }
    add(w, ")");
}

/* The accumulator after a match of step k. */
static void add_matched(struct writer *w, size_t k, enum kql_scan_check check)
{
    size_t n = w->scan->n_steps, from = check == KQL_SCAN_PROMOTE ? k - 1 : k;

    add(w, "tuple(");
    for (size_t i = 0; i < n; i++) {
        if (i == k)
            add_state(w, k, from, check);
        else if (i == from)
            add_no_state(w, i);
        else
            add(w, "`#a`.%zu", i + 1);
        add(w, ",");
    }
    if (check == KQL_SCAN_REPEAT && k == 0)
        add(w, "`#a`.%zu + if(`#a`.1.1 = 1,0,1),", n + 1);
    else
        add(w, "`#a`.%zu,", n + 1);
    add_matches(w, k, from, check);
    add(w, ")");
}

static void add_condition(struct writer *w, size_t k, enum kql_scan_check check)
{
    size_t state = check == KQL_SCAN_PROMOTE ? k - 1 : k;

    add(w, state == 0 && k == 0 ? "(" : "(`#a`.%zu.1 = 1 AND ", state + 1);
    add(w, "ifNull(");
    kql_emit_closed(w->e, w->call->args[w->scan->steps[k].condition[check]]);
    add(w, ",false))");
}

/* What step k makes of the accumulator #a. */
static void add_step(struct writer *w, size_t k)
{
    add(w, "multiIf(");
    if (k > 0) {
        add_condition(w, k, KQL_SCAN_PROMOTE);
        add(w, ",");
        add_matched(w, k, KQL_SCAN_PROMOTE);
        add(w, ",");
    }
    add_condition(w, k, KQL_SCAN_REPEAT);
    add(w, ",");
    add_matched(w, k, KQL_SCAN_REPEAT);
    add(w, ",`#a`)");
}

/* The steps one after the other, the last first: each sees the accumulator that the one before it left. */
static void add_fold_body(struct writer *w)
{
    size_t n = w->scan->n_steps;

    add(w, "tuple(arrayMap(`#a` -> (`#a`,arrayPushBack(`#f`.2,`#a`.%zu)),[", n + 2);
    for (size_t k = 0; k < n; k++) {
        add(w, "arrayMap(`#a` -> ");
        add_step(w, k);
        add(w, ",[");
    }
    add(w, "tuple(");
    for (size_t i = 0; i <= n; i++)
        add(w, "`#f`.1.%zu,", i + 1);
    add(w, "CAST([] AS Array(");
    add_match_type(w);
    add(w, ")))");
    for (size_t k = 0; k < n; k++)
        add(w, "])[1]");
    add(w, "])[1]).1");
}

static void add_fold_start(struct writer *w)
{
    size_t n = w->scan->n_steps;

    add(w, "CAST(tuple(tuple(");
    for (size_t i = 0; i < n; i++) {
        add_no_state(w, i);
        add(w, ",");
    }
    add(w, "0,[]),[]) AS Tuple(Tuple(");
    for (size_t i = 0; i < n; i++) {
        add_state_type(w, i);
        add(w, ",");
    }
    add(w, "Int64,Array(");
    add_match_type(w);
    add(w, ")),Array(Array(");
    add_match_type(w);
    add(w, "))))");
}

/* Rows in order. A part of too many is refused before the fold begins. */
static void add_rows(struct writer *w)
{
    add(w, "arraySort(`#t` -> `#t`.1,groupArray(%d)(", KQL_SCAN_ROWS + 1);
    add_row(w);
    add(w, "))");
}

/* The matches of all rows with the rows themselves, from the end of the fold, which is #a here. */
static void add_result(struct writer *w)
{
    bool last = any_last(w->scan);

    add(w, "arrayConcat(arrayFlatten(arrayMap((`#x`,`#c`) -> arrayMap(`#o` -> tuple(`#o`.1");
    for (size_t i = 0; i < w->scan->n_declared; i++)
        add(w, ",`#o`.%zu", kql_scan_match_declared(i));
    if (last)
        add(w, ",`#o`.%zu),`#c`),", kql_scan_match_row(w->scan));
    else
        add(w, ",`#x`),`#c`),");
    add_rows(w);
    add(w, ",`#a`.2))");
    if (last) {
        add(w, ",arrayMap(`#a` -> arrayConcat([]");
        for (size_t k = 0; k < w->scan->n_steps; k++)
            if (w->scan->steps[k].output == KQL_SCAN_LAST) {
                add(w, ",");
                add_owed(w, k);
            }
        add(w, "),[`#a`.1])[1]");
    }
    add(w, ")");
}

static void emit_scan(struct kql_emit *e, const struct kql_expr *call)
{
    struct writer w = { e, call, call->data };

    add(&w, "arrayMap(`#a` -> ");
    add_result(&w);
    add(&w, ",[arrayFold((`#f`,`#x`) -> ");
    add_fold_body(&w);
    add(&w, ",if(throwIf(count() > %d,'scan takes at most %d rows of a part') = 0,", KQL_SCAN_ROWS,
        KQL_SCAN_ROWS);
    add_rows(&w);
    add(&w, ",[]),");
    add_fold_start(&w);
    add(&w, ")])[1]");
}

const struct kql_agg KQL_SCAN_AGG = {
    .name = "scan", .emit = emit_scan, .ordered = false, .carries = true, .nulls = KQL_FN_NULLS_NEVER
};
