/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_follow.h"

#include <pthread.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "ingest/ingest_syslog.h"
#include "ingest/ingest_tail.h"

enum { POLL_MS = 100, FILES_MAX = 32, PATH_SIZE = 4096 };

const struct ingest_follow_file INGEST_FOLLOW_FILES[] = {
    { STR_INIT("audit/audit.log"), STR_INIT("Records of Linux's audit system."), false },
    { STR_INIT("auth.log"), STR_INIT("Sign-ins, sudo, su and accounts on Debian."), true },
    { STR_INIT("cron.log"), STR_INIT("Jobs of cron."), true },
    { STR_INIT("daemon.log"), STR_INIT("Services."), true },
    { STR_INIT("dpkg.log"), STR_INIT("Packages installed and removed."), false },
    { STR_INIT("kern.log"), STR_INIT("The kernel."), true },
    { STR_INIT("messages"), STR_INIT("All but sign-ins on Red Hat."), true },
    { STR_INIT("secure"), STR_INIT("Sign-ins, sudo, su and accounts on Red Hat."), true },
    { STR_INIT("syslog"), STR_INIT("All but sign-ins on Debian."), true },
    { .name = STR_INIT("") },
};

struct followed {
    struct ingest_tail tail;
    str                name, facility;
    char               path[PATH_SIZE];
};

struct ingest_follow {
    struct ingest_core *core;
    struct ingest_live *live;
    pthread_t           thread;
    bool                runs;
    struct followed     files[FILES_MAX];
    size_t              n;
    struct strbuf       buf;
};

/* --- telling --- */

static void tell(struct ingest_follow *f, struct followed *file, enum ingest_tail_step step)
{
    static const struct {
        const char *what;
        str         code, reason, remedy;
    } STEPS[] = {
        [INGEST_TAIL_TRUNCATED] = { "truncated, read from its start", STR_INIT(""), STR_INIT(""),
                                    STR_INIT("") },
        [INGEST_TAIL_ROTATED] = { "rotated, the next file is read", STR_INIT(""), STR_INIT(""),
                                  STR_INIT("") },
        [INGEST_TAIL_GAP] = { "the file that was being read is gone", STR_INIT("FILE_GONE"),
                              STR_INIT("The log file that was being read at the last stop is gone or "
                                       "compressed; lines "
                                       "written to it since were not read."),
                              STR_INIT("Let logrotate keep one rotation uncompressed (delaycompress).") },
    };

    if (step <= INGEST_TAIL_TEXT)
        return;
    log_info(EV_INGEST_SOURCE, F_CSTR("source", file->path), F_CSTR("what", STEPS[step].what));
    if (STEPS[step].code.n) {
        struct ingest_live_health h = { .source = str_of(file->path), .code = STEPS[step].code };

        h.reason = STEPS[step].reason;
        h.remedy = STEPS[step].remedy;
        ingest_live_health(f->live, &h);
    }
}

static void tell_unreadable(struct ingest_follow *f, const struct followed *file)
{
    struct ingest_live_health h = { .source = str_of(file->path), .code = S("FILE_DENIED") };

    h.reason = S("The log file cannot be opened, so nothing of it is seen.");
    h.remedy = S("Run Vedette as root, or let its user read the file (group adm on Debian).");
    log_warn(EV_INGEST_SOURCE, F_CSTR("source", file->path), F_CSTR("what", "cannot be opened"));
    ingest_live_health(f->live, &h);
}

static uint64_t count_lines(str text)
{
    uint64_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* --- the thread --- */

/* True when something was read. */
static bool follow_file(struct ingest_follow *f, struct followed *file)
{
    AUTO_STRBUF           cursor = STRBUF_INIT(256);
    struct ingest_origin  from = { .source = str_of(file->path), .facility = file->facility };
    enum ingest_tail_step step;
    struct err            err;
    str                   text;

    if (ingest_tail_next(&file->tail, &f->buf, &step, &text, &err) != RC_OK) {
        log_warn(EV_INGEST_SOURCE, F_CSTR("source", file->path), F_ERR(&err));
        return false;
    }
    tell(f, file, step);
    if (step == INGEST_TAIL_IDLE)
        return false;
    ingest_tail_cursor(&file->tail, &cursor);
    ingest_live_text(f->live, &from, text, file->name, strbuf_view(&cursor), true);
    ingest_stats_add(f->core->stats, INGEST_STATS_FILE_LINES, count_lines(text));
    return true;
}

static void *run(void *arg)
{
    struct ingest_follow *f = arg;

    while (!ingest_core_stopping(f->core)) {
        bool busy = false;

        for (size_t i = 0; i < f->n; i++)
            busy |= follow_file(f, &f->files[i]);
        if (!busy)
            usleep(POLL_MS * 1000);
    }
    return NULL;
}

/* --- life --- */

static void add_file(struct ingest_follow *f, struct ingest_spool *spool, const char *folder, str name)
{
    struct followed *file = &f->files[f->n++];
    AUTO(arena) a = arena_new(64 << 10);
    AUTO_STRBUF           key = STRBUF_INIT(PATH_SIZE + 8), cursor = STRBUF_INIT(256);
    enum ingest_tail_step step;
    str                   known;

    snprintf(file->path, sizeof file->path, "%s/" STR_FMT, folder, STR_ARG(name));
    strbuf_addf(&key, "file:%s", file->path);
    file->name = (str) { mem_strdup(strbuf_view(&key)), key.n };
    file->facility = ingest_syslog_file_facility(name);
    known = ingest_spool_cursor(spool, file->name, a);
    ingest_tail_open(&file->tail, file->path, known, ingest_spool_is_new(spool), &step);
    tell(f, file, step);
    if (file->tail.fd < 0 && access(file->path, F_OK) == 0)
        tell_unreadable(f, file);
    /* The place is kept at once: lines that come before the first stop are then never passed over. */
    if (known.n == 0 && file->tail.fd >= 0) {
        ingest_tail_cursor(&file->tail, &cursor);
        ingest_live_text(f->live, &(struct ingest_origin) { 0 }, STR_NONE, file->name, strbuf_view(&cursor),
                         true);
    }
}

enum rc ingest_follow_start(struct ingest_core *core, struct ingest_live *live, struct ingest_spool *spool,
                            const struct ingest_follow_opts *opts, struct ingest_follow **out,
                            struct err *err)
{
    AUTO(ingest_follow) f = MEM_NEW(struct ingest_follow);

    f->core = core;
    f->live = live;
    strbuf_init(&f->buf, 2 * INGEST_TAIL_PIECE);
    for (const struct ingest_follow_file *file = INGEST_FOLLOW_FILES; file->name.n; file++) {
        if (!(file->in_journal && opts->skip_journal))
            add_file(f, spool, opts->folder, file->name);
    }
    f->runs = pthread_create(&f->thread, NULL, run, f) == 0;
    if (!f->runs)
        return err_set(err, RC_INTERNAL, "no thread could be started to follow files");
    *out = TAKE(f);
    return RC_OK;
}

struct ingest_follow *ingest_follow_stop(struct ingest_follow *f)
{
    if (!f)
        return NULL;
    if (f->runs)
        pthread_join(f->thread, NULL);
    for (size_t i = 0; i < f->n; i++) {
        ingest_tail_close(&f->files[i].tail);
        mem_free((void *)f->files[i].name.p);
    }
    strbuf_done(&f->buf);
    return mem_free(f);
}
