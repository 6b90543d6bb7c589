/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_term: SQL for has and its kin. A term is a maximal run of letters and digits; what may ask the text
 * index on lowerUTF8(column) does (hasToken, hasAnyTokens, hasAllTokens), what cannot matches a regex at the
 * edges. Threads: no state. */
#ifndef KQL_KQL_TERM_H
#define KQL_KQL_TERM_H

#include "kql/kql_emit.h"

void kql_term_emit_has(struct kql_emit *e, const struct kql_expr *call); /* has, hasprefix, hassuffix, _cs */
void kql_term_emit_any(struct kql_emit *e, const struct kql_expr *call); /* args[0] and constants */
void kql_term_emit_all(struct kql_emit *e, const struct kql_expr *call);
void kql_term_emit_any_array(struct kql_emit       *e,
                             const struct kql_expr *call); /* args[0] and a dynamic array */
void kql_term_emit_all_array(struct kql_emit *e, const struct kql_expr *call);

/* How a condition finds its rows. */
enum kql_term_way {
    KQL_TERM_NONE,    /* it asks for no term */
    KQL_TERM_INDEXED, /* by the text index of a column, where the table has one */
    KQL_TERM_ROWS,    /* it asks for terms, and the index cannot say */
};
enum kql_term_way kql_term_way(const struct kql_expr *pred);

str kql_term_lower(struct arena *a, str s);
/* A pattern whose \d and \D mean the digits of all scripts, as they do in the language. */
str kql_term_digits(struct arena *a, str pattern);
/* A pattern of the language as the engine reads it: `.` does not match a newline. */
/* What a pattern of the language needs in front: its dot is no end of a line, the engine's is. Nothing where
 * there is no dot: with flags in front the engine does not look for the literal parts of a pattern first. */
const char *kql_term_flags(str pattern);
str         kql_term_regex(struct arena *a, str pattern);
/* Text that a regex matches as it stands. */
void kql_term_quote(struct strbuf *out, str s);

#endif
