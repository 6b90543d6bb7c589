/* SPDX-License-Identifier: Apache-2.0 */
/* Livestreams: queries that go on running, their rows as they come, and alerts made of them. */
#include "api/api_streams.h"

#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "hunt/hunt_case.h"

enum { MAX_ROWS = 1000, USUAL_ROWS = 200, EVENT_BYTES = 256 * 1024 };

static struct hunt *desk(const struct api_call *c)
{
    return c->api->opts.hunt;
}

static void write_stream(struct json_w *w, const struct hunt_stream *s)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), s->id);
    json_w_kstr(w, S("etag"), s->etag);
    json_w_kstr(w, S("title"), s->title);
    json_w_kstr(w, S("query"), s->query);
    json_w_kstr(w, S("status"), s->status);
    json_w_ki64(w, S("everySeconds"), s->every / TS_PER_SECOND);
    json_w_ktime(w, S("started"), s->started);
    json_w_ktime(w, S("lookedTo"), s->looked_to);
    json_w_ktime(w, S("lastRun"), s->last_run);
    json_w_kstr(w, S("error"), s->error);
    json_w_ki64(w, S("rowsCount"), s->n_rows);
    incident_json_person(w, S("owner"), &s->owner);
    json_w_key(w, S("columns"));
    json_w_raw(w, s->columns);
    json_w_end(w);
}

static enum rc answer_stream(struct api_call *c, int status, const struct hunt_stream *s, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_stream(&w, s);
    api_call_etag(c, s->etag);
    return api_call_done(c, status, err);
}

enum rc api_streams_list(struct api_call *c, struct err *err)
{
    struct hunt_stream *list;
    size_t              n;

    TRY(hunt_stream_list(desk(c), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_stream(&w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_streams_get(struct api_call *c, struct err *err)
{
    struct hunt_stream s;

    TRY(hunt_stream_get(desk(c), api_call_param(c, "stream"), c->arena, &s, err));
    return answer_stream(c, 200, &s, err);
}

enum rc api_streams_put(struct api_call *c, struct err *err)
{
    const struct json           *body;
    struct hunt_stream           s;
    bool                         created;
    const struct hunt_stream_put put = { .id = api_call_param(c, "stream"),
                                         .properties = json_get(c->json, S("properties")),
                                         .if_match = api_call_if_match(c),
                                         .who = &c->who,
                                         .request = http_req_header(c->req, S("x-ms-client-request-id")) };

    TRY(api_call_object(c, &body, err));
    TRY(hunt_stream_put(c->api->streams, &put, c->arena, &s, &created, err));
    return answer_stream(c, created ? 201 : 200, &s, err);
}

enum rc api_streams_delete(struct api_call *c, struct err *err)
{
    return api_call_deleted(c, hunt_stream_delete(desk(c), api_call_param(c, "stream"), err));
}

static void write_rows(struct json_w *w, const struct hunt_stream_row *rows, size_t n)
{
    json_w_key(w, S("rows"));
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_ki64(w, S("seq"), rows[i].seq);
        json_w_ktime(w, S("time"), rows[i].time);
        json_w_key(w, S("row"));
        json_w_raw(w, rows[i].row);
        json_w_end(w);
    }
    json_w_end(w);
}

static int64_t number_of(const struct api_call *c, const char *name, int64_t usual)
{
    int64_t v = usual;
    return str_to_i64(api_call_query(c, name), &v) && v >= 0 ? v : usual;
}

enum rc api_streams_rows(struct api_call *c, struct err *err)
{
    int64_t                 top = number_of(c, "$top", USUAL_ROWS);
    struct hunt_stream_page page = { .after = number_of(c, "after", 0),
                                     .top = top > MAX_ROWS ? MAX_ROWS : (size_t)top };
    struct hunt_stream      s;

    TRY(hunt_stream_get(desk(c), api_call_param(c, "stream"), c->arena, &s, err));
    TRY(hunt_stream_rows(desk(c), s.id, &page, c->arena, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_key(&w, S("columns"));
    json_w_raw(&w, s.columns);
    write_rows(&w, page.rows, page.n);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* --- as they come --- */

/* To everybody that something came; the rows to those who listen to streams. */
void api_streams_tell(void *ctx, const struct hunt_stream *s, const struct hunt_stream_row *rows, size_t n)
{
    struct api   *a = ctx;
    AUTO_STRBUF   text = STRBUF_INIT(EVENT_BYTES);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_kstr(&w, S("id"), s->id);
    json_w_ki64(&w, S("rowsCount"), s->n_rows);
    write_rows(&w, rows, n);
    json_w_end(&w);
    if (!text.overflow)
        http_sse_publish(a->stream_events, S("rows"), strbuf_view(&text));
    strbuf_clear(&text);
    w = json_w_make(&text);
    json_w_object(&w);
    json_w_kstr(&w, S("type"), S("livestream.rows"));
    json_w_kstr(&w, S("id"), s->id);
    json_w_ki64(&w, S("rowsCount"), s->n_rows);
    json_w_end(&w);
    http_sse_publish(a->events, STR_NONE, strbuf_view(&text));
    if (text.overflow) /* too much for one event: who listens asks for the rows */
        http_sse_publish(a->stream_events, S("more"), strbuf_view(&text));
}

enum rc api_streams_events(struct api_call *c, struct err *err)
{
    return http_sse_listen(c->api->stream_events, c->res, err);
}

/* --- alerts of them --- */

static bool wanted(const struct json *seqs, int64_t seq)
{
    for (size_t i = 0; i < seqs->n; i++)
        if (json_at(seqs, i)->kind == JSON_INT && json_at(seqs, i)->i == seq)
            return true;
    return false;
}

enum rc api_streams_elevate(struct api_call *c, struct err *err)
{
    const struct json      *body, *props, *seqs;
    struct hunt_stream      s;
    struct hunt_stream_page page = { .top = MAX_ROWS };
    struct hunt_case_made   made;

    TRY(api_call_object(c, &body, err));
    props = json_get(body, S("properties"));
    seqs = json_get(props, S("rows"));
    TRY(hunt_stream_get(desk(c), api_call_param(c, "stream"), c->arena, &s, err));
    TRY(hunt_stream_rows(desk(c), s.id, &page, c->arena, err));
    str             *picked = ARENA_ARRAY(c->arena, str, page.n + 1);
    struct hunt_case one = { .id = s.id,
                             .properties = props,
                             .title = s.title,
                             .query = s.query,
                             .columns = s.columns,
                             .rows = picked,
                             .component = S("Livestream") };
    for (size_t i = 0; i < page.n; i++)
        if (!seqs || seqs->kind != JSON_ARRAY ? i + ALERT_MAX_ROWS >= page.n : wanted(seqs, page.rows[i].seq))
            picked[one.n_rows++] = page.rows[i].row;
    TRY(hunt_case_raise(desk(c), &one, c->arena, &made, err));
    struct json_w w = api_call_json(c);
    json_w_object(&w);
    json_w_kstr(&w, S("systemAlertId"), made.alert);
    json_w_kstr(&w, S("incident"), made.incident);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
