/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_explain.h"

#include "base/vec.h"
#include "policy/policy_deploy.h"
#include "policy/policy_eval_priv.h"
#include "policy/policy_value.h"

struct explaining {
    struct policy_scope *s;
    struct json_w       *w;
    size_t               left; /* conditions that may still be written */
    unsigned             depth;
};

static void explain(struct explaining *x, const struct policy_condition *c);

/* --- where things stand --- */

static str path_text(struct arena *a, const struct policy_path *p)
{
    AUTO_STRBUF text = STRBUF_INIT(POLICY_EXPLAIN_VALUE);

    for (size_t i = 0; i < p->n; i++) {
        const struct policy_step *step = &p->steps[i];
        if (step->kind == POLICY_STEP_EACH)
            strbuf_addz(&text, "[*]");
        else if (step->kind == POLICY_STEP_INDEX)
            strbuf_addf(&text, "[%zu]", step->index);
        else
            strbuf_addf(&text, "%s" STR_FMT, i ? "." : "", STR_ARG(step->key));
    }
    return arena_str(a, strbuf_view(&text));
}

struct place {
    str                path; /* with the number of the element; empty: it cannot be told */
    const struct json *value;
};

struct places {
    struct policy_scope       *s;
    const struct policy_field *field;
    VEC(struct place) found;
};

/* NULL stands for the end of a name that is missing below an element that is there. */
static bool take_place(void *ctx, const struct json *found)
{
    struct places *p = ctx;
    str            path = found ? policy_evidence_path(p->s, p->field, found) : STR_NONE;

    *vec_push_in(p->s->a, &p->found) = (struct place) { path, found };
    return p->found.n < POLICY_ELEMENTS_MAX;
}

static struct places places_of(struct explaining *x, const struct policy_field *field)
{
    struct places p = { .s = x->s, .field = field };

    policy_field_each(x->s, field, take_place, &p);
    return p;
}

/* --- one condition --- */

static void begin(struct explaining *x, const struct policy_condition *c, str kind)
{
    json_w_object(x->w);
    json_w_kstr(x->w, S("kind"), kind);
    json_w_kbool(x->w, S("holds"), policy_eval_holds(x->s, c));
}

static void write_source(struct json_w *w, str key, const struct policy_template *t)
{
    if (t->kind != POLICY_TEMPLATE_CONST)
        json_w_kshort(w, key, t->value, POLICY_EXPLAIN_VALUE);
}

static void write_operator(struct explaining *x, const struct policy_condition *c)
{
    json_w_kstr(x->w, S("operator"), str_of(c->op->name));
    json_w_kshort(x->w, S("wanted"), policy_template_eval(x->s, &c->rhs), POLICY_EXPLAIN_VALUE);
    write_source(x->w, S("wantedFrom"), &c->rhs);
}

/* The field that a condition is about, worked out where its name is an expression; NULL: there is none. */
static const struct policy_field *field_of(struct explaining *x, const struct policy_condition *c,
                                           struct policy_field *room)
{
    const struct policy_field *field = policy_field_named(x->s, &c->field, room);

    if (field)
        json_w_kstr(x->w, S("field"), field->text);
    if (c->field.expr)
        json_w_kstr(x->w, S("fieldFrom"), c->field.text);
    if (field)
        json_w_kstr(x->w, S("path"), path_text(x->s->a, policy_field_path(x->s, field)));
    return field;
}

static void write_elements(struct explaining *x, const struct policy_condition *c, const struct places *p)
{
    const struct json *wanted = policy_template_eval(x->s, &c->rhs);

    json_w_ki64(x->w, S("of"), (int64_t)p->found.n);
    json_w_key(x->w, S("elements"));
    json_w_array(x->w);
    for (size_t i = 0; i < p->found.n && i < POLICY_EXPLAIN_ELEMENTS; i++) {
        json_w_object(x->w);
        json_w_kbool(x->w, S("holds"), c->op->test(x->s->a, p->found.p[i].value, wanted) != c->op->negated);
        if (p->found.p[i].path.n)
            json_w_kstr(x->w, S("path"), p->found.p[i].path);
        json_w_kshort(x->w, S("found"), p->found.p[i].value, POLICY_EXPLAIN_VALUE);
        json_w_end(x->w);
    }
    json_w_end(x->w);
}

static void explain_field(struct explaining *x, const struct policy_condition *c)
{
    struct policy_field        room;
    const struct policy_field *field;

    begin(x, c, S("field"));
    field = field_of(x, c, &room);
    write_operator(x, c);
    if (field) {
        struct places p = places_of(x, field);
        bool at_hand = x->s->bindings && p.found.n == 1; /* of a count: its element is named already */
        if (!at_hand && policy_path_has_each(policy_field_path(x->s, field)))
            write_elements(x, c, &p);
        else if (p.found.n)
            json_w_kshort(x->w, S("found"), p.found.p[0].value, POLICY_EXPLAIN_VALUE);
    }
    json_w_end(x->w);
}

static void explain_value(struct explaining *x, const struct policy_condition *c)
{
    begin(x, c, S("value"));
    write_source(x->w, S("foundFrom"), &c->value);
    write_operator(x, c);
    json_w_kshort(x->w, S("found"), policy_template_eval(x->s, &c->value), POLICY_EXPLAIN_VALUE);
    json_w_end(x->w);
}

/* --- counts --- */

struct counting {
    const struct policy_condition *c;
    struct policy_binding          binding;
    const struct place            *places;
    size_t                         n;
    int64_t                        counted;
    size_t                         written;
};

static bool enter(struct explaining *x, struct counting *k, const struct json *element)
{
    if (!element)
        return false;
    k->binding.outer = x->s->bindings;
    k->binding.element = element;
    x->s->bindings = &k->binding;
    return true;
}

static void leave(struct explaining *x, const struct counting *k)
{
    x->s->bindings = k->binding.outer;
}

static bool counts(struct explaining *x, struct counting *k, const struct json *element)
{
    bool holds = element != NULL;

    if (k->c->n && enter(x, k, element)) {
        holds = policy_eval_holds(x->s, &k->c->children[0]);
        leave(x, k);
    }
    return holds;
}

static void write_member(struct explaining *x, struct counting *k, const struct place *p, bool holds)
{
    json_w_object(x->w);
    json_w_kbool(x->w, S("holds"), holds);
    if (p->path.n)
        json_w_kstr(x->w, S("path"), p->path);
    json_w_kshort(x->w, S("value"), p->value, POLICY_EXPLAIN_VALUE);
    if (k->c->n && x->depth < POLICY_EXPLAIN_DEPTH && enter(x, k, p->value)) {
        json_w_key(x->w, S("condition"));
        explain(x, &k->c->children[0]);
        leave(x, k);
    }
    json_w_end(x->w);
    k->written++;
}

/* Those that count come first: they are what is asked for most. */
static void write_members(struct explaining *x, struct counting *k)
{
    bool *holds = ARENA_ARRAY(x->s->a, bool, k->n + 1);

    for (size_t i = 0; i < k->n; i++) {
        holds[i] = counts(x, k, k->places[i].value);
        k->counted += holds[i];
    }
    json_w_ki64(x->w, S("found"), k->counted);
    json_w_ki64(x->w, S("of"), (int64_t)k->n);
    json_w_key(x->w, S("members"));
    json_w_array(x->w);
    for (int wanted = 1; wanted >= 0; wanted--)
        for (size_t i = 0; i < k->n && k->written < POLICY_EXPLAIN_ELEMENTS && x->left; i++)
            if (holds[i] == (bool)wanted)
                write_member(x, k, &k->places[i], holds[i]);
    json_w_end(x->w);
}

static void explain_count_field(struct explaining *x, const struct policy_condition *c)
{
    struct policy_field        room;
    const struct policy_field *field;
    struct counting            k = { .c = c };
    struct places              p = { 0 };

    begin(x, c, S("count"));
    field = field_of(x, c, &room);
    write_operator(x, c);
    if (field) {
        p = places_of(x, field);
        k.binding = (struct policy_binding) { .name = field->text, .path = policy_field_path(x->s, field) };
    }
    k.places = p.found.p;
    k.n = p.found.n;
    write_members(x, &k);
    json_w_end(x->w);
}

static void explain_count_value(struct explaining *x, const struct policy_condition *c)
{
    const struct json *values = policy_template_eval(x->s, &c->value);
    bool               list = values && values->kind == JSON_ARRAY;
    struct counting    k = { .c = c, .binding = { .name = c->name }, .n = list ? values->n : values != NULL };
    struct place      *places = ARENA_ARRAY(x->s->a, struct place, k.n + 1);

    for (size_t i = 0; i < k.n; i++)
        places[i].value = list ? json_at(values, i) : values;
    k.places = places;
    begin(x, c, S("count"));
    if (c->name.n)
        json_w_kstr(x->w, S("name"), c->name);
    write_source(x->w, S("foundFrom"), &c->value);
    write_operator(x, c);
    write_members(x, &k);
    json_w_end(x->w);
}

/* --- the tree --- */

static void explain_list(struct explaining *x, const struct policy_condition *c, str kind)
{
    begin(x, c, kind);
    if (x->depth < POLICY_EXPLAIN_DEPTH) {
        json_w_key(x->w, S("conditions"));
        json_w_array(x->w);
        for (size_t i = 0; i < c->n && x->left; i++)
            explain(x, &c->children[i]);
        json_w_end(x->w);
    }
    json_w_end(x->w);
}

static void explain(struct explaining *x, const struct policy_condition *c)
{
    if (x->left)
        x->left--;
    x->depth++;
    switch (c->kind) {
    case POLICY_ALL_OF:
        explain_list(x, c, S("allOf"));
        break;
    case POLICY_ANY_OF:
        explain_list(x, c, S("anyOf"));
        break;
    case POLICY_NOT:
        explain_list(x, c, S("not"));
        break;
    case POLICY_FIELD:
        explain_field(x, c);
        break;
    case POLICY_VALUE:
        explain_value(x, c);
        break;
    case POLICY_COUNT_FIELD:
        explain_count_field(x, c);
        break;
    case POLICY_COUNT_VALUE:
        explain_count_value(x, c);
        break;
    }
    x->depth--;
}

/* What was asked for beside the resource, and what its condition says of each that is there. */
static void explain_related(struct explaining *x, const struct policy_verdict *verdict)
{
    const struct policy_related *related = &x->s->in->related;
    const struct json *found = related->find ? related->find(related->ctx, verdict->details, x->s->a) : NULL;
    const struct json *own = x->s->resource, *one;

    json_w_key(x->w, S("related"));
    json_w_object(x->w);
    json_w_kstr(x->w, S("type"), json_str(verdict->details, S("type"), S("")));
    json_w_ki64(x->w, S("found"), found && found->kind == JSON_ARRAY ? found->n : 0);
    json_w_key(x->w, S("resources"));
    json_w_array(x->w);
    for (size_t i = 0; (one = json_at(found, i)) && i < POLICY_EXPLAIN_ELEMENTS && x->left; i++) {
        x->s->resource = one;
        json_w_object(x->w);
        json_w_kbool(x->w, S("holds"),
                     !x->s->def->existence || policy_eval_holds(x->s, x->s->def->existence));
        json_w_kstr(x->w, S("id"), json_str(one, S("id"), S("")));
        if (x->s->def->existence) {
            json_w_key(x->w, S("condition"));
            explain(x, x->s->def->existence);
        }
        json_w_end(x->w);
    }
    x->s->resource = own;
    json_w_end(x->w);
    json_w_end(x->w);
}

/* What it would make, or why that cannot be told. */
static void explain_deployment(struct explaining *x)
{
    struct policy_deployment made;
    struct err               why = { 0 };
    bool                     told = policy_deploy(x->s->def, x->s->in, x->s->a, &made, &why) == RC_OK;

    json_w_key(x->w, S("deployment"));
    json_w_object(x->w);
    if (!told)
        json_w_kstr(x->w, S("error"), str_of(why.text));
    else
        json_w_ki64(x->w, S("of"), (int64_t)made.n);
    json_w_key(x->w, S("resources"));
    json_w_array(x->w);
    for (size_t i = 0; told && i < made.n && i < POLICY_EXPLAIN_ELEMENTS; i++) {
        json_w_object(x->w);
        json_w_kstr(x->w, S("id"), made.p[i].id);
        json_w_kshort(x->w, S("document"), made.p[i].document, POLICY_EXPLAIN_VALUE);
        json_w_end(x->w);
    }
    json_w_end(x->w);
    json_w_end(x->w);
}

void policy_explain(const struct policy_def *d, const struct policy_input *in,
                    const struct policy_verdict *verdict, struct arena *a, struct json_w *w)
{
    struct policy_input quiet = *in; /* what was counted has been taken down before */
    quiet.elements = NULL;
    struct policy_scope s = { .a = a, .def = d, .in = &quiet, .resource = in->resource };
    struct explaining   x = { .s = &s, .w = w, .left = POLICY_EXPLAIN_CONDITIONS };

    json_w_kbool(w, S("matched"), verdict->matched);
    if (verdict->effect.n)
        json_w_kstr(w, S("effect"), verdict->effect);
    json_w_key(w, S("condition"));
    explain(&x, &d->condition);
    if (verdict->matched && policy_eval_asks_related(&s))
        explain_related(&x, verdict);
    if (str_eq_ci(verdict->effect, S("deployIfNotExists")) && policy_deploy_has(d))
        explain_deployment(&x);
}
