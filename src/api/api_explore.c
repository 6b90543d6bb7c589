/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_explore.h"

size_t api_explore_count(const struct api_call *c)
{
    return c->api->opts.explore ? content_explore_count(c->api->opts.explore) : 0;
}

const struct content_explore *api_explore_at(const struct api_call *c, size_t i)
{
    return content_explore_at(c->api->opts.explore, i);
}

const struct content_explore *api_explore_find(const struct api_call *c, str id)
{
    return c->api->opts.explore ? content_explore_find(c->api->opts.explore, id) : NULL;
}

enum rc api_explore_span(struct api_call *c, const struct json *from, ts *start, ts *end, struct err *err)
{
    str a = json_str(from, S("startTime"), S("")), b = json_str(from, S("endTime"), S(""));

    *end = env_now(c->api->opts.env);
    if (b.n && !ts_parse(b, end))
        return api_call_fail(c, 400, "BadRequest", err, "endTime is a time, as in 2026-11-24T05:57:53Z.");
    *start = *end - DAYS(7);
    if (a.n && !ts_parse(a, start))
        return api_call_fail(c, 400, "BadRequest", err, "startTime is a time, as in 2026-11-24T05:57:53Z.");
    if (*start >= *end)
        return api_call_fail(c, 400, "BadRequest", err, "startTime is before endTime.");
    return RC_OK;
}

enum rc api_explore_run(struct api_call *c, const struct api_explore_asked *asked,
                        struct incident_explore_result *out, struct err *err)
{
    const struct incident_explore_request r = { .query = c->api->opts.query,
                                                .who = &c->who,
                                                .what = asked->what,
                                                .entity = asked->entity,
                                                .from = asked->from,
                                                .to = asked->to };

    return incident_explore_run(c->api->opts.incidents, &r, c->arena, out, err);
}

void api_explore_write(struct json_w *w, const struct content_explore *x)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), x->id);
    json_w_kstr(w, S("kind"), content_explore_kind_name(x->kind));
    if (x->type.n)
        json_w_kstr(w, S("entityType"), x->type);
    json_w_kstr(w, S("title"), x->title);
    json_w_kstr(w, S("description"), x->description);
    json_w_kstrs(w, S("tactics"), x->tactics, x->n_tactics);
    json_w_kstrs(w, S("techniques"), x->techniques, x->n_techniques);
    json_w_kstr(w, S("query"), x->query);
    json_w_end(w);
}
