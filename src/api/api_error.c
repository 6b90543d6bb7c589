/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_error.h"

static const char *const CODES[RC_COUNT_] = {
    [RC_INVALID] = "BadRequest",
    [RC_SYNTAX] = "BadRequest",
    [RC_UNSUPPORTED] = "BadRequest",
    [RC_UNAUTHENTICATED] = "AuthenticationFailed",
    [RC_FORBIDDEN] = "AuthorizationFailed",
    [RC_NOT_FOUND] = "ResourceNotFound",
    [RC_CONFLICT] = "Conflict",
    [RC_STALE] = "PreconditionFailed",
    [RC_LIMIT] = "RequestEntityTooLarge",
    [RC_BUSY] = "TooManyRequests",
    [RC_CANCELLED] = "OperationCancelled",
    [RC_INTERNAL] = "InternalServerError",
    [RC_IO] = "InternalServerError",
    [RC_FULL] = "InsufficientStorage",
    [RC_CORRUPT] = "InternalServerError",
    [RC_UNAVAILABLE] = "ServiceUnavailable",
    [RC_TIMEOUT] = "GatewayTimeout",
};

int api_error_status(const struct api_call *c, const struct err *why)
{
    return c->status ? c->status : err_http_status(why->rc);
}

const char *api_error_code(const struct api_call *c, const struct err *why)
{
    if (c->code)
        return c->code;
    return CODES[why->rc] ? CODES[why->rc] : "InternalServerError";
}

static void retry_after(struct api_call *c, int status)
{
    if ((status == 429 || status == 503) && !c->retry_after)
        c->retry_after = 1;
    if (c->retry_after)
        http_res_headerf(c->res, "Retry-After", "%d", c->retry_after);
}

/* What tells clients where to sign in. No browser opens a window for it. */
static void challenge(struct api_call *c)
{
    http_res_headerf(c->res, "WWW-Authenticate",
                     "Bearer authorization_uri=\"" STR_FMT "/adfs\", error=\"invalid_token\"",
                     STR_ARG(c->origin));
}

static void write_info(struct json_w *w, const struct api_call *c)
{
    json_w_key(w, S("additionalInfo"));
    json_w_array(w);
    json_w_object(w);
    json_w_kstr(w, S("type"), c->info_type);
    json_w_key(w, S("info"));
    json_w_raw(w, c->info);
    json_w_end(w);
    json_w_end(w);
}

void api_error_answer(struct api_call *c, const struct err *why)
{
    int           status = api_error_status(c, why);
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("error"));
    json_w_object(&w);
    json_w_kstr(&w, S("code"), str_of(api_error_code(c, why)));
    json_w_kstr(&w, S("message"), str_of(why->text));
    if (c->target.n)
        json_w_kstr(&w, S("target"), c->target);
    if (c->info.n)
        write_info(&w, c);
    json_w_end(&w);
    json_w_end(&w);
    str body = c->error_raw.n ? c->error_raw : strbuf_view(&c->out);
    http_res_body(c->res, status, S("application/json; charset=utf-8"), arena_str(c->arena, body));
    if (status == 401)
        challenge(c);
    retry_after(c, status);
}
