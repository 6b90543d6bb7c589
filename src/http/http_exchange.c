/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_exchange.h"

#include "base/env.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "http/http_channel_priv.h"

enum {
    DOWN_BUFFER = 512 << 10, /* bytes that wait to be read before the transfer is held */
    DOWN_MAX = DOWN_BUFFER + (1 << 20),
    MAX_HEAD = 1 << 20,
    WAIT_MS = 100,
    NS_PER_TICK = 100,
};

struct http_exchange {
    struct http_client  *client;
    struct http_channel *channel;
    struct http_call     call;
    struct arena        *arena;
    struct curl_slist   *headers;
    VEC(struct http_pair) reply_headers;
    int64_t deadline, last_byte; /* ns; deadline 0: none */

    str  up; /* what curl may still take of the piece that is being written */
    bool up_ended, up_held;

    struct strbuf down;
    size_t        down_read; /* of `down` */
    bool          down_open; /* finish has been called */
    bool          down_held;

    bool     head_done, done;
    CURLcode result;
    char     reason[CURL_ERROR_SIZE];
};

static int64_t now_ns(void)
{
    return env_monotonic_ns(env_real());
}

/* --- what curl calls --- */

static size_t on_read(char *buf, size_t size, size_t n, void *ctx)
{
    struct http_exchange *x = ctx;
    size_t                max = size * n, take = x->up.n < max ? x->up.n : max;

    if (take == 0 && !x->up_ended) {
        x->up_held = true;
        return CURL_READFUNC_PAUSE;
    }
    if (take)
        memcpy(buf, x->up.p, take);
    x->up = str_from(x->up, take);
    x->last_byte = now_ns();
    return take;
}

static size_t on_write(char *data, size_t size, size_t n, void *ctx)
{
    struct http_exchange *x = ctx;

    x->head_done = true;
    if (!x->down_open || x->down.n - x->down_read >= DOWN_BUFFER) {
        x->down_held = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (x->down_read) {
        memmove(x->down.p, x->down.p + x->down_read, x->down.n - x->down_read);
        strbuf_truncate(&x->down, x->down.n - x->down_read);
        x->down_read = 0;
    }
    strbuf_add(&x->down, str_make(data, size * n));
    x->last_byte = now_ns();
    return x->down.overflow ? 0 : size * n;
}

static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
    struct http_exchange *x = ctx;
    str                   line = str_trim(str_make(data, size * n));
    size_t                colon = str_find_byte(line, ':');

    x->last_byte = now_ns();
    if (str_starts(line, S("HTTP/"))) { /* also behind a 100 Continue */
        vec_clear(&x->reply_headers);
    } else if (colon != STR_NPOS) {
        struct http_pair *h = vec_push_in(x->arena, &x->reply_headers);
        h->name = arena_str(x->arena, str_slice(line, 0, colon));
        h->value = arena_str(x->arena, str_trim(str_from(line, colon + 1)));
    }
    return arena_used(x->arena) > MAX_HEAD ? 0 : size * n;
}

/* --- driving the transfer --- */

static enum rc result_rc(const struct http_exchange *x, struct err *err)
{
    const char *reason = x->reason[0] ? x->reason : curl_easy_strerror(x->result);

    switch (x->result) {
    case CURLE_OK:
        return RC_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return err_set(err, RC_UNAVAILABLE, "no connection in time: %s", reason);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return err_set(err, RC_FORBIDDEN, "the server's certificate is not trusted: %s", reason);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return err_set(err, RC_INVALID, "the URL is not valid: %s", reason);
    case CURLE_OUT_OF_MEMORY:
        return err_set(err, RC_INTERNAL, "%s", reason);
    default:
        return err_set(err, RC_UNAVAILABLE, "%s", reason);
    }
}

static enum rc check_limits(const struct http_exchange *x, struct err *err)
{
    const struct http_call *call = &x->call;
    int64_t                 now = now_ns();

    if (call->cancelled && call->cancelled(call->cancel_ctx))
        return err_set(err, RC_CANCELLED, "the request was cancelled");
    if (x->deadline && now > x->deadline)
        return err_set(err, RC_TIMEOUT, "no whole answer within %lld ms",
                       (long long)(call->wait / MILLIS(1)));
    if (call->idle && now - x->last_byte > call->idle * NS_PER_TICK)
        return err_set(err, RC_TIMEOUT, "not a byte for %lld ms", (long long)(call->idle / MILLIS(1)));
    return RC_OK;
}

static void note_done(struct http_exchange *x)
{
    int      left;
    CURLMsg *msg;

    while ((msg = curl_multi_info_read(x->channel->multi, &left))) {
        if (msg->msg == CURLMSG_DONE) {
            x->done = x->head_done = true;
            x->result = msg->data.result;
        }
    }
}

typedef bool (*condition)(const struct http_exchange *x);

/* Lets curl work until the condition holds or the transfer is over. */
static enum rc pump(struct http_exchange *x, condition enough, struct err *err)
{
    for (;;) {
        int running;
        curl_multi_perform(x->channel->multi, &running);
        note_done(x);
        if (x->done || enough(x))
            return RC_OK;
        TRY(check_limits(x, err));
        curl_multi_poll(x->channel->multi, NULL, 0, WAIT_MS, NULL);
    }
}

/* Or the answer has begun: then curl sends no more. */
static bool piece_is_sent(const struct http_exchange *x)
{
    return x->up.n == 0 || x->down_held;
}

static bool head_is_there(const struct http_exchange *x)
{
    return x->head_done;
}

static bool bytes_are_there(const struct http_exchange *x)
{
    return x->down.n > x->down_read;
}

static void resume(struct http_exchange *x)
{
    x->up_held = x->down_held = false;
    if (!x->done)
        curl_easy_pause(x->channel->easy, CURLPAUSE_CONT);
}

/* --- opening --- */

static void add_header(struct http_exchange *x, const char *line)
{
    struct curl_slist *longer = curl_slist_append(x->headers, line);
    if (!longer)
        abort(); /* out of memory, as mem_alloc does */
    x->headers = longer;
}

static enum rc set_headers(struct http_exchange *x, struct err *err)
{
    const struct http_call *call = &x->call;

    for (size_t i = 0; i < call->headers.n; i++) {
        const struct http_pair *h = &call->headers.p[i];
        if (str_find_byte(h->value, '\n') != STR_NPOS || str_find_byte(h->name, '\n') != STR_NPOS)
            return err_set(err, RC_INVALID, "header " STR_FMT " holds a line break", STR_ARG(h->name));
        /* curl's way to send a header with no value is a semicolon */
        str line = arena_printf(x->arena, h->value.n ? STR_FMT ": " STR_FMT : STR_FMT ";" STR_FMT,
                                STR_ARG(h->name), STR_ARG(h->value));
        if (!line.p)
            return err_set(err, RC_LIMIT, "the headers need more memory than they may use");
        add_header(x, line.p);
    }
    add_header(x, "Expect:");
    if (call->has_body && !call->body_size)
        add_header(x, "Transfer-Encoding: chunked");
    if (call->has_body || call->body.n)
        if (!http_pairs_get_ci(call->headers, S("Content-Type")).p)
            add_header(x, "Content-Type:");
    curl_easy_setopt(x->channel->easy, CURLOPT_HTTPHEADER, x->headers);
    return RC_OK;
}

static void set_body(struct http_exchange *x, CURL *easy)
{
    const struct http_call *call = &x->call;
    bool                    post =
        call->has_body || call->body.n || str_eq(call->method, S("POST")) || str_eq(call->method, S("PUT"));

    if (post)
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (call->has_body) {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
        curl_easy_setopt(easy, CURLOPT_READDATA, x);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         call->body_size ? (curl_off_t)call->body_size : (curl_off_t)-1);
    } else if (post) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body.n ? call->body.p : "");
    }
    if (str_eq(call->method, S("HEAD"))) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (call->method.n) {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, arena_str(x->arena, call->method).p);
    }
}

enum rc http_exchange_open(struct http_client *c, const struct http_call *call, struct http_exchange **out,
                           struct err *err)
{
    AUTO(http_exchange) x = MEM_NEW(struct http_exchange);

    x->client = c;
    x->call = *call;
    x->arena = arena_new(4 * MAX_HEAD);
    x->channel = http_client_channel(c);
    x->last_byte = now_ns();
    x->deadline = call->wait ? x->last_byte + call->wait * NS_PER_TICK : 0;
    strbuf_init(&x->down, DOWN_MAX);

    CURL *easy = x->channel->easy;
    TRY(http_client_address(c, easy, call->target.n ? call->target : S("/"), err));
    TRY(set_headers(x, err));
    set_body(x, easy);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->reason);
    if (call->gzip)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (curl_multi_add_handle(x->channel->multi, easy) != CURLM_OK)
        return err_set(err, RC_INTERNAL, "the transfer could not be started");
    *out = TAKE(x);
    return RC_OK;
}

/* --- the caller's side --- */

enum rc http_exchange_write(struct http_exchange *x, str piece, struct err *err)
{
    if (x->done || x->down_held || piece.n == 0)
        return RC_OK;
    x->up = piece;
    if (x->up_held)
        resume(x);
    enum rc rc = pump(x, piece_is_sent, err);
    x->up = STR_NONE;
    return rc;
}

enum rc http_exchange_finish(struct http_exchange *x, struct http_reply *head, struct err *err)
{
    long status = 0;

    x->up_ended = x->down_open = true;
    if (x->up_held || x->down_held)
        resume(x);
    TRY(pump(x, head_is_there, err));
    curl_easy_getinfo(x->channel->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 0 || (x->done && x->result != CURLE_OK && x->down.n == 0))
        TRY(result_rc(x, err));
    *head =
        (struct http_reply) { .status = (int)status, .headers = { x->reply_headers.p, x->reply_headers.n } };
    return RC_OK;
}

enum rc http_exchange_read(struct http_exchange *x, char *buf, size_t max, size_t *n, struct err *err)
{
    if (!bytes_are_there(x)) {
        if (x->down_held)
            resume(x);
        TRY(pump(x, bytes_are_there, err));
    }
    size_t there = x->down.n - x->down_read, take = there < max ? there : max;
    if (take == 0 && x->result != CURLE_OK)
        return result_rc(x, err);
    if (take)
        memcpy(buf, x->down.p + x->down_read, take);
    x->down_read += take;
    *n = take;
    return RC_OK;
}

struct http_exchange *http_exchange_free(struct http_exchange *x)
{
    if (!x)
        return NULL;
    curl_multi_remove_handle(x->channel->multi, x->channel->easy);
    http_client_channel_return(x->client, x->channel);
    curl_slist_free_all(x->headers);
    strbuf_done(&x->down);
    arena_free(x->arena);
    return mem_free(x);
}
