/* SPDX-License-Identifier: Apache-2.0 */
/* vedette: one program, many verbs. */
#include <locale.h>
#include <malloc.h>
#include <signal.h>

#include "cli/cli_verbs.h"
#include "server/server_verbs.h"

/* Two arenas serve our threads as well as sixteen, and keep far less after an import; what is freed goes
 * back. */
enum { ARENAS = 2, TRIM_BYTES = 1 << 20 };

int main(int argc, char **argv)
{
    const struct cli_verb *const tables[] = { SERVER_VERBS, CLI_VERBS, NULL };

    mallopt(M_ARENA_MAX, ARENAS);
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters; numbers and dates stay as they are */
    signal(SIGPIPE, SIG_IGN);       /* a closed pipe is an error of write, not our end */
    return cli_main(tables, argc, argv);
}
