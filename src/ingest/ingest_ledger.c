/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/strbuf.h"

/* The file holds a line an entry: token, tab, result. Tokens with a control character in them are not kept.
 */
enum { FILE_MAX = 512 << 20, TOKEN_MAX = 256 };

struct entry {
    char *token, *result;
};

struct ingest_ledger {
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    struct map     *stored;  /* token → struct entry, one of `ring` */
    struct map     *at_work; /* tokens */
    struct entry   *ring;    /* INGEST_LEDGER_MAX */
    size_t          next;
    uint64_t        appended; /* lines in the file */
    char           *path;
    int             fd;
};

static void remember(struct ingest_ledger *l, str token, str result)
{
    struct entry *e = &l->ring[l->next++ % INGEST_LEDGER_MAX];

    if (e->token)
        map_remove(l->stored, str_of(e->token));
    mem_free(e->token);
    mem_free(e->result);
    e->token = mem_strdup(token);
    e->result = mem_strdup(result);
    map_put(l->stored, token, e);
}

static enum rc load(struct ingest_ledger *l, struct err *err)
{
    AUTO(arena) a = arena_new((size_t)FILE_MAX * 2);
    str     text, line;
    enum rc rc = file_read(a, l->path, FILE_MAX, &text, err);

    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    while (str_split(&text, '\n', &line)) {
        size_t tab = str_find_byte(line, '\t');

        if (tab == STR_NPOS || !str_ends(line, S("}")))
            continue; /* cut short by a crash */
        if (!map_has(l->stored, str_slice(line, 0, tab)))
            remember(l, str_slice(line, 0, tab), str_from(line, tab + 1));
        l->appended++;
    }
    return RC_OK;
}

static void add_line(struct strbuf *out, str token, str result)
{
    strbuf_add(out, token);
    strbuf_addc(out, '\t');
    strbuf_add(out, result);
    strbuf_addc(out, '\n');
}

static enum rc reopen(struct ingest_ledger *l, struct err *err)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = open(l->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return l->fd < 0 ? err_errno(err, RC_IO, errno, "%s", l->path) : RC_OK;
}

static enum rc rewrite(struct ingest_ledger *l, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(FILE_MAX);

    l->appended = 0;
    for (size_t i = 0; i < INGEST_LEDGER_MAX; i++) {
        const struct entry *e = &l->ring[(l->next + i) % INGEST_LEDGER_MAX];

        if (e->token) {
            add_line(&text, str_of(e->token), str_of(e->result));
            l->appended++;
        }
    }
    TRY(file_write_atomic(l->path, strbuf_view(&text), 0600, err));
    return reopen(l, err);
}

enum rc ingest_ledger_open(const char *path, struct ingest_ledger **out, struct err *err)
{
    AUTO(ingest_ledger) l = MEM_NEW(struct ingest_ledger);

    l->fd = -1;
    l->path = mem_strdup(str_of(path));
    l->stored = map_new(MAP_CASE);
    l->at_work = map_new(MAP_CASE);
    l->ring = mem_array(INGEST_LEDGER_MAX, sizeof *l->ring);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    TRY(load(l, err));
    TRY(rewrite(l, err));
    *out = TAKE(l);
    return RC_OK;
}

struct ingest_ledger *ingest_ledger_close(struct ingest_ledger *l)
{
    if (!l)
        return NULL;
    for (size_t i = 0; i < INGEST_LEDGER_MAX; i++) {
        mem_free(l->ring[i].token);
        mem_free(l->ring[i].result);
    }
    if (l->fd >= 0)
        close(l->fd);
    mem_free(l->ring);
    map_free(l->stored);
    map_free(l->at_work);
    mem_free(l->path);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->changed);
    return mem_free(l);
}

bool ingest_ledger_begin(struct ingest_ledger *l, str token, struct arena *a, str *result)
{
    struct entry *e;

    pthread_mutex_lock(&l->lock);
    while (map_has(l->at_work, token))
        pthread_cond_wait(&l->changed, &l->lock);
    e = map_find(l->stored, token);
    if (e)
        *result = arena_str(a, str_of(e->result));
    else
        map_put(l->at_work, token, l);
    pthread_mutex_unlock(&l->lock);
    return !e;
}

static bool may_be_kept(str token, str result)
{
    if (token.n > TOKEN_MAX || result.n > INGEST_LEDGER_RESULT_MAX || str_find_byte(result, '\n') != STR_NPOS)
        return false;
    for (size_t i = 0; i < token.n; i++) {
        if ((unsigned char)token.p[i] < ' ')
            return false;
    }
    return token.n > 0;
}

static void append_locked(struct ingest_ledger *l, str token, str result)
{
    AUTO_STRBUF line = STRBUF_INIT(TOKEN_MAX + INGEST_LEDGER_RESULT_MAX + 2);

    add_line(&line, token, result);
    /* A line that is not written (a full disk) costs only what a crash would: see the header. */
    if (l->fd >= 0 && file_write_all(l->fd, strbuf_view(&line), NULL) == RC_OK)
        l->appended++;
    if (l->appended > 2 * (uint64_t)INGEST_LEDGER_MAX && rewrite(l, NULL) != RC_OK)
        l->appended = INGEST_LEDGER_MAX; /* tried again later */
}

void ingest_ledger_done(struct ingest_ledger *l, str token, str result)
{
    pthread_mutex_lock(&l->lock);
    map_remove(l->at_work, token);
    if (may_be_kept(token, result)) {
        remember(l, token, result);
        append_locked(l, token, result);
    }
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

void ingest_ledger_drop(struct ingest_ledger *l, str token)
{
    pthread_mutex_lock(&l->lock);
    map_remove(l->at_work, token);
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}
