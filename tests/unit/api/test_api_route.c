/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_route.h"

#include "tests/t.h"

static const struct api_route ROWS[] = {
    { .method = "GET", .path = "/things", .doc = "list" },
    { .method = "POST", .path = "/things", .doc = "new" },
    { .method = "GET", .path = "/things/{name}", .doc = "one" },
    { .method = "GET", .path = "/things/special", .doc = "special" },
    { .method = "PUT", .path = "/things/{name}", .doc = "put" },
    { .method = "GET", .path = "/{tenant}/v2.0/keys", .doc = "keys" },
    { .method = "POST", .path = "/v1/$batch", .doc = "batch" },
    { .method = "GET",
      .path = "/subs/{sub}/resourceGroups/{group}/x/{name}",
      .doc = "deep",
      .codes = { 200, 204 } },
    { .method = "GET", .path = "/{scope*}/providers/P/t/{name}", .doc = "anywhere" },
    { .method = "GET", .path = "/subs/{sub}/providers/{ns}/{rest*}", .doc = "whatever" },
    { 0 },
};

static struct api_route_match found(const char *method, const char *path)
{
    static struct arena   *a;
    struct api_route_match m;
    if (!a)
        a = arena_new(1 << 20);
    CHECK(api_route_find(ROWS, str_of(method), str_of(path), a, &m));
    return m;
}

TEST(a_path_finds_its_row_whatever_the_case_and_however_many_slashes)
{
    CHECK_STR(found("GET", "/things").route->doc, "list");
    CHECK_STR(found("GET", "//THINGS/").route->doc, "list");
    CHECK_STR(found("POST", "/Things").route->doc, "new");
    CHECK_STR(found("POST", "/v1/%24batch").route->doc, "batch");
    CHECK_STR(found("HEAD", "/things").route->doc, "list");
}

TEST(a_literal_beats_a_parameter)
{
    CHECK_STR(found("GET", "/things/special").route->doc, "special");
    CHECK_STR(found("GET", "/things/other").route->doc, "one");
    CHECK_STR(found("PUT", "/things/special").route->doc, "put");
}

TEST(parameters_come_decoded_and_in_the_case_given)
{
    struct api_route_match m = found("GET", "/subs/ABC/resourcegroups/so%20c/X/a%2Fb");
    CHECK_STR(m.route->doc, "deep");
    CHECK_SEQ(api_route_param(&m, "sub"), S("ABC"));
    CHECK_SEQ(api_route_param(&m, "group"), S("so c"));
    CHECK_SEQ(api_route_param(&m, "name"), S("a/b"));
    CHECK(api_route_param(&m, "none").p == NULL);
}

TEST(a_star_takes_the_segments_that_the_others_leave)
{
    struct api_route_match m = found("GET", "/subs/A/x/B/y%20z/providers/p/T/n");
    CHECK_STR(m.route->doc, "anywhere");
    CHECK_SEQ(api_route_param(&m, "scope"), S("/subs/A/x/B/y z"));
    CHECK_SEQ(api_route_param(&m, "name"), S("n"));
    m = found("GET", "/subs/A/providers/Q/t/n/u/v");
    CHECK_STR(m.route->doc, "whatever");
    CHECK_SEQ(api_route_param(&m, "rest"), S("/t/n/u/v"));
}

TEST(a_star_at_the_end_takes_only_what_nobody_else_wants)
{
    CHECK_STR(found("GET", "/subs/A/providers/P/t/n").route->doc, "anywhere");
    CHECK_STR(found("GET", "/subs/A/providers/P/other/n").route->doc, "whatever");
}

TEST(another_method_is_told_from_another_path)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct api_route_match m;
    CHECK(api_route_find(ROWS, S("DELETE"), S("/things/x"), a, &m));
    CHECK(m.other_method);
    CHECK(!found("GET", "/things/x").other_method);
    CHECK(!api_route_find(ROWS, S("GET"), S("/things/x/y"), a, &m));
    CHECK(!api_route_find(ROWS, S("GET"), S("/"), a, &m));
    CHECK(!api_route_find(ROWS, S("GET"), S(""), a, &m));
}

TEST(hostile_paths_find_nothing)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct api_route_match m;
    char                   deep[512];
    CHECK(!api_route_find(ROWS, S("GET"), S("/things/%00"), a, &m));
    CHECK(!api_route_find(ROWS, S("GET"), S("/things/%zz"), a, &m));
    memset(deep, 'a', sizeof deep);
    for (size_t i = 0; i < sizeof deep; i += 2)
        deep[i] = '/';
    CHECK(!api_route_find(ROWS, S("GET"), str_make(deep, sizeof deep), a, &m));
}

TEST(api_versions_are_dates_not_older_than_the_oldest)
{
    CHECK(api_route_version_ok(S("2022-12-01"), "2022-12-01"));
    CHECK(api_route_version_ok(S("2022-12-01-preview"), "2022-09-01-preview"));
    CHECK(api_route_version_ok(S("2031-01-01-preview"), "2022-09-01-preview"));
    CHECK(api_route_version_ok(S("2022-12-01"), "2022-12-01-preview"));
    CHECK(!api_route_version_ok(S("2022-12-01-preview"), "2022-12-01"));
    CHECK(!api_route_version_ok(S("2014-01-01"), "2022-09-01-preview"));
    CHECK(!api_route_version_ok(S(""), "2022-09-01-preview"));
    CHECK(!api_route_version_ok(S("latest"), "2022-09-01-preview"));
    CHECK(!api_route_version_ok(S("2022-13-01"), "2022-09-01-preview"));
    CHECK(!api_route_version_ok(S("2022-12-01T00"), "2022-09-01-preview"));
    CHECK(!api_route_version_ok(S("2022-12-01-beta"), "2022-09-01-preview"));
}

TEST(success_codes_are_a_closed_list)
{
    CHECK(api_route_code_ok(&ROWS[0], 200));
    CHECK(!api_route_code_ok(&ROWS[0], 201));
    CHECK(api_route_code_ok(&ROWS[7], 204));
    CHECK(!api_route_code_ok(&ROWS[7], 201));
}
