/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_suppress.h"

#include "detect/detect_entity.h"
#include "incident/incident_priv.h"

enum { MAX_NAME = 50, MIN_NAME = 2, MAX_TEXT = 2000, MAX_SCOPE = 64 * 1024, MAX_CONDITIONS = 20 };

#define COLUMNS "name, alert_type, state, reason, comment, expires, modified, scope, silenced"

static struct incident_suppress_rule read_rule(const struct state_stmt *st, struct arena *a, ts now)
{
    struct incident_suppress_rule r = {
        .name = state_stmt_str_in(st, 0, a),
        .alert_type = state_stmt_str_in(st, 1, a),
        .enabled = str_eq_ci(state_stmt_str(st, 2), S("Enabled")),
        .reason = state_stmt_str_in(st, 3, a),
        .comment = state_stmt_str_in(st, 4, a),
        .expires = state_stmt_i64(st, 5),
        .modified = state_stmt_i64(st, 6),
        .scope = state_stmt_str_in(st, 7, a),
        .silenced = state_stmt_i64(st, 8),
    };

    r.expired = r.expires && r.expires <= now;
    return r;
}

static enum rc list_rules(struct state_tx *tx, str alert_type, ts now, struct arena *a,
                          struct incident_suppress_rule **out, size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_suppress_rule) list = { 0 };
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM suppression_rules WHERE ?1 = '' OR alert_type IN (?1, '*') "
                        "ORDER BY name",
                        STATE_ARGS(STATE_S(alert_type)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_rule(st, a, now);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_suppress_list(struct incident_store *s, str alert_type, struct arena *a,
                               struct incident_suppress_rule **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(s->state, &tx, err));
    return list_rules(tx, alert_type, env_now(s->env), a, out, n, err);
}

static enum rc find(struct state_tx *tx, str name, ts now, struct arena *a,
                    struct incident_suppress_rule *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM suppression_rules WHERE name = ?",
                        STATE_ARGS(STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no suppression rule '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    *out = read_rule(st, a, now);
    return RC_OK;
}

enum rc incident_suppress_get(struct incident_store *s, str name, struct arena *a,
                              struct incident_suppress_rule *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(s->state, &tx, err));
    return find(tx, name, env_now(s->env), a, out, err);
}

/* --- does a rule cover an alert? --- */

/* entities.host.hostName: any entity of the type, its property in ARM's name or in SecurityAlert's. */
static bool entity_matches(const struct detect_entities *list, str               field,
                           bool (*test)(str value, const void *arg), const void *arg)
{
    str rest = field, head = STR_NONE, type = STR_NONE;

    (void)str_split(&rest, '.', &head);
    if (!str_eq_ci(head, S("entities")) || !str_split(&rest, '.', &type) || !rest.n)
        return false;
    for (size_t i = 0; i < list->n; i++) {
        const struct detect_entity *e = &list->p[i];
        if (!str_eq_ci(type, e->type->type) && !str_eq_ci(type, e->type->name))
            continue;
        for (const struct content_entity_field *f = e->type->fields; f->name.n; f++)
            if ((str_eq_ci(rest, f->arm) || str_eq_ci(rest, f->name)) &&
                test(detect_entity_value(e, f->name), arg))
                return true;
    }
    return false;
}

static bool is_in(str value, const void *arg)
{
    const struct json *list = arg;

    for (size_t i = 0; value.n && i < list->n; i++)
        if (json_at(list, i)->kind == JSON_STRING && str_eq_ci(json_at(list, i)->s, value))
            return true;
    return false;
}

static bool holds(str value, const void *arg)
{
    return value.n && str_contains_ci(value, ((const struct json *)arg)->s);
}

static bool condition_matches(const struct detect_entities *list, const struct json *c)
{
    str                field = json_str(c, S("field"), S(""));
    const struct json *in = json_get(c, S("in")), *contains = json_get(c, S("contains"));

    if (in && in->kind == JSON_ARRAY)
        return entity_matches(list, field, is_in, in);
    return contains && contains->kind == JSON_STRING && contains->s.n &&
           entity_matches(list, field, holds, contains);
}

static enum rc rule_covers(const struct incident_suppress_rule *r, const struct alert *alert, struct arena *a,
                           bool *out, struct err *err)
{
    struct detect_entities list = { .arena = a };
    const struct json     *scope, *all;

    *out = str_eq(r->alert_type, S("*")) || str_eq_ci(r->alert_type, alert->rule_id);
    if (!*out || !r->scope.n)
        return RC_OK;
    TRY(json_parse(a, r->scope, &scope, err));
    TRY(detect_entity_parse(&list, alert->entities, err));
    all = json_get(scope, S("allOf"));
    for (size_t i = 0; *out && all && i < all->n; i++)
        *out = condition_matches(&list, json_at(all, i));
    return RC_OK;
}

enum rc incident_suppress_covers(struct state_tx *tx, const struct alert *alert, ts now, struct arena *a,
                                 str *out, struct err *err)
{
    struct incident_suppress_rule *rules;
    size_t                         n;

    *out = STR_NONE;
    TRY(list_rules(tx, alert->rule_id, now, a, &rules, &n, err));
    for (size_t i = 0; i < n && !out->n; i++) {
        bool covered = false;
        if (rules[i].enabled && !rules[i].expired)
            TRY(rule_covers(&rules[i], alert, a, &covered, err));
        if (covered)
            *out = rules[i].name;
    }
    if (!out->n)
        return RC_OK;
    return state_stmt_run(tx, "UPDATE suppression_rules SET silenced = silenced + 1 WHERE name = ?",
                          STATE_ARGS(STATE_S(*out)), err);
}

/* --- the body --- */

static bool name_fine(str s)
{
    if (s.n < MIN_NAME || s.n > MAX_NAME)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || (c != '-' && c != '_')))
            return false;
    }
    return true;
}

static enum rc check_scope(const struct json *scope, struct err *err)
{
    const struct json *all = json_get(scope, S("allOf"));

    if (!all || all->kind != JSON_ARRAY || !all->n || all->n > MAX_CONDITIONS)
        return err_set(err, RC_INVALID, "properties.suppressionAlertsScope.allOf: 1 to %d conditions",
                       MAX_CONDITIONS);
    for (size_t i = 0; i < all->n; i++) {
        const struct json *c = json_at(all, i), *in = json_get(c, S("in")),
                          *part = json_get(c, S("contains"));
        str field = json_str(c, S("field"), S(""));
        if (!str_starts_ci(field, S("entities.")))
            return err_set(err, RC_INVALID,
                           "properties.suppressionAlertsScope: field is entities.TYPE.PROPERTY, not '" STR_FMT
                           "'",
                           STR_ARG(str_slice(field, 0, 64)));
        if (!(in && in->kind == JSON_ARRAY && in->n) && !(part && part->kind == JSON_STRING && part->s.n))
            return err_set(err, RC_INVALID,
                           "properties.suppressionAlertsScope: " STR_FMT
                           " needs in (a list) or contains (a text)",
                           STR_ARG(str_slice(field, 0, 64)));
    }
    return RC_OK;
}

static enum rc take_body(struct arena *a, const struct json *props, struct incident_suppress_rule *r,
                         struct err *err)
{
    const struct json *scope = json_get(props, S("suppressionAlertsScope"));
    str                expires = json_str(props, S("expirationDateUtc"), S(""));
    str                state = json_str(props, S("state"), S("Enabled"));
    AUTO_STRBUF        text = STRBUF_INIT(MAX_SCOPE);

    *r = (struct incident_suppress_rule) { .alert_type = json_str(props, S("alertType"), S("")),
                                           .reason = json_str(props, S("reason"), S("")),
                                           .comment = json_str(props, S("comment"), S("")),
                                           .enabled = str_eq_ci(state, S("Enabled")) };
    if (!r->alert_type.n)
        return err_set(err, RC_INVALID, "properties.alertType: the type of alert, or * for all");
    if (!str_trim(r->reason).n || r->reason.n > MAX_TEXT || r->comment.n > MAX_TEXT)
        return err_set(err, RC_INVALID, "properties.reason: 1 to %d bytes, and as many of comment", MAX_TEXT);
    if (!r->enabled && !str_eq_ci(state, S("Disabled")) && !str_eq_ci(state, S("Expired")))
        return err_set(err, RC_INVALID, "properties.state: Enabled, Disabled or Expired");
    if (expires.n && !ts_parse(expires, &r->expires))
        return err_set(err, RC_INVALID, "properties.expirationDateUtc: a time, as in 2026-11-24T05:57:53Z");
    if (!scope || scope->kind == JSON_NULL) {
        if (str_eq(r->alert_type, S("*")))
            return err_set(err, RC_INVALID, "a rule for all alert types needs a suppressionAlertsScope");
        return RC_OK;
    }
    TRY(check_scope(scope, err));
    json_print(&text, scope, 0);
    TRY(strbuf_ok(&text, "properties.suppressionAlertsScope", err));
    r->scope = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

/* A type that no alert ever had is more likely a slip of the pen than a wish. */
static enum rc check_seen(struct state_tx *tx, str alert_type, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool seen;

    if (str_eq(alert_type, S("*")))
        return RC_OK;
    TRY(state_stmt_open(tx, "SELECT 1 FROM alerts WHERE rule_id = ? LIMIT 1", STATE_ARGS(STATE_S(alert_type)),
                        &st, err));
    TRY(state_stmt_next(st, &seen, err));
    return seen
               ? RC_OK
               : err_set(err, RC_INVALID, "properties.alertType: no alert of type '" STR_FMT "' was seen yet",
                         STR_ARG(str_slice(alert_type, 0, 64)));
}

enum rc incident_suppress_put(struct incident_store *s, str name, const struct json *properties,
                              struct arena *a, struct incident_suppress_rule *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) count = NULL;
    struct incident_suppress_rule r;
    ts                            now = env_now(s->env);

    if (!name_fine(name))
        return err_set(err, RC_INVALID,
                       "a suppression rule's name has %d to %d characters, begins with a letter or digit and "
                       "holds besides those only - and _",
                       MIN_NAME, MAX_NAME);
    TRY(take_body(a, properties, &r, err));
    TRY(state_tx_write(s->state, &tx, err));
    TRY(check_seen(tx, r.alert_type, err));
    TRY(state_stmt_one(tx, "SELECT count(*) FROM suppression_rules", STATE_NO_ARGS, &count, err));
    if (state_stmt_i64(count, 0) >= INCIDENT_SUPPRESS_MAX_RULES)
        return err_set(err, RC_LIMIT, "at most %d suppression rules", INCIDENT_SUPPRESS_MAX_RULES);
    count = state_stmt_done(count);
    TRY(state_stmt_run(
        tx,
        "INSERT INTO suppression_rules (name, alert_type, state, reason, comment, expires, modified, scope) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (name) DO UPDATE SET alert_type = ?2, state = "
        "?3, "
        "reason = ?4, comment = ?5, expires = ?6, modified = ?7, scope = ?8",
        STATE_ARGS(STATE_S(name), STATE_S(r.alert_type), STATE_S(r.enabled ? S("Enabled") : S("Disabled")),
                   STATE_S(r.reason), STATE_S(r.comment), STATE_I(r.expires), STATE_I(now), STATE_S(r.scope)),
        err));
    TRY(find(tx, name, now, a, out, err));
    return state_tx_commit(tx, err);
}

enum rc incident_suppress_delete(struct incident_store *s, str name, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM suppression_rules WHERE name = ?", STATE_ARGS(STATE_S(name)), err));
    bool there = state_stmt_changed(tx) > 0;
    TRY(state_tx_commit(tx, err));
    return there ? RC_OK
                 : err_set(err, RC_NOT_FOUND, "there is no suppression rule '" STR_FMT "'",
                           STR_ARG(str_slice(name, 0, 64)));
}

enum rc incident_suppress_try(struct incident_store *s, const struct json *properties, ts since,
                              struct arena *a, struct incident_suppress_trial *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_suppress_rule  r;
    struct incident_suppress_trial t = { .looked_at = 0 };
    bool                           more, covered;

    TRY(take_body(a, properties, &r, err));
    t.alerts = ARENA_ARRAY(a, struct incident_alert, INCIDENT_SUPPRESS_MAX_LISTED);
    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT id FROM alerts WHERE generated >= ?1 AND (?2 = '*' OR rule_id = ?2) "
                        "ORDER BY generated DESC",
                        STATE_ARGS(STATE_I(since), STATE_S(r.alert_type)), &st, err));
    while (true) {
        struct incident_alert_row row;
        AUTO(arena) scratch = arena_new(INCIDENT_PRIV_ARENA);
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(incident_alert_find(tx, state_stmt_str(st, 0), scratch, &row, err));
        TRY(rule_covers(&r, &row.a.alert, scratch, &covered, err));
        t.looked_at++;
        t.covered += covered;
        if (covered && t.n < INCIDENT_SUPPRESS_MAX_LISTED) {
            TRY(incident_alert_find(tx, state_stmt_str(st, 0), a, &row, err));
            t.alerts[t.n++] = row.a;
        }
    }
    *out = t;
    return RC_OK;
}
