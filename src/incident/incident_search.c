/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "incident/incident_word.h"
#include "state/state_stmt.h"

/* So few incidents are looked into one by one for the next word, which costs less than reading its list. */
enum { LOOK_INTO = 16, MAX_TEXT = 64 << 20 };

/* By the index of what is fresh, whatever statistics say of a moment when all was. */
#define FRESH "search_docs INDEXED BY search_docs_fresh"

static enum rc put_fresh(struct state_tx *tx, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    AUTO_STRBUF text = STRBUF_INIT(MAX_TEXT);
    bool        more;

    TRY(state_stmt_open(tx, "SELECT id, fresh FROM " FRESH " WHERE fresh <> ''", STATE_NO_ARGS, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        strbuf_clear(&text);
        strbuf_add(&text, state_stmt_str(st, 1));
        incident_word_addresses(&text, state_stmt_str(st, 1));
        TRY(strbuf_ok(&text, "a text to search", err));
        TRY(state_stmt_run(tx, "INSERT INTO search_text (rowid, text) VALUES (?, ?)",
                           STATE_ARGS(STATE_I(state_stmt_i64(st, 0)), STATE_S(strbuf_view(&text))), err));
    }
}

enum rc incident_search_settle(struct state_tx *tx, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool any;

    TRY(state_stmt_open(tx, "SELECT 1 FROM " FRESH " WHERE fresh IS NOT NULL LIMIT 1", STATE_NO_ARGS, &st,
                        err));
    TRY(state_stmt_next(st, &any, err));
    st = state_stmt_done(st);
    if (!any)
        return RC_OK;
    TRY(state_stmt_run(tx,
                       "DELETE FROM search_text WHERE rowid IN (SELECT id FROM " FRESH
                       " WHERE fresh IS NOT NULL UNION "
                       "SELECT was FROM " FRESH " WHERE fresh IS NOT NULL AND was IS NOT NULL)",
                       STATE_NO_ARGS, err));
    TRY(put_fresh(tx, err));
    return state_stmt_run(tx, "UPDATE " FRESH " SET fresh = NULL, was = NULL WHERE fresh IS NOT NULL",
                          STATE_NO_ARGS, err);
}

/* One word: what was read of its list so far, numbers falling, each once; the statement stands behind. */
struct word {
    str match;
    VEC(int64_t) list;
    struct state_stmt *st; /* NULL: all is read */
};

struct incident_search {
    struct state_tx *tx; /* borrowed */
    struct arena    *a;  /* borrowed */
    size_t           n;
    struct word     *words;
    struct word     *rare; /* its list is the answer; NULL: all words are common */
};

struct incident_search *incident_search_free(struct incident_search *s)
{
    for (size_t i = 0; s && i < s->n; i++)
        s->words[i].st = state_stmt_done(s->words[i].st);
    return NULL;
}

/* The next incident of the list. Number 0 holds what is in no incident, and comes last. */
static enum rc step(struct incident_search *s, struct word *w, struct err *err)
{
    int64_t number = 0;
    bool    more;

    do {
        TRY(state_stmt_next(w->st, &more, err));
        number = more ? state_stmt_i64(w->st, 0) : 0;
    } while (number && w->list.n && vec_last(&w->list) == number);
    if (number)
        *vec_push_in(s->a, &w->list) = number;
    else
        w->st = state_stmt_done(w->st);
    return RC_OK;
}

static enum rc begin(struct incident_search *s, struct word *w, str text, struct err *err)
{
    TRY(incident_word_match(s->tx, text, s->a, &w->match, err));
    if (!w->match.n)
        return RC_OK;
    return state_stmt_open(
        s->tx, "SELECT rowid >> 28 FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC",
        STATE_ARGS(STATE_S(w->match)), &w->st, err);
}

static enum rc read_to(struct incident_search *s, struct word *w, int64_t number, struct err *err)
{
    while (w->st && (!w->list.n || vec_last(&w->list) > number))
        TRY(step(s, w, err));
    return RC_OK;
}

static bool listed(const struct word *w, int64_t number)
{
    size_t low = 0, high = w->list.n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (w->list.p[mid] == number)
            return true;
        if (w->list.p[mid] > number)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* Asks the index about one incident alone. */
static enum rc probe(struct incident_search *s, const struct word *w, int64_t number, bool *out,
                     struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(s->tx,
                        "SELECT 1 FROM search_text WHERE search_text MATCH ?1 AND rowid BETWEEN ?2 << 28 "
                        "AND (?2 << 28) + 268435455 LIMIT 1",
                        STATE_ARGS(STATE_S(w->match), STATE_I(number)), &st, err));
    return state_stmt_next(st, out, err);
}

static enum rc keep_holding(struct incident_search *s, struct word *rare, struct word *other, struct err *err)
{
    bool   by_one = other->st && rare->list.n <= LOOK_INTO;
    size_t kept = 0;

    for (size_t i = 0; i < rare->list.n; i++) {
        int64_t number = rare->list.p[i];
        bool    holds;
        if (by_one) {
            TRY(probe(s, other, number, &holds, err));
        } else {
            TRY(read_to(s, other, number, err));
            holds = listed(other, number);
        }
        if (holds)
            rare->list.p[kept++] = number;
    }
    rare->list.n = kept;
    return RC_OK;
}

/* The rarest word's list is narrowed by what the others hold, the rare ones first. */
static enum rc narrow(struct incident_search *s, struct err *err)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->words[i].st && (!s->rare || s->words[i].list.n < s->rare->list.n))
            s->rare = &s->words[i];
    for (int common = 0; s->rare && common < 2; common++) {
        for (size_t i = 0; i < s->n && s->rare->list.n; i++) {
            struct word *w = &s->words[i];
            if (w != s->rare && !!w->st == common)
                TRY(keep_holding(s, s->rare, w, err));
        }
    }
    return RC_OK;
}

/* Reads on until it shows whether words are rare, the longest first: that one is likely the rarest. */
static enum rc look_ahead(struct incident_search *s, struct err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        struct word *w = &s->words[i];
        while (w->st && w->list.n <= INCIDENT_SEARCH_FEW)
            TRY(step(s, w, err));
        if (!w->st && w->list.n <= LOOK_INTO)
            return RC_OK;
    }
    return RC_OK;
}

static int longer_first(const void *a, const void *b)
{
    const str *x = a, *y = b;
    return (x->n < y->n) - (x->n > y->n);
}

static enum rc find(struct incident_search *s, const str *words, struct err *err)
{
    str *sorted = ARENA_ARRAY(s->a, str, s->n);

    memcpy(sorted, words, s->n * sizeof *sorted);
    qsort(sorted, s->n, sizeof *sorted, longer_first);
    for (size_t i = 0; i < s->n; i++)
        TRY(begin(s, &s->words[i], sorted[i], err));
    TRY(look_ahead(s, err));
    return narrow(s, err);
}

enum rc incident_search_open(struct state_tx *tx, const str *words, size_t n, struct arena *a,
                             struct incident_search **out, struct err *err)
{
    AUTO(incident_search) s = ARENA_NEW(a, struct incident_search);

    assert(n && n <= INCIDENT_SEARCH_WORDS);
    *s = (struct incident_search) { .tx = tx, .a = a, .n = n, .words = ARENA_ARRAY(a, struct word, n) };
    TRY(find(s, words, err));
    *out = TAKE(s);
    return RC_OK;
}

bool incident_search_few(const struct incident_search *s, const int64_t **numbers, size_t *n)
{
    if (!s->rare)
        return false;
    *numbers = s->rare->list.p;
    *n = s->rare->list.n;
    return true;
}

enum rc incident_search_holds(struct incident_search *s, int64_t number, bool *out, struct err *err)
{
    *out = true;
    for (size_t i = 0; i < s->n && *out; i++) {
        TRY(read_to(s, &s->words[i], number, err));
        *out = listed(&s->words[i], number);
    }
    return RC_OK;
}
