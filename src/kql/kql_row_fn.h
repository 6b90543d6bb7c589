/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_row_fn: the functions and operators that row evaluation has, by their names in the table of
 * functions.
 *
 * A function whose row says `.scalar` needs none here: module scalar has it. Threads: const tables. */
#ifndef KQL_KQL_ROW_FN_H
#define KQL_KQL_ROW_FN_H

#include "base/regex.h"
#include "base/ts.h"
#include "kql/kql_fn.h"
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

/* One call in a program, while a row is evaluated. */
struct kql_row_call {
    struct arena          *a;    /* of the row */
    const struct kql_expr *expr; /* types, constants */
    const void            *data; /* what prepare made */
    size_t                 n;    /* arguments */
};

struct kql_row_fn {
    const char *name;
    /* *out is null, or the empty text, when it is called. */
    void (*eval)(const struct kql_row_call *c, const struct scalar_value *v, struct scalar_value *out);
    bool nulls;      /* is called with nulls, too; else any gives null */
    bool first_only; /* the arguments behind the first are constants that prepare has seen */
    /* Once, at compile: false when it cannot do this call; NULL: nothing to prepare. */
    bool (*prepare)(struct arena *a, const struct kql_expr *call, const void **data);
};

extern const struct kql_row_fn KQL_ROW_FN_OPERATOR[]; /* kql_row_operator.c */
extern const struct kql_row_fn KQL_ROW_FN_TERM[];     /* kql_row_term.c: has, contains, in and their kin */
extern const struct kql_row_fn KQL_ROW_FN_CAST[];     /* kql_row_cast.c */
extern const struct kql_row_fn KQL_ROW_FN_STRING[];   /* kql_row_string.c */
extern const struct kql_row_fn KQL_ROW_FN_REGEX[];    /* kql_row_regex.c */
extern const struct kql_row_fn KQL_ROW_FN_MATH[];     /* kql_row_math.c */
extern const struct kql_row_fn KQL_ROW_FN_DATETIME[]; /* kql_row_datetime.c */
extern const struct kql_row_fn KQL_ROW_FN_DYNAMIC[];  /* kql_row_dynamic.c */
extern const struct kql_row_fn KQL_ROW_FN_ARRAY[];    /* kql_row_array.c */
extern const struct kql_row_fn KQL_ROW_FN_HASH[];     /* kql_row_hash.c: hashes, bytes in base64 */
extern const struct kql_row_fn KQL_ROW_FN_NET6[];     /* kql_row_net6.c */
extern const struct kql_row_fn KQL_ROW_FN_NET[];      /* kql_row_net.c: addresses */

const struct kql_row_fn *kql_row_fn_find(const char *name); /* NULL when there is none */
/* Walks all of them: start with NULL, ends with NULL. */
const struct kql_row_fn *kql_row_fn_next(const struct kql_row_fn *fn);

/* --- words for the families --- */

static inline void kql_row_fn_int(struct scalar_value *out, int64_t v)
{
    out->null = false;
    out->i = v;
}

static inline void kql_row_fn_real(struct scalar_value *out, double v)
{
    out->null = false;
    out->r = v;
}

static inline void kql_row_fn_text(struct scalar_value *out, str s)
{
    out->null = false;
    out->s = s;
}

static inline enum kql_type kql_row_fn_type(const struct kql_row_call *c, size_t i)
{
    return c->expr->args[i]->type;
}

/* A number of any type as a real. */
double kql_row_fn_as_real(const struct kql_row_call *c, const struct scalar_value *v, size_t i);
/* The text that tostring() gives. */
str kql_row_fn_tostring(struct arena *a, enum kql_type type, const struct scalar_value *v);
/* As an element of JSON: quoted, null. */
void kql_row_fn_json(struct strbuf *out, enum kql_type type, const struct scalar_value *v);
/* A dynamic without the blanks between its parts. */
str kql_row_fn_compact(struct arena *a, str json);
/* Small letters of Unicode. */
str kql_row_fn_lower(struct arena *a, str s);
/* An argument that is a constant text; false for others. */
bool kql_row_fn_constant(const struct kql_expr *call, size_t i, str *out);
/* A constant pattern, compiled; NULL when it is none or does not compile. Freed with the arena. */
const struct regex *kql_row_fn_regex(struct arena *a, const struct kql_expr *pattern, const char *before,
                                     const char *after);

#endif
