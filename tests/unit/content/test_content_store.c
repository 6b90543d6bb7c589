/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_store.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/vec.h"
#include "tests/t.h"

/* --- the tables of content/schemas as a catalog --- */

struct schemas {
    struct arena *arena;
    struct map   *tables;
};

static const struct kql_table *table_find(void *ctx, str name)
{
    return map_find(((struct schemas *)ctx)->tables, name);
}

static void table_each(void *ctx, void (*visit)(void *arg, const struct kql_table *t), void *arg)
{
    struct map_iter it = { 0 };
    while (map_next(((struct schemas *)ctx)->tables, &it))
        visit(arg, it.value);
}

static enum rc read_schema(void *ctx, const char *name, struct err *err)
{
    struct schemas    *s = ctx;
    const struct json *doc, *columns;
    str                text;
    char               path[200];

    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    (void)snprintf(path, sizeof path, "content/schemas/%s", name);
    TRY(file_read(s->arena, path, 1 << 20, &text, err));
    TRY(json_parse(s->arena, text, &doc, err));
    columns = json_get(doc, S("columns"));
    struct kql_column *list = ARENA_ARRAY(s->arena, struct kql_column, columns->n + 2);
    struct kql_table  *t = ARENA_NEW(s->arena, struct kql_table);
    for (size_t i = 0; i < columns->n; i++) {
        list[i].name = json_str(json_at(columns, i), S("name"), STR_NONE);
        CHECK(kql_type_parse(json_str(json_at(columns, i), S("type"), STR_NONE), &list[i].type));
    }
    list[columns->n] = (struct kql_column) { S("_IngestionTime"), KQL_DATETIME };
    list[columns->n + 1] = (struct kql_column) { S("AdditionalFields"), KQL_DYNAMIC };
    *t = (struct kql_table) { json_str(doc, S("name"), STR_NONE), list, columns->n + 2 };
    for (size_t i = 0; i < columns->n; i++) /* some tables have a column of that name by themselves */
        if (str_eq(list[i].name, S("AdditionalFields")))
            t->n_columns = columns->n + 1;
    map_put(s->tables, t->name, t);
    return RC_OK;
}

static void open_schemas(struct schemas *s)
{
    s->arena = arena_new(64 << 20);
    s->tables = map_new_in(s->arena, MAP_CASE);
    CHECK_OK(file_list("content/schemas", read_schema, s, NULL));
}

TEST(every_rule_that_we_ship_reads_and_compiles)
{
    struct schemas     s;
    struct kql_catalog catalog = { .ctx = &s, .table_find = table_find, .table_each = table_each };
    AUTO(content_store) store = content_store_new();
    const char *folder = "content/rules";
    struct err  err = { 0 };

    open_schemas(&s);
    CHECK_OK_ERR(content_store_load(store, &folder, 1, &catalog, &err), &err);
    AUTO(snapshot) held = content_store_get(store);
    const struct content_set *set = content_store_set(held);
    for (size_t i = 0; i < set->n_problems; i++)
        (void)fprintf(stderr, STR_FMT ": " STR_FMT "\n", STR_ARG(set->problems[i].file),
                      STR_ARG(set->problems[i].reason));
    CHECK_EQ(set->n_problems, 0);
    CHECK(set->n_rules >= 25);
    for (size_t i = 0; i < set->n_rules; i++) {
        CHECK(content_store_find(set, set->rules[i].id) == &set->rules[i]);
        CHECK(set->rules[i].n_tactics > 0 && set->rules[i].n_mappings > 0 && set->rules[i].description.n > 0);
    }
    arena_free(s.arena);
}

/* --- folders of our own --- */

#define RULE(id, name)                                                                                       \
    "id: " id "\nname: " name "\nseverity: Low\nqueryFrequency: 5m\nqueryPeriod: 5m\n"                       \
    "triggerOperator: gt\ntriggerThreshold: 0\nquery: T\n"
#define ID1 "11111111-1111-1111-1111-111111111111"
#define ID2 "22222222-2222-2222-2222-222222222222"

struct world {
    char                  dir[64];
    struct content_store *store;
    struct snapshot      *held;
};

static void put(struct world *w, const char *path, const char *text)
{
    char whole[200], folder[200];

    (void)snprintf(whole, sizeof whole, "%s/%s", w->dir, path);
    (void)snprintf(folder, sizeof folder, STR_FMT,
                   STR_ARG(str_slice(str_of(whole), 0, str_rfind_byte(str_of(whole), '/'))));
    CHECK_OK(file_mkdirs(folder, 0700, NULL));
    CHECK_OK(file_write_atomic(whole, str_of(text), 0600, NULL));
}

static const struct content_set *load(struct world *w)
{
    char        ours[100], yours[100];
    const char *folders[] = { ours, yours };

    (void)snprintf(ours, sizeof ours, "%s/ours", w->dir);
    (void)snprintf(yours, sizeof yours, "%s/yours", w->dir);
    CHECK_OK(content_store_load(w->store, folders, 2, NULL, NULL));
    snapshot_unref(w->held);
    w->held = content_store_get(w->store);
    return content_store_set(w->held);
}

static void open_world(struct world *w)
{
    (void)snprintf(w->dir, sizeof w->dir, "/tmp/vedette-content-XXXXXX");
    CHECK(t_folder(w->dir) != NULL);
    w->store = content_store_new();
}

static void close_world(struct world *w)
{
    snapshot_unref(w->held);
    content_store_free(w->store);
    CHECK_OK(file_remove_tree(w->dir, NULL));
}

TEST(a_broken_file_is_a_problem_and_no_obstacle)
{
    struct world w = { 0 };
    open_world(&w);
    put(&w, "ours/a.yaml", RULE(ID1, "one"));
    put(&w, "ours/deep/b.yml", "id: [\n");
    put(&w, "ours/c.yaml", RULE(ID1, "again"));
    put(&w, "ours/README.md", "not a rule");
    put(&w, "ours/.hidden.yaml", "nor this");
    const struct content_set *set = load(&w);
    CHECK_EQ(set->n_rules, 1);
    CHECK_SEQ(set->rules[0].name, S("one"));
    CHECK_EQ(set->n_problems, 2);
    CHECK_SEQ(set->problems[0].reason, S("the id stands in a.yaml as well"));
    CHECK_SEQ(set->problems[0].rule, S(ID1));
    CHECK_SEQ(set->problems[1].file, S("deep/b.yml"));
    close_world(&w);
}

TEST(a_users_rule_takes_the_place_of_ours)
{
    struct world w = { 0 };
    open_world(&w);
    put(&w, "ours/a.yaml", RULE(ID1, "ours"));
    put(&w, "ours/b.yaml", RULE(ID2, "other"));
    put(&w, "yours/x.yaml", RULE(ID1, "mine") "enabled: false\n");
    const struct content_set *set = load(&w);
    CHECK_EQ(set->n_rules, 2);
    CHECK_EQ(set->n_problems, 0);
    CHECK_SEQ(content_store_find(set, S(ID1))->name, S("mine"));
    CHECK(!content_store_find(set, S(ID1))->enabled);
    CHECK(content_store_find(set, S("33333333-3333-3333-3333-333333333333")) == NULL);
    close_world(&w);
}

TEST(no_folder_is_no_rule_and_a_set_outlives_the_next)
{
    struct world w = { 0 };
    open_world(&w);
    CHECK_EQ(load(&w)->n_rules, 0);
    put(&w, "ours/a.yaml", RULE(ID1, "first"));
    const struct content_set *first = load(&w);
    AUTO(snapshot) kept = content_store_get(w.store);
    put(&w, "ours/a.yaml", RULE(ID1, "second"));
    CHECK_SEQ(load(&w)->rules[0].name, S("second"));
    CHECK_SEQ(first->rules[0].name, S("first"));
    snapshot_unref(TAKE(kept));
    close_world(&w);
}

TEST(a_refresh_loads_what_has_changed_and_nothing_else)
{
    struct world w = { 0 };
    bool         changed = true;

    open_world(&w);
    put(&w, "ours/a.yaml", RULE(ID1, "one"));
    (void)load(&w);
    CHECK_OK(content_store_refresh(w.store, &changed, NULL));
    CHECK(!changed);
    put(&w, "yours/deep/b.yaml", RULE(ID2, "two"));
    CHECK_OK(content_store_refresh(w.store, &changed, NULL));
    CHECK(changed);
    AUTO(snapshot) held = content_store_get(w.store);
    CHECK_EQ(content_store_set(held)->n_rules, 2);
    CHECK_OK(content_store_refresh(w.store, &changed, NULL));
    CHECK(!changed);
    close_world(&w);
}

TEST(the_same_files_are_the_same_snapshot)
{
    struct world w = { 0 };
    char         path[300];
    str          text;
    AUTO(arena) a = arena_new(1 << 20);

    open_world(&w);
    put(&w, "ours/a.yaml", RULE(ID1, "one"));
    str first = arena_str(a, load(&w)->hash);
    CHECK_SEQ(load(&w)->hash, first);
    (void)snprintf(path, sizeof path, "%s/snapshots", w.dir);
    CHECK_OK(content_store_publish(content_store_set(w.held), path, NULL));
    CHECK_OK(content_store_publish(content_store_set(w.held), path, NULL));
    (void)snprintf(path, sizeof path, "%s/snapshots/" STR_FMT "/rules.json", w.dir, STR_ARG(first));
    CHECK_OK(file_read(a, path, 1 << 20, &text, NULL));
    CHECK(str_contains(text, S("\"name\":\"one\"")));
    put(&w, "ours/a.yaml", RULE(ID1, "two"));
    CHECK(!str_eq(load(&w)->hash, first));
    close_world(&w);
}
