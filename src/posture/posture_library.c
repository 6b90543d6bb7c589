/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_library.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/json_split.h"
#include "base/vec.h"
#include "posture/posture_admit.h"
#include "posture/posture_priv.h"
#include "posture/posture_risk.h"
#include "state/state_setting.h"

enum { MAX_FILE = 64 << 20, MAX_ALIASES = 64 << 20, DOCUMENT_BYTES = 256 << 20, MAX_DEPTH = 8 };

struct adding {
    struct posture                *p;
    struct state_tx               *tx;
    struct arena                  *a; /* of one document */
    str                            who;
    struct posture_library_counts *counts;
    bool                           changed;
    int                            depth;
    struct map                    *seen; /* ids of this text */
};

static enum rc unchanged(struct adding *x, const struct posture_key *key, const struct json *properties,
                         bool *out, struct err *err)
{
    struct posture_object old;
    struct err            none;

    enum rc rc = posture_object_find(x->tx, key, x->a, &old, &none);
    *out = false;
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.text);
    /* The form that stands there has had its defaults filled in. */
    for (uint32_t i = 0; i < properties->n; i++) {
        const struct json *is = json_get_ci(old.properties, properties->members[i].key);
        if (!is || !json_eq(is, &properties->members[i].value))
            return RC_OK;
    }
    *out = true;
    return RC_OK;
}

static void refused(struct adding *x, str name, const struct err *why)
{
    if (!x->counts->refused++)
        snprintf(x->counts->first, sizeof x->counts->first, STR_FMT ": %s", STR_ARG(str_slice(name, 0, 60)),
                 why->text);
}

/* The public library has a second form of some definitions, for other clouds of its operator, under the same
 * id. */
static enum rc add_double(struct adding *x, const struct posture_object_put *put, struct err *err)
{
    struct posture_object o = { .key = put->key, .properties = json_get_ci(put->body, S("properties")) };
    struct err            why = { 0 };

    (void)err;
    if (posture_admit_object(x->p, x->tx, true, x->a, &o, &why) == RC_OK)
        x->counts->doubles++;
    else
        refused(x, put->key.name, &why);
    return RC_OK;
}

static enum rc add_object(struct adding *x, enum posture_kind kind, const struct json *body, struct err *err)
{
    const struct json        *properties = json_get_ci(body, S("properties"));
    str                       name = json_str(body, S("name"), STR_NONE);
    struct posture_object_put put = {
        .key = { kind, S(""), name }, .body = body, .who = x->who, .builtin = true
    };
    struct posture_object o;
    struct err            why = { 0 };
    bool                  same;

    if (map_put(x->seen, name, x))
        return add_double(x, &put, err);
    TRY(unchanged(x, &put.key, properties, &same, err));
    if (same) {
        x->counts->unchanged++;
        return RC_OK;
    }
    enum rc rc = posture_object_store(x->p, x->tx, &put, x->a, &o, &why);
    if (rc != RC_OK) {
        refused(x, name, &why);
        return rc == RC_INVALID || rc == RC_SYNTAX || rc == RC_UNSUPPORTED || rc == RC_LIMIT ||
                       rc == RC_NOT_FOUND
                   ? RC_OK
                   : err_set(err, rc, "%s", why.text);
    }
    x->changed = true;
    x->counts->definitions += kind == POSTURE_DEFINITION;
    x->counts->initiatives += kind == POSTURE_SET;
    if (kind == POSTURE_DEFINITION)
        x->counts->judged[posture_measure_of(o.properties).on]++;
    return RC_OK;
}

static enum rc add_document(struct adding *x, const struct json *j, struct err *err)
{
    const struct json *inner = json_get(j, S("body")), *properties = json_get_ci(j, S("properties"));

    if (++x->depth > MAX_DEPTH) {
        x->depth--;
        x->counts->others++;
        return RC_OK;
    }
    enum rc rc = RC_OK;
    if (inner && !properties) {
        rc = add_document(x, inner, err);
    } else if (j->kind == JSON_ARRAY || json_get(j, S("value"))) {
        const struct json *list = j->kind == JSON_ARRAY ? j : json_get(j, S("value"));
        for (size_t i = 0; rc == RC_OK && json_at(list, i); i++)
            rc = add_document(x, json_at(list, i), err);
    } else if (json_get_ci(properties, S("policyRule"))) {
        rc = add_object(x, POSTURE_DEFINITION, j, err);
    } else if (json_get_ci(properties, S("policyDefinitions"))) {
        rc = add_object(x, POSTURE_SET, j, err);
    } else {
        x->counts->others++;
    }
    x->depth--;
    return rc;
}

static enum rc take_text(void *ctx, str text, uint64_t line, struct err *err)
{
    struct adding     *x = ctx;
    const struct json *j;
    struct err         why = { 0 };
    char               where[40];

    arena_reset(x->a);
    if (json_parse(x->a, text, &j, &why) == RC_OK)
        return add_document(x, j, err);
    snprintf(where, sizeof where, "line %llu", (unsigned long long)line);
    refused(x, str_of(where), &why);
    return RC_OK;
}

static enum rc refuse_text(void *ctx, str start, uint64_t line, str reason, struct err *err)
{
    struct err why = { 0 };
    char       where[40];

    (void)start;
    (void)err;
    snprintf(where, sizeof where, "line %llu", (unsigned long long)line);
    (void)!err_set(&why, RC_SYNTAX, STR_FMT, STR_ARG(reason));
    refused(ctx, str_of(where), &why);
    return RC_OK;
}

/* One document, laid out over lines or not; else a document a line. */
static enum rc add_text(struct adding *x, str text, struct err *err)
{
    AUTO(json_split)
    split =
        json_split_new((struct json_split_sink) { .ctx = x, .document = take_text, .refused = refuse_text },
                       POSTURE_MAX_OBJECT);
    const struct json *whole;

    if (json_parse(x->a, text, &whole, NULL) == RC_OK)
        return add_document(x, whole, err);
    TRY(json_split_feed(split, text, err));
    return json_split_finish(split, err);
}

static enum rc add_all(struct adding *x, str text, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(x->p->opts.state, &tx, err));
    x->tx = tx;
    TRY(add_text(x, text, err));
    return state_tx_commit(tx, err);
}

static enum rc add_locked(struct adding *x, str text, struct err *err)
{
    TRY(add_all(x, text, err));
    if (!x->changed)
        return RC_OK;
    posture_changed(x->p);
    posture_later(x->p, S(""));
    return posture_replan(x->p, err);
}

enum rc posture_library_add(struct posture *p, str text, str who, struct posture_library_counts *counts,
                            struct err *err)
{
    struct adding x = {
        .p = p, .who = who, .counts = counts, .a = arena_new(DOCUMENT_BYTES), .seen = map_new(MAP_NOCASE)
    };

    pthread_mutex_lock(&p->change);
    enum rc rc = add_locked(&x, text, err);
    pthread_mutex_unlock(&p->change);
    arena_free(x.a);
    map_free(x.seen);
    return rc;
}

/* --- the content folder --- */

struct walking {
    struct posture                *p;
    struct posture_library_counts *counts;
    const char                    *dir;
    int                            depth;
};

static enum rc put_setting(struct posture *p, str name, str text, bool *changed, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(MAX_FILE);
    struct err none;
    str        old;

    TRY(state_tx_write(p->opts.state, &tx, err));
    *changed = state_setting_get(tx, name, a, &old, &none) != RC_OK || !str_eq(old, text);
    TRY(state_setting_put(tx, name, text, err));
    return state_tx_commit(tx, err);
}

static enum rc put_setting_locked(struct posture *p, str name, str text, struct err *err)
{
    bool changed = false;

    TRY(put_setting(p, name, text, &changed, err));
    if (!changed)
        return RC_OK;
    posture_later(p, S(""));
    return posture_replan(p, err);
}

/* mapping.json and risk.json are about all definitions: what changes there is judged anew. */
static enum rc adopt_setting(struct walking *w, str file, str text, struct err *err)
{
    AUTO(arena) a = arena_new(DOCUMENT_BYTES);
    const struct posture_risk_formula *formula;
    const struct json                 *j;
    const bool                         risk = str_eq(file, S("risk.json"));
    struct err                         why = { 0 };
    struct adding                      x = { .counts = w->counts };

    if (json_parse(a, text, &j, &why) != RC_OK ||
        (risk && posture_risk_read(a, j, w->p->aliases, &formula, &why) != RC_OK)) {
        refused(&x, file, &why);
        return RC_OK;
    }
    pthread_mutex_lock(&w->p->change);
    enum rc rc = put_setting_locked(w->p, risk ? S("posture.risk") : S("posture.mapping"), text, err);
    pthread_mutex_unlock(&w->p->change);
    return rc;
}

static enum rc walk(struct walking *w, struct err *err);

static enum rc visit(void *ctx, const char *name, struct err *err)
{
    struct walking *w = ctx;
    AUTO(arena) a = arena_new(DOCUMENT_BYTES);
    const char *path = arena_printf(a, "%s/%s", w->dir, name).p;
    struct stat st;
    str         text;

    if (stat(path, &st) != 0)
        return RC_OK;
    if (S_ISDIR(st.st_mode) && w->depth < MAX_DEPTH)
        return walk(&(struct walking) { w->p, w->counts, path, w->depth + 1 }, err);
    if (!str_ends(str_of(name), S(".json")))
        return RC_OK;
    TRY(file_read(a, path, MAX_FILE, &text, err));
    if (str_eq(str_of(name), S("mapping.json")) || str_eq(str_of(name), S("risk.json")))
        return adopt_setting(w, str_of(name), text, err);
    if (posture_library_add(w->p, text, S("content"), w->counts, err) != RC_OK)
        return err_wrap(err, "%s", path);
    return RC_OK;
}

static enum rc walk(struct walking *w, struct err *err)
{
    return file_list(w->dir, visit, w, err);
}

enum rc posture_library_folder(struct posture *p, const char *dir, struct posture_library_counts *counts,
                               struct err *err)
{
    return file_exists(dir) ? walk(&(struct walking) { p, counts, dir, 0 }, err) : RC_OK;
}

/* --- aliases --- */

enum rc posture_library_aliases_read(str text, struct policy_aliases **out, struct err *err)
{
    AUTO(policy_aliases) table = policy_aliases_new();
    str start = str_trim(str_slice(text, 0, 64));

    if (str_starts(start, S("[")) || str_starts(start, S("{")))
        TRY(policy_aliases_add_json(table, text, err));
    else
        TRY(policy_aliases_add_tsv(table, text, err));
    *out = TAKE(table);
    return RC_OK;
}

static enum rc keep_aliases(struct posture *p, str text, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(state_setting_put(tx, S("posture.aliases"), text, err));
    return state_tx_commit(tx, err);
}

/* Plans that are still read keep the table that they were compiled with: it goes with the process. */
static enum rc adopt(struct posture *p, str text, struct policy_aliases *table, struct err *err)
{
    TRY(keep_aliases(p, text, err));
    *vec_push(&p->old_aliases) = p->aliases;
    p->aliases = table;
    posture_later(p, S(""));
    return posture_replan(p, err);
}

enum rc posture_library_aliases(struct posture *p, str text, size_t *n, struct err *err)
{
    struct policy_aliases *table;

    TRY(posture_library_aliases_read(text, &table, err));
    *n = policy_aliases_count(table);
    pthread_mutex_lock(&p->change);
    enum rc rc = adopt(p, text, table, err);
    pthread_mutex_unlock(&p->change);
    if (p->aliases != table)
        policy_aliases_free(table);
    return rc;
}
