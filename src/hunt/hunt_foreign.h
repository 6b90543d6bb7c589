/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_foreign: alerts of other products, received as rows of SecurityAlert, become alerts here.
 *
 * Rows are taken by ingestion time below the watermark, each once; a product's own id (VendorOriginalId)
 * stands for one alert however often it comes, and later rows bring it up to date. They become an incident
 * when an enabled rule of the kind MicrosoftSecurityIncidentCreation wants them to: by product, severity,
 * words that the name holds or must not hold. Our own rows in that table are passed over. What was taken and
 * up to when is one transaction a row and a setting after all of them: a kill repeats rows, and repeating
 * changes nothing.
 *
 * Threads: one of its own. */
#ifndef HUNT_HUNT_FOREIGN_H
#define HUNT_HUNT_FOREIGN_H

#include "hunt/hunt.h"

struct hunt_foreign;

struct hunt_foreign_opts {
    struct hunt *hunt;         /* borrowed */
    str          subscription; /* ours: of our own rows */
    enum rc (*watermark)(void *ctx, ts *out, struct err *err);
    void *watermark_ctx;
    /* Rows have been added to the table when this changes; 0: it has none. The engine is asked only then. */
    uint64_t (*mark)(void *ctx, str table);
    void    *mark_ctx;
    duration poll; /* 0: 5 s */
};

must_check enum rc   hunt_foreign_open(const struct hunt_foreign_opts *opts, struct hunt_foreign **out,
                                       struct err *err);
struct hunt_foreign *hunt_foreign_close(struct hunt_foreign *f);

#endif
