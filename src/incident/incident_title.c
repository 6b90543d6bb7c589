/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"
#include "detect/detect_name.h"
#include "incident/incident_priv.h"

enum { MAX_TITLE = 256, MAX_SUMMARY = 2000, MAX_TOP = 8192, MAX_LABEL = 80 };

static const struct detect_entity *first_of(const struct detect_entities *list, str type)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].type->name, type))
            return &list->p[i];
    return NULL;
}

/* Is the thing named in the text by its label, or by the bare name in it? */
static bool names(struct arena *a, str text, const struct detect_entity *e)
{
    str name = detect_entity_value(e, str_eq(e->type->name, S("Host")) ? S("HostName") : S("Name"));

    return str_contains_ci(text, detect_entity_label(a, e)) || (name.n && str_contains_ci(text, name));
}

str incident_title_of(struct arena *a, const struct alert *alert, str entities_json)
{
    static const struct {
        const char *type, *word;
    } parts[] = { { "Account", " by " }, { "Host", " on " }, { "IP", " from " } };
    struct detect_entities list = { .arena = a };
    AUTO_STRBUF            title = STRBUF_INIT(MAX_TITLE);
    struct err             none;
    int                    added = 0;

    strbuf_add(&title, str_slice(alert->display_name, 0, MAX_TITLE - 1));
    if (detect_entity_parse(&list, entities_json, &none) != RC_OK)
        return arena_str(a, strbuf_view(&title));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct detect_entity *e = first_of(&list, str_of(parts[i].type));
        bool                        address = i == 2;
        /* An address says where from only where no machine and account do already. */
        if (!e || names(a, alert->display_name, e) || (address && added == 2))
            continue;
        strbuf_addz(&title, parts[i].word);
        strbuf_add(&title, str_slice(detect_entity_label(a, e), 0, MAX_LABEL));
        added++;
    }
    return arena_str(a, strbuf_view(&title));
}

static int telling(const struct detect_entity *e)
{
    static const char *const order[] = {
        "Host", "Account", "IP", "AzureResource", "CloudApplication", "Mailbox", "Process", "File", "URL"
    };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (str_eq(e->type->name, str_of(order[i])))
            return (int)i;
    return (int)(sizeof order / sizeof *order);
}

struct top {
    struct arena *arena;
    struct {
        str kind, name;
        int rank;
    } p[INCIDENT_PRIV_TOP_ENTITIES + 1];
    size_t n;
};

/* Keeps the list in order of rank, what came first before what came later, and drops the last one over. */
static void offer(struct top *t, str kind, str name, int rank)
{
    size_t at = t->n;

    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].kind, kind) && str_eq_ci(t->p[i].name, name))
            return;
    while (at > 0 && t->p[at - 1].rank > rank)
        at--;
    memmove(&t->p[at + 1], &t->p[at], (t->n - at) * sizeof *t->p);
    t->p[at].kind = kind;
    t->p[at].name = name;
    t->p[at].rank = rank;
    t->n = t->n < INCIDENT_PRIV_TOP_ENTITIES ? t->n + 1 : t->n;
}

static void offer_known(struct top *t, str top_json)
{
    const struct json *doc;

    if (!top_json.n || json_parse(t->arena, top_json, &doc, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < doc->n; i++) {
        str kind = json_str(json_at(doc, i), S("kind"), STR_NONE);
        for (const struct content_entity *e = CONTENT_ENTITY_TYPES; e->name.n; e++) {
            struct detect_entity one = { .type = e };
            if (str_eq(e->kind, kind))
                offer(t, kind, json_str(json_at(doc, i), S("name"), STR_NONE), telling(&one));
        }
    }
}

str incident_title_entities(struct arena *a, str top_json, str entities_json)
{
    struct detect_entities list = { .arena = a };
    struct top             t = { .arena = a };
    AUTO_STRBUF            out = STRBUF_INIT(MAX_TOP);
    struct json_w          w = json_w_make(&out);
    struct err             none;

    offer_known(&t, top_json);
    if (detect_entity_parse(&list, entities_json, &none) == RC_OK)
        for (size_t i = 0; i < list.n; i++)
            offer(&t, list.p[i].type->kind, str_slice(detect_entity_label(a, &list.p[i]), 0, 4 * MAX_LABEL),
                  telling(&list.p[i]));
    json_w_array(&w);
    for (size_t i = 0; i < t.n; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("kind"), t.p[i].kind);
        json_w_kstr(&w, S("name"), t.p[i].name);
        json_w_end(&w);
    }
    json_w_end(&w);
    return out.overflow ? S("[]") : arena_str(a, strbuf_view(&out));
}

static bool named_before(const struct incident_alert_row *alerts, size_t upto)
{
    for (size_t i = 0; i < upto; i++)
        if (str_eq(alerts[i].a.alert.rule_id, alerts[upto].a.alert.rule_id))
            return true;
    return false;
}

str incident_title_summary(struct arena *a, const struct incident_alert_row *alerts, size_t n)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_SUMMARY);
    char        from[TS_TEXT_SIZE], to[TS_TEXT_SIZE];
    ts          end = 0;

    if (n == 1)
        return alerts[0].a.alert.description;
    for (size_t i = 0; i < n; i++)
        end = alerts[i].a.alert.end > end ? alerts[i].a.alert.end : end;
    ts second = TS_PER_SECOND;
    ts_text_short(alerts[0].a.alert.start / second * second, from);
    ts_text_short(end / second * second, to);
    strbuf_addf(&out, "%zu alerts from %s to %s: ", n, from, to);
    for (size_t i = 0; i < n; i++) {
        if (named_before(alerts, i))
            continue;
        if (i)
            strbuf_addz(&out, "; ");
        strbuf_add(&out, alerts[i].a.alert.rule_name);
    }
    strbuf_addc(&out, '.');
    return arena_str(a, strbuf_view(&out));
}
