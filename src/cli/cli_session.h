/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_session: a signed-in connection to a server, and calls over it that answer JSON.
 *
 * Where to: --url or VEDETTE_URL, else the kept sign-in, else https://localhost:8443. As whom: VEDETTE_USER
 * with VEDETTE_PASSWORD (a user, or the client id and secret of a service principal), else the kept sign-in
 * (~/.config/vedette/session.json, 0600, made by `vedette login`). Trusting whom: --ca or VEDETTE_CA, else
 * what the sign-in kept, else ca.pem of the local data folder, else the system's store. Threads: calls are
 * safe from any, each with an arena of its own, once cli_session_workspace has answered. */
#ifndef CLI_CLI_SESSION_H
#define CLI_CLI_SESSION_H

#include "base/json.h"
#include "cli/cli_opts.h"
#include "http/http_client.h"

extern const struct cli_option CLI_SESSION_OPTIONS[];

struct cli_session {
    struct arena       *arena;
    struct http_client *client;
    str                 url, ca, user;
    str                 cookie, csrf; /* of a user, or */
    str                 bearer;       /* of a service principal */
    str                 workspace;    /* ARM id; empty until asked for */
    bool                must_change_password;
    duration            patience; /* of cli_import_send with a server that is away or busy; 0: 10 min */
};

struct cli_call {
    const char       *method; /* NULL: GET, or POST with a body */
    str               target; /* "/path?query"; a leading {ws} stands for the workspace */
    str               body;
    const char       *type;    /* NULL: application/json */
    struct http_pairs headers; /* more of them */
    duration          wait;    /* 0: 60 s */
    size_t            max_reply;
};

struct cli_answer {
    int                status;
    const struct json *json; /* NULL when the body is empty or no JSON */
    str                body;
    str                retry_after;
};

/* Connects and signs in. RC_UNAUTHENTICATED says how to sign in. */
must_check enum rc cli_session_open(const struct cli_args *args, struct cli_session *out, struct err *err);
/* Connects only: for sign-in itself and for questions that need no token. */
must_check enum rc cli_session_connect(const struct cli_args *args, struct cli_session *out, struct err *err);
void               cli_session_done(struct cli_session *s);
#define AUTO_SESSION __attribute__((cleanup(cli_session_done))) struct cli_session

/* Signs in with name and password; `new_password` may be empty. Fills cookie and csrf. */
must_check enum rc cli_session_signin(struct cli_session *s, str user, str password, str new_password,
                                      struct err *err);
must_check enum rc cli_session_keep(const struct cli_session *s, struct err *err);
must_check enum rc cli_session_forget(struct err *err);

/* A status of 400 and above becomes its code and the server's own words; *out is filled then, too. */
must_check enum rc cli_session_call(struct cli_session *s, const struct cli_call *call, struct arena *a,
                                    struct cli_answer *out, struct err *err);
/* The same with retries of what is worth it (connection, 429, 503) for up to `patience`. */
must_check enum rc cli_session_insist(struct cli_session *s, const struct cli_call *call, duration patience,
                                      struct arena *a, struct cli_answer *out, struct err *err);
must_check enum rc cli_session_workspace(struct cli_session *s, struct err *err);

/* ~/.local/share/vedette or what XDG_DATA_HOME says; of the user that runs this. */
const char *cli_session_data_dir(struct arena *a);

#endif
