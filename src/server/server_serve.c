/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/env.h"
#include "base/log.h"
#include "cli/cli_paths.h"
#include "cli/cli_port.h"
#include "cli/cli_session.h"
#include "server/server_cert.h"
#include "server/server_folder.h"
#include "server/server_supervise.h"

enum { PORT_TRIES = 20, PORT_PAUSE_MS = 100 };

const struct cli_option SERVER_SERVE_OPTIONS[] = {
    { .name = "data",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_DATA",
      .doc = "Folder for everything that is kept. Default: ~/.local/share/vedette." },
    { .name = "listen",
      .type = CLI_ADDRESS,
      .value = "ADDR:PORT",
      .initial = CLI_PORT_DEFAULT,
      .env = "VEDETTE_LISTEN",
      .doc = "Where API and portal answer, over TLS." },
    { .name = "content",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_CONTENT",
      .doc = "Rules, schemas and simulations. Default: those beside the program." },
    { .name = "portal",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_PORTAL",
      .doc = "The portal's files. Default: those beside the program." },
    { .name = "no-host-sources",
      .type = CLI_FLAG,
      .env = "VEDETTE_NO_HOST_SOURCES",
      .doc = "Do not follow this machine's journal, log files and process starts." },
    { .name = "host-root",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_HOST_ROOT",
      .doc = "A mounted system whose configuration is judged and fixed in place of this machine's." },
    { .name = "host-logs",
      .type = CLI_PATH,
      .value = "DIR",
      .initial = "/var/log",
      .env = "VEDETTE_HOST_LOGS",
      .doc = "Where this machine's log files are." },
    { .name = "syslog",
      .type = CLI_ADDRESS,
      .value = "ADDR:PORT",
      .env = "VEDETTE_SYSLOG",
      .doc = "Take syslog there, over UDP and TCP." },
    { .name = "log",
      .type = CLI_PATH,
      .value = "FILE",
      .env = "VEDETTE_LOG",
      .doc = "Where the program's own log goes; - is standard error. Default: DIR/log/vedette.log." },
    { .name = "watchdog",
      .type = CLI_SECONDS,
      .value = "SECONDS",
      .initial = "60",
      .min = 5,
      .max = 3600,
      .env = "VEDETTE_WATCHDOG",
      .doc = "A process that gives no sign of life for so long is started anew." },
    { .name = "min-free",
      .type = CLI_INT,
      .value = "MIB",
      .initial = "256",
      .min = 16,
      .max = 1 << 20,
      .env = "VEDETTE_MIN_FREE",
      .doc = "Room that the data folder must have to start." },
    { .name = "admin-password",
      .type = CLI_TEXT,
      .value = "PASSWORD",
      .env = "VEDETTE_ADMIN_PASSWORD",
      .secret = true,
      .doc = "The first password of admin, instead of one made up. Environment only." },
    { 0 },
};

/* What the callbacks of the supervisor need. */
struct serve {
    const struct cli_args *args;
    struct server_folder   folder;
    const char            *listen;
    char                   host[256];
    int64_t                began;
};

static void print_ready(void *ctx, const char *password)
{
    const struct serve *s = ctx;
    bool                tty = isatty(STDOUT_FILENO);
    const char         *bold = tty ? "\033[1m" : "", *plain = tty ? "\033[0m" : "";
    bool                everywhere =
        strcmp(s->host, "*") == 0 || strcmp(s->host, "0.0.0.0") == 0 || strcmp(s->host, "::") == 0;

    printf("Vedette %s is ready in %lld ms.\n\n", VEDETTE_VERSION,
           (long long)((env_monotonic_ns(env_real()) - s->began) / 1000000));
    if (everywhere)
        printf("  Portal    %shttps://localhost%s%s\n", bold, strrchr(s->listen, ':'), plain);
    else
        printf("  Portal    %shttps://%s%s\n", bold, s->listen, plain);
    if (password)
        printf("  User      %sadmin%s\n  Password  %s%s%s   shown this once; you choose your own at the "
               "first sign-in\n",
               bold, plain, bold, password, plain);
    printf("  CA        %s/ca.pem   for clients to trust\n  Data      %s\n\n", s->folder.path,
           s->folder.path);
    if (tty)
        printf("Try `vedette simulate`, or `vedette import FILE`. Ctrl-C stops Vedette.\n");
    fflush(stdout);
}

static bool renew_cert(void *ctx)
{
    struct serve      *s = ctx;
    struct server_cert cert;
    struct err         err;
    if (server_cert_ensure(s->folder.path, s->host, env_now(env_real()), &cert, &err) != RC_OK) {
        log_error(EV_CERT_RENEWED, F_ERR(&err));
        return false;
    }
    if (cert.renewed)
        log_info(EV_CERT_RENEWED, F_CSTR("file", cert.cert));
    return cert.renewed;
}

static enum rc open_log(struct serve *s, struct server_supervise *sup, char path[PATH_MAX], struct err *err)
{
    const char *asked = cli_opts_text(s->args, "log");
    if (asked && strcmp(asked, "-") == 0) {
        sup->log_fd = STDERR_FILENO;
        return RC_OK;
    }
    if (asked)
        snprintf(path, PATH_MAX, "%s", asked);
    else
        server_folder_file(&s->folder, "log/vedette.log", path);
    sup->log_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (sup->log_fd < 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    sup->log_path = path;
    return RC_OK;
}

static void pass_on(struct server_child *c, const struct cli_args *args, const char *option, const char *flag)
{
    const char *value = cli_opts_text(args, option);
    if (!value)
        return;
    server_child_arg(c, flag);
    if (strcmp(option, "no-host-sources") != 0)
        server_child_arg(c, value);
}

/* The three command lines. Every text lives as long as the supervisor runs. */
static void describe_children(const struct serve *s, const struct cli_paths *paths,
                              char engine_data[PATH_MAX], char engine_socket[PATH_MAX],
                              char intake_socket[PATH_MAX], struct server_supervise *sup)
{
    struct server_child *engine = &sup->children[0], *intake = &sup->children[1], *server = &sup->children[2];

    sup->n = SERVER_SUPERVISE_CHILDREN;
    server_folder_file(&s->folder, "engine", engine_data);
    server_folder_file(&s->folder, "run/engine.sock", engine_socket);
    server_folder_file(&s->folder, "run/intake.sock", intake_socket);

    server_child_init(engine, "engine", paths->engine);
    engine->socket = engine_socket;
    engine->health = "/ping";
    server_child_arg(engine, "--data");
    server_child_arg(engine, engine_data);
    server_child_arg(engine, "--socket");
    server_child_arg(engine, engine_socket);

    server_child_init(intake, "intake", paths->self);
    intake->socket = intake_socket;
    intake->health = "/health";
    server_child_arg(intake, "intake");
    server_child_arg(intake, "--data");
    server_child_arg(intake, s->folder.path);
    server_child_arg(intake, "--content");
    server_child_arg(intake, paths->content);
    pass_on(intake, s->args, "no-host-sources", "--no-host-sources");
    pass_on(intake, s->args, "host-logs", "--host-logs");
    pass_on(intake, s->args, "syslog", "--syslog");

    server_child_init(server, "server", paths->self);
    server->controlled = true;
    server_child_arg(server, "server");
    pass_on(server, s->args, "no-host-sources", "--no-host-sources");
    pass_on(server, s->args, "host-root", "--host-root");
    server_child_arg(server, "--control");
    server_child_arg(server, "{control}");
    server_child_arg(server, "--data");
    server_child_arg(server, s->folder.path);
    server_child_arg(server, "--listen");
    server_child_arg(server, s->listen);
    server_child_arg(server, "--content");
    server_child_arg(server, paths->content);
    if (paths->portal[0]) {
        server_child_arg(server, "--portal");
        server_child_arg(server, paths->portal);
    }
}

static enum rc find_companions(const struct cli_args *args, struct cli_paths *paths, struct err *err)
{
    const char *content = cli_opts_text(args, "content"), *portal = cli_opts_text(args, "portal");
    TRY(cli_paths_find(paths, err));
    if (content && !realpath(content, paths->content))
        return err_errno(err, RC_NOT_FOUND, errno, "--content %s", content);
    if (portal && !realpath(portal, paths->portal))
        return err_errno(err, RC_NOT_FOUND, errno, "--portal %s", portal);
    return RC_OK;
}

/* A server that was killed holds its port until the kernel is done with its processes; anybody else is told
 * soon enough. */
static enum rc wait_for_port(const char *address, enum cli_port_use use, struct err *err)
{
    enum rc rc = cli_port_check(address, use, err);

    for (int i = 0; rc == RC_CONFLICT && i < PORT_TRIES; i++) {
        usleep(PORT_PAUSE_MS * 1000);
        rc = cli_port_check(address, use, err);
    }
    return rc;
}

static enum rc prepare(struct serve *s, struct err *err)
{
    struct server_cert cert;
    uint16_t           port;
    const char        *dir = cli_opts_text(s->args, "data");
    uint64_t           min_free = (uint64_t)cli_opts_int(s->args, "min-free") << 20;

    s->listen = cli_opts_text(s->args, "listen");
    TRY(cli_opts_address(s->listen, s->host, sizeof s->host, &port, err));
    TRY(server_folder_open(dir ? dir : cli_session_data_dir(s->args->arena), min_free, &s->folder, err));
    TRY(wait_for_port(s->listen, CLI_PORT_LISTEN, err));
    if (cli_opts_text(s->args, "syslog"))
        TRY(wait_for_port(cli_opts_text(s->args, "syslog"), CLI_PORT_SYSLOG, err));
    return server_cert_ensure(s->folder.path, s->host, env_now(env_real()), &cert, err);
}

enum rc server_serve_run(const struct cli_args *args, struct err *err)
{
    struct serve     s = { .args = args, .folder.lock = -1, .began = env_monotonic_ns(env_real()) };
    struct cli_paths paths;
    char             engine_data[PATH_MAX], engine_socket[PATH_MAX], intake_socket[PATH_MAX], log[PATH_MAX];
    struct server_supervise sup = { .ctx = &s, .ready = print_ready, .daily = renew_cert };

    if (args->n_words)
        return err_set(err, RC_INVALID,
                       "serve takes no argument such as \"%s\"; options are in `vedette help serve`",
                       args->words[0]);
    TRY(find_companions(args, &paths, err));
    TRY(prepare(&s, err));
    TRY(open_log(&s, &sup, log, err));
    sup.watchdog = cli_opts_seconds(args, "watchdog");
    sup.admin_password = cli_opts_text(args, "admin-password");
    if (sup.admin_password) {
        sup.admin_password = arena_str(args->arena, str_of(sup.admin_password)).p;
        unsetenv("VEDETTE_ADMIN_PASSWORD"); /* the children get no copy */
    }
    describe_children(&s, &paths, engine_data, engine_socket, intake_socket, &sup);

    /* The supervisor logs where its children do; the terminal is for people and is given back at the end. */
    AUTO_FD terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (sup.log_path && dup2(sup.log_fd, STDERR_FILENO) < 0)
        return err_errno(err, RC_IO, errno, "%s", log);
    log_init("supervisor", LOG_INFO);
    enum rc rc = server_supervise_run(&sup, err);
    dup2(terminal, STDERR_FILENO);
    return rc;
}
