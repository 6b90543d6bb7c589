/* SPDX-License-Identifier: Apache-2.0 */
/* vedette: one program, many verbs. */
#include <locale.h>
#include <signal.h>

#include "cli/cli_verbs.h"
#include "server/server_verbs.h"

int main(int argc, char **argv)
{
    const struct cli_verb *const tables[] = { SERVER_VERBS, CLI_VERBS, NULL };

    setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters; numbers and dates stay as they are */
    signal(SIGPIPE, SIG_IGN);       /* a closed pipe is an error of write, not our end */
    return cli_main(tables, argc, argv);
}
