/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_journal.h"

#include <pthread.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/ingest_syslog.h"

enum { WAIT_US = 200000, BURST = 500, TEXT_FULL = 512 << 10, VALUE_MAX = 64 << 10 };

#define CURSOR_OF S("journal:system")

struct ingest_journal {
    struct ingest_core *core;
    struct ingest_live *live;
    pthread_t           thread;
    bool                runs, from_end;
    char               *cursor; /* where to go on; NULL: nowhere yet */
    sd_journal         *journal;
    struct strbuf       text;
};

/* A folder alone says nothing: images without systemd carry it empty. */
bool ingest_journal_is_there(void)
{
    sd_journal *j = NULL;
    bool        has_files;

    if (access("/run/systemd/journal/socket", F_OK) != 0 || sd_journal_open(&j, SD_JOURNAL_LOCAL_ONLY) < 0)
        return false;
    has_files = sd_journal_has_runtime_files(j) > 0 || sd_journal_has_persistent_files(j) > 0;
    sd_journal_close(j);
    return has_files;
}

/* --- one entry --- */

static str field(sd_journal *j, const char *name)
{
    const void *data;
    size_t      n, skip = strlen(name) + 1;

    if (sd_journal_get_data(j, name, &data, &n) < 0 || n < skip)
        return STR_NONE;
    return str_slice(str_make((const char *)data + skip, n - skip), 0, VALUE_MAX);
}

static void put(struct json_w *w, str key, str value)
{
    if (value.n)
        json_w_kstr(w, key, value);
}

static int number(str s, int fallback)
{
    int64_t n;

    return str_to_i64(s, &n) && n >= 0 && n < 1000000000 ? (int)n : fallback;
}

static ts entry_time(struct ingest_journal *j)
{
    uint64_t micros;

    return sd_journal_get_realtime_usec(j->journal, &micros) < 0 ? env_now(j->core->env) : (ts)micros * 10;
}

/* sd_journal's data is good until the next call for the same journal: each field is printed at once. */
static void print_entry(struct ingest_journal *j)
{
    struct json_w w = json_w_make(&j->text);
    char          buf[TS_TEXT_SIZE];
    str           host, name, pid;

    json_w_object(&w);
    json_w_kstr(&w, S("Type"), S("Syslog"));
    json_w_kstr(&w, S("TimeGenerated"), ts_text(entry_time(j), buf));
    json_w_kstr(&w, S("EventTime"), ts_text(entry_time(j), buf));
    host = field(j->journal, "_HOSTNAME");
    host = host.n ? host : j->core->host;
    json_w_kstr(&w, S("Computer"), host);
    json_w_kstr(&w, S("HostName"), host);
    put(&w, S("Facility"), ingest_syslog_facility(number(field(j->journal, "SYSLOG_FACILITY"), 3)));
    put(&w, S("SeverityLevel"), ingest_syslog_severity(number(field(j->journal, "PRIORITY"), 6)));
    name = field(j->journal, "SYSLOG_IDENTIFIER");
    put(&w, S("ProcessName"), name.n ? name : field(j->journal, "_COMM"));
    pid = field(j->journal, "_PID");
    if (number(pid, -1) >= 0)
        json_w_ki64(&w, S("ProcessID"), number(pid, -1));
    put(&w, S("SyslogMessage"), field(j->journal, "MESSAGE"));
    put(&w, S("Unit"), field(j->journal, "_SYSTEMD_UNIT"));
    json_w_kstr(&w, S("SourceSystem"), S("Linux"));
    json_w_end(&w);
    strbuf_addc(&j->text, '\n');
}

/* --- the thread --- */

/* The part `key` of a cursor "s=…;i=…;b=…;m=…;t=…;x=…". */
static str cursor_part(str cursor, char key)
{
    str rest = cursor, part;

    while (str_split(&rest, ';', &part))
        if (part.n > 2 && part.p[0] == key && part.p[1] == '=')
            return part;
    return STR_NONE;
}

/* Whether the journal stands at the entry of the cursor. journald numbers entries anew (s, i) when it moves
 * them from /run to /var, so an entry is known by its boot, its times and its hash. */
static bool is_at(sd_journal *journal, const char *cursor)
{
    char *now = NULL;
    bool  same = sd_journal_get_cursor(journal, &now) >= 0;

    for (const char *key = "bmtx"; same && *key; key++)
        same = str_eq(cursor_part(str_of(now), *key), cursor_part(str_of(cursor), *key));
    free(now);
    return same;
}

static enum rc open_journal(struct ingest_journal *j, struct err *err)
{
    int failed = sd_journal_open(&j->journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);

    if (failed < 0)
        return err_errno(err, RC_IO, -failed, "the journal");
    if (j->cursor) {
        if (sd_journal_seek_cursor(j->journal, j->cursor) >= 0 && sd_journal_next(j->journal) > 0 &&
            !is_at(j->journal, j->cursor))
            sd_journal_previous(j->journal); /* the entry of the cursor is gone: what is behind it is new */
    } else if (j->from_end) {
        sd_journal_seek_tail(j->journal);
        sd_journal_previous(j->journal);
    } else {
        sd_journal_seek_head(j->journal);
    }
    return RC_OK;
}

static void hand_on(struct ingest_journal *j, uint64_t entries)
{
    struct ingest_origin from = { .source = S("journal"), .rows = true };
    char                *cursor = NULL;

    if (sd_journal_get_cursor(j->journal, &cursor) >= 0 &&
        ingest_live_text(j->live, &from, strbuf_view(&j->text), CURSOR_OF, str_of(cursor), true))
        ingest_stats_add(j->core->stats, INGEST_STATS_JOURNAL_ENTRIES, entries);
    free(cursor);
    strbuf_clear(&j->text);
}

static void *run(void *arg)
{
    struct ingest_journal *j = arg;

    while (!ingest_core_stopping(j->core)) {
        uint64_t entries = 0;

        while (entries < BURST && j->text.n < TEXT_FULL && sd_journal_next(j->journal) > 0) {
            print_entry(j);
            entries++;
        }
        if (entries)
            hand_on(j, entries);
        else
            sd_journal_wait(j->journal, WAIT_US);
    }
    return NULL;
}

/* --- life --- */

enum rc ingest_journal_start(struct ingest_core *core, struct ingest_live *live, struct ingest_spool *spool,
                             struct ingest_journal **out, struct err *err)
{
    AUTO(ingest_journal) j = MEM_NEW(struct ingest_journal);
    AUTO(arena) a = arena_new(64 << 10);
    str known = ingest_spool_cursor(spool, CURSOR_OF, a);

    j->core = core;
    j->live = live;
    j->from_end = ingest_spool_is_new(spool);
    j->cursor = known.n ? mem_strdup(known) : NULL;
    strbuf_init(&j->text, 8 << 20);
    TRY(open_journal(j, err));
    j->runs = pthread_create(&j->thread, NULL, run, j) == 0;
    if (!j->runs)
        return err_set(err, RC_INTERNAL, "no thread could be started to follow the journal");
    *out = TAKE(j);
    return RC_OK;
}

struct ingest_journal *ingest_journal_stop(struct ingest_journal *j)
{
    if (!j)
        return NULL;
    if (j->runs)
        pthread_join(j->thread, NULL);
    if (j->journal)
        sd_journal_close(j->journal);
    mem_free(j->cursor);
    strbuf_done(&j->text);
    return mem_free(j);
}
