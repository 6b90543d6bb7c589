/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_figures: what the log tables hold and how the parts of the server are, kept for a few seconds.
 *
 * Asked for by /health, /metrics, the overview and the list of tables, all at once if need be: one of them
 * asks the engine, the others take what is there. Threads: safe. */
#ifndef API_API_FIGURES_H
#define API_API_FIGURES_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/env.h"
#include "http/http_client.h"
#include "tables/tables.h"

struct api_figures;

struct api_figures_table {
    str      name;
    uint64_t rows_24h, rows_minute; /* by time of ingestion */
    ts       last_ingested;         /* 0: nothing in 24 h */
};

struct api_figures_all {
    const struct api_figures_table *tables; /* those with rows in 24 h, by name */
    size_t                          n_tables;
    uint64_t                        rows_24h, rows_minute;
    bool                            engine_ok, intake_ok;
    ts                              watermark; /* 0: the intake does not say */
};

struct api_figures *api_figures_new(struct tables *t, struct http_client *intake, const struct env *env);
struct api_figures *api_figures_free(struct api_figures *f);
DEFINE_AUTO(api_figures, api_figures_free)

/* Copies what is known into the arena; asks anew when it is older than 5 s. Never fails: what cannot be had
 * is zero, with engine_ok or intake_ok false. */
void api_figures_get(struct api_figures *f, struct arena *a, struct api_figures_all *out);
/* Is the engine there, and the intake? At most a second old. */
void api_figures_health(struct api_figures *f, bool *engine_ok, bool *intake_ok);

#endif
