/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of incidents, and the files attached to them. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "base/codec.h"
#include "incident/incident_file.h"
#include "incident/incident_task.h"

static struct incident_store *store(const struct api_call *c)
{
    return c->api->opts.incidents;
}

/* --- tasks --- */

static void write_task(struct api_call *c, struct json_w *w, const struct incident_task *t)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             STR_FMT "/providers/Microsoft.SecurityInsights/incidents/" STR_FMT
                                     "/tasks/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm),
                             STR_ARG(api_call_param(c, "incident")), STR_ARG(t->name)));
    json_w_kstr(w, S("name"), t->name);
    json_w_kstr(w, S("type"), S("Microsoft.SecurityInsights/incidents/tasks"));
    json_w_kstr(w, S("etag"), t->etag);
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("title"), t->title);
    json_w_kstr(w, S("description"), t->description);
    json_w_kstr(w, S("status"), t->done ? S("Completed") : S("New"));
    json_w_ktime(w, S("createdTimeUtc"), t->created);
    json_w_ktime(w, S("lastModifiedTimeUtc"), t->modified);
    incident_json_person(w, S("createdBy"), &t->maker);
    incident_json_person(w, S("lastModifiedBy"), &t->changer);
    json_w_end(w);
    json_w_end(w);
}

static enum rc answer_task(struct api_call *c, int status, const struct incident_task *t, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_task(c, &w, t);
    api_call_etag(c, t->etag);
    return api_call_done(c, status, err);
}

enum rc api_tasks_list(struct api_call *c, struct err *err)
{
    struct incident_task *list;
    size_t                n;

    TRY(incident_task_list(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_task(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_tasks_get(struct api_call *c, struct err *err)
{
    struct incident_task t;

    TRY(incident_task_get(store(c), api_call_param(c, "incident"), api_call_param(c, "task"), c->arena, &t,
                          err));
    return answer_task(c, 200, &t, err);
}

enum rc api_tasks_put(struct api_call *c, struct err *err)
{
    const struct json       *body;
    struct incident_task     t;
    bool                     created;
    struct incident_task_put put = { .incident = api_call_param(c, "incident"),
                                     .name = api_call_param(c, "task"),
                                     .if_match = api_call_if_match(c),
                                     .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    put.properties = json_get(body, S("properties"));
    TRY(incident_task_put(store(c), &put, c->arena, &t, &created, err));
    return answer_task(c, created ? 201 : 200, &t, err);
}

enum rc api_tasks_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    return api_call_deleted(c, incident_task_delete(store(c), api_call_param(c, "incident"),
                                                    api_call_param(c, "task"), &by, err));
}

/* --- files --- */

static void write_file(struct api_call *c, struct json_w *w, const struct incident_file *f)
{
    json_w_object(w);
    json_w_kstr(w, S("id"),
                arena_printf(c->arena,
                             STR_FMT "/providers/Vedette.Operations/incidents/" STR_FMT "/files/" STR_FMT,
                             STR_ARG(c->api->opts.scopes->workspace_arm),
                             STR_ARG(api_call_param(c, "incident")), STR_ARG(f->name)));
    json_w_kstr(w, S("name"), f->name);
    json_w_kstr(w, S("type"), S("Vedette.Operations/incidents/files"));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("fileName"), f->title);
    json_w_kstr(w, S("contentType"), f->type);
    json_w_kstr(w, S("sha256"), f->sha256);
    json_w_ki64(w, S("size"), f->size);
    json_w_ktime(w, S("createdTimeUtc"), f->created);
    incident_json_person(w, S("createdBy"), &f->who);
    json_w_end(w);
    json_w_end(w);
}

static enum rc answer_file(struct api_call *c, int status, const struct incident_file *f, struct err *err)
{
    struct json_w w = api_call_json(c);

    write_file(c, &w, f);
    return api_call_done(c, status, err);
}

enum rc api_tasks_files(struct api_call *c, struct err *err)
{
    struct incident_file *list;
    size_t                n;

    TRY(incident_file_list(store(c), api_call_param(c, "incident"), c->arena, &list, &n, err));
    struct json_w w = api_call_list(c);
    for (size_t i = 0; i < n; i++)
        write_file(c, &w, &list[i]);
    return api_call_list_end(c, &w, S(""), err);
}

enum rc api_tasks_file(struct api_call *c, struct err *err)
{
    struct incident_file f;

    TRY(incident_file_get(store(c), api_call_param(c, "incident"), api_call_param(c, "file"), c->arena, &f,
                          NULL, err));
    return answer_file(c, 200, &f, err);
}

/* Always a download and never a page: what is in it was written by who knows whom. */
enum rc api_tasks_file_content(struct api_call *c, struct err *err)
{
    struct incident_file f;
    str                  content;

    TRY(incident_file_get(store(c), api_call_param(c, "incident"), api_call_param(c, "file"), c->arena, &f,
                          &content, err));
    http_res_headerf(c->res, "Content-Disposition", "attachment; filename=\"" STR_FMT ".bin\"",
                     STR_ARG(str_slice(f.sha256, 0, 16)));
    http_res_header(c->res, S("Content-Security-Policy"), S("sandbox; default-src 'none'"));
    http_res_body(c->res, 200, S("application/octet-stream"), content);
    return RC_OK;
}

enum rc api_tasks_file_put(struct api_call *c, struct err *err)
{
    AUTO_STRBUF              bytes = STRBUF_INIT(INCIDENT_FILE_MAX_BYTES + 1);
    const struct json       *body, *props;
    struct incident_file     f;
    bool                     created;
    struct incident_file_add add = { .incident = api_call_param(c, "incident"),
                                     .name = api_call_param(c, "file"),
                                     .by = api_by_of(c) };

    TRY(api_call_object(c, &body, err));
    props = json_get(body, S("properties"));
    add.title = json_str(props, S("fileName"), S(""));
    add.type = str_slice(json_str(props, S("contentType"), S("application/octet-stream")), 0, 100);
    if (codec_base64_decode(&bytes, json_str(props, S("content"), S("")), NULL) != RC_OK)
        return api_call_fail(c, 400, "BadRequest", err, "properties.content is the file in Base64.");
    if (bytes.overflow)
        return api_call_fail(c, 413, "RequestEntityTooLarge", err, "A file has at most %d bytes.",
                             INCIDENT_FILE_MAX_BYTES);
    add.content = strbuf_view(&bytes);
    TRY(incident_file_add(store(c), &add, c->arena, &f, &created, err));
    return answer_file(c, created ? 201 : 200, &f, err);
}

enum rc api_tasks_file_delete(struct api_call *c, struct err *err)
{
    struct incident_by by = api_by_of(c);
    return api_call_deleted(c, incident_file_delete(store(c), api_call_param(c, "incident"),
                                                    api_call_param(c, "file"), &by, err));
}
