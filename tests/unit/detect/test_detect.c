/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "state/state_stmt.h"
#include "tests/t.h"

static const ts NOW = 17000000000000000; /* 2023-11-14T22:13:20Z */

/* --- an engine that knows one table and two queries --- */

struct row {
    ts          when, ingested;
    const char *computer;
};

static const struct kql_column COLUMNS[] = {
    { STR_INIT("TimeGenerated"), KQL_DATETIME },
    { STR_INIT("_IngestionTime"), KQL_DATETIME },
    { STR_INIT("Computer"), KQL_STRING },
};
static const struct kql_table TABLE = { STR_INIT("T"), COLUMNS, 3 };

static const struct kql_table *table_find(void *ctx, str name)
{
    (void)ctx;
    return str_eq(name, S("T")) ? &TABLE : NULL;
}

static const struct kql_catalog CATALOG = { .table_find = table_find };

struct world {
    char                  dir[64], rules[96];
    struct state         *state;
    struct content_store *content;
    struct detect        *detect;
    struct detect_outbox *outbox;
    struct env_fake       env;
    struct detect_logs    logs;
    pthread_mutex_t       lock; /* of all below */
    VEC(struct row) table;
    size_t        queries, fail; /* fail: so many queries fail from now */
    struct strbuf raised;        /* "computer+computer;" an alert */
    size_t        n_raised;
    bool          real; /* the real clock */
    bool          away; /* the engine takes no rows */
};

/* The time in `column >= toDateTime64('…'`, with the comparison given; the fallback without one. */
static ts bound(str sql, const char *column, const char *op, ts fallback)
{
    char   wanted[64];
    size_t at;
    ts     t;

    for (int quoted = 0; quoted < 2; quoted++) {
        (void)snprintf(wanted, sizeof wanted, "%s%s %s toDateTime64('", column, quoted ? "`" : "", op);
        if ((at = str_find(sql, str_of(wanted))) == STR_NPOS)
            continue;
        str  text = str_slice(sql, at + strlen(wanted), at + strlen(wanted) + 27);
        char iso[32];
        (void)snprintf(iso, sizeof iso, STR_FMT "Z", STR_ARG(text));
        iso[10] = 'T';
        return ts_parse(str_of(iso), &t) ? t : fallback;
    }
    return fallback;
}

typedef enum rc (*row_fn)(void *arg, str line, struct err *err);

static enum rc answer_rows(struct world *w, struct row *hits, size_t n, row_fn row, void *arg,
                           struct err *err)
{
    char line[200], when[TS_TEXT_SIZE];

    (void)w;
    for (size_t i = 0; i < n; i++) {
        ts_text(hits[i].when, when);
        when[10] = ' ';
        when[27] = 0;
        (void)snprintf(line, sizeof line, "[\"%s\",\"%s\"]", when, hits[i].computer);
        TRY(row(arg, str_of(line), err));
    }
    return RC_OK;
}

static const char *engine_time(ts t, char buf[TS_TEXT_SIZE])
{
    ts_text(t, buf);
    buf[10] = ' ';
    buf[27] = 0;
    return buf;
}

/* Computers with three rows or more; with their first and last time when the query asks for them. */
static enum rc answer_groups(str sql, struct row *hits, size_t n, row_fn row, void *arg, struct err *err)
{
    char line[300], from[TS_TEXT_SIZE], to[TS_TEXT_SIZE];

    for (size_t i = 0; i < n; i++) {
        size_t count = 0, before = 0;
        ts     low = hits[i].when, high = hits[i].when;
        for (size_t k = 0; k < n; k++) {
            if (strcmp(hits[k].computer, hits[i].computer) != 0)
                continue;
            count++;
            before += k < i;
            low = hits[k].when < low ? hits[k].when : low;
            high = hits[k].when > high ? hits[k].when : high;
        }
        if (before || count < 3)
            continue;
        if (str_contains(sql, S("minOrNull")))
            (void)snprintf(line, sizeof line, "[\"%s\",\"%s\",\"%s\",%zu]", hits[i].computer,
                           engine_time(low, from), engine_time(high, to), count);
        else
            (void)snprintf(line, sizeof line, "[\"%s\",%zu]", hits[i].computer, count);
        TRY(row(arg, str_of(line), err));
    }
    return RC_OK;
}

static enum rc answer_spans(struct row *hits, size_t n, row_fn row, void *arg, struct err *err)
{
    char line[100];

    for (size_t i = 0; i < n; i++) {
        (void)snprintf(line, sizeof line, "[\"%lld\",\"%lld\",%lld]", (long long)hits[i].when,
                       (long long)hits[i].when, (long long)hits[i].ingested);
        TRY(row(arg, str_of(line), err));
    }
    return RC_OK;
}

static enum rc query(void *ctx, str sql, row_fn row, void *arg, struct err *err)
{
    struct world *w = ctx;
    ts from = bound(sql, "TimeGenerated", ">=", TS_MIN), to = bound(sql, "TimeGenerated", "<", TS_MAX);
    ts in_from = bound(sql, "_IngestionTime", ">=", TS_MIN),
       in_to = bound(sql, "_IngestionTime", "<", TS_MAX);
    VEC(struct row) hits = { 0 };
    enum rc rc;

    pthread_mutex_lock(&w->lock);
    w->queries++;
    bool fails = w->fail > 0 && w->fail--;
    for (size_t i = 0; i < w->table.n; i++) {
        struct row *r = &w->table.p[i];
        if (r->when >= from && r->when < to && r->ingested >= in_from && r->ingested < in_to)
            *vec_push(&hits) = *r;
    }
    pthread_mutex_unlock(&w->lock);
    if (fails)
        rc = err_set(err, RC_UNAVAILABLE, "the engine is away");
    else if (str_starts(sql, S("SELECT min(t)")))
        rc = answer_spans(hits.p, hits.n, row, arg, err);
    else if (str_starts(sql, S("SELECT nothing FROM")))
        rc = hits.n ? row(arg, S("[1]"), err) : RC_OK;
    else if (str_contains(sql, S("GROUP BY")))
        rc = answer_groups(sql, hits.p, hits.n, row, arg, err);
    else
        rc = answer_rows(w, hits.p, hits.n, row, arg, err);
    vec_done(&hits);
    return rc;
}

static enum rc watermark(void *ctx, ts *out, struct err *err)
{
    struct world *w = ctx;
    (void)err;
    *out = w->logs.ctx ? env_now(&w->env.env) : 0;
    return RC_OK;
}

static enum rc watermark_real(void *ctx, ts *out, struct err *err)
{
    struct world *w = ctx;
    (void)err;
    pthread_mutex_lock(&w->lock);
    *out = env_now(env_real());
    pthread_mutex_unlock(&w->lock);
    return RC_OK;
}

static enum rc changes(void *ctx, void (*each)(void *arg, str table, uint64_t mark), void *arg,
                       struct err *err)
{
    struct world *w = ctx;
    (void)err;
    pthread_mutex_lock(&w->lock);
    size_t n = w->table.n;
    pthread_mutex_unlock(&w->lock);
    if (n)
        each(arg, S("T"), n);
    return RC_OK;
}

static enum rc ensure(void *ctx, str table, struct err *err)
{
    (void)ctx;
    (void)table;
    (void)err;
    return RC_OK;
}

static enum rc append(void *ctx, str table, const str *rows, size_t n, str token, struct err *err)
{
    struct world *w = ctx;

    (void)table;
    (void)rows;
    (void)n;
    (void)token;
    return w->away ? err_set(err, RC_UNAVAILABLE, "the engine is away") : RC_OK;
}

static enum rc raise_alert(void *ctx, struct state_tx *tx, const struct alert *alert, struct err *err)
{
    struct world *w = ctx;
    AUTO(arena) a = arena_new(1 << 20);
    const struct json *list;

    (void)tx;
    TRY(json_parse(a, alert->entities, &list, err));
    pthread_mutex_lock(&w->lock);
    w->n_raised++;
    for (size_t i = 0; i < list->n; i++)
        strbuf_addf(&w->raised, "%s" STR_FMT, i ? "+" : "",
                    STR_ARG(json_str(json_at(list, i), S("HostName"), S("?"))));
    strbuf_addc(&w->raised, ';');
    pthread_mutex_unlock(&w->lock);
    return RC_OK;
}

/* --- the world --- */

#define RULE(id, more)                                                                                       \
    "id: " id "\nname: Rule\nseverity: Medium\nqueryFrequency: 5m\nqueryPeriod: 1h\n"                        \
    "entityMappings:\n- entityType: Host\n  fieldMappings:\n  - {identifier: HostName, columnName: "         \
    "Computer}\n" more
#define ABOVE_NONE "triggerOperator: gt\ntriggerThreshold: 0\n"
#define EACH_ROW                                                                                             \
    RULE("11111111-1111-1111-1111-111111111111", ABOVE_NONE "query: T | project TimeGenerated, Computer\n")
#define THREE_ROWS                                                                                           \
    RULE("22222222-2222-2222-2222-222222222222", ABOVE_NONE "query: T | summarize N = count() by "           \
                                                            "Computer\n")
#define BROKEN RULE("33333333-3333-3333-3333-333333333333", ABOVE_NONE "query: Nowhere | take 1\n")
#define ABSENT                                                                                               \
    RULE("44444444-4444-4444-4444-444444444444",                                                             \
         "triggerOperator: lt\ntriggerThreshold: 1\nquery: T | project TimeGenerated, Computer\n")

static void start(struct world *w, const struct env *env)
{
    struct detect_opts o = { .state = w->state,
                             .content = w->content,
                             .logs = w->logs,
                             .sink = { .ctx = w, .raise = raise_alert },
                             .outbox = w->outbox,
                             .env = env,
                             .poll = MILLIS(20) };
    struct err         err = { 0 };
    CHECK_OK_ERR(detect_new(&o, &w->detect, &err), &err);
}

static void open_world(struct world *w, const char *const *rules)
{
    char        path[160];
    const char *folder = w->rules;
    struct err  err = { 0 };

    (void)snprintf(w->dir, sizeof w->dir, "/tmp/vedette-detect-XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    (void)snprintf(w->rules, sizeof w->rules, "%s/rules", w->dir);
    CHECK_OK(file_mkdirs(w->rules, 0700, NULL));
    for (int i = 0; rules[i]; i++) {
        (void)snprintf(path, sizeof path, "%s/%d.yaml", w->rules, i);
        CHECK_OK(file_write_atomic(path, str_of(rules[i]), 0600, NULL));
    }
    (void)snprintf(path, sizeof path, "%s/state.db", w->dir);
    CHECK_OK(state_open(path, &w->state, NULL));
    w->content = content_store_new();
    CHECK_OK_ERR(content_store_load(w->content, &folder, 1, NULL, &err), &err);
    env_fake_init(&w->env, NOW, 1);
    pthread_mutex_init(&w->lock, NULL);
    strbuf_init(&w->raised, 1 << 20);
    w->logs = (struct detect_logs) { w, &CATALOG, watermark, changes, ensure, query, append };
    start(w, &w->env.env);
}

static void close_world(struct world *w)
{
    detect_free(w->detect);
    content_store_free(w->content);
    state_free(w->state);
    vec_done(&w->table);
    strbuf_done(&w->raised);
    pthread_mutex_destroy(&w->lock);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

/* A row whose event is `ago` before now, arriving now. */
static void add(struct world *w, duration ago, const char *computer)
{
    pthread_mutex_lock(&w->lock); /* over the stamp, too: the watermark must not pass a row on its way */
    ts now = w->real ? env_now(env_real()) : w->env.now;
    *vec_push(&w->table) = (struct row) { NOW - ago, now, computer };
    pthread_mutex_unlock(&w->lock);
}

/* One pass, ten seconds later. Answers the number of windows. */
static size_t pass(struct world *w)
{
    struct err err = { 0 };
    size_t     ran = 0;

    w->env.now += SECONDS(10);
    strbuf_clear(&w->raised);
    CHECK_OK_ERR(detect_pass(w->detect, &ran, &err), &err);
    return ran;
}

#define RULES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define RAISED(w, text) CHECK_SEQ(strbuf_view(&(w)->raised), S(text))

TEST(a_row_fires_once)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW));
    pass(&w);
    RAISED(&w, "");
    add(&w, SECONDS(5), "a");
    CHECK_EQ(pass(&w), 1);
    RAISED(&w, "a;");
    pass(&w);
    RAISED(&w, "");
    close_world(&w);
}

TEST(years_old_rows_fire_like_new_ones)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW, THREE_ROWS));
    for (int i = 0; i < 3; i++)
        add(&w, DAYS(1500) + MINUTES(i), "old");
    add(&w, DAYS(700), "once");
    pass(&w);
    RAISED(&w, "old;once;old;");
    close_world(&w);
}

TEST(rows_of_one_matter_that_come_in_pieces_are_one_alert)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(THREE_ROWS));
    add(&w, MINUTES(9), "a");
    add(&w, MINUTES(8), "a");
    pass(&w);
    RAISED(&w, "");
    add(&w, MINUTES(7), "a");
    pass(&w);
    RAISED(&w, "a;");
    pass(&w);
    RAISED(&w, "");
    close_world(&w);
}

TEST(a_late_row_is_judged_with_what_came_before_and_after_it)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(THREE_ROWS));
    add(&w, MINUTES(150), "a");
    add(&w, MINUTES(100), "a");
    pass(&w);
    RAISED(&w, "");
    add(&w, MINUTES(130), "a");
    pass(&w);
    RAISED(&w, "a;");
    close_world(&w);
}

TEST(rows_further_apart_than_a_period_do_not_count_together)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(THREE_ROWS));
    for (int i = 0; i < 6; i++)
        add(&w, HOURS(2 * i + 1), "a");
    pass(&w);
    RAISED(&w, "");
    close_world(&w);
}

TEST(a_failing_engine_delays_and_loses_nothing)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW, THREE_ROWS));
    for (int i = 0; i < 3; i++)
        add(&w, MINUTES(i), "a");
    w.fail = 4;
    pass(&w);
    pass(&w);
    pass(&w);
    pass(&w);
    CHECK_EQ(w.n_raised, 2);
    close_world(&w);
}

TEST(a_restart_repeats_nothing)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW, THREE_ROWS));
    for (int i = 0; i < 3; i++)
        add(&w, MINUTES(i), "a");
    pass(&w);
    CHECK_EQ(w.n_raised, 2);
    w.detect = detect_free(w.detect);
    start(&w, &w.env.env);
    pass(&w);
    CHECK_EQ(w.n_raised, 2);
    add(&w, 0, "b");
    pass(&w);
    RAISED(&w, "b;");
    close_world(&w);
}

TEST(a_kill_before_the_marks_are_kept_repeats_nothing)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW, THREE_ROWS));
    for (int i = 0; i < 3; i++)
        add(&w, MINUTES(i), "a");
    pass(&w);
    /* As if the process had died between the alerts' transaction and that of the marks. */
    {
        AUTO(state_tx) tx = NULL;
        CHECK_OK(state_tx_write(w.state, &tx, NULL));
        CHECK_OK(state_stmt_run(tx, "UPDATE detect_rules SET looked_to = 0", STATE_NO_ARGS, NULL));
        CHECK_OK(state_tx_commit(tx, NULL));
    }
    struct detect *dead = w.detect;
    start(&w, &w.env.env);
    pass(&w);
    CHECK_EQ(w.n_raised, 2);
    detect_free(dead);
    close_world(&w);
}

static int64_t waiting(struct world *w, const char *table, const char *like)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_OK(state_tx_read(w->state, &tx, NULL));
    CHECK_OK(state_stmt_one(tx, "SELECT count(*) FROM outbox WHERE table_name = ? AND row LIKE ?",
                            STATE_ARGS(STATE_S(str_of(table)), STATE_S(str_of(like))), &st, NULL));
    return state_stmt_i64(st, 0);
}

TEST(a_broken_rule_and_a_broken_file_stop_nobody)
{
    struct world w = { .n_raised = 0 };
    AUTO(arena) a = arena_new(1 << 20);
    struct detect_rule_status *s;
    size_t                     n;

    open_world(&w, RULES(BROKEN, "id: 1\n", EACH_ROW));
    add(&w, 0, "a");
    pass(&w);
    RAISED(&w, "a;");
    CHECK_OK(detect_status(w.detect, a, &s, &n, NULL));
    CHECK_EQ(n, 3);
    CHECK(s[0].usable && s[0].last_run > 0);
    CHECK_SEQ(s[0].last_result, S("ok"));
    CHECK(!s[1].usable && str_starts(s[1].last_result, S("failed: query: line 1, column 1")));
    CHECK(!s[2].usable && str_contains(s[2].last_result, S("1.yaml:1: id:")));
    CHECK_EQ(waiting(&w, "Health", "%Load rule%"), 2);
    CHECK_EQ(waiting(&w, "RuleRuns", "%Success%"), 1);
    close_world(&w);
}

TEST(a_rule_that_is_switched_off_does_not_run)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(EACH_ROW "enabled: false\n"));
    add(&w, 0, "a");
    CHECK_EQ(pass(&w), 0);
    close_world(&w);
}

TEST(a_long_history_is_swept_in_several_passes)
{
    struct world w = { .n_raised = 0 };
    size_t       ran = 0, passes = 0, one;

    open_world(&w, RULES(THREE_ROWS));
    for (int i = 0; i < 400; i++)
        add(&w, DAYS(20) - MINUTES(40 * i), "x");
    for (int i = 0; i < 3; i++)
        add(&w, DAYS(9) + MINUTES(i), "found");
    do {
        one = pass(&w);
        ran += one;
        passes++;
        CHECK(one <= 256);
    } while (one && passes < 20);
    CHECK(passes > 2 && passes < 10);
    CHECK(ran > 400 && ran < 700);
    CHECK_EQ(w.n_raised, 1);
    close_world(&w);
}

#define THREE_WITH_TIMES                                                                                     \
    RULE("55555555-5555-5555-5555-555555555555",                                                             \
         ABOVE_NONE "query: T | summarize StartTime = min(TimeGenerated), EndTime = max(TimeGenerated), "    \
                    "N = count() by Computer\n")

TEST(a_probe_spares_the_windows_in_which_nothing_can_be)
{
    struct world w = { .n_raised = 0 };

    open_world(&w, RULES(THREE_WITH_TIMES));
    for (int i = 0; i < 100; i++) /* each host twice, never thrice: far apart, a window each */
        add(&w, DAYS(50) - HOURS(5 * i), i % 2 ? "x" : "y");
    w.queries = 0;
    pass(&w);
    CHECK(w.queries > 90); /* x and y have three rows in the long run: every window is looked at */
    CHECK_EQ(w.n_raised, 0);
    close_world(&w);

    memset(&w, 0, sizeof w);
    open_world(&w, RULES(THREE_WITH_TIMES));
    static char names[100][8];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(names[i], sizeof names[i], "h%d", i);
        add(&w, DAYS(50) - HOURS(5 * i), names[i]);
    }
    for (int i = 0; i < 3; i++)
        add(&w, DAYS(40) + MINUTES(i), "found");
    w.queries = 0;
    pass(&w);
    RAISED(&w, "found;");
    CHECK(w.queries < 10);
    /* With older rows about, the probe reads them, too: two that came before and one now make three. */
    add(&w, DAYS(30), "slow");
    add(&w, DAYS(30) - MINUTES(1), "slow");
    pass(&w);
    RAISED(&w, "");
    for (int i = 0; i < 100; i++)
        add(&w, DAYS(49) - HOURS(5 * i), names[i]);
    add(&w, DAYS(30) - MINUTES(2), "slow");
    w.queries = 0;
    pass(&w);
    RAISED(&w, "slow;");
    CHECK(w.queries < 10);
    close_world(&w);
}

TEST(absence_is_judged_by_the_clock)
{
    struct world w = { .n_raised = 0 };
    open_world(&w, RULES(ABSENT));
    pass(&w);
    CHECK_EQ(w.n_raised, 0);
    w.env.now += MINUTES(5);
    pass(&w);
    CHECK_EQ(w.n_raised, 1);
    add(&w, -MINUTES(6), "a");
    w.env.now += MINUTES(5);
    pass(&w);
    CHECK_EQ(w.n_raised, 1);
    close_world(&w);
}

TEST(a_new_set_of_rules_comes_into_force)
{
    struct world w = { .n_raised = 0 };
    char         path[160];
    const char  *folder = w.rules;

    open_world(&w, RULES(BROKEN));
    add(&w, 0, "a");
    pass(&w);
    CHECK_EQ(w.n_raised, 0);
    (void)snprintf(path, sizeof path, "%s/9.yaml", w.rules);
    CHECK_OK(file_write_atomic(path, S(EACH_ROW), 0600, NULL));
    CHECK_OK(content_store_load(w.content, &folder, 1, NULL, NULL));
    pass(&w);
    RAISED(&w, "a;");
    close_world(&w);
}

TEST(looked_at_is_told_once_the_rows_of_it_are_in_the_tables)
{
    struct world w = { .n_raised = 0 };
    AUTO(detect_outbox) outbox = NULL;
    size_t ran;

    open_world(&w, RULES(EACH_ROW));
    outbox = detect_outbox_new(w.state, &w.logs);
    w.detect = detect_free(w.detect);
    w.outbox = outbox;
    start(&w, &w.env.env);
    pass(&w);
    ts told = detect_looked_to(w.detect);
    CHECK(told > 0);
    add(&w, 0, "a");
    w.away = true;
    w.env.now += SECONDS(10);
    CHECK_EQ(detect_pass(w.detect, &ran, NULL), RC_UNAVAILABLE);
    CHECK_EQ(ran, 1);
    CHECK_EQ(detect_looked_to(w.detect), told);
    w.away = false;
    pass(&w);
    CHECK_EQ(detect_looked_to(w.detect), w.env.now);
    close_world(&w);
}

static size_t raised_so_far(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    size_t n = w->n_raised;
    pthread_mutex_unlock(&w->lock);
    return n;
}

TEST(with_threads_a_row_fires_within_seconds_and_once)
{
    struct world w = { .n_raised = 0 };

    open_world(&w, RULES(EACH_ROW, THREE_ROWS));
    w.detect = detect_free(w.detect);
    w.logs.watermark = watermark_real;
    w.real = true;
    ts before = env_now(env_real());
    start(&w, env_real());
    CHECK_OK(detect_start(w.detect, NULL));
    for (int i = 0; i < 3; i++)
        add(&w, MINUTES(i), "a");
    CHECK_SOON(raised_so_far(&w) == 2);
    CHECK_SOON(detect_looked_to(w.detect) > before);
    w.detect = detect_free(w.detect);
    CHECK_EQ(w.n_raised, 2);
    close_world(&w);
}
