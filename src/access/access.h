/* SPDX-License-Identifier: Apache-2.0 */
/* access/access: who someone is and what they may do.
 *
 * Users sign in with a password and get a session; service principals get RS256 tokens. Both hold roles at
 * scopes, and every act is checked against them with access_check: what no role allows is refused.
 * Security-relevant acts are written to the audit table in state and handed to the audit sink.
 *
 * Threads: all calls are safe from any thread. Texts of results live in the arena given. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/access_audit.h"
#include "access/access_role.h"
#include "base/arena.h"
#include "base/auto.h"
#include "base/env.h"
#include "state/state.h"

struct access;

enum access_kind { ACCESS_NOBODY, ACCESS_USER, ACCESS_PRINCIPAL, ACCESS_SYSTEM };

/* One role held at one scope: "/" or an ARM id. */
struct access_held {
    const struct access_role *role;
    str                       scope;
};

/* Somebody whose identity is proved. Plain data in the caller's arena. */
struct access_who {
    enum access_kind          kind;
    str                       id;     /* object id, a guid */
    str                       name;   /* sign-in name, or the principal's display name */
    str                       app_id; /* client id of a principal or of the program a user signed in with */
    const struct access_held *held;
    size_t                    n_held;
    bool                      must_change_password; /* may do nothing but change it */
};

struct access_opts {
    struct state     *state;     /* borrowed */
    const struct env *env;       /* borrowed */
    const char       *key_dir;   /* DIR/tls: the signing key is made and kept there */
    str               tenant_id; /* of every token */
    str               issuer;    /* origin, "https://localhost:8443"; audiences are it and those of sdk.md */
    str               first_password;         /* of admin on the first start; empty: one is made up */
    struct access_audit_sink audit;           /* may be empty */
    bool                     cheap_passwords; /* tests only: argon2 with its least cost */
};

must_check enum rc access_new(const struct access_opts *opts, struct access **out, struct err *err);
struct access     *access_free(struct access *a);
DEFINE_AUTO(access, access_free)

/* The password made up for admin by the access_new that made the user, once; empty otherwise. It must be
 * changed at the first sign-in. */
str access_take_first_password(struct access *a, struct arena *arena);

/* May `who` do `action` ("Microsoft.SecurityInsights/incidents/write") at `scope` (an ARM id or "/")?
 * RC_UNAUTHENTICATED for nobody, RC_FORBIDDEN with Azure's sentence otherwise. */
must_check enum rc access_check(const struct access *a, const struct access_who *who, str action, str scope,
                                struct err *err);

/* Is there anything at or below `scope` that `who` may see? For lists that show what one has. */
bool access_sees(const struct access_who *who, str scope);

/* A role held by somebody at a scope. */
struct access_assignment {
    str                       id, holder; /* guids */
    const struct access_role *role;
    str                       scope; /* empty in a new one: "/" */
    ts                        created;
    enum access_kind          kind; /* of the holder */
};
must_check enum rc access_assignments(struct access *a, struct arena *arena, struct access_assignment **out,
                                      size_t *n, struct err *err);

/* The program itself, which may do everything: for work that nobody asked for. */
const struct access_who *access_system(void);

#endif
