/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "tables_fixture.h"
#include "tests/t.h"

static enum rc ask(const char *sql, const struct tables_query_opts *opts, struct err *err)
{
    str out;
    return tables_query_all(fixture()->tables, str_of(sql), opts, 64 << 20, fixture()->arena, &out, err);
}

TEST(parameters_are_values_whatever_stands_in_them)
{
    struct fixture           *f = fixture();
    const struct tables_param p = { S("v"), S("it's \\ a\ttab\nline {x:String} ä") };
    struct tables_query_opts  opts = { .format = S("TSVRaw"), .params = &p, .n_params = 1 };
    str                       out;

    CHECK_OK(tables_query_all(f->tables, S("SELECT {v:String}"), &opts, 1000, f->arena, &out, NULL));
    CHECK_SEQ(out, S("it's \\ a\ttab\nline {x:String} ä\n"));
}

TEST(failures_have_codes_that_callers_can_branch_on)
{
    struct err               err;
    struct tables_query_opts memory = { .max_memory = 50 << 20 }, time = { .max_time = SECONDS(1) };

    CHECK_EQ(ask("SELEC 1", NULL, &err), RC_SYNTAX);
    CHECK_EQ(ask("SELECT * FROM law.Nowhere", NULL, &err), RC_NOT_FOUND);
    CHECK_EQ(ask("SELECT nope FROM system.one", NULL, &err), RC_INVALID);
    CHECK_EQ(ask("CREATE DATABASE other", NULL, &err), RC_FORBIDDEN);
    CHECK_EQ(ask("SELECT 1; SELECT 2", NULL, &err), RC_SYNTAX);
    CHECK_EQ(ask("SELECT groupArray(toString(number)) FROM numbers(10000000)", &memory, &err), RC_LIMIT);
    CHECK_EQ(ask("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1", &time, &err),
             RC_TIMEOUT);
    CHECK(str_starts(str_of(err.text), S("the log store: TIMEOUT_EXCEEDED: ")));
}

static enum rc count_lines(void *ctx, str line, struct err *err)
{
    (void)line, (void)err;
    ++*(uint64_t *)ctx;
    return RC_OK;
}

TEST(rows_come_one_by_one_and_stop_at_the_limit)
{
    struct fixture          *f = fixture();
    uint64_t                 n = 0;
    struct err               err;
    struct tables_query_opts opts = { .max_rows = 1000, .truncate = true };

    CHECK_OK(tables_query(f->tables, S("SELECT number, repeat('x', 100) FROM numbers(300000)"), NULL,
                          count_lines, &n, NULL));
    CHECK_EQ(n, 300000);
    n = 0;
    CHECK_OK(tables_query(f->tables, S("SELECT number FROM numbers(300000)"), &opts, count_lines, &n, NULL));
    CHECK_EQ(n, 1000);
    opts.truncate = false;
    CHECK_EQ(tables_query(f->tables, S("SELECT number FROM numbers(300000)"), &opts, count_lines, &n, &err),
             RC_LIMIT);
}

TEST(an_exception_in_the_middle_of_a_result_is_told)
{
    uint64_t   n = 0;
    struct err err;
    const str  sql = S("SELECT throwIf(number = 3000000) FROM numbers(4000000)");

    CHECK_EQ(tables_query(fixture()->tables, sql, NULL, count_lines, &n, &err), RC_INVALID);
    CHECK(n > 100000);
    CHECK(str_contains(str_of(err.text), S("throwIf")));
    CHECK_EQ(ask("SELECT throwIf(number = 3000000) FROM numbers(4000000)", NULL, &err), RC_INVALID);
    CHECK(str_contains(str_of(err.text), S("throwIf")));
}

static const str LONG_SQL =
    STR_INIT("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1");

/* Again and again: the query may not have begun yet. */
static void *cancel_until(void *ended)
{
    while (!atomic_load((atomic_bool *)ended)) {
        usleep(100000);
        CHECK_OK(tables_cancel(fixture()->tables, S("query-7"), NULL));
    }
    return NULL;
}

/* Beside the one that asks. libchdb keeps a failed stream in its list until it is told to let go. */
static bool others_are_running(void)
{
    return !str_eq(fixture_ask(fixture(), "SELECT count() FROM system.processes"), S("1"));
}

TEST(a_query_is_cancelled_by_its_id)
{
    struct tables_query_opts opts = { .query_id = S("query-7") };
    atomic_bool              ended = false;
    pthread_t                thread;
    struct err               err;
    str                      out;

    CHECK_EQ(pthread_create(&thread, NULL, cancel_until, &ended), 0);
    CHECK_EQ(tables_query_all(fixture()->tables, LONG_SQL, &opts, 100, fixture()->arena, &out, &err),
             RC_CANCELLED);
    atomic_store(&ended, true);
    pthread_join(thread, NULL);
    CHECK_OK(tables_cancel(fixture()->tables, S("query-7"), NULL));
}

static bool after_three(void *ctx)
{
    return ++*(int *)ctx > 3;
}

TEST(a_caller_that_gives_up_ends_the_query_on_the_engine)
{
    int                      asked = 0;
    struct tables_query_opts opts = { .cancelled = after_three, .cancel_ctx = &asked };
    str                      out;

    CHECK_EQ(tables_query_all(fixture()->tables, LONG_SQL, &opts, 100, fixture()->arena, &out, NULL),
             RC_CANCELLED);
    CHECK_SOON(!others_are_running());
}

TEST(schemas_are_found_and_listed)
{
    struct fixture             *f = fixture();
    const struct tables_schema *s = tables_schema_find(f->tables, S("Probe"));

    CHECK(s != NULL);
    CHECK_SEQ(s->columns[0].name, S("TimeGenerated"));
    CHECK_EQ(s->n_columns, 16);
    CHECK(tables_schema_column(s, S("Text"))->searched);
    CHECK(tables_schema_find(f->tables, S("probe")) == NULL);
    CHECK(tables_schema_find_ci(f->tables, S("pROBE")) == s);
    CHECK(tables_schema_find(f->tables, S("Nowhere")) == NULL);
}

TEST(retention_is_kept_by_the_store)
{
    struct fixture *f = fixture();

    CHECK_OK(tables_ensure(f->tables, S("Probe"), NULL));
    CHECK_OK(tables_retention_set(f->tables, S("Probe"), 7, NULL));
    CHECK(str_contains(fixture_ask(f, "SELECT create_table_query FROM system.tables WHERE name = 'Probe'"),
                       S("TTL toDateTime(_IngestionTime) + toIntervalDay(7)")));
    CHECK_EQ(tables_schema_find(f->tables, S("Probe"))->retention_days, 7);
    CHECK_OK(tables_retention_set(f->tables, S("Probe"), 0, NULL));
    CHECK(!str_contains(fixture_ask(f, "SELECT create_table_query FROM system.tables WHERE name = 'Probe'"),
                        S("TTL")));
}

TEST(columns_that_a_file_has_gained_are_added)
{
    struct fixture *f = fixture();
    struct err      err;

    CHECK_OK(tables_ensure(f->tables, S("Probe"), NULL));
    CHECK_OK(tables_exec(f->tables, S("ALTER TABLE law.Probe DROP COLUMN Price, DROP COLUMN Alias"), NULL));
    CHECK_OK_ERR(tables_ready(f->tables, SECONDS(1), &err), &err);
    CHECK_SEQ(fixture_ask(f, "SELECT count(Price), count(Alias) FROM law.Probe"), S("0\t0"));
}

TEST(the_text_index_serves_a_search)
{
    struct fixture *f = fixture();

    fixture_send(
        f, "Probe",
        "{\"Text\":\"C:\\\\Tools\\\\MimiKatz.exe /x\",\"Number\":900}\n{\"Text\":\"calm\",\"Number\":901}",
        "search");
    CHECK_SEQ(fixture_ask(f, "SELECT Number FROM law.Probe WHERE hasToken(lowerUTF8(Text), 'mimikatz')"),
              S("900"));
    CHECK(str_contains(
        fixture_ask(
            f,
            "EXPLAIN indexes = 1 SELECT Number FROM law.Probe WHERE hasToken(lowerUTF8(Text), 'mimikatz')"),
        S("words_Text")));
}

TEST(an_engine_that_is_not_there_is_unavailable)
{
    struct tables           *t = NULL;
    struct err               err;
    const struct tables_opts opts = { .unix_socket = S("/tmp/vedette-no-such-socket") };

    CHECK_OK(tables_open(&opts, &t, NULL));
    CHECK_EQ(tables_ready(t, MILLIS(100), &err), RC_UNAVAILABLE);
    CHECK(str_starts(str_of(err.text), S("the log store does not answer")));
    tables_close(t);
}

TEST(functions_of_module_scalar_are_there_when_a_query_names_them)
{
    struct fixture *f = fixture();

    CHECK_SEQ(fixture_ask(f, "SELECT kql_real_tostring(toFloat64(1e-5))"), S("1E-05"));
    CHECK_SEQ(
        fixture_ask(
            f,
            "SELECT kql_zlib_decompress_from_base64_string(kql_zlib_compress_to_base64_string(repeat('ab', "
            "20000))) = repeat('ab', 20000), kql_zlib_decompress_from_base64_string('x0x0')"),
        S("1"));
    fixture_kill(f);
    fixture_start_engine(f);
    CHECK_OK(tables_ready(f->tables, SECONDS(20), NULL));
    CHECK_SEQ(fixture_ask(f, "SELECT sum(length(kql_real_tostring(number / 4))) FROM numbers(1000)"),
              S("5060"));
    CHECK_SEQ(fixture_ask(f, "SELECT kql_real_tostring(CAST(NULL, 'Nullable(Float64)')) IS NULL"), S("1"));
}
