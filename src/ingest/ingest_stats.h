/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_stats: what the process has done so far, for /metrics, /health and the Health table.
 *
 * Threads: safe. */
#ifndef INGEST_INGEST_STATS_H
#define INGEST_INGEST_STATS_H

#include "base/auto.h"
#include "base/strbuf.h"
#include "base/ts.h"

/* Counters; INGEST_STATS_DOCS says what each means. */
enum ingest_stats_counter {
    INGEST_STATS_RECORDS,
    INGEST_STATS_REFUSED,
    INGEST_STATS_BYTES,
    INGEST_STATS_REQUESTS,
    INGEST_STATS_DUPLICATES,
    INGEST_STATS_TURNED_AWAY,
    INGEST_STATS_BATCHES,
    INGEST_STATS_BATCH_RETRIES,
    INGEST_STATS_SYSLOG_MESSAGES,
    INGEST_STATS_SYSLOG_LOST,
    INGEST_STATS_PROCESS_STARTS,
    INGEST_STATS_PROCESS_LOST,
    INGEST_STATS_FILE_LINES,
    INGEST_STATS_JOURNAL_ENTRIES,
    INGEST_STATS_COUNT_
};

struct ingest_stats_doc {
    str name, doc;
};

extern const struct ingest_stats_doc INGEST_STATS_DOCS[INGEST_STATS_COUNT_];

struct ingest_stats;

struct ingest_stats *ingest_stats_new(void);
struct ingest_stats *ingest_stats_free(struct ingest_stats *s);
DEFINE_AUTO(ingest_stats, ingest_stats_free)

void     ingest_stats_add(struct ingest_stats *s, enum ingest_stats_counter c, uint64_t n);
uint64_t ingest_stats_get(struct ingest_stats *s, enum ingest_stats_counter c);
void     ingest_stats_rows(struct ingest_stats *s, str table, uint64_t n, duration took);

/* The state of the spool, when it changes. */
void ingest_stats_spool(struct ingest_stats *s, uint64_t files, uint64_t bytes);
void ingest_stats_engine(struct ingest_stats *s, bool answers);
bool ingest_stats_engine_answers(struct ingest_stats *s);

/* Prometheus' text format. */
void ingest_stats_print(struct ingest_stats *s, struct strbuf *out);

#endif
