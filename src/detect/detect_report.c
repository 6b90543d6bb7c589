/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_report.h"

#include "detect/detect_outbox.h"

enum { MAX_ROW = 64 * 1024 };

static void add_time(struct json_w *w, str key, ts t)
{
    char text[TS_TEXT_SIZE];
    json_w_kstr(w, key, ts_text(t, text));
}

static int64_t millis(duration d)
{
    return d / MILLIS(1);
}

static enum rc put(struct state_tx *tx, str table, struct strbuf *row, struct err *err)
{
    TRY(strbuf_ok(row, "a row about a rule's run", err));
    return detect_outbox_put(tx, table, strbuf_view(row), err);
}

static enum rc put_run(struct state_tx *tx, const struct detect_report *r, struct err *err)
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&row);

    json_w_object(&w);
    add_time(&w, S("TimeGenerated"), r->when);
    json_w_kstr(&w, S("RuleId"), r->rule->id);
    json_w_kstr(&w, S("RuleName"), r->rule->name);
    json_w_kstr(&w, S("RuleVersion"), r->rule->version);
    json_w_kstr(&w, S("Clock"), S("schedule"));
    add_time(&w, S("WindowStart"), r->window.from);
    add_time(&w, S("WindowEnd"), r->window.to);
    add_time(&w, S("IngestedFrom"), r->ingested.from);
    add_time(&w, S("IngestedTo"), r->ingested.to);
    json_w_kstr(&w, S("Status"), r->error.n ? S("Failure") : S("Success"));
    json_w_ki64(&w, S("Rows"), (int64_t)r->rows);
    json_w_ki64(&w, S("Alerts"), (int64_t)(r->booked.raised + r->booked.extended));
    json_w_ki64(&w, S("DurationMs"), millis(r->took));
    if (r->error.n)
        json_w_kstr(&w, S("Error"), r->error);
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_end(&w);
    return put(tx, S("RuleRuns"), &row, err);
}

struct trouble {
    str     operation, status, code, reason, remedy;
    int64_t rows;
};

static enum rc put_health(struct state_tx *tx, const struct detect_report *r, const struct trouble *t,
                          struct err *err)
{
    AUTO_STRBUF   row = STRBUF_INIT(MAX_ROW);
    struct json_w w = json_w_make(&row);

    json_w_object(&w);
    add_time(&w, S("TimeGenerated"), r->when);
    json_w_kstr(&w, S("OperationName"), t->operation);
    json_w_kstr(&w, S("ResourceKind"), S("Scheduled"));
    json_w_kstr(&w, S("ResourceType"), S("Analytics rule"));
    json_w_kstr(&w, S("ResourceName"), r->rule->name);
    json_w_kstr(&w, S("ResourceId"), r->rule->id);
    json_w_kstr(&w, S("Status"), t->status);
    json_w_kstr(&w, S("Code"), t->code);
    json_w_kstr(&w, S("Reason"), t->reason);
    json_w_kstr(&w, S("Remedy"), t->remedy);
    add_time(&w, S("WindowStart"), r->window.from);
    add_time(&w, S("WindowEnd"), r->window.to);
    json_w_ki64(&w, S("Rows"), t->rows);
    json_w_ki64(&w, S("DurationMs"), millis(r->took));
    json_w_kstr(&w, S("SourceSystem"), S("Vedette"));
    json_w_end(&w);
    return put(tx, S("Health"), &row, err);
}

enum rc detect_report_run(struct state_tx *tx, const struct detect_report *r, struct err *err)
{
    const struct trouble all[] = {
        { S("Rule run"), S("Failure"), str_of(err_name(r->rc)), r->error,
          S("The windows of this run are tried again. Correct the rule or what it reads."),
          r->error.n ? 1 : 0 },
        { S("Rule run"), S("Partial success"), S("TooManyRows"),
          S("a window gave more than 10,000 rows: those above were not judged"),
          S("Narrow the query, or summarize."), (int64_t)r->truncated },
        { S("Rule run"), S("Delayed"), S("WindowsLeft"),
          S("more windows than one pass runs; the rest follows"), S("Nothing: it is being caught up."),
          (int64_t)r->left },
        { S("Rule run"), S("Suppressed"), S("Suppressed"), S("the rule's suppression kept alerts back"),
          S("Nothing: the rule asks for it (suppressionDuration)."), (int64_t)r->booked.suppressed },
    };

    TRY(put_run(tx, r, err));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].rows)
            TRY(put_health(tx, r, &all[i], err));
    return RC_OK;
}

enum rc detect_report_unusable(struct state_tx *tx, const struct content_problem *p, ts when, struct err *err)
{
    struct content_rule  rule = { .id = p->rule, .name = p->file };
    struct detect_report r = { .rule = &rule, .when = when, .window = { when, when } };
    struct trouble       t = {
              S("Load rule"),
              S("Failure"),
              S("RuleNotUsable"),
              p->reason,
              S("Correct the file, or send rows of the table that it misses; the other rules run."),
              1
    };

    return put_health(tx, &r, &t, err);
}
