/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_session: browser sessions. The cookie's value is 256 random bits, kept as its SHA-256.
 *
 * A session ends after ACCESS_SESSION_IDLE without a request, after ACCESS_SESSION_LIFE in any case, at
 * sign-out and at a change of password. Threads: safe. */
#ifndef ACCESS_ACCESS_SESSION_H
#define ACCESS_ACCESS_SESSION_H

#include "access/access.h"

#define ACCESS_SESSION_IDLE HOURS(8)
#define ACCESS_SESSION_LIFE HOURS(24)

struct access_session {
    struct access_who who;
    str               cookie; /* the secret: only right after access_session_begin */
    str               csrf;   /* what writes with the cookie must carry in X-Vedette-Csrf */
};

must_check enum rc access_session_begin(struct access *a, const struct access_who *who, struct arena *arena,
                                        struct access_session *out, struct err *err);
/* RC_UNAUTHENTICATED when there is none or it has ended. */
must_check enum rc access_session_find(struct access *a, str cookie, struct arena *arena,
                                       struct access_session *out, struct err *err);
must_check enum rc access_session_end(struct access *a, str cookie, struct err *err);

#endif
