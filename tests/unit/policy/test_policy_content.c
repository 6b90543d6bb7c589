/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of content/policy over the resources of tests/golden/policy: of each check one that passes and
 * one that fails. Both must be resources that the check applies to and that have what it needs, and the
 * evidence of the failing one must name the field that the test says. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "policy/policy.h"
#include "tests/t.h"

struct content {
    struct arena *a;
    struct map   *by_check; /* metadata.check → the definition's document */
    struct map   *by_name;
    const char   *dir;
};

static enum rc read_folder(struct arena *a, const char *dir, void *ctx,
                           void (*each)(void *ctx, const char *path, const struct json *document));

struct walk {
    struct arena *a;
    const char   *dir;
    void         *ctx;
    void (*each)(void *ctx, const char *path, const struct json *document);
};

static enum rc visit(void *ctx, const char *name, struct err *err)
{
    struct walk       *w = ctx;
    struct stat        st;
    str                text;
    const struct json *document;
    const char        *path = arena_printf(w->a, "%s/%s", w->dir, name).p;
    CHECK_EQ(stat(path, &st), 0);
    if (S_ISDIR(st.st_mode))
        return read_folder(w->a, path, w->ctx, w->each);
    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    TRY(file_read(w->a, path, 16 << 20, &text, err));
    CHECK_OK_ERR(json_parse(w->a, text, &document, err), err);
    w->each(w->ctx, path, document);
    return RC_OK;
}

static enum rc read_folder(struct arena *a, const char *dir, void *ctx,
                           void (*each)(void *ctx, const char *path, const struct json *document))
{
    struct walk w = { .a = a, .dir = dir, .ctx = ctx, .each = each };
    return file_list(dir, visit, &w, NULL);
}

static void take_definition(struct content *c, const struct json *definition)
{
    const struct json *check = json_path(definition, S("properties.metadata.check"));
    if (!json_path(definition, S("properties.policyRule")))
        return;
    CHECK(check && check->kind == JSON_STRING);
    CHECK(map_put(c->by_check, check->s, (void *)(uintptr_t)definition) == NULL);
    CHECK(map_put(c->by_name, json_str(definition, S("name"), STR_NONE), (void *)(uintptr_t)definition) ==
          NULL);
}

static void take_content(void *ctx, const char *path, const struct json *document)
{
    (void)path;
    if (document->kind == JSON_ARRAY)
        for (size_t i = 0; json_at(document, i); i++)
            take_definition(ctx, json_at(document, i));
    else
        take_definition(ctx, document);
}

static struct content content_read(struct arena *a)
{
    struct content c = { .a = a, .by_check = map_new_in(a, MAP_CASE), .by_name = map_new_in(a, MAP_CASE) };
    CHECK_OK(read_folder(a, "content/policy", &c, take_content));
    return c;
}

/* What the test says is there beside the resource. */
static const struct json *related(void *ctx, const struct json *details, struct arena *a)
{
    static const struct json NONE = { .kind = JSON_ARRAY };
    (void)details;
    (void)a;
    return ctx ? ctx : &NONE;
}

struct surroundings {
    const struct json *parameters, *related;
};

static struct policy_verdict evaluate(struct arena *a, const struct json *definition,
                                      const struct json *resource, struct surroundings around)
{
    const struct policy_def *def = NULL;
    struct policy_verdict    verdict = { 0 };
    struct err               err = { 0 };
    struct policy_input      in = { .resource = resource,
                                    .parameters = around.parameters,
                                    .related = { .ctx = (void *)(uintptr_t)around.related, .find = related },
                                    .now = INT64_C(17000000000000000) };
    CHECK_OK_ERR(policy_def_parse(a, definition, NULL, &def, &err), &err);
    CHECK_OK_ERR(policy_eval(def, &in, a, &verdict, &err), &err);
    return verdict;
}

/* {"if": condition, "then": {"effect": "audit"}} over the resource. */
static bool condition_holds(struct arena *a, const struct json *condition, const struct json *resource)
{
    AUTO_STRBUF        text = STRBUF_INIT(1 << 20);
    const struct json *rule = NULL;
    strbuf_add(&text, S("{\"if\":"));
    json_print(&text, condition, 0);
    strbuf_add(&text, S(",\"then\":{\"effect\":\"audit\"}}"));
    CHECK_OK(json_parse(a, strbuf_view(&text), &rule, NULL));
    return evaluate(a, rule, resource, (struct surroundings) { 0 }).effect.n > 0;
}

static bool field_exists(struct arena *a, str field, const struct json *resource)
{
    AUTO_STRBUF        text = STRBUF_INIT(4096);
    const struct json *condition = NULL;
    strbuf_add(&text, S("{\"field\":"));
    json_escape(&text, field);
    strbuf_add(&text, S(",\"exists\":true}"));
    CHECK_OK(json_parse(a, strbuf_view(&text), &condition, NULL));
    return condition_holds(a, condition, resource);
}

static unsigned faults;

static void tell(const char *what, str check, str detail)
{
    fprintf(stderr, STR_FMT ": %s " STR_FMT "\n", STR_ARG(check), what, STR_ARG(detail));
    faults++;
}

static void check_concerned(struct content *c, str check, const struct json *definition,
                            const struct json *resource)
{
    const struct json *needs = json_path(definition, S("properties.metadata.needs"));
    const struct json *applies = json_path(definition, S("properties.metadata.appliesIf"));
    for (size_t i = 0; json_at(needs, i); i++)
        if (!field_exists(c->a, json_at(needs, i)->s, resource))
            tell("the resource lacks what the check needs:", check, json_at(needs, i)->s);
    if (applies && !condition_holds(c->a, applies, resource))
        tell("the check does not apply to the resource", check, STR_NONE);
}

/* users[3].shell is a place of users[*].shell. */
static bool is_place_of(str field, str pattern)
{
    while (field.n && pattern.n) {
        if (str_starts(pattern, S("[*]")) && field.p[0] == '[') {
            field = str_from(field, str_find_byte(field, ']') + 1);
            pattern = str_from(pattern, 3);
        } else if (field.p[0] == pattern.p[0]) {
            field = str_from(field, 1);
            pattern = str_from(pattern, 1);
        } else {
            return false;
        }
    }
    return field.n == 0 && pattern.n == 0;
}

static void check_case(struct content *c, str check, const struct json *kase)
{
    const struct json *definition = map_remove(c->by_check, check);
    const struct json *pass = json_get(kase, S("pass")), *fail = json_get(kase, S("fail"));
    str                evidence = json_str(kase, S("evidence"), STR_NONE);
    if (!definition || !pass || !fail || !evidence.n) {
        tell("there is no such check, or the test lacks pass, fail or evidence", check, STR_NONE);
        return;
    }
    check_concerned(c, check, definition, pass);
    check_concerned(c, check, definition, fail);
    struct surroundings   around = { .parameters = json_get(kase, S("parameters")),
                                     .related = json_get(kase, S("related")) };
    struct policy_verdict good = evaluate(c->a, definition, pass, around);
    around.related = NULL;
    struct policy_verdict bad = evaluate(c->a, definition, fail, around);
    if (good.effect.n)
        tell("the passing resource fails by", check, good.evidence.field);
    if (!str_starts(bad.effect, S("Audit")))
        tell("the failing resource passes", check, STR_NONE);
    else if (!is_place_of(bad.evidence.field, evidence))
        tell("the evidence is another field:", check, bad.evidence.field);
}

static void check_tests(void *ctx, const char *path, const struct json *document)
{
    (void)path;
    for (size_t i = 0; i < document->n; i++)
        check_case(ctx, document->members[i].key, &document->members[i].value);
}

TEST(each_check_of_ours_passes_and_fails_where_its_test_says)
{
    struct arena  *a = arena_new(512 << 20);
    struct content c = content_read(a);
    size_t         n = map_count(c.by_check);
    CHECK(n >= 150);
    CHECK_OK(read_folder(a, "tests/golden/policy", &c, check_tests));
    struct map_iter it = { 0 };
    while (map_next(c.by_check, &it))
        tell("has no test", it.key, STR_NONE);
    CHECK_EQ(faults, 0);
    arena_free(a);
}
