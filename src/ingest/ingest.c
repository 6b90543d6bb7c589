/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/http_server.h"
#include "ingest/ingest_core.h"
#include "ingest/ingest_follow.h"
#include "ingest/ingest_http.h"
#include "ingest/ingest_journal.h"
#include "ingest/ingest_ledger.h"
#include "ingest/ingest_listen.h"
#include "ingest/ingest_live.h"
#include "ingest/ingest_process.h"
#include "ingest/ingest_sandbox.h"

enum {
    PATH_SIZE = 4096,
    REQUEST_BYTES =
        40 << 20, /* what one request of ingestion may hold: its batches, one record and its tree */
    MEMORY_DEFAULT = 512 << 20,
};

#define WATERMARK_HOLD SECONDS(5)
#define SPOOL_DEFAULT (UINT64_C(4) << 30)

/* The whole process, taken down in the reverse order. */
struct run {
    const struct ingest_opts *opts;
    struct ingest_core        core;
    struct ingest_schema     *schema;
    struct ingest_ledger     *ledger;
    struct ingest_http       *http;
    struct http_server       *server;
    struct ingest_spool      *spool;
    struct ingest_live       *live;
    struct ingest_follow     *follow;
    struct ingest_journal    *journal;
    struct ingest_process    *process;
    struct ingest_listen     *listen;
    char                      host[256];
};

static volatile sig_atomic_t stop_asked;

static void path_in(const struct ingest_opts *opts, const char *name, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%s", opts->data_dir, name);
}

/* --- opening --- */

static void add_schema(void *ctx, const struct tables_schema *s)
{
    struct ingest_table *t = ingest_schema_add(ctx, s->name);

    for (size_t i = 0; i < s->n_columns; i++)
        ingest_schema_table_add(t, s->columns[i].name);
}

static enum rc open_tables(struct run *r, struct err *err)
{
    char               socket[PATH_SIZE];
    struct tables_opts opts = { .schemas_dir = str_of(r->opts->schemas_dir), .env = r->core.env };

    path_in(r->opts, "run/engine.sock", socket);
    if (r->opts->engine && strstr(r->opts->engine, "://"))
        opts.url = str_of(r->opts->engine);
    else
        opts.unix_socket = str_of(r->opts->engine ? r->opts->engine : socket);
    TRY(tables_open(&opts, &r->core.tables, err));
    r->schema = ingest_schema_new();
    tables_schema_each(r->core.tables, add_schema, r->schema);
    r->core.schema = r->schema;
    return RC_OK;
}

static enum rc make_folders(struct run *r, struct err *err)
{
    static const char *const NAMES[] = { "intake", "intake/spool", "run" };
    char                     path[PATH_SIZE];

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        path_in(r->opts, NAMES[i], path);
        TRY(file_mkdirs(path, 0700, err));
    }
    return RC_OK;
}

static enum rc open_server(struct run *r, struct err *err)
{
    char                    path[PATH_SIZE], listen[PATH_SIZE + 8];
    size_t                  memory = r->opts->memory_max ? r->opts->memory_max : MEMORY_DEFAULT;
    unsigned                requests = (unsigned)(memory / REQUEST_BYTES);
    struct http_handler     handler;
    struct http_server_opts opts = { .listen = STR_NONE, .max_connections = 256, .env = r->core.env };

    path_in(r->opts, "intake/ledger", path);
    TRY(ingest_ledger_open(path, &r->ledger, err));
    r->http = ingest_http_new(&r->core, r->ledger, requests < 2 ? 2 : requests);
    handler = ingest_http_handler(r->http);
    path_in(r->opts, "run/intake.sock", path);
    snprintf(listen, sizeof listen, "unix:%s", path);
    opts.listen = str_of(listen);
    return http_server_new(&opts, &handler, &r->server, err);
}

/* --- sources that are read all the time --- */

/* What needs rights that the sandbox takes away. */
static enum rc open_privileged(struct run *r, struct err *err)
{
    struct err why = { 0 };

    if (r->opts->syslog)
        TRY(ingest_listen_open(&r->core, str_of(r->opts->syslog), &r->listen, err));
    if (r->opts->processes && ingest_process_open(&r->core, &r->process, &why) != RC_OK)
        log_warn(EV_INGEST_SOURCE, F_CSTR("source", "processes"),
                 F_CSTR("what", "process starts are not seen"), F_ERR(&why));
    return RC_OK;
}

static enum rc open_live(struct run *r, struct err *err)
{
    char path[PATH_SIZE];

    path_in(r->opts, "intake/spool", path);
    TRY(ingest_spool_open(path, r->opts->spool_max ? r->opts->spool_max : SPOOL_DEFAULT, &r->spool, err));
    return ingest_live_start(&r->core, r->spool, &r->live, err);
}

static enum rc start_sources(struct run *r, struct err *err)
{
    bool                      has_journal = r->opts->journal && ingest_journal_is_there();
    struct ingest_follow_opts follow = { .folder = r->opts->log_dir };

    /* The files of /var/log repeat what the journal has; those of another folder are somebody else's. */
    follow.skip_journal = has_journal && str_eq(str_of(r->opts->log_dir), S("/var/log"));
    if (has_journal)
        TRY(ingest_journal_start(&r->core, r->live, r->spool, &r->journal, err));
    if (r->opts->log_dir)
        TRY(ingest_follow_start(&r->core, r->live, r->spool, &follow, &r->follow, err));
    if (r->process)
        TRY(ingest_process_start(r->process, r->live, err));
    return r->listen ? ingest_listen_start(r->listen, r->live, err) : RC_OK;
}

static void enter_sandbox(const struct run *r)
{
    char        path[PATH_SIZE];
    struct stat st = { 0 };

    path_in(r->opts, "intake", path);
    ingest_sandbox_enter((struct ingest_sandbox_opts) {
        .reads_processes = r->process != NULL,
        .foreign_folder = stat(path, &st) == 0 && st.st_uid != geteuid(),
    });
}

/* --- the watermark over restarts --- */

/* A batch that was under way when the last life was killed may still land, with an ingestion time of then:
 * the watermark starts where it last stood, and stays there for as long as an insert may take. */
static void hold_watermark(struct run *r)
{
    AUTO(arena) a = arena_new(64 << 10);
    char path[PATH_SIZE];
    str  text;
    ts   last;

    path_in(r->opts, "intake/watermark", path);
    if (file_read(a, path, 256, &text, NULL) == RC_OK && ts_parse(str_trim(text), &last))
        ingest_flight_hold(r->core.flight, last, WATERMARK_HOLD);
}

/* Not fsynced: it is for a process that dies, not for a machine that does. */
static void keep_watermark(struct run *r)
{
    char    path[PATH_SIZE], buf[TS_TEXT_SIZE];
    str     text = ts_text(ingest_flight_watermark(r->core.flight), buf);
    AUTO_FD fd = -1;

    path_in(r->opts, "intake/watermark", path);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && pwrite(fd, text.p, text.n, 0) != (ssize_t)text.n)
        log_warn(EV_INGEST_SOURCE, F_CSTR("what", "the watermark could not be kept"));
}

/* --- the whole --- */

static enum rc run_open(struct run *r, struct err *err)
{
    if (gethostname(r->host, sizeof r->host - 1) != 0)
        return err_errno(err, RC_INTERNAL, errno, "the name of this machine");
    r->core.env = r->opts->env ? r->opts->env : env_real();
    r->core.host = str_of(r->host);
    r->core.engine_patience = SECONDS(20);
    r->core.flight = ingest_flight_new(r->core.env);
    r->core.stats = ingest_stats_new();
    TRY(make_folders(r, err));
    hold_watermark(r);
    TRY(open_privileged(r, err));
    enter_sandbox(r);
    TRY(open_tables(r, err));
    TRY(open_live(r, err));
    TRY(open_server(r, err));
    return start_sources(r, err);
}

/* Sources first, so that what they still have gets into the spool; requests then end with what is stored. */
static void run_close(struct run *r)
{
    ingest_core_stop(&r->core);
    ingest_journal_stop(r->journal);
    ingest_follow_stop(r->follow);
    ingest_process_stop(r->process);
    ingest_listen_stop(r->listen);
    ingest_live_stop(r->live);
    if (r->server)
        http_server_stop(r->server, SECONDS(10));
    http_server_free(r->server);
    ingest_http_free(r->http);
    ingest_ledger_close(r->ledger);
    ingest_spool_close(r->spool);
    tables_close(r->core.tables);
    ingest_schema_free(r->schema);
    ingest_stats_free(r->core.stats);
    ingest_flight_free(r->core.flight);
    pthread_mutex_destroy(&r->core.stop_lock);
}

/* --- running --- */

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

/* The main thread alone gets the signals, so that no other is interrupted. */
static void take_signals(sigset_t *before)
{
    struct sigaction stop = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };
    sigset_t         set;

    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, before);
}

/* Keeps an eye on the engine, so that /health tells the truth also when nothing is sent. */
static void run_until_stopped(struct run *r, const sigset_t *open_mask)
{
    while (!stop_asked) {
        struct timespec second = { .tv_sec = 1 };
        enum rc         rc = tables_ready(r->core.tables, 0, NULL);

        ingest_stats_engine(r->core.stats, rc == RC_OK);
        keep_watermark(r);
        ppoll(NULL, 0, &second, open_mask);
    }
}

enum rc ingest_run(const struct ingest_opts *opts, struct err *err)
{
    struct run r = { .opts = opts, .core.stop_lock = PTHREAD_MUTEX_INITIALIZER };
    sigset_t   before;
    enum rc    rc;

    stop_asked = 0;
    take_signals(&before);
    rc = run_open(&r, err);
    if (rc == RC_OK) {
        log_info(EV_SERVER_STARTED, F_CSTR("socket", "run/intake.sock"));
        run_until_stopped(&r, &before);
        log_info(EV_SHUTDOWN, F_CSTR("process", "intake"));
    }
    run_close(&r);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
