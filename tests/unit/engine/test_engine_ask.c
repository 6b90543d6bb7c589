/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_ask.h"

#include "http/http_url.h"
#include "tests/t.h"

static bool ask(struct arena *a, const char *query, const char *method, struct engine_ask *out,
                struct engine_fault *fault)
{
    struct http_req req = { .arena = a, .method = str_of(method), .path = S("/") };

    CHECK_OK(http_url_params(a, str_of(query), &req.params, NULL));
    return engine_ask_read(&req, S("law"), out, fault);
}

TEST(parameters_are_told_from_settings_and_values)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_ask   q;
    struct engine_fault fault;

    CHECK(ask(a,
              "query=SELECT+1&max_threads=2&param_x=a%09b&database=other&query_id=q1&readonly=1&wait_end_of_"
              "query=1",
              "POST", &q, &fault));
    CHECK_SEQ(q.query, S("SELECT 1"));
    CHECK_SEQ(q.query_id, S("q1"));
    CHECK_SEQ(q.session.database, S("other"));
    CHECK_EQ(q.session.settings.n, 1);
    CHECK_SEQ(q.session.settings.p[0].name, S("max_threads"));
    CHECK_EQ(q.n_params, 1);
    CHECK_SEQ(str_make(q.param_names[0], q.param_name_n[0]), S("x"));
    CHECK_SEQ(str_make(q.param_values[0], q.param_value_n[0]), S("a\tb"));
    CHECK(q.only_reads && q.wait_end);
}

TEST(a_get_only_reads_and_default_is_our_database)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_ask   q;
    struct engine_fault fault;

    CHECK(ask(a, "database=default", "GET", &q, &fault));
    CHECK(q.only_reads);
    CHECK_EQ(q.session.readonly, 0);
    CHECK_SEQ(q.session.database, S("law"));
    CHECK_STR(q.format->name, "TabSeparated");
    CHECK_EQ(q.query_id.n, 36);
}

TEST(what_is_not_spoken_is_refused)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct engine_ask   q;
    struct engine_fault fault;

    CHECK(!ask(a, "session_id=1", "POST", &q, &fault));
    CHECK_EQ(fault.code, ENGINE_NOT_IMPLEMENTED);
    CHECK(!ask(a, "compress=1", "POST", &q, &fault));
    CHECK_EQ(fault.code, ENGINE_NOT_IMPLEMENTED);
    CHECK(!ask(a, "default_format=json", "POST", &q, &fault));
    CHECK_EQ(fault.code, 73);
}
