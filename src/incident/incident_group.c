/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"
#include "detect/detect_name.h"
#include "incident/incident_entity.h"
#include "incident/incident_priv.h"
#include "incident/incident_search.h"
#include "incident/incident_suppress.h"

enum { MAX_IDENTITIES = 200, MAX_CANDIDATES = 64, MAX_UNION = 200 };

/* The space of our incidents' names. */
static const guid SPACE = { { 0x7a, 0x11, 0x90, 0x3c, 0x25, 0xd4, 0x4f, 0x06, 0x8e, 0x0b, 0x5a, 0x9f, 0x3d,
                              0xc8, 0x66, 0x21 } };

struct identities {
    struct {
        str text;
        int rank;
    } p[MAX_IDENTITIES];
    size_t n;
};

/* An open incident that shares something with the alert. */
struct candidate {
    int64_t number;
    int     rank;   /* of the most telling thing shared */
    size_t  shared; /* how many things */
};

struct candidates {
    struct candidate p[MAX_CANDIDATES];
    size_t           n;
};

static enum rc identities_of(struct arena *a, const struct alert *alert, struct identities *out,
                             struct err *err)
{
    struct detect_entities list = { .arena = a };
    str                    ids[DETECT_NAME_IDENTITIES];
    int                    rank;

    TRY(detect_entity_parse(&list, alert->entities, err));
    for (size_t i = 0; i < list.n; i++) {
        size_t n = detect_name_identities(a, &list.p[i], ids, &rank);
        for (size_t k = 0; k < n && out->n < MAX_IDENTITIES; k++) {
            out->p[out->n].text = ids[k];
            out->p[out->n++].rank = rank;
        }
    }
    return RC_OK;
}

static void note_candidate(struct candidates *c, int64_t number, int rank)
{
    size_t i = 0;

    while (i < c->n && c->p[i].number != number)
        i++;
    if (i == c->n) {
        if (c->n == MAX_CANDIDATES)
            return;
        c->p[c->n++] = (struct candidate) { .number = number };
    }
    c->p[i].rank = rank > c->p[i].rank ? rank : c->p[i].rank;
    c->p[i].shared++;
}

/* Incidents known by one identity whose activity is near enough to the alert's. */
static enum rc find_by(struct state_tx *tx, const struct alert *alert, str identity, int rank,
                       struct candidates *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    duration near = alert->incidents.lookback ? alert->incidents.lookback : HOURS(5);
    bool     more;

    TRY(state_stmt_open(
        tx,
        "SELECT i.number FROM incident_identities x JOIN incidents i ON i.number = x.incident "
        "WHERE x.identity = ? AND i.deleted = 0 AND i.merged_into = 0 AND (i.status <> ? OR ?) AND "
        "i.n_alerts < ? AND "
        "i.first_activity <= ? AND i.last_activity >= ? ORDER BY i.number LIMIT 64",
        STATE_ARGS(STATE_S(identity), STATE_I(INCIDENT_CLOSED), STATE_I(alert->incidents.reopen_closed),
                   STATE_I(INCIDENT_MAX_ALERTS), STATE_I(alert->end + near), STATE_I(alert->start - near)),
        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        note_candidate(out, state_stmt_i64(st, 0), rank);
    }
}

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (a->rank != b->rank)
        return a->rank > b->rank;
    if (a->shared != b->shared)
        return a->shared > b->shared;
    return a->number < b->number;
}

/* The incident that the alert belongs to; 0 when it makes its own. */
static enum rc find_incident(struct state_tx *tx, const struct alert *alert, const struct identities *ids,
                             int64_t *out, struct err *err)
{
    struct candidates       found = { .n = 0 };
    const struct candidate *best = NULL;
    bool                    all = str_eq_ci(alert->incidents.matching, S("AllEntities"));

    *out = 0;
    if (!alert->incidents.grouping)
        return RC_OK;
    for (size_t i = 0; i < ids->n; i++)
        TRY(find_by(tx, alert, ids->p[i].text, ids->p[i].rank, &found, err));
    for (size_t i = 0; i < found.n; i++) {
        if (all && found.p[i].shared < ids->n)
            continue;
        if (!best || better(&found.p[i], best))
            best = &found.p[i];
    }
    *out = best ? best->number : 0;
    return RC_OK;
}

/* --- what an alert does to its incident --- */

static void unite(struct arena *a, const str **list, size_t *n, const str *more, size_t n_more)
{
    str   *all = ARENA_ARRAY(a, str, *n + n_more + 1);
    size_t kept = 0;

    for (size_t i = 0; i < *n + n_more && kept < MAX_UNION; i++) {
        str    s = i < *n ? (*list)[i] : more[i - *n];
        size_t k = 0;
        while (k < kept && !str_eq(all[k], s))
            k++;
        if (k == kept && s.n)
            all[kept++] = s;
    }
    *list = all;
    *n = kept;
}

static ts earlier(ts a, ts b)
{
    return !a || b < a ? b : a;
}

/* The alert that names the incident: the most severe, the earliest of those. */
static const struct incident_alert_row *leading(const struct incident_alert_row *alerts, size_t n)
{
    const struct incident_alert_row *best = &alerts[0];

    for (size_t i = 1; i < n; i++)
        if (alerts[i].a.alert.severity > best->a.alert.severity)
            best = &alerts[i];
    return best;
}

/* What all alerts together say: times, tactics, products, rules. */
static void absorb(struct incident_change_set *c, const struct incident_alert_row *alerts, size_t n)
{
    struct incident *i = &c->row.i;

    i->n_alerts = (int64_t)n;
    for (size_t k = 0; k < n; k++) {
        const struct alert *r = &alerts[k].a.alert;
        i->first_activity = earlier(i->first_activity, r->start);
        i->last_activity = r->end > i->last_activity ? r->end : i->last_activity;
        unite(c->arena, &i->tactics, &i->n_tactics, r->tactics, r->n_tactics);
        unite(c->arena, &i->techniques, &i->n_techniques, r->techniques, r->n_techniques);
        unite(c->arena, &i->products, &i->n_products, &r->product, 1);
        unite(c->arena, &i->rule_ids, &i->n_rule_ids, &r->rule_id, 1);
    }
}

/* Title and severity, where no person has said them. */
static enum rc name_it(struct incident_change_set *c, const struct incident_alert_row *alerts, size_t n,
                       struct err *err)
{
    const struct incident_alert_row *lead = leading(alerts, n);
    struct incident_alert_row        whole;

    if (!c->row.rated_by_hand)
        c->row.i.severity = lead->a.alert.severity;
    if (c->row.named_by_hand)
        return RC_OK;
    TRY(incident_alert_find(c->tx, lead->a.alert.id, c->arena, &whole, err));
    c->row.i.title = incident_title_of(c->arena, &whole.a.alert, whole.a.alert.entities);
    c->row.i.description = incident_title_summary(c->arena, alerts, n);
    return RC_OK;
}

static enum rc absorb_all(struct incident_change_set *c, const struct alert *latest, struct err *err)
{
    struct incident_alert_row *alerts;
    size_t                     n;

    TRY(incident_alert_list_short(c->tx, c->row.i.number, c->arena, &alerts, &n, err));
    absorb(c, alerts, n);
    c->row.i.entities = incident_title_entities(c->arena, c->row.i.entities, latest->entities);
    return name_it(c, alerts, n, err);
}

static enum rc know_by(struct incident_change_set *c, const struct identities *ids, struct err *err)
{
    for (size_t k = 0; k < ids->n; k++)
        TRY(state_stmt_run(
            c->tx, "INSERT OR IGNORE INTO incident_identities (identity, incident, rank) VALUES (?, ?, ?)",
            STATE_ARGS(STATE_S(ids->p[k].text), STATE_I(c->row.i.number), STATE_I(ids->p[k].rank)), err));
    return RC_OK;
}

static enum rc know_rule(struct incident_change_set *c, const struct alert *alert, struct err *err)
{
    return state_stmt_run(c->tx, "INSERT OR IGNORE INTO incident_rules (rule_id, incident) VALUES (?, ?)",
                          STATE_ARGS(STATE_S(alert->rule_id), STATE_I(c->row.i.number)), err);
}

static enum rc open_incident(struct incident_change_set *c, int64_t number, const struct alert *alert,
                             struct err *err)
{
    char text[GUID_TEXT_SIZE];

    if (number) {
        TRY(incident_row_find(c->tx, arena_printf(c->arena, "%lld", (long long)number), c->arena, &c->row,
                              err));
        c->was = c->row;
        return RC_OK;
    }
    c->is_new = true;
    c->row = (struct incident_row) {
        .i = { .name = arena_str(c->arena, guid_text(guid_of(SPACE, alert->id), text)),
               .title = alert->display_name,
               .severity = alert->severity,
               .created = c->now,
               .modified = c->now,
               .modified_by = c->who,
               .entities = S("[]") },
    };
    TRY(incident_row_insert(c->tx, &c->row, err));
    c->was = c->row;
    return incident_change_note(c, S("created"), S(""), alert->rule_name, err);
}

static enum rc note_effects(struct incident_change_set *c, const struct alert *alert, bool joined,
                            struct err *err)
{
    if (joined && !c->is_new)
        TRY(incident_change_note(c, S("alert"), S(""), alert->display_name, err));
    incident_change_mark(c, S("alerts"));
    if (!c->is_new && c->was.i.severity != c->row.i.severity)
        TRY(incident_change_note(c, S("severity"), content_rule_severity_name(c->was.i.severity),
                                 content_rule_severity_name(c->row.i.severity), err));
    if (!c->is_new && !str_eq(c->was.i.title, c->row.i.title))
        incident_change_mark(c, S("title"));
    return RC_OK;
}

static enum rc reopen(struct incident_change_set *c, const struct alert *alert, struct err *err)
{
    if (c->row.i.status != INCIDENT_CLOSED || !alert->incidents.reopen_closed)
        return RC_OK;
    c->row.i.status = INCIDENT_ACTIVE;
    c->relog = true;
    c->row.i.closed = 0;
    return incident_change_note(c, S("status"), S("Closed"), S("Active"), err);
}

/* An alert that was merged into one that stands in an incident, or a new one that joins or makes one. */
static enum rc settle_in(struct incident_store *s, struct state_tx *tx, struct arena *a,
                         struct incident_alert_row *row, bool joined, struct err *err)
{
    struct incident_change_set c;
    struct identities          ids = { .n = 0 };
    const struct alert        *alert = &row->a.alert;
    int64_t                    number = row->incident_number;

    incident_change_begin(&c, s, tx, a, S("Vedette"));
    TRY(identities_of(a, alert, &ids, err));
    if (joined)
        TRY(find_incident(tx, alert, &ids, &number, err));
    TRY(open_incident(&c, number, alert, err));
    row->incident_number = c.row.i.number;
    TRY(incident_alert_put(tx, row, err));
    TRY(know_by(&c, &ids, err));
    TRY(know_rule(&c, alert, err));
    TRY(absorb_all(&c, alert, err));
    TRY(reopen(&c, alert, err));
    TRY(note_effects(&c, alert, joined, err));
    return incident_change_store(&c, err);
}

/* --- after alerts have come or gone by hand --- */

static enum rc forget_all(struct incident_change_set *c, struct err *err)
{
    static const char *const sql[] = {
        "DELETE FROM incident_identities WHERE incident = ?",
        "DELETE FROM incident_rules WHERE incident = ?",
    };
    struct incident *i = &c->row.i;

    for (size_t k = 0; k < sizeof sql / sizeof *sql; k++)
        TRY(state_stmt_run(c->tx, sql[k], STATE_ARGS(STATE_I(i->number)), err));
    i->tactics = i->techniques = i->products = i->rule_ids = NULL;
    i->n_tactics = i->n_techniques = i->n_products = i->n_rule_ids = 0;
    i->entities = S("[]");
    return RC_OK;
}

static enum rc count_things(struct incident_change_set *c, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    struct incident *i = &c->row.i;

    TRY(state_stmt_one(c->tx,
                       "SELECT (SELECT count(*) FROM incident_comments WHERE incident = ?1), "
                       "(SELECT count(*) FROM incident_tasks WHERE incident = ?1), "
                       "(SELECT count(*) FROM incident_tasks WHERE incident = ?1 AND done), "
                       "(SELECT count(*) FROM bookmarks WHERE incident = ?1 AND deleted = 0)",
                       STATE_ARGS(STATE_I(i->number)), &st, err));
    i->n_comments = state_stmt_i64(st, 0);
    i->n_tasks = state_stmt_i64(st, 1);
    i->n_tasks_done = state_stmt_i64(st, 2);
    i->n_bookmarks = state_stmt_i64(st, 3);
    return RC_OK;
}

enum rc incident_group_rebuild(struct incident_change_set *c, struct err *err)
{
    struct incident_alert_row *alerts;
    struct identities          ids;
    size_t                     n;

    TRY(forget_all(c, err));
    TRY(count_things(c, err));
    TRY(incident_alert_list(c->tx, c->row.i.number, c->arena, &alerts, &n, err));
    c->row.i.n_alerts = (int64_t)n;
    if (!n)
        return RC_OK;
    c->row.i.first_activity = c->row.i.last_activity = 0;
    absorb(c, alerts, n);
    for (size_t k = 0; k < n; k++) {
        const struct alert *alert = &alerts[k].a.alert;
        ids.n = 0;
        TRY(identities_of(c->arena, alert, &ids, err));
        TRY(know_by(c, &ids, err));
        TRY(know_rule(c, alert, err));
        c->row.i.entities = incident_title_entities(c->arena, c->row.i.entities, alert->entities);
    }
    return name_it(c, alerts, n, err);
}

enum rc incident_group_raise(void *store, struct state_tx *tx, const struct alert *alert, struct err *err)
{
    struct incident_store *s = store;
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct incident_alert_row row;
    struct err                why = { 0 };
    bool                      changed = true;

    enum rc rc = incident_alert_find(tx, alert->id, a, &row, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    bool is_new = rc == RC_NOT_FOUND;
    if (is_new)
        row = incident_merge_first(a, alert);
    else
        TRY(incident_merge_again(a, alert, &row, &changed, err));
    if (!changed)
        return RC_OK;

    row.a.alert.incidents = alert->incidents;
    if (is_new)
        TRY(incident_suppress_covers(tx, alert, env_now(s->env), a, &row.a.suppressed_by, err));
    if (row.a.suppressed_by.n)
        row.a.status = S("Dismissed");
    if (!row.a.suppressed_by.n && (is_new ? alert->incidents.create : row.incident_number != 0))
        TRY(settle_in(s, tx, a, &row, is_new, err));
    else
        TRY(incident_alert_put(tx, &row, err));
    if (is_new && row.a.suppressed_by.n)
        TRY(state_stmt_run(tx, "UPDATE alerts SET status = 'Dismissed', suppressed_by = ? WHERE id = ?",
                           STATE_ARGS(STATE_S(row.a.suppressed_by), STATE_S(alert->id)), err));
    TRY(incident_entity_index(tx, a,
                              &(struct incident_entity_source) { alert->id, alert->display_name,
                                                                 row.a.alert.entities, row.a.alert.start,
                                                                 row.a.alert.end },
                              env_now(s->env), err));
    struct incident_pending_event e = { .type = INCIDENT_ALERT, .id = alert->id };
    if (is_new)
        incident_change_event(s, &e);
    struct incident_row in = { .i = { .status = INCIDENT_NEW } };
    if (row.incident_number)
        TRY(incident_row_load(tx, row.incident_number, a, &in, err));
    incident_alert_settle(&row, &in);
    TRY(incident_log_alert(s, tx, &row, err));
    return incident_search_settle(tx, err);
}
