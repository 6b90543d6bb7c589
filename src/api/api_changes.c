/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft.ResourceGraph/resourceChanges and resourceChangeDetails: what changed in resources, change by
 * change. A change's id is the key of the resource and the number of the version that it made. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "base/vec.h"
#include "posture/posture_change.h"
#include "posture/posture_history.h"

enum { MAX_TOP = 1000, DEFAULT_TOP = 100, MAX_IDS = 1000, VALUE_MAX = 4096 };

struct changes {
    struct api_call *c;
    struct json_w    w;
    ts               from, to;
    bool             properties, contents;
    int64_t          skip, top, seen;
    bool             more;
};

static str change_id(struct api_call *c, const struct posture_edit *e)
{
    return arena_printf(c->arena, "%lld-%lld", (long long)e->key, (long long)e->version);
}

static void write_snapshot(struct changes *x, str key, const struct posture_edit *e, str content)
{
    bool before = str_eq(key, S("beforeSnapshot"));

    json_w_key(&x->w, key);
    json_w_object(&x->w);
    json_w_kstr(&x->w, S("snapshotId"),
                arena_printf(x->c->arena, "%lld-%lld", (long long)e->key, (long long)e->version - before));
    json_w_ktime_known(&x->w, S("timestamp"), before && e->before ? e->before : e->time);
    if (x->contents && content.n) {
        json_w_key(&x->w, S("content"));
        json_w_raw(&x->w, content);
    }
    json_w_end(&x->w);
}

/* Values are texts here, whatever they are in the document. */
static void write_value(struct json_w *w, str key, const struct json *value)
{
    AUTO_STRBUF text = STRBUF_INIT(VALUE_MAX);

    if (!value)
        return;
    if (value->kind == JSON_STRING)
        strbuf_add(&text, str_slice(value->s, 0, VALUE_MAX - 1));
    else
        json_print(&text, value, 0);
    json_w_kstr(w, key, text.overflow ? S("(too long to be shown)") : strbuf_view(&text));
}

static enum rc write_properties(struct changes *x, const struct posture_edit *e, struct err *err)
{
    struct json_w         *w = &x->w;
    const struct json     *was = NULL, *is = NULL;
    struct posture_changes all;

    if (e->was.n)
        TRY(json_parse(x->c->arena, e->was, &was, err));
    if (e->is.n)
        TRY(json_parse(x->c->arena, e->is, &is, err));
    all = posture_change_find(x->c->arena, was, is);
    json_w_key(w, S("propertyChanges"));
    json_w_array(w);
    for (size_t i = 0; was && is && i < all.n; i++) {
        const struct posture_change *p = &all.p[i];
        json_w_object(w);
        json_w_kstr(w, S("propertyName"), p->path);
        write_value(w, S("beforeValue"), p->was);
        write_value(w, S("afterValue"), p->is);
        json_w_kstr(w, S("changeCategory"), str_eq(e->source, S("arm")) ? S("User") : S("System"));
        json_w_kstr(w, S("propertyChangeType"), !p->was ? S("Insert") : !p->is ? S("Remove") : S("Update"));
        json_w_end(w);
    }
    json_w_end(w);
    return RC_OK;
}

static enum rc write_change(struct changes *x, const struct posture_edit *e, struct err *err)
{
    static const str KINDS[] = { STR_INIT("Create"), STR_INIT("Update"), STR_INIT("Delete") };

    json_w_object(&x->w);
    json_w_kstr(&x->w, S("resourceId"), e->resource);
    json_w_kstr(&x->w, S("changeId"), change_id(x->c, e));
    json_w_kstr(&x->w, S("changeType"), KINDS[e->kind]);
    write_snapshot(x, S("beforeSnapshot"), e, e->was);
    write_snapshot(x, S("afterSnapshot"), e, e->is);
    if (x->properties)
        TRY(write_properties(x, e, err));
    json_w_end(&x->w);
    return RC_OK;
}

/* One that is not there, or not for the caller's eyes, has no changes. */
static enum rc edits_of(struct changes *x, str id, struct posture_edits *out, struct err *err)
{
    *out = (struct posture_edits) { 0 };
    if (!access_sees(&x->c->who, id))
        return RC_OK;
    enum rc rc = posture_history_of(api_posture(x->c), id, x->c->arena, out, err);
    return rc == RC_NOT_FOUND || rc == RC_INVALID ? RC_OK : rc;
}

static enum rc list_of(struct changes *x, str id, struct err *err)
{
    struct posture_edits edits;

    TRY(edits_of(x, id, &edits, err));
    for (size_t i = 0; i < edits.n && !x->more; i++) {
        const struct posture_edit *e = &edits.p[i];
        if (e->time < x->from || e->time > x->to || x->seen++ < x->skip)
            continue;
        if (x->seen > x->skip + x->top)
            x->more = true;
        else
            TRY(write_change(x, e, err));
    }
    return RC_OK;
}

/* --- what is asked --- */

static enum rc read_ids(struct api_call *c, const struct json *list, const char *name,
                        struct posture_touched *out, struct err *err)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(list, i)); i++) {
        if (i == MAX_IDS || one->kind != JSON_STRING)
            return api_call_fail(c, 400, "BadRequest", err, "%s is at most %d texts.", name, MAX_IDS);
        *vec_push_in(c->arena, out) = one->s;
    }
    return RC_OK;
}

static enum rc read_resources(struct changes *x, const struct json *body, struct posture_touched *out,
                              struct err *err)
{
    str subscription = json_str(body, S("subscriptionId"), STR_NONE);

    *out = (struct posture_touched) { 0 };
    TRY(read_ids(x->c, json_get(body, S("resourceIds")), "resourceIds", out, err));
    if (out->n || !subscription.n)
        return out->n ? RC_OK
                      : api_call_fail(x->c, 400, "BadRequest", err,
                                      "The body needs resourceIds or subscriptionId.");
    return posture_history_touched(api_posture(x->c), subscription, x->from, x->c->arena, out, err);
}

static enum rc read_question(struct changes *x, const struct json *body, struct err *err)
{
    const struct json *interval = json_get(body, S("interval"));
    str                token = json_str(body, S("$skipToken"), STR_NONE);

    x->top = json_i64(body, S("$top"), DEFAULT_TOP);
    x->properties = json_bool(body, S("fetchPropertyChanges"), false);
    x->contents = json_bool(body, S("fetchSnapshots"), false);
    if (!ts_parse(json_str(interval, S("start"), S("")), &x->from) ||
        !ts_parse(json_str(interval, S("end"), S("")), &x->to) || x->from > x->to)
        return api_call_fail(x->c, 400, "BadRequest", err,
                             "interval has start and end, dates and times, the start first.");
    if (x->top < 1 || x->top > MAX_TOP)
        return api_call_fail(x->c, 400, "BadRequest", err, "$top is 1 to %d.", MAX_TOP);
    if (token.n && (!str_to_i64(token, &x->skip) || x->skip < 0))
        return api_call_fail(x->c, 400, "BadRequest", err, "$skipToken is not one of ours.");
    return RC_OK;
}

enum rc api_changes_list(struct api_call *c, struct err *err)
{
    struct changes         x = { .c = c };
    const struct json     *body;
    struct posture_touched ids;

    TRY(api_call_object(c, &body, err));
    TRY(read_question(&x, body, err));
    TRY(read_resources(&x, body, &ids, err));
    x.w = api_call_json(c);
    json_w_object(&x.w);
    json_w_key(&x.w, S("changes"));
    json_w_array(&x.w);
    for (size_t i = 0; i < ids.n && !x.more; i++)
        TRY(list_of(&x, ids.p[i], err));
    json_w_end(&x.w);
    if (x.more)
        json_w_kstr(&x.w, S("$skipToken"), arena_printf(c->arena, "%lld", (long long)(x.skip + x.top)));
    json_w_end(&x.w);
    return api_call_done(c, 200, err);
}

static enum rc write_detail(struct changes *x, str resource, str id, struct err *err)
{
    struct posture_edits edits;

    TRY(edits_of(x, resource, &edits, err));
    for (size_t i = 0; i < edits.n; i++)
        if (str_eq(change_id(x->c, &edits.p[i]), id))
            return write_change(x, &edits.p[i], err);
    return api_call_fail(x->c, 404, "ChangeNotFound", err, "The change '" STR_FMT "' is not kept here.",
                         STR_ARG(str_slice(id, 0, 100)));
}

/* resourceIds and changeIds side by side; the answer is an array in their order, with both documents. */
enum rc api_changes_details(struct api_call *c, struct err *err)
{
    struct changes         x = { .c = c, .properties = true, .contents = true };
    const struct json     *body;
    struct posture_touched resources = { 0 }, ids = { 0 };

    TRY(api_call_object(c, &body, err));
    TRY(read_ids(c, json_get(body, S("resourceIds")), "resourceIds", &resources, err));
    TRY(read_ids(c, json_get(body, S("changeIds")), "changeIds", &ids, err));
    if (!ids.n || ids.n != resources.n)
        return api_call_fail(c, 400, "BadRequest", err, "The body needs as many resourceIds as changeIds.");
    x.w = api_call_json(c);
    json_w_array(&x.w);
    for (size_t i = 0; i < ids.n; i++)
        TRY(write_detail(&x, resources.p[i], ids.p[i], err));
    json_w_end(&x.w);
    return api_call_done(c, 200, err);
}
