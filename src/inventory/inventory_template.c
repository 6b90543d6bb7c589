/* SPDX-License-Identifier: Apache-2.0 */
/* ARM templates: the resources that a deployment would make. Parameters stand for their defaults and
 * variables for their values where an expression is nothing but one of them, resourceGroup().location for the
 * place given; other expressions are known only when they are deployed and stay as they are written. */
#include "inventory/inventory_priv.h"

enum { MAX_DOCUMENT = 8 << 20, MAX_NESTING = 8, MAX_CHAIN = 16 };

struct template
{
    const struct json           *document;
    const struct inventory_opts *opts;
    struct arena                *a;
    struct inventory            *out;
};

bool inventory_template_fits(const struct json *document)
{
    return str_contains_ci(json_str(document, S("$schema"), STR_NONE), S("deploymentTemplate.json")) &&
           json_get(document, S("resources"));
}

/* [parameters('x')] → x */
static str name_in(str text, str function)
{
    str inside = str_slice(text, 1, text.n - 1);
    if (!str_starts_ci(inside, function) || !str_starts(str_from(inside, function.n), S("('")) ||
        !str_ends(inside, S("')")))
        return STR_NONE;
    str name = str_slice(inside, function.n + 2, inside.n - 2);
    return str_find_byte(name, '\'') == STR_NPOS ? name : STR_NONE;
}

/* What a text stands for; itself when that is not known. */
static const struct json *resolve(const struct template *t, const struct json *j)
{
    for (int i = 0;
         i < MAX_CHAIN && j->kind == JSON_STRING && str_starts(j->s, S("[")) && str_ends(j->s, S("]")); i++) {
        str parameter = name_in(j->s, S("parameters")), variable = name_in(j->s, S("variables"));
        const struct json *next = NULL;
        if (parameter.n)
            next =
                json_get(json_get_ci(json_get(t->document, S("parameters")), parameter), S("defaultValue"));
        else if (variable.n)
            next = json_get_ci(json_get(t->document, S("variables")), variable);
        if (!next)
            break;
        j = next;
    }
    return j;
}

static void write_resolved(const struct template *t, struct json_w *w, const struct json *j, unsigned room)
{
    j = resolve(t, j);
    if (room == 0) { /* variables that hold each other could go on for ever */
        json_w_null(w);
    } else if (j->kind == JSON_OBJECT) {
        json_w_object(w);
        for (size_t i = 0; i < j->n; i++) {
            json_w_key(w, j->members[i].key);
            write_resolved(t, w, &j->members[i].value, room - 1);
        }
        json_w_end(w);
    } else if (j->kind == JSON_ARRAY) {
        json_w_array(w);
        for (size_t i = 0; i < j->n; i++)
            write_resolved(t, w, &j->items[i], room - 1);
        json_w_end(w);
    } else if (j->kind == JSON_STRING && str_eq_ci(j->s, S("[resourceGroup().location]")) &&
               t->opts->location.n) {
        json_w_str(w, t->opts->location);
    } else {
        json_w_tree(w, j);
    }
}

static str text_of(const struct template *t, const struct json *resource, str key)
{
    const struct json *value = json_get_ci(resource, key);
    value = value ? resolve(t, value) : NULL;
    return value && value->kind == JSON_STRING ? value->s : STR_NONE;
}

/* Microsoft.Sql/servers/databases and s/d → …/servers/s/databases/d */
static void write_id(const struct template *t, struct strbuf *out, str type, str name)
{
    str    group = t->opts->group.n ? t->opts->group : S("default"), part, called;
    size_t slash = str_find_byte(type, '/');
    strbuf_addf(out, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT "/providers/" STR_FMT,
                STR_ARG(t->opts->subscription), STR_ARG(group), STR_ARG(str_slice(type, 0, slash)));
    for (str types = str_from(type, slash + 1); str_split(&types, '/', &part);) {
        if (!str_split(&name, '/', &called))
            called = S("-");
        strbuf_addf(out, "/" STR_FMT "/" STR_FMT, STR_ARG(part), STR_ARG(called));
    }
}

static bool known_member(str key)
{
    static const str KNOWN[] = { STR_INIT("id"),         STR_INIT("name"),      STR_INIT("type"),
                                 STR_INIT("apiVersion"), STR_INIT("dependsOn"), STR_INIT("resources"),
                                 STR_INIT("copy"),       STR_INIT("condition") };
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
        if (str_eq_ci(key, KNOWN[i]))
            return true;
    return false;
}

static enum rc take(const struct template *t, const struct json *resource, str type, str name,
                    struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(MAX_DOCUMENT), id = STRBUF_INIT(8192);
    struct json_w w = json_w_make(&text);
    write_id(t, &id, type, name);
    TRY(strbuf_ok(&id, "an id", err));
    json_w_object(&w);
    json_w_kstr(&w, S("id"), strbuf_view(&id));
    json_w_kstr(&w, S("name"), str_from(name, str_rfind_byte(name, '/') + 1));
    json_w_kstr(&w, S("type"), type);
    json_w_kstr(&w, S("apiVersion"), text_of(t, resource, S("apiVersion")));
    for (size_t i = 0; i < resource->n; i++) {
        if (known_member(resource->members[i].key))
            continue;
        json_w_key(&w, resource->members[i].key);
        write_resolved(t, &w, &resource->members[i].value, JSON_W_MAX_DEPTH - 8);
    }
    json_w_end(&w);
    return inventory_add_text(t->a, t->out, &text, err);
}

/* The resource around the ones at hand. */
struct above {
    str      type, name; /* empty: none */
    unsigned depth;
};

static enum rc take_all(const struct template *t, const struct json *list, struct above above,
                        struct err *err);

static enum rc take_one(const struct template *t, const struct json *resource, struct above above,
                        struct err *err)
{
    str type = text_of(t, resource, S("type")), name = text_of(t, resource, S("name"));
    if (resource->kind != JSON_OBJECT || type.n == 0 || name.n == 0 ||
        str_eq_ci(type, S("Microsoft.Resources/deployments"))) {
        t->out->skipped++;
        return RC_OK;
    }
    if (above.type.n) {
        type = arena_printf(t->a, STR_FMT "/" STR_FMT, STR_ARG(above.type), STR_ARG(type));
        name = arena_printf(t->a, STR_FMT "/" STR_FMT, STR_ARG(above.name), STR_ARG(name));
    }
    TRY(take(t, resource, type, name, err));
    const struct json *inner = json_get_ci(resource, S("resources"));
    return inner ? take_all(t, inner, (struct above) { type, name, above.depth + 1 }, err) : RC_OK;
}

/* A list, or of newer templates an object of symbolic names. */
static enum rc take_all(const struct template *t, const struct json *list, struct above above,
                        struct err *err)
{
    if (above.depth > MAX_NESTING)
        return err_set(err, RC_LIMIT, "resources of a template are nested in each other more than %d times",
                       MAX_NESTING);
    for (size_t i = 0; (list->kind == JSON_ARRAY || list->kind == JSON_OBJECT) && i < list->n; i++)
        TRY(take_one(t, list->kind == JSON_ARRAY ? &list->items[i] : &list->members[i].value, above, err));
    return RC_OK;
}

enum rc inventory_template_read(struct arena *a, const struct json *document,
                                const struct inventory_opts *opts, struct inventory *out, struct err *err)
{
    struct template t = { .document = document, .opts = opts, .a = a, .out = out };
    return take_all(&t, json_get(document, S("resources")), (struct above) { 0 }, err);
}
