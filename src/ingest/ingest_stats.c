/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_stats.h"

#include <pthread.h>

#include "base/map.h"
#include "base/mem.h"

const struct ingest_stats_doc INGEST_STATS_DOCS[INGEST_STATS_COUNT_] = {
    [INGEST_STATS_RECORDS] = { STR_INIT("records"), STR_INIT("Records decoded, of all sources.") },
    [INGEST_STATS_REFUSED] = { STR_INIT("refused"),
                               STR_INIT("Records refused; they stand in IngestErrors.") },
    [INGEST_STATS_BYTES] = { STR_INIT("bytes"), STR_INIT("Bytes of requests taken in, unpacked.") },
    [INGEST_STATS_REQUESTS] = { STR_INIT("requests"), STR_INIT("Requests of ingestion answered.") },
    [INGEST_STATS_DUPLICATES] = { STR_INIT("duplicate_requests"),
                                  STR_INIT("Requests that repeated one that was stored already.") },
    [INGEST_STATS_TURNED_AWAY] = { STR_INIT("turned_away"),
                                   STR_INIT("Requests answered 429 or 503: the sender was told to wait.") },
    [INGEST_STATS_BATCHES] = { STR_INIT("batches"), STR_INIT("Batches committed by the engine.") },
    [INGEST_STATS_BATCH_RETRIES] = { STR_INIT("batch_retries"),
                                     STR_INIT("Batches that had to be sent again.") },
    [INGEST_STATS_SYSLOG_MESSAGES] = { STR_INIT("syslog_messages"), STR_INIT("Syslog messages received.") },
    [INGEST_STATS_SYSLOG_LOST] = { STR_INIT("syslog_lost"),
                                   STR_INIT("Syslog messages that the kernel or a full queue dropped.") },
    [INGEST_STATS_PROCESS_STARTS] = { STR_INIT("process_starts"), STR_INIT("Process starts seen.") },
    [INGEST_STATS_PROCESS_LOST] = { STR_INIT("process_lost"), STR_INIT("Process starts missed: ended before "
                                                                       "they could be read, or dropped.") },
    [INGEST_STATS_FILE_LINES] = { STR_INIT("file_lines"), STR_INIT("Lines read from log files.") },
    [INGEST_STATS_JOURNAL_ENTRIES] = { STR_INIT("journal_entries"),
                                       STR_INIT("Entries read from the journal.") },
};

struct table_stats {
    uint64_t rows, batches;
    duration took;
};

struct ingest_stats {
    pthread_mutex_t lock;
    uint64_t        counters[INGEST_STATS_COUNT_];
    struct map     *tables; /* of struct table_stats */
    uint64_t        spool_files, spool_bytes;
    bool            engine;
};

struct ingest_stats *ingest_stats_new(void)
{
    struct ingest_stats *s = MEM_NEW(struct ingest_stats);

    pthread_mutex_init(&s->lock, NULL);
    s->tables = map_new(MAP_CASE);
    return s;
}

struct ingest_stats *ingest_stats_free(struct ingest_stats *s)
{
    struct map_iter it = { 0 };

    if (!s)
        return NULL;
    while (map_next(s->tables, &it))
        mem_free(it.value);
    map_free(s->tables);
    pthread_mutex_destroy(&s->lock);
    return mem_free(s);
}

void ingest_stats_add(struct ingest_stats *s, enum ingest_stats_counter c, uint64_t n)
{
    pthread_mutex_lock(&s->lock);
    s->counters[c] += n;
    pthread_mutex_unlock(&s->lock);
}

uint64_t ingest_stats_get(struct ingest_stats *s, enum ingest_stats_counter c)
{
    uint64_t n;

    pthread_mutex_lock(&s->lock);
    n = s->counters[c];
    pthread_mutex_unlock(&s->lock);
    return n;
}

void ingest_stats_rows(struct ingest_stats *s, str table, uint64_t n, duration took)
{
    struct table_stats *t;

    pthread_mutex_lock(&s->lock);
    t = map_find(s->tables, table);
    if (!t) {
        t = MEM_NEW(struct table_stats);
        map_put(s->tables, table, t);
    }
    t->rows += n;
    t->batches++;
    t->took += took;
    s->counters[INGEST_STATS_BATCHES]++;
    s->engine = true;
    pthread_mutex_unlock(&s->lock);
}

void ingest_stats_spool(struct ingest_stats *s, uint64_t files, uint64_t bytes)
{
    pthread_mutex_lock(&s->lock);
    s->spool_files = files;
    s->spool_bytes = bytes;
    pthread_mutex_unlock(&s->lock);
}

void ingest_stats_engine(struct ingest_stats *s, bool answers)
{
    pthread_mutex_lock(&s->lock);
    s->engine = answers;
    pthread_mutex_unlock(&s->lock);
}

bool ingest_stats_engine_answers(struct ingest_stats *s)
{
    bool answers;

    pthread_mutex_lock(&s->lock);
    answers = s->engine;
    pthread_mutex_unlock(&s->lock);
    return answers;
}

static void print_gauge(struct strbuf *out, const char *name, const char *doc, uint64_t value)
{
    strbuf_addf(out, "# HELP vedette_ingest_%s %s\n# TYPE vedette_ingest_%s gauge\nvedette_ingest_%s %llu\n",
                name, doc, name, name, (unsigned long long)value);
}

void ingest_stats_print(struct ingest_stats *s, struct strbuf *out)
{
    struct map_iter it = { 0 };

    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < INGEST_STATS_COUNT_; i++) {
        str name = INGEST_STATS_DOCS[i].name;

        strbuf_addf(out, "# HELP vedette_ingest_" STR_FMT "_total " STR_FMT "\n", STR_ARG(name),
                    STR_ARG(INGEST_STATS_DOCS[i].doc));
        strbuf_addf(
            out, "# TYPE vedette_ingest_" STR_FMT "_total counter\nvedette_ingest_" STR_FMT "_total %llu\n",
            STR_ARG(name), STR_ARG(name), (unsigned long long)s->counters[i]);
    }
    strbuf_addz(out, "# HELP vedette_ingest_rows_total Rows committed, by table.\n"
                     "# TYPE vedette_ingest_rows_total counter\n");
    while (map_next(s->tables, &it)) {
        const struct table_stats *t = it.value;

        strbuf_addf(out, "vedette_ingest_rows_total{table=\"" STR_FMT "\"} %llu\n", STR_ARG(it.key),
                    (unsigned long long)t->rows);
    }
    print_gauge(out, "spool_files", "Units of live sources waiting on disk for the engine.", s->spool_files);
    print_gauge(out, "spool_bytes", "Bytes of them.", s->spool_bytes);
    print_gauge(out, "engine_up", "1 while the engine takes batches.", s->engine);
    pthread_mutex_unlock(&s->lock);
}
