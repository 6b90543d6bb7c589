/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident: alerts become incidents; people work on them; every change is kept.
 *
 * Grouping: an alert joins the open incident that shares the most telling entity with it (account, host or
 * address with a strong identity; never 127.0.0.1, SYSTEM, root alone, "-" and their like) and whose activity
 * lies within 5 h of the alert's own events, up to INCIDENT_MAX_ALERTS; else it makes a new one. Which one is
 * a matter of the alerts alone: the same alerts in the same order give the same incidents with the same
 * names.
 *
 * Every change writes the incident, its history and the rows for SecurityIncident and SecurityAlert into an
 * outbox in one transaction; the outbox goes to the log tables under a token, so a kill in between loses and
 * doubles nothing.
 *
 * Names: a guid names an incident, a number counts from 1 and never returns. The etag changes with every
 * change.
 *
 * Ownership: what comes out lives in the arena given. Threads: all functions are safe from any thread. */
#ifndef INCIDENT_INCIDENT_H
#define INCIDENT_INCIDENT_H

#include "base/env.h"
#include "base/json.h"
#include "detect/detect_alert.h"

enum {
    INCIDENT_MAX_ALERTS = 150,
    INCIDENT_MAX_COMMENTS = 100,
    INCIDENT_MAX_COMMENT_CHARS = 30000,
    INCIDENT_MAX_TASKS = 40,
    INCIDENT_MAX_BOOKMARKS = 20,
};

enum incident_status { INCIDENT_NEW, INCIDENT_ACTIVE, INCIDENT_CLOSED, INCIDENT_STATUS_COUNT_ };

struct state;
struct incident_store;

struct incident_person {
    str object_id, name, email, upn;
    str type; /* owners: User, Group or empty */
};

struct incident_label {
    str  name;
    bool automatic;
};

struct incident {
    str                    name; /* guid */
    int64_t                number;
    str                    etag; /* with its quotes: "\"…\"" */
    str                    title, description;
    enum content_severity  severity;
    enum incident_status   status;
    str                    classification, classification_reason, classification_comment; /* empty: none */
    struct incident_person owner; /* object_id empty: nobody */
    const struct incident_label *labels;
    size_t                       n_labels;
    ts                           created, modified, first_activity, last_activity, closed; /* 0: never */
    str                          modified_by;
    const str                   *tactics, *techniques, *products, *rule_ids, *alert_ids;
    size_t                       n_tactics, n_techniques, n_products, n_rule_ids, n_alert_ids;
    int64_t                      n_alerts, n_comments, n_bookmarks, n_tasks, n_tasks_done;
    int64_t                      merged_into; /* number; 0: it was not merged into another */
    str entities; /* JSON: [{"kind":"Host","name":"WORKSTATION5"},…], the most telling first, at most 6 */
};

struct incident_opts {
    struct state     *state; /* borrowed, as all here */
    const struct env *env;
    str               subscription, group, workspace; /* of the ids */
    str               portal;                         /* "https://host:8443", for incidentUrl; may be empty */
};

must_check enum rc     incident_open(const struct incident_opts *opts, struct incident_store **out,
                                     struct err *err);
struct incident_store *incident_close(struct incident_store *s);
DEFINE_AUTO_TYPE(incident_store, struct incident_store *, incident_close)

/* Who changes something, why (empty: not said) and under which request id: a request that has been carried
 * out is not carried out again. */
struct incident_by {
    struct incident_person who;
    str                    why, request;
};

/* The door for alerts. */
struct alert_sink incident_sink(struct incident_store *s);

/* --- reading --- */
struct incident_list_opts {
    str    filter;     /* OData over properties/…; empty: all. See docs/incident.md */
    bool   graph;      /* `filter` and `orderby` name Graph's properties instead of ARM's */
    str    search;     /* words, all of which the incident, its alerts with their rows or its comments hold */
    str    orderby;    /* "properties/createdTimeUtc desc"; empty: by number, newest first */
    size_t top;        /* page size, 1..1000; 0: 50 */
    str    skip_token; /* from the page before */
};

struct incident_page {
    const struct incident *items;
    size_t                 n;
    str                    skip_token; /* empty: this was the last page */
};

must_check enum rc incident_list(struct incident_store *s, const struct incident_list_opts *opts,
                                 struct arena *a, struct incident_page *out, struct err *err);
/* By guid, or by number ("1284"). */
must_check enum rc incident_get(struct incident_store *s, str name, struct arena *a, struct incident *out,
                                struct err *err);

/* The alerts of an incident, oldest first. */
struct incident_alert {
    struct alert alert;    /* rows.rows is empty: incident_rows has them */
    str          incident; /* guid */
    str          status;   /* New, InProgress, Resolved, Dismissed: its own, or as its incident is */
    int64_t      n_rows;   /* counted */
    ts           updated;
    str          classification, determination, assigned; /* Graph's words; empty: nobody has said */
    str          suppressed_by;                           /* the suppression rule */
    int64_t      incident_number;                         /* 0: none */
};
must_check enum rc incident_alerts(struct incident_store *s, str name, struct arena *a,
                                   struct incident_alert **out, size_t *n, struct err *err);

/* One alert by its systemAlertId; `incident` is empty when it is in none. */
must_check enum rc incident_alert_get(struct incident_store *s, str id, struct arena *a,
                                      struct incident_alert *out, struct err *err);

/* The entities of an incident, each once. */
struct incident_entity {
    str                id;         /* guid, the same for the same thing everywhere */
    str                kind;       /* ARM's: Account, Host, Ip, File, … */
    str                name;       /* friendly */
    const struct json *properties; /* in ARM's names */
    int64_t            n_alerts;
};
must_check enum rc incident_entities(struct incident_store *s, str name, struct arena *a,
                                     struct incident_entity **out, size_t *n, struct err *err);

/* The kept rows that fired an alert, as JSON texts, and the query that finds them again. */
struct incident_rows {
    str     table, columns, rows, query;
    ts      window_from, window_to;
    int64_t counted;
};
must_check enum rc incident_rows(struct incident_store *s, str name, str alert_id, struct arena *a,
                                 struct incident_rows *out, struct err *err);

struct incident_history {
    ts      time;
    str     who, what, from, to, why;
    int64_t act;    /* for incident_undo_act; 0: not of a person */
    bool    undone; /* the act was undone */
};
must_check enum rc incident_history(struct incident_store *s, str name, struct arena *a,
                                    struct incident_history **out, size_t *n, struct err *err);

/* --- changing --- */
/* PUT: makes the incident (title, severity and status are then required) or changes it. A property of `body`
 * that is absent stays, null clears, one that only the server sets is ignored. `if_match` (or the etag in the
 * body) must be the present one when it is given: else RC_STALE. Closing asks for a classification. */
struct incident_put {
    str                name; /* guid */
    const struct json *body;
    str                if_match; /* empty or "*": whatever it is now */
    struct incident_by by;
};
must_check enum rc incident_put(struct incident_store *s, const struct incident_put *put, struct arena *a,
                                struct incident *out, bool *created, struct err *err);
/* RC_NOT_FOUND when there is none. The alerts stay, in no incident. It can be undone. */
must_check enum rc incident_delete(struct incident_store *s, str name, const struct incident_by *by,
                                   struct err *err);

/* --- comments --- */
struct incident_comment {
    str                    name, etag, message;
    ts                     created, modified;
    struct incident_person author;
};
must_check enum rc incident_comments(struct incident_store *s, str incident, struct arena *a,
                                     struct incident_comment **out, size_t *n, struct err *err);
/* RC_FORBIDDEN: somebody else's comment. `created` may be NULL. */
struct incident_comment_put {
    str                incident, name, message, if_match;
    struct incident_by by;
};
must_check enum rc incident_comment_put(struct incident_store *s, const struct incident_comment_put *put,
                                        struct arena *a, struct incident_comment *out, bool *created,
                                        struct err *err);
must_check enum rc incident_comment_get(struct incident_store *s, str incident, str name, struct arena *a,
                                        struct incident_comment *out, struct err *err);
must_check enum rc incident_comment_delete(struct incident_store *s, str incident, str name,
                                           const struct incident_by *by, struct err *err);

/* --- figures --- */
struct incident_counts {
    int64_t open, mine, unassigned, high_last_hour, closed_today, total;
};
must_check enum rc incident_counts(struct incident_store *s, str me_object_id, struct incident_counts *out,
                                   struct err *err);

struct incident_overview {
    int64_t open[CONTENT_SEVERITY_COUNT_], unassigned, closed_today, new_since, new_high_since;
    struct incident_first {
        struct incident incident;
        str             why;
    } look_first[5];
    size_t n_look_first;
    struct incident_change {
        ts  time;
        str text, incident; /* number, as text */
    } changes[20];
    size_t n_changes;
    struct {
        ts      hour;
        int64_t alerts[CONTENT_SEVERITY_COUNT_];
    } per_hour[24]; /* by when alerts were raised, oldest hour first */
};
must_check enum rc incident_overview(struct incident_store *s, ts since, struct arena *a,
                                     struct incident_overview *out, struct err *err);

/* --- changes as they happen --- */
enum incident_event_type { INCIDENT_CREATED, INCIDENT_CHANGED, INCIDENT_ALERT };
struct incident_event {
    enum incident_event_type type;
    str                      id; /* guid of the incident, or of the alert */
    str                      etag;
    const str               *changed; /* "status", "owner", "alerts", … */
    size_t                   n_changed;
};
/* Calls `on` after each change has been committed, in the thread of who made it: copy and return, never block
 * or call back. RC_LIMIT above 1000 listeners. */
must_check enum rc incident_subscribe(struct incident_store *s,
                                      void (*on)(void *ctx, const struct incident_event *e), void *ctx,
                                      uint64_t *id, struct err *err);
void incident_unsubscribe(struct incident_store *s, uint64_t id); /* when it returns, `on` runs no more */

str  incident_status_name(enum incident_status s);
bool incident_status_parse(str s, enum incident_status *out);

#endif
