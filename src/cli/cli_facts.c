/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_facts.h"

#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "host/host.h"

const struct cli_option CLI_FACTS_OPTIONS[] = {
    { .name = "root",
      .type = CLI_PATH,
      .value = "DIR",
      .initial = "/",
      .doc = "Folder to take for /: a container's tree or a mounted disk." },
    { .name = "walk",
      .type = CLI_INT,
      .value = "SECONDS",
      .initial = "60",
      .max = 86400,
      .doc = "How long all files may be looked at for set-uid, world-writable and ownerless ones; 0: not at "
             "all." },
    { .name = "indent", .type = CLI_FLAG, .doc = "Lay the document out for reading." },
    { 0 },
};

/* The names that the server gives its first subscription and group are its own affair: these say "nowhere
 * yet". */
static const struct host_name NAME = { .subscription = STR_INIT("00000000-0000-0000-0000-000000000000"),
                                       .group = STR_INIT("machines") };

static enum rc print(str document, bool indent, struct err *err)
{
    AUTO(arena) a = arena_new(HOST_MAX_MEMORY);
    AUTO_STRBUF        out = STRBUF_INIT(HOST_MAX_DOCUMENT * 4);
    const struct json *tree;
    if (!indent) {
        strbuf_add(&out, document);
    } else {
        TRY(json_parse(a, document, &tree, err));
        json_print(&out, tree, 2);
    }
    strbuf_addc(&out, '\n');
    TRY(strbuf_ok(&out, "the description of the machine", err));
    return file_write_all(STDOUT_FILENO, strbuf_view(&out), err);
}

enum rc cli_facts_run(const struct cli_args *args, struct err *err)
{
    const char      *root = cli_opts_text(args, "root");
    struct host_opts opts = { .root = str_eq(str_of(root), S("/")) ? NULL : root,
                              .walk_seconds = (unsigned)cli_opts_int(args, "walk") };
    AUTO_STRBUF      out = STRBUF_INIT(HOST_MAX_DOCUMENT);
    if (args->n_words)
        return err_set(err, RC_INVALID, "vedette facts takes no words; see vedette help facts");
    TRY(host_machine(&opts, &NAME, &out, err));
    return print(strbuf_view(&out), cli_opts_flag(args, "indent"), err);
}
