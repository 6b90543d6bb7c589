/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_upload.h"

#include "api/api_priv.h"
#include "base/mem.h"
#include "http/http_exchange.h"

enum { MAX_REPLY = 1 << 20, MAX_HEADERS = 4 };

struct api_upload {
    struct http_exchange *exchange;
};

/* The intake's own route for what was asked here, with its parameters. */
static void write_target(struct api_call *c, struct strbuf *target)
{
    str rule = api_route_param(&c->match, "rule");

    if (rule.p) {
        strbuf_addz(target, "/ingest/dcr");
        http_url_add(target, S("rule"), rule);
        http_url_add(target, S("stream"), api_call_param(c, "stream"));
        return;
    }
    strbuf_addz(target, "/ingest/import");
    http_url_add(target, S("source"), http_req_param(c->req, S("source")));
    str token = http_req_param(c->req, S("token"));
    if (token.n)
        http_url_add(target, S("token"), token);
}

static size_t passed_headers(const struct api_call *c, struct http_pair out[MAX_HEADERS])
{
    static const str names[MAX_HEADERS] = { STR_INIT("x-ms-client-request-id"), STR_INIT("Content-Encoding"),
                                            STR_INIT("Content-Type"), STR_INIT("Retry-Attempt") };
    size_t           n = 0;

    for (size_t i = 0; i < MAX_HEADERS; i++) {
        str value = http_req_header(c->req, names[i]);
        if (value.n)
            out[n++] = (struct http_pair) { names[i], value };
    }
    return n;
}

static enum rc open_exchange(struct api_call *c, struct err *err)
{
    struct http_pair headers[MAX_HEADERS];
    AUTO_STRBUF      target = STRBUF_INIT(8192);
    size_t           n = passed_headers(c, headers);

    write_target(c, &target);
    TRY(strbuf_ok(&target, "the address", err));
    if (!c->upload)
        c->upload = MEM_NEW(struct api_upload);
    const struct http_call call = { .method = S("POST"),
                                    .target = strbuf_view(&target),
                                    .headers = { headers, n },
                                    .has_body = true,
                                    .idle = MINUTES(5) };
    enum rc                rc = http_exchange_open(c->api->opts.intake, &call, &c->upload->exchange, err);
    return rc == RC_UNAVAILABLE ? err_set(err, rc, "The intake is not running just now: send it again.") : rc;
}

enum rc api_upload_piece(void *call, struct http_req *req, str piece, struct err *err)
{
    struct api_call *c = call;

    (void)req;
    if (!c->upload)
        TRY(open_exchange(c, err));
    return http_exchange_write(c->upload->exchange, piece, err);
}

static enum rc read_reply(struct http_exchange *x, struct strbuf *out, struct err *err)
{
    for (;;) {
        size_t n;
        char  *room = strbuf_room(out, 16 * 1024);
        if (!room)
            return err_set(err, RC_LIMIT, "the intake's answer is over %d bytes", MAX_REPLY);
        TRY(http_exchange_read(x, room, 16 * 1024, &n, err));
        if (!n)
            return RC_OK;
        strbuf_added(out, n);
    }
}

enum rc api_upload_finish(struct api_call *c, struct err *err)
{
    struct http_reply head;
    AUTO_STRBUF       body = STRBUF_INIT(MAX_REPLY);

    if (c->failed && c->failed->rc != RC_OK)
        return err_set(err, c->failed->rc, "%s", c->failed->text);
    if (!c->upload)
        TRY(open_exchange(c, err)); /* an empty body: the intake says what it makes of it */
    TRY(http_exchange_finish(c->upload->exchange, &head, err));
    TRY(read_reply(c->upload->exchange, &body, err));
    str retry = http_reply_header(&head, S("Retry-After"));
    if (retry.n && (head.status == 429 || head.status == 503))
        http_res_header(c->res, S("Retry-After"), retry);
    http_res_body(c->res, head.status, head.status == 204 ? STR_NONE : S("application/json; charset=utf-8"),
                  arena_str(c->arena, strbuf_view(&body)));
    return RC_OK;
}

void api_upload_end(struct api_call *c)
{
    if (!c->upload)
        return;
    http_exchange_free(c->upload->exchange);
    c->upload = mem_free(c->upload);
}
