/* SPDX-License-Identifier: Apache-2.0 */
#include "query/query.h"

#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "query/query_answer.h"
#include "tables/tables.h"
#include "tests/t.h"
#include "tests/unit/query/query_engine.h"

struct fixture {
    char                 dir[40];
    struct arena        *arena;
    struct query_engine *engine;
    struct tables       *tables;
    struct query        *query;
    str                  refused; /* the table that may not be read */
};

static enum rc admit(void *ctx, const struct access_who *who, str table, struct err *err)
{
    const struct fixture *f = ctx;
    (void)who;
    return str_eq(table, f->refused) ? err_set(err, RC_FORBIDDEN, "not this one") : RC_OK;
}

static struct fixture *fixture_new(void)
{
    struct fixture *f = MEM_NEW(struct fixture);
    char            path[80];

    snprintf(f->dir, sizeof f->dir, "/tmp/vedette-query-XXXXXX");
    CHECK(t_folder(f->dir) != NULL);
    snprintf(path, sizeof path, "%s/engine.sock", f->dir);
    f->arena = arena_new(512 << 20);
    f->engine = query_engine_new(path);
    CHECK_OK(tables_open(
        &(struct tables_opts) { .unix_socket = str_of(path), .schemas_dir = S("content/schemas") },
        &f->tables, NULL));
    CHECK_OK(query_new(
        &(struct query_opts) { .tables = f->tables, .env = env_real(), .admit = admit, .admit_ctx = f },
        &f->query, NULL));
    return f;
}

static struct fixture *fixture_free(struct fixture *f)
{
    query_free(f->query);
    tables_close(f->tables);
    query_engine_free(f->engine);
    arena_free(f->arena);
    CHECK_OK(file_remove_tree(f->dir, NULL));
    return mem_free(f);
}
DEFINE_AUTO(fixture, fixture_free)

static const struct access_who ME = { .kind = ACCESS_USER, .id = STR_INIT("me"), .name = STR_INIT("me") };
static const struct access_who YOU = { .kind = ACCESS_USER, .id = STR_INIT("you"), .name = STR_INIT("you") };

static enum rc run(struct fixture *f, const char *kql, uint64_t max_rows, struct query_outcome *outcome,
                   str *body)
{
    AUTO_STRBUF                text = STRBUF_INIT(64 << 20);
    struct query_answer        w;
    struct err                 err = { 0 };
    const struct query_request request = {
        .arena = f->arena, .text = str_of(kql), .who = &ME, .id = S("mine"), .max_rows = max_rows
    };

    query_answer_begin(&w, QUERY_ANSWER_LOGS, &text);
    enum rc rc = query_run(f->query, &request, &w.sink, outcome, &err);
    if (rc == RC_OK)
        query_answer_end(&w, outcome);
    *body = arena_str(f->arena, rc == RC_OK ? strbuf_view(&text) : str_of(err.text));
    return rc;
}

TEST(rows_come_through_and_the_answer_is_json)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    query_engine_say(f->engine, 3, false, false);
    CHECK_OK(run(f, "print n=1", 0, &o, &body));
    CHECK_SEQ(body,
              S("{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"n\",\"type\":\"long\"}],"
                "\"rows\":[[0],[1],[2]]}]}"));
    CHECK_EQ(o.rows, 3);
    CHECK(!o.partial);
    CHECK_EQ(query_running(f->query), 0);
}

TEST(more_rows_than_the_budget_make_the_answer_partial)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    const struct json   *j;
    str                  body;

    query_engine_say(f->engine, 11, false, false);
    CHECK_OK(run(f, "print n=1", 10, &o, &body));
    CHECK(o.partial);
    CHECK_EQ(o.rows, 10);
    CHECK_OK(json_parse(f->arena, body, &j, NULL));
    CHECK_EQ(json_path(j, S("tables.0.rows"))->n, 10);
    CHECK_SEQ(json_path(j, S("error.code"))->s, S("PartialError"));
    query_engine_say(f->engine, 10, false, false);
    CHECK_OK(run(f, "print n=1", 10, &o, &body));
    CHECK(!o.partial);
    query_engine_say(f->engine, QUERY_DEFAULT_ROWS + 1, false, false);
    CHECK_OK(run(f, "print n=1", 0, &o, &body));
    CHECK_EQ(o.rows, QUERY_DEFAULT_ROWS);
}

TEST(an_engine_that_breaks_off_leaves_the_rows_it_gave)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    query_engine_say(f->engine, 5, true, false);
    CHECK_OK(run(f, "print n=1", 0, &o, &body));
    CHECK(o.partial);
    CHECK_EQ(o.rows, 5);
    CHECK_EQ(o.error.rc, RC_UNAVAILABLE);
}

TEST(a_broken_query_is_refused_with_its_place_before_the_engine_is_asked)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    CHECK_EQ(run(f, "print n=1\n| where n > (", 0, &o, &body), RC_SYNTAX);
    CHECK_EQ(o.diags.list.p[0].line, 2);
    CHECK(run(f, "print n=1\n| wherre n > 0", 0, &o, &body) != RC_OK);
    CHECK_EQ(o.diags.list.p[0].line, 2);
    CHECK(run(f, "NoSuchTable | take 1", 0, &o, &body) != RC_OK);
    CHECK(kql_diag_any(&o.diags));
    CHECK(!query_engine_heard(f->engine, "NoSuchTable"));
    CHECK_EQ(run(f, arena_printf(f->arena, "print '%0*d'", QUERY_MAX_TEXT, 1).p, 0, &o, &body), RC_LIMIT);
}

TEST(a_table_that_may_not_be_read_is_refused)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    f->refused = S("SecurityEvent");
    query_engine_say(f->engine, 0, false, false);
    CHECK_EQ(run(f, "Syslog | union SecurityEvent | count", 0, &o, &body), RC_FORBIDDEN);
    CHECK(!query_engine_heard(f->engine, "count()"));
}

TEST(columns_that_depend_on_the_data_are_asked_of_the_engine)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    query_engine_say(f->engine, 0, false, false);
    CHECK_OK(run(f, "print n=1, d=dynamic({}) | evaluate bag_unpack(d)", 0, &o, &body));
    CHECK_SEQ(body,
              S("{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"n\",\"type\":\"long\"}],"
                "\"rows\":[]}]}"));
    CHECK(query_engine_heard(f->engine, "JSONExtractKeysAndValuesRaw"));
    CHECK_EQ(query_running(f->query), 0);
}

TEST(columns_of_a_table_that_may_not_be_read_are_not_asked_for)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    f->refused = S("SecurityEvent");
    query_engine_say(f->engine, 0, false, false);
    CHECK_EQ(run(f, "SecurityEvent | evaluate bag_unpack(AdditionalFields)", 0, &o, &body), RC_FORBIDDEN);
    CHECK(!kql_diag_any(&o.diags));
    CHECK_EQ(run(f, "union withsource=T Sec* | evaluate pivot(T)", 0, &o, &body), RC_FORBIDDEN);
    CHECK(!query_engine_heard(f->engine, "JSONExtractKeysAndValuesRaw"));
    CHECK(!query_engine_heard(f->engine, "SELECT DISTINCT"));
}

TEST(an_engine_that_breaks_off_while_columns_are_asked_for_is_not_the_query_s_mistake)
{
    AUTO(fixture) f = fixture_new();
    struct query_outcome o;
    str                  body;

    query_engine_say(f->engine, 0, true, false);
    CHECK_EQ(run(f, "print d=dynamic({}) | evaluate bag_unpack(d)", 0, &o, &body), RC_UNAVAILABLE);
    CHECK(!kql_diag_any(&o.diags));
    CHECK_EQ(query_running(f->query), 0);
}

struct waiting {
    struct fixture      *f;
    const char          *kql;
    enum rc              rc;
    struct query_outcome outcome;
};

static void *runs(void *p)
{
    struct waiting *w = p;
    AUTO(arena) a = arena_new(512 << 20);
    struct fixture mine = *w->f;
    str            body;

    mine.arena = a; /* an arena is one thread's */
    w->rc = run(&mine, w->kql ? w->kql : "print n=1", 0, &w->outcome, &body);
    return NULL;
}

static bool cancelled(struct fixture *f, const struct access_who *who, str id)
{
    return query_cancel(f->query, who, id, NULL) == RC_OK;
}

TEST(a_query_is_ended_by_who_started_it_and_by_nobody_else)
{
    AUTO(fixture) f = fixture_new();
    struct waiting w = { .f = f };
    pthread_t      thread;

    query_engine_say(f->engine, 2, false, true);
    CHECK_EQ(pthread_create(&thread, NULL, runs, &w), 0);
    CHECK_SOON(query_engine_heard(f->engine, "POST"));
    CHECK_EQ(query_running(f->query), 1);
    CHECK(!cancelled(f, &YOU, S("mine")));
    CHECK(!cancelled(f, &ME, S("another")));
    CHECK(!cancelled(f, &ME, S("")));
    query_engine_say(f->engine, 0, false, false); /* what the cancelling itself asks is answered */
    CHECK(cancelled(f, &ME, S("mine")));
    pthread_join(thread, NULL);
    CHECK_EQ(w.rc, RC_CANCELLED);
    CHECK_EQ(query_running(f->query), 0);
    CHECK(!cancelled(f, &ME, S("mine")));
}

TEST(a_query_is_cancelled_while_its_columns_are_asked_for)
{
    AUTO(fixture) f = fixture_new();
    struct waiting w = { .f = f, .kql = "print d=dynamic({}) | evaluate bag_unpack(d)" };
    pthread_t      thread;

    query_engine_say(f->engine, 0, false, true);
    CHECK_EQ(pthread_create(&thread, NULL, runs, &w), 0);
    CHECK_SOON(query_engine_heard(f->engine, "JSONExtractKeysAndValuesRaw"));
    query_engine_say(f->engine, 0, false, false);
    CHECK(cancelled(f, &ME, S("mine")));
    pthread_join(thread, NULL);
    CHECK_EQ(w.rc, RC_CANCELLED);
    CHECK_EQ(query_running(f->query), 0);
}

TEST(so_many_queries_run_at_once_and_the_next_is_turned_away)
{
    AUTO(fixture) f = fixture_new();
    static struct waiting w[QUERY_MAX_RUNNING];
    pthread_t             threads[QUERY_MAX_RUNNING];
    struct query_outcome  o;
    str                   body;

    query_engine_say(f->engine, 0, false, true);
    for (int i = 0; i < QUERY_MAX_RUNNING; i++) {
        w[i] = (struct waiting) { .f = f };
        CHECK_EQ(pthread_create(&threads[i], NULL, runs, &w[i]), 0);
    }
    CHECK_SOON(query_running(f->query) == QUERY_MAX_RUNNING);
    CHECK_EQ(run(f, "print n=1", 0, &o, &body), RC_BUSY);
    query_engine_say(f->engine, 0, false, false);
    CHECK(cancelled(f, access_system(), S("mine")));
    for (int i = 0; i < QUERY_MAX_RUNNING; i++)
        pthread_join(threads[i], NULL);
}
