/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_entity.h"

#include "incident/incident_identity.h"
#include "incident/incident_priv.h"

enum { MAX_PROPERTIES = 64 * 1024, CATCH_UP_BATCH = 200, MAX_TOP = 1000, DEFAULT_TOP = 50, MAX_REASON = 600 };

/* The space of entities' names: the same thing has the same name in every store. */
static const guid SPACE = { { 0x4c, 0x2d, 0xaa, 0x18, 0x93, 0x6e, 0x4d, 0x51, 0xb4, 0x0c, 0x17, 0x88, 0xe2,
                              0x5f, 0x09, 0x3b } };

/* The leaves below root ?1, the root first. */
#define LEAVES                                                                                               \
    "WITH RECURSIVE m(id) AS (VALUES (?1) UNION SELECT e.id FROM entities e JOIN m ON e.root = m.id) "

/* --- leaves and roots --- */

struct leaf {
    int64_t id;
    str     identity, said;
    ts      first_seen, last_seen;
    bool    is_new;
};

static enum rc root_of(struct state_tx *tx, int64_t id, int64_t *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        tx,
        "WITH RECURSIVE up(id, root) AS (SELECT id, root FROM entities WHERE id = ?1 UNION "
        "SELECT e.id, e.root FROM entities e JOIN up ON e.id = up.root) SELECT id FROM up WHERE "
        "root IS NULL",
        STATE_ARGS(STATE_I(id)), &st, err));
    *out = state_stmt_i64(st, 0);
    return RC_OK;
}

static enum rc find_leaf(struct state_tx *tx, str identity, struct arena *a, struct leaf *out, bool *found,
                         struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(tx, "SELECT id, said, first_seen, last_seen FROM entities WHERE identity = ?",
                        STATE_ARGS(STATE_S(identity)), &st, err));
    TRY(state_stmt_next(st, found, err));
    if (*found)
        *out = (struct leaf) { state_stmt_i64(st, 0),       identity,
                               state_stmt_str_in(st, 1, a), state_stmt_i64(st, 2),
                               state_stmt_i64(st, 3),       false };
    return RC_OK;
}

/* "account:alice@contoso" as people say it. */
static str plain(str identity)
{
    size_t colon = str_find_byte(identity, ':');
    return colon == STR_NPOS ? identity : str_from(identity, colon + 1);
}

static str one_as_json(struct arena *a, const struct detect_entity *e)
{
    struct detect_entities list = { .arena = a, .p = (struct detect_entity *)(uintptr_t)e, .n = 1, .cap = 1 };
    return detect_entity_json(&list);
}

/* What is being indexed: an entity of an alert. */
struct indexing {
    struct state_tx                     *tx;
    struct arena                        *arena;
    const struct incident_entity_source *src;
    const struct detect_entity          *e;
    bool                                 strong;
    ts                                   now;
};

/* Only the first identity's leaf keeps what was said; the others are signposts to it. */
static enum rc add_leaf(const struct indexing *x, str identity, bool first, struct leaf *out, struct err *err)
{
    char text[GUID_TEXT_SIZE];
    str  said = first ? one_as_json(x->arena, x->e) : S("[]");
    str  label = first ? detect_entity_label(x->arena, x->e) : plain(identity);

    TRY(state_stmt_run(x->tx,
                       "INSERT INTO entities (name, identity, strong, kind, label, said, first_seen, "
                       "last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       STATE_ARGS(STATE_S(guid_text(guid_of(SPACE, identity), text)), STATE_S(identity),
                                  STATE_I(x->strong), STATE_S(x->e->type->kind), STATE_S(label),
                                  STATE_S(said), STATE_I(x->src->start), STATE_I(x->src->end)),
                       err));
    *out = (struct leaf) { state_stmt_last_rowid(x->tx), identity, said, x->src->start, x->src->end, true };
    return RC_OK;
}

static enum rc leaf_of(const struct indexing *x, str identity, bool first, struct leaf *out, struct err *err)
{
    bool found;

    TRY(find_leaf(x->tx, identity, x->arena, out, &found, err));
    return found ? RC_OK : add_leaf(x, identity, first, out, err);
}

/* Adds the values of `more` that `into` has not. */
static bool add_values(struct detect_entity *into, const struct detect_entity *more)
{
    bool changed = false;

    for (size_t i = 0; i < more->n_values && into->n_values < DETECT_ENTITY_FIELDS; i++) {
        if (detect_entity_value(into, more->values[i].name).n)
            continue;
        into->values[into->n_values++] = more->values[i];
        changed = true;
    }
    return changed;
}

static enum rc refresh(const struct indexing *x, const struct leaf *leaf, struct err *err)
{
    struct detect_entities said = { .arena = x->arena };
    ts                     from = x->src->start < leaf->first_seen ? x->src->start : leaf->first_seen;
    ts                     to = x->src->end > leaf->last_seen ? x->src->end : leaf->last_seen;

    if (leaf->is_new)
        return RC_OK;
    TRY(detect_entity_parse(&said, leaf->said, err));
    struct detect_entity all = said.n ? said.p[0] : (struct detect_entity) { .type = x->e->type };
    bool                 more = add_values(&all, x->e);
    if (!more && from == leaf->first_seen && to == leaf->last_seen)
        return RC_OK;
    return state_stmt_run(
        x->tx, "UPDATE entities SET said = ?, label = ?, first_seen = ?, last_seen = ? WHERE id = ?",
        STATE_ARGS(STATE_S(one_as_json(x->arena, &all)), STATE_S(detect_entity_label(x->arena, &all)),
                   STATE_I(from), STATE_I(to), STATE_I(leaf->id)),
        err);
}

/* --- merging --- */

struct merging {
    struct state_tx *tx;
    int64_t          a, b; /* leaves */
    str              reason, alert, who;
    ts               now;
};

static enum rc are_apart(struct state_tx *tx, int64_t a, int64_t b, bool *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(tx, "SELECT 1 FROM entity_apart WHERE a = ? AND b = ?",
                        STATE_ARGS(STATE_I(a < b ? a : b), STATE_I(a < b ? b : a)), &st, err));
    return state_stmt_next(st, out, err);
}

/* The older root stays: its name is in people's links. */
static enum rc unite(const struct merging *m, struct err *err)
{
    int64_t ra, rb;
    bool    apart;

    TRY(root_of(m->tx, m->a, &ra, err));
    TRY(root_of(m->tx, m->b, &rb, err));
    if (ra == rb)
        return RC_OK;
    TRY(are_apart(m->tx, m->a, m->b, &apart, err));
    if (apart)
        return RC_OK;
    int64_t kept = ra < rb ? ra : rb, gone = ra < rb ? rb : ra;
    TRY(state_stmt_run(m->tx, "UPDATE entities SET root = ? WHERE id = ?",
                       STATE_ARGS(STATE_I(kept), STATE_I(gone)), err));
    return state_stmt_run(m->tx,
                          "INSERT INTO entity_merges (time, kept, gone, a, b, reason, alert, who) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                          STATE_ARGS(STATE_I(m->now), STATE_I(kept), STATE_I(gone), STATE_I(m->a),
                                     STATE_I(m->b), STATE_S(m->reason), STATE_S(m->alert), STATE_S(m->who)),
                          err);
}

static enum rc unite_named(const struct indexing *x, const struct leaf *first, const struct leaf *other,
                           struct err *err)
{
    const struct merging m = {
        .tx = x->tx,
        .a = first->id,
        .b = other->id,
        .reason = arena_printf(x->arena, STR_FMT " and " STR_FMT ": named as one by alert '" STR_FMT "'",
                               STR_ARG(str_slice(plain(first->identity), 0, MAX_REASON / 3)),
                               STR_ARG(str_slice(plain(other->identity), 0, MAX_REASON / 3)),
                               STR_ARG(str_slice(x->src->title, 0, MAX_REASON / 3))),
        .alert = x->src->alert,
        .who = S("Vedette"),
        .now = x->now,
    };
    return unite(&m, err);
}

static enum rc index_one(struct indexing *x, struct leaf *first, struct err *err)
{
    str         ids[INCIDENT_IDENTITY_MAX];
    struct leaf other;
    size_t      n = incident_identity_of(x->arena, x->e, ids, &x->strong);

    TRY(leaf_of(x, ids[0], true, first, err));
    TRY(refresh(x, first, err));
    if (x->src->alert.n)
        TRY(state_stmt_run(x->tx, "INSERT OR IGNORE INTO alert_entities (alert, entity) VALUES (?, ?)",
                           STATE_ARGS(STATE_S(x->src->alert), STATE_I(first->id)), err));
    for (size_t i = 1; i < n; i++) {
        TRY(leaf_of(x, ids[i], false, &other, err));
        TRY(unite_named(x, first, &other, err));
    }
    return RC_OK;
}

enum rc incident_entity_index(struct state_tx *tx, struct arena *a, const struct incident_entity_source *src,
                              ts now, struct err *err)
{
    struct detect_entities list = { .arena = a };
    struct leaf            first;

    TRY(detect_entity_parse(&list, src->entities, err));
    for (size_t i = 0; i < list.n; i++) {
        struct indexing x = { .tx = tx, .arena = a, .src = src, .e = &list.p[i], .now = now };
        TRY(index_one(&x, &first, err));
    }
    return state_stmt_run(tx, "UPDATE alerts SET indexed = 1 WHERE id = ?", STATE_ARGS(STATE_S(src->alert)),
                          err);
}

enum rc incident_entity_note(struct state_tx *tx, struct arena *a, const struct detect_entity *e, ts seen,
                             str *out, struct err *err)
{
    const struct incident_entity_source src = { .start = seen, .end = seen, .title = S("a query") };
    struct indexing                     x = { .tx = tx, .arena = a, .src = &src, .e = e, .now = seen };
    struct leaf                         first;
    int64_t                             root;

    TRY(index_one(&x, &first, err));
    TRY(root_of(tx, first.id, &root, err));
    AUTO(state_stmt) st = NULL;
    TRY(state_stmt_one(tx, "SELECT name FROM entities WHERE id = ?", STATE_ARGS(STATE_I(root)), &st, err));
    *out = state_stmt_str_in(st, 0, a);
    return RC_OK;
}

static enum rc catch_up_some(struct incident_store *s, size_t *done, struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_entity_source) list = { 0 };
    bool more;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT id, display_name, entities, start, end FROM alerts WHERE indexed = 0 LIMIT ?",
                        STATE_ARGS(STATE_I(CATCH_UP_BATCH)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) =
            (struct incident_entity_source) { state_stmt_str_in(st, 0, a), state_stmt_str_in(st, 1, a),
                                              state_stmt_str_in(st, 2, a), state_stmt_i64(st, 3),
                                              state_stmt_i64(st, 4) };
    }
    st = state_stmt_done(st);
    for (size_t i = 0; i < list.n; i++)
        TRY(incident_entity_index(tx, a, &list.p[i], env_now(s->env), err));
    *done = list.n;
    return state_tx_commit(tx, err);
}

enum rc incident_entity_catch_up(struct incident_store *s, struct err *err)
{
    size_t done = CATCH_UP_BATCH;

    while (done == CATCH_UP_BATCH)
        TRY(catch_up_some(s, &done, err));
    return RC_OK;
}

/* --- reading --- */

/* ARM's names for what is known of a thing. */
static const struct json *properties_of(struct arena *a, const struct detect_entity *e, str label)
{
    struct json_member *members = ARENA_ARRAY(a, struct json_member, DETECT_ENTITY_FIELDS + 1);
    struct json        *out = ARENA_NEW(a, struct json);
    uint32_t            n = 0;

    members[n++] = (struct json_member) { S("friendlyName"), json_make_str(label) };
    for (const struct content_entity_field *f = e->type->fields; f->name.n; f++) {
        str v = detect_entity_value(e, f->name);
        if (f->arm.n && v.n && n <= DETECT_ENTITY_FIELDS)
            members[n++] = (struct json_member) { f->arm, json_make_str(v) };
    }
    *out = (struct json) { .kind = JSON_OBJECT, .n = n, .members = members };
    return out;
}

struct names {
    str   *p;
    size_t n;
};

static void add_name(struct names *names, str s)
{
    for (size_t i = 0; i < names->n; i++)
        if (str_eq_ci(names->p[i], s))
            return;
    if (s.n && names->n < INCIDENT_ENTITY_MAX_NAMES)
        names->p[names->n++] = s;
}

/* Its label and each value that names it alone; a domain or an operating system is shared with others. */
static void add_names(struct arena *a, struct names *names, const struct detect_entity *e)
{
    static const char *const telling[] = {
        "Sid",     "AadUserId",        "ObjectGuid", "CloudAppAccountId",
        "PUID",    "HostName",         "AzureID",    "OMSAgentID",
        "Address", "ResourceId",       "Value",      "Url",
        "Upn",     "DomainName",       "AppId",      "MailboxPrimaryAddress",
        "SID",     "DistinguishedName"
    };
    str host = detect_entity_value(e, S("HostName")), dns = detect_entity_value(e, S("DnsDomain"));
    str name = detect_entity_value(e, S("Name")), upn = detect_entity_value(e, S("UPNSuffix"));

    add_name(names, detect_entity_label(a, e));
    if (host.n && dns.n)
        add_name(names, arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(host), STR_ARG(dns)));
    if (name.n && upn.n)
        add_name(names, arena_printf(a, STR_FMT "@" STR_FMT, STR_ARG(name), STR_ARG(upn)));
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        add_name(names, detect_entity_value(e, str_of(telling[i])));
}

#define LEAF_COLUMNS "e.name, e.identity, e.kind, e.label, e.said, e.first_seen, e.last_seen"

/* A root while its leaves are read, itself first. What a caller does not ask for is not gathered. */
struct reading {
    struct incident_entity_page p;
    struct names                names; /* .p NULL: nobody asks for names */
    str                        *ids;   /* NULL: nor for identities */
    str                         label;
};

static void read_begin(struct reading *r, const struct state_stmt *st, struct arena *a)
{
    r->p.entity.id = state_stmt_str_in(st, 0, a);
    r->p.entity.kind = state_stmt_str_in(st, 2, a);
    r->label = state_stmt_str_in(st, 3, a);
    r->p.first_seen = state_stmt_i64(st, 5);
}

static enum rc read_leaf(struct reading *r, const struct state_stmt *st, struct arena *a, struct err *err)
{
    struct detect_entities said = { .arena = a };
    ts                     first = state_stmt_i64(st, 5), last = state_stmt_i64(st, 6);

    if (!r->p.entity.id.n)
        read_begin(r, st, a);
    if (r->ids && r->p.n_identities < INCIDENT_ENTITY_MAX_LEAVES)
        r->ids[r->p.n_identities++] = state_stmt_str_in(st, 1, a);
    r->p.first_seen = first < r->p.first_seen ? first : r->p.first_seen;
    r->p.last_seen = last > r->p.last_seen ? last : r->p.last_seen;
    TRY(detect_entity_parse(&said, state_stmt_str(st, 4), err));
    if (said.n && r->names.p)
        add_names(a, &r->names, &said.p[0]);
    if (said.n && !r->p.said.type)
        r->p.said = said.p[0];
    else if (said.n)
        (void)add_values(&r->p.said, &said.p[0]);
    return RC_OK;
}

static enum rc read_end(struct reading *r, struct arena *a, struct err *err)
{
    struct incident_entity_page *p = &r->p;

    for (const struct content_entity *t = CONTENT_ENTITY_TYPES; !p->said.type && t->name.n; t++)
        if (str_eq(t->kind, p->entity.kind))
            p->said.type = t;
    if (!p->said.type)
        return err_set(err, RC_CORRUPT, "entity '" STR_FMT "' is of no kind", STR_ARG(p->entity.id));
    p->identities = r->ids;
    p->names = r->names.p;
    p->n_names = r->names.n;
    p->entity.name = p->said.n_values ? detect_entity_label(a, &p->said) : r->label;
    p->entity.properties = properties_of(a, &p->said, p->entity.name);
    return RC_OK;
}

/* A root with all that its leaves know. */
static enum rc read_root(struct state_tx *tx, int64_t root, struct arena *a, struct incident_entity_page *out,
                         struct err *err)
{
    AUTO(state_stmt) st = NULL;
    struct reading r = { .ids = ARENA_ARRAY(a, str, INCIDENT_ENTITY_MAX_LEAVES),
                         .names = { ARENA_ARRAY(a, str, INCIDENT_ENTITY_MAX_NAMES), 0 } };
    bool           more;

    TRY(state_stmt_open(tx,
                        LEAVES "SELECT " LEAF_COLUMNS " FROM m JOIN entities e ON e.id = m.id ORDER BY e.id",
                        STATE_ARGS(STATE_I(root)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(read_leaf(&r, st, a, err));
    }
    TRY(read_end(&r, a, err));
    *out = r.p;
    return RC_OK;
}

static enum rc find_root(struct state_tx *tx, str name, int64_t *leaf, int64_t *root, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;
    char text[GUID_TEXT_SIZE];
    guid id;

    if (!guid_parse(name, &id))
        return err_set(err, RC_NOT_FOUND, "there is no entity '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    TRY(state_stmt_open(tx, "SELECT id FROM entities WHERE name = ?",
                        STATE_ARGS(STATE_S(guid_text(id, text))), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no entity '" STR_FMT "'", STR_ARG(name));
    *leaf = state_stmt_i64(st, 0);
    return root_of(tx, *leaf, root, err);
}

static enum rc count_alerts(struct state_tx *tx, int64_t root, int64_t *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(
        tx, LEAVES "SELECT count(DISTINCT x.alert) FROM m JOIN alert_entities x ON x.entity = m.id",
        STATE_ARGS(STATE_I(root)), &st, err));
    *out = state_stmt_i64(st, 0);
    return RC_OK;
}

enum rc incident_entity_get(struct incident_store *s, str name, struct arena *a,
                            struct incident_entity_page *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    int64_t leaf, root;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(find_root(tx, name, &leaf, &root, err));
    TRY(read_root(tx, root, a, out, err));
    return count_alerts(tx, root, &out->entity.n_alerts, err);
}

enum rc incident_entity_list(struct incident_store *s, const struct incident_entity_list_opts *o,
                             struct arena *a, struct incident_entity_found *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    size_t                  top = o->top ? o->top > MAX_TOP ? MAX_TOP : o->top : DEFAULT_TOP;
    int64_t                 place = o->before;
    bool                    more;
    struct incident_entity *list = ARENA_ARRAY(a, struct incident_entity, top);

    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT id FROM entities WHERE root IS NULL AND (?1 = '' OR kind = ?1) AND (?2 = '' OR "
        "instr(lower(label), lower(?2)) OR instr(identity, lower(?2))) "
        "ORDER BY last_seen DESC, id DESC LIMIT ?3 OFFSET ?4",
        STATE_ARGS(STATE_S(o->kind), STATE_S(o->text), STATE_I((int64_t)top + 1), STATE_I(place)), &st, err));
    for (*out = (struct incident_entity_found) { .items = list };;) {
        struct incident_entity_page page;
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        if (out->n == top) {
            out->next = place + (int64_t)top;
            break;
        }
        TRY(read_root(tx, state_stmt_i64(st, 0), a, &page, err));
        TRY(count_alerts(tx, state_stmt_i64(st, 0), &page.entity.n_alerts, err));
        list[out->n++] = page.entity;
    }
    return RC_OK;
}

/* What the alerts of incident ?1 name: the roots in the order in which they came up, with their leaves. */
#define THINGS_OF                                                                                            \
    "WITH RECURSIVE named(leaf, alert, start) AS MATERIALIZED (SELECT x.entity, a.rowid, a.start FROM "      \
    "alerts a JOIN alert_entities x ON x.alert = a.id WHERE a.incident = ?1), "                              \
    "up(leaf, id, root) AS (SELECT e.id, e.id, e.root FROM (SELECT DISTINCT leaf FROM named) n JOIN "        \
    "entities "                                                                                              \
    "e ON e.id = n.leaf UNION SELECT up.leaf, e.id, e.root FROM up JOIN entities e ON e.id = up.root), "     \
    "roots(id, alerts, start) AS MATERIALIZED (SELECT u.id, count(DISTINCT n.alert), min(n.start) FROM "     \
    "named "                                                                                                 \
    "n CROSS JOIN up u ON u.leaf = n.leaf WHERE u.root IS NULL GROUP BY u.id), "                             \
    "below(root, id) AS (SELECT id, id FROM roots UNION SELECT b.root, e.id FROM below b JOIN entities e "   \
    "ON "                                                                                                    \
    "e.root = b.id) "

enum { ROOT_COLUMN = 7, ALERTS_COLUMN };

enum rc incident_entity_of(struct state_tx *tx, int64_t number, struct arena *a, struct incident_entity **out,
                           size_t *n, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_entity) list = { 0 };
    struct reading r = { .label = STR_NONE };
    int64_t        root = 0;
    bool           more;

    TRY(state_stmt_open(tx,
                        THINGS_OF "SELECT " LEAF_COLUMNS
                                  ", b.root, r.alerts FROM below b JOIN roots r ON r.id "
                                  "= b.root JOIN entities e ON e.id = b.id ORDER BY r.start, b.root, e.id",
                        STATE_ARGS(STATE_I(number)), &st, err));
    do {
        TRY(state_stmt_next(st, &more, err));
        if (root && (!more || state_stmt_i64(st, ROOT_COLUMN) != root)) {
            TRY(read_end(&r, a, err));
            *vec_push_in(a, &list) = r.p.entity;
            r = (struct reading) { .label = STR_NONE };
        }
        if (!more)
            break;
        root = state_stmt_i64(st, ROOT_COLUMN);
        r.p.entity.n_alerts = state_stmt_i64(st, ALERTS_COLUMN);
        TRY(read_leaf(&r, st, a, err));
    } while (more);
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_entity_alerts(struct incident_store *s, const struct incident_entity_span *span,
                               struct arena *a, struct incident_alert **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_alert) list = { 0 };
    int64_t leaf, root;
    bool    more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(find_root(tx, span->name, &leaf, &root, err));
    TRY(state_stmt_open(
        tx,
        LEAVES "SELECT DISTINCT a.id, coalesce(i.name, ''), coalesce(i.status, 0) FROM m JOIN "
               "alert_entities x ON x.entity = m.id JOIN alerts a ON a.id = x.alert LEFT JOIN "
               "incidents i ON i.number = a.incident WHERE a.end >= ?2 AND a.start <= ?3 "
               "ORDER BY a.start DESC, a.id LIMIT ?4",
        STATE_ARGS(STATE_I(root), STATE_I(span->from), STATE_I(span->to), STATE_I((int64_t)span->top)), &st,
        err));
    while (true) {
        struct incident_alert_row row;
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        TRY(incident_alert_find(tx, state_stmt_str(st, 0), a, &row, err));
        const struct incident_row in = { .i = { .name = state_stmt_str_in(st, 1, a),
                                                .status = (enum incident_status)state_stmt_i64(st, 2) } };
        incident_alert_settle(&row, &in);
        *vec_push_in(a, &list) = row.a;
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

enum rc incident_entity_merges(struct incident_store *s, str name, struct arena *a,
                               struct incident_entity_merge **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_entity_merge) list = { 0 };
    int64_t leaf, root;
    bool    more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(find_root(tx, name, &leaf, &root, err));
    TRY(state_stmt_open(tx,
                        LEAVES
                        "SELECT g.id, g.time, k.name, o.name, g.reason, g.who, g.undone_by, g.undone "
                        "FROM entity_merges g JOIN entities k ON k.id = g.kept JOIN entities o ON o.id = "
                        "g.gone WHERE g.kept IN (SELECT id FROM m) OR g.gone IN (SELECT id FROM m) "
                        "ORDER BY g.id",
                        STATE_ARGS(STATE_I(root)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = (struct incident_entity_merge) { .id = state_stmt_i64(st, 0),
                                                                  .time = state_stmt_i64(st, 1),
                                                                  .kept = state_stmt_str_in(st, 2, a),
                                                                  .gone = state_stmt_str_in(st, 3, a),
                                                                  .reason = state_stmt_str_in(st, 4, a),
                                                                  .who = state_stmt_str_in(st, 5, a),
                                                                  .undone_by = state_stmt_str_in(st, 6, a),
                                                                  .undone = state_stmt_i64(st, 7) != 0 };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

/* --- by hand --- */

enum rc incident_entity_part(struct incident_store *s, int64_t merge, const struct incident_by *by,
                             struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT kept, gone, a, b, undone FROM entity_merges WHERE id = ?",
                        STATE_ARGS(STATE_I(merge)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no merge %lld", (long long)merge);
    int64_t kept = state_stmt_i64(st, 0), gone = state_stmt_i64(st, 1), a = state_stmt_i64(st, 2),
            b = state_stmt_i64(st, 3);
    if (state_stmt_i64(st, 4))
        return err_set(err, RC_CONFLICT, "merge %lld was undone already", (long long)merge);
    st = state_stmt_done(st);
    TRY(state_stmt_run(tx, "UPDATE entities SET root = NULL WHERE id = ? AND root = ?",
                       STATE_ARGS(STATE_I(gone), STATE_I(kept)), err));
    TRY(state_stmt_run(
        tx, "UPDATE entity_merges SET undone = ?, undone_by = ? WHERE id = ?",
        STATE_ARGS(STATE_I(env_now(s->env)), STATE_S(incident_change_person(&by->who)), STATE_I(merge)),
        err));
    TRY(state_stmt_run(tx, "INSERT OR IGNORE INTO entity_apart (a, b) VALUES (?, ?)",
                       STATE_ARGS(STATE_I(a < b ? a : b), STATE_I(a < b ? b : a)), err));
    return state_tx_commit(tx, err);
}

enum rc incident_entity_join(struct incident_store *s, str a, str b, const struct incident_by *by,
                             struct err *err)
{
    AUTO(state_tx) tx = NULL;
    int64_t leaf_a, leaf_b, ra, rb;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(find_root(tx, a, &leaf_a, &ra, err));
    TRY(find_root(tx, b, &leaf_b, &rb, err));
    if (ra == rb)
        return err_set(err, RC_CONFLICT, "the two are one already");
    TRY(state_stmt_run(
        tx, "DELETE FROM entity_apart WHERE a = ? AND b = ?",
        STATE_ARGS(STATE_I(leaf_a < leaf_b ? leaf_a : leaf_b), STATE_I(leaf_a < leaf_b ? leaf_b : leaf_a)),
        err));
    const struct merging m = { .tx = tx,
                               .a = leaf_a,
                               .b = leaf_b,
                               .reason = by->why.n ? by->why : S("said by a person"),
                               .alert = S(""),
                               .who = incident_change_person(&by->who),
                               .now = env_now(s->env) };
    TRY(unite(&m, err));
    return state_tx_commit(tx, err);
}
