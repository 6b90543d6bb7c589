/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "ingest/ingest_frame.h"

enum {
    BURST = 64, /* datagrams taken in one call */
    DATAGRAM = INGEST_LISTEN_MESSAGE,
    PIECE = 256 << 10, /* read of a connection at once */
    RECEIVE_BUFFER =
        16 << 20, /* asked of the kernel; it gives what net.core.rmem_max allows, root gets all */
    POLL_MS = 200,
    REPORT_NS = 60, /* seconds between two rows of Health about losses */
};

struct connection {
    int                 fd; /* -1: free */
    struct ingest_frame frame;
    char                address[80];
};

struct ingest_listen {
    struct ingest_core *core;
    struct ingest_live *live;
    pthread_t           thread;
    bool                runs;
    int                 udp, tcp, epoll, port;
    struct connection  *connections; /* INGEST_LISTEN_CONNECTIONS */
    char               *datagrams;   /* BURST of them */
    struct strbuf       text;
    uint32_t            kernel_dropped; /* the kernel's counter, as last told */
    uint64_t            reported;
    int64_t             reported_at;
};

/* --- opening --- */

static enum rc split_address(str address, char host[256], char port[16], struct err *err)
{
    size_t colon = str_rfind_byte(address, ':');

    if (colon == STR_NPOS || !str_to_cstr(str_trim_chars(str_slice(address, 0, colon), S("[]")), host, 256) ||
        !str_to_cstr(str_from(address, colon + 1), port, 16) || !port[0])
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no ADDRESS:PORT to take syslog on",
                       STR_ARG(address));
    return RC_OK;
}

static int local_port(int fd)
{
    struct sockaddr_storage at;
    socklen_t               size = sizeof at;

    if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                          : ((struct sockaddr_in *)&at)->sin_port);
}

static void set_port(struct sockaddr *at, int port)
{
    if (at->sa_family == AF_INET6)
        ((struct sockaddr_in6 *)at)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)at)->sin_port = htons((uint16_t)port);
}

static enum rc open_socket(const struct addrinfo *at, int type, int *out, struct err *err)
{
    int     on = 1, size = RECEIVE_BUFFER;
    AUTO_FD fd = socket(at->ai_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return err_errno(err, RC_IO, errno, "a socket for syslog");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (type == SOCK_DGRAM) {
        if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
            setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    }
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || (type == SOCK_STREAM && listen(fd, 128) != 0))
        return err_errno(err, RC_CONFLICT, errno,
                         "syslog cannot be taken on that port (%s): give --syslog another",
                         type == SOCK_STREAM ? "TCP" : "UDP");
    *out = auto_fd_take(&fd);
    return RC_OK;
}

static enum rc open_both(struct ingest_listen *l, str address, struct err *err)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM },
                    *at = NULL;
    char    host[256], port[16];
    enum rc rc;
    int     failed;

    TRY(split_address(address, host, port, err));
    failed = getaddrinfo(host[0] ? host : NULL, port, &hints, &at);
    if (failed)
        return err_set(err, RC_INVALID, "syslog's address '" STR_FMT "': %s", STR_ARG(address),
                       gai_strerror(failed));
    rc = open_socket(at, SOCK_DGRAM, &l->udp, err);
    if (rc == RC_OK) {
        l->port = local_port(l->udp);
        set_port(at->ai_addr, l->port);
        rc = open_socket(at, SOCK_STREAM, &l->tcp, err);
    }
    freeaddrinfo(at);
    return rc;
}

static void watch(struct ingest_listen *l, int fd, uint64_t tag)
{
    struct epoll_event ev = { .events = EPOLLIN, .data.u64 = tag };

    epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev);
}

enum { TAG_UDP = INGEST_LISTEN_CONNECTIONS, TAG_TCP };

enum rc ingest_listen_open(struct ingest_core *core, str address, struct ingest_listen **out, struct err *err)
{
    AUTO(ingest_listen) l = MEM_NEW(struct ingest_listen);

    l->core = core;
    l->udp = l->tcp = l->epoll = -1;
    l->connections = mem_array(INGEST_LISTEN_CONNECTIONS, sizeof *l->connections);
    for (int i = 0; i < INGEST_LISTEN_CONNECTIONS; i++)
        l->connections[i].fd = -1;
    l->datagrams = mem_alloc((size_t)BURST * DATAGRAM);
    strbuf_init(&l->text, 8 << 20);
    TRY(open_both(l, address, err));
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll < 0)
        return err_errno(err, RC_IO, errno, "epoll");
    watch(l, l->udp, TAG_UDP);
    watch(l, l->tcp, TAG_TCP);
    *out = TAKE(l);
    return RC_OK;
}

int ingest_listen_port(const struct ingest_listen *l)
{
    return l->port;
}

/* --- what came --- */

static void print_address(const struct sockaddr_storage *from, socklen_t size, char out[80])
{
    char host[64] = "", port[8] = "";

    getnameinfo((const struct sockaddr *)from, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, 80, "%s:%s", strncmp(host, "::ffff:", 7) == 0 ? host + 7 : host, port);
}

static uint64_t count_lines(str text)
{
    uint64_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* Hands on what is in l->text, and empties it. */
static bool hand_on(struct ingest_listen *l, const char *address, bool wait)
{
    struct ingest_origin from = { .source = S("syslog"), .address = str_of(address) };
    uint64_t             n = count_lines(strbuf_view(&l->text));
    bool taken = n == 0 || ingest_live_text(l->live, &from, strbuf_view(&l->text), STR_NONE, STR_NONE, wait);

    ingest_stats_add(l->core->stats, taken ? INGEST_STATS_SYSLOG_MESSAGES : INGEST_STATS_SYSLOG_LOST, n);
    strbuf_clear(&l->text);
    return taken;
}

/* The kernel counts what it dropped for want of room since the socket was made. */
static void note_kernel_drops(struct ingest_listen *l, struct msghdr *m)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        uint32_t dropped;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
            continue;
        memcpy(&dropped, CMSG_DATA(c), sizeof dropped);
        if (dropped != l->kernel_dropped)
            ingest_stats_add(l->core->stats, INGEST_STATS_SYSLOG_LOST, dropped - l->kernel_dropped);
        l->kernel_dropped = dropped;
    }
}

static void take_datagrams(struct ingest_listen *l)
{
    struct mmsghdr          messages[BURST] = { 0 };
    struct iovec            parts[BURST];
    struct sockaddr_storage from[BURST];
    char                    control[BURST][64], address[80], next[80];
    int                     n;

    for (int i = 0; i < BURST; i++) {
        parts[i] = (struct iovec) { .iov_base = l->datagrams + (size_t)i * DATAGRAM, .iov_len = DATAGRAM };
        messages[i].msg_hdr = (struct msghdr) { .msg_name = &from[i],
                                                .msg_namelen = sizeof from[i],
                                                .msg_iov = &parts[i],
                                                .msg_iovlen = 1,
                                                .msg_control = control[i],
                                                .msg_controllen = sizeof control[i] };
    }
    n = recvmmsg(l->udp, messages, BURST, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) {
        print_address(&from[i], messages[i].msg_hdr.msg_namelen, next);
        if (i > 0 && strcmp(next, address) != 0)
            hand_on(l, address, false);
        memcpy(address, next, sizeof address);
        ingest_frame_line(str_make(parts[i].iov_base, messages[i].msg_len), &l->text);
        note_kernel_drops(l, &messages[i].msg_hdr);
    }
    if (n > 0)
        hand_on(l, address, false);
}

static void accept_one(struct ingest_listen *l)
{
    struct sockaddr_storage from;
    socklen_t               size = sizeof from;
    int fd = accept4(l->tcp, (struct sockaddr *)&from, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd < 0)
        return;
    for (int i = 0; i < INGEST_LISTEN_CONNECTIONS; i++) {
        struct connection *c = &l->connections[i];

        if (c->fd >= 0)
            continue;
        c->fd = fd;
        ingest_frame_init(&c->frame, INGEST_LISTEN_MESSAGE);
        print_address(&from, size, c->address);
        watch(l, fd, (uint64_t)i);
        return;
    }
    log_warn(EV_INGEST_SOURCE, F_CSTR("source", "syslog"),
             F_CSTR("what", "too many connections: one was refused"));
    close(fd);
}

static void end_connection(struct ingest_listen *l, struct connection *c)
{
    ingest_frame_finish(&c->frame, &l->text);
    hand_on(l, c->address, true);
    ingest_stats_add(l->core->stats, INGEST_STATS_SYSLOG_LOST, c->frame.cut);
    ingest_frame_done(&c->frame);
    close(c->fd);
    c->fd = -1;
}

/* Waiting for room here leaves the connections unread: their senders' windows close. */
static void read_connection(struct ingest_listen *l, struct connection *c)
{
    char   *piece = l->datagrams; /* the same memory: one thread, one use at a time */
    ssize_t n = read(c->fd, piece, PIECE);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        end_connection(l, c);
        return;
    }
    ingest_frame_feed(&c->frame, str_make(piece, (size_t)n), &l->text);
    hand_on(l, c->address, true);
}

/* Losses are rows of Health, one a minute at most. */
static void report_losses(struct ingest_listen *l)
{
    uint64_t                  lost = ingest_stats_get(l->core->stats, INGEST_STATS_SYSLOG_LOST);
    int64_t                   now = env_monotonic_ns(l->core->env);
    struct ingest_live_health h = { .source = S("syslog"),
                                    .code = S("SYSLOG_LOST"),
                                    .lost = lost - l->reported };

    if (lost == l->reported || now - l->reported_at < REPORT_NS * INT64_C(1000000000))
        return;
    h.reason = S("Messages came faster than they could be kept, or were longer than 64 KiB.");
    h.remedy = S("Send over TCP, which waits; or raise net.core.rmem_max.");
    ingest_live_health(l->live, &h);
    l->reported = lost;
    l->reported_at = now;
}

static void *run(void *arg)
{
    struct ingest_listen *l = arg;

    while (!ingest_core_stopping(l->core)) {
        struct epoll_event events[BURST];
        int                n = epoll_wait(l->epoll, events, BURST, POLL_MS);

        for (int i = 0; i < n; i++) {
            uint64_t tag = events[i].data.u64;

            if (tag == TAG_UDP)
                take_datagrams(l);
            else if (tag == TAG_TCP)
                accept_one(l);
            else if (l->connections[tag].fd >= 0)
                read_connection(l, &l->connections[tag]);
        }
        report_losses(l);
    }
    return NULL;
}

/* --- life --- */

enum rc ingest_listen_start(struct ingest_listen *l, struct ingest_live *live, struct err *err)
{
    l->live = live;
    l->runs = pthread_create(&l->thread, NULL, run, l) == 0;
    return l->runs ? RC_OK : err_set(err, RC_INTERNAL, "no thread could be started to take syslog");
}

struct ingest_listen *ingest_listen_stop(struct ingest_listen *l)
{
    if (!l)
        return NULL;
    if (l->runs)
        pthread_join(l->thread, NULL);
    for (int i = 0; i < INGEST_LISTEN_CONNECTIONS; i++) {
        if (l->connections[i].fd >= 0) {
            ingest_frame_done(&l->connections[i].frame);
            close(l->connections[i].fd);
        }
    }
    auto_fd_close(&l->udp);
    auto_fd_close(&l->tcp);
    auto_fd_close(&l->epoll);
    mem_free(l->connections);
    mem_free(l->datagrams);
    strbuf_done(&l->text);
    return mem_free(l);
}
