/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_windows: events of Windows logs → SecurityEvent, Event and, for Sysmon, the Device tables.
 *
 * Threads: any; the context belongs to one. */
#ifndef INGEST_INGEST_WINDOWS_H
#define INGEST_INGEST_WINDOWS_H

#include "ingest/ingest_decoder.h"
#include "ingest/ingest_winevent.h"

bool               ingest_windows_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_windows_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                         struct err *err);

/* The row of `Event` for an event of any channel. */
must_check enum rc ingest_windows_event(struct ingest_ctx *ctx, const struct ingest_winevent *e,
                                        struct err *err);

/* Which program and host: shared with Sysmon's rows. */
str ingest_windows_computer(const struct ingest_ctx *ctx, const struct ingest_winevent *e);

#endif
