/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"

#include "base/vec.h"
#include "detect/detect_alert.h"
#include "detect/detect_name.h"

enum { MAX_LIST = 50, MAX_VALUE = 4096 };

str detect_entity_value(const struct detect_entity *e, str name)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (str_eq(e->values[i].name, name))
            return e->values[i].value;
    return STR_NONE;
}

static bool same(const struct detect_entity *a, const struct detect_entity *b)
{
    if (a->type != b->type || a->n_values != b->n_values)
        return false;
    for (size_t i = 0; i < a->n_values; i++)
        if (!str_eq_ci(detect_entity_value(b, a->values[i].name), a->values[i].value))
            return false;
    return true;
}

static bool listed(const struct detect_entities *list, const struct detect_entity *e)
{
    for (size_t i = 0; i < list->n; i++)
        if (same(&list->p[i], e))
            return true;
    return false;
}

static size_t weight(const struct detect_entity *e)
{
    size_t n = 40;
    for (size_t i = 0; i < e->n_values; i++)
        n += e->values[i].name.n + e->values[i].value.n + 8;
    return n;
}

bool detect_entity_add(struct detect_entities *list, const struct detect_entity *raw)
{
    struct detect_entity e = *raw;

    detect_name_settle(list->arena, &e);
    if (!e.n_values || detect_name_builtin(&e))
        return false;
    if (listed(list, &e))
        return true;
    if (list->n >= ALERT_MAX_ENTITIES || list->bytes + weight(&e) > ALERT_MAX_ENTITY_BYTES)
        return false;
    for (size_t i = 0; i < e.n_values; i++)
        e.values[i].value = arena_str(list->arena, e.values[i].value);
    list->bytes += weight(&e);
    *vec_push_in(list->arena, list) = e;
    return true;
}

/* A cell that holds a list of texts names each of them; only where one identifier names the thing, since with
 * two nobody says which belong together. */
static void add_each(struct detect_entities *list, const struct content_mapping *m,
                     const struct content_entity *type, const struct json *cell)
{
    for (size_t i = 0; i < cell->n && i < MAX_LIST; i++) {
        const struct json *item = json_at(cell, i);
        if (item->kind != JSON_STRING)
            continue;
        struct detect_entity e = { .type = type, .n_values = 1 };
        e.values[0] = (struct detect_entity_value) { m->ids[0].identifier, str_slice(item->s, 0, MAX_VALUE) };
        (void)detect_entity_add(list, &e);
    }
}

static void add_mapping(struct detect_entities *list, const struct content_mapping *m,
                        const struct detect_rows *rows, const struct detect_row *row)
{
    struct detect_entity e = { .type = content_entity_find(m->type) };
    const struct json   *only = m->n_ids == 1 ? detect_row_cell(rows, row, m->ids[0].column) : NULL;

    if (!e.type)
        return;
    if (only && only->kind == JSON_ARRAY) {
        add_each(list, m, e.type, only);
        return;
    }
    for (size_t i = 0; i < m->n_ids; i++)
        e.values[e.n_values++] = (struct detect_entity_value) {
            m->ids[i].identifier,
            str_slice(detect_row_text(rows, row, m->ids[i].column), 0, MAX_VALUE),
        };
    (void)detect_entity_add(list, &e);
}

void detect_entity_add_row(struct detect_entities *list, const struct detect_rows *rows,
                           const struct detect_row *row)
{
    for (size_t i = 0; i < rows->rule->n_mappings; i++)
        add_mapping(list, &rows->rule->mappings[i], rows, row);
}

str detect_entity_json(const struct detect_entities *list)
{
    AUTO_STRBUF   out = STRBUF_INIT(4 * ALERT_MAX_ENTITY_BYTES);
    struct json_w w = json_w_make(&out);
    char          number[24];

    json_w_array(&w);
    for (size_t i = 0; i < list->n; i++) {
        const struct detect_entity *e = &list->p[i];
        json_w_object(&w);
        (void)snprintf(number, sizeof number, "%zu", i + 1);
        json_w_kstr(&w, S("$id"), str_of(number));
        for (const struct content_entity_field *f = e->type->fields; f->name.n; f++)
            if (detect_entity_value(e, f->name).n)
                json_w_kstr(&w, f->name, detect_entity_value(e, f->name));
        json_w_kstr(&w, S("Type"), e->type->type);
        json_w_end(&w);
    }
    json_w_end(&w);
    return out.overflow ? S("[]") : arena_str(list->arena, strbuf_view(&out));
}

static bool is_type(const struct detect_entity *e, str name)
{
    return str_eq(e->type->name, name);
}

str detect_entity_label(struct arena *a, const struct detect_entity *e)
{
    str name = detect_entity_value(e, S("Name")), domain = detect_entity_value(e, S("NTDomain"));
    str suffix = detect_entity_value(e, S("UPNSuffix")), folder = detect_entity_value(e, S("Directory"));

    if (str_starts(detect_entity_value(e, S("CloudAppAccountId")), S("arn:")) && name.n)
        return name;
    if (is_type(e, S("Account")) && name.n && domain.n)
        return arena_printf(a, STR_FMT "\\" STR_FMT, STR_ARG(domain), STR_ARG(name));
    if (is_type(e, S("Account")) && name.n && suffix.n)
        return arena_printf(a, STR_FMT "@" STR_FMT, STR_ARG(name), STR_ARG(suffix));
    if (is_type(e, S("File")) && folder.n && name.n) {
        const char *slash = str_contains(folder, S("\\")) ? "\\" : "/";
        bool        ends = str_ends(folder, str_of(slash));
        return arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(folder), ends ? "" : slash, STR_ARG(name));
    }
    if (is_type(e, S("RegistryKey")) && detect_entity_value(e, S("Hive")).n)
        return arena_printf(a, STR_FMT "\\" STR_FMT, STR_ARG(detect_entity_value(e, S("Hive"))),
                            STR_ARG(detect_entity_value(e, S("Key"))));
    for (const struct content_entity_field *f = e->type->fields; f->name.n; f++) {
        str v = detect_entity_value(e, f->name);
        if (v.n)
            return v;
    }
    return e->n_values ? e->values[0].value : STR_NONE;
}

str detect_entity_compromised(const struct detect_entities *list)
{
    static const char *const order[] = { "Host", "Account", "AzureResource" };

    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < list->n; i++)
            if (is_type(&list->p[i], str_of(order[k])))
                return detect_entity_label(list->arena, &list->p[i]);
    return STR_NONE;
}

enum rc detect_entity_parse(struct detect_entities *list, str json, struct err *err)
{
    const struct json *doc;

    TRY(json_parse(list->arena, json, &doc, err));
    for (size_t i = 0; doc->kind == JSON_ARRAY && i < doc->n; i++) {
        const struct json   *o = json_at(doc, i);
        struct detect_entity e = { .type = content_entity_of_type(json_str(o, S("Type"), STR_NONE)) };
        if (!e.type)
            continue;
        for (size_t k = 0; k < o->n && e.n_values < DETECT_ENTITY_FIELDS; k++)
            if (o->members[k].value.kind == JSON_STRING && !str_eq(o->members[k].key, S("$id")) &&
                !str_eq(o->members[k].key, S("Type")))
                e.values[e.n_values++] =
                    (struct detect_entity_value) { o->members[k].key, o->members[k].value.s };
        (void)detect_entity_add(list, &e);
    }
    return RC_OK;
}
