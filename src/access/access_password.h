/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_password: passwords as argon2id, and passwords made up.
 *
 * 19 MiB and two passes a hash; at most ACCESS_PASSWORD_AT_ONCE run at a time in the process, others wait, so
 * that sign-in costs bounded memory. Threads: safe. */
#ifndef ACCESS_ACCESS_PASSWORD_H
#define ACCESS_ACCESS_PASSWORD_H

#include "base/arena.h"
#include "base/err.h"

enum { ACCESS_PASSWORD_AT_ONCE = 2 };

/* `cheap` is for tests. */
must_check enum rc access_password_hash(str password, bool cheap, struct arena *arena, str *out,
                                        struct err *err);
/* The cost is in the hash. An empty hash is never right and takes as long as a real one. */
bool access_password_is(str password, str hash);
/* 80 random bits in four groups of letters and digits that are not mistaken for each other. */
str access_password_make(struct arena *arena);
/* RC_INVALID says what is wrong with a new password. */
must_check enum rc access_password_judge(str password, str user, struct err *err);

#endif
