/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_scalar.h"

#include <pthread.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "scalar/scalar_install.h"

enum { PATH_BYTES = 4400 };

struct engine_scalar {
    const struct engine_chdb *db;
    int                       argc;
    char                    **argv;
    pthread_mutex_t           making; /* one family at a time */
    _Atomic uint64_t          done;   /* written under it */
};

/* --- forgetting --- */

struct leftover {
    const char *dir;
    str         prefix;
};

static enum rc forget_one(void *ctx, const char *name, struct err *err)
{
    const struct leftover *l = ctx;
    char                   path[PATH_BYTES];

    if (!str_starts(str_of(name), l->prefix))
        return RC_OK;
    int n = snprintf(path, sizeof path, "%s/%s", l->dir, name);
    return n > 0 && (size_t)n < sizeof path ? file_remove_tree(path, err)
                                            : err_set(err, RC_LIMIT, "the path of %s is too long", name);
}

enum rc engine_scalar_forget(const char *data, struct err *err)
{
    static const struct {
        const char *dir;
        str         prefix;
    } PLACES[] = { { "user_defined", STR_INIT("function_kql_") }, { "user_scripts/wasm", STR_INIT("kql_") } };

    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        char            dir[PATH_BYTES];
        struct leftover l = { dir, PLACES[i].prefix };
        (void)snprintf(dir, sizeof dir, "%.4096s/store/%s", data, PLACES[i].dir);
        if (file_exists(dir))
            TRY(file_list(dir, forget_one, &l, err));
    }
    return RC_OK;
}

/* --- making --- */

struct engine_scalar *engine_scalar_new(const struct engine_chdb *db, int argc, char **argv)
{
    struct engine_scalar *s = MEM_NEW(struct engine_scalar);

    s->db = db;
    s->argc = argc;
    s->argv = argv;
    pthread_mutex_init(&s->making, NULL);
    return s;
}

struct engine_scalar *engine_scalar_free(struct engine_scalar *s)
{
    if (!s)
        return NULL;
    pthread_mutex_destroy(&s->making);
    return mem_free(s);
}

struct maker {
    const struct engine_chdb *db;
    struct chdb_connection_ **conn;
};

static enum rc exec(void *ctx, str sql, struct err *err)
{
    struct maker        *m = ctx;
    struct chdb_result_ *r = m->db->query(*m->conn, sql.p, sql.n, "Null", 4, NULL, NULL, NULL, NULL, 0);
    const char          *error = m->db->error(r);
    enum rc              rc = error ? err_set(err, RC_UNAVAILABLE, "%.200s", error) : RC_OK;

    m->db->result_free(r);
    return rc;
}

static enum rc make_locked(struct engine_scalar *s, str sql, struct err *err)
{
    uint64_t     needs = scalar_install_needs(s->done, sql);
    struct maker m = { .db = s->db };

    if (!needs)
        return RC_OK;
    m.conn = s->db->connect(s->argc, s->argv);
    if (!m.conn)
        return err_set(err, RC_UNAVAILABLE, "the store gives no connection");
    enum rc rc = scalar_install(needs, exec, &m, err);
    s->db->close(m.conn);
    if (rc == RC_OK)
        s->done |= needs;
    return rc;
}

enum rc engine_scalar_need(struct engine_scalar *s, str sql, struct err *err)
{
    if (!scalar_install_needs(s->done, sql))
        return RC_OK;
    pthread_mutex_lock(&s->making);
    enum rc rc = make_locked(s, sql, err);
    pthread_mutex_unlock(&s->making);
    return rc;
}
