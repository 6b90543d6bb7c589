/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_finding: alerts of other products → SecurityAlert: Graph's alerts_v2, and OCSF's Detection Finding
 * and Security Finding. The server makes alerts of the rows. Threads: any; the context belongs to one. */
#ifndef INGEST_INGEST_FINDING_H
#define INGEST_INGEST_FINDING_H

#include "ingest/ingest_decoder.h"

bool               ingest_finding_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_finding_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                         struct err *err);

#endif
