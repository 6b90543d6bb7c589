/* SPDX-License-Identifier: Apache-2.0 */
/* base/regex: PCRE2 with limits on matching, so that a hostile pattern costs a bounded time.
 *
 * Threads: a compiled regex is shared; matching needs no lock. */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"

struct regex;

enum regex_flags { REGEX_ICASE = 1, REGEX_DOTALL = 2, REGEX_MULTILINE = 4, REGEX_UTF = 8 };
enum { REGEX_MAX_GROUPS = 64 };

must_check enum rc regex_new(str pattern, unsigned flags, struct regex **out, struct err *err);
struct regex      *regex_free(struct regex *r);
DEFINE_AUTO(regex, regex_free)

/* Looks for the pattern from offset `from` on. groups[0] is the whole match; a group that took no part has a
 * NULL p. `n` is room in groups and comes back as the number of groups of the pattern, plus one.
 * RC_NOT_FOUND: no match. RC_LIMIT: the match limit was reached. */
must_check enum rc regex_match(const struct regex *r, str subject, size_t from, str *groups, size_t *n);
bool               regex_test(const struct regex *r, str subject);
/* Group number by name, or -1. */
int    regex_group(const struct regex *r, str name);
size_t regex_group_count(const struct regex *r);

#endif
