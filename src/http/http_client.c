/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_client.h"

#include <pthread.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "http/http_channel_priv.h"
#include "http/http_exchange.h"

enum {
    MAX_URL = 1 << 20,
    DEFAULT_MAX_REPLY = 16 << 20,
    BUFFER = 256 << 10,
    CONNECTIONS_A_CHANNEL = 2,
    KEPT_SECONDS = 60, /* below the server's idle time, so that a kept connection is never a dead one */
};

struct http_client {
    char                 *url, *unix_socket, *ca_file;
    duration              connect_wait;
    size_t                max_idle;
    pthread_mutex_t       lock; /* of idle, n_idle */
    struct http_channel **idle;
    size_t                n_idle;
};

static void curl_once(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

enum rc http_client_new(const struct http_client_opts *opts, struct http_client **out, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    str                   url = opts->url;

    pthread_once(&once, curl_once);
    if (url.n == 0 && opts->unix_socket.n == 0)
        return err_set(err, RC_INVALID, "a client needs a URL or a unix socket");
    if (url.n && !str_starts_ci(url, S("http://")) && !str_starts_ci(url, S("https://")))
        return err_set(err, RC_INVALID, "a URL begins with http:// or https://, not \"" STR_FMT "\"",
                       STR_ARG(url));
    while (str_ends(url, S("/")))
        url.n--;
    struct http_client *c = MEM_NEW(struct http_client);
    c->url = mem_strdup(url.n ? url : S("http://localhost"));
    c->unix_socket = opts->unix_socket.n ? mem_strdup(opts->unix_socket) : NULL;
    c->ca_file = opts->ca_file.n ? mem_strdup(opts->ca_file) : NULL;
    c->connect_wait = opts->connect_wait ? opts->connect_wait : SECONDS(5);
    c->max_idle = opts->max_idle ? opts->max_idle : 16;
    c->idle = mem_array(c->max_idle, sizeof(struct http_channel *));
    pthread_mutex_init(&c->lock, NULL);
    *out = c;
    return RC_OK;
}

static void channel_free(struct http_channel *channel)
{
    curl_easy_cleanup(channel->easy);
    curl_multi_cleanup(channel->multi);
    mem_free(channel);
}

struct http_client *http_client_free(struct http_client *c)
{
    if (!c)
        return NULL;
    for (size_t i = 0; i < c->n_idle; i++)
        channel_free(c->idle[i]);
    pthread_mutex_destroy(&c->lock);
    mem_free(c->idle);
    mem_free(c->url);
    mem_free(c->unix_socket);
    mem_free(c->ca_file);
    return mem_free(c);
}

struct http_channel *http_client_channel(struct http_client *c)
{
    struct http_channel *channel = NULL;

    pthread_mutex_lock(&c->lock);
    if (c->n_idle)
        channel = c->idle[--c->n_idle];
    pthread_mutex_unlock(&c->lock);
    if (channel)
        return channel;
    channel = MEM_NEW(struct http_channel);
    channel->multi = curl_multi_init();
    channel->easy = curl_easy_init();
    if (!channel->multi || !channel->easy)
        abort(); /* out of memory, as mem_alloc does */
    curl_multi_setopt(channel->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_A_CHANNEL);
    return channel;
}

void http_client_channel_return(struct http_client *c, struct http_channel *channel)
{
    curl_easy_reset(channel->easy);
    pthread_mutex_lock(&c->lock);
    if (c->n_idle < c->max_idle)
        c->idle[c->n_idle++] = TAKE(channel);
    pthread_mutex_unlock(&c->lock);
    if (channel)
        channel_free(channel);
}

enum rc http_client_address(struct http_client *c, CURL *easy, str target, struct err *err)
{
    AUTO_STRBUF url = STRBUF_INIT(MAX_URL);

    if (!str_starts(target, S("http://")) && !str_starts(target, S("https://"))) {
        strbuf_addz(&url, c->url);
        if (!str_starts(target, S("/")))
            strbuf_addc(&url, '/');
    }
    strbuf_add(&url, target);
    TRY(strbuf_ok(&url, "the URL", err));
    curl_easy_setopt(easy, CURLOPT_URL, url.p);
    if (c->unix_socket)
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, c->unix_socket);
    if (c->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, c->ca_file);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(c->connect_wait / MILLIS(1)));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)BUFFER);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)KEPT_SECONDS);
    return RC_OK;
}

/* Headers live in the exchange; the caller's arena outlives it. */
static void copy_head(struct arena *a, const struct http_reply *head, struct http_reply *out)
{
    struct http_pair *headers = ARENA_ARRAY(a, struct http_pair, head->headers.n + 1);

    for (size_t i = 0; i < head->headers.n; i++) {
        headers[i].name = arena_str(a, head->headers.p[i].name);
        headers[i].value = arena_str(a, head->headers.p[i].value);
    }
    *out = (struct http_reply) { .status = head->status, .headers = { headers, head->headers.n } };
}

static enum rc read_body(struct http_exchange *x, struct strbuf *body, struct err *err)
{
    enum { STEP = 64 << 10 };
    size_t n;

    do {
        size_t room = body->max - body->n < STEP ? body->max - body->n : STEP;
        char   spare;
        char  *to = room ? strbuf_room(body, room) : &spare;
        if (!to)
            return err_set(err, RC_LIMIT, "the reply is over %zu bytes", body->max);
        TRY(http_exchange_read(x, to, room ? room : 1, &n, err));
        if (n && !room)
            return err_set(err, RC_LIMIT, "the reply is over %zu bytes", body->max);
        if (n)
            strbuf_added(body, n);
    } while (n);
    return RC_OK;
}

enum rc http_client_call(struct http_client *c, const struct http_call *call, struct arena *arena,
                         struct http_reply *out, struct err *err)
{
    struct http_call whole = *call;
    AUTO(http_exchange) x = NULL;
    AUTO_STRBUF       body = STRBUF_INIT(call->max_reply ? call->max_reply : DEFAULT_MAX_REPLY);
    struct http_reply head;

    if (!whole.wait)
        whole.wait = SECONDS(60);
    whole.has_body =
        false; /* `body` goes as it is: curl can send it again when a kept connection was stale */
    TRY(http_exchange_open(c, &whole, &x, err));
    TRY(http_exchange_finish(x, &head, err));
    TRY(read_body(x, &body, err));
    struct http_reply reply;
    copy_head(arena, &head, &reply);
    reply.body = arena_str(arena, strbuf_view(&body));
    if (!reply.body.p)
        return err_set(err, RC_LIMIT, "the reply of %zu bytes has no room in its arena", body.n);
    *out = reply;
    return RC_OK;
}
