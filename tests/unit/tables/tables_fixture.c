/* SPDX-License-Identifier: Apache-2.0 */
#include "tables_fixture.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "tests/t.h"

extern char **environ;

static struct fixture the;

static void finish(void)
{
    tables_close(the.tables);
    arena_free(the.arena);
    if (the.engine) {
        kill(the.engine, SIGTERM);
        waitpid(the.engine, NULL, 0);
    }
    if (file_remove_tree(the.dir, NULL) != RC_OK)
        (void)fprintf(stderr, "%s is left over\n", the.dir);
}

void fixture_start_engine(struct fixture *f)
{
    const char *program = getenv("VEDETTE_ENGINE");
    char        data[96], socket[96];

    (void)snprintf(data, sizeof data, "%s/engine", f->dir);
    (void)snprintf(socket, sizeof socket, "%s/engine.sock", f->dir);
    if (!program)
        program = "build/bin/vedette-engine";
    char *argv[] = { (char *)(uintptr_t)program,
                     (char *)(uintptr_t) "--data",
                     data,
                     (char *)(uintptr_t) "--socket",
                     socket,
                     NULL };
    CHECK_EQ(posix_spawn(&f->engine, program, NULL, NULL, argv, environ), 0);
}

void fixture_kill(struct fixture *f)
{
    kill(f->engine, SIGKILL);
    waitpid(f->engine, NULL, 0);
    f->engine = 0;
}

/* One table that day partitions and text indexes touch, and what the files of content/schemas may say. */
static const char SCHEMA[] =
    "{\"name\":\"Probe\",\"description\":\"For tests.\",\"retentionDays\":30,\"partition\":\"day\","
    "\"searched\":[\"Text\"],\"columns\":["
    "{\"name\":\"Text\",\"type\":\"string\"},{\"name\":\"TimeGenerated\",\"type\":\"datetime\"},"
    "{\"name\":\"Number\",\"type\":\"long\"},{\"name\":\"Small\",\"type\":\"int\"},"
    "{\"name\":\"Ratio\",\"type\":\"real\"},{\"name\":\"Flag\",\"type\":\"bool\"},"
    "{\"name\":\"When\",\"type\":\"datetime\"},{\"name\":\"Took\",\"type\":\"timespan\"},"
    "{\"name\":\"Id\",\"type\":\"guid\"},{\"name\":\"Price\",\"type\":\"decimal\"},"
    "{\"name\":\"Tree\",\"type\":\"dynamic\"},{\"name\":\"Type\",\"type\":\"string\"},"
    "{\"name\":\"Timestamp\",\"type\":\"datetime\",\"sameAs\":\"TimeGenerated\"},"
    "{\"name\":\"Alias\",\"type\":\"string\",\"sameAs\":\"Text\"}]}";

struct fixture *fixture(void)
{
    struct err err;
    char       path[128], socket[96], schemas[96];

    if (the.tables)
        return &the;
    the.arena = arena_new(256 << 20);
    (void)snprintf(the.dir, sizeof the.dir, "/tmp/vedette-tables-XXXXXX");
    CHECK(t_folder(the.dir) != NULL);
    atexit(finish);
    (void)snprintf(schemas, sizeof schemas, "%s/schemas", the.dir);
    (void)snprintf(path, sizeof path, "%s/Probe.json", schemas);
    (void)snprintf(socket, sizeof socket, "%s/engine.sock", the.dir);
    CHECK_OK(file_mkdirs(schemas, 0700, NULL));
    CHECK_OK(file_write_atomic(path, str_of(SCHEMA), 0600, NULL));
    fixture_start_engine(&the);
    struct tables_opts opts = { .unix_socket = str_of(socket), .schemas_dir = str_of(schemas) };
    CHECK_OK_ERR(tables_open(&opts, &the.tables, &err), &err);
    CHECK_OK_ERR(tables_ready(the.tables, SECONDS(20), &err), &err);
    return &the;
}

str fixture_ask(struct fixture *f, const char *sql)
{
    struct tables_query_opts opts = { .format = S("TSV") };
    struct err               err;
    str                      out = STR_NONE;

    CHECK_OK_ERR(tables_query_all(f->tables, str_of(sql), &opts, 1 << 20, f->arena, &out, &err), &err);
    return str_trim(out);
}

const struct json *fixture_json(struct fixture *f, const char *text)
{
    const struct json *j = NULL;
    CHECK_OK(json_parse(f->arena, str_of(text), &j, NULL));
    return j;
}

void fixture_send(struct fixture *f, const char *table, const char *lines, const char *token)
{
    AUTO(tables_batch) b = NULL;
    str        left = str_of(lines), line;
    struct err err;
    ts         time = 0;

    CHECK(ts_parse(S("2020-11-24T08:00:00Z"), &time));
    CHECK_OK_ERR(tables_batch_new(f->tables, str_of(table), &b, &err), &err);
    while (str_split(&left, '\n', &line)) {
        const struct json *row = NULL;
        CHECK_OK(json_parse(f->arena, line, &row, NULL));
        CHECK_OK_ERR(tables_batch_row(b, row, time, &err), &err);
    }
    CHECK_OK_ERR(tables_batch_send(b, str_of(token), env_now(env_real()), &err), &err);
}
