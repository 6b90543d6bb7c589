/* SPDX-License-Identifier: Apache-2.0 */
/* notify/notify_due: which contact is to be told of what by now: writes messages into the queue.
 *
 * Everything of one contact and severity is one transaction: the message and the mark up to which it tells.
 * Threads: one caller at a time. */
#ifndef NOTIFY_NOTIFY_DUE_H
#define NOTIFY_NOTIFY_DUE_H

#include "notify/notify.h"
#include "notify/notify_conf.h"

must_check enum rc notify_due_write(const struct notify_opts *opts, const struct notify_conf *conf,
                                    struct err *err);
/* Puts one message into the queue, inside the caller's transaction. */
struct notify_due_message {
    str to, subject, body;
};
must_check enum rc notify_due_put(struct state_tx *tx, const struct notify_due_message *m, ts now,
                                  struct err *err);

#endif
