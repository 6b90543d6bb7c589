/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/cli_paths.h"

enum { PATIENCE_SECONDS = 60 };

struct cli_engine {
    char           folder[PATH_MAX];
    char           data[PATH_MAX], socket[PATH_MAX], log[PATH_MAX];
    pid_t          pid;
    struct tables *tables;
};

static enum rc make_folder(struct cli_engine *e, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(e->folder, sizeof e->folder - 64, "%s/vedette-kql-XXXXXX", tmp && *tmp ? tmp : "/tmp");

    if (n <= 0 || (size_t)n >= sizeof e->folder - 64)
        return err_set(err, RC_LIMIT, "the path of TMPDIR has %zu bytes; %zu are the most", strlen(tmp),
                       sizeof e->folder - 64 - sizeof "/vedette-kql-XXXXXX");
    if (!mkdtemp(e->folder)) {
        int  errnum = errno;
        char wanted[PATH_MAX];
        memcpy(wanted, e->folder, sizeof wanted);
        e->folder[0] = '\0';
        return err_errno(err, RC_IO, errnum, "%.300s", wanted);
    }
    (void)snprintf(e->data, sizeof e->data, "%.4000s/data", e->folder);
    (void)snprintf(e->socket, sizeof e->socket, "%.4000s/sock", e->folder);
    (void)snprintf(e->log, sizeof e->log, "%.4000s/log", e->folder);
    return RC_OK;
}

/* The engine's own words go into a file of the folder, so that they do not mix with ours. */
static enum rc spawn(struct cli_engine *e, const char *program, struct err *err)
{
    char *const argv[] = { (char *)program, (char *)"--data", e->data, (char *)"--socket", e->socket, NULL };
    posix_spawn_file_actions_t actions;
    int                        failed = posix_spawn_file_actions_init(&actions);

    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, e->log,
                                                  O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    if (!failed)
        failed = posix_spawn(&e->pid, program, &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (!failed)
        return RC_OK;
    e->pid = 0;
    return err_errno(err, RC_IO, failed, "%s", program);
}

static enum rc await(struct cli_engine *e, struct err *err)
{
    struct tables_opts opts = { .unix_socket = str_of(e->socket) };
    int                status;

    TRY(tables_open(&opts, &e->tables, err));
    for (int tries = 0; tries < PATIENCE_SECONDS; tries++) {
        if (tables_ready(e->tables, SECONDS(1), err) == RC_OK)
            return RC_OK;
        if (waitpid(e->pid, &status, WNOHANG) == e->pid) {
            AUTO(arena) a = arena_new(1 << 20);
            str log = STR_NONE;
            e->pid = 0;
            if (file_read(a, e->log, 1 << 16, &log, NULL) != RC_OK)
                log = S("it said nothing");
            return err_set(err, RC_UNAVAILABLE, "the engine ended at once: " STR_FMT,
                           STR_ARG(str_trim(str_from(log, log.n > 300 ? log.n - 300 : 0))));
        }
    }
    return err_wrap(err, "the engine");
}

enum rc cli_engine_start(struct cli_engine **out, struct err *err)
{
    struct cli_paths paths;
    AUTO(cli_engine) e = MEM_NEW(struct cli_engine);

    TRY(cli_paths_find(&paths, err));
    TRY(make_folder(e, err));
    TRY(spawn(e, paths.engine, err));
    TRY(await(e, err));
    *out = TAKE(e);
    return RC_OK;
}

struct tables *cli_engine_tables(struct cli_engine *e)
{
    return e->tables;
}

struct cli_engine *cli_engine_stop(struct cli_engine *e)
{
    if (!e)
        return NULL;
    if (e->tables)
        tables_close(e->tables);
    if (e->pid > 0) { /* its folder goes away: nothing is worth a gentle end */
        (void)kill(e->pid, SIGKILL);
        (void)waitpid(e->pid, NULL, 0);
    }
    if (e->folder[0])
        (void)!file_remove_tree(e->folder, NULL);
    return mem_free(e);
}
