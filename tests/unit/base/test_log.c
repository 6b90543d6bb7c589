/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/json.h"
#include "tests/t.h"

/* What `write` puts on standard error. */
static str captured(struct arena *a, void (*write_lines)(void))
{
    char path[] = "/tmp/vedette-test-log-XXXXXX";
    int  file = mkstemp(path), before = dup(STDERR_FILENO);
    CHECK(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    write_lines();
    CHECK(dup2(before, STDERR_FILENO) >= 0);
    close(before);

    char   *text = arena_alloc(a, 1 << 16);
    ssize_t n = pread(file, text, 1 << 16, 0);
    close(file);
    unlink(path);
    return str_make(text, n > 0 ? (size_t)n : 0);
}

static void hostile(void)
{
    log_warn(EV_INGEST_DROPPED, F_STR("source", S("a\"\n{\"level\":\"x\"}")), F_INT("rows", 3),
             F_BOOL("b", true));
}

TEST(text_of_others_stays_inside_its_field)
{
    AUTO(arena) a = arena_new(1 << 20);
    str                line = captured(a, hostile);
    const struct json *j;
    CHECK_EQ(str_find_byte(line, '\n'), line.n - 1);
    CHECK_OK(json_parse(a, line, &j, NULL));
    CHECK_SEQ(json_str(j, S("event"), STR_NONE), S("INGEST_DROPPED"));
    CHECK_SEQ(json_str(j, S("level"), STR_NONE), S("warn"));
    CHECK_EQ(json_i64(j, S("rows"), 0), 3);
}

static void flood(void)
{
    for (int i = 0; i < 1000; i++)
        log_info(EV_HTTP_REQUEST, F_INT("i", i));
}

TEST(a_flood_of_one_event_is_held_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    str    text = captured(a, flood), line;
    size_t lines = 0;
    while (str_split(&text, '\n', &line))
        lines += line.n > 0;
    CHECK_EQ(lines, 50);
}

TEST(events_are_documented)
{
    for (enum log_event ev = 0; ev < EV_COUNT_; ev++)
        CHECK(log_event_name(ev)[0] && log_event_doc(ev)[0]);
}
