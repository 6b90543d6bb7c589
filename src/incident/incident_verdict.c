/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_verdict.h"

#include "incident/incident_priv.h"

enum {
    MAX_VALUES = 5,
    MAX_CONDITIONS = 8,
    MAX_TEXT = 512 * 1024,
    LOOKED_AT = 1000,
    CONTEXT = 3,
    MAX_LINES = 8000
};

/* --- precision --- */

static void judge(struct incident_verdict *v)
{
    int64_t judged = v->true_positive + v->benign_positive + v->false_logic + v->false_data;

    v->measured = judged > 0;
    v->precision = judged ? (double)v->true_positive / (double)judged : 0;
}

enum rc incident_verdict_list(struct incident_store *s, str rule_id, struct arena *a,
                              struct incident_verdict **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_verdict) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT r.rule_id, count(*) FILTER (WHERE i.status <> 2), "
        "count(*) FILTER (WHERE i.status = 2 AND i.classification = 'TruePositive'), "
        "count(*) FILTER (WHERE i.status = 2 AND i.classification = 'BenignPositive'), "
        "count(*) FILTER (WHERE i.status = 2 AND i.classification = 'FalsePositive' AND "
        "i.classification_reason <> 'InaccurateData'), "
        "count(*) FILTER (WHERE i.status = 2 AND i.classification = 'FalsePositive' AND "
        "i.classification_reason = 'InaccurateData'), "
        "count(*) FILTER (WHERE i.status = 2 AND i.classification IN ('Undetermined', '')) "
        "FROM incident_rules r JOIN incidents i ON i.number = r.incident "
        "WHERE i.deleted = 0 AND i.merged_into = 0 AND (?1 = '' OR r.rule_id = ?1) GROUP BY r.rule_id "
        "ORDER BY r.rule_id",
        STATE_ARGS(STATE_S(rule_id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        struct incident_verdict *v = vec_push_in(a, &list);
        *v = (struct incident_verdict) { .rule_id = state_stmt_str_in(st, 0, a),
                                         .open = state_stmt_i64(st, 1),
                                         .true_positive = state_stmt_i64(st, 2),
                                         .benign_positive = state_stmt_i64(st, 3),
                                         .false_logic = state_stmt_i64(st, 4),
                                         .false_data = state_stmt_i64(st, 5),
                                         .undetermined = state_stmt_i64(st, 6) };
        judge(v);
    }
    if (rule_id.n && !list.n)
        vec_push_in(a, &list)->rule_id = rule_id;
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

/* --- the exception --- */

/* One column of the rows and the values that it has in them. */
struct condition {
    str    column;
    str    values[MAX_VALUES];
    size_t n;
    bool   too_many;
};

struct exception {
    struct arena              *arena;
    const struct content_rule *rule;
    struct condition           p[MAX_CONDITIONS];
    size_t                     n;
};

static void note_value(struct condition *c, str v)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq_ci(c->values[i], v))
            return;
    if (c->n == MAX_VALUES)
        c->too_many = true;
    else
        c->values[c->n++] = v;
}

/* Position of a column in an alert's columns; -1: it has none. */
static int column_at(const struct json *columns, str name)
{
    for (size_t i = 0; columns && columns->kind == JSON_ARRAY && i < columns->n; i++)
        if (str_eq(json_str(json_at(columns, i), S("name"), STR_NONE), name))
            return (int)i;
    return -1;
}

static str cell(const struct json *row, int at)
{
    const struct json *v = at < 0 ? NULL : json_at(row, (size_t)at);
    return v && v->kind == JSON_STRING ? v->s : STR_NONE;
}

static void add_columns(struct exception *x)
{
    for (size_t i = 0; i < x->rule->n_mappings; i++) {
        const struct content_mapping *m = &x->rule->mappings[i];
        for (size_t k = 0; k < m->n_ids; k++) {
            bool known = false;
            for (size_t c = 0; c < x->n; c++)
                known |= str_eq(x->p[c].column, m->ids[k].column);
            if (!known && x->n < MAX_CONDITIONS)
                x->p[x->n++].column = m->ids[k].column;
        }
    }
}

static enum rc read_rows(struct arena *a, const struct incident_alert_row *alert, const struct json **columns,
                         const struct json **rows, struct err *err)
{
    TRY(json_parse(a, alert->a.alert.rows.columns, columns, err));
    return json_parse(a, alert->kept, rows, err);
}

static enum rc gather(struct exception *x, const struct incident_alert_row *alert, struct err *err)
{
    const struct json *columns, *rows;

    TRY(read_rows(x->arena, alert, &columns, &rows, err));
    for (size_t r = 0; r < rows->n; r++) {
        for (size_t c = 0; c < x->n; c++) {
            str v = cell(json_at(rows, r), column_at(columns, x->p[c].column));
            if (v.n)
                note_value(&x->p[c], v);
            else
                x->p[c].too_many = true; /* a row without it would not be excepted */
        }
    }
    return RC_OK;
}

/* What has no value or too many says nothing; the others together say which rows are meant. */
static void drop_weak(struct exception *x)
{
    size_t kept = 0;

    for (size_t i = 0; i < x->n; i++)
        if (x->p[i].n && !x->p[i].too_many)
            x->p[kept++] = x->p[i];
    x->n = kept;
}

/* A text as KQL writes it. */
static void add_literal(struct strbuf *out, str v)
{
    strbuf_addc(out, '"');
    for (size_t i = 0; i < v.n; i++) {
        unsigned char ch = (unsigned char)v.p[i];
        if (ch == '"' || ch == '\\')
            strbuf_addf(out, "\\%c", ch);
        else if (ch == '\n')
            strbuf_addz(out, "\\n");
        else if (ch < 0x20 || ch == 0x7f)
            strbuf_addf(out, "\\u%04x", ch);
        else
            strbuf_addc(out, (char)ch);
    }
    strbuf_addc(out, '"');
}

static str condition_text(struct exception *x)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);

    strbuf_addz(&out, "not(");
    for (size_t i = 0; i < x->n; i++) {
        const struct condition *c = &x->p[i];
        strbuf_addf(&out, "%s" STR_FMT " %s", i ? " and " : "", STR_ARG(c->column),
                    c->n == 1 ? "=~ " : "in~ (");
        for (size_t k = 0; k < c->n; k++) {
            strbuf_addz(&out, k ? ", " : "");
            add_literal(&out, c->values[k]);
        }
        strbuf_addz(&out, c->n == 1 ? "" : ")");
    }
    strbuf_addc(&out, ')');
    return arena_str(x->arena, strbuf_view(&out));
}

/* --- what it would have silenced --- */

static bool covers(const struct exception *x, const struct json *columns, const struct json *row)
{
    for (size_t c = 0; c < x->n; c++) {
        str  v = cell(row, column_at(columns, x->p[c].column));
        bool in = false;
        for (size_t k = 0; k < x->p[c].n; k++)
            in |= str_eq_ci(v, x->p[c].values[k]);
        if (!in)
            return false;
    }
    return true;
}

static enum rc covers_all(struct exception *x, const struct incident_alert_row *alert, bool *out,
                          struct err *err)
{
    const struct json *columns, *rows;

    TRY(read_rows(x->arena, alert, &columns, &rows, err));
    *out = rows->n > 0 && (int64_t)rows->n == alert->a.n_rows; /* rows that were not kept are not known */
    for (size_t r = 0; *out && r < rows->n; r++)
        *out = covers(x, columns, json_at(rows, r));
    return RC_OK;
}

static enum rc simulate(struct exception *x, struct state_tx *tx, struct incident_verdict_exception *out,
                        struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more, covered;

    TRY(state_stmt_open(tx,
                        "SELECT a.id, coalesce(i.classification, '') FROM alerts a LEFT JOIN incidents i ON "
                        "i.number = a.incident WHERE a.rule_id = ? ORDER BY a.generated DESC LIMIT ?",
                        STATE_ARGS(STATE_S(x->rule->id), STATE_I(LOOKED_AT)), &st, err));
    while (true) {
        struct incident_alert_row alert;
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        TRY(incident_alert_find(tx, state_stmt_str(st, 0), x->arena, &alert, err));
        TRY(covers_all(x, &alert, &covered, err));
        out->looked_at++;
        if (!covered)
            continue;
        out->silenced++;
        out->silenced_true += str_eq(state_stmt_str(st, 1), S("TruePositive"));
        if (out->n_alerts < INCIDENT_VERDICT_MAX_LISTED)
            out->alerts[out->n_alerts++] = alert.a.alert.id;
    }
}

/* --- the diff --- */

struct lines {
    str   *p;
    size_t n;
};

static struct lines lines_of(struct arena *a, str text)
{
    struct lines out = { ARENA_ARRAY(a, str, MAX_LINES), 0 };
    str          rest = text, line;

    while (out.n < MAX_LINES && str_split(&rest, '\n', &line))
        out.p[out.n++] = line;
    while (out.n && !str_trim(out.p[out.n - 1]).n)
        out.n--;
    return out;
}

static size_t indent_of(str line)
{
    size_t n = 0;
    while (n < line.n && line.p[n] == ' ')
        n++;
    return n;
}

/* Where in the file the query's last line stands, with all lines before it in their order; file.n: nowhere.
 */
static size_t end_in_file(const struct lines *file, const struct lines *query)
{
    for (size_t end = query->n; query->n && end <= file->n; end++) {
        size_t k = 0;
        while (k < query->n && str_eq(str_trim(file->p[end - query->n + k]), str_trim(query->p[k])))
            k++;
        if (k == query->n)
            return end - 1;
    }
    return file->n;
}

/* A hunk that adds one line behind line `at`. */
static str hunk(struct arena *a, str name, const struct lines *l, size_t at, str added)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);
    size_t      from = at + 1 > CONTEXT ? at + 1 - CONTEXT : 0;
    size_t      to = at + 1 + CONTEXT < l->n ? at + 1 + CONTEXT : l->n;

    strbuf_addf(&out, "--- a/" STR_FMT "\n+++ b/" STR_FMT "\n@@ -%zu,%zu +%zu,%zu @@\n", STR_ARG(name),
                STR_ARG(name), from + 1, to - from, from + 1, to - from + 1);
    for (size_t i = from; i < to; i++) {
        strbuf_addf(&out, " " STR_FMT "\n", STR_ARG(l->p[i]));
        if (i == at)
            strbuf_addf(&out, "+" STR_FMT "\n", STR_ARG(added));
    }
    return arena_str(a, strbuf_view(&out));
}

static void write_diff(struct exception *x, struct incident_verdict_exception *out)
{
    struct lines query = lines_of(x->arena, x->rule->query), text = lines_of(x->arena, x->rule->text);
    size_t       at = end_in_file(&text, &query);
    bool         in_file = at < text.n;

    if (!query.n)
        return;
    size_t indent = in_file ? indent_of(text.p[at]) : 0;
    str    added = arena_printf(x->arena, "%*s| where " STR_FMT, (int)indent, "", STR_ARG(out->condition));
    out->diff = in_file ? hunk(x->arena, x->rule->file, &text, at, added)
                        : hunk(x->arena, S("query"), &query, query.n - 1, added);
    out->query = arena_printf(x->arena, STR_FMT "\n| where " STR_FMT, STR_ARG(str_trim(x->rule->query)),
                              STR_ARG(out->condition));
}

enum rc incident_verdict_except(struct incident_store *s, str incident, const struct content_rule *rule,
                                struct arena *a, struct incident_verdict_exception *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct exception                  x = { .arena = a, .rule = rule };
    struct incident_verdict_exception e = { .looked_at = 0 };
    struct incident_row               row;
    struct incident_alert_row        *alerts;
    size_t                            n, of_rule = 0;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(incident_alert_list(tx, row.i.number, a, &alerts, &n, err));
    add_columns(&x);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(alerts[i].a.alert.rule_id, rule->id))
            continue;
        of_rule++;
        TRY(gather(&x, &alerts[i], err));
    }
    drop_weak(&x);
    if (!of_rule)
        return err_set(err, RC_CONFLICT, "incident %lld has no alert of rule '" STR_FMT "'",
                       (long long)row.i.number, STR_ARG(rule->name));
    if (!x.n)
        return err_set(err, RC_CONFLICT,
                       "the rows of incident %lld name nothing, or more than %d values of each thing: an "
                       "exception of them would silence too much",
                       (long long)row.i.number, MAX_VALUES);
    e.condition = condition_text(&x);
    write_diff(&x, &e);
    TRY(simulate(&x, tx, &e, err));
    *out = e;
    return RC_OK;
}
