/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_user.h"

#include "access/access_password.h"
#include "access/access_priv.h"

struct found {
    str  id, password;
    bool enabled;
};

/* An unknown name is found as nobody, whose password nothing matches. */
static enum rc find_by_name(struct access *a, str name, struct arena *arena, struct found *out,
                            struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(a->state, &tx, err));
    enum rc rc = state_stmt_one(tx, "SELECT id, password, enabled FROM users WHERE name = ?",
                                STATE_ARGS(STATE_S(name)), &st, err);
    if (rc == RC_NOT_FOUND) {
        *out = (struct found) { 0 };
        return RC_OK;
    }
    TRY(rc);
    *out = (struct found) { .id = state_stmt_str_in(st, 0, arena),
                            .password = state_stmt_str_in(st, 1, arena),
                            .enabled = state_stmt_i64(st, 2) != 0 };
    return RC_OK;
}

static enum rc refused(struct access *a, const struct access_user_guess *g, const char *why, struct err *err)
{
    const struct access_audit_row row = { .who_name = g->name,
                                          .peer = g->peer,
                                          .operation = S("Sign in"),
                                          .resource = g->name,
                                          .status = S("Failure"),
                                          .description = str_of(why) };
    TRY(access_audit(a, &row, err));
    return err_set(err, RC_UNAUTHENTICATED, "The user name or the password is wrong.");
}

static enum rc locked(ts until, ts now, struct access_user_proof *out, struct err *err)
{
    char text[TS_TEXT_SIZE];
    ts   second = (until + TS_PER_SECOND - 1) / TS_PER_SECOND * TS_PER_SECOND;

    out->retry_at = until;
    str shown = ts_text_short(second, text);
    return err_set(err, RC_BUSY, "Too many wrong passwords: try again in %d s, at " STR_FMT ".",
                   (int)((until - now + TS_PER_SECOND - 1) / TS_PER_SECOND), STR_ARG(shown));
}

/* The guess is counted before it is checked: see access_throttle.h. */
static enum rc prove(struct access *a, const struct access_user_guess *g, struct arena *arena,
                     struct access_user_proof *out, struct found *found,
                     struct err *err) /* long list: inner step */
{
    ts now = env_now(a->env);
    ts until = access_throttle_enter(a->throttle, g->name, g->peer, now);

    if (until)
        return locked(until, now, out, err);
    TRY(find_by_name(a, g->name, arena, found, err));
    bool right =
        g->password.n <= ACCESS_USER_MAX_PASSWORD && access_password_is(g->password, found->password);
    if (!right)
        return refused(a, g, found->id.n ? "wrong password" : "no such user", err);
    if (!found->enabled)
        return refused(a, g, "the user is disabled", err);
    access_throttle_clear(a->throttle, g->name, g->peer);
    return RC_OK;
}

enum rc access_user_signin(struct access *a, const struct access_user_guess *guess, struct arena *arena,
                           struct access_user_proof *out, struct err *err)
{
    struct found found = { 0 };
    AUTO(state_tx) tx = NULL;

    TRY(prove(a, guess, arena, out, &found, err));
    const struct access_audit_row row = { .who_id = found.id,
                                          .who_name = guess->name,
                                          .peer = guess->peer,
                                          .operation = S("Sign in"),
                                          .resource = guess->name,
                                          .status = S("Success") };
    TRY(state_tx_write(a->state, &tx, err));
    TRY(access_load_user(tx, found.id, arena, &out->who, err));
    TRY(state_stmt_run(tx, "UPDATE users SET last_signin = ? WHERE id = ?",
                       STATE_ARGS(STATE_I(env_now(a->env)), STATE_S(found.id)), err));
    TRY(access_audit_put(a, tx, &row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, &row);
    return RC_OK;
}

/* Ends what was opened with the old password. */
static enum rc end_all(struct state_tx *tx, str id, struct err *err)
{
    TRY(state_stmt_run(tx, "DELETE FROM sessions WHERE user_id = ?", STATE_ARGS(STATE_S(id)), err));
    TRY(state_stmt_run(tx, "DELETE FROM refresh_tokens WHERE user_id = ?", STATE_ARGS(STATE_S(id)), err));
    TRY(state_stmt_run(tx, "DELETE FROM authorization_codes WHERE user_id = ?", STATE_ARGS(STATE_S(id)),
                       err));
    return state_stmt_run(tx, "DELETE FROM device_codes WHERE user_id = ?", STATE_ARGS(STATE_S(id)), err);
}

static enum rc set_password(struct access *a, struct state_tx *tx, str id, str hash, bool must_change,
                            struct err *err) /* long list: inner step */
{
    TRY(state_stmt_run(tx, "UPDATE users SET password = ?, must_change = ?, tokens_from = ? WHERE id = ?",
                       STATE_ARGS(STATE_S(hash), STATE_I(must_change), STATE_I(env_now(a->env)), STATE_S(id)),
                       err));
    return end_all(tx, id, err);
}

enum rc access_user_change_password(struct access *a, const struct access_user_guess *guess,
                                    struct arena *arena, struct access_user_proof *out, struct err *err)
{
    struct found found = { 0 };
    str          hash = STR_NONE;
    AUTO(state_tx) tx = NULL;

    TRY(prove(a, guess, arena, out, &found, err));
    TRY(access_password_judge(guess->new_password, guess->name, err));
    if (str_eq(guess->new_password, guess->password))
        return err_set(err, RC_INVALID, "the new password is the old one");
    TRY(access_password_hash(guess->new_password, a->cheap_passwords, arena, &hash, err));
    const struct access_audit_row row = { .who_id = found.id,
                                          .who_name = guess->name,
                                          .peer = guess->peer,
                                          .operation = S("Change password"),
                                          .resource = guess->name,
                                          .status = S("Success") };
    TRY(state_tx_write(a->state, &tx, err));
    TRY(set_password(a, tx, found.id, hash, false, err));
    TRY(access_load_user(tx, found.id, arena, &out->who, err));
    TRY(access_audit_put(a, tx, &row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, &row);
    return RC_OK;
}

static enum rc judge_name(str name, struct err *err)
{
    if (name.n < 1 || name.n > 64)
        return err_set(err, RC_INVALID, "a user's name has 1 to 64 characters, not %zu", name.n);
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool          plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-@", c);
        if (!plain || c == 0)
            return err_set(err, RC_INVALID, "a user's name is made of letters, digits and . _ - @");
    }
    return RC_OK;
}

static enum rc insert(struct access *a, const struct access_user *u, str hash, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    const struct access_role *role = access_role_find(u->role);

    TRY(state_tx_write(a->state, &tx, err));
    enum rc rc = state_stmt_run(tx,
                                "INSERT INTO users (id, name, display_name, email, password, enabled, "
                                "must_change, tokens_from, created)"
                                " VALUES (?, ?, ?, ?, ?, 1, ?, 0, ?)",
                                STATE_ARGS(STATE_S(u->id), STATE_S(u->name), STATE_S(u->display_name),
                                           STATE_S(u->email), STATE_S(hash), STATE_I(u->must_change_password),
                                           STATE_I(u->created)),
                                err);
    if (rc == RC_CONFLICT)
        return err_set(err, RC_CONFLICT, "there is a user '" STR_FMT "' already", STR_ARG(u->name));
    TRY(rc);
    TRY(access_assign(a, tx, &(struct access_assignment) { .holder = u->id, .role = role }, err));
    return state_tx_commit(tx, err);
}

enum rc access_user_create(struct access *a, const struct access_user_new *in, struct arena *arena,
                           struct access_user_made *out, struct err *err)
{
    char                      text[GUID_TEXT_SIZE];
    const struct access_role *role = access_role_find(in->role);
    str                       password = in->password, hash;

    TRY(judge_name(in->name, err));
    if (!role)
        return err_set(err, RC_NOT_FOUND, "there is no role '" STR_FMT "'", STR_ARG(in->role));
    if (!password.n)
        password = access_password_make(arena);
    TRY(access_password_hash(password, a->cheap_passwords, arena, &hash, err));
    const struct access_user user = { .id = arena_str(arena, guid_text(env_guid(a->env), text)),
                                      .name = arena_str(arena, in->name),
                                      .display_name =
                                          arena_str(arena, in->display_name.n ? in->display_name : in->name),
                                      .role = role->name,
                                      .email = arena_str(arena, in->email),
                                      .created = env_now(a->env),
                                      .enabled = true,
                                      .must_change_password = !in->password.n };
    TRY(insert(a, &user, hash, err));
    *out = (struct access_user_made) { .user = user, .password = password };
    return RC_OK;
}

enum rc access_user_list(struct access *a, struct arena *arena, struct access_user **out, size_t *n,
                         struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct access_user) list = { 0 };
    bool row = true;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT u.id, u.name, u.display_name, u.email, u.created, u.last_signin, u.enabled,"
                        " u.must_change, coalesce(min(r.role), '') FROM users u"
                        " LEFT JOIN role_assignments r ON r.holder = u.id GROUP BY u.id ORDER BY u.name",
                        STATE_NO_ARGS, &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct access_role *role = access_role_find(state_stmt_str(st, 8));
        *vec_push_in(arena, &list) =
            (struct access_user) { .id = state_stmt_str_in(st, 0, arena),
                                   .name = state_stmt_str_in(st, 1, arena),
                                   .display_name = state_stmt_str_in(st, 2, arena),
                                   .email = state_stmt_str_in(st, 3, arena),
                                   .created = state_stmt_i64(st, 4),
                                   .last_signin = state_stmt_i64(st, 5),
                                   .enabled = state_stmt_i64(st, 6) != 0,
                                   .must_change_password = state_stmt_i64(st, 7) != 0,
                                   .role = role ? role->name : S("") };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static enum rc id_of(struct state_tx *tx, str name_or_id, struct arena *arena, str *id, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    enum rc rc = state_stmt_one(tx, "SELECT id FROM users WHERE name = ?1 OR id = lower(?1)",
                                STATE_ARGS(STATE_S(name_or_id)), &st, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_NOT_FOUND, "there is no user '" STR_FMT "'", STR_ARG(name_or_id));
    TRY(rc);
    *id = state_stmt_str_in(st, 0, arena);
    return RC_OK;
}

enum rc access_user_reset(struct access *a, str name, struct arena *arena, str *password, struct err *err)
{
    str made = access_password_make(arena), hash, id;
    AUTO(state_tx) tx = NULL;

    TRY(access_password_hash(made, a->cheap_passwords, arena, &hash, err));
    TRY(state_tx_write(a->state, &tx, err));
    TRY(id_of(tx, name, arena, &id, err));
    TRY(set_password(a, tx, id, hash, true, err));
    TRY(state_tx_commit(tx, err));
    *password = made;
    return RC_OK;
}

static enum rc other_owner(struct state_tx *tx, str id, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    TRY(state_stmt_one(tx,
                       "SELECT EXISTS (SELECT 1 FROM users u JOIN role_assignments r ON r.holder = u.id"
                       " WHERE u.enabled = 1 AND u.id <> ? AND r.role = ? AND r.scope = '/')",
                       STATE_ARGS(STATE_S(id), STATE_S(access_role_find(S("Owner"))->id)), &st, err));
    if (!state_stmt_i64(st, 0))
        return err_set(err, RC_CONFLICT, "this is the last Owner: make another one first");
    return RC_OK;
}

enum rc access_user_delete(struct access *a, str name_or_id, struct err *err)
{
    AUTO(arena) arena = arena_new(64 * 1024);
    AUTO(state_tx) tx = NULL;
    str id;

    TRY(state_tx_write(a->state, &tx, err));
    TRY(id_of(tx, name_or_id, arena, &id, err));
    TRY(other_owner(tx, id, err));
    TRY(state_stmt_run(tx, "DELETE FROM role_assignments WHERE holder = ?", STATE_ARGS(STATE_S(id)), err));
    TRY(state_stmt_run(tx, "DELETE FROM users WHERE id = ?", STATE_ARGS(STATE_S(id)), err));
    return state_tx_commit(tx, err);
}

enum rc access_user_find(struct access *a, str id, struct arena *arena, struct access_who *out,
                         struct err *err)
{
    AUTO(state_tx) tx = NULL;
    TRY(state_tx_read(a->state, &tx, err));
    return access_load_user(tx, id, arena, out, err);
}
