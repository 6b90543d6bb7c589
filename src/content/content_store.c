/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_store.h"

#include <pthread.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "content/content_check.h"

enum { MAX_DEPTH = 6, MAX_SET_BYTES = 256 << 20, MAX_PATH = 4096 };

struct own {
    char *id, *text;
};

struct content_store {
    struct snapshot_slot     *slot;
    pthread_mutex_t           lock; /* of what follows, and while a set is made */
    const struct kql_catalog *catalog;
    VEC(char *) folders;
    VEC(struct own) own;
    uint64_t stamp; /* of the files' names, sizes and times when they were loaded */
};

/* What one load gathers. */
struct loading {
    struct arena             *arena;
    const struct kql_catalog *catalog;
    struct map               *by_id; /* id → struct content_rule */
    VEC(struct content_problem) problems;
    struct strbuf hashes;
    const char   *root; /* of the folder being walked */
    const char   *dir;  /* where the walk stands, below or at root */
    int           depth;
    size_t        folder; /* which folder a rule came from, to tell an override from a double */
    struct map   *folder_of;
};

static void problem(struct loading *l, str file, str rule, const char *reason)
{
    *vec_push(&l->problems) = (struct content_problem) {
        .file = arena_str(l->arena, file),
        .rule = arena_str(l->arena, rule),
        .reason = arena_str(l->arena, str_of(reason)),
    };
}

/* A rule that reads well but names what is not there yet (a table that has no schema) stays out as well:
 * running it would fail each time. */
static enum rc read_rule(struct loading *l, str file, str yaml, struct content_rule *rule, struct err *err)
{
    TRY(content_rule_read(l->arena, file, yaml, rule, err));
    if (!l->catalog)
        return RC_OK;
    AUTO(arena) scratch = arena_new(64 << 20);
    struct kql_program program;
    return content_check_rule(rule, l->catalog, scratch, &program, err);
}

static void add_rule(struct loading *l, const struct content_rule *read)
{
    void *seen = map_find(l->folder_of, read->id);
    char  reason[400];

    if (seen && (size_t)(uintptr_t)seen == l->folder + 1) {
        const struct content_rule *first = map_find(l->by_id, read->id);
        (void)snprintf(reason, sizeof reason, "the id stands in " STR_FMT " as well", STR_ARG(first->file));
        problem(l, read->file, read->id, reason);
        return;
    }
    struct content_rule *kept = ARENA_NEW(l->arena, struct content_rule);
    *kept = *read;
    map_put(l->by_id, kept->id, kept);
    map_put(l->folder_of, kept->id, (void *)(uintptr_t)(l->folder + 1));
}

static enum rc load_file(struct loading *l, const char *path, struct err *err)
{
    struct err          why = { 0 };
    struct content_rule rule = { 0 };
    str                 yaml, file = str_of(path + strlen(l->root) + 1);

    if (map_count(l->by_id) >= CONTENT_STORE_MAX_RULES)
        return err_set(err, RC_LIMIT, "%s: more than %d rules", l->root, CONTENT_STORE_MAX_RULES);
    if (file_read(l->arena, path, CONTENT_RULE_MAX_BYTES, &yaml, &why) != RC_OK) {
        problem(l, file, STR_NONE, why.text);
        return RC_OK;
    }
    strbuf_add(&l->hashes, file);
    strbuf_addc(&l->hashes, '\n');
    if (read_rule(l, file, yaml, &rule, &why) != RC_OK)
        problem(l, file, rule.id, why.text);
    else
        add_rule(l, &rule);
    struct hash_sha256 h = hash_sha256(yaml);
    strbuf_add(&l->hashes, str_make((const char *)h.bytes, sizeof h.bytes));
    return RC_OK;
}

static enum rc load_entry(void *ctx, const char *name, struct err *err);

static enum rc load_dir(struct loading *l, const char *dir, struct err *err)
{
    const char *outer = l->dir;

    if (l->depth >= MAX_DEPTH)
        return err_set(err, RC_LIMIT, "%s: folders deeper than %d", dir, MAX_DEPTH);
    l->dir = dir;
    l->depth++;
    enum rc rc = file_list(dir, load_entry, l, err);
    l->depth--;
    l->dir = outer;
    return rc;
}

static enum rc load_entry(void *ctx, const char *name, struct err *err)
{
    struct loading *l = ctx;
    struct stat     st;
    str             path = arena_printf(l->arena, "%s/%s", l->dir, name);

    if (name[0] == '.' || stat(path.p, &st) != 0)
        return RC_OK;
    if (S_ISDIR(st.st_mode))
        return load_dir(l, path.p, err);
    if (!str_ends(str_of(name), S(".yaml")) && !str_ends(str_of(name), S(".yml")))
        return RC_OK;
    return load_file(l, path.p, err);
}

/* A rule that was kept reads well: it was read before. One that no longer does is a problem, as a file is. */
static void add_own(struct loading *l, const struct own *own)
{
    struct err          why = { 0 };
    struct content_rule rule = { 0 };
    str                 text = str_of(own->text), file = arena_printf(l->arena, "alertRules/%s", own->id);

    strbuf_add(&l->hashes, file);
    strbuf_add(&l->hashes, text);
    if (!text.n)
        map_remove(l->by_id, str_of(own->id));
    else if (read_rule(l, file, arena_str(l->arena, text), &rule, &why) != RC_OK)
        problem(l, file, str_of(own->id), why.text);
    else
        add_rule(l, &rule);
}

static int by_id(const void *a, const void *b)
{
    return str_cmp(((const struct content_rule *)a)->id, ((const struct content_rule *)b)->id);
}

static const struct content_rule *sorted(struct loading *l, size_t *n)
{
    struct content_rule *rules = ARENA_ARRAY(l->arena, struct content_rule, map_count(l->by_id) + 1);
    struct map_iter      it = { 0 };

    while (map_next(l->by_id, &it))
        rules[(*n)++] = *(const struct content_rule *)it.value;
    qsort(rules, *n, sizeof *rules, by_id);
    return rules;
}

static struct content_set *make_set(struct loading *l, const struct content_store *s)
{
    struct content_set *set = ARENA_NEW(l->arena, struct content_set);
    char                hex[65];

    *set = (struct content_set) { 0 };
    set->templates = sorted(l, &set->n_templates);
    for (size_t i = 0; i < s->own.n; i++)
        add_own(l, &s->own.p[i]);
    set->rules = sorted(l, &set->n_rules);
    struct content_problem *problems = ARENA_ARRAY(l->arena, struct content_problem, l->problems.n + 1);
    struct hash_sha256      h = hash_sha256(strbuf_view(&l->hashes));
    for (size_t i = 0; i < l->problems.n; i++)
        problems[i] = l->problems.p[i];
    hash_hex(h.bytes, sizeof h.bytes, hex);
    set->arena = l->arena;
    set->problems = problems;
    set->n_problems = l->problems.n;
    set->hash = arena_str(l->arena, str_of(hex));
    return set;
}

static void destroy_set(void *value)
{
    struct content_set *set = value;
    arena_free(set->arena);
}

struct content_store *content_store_new(void)
{
    struct content_store *s = MEM_NEW(struct content_store);
    s->slot = snapshot_slot_new();
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void forget_own(struct content_store *s)
{
    for (size_t i = 0; i < s->own.n; i++) {
        mem_free(s->own.p[i].id);
        mem_free(s->own.p[i].text);
    }
    vec_done(&s->own);
}

static void forget_folders(struct content_store *s)
{
    for (size_t i = 0; i < s->folders.n; i++)
        mem_free(s->folders.p[i]);
    vec_done(&s->folders);
}

struct content_store *content_store_free(struct content_store *s)
{
    if (!s)
        return NULL;
    forget_folders(s);
    forget_own(s);
    pthread_mutex_destroy(&s->lock);
    snapshot_slot_free(s->slot);
    return mem_free(s);
}

/* --- has anything changed? --- */

struct stamping {
    const char *dir;
    int         depth;
    uint64_t    stamp;
};

static enum rc stamp_entry(void *ctx, const char *name, struct err *err)
{
    struct stamping *g = ctx;
    char             path[MAX_PATH], text[MAX_PATH + 64];
    struct stat      st;

    if (name[0] == '.' || (size_t)snprintf(path, sizeof path, "%s/%s", g->dir, name) >= sizeof path ||
        stat(path, &st) != 0)
        return RC_OK;
    if (S_ISDIR(st.st_mode) && g->depth < MAX_DEPTH) {
        struct stamping inner = { path, g->depth + 1, g->stamp };
        TRY(file_list(path, stamp_entry, &inner, err));
        g->stamp = inner.stamp;
        return RC_OK;
    }
    int n = snprintf(text, sizeof text, "%s/%lld/%lld.%ld/%llx", path, (long long)st.st_size,
                     (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (unsigned long long)g->stamp);
    g->stamp = hash_fnv(str_make(text, (size_t)n));
    return RC_OK;
}

static enum rc stamp_of(char *const *folders, size_t n, uint64_t *out, struct err *err)
{
    struct stamping g = { .stamp = 1 };

    for (size_t i = 0; i < n; i++) {
        g.dir = folders[i];
        if (file_exists(folders[i]))
            TRY(file_list(folders[i], stamp_entry, &g, err));
    }
    *out = g.stamp;
    return RC_OK;
}

/* --- loading --- */

static enum rc load_all(struct content_store *s, struct err *err)
{
    AUTO(arena) arena = arena_new(MAX_SET_BYTES);
    struct loading l = {
        .arena = arena,
        .catalog = s->catalog,
        .by_id = map_new_in(arena, MAP_NOCASE),
        .folder_of = map_new_in(arena, MAP_NOCASE),
    };
    enum rc rc = RC_OK;

    strbuf_init(&l.hashes, MAX_SET_BYTES);
    for (l.folder = 0; l.folder < s->folders.n && rc == RC_OK; l.folder++) {
        l.root = s->folders.p[l.folder];
        if (file_exists(l.root))
            rc = load_dir(&l, l.root, err);
    }
    if (rc == RC_OK) {
        struct content_set *set = make_set(&l, s);
        snapshot_publish(s->slot, set, destroy_set);
        (void)TAKE(arena);
    }
    strbuf_done(&l.hashes);
    vec_done(&l.problems);
    return rc;
}

static enum rc load_locked(struct content_store *s, const char *const *folders, size_t n_folders,
                           struct err *err)
{
    forget_folders(s);
    for (size_t i = 0; i < n_folders; i++)
        *vec_push(&s->folders) = mem_strdup(str_of(folders[i]));
    /* Stamped before they are read: a file that changes meanwhile is read once more. */
    TRY(stamp_of(s->folders.p, s->folders.n, &s->stamp, err));
    return load_all(s, err);
}

enum rc content_store_load(struct content_store *s, const char *const *folders, size_t n_folders,
                           const struct kql_catalog *catalog, struct err *err)
{
    pthread_mutex_lock(&s->lock);
    s->catalog = catalog;
    enum rc rc = load_locked(s, folders, n_folders, err);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

static enum rc refresh_locked(struct content_store *s, bool *changed, struct err *err)
{
    uint64_t stamp;

    TRY(stamp_of(s->folders.p, s->folders.n, &stamp, err));
    *changed = stamp != s->stamp;
    if (!*changed)
        return RC_OK;
    s->stamp = stamp;
    return load_all(s, err);
}

enum rc content_store_refresh(struct content_store *s, bool *changed, struct err *err)
{
    pthread_mutex_lock(&s->lock);
    enum rc rc = refresh_locked(s, changed, err);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

enum rc content_store_overlay(struct content_store *s, const struct content_store_own *list, size_t n,
                              struct err *err)
{
    pthread_mutex_lock(&s->lock);
    forget_own(s);
    for (size_t i = 0; i < n; i++)
        *vec_push(&s->own) = (struct own) { mem_strdup(list[i].id), mem_strdup(list[i].text) };
    enum rc rc = load_all(s, err);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

struct snapshot *content_store_get(struct content_store *s)
{
    return snapshot_get(s->slot);
}

const struct content_set *content_store_set(const struct snapshot *held)
{
    return snapshot_value(held);
}

const struct content_rule *content_store_find(const struct content_set *set, str rule_id)
{
    size_t low = 0, high = set->n_rules;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int    order = str_cmp(set->rules[mid].id, rule_id);
        if (order == 0)
            return &set->rules[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static void write_rule(struct json_w *w, const struct content_rule *r)
{
    json_w_object(w);
    json_w_kstr(w, S("id"), r->id);
    json_w_kstr(w, S("name"), r->name);
    json_w_kstr(w, S("version"), r->version);
    json_w_kstr(w, S("kind"), r->kind);
    json_w_kbool(w, S("enabled"), r->enabled);
    json_w_kstr(w, S("severity"), content_rule_severity_name(r->severity));
    json_w_kbool(w, S("rowWise"), r->row_wise);
    json_w_kstr(w, S("query"), r->query);
    json_w_kstr(w, S("hash"), r->hash);
    json_w_end(w);
}

enum rc content_store_publish(const struct content_set *set, const char *dir, struct err *err)
{
    char          folder[MAX_PATH], path[MAX_PATH + 16];
    AUTO_STRBUF   text = STRBUF_INIT(MAX_SET_BYTES);
    struct json_w w = json_w_make(&text);

    if ((size_t)snprintf(folder, sizeof folder, "%s/" STR_FMT, dir, STR_ARG(set->hash)) >= sizeof folder)
        return err_set(err, RC_LIMIT, "the path of the snapshots is over %d bytes", MAX_PATH);
    TRY(file_mkdirs(folder, 0750, err));
    (void)snprintf(path, sizeof path, "%s/rules.json", folder);
    if (file_exists(path))
        return RC_OK;
    json_w_object(&w);
    json_w_kstr(&w, S("hash"), set->hash);
    json_w_key(&w, S("rules"));
    json_w_array(&w);
    for (size_t i = 0; i < set->n_rules; i++)
        write_rule(&w, &set->rules[i]);
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "the rules' snapshot", err));
    return file_write_atomic(path, strbuf_view(&text), 0640, err);
}
