/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_outbox.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "tests/t.h"

/* An engine that takes a token once, and may die before or after it has stored. */
struct engine {
    struct map *tokens;
    size_t      rows, calls;
    size_t      die_before, die_after; /* the call that fails so; 0: none */
};

static enum rc append(void *ctx, str table, const str *rows, size_t n, str token, struct err *err)
{
    struct engine *e = ctx;

    (void)table;
    (void)rows;
    if (++e->calls == e->die_before)
        return err_set(err, RC_UNAVAILABLE, "down");
    if (!map_put(e->tokens, token, e))
        e->rows += n;
    return e->calls == e->die_after ? err_set(err, RC_UNAVAILABLE, "down") : RC_OK;
}

struct world {
    char                  dir[64];
    struct state         *state;
    struct engine         engine;
    struct detect_logs    logs;
    struct detect_outbox *box;
};

static void open_world(struct world *w)
{
    char path[96];

    (void)snprintf(w->dir, sizeof w->dir, "/tmp/vedette-outbox-XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    (void)snprintf(path, sizeof path, "%s/state.db", w->dir);
    CHECK_OK(state_open(path, &w->state, NULL));
    w->engine.tokens = map_new(MAP_CASE);
    w->logs = (struct detect_logs) { .ctx = &w->engine, .append = append };
    w->box = detect_outbox_new(w->state, &w->logs);
}

static void close_world(struct world *w)
{
    detect_outbox_free(w->box);
    state_free(w->state);
    map_free(w->engine.tokens);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

static void put(struct world *w, const char *table, int n)
{
    AUTO(state_tx) tx = NULL;

    CHECK_OK(state_tx_write(w->state, &tx, NULL));
    for (int i = 0; i < n; i++)
        CHECK_OK(detect_outbox_put(tx, str_of(table), S("{\"A\":1}"), NULL));
    CHECK_OK(state_tx_commit(tx, NULL));
}

static int64_t waiting(struct world *w)
{
    int64_t n = -1;
    CHECK_OK(detect_outbox_count(w->box, &n, NULL));
    return n;
}

TEST(rows_of_all_tables_are_sent_and_forgotten)
{
    struct world w = { 0 };
    size_t       sent;

    open_world(&w);
    put(&w, "SecurityAlert", 3);
    put(&w, "SecurityIncident", 2);
    put(&w, "SecurityAlert", 1201);
    CHECK_OK(detect_outbox_send(w.box, &sent, NULL));
    CHECK_EQ(sent, 1206);
    CHECK_EQ(w.engine.rows, 1206);
    CHECK_EQ(waiting(&w), 0);
    CHECK_OK(detect_outbox_send(w.box, &sent, NULL));
    CHECK_EQ(sent, 0);
    close_world(&w);
}

TEST(an_engine_that_dies_at_any_call_gets_each_row_once)
{
    for (size_t call = 1; call <= 3; call++) {
        for (int after = 0; after < 2; after++) {
            struct world w = { 0 };
            size_t       sent;

            open_world(&w);
            w.engine.die_before = after ? 0 : call;
            w.engine.die_after = after ? call : 0;
            put(&w, "SecurityAlert", DETECT_OUTBOX_BATCH + 100);
            put(&w, "SecurityIncident", 5);
            CHECK_EQ(detect_outbox_send(w.box, &sent, NULL), RC_UNAVAILABLE);
            put(&w, "SecurityAlert",
                10); /* more comes while the engine is away: the batch begun stays as it was */
            CHECK_OK(detect_outbox_send(w.box, &sent, NULL));
            CHECK_EQ(w.engine.rows, DETECT_OUTBOX_BATCH + 115);
            CHECK_EQ(waiting(&w), 0);
            close_world(&w);
        }
    }
}

TEST(a_row_of_a_transaction_that_did_not_happen_is_not_sent)
{
    struct world w = { 0 };
    size_t       sent;

    open_world(&w);
    {
        AUTO(state_tx) tx = NULL;
        CHECK_OK(state_tx_write(w.state, &tx, NULL));
        CHECK_OK(detect_outbox_put(tx, S("SecurityAlert"), S("{}"), NULL));
    }
    CHECK_OK(detect_outbox_send(w.box, &sent, NULL));
    CHECK_EQ(sent, 0);
    close_world(&w);
}
