/* SPDX-License-Identifier: Apache-2.0 */
/* api/api: the HTTP interface of the server: ARM, Log Analytics, Kusto, sign-in, our own provider, the
 * portal's files.
 *
 * Every route is a row of API_ROUTES (api_route.h). A request is matched, authenticated and authorised before
 * its body is read; only routes that say so answer without a token. Writes are audited; a write repeated with
 * the same x-ms-client-request-id gets the first answer again.
 *
 * Threads: the handler is called from any number of threads. */
#ifndef API_API_H
#define API_API_H

#include "access/access.h"
#include "base/json.h"
#include "http/http_client.h"
#include "http/http_server.h"
#include "query/query.h"
#include "state/state_scopes.h"

struct api;
struct content_explore_set;
struct content_store;
struct detect;
struct detect_logs;
struct detect_outbox;
struct hunt;
struct notify;
struct incident_store;
struct posture;
struct tables;

/* What only the server's wiring knows. Any callback may be NULL. */
struct api_hooks {
    void *ctx;
    /* Writes the members of "processes": [{"name","pid","state","restarts","rssBytes"},…]; in an open array.
     */
    void (*processes)(void *ctx, struct json_w *w);
    /* Writes the members of "warnings": [{"code","text","remedy"},…]; in an open array. */
    void (*warnings)(void *ctx, struct json_w *w);
};

/* All pointers are borrowed and outlive the api. */
struct api_opts {
    struct state               *state;
    struct access              *access;
    struct query               *query;
    struct tables              *tables;
    struct incident_store      *incidents;
    struct hunt                *hunt;   /* NULL: nothing of it is there */
    const struct detect_logs   *logs;   /* whose watermark livestreams follow */
    struct notify              *notify; /* NULL: no mail */
    struct posture             *posture;
    struct detect              *detect;
    struct detect_outbox       *outbox; /* rows that wait for the log tables; may be NULL */
    struct content_store       *content;
    struct content_explore_set *explore; /* queries about things, and for hunting; NULL: there are none */
    struct http_client         *intake;  /* DIR/run/intake.sock */
    const struct env           *env;
    const struct state_scopes  *scopes;
    struct api_hooks            hooks;
    str                         portal_dir; /* the built portal; empty: no files are served */
    str                         origin; /* "https://localhost:8443"; a request's own Host wins in answers */
};

must_check enum rc api_new(const struct api_opts *opts, struct api **out, struct err *err);
/* Ends the streams of events, so that http_server_stop need not wait for them. */
void        api_close(struct api *a);
struct api *api_free(struct api *a);
DEFINE_AUTO(api, api_free)

/* For http_server_new. */
struct http_handler api_handler(struct api *a);

#endif
