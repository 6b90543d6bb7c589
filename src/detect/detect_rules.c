/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_rules.h"

#include "base/mem.h"
#include "detect/detect_job.h"
#include "detect/detect_run.h"

enum { MAX_SET_BYTES = 256 << 20, MAX_COMPILE_BYTES = 64 << 20, MAX_TABLES_BYTES = 16 << 20 };

#define QUIET MILLIS(700)
#define MIN_PAUSE SECONDS(2)
#define MAX_PAUSE SECONDS(60)
#define FIRST_LOOK DAYS(1)
#define COMPILE_AGAIN SECONDS(30)

void detect_rules_init(struct detect_rules *r)
{
    *r = (struct detect_rules) { .tables = map_new(MAP_CASE), .tables_arena = arena_new(MAX_TABLES_BYTES) };
}

static void drop_set(struct detect_rules *r)
{
    for (size_t i = 0; i < r->n; i++)
        arena_free(r->p[i].arena);
    r->arena = arena_free(r->arena);
    snapshot_unref(r->held);
    r->held = NULL;
    r->p = NULL;
    r->n = 0;
}

void detect_rules_done(struct detect_rules *r)
{
    drop_set(r);
    map_free(r->tables);
    arena_free(r->tables_arena);
}

/* Compiles for the sake of the tables; what fails is tried again later, since a table may appear. */
static void compile(struct detect_rules *r, struct detect_rule *rule, const struct detect_logs *logs, ts now)
{
    AUTO(arena) scratch = arena_new(MAX_COMPILE_BYTES);
    struct err why = { 0 };
    const str *tables;
    size_t     n;

    if (detect_run_tables(logs, rule->rule, scratch, &tables, &n, &why) != RC_OK) {
        (void)snprintf(rule->result, sizeof rule->result, "failed: %.380s", why.text);
        rule->next_at = now + COMPILE_AGAIN;
        return;
    }
    str *copy = ARENA_ARRAY(r->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = arena_str(r->arena, tables[i]);
    rule->tables = copy;
    rule->n_tables = n;
    rule->timing = detect_window_timing(rule->rule, n);
    rule->compiled = true;
}

static enum rc read_mark(struct detect_rule *rule, struct state_tx *tx, ts now, struct err *err)
{
    struct detect_mark m;
    struct err         why = { 0 };
    duration           back = rule->rule->period > FIRST_LOOK ? rule->rule->period : FIRST_LOOK;

    rule->arena = arena_new(MAX_COMPILE_BYTES);
    enum rc rc = detect_ledger_mark(tx, rule->rule->id, rule->arena, &m, &why);
    if (rc == RC_NOT_FOUND) {
        rule->looked_to = now - back;
        rule->timed_to = now;
        rule->unsaved = true;
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.text);
    rule->looked_to = m.looked_to;
    rule->timed_to = m.timed_to;
    rule->last_run = m.last_run;
    (void)snprintf(rule->result, sizeof rule->result, STR_FMT, STR_ARG(str_slice(m.last_result, 0, 390)));
    return detect_job_spans_read(rule->arena, m.pending, &rule->pending, err);
}

static enum rc fill(struct detect_rules *r, const struct content_set *set, struct state *state,
                    const struct detect_logs *logs, ts now, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(state, &tx, err));
    for (; r->n < set->n_rules; r->n++) {
        struct detect_rule *rule = &r->p[r->n];
        rule->rule = &set->rules[r->n];
        rule->timed = rule->rule->trigger != CONTENT_GT;
        TRY(read_mark(rule, tx, now, err));
    }
    tx = state_tx_free(tx); /* compiling may read state as well: watchlists */
    for (size_t i = 0; i < r->n; i++)
        compile(r, &r->p[i], logs, now);
    return RC_OK;
}

enum rc detect_rules_adopt(struct detect_rules *r, struct snapshot *held, struct state *state,
                           const struct detect_logs *logs, ts now, struct err *err)
{
    const struct content_set *set = content_store_set(held);

    drop_set(r);
    r->held = held;
    r->arena = arena_new(MAX_SET_BYTES);
    r->p = ARENA_ARRAY(r->arena, struct detect_rule, set->n_rules + 1);
    enum rc rc = fill(r, set, state, logs, now, err);
    if (rc != RC_OK) {
        r->n = r->n < set->n_rules ? r->n + 1 : r->n; /* the one that failed may own an arena */
        drop_set(r);                                  /* so that the set is taken over anew */
    }
    return rc;
}

void detect_rules_retry(struct detect_rules *r, const struct detect_logs *logs, ts now)
{
    for (size_t i = 0; i < r->n; i++)
        if (!r->p[i].compiled && !r->p[i].running && now >= r->p[i].next_at)
            compile(r, &r->p[i], logs, now);
}

void detect_rules_watermark(struct detect_rules *r, ts watermark)
{
    ts newest;

    if (watermark > r->watermark)
        r->watermark = watermark;
    if (r->changed_at >= r->settled || !r->settled)
        r->settled = r->watermark;
    for (size_t i = 0; i < r->n; i++)
        if (!r->p[i].running)
            (void)detect_rules_dirty(r, &r->p[i], &newest);
}

void detect_rules_changed(struct detect_rules *r, str table, uint64_t mark, ts now)
{
    struct detect_table *t = map_find(r->tables, table);

    if (!t) {
        t = arena_try_alloc(r->tables_arena, sizeof *t);
        if (!t)
            return; /* 16 MiB of tables: there are no more than 2,000 */
        map_put(r->tables, table, t);
        t->mark = ~mark;
    }
    if (t->mark != mark) {
        *t = (struct detect_table) { mark, now };
        r->changed_at = now;
    }
}

bool detect_rules_dirty(struct detect_rules *r, struct detect_rule *rule, ts *newest)
{
    bool dirty = false;

    *newest = 0;
    for (size_t i = 0; i < rule->n_tables; i++) {
        const struct detect_table *t = map_find(r->tables, rule->tables[i]);
        if (!t || t->changed_at < rule->looked_to)
            continue;
        dirty = true;
        if (t->changed_at > *newest)
            *newest = t->changed_at;
    }
    if (!dirty && !rule->pending.n && r->settled > rule->looked_to)
        rule->looked_to = r->settled;
    return dirty;
}

duration detect_rules_pause(const struct detect_rule *rule)
{
    duration pause = rule->rule->frequency / (rule->growing ? 20 : 60);

    return pause < MIN_PAUSE ? MIN_PAUSE : pause > MAX_PAUSE ? MAX_PAUSE : pause;
}

bool detect_rules_due(struct detect_rules *r, struct detect_rule *rule, ts now)
{
    ts newest;

    if (!rule->rule->enabled || !rule->compiled || rule->running)
        return false;
    if (rule->timed)
        return now >= rule->next_at && r->watermark - rule->timed_to >= rule->rule->frequency;
    bool dirty = detect_rules_dirty(r, rule, &newest);
    if (dirty && !rule->dirty_since)
        rule->dirty_since = now;
    if (now < rule->next_at)
        return false;
    if (rule->pending.n)
        return true;
    if (!dirty)
        return false;
    bool quiet = now - newest >= QUIET && r->settled > newest;
    return quiet || now - rule->dirty_since >= detect_rules_pause(rule);
}
