/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api/api.h"
#include "base/file.h"
#include "base/log.h"
#include "content/content_explore.h"
#include "detect/detect.h"
#include "detect/detect_tables.h"
#include "hunt/hunt_foreign.h"
#include "hunt/hunt_rule.h"
#include "hunt/hunt_watchlist.h"
#include "notify/notify.h"
#include "posture/posture_machine.h"
#include "server/server_control.h"
#include "server/server_report.h"
#include "server/server_watermark.h"
#include "tables/tables.h"

enum { ARENA_MAX = 16 << 20, FOLDERS = 2 };
#define ENGINE_WAIT SECONDS(60)
#define STOP_GRACE SECONDS(8)

const struct cli_option SERVER_WIRE_OPTIONS[] = {
    { .name = "data",
      .type = CLI_PATH,
      .value = "DIR",
      .required = true,
      .doc = "The supervisor's data folder." },
    { .name = "listen",
      .type = CLI_ADDRESS,
      .value = "ADDR:PORT",
      .required = true,
      .doc = "Where to answer." },
    { .name = "content", .type = CLI_PATH, .value = "DIR", .required = true, .doc = "Rules and schemas." },
    { .name = "no-host-sources", .type = CLI_FLAG, .doc = "Look at nothing of this machine." },
    { .name = "host-root", .type = CLI_PATH, .value = "DIR", .doc = "A mounted system to look at instead." },
    { .name = "portal", .type = CLI_PATH, .value = "DIR", .doc = "The portal's files." },
    { .name = "control",
      .type = CLI_INT,
      .value = "FD",
      .initial = "0",
      .min = 0,
      .max = 1 << 20,
      .doc = "The supervisor's socket." },
    { 0 },
};

/* The parts, in the order in which they are opened; closed from the last to the first. */
struct wire {
    const struct cli_args      *args;
    struct arena               *arena;
    struct server_control       control;
    str                         data, first_password;
    struct state               *state;
    struct state_scopes         scopes;
    struct tables              *tables;
    struct server_rows         *rows;
    struct server_report       *report;
    struct access              *access;
    struct query               *query;
    struct content_store       *content;
    struct content_explore_set *explore;
    struct http_client         *intake;
    struct hunt                 hunt;
    struct detect_tables       *logs;
    struct detect_outbox       *outbox;
    struct incident_store      *incidents;
    struct hunt_foreign        *foreign;
    struct notify              *notify;
    struct posture             *posture;
    struct posture_machine     *machine;
    struct detect              *detect;
    struct api                 *api;
    struct http_server         *http;
};

static const char *in_data(const struct wire *w, const char *name)
{
    return arena_printf(w->arena, STR_FMT "/%s", STR_ARG(w->data), name).p;
}

static str origin_of(const struct wire *w)
{
    return arena_printf(w->arena, "https://%s", cli_opts_text(w->args, "listen"));
}

/* --- opening --- */

static enum rc await_begin(struct wire *w, struct err *err)
{
    const struct json *said;
    w->control.fd = cli_opts_given(w->args, "control") ? (int)cli_opts_int(w->args, "control") : -1;
    if (w->control.fd < 0)
        return RC_OK;
    TRY(server_control_next(&w->control, w->arena, &said, err));
    w->first_password = json_str(said, S("adminPassword"), STR_NONE);
    return RC_OK;
}

static enum rc open_stores(struct wire *w, struct err *err)
{
    str schemas = arena_printf(w->arena, "%s/schemas", cli_opts_text(w->args, "content"));
    str engine = str_of(in_data(w, "run/engine.sock"));

    TRY(state_open(in_data(w, "state/state.db"), &w->state, err));
    TRY(state_scopes_load(w->state, env_real(), w->arena, &w->scopes, err));
    TRY(tables_open(&(struct tables_opts) { .unix_socket = engine, .schemas_dir = schemas }, &w->tables,
                    err));
    TRY(tables_ready(w->tables, ENGINE_WAIT, err));
    w->rows = server_rows_new(w->tables, env_real());
    w->report = server_report_new(w->data.p, env_real());
    return RC_OK;
}

static enum rc open_access(struct wire *w, struct err *err)
{
    TRY(access_new(&(struct access_opts) { .state = w->state,
                                           .env = env_real(),
                                           .key_dir = in_data(w, "tls"),
                                           .tenant_id = w->scopes.tenant_id,
                                           .issuer = origin_of(w),
                                           .first_password = w->first_password },
                   &w->access, err));
    str made_up = access_take_first_password(w->access, w->arena);
    if (made_up.n)
        server_control_say_word(&w->control, "password", made_up);
    return RC_OK;
}

static enum rc open_content(struct wire *w, struct err *err)
{
    const char *folders[FOLDERS] = { arena_printf(w->arena, "%s/rules", cli_opts_text(w->args, "content")).p,
                                     in_data(w, "content/rules") };

    TRY(query_new(&(struct query_opts) { .tables = w->tables,
                                         .env = env_real(),
                                         .external = in_data(w, "external"),
                                         .watchlist = hunt_watchlist_kql,
                                         .watchlist_ctx = w->state },
                  &w->query, err));
    w->content = content_store_new();
    TRY(file_mkdirs(folders[FOLDERS - 1], 0750, err));
    /* Not compiled here: a rule may wait for a table that comes later, and detect tells how each one fares.
     */
    TRY(content_store_load(w->content, folders, FOLDERS, NULL, err));
    AUTO(snapshot) held = content_store_get(w->content);
    const struct content_set *set = content_store_set(held);
    for (size_t i = 0; i < set->n_problems; i++)
        log_warn(EV_RULE_FAILED, F_STR("file", set->problems[i].file),
                 F_STR("error", set->problems[i].reason));
    const char *asked[] = { arena_printf(w->arena, "%s/entities", cli_opts_text(w->args, "content")).p,
                            arena_printf(w->arena, "%s/hunting", cli_opts_text(w->args, "content")).p,
                            in_data(w, "content/hunting") };
    TRY(content_explore_load(asked, sizeof asked / sizeof *asked, &w->explore, err));
    return content_store_publish(set, in_data(w, "snapshots"), err);
}

static uint64_t mark_of(void *ctx, str table)
{
    return detect_mark(ctx, table);
}

static enum rc open_detection(struct wire *w, struct err *err)
{
    TRY(http_client_new(&(struct http_client_opts) { .unix_socket = str_of(in_data(w, "run/intake.sock")) },
                        &w->intake, err));
    w->logs = detect_tables_new(&(struct detect_tables_opts) { .tables = w->tables,
                                                               .catalog = query_names(w->query),
                                                               .env = env_real(),
                                                               .watermark = server_watermark,
                                                               .watermark_ctx = w->intake });
    w->outbox = detect_outbox_new(w->state, detect_tables_logs(w->logs));
    TRY(incident_open(&(struct incident_opts) { .state = w->state,
                                                .env = env_real(),
                                                .subscription = w->scopes.subscription_id,
                                                .group = w->scopes.group,
                                                .workspace = w->scopes.workspace,
                                                .portal = origin_of(w) },
                      &w->incidents, err));
    TRY(detect_new(&(struct detect_opts) { .state = w->state,
                                           .content = w->content,
                                           .logs = *detect_tables_logs(w->logs),
                                           .sink = incident_sink(w->incidents),
                                           .outbox = w->outbox,
                                           .env = env_real() },
                   &w->detect, err));
    w->hunt = (struct hunt) { .state = w->state,
                              .env = env_real(),
                              .query = w->query,
                              .explore = w->explore,
                              .content = w->content,
                              .incidents = w->incidents };
    TRY(hunt_rule_enforce(&w->hunt, err));
    TRY(notify_open(&(struct notify_opts) { .state = w->state,
                                            .env = env_real(),
                                            .incidents = w->incidents,
                                            .access = w->access,
                                            .scope = arena_printf(w->arena, "/subscriptions/" STR_FMT,
                                                                  STR_ARG(w->scopes.subscription_id)),
                                            .conf = in_data(w, "mail.yaml"),
                                            .portal = origin_of(w),
                                            .log = detect_outbox_put },
                    &w->notify, err));
    TRY(hunt_foreign_open(&(struct hunt_foreign_opts) { .hunt = &w->hunt,
                                                        .subscription = w->scopes.subscription_id,
                                                        .watermark = detect_tables_logs(w->logs)->watermark,
                                                        .watermark_ctx = detect_tables_logs(w->logs)->ctx,
                                                        .mark = mark_of,
                                                        .mark_ctx = w->detect },
                          &w->foreign, err));
    return detect_start(w->detect, err);
}

static enum rc open_posture(struct wire *w, struct err *err)
{
    const char *content = arena_printf(w->arena, "%s/policy", cli_opts_text(w->args, "content")).p;

    TRY(posture_open(&(struct posture_opts) { .state = w->state,
                                              .env = env_real(),
                                              .tenant = w->scopes.tenant_id,
                                              .subscription = w->scopes.subscription_id,
                                              .subscription_name = w->scopes.subscription_name,
                                              .group = w->scopes.group,
                                              .location = w->scopes.location,
                                              .workspace = w->scopes.workspace_arm,
                                              .content = content,
                                              .log = detect_outbox_put },
                     &w->posture, err));
    const char *root = cli_opts_text(w->args, "host-root");
    if (root || !cli_opts_flag(w->args, "no-host-sources")) {
        w->machine =
            posture_machine_new(w->scopes.subscription_id, w->scopes.group, w->scopes.location, env_real());
        if (root)
            posture_machine_root(w->machine, root);
        const struct posture_connector machine = posture_machine_connector(w->machine);
        posture_connect(w->posture, &machine);
    }
    return posture_start(w->posture, err);
}

static enum rc open_doors(struct wire *w, struct err *err)
{
    TRY(api_new(&(struct api_opts) { .state = w->state,
                                     .access = w->access,
                                     .query = w->query,
                                     .tables = w->tables,
                                     .incidents = w->incidents,
                                     .detect = w->detect,
                                     .outbox = w->outbox,
                                     .hunt = &w->hunt,
                                     .logs = detect_tables_logs(w->logs),
                                     .notify = w->notify,
                                     .posture = w->posture,
                                     .content = w->content,
                                     .explore = w->explore,
                                     .intake = w->intake,
                                     .env = env_real(),
                                     .scopes = &w->scopes,
                                     .hooks = { w->report, server_report_processes, server_report_warnings },
                                     .portal_dir = str_of(cli_opts_text(w->args, "portal")),
                                     .origin = origin_of(w) },
                &w->api, err));
    struct http_handler handler = api_handler(w->api);
    return http_server_new(&(struct http_server_opts) { .listen = str_of(cli_opts_text(w->args, "listen")),
                                                        .cert_file = str_of(in_data(w, "tls/server.pem")),
                                                        .key_file = str_of(in_data(w, "tls/server.key")) },
                           &handler, &w->http, err);
}

static enum rc open_all(struct wire *w, struct err *err)
{
    TRY(await_begin(w, err));
    TRY(open_stores(w, err));
    TRY(open_access(w, err));
    TRY(open_content(w, err));
    TRY(open_detection(w, err));
    TRY(open_posture(w, err));
    return open_doors(w, err);
}

static void close_all(struct wire *w)
{
    if (w->api)
        api_close(w->api);
    if (w->http)
        http_server_stop(w->http, STOP_GRACE);
    http_server_free(w->http);
    api_free(w->api);
    posture_close(w->posture);
    posture_machine_free(w->machine);
    hunt_foreign_close(w->foreign);
    detect_free(w->detect);
    notify_close(w->notify);
    incident_close(w->incidents);
    detect_outbox_free(w->outbox);
    detect_tables_free(w->logs);
    http_client_free(w->intake);
    content_explore_free(w->explore);
    content_store_free(w->content);
    query_free(w->query);
    access_free(w->access);
    server_report_free(w->report);
    server_rows_free(w->rows);
    tables_close(w->tables);
    state_free(w->state);
}

/* --- running --- */

static int block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL); /* before any thread is started, so that all of them inherit it */
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* False: the supervisor is gone. */
static bool hear(struct wire *w)
{
    AUTO(arena) a = arena_new(ARENA_MAX);
    const struct json *said;
    if (server_control_next(&w->control, a, &said, NULL) != RC_OK)
        return false;
    if (str_eq(json_str(said, S("say"), STR_NONE), S("ping")))
        return server_control_say_word(&w->control, "alive", STR_NONE);
    server_report_hear(w->report, said, w->rows);
    return true;
}

static void wait_for_stop(struct wire *w, int signals)
{
    for (;;) {
        struct pollfd p[] = { { .fd = signals, .events = POLLIN },
                              { .fd = w->control.fd, .events = POLLIN } };
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return;
        if (p[0].revents)
            return;
        bool more = p[1].revents != 0;
        while (more) {
            if (!hear(w))
                return;
            more = server_control_pending(&w->control);
        }
    }
}

enum rc server_wire_run(const struct cli_args *args, struct err *err)
{
    struct wire *w = ARENA_NEW(args->arena, struct wire);
    AUTO_FD      signals = block_signals();

    log_init("server", LOG_INFO);
    w->args = args;
    w->arena = args->arena;
    w->data = str_of(cli_opts_text(args, "data"));
    enum rc rc = open_all(w, err);
    if (rc == RC_OK) {
        log_info(EV_SERVER_STARTED, F_CSTR("listen", cli_opts_text(args, "listen")));
        server_control_say_word(&w->control, "ready", STR_NONE);
        wait_for_stop(w, signals);
        log_info(EV_SHUTDOWN, F_CSTR("process", "server"));
    }
    close_all(w);
    return rc;
}
