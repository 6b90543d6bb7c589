/* SPDX-License-Identifier: Apache-2.0 */
/* An alert that is raised again: what it says now is joined with what it said before. */
#include "detect/detect_entity.h"
#include "incident/incident_priv.h"

enum { MAX_JSON = 1 << 20, MAX_MARKS = 20000, MARK_BYTES = sizeof(struct alert_mark) };

/* The rows of an alert while they are merged. */
struct evidence {
    struct arena      *arena;
    struct alert_mark *marks;
    str               *texts; /* of the rows kept; empty for the others */
    size_t             n, kept;
    bool               changed;
};

static str marks_bytes(struct arena *a, const struct alert_mark *marks, size_t n)
{
    return arena_str(a, str_make((const char *)marks, (n < MAX_MARKS ? n : MAX_MARKS) * MARK_BYTES));
}

struct incident_alert_row incident_merge_first(struct arena *a, const struct alert *raised)
{
    return (struct incident_alert_row) {
        .a.alert = *raised,
        .a.n_rows = (int64_t)raised->rows.n_marks,
        .updated = raised->generated,
        .marks = marks_bytes(a, raised->rows.marks, raised->rows.n_marks),
        .kept = raised->rows.rows,
    };
}

/* --- rows --- */

/* The text of row i of those kept; empty when there are fewer. */
static str row_text(struct arena *a, const struct json *rows, size_t i)
{
    AUTO_STRBUF        text = STRBUF_INIT(ALERT_MAX_ROW_BYTES);
    const struct json *row = json_at(rows, i);

    if (!row)
        return STR_NONE;
    json_print(&text, row, 0);
    return text.overflow ? STR_NONE : arena_str(a, strbuf_view(&text));
}

static enum rc load(struct evidence *e, const struct incident_alert_row *from, size_t room, struct err *err)
{
    const struct json *rows;
    size_t             n = from->marks.n / MARK_BYTES;

    TRY(json_parse(e->arena, from->kept, &rows, err));
    e->marks = ARENA_ARRAY(e->arena, struct alert_mark, n + room + 1);
    e->texts = ARENA_ARRAY(e->arena, str, n + room + 1);
    memcpy(e->marks, from->marks.n ? from->marks.p : "", n * MARK_BYTES);
    for (; e->n < n; e->n++)
        if (e->marks[e->n].kept)
            e->texts[e->n] = row_text(e->arena, rows, e->kept++);
    return RC_OK;
}

/* The row that `m` repeats (its own id) or that it is a grown form of; n when it is new. */
static size_t place_of(const struct evidence *e, const struct alert_mark *m)
{
    size_t grown = e->n;

    for (size_t i = 0; i < e->n; i++) {
        const struct alert_mark *old = &e->marks[i];
        if (old->id == m->id)
            return i;
        if (m->end > m->start && old->key == m->key && m->start <= old->start && m->end >= old->end)
            grown = i;
    }
    return grown;
}

static void take(struct evidence *e, const struct alert_mark *m, str text)
{
    size_t at = place_of(e, m);

    if (at < e->n && e->marks[at].id == m->id)
        return;
    e->changed = true;
    bool is_new = at == e->n, was_kept = !is_new && e->marks[at].kept;
    bool keeps = text.n && (was_kept || e->kept < ALERT_MAX_ROWS);
    e->marks[at] = *m;
    e->marks[at].kept = keeps || was_kept;
    if (keeps)
        e->texts[at] = text;
    e->kept += keeps && !was_kept;
    e->n += is_new;
}

/* The rows kept, as far as they fit; what does not is counted still. */
static str store(struct evidence *e)
{
    AUTO_STRBUF out = STRBUF_INIT(ALERT_MAX_ROW_BYTES + 64);
    size_t      kept = 0;

    strbuf_addc(&out, '[');
    for (size_t i = 0; i < e->n; i++) {
        bool fits = e->texts[i].n && out.n + e->texts[i].n <= ALERT_MAX_ROW_BYTES;
        e->marks[i].kept = fits;
        if (!fits)
            continue;
        if (kept++)
            strbuf_addc(&out, ',');
        strbuf_add(&out, e->texts[i]);
    }
    strbuf_addc(&out, ']');
    return arena_str(e->arena, strbuf_view(&out));
}

static enum rc merge_rows(struct arena *a, const struct alert_rows *raised, struct incident_alert_row *into,
                          bool *changed, struct err *err)
{
    struct evidence    e = { .arena = a };
    const struct json *rows;
    size_t             next = 0;

    TRY(load(&e, into, raised->n_marks, err));
    TRY(json_parse(a, raised->rows, &rows, err));
    for (size_t i = 0; i < raised->n_marks; i++) {
        str text = raised->marks[i].kept ? row_text(a, rows, next++) : STR_NONE;
        take(&e, &raised->marks[i], text);
    }
    *changed = e.changed;
    if (!e.changed)
        return RC_OK;
    into->kept = store(&e);
    into->marks = marks_bytes(a, e.marks, e.n);
    into->a.n_rows = (int64_t)(into->marks.n / MARK_BYTES);
    return RC_OK;
}

/* --- the rest --- */

static enum rc merge_entities(struct arena *a, str have, str more, str *out, struct err *err)
{
    struct detect_entities list = { .arena = a };

    TRY(detect_entity_parse(&list, have, err));
    TRY(detect_entity_parse(&list, more, err));
    *out = detect_entity_json(&list);
    return RC_OK;
}

static bool text_in(const struct json *list, str s)
{
    for (size_t i = 0; list && list->kind == JSON_ARRAY && i < list->n; i++)
        if (json_at(list, i)->kind == JSON_STRING && str_eq(json_at(list, i)->s, s))
            return true;
    return false;
}

/* Each key's values of both, each value once. */
static enum rc merge_details(struct arena *a, str have, str more, str *out, struct err *err)
{
    const struct json *old, *fresh;
    AUTO_STRBUF        text = STRBUF_INIT(MAX_JSON);
    struct json_w      w = json_w_make(&text);

    TRY(json_parse(a, have, &old, err));
    TRY(json_parse(a, more, &fresh, err));
    json_w_object(&w);
    for (size_t k = 0; k < fresh->n; k++) {
        const struct json *was = json_get(old, fresh->members[k].key), *is = &fresh->members[k].value;
        json_w_key(&w, fresh->members[k].key);
        json_w_array(&w);
        for (size_t i = 0; was && i < was->n; i++)
            json_w_tree(&w, json_at(was, i));
        for (size_t i = 0, n = was ? was->n : 0; i < is->n && n < 50; i++)
            if (json_at(is, i)->kind == JSON_STRING && !text_in(was, json_at(is, i)->s)) {
                json_w_tree(&w, json_at(is, i));
                n++;
            }
        json_w_end(&w);
    }
    json_w_end(&w);
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

enum rc incident_merge_again(struct arena *a, const struct alert *raised, struct incident_alert_row *into,
                             bool *changed, struct err *err)
{
    struct alert *r = &into->a.alert;

    TRY(merge_rows(a, &raised->rows, into, changed, err));
    if (!*changed)
        return RC_OK;
    TRY(merge_entities(a, r->entities, raised->entities, &r->entities, err));
    TRY(merge_details(a, r->details, raised->details, &r->details, err));
    into->updated = raised->generated;
    r->start = raised->start < r->start ? raised->start : r->start;
    r->end = raised->end > r->end ? raised->end : r->end;
    r->severity = raised->severity > r->severity ? raised->severity : r->severity;
    r->window_from = raised->window_from < r->window_from ? raised->window_from : r->window_from;
    r->window_to = raised->window_to > r->window_to ? raised->window_to : r->window_to;
    r->ingested_to = raised->ingested_to > r->ingested_to ? raised->ingested_to : r->ingested_to;
    if (!r->compromised.n)
        r->compromised = raised->compromised;
    return RC_OK;
}
