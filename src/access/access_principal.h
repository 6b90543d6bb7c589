/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_principal: service principals, the identities of programs.
 *
 * It proves itself with a secret (256 random bits, shown once and kept as its SHA-256) or with an assertion
 * that one of its certificates signed. Threads: safe. */
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
    str certificate;       /* PEM; with one no secret is made, and none ever works */
};

struct access_principal_made {
    struct access_principal principal;
    str                     secret;     /* empty with a certificate */
    str                     thumbprint; /* of the certificate, or empty */
};

/* RC_CONFLICT: the name is taken; RC_NOT_FOUND: no such role; RC_INVALID: name, scope or certificate. */
must_check enum rc access_principal_create(struct access *a, const struct access_principal_new *in,
                                           struct arena *arena, struct access_principal_made *out,
                                           struct err *err);
must_check enum rc access_principal_list(struct access *a, struct arena *arena, struct access_principal **out,
                                         size_t *n, struct err *err);
must_check enum rc access_principal_delete(struct access *a, str name_or_id, struct err *err);
struct access_principal_proof {
    str client_id, secret, peer;
    str assertion; /* when not empty it is the proof, and the secret is not looked at */
};

/* RC_UNAUTHENTICATED: unknown client, another secret, or an assertion that proves nothing. */
must_check enum rc access_principal_signin(struct access *a, const struct access_principal_proof *proof,
                                           struct arena *arena, struct access_who *out, struct err *err);
must_check enum rc access_principal_find(struct access *a, str id, struct arena *arena,
                                         struct access_who *out, struct err *err);

#endif
