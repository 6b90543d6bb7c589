/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_watermark.h"

#include "base/json.h"
#include "http/http_client.h"

enum { ANSWER_MAX = 1 << 16 };

enum rc server_watermark(void *intake, ts *out, struct err *err)
{
    AUTO(arena) a = arena_new(ANSWER_MAX * 4);
    struct http_reply  reply;
    const struct json *answer;
    struct http_call   call = { .target = S("/watermark"), .wait = SECONDS(5), .max_reply = ANSWER_MAX };

    TRY(http_client_call(intake, &call, a, &reply, err));
    if (reply.status != 200)
        return err_set(err, RC_UNAVAILABLE, "the intake answered %d when asked for its watermark",
                       reply.status);
    TRY(json_parse(a, reply.body, &answer, err));
    if (!ts_parse(json_str(answer, S("watermark"), STR_NONE), out))
        return err_set(err, RC_UNAVAILABLE, "the intake did not tell its watermark");
    return RC_OK;
}
