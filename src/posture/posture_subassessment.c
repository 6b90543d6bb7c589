/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_subassessment.h"

#include "base/guid.h"
#include "base/vec.h"
#include "posture/posture_try.h"

enum { TITLE_MAX = 200 };

/* What people know the thing by: the first of these that it has, else all of it. */
static str title_of(const struct json *value, struct arena *a)
{
    static const char *const known[] = { "name", "path", "file", "user", "id", "key", "source", NULL };
    AUTO_STRBUF              text = STRBUF_INIT(TITLE_MAX);

    if (value->kind == JSON_STRING)
        return str_slice(value->s, 0, TITLE_MAX);
    for (size_t i = 0; known[i]; i++) {
        str found = json_str(value, str_of(known[i]), STR_NONE);
        if (found.n)
            return str_slice(found, 0, TITLE_MAX);
    }
    json_print(&text, value, 0);
    return arena_str(a, strbuf_view(&text));
}

/* Two things of one title are told apart by their number among those of it. */
static str name_of(const struct posture_assessment *x, str title, int again, struct arena *a)
{
    static const guid space = { { 0x76, 0x65, 0x64, 0x65, 0x74, 0x74, 0x65, 0x73, 0x75, 0x62 } };
    char              text[GUID_TEXT_SIZE];
    str               key = arena_printf(a, STR_FMT "|" STR_FMT "|" STR_FMT "|%d", STR_ARG(x->resource_id),
                                         STR_ARG(x->unit->check->name), STR_ARG(title), again);

    return arena_str(a, guid_text(guid_of(space, key), text));
}

/* How many of that title there were before. */
static int seen_before(struct map *seen, str title)
{
    uintptr_t n = (uintptr_t)map_find(seen, title);

    map_put(seen, title, (void *)(n + 1));
    return (int)n;
}

enum rc posture_subassessment_of(struct posture *p, const struct posture_plan *plan,
                                 const struct posture_assessment *x, struct arena *a,
                                 struct posture_subassessments *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    return posture_subassessment_in(p, tx, plan, x, a, out, err);
}

enum rc posture_subassessment_in(struct posture *p, struct state_tx *tx, const struct posture_plan *plan,
                                 const struct posture_assessment *x, struct arena *a,
                                 struct posture_subassessments *out, struct err *err)
{
    struct policy_elements elements = { 0 };
    struct posture_finding f;
    AUTO(map) seen = map_new(MAP_CASE);

    *out = (struct posture_subassessments) { 0 };
    if (x->state != POSTURE_UNHEALTHY)
        return RC_OK;
    const struct posture_judging j = { .plan = plan,
                                       .tree = posture_tree_get(p, a),
                                       .tx = tx,
                                       .now = env_now(p->opts.env),
                                       .elements = &elements };
    TRY(posture_try_again(&j, x, a, &f, err));
    for (size_t i = 0; f.state == POSTURE_UNHEALTHY && i < elements.n; i++) {
        str title = title_of(elements.p[i].value, a);
        *vec_push_in(a, out) =
            (struct posture_subassessment) { .name = name_of(x, title, seen_before(seen, title), a),
                                             .title = title,
                                             .path = elements.p[i].path,
                                             .value = elements.p[i].value };
    }
    return RC_OK;
}
