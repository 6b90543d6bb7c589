/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_priv.h"

enum { LOOK_FIRST = 5, CHANGES = 20, HOURS_SHOWN = 24 };

static ts start_of_day(ts now)
{
    duration day = DAYS(1);
    return now - ((now % day) + day) % day;
}

/* Figures of all incidents come from tallies that triggers keep (migration 072); those of a stretch of time
 * from the index that runs along it. */
enum rc incident_counts(struct incident_store *s, str me_object_id, struct incident_counts *out,
                        struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    ts now = env_now(s->env);

    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_one(
        tx,
        "SELECT coalesce(sum(n) FILTER (WHERE status <> ?1), 0), "
        "coalesce(sum(n) FILTER (WHERE status <> ?1 AND owner_id = ?2 AND ?2 <> ''), 0), "
        "coalesce(sum(n) FILTER (WHERE status <> ?1 AND owner_id = ''), 0), "
        "(SELECT count(*) FROM incidents INDEXED BY incidents_created WHERE created > ?4 AND deleted = 0 AND "
        "status <> ?1 AND severity = ?3), "
        "(SELECT count(*) FROM incidents INDEXED BY incidents_closed WHERE closed >= ?5 AND deleted = 0 AND "
        "status = ?1), coalesce(sum(n), 0) FROM incident_tallies",
        STATE_ARGS(STATE_I(INCIDENT_CLOSED), STATE_S(me_object_id), STATE_I(CONTENT_HIGH),
                   STATE_I(now - HOURS(1)), STATE_I(start_of_day(now))),
        &st, err));
    *out = (struct incident_counts) {
        .open = state_stmt_i64(st, 0),
        .mine = state_stmt_i64(st, 1),
        .unassigned = state_stmt_i64(st, 2),
        .high_last_hour = state_stmt_i64(st, 3),
        .closed_today = state_stmt_i64(st, 4),
        .total = state_stmt_i64(st, 5),
    };
    return RC_OK;
}

static enum rc open_by_severity(struct state_tx *tx, struct incident_overview *o, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT severity, sum(n), coalesce(sum(n) FILTER (WHERE owner_id = ''), 0) FROM "
                        "incident_tallies WHERE status <> ? GROUP BY severity",
                        STATE_ARGS(STATE_I(INCIDENT_CLOSED)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        int64_t severity = state_stmt_i64(st, 0);
        if (severity < 0 || severity >= CONTENT_SEVERITY_COUNT_)
            continue;
        o->open[severity] = state_stmt_i64(st, 1);
        o->unassigned += state_stmt_i64(st, 2);
    }
}

static enum rc since_then(struct state_tx *tx, ts since, ts now, struct incident_overview *o, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        tx,
        "SELECT count(*), count(*) FILTER (WHERE severity = ?2), (SELECT count(*) FROM incidents INDEXED BY "
        "incidents_closed WHERE closed >= ?3 AND deleted = 0 AND status = ?4) FROM incidents INDEXED BY "
        "incidents_created WHERE created > ?1 AND deleted = 0",
        STATE_ARGS(STATE_I(since), STATE_I(CONTENT_HIGH), STATE_I(start_of_day(now)),
                   STATE_I(INCIDENT_CLOSED)),
        &st, err));
    o->new_since = state_stmt_i64(st, 0);
    o->new_high_since = state_stmt_i64(st, 1);
    o->closed_today = state_stmt_i64(st, 2);
    return RC_OK;
}

/* Why an incident should be looked at before others, in words. */
static str why_first(struct arena *a, const struct incident *i)
{
    AUTO_STRBUF why = STRBUF_INIT(400);

    strbuf_addf(&why, STR_FMT " severity", STR_ARG(content_rule_severity_name(i->severity)));
    if (i->n_tactics > 1)
        strbuf_addf(&why, ", %zu tactics", i->n_tactics);
    if (i->n_alerts > 1)
        strbuf_addf(&why, ", %lld alerts", (long long)i->n_alerts);
    if (!i->owner.object_id.n)
        strbuf_addz(&why, ", nobody has it");
    return arena_str(a, strbuf_view(&why));
}

/* By severity; then the ones that nobody has before those that somebody has; then by tactics, alerts, age.
 * The index incidents_look has that order, of what is open (status 2 is closed). */
static enum rc look_first(struct state_tx *tx, struct arena *a, struct incident_overview *o, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT " INCIDENT_ROW_COLUMNS
                        " FROM incidents INDEXED BY incidents_look WHERE status <> 2 AND "
                        "deleted = 0 ORDER BY severity DESC, owner_id = '' DESC, length(tactics) - "
                        "length(replace(tactics, '\"', '')) DESC, "
                        "n_alerts DESC, number DESC LIMIT ?",
                        STATE_ARGS(STATE_I(LOOK_FIRST)), &st, err));
    while (true) {
        struct incident_row row;
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        TRY(incident_row_read(st, a, &row, err));
        o->look_first[o->n_look_first].incident = row.i;
        o->look_first[o->n_look_first++].why = why_first(a, &row.i);
    }
}

static str change_text(struct arena *a, const struct state_stmt *st)
{
    str who = state_stmt_str(st, 1), what = state_stmt_str(st, 2), became = state_stmt_str(st, 3);
    str title = state_stmt_str(st, 5);

    if (str_eq(what, S("created")))
        return arena_printf(a, "New: " STR_FMT, STR_ARG(title));
    if (str_eq(what, S("alert")))
        return arena_printf(a, "Alert joined: " STR_FMT, STR_ARG(str_slice(became, 0, 200)));
    if (str_eq(what, S("comment")))
        return arena_printf(a, STR_FMT " commented", STR_ARG(who));
    return arena_printf(a, STR_FMT " set " STR_FMT " to " STR_FMT, STR_ARG(who), STR_ARG(what),
                        STR_ARG(became.n ? str_slice(became, 0, 200) : S("nothing")));
}

static enum rc last_changes(struct state_tx *tx, ts since, struct arena *a, struct incident_overview *o,
                            struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx,
                        "SELECT h.time, h.who, h.what, h.became, h.incident, i.title FROM incident_history h "
                        "JOIN incidents i ON i.number = h.incident WHERE i.deleted = 0 AND h.time > ? ORDER "
                        "BY h.seq DESC LIMIT ?",
                        STATE_ARGS(STATE_I(since), STATE_I(CHANGES)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        struct incident_change *c = &o->changes[o->n_changes++];
        c->time = state_stmt_i64(st, 0);
        c->text = change_text(a, st);
        c->incident = arena_printf(a, "%lld", (long long)state_stmt_i64(st, 4));
    }
}

static enum rc alerts_per_hour(struct state_tx *tx, ts now, struct incident_overview *o, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    duration hour = HOURS(1);
    ts       first = now - now % hour - (HOURS_SHOWN - 1) * hour;
    bool     more;

    for (int i = 0; i < HOURS_SHOWN; i++)
        o->per_hour[i].hour = first + i * hour;
    TRY(state_stmt_open(tx,
                        "SELECT (generated - ?1) / ?2, severity, count(*) FROM alerts WHERE generated >= ?1 "
                        "GROUP BY 1, 2",
                        STATE_ARGS(STATE_I(first), STATE_I(hour)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        int64_t h = state_stmt_i64(st, 0), severity = state_stmt_i64(st, 1);
        if (h >= 0 && h < HOURS_SHOWN && severity >= 0 && severity < CONTENT_SEVERITY_COUNT_)
            o->per_hour[h].alerts[severity] = state_stmt_i64(st, 2);
    }
}

enum rc incident_overview(struct incident_store *s, ts since, struct arena *a, struct incident_overview *out,
                          struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_overview o = { .n_changes = 0 };
    ts                       now = env_now(s->env);

    TRY(state_tx_read(s->state, &tx, err));
    TRY(open_by_severity(tx, &o, err));
    TRY(since_then(tx, since, now, &o, err));
    TRY(look_first(tx, a, &o, err));
    TRY(last_changes(tx, since, a, &o, err));
    TRY(alerts_per_hour(tx, now, &o, err));
    *out = o;
    return RC_OK;
}
