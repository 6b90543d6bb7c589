/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_user.h"

#include "access/access_password.h"
#include "access/access_session.h"
#include "access/access_token.h"
#include "state/state_stmt.h"
#include "tests/t.h"
#include "tests/unit/access/access_fixture.h"

static enum rc signin(struct access_fixture *f, str name, str password, struct access_user_proof *out,
                      struct err *err)
{
    const struct access_user_guess guess = { .name = name, .password = password, .peer = S("10.1.1.1:99") };
    return access_user_signin(f->access, &guess, f->arena, out, err);
}

TEST(the_first_start_makes_admin_with_a_password_to_be_changed)
{
    AUTO(access_fixture) f = access_fixture_new(S(""));
    struct access_user_proof proof;
    struct err               err = { 0 };

    str once = access_take_first_password(f->access, f->arena);
    CHECK_EQ(once.n, 19);
    CHECK_EQ(access_take_first_password(f->access, f->arena).n, 0);
    CHECK_OK_ERR(signin(f, S("Admin"), once, &proof, &err), &err);
    CHECK(proof.who.must_change_password);
    CHECK_EQ(access_check(f->access, &proof.who, S("x/read"), S("/"), &err), RC_FORBIDDEN);

    const struct access_user_guess change = {
        .name = S("admin"), .password = once, .new_password = FIXTURE_PASSWORD, .peer = S("p:1")
    };
    CHECK_OK(access_user_change_password(f->access, &change, f->arena, &proof, NULL));
    CHECK(!proof.who.must_change_password);
    CHECK_OK(access_check(f->access, &proof.who, S("x/read"), S("/"), NULL));
    CHECK_EQ(signin(f, S("admin"), once, &proof, &err), RC_UNAUTHENTICATED);
    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
}

TEST(a_given_first_password_needs_no_change_and_is_not_told)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof;
    CHECK_EQ(access_take_first_password(f->access, f->arena).n, 0);
    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
    CHECK(!proof.who.must_change_password);
    access_fixture_reopen(f);
    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
}

TEST(a_wrong_password_and_a_wrong_name_read_the_same)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof;
    struct err               one = { 0 }, two = { 0 };
    CHECK_EQ(signin(f, S("admin"), S("wrong wrong wrong"), &proof, &one), RC_UNAUTHENTICATED);
    CHECK_EQ(signin(f, S("nobody"), S("wrong wrong wrong"), &proof, &two), RC_UNAUTHENTICATED);
    CHECK_STR(one.text, two.text);
    CHECK_EQ(f->audited, 2);
    CHECK_STR(f->last_audit, "Sign in: Failure");
    CHECK_EQ(signin(f, S("nobody"), S(""), &proof, &two), RC_UNAUTHENTICATED);
}

TEST(guessing_is_locked_and_says_until_when)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof = { 0 };
    struct err               err = { 0 };
    for (int i = 0; i < ACCESS_USER_FREE_GUESSES; i++)
        CHECK_EQ(signin(f, S("admin"), S("wrong wrong wrong"), &proof, &err), RC_UNAUTHENTICATED);
    CHECK_EQ(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, &err), RC_BUSY);
    CHECK_EQ(proof.retry_at, f->env.now + SECONDS(5));
    CHECK(str_contains(str_of(err.text), S("in 5 s, at 1970-01-12T13:46:45Z")));
    f->env.now = proof.retry_at;
    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
}

TEST(a_changed_password_ends_sessions_and_tokens)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof;
    struct access_session    session, found;
    struct access_who        who;
    AUTO_STRBUF              token = STRBUF_INIT(16384);

    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
    CHECK_OK(access_session_begin(f->access, &proof.who, f->arena, &session, NULL));
    CHECK_OK(access_token_issue(f->access, &proof.who, S("https://vedette.test:8443"), &token, NULL));
    CHECK_OK(access_session_find(f->access, session.cookie, f->arena, &found, NULL));
    CHECK_OK(access_token_verify(f->access, strbuf_view(&token), f->arena, &who, NULL));

    f->env.now += SECONDS(2);
    const struct access_user_guess change = { .name = S("admin"),
                                              .password = FIXTURE_PASSWORD,
                                              .new_password = S("another long password"),
                                              .peer = S("p:1") };
    CHECK_OK(access_user_change_password(f->access, &change, f->arena, &proof, NULL));
    CHECK_EQ(access_session_find(f->access, session.cookie, f->arena, &found, NULL), RC_UNAUTHENTICATED);
    CHECK_EQ(access_token_verify(f->access, strbuf_view(&token), f->arena, &who, NULL), RC_UNAUTHENTICATED);
}

TEST(a_new_password_is_judged)
{
    struct err err = { 0 };
    CHECK_EQ(access_password_judge(S("short"), S("admin"), &err), RC_INVALID);
    CHECK_STR(err.text, "a password has at least 12 characters, not 5");
    CHECK_EQ(access_password_judge(S("administrator"), S("administrator"), &err), RC_INVALID);
    CHECK_OK(access_password_judge(FIXTURE_PASSWORD, S("admin"), NULL));
    CHECK_OK(access_password_judge(
        S("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"),
        S("admin"), NULL));
    CHECK_EQ(access_password_judge(S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), S("x"), &err),
             RC_INVALID);
}

TEST(a_hash_is_argon2id_and_matches_its_password_only)
{
    AUTO(arena) a = arena_new(64 * 1024);
    str one, two;
    CHECK_OK(access_password_hash(FIXTURE_PASSWORD, false, a, &one, NULL));
    CHECK_OK(access_password_hash(FIXTURE_PASSWORD, false, a, &two, NULL));
    CHECK(str_starts(one, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(!str_eq(one, two));
    CHECK(access_password_is(FIXTURE_PASSWORD, one));
    CHECK(!access_password_is(S("correct horse batterz"), one));
    CHECK(!access_password_is(FIXTURE_PASSWORD, S("")));
    CHECK(!access_password_is(S(""), S("")));
}

TEST(users_are_made_listed_reset_and_deleted_but_the_last_owner_stays)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_made      made;
    struct access_user_proof     proof;
    struct access_user          *list;
    struct err                   err = { 0 };
    size_t                       n;
    str                          password;
    const struct access_user_new eve = { .name = S("eve"), .role = S("Microsoft Sentinel Responder") };

    CHECK_OK_ERR(access_user_create(f->access, &eve, f->arena, &made, &err), &err);
    CHECK_EQ(access_user_create(f->access, &eve, f->arena, &made, &err), RC_CONFLICT);
    CHECK_EQ(access_user_create(f->access,
                                &(struct access_user_new) { .name = S("x y"), .role = S("Reader") }, f->arena,
                                &made, &err),
             RC_INVALID);
    CHECK_EQ(access_user_create(f->access, &(struct access_user_new) { .name = S("x"), .role = S("King") },
                                f->arena, &made, &err),
             RC_NOT_FOUND);
    CHECK_OK(access_user_list(f->access, f->arena, &list, &n, NULL));
    CHECK_EQ(n, 2);
    CHECK_SEQ(list[1].name, S("eve"));
    CHECK_SEQ(list[1].role, S("Microsoft Sentinel Responder"));
    CHECK(list[1].must_change_password);
    CHECK_OK(access_user_reset(f->access, S("EVE"), f->arena, &password, NULL));
    CHECK_EQ(signin(f, S("eve"), made.password, &proof, &err), RC_UNAUTHENTICATED);
    CHECK_OK(signin(f, S("eve"), password, &proof, NULL));
    CHECK_EQ(access_user_delete(f->access, S("admin"), &err), RC_CONFLICT);
    CHECK_OK(access_user_delete(f->access, S("eve"), NULL));
    CHECK_EQ(access_user_delete(f->access, S("eve"), &err), RC_NOT_FOUND);
    CHECK_EQ(signin(f, S("eve"), password, &proof, &err), RC_UNAUTHENTICATED);
}

TEST(sessions_end_when_idle_when_old_and_at_sign_out)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof;
    struct access_session    one, two, found;

    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
    CHECK_OK(access_session_begin(f->access, &proof.who, f->arena, &one, NULL));
    CHECK_OK(access_session_begin(f->access, &proof.who, f->arena, &two, NULL));
    for (int i = 0; i < 3; i++) {
        f->env.now += HOURS(7); /* each use starts the idle time anew */
        CHECK_OK(access_session_find(f->access, one.cookie, f->arena, &found, NULL));
        CHECK_SEQ(found.csrf, one.csrf);
    }
    CHECK_EQ(access_session_find(f->access, two.cookie, f->arena, &found, NULL), RC_UNAUTHENTICATED);
    f->env.now += HOURS(3);
    CHECK_EQ(access_session_find(f->access, one.cookie, f->arena, &found, NULL), RC_UNAUTHENTICATED);

    CHECK_OK(access_session_begin(f->access, &proof.who, f->arena, &one, NULL));
    CHECK_OK(access_session_end(f->access, one.cookie, NULL));
    CHECK_EQ(access_session_find(f->access, one.cookie, f->arena, &found, NULL), RC_UNAUTHENTICATED);
    CHECK_EQ(access_session_find(f->access, S(""), f->arena, &found, NULL), RC_UNAUTHENTICATED);
}

TEST(nobody_may_do_nothing_and_the_program_everything)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct err err = { 0 };
    CHECK_EQ(access_check(f->access, NULL, S("x/read"), S("/"), &err), RC_UNAUTHENTICATED);
    CHECK_EQ(access_check(f->access, &(struct access_who) { 0 }, S("x/read"), S("/"), &err),
             RC_UNAUTHENTICATED);
    CHECK_OK(access_check(f->access, access_system(), S("x/write"), S("/"), NULL));
}

TEST(audit_rows_are_in_state)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_user_proof proof;
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_OK(signin(f, S("admin"), FIXTURE_PASSWORD, &proof, NULL));
    CHECK_OK(state_tx_read(f->state, &tx, NULL));
    CHECK_OK(state_stmt_one(tx, "SELECT operation, status, who_id, peer FROM audit ORDER BY id DESC",
                            STATE_NO_ARGS, &st, NULL));
    CHECK_SEQ(state_stmt_str(st, 0), S("Sign in"));
    CHECK_SEQ(state_stmt_str(st, 1), S("Success"));
    CHECK_SEQ(state_stmt_str(st, 2), proof.who.id);
    CHECK_SEQ(state_stmt_str(st, 3), S("10.1.1.1:99"));
}
