/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/query/query_engine.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/t.h"

struct query_engine {
    int             listener;
    pthread_t       thread;
    pthread_mutex_t lock;
    int             rows;
    bool            cut, stall;
    atomic_bool     ends;
    struct strbuf   heard;
    pthread_t       talks[256];
    int             n_talks;
};

struct talk {
    struct query_engine *engine;
    int                  fd;
};

static void say(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

/* One piece in HTTP's chunked form. */
static void say_chunk(int fd, const struct strbuf *piece)
{
    char head[32];
    int  n = snprintf(head, sizeof head, "%zx\r\n", piece->n);
    if (!piece->n)
        return;
    say(fd, head, (size_t)n);
    say(fd, piece->p, piece->n);
    say(fd, "\r\n", 2);
}

/* Reads head and body; false when the client is gone. */
static bool hear(struct query_engine *e, int fd)
{
    AUTO_STRBUF text = STRBUF_INIT(16 << 20);
    size_t      want = 0;

    while (!want || text.n < want) {
        char    buf[65536];
        ssize_t got = recv(fd, buf, sizeof buf, 0);
        if (got <= 0)
            return false;
        strbuf_add(&text, str_make(buf, (size_t)got));
        size_t end = str_find(strbuf_view(&text), S("\r\n\r\n"));
        if (want || end == STR_NPOS)
            continue;
        size_t  at = str_find_ci(strbuf_view(&text), S("content-length: "));
        int64_t length = 0;
        if (at != STR_NPOS && at < end) {
            str rest = str_from(strbuf_view(&text), at + 16);
            str_to_i64(str_slice(rest, 0, str_find_byte(rest, '\r')), &length);
        }
        want = end + 4 + (size_t)length;
    }
    pthread_mutex_lock(&e->lock);
    strbuf_add(&e->heard, strbuf_view(&text));
    pthread_mutex_unlock(&e->lock);
    return true;
}

/* False when nothing more is said on this connection. */
static bool answer(struct query_engine *e, int fd)
{
    static const char head[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    AUTO_STRBUF rows = STRBUF_INIT(64 << 20);

    pthread_mutex_lock(&e->lock);
    int  n = e->rows;
    bool cut = e->cut, stall = e->stall;
    pthread_mutex_unlock(&e->lock);
    for (int i = 0; i < n; i++)
        strbuf_addf(&rows, "[%d]\n", i);
    say(fd, head, sizeof head - 1);
    say_chunk(fd, &rows);
    if (stall) {
        char c;
        while (recv(fd, &c, 1, 0) > 0)
            continue;
        return false;
    }
    if (!cut)
        say(fd, "0\r\n\r\n", 5);
    return !cut;
}

static void *talk(void *p)
{
    struct talk *t = p;

    while (hear(t->engine, t->fd) && answer(t->engine, t->fd))
        continue;
    close(t->fd);
    mem_free(t);
    return NULL;
}

static void *listens(void *p)
{
    struct query_engine *e = p;

    while (!e->ends && e->n_talks < 256) {
        struct pollfd poller = { .fd = e->listener, .events = POLLIN };
        if (poll(&poller, 1, 50) <= 0)
            continue;
        struct talk *t = MEM_NEW(struct talk);
        *t = (struct talk) { e, accept(e->listener, NULL, NULL) };
        CHECK_EQ(pthread_create(&e->talks[e->n_talks++], NULL, talk, t), 0);
    }
    return NULL;
}

struct query_engine *query_engine_new(const char *path)
{
    struct query_engine *e = MEM_NEW(struct query_engine);
    struct sockaddr_un   address = { .sun_family = AF_UNIX };

    pthread_mutex_init(&e->lock, NULL);
    strbuf_init(&e->heard, 64 << 20);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    e->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_EQ(bind(e->listener, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_EQ(listen(e->listener, 64), 0);
    CHECK_EQ(pthread_create(&e->thread, NULL, listens, e), 0);
    return e;
}

/* Clients must have closed their connections before. */
struct query_engine *query_engine_free(struct query_engine *e)
{
    if (!e)
        return NULL;
    e->ends = true;
    pthread_join(e->thread, NULL);
    for (int i = 0; i < e->n_talks; i++)
        pthread_join(e->talks[i], NULL);
    close(e->listener);
    strbuf_done(&e->heard);
    pthread_mutex_destroy(&e->lock);
    return mem_free(e);
}

void query_engine_say(struct query_engine *e, int rows, bool cut, bool stall)
{
    pthread_mutex_lock(&e->lock);
    e->rows = rows;
    e->cut = cut;
    e->stall = stall;
    pthread_mutex_unlock(&e->lock);
}

bool query_engine_heard(struct query_engine *e, const char *text)
{
    pthread_mutex_lock(&e->lock);
    bool heard = str_contains(strbuf_view(&e->heard), str_of(text));
    pthread_mutex_unlock(&e->lock);
    return heard;
}
