/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_port.h"

#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/auto.h"
#include "cli/cli_opts.h"

enum { TCP_LISTEN_STATE = 10, COMM_SIZE = 32 };

/* One address to try, by one transport. */
struct attempt {
    const char *address, *option;
    uint16_t    port;
    int         kind; /* SOCK_STREAM or SOCK_DGRAM */
};

/* The inode of the socket that listens on `port`, from one of the kernel's tables; 0 when it shows none. */
static uint64_t inode_in(const char *table, const struct attempt *a)
{
    char     line[512];
    uint64_t found = 0;
    FILE    *f = fopen(table, "re");
    if (!f)
        return 0;
    while (!found && fgets(line, sizeof line, f)) {
        unsigned           local_port, state;
        unsigned long long inode;
        int n = sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*u %*d %llu",
                       &local_port, &state, &inode);
        if (n == 3 && local_port == a->port && (a->kind == SOCK_DGRAM || state == TCP_LISTEN_STATE))
            found = inode;
    }
    fclose(f);
    return found;
}

static bool holds(const char *pid, const char *link_text)
{
    char           dir[64], target[64];
    struct dirent *e;
    bool           found = false;

    snprintf(dir, sizeof dir, "/proc/%.20s/fd", pid);
    DIR *d = opendir(dir);
    while (d && !found && (e = readdir(d))) {
        ssize_t n = readlinkat(dirfd(d), e->d_name, target, sizeof target - 1);
        if (n > 0) {
            target[n] = 0;
            found = strcmp(target, link_text) == 0;
        }
    }
    if (d)
        closedir(d);
    return found;
}

static void read_comm(const char *pid, char comm[COMM_SIZE])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
    FILE *f = fopen(path, "re");
    comm[0] = 0;
    if (!f)
        return;
    if (fgets(comm, COMM_SIZE, f))
        comm[strcspn(comm, "\n")] = 0;
    fclose(f);
}

/* The process that listens on `port`: "process 12 (nginx)", or "another process" when /proc does not tell. */
static void owner(const struct attempt *a, char *out, size_t size)
{
    bool           udp = a->kind == SOCK_DGRAM;
    char           link_text[64], comm[COMM_SIZE];
    struct dirent *e;
    uint64_t       inode = inode_in(udp ? "/proc/net/udp" : "/proc/net/tcp", a);

    snprintf(out, size, "another process");
    if (!inode)
        inode = inode_in(udp ? "/proc/net/udp6" : "/proc/net/tcp6", a);
    if (!inode)
        return;
    snprintf(link_text, sizeof link_text, "socket:[%llu]", (unsigned long long)inode);
    DIR *d = opendir("/proc");
    while (d && (e = readdir(d))) {
        if (e->d_name[0] < '1' || e->d_name[0] > '9' || !holds(e->d_name, link_text))
            continue;
        read_comm(e->d_name, comm);
        snprintf(out, size, "process %.20s (%s)", e->d_name, comm);
        break;
    }
    if (d)
        closedir(d);
}

static enum rc refuse(const struct attempt *a, int errnum, struct err *err)
{
    char who[96];
    switch (errnum) {
    case EADDRINUSE:
        owner(a, who, sizeof who);
        return err_set(err, RC_CONFLICT, "%s is taken by %s; stop that one or choose another port with %s",
                       a->address, who, a->option);
    case EACCES:
        return err_set(err, RC_FORBIDDEN, "%s: ports below 1024 are kept for root; choose one above with %s",
                       a->address, a->option);
    case EADDRNOTAVAIL:
        return err_set(err, RC_INVALID, "%s is no address of this machine; `ip address` lists those",
                       a->address);
    default:
        return err_errno(err, RC_IO, errnum, "%s", a->address);
    }
}

static enum rc try_bind(const struct addrinfo *ai, const struct attempt *a, struct err *err)
{
    AUTO_FD fd = socket(ai->ai_family, a->kind | SOCK_CLOEXEC, 0);
    int     on = 1;
    if (fd < 0)
        return errno == EAFNOSUPPORT ? RC_OK : err_errno(err, RC_IO, errno, "%s", a->address);
    if (a->kind == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (ai->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || (a->kind == SOCK_STREAM && listen(fd, 1) != 0)) {
        /* localhost may resolve to ::1 where the machine has no IPv6 address */
        if (errno == EADDRNOTAVAIL && ai->ai_family == AF_INET6)
            return RC_OK;
        return refuse(a, errno, err);
    }
    return RC_OK;
}

static enum rc try_all(const struct addrinfo *list, const struct attempt *a, struct err *err)
{
    enum rc rc = RC_OK;

    for (const struct addrinfo *ai = list; ai && rc == RC_OK; ai = ai->ai_next) {
        if (ai->ai_family == AF_INET)
            ((struct sockaddr_in *)(void *)ai->ai_addr)->sin_port = htons(a->port);
        else if (ai->ai_family == AF_INET6)
            ((struct sockaddr_in6 *)(void *)ai->ai_addr)->sin6_port = htons(a->port);
        else
            continue;
        rc = try_bind(ai, a, err);
    }
    return rc;
}

enum rc cli_port_check(const char *address, enum cli_port_use use, struct err *err)
{
    char             host[256];
    struct addrinfo *list = NULL, hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    bool             syslog = use == CLI_PORT_SYSLOG;
    struct attempt   a = { address, syslog ? "--syslog" : "--listen", 0, SOCK_STREAM };

    TRY(cli_opts_address(address, host, sizeof host, &a.port, err));
    int e = getaddrinfo(strcmp(host, "*") == 0 ? NULL : host, NULL, &hints, &list);
    if (e != 0)
        return err_set(err, RC_INVALID, "%s: the host is not known (%s)", address, gai_strerror(e));
    enum rc rc = try_all(list, &a, err);
    if (rc == RC_OK && syslog) {
        a.kind = SOCK_DGRAM;
        rc = try_all(list, &a, err);
    }
    freeaddrinfo(list);
    return rc;
}
