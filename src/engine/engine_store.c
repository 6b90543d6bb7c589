/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_store.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "engine/engine_tokens.h"

enum { MAX_ARGS = 16, ARG_SIZE = 4200, DEFAULT_READERS = 8, DEFAULT_WRITERS = 4 };

#define MAX_MEMORY UINT64_C(8000000000)
#define MIN_MEMORY UINT64_C(1000000000)

struct engine_store {
    struct engine             engine;
    struct arena             *arena;
    char                     *args[MAX_ARGS];
    int                       n_args;
    struct chdb_connection_ **first; /* keeps the folder open while no other connection is */
};

/* Acknowledged means on disk: parts and their folder are fsynced with every insert. Merges get half of the
 * cores (%ld): with all of them a bulk import would wait for the merging of what it has just sent. */
#define CONFIG                                                                                               \
    "<clickhouse>\n"                                                                                         \
    "  <max_thread_pool_size>200</max_thread_pool_size>\n"                                                   \
    "  <max_thread_pool_free_size>8</max_thread_pool_free_size>\n"                                           \
    "  <memory_worker_use_cgroup>0</memory_worker_use_cgroup>\n"                                             \
    "  <thread_pool_queue_size>2000</thread_pool_queue_size>\n"                                              \
    "  <max_io_thread_pool_size>8</max_io_thread_pool_size>\n"                                               \
    "  <background_pool_size>%ld</background_pool_size>\n"                                                   \
    "  <background_schedule_pool_size>4</background_schedule_pool_size>\n"                                   \
    "  <background_common_pool_size>2</background_common_pool_size>\n"                                       \
    "  <background_fetches_pool_size>1</background_fetches_pool_size>\n"                                     \
    "  <background_move_pool_size>1</background_move_pool_size>\n"                                           \
    "  <merge_tree>\n"                                                                                       \
    "    <old_parts_lifetime>480</old_parts_lifetime>\n"                                                     \
    "    <fsync_after_insert>1</fsync_after_insert>\n"                                                       \
    "    <fsync_part_directory>1</fsync_part_directory>\n"                                                   \
    "    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>\n"                                 \
    "    "                                                                                                   \
    "<number_of_free_entries_in_pool_to_execute_mutation>1</"                                                \
    "number_of_free_entries_in_pool_to_execute_mutation>\n"                                                  \
    "    "                                                                                                   \
    "<number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</"                                         \
    "number_of_free_entries_in_pool_to_lower_max_size_of_merge>\n"                                           \
    "    "                                                                                                   \
    "<number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</"                               \
    "number_of_free_entries_in_pool_to_execute_optimize_entire_partition>\n"                                 \
    "  </merge_tree>\n"                                                                                      \
    "</clickhouse>\n"

static uint64_t half_of_the_machine(void)
{
    uint64_t half = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 2;
    return half > MAX_MEMORY ? MAX_MEMORY : half < MIN_MEMORY ? MIN_MEMORY : half;
}

static void add_arg(struct engine_store *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add_arg(struct engine_store *s, const char *fmt, ...)
{
    AUTO_STRBUF arg = STRBUF_INIT(ARG_SIZE);
    va_list     ap;

    va_start(ap, fmt);
    strbuf_addv(&arg, fmt, ap);
    va_end(ap);
    s->args[s->n_args++] = (char *)(uintptr_t)arena_str(s->arena, strbuf_view(&arg)).p;
    s->args[s->n_args] = NULL;
}

static void set_args(struct engine_store *s, const struct engine_store_opts *o)
{
    uint64_t memory = o->memory ? o->memory : half_of_the_machine();

    add_arg(s, "vedette-engine");
    add_arg(s, "--path=" STR_FMT "/store", STR_ARG(o->data));
    add_arg(s, "--config-file=" STR_FMT "/engine.xml", STR_ARG(o->data));
    add_arg(s, "--max_server_memory_usage=%" PRIu64, memory);
    add_arg(s, "--mark_cache_size=%" PRIu64, memory / 32);
    add_arg(s, "--backups.allowed_path=" STR_FMT "/backups", STR_ARG(o->data));
    add_arg(s, "--allow_experimental_webassembly_udf=1");
    add_arg(s, "--async_insert=0");
    add_arg(s, "--http_max_tries=1"); /* a query that tries to reach out fails at once */
    add_arg(s, "--session_timezone=UTC");
}

static enum rc statement(struct engine_store *s, str sql, str *answer, struct err *err)
{
    const struct engine_chdb *db = s->engine.db;
    struct chdb_result_      *r = db->query(*s->first, sql.p, sql.n, "TSV", 3, NULL, NULL, NULL, NULL, 0);
    const char               *error = db->error(r);
    enum rc                   rc = RC_OK;

    if (error)
        rc = err_set(err, RC_CORRUPT, "the store: %s", error);
    else if (answer)
        *answer = str_trim(arena_str(s->arena, str_make(db->buffer(r), db->length(r))));
    db->result_free(r);
    return rc;
}

/* libchdb's own `default` shows every file of the machine as a table; an empty one takes its place. */
static enum rc prepare(struct engine_store *s, struct err *err)
{
    str overlay = STR_NONE;

    TRY(statement(s, S("SELECT engine FROM system.databases WHERE name = 'default'"), &overlay, err));
    if (str_eq(overlay, S("Overlay")))
        TRY(statement(s, S("DROP DATABASE `default`"), NULL, err));
    TRY(statement(s, S("CREATE DATABASE IF NOT EXISTS `default` ENGINE = Memory"), NULL,
                  err)); /* connecting asks for it */
    TRY(statement(s,
                  arena_printf(s->arena, "CREATE DATABASE IF NOT EXISTS `" STR_FMT "` ENGINE = Atomic",
                               STR_ARG(s->engine.database)),
                  NULL, err));
    return statement(s, S("SELECT version()"), &s->engine.version, err);
}

static enum rc write_config(struct engine_store *s, const struct engine_store_opts *o, struct err *err)
{
    str path = arena_printf(s->arena, STR_FMT "/engine.xml", STR_ARG(o->data));

    TRY(file_mkdirs(arena_printf(s->arena, STR_FMT "/backups", STR_ARG(o->data)).p, 0700, err));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    str  config = arena_printf(s->arena, CONFIG, cores > 3 ? cores / 2 : 1);
    return file_write_atomic(path.p, config, 0600, err);
}

enum rc engine_store_open(const struct engine_chdb *db, const struct engine_store_opts *opts,
                          struct engine_store **out, struct err *err)
{
    AUTO(engine_store) s = MEM_NEW(struct engine_store);

    s->arena = arena_new(4 << 20);
    s->engine.db = db;
    s->engine.database = arena_str(s->arena, opts->database.n ? opts->database : S("law"));
    TRY(write_config(s, opts, err));
    set_args(s, opts);
    unsigned forgotten;
    TRY(engine_tokens_mend(arena_printf(s->arena, STR_FMT "/store/store", STR_ARG(opts->data)), &forgotten,
                           err));
    TRY(engine_scalar_forget(arena_str(s->arena, opts->data).p, err));
    db->signals(0);
    s->first = db->connect(s->n_args, s->args);
    if (!s->first)
        return err_set(err, RC_UNAVAILABLE,
                       "the store in " STR_FMT " does not open: another engine has it, or it is damaged",
                       STR_ARG(opts->data));
    TRY(prepare(s, err));
    s->engine.scalar = engine_scalar_new(db, s->n_args, s->args);
    s->engine.watch = engine_watch_new(db, s->n_args, s->args);
    s->engine.pool = engine_pool_new(&(struct engine_pool_opts) {
        .db = db,
        .argc = s->n_args,
        .argv = s->args,
        .at_work = { [ENGINE_READ] = opts->readers ? opts->readers : DEFAULT_READERS,
                     [ENGINE_WRITE] = opts->writers ? opts->writers : DEFAULT_WRITERS,
                     [ENGINE_ADMIN] = 1 },
        .wait = SECONDS(30),
    });
    if (!s->engine.watch)
        return err_set(err, RC_UNAVAILABLE, "the store gives no second connection");
    *out = TAKE(s);
    return RC_OK;
}

struct engine_store *engine_store_close(struct engine_store *s)
{
    if (!s)
        return NULL;
    engine_watch_free(s->engine.watch);
    engine_scalar_free(s->engine.scalar);
    engine_pool_free(s->engine.pool);
    if (s->first)
        s->engine.db->close(s->first);
    arena_free(s->arena);
    return mem_free(s);
}

struct engine *engine_store_engine(struct engine_store *s)
{
    return &s->engine;
}
