/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_explore.h"

#include "incident/incident_priv.h"
#include "kql/kql_result.h"

enum {
    MAX_TEXT = 512 * 1024,
    MAX_ROWS_TEXT = 8 << 20,
    MAX_COLUMNS_TEXT = 64 * 1024,
    QUERY_ARENA = 192 << 20
};

/* --- the text --- */

static void add_literal(struct strbuf *out, str v)
{
    strbuf_addc(out, '"');
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c == '"' || c == '\\')
            strbuf_addf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            strbuf_addf(out, "\\u%04x", c);
        else
            strbuf_addc(out, (char)c);
    }
    strbuf_addc(out, '"');
}

static str text_of(struct arena *a, const struct content_explore *what, const struct incident_entity_page *p,
                   struct err *err)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_TEXT);

    strbuf_addz(&out, "let v_Names = dynamic([");
    for (size_t i = 0; i < p->n_names; i++) {
        strbuf_addz(&out, i ? ", " : "");
        json_escape(&out, p->names[i]);
    }
    strbuf_addz(&out, "]);\n");
    for (const struct content_entity_field *f = p->said.type->fields; f->name.n; f++) {
        strbuf_addf(&out, "let v_" STR_FMT " = ", STR_ARG(f->name));
        add_literal(&out, detect_entity_value(&p->said, f->name));
        strbuf_addz(&out, ";\n");
    }
    strbuf_add(&out, what->query);
    return strbuf_ok(&out, "the query", err) == RC_OK ? arena_str(a, strbuf_view(&out)) : STR_NONE;
}

enum rc incident_explore_text(struct incident_store *s, const struct content_explore *what, str entity,
                              struct arena *a, str *out, struct err *err)
{
    struct incident_entity_page page;

    if (what->kind == CONTENT_HUNTING) {
        *out = what->query;
        return RC_OK;
    }
    TRY(incident_entity_get(s, entity, a, &page, err));
    if (!str_eq(page.said.type->name, what->type))
        return err_set(err, RC_INVALID, "'" STR_FMT "' is asked of a " STR_FMT ", and this is a " STR_FMT,
                       STR_ARG(what->title), STR_ARG(what->type), STR_ARG(page.said.type->name));
    *out = text_of(a, what, &page, err);
    return out->p ? RC_OK : RC_LIMIT;
}

/* --- the rows --- */

struct gathering {
    struct arena                          *arena;
    const struct incident_explore_request *request;
    struct incident_explore_result         out;
    const struct kql_column               *columns;
    size_t                                 n_columns;
    struct strbuf                          rows;
    VEC(const struct json *) parsed;
};

static enum rc begin(void *ctx, const struct kql_program *program, struct err *err)
{
    struct gathering *g = ctx;
    AUTO_STRBUF       text = STRBUF_INIT(MAX_COLUMNS_TEXT);

    kql_result_columns(program->columns, program->n_columns, &text);
    TRY(strbuf_ok(&text, "the columns", err));
    g->out.columns = arena_str(g->arena, strbuf_view(&text));
    g->columns = program->columns;
    g->n_columns = program->n_columns;
    strbuf_addc(&g->rows, '[');
    return RC_OK;
}

static enum rc take_row(void *ctx, str json, struct err *err)
{
    struct gathering *g = ctx;

    if (g->out.n_rows)
        strbuf_addc(&g->rows, ',');
    strbuf_add(&g->rows, json);
    TRY(strbuf_ok(&g->rows, "the rows", err));
    g->out.n_rows++;
    return json_parse(g->arena, json, vec_push_in(g->arena, &g->parsed), err);
}

static const struct json *cell(const struct gathering *g, size_t row, str column)
{
    for (size_t i = 0; i < g->n_columns; i++)
        if (str_eq(g->columns[i].name, column))
            return json_at(g->parsed.p[row], i);
    return NULL;
}

static void add_edge(struct gathering *g, str target, bool is_alert, size_t row)
{
    if (g->out.n_edges < INCIDENT_EXPLORE_MAX_EDGES)
        g->out.edges[g->out.n_edges++] = (struct incident_explore_edge) { target, is_alert, row };
}

/* --- what the rows name --- */

/* When the row's thing was seen: what the row says itself, else the beginning of what was asked. */
static ts seen_at(const struct gathering *g, size_t row)
{
    static const char *const columns[] = { "First", "TimeGenerated", "Last" };
    ts                       t;

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct json *v = cell(g, row, str_of(columns[i]));
        if (v && v->kind == JSON_STRING && ts_parse(v->s, &t))
            return t;
    }
    return g->request->from;
}

static enum rc follow_mapping(struct gathering *g, struct state_tx *tx, const struct content_mapping *m,
                              size_t row, struct err *err)
{
    struct detect_entities list = { .arena = g->arena };
    struct detect_entity   raw = { .type = content_entity_find(m->type) };
    str                    name;

    for (size_t i = 0; i < m->n_ids; i++) {
        const struct json *v = cell(g, row, m->ids[i].column);
        if (v && v->kind == JSON_STRING)
            raw.values[raw.n_values++] = (struct detect_entity_value) { m->ids[i].identifier, v->s };
    }
    if (!raw.n_values || !detect_entity_add(&list, &raw))
        return RC_OK;
    TRY(incident_entity_note(tx, g->arena, &list.p[0], seen_at(g, row), &name, err));
    if (!str_eq(name, g->request->entity))
        add_edge(g, name, false, row);
    return RC_OK;
}

static enum rc follow_rows(struct gathering *g, struct state_tx *tx, struct err *err)
{
    const struct content_explore *what = g->request->what;

    for (size_t row = 0; row < g->parsed.n; row++) {
        const struct json *alert = cell(g, row, S("SystemAlertId"));
        if (alert && alert->kind == JSON_STRING && alert->s.n)
            add_edge(g, alert->s, true, row);
        for (size_t m = 0; m < what->n_mappings; m++)
            TRY(follow_mapping(g, tx, &what->mappings[m], row, err));
    }
    return RC_OK;
}

static enum rc follow(struct incident_store *s, struct gathering *g, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    if (!g->request->what->n_mappings && !g->parsed.n)
        return RC_OK;
    TRY(state_tx_write(s->state, &tx, err));
    TRY(follow_rows(g, tx, err));
    return state_tx_commit(tx, err);
}

static enum rc load_targets(struct incident_store *s, struct gathering *g, struct err *err)
{
    g->out.entities = ARENA_ARRAY(g->arena, struct incident_entity, g->out.n_edges + 1);
    for (size_t i = 0; i < g->out.n_edges; i++) {
        struct incident_entity_page page;
        bool                        known = g->out.edges[i].is_alert;
        for (size_t k = 0; k < i && !known; k++)
            known = str_eq(g->out.edges[k].target, g->out.edges[i].target);
        if (known)
            continue;
        TRY(incident_entity_get(s, g->out.edges[i].target, g->arena, &page, err));
        g->out.entities[g->out.n_entities++] = page.entity;
    }
    return RC_OK;
}

static str first_diag(const struct query_outcome *o)
{
    return o->diags.list.n ? o->diags.list.p[0].message : STR_NONE;
}

static enum rc run_query(struct gathering *g, struct err *err)
{
    AUTO(arena) work = arena_new(QUERY_ARENA);
    const struct incident_explore_request *r = g->request;
    const struct query_request             q = { .arena = work,
                                                 .text = g->out.query,
                                                 .who = r->who,
                                                 .has_time = true,
                                                 .time_from = r->from,
                                                 .time_to = r->to,
                                                 .max_rows = INCIDENT_EXPLORE_MAX_ROWS,
                                                 .dynamic = KQL_RESULT_DYNAMIC_VALUE };
    const struct query_sink                sink = { .ctx = g, .begin = begin, .row = take_row };
    struct query_outcome                   outcome = { 0 };
    enum rc                                rc = query_run(r->query, &q, &sink, &outcome, err);

    if (rc != RC_OK)
        return kql_diag_any(&outcome.diags)
                   ? err_set(err, rc, "'" STR_FMT "': " STR_FMT, STR_ARG(r->what->title),
                             STR_ARG(str_slice(first_diag(&outcome), 0, 180)))
                   : rc;
    g->out.partial = outcome.partial;
    if (outcome.partial)
        g->out.why = arena_str(g->arena, str_of(outcome.error.text));
    /* The program's columns die with its arena. */
    struct kql_column *kept = ARENA_ARRAY(g->arena, struct kql_column, g->n_columns + 1);
    for (size_t i = 0; i < g->n_columns; i++)
        kept[i] = (struct kql_column) { arena_str(g->arena, g->columns[i].name), g->columns[i].type };
    g->columns = kept;
    return RC_OK;
}

enum rc incident_explore_run(struct incident_store *s, const struct incident_explore_request *r,
                             struct arena *a, struct incident_explore_result *out, struct err *err)
{
    struct gathering g = { .arena = a, .request = r };

    TRY(incident_explore_text(s, r->what, r->entity, a, &g.out.query, err));
    g.out.edges = ARENA_ARRAY(a, struct incident_explore_edge, INCIDENT_EXPLORE_MAX_EDGES);
    strbuf_init(&g.rows, MAX_ROWS_TEXT);
    enum rc rc = run_query(&g, err);
    strbuf_addc(&g.rows, ']');
    g.out.rows = arena_str(a, strbuf_view(&g.rows));
    strbuf_done(&g.rows);
    TRY(rc);
    TRY(follow(s, &g, err));
    TRY(load_targets(s, &g, err));
    *out = g.out;
    return RC_OK;
}
