/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_jwt: a JSON Web Token taken apart. Nothing in it is believed before its signature is checked.
 */
#ifndef ACCESS_ACCESS_JWT_H
#define ACCESS_ACCESS_JWT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

enum { ACCESS_JWT_MAX_BYTES = 16384 };

struct access_jwt {
    str                signed_text; /* header and claims as they were signed; a view of the token */
    str                signature;   /* raw bytes */
    const struct json *header, *claims;
};

/* RC_UNAUTHENTICATED when the text is no token of three parts with JSON objects in it. */
must_check enum rc access_jwt_read(str token, struct arena *arena, struct access_jwt *out, struct err *err);

#endif
