/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_outbox: rows for log tables, kept in state until the engine has them.
 *
 * A row is put in the same transaction as the change that it tells of; detect_outbox_send takes them to the
 * engine in order under a token made of their numbers, so that a kill between sending and forgetting doubles
 * nothing.
 *
 * Threads: put inside the caller's transaction; send from one thread at a time (it locks). */
#ifndef DETECT_DETECT_OUTBOX_H
#define DETECT_DETECT_OUTBOX_H

#include "detect/detect_logs.h"

struct state;
struct detect_outbox;

struct detect_outbox *detect_outbox_new(struct state *state, const struct detect_logs *logs);
struct detect_outbox *detect_outbox_free(struct detect_outbox *o);
DEFINE_AUTO(detect_outbox, detect_outbox_free)

/* Sends what waits; RC_OK with nothing to do. On failure the rows wait for the next call. */
must_check enum rc detect_outbox_send(struct detect_outbox *o, size_t *sent, struct err *err);

#endif
