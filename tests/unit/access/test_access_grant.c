/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_grant.h"

#include "access/access_user.h"
#include "base/codec.h"
#include "base/hash.h"
#include "tests/t.h"
#include "tests/unit/access/access_fixture.h"

static struct access_who admin(struct access_fixture *f)
{
    struct access_user_proof       proof = { 0 };
    const struct access_user_guess guess = { .name = S("admin"),
                                             .password = FIXTURE_PASSWORD,
                                             .peer = S("p:1") };
    CHECK_OK(access_user_signin(f->access, &guess, f->arena, &proof, NULL));
    return proof.who;
}

static enum rc trade(struct access_fixture *f, str token, str client, struct access_grant_given *out)
{
    return access_grant_refresh_use(
        f->access, &(struct access_grant_use) { .code = token, .client_id = client }, f->arena, out, NULL);
}

TEST(a_refresh_token_is_traded_once_and_a_second_use_ends_the_family)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_who         who = admin(f);
    struct access_grant_given one, two;
    AUTO_STRBUF               first = STRBUF_INIT(256);

    CHECK_OK(access_grant_refresh_issue(f->access, &who, S("az"), &first, NULL));
    CHECK_EQ(trade(f, strbuf_view(&first), S("other"), &one), RC_UNAUTHENTICATED);
    CHECK_OK(trade(f, strbuf_view(&first), S("az"), &one));
    CHECK_SEQ(one.who.name, S("admin"));
    CHECK_OK(trade(f, one.next, S("az"), &two));
    CHECK_EQ(trade(f, strbuf_view(&first), S("az"), &one),
             RC_UNAUTHENTICATED); /* stolen, or a thief was first */
    CHECK_STR(f->last_audit, "Refresh token used twice: Failure");
    CHECK_EQ(trade(f, two.next, S("az"), &one), RC_UNAUTHENTICATED);
}

TEST(a_refresh_token_expires)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_who         who = admin(f);
    struct access_grant_given given;
    AUTO_STRBUF               token = STRBUF_INIT(256);
    CHECK_OK(access_grant_refresh_issue(f->access, &who, S("az"), &token, NULL));
    f->env.now += ACCESS_GRANT_REFRESH_LIFE;
    CHECK_EQ(trade(f, strbuf_view(&token), S("az"), &given), RC_UNAUTHENTICATED);
}

static enum access_grant_poll polled(struct access_fixture *f, str code, struct access_grant_polled *out)
{
    CHECK_OK(access_grant_device_poll(
        f->access, &(struct access_grant_use) { .code = code, .client_id = S("az") }, f->arena, out, NULL));
    return out->state;
}

TEST(a_device_waits_until_the_user_agrees)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_who          who = admin(f);
    struct access_grant_device d;
    struct access_grant_polled p;
    struct err                 err = { 0 };

    CHECK_OK(access_grant_device_begin(f->access, S("az"), f->arena, &d, NULL));
    CHECK_EQ(d.user_code.n, 9);
    CHECK_EQ(d.user_code.p[4], '-');
    CHECK_EQ(polled(f, d.device_code, &p), ACCESS_GRANT_PENDING);
    f->env.now += SECONDS(1);
    CHECK_EQ(polled(f, d.device_code, &p), ACCESS_GRANT_SLOW_DOWN);
    f->env.now += SECONDS(5);
    CHECK_EQ(polled(f, d.device_code, &p), ACCESS_GRANT_PENDING);
    CHECK_EQ(access_grant_device_decide(f->access, S("ABCD-EFGH"), &who, true, &err), RC_NOT_FOUND);
    CHECK_OK(access_grant_device_decide(f->access, d.user_code, &who, true, NULL));
    CHECK_EQ(access_grant_device_decide(f->access, d.user_code, &who, false, &err), RC_NOT_FOUND);
    f->env.now += SECONDS(5);
    CHECK_EQ(polled(f, d.device_code, &p), ACCESS_GRANT_GIVEN);
    CHECK_SEQ(p.who.name, S("admin"));
    CHECK_EQ(access_grant_device_poll(
                 f->access, &(struct access_grant_use) { .code = d.device_code, .client_id = S("az") },
                 f->arena, &p, &err),
             RC_UNAUTHENTICATED);
}

TEST(a_device_is_refused_and_expires)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_who          who = admin(f);
    struct access_grant_device one, two;
    struct access_grant_polled p;
    struct err                 err = { 0 };

    CHECK_OK(access_grant_device_begin(f->access, S("az"), f->arena, &one, NULL));
    CHECK_OK(access_grant_device_begin(f->access, S("az"), f->arena, &two, NULL));
    CHECK_OK(access_grant_device_decide(f->access, one.user_code, &who, false, NULL));
    CHECK_EQ(polled(f, one.device_code, &p), ACCESS_GRANT_DENIED);
    f->env.now += ACCESS_GRANT_DEVICE_LIFE;
    CHECK_EQ(access_grant_device_decide(f->access, two.user_code, &who, true, &err), RC_NOT_FOUND);
    CHECK_EQ(polled(f, two.device_code, &p), ACCESS_GRANT_EXPIRED);
}

static str challenge_of(struct access_fixture *f, str verifier)
{
    struct hash_sha256 digest = hash_sha256(verifier);
    AUTO_STRBUF        text = STRBUF_INIT(64);
    codec_base64url(&text, str_make((char *)digest.bytes, sizeof digest.bytes));
    return arena_str(f->arena, strbuf_view(&text));
}

TEST(an_authorization_code_needs_its_verifier_and_is_used_up_by_any_try)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_who              who = admin(f);
    struct access_grant_given      given;
    struct err                     err = { 0 };
    const struct access_grant_code ask = { .client_id = S("az"),
                                           .redirect_uri = S("http://localhost:8400"),
                                           .challenge = challenge_of(f, S("verifier-verifier")),
                                           .nonce = S("n") };
    for (int wrong = 0; wrong < 2; wrong++) {
        AUTO_STRBUF code = STRBUF_INIT(256);
        CHECK_OK(access_grant_code_issue(f->access, &who, &ask, &code, NULL));
        struct access_grant_use use = { .code = strbuf_view(&code),
                                        .client_id = ask.client_id,
                                        .redirect_uri = ask.redirect_uri,
                                        .verifier = wrong ? S("guess") : S("verifier-verifier") };
        CHECK_EQ(access_grant_code_use(f->access, &use, f->arena, &given, &err),
                 wrong ? RC_UNAUTHENTICATED : RC_OK);
        if (!wrong)
            CHECK_SEQ(given.nonce, S("n"));
        use.verifier = S("verifier-verifier");
        CHECK_EQ(access_grant_code_use(f->access, &use, f->arena, &given, &err), RC_UNAUTHENTICATED);
    }
}
