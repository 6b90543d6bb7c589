/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_resource.h"

#include "base/vec.h"
#include "posture/posture_book.h"
#include "posture/posture_change.h"
#include "posture/posture_deny.h"
#include "posture/posture_id.h"
#include "posture/posture_record.h"
#include "posture/posture_score.h"

enum { CHANGE_ARENA = 256 << 20, BATCH = 500 };

#define COLUMNS                                                                                              \
    "key, id, name, type, location, subscription, resource_group, source, document, version, first_seen, "   \
    "last_seen,"                                                                                             \
    " changed, gone"

/* --- reading --- */

static struct posture_resource read_row(const struct state_stmt *st, struct arena *a)
{
    return (struct posture_resource) { .key = state_stmt_i64(st, 0),
                                       .id = state_stmt_str_in(st, 1, a),
                                       .name = state_stmt_str_in(st, 2, a),
                                       .type = state_stmt_str_in(st, 3, a),
                                       .location = state_stmt_str_in(st, 4, a),
                                       .subscription = state_stmt_str_in(st, 5, a),
                                       .group = state_stmt_str_in(st, 6, a),
                                       .source = state_stmt_str_in(st, 7, a),
                                       .text = state_stmt_str_in(st, 8, a),
                                       .version = state_stmt_i64(st, 9),
                                       .first_seen = state_stmt_i64(st, 10),
                                       .last_seen = state_stmt_i64(st, 11),
                                       .changed = state_stmt_i64(st, 12),
                                       .gone = state_stmt_i64(st, 13) };
}

/* RC_NOT_FOUND when it was never there; one that went is found. */
static enum rc find(struct state_tx *tx, str id, struct arena *a, struct posture_resource *out,
                    struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM resources WHERE id = ?",
                        STATE_ARGS(STATE_S(posture_id_trim(id))), &st, err));
    TRY(state_stmt_next(st, &row, err));
    if (!row)
        return err_set(err, RC_NOT_FOUND, "The resource '" STR_FMT "' was not found.",
                       STR_ARG(str_slice(id, 0, 300)));
    *out = read_row(st, a);
    return RC_OK;
}

enum rc posture_resource_get(struct posture *p, str id, struct arena *a, struct posture_resource *out,
                             struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct posture_resource r;

    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(find(tx, id, a, &r, err));
    if (r.gone)
        return err_set(err, RC_NOT_FOUND, "The resource '" STR_FMT "' was not found.",
                       STR_ARG(str_slice(id, 0, 300)));
    *out = r;
    return RC_OK;
}

/* The part of the list that SQL can tell; management groups are looked at row by row. */
static enum rc open_list(struct state_tx *tx, const struct posture_resource_list *l, struct state_stmt **st,
                         struct err *err)
{
    return state_stmt_open(
        tx,
        "SELECT " COLUMNS " FROM resources WHERE gone = 0 AND id > ?1 COLLATE NOCASE"
        " AND (?2 = '' OR subscription = ?2) AND (?3 = '' OR resource_group = ?3)"
        " AND (CASE WHEN ?4 <> '' THEN type = ?4 COLLATE NOCASE WHEN ?5 THEN 1 ELSE type NOT IN"
        " ('" POSTURE_TYPE_MANAGEMENT_GROUP "', '" POSTURE_TYPE_SUBSCRIPTION "', '" POSTURE_TYPE_GROUP
        "') END)"
        " AND (?6 = '' OR instr(lower(id), lower(?6)) > 0) AND (?7 = '' OR source = ?7) ORDER BY id",
        STATE_ARGS(STATE_S(l->after), STATE_S(posture_id_name(posture_id_subscription(l->scope))),
                   STATE_S(posture_id_name(posture_id_group(l->scope))), STATE_S(l->type),
                   STATE_I(l->containers), STATE_S(l->find), STATE_S(l->source)),
        st, err);
}

enum rc posture_resource_each(struct posture *p, const struct posture_resource_list *list, struct arena *a,
                              struct posture_resources *out, struct err *err)
{
    AUTO(snapshot) held = snapshot_get(p->tree);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    size_t max = list->max ? list->max : POSTURE_MAX_PAGE;
    bool   row;

    *out = (struct posture_resources) { 0 };
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(open_list(tx, list, &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        if (!posture_tree_covers(snapshot_value(held), list->scope, state_stmt_str(st, 1)))
            continue;
        if (out->n == max) {
            out->next = vec_last(out).id;
            return RC_OK;
        }
        *vec_push_in(a, out) = read_row(st, a);
    }
}

enum rc posture_resource_versions(struct posture *p, str id, struct arena *a, struct posture_resources *out,
                                  struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct posture_resource now;
    bool                    row;

    *out = (struct posture_resources) { 0 };
    TRY(state_tx_read(p->opts.state, &tx, err));
    TRY(find(tx, id, a, &now, err));
    *vec_push_in(a, out) = now;
    TRY(state_stmt_open(tx,
                        "SELECT version, changed, source, document FROM resource_versions WHERE resource = ?"
                        " ORDER BY version DESC",
                        STATE_ARGS(STATE_I(now.key)), &st, err));
    while (true) {
        struct posture_resource r = now;
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        r.version = state_stmt_i64(st, 0);
        r.changed = state_stmt_i64(st, 1);
        r.source = state_stmt_str_in(st, 2, a);
        r.text = state_stmt_str_in(st, 3, a);
        *vec_push_in(a, out) = r;
    }
}

/* --- one change --- */

/* What one put is on its way. */
struct putting {
    struct posture                    *p;
    struct state_tx                   *tx;
    const struct posture_plan         *plan;
    const struct posture_tree         *tree;
    const struct posture_resource_put *put;
    struct arena                      *a;
    struct posture_id                  id;
    const struct json                 *document;
    struct posture_resource            old; /* key 0: none */
    const struct json                 *old_document;
    struct posture_findings            findings;
    ts                                 now;
    bool                               score_moved;
};

/* The document with id, name and type in front, as ARM has them; what it says of them itself is not asked. */
static const struct json *with_identity(struct putting *t)
{
    const struct json  *d = t->put->document;
    struct json_member *m = ARENA_ARRAY(t->a, struct json_member, d->n + 3);
    struct json        *out = ARENA_NEW(t->a, struct json);
    str                 given = json_str(d, S("type"), STR_NONE);
    uint32_t            n = 0;

    m[n++] =
        (struct json_member) { S("id"), json_make_str(t->old.key ? t->old.id : posture_id_trim(t->put->id)) };
    m[n++] = (struct json_member) { S("name"), json_make_str(t->id.name) };
    m[n++] =
        (struct json_member) { S("type"), json_make_str(str_eq_ci(given, t->id.type) ? given : t->id.type) };
    for (uint32_t i = 0; i < d->n; i++)
        if (!str_eq_ci(d->members[i].key, S("id")) && !str_eq_ci(d->members[i].key, S("name")) &&
            !str_eq_ci(d->members[i].key, S("type")))
            m[n++] = d->members[i];
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = m };
    return out;
}

static enum rc print(struct putting *t, str *out, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(POSTURE_MAX_DOCUMENT);

    json_print(&text, t->document, 0);
    TRY(strbuf_ok(&text, "the document of a resource", err));
    *out = arena_str(t->a, strbuf_view(&text));
    return RC_OK;
}

static enum rc write_new(struct putting *t, str text, struct err *err)
{
    str group = t->id.group;

    TRY(state_stmt_run(
        t->tx,
        "INSERT INTO resources (id, name, type, location, subscription, resource_group, source, document,"
        " version, first_seen, last_seen, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?9, ?9, ?9)",
        STATE_ARGS(STATE_S(posture_id_trim(t->put->id)), STATE_S(t->id.name), STATE_S(t->id.type),
                   STATE_S(json_str(t->document, S("location"), S(""))),
                   STATE_S(t->id.subscription.p ? t->id.subscription : S("")),
                   STATE_S(group.p ? group : S("")), STATE_S(t->put->source), STATE_S(text), STATE_I(t->now)),
        err));
    return RC_OK;
}

static enum rc write_over(struct putting *t, str text, struct err *err)
{
    TRY(state_stmt_run(
        t->tx,
        "INSERT INTO resource_versions SELECT key, version, changed, source, document FROM resources"
        " WHERE key = ?",
        STATE_ARGS(STATE_I(t->old.key)), err));
    TRY(state_stmt_run(t->tx, "DELETE FROM resource_versions WHERE resource = ? AND version <= ?",
                       STATE_ARGS(STATE_I(t->old.key), STATE_I(t->old.version - POSTURE_VERSIONS)), err));
    return state_stmt_run(
        t->tx,
        "UPDATE resources SET document = ?2, location = ?3, source = ?4, version = version + 1,"
        " last_seen = ?5, changed = ?5, gone = 0 WHERE key = ?1",
        STATE_ARGS(STATE_I(t->old.key), STATE_S(text), STATE_S(json_str(t->document, S("location"), S(""))),
                   STATE_S(t->put->source), STATE_I(t->now)),
        err);
}

static enum rc record(struct putting *t, const struct posture_resource *r, const char *kind, struct err *err)
{
    struct posture_changes changes = posture_change_find(t->a, t->old_document, t->document);

    return posture_record_resource(
        t->p, t->tx,
        &(struct posture_record_change) {
            .resource = r,
            .document = t->document,
            .kind = str_of(kind),
            .changes = t->old_document ? posture_change_json(t->a, &changes) : S("{}"),
            .paths = t->old_document ? posture_change_paths(t->a, &changes) : S("[]"),
            .n_changes = t->old_document ? changes.all : 0,
            .who = t->put->who },
        err);
}

static enum rc book(struct putting *t, const struct posture_resource *r, struct err *err)
{
    const struct posture_subject subject = { r->id, r->type, t->document, r->key };
    const struct posture_booking b = { t->p,        t->tx,  t->plan, &subject,
                                       r->location, t->now, false,   &t->findings.risk };
    return posture_book_apply(&b, &t->findings, t->a, &t->score_moved, err);
}

static void judge(struct putting *t, int64_t key)
{
    const struct posture_subject s = { t->old.key ? t->old.id : posture_id_trim(t->put->id), t->id.type,
                                       t->document, key };
    const struct posture_judging j = { .plan = t->plan, .tree = t->tree, .tx = t->tx, .now = t->now };
    posture_judge(&j, &s, t->a, &t->findings);
}

static enum rc prepare(struct putting *t, struct err *err)
{
    struct err none;

    if (!t->put->document || t->put->document->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "a resource is a JSON object");
    TRY(posture_id_parse(t->put->id, t->a, &t->id, err));
    enum rc rc = find(t->tx, t->put->id, t->a, &t->old, &none);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", none.text);
    t->document = with_identity(t);
    if (t->old.key && !t->old.gone)
        TRY(json_parse(t->a, t->old.text, &t->old_document, err));
    return RC_OK;
}

static enum rc store(struct putting *t, str text, struct posture_resource_result *out, struct err *err)
{
    out->created = !t->old.key || t->old.gone;
    if (t->old.key)
        TRY(write_over(t, text, err));
    else
        TRY(write_new(t, text, err));
    TRY(find(t->tx, t->put->id, t->a, &out->resource, err));
    judge(t, out->resource.key);
    out->changed = true;
    TRY(record(t, &out->resource, out->created ? "Create" : "Update", err));
    return book(t, &out->resource, err);
}

/* One document inside a transaction. */
static enum rc put_one(struct putting *t, struct posture_resource_result *out, struct err *err)
{
    str text;

    TRY(prepare(t, err));
    TRY(print(t, &text, err));
    *out = (struct posture_resource_result) { .resource = t->old };
    if (t->old_document && (str_eq(text, t->old.text) || json_eq(t->document, t->old_document)))
        return state_stmt_run(t->tx, "UPDATE resources SET last_seen = ? WHERE key = ?",
                              STATE_ARGS(STATE_I(t->now), STATE_I(t->old.key)), err);
    if (t->put->enforce) {
        const struct posture_subject s = { posture_id_trim(t->put->id), t->id.type, t->document, t->old.key };
        const struct posture_judging j = { .plan = t->plan, .tree = t->tree, .tx = t->tx, .now = t->now };
        TRY(posture_deny_check(&j, &s, t->a, &out->denied, err));
    }
    return store(t, text, out, err);
}

/* --- containers --- */

static bool has_container(const struct posture *p, str id)
{
    AUTO(snapshot) held = snapshot_get(p->tree);
    return !id.n || posture_tree_find(snapshot_value(held), id) != NULL;
}

static enum rc put_container(struct putting *t, str id, struct err *err)
{
    struct json                       location = json_make_str(t->p->opts.location);
    const struct json_member          member = { S("location"), location };
    const bool                        is_group = posture_id_group(id).n != 0;
    const struct json                 document = { .kind = JSON_OBJECT, .n = is_group, .members = &member };
    const struct posture_resource_put put = {
        .id = id, .document = &document, .source = S("implied"), .who = t->put->who
    };
    struct putting                 c = *t;
    struct posture_resource_result out;

    c.put = &put;
    c.old = (struct posture_resource) { 0 };
    c.old_document = NULL;
    TRY(put_one(&c, &out, err));
    t->score_moved |= c.score_moved;
    return RC_OK;
}

/* What a resource stands in, when it is not there yet. The tree follows after the commit. */
static enum rc ensure_containers(struct putting *t, bool *grown, struct err *err)
{
    str places[2] = { posture_id_subscription(t->put->id), posture_id_group(t->put->id) };

    for (size_t i = 0; i < 2; i++) {
        if (has_container(t->p, places[i]) || str_eq_ci(places[i], posture_id_trim(t->put->id)))
            continue;
        TRY(put_container(t, places[i], err));
        *grown = true;
    }
    return RC_OK;
}

/* --- the doors --- */

struct turn {
    struct snapshot *plan, *tree;
};

static struct turn turn_begin(struct posture *p)
{
    pthread_mutex_lock(&p->change);
    return (struct turn) { snapshot_get(p->plan), snapshot_get(p->tree) };
}

static void turn_end(struct posture *p, struct turn *turn)
{
    snapshot_unref(turn->plan);
    snapshot_unref(turn->tree);
    pthread_mutex_unlock(&p->change);
}

static struct putting putting_of(struct posture *p, const struct turn *turn, struct state_tx *tx,
                                 struct arena *a)
{
    return (struct putting) { .p = p,
                              .tx = tx,
                              .plan = snapshot_value(turn->plan),
                              .tree = snapshot_value(turn->tree),
                              .a = a,
                              .now = env_now(p->opts.env) };
}

/* Resources of a type that policies ask for as related ones: their neighbours are judged again. */
static void wake_neighbours(struct posture *p, const struct posture_plan *plan, str id, str type)
{
    str group = posture_id_group(id);

    if (map_has(plan->related, type))
        posture_later(p, group.n ? group : posture_id_subscription(id));
}

static enum rc after_commit(struct posture *p, const struct posture_plan *plan, str id, str type, bool grown,
                            struct err *err)
{
    posture_changed(p);
    wake_neighbours(p, plan, id, type);
    if (grown || posture_id_is_container(type))
        return posture_retree(p, err);
    return RC_OK;
}

static enum rc put_in_turn(struct putting *t, struct posture_resource_result *out, bool *grown,
                           struct err *err)
{
    TRY(ensure_containers(t, grown, err));
    if (*grown)
        t->old = (struct posture_resource) { 0 };
    TRY(put_one(t, out, err));
    if (t->score_moved)
        TRY(posture_score_note(t->p, t->tx, t->now, err));
    return state_tx_commit(t->tx, err);
}

enum rc posture_resource_put(struct posture *p, const struct posture_resource_put *put, struct arena *a,
                             struct posture_resource_result *out, struct err *err)
{
    AUTO(arena) scratch = arena_new(CHANGE_ARENA);
    struct turn      turn = turn_begin(p);
    struct state_tx *tx = NULL;
    bool             grown = false;
    struct putting   t;

    *out = (struct posture_resource_result) { 0 };
    enum rc rc = state_tx_write(p->opts.state, &tx, err);
    t = putting_of(p, &turn, tx, scratch);
    t.put = put;
    if (rc == RC_OK)
        rc = put_in_turn(&t, out, &grown, err);
    state_tx_free(tx);
    if (rc == RC_OK)
        rc = after_commit(p, t.plan, put->id, t.id.type, grown, err);
    if (out->denied.n)
        out->denied = arena_str(a, out->denied);
    turn_end(p, &turn);
    return rc == RC_OK ? posture_resource_get(p, put->id, a, &out->resource, err) : rc;
}

/* What is wrong with one document is its own affair; what is wrong with the store is everybody's. */
static bool is_own_fault(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_SYNTAX || rc == RC_LIMIT || rc == RC_FORBIDDEN ||
           rc == RC_UNSUPPORTED;
}

struct batch {
    struct posture                    *p;
    const struct turn                 *turn;
    struct state_tx                   *tx;
    const struct posture_resource_put *puts;
    struct posture_resource_many      *out;
    bool                               grown, score_moved;
};

static enum rc put_guarded(struct batch *b, size_t i, struct err *err)
{
    AUTO(arena) a = arena_new(CHANGE_ARENA);
    struct putting                 t = putting_of(b->p, b->turn, b->tx, a);
    struct posture_resource_result one = { 0 };
    struct err                     why = { 0 };

    t.put = &b->puts[i];
    TRY(state_stmt_run(b->tx, "SAVEPOINT one", STATE_NO_ARGS, err));
    enum rc rc = ensure_containers(&t, &b->grown, &why);
    if (rc == RC_OK)
        rc = put_one(&t, &one, &why);
    if (rc != RC_OK) {
        if (!is_own_fault(rc))
            return err_set(err, rc, "%s", why.text);
        TRY(state_stmt_run(b->tx, "ROLLBACK TO one", STATE_NO_ARGS, err));
        if (b->out->refused)
            b->out->refused(b->out->ctx, i, &why);
    } else {
        b->out->created += one.created;
        b->out->changed += one.changed && !one.created;
        b->out->same += !one.changed;
        b->score_moved |= t.score_moved;
        if (one.changed)
            wake_neighbours(b->p, t.plan, t.put->id, t.id.type);
    }
    return state_stmt_run(b->tx, "RELEASE one", STATE_NO_ARGS, err);
}

/* Ends early when a container came: the next batch sees it in the tree. */
static enum rc put_batch(struct batch *b, size_t *from, size_t n, struct err *err)
{
    size_t end = *from + BATCH < n ? *from + BATCH : n;

    for (; *from < end && !b->grown; (*from)++)
        TRY(put_guarded(b, *from, err));
    if (b->score_moved)
        TRY(posture_score_note(b->p, b->tx, env_now(b->p->opts.env), err));
    return state_tx_commit(b->tx, err);
}

enum rc posture_resource_put_many(struct posture *p, const struct posture_resource_put *puts, size_t n,
                                  struct posture_resource_many *out, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t at = 0; rc == RC_OK && at < n;) {
        struct turn  turn = turn_begin(p);
        struct batch b = { .p = p, .turn = &turn, .puts = puts, .out = out };
        size_t       from = at;
        rc = state_tx_write(p->opts.state, &b.tx, err);
        if (rc == RC_OK)
            rc = put_batch(&b, &at, n, err);
        state_tx_free(b.tx);
        posture_changed(p);
        bool containers = b.grown;
        for (size_t i = from; i < at && !containers; i++)
            containers = !str_contains_ci(posture_id_trim(puts[i].id), S("/providers/")) ||
                         str_contains_ci(puts[i].id, S("/managementGroups/"));
        if (rc == RC_OK && containers)
            rc = posture_retree(p, err);
        turn_end(p, &turn);
    }
    return rc;
}

/* --- deleting --- */

static enum rc delete_row(struct putting *t, str id, struct err *err)
{
    struct posture_resource now;

    TRY(find(t->tx, id, t->a, &t->old, err));
    if (t->old.gone)
        return err_set(err, RC_NOT_FOUND, "The resource '" STR_FMT "' was not found.",
                       STR_ARG(str_slice(id, 0, 300)));
    TRY(json_parse(t->a, t->old.text, &t->document, err));
    TRY(state_stmt_run(
        t->tx,
        "INSERT INTO resource_versions SELECT key, version, changed, source, document FROM resources"
        " WHERE key = ?",
        STATE_ARGS(STATE_I(t->old.key)), err));
    TRY(state_stmt_run(t->tx,
                       "UPDATE resources SET gone = ?2, changed = ?2, version = version + 1 WHERE key = ?1",
                       STATE_ARGS(STATE_I(t->old.key), STATE_I(t->now)), err));
    TRY(find(t->tx, id, t->a, &now, err));
    t->old_document = NULL;
    TRY(record(t, &now, "Delete", err));
    t->findings = (struct posture_findings) { 0 };
    return book(t, &now, err);
}

/* What is below it goes with it. */
static enum rc find_below(struct putting *t, str id, struct posture_resources *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(t->tx,
                        "SELECT " COLUMNS " FROM resources WHERE gone = 0 AND"
                        " substr(id, 1, length(?1) + 1) = ?1 || '/' COLLATE NOCASE",
                        STATE_ARGS(STATE_S(id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        *vec_push_in(t->a, out) = read_row(st, t->a);
    }
}

static enum rc delete_all(struct putting *t, str id, struct err *err)
{
    struct posture_resources below = { 0 };

    TRY(delete_row(t, id, err));
    TRY(find_below(t, id, &below, err));
    for (size_t i = 0; i < below.n; i++)
        TRY(delete_row(t, below.p[i].id, err));
    if (t->score_moved)
        TRY(posture_score_note(t->p, t->tx, t->now, err));
    return state_tx_commit(t->tx, err);
}

enum rc posture_resource_delete(struct posture *p, str id, str who, struct err *err)
{
    AUTO(arena) scratch = arena_new(CHANGE_ARENA);
    struct turn                       turn = turn_begin(p);
    const struct posture_resource_put put = { .id = id, .who = who };
    struct state_tx                  *tx = NULL;
    struct putting                    t;

    id = posture_id_trim(id);
    enum rc rc = state_tx_write(p->opts.state, &tx, err);
    t = putting_of(p, &turn, tx, scratch);
    t.put = &put;
    if (rc == RC_OK)
        rc = delete_all(&t, id, err);
    state_tx_free(tx);
    if (rc == RC_OK)
        rc = after_commit(p, t.plan, id, t.old.type, false, err);
    turn_end(p, &turn);
    return rc;
}
