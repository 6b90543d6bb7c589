/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify.h"

#include <pthread.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "notify/notify_conf.h"
#include "notify/notify_due.h"
#include "state/state_stmt.h"

enum { AT_ONCE = 20, LISTED = 20 };
#define POLL SECONDS(5)
#define LONGEST_PAUSE HOURS(1)

struct notify {
    struct notify_opts opts;
    pthread_t          thread;
    pthread_mutex_t    lock; /* of what follows */
    pthread_cond_t     wake;
    bool               stopping, woken;
};

/* --- the queue --- */

struct waiting {
    int64_t id, attempts;
    ts      created;
    str     to, subject, body;
};

typedef VEC(struct waiting) waiting_list;

static enum rc read_due(struct notify *n, struct arena *a, waiting_list *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool more;

    TRY(state_tx_read(n->opts.state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT id, attempts, created, receiver, subject, body FROM mail_queue WHERE ended = 0 "
        "AND next_at <= ? ORDER BY next_at LIMIT ?",
        STATE_ARGS(STATE_I(env_now(n->opts.env)), STATE_I(AT_ONCE)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        *vec_push_in(a, out) = (struct waiting) { .id = state_stmt_i64(st, 0),
                                                  .attempts = state_stmt_i64(st, 1),
                                                  .created = state_stmt_i64(st, 2),
                                                  .to = state_stmt_str_in(st, 3, a),
                                                  .subject = state_stmt_str_in(st, 4, a),
                                                  .body = state_stmt_str_in(st, 5, a) };
    }
}

static enum rc log_lost(struct notify *n, struct state_tx *tx, const struct waiting *m, str why,
                        struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(64 * 1024);
    struct json_w w = json_w_make(&text);

    if (!n->opts.log)
        return RC_OK;
    json_w_object(&w);
    json_w_ktime(&w, S("TimeGenerated"), env_now(n->opts.env));
    json_w_kstr(&w, S("OperationName"), S("Mail"));
    json_w_kstr(&w, S("Status"), S("Loss"));
    json_w_kstr(&w, S("Description"), m->subject);
    json_w_kstr(&w, S("Reason"), why);
    json_w_end(&w);
    TRY(strbuf_ok(&text, "a row of Health", err));
    return n->opts.log(tx, S("Health"), strbuf_view(&text), err);
}

static duration pause_after(int64_t attempts)
{
    duration pause = MINUTES(1) << (attempts > 6 ? 6 : attempts);
    return pause > LONGEST_PAUSE ? LONGEST_PAUSE : pause;
}

/* How it went: sent, to be tried again, or given up. */
static enum rc note(struct notify *n, const struct waiting *m, bool sent, str why, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    ts   now = env_now(n->opts.env);
    bool over = !sent && now - m->created >= NOTIFY_PATIENCE;

    TRY(state_tx_write(n->opts.state, &tx, err));
    TRY(state_stmt_run(tx,
                       "UPDATE mail_queue SET attempts = attempts + 1, next_at = ?, ended = ?, status = ?, "
                       "error = ? WHERE id "
                       "= ?",
                       STATE_ARGS(STATE_I(now + pause_after(m->attempts)), STATE_I(sent || over ? now : 0),
                                  STATE_S(sent   ? S("Sent")
                                          : over ? S("GivenUp")
                                                 : S("Waiting")),
                                  STATE_S(why), STATE_I(m->id)),
                       err));
    if (over)
        TRY(log_lost(n, tx, m, why, err));
    if (sent || over)
        TRY(state_stmt_run(
            tx,
            "DELETE FROM mail_queue WHERE ended > 0 AND id <= (SELECT id FROM mail_queue WHERE "
            "ended > 0 ORDER BY id DESC LIMIT 1 OFFSET ?)",
            STATE_ARGS(STATE_I(NOTIFY_KEPT)), err));
    return state_tx_commit(tx, err);
}

static enum rc send_one(struct notify *n, const struct notify_conf *conf, const struct waiting *m,
                        struct arena *a, struct err *err)
{
    VEC(str) to = { 0 };
    struct err why = { 0 };
    str        rest = m->to, one;

    while (str_split(&rest, ';', &one))
        if (notify_conf_address(str_trim(one)))
            *vec_push_in(a, &to) = str_trim(one);
    str                    host = str_from(conf->server.from, str_find_byte(conf->server.from, '@') + 1);
    const struct http_mail mail = { .to = to.p,
                                    .n_to = to.n,
                                    .subject = m->subject,
                                    .text = m->body,
                                    .id = arena_printf(a, "vedette.%lld.%lld@" STR_FMT, (long long)m->id,
                                                       (long long)m->created, STR_ARG(host)),
                                    .date = m->created };
    bool                   sent = http_mail_send(&conf->server, &mail, &why) == RC_OK;
    return note(n, m, sent, str_of(why.text), err);
}

static bool is_stopping(struct notify *n)
{
    pthread_mutex_lock(&n->lock);
    bool stop = n->stopping;
    pthread_mutex_unlock(&n->lock);
    return stop;
}

static enum rc look(struct notify *n, struct err *err)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct notify_conf conf;
    waiting_list       due = { 0 };

    TRY(notify_conf_read(a, n->opts.conf, &conf, err));
    if (!conf.there)
        return RC_OK;
    TRY(notify_due_write(&n->opts, &conf, err));
    TRY(read_due(n, a, &due, err));
    for (size_t i = 0; i < due.n && !is_stopping(n); i++)
        TRY(send_one(n, &conf, &due.p[i], a, err));
    return RC_OK;
}

static void *work(void *arg)
{
    struct notify *n = arg;
    enum rc        before = RC_OK;

    while (!is_stopping(n)) {
        struct err err = { 0 };
        enum rc    rc = look(n, &err);
        if (rc != RC_OK && rc != before)
            log_warn(EV_MAIL_FAILED, F_ERR(&err));
        before = rc;
        pthread_mutex_lock(&n->lock);
        struct timespec until = deadline_in(n->opts.poll);
        if (!n->woken && !n->stopping)
            (void)pthread_cond_timedwait(&n->wake, &n->lock, &until);
        n->woken = false;
        pthread_mutex_unlock(&n->lock);
    }
    return NULL;
}

enum rc notify_open(const struct notify_opts *opts, struct notify **out, struct err *err)
{
    struct notify *n = MEM_NEW(struct notify);

    *n = (struct notify) { .opts = *opts };
    if (!n->opts.poll)
        n->opts.poll = POLL;
    pthread_mutex_init(&n->lock, NULL);
    deadline_cond_init(&n->wake);
    int failed = pthread_create(&n->thread, NULL, work, n);
    if (failed) {
        mem_free(n);
        return err_errno(err, RC_INTERNAL, failed, "the thread of messages");
    }
    *out = n;
    return RC_OK;
}

void notify_wake(struct notify *n)
{
    pthread_mutex_lock(&n->lock);
    n->woken = true;
    pthread_cond_signal(&n->wake);
    pthread_mutex_unlock(&n->lock);
}

struct notify *notify_close(struct notify *n)
{
    if (!n)
        return NULL;
    pthread_mutex_lock(&n->lock);
    n->stopping = true;
    pthread_cond_signal(&n->wake);
    pthread_mutex_unlock(&n->lock);
    pthread_join(n->thread, NULL);
    pthread_cond_destroy(&n->wake);
    pthread_mutex_destroy(&n->lock);
    return mem_free(n);
}

/* --- asking --- */

enum rc notify_try(struct notify *n, str addresses, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    str                             rest = addresses, one;
    size_t                          count = 0;
    const struct notify_due_message m = { addresses, S("Vedette: a trial"),
                                          S("This message was sent to try the settings of mail.\n") };

    while (str_split(&rest, ';', &one)) {
        count++;
        if (!notify_conf_address(str_trim(one)))
            return err_set(err, RC_INVALID, "'" STR_FMT "' is no address", STR_ARG(str_slice(one, 0, 80)));
    }
    if (!count || count > HTTP_MAIL_MAX_TO)
        return err_set(err, RC_INVALID, "1 to %d addresses", HTTP_MAIL_MAX_TO);
    TRY(state_tx_write(n->opts.state, &tx, err));
    TRY(notify_due_put(tx, &m, env_now(n->opts.env), err));
    TRY(state_tx_commit(tx, err));
    notify_wake(n);
    return RC_OK;
}

static enum rc write_messages(struct notify *n, struct json_w *w, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    AUTO(state_stmt) count = NULL;
    bool more;

    TRY(state_tx_read(n->opts.state, &tx, err));
    TRY(state_stmt_one(tx, "SELECT count(*) FROM mail_queue WHERE ended = 0", STATE_NO_ARGS, &count, err));
    json_w_ki64(w, S("waiting"), state_stmt_i64(count, 0));
    json_w_key(w, S("messages"));
    json_w_array(w);
    TRY(state_stmt_open(tx,
                        "SELECT id, receiver, subject, created, attempts, next_at, ended, status, error FROM "
                        "mail_queue ORDER BY id DESC LIMIT ?",
                        STATE_ARGS(STATE_I(LISTED)), &st, err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        json_w_object(w);
        json_w_ki64(w, S("id"), state_stmt_i64(st, 0));
        json_w_kstr(w, S("to"), state_stmt_str(st, 1));
        json_w_kstr(w, S("subject"), state_stmt_str(st, 2));
        json_w_ktime(w, S("created"), state_stmt_i64(st, 3));
        json_w_ki64(w, S("attempts"), state_stmt_i64(st, 4));
        json_w_ktime(w, S("nextAttempt"), state_stmt_i64(st, 6) ? 0 : state_stmt_i64(st, 5));
        json_w_ktime(w, S("ended"), state_stmt_i64(st, 6));
        json_w_kstr(w, S("status"), state_stmt_str(st, 7));
        json_w_kstr(w, S("error"), state_stmt_str(st, 8));
        json_w_end(w);
    }
    json_w_end(w);
    return RC_OK;
}

enum rc notify_status(struct notify *n, struct arena *a, struct json_w *w, struct err *err)
{
    static const char *const SECURITY[] = { "starttls", "tls", "none" };
    struct notify_conf       conf;
    struct err               why = { 0 };
    enum rc                  rc = notify_conf_read(a, n->opts.conf, &conf, &why);

    json_w_object(w);
    json_w_kbool(w, S("configured"), conf.there && rc == RC_OK);
    json_w_kstr(w, S("problem"), str_of(why.text));
    json_w_kstr(w, S("server"), conf.server.host);
    json_w_kstr(w, S("security"), str_of(conf.there ? SECURITY[conf.server.security] : ""));
    json_w_kstr(w, S("from"), conf.server.from);
    TRY(write_messages(n, w, err));
    json_w_end(w);
    return RC_OK;
}
