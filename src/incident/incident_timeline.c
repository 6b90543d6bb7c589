/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_timeline.h"

#include <stdlib.h>

#include "incident/incident_priv.h"

enum { MAX_DETAIL = 400 };

struct gathering {
    struct state_tx *tx;
    struct arena    *arena;
    int64_t          number;
    VEC(struct incident_timeline_item) list;
};

/* One row a source. The columns are time, end, title, detail, who, ref, severity, act. What the machine does
 * goes under "automation". */
static const struct source {
    const char *kind, *sql;
} SOURCES[] = {
    { "alert", "SELECT start, end, display_name, description, product, id, severity, 0 FROM alerts WHERE "
               "incident = ?1" },
    { "bookmark", "SELECT event_time, event_time, title, notes, creator, name, 0, 0 FROM bookmarks WHERE "
                  "incident = ?1 AND deleted = 0" },
    { "comment", "SELECT created, created, 'Comment', message, author_name, name, 0, 0 FROM "
                 "incident_comments WHERE incident = ?1" },
    { "change", "SELECT time, time, what, iif(was = '', became, was || ' → ' || became) || iif(why = '', '', "
                "' (' || why || ')'), who, '', 0, act FROM incident_history WHERE incident = ?1 AND act <> 0 "
                "AND what <> 'comment'" },
    { "automation", "SELECT time, time, what, iif(was = '', became, was || ' → ' || became), who, '', 0, 0 "
                    "FROM incident_history WHERE incident = ?1 AND act = 0 AND what <> 'comment'" },
    { "entity", "SELECT DISTINCT g.time, g.time, iif(g.undone, 'Merge undone', 'Merged'), g.reason, g.who, "
                "k.name, 0, 0 FROM entity_merges g JOIN entities k ON k.id = g.kept WHERE g.alert IN (SELECT "
                "id FROM alerts WHERE incident = ?1)" },
};

static enum rc take(struct gathering *g, const struct source *src, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_stmt_open(g->tx, src->sql, STATE_ARGS(STATE_I(g->number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        *vec_push_in(g->arena, &g->list) = (struct incident_timeline_item) {
            .time = state_stmt_i64(st, 0),
            .end = state_stmt_i64(st, 1),
            .kind = str_of(src->kind),
            .title = state_stmt_str_in(st, 2, g->arena),
            .detail = arena_str(g->arena, str_slice(state_stmt_str(st, 3), 0, MAX_DETAIL)),
            .who = state_stmt_str_in(st, 4, g->arena),
            .ref = state_stmt_str_in(st, 5, g->arena),
            .severity = (enum content_severity)state_stmt_i64(st, 6),
            .act = state_stmt_i64(st, 7),
        };
    }
}

static int earlier(const void *a, const void *b)
{
    const struct incident_timeline_item *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    int kind = str_cmp(x->kind, y->kind);
    return kind ? kind : str_cmp(x->ref, y->ref);
}

enum rc incident_timeline_get(struct incident_store *s, str incident, struct arena *a,
                              struct incident_timeline_item **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;
    struct gathering    g = { .arena = a };

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    g.tx = tx;
    g.number = row.i.number;
    for (size_t i = 0; i < sizeof SOURCES / sizeof *SOURCES; i++)
        TRY(take(&g, &SOURCES[i], err));
    if (g.list.n)
        qsort(g.list.p, g.list.n, sizeof *g.list.p, earlier);
    *out = g.list.p;
    *n = g.list.n;
    return RC_OK;
}
