/* SPDX-License-Identifier: Apache-2.0 */
/* Paths, api-versions and timespans as strangers send them. */
#include <assert.h>

#include "api/api_route.h"
#include "api/api_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    AUTO(arena) a = arena_new(4 << 20);
    str                    text = str_make((const char *)data, n);
    struct api_route_match m;
    struct query_request   request = { 0 };

    if (api_route_find(API_ROUTES, S("GET"), text, a, &m))
        for (size_t i = 0; i < m.n_params; i++)
            assert(m.params[i].value.n > 0);
    if (api_route_version_ok(text, NULL))
        assert(n >= 10 && n <= 18);
    if (api_run_timespan(text, SECONDS(1000000), &request, NULL) == RC_OK && request.has_time)
        assert(request.time_from >= TS_MIN && request.time_to <= TS_MAX);
    return 0;
}
