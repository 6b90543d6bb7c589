/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_by: who asks for a change, why, and under which request id. Threads: as the call. */
#ifndef API_API_BY_H
#define API_API_BY_H

#include "api/api_call.h"
#include "incident/incident.h"

/* The reason is `properties.reason` of the body or `reason` of the query; it goes into the history. */
struct incident_by api_by_of(const struct api_call *c);

#endif
