/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_priv: what the files of this folder share. */
#ifndef INCIDENT_INCIDENT_PRIV_H
#define INCIDENT_INCIDENT_PRIV_H

#include <pthread.h>

#include "base/vec.h"
#include "incident/incident.h"
#include "incident/incident_json.h"
#include "state/state_stmt.h"

enum { INCIDENT_PRIV_ARENA = 64 << 20, INCIDENT_PRIV_TOP_ENTITIES = 6, INCIDENT_PRIV_MAX_EVENTS = 1000 };

struct incident_listener {
    uint64_t id;
    void (*on)(void *ctx, const struct incident_event *e);
    void *ctx;
};

/* An event that waits for its transaction, which is its thread's, to be committed. The words of `changed` are
 * ours and live for ever. */
struct incident_pending_event {
    enum incident_event_type type;
    str                      id, etag; /* of who hands it in */
    pthread_t                owner;
    char                     id_text[64], etag_text[64];
    str                      changed[12];
    size_t                   n_changed;
};

struct incident_store {
    struct state              *state;
    const struct env          *env;
    struct incident_json_scope scope;
    struct arena              *arena; /* of the scope's texts */

    pthread_mutex_t listening; /* of all below; held while listeners are called */
    VEC(struct incident_listener) listeners;
    uint64_t next_listener;
    VEC(struct incident_pending_event) events;
};

/* An incident with what its visible form lacks. */
struct incident_row {
    struct incident i;
    int64_t         version;
    ts              first_modified;
    bool            named_by_hand, rated_by_hand;
};

/* One change being made: the row as it was and as it becomes. */
struct incident_change_set {
    struct incident_store *store;
    struct state_tx       *tx;
    struct arena          *arena;
    ts                     now;
    str                    who, why;
    struct incident_row    was, row;
    bool                   is_new;
    int64_t                act;   /* 0: of the machine, there is nothing to undo */
    bool                   relog; /* the status of its alerts has changed with it */
    str                    seen;  /* the row when the act began, as incident_act has it */
    str                    changed[12];
    size_t                 n_changed;
};

/* --- incident_row.c: incidents in state --- */
/* The columns that incident_row_read takes, in its order. */
#define INCIDENT_ROW_COLUMNS                                                                                 \
    "number, name, version, title, description, severity, status, classification, classification_reason, "   \
    "classification_comment, owner_id, owner_name, owner_email, owner_upn, owner_type, labels, created, "    \
    "modified, modified_by, first_modified, first_activity, last_activity, closed, tactics, techniques, "    \
    "products, rule_ids, entities, n_alerts, n_comments, named_by_hand, rated_by_hand, merged_into, "        \
    "n_bookmarks, n_tasks, n_tasks_done"
enum { INCIDENT_ROW_WIDTH = 36 };
must_check enum rc incident_row_read(const struct state_stmt *st, struct arena *a, struct incident_row *out,
                                     struct err *err);
/* By guid or number. RC_NOT_FOUND says which. */
must_check enum rc incident_row_find(struct state_tx *tx, str name, struct arena *a, struct incident_row *out,
                                     struct err *err);
/* By number, a deleted one too. */
must_check enum rc incident_row_load(struct state_tx *tx, int64_t number, struct arena *a,
                                     struct incident_row *out, struct err *err);
/* Adds the row, which gets its number. */
must_check enum rc incident_row_insert(struct state_tx *tx, struct incident_row *row, struct err *err);
must_check enum rc incident_row_update(struct state_tx *tx, const struct incident_row *row, struct err *err);
/* Fills alert_ids. */
must_check enum rc incident_row_alert_ids(struct state_tx *tx, struct arena *a, struct incident_row *row,
                                          struct err *err);
str                incident_row_etag(struct arena *a, const struct incident_row *row);

/* --- incident_change.c: a change from beginning to end --- */
void incident_change_begin(struct incident_change_set *c, struct incident_store *s, struct state_tx *tx,
                           struct arena *a, str who);
/* Notes in the history; the word goes into the event. */
must_check enum rc incident_change_note(struct incident_change_set *c, str what, str was, str became,
                                        struct err *err);
/* The word goes into the event; the history stays as it is. */
void incident_change_mark(struct incident_change_set *c, str what);
/* How a person is named in histories. */
str incident_change_person(const struct incident_person *p);
/* New version, row stored, a row for SecurityIncident, the event kept until the commit. */
must_check enum rc incident_change_store(struct incident_change_set *c, struct err *err);
/* A transaction of its own: begins a change for `by`, lets `fn` make it, commits, tells who listens.
 * Out-values of `fn` count only when this answers RC_OK. */
typedef enum rc    incident_change_fn(struct incident_change_set *c, void *arg, struct err *err);
must_check enum rc incident_change_run(struct incident_store *s, const struct incident_by *by,
                                       struct arena *a, incident_change_fn *fn, void *arg, struct err *err);
/* After the transaction: calls the listeners, or forgets. */
void incident_change_settled(void *store, bool committed);
void incident_change_event(struct incident_store *s, const struct incident_pending_event *e);

/* --- incident_alert.c: alerts in state --- */
struct incident_alert_row {
    struct incident_alert a;
    int64_t               incident_number; /* 0: none */
    ts                    updated;
    str                   marks; /* struct alert_mark, one behind the other */
    str                   kept;  /* rows as JSON */
};
/* What an alert in an incident of that status is: New, InProgress, Resolved. */
str                incident_alert_status(enum incident_status s);
must_check enum rc incident_alert_find(struct state_tx *tx, str id, struct arena *a,
                                       struct incident_alert_row *out, struct err *err);
/* Fills incident and status, which are its incident's where it has none of its own. */
void               incident_alert_settle(struct incident_alert_row *row, const struct incident_row *in);
must_check enum rc incident_alert_put(struct state_tx *tx, const struct incident_alert_row *row,
                                      struct err *err);
must_check enum rc incident_alert_list(struct state_tx *tx, int64_t incident_number, struct arena *a,
                                       struct incident_alert_row **out, size_t *n, struct err *err);
/* The same without entities, details, query and rows. */
must_check enum rc incident_alert_list_short(struct state_tx *tx, int64_t incident_number, struct arena *a,
                                             struct incident_alert_row **out, size_t *n, struct err *err);

/* --- incident_merge.c: an alert raised again --- */
/* A first raise as a row. */
struct incident_alert_row incident_merge_first(struct arena *a, const struct alert *raised);
/* Merges a raise into what is there; `changed` is false when it says nothing new. */
must_check enum rc incident_merge_again(struct arena *a, const struct alert *raised,
                                        struct incident_alert_row *into, bool *changed, struct err *err);

/* --- incident_group.c: the door for alerts --- */
must_check enum rc incident_group_raise(void *store, struct state_tx *tx, const struct alert *alert,
                                        struct err *err);
/* What the alerts of the incident say of it, from the beginning: after alerts have come or gone by hand. */
must_check enum rc incident_group_rebuild(struct incident_change_set *c, struct err *err);

/* --- incident_title.c: what people read first --- */
/* Who did what where: the alert's name, and the telling entities that it does not name itself. */
str incident_title_of(struct arena *a, const struct alert *alert, str entities_json);
/* The most telling entities of both lists as [{"kind","name"}], at most INCIDENT_PRIV_TOP_ENTITIES. */
str incident_title_entities(struct arena *a, str top_json, str entities_json);
/* "3 alerts from … to …: name; name." */
str incident_title_summary(struct arena *a, const struct incident_alert_row *alerts, size_t n);

/* --- incident_log.c: rows for log tables --- */
must_check enum rc incident_log_alert(struct incident_store *s, struct state_tx *tx,
                                      const struct incident_alert_row *row, struct err *err);
/* A row for each alert of the incident, after its status has changed. */
must_check enum rc incident_log_alerts(struct incident_change_set *c, struct err *err);
must_check enum rc incident_log_incident(struct incident_store *s, struct state_tx *tx, struct arena *a,
                                         const struct incident_row *row, ts now, struct err *err);

#endif
