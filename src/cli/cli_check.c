/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_check.h"

#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/env.h"
#include "base/file.h"
#include "base/vec.h"
#include "cli/cli_paths.h"
#include "cli/cli_table.h"
#include "inventory/inventory.h"
#include "policy/policy.h"

enum { MEMORY = 1 << 30, MAX_POLICIES = 64 << 20, RUN_MEMORY = 64 << 20 };

enum state { HEALTHY, UNHEALTHY, NOT_APPLICABLE, NOT_MEASURED, STATES };

static const char *const STATE_NAMES[STATES] = { "Healthy", "Unhealthy", "NotApplicable", "NotMeasured" };
static const char *const SEVERITIES[] = { "none", "High", "Medium", "Low" };

struct check {
    const struct policy_def *def, *applies; /* applies: NULL when it always does */
    const struct json       *metadata, *needs;
    str                      name, title, severity;
};

struct checking {
    struct arena *a, *run;
    VEC(struct check) checks;
    struct inventory      found;   /* of all files */
    const struct json    *at_hand; /* the resource that is judged */
    enum state            state;
    str                   cause;
    struct policy_verdict verdict;
    size_t                counts[STATES], blocked;
    unsigned              block; /* the least severe that blocks, by its place in SEVERITIES; 0: none does */
    bool                  json, all;
    const char           *dir;
    struct strbuf         out;
};

/* {"if": condition, "then": {"effect": "audit"}} */
static enum rc parse_condition(struct arena *a, const struct json *condition, const struct policy_def **out,
                               struct err *err)
{
    AUTO_STRBUF        text = STRBUF_INIT(1 << 20);
    const struct json *rule;
    strbuf_addz(&text, "{\"if\":");
    json_print(&text, condition, 0);
    strbuf_addz(&text, ",\"then\":{\"effect\":\"audit\"}}");
    TRY(strbuf_ok(&text, "a condition", err));
    TRY(json_parse(a, strbuf_view(&text), &rule, err));
    return policy_def_parse(a, rule, NULL, out, err);
}

static enum rc take_definition(struct checking *g, const struct json *definition, struct err *err)
{
    const struct json *properties = json_get(definition, S("properties"));
    const struct json *metadata = json_get(properties, S("metadata")),
                      *applies = json_get(metadata, S("appliesIf"));
    struct check c = { .metadata = metadata,
                       .needs = json_get(metadata, S("needs")),
                       .name = json_str(metadata, S("check"), json_str(definition, S("name"), STR_NONE)),
                       .title = json_str(properties, S("displayName"), STR_NONE),
                       .severity = json_str(metadata, S("severity"), S("Medium")) };
    if (!json_get(properties, S("policyRule")))
        return RC_OK;
    if (policy_def_parse(g->a, definition, NULL, &c.def, err) != RC_OK)
        return err_wrap(err, "policy " STR_FMT, STR_ARG(c.name));
    if (applies)
        TRY(parse_condition(g->a, applies, &c.applies, err));
    *vec_push(&g->checks) = c;
    return RC_OK;
}

static enum rc read_policies(struct checking *g, const char *dir, struct err *err);

static enum rc take_file(void *ctx, const char *name, struct err *err)
{
    struct checking   *g = ctx;
    struct stat        st;
    const struct json *document;
    const char        *path = arena_printf(g->a, "%s/%s", g->dir, name).p;
    str                text;
    if (!path || stat(path, &st) != 0)
        return RC_OK;
    if (S_ISDIR(st.st_mode))
        return read_policies(g, path, err);
    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    TRY(file_read(g->a, path, MAX_POLICIES, &text, err));
    if (json_parse(g->a, text, &document, err) != RC_OK)
        return err_wrap(err, "%s", path);
    if (document->kind != JSON_ARRAY)
        return take_definition(g, document, err);
    for (size_t i = 0; json_at(document, i); i++)
        TRY(take_definition(g, json_at(document, i), err));
    return RC_OK;
}

static enum rc read_policies(struct checking *g, const char *dir, struct err *err)
{
    const char *outer = g->dir;
    g->dir = dir;
    enum rc rc = file_list(dir, take_file, g, err);
    g->dir = outer;
    return rc;
}

/* What is there beside the resource, as far as the files say: those of the type in the same group. */
static const struct json *related(void *ctx, const struct json *details, struct arena *a)
{
    struct checking *g = ctx;
    str          type = json_str(details, S("type"), STR_NONE), id = json_str(g->at_hand, S("id"), STR_NONE);
    size_t       providers = str_find_ci(id, S("/providers/"));
    str          group = str_slice(id, 0, providers);
    struct json *items = ARENA_TRY_ARRAY(a, struct json, g->found.n),
                *list = arena_try_alloc(a, sizeof *list);
    if (!items || !list)
        return NULL;
    *list = (struct json) { .kind = JSON_ARRAY, .items = items };
    for (size_t i = 0; i < g->found.n; i++) {
        const struct json *other = g->found.v[i];
        if (str_eq_ci(json_str(other, S("type"), STR_NONE), type) &&
            str_starts_ci(json_str(other, S("id"), STR_NONE), group))
            items[list->n++] = *other;
    }
    return list;
}

static enum rc evaluate(struct checking *g, const struct policy_def *def, struct policy_verdict *out,
                        struct err *err)
{
    struct policy_input in = { .resource = g->at_hand,
                               .related = { .ctx = g, .find = related },
                               .now = env_now(env_real()) };
    return policy_eval(def, &in, g->run, out, err);
}

static bool concerns(const struct check *c, str type)
{
    const str *types;
    size_t     n = policy_def_types(c->def, &types);
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(types[i], type))
            return true;
    return n == 0;
}

/* Why a fact is missing: what the document says of it, or of the nearest part around it. */
static str unread_reason(const struct json *resource, str field)
{
    const struct json *unread = json_path(resource, S("properties.unread"));
    str                best = STR_NONE, reason = STR_NONE;
    for (size_t i = 0; unread && unread->kind == JSON_OBJECT && i < unread->n; i++) {
        const struct json_member *m = &unread->members[i];
        if (str_starts(field, m->key) && m->key.n > best.n && m->value.kind == JSON_STRING) {
            best = m->key;
            reason = m->value.s;
        }
    }
    return reason;
}

static enum rc find_missing(struct checking *g, const struct check *c, str *missing, struct err *err)
{
    for (size_t i = 0; json_at(c->needs, i); i++) {
        const struct policy_def *def;
        struct policy_verdict    verdict;
        struct json_member       members[2] = { { .key = S("field"), .value = *json_at(c->needs, i) },
                                                { .key = S("exists"), .value = json_make_bool(true) } };
        struct json              condition = { .kind = JSON_OBJECT, .n = 2, .members = members };
        TRY(parse_condition(g->run, &condition, &def, err));
        TRY(evaluate(g, def, &verdict, err));
        if (verdict.effect.n == 0) {
            *missing = json_at(c->needs, i)->s;
            return RC_OK;
        }
    }
    return RC_OK;
}

static enum rc judge(struct checking *g, const struct check *c, struct err *err)
{
    str missing = STR_NONE;
    g->cause = STR_NONE;
    g->verdict = (struct policy_verdict) { 0 };
    if (c->applies) {
        TRY(evaluate(g, c->applies, &g->verdict, err));
        if (g->verdict.effect.n == 0) {
            g->state = NOT_APPLICABLE;
            g->cause = json_str(c->metadata, S("appliesIfText"), STR_NONE);
            return RC_OK;
        }
    }
    TRY(find_missing(g, c, &missing, err));
    if (missing.n) {
        str reason = unread_reason(g->at_hand, missing);
        g->state = NOT_MEASURED;
        g->cause = reason.n ? arena_printf(g->run, STR_FMT ": " STR_FMT, STR_ARG(missing), STR_ARG(reason))
                            : missing;
        return RC_OK;
    }
    TRY(evaluate(g, c->def, &g->verdict, err));
    g->state = g->verdict.effect.n ? UNHEALTHY : HEALTHY;
    return RC_OK;
}

static unsigned rank(str severity)
{
    for (unsigned i = 1; i < sizeof SEVERITIES / sizeof SEVERITIES[0]; i++)
        if (str_eq_ci(severity, str_of(SEVERITIES[i])))
            return i;
    return 2;
}

static void write_json(struct checking *g, const struct check *c)
{
    struct json_w w = json_w_make(&g->out);
    json_w_object(&w);
    json_w_kstr(&w, S("resource"), json_str(g->at_hand, S("id"), STR_NONE));
    json_w_kstr(&w, S("check"), c->name);
    json_w_kstr(&w, S("severity"), c->severity);
    json_w_kstr(&w, S("state"), str_of(STATE_NAMES[g->state]));
    if (g->cause.n)
        json_w_kstr(&w, S("cause"), g->cause);
    if (g->state == UNHEALTHY) {
        json_w_kstr(&w, S("field"), g->verdict.evidence.field);
        json_w_key(&w, S("found"));
        if (g->verdict.evidence.found)
            json_w_tree(&w, g->verdict.evidence.found);
        else
            json_w_null(&w);
    }
    json_w_end(&w);
    strbuf_addc(&g->out, '\n');
}

static void write_line(struct checking *g, const struct check *c)
{
    AUTO_STRBUF found = STRBUF_INIT(1 << 20);
    if (g->verdict.evidence.found)
        json_print(&found, g->verdict.evidence.found, 0);
    else
        strbuf_addz(&found, "absent");
    str shown = cli_table_clean(g->run, strbuf_view(&found));
    strbuf_addf(&g->out, "%-6.*s  " STR_FMT "\n        " STR_FMT "\n        " STR_FMT " is " STR_FMT "\n",
                STR_ARG(c->severity), STR_ARG(c->title),
                STR_ARG(cli_table_clean(g->run, json_str(g->at_hand, S("id"), STR_NONE))),
                STR_ARG(g->verdict.evidence.field), STR_ARG(shown));
}

static enum rc flush(struct checking *g, struct err *err)
{
    TRY(strbuf_ok(&g->out, "the answer", err));
    TRY(file_write_all(STDOUT_FILENO, strbuf_view(&g->out), err));
    strbuf_clear(&g->out);
    return RC_OK;
}

static enum rc judge_resource(struct checking *g, const struct json *resource, struct err *err)
{
    g->at_hand = resource;
    for (size_t i = 0; i < g->checks.n; i++) {
        const struct check *c = &g->checks.p[i];
        if (!concerns(c, json_str(resource, S("type"), STR_NONE)))
            continue;
        arena_reset(g->run);
        TRY(judge(g, c, err));
        g->counts[g->state]++;
        g->blocked += g->state == UNHEALTHY && rank(c->severity) <= g->block;
        if (g->json && (g->all || g->state == UNHEALTHY))
            write_json(g, c);
        else if (!g->json && g->state == UNHEALTHY)
            write_line(g, c);
        TRY(flush(g, err));
    }
    return RC_OK;
}

static enum rc read_input(struct checking *g, const char *path, const struct inventory_opts *opts,
                          struct err *err)
{
    struct inventory found;
    str              text;
    TRY(file_read(g->a, str_eq(str_of(path), S("-")) ? "/dev/stdin" : path, INVENTORY_MAX_TEXT, &text, err));
    if (inventory_read(g->a, text, opts, &found, err) != RC_OK)
        return err_wrap(err, "%s", path);
    for (size_t i = 0; i < found.n; i++) {
        if (g->found.n == g->found.cap)
            g->found.v = vec_grow_in(g->a, g->found.v, g->found.n, &g->found.cap, sizeof *g->found.v);
        g->found.v[g->found.n++] = found.v[i];
    }
    return RC_OK;
}

static enum rc run(struct checking *g, const struct cli_args *args, const char *policies, struct err *err)
{
    struct inventory_opts opts = { .subscription = S("00000000-0000-0000-0000-000000000000") };
    TRY(read_policies(g, policies, err));
    for (size_t i = 1; i < args->n_words; i++)
        TRY(read_input(g, args->words[i], &opts, err));
    for (size_t i = 0; i < g->found.n; i++)
        TRY(judge_resource(g, g->found.v[i], err));
    if (!g->json)
        strbuf_addf(&g->out,
                    "%zu resources: %zu checks passed, %zu failed, %zu do not apply, %zu not measured\n",
                    g->found.n, g->counts[HEALTHY], g->counts[UNHEALTHY], g->counts[NOT_APPLICABLE],
                    g->counts[NOT_MEASURED]);
    TRY(flush(g, err));
    if (g->blocked)
        return err_set(err, RC_FORBIDDEN, "%zu checks that block have failed", g->blocked);
    return RC_OK;
}

enum rc cli_check_run(const struct cli_args *args, struct err *err)
{
    struct cli_paths paths;
    const char      *policies = cli_opts_text(args, "policies");
    struct checking  g = { .block = 0,
                           .json = str_eq(str_of(cli_opts_text(args, "format")), S("json")),
                           .all = cli_opts_flag(args, "all"),
                           .out = STRBUF_INIT(64 << 20) };
    if (args->n_words < 2)
        return err_set(err, RC_INVALID, "vedette policy check takes files; see vedette help policy");
    while (!str_eq_ci(str_of(SEVERITIES[g.block]), str_of(cli_opts_text(args, "block"))))
        g.block++;
    if (!policies) {
        TRY(cli_paths_find(&paths, err));
        policies = arena_printf(args->arena, "%s/policy", paths.content).p;
    }
    g.a = arena_new(MEMORY);
    g.run = arena_new(RUN_MEMORY);
    enum rc rc = run(&g, args, policies, err);
    vec_done(&g.checks);
    strbuf_done(&g.out);
    arena_free(g.run);
    arena_free(g.a);
    return rc;
}
