/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_audit: every act of security relevance, allowed or refused.
 *
 * A row is in state before the act's answer is sent; the sink appends it to the log table SentinelAudit and
 * may be late. Threads: safe. */
#ifndef ACCESS_ACCESS_AUDIT_H
#define ACCESS_ACCESS_AUDIT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ts.h"

struct access;
struct access_who;

struct access_audit_row {
    ts  time; /* 0: now */
    str who_id, who_name, peer;
    str operation; /* "Sign in", "Create principal", an action otherwise */
    str resource;  /* ARM id, or the name of what was touched */
    str status;    /* "Success", "Failure" */
    str description;
    str correlation; /* x-ms-correlation-request-id */
};

/* Told of each row once it is in state; must not block for long. */
struct access_audit_sink {
    void *ctx;
    void (*append)(void *ctx, const struct access_audit_row *row);
};

must_check enum rc access_audit(struct access *a, const struct access_audit_row *row, struct err *err);

/* For whoever sends the rows on: at most ACCESS_AUDIT_PAGE rows with an id above `after`, in order. */
enum { ACCESS_AUDIT_PAGE = 500 };
struct access_audit_page {
    const struct access_audit_row *rows;
    const int64_t                 *ids;
    size_t                         n;
};
must_check enum rc access_audit_after(struct access *a, int64_t after, struct arena *arena,
                                      struct access_audit_page *out, struct err *err);

#endif
