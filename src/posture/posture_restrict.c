/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_restrict.h"

#include "base/vec.h"
#include "posture/posture_assessment.h"
#include "posture/posture_patch.h"

struct restricting {
    struct posture                *p;
    const struct posture_restrict *asked;
    struct posture_judging         j;
    struct posture_subject         s;
    struct arena                  *a;
    struct posture_findings       *content;
    struct posture_restrictions   *out;
};

static bool minds(const struct restricting *r, const struct posture_finding *f)
{
    bool refuses = str_eq_ci(f->effect, S("deny")) && f->unit->assignment->enforced;
    return f->state == POSTURE_UNHEALTHY && (refuses || r->asked->audit);
}

static const struct posture_finding *find(const struct posture_findings *all, const struct posture_unit *u)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].unit == u)
            return &all->p[i];
    return NULL;
}

static void add(struct restricting *r, const struct posture_restriction *one)
{
    *vec_push_in(r->a, r->out) = *one;
}

/* The document with the value in the field, as a policy of effect modify would put it there. */
static enum rc with_value(struct restricting *r, str field, const struct json *value, const struct json **out,
                          struct err *err)
{
    const struct json_member operation[] = { { S("operation"), json_make_str(S("addOrReplace")) },
                                             { S("field"), json_make_str(field) },
                                             { S("value"), *value } };
    const struct json        one = { .kind = JSON_OBJECT, .n = 3, .members = operation };
    const struct json        list = { .kind = JSON_ARRAY, .n = 1, .items = &one };

    return posture_patch_modify(r->a, r->asked->document, &list, r->p->aliases, out, err);
}

/* What minds the value and does not mind the document without it. */
static enum rc try_value(struct restricting *r, size_t field, const struct json *value, struct err *err)
{
    struct posture_findings *found = ARENA_NEW(r->a, struct posture_findings);
    struct posture_subject   s = r->s;

    TRY(with_value(r, r->asked->fields[field].field, value, &s.document, err));
    posture_judge(&r->j, &s, r->a, found);
    for (size_t i = 0; i < found->n; i++) {
        const struct posture_finding *before = find(r->content, found->p[i].unit);
        if (minds(r, &found->p[i]) && !(before && before->state == POSTURE_UNHEALTHY))
            add(r, &(struct posture_restriction) { &found->p[i], field, false, value });
    }
    return RC_OK;
}

static bool is_about(const struct posture_finding *f, str field, struct arena *a)
{
    const struct json *evidence;

    return f->evidence.n && json_parse(a, f->evidence, &evidence, NULL) == RC_OK &&
           str_eq_ci(json_str(evidence, S("path"), STR_NONE), field);
}

/* Policies that set the field, and those that mind that it is as it is. */
static void find_required(struct restricting *r, size_t field)
{
    str name = r->asked->fields[field].field;

    for (size_t i = 0; i < r->content->n; i++) {
        const struct posture_finding *f = &r->content->p[i];
        const struct json            *operations = json_get_ci(f->details, S("operations")), *one;
        for (size_t k = 0; f->state == POSTURE_UNHEALTHY && (one = json_at(operations, k)); k++)
            if (str_eq_ci(json_str(one, S("field"), STR_NONE), name))
                add(r, &(struct posture_restriction) { f, field, true, json_get_ci(one, S("value")) });
        if (minds(r, f) && is_about(f, name, r->a))
            add(r, &(struct posture_restriction) { f, field, true, NULL });
    }
}

static enum rc check_fields(struct restricting *r, struct err *err)
{
    for (size_t i = 0; i < r->asked->n_fields; i++) {
        const struct json *values = r->asked->fields[i].values, *one;
        if (values && values->n > POSTURE_RESTRICT_VALUES)
            return err_set(err, RC_LIMIT, "at most %d values of a field are looked at",
                           POSTURE_RESTRICT_VALUES);
        for (size_t k = 0; (one = json_at(values, k)); k++)
            TRY(try_value(r, i, one, err));
        find_required(r, i);
    }
    return RC_OK;
}

enum rc posture_restrict_check(struct posture *p, const struct posture_restrict *asked, struct arena *a,
                               struct posture_findings *content, struct posture_restrictions *out,
                               struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct restricting r = { .p = p, .asked = asked, .a = a, .content = content, .out = out };

    *out = (struct posture_restrictions) { 0 };
    if (asked->n_fields > POSTURE_RESTRICT_FIELDS)
        return err_set(err, RC_LIMIT, "at most %d fields are looked at", POSTURE_RESTRICT_FIELDS);
    TRY(state_tx_read(p->opts.state, &tx, err));
    r.j = posture_judge_begin(p, tx, a);
    r.s = (struct posture_subject) { .id = json_str(asked->document, S("id"), STR_NONE),
                                     .type = json_str(asked->document, S("type"), STR_NONE),
                                     .document = asked->document };
    posture_judge(&r.j, &r.s, a, content);
    return check_fields(&r, err);
}
