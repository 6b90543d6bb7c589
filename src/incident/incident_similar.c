/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_similar.h"

#include <stdlib.h>

#include "incident/incident_priv.h"

enum { MAX_CANDIDATES = 400, NAMED = 3, MAX_REASON = 1000 };

struct candidate {
    int64_t number, weight;
    int64_t shared;
    str     names[NAMED]; /* identities, the most telling first */
    bool    same_rule, same_title;
};

struct search {
    struct state_tx    *tx;
    struct arena       *arena;
    struct incident_row row;
    ts                  from, to;
    VEC(struct candidate) found;
};

static struct candidate *candidate_of(struct search *s, int64_t number)
{
    for (size_t i = 0; i < s->found.n; i++)
        if (s->found.p[i].number == number)
            return &s->found.p[i];
    if (s->found.n == MAX_CANDIDATES)
        return NULL;
    struct candidate *c = vec_push_in(s->arena, &s->found);
    c->number = number;
    return c;
}

/* "account:alice@contoso" as people say it. */
static str plain(str identity)
{
    size_t colon = str_find_byte(identity, ':');
    return colon == STR_NPOS ? identity : str_from(identity, colon + 1);
}

/* The newest first: of an identity that thousands of incidents share the old ones fall out, not the near. */
static enum rc by_identity(struct search *s, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(
        s->tx,
        "SELECT x.incident, x.identity, x.rank FROM incident_identities m JOIN incident_identities x ON "
        "x.identity = m.identity AND x.incident <> m.incident JOIN incidents i ON i.number = x.incident "
        "WHERE m.incident = ?1 AND i.deleted = 0 AND i.last_activity BETWEEN ?2 AND ?3 "
        "ORDER BY x.rank DESC, x.incident DESC LIMIT 4000",
        STATE_ARGS(STATE_I(s->row.i.number), STATE_I(s->from), STATE_I(s->to)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        struct candidate *c = candidate_of(s, state_stmt_i64(st, 0));
        if (!c)
            continue;
        if (c->shared < NAMED)
            c->names[c->shared] = state_stmt_str_in(st, 1, s->arena);
        c->shared++;
        c->weight += 10 * state_stmt_i64(st, 2);
    }
}

static enum rc by_rule(struct search *s, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(s->tx,
                        "SELECT x.incident FROM incident_rules m JOIN incident_rules x ON x.rule_id = "
                        "m.rule_id AND x.incident <> m.incident JOIN incidents i ON i.number = x.incident "
                        "WHERE m.incident = ?1 AND i.deleted = 0 AND i.last_activity BETWEEN ?2 AND ?3 "
                        "ORDER BY x.incident DESC LIMIT 1000",
                        STATE_ARGS(STATE_I(s->row.i.number), STATE_I(s->from), STATE_I(s->to)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        struct candidate *c = candidate_of(s, state_stmt_i64(st, 0));
        if (!c || c->same_rule)
            continue;
        c->same_rule = true;
        c->weight += 15;
    }
}

static int heavier(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->number > y->number ? -1 : 1;
}

static str reason_of(struct arena *a, const struct candidate *c)
{
    AUTO_STRBUF out = STRBUF_INIT(MAX_REASON);

    for (int64_t i = 0; i < c->shared && i < NAMED; i++) {
        strbuf_addz(&out, i ? ", " : "shares ");
        strbuf_add(&out, str_slice(plain(c->names[i]), 0, 200));
    }
    if (c->shared > NAMED)
        strbuf_addf(&out, " and %lld more", (long long)c->shared - NAMED);
    if (c->same_rule)
        strbuf_addz(&out, out.n ? "; same rule" : "same rule");
    if (c->same_title)
        strbuf_addz(&out, out.n ? "; same title" : "same title");
    return arena_str(a, strbuf_view(&out));
}

static enum rc fill(struct search *s, struct incident_similar **out, size_t *n, struct err *err)
{
    struct incident_similar *list = ARENA_ARRAY(s->arena, struct incident_similar, INCIDENT_SIMILAR_MAX);
    size_t                   kept = 0;

    for (size_t i = 0; i < s->found.n && kept < INCIDENT_SIMILAR_MAX; i++) {
        struct candidate   *c = &s->found.p[i];
        struct incident_row row;
        TRY(incident_row_load(s->tx, c->number, s->arena, &row, err));
        c->same_title = str_eq(row.i.title, s->row.i.title);
        list[kept++] = (struct incident_similar) { .incident = row.i,
                                                   .reason = reason_of(s->arena, c),
                                                   .shared = c->shared,
                                                   .same_rule = c->same_rule,
                                                   .same_title = c->same_title };
    }
    *out = list;
    *n = kept;
    return RC_OK;
}

enum rc incident_similar_find(struct incident_store *store, str name, duration window, struct arena *a,
                              struct incident_similar **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct search s = { .arena = a };

    TRY(state_tx_read(store->state, &tx, err));
    s.tx = tx;
    TRY(incident_row_find(tx, name, a, &s.row, err));
    duration w = window ? window : DAYS(14);
    s.from = s.row.i.first_activity - w;
    s.to = s.row.i.last_activity + w;
    TRY(by_identity(&s, err));
    TRY(by_rule(&s, err));
    if (s.found.n)
        qsort(s.found.p, s.found.n, sizeof *s.found.p, heavier);
    return fill(&s, out, n, err);
}
