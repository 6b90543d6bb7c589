/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_token: access tokens as JWT, signed with RS256 by the key in DIR/tls/signing.pem.
 *
 * A token carries tenant, object id, application id, audience and the names of its roles; what it may do is
 * read from state at each use, so a role taken away is gone at once. Threads: safe. */
#ifndef ACCESS_ACCESS_TOKEN_H
#define ACCESS_ACCESS_TOKEN_H

#include "access/access.h"
#include "base/strbuf.h"

enum { ACCESS_TOKEN_SECONDS = 3600, ACCESS_TOKEN_MAX_BYTES = 16384 };

/* The audience that a scope or resource asks for ("https://host//.default", "https://monitor.azure.com/"),
 * without closing slash. RC_INVALID when we do not serve it. `issuer` is one; the others are those of the
 * public clouds. */
must_check enum rc access_token_audience(const struct access *a, str scope, struct arena *arena, str *out,
                                         struct err *err);
must_check enum rc access_token_issue(struct access *a, const struct access_who *who, str audience,
                                      struct strbuf *out, struct err *err);
/* RC_UNAUTHENTICATED says why: signature, time, audience, tenant, or an identity that is gone. */
must_check enum rc access_token_verify(struct access *a, str jwt, struct arena *arena, struct access_who *out,
                                       struct err *err);

struct access_token_id_ask {
    const struct access_who *who;
    str                      client_id, nonce; /* an empty nonce is left out */
};
/* An OpenID id_token for the program `client_id`. */
must_check enum rc access_token_id(struct access *a, const struct access_token_id_ask *ask,
                                   struct strbuf *out, struct err *err);
/* The public key as a JSON Web Key Set. */
void access_token_jwks(const struct access *a, struct strbuf *out);

#endif
