/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_finding.h"

#include "base/codec.h"
#include "base/utf8.h"
#include "incident/incident_priv.h"
#include "incident/incident_render.h"

enum { DEFAULT_TOP = 50, MAX_TOP = 1000, MAX_TOKEN = 512, MAX_WORD = 200 };

/* --- what may be asked --- */

#define GETTER(name, expression)                                                                             \
    static struct incident_filter_value get_##name(const void *object)                                       \
    {                                                                                                        \
        const struct incident_alert *a = object;                                                             \
        return expression;                                                                                   \
    }
GETTER(id, incident_filter_text(a->alert.id))
GETTER(title, incident_filter_text(a->alert.display_name))
GETTER(description, incident_filter_text(a->alert.description))
GETTER(severity, incident_filter_text(content_rule_severity_name(a->alert.severity)))
GETTER(type, incident_filter_text(a->alert.rule_id))
GETTER(arm_status, incident_filter_text(str_eq(a->status, S("New")) ? S("Active") : a->status))
GETTER(graph_status, incident_filter_text(incident_render_graph_status(a->status)))
GETTER(product, incident_filter_text(a->alert.product))
GETTER(compromised, incident_filter_text(a->alert.compromised))
GETTER(start, incident_filter_time(a->alert.start))
GETTER(end, incident_filter_time(a->alert.end))
GETTER(generated, incident_filter_time(a->alert.generated))
GETTER(updated, incident_filter_time(a->updated))
GETTER(category, incident_filter_text(a->alert.n_tactics ? a->alert.tactics[0] : STR_NONE))
GETTER(classification, incident_filter_text(a->classification))
GETTER(determination, incident_filter_text(a->determination))
GETTER(assigned, incident_filter_text(a->assigned))
GETTER(incident, incident_filter_number(a->incident_number))
GETTER(suppressed, incident_filter_text(a->suppressed_by))

static const struct incident_filter_property ARM[] = {
    { "name", INCIDENT_FILTER_TEXT, get_id },
    { "properties/systemAlertId", INCIDENT_FILTER_TEXT, get_id },
    { "properties/alertDisplayName", INCIDENT_FILTER_TEXT, get_title },
    { "properties/description", INCIDENT_FILTER_TEXT, get_description },
    { "properties/severity", INCIDENT_FILTER_TEXT, get_severity },
    { "properties/alertType", INCIDENT_FILTER_TEXT, get_type },
    { "properties/status", INCIDENT_FILTER_TEXT, get_arm_status },
    { "properties/productName", INCIDENT_FILTER_TEXT, get_product },
    { "properties/compromisedEntity", INCIDENT_FILTER_TEXT, get_compromised },
    { "properties/startTimeUtc", INCIDENT_FILTER_TIME, get_start },
    { "properties/endTimeUtc", INCIDENT_FILTER_TIME, get_end },
    { "properties/timeGeneratedUtc", INCIDENT_FILTER_TIME, get_generated },
    { "properties/incidentNumber", INCIDENT_FILTER_NUMBER, get_incident },  /* ours */
    { "properties/suppressionRule", INCIDENT_FILTER_TEXT, get_suppressed }, /* ours */
};

static const struct incident_filter_property GRAPH[] = {
    { "id", INCIDENT_FILTER_TEXT, get_id },
    { "title", INCIDENT_FILTER_TEXT, get_title },
    { "description", INCIDENT_FILTER_TEXT, get_description },
    { "severity", INCIDENT_FILTER_TEXT, get_severity },
    { "status", INCIDENT_FILTER_TEXT, get_graph_status },
    { "category", INCIDENT_FILTER_TEXT, get_category },
    { "classification", INCIDENT_FILTER_TEXT, get_classification },
    { "determination", INCIDENT_FILTER_TEXT, get_determination },
    { "assignedTo", INCIDENT_FILTER_TEXT, get_assigned },
    { "detectorId", INCIDENT_FILTER_TEXT, get_type },
    { "incidentId", INCIDENT_FILTER_NUMBER, get_incident },
    { "createdDateTime", INCIDENT_FILTER_TIME, get_generated },
    { "lastUpdateDateTime", INCIDENT_FILTER_TIME, get_updated },
    { "firstActivityDateTime", INCIDENT_FILTER_TIME, get_start },
    { "lastActivityDateTime", INCIDENT_FILTER_TIME, get_end },
};

/* l is the element itself. */
static str tactic_at(const void *object, size_t k)
{
    return ((const struct incident_alert *)object)->alert.tactics[k];
}
static size_t tactic_count(const void *object)
{
    return ((const struct incident_alert *)object)->alert.n_tactics;
}
static str technique_at(const void *object, size_t k)
{
    return ((const struct incident_alert *)object)->alert.techniques[k];
}
static size_t technique_count(const void *object)
{
    return ((const struct incident_alert *)object)->alert.n_techniques;
}

static const struct incident_filter_list ARM_LISTS[] = {
    { "properties/techniques", NULL, technique_at, technique_count },
    { "properties/tactics", NULL, tactic_at, tactic_count },
};
static const struct incident_filter_list GRAPH_LISTS[] = {
    { "mitreTechniques", NULL, technique_at, technique_count },
};

#define COUNT(list) (sizeof(list) / sizeof *(list))
const struct incident_filter_family INCIDENT_FINDING_ARM = { ARM, COUNT(ARM), ARM_LISTS, COUNT(ARM_LISTS) };
const struct incident_filter_family INCIDENT_FINDING_GRAPH = { GRAPH, COUNT(GRAPH), GRAPH_LISTS,
                                                               COUNT(GRAPH_LISTS) };

/* --- pages --- */

static enum rc read_token(struct arena *a, str token, ts *generated, str *id, struct err *err)
{
    AUTO_STRBUF plain = STRBUF_INIT(MAX_TOKEN);

    *generated = TS_MAX;
    *id = S("");
    if (!token.n)
        return RC_OK;
    if (codec_base64_decode(&plain, token, NULL) == RC_OK) {
        str    text = arena_str(a, strbuf_view(&plain));
        size_t bar = str_find_byte(text, '|');
        if (bar != STR_NPOS && str_to_i64(str_slice(text, 0, bar), generated)) {
            *id = str_from(text, bar + 1);
            return RC_OK;
        }
    }
    return err_set(err, RC_INVALID, "$skipToken is not one of ours");
}

static str make_token(struct arena *a, const struct incident_alert *last)
{
    AUTO_STRBUF coded = STRBUF_INIT(2 * MAX_TOKEN);

    codec_base64url(
        &coded, arena_printf(a, "%lld|" STR_FMT, (long long)last->alert.generated, STR_ARG(last->alert.id)));
    return arena_str(a, strbuf_view(&coded));
}

/* The whole alert of those that match; the others are judged by what is short, in scratch memory. */
static enum rc judge(struct state_tx *tx, const struct state_stmt *st, const struct incident_filter *filter,
                     struct arena *scratch, bool *fits, struct err *err)
{
    struct incident_alert_row row;
    struct incident_row       in = { .i = { .name = state_stmt_str_in(st, 2, scratch),
                                            .status = (enum incident_status)state_stmt_i64(st, 3) } };

    if (!filter) {
        *fits = true;
        return RC_OK;
    }
    TRY(incident_alert_find(tx, state_stmt_str(st, 0), scratch, &row, err));
    incident_alert_settle(&row, &in);
    *fits = incident_filter_match(filter, &row.a);
    return RC_OK;
}

static enum rc take(struct state_tx *tx, const struct state_stmt *st, struct arena *a,
                    struct incident_alert *out, struct err *err)
{
    struct incident_alert_row row;
    struct incident_row       in = { .i = { .name = state_stmt_str_in(st, 2, a),
                                            .status = (enum incident_status)state_stmt_i64(st, 3) } };

    TRY(incident_alert_find(tx, state_stmt_str(st, 0), a, &row, err));
    incident_alert_settle(&row, &in);
    *out = row.a;
    return RC_OK;
}

enum rc incident_finding_list(struct incident_store *s, const struct incident_finding_opts *o,
                              struct arena *a, struct incident_finding_page *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    AUTO(arena) scratch = arena_new(INCIDENT_PRIV_ARENA);
    const struct incident_filter *filter;
    size_t top = o->top ? o->top > MAX_TOP ? MAX_TOP : o->top : DEFAULT_TOP, skipped = 0;
    ts     generated;
    str    id;
    bool   more, fits;

    TRY(incident_filter_parse(a, o->filter, o->family, &filter, err));
    TRY(read_token(a, o->skip_token, &generated, &id, err));
    *out = (struct incident_finding_page) { .items = ARENA_ARRAY(a, struct incident_alert, top) };
    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(tx,
                        "SELECT a.id, a.generated, coalesce(i.name, ''), coalesce(i.status, 0) FROM alerts a "
                        "LEFT JOIN incidents i ON i.number = a.incident WHERE (a.generated, a.id) < (?1, ?2) "
                        "ORDER BY a.generated DESC, a.id DESC",
                        STATE_ARGS(STATE_I(generated), STATE_S(id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        arena_reset(scratch);
        TRY(judge(tx, st, filter, scratch, &fits, err));
        if (!fits || skipped++ < o->skip)
            continue;
        if (out->n == top) {
            out->skip_token = make_token(a, &out->items[top - 1]);
            return RC_OK;
        }
        TRY(take(tx, st, a, &out->items[out->n++], err));
    }
}

/* --- decisions --- */

struct changing {
    const struct incident_finding_change *ch;
    struct incident_alert                 out;
};

static enum rc check_word(const str *word, const char *what, const char *const *known, size_t n,
                          struct err *err)
{
    if (!word || !word->n)
        return RC_OK;
    for (size_t i = 0; i < n; i++)
        if (str_eq(*word, str_of(known[i])))
            return RC_OK;
    return err_set(err, RC_INVALID, "%s: '" STR_FMT "' is none", what, STR_ARG(str_slice(*word, 0, 64)));
}

static enum rc check(const struct incident_finding_change *ch, struct err *err)
{
    static const char *const statuses[] = { "New", "InProgress", "Resolved", "Dismissed" };
    static const char *const classes[] = { "unknown", "falsePositive", "truePositive",
                                           "informationalExpectedActivity" };
    static const char *const grounds[] = {
        "unknown",
        "apt",
        "malware",
        "securityPersonnel",
        "securityTesting",
        "other",
        "unwantedSoftware",
        "multiStagedAttack",
        "phishing",
        "notMalicious",
        "compromisedAccount",
        "maliciousUserActivity",
        "confirmedActivity",
        "notEnoughDataToValidate",
        "lineOfBusinessApplication",
    };

    TRY(check_word(ch->status, "status", statuses, COUNT(statuses), err));
    TRY(check_word(ch->classification, "classification", classes, COUNT(classes), err));
    TRY(check_word(ch->determination, "determination", grounds, COUNT(grounds), err));
    if (ch->assigned && ch->assigned->n > MAX_WORD)
        return err_set(err, RC_INVALID, "assignedTo: at most %d bytes", MAX_WORD);
    return RC_OK;
}

static struct state_arg given(const str *word)
{
    return word ? STATE_S(*word) : STATE_NULL;
}

static enum rc load_settled(struct state_tx *tx, str id, struct arena *a, struct incident_alert_row *row,
                            struct err *err)
{
    struct incident_row in = { 0 };

    TRY(incident_alert_find(tx, id, a, row, err));
    if (row->incident_number)
        TRY(incident_row_load(tx, row->incident_number, a, &in, err));
    incident_alert_settle(row, &in);
    return RC_OK;
}

static enum rc change_one(struct incident_change_set *c, void *arg, struct err *err)
{
    struct changing                      *g = arg;
    const struct incident_finding_change *ch = g->ch;
    struct incident_alert_row             row;

    TRY(incident_alert_find(c->tx, ch->id, c->arena, &row, err));
    TRY(state_stmt_run(
        c->tx,
        "UPDATE alerts SET status = coalesce(?2, status), classification = coalesce(?3, "
        "classification), determination = coalesce(?4, determination), assigned = coalesce(?5, "
        "assigned), updated = ?6 WHERE id = ?1",
        STATE_ARGS(STATE_S(ch->id), given(ch->status), given(ch->classification), given(ch->determination),
                   given(ch->assigned), STATE_I(c->now)),
        err));
    TRY(load_settled(c->tx, ch->id, c->arena, &row, err));
    TRY(incident_log_alert(c->store, c->tx, &row, err));
    const struct incident_pending_event e = { .type = INCIDENT_ALERT, .id = ch->id };
    incident_change_event(c->store, &e);
    g->out = row.a;
    return RC_OK;
}

enum rc incident_finding_change(struct incident_store *s, const struct incident_finding_change *ch,
                                struct arena *a, struct incident_alert *out, struct err *err)
{
    struct changing g = { .ch = ch };

    TRY(check(ch, err));
    TRY(incident_change_run(s, &ch->by, a, change_one, &g, err));
    *out = g.out;
    return RC_OK;
}

/* --- comments --- */

enum rc incident_finding_comments(struct incident_store *s, str id, struct arena *a,
                                  struct incident_finding_comment **out, size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_finding_comment) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(
        tx, "SELECT message, created, who_id, who FROM alert_comments WHERE alert = ? ORDER BY seq",
        STATE_ARGS(STATE_S(id)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) =
            (struct incident_finding_comment) { .message = state_stmt_str_in(st, 0, a),
                                                .created = state_stmt_i64(st, 1),
                                                .who = { .object_id = state_stmt_str_in(st, 2, a),
                                                         .name = state_stmt_str_in(st, 3, a) } };
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

struct commenting {
    str                       id, message;
    const struct incident_by *by;
};

static enum rc add_comment(struct incident_change_set *c, void *arg, struct err *err)
{
    const struct commenting  *m = arg;
    struct incident_alert_row row;
    AUTO(state_stmt) st = NULL;

    TRY(incident_alert_find(c->tx, m->id, c->arena, &row, err));
    TRY(state_stmt_one(c->tx, "SELECT coalesce(max(seq), 0) FROM alert_comments WHERE alert = ?",
                       STATE_ARGS(STATE_S(m->id)), &st, err));
    int64_t seq = state_stmt_i64(st, 0) + 1;
    if (seq > INCIDENT_FINDING_MAX_COMMENTS)
        return err_set(err, RC_LIMIT, "an alert has at most %d comments", INCIDENT_FINDING_MAX_COMMENTS);
    return state_stmt_run(
        c->tx,
        "INSERT INTO alert_comments (alert, seq, message, created, who_id, who) VALUES (?, ?, ?, ?, ?, ?)",
        STATE_ARGS(STATE_S(m->id), STATE_I(seq), STATE_S(m->message), STATE_I(c->now),
                   STATE_S(m->by->who.object_id), STATE_S(c->who)),
        err);
}

enum rc incident_finding_comment(struct incident_store *s, str id, str message, const struct incident_by *by,
                                 struct err *err)
{
    AUTO(arena) a = arena_new(INCIDENT_PRIV_ARENA);
    struct commenting m = { id, message, by };

    if (!str_trim(message).n || utf8_count(message) > INCIDENT_MAX_COMMENT_CHARS)
        return err_set(err, RC_INVALID, "a comment has 1 to %d characters", INCIDENT_MAX_COMMENT_CHARS);
    return incident_change_run(s, by, a, add_comment, &m, err);
}
