/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify_due.h"

#include "base/strbuf.h"
#include "incident/incident_contact.h"
#include "notify/notify_people.h"
#include "state/state_stmt.h"

enum { DIGEST = -1, LISTED = 25, MAX_BODY = 256 * 1024 };
#define KEPT DAYS(30)

static duration pause_of(enum content_severity s)
{
    return s == CONTENT_HIGH ? HOURS(6) : s == CONTENT_MEDIUM ? HOURS(12) : HOURS(24);
}

struct mark {
    int64_t upto;
    ts      sent;
};

/* A contact that has no mark begins with the alerts raised since it was last changed. */
static enum rc read_mark(struct state_tx *tx, str contact, int severity, struct mark *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        tx,
        "SELECT coalesce((SELECT upto FROM mail_marks WHERE contact = ?1 AND severity = ?2), (SELECT "
        "max(seq) "
        "FROM mail_alerts WHERE raised < (SELECT modified FROM security_contacts WHERE name = ?1)), 0), "
        "coalesce((SELECT sent FROM mail_marks WHERE contact = ?1 AND severity = ?2), 0)",
        STATE_ARGS(STATE_S(contact), STATE_I(severity)), &st, err));
    *out = (struct mark) { state_stmt_i64(st, 0), state_stmt_i64(st, 1) };
    return RC_OK;
}

static enum rc write_mark(struct state_tx *tx, str contact, int severity, const struct mark *m,
                          struct err *err)
{
    return state_stmt_run(tx,
                          "INSERT INTO mail_marks (contact, severity, upto, sent) VALUES (?1, ?2, ?3, ?4) ON "
                          "CONFLICT (contact, severity) DO UPDATE SET upto = ?3, sent = ?4",
                          STATE_ARGS(STATE_S(contact), STATE_I(severity), STATE_I(m->upto), STATE_I(m->sent)),
                          err);
}

enum rc notify_due_put(struct state_tx *tx, const struct notify_due_message *m, ts now, struct err *err)
{
    return state_stmt_run(
        tx,
        "INSERT INTO mail_queue (receiver, subject, body, created, attempts, next_at, ended, "
        "status, error) VALUES (?, ?, ?, ?, 0, ?, 0, 'Waiting', '')",
        STATE_ARGS(STATE_S(m->to), STATE_S(m->subject), STATE_S(m->body), STATE_I(now), STATE_I(now)), err);
}

/* --- the text --- */

struct writing {
    const struct notify_opts *opts;
    struct strbuf            *body;
    str                       first; /* the first alert's name */
    int64_t                   upto, n;
    struct arena             *arena;
};

static void write_alert(struct writing *t, const struct state_stmt *st)
{
    char text[TS_TEXT_SIZE];
    str  compromised = state_stmt_str(st, 3);

    strbuf_add(t->body, content_rule_severity_name((enum content_severity)state_stmt_i64(st, 1)));
    strbuf_addz(t->body, "  ");
    strbuf_add(t->body, str_slice(ts_text(state_stmt_i64(st, 4), text), 0, 19));
    strbuf_addz(t->body, "Z  ");
    strbuf_add(t->body, state_stmt_str(st, 2));
    if (compromised.n) {
        strbuf_addz(t->body, "  on ");
        strbuf_add(t->body, compromised);
    }
    strbuf_addf(t->body, "\n    " STR_FMT "/alerts/" STR_FMT "\n", STR_ARG(t->opts->portal),
                STR_ARG(state_stmt_str(st, 5)));
}

/* Lists the alerts behind the mark, the severest and newest first; counts all. */
static enum rc write_alerts(struct writing *t, struct state_tx *tx, int64_t after, int least, int most,
                            struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(
        tx,
        "SELECT m.seq, m.severity, a.display_name, a.compromised, a.start, a.id FROM mail_alerts m JOIN "
        "alerts "
        "a ON a.id = m.alert WHERE m.seq > ? AND a.suppressed_by = '' AND m.severity BETWEEN ? AND ? ORDER "
        "BY m.severity DESC, m.seq "
        "DESC",
        STATE_ARGS(STATE_I(after), STATE_I(least), STATE_I(most)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        if (!t->n)
            t->first = state_stmt_str_in(st, 2, t->arena);
        if (state_stmt_i64(st, 0) > t->upto)
            t->upto = state_stmt_i64(st, 0);
        if (t->n++ < LISTED)
            write_alert(t, st);
    }
    if (t->n > LISTED)
        strbuf_addf(t->body, "… and %lld more: " STR_FMT "/alerts\n", (long long)(t->n - LISTED),
                    STR_ARG(t->opts->portal));
    return RC_OK;
}

/* --- one contact --- */

struct telling {
    const struct notify_opts      *opts;
    const struct incident_contact *contact;
    str                            to;
    int                            severity; /* or DIGEST */
    duration                       pause;
    ts                             now;
};

static str subject_of(const struct telling *g, const struct writing *t)
{
    if (g->severity == DIGEST)
        return arena_printf(t->arena, "Vedette: %lld alert%s in the last %s", (long long)t->n,
                            t->n == 1 ? "" : "s", g->pause > DAYS(1) ? "week" : "day");
    str name = content_rule_severity_name((enum content_severity)g->severity);
    if (t->n == 1)
        return arena_printf(t->arena, "[" STR_FMT "] " STR_FMT, STR_ARG(name), STR_ARG(t->first));
    return arena_printf(t->arena, "[" STR_FMT "] %lld alerts, the last: " STR_FMT, STR_ARG(name),
                        (long long)t->n, STR_ARG(t->first));
}

static enum rc tell_in(const struct telling *g, struct state_tx *tx, struct arena *a, bool *told,
                       struct err *err)
{
    AUTO_STRBUF    body = STRBUF_INIT(MAX_BODY);
    struct writing t = { .opts = g->opts, .body = &body, .arena = a };
    struct mark    m;
    bool           digest = g->severity == DIGEST;

    *told = false;
    TRY(read_mark(tx, g->contact->name, g->severity, &m, err));
    if (m.sent && g->now - m.sent < g->pause)
        return RC_OK;
    if (digest && !m.sent) { /* the first covers the time from now on */
        m.sent = g->now;
        *told = true;
        return write_mark(tx, g->contact->name, g->severity, &m, err);
    }
    t.upto = m.upto;
    TRY(write_alerts(&t, tx, m.upto, digest ? (int)g->contact->minimal : g->severity,
                     digest ? (int)CONTENT_HIGH : g->severity, err));
    if (!t.n)
        return RC_OK;
    if (!digest)
        strbuf_addf(&body,
                    "\nThe next message about alerts of this severity comes in %lld hours at the earliest.\n",
                    (long long)(g->pause / HOURS(1)));
    const struct notify_due_message message = { g->to, subject_of(g, &t), strbuf_view(&body) };
    TRY(notify_due_put(tx, &message, g->now, err));
    m = (struct mark) { t.upto, g->now };
    *told = true;
    return write_mark(tx, g->contact->name, g->severity, &m, err);
}

static enum rc tell(const struct telling *g, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(4 << 20);
    bool told;

    TRY(state_tx_write(g->opts->state, &tx, err));
    TRY(tell_in(g, tx, a, &told, err));
    return told ? state_tx_commit(tx, err) : RC_OK;
}

static enum rc something_new(const struct notify_opts *opts, bool *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(opts->state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT 1 FROM mail_alerts LIMIT 1", STATE_NO_ARGS, &st, err));
    return state_stmt_next(st, out, err);
}

static enum rc forget(const struct notify_opts *opts, ts now, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(opts->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM mail_alerts WHERE raised < ?", STATE_ARGS(STATE_I(now - KEPT)), err));
    return state_stmt_changed(tx) ? state_tx_commit(tx, err) : RC_OK;
}

enum rc notify_due_write(const struct notify_opts *opts, const struct notify_conf *conf, struct err *err)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct incident_contact *contacts;
    size_t                   n;
    bool                     any = false;
    ts                       now = env_now(opts->env);

    TRY(something_new(opts, &any, err));
    if (!any)
        return RC_OK;
    TRY(incident_contact_list(opts->incidents, a, &contacts, &n, err));
    for (size_t i = 0; i < n; i++) {
        struct telling g = { .opts = opts, .contact = &contacts[i], .now = now };
        if (!contacts[i].notifications)
            continue;
        TRY(notify_people_of(opts, &contacts[i], a, &g.to, err));
        if (!g.to.n) /* nobody holds its roles by now: what comes waits for somebody */
            continue;
        for (int s = CONTENT_HIGH; s >= (int)contacts[i].minimal; s--) {
            g.severity = s;
            g.pause = pause_of((enum content_severity)s);
            TRY(tell(&g, err));
        }
        g.severity = DIGEST;
        g.pause = conf->digest;
        if (conf->digest)
            TRY(tell(&g, err));
    }
    return forget(opts, now, err);
}
