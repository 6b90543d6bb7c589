/* SPDX-License-Identifier: Apache-2.0 */
/* Uploading a list, looking at what an upload would do, deleting. */
#include "hunt/hunt_watchlist_priv.h"

enum { MIN_NAME = 3, MAX_NAME = 64, MAX_TEXT = 4000, MAX_LABELS = 50, MAX_SKIP = 1000, BAD_SHOWN = 5 };

static bool alias_fine(str alias)
{
    if (alias.n < MIN_NAME || alias.n > MAX_NAME)
        return false;
    for (size_t i = 0; i < alias.n; i++) {
        char c = alias.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || i + 1 == alias.n || !strchr(" -_.", c)))
            return false;
    }
    return true;
}

static enum rc take_text(const struct json *props, const char *name, str *field, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v)
        return RC_OK;
    if (v->kind != JSON_STRING && v->kind != JSON_NULL)
        return err_set(err, RC_INVALID, "properties.%s: a text is expected", name);
    *field = v->kind == JSON_STRING ? v->s : S("");
    return field->n <= MAX_TEXT ? RC_OK
                                : err_set(err, RC_INVALID, "properties.%s: at most %d bytes", name, MAX_TEXT);
}

static enum rc take_labels(struct arena *a, const struct json *props, struct hunt_watchlist *l,
                           struct err *err)
{
    const struct json *v = json_get(props, S("labels"));

    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_ARRAY || v->n > MAX_LABELS)
        return err_set(err, RC_INVALID, "properties.labels: a list of at most %d texts", MAX_LABELS);
    str *labels = ARENA_ARRAY(a, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        if (json_at(v, i)->kind != JSON_STRING || json_at(v, i)->s.n > 100)
            return err_set(err, RC_INVALID, "properties.labels: texts of at most 100 bytes");
        labels[i] = json_at(v, i)->s;
    }
    l->labels = labels;
    l->n_labels = v->n;
    return RC_OK;
}

static enum rc take_body(struct arena *a, const struct json *props, struct hunt_watchlist *l, struct err *err)
{
    TRY(take_text(props, "displayName", &l->name, err));
    TRY(take_text(props, "provider", &l->provider, err));
    TRY(take_text(props, "source", &l->source, err));
    TRY(take_text(props, "sourceType", &l->source_type, err));
    TRY(take_text(props, "description", &l->description, err));
    TRY(take_text(props, "defaultDuration", &l->default_duration, err));
    TRY(take_text(props, "itemsSearchKey", &l->search_key, err));
    TRY(take_labels(a, props, l, err));
    if (!l->name.n)
        l->name = l->alias;
    if (l->name.n < MIN_NAME || l->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "properties.displayName: %d to %d bytes", MIN_NAME, MAX_NAME);
    return RC_OK;
}

/* --- the content --- */

static enum rc separator_of(const struct json *props, char *out, struct err *err)
{
    str type = json_str(props, S("contentType"), S("text/csv"));

    if (str_eq_ci(type, S("text/csv")) || !type.n)
        *out = ',';
    else if (str_eq_ci(type, S("text/tsv")))
        *out = '\t';
    else
        return err_set(err, RC_INVALID, "properties.contentType: text/csv or text/tsv");
    return RC_OK;
}

static enum rc read_content(struct arena *a, const struct json *props, struct hunt_csv *out, struct err *err)
{
    struct hunt_csv_opts opts;
    int64_t              skip = json_i64(props, S("numberOfLinesToSkip"), 0);

    TRY(separator_of(props, &opts.separator, err));
    if (skip < 0 || skip > MAX_SKIP)
        return err_set(err, RC_INVALID, "properties.numberOfLinesToSkip: 0 to %d", MAX_SKIP);
    opts.skip = (size_t)skip;
    enum rc rc = hunt_csv_read(a, json_str(props, S("rawContent"), S("")), opts, out, err);
    return rc == RC_OK ? RC_OK : err_wrap(err, "properties.rawContent");
}

static enum rc refuse_bad(const struct hunt_csv *csv, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(200);

    if (!csv->n_bad)
        return RC_OK;
    for (size_t i = 0; i < csv->n_bad && i < BAD_SHOWN; i++)
        strbuf_addf(&text, "%sline %zu " STR_FMT, i ? "; " : "", csv->bad[i].line,
                    STR_ARG(csv->bad[i].reason));
    return err_set(err, RC_INVALID, "properties.rawContent: %zu lines do not fit: " STR_FMT, csv->n_bad,
                   STR_ARG(strbuf_view(&text)));
}

/* What the content makes of the list: its columns, and the steps that lead there. */
static enum rc plan(struct hunt *h, struct state_tx *tx, const struct hunt_csv *csv, struct arena *a,
                    struct hunt_watchlist *l, hunt_watchlist_steps *steps, struct err *err)
{
    hunt_watchlist_rows is = { 0 }, want = { 0 };

    l->columns = csv->columns;
    l->n_columns = csv->n_columns;
    size_t key = hunt_watchlist_column(l, l->search_key);
    if (key == STR_NPOS)
        return err_set(err, RC_INVALID, "properties.itemsSearchKey: there is no column '" STR_FMT "'",
                       STR_ARG(str_slice(l->search_key, 0, 64)));
    if (l->version)
        TRY(hunt_watchlist_rows_read(tx, l->id, a, &is, err));
    for (size_t i = 0; i < csv->n_rows; i++)
        *vec_push_in(a, &want) =
            (struct hunt_watchlist_row) { .item = json_texts(a, csv->cells + i * csv->n_columns,
                                                             csv->n_columns) };
    hunt_watchlist_compare(h, a, &is, &want, key, steps);
    return RC_OK;
}

static enum rc rekey(struct hunt_watchlist *l, struct err *err)
{
    if (hunt_watchlist_column(l, l->search_key) != STR_NPOS)
        return RC_OK;
    return err_set(err, RC_INVALID, "properties.itemsSearchKey: there is no column '" STR_FMT "'",
                   STR_ARG(str_slice(l->search_key, 0, 64)));
}

/* Finds the list, or prepares a new one. */
static enum rc begin(struct hunt_watchlist_edit *e, str alias, struct err *err)
{
    struct err why = { 0 };
    char       id[GUID_TEXT_SIZE];
    enum rc    rc = hunt_watchlist_find(e->tx, alias, true, e->arena, &e->list, &why);

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    e->is_new = rc == RC_NOT_FOUND || e->list.deleted;
    if (rc == RC_NOT_FOUND)
        e->list = (struct hunt_watchlist) {
            .alias = alias,
            .id = arena_str(e->arena, guid_text(env_guid(e->hunt->env), id)),
            .source_type = S("Local file"),
        };
    return RC_OK;
}

static enum rc full(struct state_tx *tx, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx, "SELECT count(*) FROM watchlists WHERE deleted = 0", STATE_NO_ARGS, &st, err));
    return state_stmt_i64(st, 0) < HUNT_WATCHLIST_MAX
               ? RC_OK
               : err_set(err, RC_LIMIT, "at most %d watchlists", HUNT_WATCHLIST_MAX);
}

static enum rc put_in(struct hunt_watchlist_edit *e, const struct hunt_watchlist_put *put, struct err *err)
{
    const struct json *content = json_get(put->properties, S("rawContent"));
    struct hunt_csv    csv;

    if (e->is_new)
        TRY(full(e->tx, err));
    TRY(hunt_may_change(put->if_match, e->is_new ? STR_NONE : e->list.etag, err));
    TRY(take_body(e->arena, put->properties, &e->list, err));
    if (content && content->kind == JSON_STRING && content->s.n) {
        TRY(read_content(e->arena, put->properties, &csv, err));
        TRY(refuse_bad(&csv, err));
        TRY(plan(e->hunt, e->tx, &csv, e->arena, &e->list, &e->steps, err));
        e->what = e->is_new ? "created" : "uploaded";
    } else if (e->is_new) {
        return err_set(err, RC_INVALID, "properties.rawContent: a new watchlist has content");
    } else {
        TRY(rekey(&e->list, err));
        e->what = "changed";
    }
    return hunt_watchlist_apply(e, err);
}

enum rc hunt_watchlist_put(struct hunt *h, const struct hunt_watchlist_put *put, struct arena *a,
                           struct hunt_watchlist *out, bool *created, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt_watchlist_edit e = { .hunt = h, .arena = a, .now = env_now(h->env), .by = &put->by };

    if (!alias_fine(put->alias))
        return err_set(err, RC_INVALID,
                       "an alias has %d to %d letters, digits and between them blanks, - _ .", MIN_NAME,
                       MAX_NAME);
    TRY(state_tx_write(h->state, &tx, err));
    e.tx = tx;
    TRY(begin(&e, put->alias, err));
    bool again = put->by.request.n && !e.is_new && str_eq(put->by.request, e.list.request);
    if (!again) {
        TRY(put_in(&e, put, err));
        TRY(hunt_watchlist_find(tx, put->alias, false, a, &e.list, err));
        TRY(state_tx_commit(tx, err));
    }
    *out = e.list;
    *created = e.is_new || (again && e.list.version == 1);
    return RC_OK;
}

enum rc hunt_watchlist_delete(struct hunt *h, str alias, const struct incident_by *by, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(256 << 20);
    hunt_watchlist_rows        is = { 0 };
    struct hunt_watchlist_edit e = {
        .hunt = h, .arena = a, .now = env_now(h->env), .by = by, .what = "deleted"
    };

    TRY(state_tx_write(h->state, &tx, err));
    e.tx = tx;
    TRY(hunt_watchlist_find(tx, alias, false, a, &e.list, err));
    TRY(hunt_watchlist_rows_read(tx, e.list.id, a, &is, err));
    for (size_t i = 0; i < is.n; i++)
        *vec_push_in(a, &e.steps) = (struct hunt_watchlist_step) { is.p[i].id, is.p[i].item, STR_NONE };
    TRY(hunt_watchlist_apply(&e, err));
    TRY(state_stmt_run(tx, "UPDATE watchlists SET deleted = 1 WHERE id = ?", STATE_ARGS(STATE_S(e.list.id)),
                       err));
    return state_tx_commit(tx, err);
}

/* --- looking first --- */

enum rc hunt_watchlist_preview(struct hunt *h, const struct hunt_watchlist_put *put, struct arena *a,
                               struct hunt_watchlist_diff *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hunt_watchlist_edit e = { .hunt = h, .arena = a, .by = &put->by };
    struct hunt_csv            csv;
    size_t                     ignored;

    TRY(state_tx_read(h->state, &tx, err));
    e.tx = tx;
    TRY(begin(&e, put->alias, err));
    TRY(take_text(put->properties, "itemsSearchKey", &e.list.search_key, err));
    TRY(read_content(a, put->properties, &csv, err));
    TRY(plan(h, tx, &csv, a, &e.list, &e.steps, err));
    *out =
        (struct hunt_watchlist_diff) { .columns = csv.columns,
                                       .n_columns = csv.n_columns,
                                       .changes = ARENA_ARRAY(a, struct hunt_watchlist_change, e.steps.n + 1),
                                       .n = e.steps.n,
                                       .bad = csv.bad,
                                       .n_bad = csv.n_bad };
    for (size_t i = 0; i < e.steps.n; i++) {
        const struct hunt_watchlist_step *s = &e.steps.p[i];
        struct hunt_watchlist_change     *c = &out->changes[i];
        *c = (struct hunt_watchlist_change) { .id = s->id };
        TRY(json_texts_read(a, s->was, &c->was, &ignored, err));
        TRY(json_texts_read(a, s->became, &c->became, &ignored, err));
        out->added += !s->was.n;
        out->removed += !s->became.n;
        out->changed += s->was.n && s->became.n;
    }
    out->same = csv.n_rows - out->added - out->changed;
    return RC_OK;
}
