/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_search.h"

#include "base/vec.h"
#include "state/state_stmt.h"

/* So few incidents are looked into one by one for the next word, which costs less than finding all of its. */
enum { LOOK_INTO = 50 };

enum rc incident_search_settle(struct state_tx *tx, struct err *err)
{
    static const char *const sql[] = {
        ("DELETE FROM search_text WHERE rowid IN (SELECT id FROM search_docs WHERE fresh IS NOT NULL UNION "
         "SELECT was FROM search_docs WHERE fresh IS NOT NULL AND was IS NOT NULL)"),
        "INSERT INTO search_text (rowid, text) SELECT id, fresh FROM search_docs WHERE fresh <> ''",
        "UPDATE search_docs SET fresh = NULL, was = NULL WHERE fresh IS NOT NULL",
    };
    AUTO(state_stmt) st = NULL;
    bool any;

    TRY(state_stmt_open(tx, "SELECT 1 FROM search_docs WHERE fresh IS NOT NULL LIMIT 1", STATE_NO_ARGS, &st,
                        err));
    TRY(state_stmt_next(st, &any, err));
    st = state_stmt_done(st);
    for (size_t i = 0; any && i < sizeof sql / sizeof *sql; i++)
        TRY(state_stmt_run(tx, sql[i], STATE_NO_ARGS, err));
    return RC_OK;
}

typedef VEC(int64_t) numbers;

/* The index gives documents by their numbers, so those of one incident stand behind each other. 0: in none.
 */
static enum rc find_word(struct state_tx *tx, str word, struct arena *a, numbers *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(tx, "SELECT rowid >> 28 FROM search_text WHERE search_text MATCH ? ORDER BY rowid",
                        STATE_ARGS(STATE_S(word)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        int64_t number = state_stmt_i64(st, 0);
        if (number && (!out->n || out->p[out->n - 1] != number))
            *vec_push_in(a, out) = number;
    }
}

static enum rc keep_holding(struct state_tx *tx, str word, numbers *list, struct err *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->n; i++) {
        AUTO(state_stmt) st = NULL;
        bool holds;
        TRY(state_stmt_open(tx,
                            "SELECT 1 FROM search_text WHERE search_text MATCH ?1 AND rowid BETWEEN ?2 << 28 "
                            "AND (?2 << 28) + 268435455 LIMIT 1",
                            STATE_ARGS(STATE_S(word), STATE_I(list->p[i])), &st, err));
        TRY(state_stmt_next(st, &holds, err));
        if (holds)
            list->p[kept++] = list->p[i];
    }
    list->n = kept;
    return RC_OK;
}

static void keep_common(numbers *list, const numbers *other)
{
    size_t kept = 0, k = 0;

    for (size_t i = 0; i < list->n; i++) {
        while (k < other->n && other->p[k] < list->p[i])
            k++;
        if (k < other->n && other->p[k] == list->p[i])
            list->p[kept++] = list->p[i];
    }
    list->n = kept;
}

enum rc incident_search_find(struct state_tx *tx, const str *words, size_t n, struct arena *a,
                             struct incident_search_found *out, struct err *err)
{
    numbers list = { 0 };
    size_t  first = 0;

    for (size_t i = 1; i < n; i++) /* the longest is likely the rarest */
        if (words[i].n > words[first].n)
            first = i;
    TRY(find_word(tx, words[first], a, &list, err));
    for (size_t i = 0; i < n && list.n; i++) {
        numbers other = { 0 };
        if (i == first)
            continue;
        if (list.n <= LOOK_INTO) {
            TRY(keep_holding(tx, words[i], &list, err));
            continue;
        }
        TRY(find_word(tx, words[i], a, &other, err));
        keep_common(&list, &other);
    }
    *out = (struct incident_search_found) { list.p, list.n };
    return RC_OK;
}

bool incident_search_holds(const struct incident_search_found *found, int64_t number)
{
    size_t low = 0, high = found->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (found->numbers[mid] == number)
            return true;
        if (found->numbers[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}
