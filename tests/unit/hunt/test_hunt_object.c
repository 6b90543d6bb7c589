/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_object.h"

#include "tests/unit/hunt/desk.h"

static enum rc put(struct desk *d, const char *owner, const char *name, const char *etag, const char *request,
                   struct hunt_object *out, bool *created)
{
    const struct hunt_object_put p = {
        .key = { .kind = "note", .owner = str_of(owner), .name = str_of(name) },
        .body = S("{\"a\":1}"),
        .if_match = str_of(etag),
        .by = desk_by("ann", request),
        .max = 2
    };
    return hunt_object_put(&d->hunt, &p, d->a, out, created, NULL);
}

TEST(a_document_is_made_replaced_and_guarded_by_its_etag)
{
    struct desk           *d = desk_open();
    struct hunt_object     first, o;
    bool                   created;
    struct hunt_object_key key = { .kind = "note", .name = S("ONE") };

    CHECK_OK(put(d, "", "one", NULL, "r1", &first, &created));
    CHECK(created);
    CHECK_OK(put(d, "", "one", first.etag.p, "r2", &o, &created));
    CHECK(!created && o.version == 2);
    CHECK_EQ(put(d, "", "one", first.etag.p, "r3", &o, &created), RC_STALE);
    CHECK_OK(put(d, "", "one", first.etag.p, "r2", &o, &created)); /* the request that made it, again */
    CHECK_EQ(o.version, 2);
    CHECK_EQ(put(d, "", "nowhere", "\"x\"", NULL, &o, &created), RC_STALE);
    CHECK_OK(hunt_object_get(&d->hunt, &key, d->a, &o, NULL)); /* without regard to case */
    CHECK_EQ(hunt_object_delete(&d->hunt, &key, first.etag, NULL), RC_STALE);
    CHECK_OK(hunt_object_delete(&d->hunt, &key, STR_NONE, NULL));
    CHECK_EQ(hunt_object_get(&d->hunt, &key, d->a, &o, NULL), RC_NOT_FOUND);
    desk_close(d);
}

TEST(everybody_s_and_one_s_own_are_counted_and_listed_apart)
{
    struct desk       *d = desk_open();
    struct hunt_object o, *list;
    bool               created;
    size_t             n;

    CHECK_OK(put(d, "", "a", NULL, NULL, &o, &created));
    CHECK_OK(put(d, "", "b", NULL, NULL, &o, &created));
    CHECK_EQ(put(d, "", "c", NULL, NULL, &o, &created), RC_LIMIT);
    CHECK_OK(put(d, "bob", "a", NULL, NULL, &o, &created));
    CHECK_OK(hunt_object_list(&d->hunt, "note", S("bob"), d->a, &list, &n, NULL));
    CHECK_EQ(n, 3);
    CHECK_OK(hunt_object_list(&d->hunt, "note", S("eve"), d->a, &list, &n, NULL));
    CHECK_EQ(n, 2);
    desk_close(d);
}
