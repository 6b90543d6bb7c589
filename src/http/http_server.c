/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_server.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/deadline.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/vec.h"
#include "http/http_conn_priv.h"
#include "http/http_gzip.h"
#include "http/http_listen.h"
#include "http/http_url.h"

enum {
    MAX_PEM = 1 << 20,
    MAX_HEADERS = 200,
    MAX_ARENA = 512 << 20,
    READ_BUFFER = 256 << 10, /* at least: microhttpd hands bodies out in pieces of its connection's memory */
    STREAM_BLOCK = 128 << 10,
    SWALLOW_REFUSED = 4 << 20, /* of a body that nobody will read, so that its sender can read why */
    SWALLOW = 64 << 20,        /* of a body that is refused in its middle; then the connection is cut */
    LINGER_MS = 1000,
    SLOW_BYTES_PER_SECOND = 16,
};

#define NS_PER_TICK 100
#define NS_PER_MS 1000000
#define REAP_EVERY MILLIS(250)

struct http_server {
    struct MHD_Daemon      *daemon;
    struct http_server_opts opts;
    struct http_handler     handler;
    char                   *cert, *key, *unix_path;
    int                     port;
    pthread_mutex_t         lock; /* of all below */
    pthread_cond_t          changed;
    struct http_conn       *conns;
    unsigned                n_conns;
    bool                    stopping, reaper_ends, reaper_runs;
    pthread_t               reaper;
};

/* What a request needs beside what its handler sees. */
struct request {
    struct http_req        req;
    struct http_res        res;
    struct http_intake     intake;
    struct http_server    *server;
    struct MHD_Connection *connection;
    struct strbuf          body;
    struct err             failure;
    uint64_t               received, sent;
    bool                   begun, failed, answered, refused, unread;
};

static int64_t now_ns(const struct http_server *s)
{
    return env_monotonic_ns(s->opts.env);
}

/* --- connections --- */

static void conn_phase(struct http_conn *c, enum http_conn_phase phase)
{
    struct http_server *s = c->server;

    pthread_mutex_lock(&s->lock);
    c->phase = phase;
    c->since = now_ns(s);
    c->body_bytes = 0;
    if (phase == HTTP_CONN_IDLE && s->stopping)
        shutdown(c->fd, SHUT_RDWR);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static struct http_conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void conn_add(struct http_server *s, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_conn *c = MEM_NEW(struct http_conn);

    *c = (struct http_conn) { .fd = info->connect_fd, .server = s, .since = now_ns(s) };
    pthread_mutex_lock(&s->lock);
    c->next = s->conns;
    c->link = &s->conns;
    if (c->next)
        c->next->link = &c->next;
    s->conns = c;
    s->n_conns++;
    pthread_mutex_unlock(&s->lock);
    *context = c;
}

static void conn_remove(struct http_server *s, struct http_conn *c)
{
    pthread_mutex_lock(&s->lock);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    s->n_conns--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    mem_free(c);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        conn_add(cls, connection, context);
    else if (*context)
        conn_remove(cls, *context);
}

/* microhttpd's own timer only sees silence. A client that sends a byte now and then is seen here. */
static bool too_slow(const struct http_server *s, const struct http_conn *c, int64_t now)
{
    duration header_wait = s->opts.header_wait, idle_wait = s->opts.idle_wait;
    duration spent = (now - c->since) / NS_PER_TICK;

    switch (c->phase) {
    case HTTP_CONN_NEW:
    case HTTP_CONN_HEADERS:
        return spent > header_wait;
    case HTTP_CONN_IDLE:
        return spent > idle_wait + header_wait;
    case HTTP_CONN_BODY:
        return spent > idle_wait && (int64_t)c->body_bytes < SLOW_BYTES_PER_SECOND * (spent / TS_PER_SECOND);
    case HTTP_CONN_ANSWER:
        break;
    }
    return false;
}

static void *reap(void *arg)
{
    struct http_server *s = arg;

    pthread_mutex_lock(&s->lock);
    while (!s->reaper_ends) {
        int64_t now = now_ns(s);
        for (struct http_conn *c = s->conns; c; c = c->next) {
            if (!c->cut && too_slow(s, c, now)) {
                c->cut = true;
                shutdown(c->fd, SHUT_RDWR);
            }
        }
        struct timespec until = deadline_in(REAP_EVERY);
        pthread_cond_timedwait(&s->changed, &s->lock, &until);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* While a handler works nothing arrives, and microhttpd would take that for a client standing still: its
 * timer is off meanwhile. Setting it again from 0 starts it anew. */
static void timer_off(struct MHD_Connection *connection)
{
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
}

static void timer_on(const struct request *r)
{
    unsigned seconds = (unsigned)(r->server->opts.idle_wait / TS_PER_SECOND);
    MHD_set_connection_option(r->connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds ? seconds : 1u);
}

/* --- a request's head --- */

static str peer_text(struct arena *a, int fd, int64_t *uid)
{
    struct sockaddr_storage addr = { 0 };
    socklen_t               n = sizeof addr;

    *uid = -1;
    if (getpeername(fd, (struct sockaddr *)&addr, &n) < 0)
        return S("unknown");
    if (addr.ss_family == AF_UNIX) {
        struct ucred cred = { 0 };
        socklen_t    size = sizeof cred;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
            return S("unix");
        *uid = cred.uid;
        return arena_printf(a, "unix:pid=%d,uid=%u", (int)cred.pid, (unsigned)cred.uid);
    }
    return http_listen_address(a, &addr);
}

struct header_walk {
    struct arena *arena;
    VEC(struct http_pair) headers;
    size_t bytes;
};

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                 const char *value, size_t value_size)
{
    struct header_walk *walk = cls;

    (void)kind;
    walk->bytes += key_size + value_size + 4;
    if (walk->headers.n >= MAX_HEADERS)
        return MHD_NO;
    struct http_pair *pair = vec_push_in(walk->arena, &walk->headers);
    pair->name = arena_str(walk->arena, str_make(key, key_size));
    pair->value = arena_str(walk->arena, str_make(value ? value : "", value ? value_size : 0));
    return MHD_YES;
}

static void refuse(struct request *r, int status, const char *what)
{
    http_res_bodyf(&r->res, status, "text/plain; charset=utf-8", "%s\n", what);
    r->res.close = true;
}

/* False: the request is refused already. */
static bool read_head(struct request *r, struct MHD_Connection *connection, const char *method)
{
    struct http_req   *req = &r->req;
    struct header_walk walk = { .arena = req->arena };
    struct err         err;

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_header, &walk);
    req->headers = (struct http_pairs) { walk.headers.p, walk.headers.n };
    req->method = arena_str(req->arena, str_of(method));
    req->tls = r->server->cert != NULL;
    if (walk.bytes + req->raw_path.n + req->raw_query.n > r->server->opts.max_header_bytes ||
        walk.headers.n >= MAX_HEADERS) {
        refuse(r, 431, "the headers are too large");
        return false;
    }
    if (http_url_path(req->arena, req->raw_path, &req->path, &err) != RC_OK ||
        http_url_params(req->arena, req->raw_query, &req->params, &err) != RC_OK) {
        refuse(r, 400, err.text);
        return false;
    }
    return true;
}

/* Called with the request line, before the headers: the request is made here. The raw target is kept, since
 * microhttpd's own splitting loses what is encoded in names. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http_server *s = cls;
    struct http_conn   *conn = conn_of(connection);
    struct arena       *a = arena_new(MAX_ARENA);
    struct request     *r = ARENA_NEW(a, struct request);
    str                 raw = arena_str(a, str_of(target));
    size_t              mark = str_find_byte(raw, '?');

    r->server = s;
    r->connection = connection;
    r->req.arena = r->res.arena = a;
    r->req.conn = conn;
    r->req.id = guid_random();
    r->req.started = now_ns(s);
    r->req.raw_path = str_slice(raw, 0, mark == STR_NPOS ? raw.n : mark);
    r->req.raw_query = mark == STR_NPOS ? STR_NONE : str_from(raw, mark + 1);
    r->req.peer = peer_text(a, conn->fd, &r->req.peer_uid);
    r->res.status = 200;
    conn_phase(conn, HTTP_CONN_HEADERS);
    return r;
}

/* --- a response on its way --- */

static ssize_t on_stream(void *cls, uint64_t pos, char *buf, size_t max)
{
    struct request *r = cls;
    size_t          n = 0;
    struct err      err;

    (void)pos;
    timer_off(r->connection);
    enum rc rc = r->res.stream.next(r->res.stream.ctx, buf, max, &n, &err);
    timer_on(r);
    if (rc != RC_OK)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    r->sent += n;
    return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void end_stream(struct request *r)
{
    if (r->res.kind == HTTP_RES_STREAM && r->res.stream.done)
        r->res.stream.done(r->res.stream.ctx);
    r->res.kind = HTTP_RES_BODY;
}

static void gzip_response(struct request *r)
{
    struct http_res *res = &r->res;

    if (!res->gzip || !http_req_accepts_gzip(&r->req))
        return;
    if (res->kind == HTTP_RES_STREAM) {
        res->stream = http_gzip_stream(res->stream);
    } else if (res->kind == HTTP_RES_BODY && res->body.n > 0) {
        AUTO_STRBUF out = STRBUF_INIT(res->body.n + 1024);
        if (codec_gzip(&out, res->body, 3, NULL) != RC_OK || strbuf_ok(&out, "body", NULL) != RC_OK)
            return;
        str packed = arena_str(res->arena, strbuf_view(&out));
        if (!packed.p)
            return;
        res->body = packed;
    } else {
        return;
    }
    http_res_header(res, S("Content-Encoding"), S("gzip"));
    http_res_header(res, S("Vary"), S("Accept-Encoding"));
}

static struct MHD_Response *mhd_response(struct request *r)
{
    struct http_res *res = &r->res;

    switch (res->kind) {
    case HTTP_RES_FILE:
        r->sent = res->file_size;
        return MHD_create_response_from_fd_at_offset64(res->file_size, res->fd, res->file_from);
    case HTTP_RES_STREAM:
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream, r, NULL);
    case HTTP_RES_BODY:
        break;
    }
    r->sent = res->body.n;
    return MHD_create_response_from_buffer(res->body.n, (void *)(uintptr_t)(res->body.n ? res->body.p : ""),
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(struct request *r)
{
    r->answered = true;
    conn_phase(r->req.conn, HTTP_CONN_ANSWER);
    gzip_response(r);
    struct MHD_Response *response = mhd_response(r);
    if (!response)
        return MHD_NO;
    char value[16 << 10];
    for (size_t i = 0; i < r->res.n_headers; i++) {
        const struct http_pair *h = &r->res.headers[i];
        if (str_to_cstr(h->value, value, sizeof value))
            MHD_add_response_header(response, h->name.p, value);
    }
    if (r->res.close || r->server->stopping)
        MHD_add_response_header(response, "Connection", "close");
    timer_on(r);
    enum MHD_Result queued = MHD_queue_response(r->connection, (unsigned)r->res.status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(struct request *r)
{
    conn_phase(r->req.conn, HTTP_CONN_ANSWER);
    r->req.body = strbuf_view(&r->body);
    timer_off(r->connection);
    r->server->handler.handle(r->server->handler.ctx, &r->req, r->failed ? &r->failure : NULL, &r->res);
    return answer(r);
}

/* --- a request's body --- */

static void fail_body(struct request *r)
{
    r->failed = true;
    r->failure.rc =
        err_set(&r->failure, RC_LIMIT, "the body is over %llu bytes", (unsigned long long)r->intake.max_body);
}

/* Is a body on its way, small enough to be let in and thrown away? A connection closed with unread bytes in
 * it is reset, and its client sees the reset instead of the answer. Who asks first (Expect) sends nothing,
 * and a body without a length may never end. */
static bool is_sending(const struct request *r)
{
    int64_t length = 0;

    if (http_req_header(&r->req, S("Expect")).n)
        return false;
    return str_to_i64(http_req_header(&r->req, S("Content-Length")), &length) && length > 0 &&
           length <= SWALLOW_REFUSED;
}

static enum MHD_Result swallow(struct request *r)
{
    r->failed = true;
    strbuf_init(&r->body, 1);
    conn_phase(r->req.conn, HTTP_CONN_BODY);
    return MHD_YES;
}

/* For a body that is_sending() does not let in: its sender is answered at once, and stops when it reads that.
 * What is on its way until then is thrown away, for the same reason. */
static void linger(const struct request *r)
{
    char    waste[16384];
    int64_t until = now_ns(r->server) + (int64_t)LINGER_MS * NS_PER_MS;

    for (size_t taken = 0; taken < SWALLOW_REFUSED;) {
        struct pollfd poller = { .fd = r->req.conn->fd, .events = POLLIN };
        int64_t       left = until - now_ns(r->server);
        if (left <= 0 || poll(&poller, 1, (int)(left / NS_PER_MS) + 1) <= 0)
            return;
        ssize_t got = recv(poller.fd, waste, sizeof waste, MSG_DONTWAIT);
        if (got <= 0)
            return;
        taken += (size_t)got;
    }
}

static enum MHD_Result answer_unread(struct request *r)
{
    r->unread =
        http_req_header(&r->req, S("Content-Length")).n || http_req_header(&r->req, S("Transfer-Encoding")).n;
    return answer(r);
}

static enum MHD_Result begin(struct request *r, struct MHD_Connection *connection, const char *method)
{
    const struct http_handler *h = &r->server->handler;

    r->intake.max_body = r->server->opts.max_body;
    if (!read_head(r, connection, method))
        return answer_unread(r);
    r->begun = true;
    timer_off(connection);
    bool refused = h->begin && h->begin(h->ctx, &r->req, &r->intake, &r->res);
    timer_on(r);
    r->refused = refused;
    if (refused)
        return is_sending(r) ? swallow(r) : answer_unread(r);

    int64_t length;
    if (str_to_i64(http_req_header(&r->req, S("Content-Length")), &length) &&
        (uint64_t)length > r->intake.max_body) {
        fail_body(r);
        if (is_sending(r))
            return swallow(r);
        r->res.close = r->unread = true;
        return handle(r);
    }
    strbuf_init(&r->body, r->intake.max_body < SIZE_MAX / 2 ? (size_t)r->intake.max_body : SIZE_MAX / 2);
    conn_phase(r->req.conn, HTTP_CONN_BODY);
    return MHD_YES;
}

static void take_piece(struct request *r, str piece)
{
    if (r->received > r->intake.max_body) {
        fail_body(r);
        return;
    }
    if (!r->intake.sink) {
        strbuf_add(&r->body, piece);
        return;
    }
    timer_off(r->connection);
    enum rc rc = r->intake.sink(r->intake.ctx, &r->req, piece, &r->failure);
    timer_on(r);
    if (rc != RC_OK) {
        r->failed = true;
        r->failure.rc = rc;
    }
}

static enum MHD_Result body_piece(struct request *r, str piece)
{
    struct http_conn *c = r->req.conn;

    pthread_mutex_lock(&r->server->lock);
    c->body_bytes += piece.n;
    pthread_mutex_unlock(&r->server->lock);
    r->received += piece.n;
    if (!r->failed)
        take_piece(r, piece);
    else if (r->received > (r->refused ? SWALLOW_REFUSED : SWALLOW))
        return MHD_NO;
    return MHD_YES;
}

/* Called once with the headers, once for each piece of the body, and once at the body's end. */
/* long: the parameters are microhttpd's */
static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data, size_t *data_size,
                                 void **context)
{
    struct request *r = *context;

    (void)cls, (void)url, (void)version;
    if (!r)
        return MHD_NO;
    if (!r->begun)
        return r->answered ? MHD_YES : begin(r, connection, method);
    if (r->answered)
        return MHD_YES;
    if (*data_size == 0)
        return r->refused ? answer(r) : handle(r);
    str piece = str_make(data, *data_size);
    *data_size = 0;
    return body_piece(r, piece);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct http_server *s = cls;
    struct request     *r = *context;

    (void)connection;
    if (!r)
        return;
    *context = NULL;
    end_stream(r);
    if (r->unread && code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        linger(r);
    if (r->begun && s->handler.ended)
        s->handler.ended(s->handler.ctx, &r->req, r->res.status, r->sent,
                         r->answered && code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    strbuf_done(&r->body);
    struct http_conn *conn = r->req.conn;
    arena_free(r->req.arena);
    conn_phase(conn, HTTP_CONN_IDLE);
}

/* --- the server --- */

static void set_defaults(struct http_server_opts *o)
{
    if (!o->max_connections)
        o->max_connections = 256;
    if (!o->max_per_address)
        o->max_per_address = o->max_connections;
    if (!o->max_header_bytes)
        o->max_header_bytes = 64 << 10;
    if (!o->max_body)
        o->max_body = 1 << 20;
    if (!o->header_wait)
        o->header_wait = SECONDS(15);
    if (!o->idle_wait)
        o->idle_wait = SECONDS(120);
    if (!o->stack_bytes)
        o->stack_bytes = 1 << 20;
    if (!o->env)
        o->env = env_real();
}

static enum rc read_pem(str path, char **out, struct err *err)
{
    AUTO(arena) a = arena_new(2 * MAX_PEM);
    char name[4096];
    str  text;

    if (!str_to_cstr(path, name, sizeof name))
        return err_set(err, RC_INVALID, "path of a certificate or key is too long");
    TRY(file_read(a, name, MAX_PEM, &text, err));
    *out = mem_strdup(text);
    return RC_OK;
}

static enum rc start_daemon(struct http_server *s, int fd, struct err *err)
{
    const struct http_server_opts *o = &s->opts;
    struct MHD_OptionItem          extra[] = {
                 { MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert },
                 { MHD_OPTION_HTTPS_MEM_KEY, 0, s->key },
                 { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
                 { MHD_OPTION_END, 0, NULL },
    };
    if (!s->cert)
        extra[0].option = MHD_OPTION_END;
    size_t   memory = o->max_header_bytes * 2 > READ_BUFFER ? o->max_header_bytes * 2 : READ_BUFFER;
    unsigned flags =
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC;

    s->daemon =
        MHD_start_daemon(flags | (s->cert ? MHD_USE_TLS : 0), 0, NULL, NULL, on_access, s,          /**/
                         MHD_OPTION_LISTEN_SOCKET, fd,                                              /**/
                         MHD_OPTION_CONNECTION_LIMIT, o->max_connections,                           /**/
                         MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->unix_path ? 0 : o->max_per_address, /**/
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,                                /**/
                         MHD_OPTION_CONNECTION_TIMEOUT,
                         (unsigned)(o->idle_wait / TS_PER_SECOND ? o->idle_wait / TS_PER_SECOND : 1),
                         MHD_OPTION_THREAD_STACK_SIZE, o->stack_bytes,   /**/
                         MHD_OPTION_STRICT_FOR_CLIENT, 1,                /**/
                         MHD_OPTION_URI_LOG_CALLBACK, on_target, s,      /**/
                         MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, /**/
                         MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,   /**/
                         MHD_OPTION_ARRAY, extra, MHD_OPTION_END);
    if (!s->daemon)
        return err_set(err, s->cert ? RC_INVALID : RC_INTERNAL,
                       s->cert ? "the TLS certificate and key do not go together or are no PEM"
                               : "the HTTP server did not start: %s",
                       strerror(errno));
    return RC_OK;
}

static void start_reaper(struct http_server *s)
{
    deadline_cond_init(&s->changed);
    s->reaper_runs = pthread_create(&s->reaper, NULL, reap, s) == 0;
}

enum rc http_server_new(const struct http_server_opts *opts, const struct http_handler *handler,
                        struct http_server **out, struct err *err)
{
    AUTO_FD fd = opts->listen_fd > 0 ? opts->listen_fd : -1;
    AUTO(http_server) s = MEM_NEW(struct http_server);

    s->opts = *opts;
    s->handler = *handler;
    set_defaults(&s->opts);
    pthread_mutex_init(&s->lock, NULL);
    start_reaper(s);
    signal(SIGPIPE, SIG_IGN); /* GnuTLS writes without MSG_NOSIGNAL */
    if (opts->cert_file.n) {
        TRY(read_pem(opts->cert_file, &s->cert, err));
        TRY(read_pem(opts->key_file, &s->key, err));
    }
    if (fd < 0)
        TRY(http_listen_open(opts->listen, &fd, err));
    if (str_starts(opts->listen, S("unix:")))
        s->unix_path = mem_strdup(str_from(opts->listen, 5));
    s->port = http_listen_port(fd);
    TRY(start_daemon(s, fd, err));
    fd = -1;
    *out = TAKE(s);
    return RC_OK;
}

enum rc http_server_listen(str listen, int *fd, struct err *err)
{
    return http_listen_open(listen, fd, err);
}

int http_server_port(const struct http_server *s)
{
    return s->port;
}

unsigned http_server_connections(const struct http_server *s)
{
    struct http_server *mutable = (struct http_server *)(uintptr_t)s;
    pthread_mutex_lock(&mutable->lock);
    unsigned n = s->n_conns;
    pthread_mutex_unlock(&mutable->lock);
    return n;
}

/* Cuts connections off: all of them, or those that wait for a request. True when none is left that is at
 * work. */
static bool cut_locked(struct http_server *s, bool all)
{
    bool quiet = true;

    for (struct http_conn *c = s->conns; c; c = c->next) {
        bool at_work = c->phase == HTTP_CONN_BODY || c->phase == HTTP_CONN_ANSWER;
        if (all || !at_work)
            shutdown(c->fd, SHUT_RDWR);
        quiet = quiet && !at_work;
    }
    return quiet;
}

void http_server_stop(struct http_server *s, duration grace)
{
    if (!s->daemon)
        return;
    int fd = MHD_quiesce_daemon(s->daemon);
    if (fd >= 0)
        close(fd);
    if (s->unix_path)
        unlink(s->unix_path);

    struct timespec until = deadline_in(grace + SECONDS(1));
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    while (grace > 0 && !cut_locked(s, false) &&
           pthread_cond_timedwait(&s->changed, &s->lock, &until) != ETIMEDOUT)
        ;
    cut_locked(s, true);
    pthread_mutex_unlock(&s->lock);
    MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
}

struct http_server *http_server_free(struct http_server *s)
{
    if (!s)
        return NULL;
    http_server_stop(s, 0);
    if (s->reaper_runs) {
        pthread_mutex_lock(&s->lock);
        s->reaper_ends = true;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        pthread_join(s->reaper, NULL);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    mem_free(s->cert);
    if (s->key)
        mem_wipe(s->key, strlen(s->key));
    mem_free(s->key);
    mem_free(s->unix_path);
    return mem_free(s);
}
