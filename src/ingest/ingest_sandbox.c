/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

static void tell(const char *layer, bool is_there)
{
    if (is_there)
        log_info(EV_SANDBOX, F_CSTR("layer", layer), F_BOOL("is_there", true));
    else
        log_warn(EV_SANDBOX, F_CSTR("layer", layer), F_BOOL("is_there", false));
}

/* The kernel's own interface: libcap would be one more library for two calls. */
static bool keep_capabilities(uint64_t keep)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct   now[2] = { 0 };

    if (syscall(SYS_capget, &head, now) != 0)
        return false;
    for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
        if (!(keep >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
            prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* without CAP_SETPCAP there is nothing to give up */
    }
    for (int i = 0; i < 2; i++) {
        uint32_t kept = (uint32_t)(keep >> (32 * i));

        now[i].permitted &= kept;
        now[i].effective = now[i].permitted;
        now[i].inheritable = 0;
    }
    return syscall(SYS_capset, &head, now) == 0;
}

static const int REFUSED[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(reboot),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(kcmp),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
};

static bool refuse_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool            ok = filter != NULL;

    for (size_t i = 0; ok && i < sizeof REFUSED / sizeof *REFUSED; i++) {
        /* -EDOM: a call that this architecture does not have. */
        int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), REFUSED[i], 0);

        ok = rc == 0 || rc == -EDOM;
    }
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

void ingest_sandbox_enter(struct ingest_sandbox_opts opts)
{
    uint64_t keep = UINT64_C(1) << CAP_DAC_READ_SEARCH;

    if (opts.reads_processes)
        keep |= UINT64_C(1) << CAP_SYS_PTRACE;
    if (opts.foreign_folder)
        keep |= UINT64_C(1) << CAP_DAC_OVERRIDE;
    tell("no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    tell("capabilities", keep_capabilities(keep));
    tell("seccomp", refuse_calls());
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
