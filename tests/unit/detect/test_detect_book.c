/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_book.h"

#include <stdlib.h>

#include "base/file.h"
#include "detect/detect_ledger.h"
#include "state/state_stmt.h"
#include "tests/t.h"

static const struct kql_column COLUMNS[] = {
    { STR_INIT("TimeGenerated"), KQL_DATETIME },
    { STR_INIT("Computer"), KQL_STRING },
    { STR_INIT("Count"), KQL_LONG },
};

static const ts T0 = 17000000000000000;

/* What was raised, one line each: id's place, rows, start, entities. */
struct world {
    char                dir[64];
    struct state       *state;
    struct arena       *a;
    struct content_rule rule;
    struct strbuf       raised;
    char                ids[400][40];
    size_t              n_ids;
    size_t              fail_at; /* the raise that fails; 0: none */
    size_t              raises;
};

static size_t place_of(struct world *w, str id)
{
    for (size_t i = 0; i < w->n_ids; i++)
        if (str_eq(str_of(w->ids[i]), id))
            return i + 1;
    (void)str_to_cstr(id, w->ids[w->n_ids], sizeof w->ids[0]);
    return ++w->n_ids;
}

static enum rc raise_alert(void *ctx, struct state_tx *tx, const struct alert *alert, struct err *err)
{
    struct world *w = ctx;

    (void)tx;
    if (++w->raises == w->fail_at)
        return err_set(err, RC_FULL, "no space");
    strbuf_addf(&w->raised, "%zu:%zu@%lld;", place_of(w, alert->id), alert->rows.n_marks,
                (long long)((alert->start - T0) / SECONDS(1)));
    return RC_OK;
}

static void open_world(struct world *w)
{
    char path[96];

    (void)snprintf(w->dir, sizeof w->dir, "/tmp/vedette-book-XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    (void)snprintf(path, sizeof path, "%s/state.db", w->dir);
    CHECK_OK(state_open(path, &w->state, NULL));
    w->a = arena_new(64 << 20);
    strbuf_init(&w->raised, 1 << 20);
    w->rule = (struct content_rule) { .id = S("11111111-1111-1111-1111-111111111111"),
                                      .name = S("Rule"),
                                      .kind = S("Scheduled"),
                                      .frequency = MINUTES(5),
                                      .period = HOURS(1),
                                      .n_mappings = 1 };
    w->rule.mappings[0] = (struct content_mapping) { S("Host"), { { S("HostName"), S("Computer") } }, 1 };
}

static void close_world(struct world *w)
{
    state_free(w->state);
    arena_free(w->a);
    strbuf_done(&w->raised);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

struct given {
    int         second;
    const char *computer;
    int         count;
};

/* Books one window with these rows; answers what was raised by it. */
static enum rc book(struct world *w, const struct given *rows, size_t n, struct err *err)
{
    struct detect_rows    r = { .rule = &w->rule,
                                .columns = COLUMNS,
                                .n_columns = 3,
                                .arena = w->a,
                                .window = { T0 - HOURS(1), T0 + HOURS(1) } };
    struct detect_context c = { .rows = &r, .table = S("T"), .now = T0, .ingested_to = T0 };
    struct alert_sink     sink = { .ctx = w, .raise = raise_alert };
    struct detect_booked  sums = { 0 };
    AUTO(state_tx) tx = NULL;
    char text[200], when[TS_TEXT_SIZE];

    strbuf_clear(&w->raised);
    for (size_t i = 0; i < n; i++) {
        ts_text(T0 + SECONDS(rows[i].second), when);
        (void)snprintf(text, sizeof text, "[\"%s\",\"%s\",%d]", when, rows[i].computer, rows[i].count);
        CHECK_OK(detect_row_add(&r, str_of(text), NULL));
    }
    CHECK_OK(state_tx_write(w->state, &tx, NULL));
    TRY(detect_book_window(tx, &c, &sink, &sums, err));
    return state_tx_commit(tx, err);
}

#define BOOK(w, ...)                                                                                         \
    do {                                                                                                     \
        const struct given given_[] = { __VA_ARGS__ };                                                       \
        struct err         err_ = { 0 };                                                                     \
        CHECK_OK_ERR(book((w), given_, sizeof given_ / sizeof *given_, &err_), &err_);                       \
    } while (0)
#define RAISED(w, text) CHECK_SEQ(strbuf_view(&(w)->raised), S(text))

TEST(a_single_alert_holds_all_rows_of_the_window)
{
    struct world w = { 0 };
    open_world(&w);
    BOOK(&w, { 20, "a", 1 }, { 10, "b", 1 }, { 30, "a", 2 });
    RAISED(&w, "1:3@10;");
    close_world(&w);
}

TEST(a_row_counts_once_however_often_a_window_shows_it)
{
    struct world w = { 0 };
    open_world(&w);
    BOOK(&w, { 10, "a", 1 });
    BOOK(&w, { 10, "a", 1 });
    RAISED(&w, "");
    BOOK(&w, { 10, "a", 1 }, { 50, "b", 1 });
    RAISED(&w, "2:1@50;");
    close_world(&w);
}

TEST(a_matter_within_the_period_extends_its_alert)
{
    struct world w = { 0 };
    open_world(&w);
    BOOK(&w, { 10, "a", 1 });
    BOOK(&w, { 600, "a", 7 });
    RAISED(&w, "1:1@600;");
    BOOK(&w, { 600 + 3500, "a", 8 }, { 600 + 3500, "b", 1 });
    RAISED(&w, "1:1@4100;2:1@4100;");
    close_world(&w);
}

TEST(a_matter_after_the_period_is_a_new_alert)
{
    struct world w = { 0 };
    open_world(&w);
    BOOK(&w, { 0, "a", 1 });
    BOOK(&w, { 3700, "a", 1 });
    RAISED(&w, "2:1@3700;");
    close_world(&w);
}

TEST(a_matter_that_never_ends_is_a_new_alert_each_day)
{
    struct world w = { 0 };
    open_world(&w);
    for (int h = 0; h < 48 * 2; h++)
        BOOK(&w, { h * 1800, "a", 1 });
    CHECK(w.n_ids == 2 || w.n_ids == 3);
    close_world(&w);
}

TEST(one_alert_a_matter_when_the_rule_asks_for_it)
{
    struct world w = { 0 };
    open_world(&w);
    w.rule.grouping = CONTENT_ALERT_PER_RESULT;
    BOOK(&w, { 10, "a", 1 }, { 20, "b", 1 }, { 30, "a", 2 });
    RAISED(&w, "1:2@10;2:1@20;");
    close_world(&w);
}

TEST(the_150th_alert_of_a_window_holds_the_rest)
{
    struct world w = { 0 };
    struct given rows[200];
    char         names[200][8];

    open_world(&w);
    w.rule.grouping = CONTENT_ALERT_PER_RESULT;
    for (int i = 0; i < 200; i++) {
        (void)snprintf(names[i], sizeof names[i], "h%d", i);
        rows[i] = (struct given) { i, names[i], 1 };
    }
    CHECK_OK(book(&w, rows, 200, NULL));
    CHECK_EQ(w.raises, 150);
    CHECK(str_ends(strbuf_view(&w.raised), S("150:51@149;")));
    close_world(&w);
}

TEST(rows_far_apart_are_not_one_alert)
{
    struct world w = { 0 };
    open_world(&w);
    BOOK(&w, { 0, "a", 1 }, { 100, "b", 1 }, { 9000, "c", 1 });
    RAISED(&w, "1:2@0;2:1@9000;");
    close_world(&w);
}

TEST(suppression_keeps_new_alerts_back_for_its_time)
{
    struct world w = { 0 };
    open_world(&w);
    w.rule.suppress = true;
    w.rule.suppression = HOURS(2);
    BOOK(&w, { 0, "a", 1 });
    BOOK(&w, { 5000, "b", 1 });
    RAISED(&w, "");
    BOOK(&w, { 5000, "b", 1 }, { 8000, "b", 2 });
    RAISED(&w, "2:1@8000;");
    close_world(&w);
}

TEST(a_raise_that_fails_leaves_nothing_behind)
{
    struct world w = { 0 };
    struct err   err = { 0 };
    struct given rows[] = { { 10, "a", 1 }, { 20, "b", 1 } };

    open_world(&w);
    w.rule.grouping = CONTENT_ALERT_PER_RESULT;
    w.fail_at = 2;
    CHECK_EQ(book(&w, rows, 2, &err), RC_FULL);
    CHECK_OK_ERR(book(&w, rows, 2, &err), &err);
    CHECK_EQ(w.n_ids, 2);
    RAISED(&w, "1:1@10;2:1@20;");
    close_world(&w);
}

TEST(nothing_at_all_can_be_an_alert)
{
    struct world w = { 0 };
    open_world(&w);
    w.rule.trigger = CONTENT_LT;
    w.rule.threshold = 1;
    CHECK(detect_book_fires(&w.rule, 0));
    CHECK(!detect_book_fires(&w.rule, 1));
    CHECK_OK(book(&w, NULL, 0, NULL));
    RAISED(&w, "1:1@-3600;");
    CHECK_OK(book(&w, NULL, 0, NULL));
    RAISED(&w, "");
    close_world(&w);
}

TEST(triggers_compare_the_number_of_rows)
{
    struct content_rule r = { .trigger = CONTENT_GT, .threshold = 3 };

    CHECK(!detect_book_fires(&r, 3) && detect_book_fires(&r, 4));
    r.trigger = CONTENT_EQ;
    CHECK(detect_book_fires(&r, 3) && !detect_book_fires(&r, 4));
    r.trigger = CONTENT_NE;
    CHECK(!detect_book_fires(&r, 3) && detect_book_fires(&r, 4));
}
