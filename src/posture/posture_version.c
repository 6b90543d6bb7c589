/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_version.h"

#include <stdlib.h>

#include "posture/posture_admit.h"
#include "posture/posture_priv.h"

enum { NAMES_BYTES = 200, TEXT_BYTES = 8 << 20 };

static const str PREVIEW = STR_INIT("-preview");

/* Three numbers, -1 where a range has a star, and what follows them. */
struct parts {
    int64_t n[3];
    str     suffix;
};

static bool read_number(str text, bool stars, int64_t *out)
{
    if (stars && str_eq(text, S("*"))) {
        *out = -1;
        return true;
    }
    return text.n <= 9 && str_to_i64(text, out) && *out >= 0;
}

static bool read_parts(str text, bool stars, struct parts *out)
{
    size_t dash = str_find_byte(text, '-');
    str    rest = dash == STR_NPOS ? text : str_slice(text, 0, dash), one;
    size_t n = 0;

    *out = (struct parts) { .suffix = dash == STR_NPOS ? STR_NONE : str_from(text, dash) };
    for (; n < 3 && str_split(&rest, '.', &one); n++)
        if (!read_number(one, stars && n > 0, &out->n[n]))
            return false;
    return n == 3 && !rest.n && out->suffix.n != 1;
}

enum rc posture_version_check(str version, struct err *err)
{
    struct parts p;

    if (read_parts(version, false, &p))
        return RC_OK;
    return err_set(err, RC_INVALID,
                   "a version is three numbers such as 1.2.0 or 1.2.0-preview, not '" STR_FMT "'",
                   STR_ARG(str_slice(version, 0, 60)));
}

enum rc posture_version_check_range(str range, struct err *err)
{
    struct parts p;

    if (read_parts(range, true, &p) && !(p.n[1] < 0 && p.n[2] >= 0) &&
        (!p.suffix.n || str_eq_ci(p.suffix, PREVIEW)))
        return RC_OK;
    return err_set(err, RC_INVALID,
                   "definitionVersion is 1.*.*, 1.2.* or 1.2.0, and -preview behind it where previews are "
                   "wanted, not '" STR_FMT "'",
                   STR_ARG(str_slice(range, 0, 60)));
}

int posture_version_compare(str a, str b)
{
    struct parts x, y;
    bool         has_x = read_parts(a, false, &x), has_y = read_parts(b, false, &y);

    if (!has_x || !has_y)
        return has_x - has_y;
    for (int i = 0; i < 3; i++)
        if (x.n[i] != y.n[i])
            return x.n[i] < y.n[i] ? -1 : 1;
    if (!x.suffix.n || !y.suffix.n)
        return (x.suffix.n == 0) - (y.suffix.n == 0);
    return str_cmp_ci(x.suffix, y.suffix);
}

bool posture_version_fits(str range, str version)
{
    struct parts r, v;

    if (!read_parts(range, true, &r) || !read_parts(version, false, &v))
        return false;
    for (int i = 0; i < 3; i++)
        if (r.n[i] >= 0 && r.n[i] != v.n[i])
            return false;
    return !v.suffix.n || str_eq_ci(v.suffix, r.suffix);
}

str posture_version_of(const struct posture_object *o)
{
    str said = json_str(o->properties, S("version"), STR_NONE);
    return said.n ? said : json_str(json_get_ci(o->properties, S("metadata")), S("version"), S("1.0.0"));
}

/* --- finding --- */

static int by_version(const void *a, const void *b)
{
    return -posture_version_compare(posture_version_of(a), posture_version_of(b));
}

enum rc posture_version_each(struct state_tx *tx, const struct posture_object *o, struct arena *a,
                             struct posture_versions *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct posture_object) found = { 0 };
    bool row;

    *vec_push_in(a, &found) = *o;
    TRY(state_stmt_open(tx,
                        "SELECT properties, modified, modified_by FROM posture_versions"
                        " WHERE kind = ? AND scope = ? AND name = ? AND version <> ?",
                        STATE_ARGS(STATE_I(o->key.kind), STATE_S(o->key.scope), STATE_S(o->key.name),
                                   STATE_S(posture_version_of(o))),
                        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        struct posture_object *one = vec_push_in(a, &found);
        *one = *o;
        one->modified = state_stmt_i64(st, 1);
        one->modified_by = state_stmt_str_in(st, 2, a);
        TRY(json_parse(a, state_stmt_str(st, 0), &one->properties, err));
    }
    qsort(found.p, found.n, sizeof found.p[0], by_version);
    *out = (struct posture_versions) { found.p, found.n };
    return RC_OK;
}

enum rc posture_version_list(struct posture *p, const struct posture_object *o, struct arena *a,
                             struct posture_versions *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    return posture_version_each(tx, o, a, out, err);
}

static enum rc none_fits(const struct posture_versions *all, str range, str name, struct err *err)
{
    AUTO_STRBUF names = STRBUF_INIT(NAMES_BYTES);

    for (size_t i = 0; i < all->n && names.n + 20 < NAMES_BYTES; i++)
        strbuf_addf(&names, "%s" STR_FMT, i ? ", " : "",
                    STR_ARG(str_slice(posture_version_of(&all->v[i]), 0, 16)));
    return err_set(
        err, RC_NOT_FOUND, "version " STR_FMT " of '" STR_FMT "' is asked for, and what is here is " STR_FMT,
        STR_ARG(str_slice(range, 0, 40)), STR_ARG(str_slice(name, 0, 100)), STR_ARG(strbuf_view(&names)));
}

enum rc posture_version_find(struct state_tx *tx, const struct posture_object *o, str range, struct arena *a,
                             struct posture_object *out, struct err *err)
{
    struct posture_versions all;

    if (!range.n || posture_version_fits(range, posture_version_of(o))) {
        *out = *o;
        return RC_OK;
    }
    TRY(posture_version_each(tx, o, a, &all, err));
    for (size_t i = 0; i < all.n; i++) {
        if (!posture_version_fits(range, posture_version_of(&all.v[i])))
            continue;
        *out = all.v[i];
        return RC_OK;
    }
    return none_fits(&all, range, o->key.name, err);
}

enum rc posture_version_choose(struct posture *p, const struct posture_object *o, str range, struct arena *a,
                               struct posture_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(p->opts.state, &tx, err));
    return posture_version_find(tx, o, range, a, out, err);
}

/* --- keeping --- */

static enum rc write_row(struct state_tx *tx, const struct posture_object *o, str version, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(TEXT_BYTES);

    json_print(&text, o->properties, 0);
    TRY(strbuf_ok(&text, "a version of a definition", err));
    return state_stmt_run(tx, "INSERT OR REPLACE INTO posture_versions VALUES (?, ?, ?, ?, ?, ?, ?)",
                          STATE_ARGS(STATE_I(o->key.kind), STATE_S(o->key.scope), STATE_S(o->key.name),
                                     STATE_S(version), STATE_S(strbuf_view(&text)), STATE_I(o->modified),
                                     STATE_S(o->modified_by)),
                          err);
}

static enum rc delete_row(struct state_tx *tx, const struct posture_key *key, str version, struct err *err)
{
    return state_stmt_run(
        tx, "DELETE FROM posture_versions WHERE kind = ? AND scope = ? AND name = ? AND version = ?",
        STATE_ARGS(STATE_I(key->kind), STATE_S(key->scope), STATE_S(key->name), STATE_S(version)), err);
}

/* Sets one member of the properties. */
static void set(struct arena *a, struct posture_object *o, str name, struct json value)
{
    struct json_member *members = ARENA_ARRAY(a, struct json_member, o->properties->n + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    uint32_t            n = 0;

    for (uint32_t i = 0; i < o->properties->n; i++)
        if (!str_eq_ci(o->properties->members[i].key, name))
            members[n++] = o->properties->members[i];
    members[n++] = (struct json_member) { name, value };
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    o->properties = out;
}

static enum rc list_versions(struct state_tx *tx, struct arena *a, struct posture_object *o, struct err *err)
{
    struct posture_versions all;

    TRY(posture_version_each(tx, o, a, &all, err));
    struct json *names = ARENA_ARRAY(a, struct json, all.n);
    for (size_t i = 0; i < all.n; i++)
        names[i] = json_make_str(posture_version_of(&all.v[i]));
    set(a, o, S("versions"), (struct json) { .kind = JSON_ARRAY, .n = (uint32_t)all.n, .items = names });
    return RC_OK;
}

enum rc posture_version_settle(struct state_tx *tx, const struct posture_object *old, bool builtin,
                               struct arena *a, struct posture_object *o, struct err *err)
{
    if (!builtin && !json_str(o->properties, S("version"), STR_NONE).n)
        set(a, o, S("version"), json_make_str(old ? posture_version_of(old) : S("1.0.0")));
    str version = posture_version_of(o);
    if (!builtin)
        TRY(posture_version_check(version, err));
    if (old && !str_eq_ci(posture_version_of(old), version)) {
        TRY(write_row(tx, old, posture_version_of(old), err));
        TRY(delete_row(tx, &o->key, version, err));
    }
    return builtin ? RC_OK : list_versions(tx, a, o, err);
}

/* --- one version by its name --- */

/* The body with that version in its properties. */
static const struct json *with_version(struct arena *a, const struct json *body, str version)
{
    const struct json  *given = json_get_ci(body, S("properties"));
    uint32_t            most = given && given->kind == JSON_OBJECT ? given->n : 0, n = 0;
    struct json_member *members = ARENA_ARRAY(a, struct json_member, most + 1);
    struct json_member *outer = ARENA_ARRAY(a, struct json_member, 1);
    struct json        *out = ARENA_NEW(a, struct json);

    for (uint32_t i = 0; i < most; i++)
        if (!str_eq_ci(given->members[i].key, S("version")))
            members[n++] = given->members[i];
    members[n++] = (struct json_member) { S("version"), json_make_str(version) };
    *outer = (struct json_member) { S("properties"), { .kind = JSON_OBJECT, .n = n, .members = members } };
    *out = (struct json) { .kind = JSON_OBJECT, .n = 1, .members = outer };
    return out;
}

static enum rc is_kept(struct state_tx *tx, const struct posture_object *o, str version, bool *out,
                       struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(
        tx, "SELECT 1 FROM posture_versions WHERE kind = ? AND scope = ? AND name = ? AND version = ?",
        STATE_ARGS(STATE_I(o->key.kind), STATE_S(o->key.scope), STATE_S(o->key.name), STATE_S(version)), &st,
        err));
    return state_stmt_next(st, out, err);
}

/* Beside the one that stands: judged as any other before it is kept. */
static enum rc put_aside(struct posture *p, struct state_tx *tx, const struct posture_object_put *put,
                         struct posture_object *o, struct arena *a, struct err *err)
{
    str  version = posture_version_of(o);
    bool there;

    TRY(posture_admit_object(p, tx, false, a, o, err));
    TRY(is_kept(tx, o, version, &there, err));
    o->modified = env_now(p->opts.env);
    o->modified_by = put->who;
    o->is_new = !there;
    return write_row(tx, o, version, err);
}

static enum rc put_locked(struct posture *p, const struct posture_object_put *put, str version,
                          struct arena *a, struct posture_object *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct posture_object_put whole = *put;
    struct posture_object     now;
    struct err                none;

    whole.body = with_version(a, put->body, version);
    TRY(state_tx_write(p->opts.state, &tx, err));
    enum rc rc = posture_object_find(tx, &put->key, a, &now, &none);
    if (rc == RC_OK && str_eq_ci(json_str(now.properties, S("policyType"), STR_NONE), S("BuiltIn")))
        return err_set(err, RC_FORBIDDEN, "'" STR_FMT "' is built in and cannot be changed",
                       STR_ARG(put->key.name));
    if (rc == RC_OK && posture_version_compare(version, posture_version_of(&now)) < 0) {
        *out = now;
        out->properties = json_get(whole.body, S("properties"));
        TRY(put_aside(p, tx, put, out, a, err));
    } else {
        bool same = rc == RC_OK && str_eq_ci(version, posture_version_of(&now));
        TRY(posture_object_store(p, tx, &whole, a, out, err));
        out->is_new = !same;
    }
    return state_tx_commit(tx, err);
}

/* After a change, with `change` held: everything that the object judges is judged anew. */
static enum rc follow(struct posture *p, struct err *err)
{
    posture_changed(p);
    posture_later(p, S(""));
    return posture_replan(p, err);
}

enum rc posture_version_put(struct posture *p, const struct posture_object_put *put, str version,
                            struct arena *a, struct posture_object *out, struct err *err)
{
    TRY(posture_version_check(version, err));
    pthread_mutex_lock(&p->change);
    enum rc rc = put_locked(p, put, version, a, out, err);
    if (rc == RC_OK)
        rc = follow(p, err);
    pthread_mutex_unlock(&p->change);
    return rc;
}

/* The next highest takes the place of the one that stands. */
static enum rc replace(struct posture *p, struct state_tx *tx, const struct posture_object *now, str who,
                       struct arena *a, struct err *err)
{
    struct posture_versions   all;
    struct posture_object     out;
    struct json_member        outer;
    struct json               body = { .kind = JSON_OBJECT, .n = 1, .members = &outer };
    struct posture_object_put put = { .key = now->key, .body = &body, .who = who };

    TRY(posture_version_each(tx, now, a, &all, err));
    if (all.n < 2)
        return err_set(err, RC_CONFLICT, "'" STR_FMT "' has no other version: delete it as a whole",
                       STR_ARG(now->key.name));
    outer = (struct json_member) { S("properties"), *all.v[1].properties };
    TRY(posture_object_store(p, tx, &put, a, &out, err));
    TRY(delete_row(tx, &now->key, posture_version_of(&out), err));
    return delete_row(tx, &now->key, posture_version_of(now), err);
}

static enum rc delete_locked(struct posture *p, const struct posture_key *key, str version, str who,
                             struct arena *a, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct posture_object now;
    bool                  there;

    TRY(state_tx_write(p->opts.state, &tx, err));
    TRY(posture_object_find(tx, key, a, &now, err));
    if (!str_eq_ci(json_str(now.properties, S("policyType"), STR_NONE), S("Custom")))
        return err_set(err, RC_FORBIDDEN, "'" STR_FMT "' is built in and cannot be changed",
                       STR_ARG(key->name));
    TRY(is_kept(tx, &now, version, &there, err));
    if (str_eq_ci(version, posture_version_of(&now)))
        TRY(replace(p, tx, &now, who, a, err));
    else if (there)
        TRY(delete_row(tx, key, version, err));
    else
        return err_set(err, RC_NOT_FOUND, "'" STR_FMT "' has no version " STR_FMT, STR_ARG(key->name),
                       STR_ARG(str_slice(version, 0, 60)));
    return state_tx_commit(tx, err);
}

enum rc posture_version_delete(struct posture *p, const struct posture_key *key, str version, str who,
                               struct arena *a, struct err *err)
{
    pthread_mutex_lock(&p->change);
    enum rc rc = delete_locked(p, key, version, who, a, err);
    if (rc == RC_OK)
        rc = follow(p, err);
    pthread_mutex_unlock(&p->change);
    return rc;
}
