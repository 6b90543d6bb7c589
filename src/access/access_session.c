/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_session.h"

#include "access/access_priv.h"

/* How often the last use is written: a write costs an fsync, and idleness is counted in hours. */
#define USE_NOTED_EVERY MINUTES(5)

enum rc access_session_begin(struct access *a, const struct access_who *who, struct arena *arena,
                             struct access_session *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    ts                 now = env_now(a->env);
    str                cookie = access_secret_make(arena), csrf = access_secret_make(arena);
    struct hash_sha256 digest = access_secret_digest(cookie);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM sessions WHERE created < ? OR used < ?",
                       STATE_ARGS(STATE_I(now - ACCESS_SESSION_LIFE), STATE_I(now - ACCESS_SESSION_IDLE)),
                       err));
    TRY(state_stmt_run(
        tx, "INSERT INTO sessions (hash, user_id, csrf, created, used) VALUES (?, ?, ?, ?, ?)",
        STATE_ARGS(ACCESS_DIGEST(digest), STATE_S(who->id), STATE_S(csrf), STATE_I(now), STATE_I(now)), err));
    TRY(state_tx_commit(tx, err));
    *out = (struct access_session) { .who = *who, .cookie = cookie, .csrf = csrf };
    return RC_OK;
}

static enum rc read(struct access *a, struct hash_sha256 digest, struct arena *arena,
                    struct access_session *out, ts *used, struct err *err) /* long list: inner step */
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    ts now = env_now(a->env);

    TRY(state_tx_read(a->state, &tx, err));
    enum rc rc = state_stmt_one(
        tx, "SELECT user_id, csrf, used FROM sessions WHERE hash = ? AND created > ? AND used > ?",
        STATE_ARGS(ACCESS_DIGEST(digest), STATE_I(now - ACCESS_SESSION_LIFE),
                   STATE_I(now - ACCESS_SESSION_IDLE)),
        &st, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_UNAUTHENTICATED, "The session has ended: sign in again.");
    TRY(rc);
    *used = state_stmt_i64(st, 2);
    out->csrf = state_stmt_str_in(st, 1, arena);
    out->cookie = STR_NONE;
    return access_load_user(tx, state_stmt_str(st, 0), arena, &out->who, err);
}

static enum rc note_use(struct access *a, struct hash_sha256 digest, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "UPDATE sessions SET used = ? WHERE hash = ?",
                       STATE_ARGS(STATE_I(env_now(a->env)), ACCESS_DIGEST(digest)), err));
    return state_tx_commit(tx, err);
}

enum rc access_session_find(struct access *a, str cookie, struct arena *arena, struct access_session *out,
                            struct err *err)
{
    struct hash_sha256    digest = access_secret_digest(cookie);
    struct access_session found;
    ts                    used = 0;

    if (cookie.n != ACCESS_SECRET_TEXT)
        return err_set(err, RC_UNAUTHENTICATED, "That is no session.");
    TRY(read(a, digest, arena, &found, &used, err));
    if (env_now(a->env) - used >= USE_NOTED_EVERY)
        TRY(note_use(a, digest, err));
    *out = found;
    return RC_OK;
}

enum rc access_session_end(struct access *a, str cookie, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct hash_sha256 digest = access_secret_digest(cookie);

    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM sessions WHERE hash = ?", STATE_ARGS(ACCESS_DIGEST(digest)), err));
    return state_tx_commit(tx, err);
}
