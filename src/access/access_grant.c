/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_grant.h"

#include "access/access_priv.h"
#include "base/codec.h"

static enum rc void_code(struct err *err, const char *what)
{
    return err_set(err, RC_UNAUTHENTICATED,
                   "AADSTS70008: The %s has expired, was used before, or is not one of ours.", what);
}

/* --- refresh tokens --- */

static enum rc put_refresh(struct access *a, struct state_tx *tx, str user_id, str client_id, str family,
                           str token, struct err *err) /* long list: inner step */
{
    struct hash_sha256 digest = access_secret_digest(token);
    return state_stmt_run(
        tx, "INSERT INTO refresh_tokens (hash, family, user_id, client_id, expires) VALUES (?, ?, ?, ?, ?)",
        STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(family), STATE_S(user_id), STATE_S(client_id),
                   STATE_I(env_now(a->env) + ACCESS_GRANT_REFRESH_LIFE)),
        err);
}

enum rc access_grant_refresh_issue(struct access *a, const struct access_who *who, str client_id,
                                   struct strbuf *out, struct err *err)
{
    AUTO(arena) arena = arena_new(16 * 1024);
    AUTO(state_tx) tx = NULL;
    char text[GUID_TEXT_SIZE];
    str  token = access_secret_make(arena);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM refresh_tokens WHERE expires < ?",
                       STATE_ARGS(STATE_I(env_now(a->env))), err));
    TRY(put_refresh(a, tx, who->id, client_id, guid_text(env_guid(a->env), text), token, err));
    TRY(state_tx_commit(tx, err));
    strbuf_add(out, token);
    return strbuf_ok(out, "a refresh token", err);
}

struct refresh {
    str  family, user_id;
    bool used;
};

static enum rc find_refresh(struct access *a, struct state_tx *tx, const struct access_grant_use *use,
                            struct arena *arena, struct refresh *out,
                            struct err *err) /* long list: inner step */
{
    AUTO(state_stmt) st = NULL;
    struct hash_sha256 digest = access_secret_digest(use->code);
    enum rc            rc = state_stmt_one(
                   tx,
                   "SELECT family, user_id, used FROM refresh_tokens WHERE hash = ? AND client_id = ? AND expires > ?",
                   STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(use->client_id), STATE_I(env_now(a->env))), &st, err);

    if (rc == RC_NOT_FOUND)
        return void_code(err, "refresh token");
    TRY(rc);
    *out = (struct refresh) { .family = state_stmt_str_in(st, 0, arena),
                              .user_id = state_stmt_str_in(st, 1, arena),
                              .used = state_stmt_i64(st, 2) != 0 };
    return RC_OK;
}

/* Used twice: the holder of the token or a thief is behind the other use. Nobody keeps it. */
static enum rc end_family(struct access *a, struct state_tx *tx, const struct refresh *r, struct err *err)
{
    const struct access_audit_row row = { .who_id = r->user_id,
                                          .operation = S("Refresh token used twice"),
                                          .resource = r->family,
                                          .status = S("Failure"),
                                          .description = S("all tokens of this sign-in are ended") };
    TRY(state_stmt_run(tx, "DELETE FROM refresh_tokens WHERE family = ?", STATE_ARGS(STATE_S(r->family)),
                       err));
    TRY(access_audit_put(a, tx, &row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, &row);
    return void_code(err, "refresh token");
}

enum rc access_grant_refresh_use(struct access *a, const struct access_grant_use *use, struct arena *arena,
                                 struct access_grant_given *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct refresh            r = { 0 };
    struct access_grant_given given = { .next = access_secret_make(arena) };
    struct hash_sha256        digest = access_secret_digest(use->code);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(find_refresh(a, tx, use, arena, &r, err));
    if (r.used)
        return end_family(a, tx, &r, err);
    TRY(access_load_user(tx, r.user_id, arena, &given.who, err));
    TRY(state_stmt_run(tx, "UPDATE refresh_tokens SET used = 1 WHERE hash = ?",
                       STATE_ARGS(ACCESS_DIGEST(digest)), err));
    TRY(put_refresh(a, tx, r.user_id, use->client_id, r.family, given.next, err));
    TRY(state_tx_commit(tx, err));
    given.who.app_id = use->client_id;
    *out = given;
    return RC_OK;
}

/* --- device codes --- */

/* Eight consonants: no words, nothing that is mistaken for something else; 34 bits, for 15 minutes, throttled
 * by the sign-in that stands before the page. */
static str make_user_code(struct arena *arena)
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ"; /* 20 */
    uint8_t           bytes[64];
    char              text[9];
    size_t            n = 0;

    while (n < sizeof text) {
        hash_random(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes && n < sizeof text; i++) {
            if (n == 4)
                text[n++] = '-';
            if (bytes[i] < 240) /* 240 is a multiple of 20: no letter is likelier */
                text[n++] = letters[bytes[i] % 20];
        }
    }
    return arena_str(arena, str_make(text, n));
}

enum rc access_grant_device_begin(struct access *a, str client_id, struct arena *arena,
                                  struct access_grant_device *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    ts                               now = env_now(a->env);
    const struct access_grant_device made = { access_secret_make(arena), make_user_code(arena) };
    struct hash_sha256               digest = access_secret_digest(made.device_code);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM device_codes WHERE expires < ?", STATE_ARGS(STATE_I(now - HOURS(1))),
                       err));
    /* Anybody may ask: the table must not grow with the asking. */
    TRY(state_stmt_run(tx,
                       "DELETE FROM device_codes WHERE hash IN"
                       " (SELECT hash FROM device_codes ORDER BY expires DESC LIMIT -1 OFFSET 999)",
                       STATE_NO_ARGS, err));
    TRY(state_stmt_run(tx,
                       "INSERT INTO device_codes (hash, user_code, client_id, expires) VALUES (?, ?, ?, ?)",
                       STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(made.user_code), STATE_S(client_id),
                                  STATE_I(now + ACCESS_GRANT_DEVICE_LIFE)),
                       err));
    TRY(state_tx_commit(tx, err));
    *out = made;
    return RC_OK;
}

enum rc access_grant_device_decide(struct access *a, str user_code, const struct access_who *who, bool agree,
                                   struct err *err)
{
    AUTO(state_tx) tx = NULL;
    const struct access_audit_row row = { .who_id = who->id,
                                          .who_name = who->name,
                                          .operation = S("Device sign-in"),
                                          .resource = user_code,
                                          .status = agree ? S("Success") : S("Failure"),
                                          .description = agree ? S("agreed") : S("refused") };

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(
        tx,
        "UPDATE device_codes SET user_id = ?, decision = ? WHERE user_code = upper(?) AND decision = 0"
        " AND expires > ?",
        STATE_ARGS(STATE_S(who->id), STATE_I(agree ? 1 : 2), STATE_S(user_code), STATE_I(env_now(a->env))),
        err));
    if (!state_stmt_changed(tx))
        return err_set(err, RC_NOT_FOUND, "There is no sign-in with this code, or it is too late.");
    TRY(access_audit_put(a, tx, &row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, &row);
    return RC_OK;
}

struct device {
    int64_t decision;
    ts      asked, expires;
    str     user_id;
};

static enum rc find_device(struct state_tx *tx, const struct access_grant_use *use, struct arena *arena,
                           struct device *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    struct hash_sha256 digest = access_secret_digest(use->code);
    enum rc            rc = state_stmt_one(
                   tx, "SELECT decision, asked, expires, user_id FROM device_codes WHERE hash = ? AND client_id = ?",
                   STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(use->client_id)), &st, err);
    if (rc == RC_NOT_FOUND)
        return void_code(err, "device code");
    TRY(rc);
    *out = (struct device) { state_stmt_i64(st, 0), state_stmt_i64(st, 1), state_stmt_i64(st, 2),
                             state_stmt_str_in(st, 3, arena) };
    return RC_OK;
}

static enum access_grant_poll judge(const struct device *d, ts now)
{
    if (d->expires <= now)
        return ACCESS_GRANT_EXPIRED;
    if (d->decision == 2)
        return ACCESS_GRANT_DENIED;
    if (d->decision == 1)
        return ACCESS_GRANT_GIVEN;
    return now - d->asked < SECONDS(ACCESS_GRANT_DEVICE_INTERVAL - 1) ? ACCESS_GRANT_SLOW_DOWN
                                                                      : ACCESS_GRANT_PENDING;
}

enum rc access_grant_device_poll(struct access *a, const struct access_grant_use *use, struct arena *arena,
                                 struct access_grant_polled *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct device              d = { 0 };
    struct access_grant_polled polled = { 0 };
    struct hash_sha256         digest = access_secret_digest(use->code);
    ts                         now = env_now(a->env);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(find_device(tx, use, arena, &d, err));
    polled.state = judge(&d, now);
    if (polled.state == ACCESS_GRANT_GIVEN)
        TRY(access_load_user(tx, d.user_id, arena, &polled.who, err));
    if (polled.state == ACCESS_GRANT_PENDING || polled.state == ACCESS_GRANT_SLOW_DOWN)
        TRY(state_stmt_run(tx, "UPDATE device_codes SET asked = ? WHERE hash = ?",
                           STATE_ARGS(STATE_I(now), ACCESS_DIGEST(digest)), err));
    else
        TRY(state_stmt_run(tx, "DELETE FROM device_codes WHERE hash = ?", STATE_ARGS(ACCESS_DIGEST(digest)),
                           err));
    TRY(state_tx_commit(tx, err));
    polled.who.app_id = use->client_id;
    *out = polled;
    return RC_OK;
}

/* --- authorization codes --- */

enum rc access_grant_code_issue(struct access *a, const struct access_who *who,
                                const struct access_grant_code *ask, struct strbuf *out, struct err *err)
{
    AUTO(arena) arena = arena_new(16 * 1024);
    AUTO(state_tx) tx = NULL;
    str                code = access_secret_make(arena);
    struct hash_sha256 digest = access_secret_digest(code);
    ts                 now = env_now(a->env);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM authorization_codes WHERE expires < ?", STATE_ARGS(STATE_I(now)),
                       err));
    TRY(state_stmt_run(tx, "INSERT INTO authorization_codes VALUES (?, ?, ?, ?, ?, ?, ?)",
                       STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(who->id), STATE_S(ask->client_id),
                                  STATE_S(ask->redirect_uri), STATE_S(ask->challenge), STATE_S(ask->nonce),
                                  STATE_I(now + ACCESS_GRANT_CODE_LIFE)),
                       err));
    TRY(state_tx_commit(tx, err));
    strbuf_add(out, code);
    return strbuf_ok(out, "an authorization code", err);
}

static bool proves(str verifier, str challenge)
{
    struct hash_sha256 digest = hash_sha256(verifier);
    AUTO_STRBUF        text = STRBUF_INIT(64);

    codec_base64url(&text, str_make((char *)digest.bytes, sizeof digest.bytes));
    return challenge.n == text.n && hash_equal(challenge.p, text.p, text.n);
}

enum rc access_grant_code_use(struct access *a, const struct access_grant_use *use, struct arena *arena,
                              struct access_grant_given *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct access_grant_given given = { 0 };
    struct hash_sha256        digest = access_secret_digest(use->code);

    TRY(state_tx_write(a->state, &tx, err));
    enum rc rc = state_stmt_one(tx,
                                "DELETE FROM authorization_codes WHERE hash = ? RETURNING user_id, client_id,"
                                " redirect_uri, challenge, nonce, expires",
                                STATE_ARGS(ACCESS_DIGEST(digest)), &st, err);
    if (rc == RC_NOT_FOUND)
        return void_code(err, "authorization code");
    TRY(rc);
    bool right = str_eq(state_stmt_str(st, 1), use->client_id) &&
                 str_eq(state_stmt_str(st, 2), use->redirect_uri) &&
                 proves(use->verifier, state_stmt_str(st, 3)) && state_stmt_i64(st, 5) > env_now(a->env);
    given.nonce = state_stmt_str_in(st, 4, arena);
    str user_id = state_stmt_str_in(st, 0, arena);
    st = state_stmt_done(st);
    if (right)
        TRY(access_load_user(tx, user_id, arena, &given.who, err));
    TRY(state_tx_commit(tx, err)); /* used up, also by a wrong guess */
    if (!right)
        return void_code(err, "authorization code");
    given.who.app_id = use->client_id;
    *out = given;
    return RC_OK;
}
