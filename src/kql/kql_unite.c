/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_unite.h"

bool kql_unite_everywhere(const kql_unite_inputs *inputs, str name)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (!kql_plan_field(inputs->p[i].rel, name))
            return false;
    return true;
}

struct uniting {
    struct kql_binder *b;
    kql_unite_inputs  *inputs;
    struct map        *places[KQL_TYPE_COUNT_]; /* of that type: name → place + 1 among the outputs */
};

static size_t *place_of(struct uniting *u, str name, enum kql_type type)
{
    struct map **of_type = &u->places[type];

    if (!*of_type)
        *of_type = map_new_in(u->b->arena, MAP_CASE);
    size_t *place = map_find(*of_type, name);
    if (!place) {
        place = ARENA_NEW(u->b->arena, size_t);
        map_put(*of_type, name, place);
    }
    return place;
}

/* A name that was only looked for in a bag is a column of its own beside those of known types. */
static enum kql_type type_of(const struct kql_field *f)
{
    return f->name.n > 0 && str_eq(f->col->guess, f->name) ? KQL_UNKNOWN : f->col->type;
}

static void add_outputs(struct uniting *u, struct kql_rel *out, bool inner)
{
    for (size_t i = 0; i < u->inputs->n; i++) {
        const struct kql_rel *in = u->inputs->p[i].rel;
        for (size_t f = 0; f < in->fields.n; f++) {
            struct kql_field *field = &in->fields.p[f];
            size_t           *place = place_of(u, field->name, type_of(field));
            if (*place > 0 || (inner && !kql_unite_everywhere(u->inputs, field->name)))
                continue;
            struct kql_col *col = kql_bind_col(u->b, field->name, field->col->type, true);
            col->guess = field->col->guess;
            kql_bind_field(u->b, out, field->name, col);
            *place = out->fields.n;
        }
    }
}

/* Columns of one name and several types stand together where the first of them stood, as x_long, x_string. */
static void settle_conflicts(struct uniting *u, struct kql_rel *out)
{
    struct map *seen = map_new_in(u->b->arena, MAP_CASE); /* name → its first field */
    size_t      n = out->fields.n;
    size_t     *next = ARENA_ARRAY(u->b->arena, size_t, n + 1); /* the next of that name, + 1 */
    bool       *later = ARENA_ARRAY(u->b->arena, bool, n + 1);
    kql_fields  fields = { 0 };

    for (size_t j = 0; j < n; j++) {
        struct kql_field *first = map_find(seen, out->fields.p[j].name);
        if (!first) {
            map_put(seen, out->fields.p[j].name, &out->fields.p[j]);
            continue;
        }
        size_t at = (size_t)(first - out->fields.p);
        while (next[at] > 0)
            at = next[at] - 1;
        next[at] = j + 1;
        later[j] = true;
    }
    for (size_t j = 0; j < n; j++) {
        if (later[j])
            continue;
        bool conflict = next[j] > 0;
        for (size_t at = j + 1; at > 0; at = next[at - 1]) {
            struct kql_field f = out->fields.p[at - 1];
            enum kql_type    type = type_of(&f);
            *place_of(u, f.name, type) = fields.n + 1;
            if (conflict)
                f.name = arena_printf(u->b->arena, STR_FMT "_" STR_FMT, STR_ARG(f.name),
                                      STR_ARG(kql_type_name(type)));
            *vec_push_in(u->b->arena, &fields) = f;
        }
    }
    out->fields = fields;
}

static void map_inputs(struct uniting *u, struct kql_rel *out)
{
    for (size_t i = 0; i < u->inputs->n; i++) {
        struct kql_rel *in = u->inputs->p[i].rel;
        kql_sources    *sources = vec_push_in(u->b->arena, &out->maps);
        for (size_t f = 0; f < in->fields.n; f++) {
            size_t place = *place_of(u, in->fields.p[f].name, type_of(&in->fields.p[f]));
            if (place > 0)
                *vec_push_in(u->b->arena, sources) = (struct kql_source) { place - 1, in->fields.p[f].col };
        }
        *vec_push_in(u->b->arena, &out->inputs) = in;
    }
}

static void add_source(struct uniting *u, str name)
{
    for (size_t i = 0; i < u->inputs->n; i++) {
        struct kql_rel  *project = kql_bind_rel(u->b, KQL_REL_PROJECT, u->inputs->p[i].rel);
        kql_fields       fields = project->fields;
        struct kql_expr *text =
            kql_plan_const(u->b->arena, kql_value_string(u->inputs->p[i].name), (struct kql_span) { 0, 0 });
        project->fields = (kql_fields) { 0 };
        kql_bind_field(u->b, project, name, kql_bind_def(u->b, project, name, text));
        for (size_t f = 0; f < fields.n; f++)
            kql_bind_field(u->b, project, fields.p[f].name, fields.p[f].col);
        u->inputs->p[i].rel = project;
    }
}

struct kql_rel *kql_unite(struct kql_binder *b, kql_unite_inputs *inputs, bool inner, str source)
{
    struct uniting  u = { .b = b, .inputs = inputs };
    struct kql_rel *out = kql_bind_rel(b, KQL_REL_UNION, NULL);

    if (source.n > 0)
        add_source(&u, source);
    add_outputs(&u, out, inner);
    settle_conflicts(&u, out);
    map_inputs(&u, out);
    return out;
}
