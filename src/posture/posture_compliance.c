/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_compliance.h"

#include <ctype.h>

#include "base/vec.h"
#include "posture/posture_id.h"

str posture_compliance_name(enum posture_compliant c)
{
    static const str names[POSTURE_COMPLIANT_COUNT_] = { STR_INIT("Passed"), STR_INIT("Failed"),
                                                         STR_INIT("Skipped"), STR_INIT("Unsupported") };
    return names[c];
}

/* "CIS Debian Linux 12" → "CIS-Debian-Linux-12": what clients put into paths. */
static str slug(struct arena *a, str title)
{
    AUTO_STRBUF out = STRBUF_INIT(256);

    for (size_t i = 0; i < title.n; i++) {
        char c = title.p[i];
        bool plain = isalnum((unsigned char)c) || c == '.' || c == '_';
        if (plain)
            strbuf_addc(&out, c);
        else if (out.n && out.p[out.n - 1] != '-')
            strbuf_addc(&out, '-');
    }
    return arena_str(a, str_trim_chars(strbuf_view(&out), S("-")));
}

static enum posture_compliant check_state(const struct posture_compliance_check *c)
{
    if (c->failed)
        return POSTURE_FAILED;
    if (c->unmeasured || c->manual)
        return POSTURE_SKIPPED;
    return c->passed ? POSTURE_PASSED : POSTURE_UNSUPPORTED;
}

/* Of parts with the states counted: one failure fails, one unknown keeps it from passing. */
static enum posture_compliant joint(const size_t *by_state)
{
    if (by_state[POSTURE_FAILED])
        return POSTURE_FAILED;
    if (by_state[POSTURE_SKIPPED])
        return POSTURE_SKIPPED;
    return by_state[POSTURE_PASSED] ? POSTURE_PASSED : POSTURE_UNSUPPORTED;
}

static struct posture_compliance_check check_of(const struct posture_tally *t)
{
    struct posture_compliance_check c = { .tally = t,
                                          .passed = t->n[POSTURE_HEALTHY],
                                          .failed = t->n[POSTURE_UNHEALTHY],
                                          .skipped = t->n[POSTURE_EXEMPT] + t->n[POSTURE_NOT_APPLICABLE],
                                          .unmeasured = t->n[POSTURE_NOT_MEASURED],
                                          .manual = t->n[POSTURE_UNATTESTED] };
    c.state = check_state(&c);
    return c;
}

struct making {
    const struct posture_plan    *plan;
    const struct posture_tallies *tallies;
    struct map                   *by_check; /* name → struct posture_tally */
    struct arena                 *a;
};

static void add_check(struct making *m, struct posture_compliance_control *c,
                      const struct posture_check *check)
{
    const struct posture_tally *t = map_find(m->by_check, check->name);

    for (size_t i = 0; i < c->n; i++)
        if (c->checks[i].tally == t)
            return;
    c->checks = vec_grow_in(m->a, c->checks, c->n, &c->cap, sizeof *c->checks);
    c->checks[c->n] = check_of(t);
    c->by_state[c->checks[c->n++].state]++;
}

static void fill(struct making *m, const struct posture_assignment *s, struct posture_standard *out)
{
    AUTO(map) by_name = map_new(MAP_NOCASE);
    const struct json *one;

    for (size_t i = 0; i < out->n; i++)
        map_put(by_name, out->controls[i].name, &out->controls[i]);
    for (size_t i = 0; i < m->plan->n_units; i++) {
        const struct posture_unit *u = m->plan->units[i];
        if (u->assignment != s)
            continue;
        for (size_t k = 0; (one = json_at(u->groups, k)); k++) {
            struct posture_compliance_control *c =
                one->kind == JSON_STRING ? map_find(by_name, one->s) : NULL;
            if (c)
                add_check(m, c, u->check);
        }
    }
}

static struct posture_compliance_control control_of(const struct json *group)
{
    str name = json_str(group, S("name"), STR_NONE), title = json_str(group, S("displayName"), STR_NONE);

    return (struct posture_compliance_control) { .name = name,
                                                 .title = title.n ? title : name,
                                                 .description = json_str(group, S("description"), STR_NONE),
                                                 .category = json_str(group, S("category"), STR_NONE) };
}

static void add_standard(struct making *m, const struct posture_assignment *s, struct posture_standards *out)
{
    const struct json *groups = json_get_ci(s->set_properties, S("policyDefinitionGroups"));
    str                title = json_str(s->set_properties, S("displayName"), s->set_name);

    if (!groups || groups->kind != JSON_ARRAY || !groups->n)
        return;
    struct posture_standard *std = vec_push_in(m->a, out);
    *std = (struct posture_standard) { .name = slug(m->a, title),
                                       .title = title,
                                       .set = s->set,
                                       .description = json_str(s->set_properties, S("description"), STR_NONE),
                                       .controls =
                                           ARENA_ARRAY(m->a, struct posture_compliance_control, groups->n) };
    for (uint32_t i = 0; i < groups->n; i++)
        std->controls[std->n++] = control_of(json_at(groups, i));
    fill(m, s, std);
    for (size_t i = 0; i < std->n; i++) {
        std->controls[i].state = joint(std->controls[i].by_state);
        std->by_state[std->controls[i].state]++;
    }
    std->state = joint(std->by_state);
}

static bool is_listed(const struct posture_standards *out, str set)
{
    for (size_t i = 0; i < out->n; i++)
        if (str_eq_ci(out->p[i].set, set))
            return true;
    return false;
}

enum rc posture_compliance_of(struct posture *p, str scope, struct arena *a, struct posture_standards *out,
                              struct err *err)
{
    const struct posture_plan *plan = posture_plan_get(p, a);
    struct posture_tallies    *tallies = ARENA_NEW(a, struct posture_tallies);
    struct making m = { .plan = plan, .tallies = tallies, .by_check = map_new_in(a, MAP_NOCASE), .a = a };

    *out = (struct posture_standards) { 0 };
    TRY(posture_assessment_tally(p, plan, scope, a, tallies, err));
    for (size_t i = 0; i < tallies->n; i++)
        map_put(m.by_check, tallies->p[i].check->name, &tallies->p[i]);
    for (size_t i = 0; i < plan->n_assignments; i++)
        if (plan->assignments[i]->set.n && !is_listed(out, plan->assignments[i]->set))
            add_standard(&m, plan->assignments[i], out);
    return RC_OK;
}

const struct posture_standard *posture_compliance_find(const struct posture_standards *s, str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq_ci(s->p[i].name, name) || str_eq_ci(posture_id_name(s->p[i].set), name))
            return &s->p[i];
    return NULL;
}

const struct posture_compliance_control *posture_compliance_control_find(const struct posture_standard *s,
                                                                         str                            name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq_ci(s->controls[i].name, name))
            return &s->controls[i];
    return NULL;
}
