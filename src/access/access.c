/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"

#include <pthread.h>

#include "access/access_password.h"
#include "access/access_priv.h"
#include "access/access_user.h"
#include "base/codec.h"
#include "base/mem.h"

/* What "Owner at /" is written as, wherever the first user or the program itself is meant. */
static const str EVERYWHERE = STR_INIT("/");

static void keep_texts(struct access *a, const struct access_opts *o)
{
    a->tenant_id = arena_str(a->arena, o->tenant_id);
    a->issuer = arena_str(a->arena, str_trim_chars(o->issuer, S("/")));
}

static enum rc has_users(struct access *a, bool *has, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(state_stmt_one(tx, "SELECT EXISTS (SELECT 1 FROM users)", STATE_NO_ARGS, &st, err));
    *has = state_stmt_i64(st, 0) != 0;
    return RC_OK;
}

static enum rc make_admin(struct access *a, str password, struct err *err)
{
    AUTO(arena) arena = arena_new(256 * 1024);
    struct access_user_made      made;
    const struct access_user_new admin = {
        .name = S("admin"), .display_name = S("Administrator"), .role = S("Owner"), .password = password
    };

    TRY(access_user_create(a, &admin, arena, &made, err));
    if (!password.n && str_to_cstr(made.password, a->first_password, sizeof a->first_password))
        mem_wipe((char *)made.password.p, made.password.n);
    return RC_OK;
}

enum rc access_new(const struct access_opts *opts, struct access **out, struct err *err)
{
    AUTO(access) a = MEM_NEW(struct access);
    bool has = false;

    a->arena = arena_new(64 * 1024);
    a->state = opts->state;
    a->env = opts->env;
    a->cheap_passwords = opts->cheap_passwords;
    a->sink = opts->audit;
    pthread_mutex_init(&a->lock, NULL);
    a->throttle =
        access_throttle_new(&(struct access_throttle_opts) { .free_pair = ACCESS_USER_FREE_GUESSES,
                                                             .free_user = 50,
                                                             .first_wait = SECONDS(5),
                                                             .longest_wait = ACCESS_USER_LONGEST_WAIT,
                                                             .memory = HOURS(1) });
    keep_texts(a, opts);
    TRY(access_key_open(opts->key_dir, &a->key, err));
    TRY(has_users(a, &has, err));
    if (!has)
        TRY(make_admin(a, opts->first_password, err));
    *out = TAKE(a);
    return RC_OK;
}

struct access *access_free(struct access *a)
{
    if (!a)
        return NULL;
    access_key_free(a->key);
    access_throttle_free(a->throttle);
    pthread_mutex_destroy(&a->lock);
    arena_free(a->arena);
    mem_wipe(a->first_password, sizeof a->first_password);
    return mem_free(a);
}

str access_take_first_password(struct access *a, struct arena *arena)
{
    pthread_mutex_lock(&a->lock);
    str taken = arena_str(arena, str_of(a->first_password));
    mem_wipe(a->first_password, sizeof a->first_password);
    pthread_mutex_unlock(&a->lock);
    return taken;
}

enum rc access_check(const struct access *a, const struct access_who *who, str action, str scope,
                     struct err *err)
{
    (void)a;
    if (!who || who->kind == ACCESS_NOBODY)
        return err_set(err, RC_UNAUTHENTICATED,
                       "Authentication failed. The 'Authorization' header is missing.");
    if (who->kind == ACCESS_SYSTEM)
        return RC_OK;
    if (who->must_change_password)
        return err_set(err, RC_FORBIDDEN, "The password of '" STR_FMT "' must be changed first.",
                       STR_ARG(who->name));
    for (size_t i = 0; i < who->n_held; i++)
        if (access_role_scope_covers(who->held[i].scope, scope) &&
            access_role_allows(who->held[i].role, action))
            return RC_OK;
    return err_set(err, RC_FORBIDDEN,
                   "The client '" STR_FMT "' with object id '" STR_FMT
                   "' does not have authorization to perform action"
                   " '" STR_FMT "' over scope '" STR_FMT "'.",
                   STR_ARG(who->name), STR_ARG(who->id), STR_ARG(action), STR_ARG(scope));
}

bool access_sees(const struct access_who *who, str scope)
{
    if (!who || who->kind == ACCESS_NOBODY)
        return false;
    if (who->kind == ACCESS_SYSTEM)
        return true;
    for (size_t i = 0; i < who->n_held; i++)
        if (access_role_scope_covers(who->held[i].scope, scope) ||
            access_role_scope_covers(scope, who->held[i].scope))
            return true;
    return false;
}

const struct access_who *access_system(void)
{
    static const struct access_who system_who = { .kind = ACCESS_SYSTEM,
                                                  .id = STR_INIT("00000000-0000-0000-0000-000000000000"),
                                                  .name = STR_INIT("Vedette") };
    return &system_who;
}

str access_secret_make(struct arena *arena)
{
    uint8_t     bytes[32];
    AUTO_STRBUF text = STRBUF_INIT(64);

    hash_random(bytes, sizeof bytes);
    codec_base64url(&text, str_make((char *)bytes, sizeof bytes));
    str made = arena_str(arena, strbuf_view(&text));
    mem_wipe(text.p, text.n);
    return made;
}

struct hash_sha256 access_secret_digest(str secret)
{
    return hash_sha256(secret);
}

static enum rc load_held(struct state_tx *tx, struct arena *arena, struct access_who *who, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct access_held) held = { 0 };
    bool row = true;

    TRY(state_stmt_open(tx, "SELECT role, scope FROM role_assignments WHERE holder = ? ORDER BY role, scope",
                        STATE_ARGS(STATE_S(who->id)), &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct access_role *role = access_role_find(state_stmt_str(st, 0));
        if (role)
            *vec_push_in(arena, &held) = (struct access_held) { role, state_stmt_str_in(st, 1, arena) };
    }
    who->held = held.p;
    who->n_held = held.n;
    return RC_OK;
}

enum rc access_load_user(struct state_tx *tx, str id, struct arena *arena, struct access_who *out,
                         struct err *err)
{
    AUTO(state_stmt) st = NULL;
    enum rc rc = state_stmt_one(tx, "SELECT id, name, must_change, enabled FROM users WHERE id = ?",
                                STATE_ARGS(STATE_S(id)), &st, err);

    if (rc == RC_NOT_FOUND || (rc == RC_OK && !state_stmt_i64(st, 3)))
        return err_set(err, RC_UNAUTHENTICATED, "the user is gone or disabled");
    TRY(rc);
    struct access_who who = { .kind = ACCESS_USER,
                              .id = state_stmt_str_in(st, 0, arena),
                              .name = state_stmt_str_in(st, 1, arena),
                              .must_change_password = state_stmt_i64(st, 2) != 0 };
    TRY(load_held(tx, arena, &who, err));
    *out = who;
    return RC_OK;
}

enum rc access_load_principal(struct state_tx *tx, str id, struct arena *arena, struct access_who *out,
                              struct err *err)
{
    AUTO(state_stmt) st = NULL;
    enum rc rc = state_stmt_one(tx, "SELECT id, name, client_id FROM principals WHERE id = ?",
                                STATE_ARGS(STATE_S(id)), &st, err);

    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_UNAUTHENTICATED, "the service principal is gone");
    TRY(rc);
    struct access_who who = { .kind = ACCESS_PRINCIPAL,
                              .id = state_stmt_str_in(st, 0, arena),
                              .name = state_stmt_str_in(st, 1, arena),
                              .app_id = state_stmt_str_in(st, 2, arena) };
    TRY(load_held(tx, arena, &who, err));
    *out = who;
    return RC_OK;
}

enum rc access_assign(struct access *a, struct state_tx *tx, const struct access_assignment *new,
                      struct err *err)
{
    char text[GUID_TEXT_SIZE];
    return state_stmt_run(
        tx, "INSERT INTO role_assignments (id, holder, role, scope, created) VALUES (?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(guid_text(env_guid(a->env), text)), STATE_S(new->holder), STATE_S(new->role->id),
                   STATE_S(new->scope.n ? new->scope : EVERYWHERE), STATE_I(env_now(a->env))),
        err);
}

enum rc access_assignments(struct access *a, struct arena *arena, struct access_assignment **out, size_t *n,
                           struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct access_assignment) list = { 0 };
    bool row = true;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT r.id, r.holder, r.role, r.scope, r.created, u.id IS NOT NULL FROM role_assignments r"
        " LEFT JOIN users u ON u.id = r.holder ORDER BY r.created, r.id",
        STATE_NO_ARGS, &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct access_role *role = access_role_find(state_stmt_str(st, 2));
        if (!role)
            continue;
        *vec_push_in(arena, &list) = (struct access_assignment) {
            .id = state_stmt_str_in(st, 0, arena),
            .holder = state_stmt_str_in(st, 1, arena),
            .role = role,
            .scope = state_stmt_str_in(st, 3, arena),
            .created = state_stmt_i64(st, 4),
            .kind = state_stmt_i64(st, 5) ? ACCESS_USER : ACCESS_PRINCIPAL,
        };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}
