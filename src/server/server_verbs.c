/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_verbs.h"

#include "server/server_intake.h"
#include "server/server_recover.h"
#include "server/server_registry.h"
#include "server/server_serve.h"
#include "server/server_wire.h"

const struct cli_verb SERVER_VERBS[] = {
    { .name = "serve",
      .usage = "--data DIR [--listen ADDR:PORT]",
      .doc = "Runs Vedette on this machine. Makes the data folder, a certificate and, the first time, a "
             "password for "
             "admin, which is printed once; then it keeps the log engine, the intake and the server running "
             "until "
             "it is stopped.",
      .example = "vedette serve --data /var/lib/vedette --listen localhost:8443",
      .options = SERVER_SERVE_OPTIONS,
      .run = server_serve_run },
    { .name = "server",
      .usage = "--data DIR --listen ADDR:PORT",
      .doc = "The API, portal and scheduler; started by serve.",
      .example = "vedette server --data /var/lib/vedette --listen localhost:8443",
      .options = SERVER_WIRE_OPTIONS,
      .hidden = true,
      .run = server_wire_run },
    { .name = "recover",
      .usage = "[NAME] --data DIR",
      .doc = "Makes a new password for admin, or NAME, when nobody can sign in any more. The server must be "
             "stopped.",
      .example = "vedette recover --data /var/lib/vedette",
      .options = SERVER_RECOVER_OPTIONS,
      .run = server_recover_run },
    { .name = "registry",
      .usage = "",
      .doc =
          "Prints the API's routes and the roles as JSON: what documentation and clients are generated from.",
      .example = "vedette registry",
      .run = server_registry_run },
    { .name = "intake",
      .usage = "--data DIR",
      .doc = "Takes events in; started by serve.",
      .example = "vedette intake --data /var/lib/vedette",
      .options = SERVER_INTAKE_OPTIONS,
      .hidden = true,
      .run = server_intake_run },
    { 0 },
};
