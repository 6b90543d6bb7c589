/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_sysmon: Sysmon's events, of Windows and of Linux → the Device tables of Defender XDR.
 *
 * One row of a table an event id; the table in ingest_sysmon.c is that of content/schemas/README.md.
 * Threads: any; the context belongs to one. */
#ifndef INGEST_INGEST_SYSMON_H
#define INGEST_INGEST_SYSMON_H

#include "ingest/ingest_decoder.h"
#include "ingest/ingest_winevent.h"

/* An id that has no row of its own goes to `Event`. */
must_check enum rc ingest_sysmon_decode(struct ingest_ctx *ctx, const struct ingest_winevent *e,
                                        struct err *err);

#endif
