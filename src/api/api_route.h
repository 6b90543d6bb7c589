/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_route: the table of routes and how a path finds its row.
 *
 * To add a route: write its handler in the file of its provider, declare it in api_handlers.h, add its row,
 * run `make check`. docs/api-routes.md, the portal's types and `vedette registry` read the
 * same rows.
 *
 * A path template is split at slashes; {name} stands for one segment, and one {name*} may stand
 * for one or more, its value is the path that they make. Letters'
 * case is ignored, empty segments are skipped. Of two rows that match, the one with a literal where the other
 * has a parameter wins. Threads: constant. */
#ifndef API_API_ROUTE_H
#define API_API_ROUTE_H

#include "base/json.h"
#include "http/http_req.h"

struct api_call;

enum {
    API_ROUTE_MAX_SEGMENTS = 48,
    API_ROUTE_MAX_PATH = 4096,
    API_ROUTE_MAX_PARAMS = 8,
    API_ROUTE_MAX_CODES = 4
};

enum api_route_flags {
    API_OPEN = 1,           /* answers without a token */
    API_NO_VERSION = 2,     /* asks for no api-version */
    API_PROXY = 4,          /* the handler takes the body piece by piece and passes it on */
    API_NO_REPEAT = 8,      /* a POST that changes nothing: not remembered, not audited */
    API_ANYBODY = 16,       /* any identity, whatever it holds; the answer shows what it may see */
    API_FORM = 32,          /* the body is a form, not JSON */
    API_UNREMEMBERED = 128, /* the answer holds a secret: it is not kept for a repeat */
};

struct api_route {
    const char    *method, *path;
    const char    *action;  /* permission: "Microsoft.SecurityInsights/incidents/read" */
    const char    *version; /* oldest api-version taken: "2015-06-01-preview" */
    unsigned       flags;
    unsigned short codes[API_ROUTE_MAX_CODES]; /* what success may be; 0: 200 alone */
    uint32_t       max_body;                   /* bytes; 0: none is read */
    enum rc (*handle)(struct api_call *c, struct err *err);
    const char *doc, *example;
};

/* Ended by a NULL method. */
extern const struct api_route API_ROUTES[];

struct api_route_match {
    const struct api_route *route;
    struct http_pair        params[API_ROUTE_MAX_PARAMS];
    size_t                  n_params;
    bool other_method; /* the path exists, the method does not; `route` is one of its rows */
};

/* Looks `raw_path` up; segments are decoded into the arena. False: no row has this path. */
bool api_route_find(const struct api_route *table, str method, str raw_path, struct arena *a,
                    struct api_route_match *out);
str  api_route_param(const struct api_route_match *m, const char *name);
/* "2022-12-01-preview": is it a date, and not older than `oldest`? A preview is older than its date alone. */
bool api_route_version_ok(str version, const char *oldest);
bool api_route_code_ok(const struct api_route *r, int status);

#endif
