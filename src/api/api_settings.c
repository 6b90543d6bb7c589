/* SPDX-License-Identifier: Apache-2.0 */
/* What one's portal remembers, wherever one signs in. */
#include "api/api_by.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "hunt/hunt_setting.h"

static enum rc answer(struct api_call *c, const struct hunt_setting *s, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_kstr(&w, S("id"), s->name);
    json_w_kstr(&w, S("etag"), s->etag);
    json_w_ktime(&w, S("modified"), s->modified);
    json_w_key(&w, S("properties"));
    if (s->properties) {
        json_w_tree(&w, s->properties);
    } else {
        json_w_object(&w);
        json_w_end(&w);
    }
    json_w_end(&w);
    api_call_etag(c, s->etag);
    return api_call_done(c, 200, err);
}

enum rc api_settings_get(struct api_call *c, struct err *err)
{
    struct hunt_setting s;

    TRY(hunt_setting_get(c->api->opts.hunt, c->who.id, api_call_param(c, "setting"), c->arena, &s, err));
    return answer(c, &s, err);
}

enum rc api_settings_put(struct api_call *c, struct err *err)
{
    const struct json  *body;
    struct hunt_setting s;

    TRY(api_call_object(c, &body, err));
    const struct hunt_setting_put put = { .name = api_call_param(c, "setting"),
                                          .properties = json_get(body, S("properties")),
                                          .if_match = api_call_if_match(c),
                                          .by = api_by_of(c) };
    TRY(hunt_setting_put(c->api->opts.hunt, &put, c->arena, &s, err));
    return answer(c, &s, err);
}

enum rc api_settings_delete(struct api_call *c, struct err *err)
{
    return api_call_deleted(c, hunt_setting_delete(c->api->opts.hunt, c->who.id, api_call_param(c, "setting"),
                                                   api_call_if_match(c), err));
}
