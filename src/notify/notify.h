/* SPDX-License-Identifier: Apache-2.0 */
/* notify/notify: mails alerts to those who are to know (security contacts), and digests of them.
 *
 * An alert stands in the list of what is to be told in the transaction that raised it. A contact is told of
 * alerts of a severity at most once in 6 h (High), 12 h (Medium) or 24 h (Low and Informational); what comes
 * meanwhile is in the next message, so nothing is lost in silence. A message waits in state until the mail
 * server has taken it: it is tried again after 1, 2, 4 … 60 minutes, and given up after NOTIFY_PATIENCE,
 * which is a row of Health. A kill between the server's word and ours sends a message twice, under the same
 * Message-ID.
 *
 * DIR/mail.yaml says where to (notify_conf.h); without it nothing is sent, and alerts go on being noted for
 * the contacts.
 *
 * Threads: one of its own; all functions are safe from any. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "base/auto.h"
#include "base/env.h"
#include "base/json.h"
#include "incident/incident.h"
#include "state/state_tx.h"

#define NOTIFY_PATIENCE DAYS(3)
enum { NOTIFY_KEPT = 200 /* messages that have ended */ };

struct access;
struct notify;

struct notify_opts {
    struct state          *state; /* borrowed, as all here */
    const struct env      *env;
    struct incident_store *incidents;
    struct access         *access; /* who holds which role; NULL: contacts tell their addresses alone */
    str                    scope;  /* "/subscriptions/…": roles that reach it count */
    const char            *conf;   /* DIR/mail.yaml */
    str                    portal; /* "https://host:8443", for links */
    /* Adds a row to a log table in the transaction; may be NULL. */
    enum rc (*log)(struct state_tx *tx, str table, str row, struct err *err);
    duration poll; /* 0: 5 s */
};

must_check enum rc notify_open(const struct notify_opts *opts, struct notify **out, struct err *err);
struct notify     *notify_close(struct notify *n); /* waits for the message under way */
DEFINE_AUTO_TYPE(notify, struct notify *, notify_close)

/* Looks now, in its thread. */
void notify_wake(struct notify *n);
/* Puts a message for these addresses into the queue: a trial of the settings. */
must_check enum rc notify_try(struct notify *n, str addresses, struct err *err);
/* {"configured","server","security","from","problem","waiting","messages":[…]}: no secret is in it. */
must_check enum rc notify_status(struct notify *n, struct arena *a, struct json_w *w, struct err *err);

#endif
