/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_password.h"

#include <argon2.h>
#include <pthread.h>

#include "access/access_user.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { SALT = 16, DIGEST = 32, ENCODED_MAX = 160, MEMORY_KIB = 19456, PASSES = 2, CHEAP_KIB = 64 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t  back;
    int             running;
} turn = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

static void turn_take(void)
{
    pthread_mutex_lock(&turn.lock);
    while (turn.running >= ACCESS_PASSWORD_AT_ONCE)
        pthread_cond_wait(&turn.back, &turn.lock);
    turn.running++;
    pthread_mutex_unlock(&turn.lock);
}

static void turn_give(void)
{
    pthread_mutex_lock(&turn.lock);
    turn.running--;
    pthread_cond_signal(&turn.back);
    pthread_mutex_unlock(&turn.lock);
}

enum rc access_password_hash(str password, bool cheap, struct arena *arena, str *out, struct err *err)
{
    uint8_t salt[SALT];
    char    encoded[ENCODED_MAX];

    hash_random(salt, sizeof salt);
    turn_take();
    int rc = argon2id_hash_encoded(cheap ? 1 : PASSES, cheap ? CHEAP_KIB : MEMORY_KIB, 1, password.p,
                                   password.n, salt, sizeof salt, DIGEST, encoded, sizeof encoded);
    turn_give();
    if (rc != ARGON2_OK)
        return err_set(err, RC_INTERNAL, "argon2: %s", argon2_error_message(rc));
    *out = arena_str(arena, str_of(encoded));
    return RC_OK;
}

bool access_password_is(str password, str hash)
{
    /* Of no password; made with the usual cost, so that an unknown user takes as long as a known one. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char              encoded[ENCODED_MAX];

    if (!hash.n || !str_to_cstr(hash, encoded, sizeof encoded)) {
        memcpy(encoded, nobody, sizeof nobody);
        hash = STR_NONE;
    }
    turn_take();
    int rc = argon2id_verify(encoded, password.p, password.n);
    turn_give();
    return rc == ARGON2_OK && hash.n;
}

str access_password_make(struct arena *arena)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* 32, so that 5 bits pick one */
    uint8_t           bytes[16];
    char              text[20];
    size_t            n = 0;

    hash_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i && i % 4 == 0)
            text[n++] = '-';
        text[n++] = letters[bytes[i] & 31];
    }
    str made = arena_str(arena, str_make(text, n));
    mem_wipe(text, sizeof text);
    return made;
}

enum rc access_password_judge(str password, str user, struct err *err)
{
    if (!utf8_valid(password))
        return err_set(err, RC_INVALID, "a password is UTF-8 text");
    if (utf8_count(password) < ACCESS_USER_MIN_PASSWORD)
        return err_set(err, RC_INVALID, "a password has at least %d characters, not %zu",
                       ACCESS_USER_MIN_PASSWORD, utf8_count(password));
    if (password.n > ACCESS_USER_MAX_PASSWORD)
        return err_set(err, RC_INVALID, "a password has at most %d bytes, not %zu", ACCESS_USER_MAX_PASSWORD,
                       password.n);
    if (user.n >= 3 && str_contains_ci(password, user) && password.n < user.n + ACCESS_USER_MIN_PASSWORD)
        return err_set(err, RC_INVALID, "the password is little more than the user's name");
    return RC_OK;
}
