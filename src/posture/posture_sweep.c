/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_sweep.h"

#include "posture/posture_book.h"
#include "posture/posture_id.h"
#include "posture/posture_score.h"

enum { ROW_BYTES = 768 << 20, JUDGE_BYTES = 1 << 30 };

struct item {
    struct posture_subject  subject;
    str                     text, location;
    int64_t                 version;
    struct posture_findings findings;
    bool                    judged;
};

struct batch {
    struct posture      *p;
    struct posture_plan *plan;
    struct posture_tree *tree;
    struct arena        *a;
    struct item         *items;
    size_t               n;
    int64_t              last; /* key */
    ts                   now;
};

/* One thread's share: every step-th item. */
struct share {
    struct batch *b;
    struct arena *a;
    size_t        from, step;
    struct err    err;
    enum rc       rc;
};

/* --- reading --- */

static enum rc read_batch(struct batch *b, str scope, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_tx_read(b->p->opts.state, &tx, err));
    TRY(state_stmt_open(
        tx,
        "SELECT key, id, type, location, version, document FROM resources WHERE key > ?1 AND gone = 0"
        " AND (?2 = '' OR subscription = ?2) AND (?3 = '' OR resource_group = ?3) ORDER BY key LIMIT ?4",
        STATE_ARGS(STATE_I(b->last), STATE_S(posture_id_name(posture_id_subscription(scope))),
                   STATE_S(posture_id_name(posture_id_group(scope))), STATE_I(POSTURE_SWEEP_BATCH)),
        &st, err));
    while (true) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return RC_OK;
        b->last = state_stmt_i64(st, 0);
        struct item *it = &b->items[b->n++];
        it->subject = (struct posture_subject) { .key = b->last,
                                                 .id = state_stmt_str_in(st, 1, b->a),
                                                 .type = state_stmt_str_in(st, 2, b->a) };
        it->location = state_stmt_str_in(st, 3, b->a);
        it->version = state_stmt_i64(st, 4);
        it->text = state_stmt_str_in(st, 5, b->a);
    }
}

/* --- judging --- */

static enum rc judge_share(struct share *s, struct state_tx *tx, struct err *err)
{
    const struct posture_judging j = { .plan = s->b->plan, .tree = s->b->tree, .tx = tx, .now = s->b->now };
    AUTO(json_parser) parser = json_parser_new();

    for (size_t i = s->from; i < s->b->n; i += s->step) {
        struct item *it = &s->b->items[i];
        TRY(json_parser_parse(parser, s->a, it->text, &it->subject.document, err));
        posture_judge(&j, &it->subject, s->a, &it->findings);
        it->judged = true;
    }
    return RC_OK;
}

static void *run_share(void *arg)
{
    struct share *s = arg;
    AUTO(state_tx) tx = NULL;

    s->rc = state_tx_read(s->b->p->opts.state, &tx, &s->err);
    if (s->rc == RC_OK)
        s->rc = judge_share(s, tx, &s->err);
    return NULL;
}

static enum rc judge_batch(struct batch *b, struct share *shares, size_t n, struct err *err)
{
    pthread_t threads[POSTURE_SWEEP_THREADS];
    size_t    started = 0;
    enum rc   rc = RC_OK;

    for (size_t i = 0; i < n; i++) {
        shares[i] = (struct share) { .b = b, .a = shares[i].a, .from = i, .step = n };
        arena_reset(shares[i].a);
    }
    while (started + 1 < n && pthread_create(&threads[started], NULL, run_share, &shares[started]) == 0)
        started++;
    for (size_t i = started; i < n; i++)
        run_share(&shares[i]);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        if (shares[i].rc != RC_OK)
            rc = err_set(err, shares[i].rc, "%s", shares[i].err.text);
    return rc;
}

/* --- writing --- */

static enum rc still_there(struct state_tx *tx, const struct item *it, bool *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool row;

    TRY(state_stmt_open(tx, "SELECT version FROM resources WHERE key = ?",
                        STATE_ARGS(STATE_I(it->subject.key)), &st, err));
    TRY(state_stmt_next(st, &row, err));
    *out = row && state_stmt_i64(st, 0) == it->version;
    return RC_OK;
}

static enum rc write_item(struct batch *b, struct state_tx *tx, struct item *it, bool *moved, struct err *err)
{
    const struct posture_booking booking = { b->p,         tx,     b->plan, &it->subject,
                                             it->location, b->now, true,    &it->findings.risk };
    bool                         there;

    TRY(still_there(tx, it, &there, err));
    return there && it->judged ? posture_book_apply(&booking, &it->findings, b->a, moved, err) : RC_OK;
}

static enum rc write_batch(struct batch *b, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    bool moved = false;

    TRY(state_tx_write(b->p->opts.state, &tx, err));
    for (size_t i = 0; i < b->n; i++)
        TRY(write_item(b, tx, &b->items[i], &moved, err));
    if (moved)
        TRY(posture_score_note(b->p, tx, b->now, err));
    TRY(state_tx_commit(tx, err));
    if (moved)
        posture_changed(b->p);
    return RC_OK;
}

/* --- the whole --- */

static bool is_stopping(struct posture *p)
{
    pthread_mutex_lock(&p->lock);
    bool stopping = p->stopping;
    pthread_mutex_unlock(&p->lock);
    return stopping;
}

/* False in `more`: that was the last. */
static enum rc one_batch(struct batch *b, struct share *shares, size_t n, str scope, bool *more,
                         struct err *err)
{
    AUTO(snapshot) plan = snapshot_get(b->p->plan);
    AUTO(snapshot) tree = snapshot_get(b->p->tree);

    b->plan = snapshot_value(plan);
    b->tree = snapshot_value(tree);
    b->now = env_now(b->p->opts.env);
    b->n = 0;
    arena_reset(b->a);
    b->items = ARENA_ARRAY(b->a, struct item, POSTURE_SWEEP_BATCH);
    TRY(read_batch(b, scope, err));
    *more = b->n == POSTURE_SWEEP_BATCH;
    if (!b->n)
        return RC_OK;
    TRY(judge_batch(b, shares, n, err));
    pthread_mutex_lock(&b->p->change);
    enum rc rc = write_batch(b, err);
    pthread_mutex_unlock(&b->p->change);
    return rc;
}

enum rc posture_sweep_run(struct posture *p, str scope, size_t *judged, struct err *err)
{
    struct batch b = { .p = p, .a = arena_new(ROW_BYTES) };
    struct share shares[POSTURE_SWEEP_THREADS] = { 0 };
    size_t       n = p->opts.threads ? p->opts.threads : 2;
    bool         more = true;
    enum rc      rc = RC_OK;

    n = n > POSTURE_SWEEP_THREADS ? POSTURE_SWEEP_THREADS : n;
    for (size_t i = 0; i < n; i++)
        shares[i].a = arena_new(JUDGE_BYTES);
    *judged = 0;
    while (more && rc == RC_OK) {
        rc = is_stopping(p) ? err_set(err, RC_CANCELLED, "the server stops")
                            : one_batch(&b, shares, n, scope, &more, err);
        *judged += b.n;
    }
    for (size_t i = 0; i < n; i++)
        arena_free(shares[i].a);
    arena_free(b.a);
    return rc;
}
