/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_paths.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"

/* Where a file of share/ may be, seen from the folder of the program. The last one serves build/<preset>/bin.
 */
static const char *const SHARES[] = { "../share/vedette", "../share", "../../share" };

static bool join(char out[PATH_MAX], const char *dir, const char *name)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
    return n > 0 && n < PATH_MAX;
}

/* The first share folder that holds `probe`; out gets the folder `name` in it, resolved. */
static bool find_share(char out[PATH_MAX], const char *bin, const char *name, const char *probe)
{
    char dir[PATH_MAX], found[PATH_MAX], file[PATH_MAX];
    for (size_t i = 0; i < sizeof SHARES / sizeof SHARES[0]; i++) {
        if (!join(dir, bin, SHARES[i]) || !join(found, dir, name) || !join(file, found, probe))
            continue;
        if (file_exists(file) && realpath(found, out))
            return true;
    }
    out[0] = 0;
    return false;
}

enum rc cli_paths_find(struct cli_paths *out, struct err *err)
{
    char    bin[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", out->self, sizeof out->self - 1);
    if (n < 0)
        return err_errno(err, RC_IO, errno, "/proc/self/exe");
    out->self[n] = 0;

    memcpy(bin, out->self, (size_t)n + 1);
    *strrchr(bin, '/') = 0;
    if (!join(out->engine, bin, "vedette-engine") || !file_exists(out->engine))
        return err_set(err, RC_NOT_FOUND, "%s/vedette-engine is missing; build it with `make build`", bin);
    if (!find_share(out->content, bin, "content", "schemas"))
        return err_set(
            err, RC_NOT_FOUND,
            "the folder content (rules, schemas) is neither in %s/../share/vedette nor %s/../share", bin,
            bin);
    find_share(out->portal, bin, "portal", "index.html");
    return RC_OK;
}
