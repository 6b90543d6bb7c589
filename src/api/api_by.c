/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_by.h"

struct incident_by api_by_of(const struct api_call *c)
{
    str reason = json_str(json_get(c->json, S("properties")), S("reason"), api_call_query(c, "reason"));

    return (struct incident_by) {
        .who = { .object_id = c->who.id,
                 .name = c->who.name,
                 .upn = c->who.name,
                 .type = c->who.kind == ACCESS_USER ? S("User") : S("") },
        .why = str_trim(reason),
        .request = http_req_header(c->req, S("x-ms-client-request-id")),
    };
}
