/* SPDX-License-Identifier: Apache-2.0 */
/* The whole api behind its handler, without a socket: real state, access and incidents; the engine and the
 * intake are not there. */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

#include "access/access_principal.h"
#include "api/api.h"
#include "base/json.h"

struct incident_store;
struct posture;

#define FIXTURE_ORIGIN "https://vedette.test:8443"
#define FIXTURE_PASSWORD "correct horse battery"

struct api_fixture {
    struct arena          *arena;
    struct state          *state;
    struct access         *access;
    struct tables         *tables;
    struct query          *query;
    struct incident_store *incidents;
    struct posture        *posture;
    struct content_store  *content;
    struct http_client    *intake;
    struct api            *api;
    struct state_scopes    scopes;
    struct env_fake        env;
    char                   dir[64];
    str                    ws; /* the workspace's ARM id */
};

struct api_fixture *api_fixture_new(void);
struct api_fixture *api_fixture_free(struct api_fixture *f);
DEFINE_AUTO(api_fixture, api_fixture_free)

/* One request. `target` is a path with its query; {ws}, {sub} and {tenant} in it are replaced. */
struct api_fixture_ask {
    const char *method, *target, *token, *cookie, *csrf, *body, *type;
    const char *header, *header_value; /* one more */
};

struct api_fixture_answer {
    int                status;
    str                body;
    const struct json *json; /* NULL when the body is none */
    struct http_pairs  headers;
};

struct api_fixture_answer api_fixture_ask(struct api_fixture *f, const struct api_fixture_ask *ask);
str                       api_fixture_header(const struct api_fixture_answer *a, const char *name);
/* A text of the JSON answer by path, "" when it is not there. */
str api_fixture_text(const struct api_fixture_answer *a, const char *path);
/* A principal with a role at a scope ("" is everywhere), and a token for it. NUL-ended. */
const char                  *api_fixture_token(struct api_fixture *f, const char *role, str scope);
struct access_principal_made api_fixture_principal(struct api_fixture *f, const char *role, str scope);

#endif
