/* SPDX-License-Identifier: Apache-2.0 */
/* base/hash: keyed hash for tables, digests for names and proofs, random bytes of the system. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash_key {
    uint64_t k0, k1;
};

struct hash_key hash_key_random(void);
struct hash_key hash_key_process(void);                 /* made once a process */
uint64_t        hash_keyed(struct hash_key key, str s); /* SipHash-1-3 */
uint64_t        hash_fnv(str s); /* stable over runs and machines; not against attackers */

struct hash_sha256 {
    uint8_t bytes[32];
};

struct hash_sha256 hash_sha256(str s);
enum { HASH_DIGEST_MAX = 64 };
/* By name, as "md5" and "sha1", which protect nothing any more; returns how many bytes, 0 for no such name.
 */
size_t hash_digest(const char *name, str s, uint8_t out[HASH_DIGEST_MAX]);
void   hash_hex(const uint8_t *bytes, size_t n, char *out); /* 2n digits and a NUL */
bool   hash_equal(const void *a, const void *b, size_t n);  /* in constant time */
void   hash_random(void *out, size_t n);                    /* from the kernel; aborts without */

#endif
