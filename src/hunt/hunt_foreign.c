/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_foreign.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "detect/detect_entity.h"
#include "hunt/hunt_rule.h"
#include "hunt/hunt_run.h"
#include "state/state_setting.h"

enum { ARENA_BYTES = 512 << 20, KEEP_BYTES = 64 << 20 };
#define POLL SECONDS(5)
#define SETTING S("hunt.foreign")
#define QUERY_LIMIT MINUTES(1)

struct hunt_foreign {
    struct hunt_foreign_opts opts;
    pthread_t                thread;
    pthread_mutex_t          lock; /* of what follows */
    pthread_cond_t           wake;
    bool                     stopping;

    /* Of its thread. */
    uint64_t mark;  /* of the table, as it was seen */
    ts       until; /* rows that made it so were ingested before; 0: all of them have been looked at */
};

/* The space of alerts whose product gives them no GUID. */
static const guid SPACE = { { 0x5a, 0x91, 0x0e, 0x3c, 0x77, 0x42, 0x4f, 0x1b, 0xa6, 0x30, 0x0d, 0x58, 0xc4,
                              0x2e, 0x91, 0x7f } };

/* The columns in the order of the query. */
enum column {
    SYSTEM_ID,
    ORIGINAL,
    NAME,
    DESCRIPTION,
    SEVERITY,
    PROVIDER,
    VENDOR,
    PRODUCT,
    COMPONENT,
    TYPE,
    START,
    END,
    COMPROMISED,
    ENTITIES,
    TACTICS,
    TECHNIQUES,
    STATUS,
    LINK,
    STEPS,
    GENERATED,
    COLUMNS_COUNT
};
#define QUERY                                                                                                \
    "SecurityAlert | where not(VendorOriginalId == SystemAlertId and WorkspaceSubscriptionId =~ '%.*s') | "  \
    "sort by TimeGenerated asc | project SystemAlertId, VendorOriginalId, Name = coalesce(DisplayName, "     \
    "AlertName), Description, AlertSeverity, ProviderName, VendorName, ProductName, ProductComponentName, "  \
    "AlertType, StartTime, EndTime, CompromisedEntity, Entities, Tactics, Techniques, Status, AlertLink, "   \
    "RemediationSteps, TimeGenerated"

struct row {
    const struct json *cells;
    str                text;
};

static str cell(const struct row *r, enum column c)
{
    const struct json *v = json_at(r->cells, c);
    return v && v->kind == JSON_STRING ? str_trim(v->s) : STR_NONE;
}

static ts time_of(const struct row *r, enum column c, ts fallback)
{
    ts t;
    return ts_parse(cell(r, c), &t) ? t : fallback;
}

/* --- one alert --- */

/* "A, B" and ["A","B"] both. */
static const str *list_of(struct arena *a, str text, size_t *n)
{
    VEC(str) list = { 0 };
    const str *texts;
    str        part;

    *n = 0;
    if (str_starts(text, S("[")) && json_texts_read(a, text, &texts, n, NULL) == RC_OK)
        return texts;
    while (str_split(&text, ',', &part))
        if (str_trim(part).n)
            *vec_push_in(a, &list) = str_trim(part);
    *n = list.n;
    return list.p;
}

static str product_of(const struct row *r)
{
    return cell(r, PRODUCT).n ? cell(r, PRODUCT) : cell(r, PROVIDER).n ? cell(r, PROVIDER) : S("Unknown");
}

static str original_of(const struct row *r)
{
    return cell(r, ORIGINAL).n ? cell(r, ORIGINAL) : cell(r, SYSTEM_ID);
}

/* The alert that stands for the product's; a new one has the id that the row gives it, or one made of it. */
static enum rc id_of(struct state_tx *tx, const struct row *r, ts now, struct arena *a, str *out,
                     struct err *err)
{
    AUTO(state_stmt) st = NULL;
    char text[GUID_TEXT_SIZE];
    bool known;
    guid id;
    str  product = product_of(r), original = original_of(r);

    TRY(state_stmt_open(tx, "SELECT alert FROM foreign_alerts WHERE product = ? AND original = ?",
                        STATE_ARGS(STATE_S(product), STATE_S(original)), &st, err));
    TRY(state_stmt_next(st, &known, err));
    if (known) {
        *out = state_stmt_str_in(st, 0, a);
        return RC_OK;
    }
    if (!guid_parse(cell(r, SYSTEM_ID), &id))
        id = guid_of(SPACE, arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(product), STR_ARG(original)));
    *out = arena_str(a, guid_text(id, text));
    return state_stmt_run(
        tx, "INSERT INTO foreign_alerts (product, original, alert, received) VALUES (?, ?, ?, ?)",
        STATE_ARGS(STATE_S(product), STATE_S(original), STATE_S(*out), STATE_I(now)), err);
}

static str properties_of(struct arena *a, const struct row *r)
{
    AUTO_STRBUF   text = STRBUF_INIT(ALERT_MAX_ROW_BYTES);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    if (cell(r, LINK).n)
        json_w_kstr(&w, S("AlertLink"), str_slice(cell(r, LINK), 0, 2000));
    if (cell(r, STEPS).n)
        json_w_kstr(&w, S("RemediationSteps"), str_slice(cell(r, STEPS), 0, 20000));
    json_w_end(&w);
    return arena_str(a, strbuf_view(&text));
}

static bool name_holds(const struct json *words, str name, bool if_none)
{
    bool any = words && words->kind == JSON_ARRAY && words->n;

    for (size_t i = 0; any && i < words->n; i++)
        if (json_at(words, i)->kind == JSON_STRING && str_contains_ci(name, json_at(words, i)->s))
            return true;
    return any ? false : if_none;
}

static bool severity_listed(const struct json *list, enum content_severity s)
{
    bool any = list && list->kind == JSON_ARRAY && list->n;

    for (size_t i = 0; any && i < list->n; i++) {
        enum content_severity one;
        if (content_rule_severity_parse(json_at(list, i)->s, &one) && one == s)
            return true;
    }
    return !any;
}

/* The first rule that makes an incident of it; NULL: none. */
static const struct hunt_rule *wanted_by(const struct hunt_rule *rules, size_t n, const struct row *r,
                                         enum content_severity severity)
{
    for (size_t i = 0; i < n; i++) {
        const struct json *p = rules[i].properties;
        if (rules[i].deleted || !str_eq(rules[i].kind, S(HUNT_RULE_FOREIGN)) ||
            !json_bool(p, S("enabled"), false))
            continue;
        if (str_eq_ci(json_str(p, S("productFilter"), S("")), product_of(r)) &&
            severity_listed(json_get(p, S("severitiesFilter")), severity) &&
            name_holds(json_get(p, S("displayNamesFilter")), cell(r, NAME), true) &&
            !name_holds(json_get(p, S("displayNamesExcludeFilter")), cell(r, NAME), false))
            return &rules[i];
    }
    return NULL;
}

struct receiving {
    struct hunt_foreign *f;
    struct arena        *arena;
    struct hunt_rule    *rules;
    size_t               n_rules;
    ts                   now;
};

static struct alert alert_of(const struct receiving *g, const struct row *r, struct alert_mark *mark, str id)
{
    struct detect_entities  things = { .arena = g->arena };
    ts                      generated = time_of(r, GENERATED, g->now);
    const struct hunt_rule *rule;
    struct alert            alert = {
                   .id = id,
                   .rule_id = cell(r, TYPE).n ? cell(r, TYPE) : product_of(r),
                   .rule_name = cell(r, NAME),
                   .display_name = cell(r, NAME).n ? cell(r, NAME) : S("An alert without a name"),
                   .description = cell(r, DESCRIPTION),
                   .severity = CONTENT_MEDIUM,
                   .start = time_of(r, START, generated),
                   .generated = g->now,
                   .compromised = cell(r, COMPROMISED),
                   .details = S("{}"),
                   .properties = properties_of(g->arena, r),
                   .window_from = generated,
                   .window_to = generated,
                   .ingested_to = g->now,
                   .rows = { S("SecurityAlert"), S("[]"), S("[]"), mark, 1 },
                   .product = product_of(r),
                   .component = cell(r, COMPONENT),
                   .vendor = cell(r, VENDOR).n ? cell(r, VENDOR) : product_of(r),
                   .provider = cell(r, PROVIDER).n ? cell(r, PROVIDER) : product_of(r),
    };

    (void)content_rule_severity_parse(cell(r, SEVERITY), &alert.severity);
    alert.end = time_of(r, END, alert.start);
    alert.query = arena_printf(g->arena, "SecurityAlert | where SystemAlertId == '" STR_FMT "'", STR_ARG(id));
    alert.tactics = list_of(g->arena, cell(r, TACTICS), &alert.n_tactics);
    alert.techniques = list_of(g->arena, cell(r, TECHNIQUES), &alert.n_techniques);
    if (detect_entity_parse(&things, cell(r, ENTITIES).n ? cell(r, ENTITIES) : S("[]"), NULL) != RC_OK)
        things.n = 0; /* what cannot be read names nothing; the row keeps its text */
    alert.entities = detect_entity_json(&things);
    if (!alert.compromised.n)
        alert.compromised = detect_entity_compromised(&things);
    rule = wanted_by(g->rules, g->n_rules, r, alert.severity);
    alert.incidents = (struct content_incidents) { .create = rule != NULL, .grouping = true };
    *mark = (struct alert_mark) { hash_fnv(r->text), hash_fnv(r->text), alert.start, alert.end, 0 };
    return alert;
}

/* What the product says of its state counts until somebody here has said something else. */
static enum rc take_status(struct state_tx *tx, const struct row *r, str id, struct err *err)
{
    str status = cell(r, STATUS);

    if (!str_eq_ci(status, S("Resolved")) && !str_eq_ci(status, S("Dismissed")))
        return RC_OK;
    return state_stmt_run(
        tx, "UPDATE alerts SET status = ? WHERE id = ? AND status = ''",
        STATE_ARGS(STATE_S(str_eq_ci(status, S("Resolved")) ? S("Resolved") : S("Dismissed")), STATE_S(id)),
        err);
}

static enum rc receive_in(const struct receiving *g, struct state_tx *tx, const struct row *r,
                          struct err *err)
{
    struct alert_sink sink = incident_sink(g->f->opts.hunt->incidents);
    struct alert_mark mark;
    str               id;

    TRY(id_of(tx, r, g->now, g->arena, &id, err));
    struct alert alert = alert_of(g, r, &mark, id);
    TRY(sink.raise(sink.ctx, tx, &alert, err));
    return take_status(tx, r, id, err);
}

static enum rc receive(const struct receiving *g, const struct row *r, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct alert_sink sink = incident_sink(g->f->opts.hunt->incidents);

    if (!original_of(r).n)
        return RC_OK; /* nobody's: it stays a row */
    TRY(state_tx_write(g->f->opts.hunt->state, &tx, err));
    enum rc rc = receive_in(g, tx, r, err);
    if (rc == RC_OK)
        rc = state_tx_commit(tx, err);
    tx = state_tx_free(tx);
    sink.settled(sink.ctx, rc == RC_OK);
    return rc;
}

/* --- the rounds --- */

static enum rc read_mark(struct hunt *h, ts *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(arena) a = arena_new(1 << 16);
    struct err why = { 0 };
    str        text;

    TRY(state_tx_read(h->state, &tx, err));
    enum rc rc = state_setting_get(tx, SETTING, a, &text, &why);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !str_to_i64(text, out)))
        *out = 0;
    return rc == RC_OK || rc == RC_NOT_FOUND ? RC_OK : err_set(err, rc, "%s", why.text);
}

static enum rc write_mark(struct hunt *h, ts mark, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    char text[32];
    int  n = snprintf(text, sizeof text, "%lld", (long long)mark);

    TRY(state_tx_write(h->state, &tx, err));
    TRY(state_setting_put(tx, SETTING, str_make(text, (size_t)n), err));
    return state_tx_commit(tx, err);
}

/* The rows of a stretch of ingestion time; a stretch that holds too many becomes a shorter one. */
static enum rc ask(struct hunt_foreign *f, struct arena *a, ts from, ts *to, struct hunt_found *out,
                   struct err *err)
{
    struct hunt_run run = { .query = f->opts.hunt->query,
                            .who = access_system(),
                            .text = arena_printf(a, QUERY, STR_ARG(f->opts.subscription)),
                            .has_ingested = true,
                            .ingested_from = from,
                            .keep = HUNT_RUN_MAX_ROWS,
                            .keep_bytes = KEEP_BYTES,
                            .limit = QUERY_LIMIT };

    while (true) {
        run.ingested_to = *to;
        TRY(hunt_run_query(&run, a, out, err));
        bool whole = !out->partial && out->n == out->n_rows;
        if (whole || *to - from < 2)
            return whole ? RC_OK
                         : err_set(err, RC_LIMIT, "over %d alerts came in one moment: %zu are taken",
                                   HUNT_RUN_MAX_ROWS, out->n_rows);
        *to = from + (*to - from) / 2;
    }
}

static enum rc look(struct hunt_foreign *f, struct err *err)
{
    AUTO(arena) a = arena_new(ARENA_BYTES);
    struct hunt      *h = f->opts.hunt;
    struct hunt_found found = { 0 };
    struct receiving  g = { .f = f, .arena = a, .now = env_now(h->env) };
    ts                from, to;

    TRY(read_mark(h, &from, err));
    TRY(f->opts.watermark(f->opts.watermark_ctx, &to, err));
    if (to <= from)
        return RC_OK;
    ts whole = to;
    TRY(ask(f, a, from, &to, &found, err));
    if (found.n_rows)
        TRY(hunt_rule_list(h, a, &g.rules, &g.n_rules, err));
    for (size_t i = 0; i < found.n_rows; i++) {
        struct row r = { .text = found.rows[i] };
        TRY(json_parse(a, r.text, &r.cells, err));
        TRY(receive(&g, &r, err));
    }
    if (to == whole && to > f->until)
        f->until = 0;
    return write_mark(h, to, err);
}

/* Is there something to look at? */
static bool is_due(struct hunt_foreign *f)
{
    uint64_t mark = f->opts.mark(f->opts.mark_ctx, S("SecurityAlert"));

    if (mark != f->mark) {
        f->mark = mark;
        f->until = env_now(f->opts.hunt->env);
    }
    return f->until != 0;
}

static void *work(void *arg)
{
    struct hunt_foreign *f = arg;
    enum rc              before = RC_OK;

    pthread_mutex_lock(&f->lock);
    while (!f->stopping) {
        struct err err = { 0 };
        pthread_mutex_unlock(&f->lock);
        enum rc rc = is_due(f) ? look(f, &err) : RC_OK;
        if (rc != RC_OK && rc != before)
            log_warn(EV_RULE_FAILED, F_CSTR("rule", "alerts of other products"), F_ERR(&err));
        before = rc;
        pthread_mutex_lock(&f->lock);
        struct timespec until = deadline_in(f->opts.poll);
        if (!f->stopping)
            (void)pthread_cond_timedwait(&f->wake, &f->lock, &until);
    }
    pthread_mutex_unlock(&f->lock);
    return NULL;
}

enum rc hunt_foreign_open(const struct hunt_foreign_opts *opts, struct hunt_foreign **out, struct err *err)
{
    struct hunt_foreign *f = MEM_NEW(struct hunt_foreign);

    *f = (struct hunt_foreign) { .opts = *opts };
    if (!f->opts.poll)
        f->opts.poll = POLL;
    pthread_mutex_init(&f->lock, NULL);
    deadline_cond_init(&f->wake);
    int failed = pthread_create(&f->thread, NULL, work, f);
    if (failed) {
        mem_free(f);
        return err_errno(err, RC_INTERNAL, failed, "the thread of alerts of other products");
    }
    *out = f;
    return RC_OK;
}

struct hunt_foreign *hunt_foreign_close(struct hunt_foreign *f)
{
    if (!f)
        return NULL;
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_signal(&f->wake);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    pthread_cond_destroy(&f->wake);
    pthread_mutex_destroy(&f->lock);
    return mem_free(f);
}
