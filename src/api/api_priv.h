/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_priv: what the handlers share. */
#ifndef API_API_PRIV_H
#define API_API_PRIV_H

#include "api/api.h"
#include "api/api_call.h"
#include "api/api_cost.h"
#include "api/api_repeat.h"
#include "http/http_sse.h"
#include "incident/incident_json.h"

struct api {
    struct api_opts            opts;
    struct arena              *arena;
    struct incident_json_scope incident_scope;
    struct http_sse           *events, *stream_events;
    struct hunt_rounds        *rounds;
    struct hunt_streams       *streams;
    uint64_t                   subscription; /* to the incident store's changes */
    struct api_repeat         *repeat;
    struct api_cost           *cost; /* counters, for /metrics */
    struct api_portal         *portal;
    struct api_figures        *figures;
    struct api_trail          *trail;
    ts                         started;
};

#endif
