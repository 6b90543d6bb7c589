/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"

#define NS_PER_MS INT64_C(1000000)
#define START_WAIT MINUTES(5) /* a store of years takes its time to open */
#define DAY_NS INT64_C(86400000000000)

enum {
    FAST_TICK_MS = 10,   /* while something starts or stops */
    SLOW_TICK_MS = 1000, /* at rest */
    ASK_EVERY_MS = 5000,
    ASK_WAIT_MS = 500,
    STOP_WAIT_MS = 20000, /* then it is killed */
    PASSWORD_MAX = 256,
    QUOTE_MAX = 300,
};

static const int64_t LOG_MAX_BYTES = INT64_C(64) << 20;

/* What lives as long as one run. */
struct run {
    struct server_supervise *s;
    struct arena            *arena; /* of one message */
    int                      signals;
    bool                     stopping, was_ready;
    int64_t                  next_ask, next_day;
    char                     password[PASSWORD_MAX]; /* the one made up, until it is shown */
};

static int64_t now_ns(void)
{
    return env_monotonic_ns(env_real());
}

static struct server_child *last_child(struct run *r)
{
    return &r->s->children[r->s->n - 1];
}

/* Tells the server how everybody is. A server that is down hears it when it is up again. */
static void say_processes(struct run *r)
{
    AUTO_STRBUF   line = STRBUF_INIT(SERVER_CONTROL_MAX);
    struct json_w w = json_w_make(&line);

    json_w_object(&w);
    json_w_kstr(&w, S("say"), S("processes"));
    json_w_key(&w, S("value"));
    json_w_array(&w);
    for (size_t i = 0; i < r->s->n; i++) {
        const struct server_child *c = &r->s->children[i];
        json_w_object(&w);
        json_w_kstr(&w, S("name"), str_of(c->name));
        json_w_ki64(&w, S("pid"), c->pid);
        json_w_kstr(&w, S("state"), str_of(server_child_state_name(c->state)));
        json_w_ki64(&w, S("restarts"), c->restarts);
        json_w_end(&w);
    }
    json_w_object(&w);
    json_w_kstr(&w, S("name"), S("supervisor"));
    json_w_ki64(&w, S("pid"), getpid());
    json_w_kstr(&w, S("state"), S("up"));
    json_w_ki64(&w, S("restarts"), 0);
    json_w_end(&w);
    json_w_end(&w);
    json_w_end(&w);
    server_control_say(&last_child(r)->control, strbuf_view(&line));
}

static void say_ended(struct run *r, const struct server_child *c)
{
    AUTO_STRBUF   line = STRBUF_INIT(SERVER_CONTROL_MAX);
    struct json_w w = json_w_make(&line);

    json_w_object(&w);
    json_w_kstr(&w, S("say"), S("ended"));
    json_w_kstr(&w, S("name"), str_of(c->name));
    json_w_kstr(&w, S("how"), str_of(c->how));
    json_w_ki64(&w, S("restarts"), c->restarts + 1);
    json_w_ki64(&w, S("waitMs"), c->wait / NS_PER_MS);
    json_w_end(&w);
    server_control_say(&last_child(r)->control, strbuf_view(&line));
}

/* The text of the last line that the child logged, for people: the "error" field of a JSON line, or the line.
 */
static str last_words(struct run *r, const char *path)
{
    str         text, line, last = STR_NONE;
    struct stat st;
    if (!path || stat(path, &st) != 0 ||
        file_read(r->arena, path, (size_t)LOG_MAX_BYTES * 2, &text, NULL) != RC_OK)
        return S("its log may say more");
    text = str_from(text, text.n > 8192 ? text.n - 8192 : 0);
    while (str_split(&text, '\n', &line)) {
        const struct json *j;
        line = str_trim(line);
        if (!line.n)
            continue;
        if (json_parse(r->arena, line, &j, NULL) != RC_OK)
            last = line;
        else if (!str_eq(json_str(j, S("process"), STR_NONE), S("supervisor")))
            last = json_str(j, S("error"), line);
    }
    return last.n ? str_slice(last, 0, QUOTE_MAX) : S("none");
}

static void mark_up(struct run *r, struct server_child *c)
{
    c->state = SERVER_CHILD_UP;
    c->ever_up = true;
    c->answered = now_ns();
    log_info(EV_CHILD_STARTED, F_CSTR("child", c->name), F_INT("pid", c->pid),
             F_INT("ms", (c->answered - c->started) / NS_PER_MS));
    say_processes(r);
}

/* --- what the server says --- */

static void hear(struct run *r, struct server_child *c, const struct json *said)
{
    str word = json_str(said, S("say"), STR_NONE);
    c->answered = now_ns();
    if (str_eq(word, S("ready")) && c->state == SERVER_CHILD_STARTING) {
        mark_up(r, c);
    } else if (str_eq(word, S("password"))) {
        if (!str_to_cstr(json_str(said, S("value"), STR_NONE), r->password, sizeof r->password))
            r->password[0] = 0;
    }
}

static void hear_all(struct run *r, struct server_child *c)
{
    const struct json *said;
    struct err         err;
    enum rc            rc = RC_OK;
    while (c->control.fd >= 0 && (rc = server_control_next(&c->control, r->arena, &said, &err)) == RC_OK)
        hear(r, c, said);
    arena_reset(r->arena);
    if (rc != RC_LIMIT)
        return;
    /* Something it said is lost: only a new one says all of it again. */
    log_error(EV_CHILD_EXITED, F_CSTR("child", c->name), F_ERR(&err));
    server_child_signal(c, SIGKILL);
}

static void say_begin(struct run *r, struct server_child *c)
{
    AUTO_STRBUF   line = STRBUF_INIT(SERVER_CONTROL_MAX);
    struct json_w w = json_w_make(&line);
    json_w_object(&w);
    json_w_kstr(&w, S("say"), S("begin"));
    if (r->s->admin_password)
        json_w_kstr(&w, S("adminPassword"), str_of(r->s->admin_password));
    json_w_end(&w);
    server_control_say(&c->control, strbuf_view(&line));
    mem_wipe(line.p, line.n);
}

/* --- up --- */

static enum rc start(struct run *r, struct server_child *c, struct err *err)
{
    TRY(server_child_start(c, r->s->log_fd, now_ns(), err));
    if (c->controlled)
        say_begin(r, c);
    return RC_OK;
}

static enum rc start_due(struct run *r, struct err *err)
{
    for (size_t i = 0; i < r->s->n; i++) {
        struct server_child *c = &r->s->children[i];
        bool                 first_in_turn = i == 0 || r->s->children[i - 1].ever_up;
        if (c->state == SERVER_CHILD_DOWN && first_in_turn && now_ns() >= c->next_start)
            TRY(start(r, c, err));
    }
    return RC_OK;
}

static bool all_up(const struct run *r)
{
    for (size_t i = 0; i < r->s->n; i++) {
        if (r->s->children[i].state != SERVER_CHILD_UP)
            return false;
    }
    return true;
}

static void ask_starting(struct run *r)
{
    for (size_t i = 0; i < r->s->n; i++) {
        struct server_child *c = &r->s->children[i];
        if (c->state == SERVER_CHILD_STARTING && c->socket && server_child_asks(c, ASK_WAIT_MS))
            mark_up(r, c);
    }
}

static void kill_silent(struct run *r, struct server_child *c)
{
    int64_t limit = (c->state == SERVER_CHILD_UP ? r->s->watchdog : START_WAIT) * 100; /* ticks of 100 ns */
    if (!c->pid || now_ns() - c->answered < limit)
        return;
    log_error(EV_CHILD_EXITED, F_CSTR("child", c->name), F_INT("pid", c->pid),
              F_CSTR("error", "it gave no sign of life and is killed"), F_INT("silentMs", limit / NS_PER_MS));
    server_child_signal(c, SIGKILL);
}

/* Every few seconds: is each one alive? */
static void ask_up(struct run *r)
{
    if (now_ns() < r->next_ask)
        return;
    for (size_t i = 0; i < r->s->n; i++) {
        struct server_child *c = &r->s->children[i];
        if (c->state == SERVER_CHILD_UP && !c->socket)
            server_control_say_word(&c->control, "ping", STR_NONE);
        else if (c->state == SERVER_CHILD_UP && server_child_asks(c, ASK_WAIT_MS))
            c->answered = now_ns();
        kill_silent(r, c);
    }
    r->next_ask = now_ns() + ASK_EVERY_MS * NS_PER_MS;
}

/* --- ends --- */

static enum rc note_end(struct run *r, struct server_child *c, struct err *err)
{
    log_warn(EV_CHILD_EXITED, F_CSTR("child", c->name), F_CSTR("how", c->how),
             F_INT("waitMs", c->wait / NS_PER_MS));
    say_ended(r, c);
    say_processes(r);
    if (r->was_ready || c->starts < SERVER_SUPERVISE_TRIES)
        return RC_OK;
    str words = last_words(r, r->s->log_path);
    return err_set(err, RC_UNAVAILABLE, "the %s %s before it was ready, %u times; its last words: " STR_FMT,
                   c->name, c->how, c->starts, STR_ARG(words));
}

static enum rc reap_all(struct run *r, struct err *err)
{
    for (size_t i = 0; i < r->s->n; i++) {
        struct server_child *c = &r->s->children[i];
        if (c->controlled)
            hear_all(r, c);
        if (server_child_reap(c, now_ns()) && !r->stopping)
            TRY(note_end(r, c, err));
    }
    return RC_OK;
}

static void stop_one(struct run *r, struct server_child *c)
{
    int64_t until = now_ns() + STOP_WAIT_MS * NS_PER_MS;
    bool    killed = false;

    if (!c->pid)
        return;
    c->state = SERVER_CHILD_STOPPING;
    server_child_signal(c, SIGTERM);
    server_child_signal(c, SIGCONT); /* one that was stopped must hear it */
    while (!server_child_reap(c, now_ns())) {
        struct pollfd p = { .fd = c->pidfd, .events = POLLIN };
        if (!killed && now_ns() > until) {
            log_error(EV_CHILD_EXITED, F_CSTR("child", c->name),
                      F_CSTR("error", "it did not stop when asked and is killed"));
            server_child_signal(c, SIGKILL);
            killed = true;
        }
        poll(&p, c->pidfd >= 0 ? 1 : 0, FAST_TICK_MS);
        if (c->controlled)
            hear_all(r, c);
    }
}

static void stop_all(struct run *r)
{
    r->stopping = true;
    for (size_t i = r->s->n; i-- > 0;)
        stop_one(r, &r->s->children[i]);
}

/* --- the loop --- */

/* The log is one file that all children hold open: it is copied away and cut, not renamed. */
static void rotate_log(const struct server_supervise *s)
{
    struct stat st;
    char        old[4200];
    AUTO(arena) a = arena_new((size_t)LOG_MAX_BYTES * 4);
    str text;
    if (!s->log_path || fstat(s->log_fd, &st) != 0 || st.st_size < LOG_MAX_BYTES)
        return;
    snprintf(old, sizeof old, "%.4096s.1", s->log_path);
    if (file_read(a, s->log_path, (size_t)LOG_MAX_BYTES * 2, &text, NULL) == RC_OK)
        (void)!file_write_atomic(old, text, 0600, NULL);
    (void)!ftruncate(s->log_fd, 0);
}

static void each_day(struct run *r)
{
    if (now_ns() < r->next_day)
        return;
    r->next_day = now_ns() + DAY_NS;
    if (r->was_ready && r->s->daily && r->s->daily(r->s->ctx))
        stop_one(r, last_child(r)); /* started again at once, with the new certificate */
}

static void note_ready(struct run *r)
{
    if (r->was_ready || !all_up(r))
        return;
    r->was_ready = true;
    r->s->ready(r->s->ctx, r->password[0] ? r->password : NULL);
    mem_wipe(r->password, sizeof r->password);
}

static bool is_stop_asked(struct run *r)
{
    struct signalfd_siginfo info;
    bool                    asked = false;
    while (read(r->signals, &info, sizeof info) == (ssize_t)sizeof info)
        asked |= info.ssi_signo != SIGCHLD;
    return asked;
}

static void wait_for_news(struct run *r)
{
    struct pollfd p[2] = { { .fd = r->signals, .events = POLLIN },
                           { .fd = last_child(r)->control.fd, .events = POLLIN } };
    poll(p, 2, all_up(r) ? SLOW_TICK_MS : FAST_TICK_MS);
}

static enum rc loop(struct run *r, struct err *err)
{
    while (!is_stop_asked(r)) {
        TRY(reap_all(r, err));
        TRY(start_due(r, err));
        ask_starting(r);
        note_ready(r);
        ask_up(r);
        each_day(r);
        rotate_log(r->s);
        wait_for_news(r);
    }
    return RC_OK;
}

enum rc server_supervise_run(struct server_supervise *s, struct err *err)
{
    struct run r = { .s = s };
    AUTO(arena) arena = arena_new((size_t)LOG_MAX_BYTES * 4);
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    r.arena = arena;
    r.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (r.signals < 0)
        return err_errno(err, RC_IO, errno, "signalfd");
    r.next_day = now_ns() + DAY_NS;
    enum rc rc = loop(&r, err);
    stop_all(&r);
    close(r.signals);
    return rc;
}
