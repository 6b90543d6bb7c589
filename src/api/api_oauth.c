/* SPDX-License-Identifier: Apache-2.0 */
/* The OAuth 2 endpoints, under /adfs and under /{tenant}: with /adfs clients skip asking a public host about
 * us. */
#include "access/access_grant.h"
#include "access/access_principal.h"
#include "access/access_token.h"
#include "access/access_user.h"
#include "api/api_handlers.h"
#include "api/api_page.h"
#include "api/api_priv.h"
#include "base/codec.h"

static const str DEVICE_GRANT = STR_INIT("urn:ietf:params:oauth:grant-type:device_code");
static const str ASSERTION_TYPE = STR_INIT("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

/* Fails in OAuth's form instead of ARM's. */
static enum rc oauth_fail(struct api_call *c, int status, const char *error, struct err *err,
                          const char *description)
{
    AUTO_STRBUF   text = STRBUF_INIT(8192);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_kstr(&w, S("error"), str_of(error));
    json_w_kstr(&w, S("error_description"), str_of(description));
    json_w_kstr(&w, S("correlation_id"), c->correlation);
    json_w_end(&w);
    c->error_raw = arena_str(c->arena, strbuf_view(&text));
    return api_call_fail(c, status, error, err, "%s", description);
}

/* Only our own refusals are told in OAuth's words; a full disk stays a full disk. */
static enum rc as_oauth(struct api_call *c, enum rc rc, const char *error, struct err *err)
{
    char text[sizeof err->text];

    memcpy(text, err->text, sizeof text);
    if (rc == RC_UNAUTHENTICATED)
        return oauth_fail(c, str_eq(str_of(error), S("invalid_client")) ? 401 : 400, error, err, text);
    if (rc == RC_INVALID)
        return oauth_fail(c, 400, error, err, text);
    return rc;
}

static str base_of(struct api_call *c)
{
    str tenant = api_route_param(&c->match, "tenant");
    return arena_printf(c->arena, STR_FMT "/" STR_FMT, STR_ARG(c->origin),
                        STR_ARG(tenant.p ? tenant : S("adfs")));
}

static void member(struct json_w *w, struct api_call *c, const char *key, str base, const char *path)
{
    json_w_kstr(w, str_of(key), arena_printf(c->arena, STR_FMT "%s", STR_ARG(base), path));
}

/* Asked about a tenant by name, az takes the issuer's first segment for its id. */
static void write_issuer(struct api_call *c, struct json_w *w, str base, bool v2)
{
    if (api_route_param(&c->match, "domain").p)
        base = arena_printf(c->arena, STR_FMT "/" STR_FMT "/", STR_ARG(c->origin),
                            STR_ARG(c->api->opts.scopes->tenant_id));
    member(w, c, "issuer", base, v2 ? "/v2.0" : "");
}

enum rc api_oauth_configuration(struct api_call *c, struct err *err)
{
    bool          v2 = api_route_param(&c->match, "tenant").p != NULL;
    str           base = base_of(c);
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    write_issuer(c, &w, base, v2);
    member(&w, c, "authorization_endpoint", base, v2 ? "/oauth2/v2.0/authorize" : "/oauth2/authorize");
    member(&w, c, "token_endpoint", base, v2 ? "/oauth2/v2.0/token" : "/oauth2/token");
    member(&w, c, "device_authorization_endpoint", base,
           v2 ? "/oauth2/v2.0/devicecode" : "/oauth2/devicecode");
    member(&w, c, "jwks_uri", base, v2 ? "/discovery/v2.0/keys" : "/discovery/keys");
    static const char *const lists[][5] = {
        { "response_types_supported", "code", NULL, NULL },
        { "subject_types_supported", "public", NULL, NULL },
        { "id_token_signing_alg_values_supported", "RS256", NULL, NULL },
        { "token_endpoint_auth_methods_supported", "client_secret_post", "client_secret_basic",
          "private_key_jwt", NULL },
        { "token_endpoint_auth_signing_alg_values_supported", "RS256", "PS256", NULL },
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        json_w_key(&w, str_of(lists[i][0]));
        json_w_array(&w);
        for (size_t k = 1; lists[i][k]; k++)
            json_w_str(&w, str_of(lists[i][k]));
        json_w_end(&w);
    }
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

enum rc api_oauth_keys(struct api_call *c, struct err *err)
{
    (void)api_call_json(c);
    access_token_jwks(c->api->opts.access, &c->out);
    return api_call_done(c, 200, err);
}

/* What a token request says, whatever its grant. */
struct ask {
    struct http_pairs form;
    str               grant, client_id, secret, audience;
};

/* "Basic base64(id:secret)", each percent-encoded, beats the form. */
static void take_basic(struct api_call *c, struct ask *a)
{
    str         header = http_req_header(c->req, S("Authorization"));
    AUTO_STRBUF text = STRBUF_INIT(4096), id = STRBUF_INIT(4096), secret = STRBUF_INIT(4096);

    if (!str_starts_ci(header, S("Basic ")) ||
        codec_base64_decode(&text, str_trim(str_from(header, 6)), NULL) != RC_OK)
        return;
    str    pair = strbuf_view(&text);
    size_t colon = str_find_byte(pair, ':');
    if (colon == STR_NPOS || codec_url_decode(&id, str_slice(pair, 0, colon), true, NULL) != RC_OK ||
        codec_url_decode(&secret, str_from(pair, colon + 1), true, NULL) != RC_OK)
        return;
    a->client_id = arena_str(c->arena, strbuf_view(&id));
    a->secret = arena_str(c->arena, strbuf_view(&secret));
}

static enum rc read_ask(struct api_call *c, struct ask *a, struct err *err)
{
    if (http_url_params(c->arena, c->body, &a->form, err) != RC_OK)
        return oauth_fail(c, 400, "invalid_request", err, "AADSTS900144: The request body is no form.");
    a->grant = http_pairs_get(a->form, S("grant_type"));
    a->client_id = http_pairs_get(a->form, S("client_id"));
    a->secret = http_pairs_get(a->form, S("client_secret"));
    take_basic(c, a);
    if (!a->grant.n || !a->client_id.n)
        return oauth_fail(c, 400, "invalid_request", err,
                          "AADSTS900144: The request body must contain 'grant_type' and 'client_id'.");
    str scope = http_pairs_get(a->form, S("scope"));
    if (!scope.n)
        scope = http_pairs_get(a->form, S("resource"));
    return as_oauth(c, access_token_audience(c->api->opts.access, scope, c->arena, &a->audience, err),
                    "invalid_scope", err);
}

static enum rc add_access_token(struct api_call *c, struct json_w *w, const struct access_who *who,
                                const struct ask *a, struct err *err)
{
    AUTO_STRBUF token = STRBUF_INIT(ACCESS_TOKEN_MAX_BYTES);

    TRY(access_token_issue(c->api->opts.access, who, a->audience, &token, err));
    json_w_kstr(w, S("token_type"), S("Bearer"));
    json_w_ki64(w, S("expires_in"), ACCESS_TOKEN_SECONDS - 1);
    json_w_ki64(w, S("ext_expires_in"), ACCESS_TOKEN_SECONDS - 1);
    json_w_kstr(w, S("access_token"), strbuf_view(&token));
    return RC_OK;
}

static void add_client_info(struct api_call *c, struct json_w *w, const struct access_who *who)
{
    AUTO_STRBUF   json = STRBUF_INIT(512), text = STRBUF_INIT(1024);
    struct json_w inner = json_w_make(&json);

    json_w_object(&inner);
    json_w_kstr(&inner, S("uid"), who->id);
    json_w_kstr(&inner, S("utid"), c->api->opts.scopes->tenant_id);
    json_w_end(&inner);
    codec_base64url(&text, strbuf_view(&json));
    json_w_kstr(w, S("client_info"), strbuf_view(&text));
}

static enum rc answer_program(struct api_call *c, const struct access_who *who, const struct ask *a,
                              struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    TRY(add_access_token(c, &w, who, a, err));
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

static enum rc answer_person(struct api_call *c, const struct access_grant_given *given, const struct ask *a,
                             struct err *err)
{
    struct access                   *access = c->api->opts.access;
    AUTO_STRBUF                      id = STRBUF_INIT(ACCESS_TOKEN_MAX_BYTES), refresh = STRBUF_INIT(256);
    const struct access_token_id_ask ask = { &given->who, a->client_id, given->nonce };
    struct json_w                    w = api_call_json(c);

    json_w_object(&w);
    TRY(add_access_token(c, &w, &given->who, a, err));
    TRY(access_token_id(access, &ask, &id, err));
    strbuf_add(&refresh, given->next);
    if (!given->next.n)
        TRY(access_grant_refresh_issue(access, &given->who, a->client_id, &refresh, err));
    json_w_kstr(&w, S("refresh_token"), strbuf_view(&refresh));
    json_w_kstr(&w, S("id_token"), strbuf_view(&id));
    json_w_kstr(&w, S("scope"), http_pairs_get(a->form, S("scope")));
    add_client_info(c, &w, &given->who);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

static enum rc by_itself(struct api_call *c, const struct ask *a, struct err *err)
{
    struct access_who                   who;
    str                                 type = http_pairs_get(a->form, S("client_assertion_type"));
    const struct access_principal_proof proof = { .client_id = a->client_id,
                                                  .secret = a->secret,
                                                  .peer = c->req->peer,
                                                  .assertion =
                                                      http_pairs_get(a->form, S("client_assertion")) };

    if (proof.assertion.n && !str_eq(type, ASSERTION_TYPE))
        return oauth_fail(c, 400, "invalid_request", err,
                          "AADSTS90014: client_assertion needs client_assertion_type"
                          " urn:ietf:params:oauth:client-assertion-type:jwt-bearer.");
    enum rc rc = access_principal_signin(c->api->opts.access, &proof, c->arena, &who, err);
    TRY(as_oauth(c, rc, "invalid_client", err));
    return answer_program(c, &who, a, err);
}

static enum rc by_refresh(struct api_call *c, const struct ask *a, struct err *err)
{
    struct access_grant_given     given;
    const struct access_grant_use use = { .code = http_pairs_get(a->form, S("refresh_token")),
                                          .client_id = a->client_id };

    TRY(as_oauth(c, access_grant_refresh_use(c->api->opts.access, &use, c->arena, &given, err),
                 "invalid_grant", err));
    return answer_person(c, &given, a, err);
}

static enum rc by_code(struct api_call *c, const struct ask *a, struct err *err)
{
    struct access_grant_given     given;
    const struct access_grant_use use = { .code = http_pairs_get(a->form, S("code")),
                                          .client_id = a->client_id,
                                          .redirect_uri = http_pairs_get(a->form, S("redirect_uri")),
                                          .verifier = http_pairs_get(a->form, S("code_verifier")) };

    TRY(as_oauth(c, access_grant_code_use(c->api->opts.access, &use, c->arena, &given, err), "invalid_grant",
                 err));
    return answer_person(c, &given, a, err);
}

static enum rc by_device(struct api_call *c, const struct ask *a, struct err *err)
{
    static const char *const   errors[] = { [ACCESS_GRANT_PENDING] = "authorization_pending",
                                            [ACCESS_GRANT_SLOW_DOWN] = "slow_down",
                                            [ACCESS_GRANT_DENIED] = "access_denied",
                                            [ACCESS_GRANT_EXPIRED] = "expired_token" };
    struct access_grant_polled polled;
    str                        code = http_pairs_get(a->form, S("device_code"));
    if (!code.n)
        code = http_pairs_get(a->form, S("code"));
    const struct access_grant_use use = { .code = code, .client_id = a->client_id };

    TRY(as_oauth(c, access_grant_device_poll(c->api->opts.access, &use, c->arena, &polled, err),
                 "invalid_grant", err));
    if (polled.state != ACCESS_GRANT_GIVEN)
        return oauth_fail(c, 400, errors[polled.state], err,
                          "AADSTS70016: The user has not agreed, or no more can.");
    const struct access_grant_given given = { .who = polled.who };
    return answer_person(c, &given, a, err);
}

enum rc api_oauth_token(struct api_call *c, struct err *err)
{
    struct ask a = { 0 };

    TRY(read_ask(c, &a, err));
    if (str_eq(a.grant, S("client_credentials")))
        return by_itself(c, &a, err);
    if (str_eq(a.grant, S("refresh_token")))
        return by_refresh(c, &a, err);
    if (str_eq(a.grant, S("authorization_code")))
        return by_code(c, &a, err);
    if (str_eq(a.grant, DEVICE_GRANT) || str_eq(a.grant, S("device_code")))
        return by_device(c, &a, err);
    /* Passwords go to our own sign-in page only, never through a program. */
    return oauth_fail(
        c, 400, "unsupported_grant_type", err,
        "AADSTS70003: This grant_type is not supported. People sign in with --use-device-code.");
}

enum rc api_oauth_device_begin(struct api_call *c, struct err *err)
{
    struct http_pairs          form;
    struct access_grant_device device;

    if (http_url_params(c->arena, c->body, &form, err) != RC_OK || !http_pairs_get(form, S("client_id")).n)
        return oauth_fail(c, 400, "invalid_request", err,
                          "AADSTS900144: The request body must contain 'client_id'.");
    TRY(access_grant_device_begin(c->api->opts.access, http_pairs_get(form, S("client_id")), c->arena,
                                  &device, err));
    str           page = arena_printf(c->arena, STR_FMT "/adfs/oauth2/deviceauth", STR_ARG(c->origin));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("device_code"), device.device_code);
    json_w_kstr(&w, S("user_code"), device.user_code);
    json_w_kstr(&w, S("verification_uri"), page);
    json_w_kstr(&w, S("verification_url"), page);
    json_w_ki64(&w, S("expires_in"), ACCESS_GRANT_DEVICE_LIFE / TS_PER_SECOND);
    json_w_ki64(&w, S("interval"), ACCESS_GRANT_DEVICE_INTERVAL);
    json_w_kstr(&w, S("message"),
                arena_printf(c->arena,
                             "To sign in, open " STR_FMT " in a browser and enter the code " STR_FMT ".",
                             STR_ARG(page), STR_ARG(device.user_code)));
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- pages: name and password each time, so that no other page can act with a session's cookie --- */

enum rc api_oauth_device_page(struct api_call *c, struct err *err)
{
    (void)err;
    const struct api_page page = {
        .title = S("Sign a program in"),
        .text = S("Enter the code that the program shows, and only one that you asked for."),
        .ask_code = true,
        .action = S("/adfs/oauth2/deviceauth")
    };
    api_page_form(c, &page, 200);
    return RC_OK;
}

static enum rc sign_person_in(struct api_call *c, struct http_pairs form, struct access_who *who,
                              struct err *err)
{
    struct access_user_proof       proof = { 0 };
    const struct access_user_guess guess = { .name = http_pairs_get(form, S("user")),
                                             .password = http_pairs_get(form, S("password")),
                                             .peer = c->req->peer };

    TRY(access_user_signin(c->api->opts.access, &guess, c->arena, &proof, err));
    if (proof.who.must_change_password)
        return err_set(err, RC_FORBIDDEN, "Sign in to the portal and change your password first.");
    *who = proof.who;
    return RC_OK;
}

enum rc api_oauth_device_form(struct api_call *c, struct err *err)
{
    struct http_pairs     form;
    struct access_who     who;
    const struct api_page again = { .title = S("Sign a program in"),
                                    .ask_code = true,
                                    .action = S("/adfs/oauth2/deviceauth") };

    TRY(http_url_params(c->arena, c->body, &form, err));
    str     code = str_trim(http_pairs_get(form, S("code")));
    enum rc rc = sign_person_in(c, form, &who, err);
    if (rc == RC_OK)
        rc = access_grant_device_decide(c->api->opts.access, code, &who, true, err);
    if (rc != RC_OK) {
        api_page_error(c, &again, err);
        return RC_OK;
    }
    api_page_form(c,
                  &(struct api_page) { .title = S("Done"),
                                       .text = S("The program is signed in. You may close this page.") },
                  200);
    return RC_OK;
}

/* Codes go to programs on the user's own machine only. */
static bool is_loopback(str uri)
{
    static const str hosts[] = { STR_INIT("http://localhost"), STR_INIT("http://127.0.0.1"),
                                 STR_INIT("http://[::1]") };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        char next = uri.n > hosts[i].n ? uri.p[hosts[i].n] : '/';
        if (str_starts(uri, hosts[i]) && (next == '/' || next == ':') && str_find_byte(uri, '@') == STR_NPOS)
            return true;
    }
    return false;
}

static enum rc check_authorize(struct api_call *c, struct http_pairs p, struct err *err)
{
    if (!str_eq(http_pairs_get(p, S("response_type")), S("code")) || !http_pairs_get(p, S("client_id")).n)
        return api_call_fail(c, 400, "invalid_request", err,
                             "response_type must be code, and client_id be there.");
    if (!is_loopback(http_pairs_get(p, S("redirect_uri"))))
        return api_call_fail(c, 400, "invalid_request", err, "redirect_uri must be http://localhost.");
    if (!http_pairs_get(p, S("code_challenge")).n ||
        !str_eq(http_pairs_get(p, S("code_challenge_method")), S("S256")))
        return api_call_fail(c, 400, "invalid_request", err,
                             "A code_challenge with method S256 (PKCE) is required.");
    return RC_OK;
}

static const str AUTHORIZE_KEPT[] = { STR_INIT("response_type"),
                                      STR_INIT("client_id"),
                                      STR_INIT("redirect_uri"),
                                      STR_INIT("state"),
                                      STR_INIT("nonce"),
                                      STR_INIT("code_challenge"),
                                      STR_INIT("code_challenge_method"),
                                      STR_INIT("scope") };

static struct api_page authorize_page(struct http_pairs p)
{
    return (struct api_page) { .title = S("Sign a program in"),
                               .text = S("A program on this machine asks to act for you."),
                               .action = S("/adfs/oauth2/authorize"),
                               .values = p,
                               .kept = AUTHORIZE_KEPT,
                               .n_kept = sizeof AUTHORIZE_KEPT / sizeof AUTHORIZE_KEPT[0] };
}

enum rc api_oauth_authorize(struct api_call *c, struct err *err)
{
    struct api_page page = authorize_page(c->req->params);

    TRY(check_authorize(c, c->req->params, err));
    api_page_form(c, &page, 200);
    return RC_OK;
}

enum rc api_oauth_authorize_form(struct api_call *c, struct err *err)
{
    struct http_pairs form;
    struct access_who who;
    AUTO_STRBUF       code = STRBUF_INIT(256), url = STRBUF_INIT(16 * 1024);

    TRY(http_url_params(c->arena, c->body, &form, err));
    TRY(check_authorize(c, form, err));
    if (sign_person_in(c, form, &who, err) != RC_OK) {
        struct api_page again = authorize_page(form);
        api_page_error(c, &again, err);
        return RC_OK;
    }
    const struct access_grant_code ask = { .client_id = http_pairs_get(form, S("client_id")),
                                           .redirect_uri = http_pairs_get(form, S("redirect_uri")),
                                           .challenge = http_pairs_get(form, S("code_challenge")),
                                           .nonce = http_pairs_get(form, S("nonce")) };
    TRY(access_grant_code_issue(c->api->opts.access, &who, &ask, &code, err));
    strbuf_add(&url, ask.redirect_uri);
    http_url_add(&url, S("code"), strbuf_view(&code));
    http_url_add(&url, S("state"), http_pairs_get(form, S("state")));
    TRY(strbuf_ok(&url, "redirect_uri", err));
    http_res_header(c->res, S("Location"), strbuf_view(&url));
    api_call_empty(c, 302);
    return RC_OK;
}
