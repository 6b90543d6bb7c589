/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_draft.h"

#include "base/guid.h"
#include "base/vec.h"
#include "detect/detect_entity.h"
#include "kql/kql_result.h"

enum { MAX_NAME = 256, MAX_TEXT = 5000, MAX_VALUE = 256, MAX_ROWS_TEXT = ALERT_MAX_ROW_BYTES + 64 };

/* The space of our alerts' names: any fixed GUID does. */
static const guid SPACE = { { 0x1f, 0x5d, 0x0c, 0x52, 0x8a, 0x3e, 0x4b, 0x8d, 0x9c, 0x77, 0x2e, 0x60, 0x41,
                              0xd8, 0xb5, 0x13 } };

str detect_draft_id(struct arena *a, const struct content_rule *rule, const struct detect_row *first)
{
    char text[GUID_TEXT_SIZE];
    str  name = arena_printf(a, STR_FMT "/%016llx/%016llx", STR_ARG(rule->id), (unsigned long long)first->key,
                             (unsigned long long)first->id);
    return arena_str(a, guid_text(guid_of(SPACE, name), text));
}

void detect_draft_add(struct arena *a, struct detect_draft *d, const struct detect_row *row)
{
    if (!d->n_rows || row->start < d->start)
        d->start = row->start;
    if (!d->n_rows || row->end > d->end)
        d->end = row->end;
    d->rows = vec_grow_in(a, d->rows, d->n_rows, &d->cap, sizeof(struct detect_row *));
    d->rows[d->n_rows++] = row;
}

static str columns_json(const struct detect_rows *rows)
{
    AUTO_STRBUF out = STRBUF_INIT(ALERT_MAX_ROW_BYTES);

    kql_result_columns(rows->columns, rows->n_columns, &out);
    return arena_str(rows->arena, strbuf_view(&out));
}

/* The first rows that fit; a row of its own size over the limit is left out, the query finds it. */
static struct alert_rows rows_of(const struct detect_rows *rows, const struct detect_draft *d, str table)
{
    AUTO_STRBUF        out = STRBUF_INIT(MAX_ROWS_TEXT);
    struct alert_mark *marks = ARENA_ARRAY(rows->arena, struct alert_mark, d->n_rows + 1);
    size_t             kept = 0;

    strbuf_addc(&out, '[');
    for (size_t i = 0; i < d->n_rows; i++) {
        const struct detect_row *r = d->rows[i];
        bool fits = r->text.n && kept < ALERT_MAX_ROWS && out.n + r->text.n <= ALERT_MAX_ROW_BYTES;
        marks[i] = (struct alert_mark) { r->id, r->key, r->start, r->end, fits };
        if (!fits)
            continue;
        if (kept++)
            strbuf_addc(&out, ',');
        strbuf_add(&out, r->text);
    }
    strbuf_addc(&out, ']');
    return (struct alert_rows) { table, columns_json(rows), arena_str(rows->arena, strbuf_view(&out)), marks,
                                 d->n_rows };
}

static bool seen_before(const struct detect_rows *rows, const struct detect_draft *d, size_t upto, str column,
                        str value)
{
    for (size_t i = 0; i < upto; i++)
        if (str_eq(detect_row_text(rows, d->rows[i], column), value))
            return true;
    return false;
}

static str details_json(const struct detect_rows *rows, const struct detect_draft *d)
{
    AUTO_STRBUF   out = STRBUF_INIT(ALERT_MAX_ROW_BYTES);
    struct json_w w = json_w_make(&out);
    size_t        bytes = 0;

    json_w_object(&w);
    for (size_t k = 0; k < rows->rule->n_details; k++) {
        const struct content_detail *detail = &rows->rule->details[k];
        size_t                       n = 0;
        json_w_key(&w, detail->key);
        json_w_array(&w);
        for (size_t i = 0; i < d->n_rows && i < ALERT_MAX_ROWS && n < DETECT_DRAFT_MAX_VALUES; i++) {
            str v = str_slice(detect_row_text(rows, d->rows[i], detail->column), 0, MAX_VALUE);
            if (!v.n || seen_before(rows, d, i, detail->column, v) || bytes + v.n > DETECT_DRAFT_MAX_DETAILS)
                continue;
            json_w_str(&w, v);
            bytes += v.n;
            n++;
        }
        json_w_end(&w);
    }
    json_w_end(&w);
    return arena_str(rows->arena, strbuf_view(&out));
}

static str properties_json(const struct detect_rows *rows, const struct detect_row *first)
{
    const struct content_override *o = &rows->rule->override;
    AUTO_STRBUF                    out = STRBUF_INIT(ALERT_MAX_ROW_BYTES);
    struct json_w                  w = json_w_make(&out);

    json_w_object(&w);
    for (size_t i = 0; first && i < o->n_properties; i++) {
        str v = str_slice(detect_row_text(rows, first, o->properties[i].column), 0, MAX_VALUE);
        if (v.n)
            json_w_kstr(&w, o->properties[i].key, v);
    }
    json_w_end(&w);
    return arena_str(rows->arena, strbuf_view(&out));
}

/* The first row with cells; an alert about nothing has none. */
static const struct detect_row *first_row(const struct detect_draft *d)
{
    return d->n_rows && d->rows[0]->text.n ? d->rows[0] : NULL;
}

static void override(struct alert *alert, const struct detect_rows *rows, const struct detect_row *row)
{
    const struct content_override *o = &rows->rule->override;
    str                           *tactics;

    if (!row)
        return;
    if (o->name_format.n)
        alert->display_name = detect_row_format(rows, row, o->name_format, MAX_NAME);
    if (o->description_format.n)
        alert->description = detect_row_format(rows, row, o->description_format, MAX_TEXT);
    if (o->severity_column.n)
        (void)content_rule_severity_parse(detect_row_text(rows, row, o->severity_column), &alert->severity);
    if (o->tactics_column.n && detect_row_text(rows, row, o->tactics_column).n) {
        tactics = ARENA_NEW(rows->arena, str);
        *tactics = detect_row_text(rows, row, o->tactics_column);
        alert->tactics = tactics;
        alert->n_tactics = 1;
    }
}

struct alert detect_draft_alert(const struct detect_context *c, const struct detect_draft *d)
{
    const struct detect_rows  *rows = c->rows;
    const struct content_rule *rule = rows->rule;
    struct detect_entities     entities = { .arena = rows->arena };
    struct alert               alert = {
                      .id = d->id,
                      .rule_id = rule->id,
                      .rule_name = rule->name,
                      .rule_version = rule->version,
                      .display_name = rule->name,
                      .description = rule->description,
                      .severity = rule->severity,
                      .tactics = rule->tactics,
                      .techniques = rule->techniques,
                      .n_tactics = rule->n_tactics,
                      .n_techniques = rule->n_techniques,
                      .start = d->start,
                      .end = d->end,
                      .generated = c->now,
                      .details = details_json(rows, d),
                      .properties = properties_json(rows, first_row(d)),
                      .query = rule->query,
                      .window_from = rows->window.from,
                      .window_to = rows->window.to,
                      .ingested_to = c->ingested_to,
                      .rows = rows_of(rows, d, c->table),
                      .product = S("Vedette"),
                      .component = str_eq(rule->kind, S("NRT")) ? S("NRT rules") : S("Scheduled rules"),
                      .vendor = S("Vedette"),
                      .provider = S("Vedette detections"),
                      .incidents = rule->incidents,
    };

    for (size_t i = 0; i < d->n_rows; i++)
        if (d->rows[i]->text.n)
            detect_entity_add_row(&entities, rows, d->rows[i]);
    alert.entities = detect_entity_json(&entities);
    alert.compromised = detect_entity_compromised(&entities);
    override(&alert, rows, first_row(d));
    return alert;
}
