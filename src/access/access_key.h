/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_key: the RSA key that signs tokens, kept in a file with mode 0600. Threads: safe. */
#ifndef ACCESS_ACCESS_KEY_H
#define ACCESS_ACCESS_KEY_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/strbuf.h"

enum { ACCESS_KEY_BITS = 2048 };

struct access_key;

/* Reads DIR/signing.pem, or makes it. */
must_check enum rc access_key_open(const char *dir, struct access_key **out, struct err *err);
struct access_key *access_key_free(struct access_key *k);
DEFINE_AUTO(access_key, access_key_free)

str access_key_id(const struct access_key *k); /* "kid" */
/* RS256 over `text`: the signature goes to `out` as base64url. */
must_check enum rc access_key_sign(const struct access_key *k, str text, struct strbuf *out, struct err *err);
bool               access_key_verify(const struct access_key *k, str text, str signature);
/* One member of a JSON Web Key Set. */
void access_key_jwk(const struct access_key *k, struct strbuf *out);

#endif
