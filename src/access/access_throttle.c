/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_throttle.h"

#include <pthread.h>

#include "base/hash.h"
#include "base/mem.h"

enum { WAYS = 8, SETS = 1024 };

struct slot {
    uint64_t tag;
    ts       last, locked_until;
    unsigned guesses;
};

struct access_throttle {
    struct access_throttle_opts opts;
    struct hash_key             secret;
    pthread_mutex_t             lock;
    struct slot                 slots[SETS * WAYS];
};

struct access_throttle *access_throttle_new(const struct access_throttle_opts *opts)
{
    struct access_throttle *t = MEM_NEW(struct access_throttle);
    t->opts = *opts;
    t->secret = hash_key_random();
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

struct access_throttle *access_throttle_free(struct access_throttle *t)
{
    if (t)
        pthread_mutex_destroy(&t->lock);
    return mem_free(t);
}

/* The address without its port: "127.0.0.1:5000", "[::1]:5000". */
static str address_of(str peer)
{
    size_t colon = str_rfind_byte(peer, ':');
    return colon == STR_NPOS ? peer : str_slice(peer, 0, colon);
}

static uint64_t tag_of(const struct access_throttle *t, str user, str peer)
{
    char   text[512];
    size_t n = 0;
    user = str_slice(user, 0, 200);
    peer = str_slice(address_of(peer), 0, 200);
    for (size_t i = 0; i < user.n; i++) /* names are the same in any case */
        text[n++] = (char)(user.p[i] >= 'A' && user.p[i] <= 'Z' ? user.p[i] + 32 : user.p[i]);
    text[n++] = '\0';
    for (size_t i = 0; i < peer.n; i++)
        text[n++] = peer.p[i];
    return hash_keyed(t->secret, str_make(text, n));
}

static struct slot *slot_of(struct access_throttle *t, uint64_t tag, ts now)
{
    struct slot *set = &t->slots[tag % SETS * WAYS];
    struct slot *oldest = set;

    for (struct slot *s = set; s < set + WAYS; s++) {
        if (s->tag == tag && s->guesses && now - s->last < t->opts.memory)
            return s;
        if (s->last < oldest->last)
            oldest = s;
    }
    *oldest = (struct slot) { .tag = tag, .last = now };
    return oldest;
}

static void count(const struct access_throttle *t, struct slot *s, unsigned free_guesses, ts now)
{
    s->guesses++;
    s->last = now;
    if (s->guesses < free_guesses)
        return;
    unsigned doublings = s->guesses - free_guesses;
    duration wait = doublings < 20 ? t->opts.first_wait << doublings : t->opts.longest_wait;
    if (wait > t->opts.longest_wait)
        wait = t->opts.longest_wait;
    s->locked_until = now + wait;
}

ts access_throttle_enter(struct access_throttle *t, str user, str peer, ts now)
{
    ts locked = 0;

    pthread_mutex_lock(&t->lock);
    struct slot *pair = slot_of(t, tag_of(t, user, peer), now);
    struct slot *all = slot_of(t, tag_of(t, user, S("*:")), now);
    if (pair->locked_until > now)
        locked = pair->locked_until;
    if (all->locked_until > now && all->locked_until > locked)
        locked = all->locked_until;
    if (!locked) {
        count(t, pair, t->opts.free_pair, now);
        count(t, all, t->opts.free_user, now);
    }
    pthread_mutex_unlock(&t->lock);
    return locked;
}

static void forget(struct access_throttle *t, uint64_t tag)
{
    struct slot *set = &t->slots[tag % SETS * WAYS];
    for (struct slot *s = set; s < set + WAYS; s++)
        if (s->tag == tag)
            *s = (struct slot) { 0 };
}

void access_throttle_clear(struct access_throttle *t, str user, str peer)
{
    pthread_mutex_lock(&t->lock);
    forget(t, tag_of(t, user, peer));
    forget(t, tag_of(t, user, S("*:")));
    pthread_mutex_unlock(&t->lock);
}
