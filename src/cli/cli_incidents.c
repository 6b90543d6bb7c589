/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_incidents.h"

#include "base/codec.h"
#include "cli/cli_table.h"

enum { TARGET_MAX = 8192, BODY_MAX = 1 << 20, MAX_ROWS = 1000 };
#define INCIDENTS "{ws}/providers/Microsoft.SecurityInsights/incidents"
#define VERSION "api-version=2023-02-01"

const struct cli_option CLI_INCIDENTS_OPTIONS[] = {
    { .name = "status",
      .type = CLI_CHOICE,
      .value = "STATUS",
      .initial = "open",
      .choices = "open|New|Active|Closed|all",
      .doc = "Which ones are listed." },
    { .name = "top",
      .type = CLI_INT,
      .value = "N",
      .initial = "50",
      .min = 1,
      .max = MAX_ROWS,
      .doc = "At most so many, the newest first." },
    { .name = "json", .type = CLI_FLAG, .doc = "Print what the API answers." },
    { .name = "classification",
      .type = CLI_CHOICE,
      .value = "WHY",
      .initial = "Undetermined",
      .choices = "TruePositive|BenignPositive|FalsePositive|Undetermined",
      .doc = "With close." },
    { .name = "comment", .type = CLI_TEXT, .value = "TEXT", .doc = "With close: kept in the incident." },
    { 0 },
};

static const char *severity_style(str severity)
{
    if (str_eq(severity, S("High")))
        return cli_table_style("\033[31m");
    return str_eq(severity, S("Medium")) ? cli_table_style("\033[33m") : "";
}

enum rc cli_incidents_find(struct cli_session *s, str filter, unsigned top, struct arena *a,
                           const struct json **list, struct err *err)
{
    AUTO_STRBUF       target = STRBUF_INIT(TARGET_MAX);
    struct cli_answer answer = { 0 };

    strbuf_addf(&target, INCIDENTS "?" VERSION "&$top=%u&$orderby=", top);
    codec_url_encode(&target, S("properties/createdTimeUtc desc"));
    if (filter.n) {
        strbuf_addz(&target, "&$filter=");
        codec_url_encode(&target, filter);
    }
    TRY(cli_session_call(s, &(struct cli_call) { .target = strbuf_view(&target) }, a, &answer, err));
    *list = json_get(answer.json, S("value"));
    return RC_OK;
}

static str filter_of(struct arena *a, const char *status)
{
    if (strcmp(status, "all") == 0)
        return STR_NONE;
    if (strcmp(status, "open") == 0)
        return S("properties/status ne 'Closed'");
    return arena_printf(a, "properties/status eq '%s'", status);
}

static str short_time(str iso)
{
    return str_slice(iso, 0, 16); /* 2026-11-24T05:57 */
}

static void print_list(struct arena *a, const struct json *list)
{
    static const struct cli_table_column HEADS[] = {
        { STR_INIT("No"), true },       { STR_INIT("Severity"), false }, { STR_INIT("Status"), false },
        { STR_INIT("Created"), false }, { STR_INIT("Alerts"), true },    { STR_INIT("Title"), false }
    };
    enum { N = sizeof HEADS / sizeof HEADS[0] };
    size_t n = list ? list->n : 0;
    str   *cells = ARENA_ARRAY(a, str, n * N + 1);

    for (size_t i = 0; i < n; i++) {
        const struct json *p = json_get(&list->items[i], S("properties"));
        str               *c = cells + i * N;
        c[0] = arena_printf(a, "%lld", (long long)json_i64(p, S("incidentNumber"), 0));
        c[1] = json_str(p, S("severity"), STR_NONE);
        c[2] = json_str(p, S("status"), STR_NONE);
        c[3] = short_time(json_str(p, S("createdTimeUtc"), STR_NONE));
        c[4] = arena_printf(a, "%lld",
                            (long long)json_i64(json_get(p, S("additionalData")), S("alertsCount"), 0));
        c[5] = json_str(p, S("title"), STR_NONE);
    }
    if (n)
        cli_table_print(stdout, &(struct cli_table) { HEADS, N, cells, n }, cli_table_terminal());
    else
        printf("No incidents.\n");
}

static void print_body(const struct json *j)
{
    AUTO_STRBUF out = STRBUF_INIT(64u << 20);
    json_print(&out, j, 2);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
}

static enum rc list_all(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    const struct json *list = NULL;
    str                filter = filter_of(s->arena, cli_opts_text(args, "status"));
    TRY(cli_incidents_find(s, filter, (unsigned)cli_opts_int(args, "top"), s->arena, &list, err));
    if (cli_opts_flag(args, "json") && list)
        print_body(list);
    else if (!cli_opts_flag(args, "json"))
        print_list(s->arena, list);
    return RC_OK;
}

/* By number or by name. */
static enum rc find_one(struct cli_session *s, const struct cli_args *args, const struct json **out,
                        struct err *err)
{
    const struct json *list = NULL;
    struct cli_answer  answer = { 0 };
    int64_t            number;

    if (args->n_words != 2)
        return err_set(err, RC_INVALID, "which one? `vedette incidents %s N`", args->words[0]);
    if (str_to_i64(str_of(args->words[1]), &number)) {
        str filter = arena_printf(s->arena, "properties/incidentNumber eq %lld", (long long)number);
        TRY(cli_incidents_find(s, filter, 1, s->arena, &list, err));
        *out = json_at(list, 0);
        return *out ? RC_OK : err_set(err, RC_NOT_FOUND, "there is no incident %lld", (long long)number);
    }
    AUTO_STRBUF target = STRBUF_INIT(TARGET_MAX);
    strbuf_addz(&target, INCIDENTS "/");
    codec_url_encode(&target, str_of(args->words[1]));
    strbuf_addz(&target, "?" VERSION);
    TRY(cli_session_call(s, &(struct cli_call) { .target = strbuf_view(&target) }, s->arena, &answer, err));
    *out = answer.json;
    return RC_OK;
}

static enum rc ask_part(struct cli_session *s, const struct json *incident, const char *provider_and_part,
                        const char *method, const struct json **out, struct err *err)
{
    struct cli_answer answer = { 0 };
    str               name = json_str(incident, S("name"), STR_NONE);
    str               target =
        arena_printf(s->arena,
                     provider_and_part[0] == '!' ? "{ws}/providers/Vedette.Operations/incidents/" STR_FMT
                                                   "/%s?api-version=2026-11-01"
                                                 : INCIDENTS "/" STR_FMT "/%s?" VERSION,
                     STR_ARG(name), provider_and_part + (provider_and_part[0] == '!'));
    TRY(cli_session_call(s, &(struct cli_call) { .method = method, .target = target }, s->arena, &answer,
                         err));
    *out = answer.json;
    return RC_OK;
}

static void print_head(struct arena *a, const struct json *incident)
{
    const struct json *p = json_get(incident, S("properties")),
                      *tactics = json_path(p, S("additionalData.tactics"));
    str severity = json_str(p, S("severity"), STR_NONE);

    printf("%s#%lld " STR_FMT "%s\n", cli_table_style("\033[1m"),
           (long long)json_i64(p, S("incidentNumber"), 0),
           STR_ARG(cli_table_clean(a, json_str(p, S("title"), STR_NONE))), cli_table_style("\033[0m"));
    printf("  %s" STR_FMT "%s, " STR_FMT ", owner " STR_FMT "\n", severity_style(severity), STR_ARG(severity),
           cli_table_style("\033[0m"), STR_ARG(json_str(p, S("status"), STR_NONE)),
           STR_ARG(cli_table_clean(a, json_str(json_get(p, S("owner")), S("assignedTo"), S("nobody")))));
    printf("  activity " STR_FMT " to " STR_FMT "\n",
           STR_ARG(short_time(json_str(p, S("firstActivityTimeUtc"), STR_NONE))),
           STR_ARG(short_time(json_str(p, S("lastActivityTimeUtc"), STR_NONE))));
    for (uint32_t i = 0; tactics && i < tactics->n; i++)
        printf("%s" STR_FMT "%s", i ? ", " : "  tactics ",
               STR_ARG(tactics->items[i].kind == JSON_STRING ? tactics->items[i].s : STR_NONE),
               i + 1 == tactics->n ? "\n" : "");
}

static void print_alerts(struct arena *a, const struct json *alerts)
{
    printf("\nAlerts\n");
    for (uint32_t i = 0; alerts && i < alerts->n; i++) {
        const struct json *p = json_get(&alerts->items[i], S("properties"));
        str                severity = json_str(p, S("severity"), STR_NONE);
        printf("  " STR_FMT "  %s%-13.*s%s " STR_FMT "\n",
               STR_ARG(short_time(json_str(p, S("startTimeUtc"), STR_NONE))), severity_style(severity),
               STR_ARG(severity), cli_table_style("\033[0m"),
               STR_ARG(cli_table_clean(a, json_str(p, S("alertDisplayName"), STR_NONE))));
    }
}

static void print_entities(struct arena *a, const struct json *entities)
{
    printf("\nEntities\n");
    for (uint32_t i = 0; entities && i < entities->n; i++) {
        const struct json *e = &entities->items[i];
        printf(
            "  %-16.*s " STR_FMT "\n", STR_ARG(json_str(e, S("kind"), STR_NONE)),
            STR_ARG(cli_table_clean(a, json_str(json_get(e, S("properties")), S("friendlyName"), STR_NONE))));
    }
}

static enum rc show(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    const struct json *incident = NULL, *alerts = NULL, *entities = NULL;
    TRY(find_one(s, args, &incident, err));
    if (cli_opts_flag(args, "json")) {
        print_body(incident);
        return RC_OK;
    }
    TRY(ask_part(s, incident, "alerts", "POST", &alerts, err));
    TRY(ask_part(s, incident, "entities", "POST", &entities, err));
    print_head(s->arena, incident);
    print_alerts(s->arena, json_get(alerts, S("value")));
    print_entities(s->arena, json_get(entities, S("entities")));
    return RC_OK;
}

/* The properties as they are, with some replaced: SecurityInsights' PUT wants the whole. */
static void write_put(struct json_w *w, const struct json *incident, const struct cli_args *args)
{
    const struct json *p = json_get(incident, S("properties"));
    const char        *comment = cli_opts_text(args, "comment");
    json_w_object(w);
    json_w_kstr(w, S("etag"), json_str(incident, S("etag"), STR_NONE));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("title"), json_str(p, S("title"), STR_NONE));
    json_w_kstr(w, S("severity"), json_str(p, S("severity"), STR_NONE));
    json_w_kstr(w, S("status"), S("Closed"));
    json_w_kstr(w, S("classification"), str_of(cli_opts_text(args, "classification")));
    if (comment)
        json_w_kstr(w, S("classificationComment"), str_of(comment));
    json_w_end(w);
    json_w_end(w);
}

static enum rc close_one(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF        body = STRBUF_INIT(BODY_MAX);
    struct json_w      w = json_w_make(&body);
    const struct json *incident = NULL;
    struct cli_answer  answer = { 0 };

    TRY(find_one(s, args, &incident, err));
    write_put(&w, incident, args);
    str target = arena_printf(s->arena, INCIDENTS "/" STR_FMT "?" VERSION,
                              STR_ARG(json_str(incident, S("name"), STR_NONE)));
    TRY(cli_session_call(s,
                         &(struct cli_call) { .method = "PUT", .target = target, .body = strbuf_view(&body) },
                         s->arena, &answer, err));
    printf("Incident %lld is closed (%s).\n",
           (long long)json_i64(json_get(incident, S("properties")), S("incidentNumber"), 0),
           cli_opts_text(args, "classification"));
    return RC_OK;
}

enum rc cli_incidents_run(const struct cli_args *args, struct err *err)
{
    static const struct {
        const char *word;
        enum rc (*run)(struct cli_session *s, const struct cli_args *args, struct err *err);
    } ACTS[] = { { "list", list_all }, { "show", show }, { "close", close_one } };
    AUTO_SESSION s = { 0 };
    const char  *word = args->n_words ? args->words[0] : "list";

    for (size_t i = 0; i < sizeof ACTS / sizeof ACTS[0]; i++) {
        if (strcmp(ACTS[i].word, word) != 0)
            continue;
        TRY(cli_session_open(args, &s, err));
        TRY(cli_session_workspace(&s, err));
        return ACTS[i].run(&s, args, err);
    }
    return err_set(err, RC_INVALID, "incidents takes list, show N or close N, not \"%s\"", word);
}
