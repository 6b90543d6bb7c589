/* SPDX-License-Identifier: Apache-2.0 */
/* vedette-engine: hosts the log store and answers ClickHouse's HTTP interface. */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "engine/engine_http.h"
#include "engine/engine_probe.h"
#include "engine/engine_store.h"

enum {
    MAX_HEADERS_BYTES = 1 << 20,
    STACK = 8 << 20,
    EXIT_OK = 0,
    GRACE_SECONDS = 5,
    END_SECONDS = 8,
    REST_SECONDS = 60
};

struct options {
    const char *data, *socket, *listen, *library, *database;
    uint64_t    memory;
    unsigned    readers, writers;
    bool        open, probe;
};

static const char USAGE[] =
    "vedette-engine --data DIR --socket PATH [options]\n"
    "  --data DIR        folder of the store; made when it is missing\n"
    "  --socket PATH     unix socket to listen on, mode 0600\n"
    "  --listen H:P      a TCP address as well, or instead (tests; it asks for no password)\n"
    "  --memory BYTES    limit of the process (K, M, G behind the number); half of the machine's, 8 GB at "
    "most\n"
    "  --readers N       queries at work at most (8)\n"
    "  --writers N       inserts at work at most (4)\n"
    "  --database NAME   of queries that name none (law)\n"
    "  --library PATH    libchdb.so; found beside the program when not given\n"
    "  --no-sandbox      leaves the sandbox out\n"
    "  --version, --help\n";

static const struct option LONG[] = {
    { "data", required_argument, NULL, 'd' },
    { "socket", required_argument, NULL, 's' },
    { "listen", required_argument, NULL, 'l' },
    { "memory", required_argument, NULL, 'm' },
    { "readers", required_argument, NULL, 'r' },
    { "writers", required_argument, NULL, 'w' },
    { "database", required_argument, NULL, 'b' },
    { "library", required_argument, NULL, 'L' },
    { "no-sandbox", no_argument, NULL, 'n' },
    { "probe", no_argument, NULL, 'p' },
    { "version", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static _Noreturn void die(const struct err *err)
{
    (void)fprintf(stderr, "vedette-engine: %s\n", err->text);
    exit(err_exit_code(err->rc));
}

static _Noreturn void usage(FILE *to, int code)
{
    (void)fputs(USAGE, to);
    exit(code);
}

static bool read_size(const char *text, uint64_t *out)
{
    str    s = str_of(text);
    size_t unit = s.n ? str_find_byte(S("KMG"), s.p[s.n - 1]) : STR_NPOS;

    if (unit != STR_NPOS)
        s.n--;
    if (!str_to_u64(s, out) || *out > UINT64_C(1) << 50)
        return false;
    *out <<= unit == STR_NPOS ? 0 : 10 * (unit + 1);
    return true;
}

static bool read_count(const char *text, unsigned *out)
{
    uint64_t n;
    if (!str_to_u64(str_of(text), &n) || n < 1 || n > 64)
        return false;
    *out = (unsigned)n;
    return true;
}

/* False when the value does not fit the option. */
static bool take_option(struct options *o, int c)
{
    switch (c) {
    case 'd':
        o->data = optarg;
        return true;
    case 's':
        o->socket = optarg;
        return true;
    case 'l':
        o->listen = optarg;
        return true;
    case 'L':
        o->library = optarg;
        return true;
    case 'b':
        o->database = optarg;
        return true;
    case 'm':
        return read_size(optarg, &o->memory);
    case 'r':
        return read_count(optarg, &o->readers);
    case 'w':
        return read_count(optarg, &o->writers);
    case 'n':
        o->open = true;
        return true;
    case 'p':
        o->probe = true;
        return true;
    case 'v':
        (void)puts("vedette-engine " VEDETTE_VERSION);
        exit(EXIT_OK);
    case 'h':
        usage(stdout, EXIT_OK);
    default:
        return false;
    }
}

static struct options read_options(int argc, char **argv)
{
    struct options o = { 0 };
    int            c;

    while ((c = getopt_long(argc, argv, "", LONG, NULL)) != -1)
        if (!take_option(&o, c))
            usage(stderr, err_exit_code(RC_INVALID));
    if (!o.data || (!o.socket && !o.listen && !o.probe) || optind != argc)
        usage(stderr, err_exit_code(RC_INVALID));
    return o;
}

/* Listening sockets are opened while paths outside of the data folder are still there. */
static int open_socket(const char *prefix, const char *where, struct err *err)
{
    char listen[4200];
    int  fd = -1;

    if (!where)
        return -1;
    (void)snprintf(listen, sizeof listen, "%s%s", prefix, where);
    if (http_server_listen(str_of(listen), &fd, err) != RC_OK)
        die(err);
    return fd;
}

static struct http_server *serve(int fd, const struct engine *e)
{
    const struct http_server_opts opts = {
        .listen_fd = fd,
        .max_connections = 128,
        .max_header_bytes = MAX_HEADERS_BYTES,
        .idle_wait = SECONDS(300),
        .stack_bytes = STACK,
    };
    struct http_handler handler = engine_http_handler(e);
    struct http_server *server = NULL;
    struct err          err;

    if (fd < 0)
        return NULL;
    if (http_server_new(&opts, &handler, &server, &err) != RC_OK)
        die(&err);
    return server;
}

/* One line for the sandbox, one for what became of the tries. */
static int probe(const struct engine_sandbox *sandbox, const char *data)
{
    AUTO_STRBUF layers = STRBUF_INIT(64 << 10), tries = STRBUF_INIT(64 << 10);
    bool        fine = engine_probe(sandbox, data, &tries);

    engine_sandbox_json(sandbox, &layers);
    (void)printf("%s\n%s\n", layers.p, tries.p);
    return fine ? EXIT_OK : 1;
}

static void report(const struct engine_sandbox *sandbox)
{
    for (int i = 0; i < ENGINE_LAYER_COUNT_; i++)
        if (!sandbox->layers[i].on)
            log_warn(EV_SANDBOX, F_CSTR("layer", engine_sandbox_name(i)), F_BOOL("on", false),
                     F_CSTR("why", sandbox->layers[i].why));
}

/* A query that hears no KILL must not hold the end up: what was acknowledged is on disk. */
static void *end_anyway(void *arg)
{
    sleep(END_SECONDS);
    _exit(EXIT_OK);
    return arg;
}

/* Ends without running libchdb's destructors: its threads are still there. */
static _Noreturn void end(const struct engine *e, struct engine_store *store,
                          struct http_server *const servers[2])
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, end_anyway, NULL) != 0)
        _exit(EXIT_OK);
    engine_watch_kill(e->watch, STR_NONE);
    for (int i = 0; i < 2; i++)
        if (servers[i])
            http_server_stop(servers[i], SECONDS(GRACE_SECONDS));
    engine_store_close(store);
    _exit(EXIT_OK);
}

static _Noreturn void run(const struct options *o, const char *data, int unix_fd, int tcp_fd,
                          struct engine_sandbox *sandbox)
{
    const struct engine_chdb *db = NULL;
    struct engine_store      *store = NULL;
    struct err                err;
    sigset_t                  ends;
    const struct timespec     rest = { .tv_sec = REST_SECONDS };
    int                       signal_number;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL); /* before threads are made: they inherit it */
    if (engine_chdb_load(str_of(o->library), &db, &err) != RC_OK)
        die(&err);
    if (!o->open)
        engine_sandbox_enter(data, sandbox);
    report(sandbox);

    const struct engine_store_opts opts = { .data = str_of(data),
                                            .memory = o->memory,
                                            .readers = o->readers,
                                            .writers = o->writers,
                                            .database = str_of(o->database) };
    if (engine_store_open(db, &opts, &store, &err) != RC_OK)
        die(&err);
    struct engine *e = engine_store_engine(store);
    e->sandbox = sandbox;
    struct http_server *servers[2] = { serve(unix_fd, e), serve(tcp_fd, e) };
    log_info(EV_ENGINE_STARTED, F_CSTR("data", data), F_CSTR("socket", o->socket ? o->socket : ""),
             F_INT("port", servers[1] ? http_server_port(servers[1]) : 0), F_STR("version", e->version));

    while ((signal_number = sigtimedwait(&ends, NULL, &rest)) < 0)
        engine_chdb_rest(db);
    log_info(EV_SHUTDOWN, F_INT("signal", signal_number));
    end(e, store, servers);
}

int main(int argc, char **argv)
{
    struct options        o = read_options(argc, argv);
    struct engine_sandbox sandbox = { 0 };
    struct err            err;
    char                  data[4096];

    log_init("engine", LOG_INFO);
    setenv("TZ", "UTC", 1);
    if (file_mkdirs(o.data, 0700, &err) != RC_OK)
        die(&err);
    if (!realpath(o.data, data)) {
        err_errno(&err, RC_IO, errno, "data folder %s", o.data);
        die(&err);
    }
    for (int i = 0; i < ENGINE_LAYER_COUNT_; i++)
        (void)snprintf(sandbox.layers[i].why, sizeof sandbox.layers[i].why, "started with --no-sandbox");
    if (o.probe) {
        engine_sandbox_enter(data, &sandbox);
        return probe(&sandbox, data);
    }
    int unix_fd = open_socket("unix:", o.socket, &err);
    int tcp_fd = open_socket("", o.listen, &err);
    run(&o, data, unix_fd, tcp_fd, &sandbox);
}
