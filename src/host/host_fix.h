/* SPDX-License-Identifier: Apache-2.0 */
/* host/host_fix: declared changes of a machine: shown first, then done, undone on demand.
 *
 *     host_fix_plan → host_fix_diff → host_fix_how → host_fix_apply → (evaluate again) → host_fix_undo
 *
 * Actions are data (content/policy/README.md has the list); no program is run. Files change as a whole or not
 * at all, and only when they are still as the plan saw them (RC_STALE otherwise): nobody's work is
 * overwritten. Apply stops at the first change that cannot be made and takes back those before it.
 *
 * Whoever may write actions is root on the machine: callers take them from our own content only. Even so,
 * files are written in the places of HOST_FIX_PLACES alone, and never through a symbolic link.
 *
 * Limits: 64 actions, 1 MiB a file, texts in UTF-8. Threads: one plan at a time for a machine. */
#ifndef HOST_HOST_FIX_H
#define HOST_HOST_FIX_H

#include "base/json.h"
#include "host/host.h"

enum { HOST_FIX_ACTIONS = 64, HOST_FIX_MAX_FILE = 1 << 20 };

/* Folders (with a closing slash) and files in which content may be written. */
extern const str    HOST_FIX_PLACES[];
extern const size_t HOST_FIX_PLACES_COUNT;

struct host_fix;

/* `actions` is the array of a fix: [{"action": "set", …}]. The plan lives in the arena; what it changes has
 * been read. */
must_check enum rc host_fix_plan(const struct host_opts *opts, const struct json *actions, struct arena *a,
                                 struct host_fix **out, struct err *err);
/* What would change, as text; empty: nothing. */
must_check enum rc host_fix_diff(const struct host_fix *fix, struct strbuf *out, struct err *err);
/* A JSON document for host_fix_undo: kept before apply, it outlives a kill in the midst of it. */
must_check enum rc host_fix_how(const struct host_fix *fix, struct strbuf *undo, struct err *err);
must_check enum rc host_fix_apply(struct host_fix *fix, struct err *err);
/* `halfway`: apply was cut short by a kill, so what it did not come to is left as it is. */
must_check enum rc host_fix_undo(const struct host_opts *opts, const struct json *undo, bool halfway,
                                 struct err *err);

#endif
