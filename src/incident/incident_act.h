/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_act: what somebody did, kept so that it can be undone.
 *
 * An act is one wish of a person, whatever it touched: a PUT, a merge, a change of a hundred incidents. It
 * holds steps; a step is a thing as it was and as it became, so undoing is the same steps the other way
 * round, and is an act itself, which can be undone in turn. A thing that somebody changed since is not
 * overwritten: then undoing is refused as a whole and says who was faster.
 *
 * Threads: inside the caller's transaction. */
#ifndef INCIDENT_INCIDENT_ACT_H
#define INCIDENT_INCIDENT_ACT_H

#include "incident/incident_priv.h"

/* Begins an act for `c`, whose row has been found; what the row becomes is noted by incident_change_store. */
must_check enum rc incident_act_begin(struct incident_change_set *c, str what, const struct incident_by *by,
                                      struct err *err);
/* Another incident that the same act changes. */
must_check enum rc incident_act_join(struct incident_change_set *c, const struct incident_change_set *leader,
                                     struct err *err);
/* Called by incident_change_store: the row as it is now, against what incident_act_begin saw. */
must_check enum rc incident_act_note_row(struct incident_change_set *c, struct err *err);

/* The act of an earlier request with the same id; 0: there is none. */
must_check enum rc incident_act_of_request(struct state_tx *tx, const struct incident_by *by, int64_t *out,
                                           struct err *err);

/* Moves an alert to incident `to` (0: to none) and notes the step. The incidents are not rebuilt. */
must_check enum rc incident_act_move_alert(struct incident_change_set *c, str alert, int64_t from, int64_t to,
                                           struct err *err);

/* A comment, task, file or bookmark of the incident, around its change. */
struct incident_act_thing {
    const char *kind;
    int64_t     incident;
    str         ref, was;
    bool        was_there;
};
must_check enum rc incident_act_before(struct incident_change_set *c, const char *kind, str ref,
                                       struct incident_act_thing *out, struct err *err);
must_check enum rc incident_act_after(struct incident_change_set *c, const struct incident_act_thing *thing,
                                      struct err *err);
/* Moves all things of a kind from one incident to another. */
must_check enum rc incident_act_move_things(struct incident_change_set *c, const char *kind, int64_t from,
                                            int64_t to, struct err *err);

/* One thing as it was and as it became: what undoing needs. */
struct incident_act_step {
    int64_t incident;
    str     kind, ref, was, became;
    bool    was_there, is_there;
};
must_check enum rc incident_act_step(struct incident_change_set *c, const struct incident_act_step *s,
                                     struct err *err);
/* A thing as JSON, and back: RC_UNSUPPORTED for a kind that is not known. */
must_check enum rc incident_act_read(struct incident_change_set *c, const struct incident_act_thing *t,
                                     bool *there, str *out, struct err *err);
must_check enum rc incident_act_put(struct incident_change_set *c, const struct incident_act_thing *t,
                                    bool there, str json, struct err *err);
/* The kind as a word that lives for ever, for events. */
str incident_act_word(str kind);

#endif
