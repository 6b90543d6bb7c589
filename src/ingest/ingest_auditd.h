/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_auditd: records of Linux's audit system → LinuxAuditLog, and its process starts →
 * DeviceProcessEvents.
 *
 * auditd tells of one event in several lines with one number. Each line is a row of LinuxAuditLog at once; a
 * process start is put together from its SYSCALL, EXECVE, CWD and PROCTITLE lines and given out with the last
 * of them, when another event's line comes, or by ingest_auditd_flush. AUOMS tells it all in one line.
 * Memory: INGEST_AUDITD_OPEN events open, the last INGEST_AUDITD_KNOWN processes known, each bounded.
 * Threads: the state belongs to one stream of records and one thread. */
#ifndef INGEST_INGEST_AUDITD_H
#define INGEST_INGEST_AUDITD_H

#include "ingest/ingest_decoder.h"

enum { INGEST_AUDITD_OPEN = 8, INGEST_AUDITD_KNOWN = 1024, INGEST_AUDITD_TEXT_MAX = 4096 };

struct ingest_audit *ingest_auditd_new(void);
struct ingest_audit *ingest_auditd_free(struct ingest_audit *a);
DEFINE_AUTO_TYPE(ingest_auditd, struct ingest_audit *, ingest_auditd_free)

/* True for "[node=X ]type=Y [msg=]audit(…". */
bool               ingest_auditd_is(str line);
must_check enum rc ingest_auditd_line(struct ingest_ctx *ctx, str line, struct err *err);
/* The stream ends here: gives out what is open. */
must_check enum rc ingest_auditd_flush(struct ingest_ctx *ctx, struct err *err);

bool               ingest_auditd_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_auditd_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                        struct err *err);

#endif
