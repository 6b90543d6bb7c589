/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_grant: what a program can trade for a user's token: refresh tokens, device codes,
 * authorization codes.
 *
 * Codes are random, kept as their SHA-256, used once. A refresh token used twice ends its whole family: one
 * of the two users stole it. Threads: safe. */
#ifndef ACCESS_ACCESS_GRANT_H
#define ACCESS_ACCESS_GRANT_H

#include "access/access.h"
#include "base/strbuf.h"

#define ACCESS_GRANT_REFRESH_LIFE DAYS(30)
#define ACCESS_GRANT_DEVICE_LIFE MINUTES(15)
#define ACCESS_GRANT_CODE_LIFE MINUTES(5)
enum { ACCESS_GRANT_DEVICE_INTERVAL = 5 }; /* seconds between two asks */

must_check enum rc access_grant_refresh_issue(struct access *a, const struct access_who *who, str client_id,
                                              struct strbuf *out, struct err *err);

struct access_grant_use {
    str code; /* the refresh token, device code or authorization code */
    str client_id;
    str redirect_uri, verifier; /* of authorization codes */
};

struct access_grant_given {
    struct access_who who;
    str               next;  /* the refresh token that replaces the used one */
    str               nonce; /* of the authorization request */
};

must_check enum rc access_grant_refresh_use(struct access *a, const struct access_grant_use *use,
                                            struct arena *arena, struct access_grant_given *out,
                                            struct err *err);

struct access_grant_device {
    str device_code, user_code; /* the user types "ABCD-EFGH" */
};
must_check enum rc access_grant_device_begin(struct access *a, str client_id, struct arena *arena,
                                             struct access_grant_device *out, struct err *err);
/* A signed-in user agrees or refuses. RC_NOT_FOUND: no such code, or too late. */
must_check enum rc access_grant_device_decide(struct access *a, str user_code, const struct access_who *who,
                                              bool agree, struct err *err);

enum access_grant_poll {
    ACCESS_GRANT_PENDING,
    ACCESS_GRANT_SLOW_DOWN,
    ACCESS_GRANT_DENIED,
    ACCESS_GRANT_EXPIRED,
    ACCESS_GRANT_GIVEN, /* then, and only then, *who is set */
};
struct access_grant_polled {
    enum access_grant_poll state;
    struct access_who      who;
};
must_check enum rc access_grant_device_poll(struct access *a, const struct access_grant_use *use,
                                            struct arena *arena, struct access_grant_polled *out,
                                            struct err *err);

struct access_grant_code {
    str client_id, redirect_uri, challenge, nonce; /* challenge: PKCE, S256 */
};
must_check enum rc access_grant_code_issue(struct access *a, const struct access_who *who,
                                           const struct access_grant_code *ask, struct strbuf *out,
                                           struct err *err);
/* RC_UNAUTHENTICATED when anything differs. */
must_check enum rc access_grant_code_use(struct access *a, const struct access_grant_use *use,
                                         struct arena *arena, struct access_grant_given *out,
                                         struct err *err);

#endif
