/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_lex: query text to tokens, all at once.
 *
 * Ownership: tokens live in the arena; their texts are views of the query or, where escapes were resolved, of
 * the arena. Threads: no state. */
#ifndef KQL_KQL_LEX_H
#define KQL_KQL_LEX_H

#include "kql/kql_diag.h"

enum kql_token_kind {
    KQL_TOKEN_END,
    KQL_TOKEN_NAME,   /* word, also !word, word~ and !word~ */
    KQL_TOKEN_QUOTED, /* ['name'] or ["name"]: text is the name */
    KQL_TOKEN_STRING, /* text is the value, escapes resolved */
    KQL_TOKEN_LONG,   /* digits or 0x… */
    KQL_TOKEN_REAL,
    KQL_TOKEN_TIMESPAN, /* 5m, 1.5h */
    KQL_TOKEN_TYPED,    /* datetime(2020-01-01): word is the type, text what stands between the parentheses */
    KQL_TOKEN_PUNCT, /* text is the sign: | ; , ( ) [ ] { } . .. : = == != <> < <= > >= =~ !~ => + - * / % <|
                      */
    KQL_TOKEN_BAD,   /* reported already */
};

struct kql_token {
    enum kql_token_kind kind;
    struct kql_span     span;
    str                 text;
    str                 word;  /* of a TYPED token */
    int64_t             ticks; /* of a TIMESPAN token */
};

struct kql_tokens {
    const struct kql_token *p; /* the last one is END */
    size_t                  n;
};

enum { KQL_LEX_MAX_TOKENS = 100000 };

struct kql_tokens kql_lex_all(struct arena *a, str query, struct kql_diags *diags);

/* The length of a timespan literal such as "1.5h" or "90 seconds": false when the unit is unknown. */
bool kql_lex_timespan(str number, str unit, int64_t *ticks);

#endif
