/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include "base/hash.h"
#include "state/state_stmt.h"
#include "tests/t.h"
#include "tests/unit/api/api_fixture.h"

#define INCIDENTS "{ws}/providers/Microsoft.SecurityInsights/incidents"
#define V "?api-version=2022-12-01-preview"
#define ID "5d5d5d5d-0000-4000-8000-000000000001"

static struct api_fixture_answer get(struct api_fixture *f, const char *token, const char *target)
{
    return api_fixture_ask(f,
                           &(struct api_fixture_ask) { .method = "GET", .target = target, .token = token });
}

static struct api_fixture_answer send(struct api_fixture *f, const char *token, const char *method,
                                      const char *target, const char *body)
{
    return api_fixture_ask(
        f, &(struct api_fixture_ask) { .method = method, .target = target, .token = token, .body = body });
}

/* --- places and errors --- */

TEST(places_answer_in_arm_s_shapes)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *token = api_fixture_token(f, "Reader", S(""));
    struct api_fixture_answer a = get(f, token, "/subscriptions?api-version=2019-11-01");

    CHECK_EQ(a.status, 200);
    CHECK_SEQ(api_fixture_text(&a, "value.0.id"), f->scopes.subscription);
    CHECK_SEQ(api_fixture_text(&a, "value.0.tenantId"), f->scopes.tenant_id);
    CHECK_SEQ(api_fixture_text(&a, "value.0.state"), S("Enabled"));
    CHECK_EQ(api_fixture_header(&a, "x-ms-request-id").n, 36);
    CHECK_EQ(api_fixture_header(&a, "x-ms-correlation-request-id").n, 36);
    CHECK_SEQ(api_fixture_header(&a, "Cache-Control"), S("no-store"));

    a = get(f, token, "{sub}/ResourceGroups/SOC?api-version=2021-04-01");
    CHECK_SEQ(api_fixture_text(&a, "name"), S("soc"));
    a = get(f, token,
            "{sub}/providers/Microsoft.OperationalInsights/workspaces?api-version=2021-12-01-preview");
    CHECK_SEQ(api_fixture_text(&a, "value.0.properties.customerId"), f->scopes.customer_id);
    a = get(f, token, "/tenants?api-version=2019-11-01");
    CHECK_SEQ(api_fixture_text(&a, "value.0.tenantId"), f->scopes.tenant_id);
    a = send(f, token, "HEAD", "{sub}/resourcegroups/soc?api-version=2021-04-01", NULL);
    CHECK_EQ(a.status, 204);
}

TEST(what_is_not_there_is_named_by_kind)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *token = api_fixture_token(f, "Owner", S(""));
    static const struct {
        const char *target, *code;
    } rows[] = {
        { "/subscriptions/x/resourcegroups?api-version=2021-04-01", "SubscriptionNotFound" },
        { "{sub}/resourcegroups/nope?api-version=2021-04-01", "ResourceGroupNotFound" },
        { "{sub}/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/"
          "w?api-version=2022-10-01",
          "ResourceNotFound" },
        { "{sub}/providers/Microsoft.Nothing?api-version=2022-10-01", "InvalidResourceNamespace" },
        { "{sub}/providers/Microsoft.Security/topologies?api-version=2020-01-01", "ResourceNotFound" },
        { INCIDENTS "/" ID V, "ResourceNotFound" },
        { "/v1/workspaces/nope/query?query=print+1", "ResourceNotFound" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_fixture_answer a = get(f, token, rows[i].target);
        CHECK_EQ(a.status, 404);
        CHECK_SEQ(api_fixture_text(&a, "error.code"), str_of(rows[i].code));
        CHECK_EQ(api_fixture_header(&a, "Retry-After").n, 0);
    }
    struct api_fixture_answer a = send(f, token, "PATCH", "{sub}?api-version=2022-12-01", NULL);
    CHECK_EQ(a.status, 405);
}

TEST(a_principal_sees_only_subscriptions_it_holds_something_in)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *here = api_fixture_token(f, "Microsoft Sentinel Reader", f->ws);
    const char               *elsewhere = api_fixture_token(f, "Owner", S("/subscriptions/other"));
    struct api_fixture_answer a = get(f, here, "/subscriptions?api-version=2019-11-01");
    CHECK_EQ(json_get(a.json, S("value"))->n, 1);
    a = get(f, elsewhere, "/subscriptions?api-version=2019-11-01");
    CHECK_EQ(json_get(a.json, S("value"))->n, 0);
}

/* --- sessions --- */

static struct api_fixture_answer sign_in(struct api_fixture *f, const char *password)
{
    str body = arena_printf(f->arena, "{\"user\":\"admin\",\"password\":\"%s\"}", password);
    return send(f, NULL, "POST", "/signin", body.p);
}

static const char *cookie_of(struct api_fixture *f, const struct api_fixture_answer *a)
{
    str set = api_fixture_header(a, "Set-Cookie");
    str value = str_from(set, sizeof "vedette_session=" - 1);
    return arena_str(f->arena, str_slice(value, 0, str_find_byte(value, ';'))).p;
}

TEST(a_person_signs_in_reads_with_the_cookie_and_writes_with_the_token_beside_it)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer a = sign_in(f, FIXTURE_PASSWORD);

    CHECK_EQ(a.status, 200);
    CHECK_SEQ(api_fixture_text(&a, "user.name"), S("admin"));
    CHECK_SEQ(api_fixture_text(&a, "user.roles.0"), S("Owner"));
    CHECK(!json_bool(a.json, S("mustChangePassword"), true));
    str set = api_fixture_header(&a, "Set-Cookie");
    CHECK(str_contains(set, S("HttpOnly")) && str_contains(set, S("Secure")) &&
          str_contains(set, S("SameSite=Strict")));

    struct api_fixture_ask ask = { .method = "GET", .target = "/signin/session", .cookie = cookie_of(f, &a) };
    const char            *csrf = arena_str(f->arena, api_fixture_text(&a, "csrf")).p;
    a = api_fixture_ask(f, &ask);
    CHECK_EQ(a.status, 200);
    CHECK_SEQ(api_fixture_text(&a, "csrf"), str_of(csrf));

    ask.target = INCIDENTS V;
    CHECK_EQ(api_fixture_ask(f, &ask).status, 200);
    ask.method = "PUT";
    ask.target = INCIDENTS "/" ID V;
    ask.body = "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}";
    a = api_fixture_ask(f, &ask);
    CHECK_EQ(a.status, 403);
    CHECK_SEQ(api_fixture_text(&a, "error.code"), S("CsrfTokenInvalid"));
    ask.csrf = csrf;
    CHECK_EQ(api_fixture_ask(f, &ask).status, 201);

    ask.method = "POST";
    ask.target = "/signout";
    ask.body = NULL;
    CHECK_EQ(api_fixture_ask(f, &ask).status, 204);
    ask.method = "GET";
    ask.target = "/signin/session";
    CHECK_EQ(api_fixture_ask(f, &ask).status, 401);
}

TEST(a_wrong_password_is_401_and_many_are_429_with_the_time)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer a;

    for (int i = 0; i < 5; i++) {
        a = sign_in(f, "wrong wrong wrong");
        CHECK_EQ(a.status, 401);
        CHECK_SEQ(api_fixture_text(&a, "error.code"), S("InvalidCredentials"));
    }
    a = sign_in(f, FIXTURE_PASSWORD);
    CHECK_EQ(a.status, 429);
    CHECK_SEQ(api_fixture_header(&a, "Retry-After"), S("5"));
    CHECK(str_contains(api_fixture_text(&a, "error.message"), S("2026-01-01T00:00:05Z")));
    f->env.now += SECONDS(5);
    CHECK_EQ(sign_in(f, FIXTURE_PASSWORD).status, 200);
    CHECK_EQ(send(f, NULL, "POST", "/signin", "{}").status, 400);
    CHECK_EQ(send(f, NULL, "POST", "/signin", "no json").status, 400);
}

TEST(a_password_is_changed_where_one_signs_in)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *body =
        "{\"user\":\"admin\",\"password\":\"" FIXTURE_PASSWORD "\",\"newPassword\":\"another long one\"}";
    struct api_fixture_answer a = send(f, NULL, "POST", "/signin/password", body);
    CHECK_EQ(a.status, 200);
    CHECK(api_fixture_text(&a, "csrf").n > 0);
    CHECK_EQ(sign_in(f, FIXTURE_PASSWORD).status, 401);
    CHECK_EQ(sign_in(f, "another long one").status, 200);
}

/* --- OAuth, as az and the SDKs send it --- */

static struct api_fixture_answer post_form(struct api_fixture *f, const char *target, str body)
{
    return api_fixture_ask(f, &(struct api_fixture_ask) { .method = "POST",
                                                          .target = target,
                                                          .body = body.p,
                                                          .type = "application/x-www-form-urlencoded" });
}

TEST(a_program_trades_its_secret_for_a_token_that_works)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct access_principal_made p = api_fixture_principal(f, "Reader", S(""));
    static const char *const     endpoints[] = { "/adfs/oauth2/token", "/{tenant}/oauth2/v2.0/token" };
    static const char *const     scopes[] = { "https%3A%2F%2Fvedette.test%3A8443%2F%2F.default",
                                              "https%3A%2F%2Fmonitor.azure.com%2F%2F.default",
                                              "https%3A%2F%2Fapi.loganalytics.io%2F.default" };
    for (size_t e = 0; e < 2; e++)
        for (size_t s = 0; s < 3; s++) {
            str                       body = arena_printf(f->arena,
                                                          "client_id=" STR_FMT
                                                          "&grant_type=client_credentials&client_info=1&client_secret=" STR_FMT
                                                          "&claims=%%7B%%7D&scope=%s",
                                                          STR_ARG(p.principal.client_id), STR_ARG(p.secret), scopes[s]);
            struct api_fixture_answer a = post_form(f, endpoints[e], body);
            CHECK_EQ(a.status, 200);
            CHECK_SEQ(api_fixture_text(&a, "token_type"), S("Bearer"));
            CHECK_EQ(json_i64(a.json, S("expires_in"), 0), 3599);
            const char *token = arena_str(f->arena, api_fixture_text(&a, "access_token")).p;
            CHECK_EQ(get(f, token, "/subscriptions?api-version=2019-11-01").status, 200);
        }
}

TEST(oauth_refuses_in_oauth_s_form)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct access_principal_made p = api_fixture_principal(f, "Reader", S(""));
    str wrong = arena_printf(f->arena, "client_id=" STR_FMT "&grant_type=client_credentials&client_secret=no",
                             STR_ARG(p.principal.client_id));
    struct api_fixture_answer a = post_form(f, "/adfs/oauth2/token", wrong);
    CHECK_EQ(a.status, 401);
    CHECK_SEQ(api_fixture_text(&a, "error"), S("invalid_client"));
    CHECK_SEQ(api_fixture_text(&a, "error_description"), S("AADSTS7000215: Invalid client secret provided."));

    a = post_form(f, "/adfs/oauth2/token",
                  S("grant_type=password&client_id=x&username=admin&password=" FIXTURE_PASSWORD));
    CHECK_EQ(a.status, 400);
    CHECK_SEQ(api_fixture_text(&a, "error"), S("unsupported_grant_type"));
    a = post_form(f, "/adfs/oauth2/token", S("grant_type=client_credentials"));
    CHECK_SEQ(api_fixture_text(&a, "error"), S("invalid_request"));
    a = post_form(f, "/adfs/oauth2/token",
                  S("grant_type=client_credentials&client_id=x&scope=https%3A%2F%2Fevil.example%2F.default"));
    CHECK_SEQ(api_fixture_text(&a, "error"), S("invalid_scope"));
    a = post_form(f, "/adfs/oauth2/token", S("grant_type=refresh_token&client_id=x&refresh_token=y"));
    CHECK_EQ(a.status, 400);
    CHECK_SEQ(api_fixture_text(&a, "error"), S("invalid_grant"));
}

TEST(a_person_signs_a_program_in_with_a_device_code)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer a = post_form(f, "/adfs/oauth2/devicecode", S("client_id=az&scope=openid"));
    CHECK_EQ(a.status, 200);
    CHECK_EQ(json_i64(a.json, S("interval"), 0), 5);
    str poll = arena_printf(f->arena,
                            "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code&client_"
                            "id=az&device_code=" STR_FMT "&scope=openid",
                            STR_ARG(api_fixture_text(&a, "device_code")));
    str code = arena_str(f->arena, api_fixture_text(&a, "user_code"));
    CHECK_EQ(
        api_fixture_ask(f, &(struct api_fixture_ask) { .method = "GET", .target = "/adfs/oauth2/deviceauth" })
            .status,
        200);
    a = post_form(f, "/adfs/oauth2/token", poll);
    CHECK_EQ(a.status, 400);
    CHECK_SEQ(api_fixture_text(&a, "error"), S("authorization_pending"));

    a = post_form(f, "/adfs/oauth2/deviceauth",
                  arena_printf(f->arena, "code=" STR_FMT "&user=admin&password=wrong", STR_ARG(code)));
    CHECK_EQ(a.status, 401);
    a = post_form(
        f, "/adfs/oauth2/deviceauth",
        arena_printf(f->arena, "code=" STR_FMT "&user=admin&password=correct+horse+battery", STR_ARG(code)));
    CHECK_EQ(a.status, 200);
    f->env.now += SECONDS(5);
    a = post_form(f, "/adfs/oauth2/token", poll);
    CHECK_EQ(a.status, 200);
    CHECK(api_fixture_text(&a, "id_token").n > 0 && api_fixture_text(&a, "client_info").n > 0);
    str refresh = arena_printf(f->arena, "grant_type=refresh_token&client_id=az&refresh_token=" STR_FMT,
                               STR_ARG(api_fixture_text(&a, "refresh_token")));
    a = post_form(f, "/adfs/oauth2/token", refresh);
    CHECK_EQ(a.status, 200);
    const char *token = arena_str(f->arena, api_fixture_text(&a, "access_token")).p;
    a = get(f, token, "/v1.0/me");
    CHECK_SEQ(api_fixture_text(&a, "userPrincipalName"), S("admin"));
}

TEST(an_authorization_code_goes_to_loopback_with_pkce_only)
{
    AUTO(api_fixture) f = api_fixture_new();
    static const char *const bad[] = {
        "redirect_uri=https%3A%2F%2Fevil.example&code_challenge=x&code_challenge_method=S256",
        "redirect_uri=http%3A%2F%2Flocalhost.evil.example&code_challenge=x&code_challenge_method=S256",
        "redirect_uri=http%3A%2F%2Flocalhost%3A84%40evil.example&code_challenge=x&code_challenge_method=S256",
        "redirect_uri=http%3A%2F%2Flocalhost%3A8400",
        "redirect_uri=http%3A%2F%2Flocalhost%3A8400&code_challenge=x&code_challenge_method=plain",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str target =
            arena_printf(f->arena, "/adfs/oauth2/authorize?response_type=code&client_id=az&%s", bad[i]);
        CHECK_EQ(get(f, NULL, target.p).status, 400);
    }
    str query = S(
        "response_type=code&client_id=az&redirect_uri=http%3A%2F%2Flocalhost%3A8400&state=%22%3E%3Cscript%3E"
        "&code_challenge=x&code_challenge_method=S256");
    struct api_fixture_answer a =
        get(f, NULL, arena_printf(f->arena, "/adfs/oauth2/authorize?" STR_FMT, STR_ARG(query)).p);
    CHECK_EQ(a.status, 200);
    CHECK(!str_contains(a.body, S("<script")));
    a = post_form(
        f, "/adfs/oauth2/authorize",
        arena_printf(f->arena, STR_FMT "&user=admin&password=correct+horse+battery", STR_ARG(query)));
    CHECK_EQ(a.status, 302);
    CHECK(str_starts(api_fixture_header(&a, "Location"), S("http://localhost:8400?code=")));
}

TEST(metadata_is_what_clients_read)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer a = get(f, NULL, "//metadata/endpoints?api-version=2015-01-01");
    CHECK_SEQ(api_fixture_text(&a, "authentication.loginEndpoint"), S(FIXTURE_ORIGIN "/adfs"));
    CHECK_SEQ(api_fixture_text(&a, "authentication.audiences.0"), S(FIXTURE_ORIGIN));
    a = get(f, NULL, "/metadata/endpoints?api-version=2022-09-01");
    CHECK_SEQ(api_fixture_text(&a, "0.resourceManager"), S(FIXTURE_ORIGIN "/"));
    a = get(f, NULL, "/adfs/.well-known/openid-configuration");
    CHECK_SEQ(api_fixture_text(&a, "token_endpoint"), S(FIXTURE_ORIGIN "/adfs/oauth2/token"));
    a = get(f, NULL, "/adfs/adfs/.well-known/openid-configuration");
    CHECK_SEQ(api_fixture_text(&a, "issuer"),
              arena_printf(f->arena, FIXTURE_ORIGIN "/" STR_FMT "/", STR_ARG(f->scopes.tenant_id)));
    a = get(f, NULL, "/{tenant}/v2.0/.well-known/openid-configuration");
    CHECK(str_ends(api_fixture_text(&a, "token_endpoint"), S("/oauth2/v2.0/token")));
    a = get(f, NULL, "/v1/rest/auth/metadata");
    CHECK_SEQ(api_fixture_text(&a, "AzureAD.FirstPartyAuthorityUrl"), S(FIXTURE_ORIGIN "/adfs"));
    CHECK_EQ(json_get(a.json, S("AzureAD"))->n, 6);
    a = get(f, NULL, "/adfs/discovery/keys");
    CHECK_SEQ(api_fixture_text(&a, "keys.0.alg"), S("RS256"));
}

TEST(a_host_that_is_no_host_stays_out_of_answers)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer a = api_fixture_ask(
        f,
        &(struct api_fixture_ask) {
            .method = "GET", .target = "/metadata/endpoints", .header = "Host", .header_value = "second" });
    CHECK_SEQ(api_fixture_text(&a, "graphEndpoint"), S(FIXTURE_ORIGIN)); /* the first Host counts */
}

/* --- incidents --- */

static const char NEW_INCIDENT[] =
    "{\"properties\":{\"title\":\"t\",\"severity\":\"Low\",\"status\":\"New\"}}";

TEST(an_incident_is_made_changed_commented_and_deleted_with_arm_s_codes)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *token = api_fixture_token(f, "Microsoft Sentinel Responder", S(""));
    struct api_fixture_answer a = send(f, token, "PUT", INCIDENTS "/" ID V, NEW_INCIDENT);

    CHECK_EQ(a.status, 201);
    CHECK_EQ(json_i64(json_get(a.json, S("properties")), S("incidentNumber"), 0), 1);
    str etag = arena_str(f->arena, api_fixture_text(&a, "etag"));
    CHECK_SEQ(api_fixture_header(&a, "ETag"), etag);

    AUTO_STRBUF body = STRBUF_INIT(4096);
    strbuf_addz(&body, "{\"etag\":");
    json_escape(&body, etag);
    strbuf_addz(&body, ",\"properties\":{\"title\":\"u\",\"severity\":\"High\",\"status\":\"Active\"}}");
    a = send(f, token, "PUT", INCIDENTS "/" ID V, body.p);
    CHECK_EQ(a.status, 200);
    CHECK_SEQ(api_fixture_text(&a, "properties.title"), S("u"));
    a = send(f, token, "PUT", INCIDENTS "/" ID V, body.p);
    CHECK_EQ(a.status, 412);
    CHECK_SEQ(api_fixture_text(&a, "error.code"), S("PreconditionFailed"));

    a = send(f, token, "PUT", INCIDENTS "/" ID "/comments/" ID V, "{\"properties\":{\"message\":\"seen\"}}");
    CHECK_EQ(a.status, 201);
    CHECK(str_starts(api_fixture_text(&a, "properties.author.name"), S("bot-")));
    a = get(f, token, INCIDENTS "/" ID "/comments" V);
    CHECK_SEQ(api_fixture_text(&a, "value.0.properties.message"), S("seen"));
    a = send(f, token, "POST", INCIDENTS "/" ID "/entities" V, NULL);
    CHECK_EQ(a.status, 200);
    CHECK(json_get(a.json, S("entities")) && json_get(a.json, S("metaData")));
    CHECK_EQ(send(f, token, "DELETE", INCIDENTS "/" ID V, NULL).status, 200);
    CHECK_EQ(send(f, token, "DELETE", INCIDENTS "/" ID V, NULL).status, 204);
    CHECK_EQ(get(f, token, INCIDENTS "/" ID V).status, 404);
}

TEST(a_write_sent_again_with_its_id_is_done_once)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char            *token = api_fixture_token(f, "Microsoft Sentinel Responder", S(""));
    struct api_fixture_ask ask = { .method = "PUT",
                                   .target = INCIDENTS "/" ID V,
                                   .token = token,
                                   .body = NEW_INCIDENT,
                                   .header = "x-ms-client-request-id",
                                   .header_value = "one" };

    CHECK_EQ(api_fixture_ask(f, &ask).status, 201);
    CHECK_EQ(api_fixture_ask(f, &ask).status, 201); /* the first answer again */
    ask.header_value = "two";
    CHECK_EQ(api_fixture_ask(f, &ask).status, 200);
}

TEST(pages_are_linked_absolutely_and_keep_what_was_asked)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *token = api_fixture_token(f, "Microsoft Sentinel Responder", S(""));
    int         seen = 0, pages = 0;

    for (int i = 0; i < 5; i++) {
        str target = arena_printf(f->arena, INCIDENTS "/5d5d5d5d-0000-4000-8000-00000000000%d" V, i);
        CHECK_EQ(send(f, token, "PUT", target.p, NEW_INCIDENT).status, 201);
    }
    const char *target = INCIDENTS V "&%24top=2&$filter=properties/severity%20eq%20'Low'";
    for (;;) {
        struct api_fixture_answer a = get(f, token, target);
        CHECK_EQ(a.status, 200);
        seen += (int)json_get(a.json, S("value"))->n;
        pages++;
        str next = api_fixture_text(&a, "nextLink");
        if (!next.n)
            break;
        CHECK(str_starts(next, S(FIXTURE_ORIGIN "/subscriptions/")));
        CHECK(str_contains(next, S("filter=properties")));
        target = arena_str(f->arena, str_from(next, sizeof FIXTURE_ORIGIN - 1)).p;
    }
    CHECK_EQ(seen, 5);
    CHECK_EQ(pages, 3);
    CHECK_EQ(get(f, token, INCIDENTS V "&$filter=nonsense").status, 400);
    CHECK_EQ(get(f, token, INCIDENTS V "&$top=-1").status, 400);
}

TEST(bodies_that_are_no_json_objects_are_refused)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char              *token = api_fixture_token(f, "Microsoft Sentinel Responder", S(""));
    static const char *const bad[] = { "", "[]", "{", "\"x\"", "{\"a\":1}garbage", "null" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_EQ(send(f, token, "PUT", INCIDENTS "/" ID V, bad[i]).status, 400);
}

TEST(writes_and_refusals_are_audited)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *writer = api_fixture_token(f, "Microsoft Sentinel Responder", S(""));
    const char *reader = api_fixture_token(f, "Reader", S(""));
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_EQ(send(f, writer, "PUT", INCIDENTS "/" ID V, NEW_INCIDENT).status, 201);
    CHECK_EQ(send(f, reader, "PUT", INCIDENTS "/" ID V, NEW_INCIDENT).status, 403);
    CHECK_OK(state_tx_read(f->state, &tx, NULL));
    CHECK_OK(
        state_stmt_one(tx,
                       "SELECT group_concat(status, ' ') FROM (SELECT status FROM audit WHERE operation ="
                       " 'Microsoft.SecurityInsights/incidents/write' ORDER BY id)",
                       STATE_NO_ARGS, &st, NULL));
    CHECK_SEQ(state_stmt_str(st, 0), S("Success Failure"));
}

/* --- people --- */

TEST(nobody_gives_more_than_they_hold)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *owner = api_fixture_token(f, "Owner", S(""));
    const char               *giver = api_fixture_token(f, "User Access Administrator", S(""));
    const char               *target = "{ws}/providers/Vedette.Operations/principals?api-version=2026-11-01";
    struct api_fixture_answer a;

    a = send(f, owner, "POST", target, "{\"name\":\"soar\",\"role\":\"Microsoft Sentinel Responder\"}");
    CHECK_EQ(a.status, 201);
    CHECK_EQ(api_fixture_text(&a, "clientId").n, 36);
    CHECK_EQ(api_fixture_text(&a, "clientSecret").n, 43);
    CHECK_EQ(send(f, owner, "POST", target, "{\"name\":\"soar\",\"role\":\"Reader\"}").status, 409);
    CHECK_EQ(send(f, owner, "POST", target, "{\"name\":\"x\",\"role\":\"King\"}").status, 400);
    CHECK_EQ(send(f, giver, "POST", target, "{\"name\":\"evil\",\"role\":\"Owner\"}").status, 403);
    CHECK_EQ(send(f, giver, "POST", target, "{\"name\":\"fine\",\"role\":\"Reader\"}").status, 201);
    a = get(f, owner, target);
    CHECK(!str_contains(a.body, S("ecret")));
    CHECK_EQ(send(f, owner, "DELETE",
                  "{ws}/providers/Vedette.Operations/principals/fine?api-version=2026-11-01", NULL)
                 .status,
             204);
}

/* --- what needs the engine or the intake, which are not there --- */

TEST(an_engine_or_intake_that_is_away_is_503_with_retry_after)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *token = api_fixture_token(f, "Owner", S(""));
    struct api_fixture_answer a =
        send(f, token, "POST", "/v1/workspaces/main/query", "{\"query\":\"print n=1\"}");
    CHECK_EQ(a.status, 503);
    CHECK_SEQ(api_fixture_header(&a, "Retry-After"), S("1"));
    a = send(f, token, "POST", "/dataCollectionRules/dcr-1/streams/Custom-X_CL?api%2Dversion=2023-01-01",
             "[]");
    CHECK_EQ(a.status, 503);
    a = get(f, NULL, "/health");
    CHECK_EQ(a.status, 503);
    CHECK_SEQ(api_fixture_text(&a, "engine"), S("down"));
}

TEST(a_broken_query_is_400_with_its_place)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char               *token = api_fixture_token(f, "Owner", S(""));
    struct api_fixture_answer a = send(f, token, "POST", "/v1/workspaces/main/query",
                                       "{\"query\":\"SecurityEvent\\n| wherre x\",\"timespan\":\"PT1H\"}");
    CHECK_EQ(a.status, 400);
    CHECK_SEQ(api_fixture_text(&a, "error.code"), S("BadArgumentError"));
    CHECK(api_fixture_text(&a, "error.innererror.innererror.message").n > 0);
    CHECK_EQ(json_i64(json_path(a.json, S("error.innererror.innererror")), S("line"), 0), 2);
    a = send(f, token, "POST", "/v2/rest/query", "{\"db\":\"main\",\"csl\":\"SecurityEvent | wherre x\"}");
    CHECK_EQ(a.status, 400);
    CHECK_SEQ(api_fixture_text(&a, "error.code"), S("General_BadRequest"));
    CHECK(api_fixture_text(&a, "error.@message").n > 0);
    CHECK_EQ(send(f, token, "POST", "/v1/workspaces/main/query", "{\"query\":\" \"}").status, 400);
    CHECK_EQ(send(f, token, "POST", "/v1/workspaces/main/query",
                  "{\"query\":\"print 1\",\"timespan\":\"yesterday\"}")
                 .status,
             400);
}

/* --- the portal --- */

TEST(the_portal_s_page_has_a_fresh_nonce_and_answers_its_own_routes)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_answer one = get(f, NULL, "/"), two = get(f, NULL, "/incidents/1284?tab=alerts");

    CHECK_EQ(one.status, 200);
    CHECK_EQ(two.status, 200);
    CHECK(!str_contains(one.body, S("__CSP_NONCE__")));
    CHECK(!str_eq(one.body, two.body));
    str    csp = api_fixture_header(&one, "Content-Security-Policy");
    size_t at = str_find(csp, S("'nonce-"));
    str    nonce = str_slice(csp, at + 7, at + 7 + 24);
    CHECK(str_contains(one.body, nonce));
    CHECK(str_contains(csp, S("frame-ancestors 'none'")));
    CHECK_SEQ(api_fixture_header(&one, "Cache-Control"), S("no-store"));
    CHECK_EQ(send(f, NULL, "POST", "/", NULL).status, 405);

    struct api_fixture_answer form = get(f, NULL, "/signin?back=/logs");
    CHECK_EQ(form.status, 200); /* its POST is a route */
    CHECK_SEQ(api_fixture_header(&form, "Content-Type"), S("text/html; charset=utf-8"));
    CHECK_EQ(get(f, NULL, "/v1/$batch").status, 401);
}

TEST(assets_are_kept_for_good_and_sent_compressed_to_who_takes_it)
{
    AUTO(api_fixture) f = api_fixture_new();
    struct api_fixture_ask ask = { .method = "GET",
                                   .target = "/assets/app-1a2b.js",
                                   .header = "Accept-Encoding" };
    static const struct {
        const char *accept, *body, *coding;
    } rows[] = { { "gzip, deflate, br", "BR", "br" },
                 { "gzip", "GZ", "gzip" },
                 { "identity", "let plain", "" },
                 { "br;q=0, gzip", "GZ", "gzip" } };
    struct api_fixture_answer a;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask.header_value = rows[i].accept;
        a = api_fixture_ask(f, &ask);
        CHECK_EQ(a.status, 200);
        CHECK_SEQ(a.body, str_of(rows[i].body));
        CHECK_SEQ(api_fixture_header(&a, "Content-Encoding"), str_of(rows[i].coding));
        CHECK(str_contains(api_fixture_header(&a, "Cache-Control"), S("immutable")));
    }
    ask.header = "If-None-Match";
    ask.header_value = arena_str(f->arena, api_fixture_header(&a, "ETag")).p;
    CHECK_EQ(api_fixture_ask(f, &ask).status, 304);
    CHECK_EQ(get(f, NULL, "/assets/none.js").status, 404);
    a = get(f, NULL, "/favicon.svg");
    CHECK_SEQ(api_fixture_header(&a, "Content-Type"), S("image/svg+xml"));
    CHECK_EQ(get(f, NULL, "/assets/../../state.db").status, 404);
    CHECK_EQ(get(f, NULL, "/assets/%2e%2e/%2e%2e/state.db").status, 404);
}
