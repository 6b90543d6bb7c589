/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_priv: what the units of this folder share. */
#ifndef ACCESS_ACCESS_PRIV_H
#define ACCESS_ACCESS_PRIV_H

#include <pthread.h>

#include "access/access.h"
#include "access/access_key.h"
#include "access/access_throttle.h"
#include "base/hash.h"
#include "base/vec.h"
#include "state/state_stmt.h"

struct access {
    struct arena            *arena; /* of the texts below */
    struct state            *state;
    const struct env        *env;
    str                      tenant_id, issuer;
    bool                     cheap_passwords;
    struct access_audit_sink sink;
    struct access_key       *key;
    struct access_throttle  *throttle;
    pthread_mutex_t          lock; /* of what follows */
    char                     first_password[64];
};

/* A secret to hand out: 256 random bits as base64url, and the digest to keep. */
enum { ACCESS_SECRET_TEXT = 43 };
str                access_secret_make(struct arena *a);
struct hash_sha256 access_secret_digest(str secret);
#define ACCESS_DIGEST(d) STATE_B(str_make((const char *)(d).bytes, sizeof(d).bytes))

/* Reads who a user or principal is and holds. RC_UNAUTHENTICATED when there is none, or a user is disabled.
 */
must_check enum rc access_load_user(struct state_tx *tx, str id, struct arena *arena, struct access_who *out,
                                    struct err *err);
must_check enum rc access_load_principal(struct state_tx *tx, str id, struct arena *arena,
                                         struct access_who *out, struct err *err);
must_check enum rc access_assign(struct access *a, struct state_tx *tx, const struct access_assignment *new,
                                 struct err *err);
/* Adds an audit row in the caller's transaction; access_audit_tell tells the sink after the commit. */
must_check enum rc access_audit_put(struct access *a, struct state_tx *tx, const struct access_audit_row *row,
                                    struct err *err);
void               access_audit_tell(struct access *a, const struct access_audit_row *row);

/* The object id of the principal that `text` names by name, object id or client id. RC_NOT_FOUND. */
must_check enum rc access_principal_id(struct state_tx *tx, str text, struct arena *arena, str *out,
                                       struct err *err);

/* "https://HOST[:PORT]" with a host that our certificate names; behind a forwarded port the number differs.
 */
bool access_token_own_origin(const struct access *a, str origin);

struct access_certificate_claim {
    str principal_id, client_id, assertion;
};
/* RC_UNAUTHENTICATED says why the assertion proves nothing. */
must_check enum rc access_certificate_prove(struct access *a, struct state_tx *tx,
                                            const struct access_certificate_claim *claim, struct err *err);
struct access_certificate;
must_check enum rc access_certificate_put(struct access *a, struct state_tx *tx, str principal_id,
                                          const struct access_certificate *c, struct err *err);

#endif
