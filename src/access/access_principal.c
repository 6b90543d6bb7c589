/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_principal.h"

#include "access/access_certificate.h"
#include "access/access_priv.h"

/* The last use is written at most so often: a write costs an fsync. */
#define USE_NOTED_EVERY MINUTES(5)

/* What it will prove itself with: the digest of a secret, empty when there is none, or a certificate. */
struct credential {
    struct hash_sha256               digest;
    const struct access_certificate *certificate;
};

static enum rc insert(struct access *a, const struct access_principal *p, const struct credential *with,
                      struct err *err)
{
    AUTO(state_tx) tx = NULL;
    const struct access_role *role = access_role_find(p->role);
    const struct state_arg    secret = with->certificate ? STATE_B(S("")) : ACCESS_DIGEST(with->digest);

    TRY(state_tx_write(a->state, &tx, err));
    enum rc rc = state_stmt_run(
        tx, "INSERT INTO principals (id, client_id, name, secret, created) VALUES (?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(p->id), STATE_S(p->client_id), STATE_S(p->name), secret, STATE_I(p->created)),
        err);
    if (rc == RC_CONFLICT)
        return err_set(err, RC_CONFLICT, "there is a service principal '" STR_FMT "' already",
                       STR_ARG(p->name));
    TRY(rc);
    TRY(access_assign(a, tx, &(struct access_assignment) { .holder = p->id, .role = role, .scope = p->scope },
                      err));
    if (with->certificate)
        TRY(access_certificate_put(a, tx, p->id, with->certificate, err));
    return state_tx_commit(tx, err);
}

enum rc access_principal_create(struct access *a, const struct access_principal_new *in, struct arena *arena,
                                struct access_principal_made *out, struct err *err)
{
    char                      text[GUID_TEXT_SIZE];
    const struct access_role *role = access_role_find(in->role);

    if (in->name.n < 1 || in->name.n > 120)
        return err_set(err, RC_INVALID, "a service principal's name has 1 to 120 bytes, not %zu", in->name.n);
    if (!role)
        return err_set(err, RC_NOT_FOUND, "there is no role '" STR_FMT "'", STR_ARG(in->role));
    if (in->scope.n && in->scope.p[0] != '/')
        return err_set(err, RC_INVALID, "a scope begins with /");
    const struct access_principal made = { .id = arena_str(arena, guid_text(env_guid(a->env), text)),
                                           .client_id = arena_str(arena, guid_text(env_guid(a->env), text)),
                                           .name = arena_str(arena, in->name),
                                           .role = role->name,
                                           .scope = in->scope.n ? arena_str(arena, in->scope) : S("/"),
                                           .created = env_now(a->env) };
    struct access_certificate     certificate = { 0 };
    if (in->certificate.n)
        TRY(access_certificate_read(in->certificate, made.created, arena, &certificate, err));
    str                     secret = in->certificate.n ? S("") : access_secret_make(arena);
    const struct credential with = { access_secret_digest(secret), in->certificate.n ? &certificate : NULL };
    TRY(insert(a, &made, &with, err));
    *out = (struct access_principal_made) { made, secret, certificate.thumbprint };
    return RC_OK;
}

enum rc access_principal_list(struct access *a, struct arena *arena, struct access_principal **out, size_t *n,
                              struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct access_principal) list = { 0 };
    bool row = true;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT p.id, p.client_id, p.name, p.created, p.last_used, coalesce(min(r.role), ''),"
                        " coalesce(min(r.scope), '/') FROM principals p"
                        " LEFT JOIN role_assignments r ON r.holder = p.id GROUP BY p.id ORDER BY p.name",
                        STATE_NO_ARGS, &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        const struct access_role *role = access_role_find(state_stmt_str(st, 5));
        *vec_push_in(arena, &list) = (struct access_principal) { .id = state_stmt_str_in(st, 0, arena),
                                                                 .client_id = state_stmt_str_in(st, 1, arena),
                                                                 .name = state_stmt_str_in(st, 2, arena),
                                                                 .created = state_stmt_i64(st, 3),
                                                                 .last_used = state_stmt_i64(st, 4),
                                                                 .role = role ? role->name : S(""),
                                                                 .scope = state_stmt_str_in(st, 6, arena) };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc access_principal_id(struct state_tx *tx, str text, struct arena *arena, str *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    enum rc rc = state_stmt_one(
        tx, "SELECT id FROM principals WHERE name = ?1 OR id = lower(?1) OR client_id = lower(?1)",
        STATE_ARGS(STATE_S(text)), &st, err);

    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_NOT_FOUND, "there is no service principal '" STR_FMT "'", STR_ARG(text));
    TRY(rc);
    *out = state_stmt_str_in(st, 0, arena);
    return RC_OK;
}

enum rc access_principal_delete(struct access *a, str name_or_id, struct err *err)
{
    AUTO(arena) arena = arena_new(64 * 1024);
    AUTO(state_tx) tx = NULL;
    str id;

    TRY(state_tx_write(a->state, &tx, err));
    TRY(access_principal_id(tx, name_or_id, arena, &id, err));
    TRY(state_stmt_run(tx, "DELETE FROM role_assignments WHERE holder = ?", STATE_ARGS(STATE_S(id)), err));
    TRY(state_stmt_run(tx, "DELETE FROM principals WHERE id = ?", STATE_ARGS(STATE_S(id)), err));
    return state_tx_commit(tx, err);
}

/* The audit keeps the reason; the client is told no more than Azure tells. */
static enum rc refused(struct access *a, const struct access_principal_proof *p, const struct err *why,
                       struct err *err)
{
    const struct access_audit_row row = { .who_name = p->client_id,
                                          .peer = p->peer,
                                          .operation = S("Sign in"),
                                          .resource = p->client_id,
                                          .status = S("Failure"),
                                          .description = str_of(why->text) };
    TRY(access_audit(a, &row, err));
    if (p->assertion.n)
        return err_set(err, RC_UNAUTHENTICATED, "%s", why->text);
    return err_set(err, RC_UNAUTHENTICATED, "AADSTS7000215: Invalid client secret provided.");
}

static enum rc note_use(struct access *a, const struct access_who *who,
                        const struct access_principal_proof *p, ts last_used, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    ts now = env_now(a->env);

    if (now - last_used < USE_NOTED_EVERY)
        return RC_OK;
    const struct access_audit_row row = { .who_id = who->id,
                                          .who_name = who->name,
                                          .peer = p->peer,
                                          .operation = S("Sign in"),
                                          .resource = p->client_id,
                                          .status = S("Success") };
    TRY(state_tx_write(a->state, &tx, err));
    TRY(state_stmt_run(tx, "UPDATE principals SET last_used = ? WHERE id = ?",
                       STATE_ARGS(STATE_I(now), STATE_S(who->id)), err));
    TRY(access_audit_put(a, tx, &row, err));
    TRY(state_tx_commit(tx, err));
    access_audit_tell(a, &row);
    return RC_OK;
}

static enum rc prove(struct access *a, struct state_tx *tx, const struct access_principal_proof *p,
                     struct state_stmt *st, struct err *err)
{
    struct hash_sha256 given = access_secret_digest(p->secret);
    str                kept = state_stmt_str(st, 1);

    if (p->assertion.n)
        return access_certificate_prove(
            a, tx, &(struct access_certificate_claim) { state_stmt_str(st, 0), p->client_id, p->assertion },
            err);
    if (kept.n != sizeof given.bytes || !hash_equal(kept.p, given.bytes, kept.n))
        return err_set(err, RC_UNAUTHENTICATED, "wrong secret");
    return RC_OK;
}

/* One look: is it known, is the proof right, who is it. */
static enum rc look(struct access *a, const struct access_principal_proof *p, struct arena *arena,
                    struct access_who *who, ts *last_used, struct err *err) /* long list: inner step */
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    TRY(state_tx_read(a->state, &tx, err));
    enum rc rc = state_stmt_one(tx, "SELECT id, secret, last_used FROM principals WHERE client_id = lower(?)",
                                STATE_ARGS(STATE_S(p->client_id)), &st, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_UNAUTHENTICATED, "AADSTS700016: The application is unknown in this tenant.");
    TRY(rc);
    TRY(prove(a, tx, p, st, err));
    *last_used = state_stmt_i64(st, 2);
    return access_load_principal(tx, state_stmt_str(st, 0), arena, who, err);
}

enum rc access_principal_signin(struct access *a, const struct access_principal_proof *proof,
                                struct arena *arena, struct access_who *out, struct err *err)
{
    struct access_who who;
    struct err        why = { 0 };
    ts                last_used = 0, now = env_now(a->env);
    ts                until = access_throttle_enter(a->throttle, proof->client_id, proof->peer, now);

    if (until)
        return err_set(err, RC_BUSY, "Too many wrong sign-ins: try again in %d s.",
                       (int)((until - now + TS_PER_SECOND - 1) / TS_PER_SECOND));
    enum rc rc = look(a, proof, arena, &who, &last_used, &why);
    if (rc == RC_UNAUTHENTICATED)
        return refused(a, proof, &why, err);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.text);
    access_throttle_clear(a->throttle, proof->client_id, proof->peer);
    TRY(note_use(a, &who, proof, last_used, err));
    *out = who;
    return RC_OK;
}

enum rc access_principal_find(struct access *a, str id, struct arena *arena, struct access_who *out,
                              struct err *err)
{
    AUTO(state_tx) tx = NULL;
    TRY(state_tx_read(a->state, &tx, err));
    return access_load_principal(tx, id, arena, out, err);
}
