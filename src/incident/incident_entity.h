/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_entity: the things that alerts name, kept once each.
 *
 * Every identity (incident_identity) is a leaf. Where an alert names one thing by several identities, their
 * leaves are merged below the oldest root, and the merge is kept with its reason. Undoing a merge parts the
 * two again, and the pair of leaves that caused it merges them no more. Names of leaves stay valid: they lead
 * to the root.
 *
 * Ownership: what comes out lives in the arena given. Threads: safe; those that take a transaction are part
 * of it. */
#ifndef INCIDENT_INCIDENT_ENTITY_H
#define INCIDENT_INCIDENT_ENTITY_H

#include "detect/detect_entity.h"
#include "incident/incident.h"

struct state_tx;

enum { INCIDENT_ENTITY_MAX_LEAVES = 64, INCIDENT_ENTITY_MAX_NAMES = 100 };

struct incident_entity_page {
    struct incident_entity entity;     /* n_alerts: of all time */
    struct detect_entity   said;       /* all values that alerts gave, in SecurityAlert's names */
    const str             *identities; /* of its leaves: "account:corp\\bob" */
    size_t                 n_identities;
    const str             *names; /* as logs may write it: "CORP\\bob", "bob@corp.example", a SID */
    size_t                 n_names;
    ts                     first_seen, last_seen;
};

/* By the name of a root or a leaf. */
must_check enum rc incident_entity_get(struct incident_store *s, str name, struct arena *a,
                                       struct incident_entity_page *out, struct err *err);

struct incident_entity_list_opts {
    str     kind, text; /* empty: all; text is looked for in labels and identities */
    size_t  top;        /* 1..1000; 0: 50 */
    int64_t before;     /* place of the page before; 0: the first page */
};
struct incident_entity_found {
    struct incident_entity *items;
    size_t                  n;
    int64_t                 next; /* place of the next page; 0 at the end */
};
/* Roots, the last seen first. */
must_check enum rc incident_entity_list(struct incident_store *s, const struct incident_entity_list_opts *o,
                                        struct arena *a, struct incident_entity_found *out, struct err *err);

struct incident_entity_span {
    str    name; /* of a root or a leaf */
    ts     from, to;
    size_t top;
};
/* The alerts that name it, the newest first. */
must_check enum rc incident_entity_alerts(struct incident_store *s, const struct incident_entity_span *span,
                                          struct arena *a, struct incident_alert **out, size_t *n,
                                          struct err *err);

struct incident_entity_merge {
    int64_t id;
    ts      time;
    str     kept, gone; /* names of what was merged */
    str     reason, who, undone_by;
    bool    undone;
};
must_check enum rc incident_entity_merges(struct incident_store *s, str name, struct arena *a,
                                          struct incident_entity_merge **out, size_t *n, struct err *err);
/* RC_CONFLICT when it was undone already. */
must_check enum rc incident_entity_part(struct incident_store *s, int64_t merge, const struct incident_by *by,
                                        struct err *err);
/* Says that two are one, by hand. */
must_check enum rc incident_entity_join(struct incident_store *s, str a, str b, const struct incident_by *by,
                                        struct err *err);

/* Notes what an alert names; the same alert again adds to it. */
struct incident_entity_source {
    str alert, title, entities;
    ts  start, end;
};
must_check enum rc incident_entity_index(struct state_tx *tx, struct arena *a,
                                         const struct incident_entity_source *src, ts now, struct err *err);
/* A thing that a query found: kept as those of alerts are, so that it has a page. `out` gets its root's name.
 */
must_check enum rc incident_entity_note(struct state_tx *tx, struct arena *a, const struct detect_entity *e,
                                        ts seen, str *out, struct err *err);
/* Of one incident, by number: each once, with the number of its alerts there. */
must_check enum rc incident_entity_of(struct state_tx *tx, int64_t number, struct arena *a,
                                      struct incident_entity **out, size_t *n, struct err *err);
/* Alerts from before there was an index. Called when the store opens. */
must_check enum rc incident_entity_catch_up(struct incident_store *s, struct err *err);

#endif
