/* SPDX-License-Identifier: Apache-2.0 */
/* From the place that decided back to its path. Declared in policy_eval_priv.h. */
#include "base/strbuf.h"
#include "policy/policy_eval_priv.h"

struct numbers {
    uint32_t v[POLICY_PATH_MAX];
    size_t   n;
};

/* Walks as a field's path is walked, until the very place. */
static bool locate(const struct policy_path *path, size_t from, const struct json *node,
                   const struct json *place, struct numbers *out)
{
    for (size_t i = from; i < path->n; i++) {
        if (node == place)
            return true;
        struct policy_path step = { .steps = &path->steps[i], .n = 1 };
        if (path->steps[i].kind != POLICY_STEP_EACH) {
            node = policy_path_get(&step, 0, node);
            if (!node)
                return false;
            continue;
        }
        for (uint32_t e = 0; node->kind == JSON_ARRAY && e < node->n; e++) {
            out->v[out->n++] = e;
            if (locate(path, i + 1, &node->items[e], place, out))
                return true;
            out->n--;
        }
        return false;
    }
    return node == place;
}

static void write_numbered(struct strbuf *out, str text, const struct numbers *numbers)
{
    for (size_t i = 0, at; i < numbers->n && (at = str_find(text, S("[*]"))) != STR_NPOS; i++) {
        strbuf_add(out, str_slice(text, 0, at));
        strbuf_addf(out, "[%u]", (unsigned)numbers->v[i]);
        text = str_from(text, at + 3);
    }
    strbuf_add(out, text);
}

str policy_evidence_path(struct policy_scope *s, const struct policy_field *field, const struct json *place)
{
    struct numbers            numbers = { 0 };
    AUTO_STRBUF               text = STRBUF_INIT(4096);
    const struct policy_path *path = field && place ? policy_field_path(s, field) : NULL;
    if (!path || !policy_path_has_each(path) || !locate(path, 0, s->in->resource, place, &numbers))
        return STR_NONE;
    write_numbered(&text, field->text, &numbers);
    return text.overflow ? STR_NONE : arena_str(s->a, strbuf_view(&text));
}

void policy_evidence_place(struct policy_scope *s, struct policy_witness *w)
{
    str numbered = policy_evidence_path(s, w->field, w->place);
    if (numbered.n)
        w->evidence.field = numbered;
}
