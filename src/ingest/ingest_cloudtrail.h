/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_cloudtrail: records of AWS CloudTrail → AWSCloudTrail. Threads: any; the context belongs to one. */
#ifndef INGEST_INGEST_CLOUDTRAIL_H
#define INGEST_INGEST_CLOUDTRAIL_H

#include "ingest/ingest_decoder.h"

bool               ingest_cloudtrail_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_cloudtrail_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                            struct err *err);

#endif
