/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_registry.h"

#include "api/api_route.h"

static void dump_one(struct json_w *w, const struct api_route *r)
{
    json_w_object(w);
    json_w_kstr(w, S("method"), str_of(r->method));
    json_w_kstr(w, S("path"), str_of(r->path));
    json_w_kstr(w, S("doc"), str_of(r->doc));
    json_w_kstr(w, S("example"), str_of(r->example));
    json_w_kbool(w, S("open"), r->flags & API_OPEN);
    if (r->action)
        json_w_kstr(w, S("permission"), str_of(r->action));
    if (r->version)
        json_w_kstr(w, S("oldestApiVersion"), str_of(r->version));
    json_w_ki64(w, S("maxBodyBytes"), r->max_body);
    json_w_key(w, S("successCodes"));
    json_w_array(w);
    for (size_t i = 0; i < API_ROUTE_MAX_CODES && (r->codes[i] || i == 0); i++)
        json_w_i64(w, r->codes[i] ? r->codes[i] : 200);
    json_w_end(w);
    json_w_end(w);
}

void api_registry_write(struct json_w *w)
{
    json_w_array(w);
    for (const struct api_route *r = API_ROUTES; r->method; r++)
        dump_one(w, r);
    json_w_end(w);
}
