/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_run.h"

#include "api/api_priv.h"
#include "base/mem.h"

enum { QUERY_ARENA = 128 << 20 };

static bool parse_part(str text, bool *is_span, ts *point, duration *span)
{
    text = str_trim(text);
    *is_span = text.n && (text.p[0] == 'P' || text.p[0] == 'p' || text.p[0] == '-');
    return *is_span ? duration_parse_iso(text, span) && *span >= 0 : ts_parse(text, point);
}

enum rc api_run_timespan(str text, ts now, struct query_request *out, struct err *err)
{
    bool     first_span = false, second_span = false;
    ts       from = 0, to = 0;
    duration first = 0, second = 0;
    size_t   slash = str_find_byte(text, '/');

    text = str_trim(text);
    if (!text.n)
        return RC_OK;
    bool fine = parse_part(slash == STR_NPOS ? text : str_slice(text, 0, slash), &first_span, &from, &first);
    if (slash == STR_NPOS)
        fine = fine && first_span;
    else
        fine = fine && parse_part(str_from(text, slash + 1), &second_span, &to, &second) &&
               !(first_span && second_span);
    if (!fine)
        return err_set(err, RC_INVALID,
                       "The timespan '" STR_FMT
                       "' is neither a duration (PT1H) nor an interval (start/end, start/duration,"
                       " duration/end).",
                       STR_ARG(str_slice(text, 0, 80)));
    if (slash == STR_NPOS)
        to = now;
    else if (second_span)
        to = second > TS_MAX - from ? TS_MAX : from + second;
    if (first_span)
        from = first > to - TS_MIN ? TS_MIN : to - first;
    out->has_time = true;
    out->time_from = from;
    out->time_to = to;
    return RC_OK;
}

void api_run_prefer(str header, struct api_run *r)
{
    str part;
    while (str_split(&header, ',', &part)) {
        int64_t seconds;
        part = str_trim(part);
        if (str_starts_ci(part, S("wait=")) && str_to_i64(str_from(part, 5), &seconds) && seconds > 0 &&
            seconds <= 3600)
            r->request.time_limit = SECONDS(seconds);
        else if (str_eq_ci(part, S("include-statistics=true")))
            r->statistics = true;
        else if (str_eq_ci(part, S("include-render=true")))
            r->render = true;
    }
}

static void free_arena(void *p)
{
    arena_free(p);
}

static void free_text(void *p)
{
    strbuf_done(p);
    mem_free(p);
}

enum rc api_run_query(struct api_call *c, struct api_run *r, struct err *err)
{
    struct query_outcome outcome;
    struct query_answer  answer;
    struct strbuf       *text = MEM_NEW(struct strbuf);
    struct err           why = { 0 };

    strbuf_init(text, API_CALL_MAX_ANSWER);
    arena_defer(c->arena, free_text, text);
    r->request.arena = arena_new(QUERY_ARENA);
    arena_defer(c->arena, free_arena, r->request.arena);
    r->request.who = &c->who;
    r->request.dynamic = query_answer_dynamic(r->shape);
    query_answer_begin(&answer, r->shape, text);
    answer.statistics = r->statistics;
    answer.render = r->render;
    enum rc rc = query_run(c->api->opts.query, &r->request, &answer.sink, &outcome, &why);
    if (rc == RC_OK) {
        query_answer_end(&answer, &outcome);
        TRY(strbuf_ok(text, "the answer", err));
        r->status = 200;
    } else if (kql_diag_any(&outcome.diags) ||
               (r->shape != QUERY_ANSWER_LOGS && err_http_status(rc) == 400)) {
        strbuf_clear(text);
        query_answer_error(r->shape, &outcome, &why, text);
        r->status = 400;
    } else if (rc == RC_UNAVAILABLE) {
        return err_set(err, rc, "The log engine does not answer just now: try again. (%s)", why.text);
    } else {
        return err_set(err, rc, "%s", why.text);
    }
    r->body = strbuf_view(text);
    return RC_OK;
}
