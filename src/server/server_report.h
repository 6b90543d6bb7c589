/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_report: what the server knows of its processes and warns of, for `vedette status` and Health.
 *
 * Fed with what the supervisor says; read by the API's hooks. Threads: safe. */
#ifndef SERVER_SERVER_REPORT_H
#define SERVER_SERVER_REPORT_H

#include "base/auto.h"
#include "base/json.h"
#include "server/server_rows.h"

struct server_report;

struct server_report *server_report_new(const char *data_dir, const struct env *env);
struct server_report *server_report_free(struct server_report *r);
DEFINE_AUTO(server_report, server_report_free)

/* A message of the supervisor: "processes" is kept, "ended" becomes a row in Health. */
void server_report_hear(struct server_report *r, const struct json *said, struct server_rows *rows);

/* Members of open arrays, as api_hooks asks for them. */
void server_report_processes(void *ctx, struct json_w *w);
void server_report_warnings(void *ctx, struct json_w *w);

#endif
