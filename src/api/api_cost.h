/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_cost: counts requests by kind and status, and how long they took, for /metrics. Threads: safe. */
#ifndef API_API_COST_H
#define API_API_COST_H

#include "base/auto.h"
#include "base/strbuf.h"

enum api_cost_kind {
    API_COST_ARM,
    API_COST_QUERY,
    API_COST_INGEST,
    API_COST_SIGNIN,
    API_COST_PORTAL,
    API_COST_KIND_COUNT_
};

struct api_cost;

struct api_cost *api_cost_new(void);
struct api_cost *api_cost_free(struct api_cost *c);
DEFINE_AUTO(api_cost, api_cost_free)

void api_cost_add(struct api_cost *c, enum api_cost_kind kind, int status, int64_t took_ns, uint64_t bytes);
void api_cost_write(struct api_cost *c, struct strbuf *out); /* Prometheus text */

#endif
