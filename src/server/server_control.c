/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_control.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum rc server_control_pair(int *ours, int *childs, struct err *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return err_errno(err, RC_IO, errno, "the server's control socket");
    if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0) {
        close(pair[0]);
        close(pair[1]);
        return err_errno(err, RC_IO, errno, "the server's control socket");
    }
    *ours = pair[0];
    *childs = pair[1];
    return RC_OK;
}

bool server_control_say(const struct server_control *c, str line)
{
    AUTO_STRBUF whole = STRBUF_INIT(SERVER_CONTROL_MAX);
    strbuf_add(&whole, line);
    strbuf_addc(&whole, '\n');
    if (c->fd < 0 || whole.overflow)
        return false;
    ssize_t n = send(c->fd, whole.p, whole.n, MSG_NOSIGNAL);
    bool    sent = n == (ssize_t)whole.n;
    mem_wipe(whole.p, whole.n);
    return sent;
}

bool server_control_say_word(const struct server_control *c, const char *say, str value)
{
    AUTO_STRBUF   line = STRBUF_INIT(SERVER_CONTROL_MAX);
    struct json_w w = json_w_make(&line);
    json_w_object(&w);
    json_w_kstr(&w, S("say"), str_of(say));
    if (value.n)
        json_w_kstr(&w, S("value"), value);
    json_w_end(&w);
    bool sent = server_control_say(c, strbuf_view(&line));
    mem_wipe(line.p, line.n);
    return sent;
}

/* Cuts the first whole line off the buffer. RC_NOT_FOUND: there is none; RC_LIMIT: the arena is full. */
static enum rc cut_line(struct server_control *c, struct arena *a, const struct json **out, struct err *err)
{
    char *end;
    while ((end = memchr(c->buf, '\n', c->n))) {
        size_t  n = (size_t)(end - c->buf);
        enum rc rc = json_parse(a, str_make(c->buf, n), out, err);
        c->n -= n + 1;
        memmove(c->buf, end + 1, c->n);
        mem_wipe(c->buf + c->n, n + 1);
        if (rc == RC_OK || rc == RC_LIMIT)
            return rc;
    }
    return RC_NOT_FOUND;
}

enum rc server_control_next(struct server_control *c, struct arena *a, const struct json **out,
                            struct err *err)
{
    enum rc rc;
    while ((rc = cut_line(c, a, out, err)) == RC_NOT_FOUND) {
        if (c->n == sizeof c->buf)
            return err_set(err, RC_LIMIT, "a control line is over %d bytes", SERVER_CONTROL_MAX);
        ssize_t n = c->fd < 0 ? 0 : recv(c->fd, c->buf + c->n, sizeof c->buf - c->n, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return err_set(err, RC_NOT_FOUND, "nothing was said yet");
        if (n <= 0)
            return err_set(err, RC_UNAVAILABLE, "the other end of the control socket is gone");
        c->n += (size_t)n;
    }
    return rc;
}

bool server_control_pending(const struct server_control *c)
{
    return memchr(c->buf, '\n', c->n) != NULL;
}
