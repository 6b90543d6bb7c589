/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_diag: what is wrong with a query, each with its place. Many per query, at most KQL_DIAG_MAX.
 *
 * Ownership: texts live in the arena that the diagnostics were made with. Threads: one at a time. */
#ifndef KQL_KQL_DIAG_H
#define KQL_KQL_DIAG_H

#include "base/arena.h"
#include "base/near.h"
#include "base/vec.h"

enum kql_diag_code {
#define KQL_DIAG(name, code, about) KQL_DIAG_##name,
#include "kql/kql_diag.def"
#undef KQL_DIAG
    KQL_DIAG_COUNT_
};

enum { KQL_DIAG_MAX = 50 };

struct kql_span {
    uint32_t from, to; /* byte offsets in the query */
};

struct kql_diag {
    enum kql_diag_code code;
    struct kql_span    span;
    uint32_t           line, column; /* from 1; the column counts characters */
    str                message;
    str                hint; /* empty when there is none */
};

struct kql_diags {
    struct arena *arena;
    str           query;
    VEC(struct kql_diag) list; /* in the arena, in order of discovery */
};

struct kql_diags kql_diag_begin(struct arena *a, str query);
void kql_diag_add(struct kql_diags *d, enum kql_diag_code code, struct kql_span at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds a hint to the diagnostic added last. */
void kql_diag_hint(struct kql_diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with "did you mean …?", when a near name was found. */
void kql_diag_suggest(struct kql_diags *d, const struct near *guess);
bool kql_diag_any(const struct kql_diags *d);
str  kql_diag_code_name(enum kql_diag_code code); /* "KQ021" */

#endif
