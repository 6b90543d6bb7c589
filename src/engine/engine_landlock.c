/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

/* Rights of the first version; REFER came with the second and truncation with the third. */
#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define EXECUTES LANDLOCK_ACCESS_FS_EXECUTE
#define WRITES                                                                                               \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |        \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |              \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |           \
     LANDLOCK_ACCESS_FS_MAKE_SYM)
#define REFERS (UINT64_C(1) << 13)
#define TRUNCATES (UINT64_C(1) << 14)

/* Holds also where the file tree is still the machine's. */
static const char *const READ_ALONE[] = { "/proc", "/sys/devices/system/cpu", "/lib", "/lib64", "/usr/lib" };

static enum rc allow(int ruleset, const char *path, uint64_t rights, struct err *err)
{
    AUTO_FD                           fd = open(path, O_PATH | O_CLOEXEC);
    struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };

    if (fd < 0 || syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
        return err_errno(err, RC_IO, errno, "Landlock on %s", path);
    return RC_OK;
}

enum rc engine_landlock_enter(const char *data, struct err *err)
{
    long     version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t all = READS | EXECUTES | WRITES | (version >= 2 ? REFERS : 0) | (version >= 3 ? TRUNCATES : 0);

    if (version < 1)
        return err_errno(err, RC_UNSUPPORTED, errno,
                         "the kernel has no Landlock (lsm=landlock on its command line)");
    struct landlock_ruleset_attr attr = { .handled_access_fs = all };
    AUTO_FD                      ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0)
        return err_errno(err, RC_IO, errno, "Landlock");
    for (size_t i = 0; i < sizeof READ_ALONE / sizeof READ_ALONE[0]; i++)
        if (file_exists(READ_ALONE[i]))
            TRY(allow(ruleset, READ_ALONE[i], READS, err));
    TRY(allow(ruleset, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE, err));
    TRY(allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE, err));
    TRY(allow(ruleset, data, all & ~(uint64_t)EXECUTES, err));
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
        return err_errno(err, RC_IO, errno, "Landlock");
    return RC_OK;
}
