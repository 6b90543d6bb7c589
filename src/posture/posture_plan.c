/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_plan.h"

#include "base/vec.h"
#include "policy/policy_set.h"
#include "posture/posture_control.h"
#include "posture/posture_governance.h"
#include "posture/posture_id.h"
#include "posture/posture_priv.h"
#include "posture/posture_risk.h"
#include "posture/posture_select.h"
#include "posture/posture_version.h"
#include "state/state_setting.h"

/* What one build gathers. */
struct building {
    struct posture      *p;
    struct state_tx     *tx;
    struct posture_plan *plan;
    struct arena        *a;       /* the plan's */
    struct map          *defs;    /* id of a definition → struct posture_check */
    struct map          *mapping; /* name → metadata of the mapping */
    VEC(struct posture_unit *) units;
    VEC(struct posture_assignment *) assignments;
};

static str text(const struct json *properties, const char *name)
{
    const struct json *j = json_get_ci(properties, str_of(name));
    return j && j->kind == JSON_STRING ? j->s : STR_NONE;
}

static const struct json *array(const struct json *properties, const char *name)
{
    const struct json *j = json_get_ci(properties, str_of(name));
    return j && j->kind == JSON_ARRAY && j->n ? j : NULL;
}

static ts time_of(const struct json *properties, const char *name)
{
    ts t = 0;
    return ts_parse(text(properties, name), &t) ? t : 0;
}

/* --- checks --- */

/* What the mapping says of a definition of the public library, else its own metadata. */
static str said(const struct posture_check *c, const struct json *mapped, const char *name)
{
    str given = text(mapped, name);
    return given.n ? given : text(c->metadata, name);
}

static enum posture_severity severity_of(str word)
{
    if (str_eq_ci(word, S("High")))
        return POSTURE_HIGH;
    return str_eq_ci(word, S("Low")) ? POSTURE_LOW : POSTURE_MEDIUM;
}

static bool is_preview(const struct posture_check *c, const struct json *mapped)
{
    return json_bool(mapped, S("preview"), json_bool(c->metadata, S("preview"), false)) ||
           str_starts_ci(text(c->properties, "displayName"), S("[Preview]"));
}

static enum rc read_needs(struct arena *a, struct posture_check *c, struct err *err)
{
    const struct json  *needs = array(c->metadata, "needs"), *one;
    struct policy_path *paths = ARENA_ARRAY(a, struct policy_path, needs ? needs->n : 1);
    str                *texts = ARENA_ARRAY(a, str, needs ? needs->n : 1);

    for (size_t i = 0; (one = json_at(needs, i)); i++) {
        if (one->kind != JSON_STRING)
            return err_set(err, RC_INVALID, "metadata.needs holds paths");
        TRY(policy_path_parse(a, one->s, &paths[c->n_needs], err));
        texts[c->n_needs++] = one->s;
    }
    c->needs = paths;
    c->need_texts = texts;
    return RC_OK;
}

/* A condition as a definition of its own: it holds when there is an effect. */
static enum rc read_applies(struct building *b, struct posture_check *c, struct err *err)
{
    const struct json *condition = json_get_ci(c->metadata, S("appliesIf"));

    if (!condition)
        return RC_OK;
    struct json_member *then = ARENA_ARRAY(b->a, struct json_member, 1);
    struct json_member *rule = ARENA_ARRAY(b->a, struct json_member, 2);
    then[0] = (struct json_member) { S("effect"), json_make_str(S("audit")) };
    rule[0] = (struct json_member) { S("if"), *condition };
    rule[1] = (struct json_member) { S("then"), { .kind = JSON_OBJECT, .n = 1, .members = then } };
    const struct json whole = { .kind = JSON_OBJECT, .n = 2, .members = rule };
    if (policy_def_parse(b->a, &whole, b->p->aliases, &c->applies, err) != RC_OK)
        return err_wrap(err, "metadata.appliesIf");
    return RC_OK;
}

static enum rc compile(struct building *b, struct posture_check *c, struct err *err)
{
    TRY(policy_def_parse(b->a, c->properties, b->p->aliases, &c->def, err));
    TRY(read_needs(b->a, c, err));
    return read_applies(b, c, err);
}

/* A definition that does not compile has its place, too: it is "not measured", with the reason. */
static struct posture_check *make_check(struct building *b, const struct posture_object *definition)
{
    struct posture_check *c = ARENA_NEW(b->a, struct posture_check);
    const struct json    *mapped = map_find(b->mapping, definition->key.name);
    struct err            err = { 0 };

    *c = (struct posture_check) { .name = definition->key.name,
                                  .id = definition->id,
                                  .version = posture_version_of(definition),
                                  .properties = definition->properties,
                                  .metadata = json_get_ci(definition->properties, S("metadata")) };
    c->severity = severity_of(said(c, mapped, "severity"));
    c->control = posture_control_find(said(c, mapped, "securityControl"));
    c->preview = is_preview(c, mapped);
    c->measure = posture_measure_of(c->properties);
    if (compile(b, c, &err) != RC_OK) {
        c->def = NULL;
        c->problem = arena_str(b->a, str_of(err.text));
    }
    return c;
}

/* The version that the range takes; where none does, what stands there with the reason why it is not judged.
 */
static enum rc make_version(struct building *b, const struct posture_object *definition, str range,
                            struct posture_check **out, struct err *err)
{
    struct posture_object one;
    struct err            why = { 0 };

    enum rc rc = posture_version_find(b->tx, definition, range, b->a, &one, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    *out = make_check(b, rc == RC_OK ? &one : definition);
    if (rc == RC_NOT_FOUND) {
        (*out)->def = NULL;
        (*out)->problem = arena_str(b->a, str_of(why.text));
    }
    return RC_OK;
}

/* NULL: there is no such definition. */
static enum rc find_check(struct building *b, str id, str range, const struct posture_check **out,
                          struct err *err)
{
    struct posture_object definition;
    struct posture_check *c = NULL;
    struct err            none;
    str known = range.n ? arena_printf(b->a, STR_FMT "@" STR_FMT, STR_ARG(id), STR_ARG(range)) : id;

    *out = map_find(b->defs, known);
    if (*out)
        return RC_OK;
    enum rc rc = posture_object_find_id(b->tx, id, b->a, &definition, &none);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.text);
    TRY(make_version(b, &definition, range, &c, err));
    map_put(b->defs, arena_str(b->a, known), c);
    const struct posture_check *other = map_find(b->plan->checks, c->name);
    if (!other || posture_version_compare(other->version, c->version) < 0)
        map_put(b->plan->checks, c->name, c);
    *out = c;
    return RC_OK;
}

/* --- units --- */

static enum rc unit_key(struct building *b, struct posture_unit *u, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    const struct state_args args =
        STATE_ARGS(STATE_S(u->assignment->object.id), STATE_S(u->reference), STATE_S(u->check->name));

    TRY(state_stmt_run(b->tx,
                       "INSERT INTO posture_units (assignment, reference, definition) VALUES (?, ?, ?)"
                       " ON CONFLICT DO NOTHING",
                       args, err));
    TRY(state_stmt_one(
        b->tx, "SELECT key FROM posture_units WHERE assignment = ? AND reference = ? AND definition = ?",
        args, &st, err));
    u->key = state_stmt_i64(st, 0);
    return RC_OK;
}

static void index_unit(struct building *b, const struct posture_unit *u)
{
    const str *types;
    size_t     n = 0;

    /* What is off is in no index, unless an override may turn it on. */
    if (str_eq_ci(u->effect, S("disabled")) && !u->assignment->overrides)
        return;
    n = u->check->def ? policy_def_types(u->check->def, &types) : 0;

    for (size_t i = 0; i < n; i++) {
        struct posture_units *list = map_find(b->plan->by_type, types[i]);
        if (!list) {
            list = ARENA_NEW(b->a, struct posture_units);
            map_put(b->plan->by_type, types[i], list);
        }
        *vec_push_in(b->a, list) = u;
    }
    if (!n)
        *vec_push_in(b->a, &b->plan->any) = u;
    if (u->check->measure.related.n)
        map_put(b->plan->related, u->check->measure.related, (void *)u->check);
}

/* The effect with the unit's parameters: the same for all resources but for rules that work it out from a
 * field. */
static void read_effect(struct building *b, struct posture_unit *u)
{
    static const str   head = STR_INIT("[parameters('"), tail = STR_INIT("')]");
    const struct json *then = json_get_ci(json_get_ci(u->check->properties, S("policyRule")), S("then")),
                      *worked_out;
    str                given = text(then, "effect");
    struct json        value = json_make_str(given);
    struct json_member inner = { S("value"), value };
    struct json_member outer = { S("effect"), { .kind = JSON_OBJECT, .n = 1, .members = &inner } };
    const struct json  handed = { .kind = JSON_OBJECT, .n = 1, .members = &outer };

    if (str_starts_ci(given, head) && str_ends(given, tail))
        u->effect_parameter = str_slice(given, head.n, given.n - tail.n);
    if (policy_set_parameters(b->a, json_get_ci(u->check->properties, S("parameters")), u->parameters,
                              &handed, &worked_out, NULL) == RC_OK)
        u->effect = text(worked_out, "effect");
}

static struct json_member member(const char *name, str value)
{
    return (struct json_member) { str_of(name), json_make_str(value) };
}

static void describe(struct building *b, struct posture_unit *u)
{
    struct json_member *m = ARENA_ARRAY(b->a, struct json_member, 4);
    struct json        *out = ARENA_NEW(b->a, struct json);

    m[0] = member("assignmentId", u->assignment->object.id);
    m[1] = member("definitionId", u->check->id);
    m[2] = member("setDefinitionId", u->assignment->set);
    m[3] = member("definitionReferenceId", u->reference);
    *out = (struct json) { .kind = JSON_OBJECT, .n = 4, .members = m };
    u->policy = out;
}

static enum rc add_unit(struct building *b, const struct posture_unit *template, struct err *err)
{
    struct posture_unit *u = ARENA_NEW(b->a, struct posture_unit);

    if (b->units.n == POSTURE_MAX_UNITS)
        return err_set(err, RC_LIMIT, "at most %d policies can be assigned", POSTURE_MAX_UNITS);
    *u = *template;
    if (!u->problem.n)
        u->problem = u->check->problem;
    if (!u->problem.n && u->check->measure.on == POSTURE_ON_NOTHING)
        u->problem = u->check->measure.reason;
    read_effect(b, u);
    describe(b, u);
    TRY(unit_key(b, u, err));
    *vec_push(&b->units) = u;
    map_put(b->plan->by_key, arena_printf(b->a, "%lld", (long long)u->key), u);
    index_unit(b, u);
    return RC_OK;
}

static str reference_of(struct arena *a, const struct json *member, size_t i)
{
    str given = text(member, "policyDefinitionReferenceId");
    return given.n ? given : arena_printf(a, "%zu", i + 1);
}

static enum rc add_member(struct building *b, struct posture_assignment *s, const struct json *member,
                          size_t i, struct err *err)
{
    struct posture_unit u = { .assignment = s,
                              .reference = reference_of(b->a, member, i),
                              .groups = array(member, "groupNames") };
    struct err          why = { 0 };

    str range = posture_select_version(s->overrides, u.reference);
    TRY(find_check(b, text(member, "policyDefinitionId"), range.n ? range : text(member, "definitionVersion"),
                   &u.check, err));
    if (!u.check)
        return RC_OK; /* of a library that is not whole: admit has told */
    if (policy_set_parameters(b->a, json_get_ci(s->set_properties, S("parameters")), s->values,
                              json_get_ci(member, S("parameters")), &u.parameters, &why) != RC_OK)
        u.problem = arena_str(b->a, str_of(why.text));
    return add_unit(b, &u, err);
}

/* The initiative in the version asked for. One that went after it was assigned leaves what stands there. */
static enum rc find_set(struct building *b, struct posture_object *set, str range, struct err *err)
{
    struct posture_object standing = *set;
    struct err            why;

    enum rc rc = posture_version_find(b->tx, &standing, range, b->a, set, &why);
    if (rc != RC_NOT_FOUND)
        return rc == RC_OK ? rc : err_set(err, rc, "%s", why.text);
    *set = standing;
    return RC_OK;
}

static enum rc add_units(struct building *b, struct posture_assignment *s, struct err *err)
{
    const struct json    *members, *one;
    struct posture_key    key;
    struct posture_object set;
    str                   id = text(s->object.properties, "policyDefinitionId");
    struct posture_unit   u = { .assignment = s, .parameters = s->values };

    TRY(posture_object_id_parse(id, &key, err));
    if (key.kind == POSTURE_DEFINITION) {
        TRY(find_check(b, id, s->version, &u.check, err));
        return u.check ? add_unit(b, &u, err) : RC_OK;
    }
    TRY(posture_object_find(b->tx, &key, b->a, &set, err));
    TRY(find_set(b, &set, s->version, err));
    s->set = set.id;
    s->set_name = set.key.name;
    s->set_properties = set.properties;
    members = json_get_ci(set.properties, S("policyDefinitions"));
    for (size_t i = 0; (one = json_at(members, i)); i++)
        TRY(add_member(b, s, one, i, err));
    return RC_OK;
}

/* --- assignments, exemptions, attestations --- */

static enum rc each_object(struct building *b, enum posture_kind kind,
                           enum rc (*take)(struct building *b, const struct posture_object *o,
                                           struct err *err),
                           struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct posture_key) keys = { 0 };
    bool row;

    TRY(state_stmt_open(b->tx, "SELECT scope, name FROM posture_objects WHERE kind = ? ORDER BY scope, name",
                        STATE_ARGS(STATE_I(kind)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        *vec_push_in(b->a, &keys) =
            (struct posture_key) { kind, state_stmt_str_in(st, 0, b->a), state_stmt_str_in(st, 1, b->a) };
    }
    st = state_stmt_done(st);
    for (size_t i = 0; i < keys.n; i++) {
        struct posture_object o;
        TRY(posture_object_find(b->tx, &keys.p[i], b->a, &o, err));
        TRY(take(b, &o, err));
    }
    return RC_OK;
}

static enum rc take_assignment(struct building *b, const struct posture_object *o, struct err *err)
{
    struct posture_assignment *s = ARENA_NEW(b->a, struct posture_assignment);
    str                        shown = text(o->properties, "displayName");

    *s = (struct posture_assignment) {
        .object = *o,
        .display_name = shown.n ? shown : o->key.name,
        .version = text(o->properties, "definitionVersion"),
        .not_scopes = array(o->properties, "notScopes"),
        .selectors = array(o->properties, "resourceSelectors"),
        .overrides = array(o->properties, "overrides"),
        .enforced = !str_eq_ci(text(o->properties, "enforcementMode"), S("DoNotEnforce")),
        .values = policy_set_values(b->a, json_get_ci(o->properties, S("parameters")))
    };
    *vec_push(&b->assignments) = s;
    return add_units(b, s, err);
}

static struct posture_assignment *assignment_of(struct building *b, const struct posture_object *o)
{
    str id = text(o->properties, "policyAssignmentId");

    for (size_t i = 0; i < b->assignments.n; i++)
        if (str_eq_ci(b->assignments.p[i]->object.id, id))
            return b->assignments.p[i];
    return NULL;
}

/* What expires next is when everything at its scope must be judged again. */
static void expires(struct building *b, ts when)
{
    if (when > env_now(b->p->opts.env) && (!b->plan->next_expiry || when < b->plan->next_expiry))
        b->plan->next_expiry = when;
}

static enum rc take_exemption(struct building *b, const struct posture_object *o, struct err *err)
{
    struct posture_assignment *s = assignment_of(b, o);
    size_t                     cap = s ? s->n_exemptions : 0;

    (void)err;
    if (!s)
        return RC_OK;
    struct posture_exemption  e = { .id = o->id,
                                    .scope = o->key.scope,
                                    .category = text(o->properties, "exemptionCategory"),
                                    .reason = text(o->properties, "description"),
                                    .references = array(o->properties, "policyDefinitionReferenceIds"),
                                    .selectors = array(o->properties, "resourceSelectors"),
                                    .expires = time_of(o->properties, "expiresOn") };
    struct posture_exemption *list = ARENA_ARRAY(b->a, struct posture_exemption, cap + 1);
    if (cap)
        memcpy(list, s->exemptions, cap * sizeof *list);
    list[cap] = e;
    s->exemptions = list;
    s->n_exemptions = cap + 1;
    expires(b, e.expires);
    return RC_OK;
}

static enum rc take_attestation(struct building *b, const struct posture_object *o, struct err *err)
{
    struct posture_assignment *s = assignment_of(b, o);
    size_t                     cap = s ? s->n_attestations : 0;

    (void)err;
    if (!s)
        return RC_OK;
    struct posture_attestation  t = { .id = o->id,
                                      .scope = o->key.scope,
                                      .reference = text(o->properties, "policyDefinitionReferenceId"),
                                      .state = text(o->properties, "complianceState"),
                                      .expires = time_of(o->properties, "expiresOn") };
    struct posture_attestation *list = ARENA_ARRAY(b->a, struct posture_attestation, cap + 1);
    if (cap)
        memcpy(list, s->attestations, cap * sizeof *list);
    list[cap] = t;
    s->attestations = list;
    s->n_attestations = cap + 1;
    expires(b, t.expires);
    return RC_OK;
}

/* --- the whole --- */

/* What the content folder says for all definitions, kept as a setting of state. NULL: nothing. */
static enum rc read_setting(struct building *b, const char *name, const struct json **out, struct err *err)
{
    struct err none;
    str        text;

    *out = NULL;
    enum rc rc = state_setting_get(b->tx, str_of(name), b->a, &text, &none);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK ? json_parse(b->a, text, out, err) : err_set(err, rc, "%s", none.text);
}

/* The public library's definitions have their severities and controls from a mapping. */
static enum rc read_mapping(struct building *b, struct err *err)
{
    const struct json *all;

    b->mapping = map_new_in(b->a, MAP_NOCASE);
    TRY(read_setting(b, "posture.mapping", &all, err));
    for (uint32_t i = 0; all && all->kind == JSON_OBJECT && i < all->n; i++)
        map_put(b->mapping, all->members[i].key, (void *)&all->members[i].value);
    return RC_OK;
}

/* A formula that says nothing right was refused when it came: one from an older program is left out. */
static enum rc read_risk(struct building *b, struct err *err)
{
    const struct json *formula;

    TRY(read_setting(b, "posture.risk", &formula, err));
    if (formula && posture_risk_read(b->a, formula, b->p->aliases, &b->plan->risk, NULL) != RC_OK)
        b->plan->risk = NULL;
    return RC_OK;
}

/* A rule that says nothing right was refused when it was put: one from an older program is left out. */
static enum rc take_rule(struct building *b, const struct posture_object *o, struct err *err)
{
    struct posture_rule  r;
    struct posture_rule *list;
    size_t               n = b->plan->n_rules;

    (void)err;
    if (json_bool(o->properties, S("isDisabled"), false) ||
        posture_governance_read(o, b->a, &r, NULL) != RC_OK)
        return RC_OK;
    list = ARENA_ARRAY(b->a, struct posture_rule, n + 1);
    if (n)
        memcpy(list, b->plan->rules, n * sizeof *list);
    list[n] = r;
    b->plan->rules = list;
    b->plan->n_rules = n + 1;
    b->plan->grace |= r.grace;
    return RC_OK;
}

static enum rc take_assigned(struct building *b, const struct posture_object *o, struct err *err)
{
    struct posture_assigned *x = ARENA_NEW(b->a, struct posture_assigned);

    (void)err;
    if (posture_governance_read_assigned(o, x, NULL) != RC_OK)
        return RC_OK;
    map_put(b->plan->assigned, o->key.scope, x);
    b->plan->grace |= x->grace;
    return RC_OK;
}

static enum rc gather(struct building *b, struct err *err)
{
    TRY(read_mapping(b, err));
    TRY(read_risk(b, err));
    TRY(each_object(b, POSTURE_ASSIGNMENT, take_assignment, err));
    TRY(each_object(b, POSTURE_EXEMPTION, take_exemption, err));
    TRY(each_object(b, POSTURE_ATTESTATION, take_attestation, err));
    TRY(each_object(b, POSTURE_GOVERNANCE_ASSIGNMENT, take_assigned, err));
    return each_object(b, POSTURE_GOVERNANCE_RULE, take_rule, err);
}

enum rc posture_plan_build(struct posture *p, struct state_tx *tx, struct posture_plan **out, struct err *err)
{
    struct arena   *a = arena_new(POSTURE_PLAN_BYTES);
    struct building b = { .p = p, .tx = tx, .a = a, .plan = ARENA_NEW(a, struct posture_plan) };

    *b.plan = (struct posture_plan) { .arena = a,
                                      .checks = map_new_in(a, MAP_NOCASE),
                                      .by_type = map_new_in(a, MAP_NOCASE),
                                      .by_key = map_new_in(a, MAP_CASE),
                                      .related = map_new_in(a, MAP_NOCASE),
                                      .assigned = map_new_in(a, MAP_NOCASE) };
    b.defs = map_new_in(a, MAP_NOCASE);
    enum rc rc = gather(&b, err);
    b.plan->n_units = b.units.n;
    b.plan->units = ARENA_ARRAY(a, struct posture_unit *, b.units.n + 1);
    b.plan->n_assignments = b.assignments.n;
    b.plan->assignments = ARENA_ARRAY(a, struct posture_assignment *, b.assignments.n + 1);
    if (b.units.n)
        memcpy(b.plan->units, b.units.p, b.units.n * sizeof b.units.p[0]);
    if (b.assignments.n)
        memcpy(b.plan->assignments, b.assignments.p, b.assignments.n * sizeof b.assignments.p[0]);
    vec_done(&b.units);
    vec_done(&b.assignments);
    if (rc == RC_OK)
        *out = b.plan;
    else
        posture_plan_free(b.plan);
    return rc;
}

struct posture_plan *posture_plan_free(struct posture_plan *plan)
{
    if (plan)
        arena_free(plan->arena);
    return NULL;
}

const struct posture_unit *posture_plan_unit(const struct posture_plan *plan, int64_t key)
{
    char buf[24];
    int  n = snprintf(buf, sizeof buf, "%lld", (long long)key);
    return map_find(plan->by_key, str_make(buf, (size_t)n));
}

const struct posture_unit *posture_plan_unit_of(struct posture *p, const struct json *properties,
                                                const struct json *parameters, struct arena *a)
{
    struct building             b = { .p = p, .a = a, .mapping = map_new_in(a, MAP_NOCASE) };
    struct posture_assignment  *s = ARENA_NEW(a, struct posture_assignment);
    struct posture_unit        *u = ARENA_NEW(a, struct posture_unit);
    const struct posture_object o = { .key = { POSTURE_DEFINITION, S(""), S("try") },
                                      .properties = properties };

    *s = (struct posture_assignment) { .enforced = true };
    *u = (struct posture_unit) { .assignment = s,
                                 .check = make_check(&b, &o),
                                 .parameters = policy_set_values(a, parameters) };
    u->problem = u->check->problem;
    if (!u->problem.n && u->check->measure.on == POSTURE_ON_NOTHING)
        u->problem = u->check->measure.reason;
    read_effect(&b, u);
    describe(&b, u);
    return u;
}
