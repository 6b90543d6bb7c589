/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_pool.h"

#include <errno.h>
#include <pthread.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum { MAX_IDLE = 24, MAX_SQL = 256 << 10 };

struct engine_conn {
    struct chdb_connection_ **c;
    enum engine_lane          lane;
    char                     *setup; /* the statements that made it what it is: its identity */
    struct engine_conn       *next;
};

struct engine_pool {
    struct engine_pool_opts opts;
    pthread_mutex_t         lock;
    pthread_cond_t          turn;
    unsigned                at_work[ENGINE_LANE_COUNT_];
    struct engine_conn     *idle; /* the last used first */
    unsigned                n_idle;
};

struct engine_pool *engine_pool_new(const struct engine_pool_opts *opts)
{
    struct engine_pool *p = MEM_NEW(struct engine_pool);
    p->opts = *opts;
    pthread_mutex_init(&p->lock, NULL);
    deadline_cond_init(&p->turn);
    return p;
}

static void conn_close(struct engine_pool *p, struct engine_conn *c)
{
    if (c->c)
        p->opts.db->close(c->c);
    mem_free(c->setup);
    mem_free(c);
}

struct engine_pool *engine_pool_free(struct engine_pool *p)
{
    if (!p)
        return NULL;
    while (p->idle) {
        struct engine_conn *c = p->idle;
        p->idle = c->next;
        conn_close(p, c);
    }
    pthread_cond_destroy(&p->turn);
    pthread_mutex_destroy(&p->lock);
    return mem_free(p);
}

/* --- what a connection is set to --- */

static bool is_setting_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            s.p[i] != '_')
            return false;
    return s.n > 0 && s.n < 128;
}

static void quote(struct strbuf *sql, str s, char with)
{
    strbuf_addc(sql, with);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == with || s.p[i] == '\\')
            strbuf_addc(sql, '\\');
        strbuf_addc(sql, s.p[i]);
    }
    strbuf_addc(sql, with);
}

/* One statement a line: they are run one by one. Quoted text could hold a line end, so that is refused. */
static bool setup_text(const struct engine_session *s, struct arena *a, struct strbuf *sql,
                       struct engine_fault *fault)
{
    strbuf_addz(sql, "USE ");
    quote(sql, s->database, '`');
    for (size_t i = 0; i < s->settings.n; i++) {
        const struct http_pair *setting = &s->settings.p[i];
        if (!is_setting_name(setting->name))
            return engine_fault_set(fault, a, 115, "UNKNOWN_SETTING", "Unknown setting '" STR_FMT "'",
                                    STR_ARG(setting->name));
        strbuf_addz(sql, "\nSET ");
        strbuf_add(sql, setting->name);
        strbuf_addc(sql, '=');
        quote(sql, setting->value, '\'');
    }
    if (s->readonly)
        strbuf_addf(sql, "\nSET readonly=%u", s->readonly);
    size_t lines = 1 + s->settings.n + (s->readonly != 0), seen = 1;
    for (size_t i = 0; i < sql->n; i++)
        seen += sql->p[i] == '\n';
    if (sql->overflow || seen != lines)
        return engine_fault_set(fault, a, ENGINE_BAD_ARGUMENTS, "BAD_ARGUMENTS",
                                "A setting or the database's name is too long or holds a line end");
    return true;
}

static bool run(struct engine_pool *p, struct engine_conn *c, str sql, struct arena *a,
                struct engine_fault *fault)
{
    const struct engine_chdb *db = p->opts.db;
    struct chdb_result_      *r = db->query(*c->c, sql.p, sql.n, "Null", 4, NULL, NULL, NULL, NULL, 0);
    const char               *error = db->error(r);

    if (error)
        engine_fault_take(fault, a, error);
    db->result_free(r);
    return error == NULL;
}

static bool conn_make(struct engine_pool *p, enum engine_lane lane, str setup, struct arena *a,
                      struct engine_conn **out, struct engine_fault *fault)
{
    struct engine_conn *c = MEM_NEW(struct engine_conn);
    str                 left = setup, line;
    bool                fine = true;

    c->lane = lane;
    c->setup = mem_strdup(setup);
    c->c = p->opts.db->connect(p->opts.argc, p->opts.argv);
    if (!c->c)
        fine = engine_fault_set(fault, a, ENGINE_INTERNAL, "STD_EXCEPTION",
                                "No connection to the store could be made");
    while (fine && str_split(&left, '\n', &line))
        fine = run(p, c, line, a, fault);
    if (!fine) {
        conn_close(p, c);
        return false;
    }
    *out = c;
    return true;
}

/* --- turns --- */

/* Waits for a turn in the lane; takes a kept connection that is set alike, when there is one. */
static bool turn_take(struct engine_pool *p, enum engine_lane lane, str setup, struct engine_conn **kept)
{
    struct timespec until = deadline_in(p->opts.wait);
    bool            mine = true;

    pthread_mutex_lock(&p->lock);
    while (p->at_work[lane] >= p->opts.at_work[lane] && mine)
        mine = pthread_cond_timedwait(&p->turn, &p->lock, &until) != ETIMEDOUT;
    if (mine) {
        p->at_work[lane]++;
        for (struct engine_conn **link = &p->idle; *link; link = &(*link)->next) {
            struct engine_conn *c = *link;
            if (c->lane == lane && str_eq(str_of(c->setup), setup)) {
                *link = c->next;
                p->n_idle--;
                *kept = c;
                break;
            }
        }
    }
    pthread_mutex_unlock(&p->lock);
    return mine;
}

static void turn_give(struct engine_pool *p, enum engine_lane lane)
{
    pthread_mutex_lock(&p->lock);
    p->at_work[lane]--;
    pthread_cond_broadcast(&p->turn);
    pthread_mutex_unlock(&p->lock);
}

bool engine_pool_take(struct engine_pool *p, enum engine_lane lane, const struct engine_session *session,
                      struct arena *a, struct engine_conn **out, struct engine_fault *fault)
{
    AUTO_STRBUF         setup = STRBUF_INIT(MAX_SQL);
    struct engine_conn *c = NULL;

    if (!setup_text(session, a, &setup, fault))
        return false;
    if (!turn_take(p, lane, strbuf_view(&setup), &c))
        return engine_fault_set(fault, a, ENGINE_TOO_MANY_QUERIES, "TOO_MANY_SIMULTANEOUS_QUERIES",
                                "Too many simultaneous queries. Maximum: %u", p->opts.at_work[lane]);
    if (!c && !conn_make(p, lane, strbuf_view(&setup), a, &c, fault)) {
        turn_give(p, lane);
        return false;
    }
    *out = c;
    return true;
}

/* Keeps it; the one that was not used for longest makes room. */
static struct engine_conn *keep_locked(struct engine_pool *p, struct engine_conn *c)
{
    struct engine_conn **last = &p->idle, *dropped = NULL;

    c->next = p->idle;
    p->idle = c;
    if (++p->n_idle <= MAX_IDLE)
        return NULL;
    while ((*last)->next)
        last = &(*last)->next;
    dropped = *last;
    *last = NULL;
    p->n_idle--;
    return dropped;
}

void engine_pool_give(struct engine_pool *p, struct engine_conn *c, bool sound)
{
    enum engine_lane lane = c->lane;

    if (sound) {
        pthread_mutex_lock(&p->lock);
        c = keep_locked(p, c);
        pthread_mutex_unlock(&p->lock);
    }
    if (c)
        conn_close(p, c);
    turn_give(p, lane);
}

struct chdb_connection_ *engine_pool_handle(struct engine_conn *c)
{
    return *c->c;
}

unsigned engine_pool_at_work(struct engine_pool *p, enum engine_lane lane)
{
    pthread_mutex_lock(&p->lock);
    unsigned n = p->at_work[lane];
    pthread_mutex_unlock(&p->lock);
    return n;
}
