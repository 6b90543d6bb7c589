/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_policystate.h"

#include "base/vec.h"
#include "posture/posture_id.h"

enum { MAX_TERMS = 32 };

/* --- $filter --- */

static enum rc read_term(str text, struct posture_policystate_term *out, struct err *err)
{
    size_t eq = str_find_ci(text, S(" eq ")), ne = str_find_ci(text, S(" ne ")), at = eq < ne ? eq : ne;

    if (at == STR_NPOS)
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no comparison with eq or ne",
                       STR_ARG(str_slice(text, 0, 100)));
    *out =
        (struct posture_policystate_term) { .property = str_trim(str_slice(text, 0, at)),
                                            .value = str_trim_chars(str_trim(str_from(text, at + 4)), S("'")),
                                            .negated = at == ne };
    return RC_OK;
}

enum rc posture_policystate_filter(str text, struct arena *a, struct posture_policystate_list *out,
                                   struct err *err)
{
    struct posture_policystate_term *terms = ARENA_ARRAY(a, struct posture_policystate_term, MAX_TERMS);
    size_t                           n = 0;

    for (str rest = str_trim(text); rest.n;) {
        size_t and = str_find_ci(rest, S(" and "));
        if (n == MAX_TERMS)
            return err_set(err, RC_LIMIT, "a filter joins at most %d comparisons", MAX_TERMS);
        TRY(read_term(str_trim(str_trim_chars(str_slice(rest, 0, and == STR_NPOS ? rest.n : and), S("()"))),
                      &terms[n++], err));
        rest = and == STR_NPOS ? STR_NONE : str_from(rest, and+5);
    }
    out->terms = terms;
    out->n_terms = n;
    return RC_OK;
}

static str property(const struct posture_policystate *s, str name)
{
    const struct posture_unit *u = s->unit;
    const struct {
        str name, value;
    } rows[] = { { S("complianceState"), posture_state_compliance(s->state) },
                 { S("isCompliant"), s->state == POSTURE_HEALTHY ? S("true") : S("false") },
                 { S("resourceId"), s->resource_id },
                 { S("resourceType"), s->resource_type },
                 { S("resourceLocation"), s->location },
                 { S("resourceGroup"), posture_id_name(posture_id_group(s->resource_id)) },
                 { S("subscriptionId"), posture_id_name(posture_id_subscription(s->resource_id)) },
                 { S("policyAssignmentId"), u->assignment->object.id },
                 { S("policyAssignmentName"), u->assignment->object.key.name },
                 { S("policyDefinitionId"), u->check->id },
                 { S("policyDefinitionName"), u->check->name },
                 { S("policyDefinitionReferenceId"), u->reference },
                 { S("policyDefinitionAction"), u->effect },
                 { S("policySetDefinitionId"), u->assignment->set },
                 { S("policySetDefinitionName"), u->assignment->set_name } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (str_eq_ci(rows[i].name, name))
            return rows[i].value.p ? rows[i].value : S("");
    return STR_NONE;
}

static bool passes(const struct posture_policystate_list *l, const struct posture_policystate *s)
{
    for (size_t i = 0; i < l->n_terms; i++)
        if (str_eq_ci(property(s, l->terms[i].property), l->terms[i].value) == l->terms[i].negated)
            return false;
    return true;
}

/* --- reading --- */

/* A scope may be the id of a policy object instead of a place. */
struct aim {
    struct posture_key key; /* kind 0: none */
    str                id, place;
};

static struct aim aim_of(const struct posture_policystate_list *l)
{
    struct aim a = { .id = posture_id_trim(l->scope), .place = l->scope };
    struct err none;

    if (posture_object_id_parse(l->scope, &a.key, &none) != RC_OK ||
        (a.key.kind != POSTURE_ASSIGNMENT && a.key.kind != POSTURE_DEFINITION && a.key.kind != POSTURE_SET))
        a.key.kind = 0;
    else
        a.place = a.key.scope;
    return a;
}

static bool hits(const struct aim *a, const struct posture_unit *u)
{
    switch ((int)a->key.kind) {
    case POSTURE_ASSIGNMENT:
        return str_eq_ci(u->assignment->object.id, a->id);
    case POSTURE_DEFINITION:
        return str_eq_ci(u->check->name, a->key.name);
    case POSTURE_SET:
        return str_eq_ci(u->assignment->set_name, a->key.name);
    default:
        return true;
    }
}

struct reading {
    const struct posture_plan             *plan;
    const struct posture_tree             *tree;
    const struct posture_policystate_list *list;
    struct aim                             aim;
    struct arena                          *a;
    struct state_tx                       *tx;
    struct state_stmt                     *st;
    struct posture_policystate             now;
};

static enum rc begin_events(struct reading *r, struct err *err)
{
    int64_t before = INT64_MAX;

    if (r->list->after.n && !str_to_i64(r->list->after, &before))
        return err_set(err, RC_INVALID, "$skipToken is one of ours, not '" STR_FMT "'",
                       STR_ARG(str_slice(r->list->after, 0, 80)));
    return state_stmt_open(
        r->tx,
        "SELECT e.unit, e.state, e.cause, e.evidence, e.time, r.key, r.id, r.type, r.location, e.id FROM"
        " posture_events e JOIN resources r ON r.key = e.resource WHERE e.time >= ?1 AND e.time <= ?2"
        " AND e.id < ?3 AND (?4 = '' OR r.subscription = ?4) AND (?5 = '' OR r.resource_group = ?5)"
        " ORDER BY e.id DESC",
        STATE_ARGS(STATE_I(r->list->from), STATE_I(r->list->to), STATE_I(before),
                   STATE_S(posture_id_name(posture_id_subscription(r->aim.place))),
                   STATE_S(posture_id_name(posture_id_group(r->aim.place)))),
        &r->st, err);
}

static enum rc begin(struct posture *p, struct reading *r, struct err *err)
{
    size_t  bar = str_rfind_byte(r->list->after, '|');
    str     id = bar == STR_NPOS ? STR_NONE : str_slice(r->list->after, 0, bar);
    int64_t unit = 0;

    r->tree = posture_tree_get(p, r->a);
    r->aim = aim_of(r->list);
    TRY(state_tx_read(p->opts.state, &r->tx, err));
    if (r->list->events)
        return begin_events(r, err);
    if (bar != STR_NPOS && !str_to_i64(str_from(r->list->after, bar + 1), &unit))
        return err_set(err, RC_INVALID, "$skipToken is one of ours, not '" STR_FMT "'",
                       STR_ARG(str_slice(r->list->after, 0, 80)));
    return state_stmt_open(
        r->tx,
        "SELECT s.unit, s.state, s.cause, s.evidence, s.since, r.key, r.id, r.type, r.location, 0 FROM "
        "resources r"
        " CROSS JOIN posture_states s ON s.resource = r.key WHERE r.gone = 0 AND (?1 = '' OR r.subscription "
        "= ?1)"
        " AND (?2 = '' OR r.resource_group = ?2) AND (?3 = '' OR r.id > ?3 OR (r.id = ?3 AND s.unit > ?4))"
        " ORDER BY r.id, s.unit",
        STATE_ARGS(STATE_S(posture_id_name(posture_id_subscription(r->aim.place))),
                   STATE_S(posture_id_name(posture_id_group(r->aim.place))), STATE_S(id), STATE_I(unit)),
        &r->st, err);
}

static void end(struct reading *r)
{
    state_stmt_done(r->st);
    state_tx_free(r->tx);
}

/* The next record that is asked for, its texts borrowed until the one after. */
static enum rc next(struct reading *r, bool *more, struct err *err)
{
    while (true) {
        TRY(state_stmt_next(r->st, more, err));
        if (!*more)
            return RC_OK;
        r->now = (struct posture_policystate) { .unit = posture_plan_unit(r->plan, state_stmt_i64(r->st, 0)),
                                                .state = (enum posture_state)state_stmt_i64(r->st, 1),
                                                .cause = state_stmt_str(r->st, 2),
                                                .evidence = state_stmt_str(r->st, 3),
                                                .since = state_stmt_i64(r->st, 4),
                                                .resource = state_stmt_i64(r->st, 5),
                                                .resource_id = state_stmt_str(r->st, 6),
                                                .resource_type = state_stmt_str(r->st, 7),
                                                .location = state_stmt_str(r->st, 8),
                                                .event = state_stmt_i64(r->st, 9) };
        if (r->now.unit && hits(&r->aim, r->now.unit) &&
            posture_tree_covers(r->tree, r->aim.place, r->now.resource_id) && passes(r->list, &r->now))
            return RC_OK;
    }
}

static struct posture_policystate kept(const struct reading *r)
{
    struct posture_policystate s = r->now;

    s.cause = arena_str(r->a, s.cause);
    s.evidence = arena_str(r->a, s.evidence);
    s.resource_id = arena_str(r->a, s.resource_id);
    s.resource_type = arena_str(r->a, s.resource_type);
    s.location = arena_str(r->a, s.location);
    return s;
}

static enum rc read_all(struct reading *r, struct posture_policystates *out, struct err *err)
{
    bool more;

    while (true) {
        TRY(next(r, &more, err));
        if (!more)
            return RC_OK;
        if (out->n == r->list->max) {
            const struct posture_policystate *last = &vec_last(out);
            out->next = r->list->events ? arena_printf(r->a, "%lld", (long long)last->event)
                                        : arena_printf(r->a, STR_FMT "|%lld", STR_ARG(last->resource_id),
                                                       (long long)last->unit->key);
            return RC_OK;
        }
        *vec_push_in(r->a, out) = kept(r);
    }
}

enum rc posture_policystate_each(struct posture *p, const struct posture_plan *plan,
                                 const struct posture_policystate_list *list, struct arena *a,
                                 struct posture_policystates *out, struct err *err)
{
    struct reading r = { .plan = plan, .list = list, .a = a };

    *out = (struct posture_policystates) { 0 };
    enum rc rc = begin(p, &r, err);
    if (rc == RC_OK)
        rc = read_all(&r, out, err);
    end(&r);
    return rc;
}

enum rc posture_policystate_prune(struct posture *p, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM posture_events WHERE time < ?",
                       STATE_ARGS(STATE_I(env_now(p->opts.env) - DAYS(POSTURE_EVENT_DAYS))), err));
    return state_tx_commit(tx, err);
}

/* --- summaries --- */

static int worse(int a, int b)
{
    static const int ranks[POSTURE_STATE_COUNT_] = {
        [POSTURE_UNHEALTHY] = 6, [POSTURE_NOT_MEASURED] = 5, [POSTURE_UNATTESTED] = 4,
        [POSTURE_HEALTHY] = 3,   [POSTURE_EXEMPT] = 2,       [POSTURE_NOT_APPLICABLE] = 1
    };
    return ranks[a] >= ranks[b] ? a : b;
}

/* Counts a resource by its worst state: what was counted for the same one is taken back. */
static void count(int64_t *counts, int64_t *last, int *last_state, const struct posture_policystate *s)
{
    int state = (int)s->state;

    if (*last == s->resource) {
        counts[*last_state]--;
        state = worse(*last_state, state);
    }
    counts[state]++;
    *last = s->resource;
    *last_state = state;
}

/* Which state a policy is in as a whole. */
static void count_policy(struct posture_policystate_counts *to, const struct posture_policystate_counts *of)
{
    int state = 0;

    for (int s = 1; s < POSTURE_STATE_COUNT_; s++)
        if (of->resources[s])
            state = state ? worse(state, s) : s;
    if (state)
        to->policies[state]++;
}

static struct posture_policystate_assignment *assignment_of(struct posture_policystate_summary *s,
                                                            const struct posture_assignment    *a)
{
    for (size_t i = 0; i < s->n_assignments; i++)
        if (s->assignments[i].assignment == a)
            return &s->assignments[i];
    s->assignments[s->n_assignments].assignment = a;
    return &s->assignments[s->n_assignments++];
}

static struct posture_policystate_unit *unit_of(struct posture_policystate_summary *s, struct map *by_key,
                                                const struct posture_unit *u)
{
    str                              key = str_make((const char *)&u->key, sizeof u->key);
    struct posture_policystate_unit *found = map_find(by_key, key);

    if (!found) {
        found = &s->units[s->n_units++];
        found->unit = u;
        map_put(by_key, key, found);
    }
    return found;
}

static enum rc sum(struct reading *r, struct posture_policystate_summary *out, struct err *err)
{
    AUTO(map) by_key = map_new(MAP_CASE);
    int64_t last = 0;
    int     last_state = 0;
    bool    more;

    while (true) {
        TRY(next(r, &more, err));
        if (!more)
            break;
        struct posture_policystate_assignment *a = assignment_of(out, r->now.unit->assignment);
        unit_of(out, by_key, r->now.unit)->counts.resources[r->now.state]++;
        count(a->counts.resources, &a->last, &a->last_state, &r->now);
        count(out->all.resources, &last, &last_state, &r->now);
    }
    for (size_t i = 0; i < out->n_units; i++) {
        count_policy(&assignment_of(out, out->units[i].unit->assignment)->counts, &out->units[i].counts);
        count_policy(&out->all, &out->units[i].counts);
    }
    return RC_OK;
}

enum rc posture_policystate_summarize(struct posture *p, const struct posture_plan *plan,
                                      const struct posture_policystate_list *list, struct arena *a,
                                      struct posture_policystate_summary *out, struct err *err)
{
    struct reading r = { .plan = plan, .list = list, .a = a };

    *out = (struct posture_policystate_summary) {
        .assignments = ARENA_ARRAY(a, struct posture_policystate_assignment, plan->n_assignments + 1),
        .units = ARENA_ARRAY(a, struct posture_policystate_unit, plan->n_units + 1)
    };
    enum rc rc = begin(p, &r, err);
    if (rc == RC_OK)
        rc = sum(&r, out, err);
    end(&r);
    return rc;
}
