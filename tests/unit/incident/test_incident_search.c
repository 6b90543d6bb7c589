/* SPDX-License-Identifier: Apache-2.0 */
/* The index of words against a plain look at all texts. */
#include "incident/incident_search.h"

#include "incident/incident_word.h"
#include "state/state_stmt.h"
#include "tests/unit/incident/world.h"

enum { MANY = 3 * INCIDENT_SEARCH_FEW };

/* Incidents of which all hold "every", each second "second", each thousandth "rare"; times run against
 * numbers. */
static void fill(struct world *w)
{
    static const char sql[] =
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) INSERT INTO incidents "
        "(name, version, title, description, severity, status, created, modified, modified_by, "
        "first_activity, last_activity, closed, tactics, entities, n_alerts) SELECT 'i' || n, 1, 'every' || "
        "CASE WHEN n % 2 = 0 THEN ' Second' ELSE '' END || CASE WHEN n % 1000 = 0 THEN ' rare' ELSE '' END, "
        "'on 10.' || (n / 256 % 256) || '.' || (n % 256) || '.7', 1, 0, ?1 - n + 1, n, 'x', 1, 1, 0, '[]', "
        "'[]', 0 FROM n";
    AUTO(state_tx) tx = NULL;

    CHECK_OK(state_tx_write(w->state, &tx, NULL));
    CHECK_OK(state_stmt_run(tx, sql, STATE_ARGS(STATE_I(MANY)), NULL));
    CHECK_OK(incident_search_settle(tx, NULL));
    CHECK_OK(state_tx_commit(tx, NULL));
}

/* All pages of a search: how many incidents, and whether their numbers run as told (1 rising, -1 falling). */
static size_t all_of(struct world *w, const char *search, const char *orderby, int direction)
{
    struct incident_list_opts o = { .search = str_of(search), .orderby = str_of(orderby), .top = 900 };
    struct incident_page      page;
    size_t                    n = 0;
    int64_t                   last = 0;

    do {
        CHECK_OK(incident_list(w->store, &o, w->a, &page, NULL));
        for (size_t i = 0; i < page.n; i++) {
            CHECK(!n || (page.items[i].number - last) * direction > 0);
            last = page.items[i].number;
            n++;
        }
        o.skip_token = page.skip_token;
    } while (page.skip_token.n);
    return n;
}

TEST(common_words_are_found_in_every_order_page_by_page)
{
    static const struct {
        const char *orderby;
        int         direction;
    } ORDERS[] = { { "properties/incidentNumber desc", -1 },
                   { "properties/incidentNumber asc", 1 },
                   { "properties/createdTimeUtc desc", 1 },
                   { "properties/lastModifiedTimeUtc desc", -1 } };
    struct world w = { 0 };

    world_open(&w);
    fill(&w);
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        const char *by = ORDERS[i].orderby;
        int         direction = ORDERS[i].direction;
        CHECK_EQ(all_of(&w, "every", by, direction), MANY);
        CHECK_EQ(all_of(&w, "SECOND every", by, direction), MANY / 2);
        CHECK_EQ(all_of(&w, "sec", by, direction), MANY / 2); /* the beginning of a word */
        CHECK_EQ(all_of(&w, "every rare second", by, direction), MANY / 1000);
        CHECK_EQ(all_of(&w, "every nowhere", by, direction), 0);
        CHECK_EQ(all_of(&w, "10.1.", by, direction), 256);
        CHECK_EQ(all_of(&w, "10.1.25", by, direction), 7); /* .25 and .250 to .255 */
        CHECK_EQ(all_of(&w, "10.1.25 second", by, direction), 3);
    }
    world_close(&w);
}

TEST(a_word_that_went_is_found_no_more_and_one_that_came_is)
{
    struct world w = { 0 };

    world_open(&w);
    fill(&w);
    AUTO(state_tx) tx = NULL;
    CHECK_OK(state_tx_write(w.state, &tx, NULL));
    CHECK_OK(state_stmt_run(tx, "UPDATE incidents SET title = 'other 10.200.200.200' WHERE number <= 1000",
                            STATE_NO_ARGS, NULL));
    CHECK_OK(incident_search_settle(tx, NULL));
    CHECK_OK(state_tx_commit(tx, NULL));
    tx = state_tx_free(tx);
    CHECK_EQ(all_of(&w, "every", "", -1), MANY - 1000);
    CHECK_EQ(all_of(&w, "other", "", -1), 1000);
    CHECK_EQ(all_of(&w, "10.200.200.20", "", -1), 1000);
    CHECK_EQ(all_of(&w, "every rare", "", -1), MANY / 1000 - 1);
    world_close(&w);
}

static str joined(struct strbuf *b, const char *text)
{
    strbuf_clear(b);
    incident_word_addresses(b, str_of(text));
    return strbuf_view(b);
}

TEST(an_address_is_one_word_beside_its_numbers)
{
    AUTO_STRBUF b = STRBUF_INIT(1 << 16);

    CHECK_SEQ(joined(&b, "from 10.1.2.3 to [192.168.7.20]:443."), S(" 10x1x2x3 192x168x7x20"));
    CHECK_SEQ(joined(&b, "10.1.2.3"), S(" 10x1x2x3"));
    CHECK_SEQ(joined(&b, "10.1 or 3.11, v10.1.2.3, 10..2.3, 10.1.2.x"), S(" 10x1x2"));
    CHECK_SEQ(joined(&b, "10.1.2.3ab"), S(""));
    CHECK_SEQ(joined(&b, ""), S(""));
}
