/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/api/api_fixture.h"

#include <unistd.h>

#include "access/access_token.h"
#include "base/file.h"
#include "base/mem.h"
#include "content/content_store.h"
#include "http/http_url.h"
#include "incident/incident.h"
#include "posture/posture.h"
#include "tables/tables.h"
#include "tests/t.h"

static const char *below(struct api_fixture *f, const char *name)
{
    return arena_printf(f->arena, "%s/%s", f->dir, name).p;
}

static void write_portal(struct api_fixture *f)
{
    CHECK_OK(file_mkdirs(below(f, "portal/assets"), 0700, NULL));
    CHECK_OK(file_write_atomic(
        below(f, "portal/index.html"),
        S("<meta name=csp-nonce content=__CSP_NONCE__><style nonce=__CSP_NONCE__></style>"), 0600, NULL));
    CHECK_OK(file_write_atomic(below(f, "portal/assets/app-1a2b.js"), S("let plain"), 0600, NULL));
    CHECK_OK(file_write_atomic(below(f, "portal/assets/app-1a2b.js.br"), S("BR"), 0600, NULL));
    CHECK_OK(file_write_atomic(below(f, "portal/assets/app-1a2b.js.gz"), S("GZ"), 0600, NULL));
    CHECK_OK(file_write_atomic(below(f, "portal/favicon.svg"), S("<svg/>"), 0600, NULL));
}

static void open_parts(struct api_fixture *f, struct err *err)
{
    CHECK_OK_ERR(state_open(below(f, "state.db"), &f->state, err), err);
    CHECK_OK_ERR(state_scopes_load(f->state, &f->env.env, f->arena, &f->scopes, err), err);
    CHECK_OK_ERR(access_new(&(struct access_opts) { .state = f->state,
                                                    .env = &f->env.env,
                                                    .key_dir = f->dir,
                                                    .tenant_id = f->scopes.tenant_id,
                                                    .issuer = S(FIXTURE_ORIGIN),
                                                    .first_password = S(FIXTURE_PASSWORD),
                                                    .cheap_passwords = true },
                            &f->access, err),
                 err);
    CHECK_OK_ERR(tables_open(&(struct tables_opts) { .unix_socket = str_of(below(f, "engine.sock")),
                                                     .schemas_dir = S("content/schemas") },
                             &f->tables, err),
                 err);
    CHECK_OK_ERR(query_new(&(struct query_opts) { .tables = f->tables, .env = &f->env.env }, &f->query, err),
                 err);
    CHECK_OK_ERR(
        http_client_new(&(struct http_client_opts) { .unix_socket = str_of(below(f, "intake.sock")) },
                        &f->intake, err),
        err);
    CHECK_OK_ERR(incident_open(&(struct incident_opts) { .state = f->state,
                                                         .env = &f->env.env,
                                                         .subscription = f->scopes.subscription_id,
                                                         .group = f->scopes.group,
                                                         .workspace = f->scopes.workspace },
                               &f->incidents, err),
                 err);
    CHECK_OK_ERR(posture_open(&(struct posture_opts) { .state = f->state,
                                                       .env = &f->env.env,
                                                       .tenant = f->scopes.tenant_id,
                                                       .subscription = f->scopes.subscription_id,
                                                       .subscription_name = f->scopes.subscription_name,
                                                       .group = f->scopes.group,
                                                       .location = f->scopes.location,
                                                       .workspace = f->scopes.workspace_arm },
                              &f->posture, err),
                 err);
    f->content = content_store_new();
}

struct api_fixture *api_fixture_new(void)
{
    struct api_fixture *f = MEM_NEW(struct api_fixture);
    struct err          err = { 0 };

    snprintf(f->dir, sizeof f->dir, "/tmp/vedette-api-XXXXXX");
    CHECK(t_folder(f->dir) != NULL);
    f->arena = arena_new(256 << 20);
    env_fake_init(&f->env, SECONDS(1767225600), 11);
    open_parts(f, &err);
    write_portal(f);
    f->ws = f->scopes.workspace_arm;
    CHECK_OK_ERR(api_new(&(struct api_opts) { .state = f->state,
                                              .access = f->access,
                                              .query = f->query,
                                              .tables = f->tables,
                                              .incidents = f->incidents,
                                              .posture = f->posture,
                                              .content = f->content,
                                              .intake = f->intake,
                                              .env = &f->env.env,
                                              .scopes = &f->scopes,
                                              .portal_dir = str_of(below(f, "portal")),
                                              .origin = S(FIXTURE_ORIGIN) },
                         &f->api, &err),
                 &err);
    return f;
}

struct api_fixture *api_fixture_free(struct api_fixture *f)
{
    if (!f)
        return NULL;
    api_close(f->api);
    api_free(f->api);
    posture_close(f->posture);
    incident_close(f->incidents);
    content_store_free(f->content);
    http_client_free(f->intake);
    query_free(f->query);
    tables_close(f->tables);
    access_free(f->access);
    state_free(f->state);
    arena_free(f->arena);
    CHECK_OK(file_remove_tree(f->dir, NULL));
    return mem_free(f);
}

static void replace(struct strbuf *out, str text, str what, str with)
{
    for (size_t at; (at = str_find(text, what)) != STR_NPOS; text = str_from(text, at + what.n)) {
        strbuf_add(out, str_slice(text, 0, at));
        strbuf_add(out, with);
    }
    strbuf_add(out, text);
}

static str filled(struct api_fixture *f, const char *target)
{
    const str names[][2] = { { S("{ws}"), f->ws },
                             { S("{sub}"), f->scopes.subscription },
                             { S("{tenant}"), f->scopes.tenant_id } };
    str       text = str_of(target);

    for (size_t i = 0; i < 3; i++) {
        AUTO_STRBUF next = STRBUF_INIT(64 * 1024);
        replace(&next, text, names[i][0], names[i][1]);
        text = arena_str(f->arena, strbuf_view(&next));
    }
    return text;
}

static void header(struct http_pair *headers, size_t *n, const char *name, str value)
{
    if (value.n)
        headers[(*n)++] = (struct http_pair) { str_of(name), value };
}

static size_t headers_of(struct api_fixture *f, const struct api_fixture_ask *ask, struct http_pair *out)
{
    size_t n = 0;

    header(out, &n, "Host", S("vedette.test:8443"));
    if (ask->token)
        header(out, &n, "Authorization", arena_printf(f->arena, "Bearer %s", ask->token));
    if (ask->cookie)
        header(out, &n, "Cookie", arena_printf(f->arena, "vedette_session=%s", ask->cookie));
    header(out, &n, "X-Vedette-Csrf", str_of(ask->csrf ? ask->csrf : ""));
    header(out, &n, "Content-Type", str_of(ask->type ? ask->type : ""));
    if (ask->header)
        header(out, &n, ask->header, str_of(ask->header_value));
    return n;
}

struct api_fixture_answer api_fixture_ask(struct api_fixture *f, const struct api_fixture_ask *ask)
{
    struct http_handler h = api_handler(f->api);
    struct http_pair    headers[8];
    struct http_req     req = { .arena = f->arena,
                                .method = str_of(ask->method),
                                .peer = S("10.0.0.9:4711"),
                                .peer_uid = -1,
                                .tls = true,
                                .id = env_guid(&f->env.env),
                                .body = str_of(ask->body ? ask->body : "") };
    struct http_res     res = { .arena = f->arena, .status = 200 };
    struct http_intake  in = { .max_body = 1 << 20 };
    str                 target = filled(f, ask->target);
    size_t              question = str_find_byte(target, '?');

    req.raw_path = question == STR_NPOS ? target : str_slice(target, 0, question);
    req.raw_query = question == STR_NPOS ? S("") : str_from(target, question + 1);
    req.headers = (struct http_pairs) { headers, headers_of(f, ask, headers) };
    if (http_url_path(f->arena, req.raw_path, &req.path, NULL) != RC_OK)
        req.path = req.raw_path;
    CHECK_OK(http_url_params(f->arena, req.raw_query, &req.params, NULL));
    if (!h.begin(h.ctx, &req, &in, &res)) {
        struct err failed = { 0 };
        if (in.sink)
            (void)!in.sink(in.ctx, &req, req.body, &failed);
        h.handle(h.ctx, &req, failed.rc != RC_OK ? &failed : NULL, &res);
    }
    struct api_fixture_answer answer = { .status = res.status, .body = arena_str(f->arena, res.body) };
    answer.headers = (struct http_pairs) { res.headers, res.n_headers };
    if (json_parse(f->arena, answer.body, &answer.json, NULL) != RC_OK)
        answer.json = NULL;
    if (res.kind == HTTP_RES_STREAM && res.stream.done)
        res.stream.done(res.stream.ctx);
    h.ended(h.ctx, &req, res.status, res.body.n, true);
    return answer;
}

str api_fixture_header(const struct api_fixture_answer *a, const char *name)
{
    return http_pairs_get_ci(a->headers, str_of(name));
}

str api_fixture_text(const struct api_fixture_answer *a, const char *path)
{
    const struct json *j = a->json ? json_path(a->json, str_of(path)) : NULL;
    return j && j->kind == JSON_STRING ? j->s : S("");
}

struct access_principal_made api_fixture_principal(struct api_fixture *f, const char *role, str scope)
{
    static int                        n;
    struct access_principal_made      made = { 0 };
    struct err                        err = { 0 };
    const struct access_principal_new in = { .name = arena_printf(f->arena, "bot-%d", n++),
                                             .role = str_of(role),
                                             .scope = scope };

    CHECK_OK_ERR(access_principal_create(f->access, &in, f->arena, &made, &err), &err);
    return made;
}

const char *api_fixture_token(struct api_fixture *f, const char *role, str scope)
{
    struct access_principal_made made = api_fixture_principal(f, role, scope);
    struct access_who            who;
    AUTO_STRBUF                  token = STRBUF_INIT(ACCESS_TOKEN_MAX_BYTES);

    CHECK_OK(access_principal_find(f->access, made.principal.id, f->arena, &who, NULL));
    CHECK_OK(access_token_issue(f->access, &who, S("https://management.azure.com"), &token, NULL));
    return arena_str(f->arena, strbuf_view(&token)).p;
}
