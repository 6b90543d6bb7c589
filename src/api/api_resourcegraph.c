/* SPDX-License-Identifier: Apache-2.0 */
/* Azure Resource Graph: KQL over what is there now. Its tables are views of log tables that hold every
 * version: the newest of each, without what went. They come in front of the query as let statements, under
 * the names as it spells them. */
#include "api/api_handlers.h"
#include "api/api_posture.h"
#include "api/api_priv.h"
#include "base/vec.h"
#include "detect/detect_outbox.h"
#include "posture/posture_id.h"
#include "posture/posture_pending.h"

enum {
    MAX_TOP = 1000,
    DEFAULT_TOP = 1000,
    MAX_VIEWS = 16,
    MAX_QUERY = 512 * 1024,
    QUERY_ARENA = 128 << 20,
    MAX_ROUNDS = 40
};

#define CONTAINERS                                                                                           \
    "'microsoft.resources/subscriptions', 'microsoft.resources/subscriptions/resourcegroups', "              \
    "'microsoft.management/managementgroups'"
#define RESOURCE_COLUMNS                                                                                     \
    "id=ResourceId, name=Name, type=ResourceType, tenantId=TenantId, kind=Kind, location=Location, "         \
    "resourceGroup=ResourceGroup, subscriptionId=SubscriptionId, managedBy=ManagedBy, sku=Sku, plan=Plan, "  \
    "properties=Properties, tags=Tags, identity=Identity, zones=Zones, extendedLocation=ExtendedLocation"
#define RECORD_COLUMNS                                                                                       \
    "id=RecordId, name=Name, type=RecordType, tenantId=TenantId, kind='', location='', "                     \
    "resourceGroup=ResourceGroup, "                                                                          \
    "subscriptionId=SubscriptionId, properties=Properties"

#define CHANGE_COLUMNS                                                                                       \
    "id=strcat(ResourceId, '/providers/Microsoft.Resources/changes/', tostring(Version)), "                  \
    "name=tostring(Version), type='microsoft.resources/changes', tenantId=TenantId, "                        \
    "resourceGroup=ResourceGroup, subscriptionId=SubscriptionId, "                                           \
    "properties=bag_pack('timeStamp', TimeGenerated, 'targetResourceId', ResourceId, 'targetResourceType', " \
    "ResourceType, 'changeType', "                                                                           \
    "ChangeType, 'changes', Changes, 'changeAttributes', bag_pack('timestamp', TimeGenerated, 'changedBy', " \
    "ChangedBy, 'changedByType', iff(Source == 'arm', 'User', 'System'), 'clientType', Source, "             \
    "'changesCount', ChangesCount, 'newResourceSnapshotId', tostring(Version), "                             \
    "'previousResourceSnapshotId', tostring(Version - 1)))"

/* Alerts, as they stand now; names of properties as Resource Graph spells them. */
#define ALERTS                                                                                               \
    "SecurityAlert | where SystemAlertId != '' | summarize arg_max(TimeGenerated, *) by SystemAlertId"
#define ALERT_COLUMNS                                                                                        \
    "id=strcat('/subscriptions/', SubscriptionId, '/resourceGroups/', WorkspaceResourceGroup, "              \
    "'/providers/Microsoft.Security/locations/local/alerts/', SystemAlertId), name=SystemAlertId, "          \
    "type='microsoft.security/locations/alerts', tenantId='', kind='', location='local', "                   \
    "resourceGroup=WorkspaceResourceGroup, subscriptionId=SubscriptionId, properties=bag_pack("              \
    "'SystemAlertId', SystemAlertId, 'AlertType', AlertType, 'AlertDisplayName', DisplayName, "              \
    "'Description', Description, 'Severity', AlertSeverity, 'Status', Status, 'Intent', Tactics, "           \
    "'StartTimeUtc', StartTime, 'EndTimeUtc', EndTime, 'TimeGeneratedUtc', TimeGenerated, "                  \
    "'CompromisedEntity', CompromisedEntity, 'VendorName', VendorName, 'ProductName', ProductName, "         \
    "'Entities', parse_json(Entities), 'ExtendedProperties', parse_json(ExtendedProperties))"

/* Where a table has a key, the newest row of each is what there is now. `also` are rows of another table, in
 * questions about now. */
static const struct view {
    str         name;
    const char *table, *key, *where, *columns;
    const char *also, *also_columns;
} VIEWS[] = {
    { .name = STR_INIT("resources"),
      .table = "ResourceInventory",
      .key = "ResourceKey",
      .where = " | where ResourceType !in (" CONTAINERS ")",
      .columns = RESOURCE_COLUMNS },
    { .name = STR_INIT("resourcecontainers"),
      .table = "ResourceInventory",
      .key = "ResourceKey",
      .where = " | where ResourceType in (" CONTAINERS ")",
      .columns = RESOURCE_COLUMNS },
    { .name = STR_INIT("securityresources"),
      .table = "PostureRecords",
      .key = "RecordKey",
      .where = " | where RecordType startswith 'microsoft.security/'",
      .columns = RECORD_COLUMNS,
      .also = ALERTS,
      .also_columns = ALERT_COLUMNS },
    { .name = STR_INIT("policyresources"),
      .table = "PostureRecords",
      .key = "RecordKey",
      .where = " | where RecordType startswith 'microsoft.authorization/' or RecordType startswith "
               "'microsoft.policyinsights/'",
      .columns = RECORD_COLUMNS },
    { .name = STR_INIT("resourcechanges"),
      .table = "ResourceChanges",
      .where = "",
      .columns = CHANGE_COLUMNS },
};

/* --- the query with its views in front --- */

static bool is_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
}

static const struct view *find_view(str word)
{
    for (size_t i = 0; i < sizeof VIEWS / sizeof VIEWS[0]; i++)
        if (str_eq_ci(VIEWS[i].name, word))
            return &VIEWS[i];
    return NULL;
}

struct building {
    struct api_call *c;
    struct strbuf   *out;
    str              subscriptions; /* "in ('…')" or empty */
    str              interval;      /* of history, "datetime(…) .. datetime(…)"; empty: as it is now */
    str              done[MAX_VIEWS];
    size_t           n;
};

/* Closes the first leg and adds the other. */
static void add_union(struct building *b, const struct view *v)
{
    strbuf_addf(b->out, " | project %s), (%s | extend SubscriptionId=WorkspaceSubscriptionId", v->columns,
                v->also);
    if (b->subscriptions.n)
        strbuf_addf(b->out, " | where SubscriptionId " STR_FMT, STR_ARG(b->subscriptions));
    strbuf_addf(b->out, " | project %s); ", v->also_columns);
}

static void add_view(struct building *b, const struct view *v, str spelled)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->done[i], spelled))
            return;
    if (b->n == MAX_VIEWS)
        return;
    b->done[b->n++] = spelled;
    bool united = v->also && !b->interval.n;
    strbuf_addf(b->out, "let " STR_FMT " = %s%s", STR_ARG(spelled), united ? "union (" : "", v->table);
    if (b->interval.n)
        strbuf_addf(b->out, " | where TimeGenerated between (" STR_FMT ")", STR_ARG(b->interval));
    else if (v->key)
        strbuf_addf(b->out, " | summarize arg_max(Version, *) by %s | where Gone != true", v->key);
    strbuf_addz(b->out, v->where);
    if (b->subscriptions.n)
        strbuf_addf(b->out, " | where SubscriptionId " STR_FMT, STR_ARG(b->subscriptions));
    if (b->interval.n)
        strbuf_addf(b->out, " | project timestamp=TimeGenerated, %s%s; ", v->key ? "gone=Gone, " : "",
                    v->columns);
    else if (!united)
        strbuf_addf(b->out, " | project %s; ", v->columns);
    else
        add_union(b, v);
}

/* Every word of the text that is a table's name; one in a text or a comment gives a view that nobody reads.
 */
static void add_views(struct building *b, str query)
{
    for (size_t i = 0; i < query.n;) {
        size_t from = i;
        while (i < query.n && is_word(query.p[i]))
            i++;
        const struct view *v = find_view(str_slice(query, from, i));
        if (v && (from == 0 || query.p[from - 1] != '.'))
            add_view(b, v, str_slice(query, from, i));
        i += i == from;
    }
}

/* The subscriptions that are asked for and that the caller sees, by id; those above subscriptions (management
 * groups) are everybody's. */
static str subscription_filter(struct api_call *c, const struct json *body)
{
    const struct posture_tree *t = api_posture_tree(c);
    const struct json         *asked = json_get(body, S("subscriptions")),
                      *groups = json_get(body, S("managementGroups"));
    AUTO_STRBUF out = STRBUF_INIT(MAX_QUERY / 2);

    strbuf_addz(&out, "in~ (''");
    for (size_t i = 0; i < posture_tree_count(t); i++) {
        const struct posture_node *n = posture_tree_at(t, i);
        const struct json         *one;
        bool                       wanted = !(asked && asked->n) && !(groups && groups->n);
        if (!str_eq_ci(n->type, S(POSTURE_TYPE_SUBSCRIPTION)) || !access_sees(&c->who, n->id))
            continue;
        for (size_t k = 0; (one = json_at(asked, k)) && !wanted; k++)
            wanted = one->kind == JSON_STRING && str_eq_ci(one->s, n->name);
        for (size_t k = 0; (one = json_at(groups, k)) && !wanted; k++)
            wanted = one->kind == JSON_STRING &&
                     posture_tree_covers(
                         t,
                         arena_printf(c->arena, "/providers/Microsoft.Management/managementGroups/" STR_FMT,
                                      STR_ARG(one->s)),
                         n->id);
        if (wanted && str_find_byte(n->name, '\'') == STR_NPOS && str_find_byte(n->name, '\\') == STR_NPOS)
            strbuf_addf(&out, ", '" STR_FMT "'", STR_ARG(n->name));
    }
    strbuf_addz(&out, ")");
    return arena_str(c->arena, strbuf_view(&out));
}

/* --- running --- */

struct answer {
    struct api_call         *c;
    const struct kql_column *columns;
    size_t                   n_columns;
    VEC(str) rows; /* JSON arrays */
    uint64_t skip, top, seen;
};

static enum rc begin(void *ctx, const struct kql_program *program, struct err *err)
{
    struct answer *a = ctx;

    (void)err;
    a->columns = program->columns;
    a->n_columns = program->n_columns;
    return RC_OK;
}

static enum rc row(void *ctx, str json, struct err *err)
{
    struct answer *a = ctx;

    (void)err;
    if (a->seen++ >= a->skip && a->rows.n < a->top)
        *vec_push_in(a->c->arena, &a->rows) = arena_str(a->c->arena, json);
    return RC_OK;
}

static enum rc run(struct answer *a, str text, uint64_t max_rows, struct err *err)
{
    struct api_call        *c = a->c;
    struct query_outcome    outcome;
    struct query_request    request = { .arena = arena_child(c->arena, QUERY_ARENA),
                                        .text = text,
                                        .who = &c->who,
                                        .now = env_now(c->api->opts.env),
                                        .max_rows = max_rows,
                                        .dynamic = KQL_RESULT_DYNAMIC_VALUE };
    const struct query_sink sink = { .ctx = a, .begin = begin, .row = row };
    struct err              why = { 0 };

    enum rc rc = query_run(c->api->opts.query, &request, &sink, &outcome, &why);
    if (rc == RC_OK)
        return RC_OK;
    if (kql_diag_any(&outcome.diags))
        return api_call_fail(c, 400, "BadRequest", err, "The query is not valid: %s", why.text);
    return err_set(err, rc, "%s", why.text);
}

/* --- answering --- */

static enum rc write_object(struct json_w *w, const struct answer *a, str json, struct err *err)
{
    const struct json *cells;

    TRY(json_parse(a->c->arena, json, &cells, err));
    json_w_object(w);
    for (size_t i = 0; i < a->n_columns; i++)
        api_posture_tree_value(w, a->columns[i].name, json_at(cells, i));
    json_w_end(w);
    return RC_OK;
}

static enum rc write_objects(struct json_w *w, const struct answer *a, struct err *err)
{
    json_w_array(w);
    for (size_t i = 0; i < a->rows.n; i++)
        TRY(write_object(w, a, a->rows.p[i], err));
    json_w_end(w);
    return RC_OK;
}

static void write_table(struct json_w *w, const struct answer *a)
{
    json_w_object(w);
    json_w_key(w, S("columns"));
    json_w_array(w);
    for (size_t i = 0; i < a->n_columns; i++) {
        json_w_object(w);
        json_w_kstr(w, S("name"), a->columns[i].name);
        json_w_kstr(w, S("type"),
                    a->columns[i].type == KQL_DYNAMIC ? S("object") : kql_type_name(a->columns[i].type));
        json_w_end(w);
    }
    json_w_end(w);
    json_w_key(w, S("rows"));
    json_w_array(w);
    for (size_t i = 0; i < a->rows.n; i++)
        json_w_raw(w, a->rows.p[i]);
    json_w_end(w);
    json_w_end(w);
}

static enum rc answer(struct answer *a, bool as_table, struct err *err)
{
    struct api_call *c = a->c;
    struct json_w    w = api_call_json(c);
    bool             more = a->seen > a->skip + a->rows.n;

    json_w_object(&w);
    json_w_ki64(&w, S("totalRecords"), (int64_t)a->seen);
    json_w_ki64(&w, S("count"), (int64_t)a->rows.n);
    json_w_key(&w, S("data"));
    if (as_table)
        write_table(&w, a);
    else
        TRY(write_objects(&w, a, err));
    json_w_key(&w, S("facets"));
    json_w_array(&w);
    json_w_end(&w);
    json_w_kstr(&w, S("resultTruncated"), more ? S("true") : S("false"));
    if (more)
        json_w_kstr(&w, S("$skipToken"),
                    arena_printf(c->arena, "%llu", (unsigned long long)(a->skip + a->rows.n)));
    json_w_end(&w);
    http_res_header(c->res, S("x-ms-user-quota-remaining"), S("15"));
    http_res_header(c->res, S("x-ms-user-quota-resets-after"), S("00:00:05"));
    return api_call_done(c, 200, err);
}

static enum rc read_options(struct answer *a, const struct json *options, struct err *err)
{
    str     token = json_str(options, S("$skipToken"), json_str(options, S("skipToken"), STR_NONE));
    int64_t top = json_i64(options, S("$top"), json_i64(options, S("top"), DEFAULT_TOP)), skip;

    if (top < 1 || top > MAX_TOP)
        return api_call_fail(a->c, 400, "BadRequest", err, "$top is 1 to %d, not %lld.", MAX_TOP,
                             (long long)top);
    skip = json_i64(options, S("$skip"), json_i64(options, S("skip"), 0));
    if (token.n && (!str_to_i64(token, &skip) || skip < 0))
        return api_call_fail(a->c, 400, "BadRequest", err, "$skipToken is not one of ours.");
    a->top = (uint64_t)top;
    a->skip = skip > 0 ? (uint64_t)skip : 0;
    return RC_OK;
}

/* What changed just now is to be seen: rows that wait for the log tables go first. */
static enum rc flush(struct api_call *c, struct err *err)
{
    size_t sent, made = 1;

    for (int i = 0; i < MAX_ROUNDS && made; i++)
        TRY(posture_pending_log(api_posture(c), POSTURE_PENDING_SOME, &made, err));
    return c->api->opts.outbox ? detect_outbox_send(c->api->opts.outbox, &sent, err) : RC_OK;
}

/* options.interval {start, end} of a question about history; the last day unless it says. */
static enum rc read_interval(struct api_call *c, const struct json *options, str *out, struct err *err)
{
    const struct json *interval = json_get(options, S("interval"));
    str  start = json_str(interval, S("start"), STR_NONE), end = json_str(interval, S("end"), STR_NONE);
    ts   to = env_now(c->api->opts.env), from;
    char a[TS_TEXT_SIZE], b[TS_TEXT_SIZE];

    if (end.n && !ts_parse(end, &to))
        return api_call_fail(c, 400, "BadRequest", err, "options.interval.end is a date and time.");
    from = to - DAYS(1);
    if (start.n && (!ts_parse(start, &from) || from > to))
        return api_call_fail(c, 400, "BadRequest", err,
                             "options.interval.start is a date and time before its end.");
    *out = arena_printf(c->arena, "datetime(" STR_FMT ") .. datetime(" STR_FMT ")", STR_ARG(ts_text(from, a)),
                        STR_ARG(ts_text(to, b)));
    return RC_OK;
}

static enum rc query(struct api_call *c, bool history, struct err *err)
{
    const struct json *body, *options;
    AUTO_STRBUF        text = STRBUF_INIT(MAX_QUERY);
    struct building    b = { .c = c, .out = &text };
    struct answer      a = { .c = c };

    TRY(api_call_object(c, &body, err));
    str asked = json_str(body, S("query"), STR_NONE);
    if (!str_trim(asked).n)
        return api_call_fail(c, 400, "BadRequest", err,
                             "The body needs \"query\", and it must not be empty.");
    options = json_get(body, S("options"));
    TRY(read_options(&a, options, err));
    if (history)
        TRY(read_interval(c, options, &b.interval, err));
    TRY(flush(c, err));
    b.subscriptions = subscription_filter(c, body);
    add_views(&b, asked);
    strbuf_add(&text, asked);
    TRY(strbuf_ok(&text, "the query", err));
    TRY(run(&a, strbuf_view(&text), QUERY_MAX_ROWS, err));
    return answer(&a, str_eq_ci(json_str(options, S("resultFormat"), STR_NONE), S("table")), err);
}

enum rc api_resourcegraph_query(struct api_call *c, struct err *err)
{
    return query(c, false, err);
}

enum rc api_resourcegraph_history(struct api_call *c, struct err *err)
{
    return query(c, true, err);
}
