/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/auto.h"

enum { BACKLOG = 512, SOCKET_FLAGS = SOCK_STREAM | SOCK_CLOEXEC };

static bool somebody_answers(const struct sockaddr_un *addr)
{
    AUTO_FD fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)addr, sizeof *addr) == 0;
}

/* The mode holds from the first moment; umask is the only way to say so. Only called while a program starts.
 */
static enum rc bind_unix(int fd, const struct sockaddr_un *addr, struct err *err)
{
    mode_t before = umask(0177);
    int    rc = bind(fd, (const struct sockaddr *)addr, sizeof *addr);
    int    error = errno;
    umask(before);
    if (rc < 0)
        return err_errno(err, RC_IO, error, "socket %s", addr->sun_path);
    return RC_OK;
}

static enum rc open_unix(str path, int *out, struct err *err)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };

    if (!str_to_cstr(path, addr.sun_path, sizeof addr.sun_path))
        return err_set(err, RC_INVALID,
                       "a socket's path has at most %zu bytes, this one %zu: \"" STR_FMT "\"",
                       sizeof addr.sun_path - 1, path.n, STR_ARG(path));
    if (somebody_answers(&addr))
        return err_set(err, RC_CONFLICT, "another process listens on %s", addr.sun_path);
    if (unlink(addr.sun_path) < 0 && errno != ENOENT)
        return err_errno(err, RC_IO, errno, "old socket %s", addr.sun_path);

    AUTO_FD fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "unix socket");
    TRY(bind_unix(fd, &addr, err));
    if (listen(fd, BACKLOG) < 0)
        return err_errno(err, RC_IO, errno, "socket %s", addr.sun_path);
    *out = auto_fd_take(&fd);
    return RC_OK;
}

static enum rc open_inet(const struct addrinfo *ai, str listen_on, int *out, struct err *err)
{
    AUTO_FD fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC, ai->ai_protocol);
    int     on = 1, off = 0;

    if (fd < 0)
        return err_errno(err, RC_IO, errno, "socket for " STR_FMT, STR_ARG(listen_on));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (ai->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
        if (errno == EADDRINUSE)
            return err_set(err, RC_CONFLICT,
                           STR_FMT " is taken by another program: stop it or listen elsewhere",
                           STR_ARG(listen_on));
        if (errno == EACCES)
            return err_set(err, RC_FORBIDDEN, "only root may listen on " STR_FMT " (ports below 1024)",
                           STR_ARG(listen_on));
        return err_errno(err, RC_IO, errno, "listening on " STR_FMT, STR_ARG(listen_on));
    }
    *out = auto_fd_take(&fd);
    return RC_OK;
}

static enum rc resolve(str listen_on, struct addrinfo **out, struct err *err)
{
    char    host[256], port[16];
    size_t  colon = str_rfind_byte(listen_on, ':');
    str     name = str_slice(listen_on, 0, colon == STR_NPOS ? 0 : colon);
    int64_t number;

    if (str_starts(name, S("[")) && str_ends(name, S("]")))
        name = str_slice(name, 1, name.n - 1);
    if (str_eq_ci(name, S("localhost")))
        name = S("127.0.0.1");
    if (colon == STR_NPOS || !str_to_cstr(name, host, sizeof host) ||
        !str_to_cstr(str_from(listen_on, colon + 1), port, sizeof port) ||
        !str_to_i64(str_of(port), &number) || number < 0 || number > 65535)
        return err_set(err, RC_INVALID, "an address to listen on is HOST:PORT, not \"" STR_FMT "\"",
                       STR_ARG(listen_on));

    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    int             rc = getaddrinfo(name.n ? host : NULL, port, &hints, out);
    if (rc != 0)
        return err_set(err, RC_INVALID, "\"%s\" is no address of this machine: %s", host, gai_strerror(rc));
    return RC_OK;
}

enum rc http_listen_open(str listen_on, int *fd, struct err *err)
{
    if (str_starts(listen_on, S("unix:")))
        return open_unix(str_from(listen_on, 5), fd, err);
    struct addrinfo *ai = NULL;
    TRY(resolve(listen_on, &ai, err));
    enum rc rc = open_inet(ai, listen_on, fd, err);
    freeaddrinfo(ai);
    return rc;
}

int http_listen_port(int fd)
{
    struct sockaddr_storage addr = { 0 };
    socklen_t               n = sizeof addr;

    if (getsockname(fd, (struct sockaddr *)&addr, &n) < 0)
        return 0;
    if (addr.ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)(const void *)&addr)->sin_port);
    if (addr.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)(const void *)&addr)->sin6_port);
    return 0;
}

str http_listen_address(struct arena *a, const struct sockaddr_storage *addr)
{
    char host[INET6_ADDRSTRLEN] = "";

    if (addr->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)addr;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        return arena_printf(a, "%s:%d", host, ntohs(in->sin_port));
    }
    if (addr->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)addr;
        inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
        return arena_printf(a, "[%s]:%d", host, ntohs(in->sin6_port));
    }
    return S("unknown");
}
