/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_flight: which batches are on their way to the engine, and so how far schedules may read.
 *
 * A batch takes its ingestion time when it takes off and keeps it until it has landed or is known never to.
 * Below the watermark no row can appear any more. Threads: safe. */
#ifndef INGEST_INGEST_FLIGHT_H
#define INGEST_INGEST_FLIGHT_H

#include "base/auto.h"
#include "base/env.h"

#define INGEST_FLIGHT_LATE SECONDS(30)

struct ingest_flight;

struct ingest_flight *ingest_flight_new(const struct env *env);
struct ingest_flight *ingest_flight_free(struct ingest_flight *f);
DEFINE_AUTO(ingest_flight, ingest_flight_free)

/* The ingestion time of the batch; no two batches share one. */
ts   ingest_flight_start(struct ingest_flight *f);
void ingest_flight_end(struct ingest_flight *f, ts started);
/* It was given up without an answer and may land all the same: the watermark stays for INGEST_FLIGHT_LATE. */
void ingest_flight_lose(struct ingest_flight *f, ts started);

/* As if a batch that took off at `at` had been lost, for a while: an earlier life of this process may have
 * sent one that lands only now. */
void ingest_flight_hold(struct ingest_flight *f, ts at, duration how_long);

/* The earliest batch under way, or now. Never goes back, but for ingest_flight_hold. */
ts ingest_flight_watermark(struct ingest_flight *f);

#endif
