/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_http: the routes of the intake's own socket, which the server passes requests on to.
 *
 *   POST /ingest/dcr?rule=R&stream=S       the body of the Logs Ingestion API: 204 once its rows are on disk
 *   POST /ingest/import?source=N[&token=T][&table=X]   a recording: 200
 * {"rows":{…},"refused":n,"duplicate":b} POST /ingest/lines?source=N            lines as if they had come by
 * syslog: the same answer GET  /health, /metrics, /watermark
 *
 * Content-Encoding gzip and deflate are undone, the result is bounded. At most `max_requests` of ingestion
 * are at work; more are answered 429 with Retry-After. Threads: the server's; see http_server.h. */
#ifndef INGEST_INGEST_HTTP_H
#define INGEST_INGEST_HTTP_H

#include "http/http_server.h"
#include "ingest/ingest_core.h"
#include "ingest/ingest_ledger.h"

#define INGEST_HTTP_IMPORT_MAX (UINT64_C(1) << 30)   /* of a body as it comes */
#define INGEST_HTTP_DCR_MAX (UINT64_C(8) << 20)      /* the same, of the Logs Ingestion API */
#define INGEST_HTTP_IMPORT_WHOLE (UINT64_C(8) << 30) /* unpacked */
#define INGEST_HTTP_DCR_WHOLE (UINT64_C(64) << 20)

struct ingest_http;

struct ingest_http *ingest_http_new(struct ingest_core *core, struct ingest_ledger *ledger,
                                    unsigned max_requests);
struct ingest_http *ingest_http_free(struct ingest_http *h);
DEFINE_AUTO(ingest_http, ingest_http_free)

struct http_handler ingest_http_handler(struct ingest_http *h);

/* "Custom-App_CL" → App_CL, "Microsoft-Syslog" → Syslog. RC_NOT_FOUND when there can be no such stream. */
must_check enum rc ingest_http_stream_table(struct ingest_http *h, str stream, struct arena *a, str *table,
                                            struct err *err);

#endif
