/* SPDX-License-Identifier: Apache-2.0 */
/* Mail: how it stands, and a trial. */
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "notify/notify.h"

enum rc api_mail_status(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);

    TRY(notify_status(c->api->opts.notify, c->arena, &w, err));
    return api_call_done(c, 200, err);
}

enum rc api_mail_try(struct api_call *c, struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    TRY(notify_try(c->api->opts.notify, json_str(json_get(body, S("properties")), S("to"), S("")), err));
    api_call_empty(c, 202);
    return RC_OK;
}
