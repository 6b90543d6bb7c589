/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"
#include "policy/policy_eval_priv.h"
#include "policy/policy_value.h"

static bool holds(struct policy_scope *s, const struct policy_condition *c);

static bool applies(struct policy_scope *s, const struct policy_op *op, const struct json *value,
                    const struct json *wanted)
{
    return op->test(s->a, value, wanted) != op->negated;
}

/* Keeps what decided: the newest field condition that held is what a person wants to see. */
static void witness(struct policy_scope *s, const struct policy_condition *c, const struct json *found,
                    const struct json *wanted)
{
    if (!s->witness)
        return;
    *s->witness = (struct policy_witness) {
        .evidence = { .field = c->field.text, .op = str_of(c->op->name), .found = found, .wanted = wanted },
        .field = c->field.expr ? NULL : &c->field,
        .place = found || !s->bindings ? found : s->bindings->element,
    };
}

/* Of elements that were taken down, those up to here stand. */
static size_t taken(const struct policy_scope *s)
{
    return s->in->elements ? s->in->elements->n : 0;
}

static void forget_from(struct policy_scope *s, size_t mark)
{
    if (s->in->elements)
        s->in->elements->n = mark;
}

static void take_down(struct policy_scope *s, const struct policy_field *field, const struct json *element)
{
    struct policy_elements *all = s->in->elements;
    if (!all || s->bindings || all->n == POLICY_ELEMENTS_MAX)
        return;
    str path = policy_evidence_path(s, field, element);
    if (path.n)
        *vec_push_in(s->a, all) = (struct policy_element) { path, element };
}

struct each {
    struct policy_scope           *s;
    const struct policy_condition *c;
    const struct json             *wanted;
    const struct json             *found;
};

static bool each_applies(void *ctx, const struct json *found)
{
    struct each *e = ctx;
    e->found = found;
    return applies(e->s, e->c->op, found, e->wanted);
}

/* With [*] the condition is about all elements; about none of them it holds. */
static bool field_holds(struct policy_scope *s, const struct policy_condition *c)
{
    struct each                e = { .s = s, .c = c, .wanted = policy_template_eval(s, &c->rhs) };
    struct policy_field        named;
    const struct policy_field *field = policy_field_named(s, &c->field, &named);
    if (!field)
        return applies(s, c->op, NULL, e.wanted);
    bool all = policy_field_each(s, field, each_applies, &e);
    if (all)
        witness(s, c, e.found, e.wanted);
    return all;
}

static bool value_holds(struct policy_scope *s, const struct policy_condition *c)
{
    return applies(s, c->op, policy_template_eval(s, &c->value), policy_template_eval(s, &c->rhs));
}

/* What held on the way to something that does not hold is no evidence. */
static bool holds_or_forgets(struct policy_scope *s, const struct policy_condition *c)
{
    struct policy_witness before = s->witness ? *s->witness : (struct policy_witness) { 0 };
    size_t                mark = taken(s);
    bool                  result = holds(s, c);
    if (!result && s->witness)
        *s->witness = before;
    if (!result)
        forget_from(s, mark);
    return result;
}

static bool element_counts(struct policy_scope *s, const struct policy_condition *c, struct policy_binding *b,
                           const struct json *element)
{
    if (c->n == 0)
        return true;
    b->outer = s->bindings;
    b->element = element;
    s->bindings = b;
    bool result = holds_or_forgets(s, &c->children[0]);
    s->bindings = b->outer;
    return result;
}

struct counted {
    struct policy_scope           *s;
    const struct policy_condition *c;
    const struct policy_field     *field;
    struct policy_binding          binding;
    int64_t                        n;
};

static bool count_element(void *ctx, const struct json *found)
{
    struct counted *k = ctx;
    if (found && element_counts(k->s, k->c, &k->binding, found)) {
        k->n++;
        take_down(k->s, k->field, found);
    }
    return true;
}

static int64_t count_field(struct policy_scope *s, const struct policy_condition *c)
{
    struct policy_field        named;
    const struct policy_field *field = policy_field_named(s, &c->field, &named);
    if (!field)
        return 0;
    struct counted k = { .s = s, .c = c, .field = field };
    k.binding = (struct policy_binding) { .name = field->text, .path = policy_field_path(s, field) };
    policy_field_each(s, field, count_element, &k);
    return k.n;
}

static int64_t count_value(struct policy_scope *s, const struct policy_condition *c)
{
    struct policy_binding b = { .name = c->name };
    const struct json    *values = policy_template_eval(s, &c->value);
    int64_t               n = 0;
    if (values && values->kind != JSON_ARRAY)
        return element_counts(s, c, &b, values);
    for (size_t i = 0; json_at(values, i); i++)
        n += element_counts(s, c, &b, json_at(values, i));
    return n;
}

/* Too many of them is what is wrong; where too few are, those that are there are not to blame. */
static bool minds_many(const struct policy_op *op)
{
    str name = str_of(op->name);
    return str_eq_ci(name, S("greater")) || str_eq_ci(name, S("greaterOrEquals")) ||
           str_eq_ci(name, S("notEquals"));
}

/* Where elements were counted, the last of them is the evidence; where none was, that there is none. */
static bool count_holds(struct policy_scope *s, const struct policy_condition *c)
{
    size_t      mark = taken(s);
    struct json n = json_make_i64(c->kind == POLICY_COUNT_FIELD ? count_field(s, c) : count_value(s, c));
    const struct json *wanted = policy_template_eval(s, &c->rhs);
    bool               result = applies(s, c->op, &n, wanted);
    if (!result || !minds_many(c->op))
        forget_from(s, mark);
    if (result && n.i == 0 && c->kind == POLICY_COUNT_FIELD)
        witness(s, c, policy_value_i64(s->a, 0), wanted);
    return result;
}

static bool denied(struct policy_scope *s, const struct policy_condition *c)
{
    size_t mark = taken(s);
    bool   result = !holds(s, c);
    forget_from(s, mark);
    return result;
}

static bool holds(struct policy_scope *s, const struct policy_condition *c)
{
    switch (c->kind) {
    case POLICY_ALL_OF:
        for (size_t i = 0; i < c->n; i++)
            if (!holds(s, &c->children[i]))
                return false;
        return true;
    case POLICY_ANY_OF:
        for (size_t i = 0; i < c->n; i++)
            if (holds_or_forgets(s, &c->children[i]))
                return true;
        return false;
    case POLICY_NOT:
        return denied(s, &c->children[0]);
    case POLICY_FIELD:
        return field_holds(s, c);
    case POLICY_VALUE:
        return value_holds(s, c);
    case POLICY_COUNT_FIELD:
    case POLICY_COUNT_VALUE:
        return count_holds(s, c);
    }
    return false;
}

bool policy_eval_holds(struct policy_scope *s, const struct policy_condition *c)
{
    return holds(s, c);
}

static bool is_of_related(str effect)
{
    return str_eq_ci(effect, S("auditIfNotExists")) || str_eq_ci(effect, S("deployIfNotExists"));
}

bool policy_eval_asks_related(struct policy_scope *s)
{
    const struct json *effect = policy_template_eval(s, &s->def->effect);
    return effect && effect->kind == JSON_STRING && is_of_related(effect->s);
}

/* Whether a related resource is there that makes the condition good. */
static bool made_good(struct policy_scope *s, const struct json *details)
{
    const struct policy_related *related = &s->in->related;
    const struct json           *found = related->find ? related->find(related->ctx, details, s->a) : NULL;
    const struct json           *own = s->resource;
    bool                         good = false;
    for (size_t i = 0; !good && json_at(found, i); i++) {
        s->resource = json_at(found, i);
        good = !s->def->existence || holds(s, s->def->existence);
    }
    s->resource = own;
    return good;
}

static enum rc conclude(struct policy_scope *s, struct policy_verdict *out, struct err *err)
{
    const struct json *effect = policy_template_eval(s, &s->def->effect);
    if (!effect || effect->kind != JSON_STRING)
        return err_set(err, RC_INVALID, "the effect is no text; is its parameter given?");
    out->matched = true;
    if (str_eq_ci(effect->s, S("disabled")))
        return RC_OK;
    if (s->def->details)
        out->details = policy_template_eval(s, &s->def->details_template);
    if (is_of_related(effect->s) && made_good(s, out->details))
        return RC_OK;
    out->effect = effect->s;
    return RC_OK;
}

enum rc policy_eval(const struct policy_def *d, const struct policy_input *in, struct arena *a,
                    struct policy_verdict *out, struct err *err)
{
    struct policy_verdict verdict = { 0 };
    struct policy_witness witness = { 0 };
    struct policy_scope   s = { .a = a, .def = d, .in = in, .resource = in->resource, .witness = &witness };
    if (holds(&s, &d->condition)) {
        s.witness = NULL; /* what decided is known */
        TRY(conclude(&s, &verdict, err));
        if (verdict.effect.n)
            policy_evidence_place(&s, &witness);
    }
    if (!verdict.effect.n)
        forget_from(&s, 0);
    verdict.evidence = witness.evidence;
    *out = verdict;
    return RC_OK;
}
