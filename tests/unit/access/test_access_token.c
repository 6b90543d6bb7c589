/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_token.h"

#include "access/access_principal.h"
#include "base/codec.h"
#include "base/json.h"
#include "tests/t.h"
#include "tests/unit/access/access_fixture.h"

static struct access_principal_made principal(struct access_fixture *f, str role, str scope)
{
    struct access_principal_made made = { 0 };
    struct err                   err = { 0 };
    CHECK_OK_ERR(access_principal_create(
                     f->access,
                     &(struct access_principal_new) { .name = S("bot"), .role = role, .scope = scope },
                     f->arena, &made, &err),
                 &err);
    return made;
}

static struct access_who signed_in(struct access_fixture *f, const struct access_principal_made *made)
{
    struct access_who who = { 0 };
    CHECK_OK(access_principal_signin(
        f->access,
        &(struct access_principal_proof) {
            .client_id = made->principal.client_id, .secret = made->secret, .peer = S("p:1") },
        f->arena, &who, NULL));
    return who;
}

static str issued(struct access_fixture *f, const struct access_who *who, str audience)
{
    AUTO_STRBUF text = STRBUF_INIT(16384);
    CHECK_OK(access_token_issue(f->access, who, audience, &text, NULL));
    return arena_str(f->arena, strbuf_view(&text));
}

static enum rc verified(struct access_fixture *f, str jwt, struct err *err)
{
    struct access_who who;
    return access_token_verify(f->access, jwt, f->arena, &who, err);
}

TEST(audiences_of_every_client_are_granted_with_and_without_a_slash)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    static const struct {
        const char *scope, *audience;
    } rows[] = {
        { "https://vedette.test:8443/.default", "https://vedette.test:8443" },
        { "https://vedette.test:8443//.default", "https://vedette.test:8443" },
        { "https://localhost:9000//.default offline_access openid profile", "https://localhost:9000" },
        { "openid profile offline_access https://127.0.0.1:9000/.default", "https://127.0.0.1:9000" },
        { "https://monitor.azure.com//.default", "https://monitor.azure.com" },
        { "https://api.loganalytics.io/.default", "https://api.loganalytics.io" },
        { "https://management.azure.com/.default", "https://management.azure.com" },
        { "https://management.core.windows.net//.default", "https://management.core.windows.net" },
        { "https://graph.microsoft.com/.default", "https://graph.microsoft.com" },
        { "https://management.azure.com/", "https://management.azure.com" },
        { "openid profile", "https://vedette.test:8443" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        str audience = STR_NONE;
        CHECK_OK(access_token_audience(f->access, str_of(rows[i].scope), f->arena, &audience, NULL));
        CHECK_SEQ(audience, str_of(rows[i].audience));
    }
    str        none;
    struct err err = { 0 };
    CHECK_EQ(access_token_audience(f->access, S("https://evil.example/.default"), f->arena, &none, &err),
             RC_INVALID);
    CHECK_EQ(
        access_token_audience(f->access, S("https://localhost.evil.example/.default"), f->arena, &none, &err),
        RC_INVALID);
    CHECK_EQ(access_token_audience(f->access, S("https://localhost/evil/.default"), f->arena, &none, &err),
             RC_INVALID);
    CHECK_EQ(access_token_audience(f->access, S("http://localhost/.default"), f->arena, &none, &err),
             RC_INVALID);
}

TEST(a_token_tells_who_it_is_for_and_is_believed_until_it_expires)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made made = principal(f, S("Reader"), S(""));
    struct access_who            who = signed_in(f, &made), back;
    struct err                   err = { 0 };
    const struct json           *claims;
    AUTO_STRBUF                  body = STRBUF_INIT(16384);

    str jwt = issued(f, &who, S("https://monitor.azure.com"));
    str rest = jwt, part;
    CHECK(str_split(&rest, '.', &part) && str_split(&rest, '.', &part));
    CHECK_OK(codec_base64_decode(&body, part, NULL));
    CHECK_OK(json_parse(f->arena, strbuf_view(&body), &claims, NULL));
    CHECK_SEQ(json_str(claims, S("tid"), S("")), FIXTURE_TENANT);
    CHECK_SEQ(json_str(claims, S("oid"), S("")), made.principal.id);
    CHECK_SEQ(json_str(claims, S("appid"), S("")), made.principal.client_id);
    CHECK_SEQ(json_str(claims, S("aud"), S("")), S("https://monitor.azure.com"));
    CHECK_SEQ(json_path(claims, S("roles.0"))->s, S("Reader"));

    CHECK_OK(access_token_verify(f->access, jwt, f->arena, &back, NULL));
    CHECK_SEQ(back.id, made.principal.id);
    CHECK_EQ(back.n_held, 1);
    f->env.now += SECONDS(ACCESS_TOKEN_SECONDS);
    CHECK_EQ(verified(f, jwt, &err), RC_UNAUTHENTICATED);
    CHECK_STR(err.text, "The access token is invalid: it has expired.");
}

/* The token with one part put in place of another. */
static str with_header(struct access_fixture *f, str jwt, str header_json)
{
    AUTO_STRBUF text = STRBUF_INIT(16384);
    codec_base64url(&text, header_json);
    strbuf_add(&text, str_from(jwt, str_find_byte(jwt, '.')));
    return arena_str(f->arena, strbuf_view(&text));
}

TEST(what_was_not_signed_by_us_is_refused)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made made = principal(f, S("Reader"), S(""));
    struct access_who            who = signed_in(f, &made);
    struct err                   err = { 0 };
    str                          jwt = issued(f, &who, S("https://vedette.test:8443"));
    CHECK_OK(verified(f, jwt, &err));

    CHECK_EQ(verified(f, S(""), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, S("a.b.c"), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, S("..."), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, str_slice(jwt, 0, jwt.n - 10), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, str_slice(jwt, 0, str_rfind_byte(jwt, '.') + 1), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, with_header(f, jwt, S("{\"alg\":\"none\"}")), &err), RC_UNAUTHENTICATED);
    CHECK_STR(err.text, "The access token is invalid: it is not signed with RS256.");
    CHECK_EQ(verified(f, with_header(f, jwt, S("{\"alg\":\"HS256\"}")), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(verified(f, with_header(f, jwt, S("{\"alg\":\"RS256\"}")), &err), RC_UNAUTHENTICATED);
    CHECK_STR(err.text, "The access token is invalid: its signature is wrong.");

    char  *flipped = (char *)arena_str(f->arena, jwt).p;
    size_t dot = str_find_byte(jwt, '.');
    flipped[dot + 5] = flipped[dot + 5] == 'A' ? 'B' : 'A';
    CHECK_EQ(verified(f, str_make(flipped, jwt.n), &err), RC_UNAUTHENTICATED);
}

TEST(another_installation_s_token_is_refused)
{
    AUTO(access_fixture) one = access_fixture_new(FIXTURE_PASSWORD);
    AUTO(access_fixture) two = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made made = principal(one, S("Owner"), S(""));
    struct access_who            who = signed_in(one, &made);
    struct err                   err = { 0 };
    CHECK_EQ(verified(two, issued(one, &who, S("https://vedette.test:8443")), &err), RC_UNAUTHENTICATED);
}

TEST(tokens_outlive_a_restart_but_not_their_principal)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made made = principal(f, S("Reader"), S(""));
    struct access_who            who = signed_in(f, &made);
    struct err                   err = { 0 };
    str                          jwt = issued(f, &who, S("https://vedette.test:8443"));
    access_fixture_reopen(f);
    CHECK_OK(verified(f, jwt, &err));
    CHECK_OK(access_principal_delete(f->access, S("bot"), NULL));
    CHECK_EQ(verified(f, jwt, &err), RC_UNAUTHENTICATED);
    CHECK_EQ(access_principal_delete(f->access, S("bot"), &err), RC_NOT_FOUND);
}

TEST(a_principal_holds_its_role_at_its_scope_only)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made made = principal(f, S("Reader"), S("/subscriptions/s/resourceGroups/soc"));
    struct access_who            who = signed_in(f, &made);
    struct err                   err = { 0 };

    CHECK_OK(access_check(f->access, &who, S("A/b/read"), S("/subscriptions/s/resourceGroups/SOC/x"), NULL));
    CHECK_EQ(access_check(f->access, &who, S("A/b/read"), S("/subscriptions/s"), &err), RC_FORBIDDEN);
    CHECK_EQ(access_check(f->access, &who, S("A/b/write"), S("/subscriptions/s/resourceGroups/soc"), &err),
             RC_FORBIDDEN);
    CHECK(str_starts(str_of(err.text), S("The client 'bot' with object id '")));
    CHECK(str_ends(str_of(err.text), S("does not have authorization to perform action 'A/b/write' over scope"
                                       " '/subscriptions/s/resourceGroups/soc'.")));
    CHECK(access_sees(&who, S("/subscriptions/s")));
    CHECK(!access_sees(&who, S("/subscriptions/t")));
}

TEST(a_wrong_secret_is_refused_and_slowed)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made        made = principal(f, S("Reader"), S(""));
    struct access_who                   who;
    struct err                          err = { 0 };
    const struct access_principal_proof wrong = { .client_id = made.principal.client_id,
                                                  .secret = S("wrong"),
                                                  .peer = S("p:1") };

    CHECK_EQ(made.secret.n, 43);
    for (int i = 0; i < ACCESS_USER_FREE_GUESSES; i++)
        CHECK_EQ(access_principal_signin(f->access, &wrong, f->arena, &who, &err), RC_UNAUTHENTICATED);
    CHECK_STR(err.text, "AADSTS7000215: Invalid client secret provided.");
    CHECK_EQ(access_principal_signin(f->access, &wrong, f->arena, &who, &err), RC_BUSY);
}

TEST(the_key_set_holds_one_public_key)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    AUTO_STRBUF        text = STRBUF_INIT(8192);
    const struct json *set;
    access_token_jwks(f->access, &text);
    CHECK_OK(json_parse(f->arena, strbuf_view(&text), &set, NULL));
    CHECK_SEQ(json_path(set, S("keys.0.kty"))->s, S("RSA"));
    CHECK_SEQ(json_path(set, S("keys.0.e"))->s, S("AQAB"));
    CHECK_EQ(json_path(set, S("keys.0.n"))->s.n, 342);
    CHECK(json_path(set, S("keys.0.d")) == NULL);
}
