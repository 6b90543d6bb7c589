/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_seccomp.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <unistd.h>

static const char *const REFUSED[] = {
    /* the network; sockets that listen are open already */
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    /* programs and other processes */
    "execve",
    "execveat",
    "fork",
    "vfork",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "process_madvise",
    /* the file tree */
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_by_handle_at",
    "name_to_handle_at",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "mknod",
    "mknodat",
    "quotactl",
    "swapon",
    "swapoff",
    /* namespaces and privileges */
    "unshare",
    "setns",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    /* the kernel */
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "syslog",
    "acct",
    "personality",
    "modify_ldt",
    "uselib",
    "vhangup",
    "lookup_dcookie",
    "nfsservctl",
};

static int refuse(scmp_filter_ctx ctx)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        int number = seccomp_syscall_resolve_name(REFUSED[i]);
        if (number == __NR_SCMP_ERROR)
            continue; /* one that this kernel's headers do not know */
        int rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), number, 0);
        if (rc < 0 && rc != -EACCES)
            return rc;
    }
    return 0;
}

/* Threads, but no processes: clone without CLONE_THREAD is refused. clone3 keeps its flags where a filter
 * cannot look, so it "does not exist", and glibc takes clone instead. Signals may go to this process alone.
 */
static int refuse_by_argument(scmp_filter_ctx ctx)
{
    const struct scmp_arg_cmp no_thread = {
        .arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = CLONE_THREAD, .datum_b = 0
    };
    const struct scmp_arg_cmp others = {
        .arg = 0, .op = SCMP_CMP_NE, .datum_a = (scmp_datum_t)getpid(), .datum_b = 0
    };
    int rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, NULL);

    if (rc == 0)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &no_thread);
    if (rc == 0)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(kill), 1, &others);
    if (rc == 0)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, &others);
    if (rc == 0)
        rc = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tkill), 0, NULL);
    return rc;
}

enum rc engine_seccomp_enter(struct err *err)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

    if (!ctx)
        return err_set(err, RC_UNSUPPORTED, "libseccomp gives no filter");
    int rc = refuse(ctx);
    if (rc == 0)
        rc = refuse_by_argument(ctx);
    if (rc == 0)
        rc = seccomp_load(ctx);
    seccomp_release(ctx);
    if (rc < 0)
        return err_errno(err, RC_UNSUPPORTED, -rc, "the kernel takes no filter of system calls");
    return RC_OK;
}
