/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_principal: service principals, the identities of programs.
 *
 * The secret is 256 random bits, shown once and kept as its SHA-256. Threads: safe. */
#ifndef ACCESS_ACCESS_PRINCIPAL_H
#define ACCESS_ACCESS_PRINCIPAL_H

#include "access/access.h"

struct access_principal {
    str id;        /* object id */
    str client_id; /* application id */
    str name, role, scope;
    ts  created, last_used;
};

struct access_principal_new {
    str name, role, scope; /* an empty scope means "/" */
};

struct access_principal_made {
    struct access_principal principal;
    str                     secret;
};

/* RC_CONFLICT: the name is taken; RC_NOT_FOUND: no such role. */
must_check enum rc access_principal_create(struct access *a, const struct access_principal_new *in,
                                           struct arena *arena, struct access_principal_made *out,
                                           struct err *err);
must_check enum rc access_principal_list(struct access *a, struct arena *arena, struct access_principal **out,
                                         size_t *n, struct err *err);
must_check enum rc access_principal_delete(struct access *a, str name_or_id, struct err *err);
struct access_principal_proof {
    str client_id, secret, peer;
};

/* RC_UNAUTHENTICATED: unknown client, or another secret. */
must_check enum rc access_principal_signin(struct access *a, const struct access_principal_proof *proof,
                                           struct arena *arena, struct access_who *out, struct err *err);
must_check enum rc access_principal_find(struct access *a, str id, struct arena *arena,
                                         struct access_who *out, struct err *err);

#endif
