/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/posture/posture_fixture.h"

#include "base/file.h"
#include "base/mem.h"
#include "posture/posture_book.h"
#include "tests/t.h"

static enum rc keep_row(struct state_tx *tx, str table, str row, struct err *err)
{
    return state_stmt_run(tx, "INSERT INTO outbox (table_name, row) VALUES (?, ?)",
                          STATE_ARGS(STATE_S(table), STATE_S(row)), err);
}

struct posture_fixture *posture_fixture_new(void)
{
    return posture_fixture_new_with(NULL);
}

struct posture_fixture *posture_fixture_new_with(const char *content)
{
    struct posture_fixture *f = MEM_NEW(struct posture_fixture);

    snprintf(f->dir, sizeof f->dir, "/tmp/vedette-posture-XXXXXX");
    CHECK(t_folder(f->dir) != NULL);
    f->arena = arena_new(1 << 30);
    env_fake_init(&f->env, SECONDS(1767225600), 11);
    CHECK_OK_ERR(state_open(arena_printf(f->arena, "%s/state.db", f->dir).p, &f->state, &f->err), &f->err);
    CHECK_OK_ERR(
        posture_open(&(struct posture_opts) { .state = f->state,
                                              .env = &f->env.env,
                                              .tenant = S("22222222-2222-4222-8222-222222222222"),
                                              .subscription = S("11111111-1111-4111-8111-111111111111"),
                                              .subscription_name = S("Own machines"),
                                              .group = S("soc"),
                                              .location = S("local"),
                                              .content = content,
                                              .log = keep_row },
                     &f->posture, &f->err),
        &f->err);
    return f;
}

static void check_counts(struct posture_fixture *f)
{
    AUTO(state_tx) tx = NULL;

    CHECK_OK(state_tx_read(f->state, &tx, NULL));
    CHECK_OK_ERR(posture_book_recount(tx, &f->err), &f->err);
}

struct posture_fixture *posture_fixture_free(struct posture_fixture *f)
{
    if (!f)
        return NULL;
    check_counts(f);
    arena_free(f->arena);
    posture_close(f->posture);
    state_free(f->state);
    CHECK_OK(file_remove_tree(f->dir, NULL));
    return mem_free(f);
}

static const struct json *parsed(struct posture_fixture *f, const char *text)
{
    const struct json *j = NULL;
    CHECK_OK_ERR(json_parse(f->arena, str_of(text), &j, &f->err), &f->err);
    return j;
}

static enum rc put(struct posture_fixture *f, const char *id, const char *document)
{
    struct posture_resource_result    out;
    const struct posture_resource_put p = { .id = str_of(id),
                                            .document = parsed(f, document),
                                            .source = S("test"),
                                            .who = S("tester"),
                                            .enforce = true };
    enum rc                           rc = posture_resource_put(f->posture, &p, f->arena, &out, &f->err);
    posture_settle(f->posture, SECONDS(5));
    return rc;
}

void posture_fixture_put(struct posture_fixture *f, const char *id, const char *document)
{
    CHECK_OK_ERR(put(f, id, document), &f->err);
}

const char *posture_fixture_put_refused(struct posture_fixture *f, const char *id, const char *document)
{
    CHECK(put(f, id, document) != RC_OK);
    return arena_str(f->arena, str_of(f->err.text)).p;
}

static enum rc put_object(struct posture_fixture *f, const char *id, const char *body)
{
    struct posture_object_put p = { .body = parsed(f, body), .who = S("tester") };
    struct posture_object     out;

    CHECK_OK_ERR(posture_object_id_parse(str_of(id), &p.key, &f->err), &f->err);
    enum rc rc = posture_object_put(f->posture, &p, f->arena, &out, &f->err);
    posture_settle(f->posture, SECONDS(5));
    return rc;
}

void posture_fixture_object(struct posture_fixture *f, const char *id, const char *body)
{
    CHECK_OK_ERR(put_object(f, id, body), &f->err);
}

const char *posture_fixture_object_refused(struct posture_fixture *f, const char *id, const char *body)
{
    CHECK(put_object(f, id, body) != RC_OK);
    return arena_str(f->arena, str_of(f->err.text)).p;
}

void posture_fixture_define(struct posture_fixture *f, const char *name, const char *control,
                            const char *condition)
{
    const char *id =
        arena_printf(f->arena, FIXTURE_SUB "/providers/Microsoft.Authorization/policyDefinitions/%s", name).p;
    const char *body =
        arena_printf(
            f->arena,
            "{\"properties\":{\"displayName\":\"%s\",\"mode\":\"All\",\"metadata\":{\"severity\":\"High\","
            "\"securityControl\":\"%s\"},\"parameters\":{\"effect\":{\"type\":\"String\","
            "\"defaultValue\":\"audit\"}},\"policyRule\":{\"if\":{\"allOf\":[{\"field\":\"type\",\"equals\":"
            "\"Test.Things/things\"},%s]},\"then\":{\"effect\":\"[parameters('effect')]\"}}}}",
            name, control, condition)
            .p;
    posture_fixture_object(f, id, body);
}

void posture_fixture_assign(struct posture_fixture *f, const char *name, const char *definition,
                            const char *scope)
{
    const char *id =
        arena_printf(f->arena, "%s/providers/Microsoft.Authorization/policyAssignments/%s", scope, name).p;
    const char *body = arena_printf(f->arena,
                                    "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB
                                    "/providers/Microsoft.Authorization/policyDefinitions/%s\"}}",
                                    definition)
                           .p;
    posture_fixture_object(f, id, body);
}

const char *posture_fixture_status(struct posture_fixture *f, const char *resource, const char *definition)
{
    AUTO(arena) a = arena_new(64 << 20);
    const struct posture_plan           *plan = posture_plan_get(f->posture, a);
    const struct posture_assessment_list list = { .scope = str_of(resource),
                                                  .definition = str_of(definition),
                                                  .control = -1 };
    struct posture_assessments           found;

    CHECK_OK_ERR(posture_assessment_each(f->posture, plan, &list, a, &found, &f->err), &f->err);
    if (!found.n)
        return "";
    str cause = posture_state_cause(found.p[0].state);
    return arena_printf(f->arena, STR_FMT "%s" STR_FMT, STR_ARG(posture_state_status(found.p[0].state)),
                        cause.n ? " " : "", STR_ARG(cause))
        .p;
}

const char *posture_fixture_thing(struct posture_fixture *f, const char *name)
{
    return arena_printf(f->arena, FIXTURE_GROUP "/providers/Test.Things/things/%s", name).p;
}

size_t posture_fixture_rows(struct posture_fixture *f, const char *table)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;

    CHECK_OK(state_tx_read(f->state, &tx, NULL));
    CHECK_OK(state_stmt_one(tx, "SELECT count(*) FROM outbox WHERE table_name = ?",
                            STATE_ARGS(STATE_S(str_of(table))), &st, NULL));
    return (size_t)state_stmt_i64(st, 0);
}
