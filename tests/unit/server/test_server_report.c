/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_report.h"

#include <unistd.h>

#include "tests/t.h"

static const struct json *parse(struct arena *a, str text)
{
    const struct json *j = NULL;
    CHECK_OK(json_parse(a, text, &j, NULL));
    return j;
}

/* What a hook writes into an open array. */
static const struct json *ask(struct arena *a, struct server_report *r,
                              void (*hook)(void *ctx, struct json_w *w))
{
    AUTO_STRBUF   out = STRBUF_INIT(1 << 16);
    struct json_w w = json_w_make(&out);
    json_w_array(&w);
    hook(r, &w);
    json_w_end(&w);
    return parse(a, strbuf_view(&out));
}

TEST(processes_are_told_as_they_were_heard_with_their_memory)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO(server_report) r = server_report_new("/tmp", env_real());
    char said[256];

    CHECK_EQ(ask(a, r, server_report_processes)->n, 0);
    snprintf(said, sizeof said,
             "{\"say\":\"processes\",\"value\":[{\"name\":\"engine\",\"pid\":%ld,\"state\":\"up\","
             "\"restarts\":2}]}",
             (long)getpid());
    server_report_hear(r, parse(a, str_of(said)), NULL);
    const struct json *got = ask(a, r, server_report_processes);
    CHECK_EQ(got->n, 1);
    CHECK_SEQ(json_str(&got->items[0], S("name"), STR_NONE), S("engine"));
    CHECK_EQ(json_i64(&got->items[0], S("restarts"), 0), 2);
    CHECK(json_i64(&got->items[0], S("rssBytes"), 0) > 0);
}

TEST(every_warning_says_what_to_do)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO(server_report) r = server_report_new("/proc", env_real()); /* a file system without room */
    const struct json *got = ask(a, r, server_report_warnings);
    bool               low = false;

    for (uint32_t i = 0; i < got->n; i++) {
        CHECK(json_str(&got->items[i], S("text"), STR_NONE).n > 0);
        CHECK(json_str(&got->items[i], S("remedy"), STR_NONE).n > 0);
        low |= str_eq(json_str(&got->items[i], S("code"), STR_NONE), S("DiskLow"));
    }
    CHECK(low);
}
