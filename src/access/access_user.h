/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_user: local users and their passwords.
 *
 * Passwords are kept as argon2id. Guessing is slowed by user and peer: after ACCESS_USER_FREE_GUESSES wrong
 * ones the pair waits, twice as long each time, at most ACCESS_USER_LONGEST_WAIT. An unknown name costs what
 * a known one costs. At most two passwords are hashed at a time: more wait, so that sign-in cannot exhaust
 * memory. Threads: safe. */
#ifndef ACCESS_ACCESS_USER_H
#define ACCESS_ACCESS_USER_H

#include "access/access.h"

enum { ACCESS_USER_FREE_GUESSES = 5, ACCESS_USER_MIN_PASSWORD = 12, ACCESS_USER_MAX_PASSWORD = 1024 };
#define ACCESS_USER_LONGEST_WAIT MINUTES(15)

struct access_user {
    str  id, name, display_name, role, email;
    ts   created, last_signin;
    bool enabled, must_change_password;
};

struct access_user_guess {
    str name, password, peer;
    str new_password; /* of access_user_change_password */
};

struct access_user_proof {
    struct access_who who;
    ts                retry_at; /* with RC_BUSY: locked until then */
};

/* RC_UNAUTHENTICATED: the name or the password is wrong (it is not said which). RC_BUSY: locked. */
must_check enum rc access_user_signin(struct access *a, const struct access_user_guess *guess,
                                      struct arena *arena, struct access_user_proof *out, struct err *err);
/* Proves the old password as access_user_signin does, then sets the new one and ends the user's other
 * sessions. */
must_check enum rc access_user_change_password(struct access *a, const struct access_user_guess *guess,
                                               struct arena *arena, struct access_user_proof *out,
                                               struct err *err);

struct access_user_new {
    str name, display_name, email, role, password; /* an empty password: one is made up and answered */
};

struct access_user_made {
    struct access_user user;
    str                password; /* must be changed at the first sign-in */
};

/* RC_CONFLICT: the name is taken; RC_NOT_FOUND: no such role. */
must_check enum rc access_user_create(struct access *a, const struct access_user_new *in, struct arena *arena,
                                      struct access_user_made *out, struct err *err);
must_check enum rc access_user_list(struct access *a, struct arena *arena, struct access_user **out,
                                    size_t *n, struct err *err);
/* Makes up a password for a user who lost theirs. */
must_check enum rc access_user_reset(struct access *a, str name, struct arena *arena, str *password,
                                     struct err *err);
/* RC_CONFLICT for the last enabled Owner. Ends the user's sessions and tokens. */
must_check enum rc access_user_delete(struct access *a, str name_or_id, struct err *err);
must_check enum rc access_user_find(struct access *a, str id, struct arena *arena, struct access_who *out,
                                    struct err *err);

#endif
