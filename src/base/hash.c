/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sys/random.h>

void hash_random(void *out, size_t n)
{
    unsigned char *p = out;
    while (n) {
        ssize_t got = getrandom(p, n < 256 ? n : 256, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* a kernel without getrandom cannot keep our promises */
        p += got;
        n -= (size_t)got;
    }
}

struct hash_key hash_key_random(void)
{
    struct hash_key k;
    hash_random(&k, sizeof k);
    return k;
}

static struct hash_key process_key;

static void make_process_key(void)
{
    process_key = hash_key_random();
}

struct hash_key hash_key_process(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_process_key);
    return process_key;
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t m)
{
    s->v3 ^= m;
    sip_round(s);
    s->v0 ^= m;
}

/* SipHash-1-3 (Aumasson and Bernstein): one round a word, three at the end. */
uint64_t hash_keyed(struct hash_key key, str text)
{
    struct sip s = { .v0 = key.k0 ^ 0x736f6d6570736575,
                     .v1 = key.k1 ^ 0x646f72616e646f6d,
                     .v2 = key.k0 ^ 0x6c7967656e657261,
                     .v3 = key.k1 ^ 0x7465646279746573 };
    size_t     whole = text.n / 8 * 8;
    uint64_t   m;

    for (size_t i = 0; i < whole; i += 8) {
        memcpy(&m, text.p + i, 8);
        sip_word(&s, m);
    }
    m = (uint64_t)text.n << 56;
    for (size_t i = whole; i < text.n; i++)
        m |= (uint64_t)(unsigned char)text.p[i] << (8 * (i - whole));
    sip_word(&s, m);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_fnv(str s)
{
    uint64_t h = 0xcbf29ce484222325;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
    return h;
}

struct hash_sha256 hash_sha256(str s)
{
    struct hash_sha256 out;
    unsigned           n = sizeof out.bytes;
    if (EVP_Digest(s.p ? s.p : "", s.n, out.bytes, &n, EVP_sha256(), NULL) != 1)
        abort(); /* SHA-256 is always there */
    return out;
}

size_t hash_digest(const char *name, str s, uint8_t out[HASH_DIGEST_MAX])
{
    const EVP_MD *md = EVP_get_digestbyname(name);
    unsigned      n = 0;

    return md && EVP_Digest(s.p ? s.p : "", s.n, out, &n, md, NULL) == 1 ? n : 0;
}

void hash_hex(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

bool hash_equal(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}
