/* SPDX-License-Identifier: Apache-2.0 */
#include "http_fixture.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/t.h"

/* GET /count?n=1000000: that many bytes in a stream; ?fail=1 breaks off half way. */
struct counter {
    uint64_t left, fail_at;
};

static enum rc counter_next(void *ctx, char *buf, size_t max, size_t *n, struct err *err)
{
    struct counter *c = ctx;

    if (c->fail_at && c->left <= c->fail_at)
        return err_set(err, RC_INTERNAL, "broken off");
    *n = c->left < max ? c->left : max;
    memset(buf, 'x', *n);
    c->left -= *n;
    return RC_OK;
}

static void counter_done(void *ctx)
{
    mem_free(ctx);
}

static void count(const struct http_req *req, struct http_res *res)
{
    struct counter *c = MEM_NEW(struct counter);
    int64_t         n = 0;

    (void)str_to_i64(http_req_param(req, S("n")), &n);
    c->left = (uint64_t)n;
    c->fail_at = http_req_has_param(req, S("fail")) ? c->left / 2 : 0;
    res->gzip = true;
    http_res_stream(res, 200, S("text/plain"), (struct http_stream) { c, counter_next, counter_done });
}

static void wait_until_gone(struct fixture *f, const struct http_req *req)
{
    for (int i = 0; i < 200 && !http_req_gone(req); i++)
        usleep(10000);
    f->saw_gone = http_req_gone(req);
}

static enum rc sink(void *ctx, struct http_req *req, str piece, struct err *err)
{
    struct fixture *f = ctx;

    f->sunk += (unsigned)piece.n;
    if (http_req_has_param(req, S("refuse")))
        return err_set(err, RC_INVALID, "the sink refuses");
    return RC_OK;
}

static bool begin(void *ctx, struct http_req *req, struct http_intake *in, struct http_res *res)
{
    struct fixture *f = ctx;

    f->begun++;
    if (str_eq(req->path, S("/forbidden"))) {
        http_res_body(res, 403, S("text/plain"), S("no"));
        return true;
    }
    if (str_eq(req->path, S("/sink"))) {
        in->max_body = UINT64_MAX;
        in->sink = sink;
        in->ctx = ctx;
    }
    return false;
}

static void echo(const struct http_req *req, struct http_res *res)
{
    res->gzip = http_req_has_param(req, S("gzip"));
    http_res_header(res, S("X-Method"), req->method);
    http_res_header(res, S("X-Path"), req->path);
    http_res_header(res, S("X-Raw-Path"), req->raw_path);
    http_res_header(res, S("X-Filter"), http_req_param(req, S("$filter")));
    http_res_header(res, S("X-Cookie"), http_req_cookie(req, S("vedette_session")));
    http_res_header(res, S("X-Bearer"), http_req_bearer(req));
    http_res_header(res, S("X-Split"), S("a\r\nInjected: yes"));
    http_res_body(res, 200, S("application/octet-stream"), req->body);
}

static void handle(void *ctx, struct http_req *req, const struct err *failed, struct http_res *res)
{
    struct fixture *f = ctx;
    struct err      err;

    if (failed)
        http_res_bodyf(res, err_http_status(failed->rc), "text/plain", "%s", failed->text);
    else if (str_eq(req->path, S("/count")))
        count(req, res);
    else if (str_eq(req->path, S("/wait")))
        wait_until_gone(f, req);
    else if (str_eq(req->path, S("/sleep")))
        usleep(1500000);
    else if (str_eq(req->path, S("/events"))) {
        if (http_sse_listen(f->hub, res, &err) != RC_OK)
            http_res_bodyf(res, err_http_status(err.rc), "text/plain", "%s", err.text);
    } else
        echo(req, res);
}

static void ended(void *ctx, struct http_req *req, int status, uint64_t bytes, bool sent)
{
    struct fixture *f = ctx;

    (void)req, (void)status, (void)bytes;
    f->ended++;
    if (!sent)
        f->unsent++;
}

void fixture_start(struct fixture *f, const struct http_server_opts *with)
{
    struct http_server_opts opts = with ? *with : (struct http_server_opts) { 0 };
    struct http_handler     handler = { .ctx = f, .begin = begin, .handle = handle, .ended = ended };
    struct err              err;
    char                    socket_path[96];

    memset(f, 0, sizeof *f);
    f->arena = arena_new(64 << 20);
    f->hub = http_sse_new(2, MILLIS(300));
    (void)snprintf(f->dir, sizeof f->dir, "/tmp/vedette-http-XXXXXX");
    CHECK(t_folder(f->dir) != NULL);
    (void)snprintf(socket_path, sizeof socket_path, "unix:%s/s", f->dir);
    if (!opts.listen.n)
        opts.listen = str_of(socket_path);
    CHECK_OK_ERR(http_server_new(&opts, &handler, &f->server, &err), &err);

    struct http_client_opts client = { .unix_socket = str_of(socket_path + 5) };
    if (http_server_port(f->server))
        client = (struct http_client_opts) { .url = arena_printf(f->arena, "http://127.0.0.1:%d",
                                                                 http_server_port(f->server)) };
    CHECK_OK_ERR(http_client_new(&client, &f->client, &err), &err);
}

void fixture_stop(struct fixture *f)
{
    http_sse_close(f->hub);
    http_server_free(f->server);
    http_sse_free(f->hub);
    http_client_free(f->client);
    arena_free(f->arena);
    CHECK_OK(file_remove_tree(f->dir, NULL));
}

struct http_reply fixture_get(struct fixture *f, const char *target)
{
    struct http_call  call = { .target = str_of(target), .wait = SECONDS(20) };
    struct http_reply reply = { 0 };
    struct err        err;

    CHECK_OK_ERR(http_client_call(f->client, &call, f->arena, &reply, &err), &err);
    return reply;
}

int fixture_raw(struct fixture *f)
{
    int port = http_server_port(f->server), fd;

    if (port) {
        struct sockaddr_in addr = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port),
                                    .sin_addr = { htonl(INADDR_LOOPBACK) } };
        fd = socket(AF_INET, SOCK_STREAM, 0);
        CHECK(connect(fd, (const struct sockaddr *)&addr, sizeof addr) == 0);
    } else {
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        (void)snprintf(addr.sun_path, sizeof addr.sun_path, "%s/s", f->dir);
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        CHECK(connect(fd, (const struct sockaddr *)&addr, sizeof addr) == 0);
    }
    return fd;
}

static str take(struct fixture *f, int fd, int ms, const char *until)
{
    AUTO_STRBUF   all = STRBUF_INIT(1 << 20);
    struct pollfd p = { .fd = fd, .events = POLLIN };

    while (!(until && str_contains(strbuf_view(&all), str_of(until))) && poll(&p, 1, ms) > 0) {
        char   *room = strbuf_room(&all, 4096);
        ssize_t n = room ? read(fd, room, 4096) : 0;
        if (n <= 0)
            break;
        strbuf_added(&all, (size_t)n);
    }
    return arena_str(f->arena, strbuf_view(&all));
}

str fixture_drain(struct fixture *f, int fd, int ms)
{
    return take(f, fd, ms, NULL);
}

str fixture_await(struct fixture *f, int fd, const char *text)
{
    return take(f, fd, 10000, text);
}
