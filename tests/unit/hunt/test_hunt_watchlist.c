/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_watchlist.h"

#include "tests/unit/hunt/desk.h"

static enum rc put(struct desk *b, const char *csv, const char *if_match, struct hunt_watchlist *out,
                   struct err *err)
{
    struct json_member        members[] = { { S("rawContent"), json_make_str(str_of(csv)) },
                                            { S("itemsSearchKey"), json_make_str(S("k")) } };
    struct json               props = { .kind = JSON_OBJECT, .n = 2, .members = members };
    struct hunt_watchlist_put p = { .alias = S("list"),
                                    .properties = &props,
                                    .if_match = str_of(if_match),
                                    .by = { .who = { .object_id = S("u"), .name = S("ann") } } };
    bool                      created;

    return hunt_watchlist_put(&b->hunt, &p, b->a, out, &created, err);
}

static struct kql_list asked(struct desk *b)
{
    struct kql_list list = { 0 };
    struct err      err = { 0 };

    CHECK_OK_ERR(hunt_watchlist_kql(b->state, S("LIST"), b->a, &list, &err), &err);
    return list;
}

TEST(a_row_keeps_its_item_through_uploads)
{
    struct desk          *b = desk_open();
    struct hunt_watchlist l = { 0 };
    struct err            err = { 0 };

    CHECK_OK_ERR(put(b, "k,v\na,1\na,2\nb,3\n", NULL, &l, &err), &err);
    struct kql_list first = asked(b);
    CHECK_OK_ERR(put(b, "k,v\nb,4\na,2\nc,5\n", l.etag.p, &l, &err), &err);
    struct kql_list then = asked(b);
    CHECK_EQ(then.n_columns, 5);
    CHECK_EQ(then.n_rows, 3); /* the row that is the same, the one with the same key, the new one */
    CHECK(str_eq(then.cells[0].s, first.cells[5].s));
    CHECK(str_eq(then.cells[5].s, first.cells[10].s));
    CHECK(str_eq(then.cells[5 + 4].s, S("4")));
    CHECK(str_eq(then.cells[10 + 2].s, S("c")));
    desk_close(b);
}

TEST(going_back_gives_every_row_as_it_was_and_a_stale_writer_is_refused)
{
    struct desk          *b = desk_open();
    struct hunt_watchlist l = { 0 }, seen = { 0 };
    struct err            err = { 0 };
    struct incident_by    by = { .who = { .name = S("ann") } };

    CHECK_OK_ERR(put(b, "k,v\na,1\nb,2\n", NULL, &seen, &err), &err);
    struct kql_list first = asked(b);
    CHECK_OK_ERR(put(b, "w,k\n9,z\n", NULL, &l, &err), &err);
    CHECK_OK_ERR(put(b, "k,v\nb,7\n", NULL, &l, &err), &err);
    CHECK_EQ(put(b, "k,v\nlate,1\n", seen.etag.p, &l, &err), RC_STALE);
    CHECK_OK_ERR(hunt_watchlist_restore(&b->hunt, S("list"), 1, &by, b->a, &l, &err), &err);
    CHECK_EQ(l.version, 4);
    CHECK_EQ(l.n_items, 2);
    struct kql_list back = asked(b);
    CHECK_EQ(back.n_rows, 2);
    for (size_t r = 0; r < 2; r++) {
        size_t other = str_eq(back.cells[0].s, first.cells[r * 5].s) ? 0 : 1;
        for (size_t i = 0; i < 5; i++)
            if (i != 1) /* when it changed last */
                CHECK(str_eq(back.cells[other * 5 + i].s, first.cells[r * 5 + i].s));
    }
    desk_close(b);
}

TEST(what_is_refused_changes_nothing)
{
    struct desk          *b = desk_open();
    struct hunt_watchlist l = { 0 };
    struct err            err = { 0 };

    CHECK_OK_ERR(put(b, "k,v\na,1\n", NULL, &l, &err), &err);
    CHECK_EQ(put(b, "k,v\nb,1\nc\n", NULL, &l, &err), RC_INVALID);
    CHECK(strstr(err.text, "line 3 has 1 cells") != NULL);
    CHECK_EQ(put(b, "x,v\nb,1\n", NULL, &l, &err), RC_INVALID);
    CHECK_EQ(asked(b).n_rows, 1);
    CHECK(str_eq(asked(b).cells[2].s, S("a")));
    desk_close(b);
}
