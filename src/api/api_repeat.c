/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_repeat.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/strbuf.h"

struct kept {
    struct hash_sha256 key;
    ts                 made;
    int                status;
    char              *type, *etag, *body;
    size_t             n_body;
};

struct api_repeat {
    pthread_mutex_t lock;
    size_t          next; /* the place that is taken next: the oldest */
    struct kept     kept[API_REPEAT_KEPT];
};

struct api_repeat *api_repeat_new(void)
{
    struct api_repeat *r = MEM_NEW(struct api_repeat);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

static void forget(struct kept *k)
{
    mem_free(k->type);
    mem_free(k->etag);
    mem_free(k->body);
    *k = (struct kept) { 0 };
}

struct api_repeat *api_repeat_free(struct api_repeat *r)
{
    if (!r)
        return NULL;
    for (size_t i = 0; i < API_REPEAT_KEPT; i++)
        forget(&r->kept[i]);
    pthread_mutex_destroy(&r->lock);
    return mem_free(r);
}

/* Lengths keep "a","bc" and "ab","c" apart. */
static struct hash_sha256 digest_of(const struct api_repeat_key *key)
{
    struct hash_sha256 body = hash_sha256(key->body);
    const str          parts[] = { key->who, key->method, key->path, key->request_id };
    AUTO_STRBUF        text = STRBUF_INIT(64 * 1024);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        strbuf_add_u64(&text, parts[i].n);
        strbuf_addc(&text, ':');
        strbuf_add(&text, parts[i]);
    }
    strbuf_add(&text, str_make((const char *)body.bytes, sizeof body.bytes));
    return hash_sha256(strbuf_view(&text));
}

bool api_repeat_find(struct api_repeat *r, const struct api_repeat_key *key, ts now, struct arena *a,
                     struct api_repeat_answer *out)
{
    struct hash_sha256 digest = digest_of(key);
    bool               found = false;

    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < API_REPEAT_KEPT && !found; i++) {
        const struct kept *k = &r->kept[i];
        if (!k->status || now - k->made > API_REPEAT_LIFE || memcmp(&k->key, &digest, sizeof digest) != 0)
            continue;
        *out = (struct api_repeat_answer) { .status = k->status,
                                            .type = arena_str(a, str_of(k->type)),
                                            .etag = arena_str(a, str_of(k->etag)),
                                            .body = arena_str(a, str_make(k->body, k->n_body)) };
        found = true;
    }
    pthread_mutex_unlock(&r->lock);
    return found;
}

void api_repeat_keep(struct api_repeat *r, const struct api_repeat_key *key, ts now,
                     const struct api_repeat_answer *answer)
{
    struct hash_sha256 digest = digest_of(key);

    if (answer->body.n > API_REPEAT_MAX_BODY)
        return;
    pthread_mutex_lock(&r->lock);
    struct kept *k = &r->kept[r->next];
    r->next = (r->next + 1) % API_REPEAT_KEPT;
    forget(k);
    *k = (struct kept) { .key = digest,
                         .made = now,
                         .status = answer->status,
                         .type = mem_strdup(answer->type),
                         .etag = mem_strdup(answer->etag),
                         .body = mem_strdup(answer->body),
                         .n_body = answer->body.n };
    pthread_mutex_unlock(&r->lock);
}
