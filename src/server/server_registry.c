/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_registry.h"

#include "access/access_role.h"
#include "api/api_registry.h"

enum { REGISTRY_MAX = 4 << 20 };

static void write_role(struct json_w *w, const struct access_role *r)
{
    json_w_object(w);
    json_w_kstr(w, S("name"), r->name);
    json_w_kstr(w, S("id"), r->id);
    json_w_kstr(w, S("doc"), r->doc);
    json_w_key(w, S("actions"));
    json_w_array(w);
    for (size_t i = 0; i < ACCESS_ROLE_MAX_ACTIONS && r->actions[i].n; i++)
        json_w_str(w, r->actions[i]);
    json_w_end(w);
    json_w_end(w);
}

enum rc server_registry_run(const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF   out = STRBUF_INIT(REGISTRY_MAX);
    struct json_w w = json_w_make(&out);

    (void)args;
    json_w_object(&w);
    json_w_key(&w, S("routes"));
    api_registry_write(&w);
    json_w_key(&w, S("roles"));
    json_w_array(&w);
    for (const struct access_role *r = ACCESS_ROLES; r->name.n; r++)
        write_role(&w, r);
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&out, "the registry", err));
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
    return RC_OK;
}
