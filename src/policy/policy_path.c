/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_path.h"

struct reader {
    str                all, rest;
    struct policy_step steps[POLICY_PATH_MAX];
    size_t             n;
    struct arena      *a;
};

static enum rc add_step(struct reader *r, struct policy_step step, struct err *err)
{
    if (r->n == POLICY_PATH_MAX)
        return err_set(err, RC_LIMIT, "the field '" STR_FMT "' has more than %d steps", STR_ARG(r->all),
                       POLICY_PATH_MAX);
    r->steps[r->n++] = step;
    return RC_OK;
}

/* Within quotes an apostrophe is written twice. */
static str unquoted(struct arena *a, str s)
{
    AUTO_STRBUF text = STRBUF_INIT(s.n + 1);
    if (s.n < 2 || (s.p[0] != '\'' && s.p[0] != '"') || s.p[s.n - 1] != s.p[0])
        return s;
    s = str_slice(s, 1, s.n - 1);
    if (!str_contains(s, S("''")))
        return s;
    for (size_t i = 0; i < s.n; i++) {
        strbuf_addc(&text, s.p[i]);
        i += s.p[i] == '\'' && i + 1 < s.n && s.p[i + 1] == '\'';
    }
    return arena_str(a, strbuf_view(&text));
}

static enum rc read_bracket(struct reader *r, struct err *err)
{
    bool   quoted = r->rest.n > 1 && r->rest.p[1] == '\'';
    size_t end = quoted ? str_find(r->rest, S("']")) : str_find_byte(r->rest, ']');
    if (end == STR_NPOS)
        return err_set(err, RC_SYNTAX, "the field '" STR_FMT "' opens a bracket that does not close",
                       STR_ARG(r->all));
    end += quoted;

    str                inside = str_slice(r->rest, 1, end);
    uint64_t           index;
    struct policy_step step = { .kind = POLICY_STEP_KEY, .key = unquoted(r->a, inside) };
    if (str_eq(inside, S("*")))
        step.kind = POLICY_STEP_EACH;
    else if (str_to_u64(inside, &index) && index < UINT32_MAX)
        step = (struct policy_step) { .kind = POLICY_STEP_INDEX, .index = index };
    r->rest = str_from(r->rest, end + 1);
    return add_step(r, step, err);
}

static enum rc read_name(struct reader *r, struct err *err)
{
    size_t end = 0;
    while (end < r->rest.n && r->rest.p[end] != '.' && r->rest.p[end] != '[')
        end++;
    if (end == 0)
        return err_set(err, RC_SYNTAX, "the field '" STR_FMT "' has an empty name", STR_ARG(r->all));
    struct policy_step step = { .kind = POLICY_STEP_KEY, .key = str_slice(r->rest, 0, end) };
    r->rest = str_from(r->rest, end);
    return add_step(r, step, err);
}

enum rc policy_path_parse(struct arena *a, str text, struct policy_path *out, struct err *err)
{
    struct reader r = { .all = text, .rest = text, .a = a };
    TRY(read_name(&r, err));
    while (r.rest.n) {
        if (r.rest.p[0] == '[') {
            TRY(read_bracket(&r, err));
            continue;
        }
        r.rest = str_from(r.rest, 1); /* the dot */
        TRY(read_name(&r, err));
    }

    struct policy_step *steps = ARENA_TRY_ARRAY(a, struct policy_step, r.n);
    if (!steps)
        return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    for (size_t i = 0; i < r.n; i++) {
        steps[i] = r.steps[i];
        if (steps[i].key.n)
            steps[i].key = arena_str(a, steps[i].key);
        if (steps[i].key.n && !steps[i].key.p)
            return err_set(err, RC_LIMIT, "the policy needs more memory than it may use");
    }
    *out = (struct policy_path) { .steps = steps, .n = r.n };
    return RC_OK;
}

bool policy_path_has_each(const struct policy_path *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->steps[i].kind == POLICY_STEP_EACH)
            return true;
    return false;
}

static bool same_step(const struct policy_step *a, const struct policy_step *b)
{
    return a->kind == b->kind && a->index == b->index && str_eq_ci(a->key, b->key);
}

bool policy_path_starts(const struct policy_path *whole, const struct policy_path *start)
{
    if (whole->n < start->n)
        return false;
    for (size_t i = 0; i < start->n; i++)
        if (!same_step(&whole->steps[i], &start->steps[i]))
            return false;
    return true;
}

/* Documents of some sources hold what ARM wraps in "properties" without the wrapper: a step of that name that
 * leads nowhere stays where it is. */
static const struct json *take_step(const struct policy_step *step, const struct json *node)
{
    if (step->kind == POLICY_STEP_INDEX)
        return json_at(node, step->index);
    const struct json *next = json_get_ci(node, step->key);
    if (!next && node && node->kind == JSON_OBJECT && str_eq(step->key, S("properties")))
        return node;
    return next;
}

bool policy_path_walk(const struct policy_path *p, size_t from, const struct json *node,
                      bool (*visit)(void *ctx, const struct json *found), void *ctx)
{
    for (size_t i = from; i < p->n; i++) {
        if (p->steps[i].kind != POLICY_STEP_EACH) {
            node = take_step(&p->steps[i], node);
            continue;
        }
        if (!node || node->kind != JSON_ARRAY)
            return true;
        for (uint32_t e = 0; e < node->n; e++)
            if (!policy_path_walk(p, i + 1, &node->items[e], visit, ctx))
                return false;
        return true;
    }
    return visit(ctx, node);
}

const struct json *policy_path_get(const struct policy_path *p, size_t from, const struct json *node)
{
    for (size_t i = from; i < p->n && node; i++)
        node = p->steps[i].kind == POLICY_STEP_EACH ? NULL : take_step(&p->steps[i], node);
    return node;
}
