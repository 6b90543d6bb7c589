/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_recover.h"

#include "access/access_user.h"
#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "cli/cli_session.h"
#include "server/server_folder.h"
#include "state/state_scopes.h"

const struct cli_option SERVER_RECOVER_OPTIONS[] = {
    { .name = "data",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_DATA",
      .doc = "The data folder of the server, which must be stopped. Default: ~/.local/share/vedette." },
    { 0 },
};

/* The folder must be there: to make one would leave a server without users. */
static enum rc open_folder(const struct cli_args *args, struct server_folder *out, struct err *err)
{
    const char *dir = cli_opts_text(args, "data");

    dir = dir ? dir : cli_session_data_dir(args->arena);
    if (!file_exists(arena_printf(args->arena, "%s/state/state.db", dir).p))
        return err_set(err, RC_NOT_FOUND, "%s is no data folder of Vedette: name it with --data", dir);
    enum rc rc = server_folder_open(dir, 0, out, err);
    if (rc == RC_CONFLICT)
        return err_set(
            err, RC_CONFLICT,
            "the server runs: another Owner can run `vedette user password NAME`; else stop it first");
    return rc;
}

static enum rc reset(const struct cli_args *args, const struct server_folder *folder, str name,
                     struct err *err)
{
    AUTO(state) state = NULL;
    AUTO(access) access = NULL;
    struct state_scopes scopes;
    char                database[PATH_MAX], keys[PATH_MAX];
    str                 password;

    server_folder_file(folder, "state/state.db", database);
    server_folder_file(folder, "tls", keys);
    TRY(state_open(database, &state, err));
    TRY(state_scopes_load(state, env_real(), args->arena, &scopes, err));
    const struct access_opts opts = {
        .state = state, .env = env_real(), .key_dir = keys, .tenant_id = scopes.tenant_id
    };
    TRY(access_new(&opts, &access, err));
    TRY(access_user_reset(access, name, args->arena, &password, err));
    const struct access_audit_row row = { .who_id = access_system()->id,
                                          .who_name = access_system()->name,
                                          .operation = S("Reset a password from the data folder"),
                                          .resource = name,
                                          .status = S("Success") };
    TRY(access_audit(access, &row, err));
    printf("User      " STR_FMT "\nPassword  " STR_FMT
           "   shown this once; a new one is chosen at the first sign-in\n",
           STR_ARG(name), STR_ARG(password));
    return RC_OK;
}

enum rc server_recover_run(const struct cli_args *args, struct err *err)
{
    struct server_folder folder;

    TRY(open_folder(args, &folder, err));
    AUTO_FD lock = folder.lock;
    (void)lock;
    return reset(args, &folder, args->n_words ? str_of(args->words[0]) : S("admin"), err);
}
