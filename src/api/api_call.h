/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_call: one request on its way through a handler, and what handlers answer with.
 *
 * A handler returns RC_OK with the response filled, or a code and a story: then the ARM envelope is written,
 * with the status of the code. Everything lives in the request's arena. Threads: one a call. */
#ifndef API_API_CALL_H
#define API_API_CALL_H

#include "access/access_session.h"
#include "api/api_route.h"
#include "base/json.h"
#include "http/http_res.h"
#include "http/http_url.h"

struct api;
struct api_upload;

enum { API_CALL_MAX_ANSWER = 64 << 20 };

struct api_call {
    struct api            *api;
    struct http_req       *req;
    struct http_res       *res;
    struct arena          *arena;
    struct api_route_match match;
    struct access_who      who; /* kind ACCESS_NOBODY on open routes */
    struct access_session  session;
    bool                   by_cookie;
    str                    origin; /* "https://host:port" as the client knows us */
    str                    correlation;
    str                    body; /* inflated */
    const struct json     *json; /* the body, parsed; NULL when there is none */

    /* Of the answer. */
    str           etag;
    int           retry_after;     /* seconds, with 429 and 503; 0: the usual */
    const char   *code;            /* of the error, when it is not the usual one of its rc */
    int           status;          /* of the error, likewise */
    str           target;          /* of the error */
    str           info_type, info; /* of the error's additionalInfo: its type, and JSON */
    str           error_raw;       /* a whole error body in another form than ARM's */
    struct strbuf out;             /* what api_call_json writes to */
    bool          again;           /* answered from memory: see api_repeat.h */

    struct api_upload *upload;  /* of routes that pass the body on */
    const struct err  *failed;  /* why a body that is passed on is not whole */
    int64_t            started; /* of the monotonic clock */
};

/* A path parameter, decoded. It is there: the template says so. */
str api_call_param(const struct api_call *c, const char *name);
/* A parameter of the query part; OData's with or without their dollar. */
str api_call_query(const struct api_call *c, const char *name);

/* Starts a JSON answer; write to the writer, then api_call_done. */
struct json_w      api_call_json(struct api_call *c);
must_check enum rc api_call_done(struct api_call *c, int status, struct err *err);
/* The same with a body that is there already. */
void api_call_text(struct api_call *c, int status, str type, str body);
void api_call_empty(struct api_call *c, int status);
/* After a deletion: 200, and 204 for what was not there, as ARM has it; any other failure is passed on. */
must_check enum rc api_call_deleted(struct api_call *c, enum rc rc);
void               api_call_etag(struct api_call *c, str etag);
struct json_w      api_call_list(struct api_call *c); /* opens {"value":[ */
/* The writer stands in {"value":[ …; closes both, with an absolute nextLink when skip_token is not empty. */
must_check enum rc api_call_list_end(struct api_call *c, struct json_w *w, str skip_token, struct err *err);

/* Fails with a code of ARM's: return api_call_fail(c, 404, "ResourceNotFound", err, "…"). */
enum rc api_call_fail(struct api_call *c, int status, const char *code, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* If-Match of the header, else the etag of the body; empty: none was given. */
str api_call_if_match(const struct api_call *c);
/* The body as an object, or RC_INVALID. */
must_check enum rc api_call_object(struct api_call *c, const struct json **out, struct err *err);

#endif
