/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_file.h"

#include "base/codec.h"
#include "base/hash.h"
#include "incident/incident_act.h"

enum { MAX_NAME = 128, MAX_TITLE = 255 };

#define COLUMNS "name, title, type, sha256, size, created, who_id, who"

static struct incident_file read_file(const struct state_stmt *st, struct arena *a)
{
    return (struct incident_file) {
        .name = state_stmt_str_in(st, 0, a),
        .title = state_stmt_str_in(st, 1, a),
        .type = state_stmt_str_in(st, 2, a),
        .sha256 = state_stmt_str_in(st, 3, a),
        .size = state_stmt_i64(st, 4),
        .created = state_stmt_i64(st, 5),
        .who = { .object_id = state_stmt_str_in(st, 6, a), .name = state_stmt_str_in(st, 7, a) },
    };
}

static enum rc find(struct state_tx *tx, int64_t number, str name, struct arena *a, struct incident_file *out,
                    str *content, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS ", content FROM incident_files WHERE incident = ? AND name = ? AND "
                        "deleted = 0",
                        STATE_ARGS(STATE_I(number), STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no file '" STR_FMT "'", STR_ARG(str_slice(name, 0, 64)));
    *out = read_file(st, a);
    if (content)
        *content = state_stmt_str_in(st, 8, a);
    return RC_OK;
}

enum rc incident_file_list(struct incident_store *s, str incident, struct arena *a,
                           struct incident_file **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    struct incident_row row;
    VEC(struct incident_file) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(state_stmt_open(tx,
                        "SELECT " COLUMNS " FROM incident_files WHERE incident = ? AND deleted = 0 "
                        "ORDER BY created, name",
                        STATE_ARGS(STATE_I(row.i.number)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_file(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static str digest_of(struct arena *a, str content)
{
    struct hash_sha256 sum = hash_sha256(content);
    AUTO_STRBUF        hex = STRBUF_INIT(80);

    codec_hex(&hex, str_make((const char *)sum.bytes, sizeof sum.bytes));
    return arena_str(a, strbuf_view(&hex));
}

enum rc incident_file_get(struct incident_store *s, str incident, str name, struct arena *a,
                          struct incident_file *out, str *content, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct incident_row row;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(incident_row_find(tx, incident, a, &row, err));
    TRY(find(tx, row.i.number, name, a, out, content, err));
    if (content && !str_eq(digest_of(a, *content), out->sha256))
        return err_set(err, RC_CORRUPT, "file '" STR_FMT "' of incident %lld is not what was attached",
                       STR_ARG(out->name), (long long)row.i.number);
    return RC_OK;
}

/* --- changing --- */

struct adding {
    const struct incident_file_add *add;
    struct incident_file            file;
    bool                            created;
};

static enum rc check(const struct incident_file_add *add, struct err *err)
{
    if (!add->name.n || add->name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a file's name in the path has 1 to %d bytes", MAX_NAME);
    if (!str_trim(add->title).n || add->title.n > MAX_TITLE)
        return err_set(err, RC_INVALID, "properties.fileName: 1 to %d bytes", MAX_TITLE);
    if (!add->content.n)
        return err_set(err, RC_INVALID, "properties.content: the file is empty");
    if (add->content.n > INCIDENT_FILE_MAX_BYTES)
        return err_set(err, RC_LIMIT, "a file has at most %d bytes, not %zu", INCIDENT_FILE_MAX_BYTES,
                       add->content.n);
    return RC_OK;
}

static enum rc check_room(struct incident_change_set *c, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(c->tx, "SELECT count(*) FROM incident_files WHERE incident = ? AND deleted = 0",
                       STATE_ARGS(STATE_I(c->row.i.number)), &st, err));
    if (state_stmt_i64(st, 0) >= INCIDENT_FILE_MAX)
        return err_set(err, RC_LIMIT, "an incident has at most %d files", INCIDENT_FILE_MAX);
    return RC_OK;
}

static enum rc store(struct incident_change_set *c, const struct incident_file_add *add, str sha256,
                     struct err *err)
{
    struct incident_act_thing thing;

    TRY(incident_act_begin(c, S("attach a file"), &add->by, err));
    TRY(incident_act_before(c, "file", add->name, &thing, err));
    TRY(state_stmt_run(
        c->tx,
        "INSERT INTO incident_files (incident, " COLUMNS ", content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_I(c->row.i.number), STATE_S(add->name), STATE_S(add->title), STATE_S(add->type),
                   STATE_S(sha256), STATE_I((int64_t)add->content.n), STATE_I(c->now),
                   STATE_S(add->by.who.object_id), STATE_S(c->who), STATE_B(add->content)),
        err));
    TRY(incident_act_after(c, &thing, err));
    TRY(incident_change_note(c, S("file"), S(""), add->title, err));
    return incident_change_store(c, err);
}

static enum rc add_file(struct incident_change_set *c, void *arg, struct err *err)
{
    struct adding                  *p = arg;
    const struct incident_file_add *add = p->add;
    struct err                      why = { 0 };
    str                             sha256 = digest_of(c->arena, add->content);

    TRY(check(add, err));
    TRY(incident_row_find(c->tx, add->incident, c->arena, &c->row, err));
    enum rc rc = find(c->tx, c->row.i.number, add->name, c->arena, &p->file, NULL, &why);
    if (rc == RC_OK)
        return str_eq(p->file.sha256, sha256)
                   ? RC_OK
                   : err_set(err, RC_CONFLICT, "file '" STR_FMT "' is there with another content",
                             STR_ARG(add->name));
    if (rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    TRY(check_room(c, err));
    TRY(store(c, add, sha256, err));
    p->created = true;
    return find(c->tx, c->row.i.number, add->name, c->arena, &p->file, NULL, err);
}

enum rc incident_file_add(struct incident_store *s, const struct incident_file_add *add, struct arena *a,
                          struct incident_file *out, bool *created, struct err *err)
{
    struct adding p = { .add = add };

    TRY(incident_change_run(s, &add->by, a, add_file, &p, err));
    *out = p.file;
    *created = p.created;
    return RC_OK;
}

struct removal {
    str                       incident, name;
    const struct incident_by *by;
};

static enum rc remove_file(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct removal     *r = arg;
    struct incident_file      was;
    struct incident_act_thing thing;

    TRY(incident_row_find(c->tx, r->incident, c->arena, &c->row, err));
    TRY(find(c->tx, c->row.i.number, r->name, c->arena, &was, NULL, err));
    TRY(incident_act_begin(c, S("remove a file"), r->by, err));
    TRY(incident_act_before(c, "file", r->name, &thing, err));
    TRY(state_stmt_run(
        c->tx, "UPDATE incident_files SET deleted = 1 WHERE incident = ? AND name = ? AND deleted = 0",
        STATE_ARGS(STATE_I(c->row.i.number), STATE_S(r->name)), err));
    TRY(incident_act_after(c, &thing, err));
    TRY(incident_change_note(c, S("file"), was.title, S(""), err));
    return incident_change_store(c, err);
}

enum rc incident_file_delete(struct incident_store *s, str incident, str name, const struct incident_by *by,
                             struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct removal r = { incident, name, by };

    return incident_change_run(s, by, a, remove_file, &r, err);
}
