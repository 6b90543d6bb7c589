/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_rows: records that are rows already, and JSON that no other decoder knows.
 *
 * A row with Type and TimeGenerated goes to that table, column by column; text of other formats inside of it
 * (auditd and Sysmon in Syslog, Sysmon in WindowsEvent) is decoded as well, into rows beside it.
 * Threads: any; the context belongs to one. */
#ifndef INGEST_INGEST_ROWS_H
#define INGEST_INGEST_ROWS_H

#include "ingest/ingest_decoder.h"

/* Rows that name a table there is, or one that ends in _CL. */
bool               ingest_rows_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_rows_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                      struct err *err);

/* Decodes auditd's and Sysmon's records inside a row of Syslog. One that cannot be read adds nothing: its
 * text stands in the row. */
must_check enum rc ingest_rows_syslog_inner(struct ingest_ctx *ctx, const struct ingest_row *row,
                                            struct err *err);

/* The object as a row of this table, whatever it says of itself. */
must_check enum rc ingest_rows_into(struct ingest_ctx *ctx, str table, const struct json *object,
                                    struct err *err);

/* Any JSON object, to ctx->table. */
bool               ingest_rows_sniff_any(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_rows_decode_any(struct ingest_ctx *ctx, const struct ingest_record *record,
                                          struct err *err);

#endif
