/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_throttle: slows guessing down.
 *
 * Counts guesses by (user, address) and, more patiently, by user alone, so that many addresses together wait
 * too. A guess is counted before it is checked: guesses made at the same time get no free try. Memory is
 * fixed; when it runs short the pair that was quiet longest is forgotten. Threads: safe. */
#ifndef ACCESS_ACCESS_THROTTLE_H
#define ACCESS_ACCESS_THROTTLE_H

#include "base/auto.h"
#include "base/str.h"
#include "base/ts.h"

struct access_throttle;

struct access_throttle_opts {
    unsigned free_pair, free_user; /* guesses before the first wait */
    duration first_wait, longest_wait;
    duration memory; /* quiet for so long: forgotten */
};

struct access_throttle *access_throttle_new(const struct access_throttle_opts *opts);
struct access_throttle *access_throttle_free(struct access_throttle *t);
DEFINE_AUTO(access_throttle, access_throttle_free)

/* Counts a guess and returns 0; or, while locked, counts nothing and returns the moment from which on to
 * retry. */
ts access_throttle_enter(struct access_throttle *t, str user, str peer, ts now);
/* The guess was right. */
void access_throttle_clear(struct access_throttle *t, str user, str peer);

#endif
