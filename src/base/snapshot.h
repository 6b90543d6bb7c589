/* SPDX-License-Identifier: Apache-2.0 */
/* base/snapshot: an immutable, refcounted value that readers get and a writer swaps.
 *
 * Threads: all calls are safe from any thread. */
#ifndef BASE_SNAPSHOT_H
#define BASE_SNAPSHOT_H

#include "base/auto.h"

struct snapshot; /* one version of the value */
struct snapshot_slot;

struct snapshot_slot *snapshot_slot_new(void);
struct snapshot_slot *snapshot_slot_free(struct snapshot_slot *slot);
DEFINE_AUTO(snapshot_slot, snapshot_slot_free)

/* Publishes value; `destroy(value)` runs when the last reader of it is gone. */
void snapshot_publish(struct snapshot_slot *slot, void *value, void (*destroy)(void *value));
/* The current version, held until unref; NULL before the first publish. */
struct snapshot *snapshot_get(struct snapshot_slot *slot);
void            *snapshot_value(const struct snapshot *s);
struct snapshot *snapshot_unref(struct snapshot *s);
DEFINE_AUTO(snapshot, snapshot_unref)

#endif
