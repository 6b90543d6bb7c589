/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/host_priv.h"
#include "host/host_read.h"

const struct host_section HOST_SECTIONS[] = {
    { .name = STR_INIT("os"),
      .doc = STR_INIT("Distribution, version, architecture, whether it is a container."),
      .example = STR_INIT("properties.os.versionId"),
      .collect = host_os_collect },
    { .name = STR_INIT("kernel"),
      .doc = STR_INIT("Release, boot parameters, sysctls as they run and as they are configured, modules."),
      .example = STR_INIT("properties.kernel.sysctl.net.ipv4.ip_forward"),
      .collect = host_kernel_collect },
    { .name = STR_INIT("packages"),
      .doc = STR_INIT("What dpkg has installed, and newer versions that its package lists know."),
      .example = STR_INIT("properties.packages[*].name"),
      .collect = host_packages_collect },
    { .name = STR_INIT("accounts"),
      .doc = STR_INIT("Users, groups, the state of passwords, home folders."),
      .example = STR_INIT("properties.users[*].shell"),
      .collect = host_accounts_collect },
    { .name = STR_INIT("login"),
      .doc = STR_INIT("login.defs, umask, time-out of shells, banners, limits."),
      .example = STR_INIT("properties.loginDefs.PASS_MAX_DAYS"),
      .collect = host_login_collect },
    { .name = STR_INIT("sudo"),
      .doc = STR_INIT("Defaults and grants of sudoers."),
      .example = STR_INIT("properties.sudo.usePty"),
      .collect = host_sudo_collect },
    { .name = STR_INIT("pam"),
      .doc = STR_INIT("Lines of PAM, and the settings of its modules."),
      .example = STR_INIT("properties.pam.lines[*].module"),
      .collect = host_pam_collect },
    { .name = STR_INIT("ssh"),
      .doc = STR_INIT("The SSH server's effective configuration, its keys."),
      .example = STR_INIT("properties.ssh.config.permitRootLogin"),
      .collect = host_ssh_collect },
    { .name = STR_INIT("services"),
      .doc = STR_INIT("Units of systemd: enabled, masked, running."),
      .example = STR_INIT("properties.services[*].name"),
      .collect = host_units_collect },
    { .name = STR_INIT("network"),
      .doc = STR_INIT("Interfaces and listening ports with their programs."),
      .example = STR_INIT("properties.network.listening[*].port"),
      .collect = host_net_collect },
    { .name = STR_INIT("firewall"),
      .doc = STR_INIT("nftables, ufw, firewalld and saved iptables rules."),
      .example = STR_INIT("properties.firewall.inboundPolicy"),
      .collect = host_firewall_collect },
    { .name = STR_INIT("files"),
      .doc = STR_INIT("Owners and permissions of the files that benchmarks judge."),
      .example = STR_INIT("properties.files['/etc/shadow'].mode"),
      .collect = host_files_collect },
    { .name = STR_INIT("mounts"),
      .doc = STR_INIT("Mounted file systems and their options."),
      .example = STR_INIT("properties.mounts['/tmp'].nodev"),
      .collect = host_mounts_collect },
    { .name = STR_INIT("walk"),
      .doc = STR_INIT("Set-uid, world-writable and ownerless files, found by looking at all."),
      .example = STR_INIT("properties.fileSystem.worldWritableFiles"),
      .collect = host_walk_collect },
    { .name = STR_INIT("audit"),
      .doc = STR_INIT("The audit daemon's settings and rules."),
      .example = STR_INIT("properties.audit.config.max_log_file_action"),
      .collect = host_audit_collect },
    { .name = STR_INIT("logs"),
      .doc = STR_INIT("journald, rsyslog, permissions of log files."),
      .example = STR_INIT("properties.journald.Storage"),
      .collect = host_logs_collect },
    { .name = STR_INIT("apt"),
      .doc = STR_INIT("Sources of packages and how updates come."),
      .example = STR_INIT("properties.apt.unattendedUpgrades"),
      .collect = host_apt_collect },
    { .name = STR_INIT("time"),
      .doc = STR_INIT("Time synchronisation, core dumps, AppArmor, the boot loader."),
      .example = STR_INIT("properties.timeSync.daemons"),
      .collect = host_time_collect },
    { .collect = NULL },
};

static void write_gaps(struct host *h)
{
    json_w_key(h->w, S("unread"));
    json_w_object(h->w);
    for (size_t i = 0; i < h->gaps.n; i++)
        json_w_kstr(h->w, h->gaps.p[i].fact, h->gaps.p[i].reason);
    json_w_end(h->w);
}

static void write_properties(struct host *h)
{
    json_w_object(h->w);
    for (const struct host_section *section = HOST_SECTIONS; section->name.n; section++)
        section->collect(h);
    write_gaps(h);
    json_w_end(h->w);
}

static void write_machine(struct host *h, const struct host_name *name)
{
    str called = name->name.n ? name->name : host_read_line(h, "/etc/hostname");
    if (called.n == 0)
        called = host_read_line(h, "/proc/sys/kernel/hostname");
    if (called.n == 0)
        called = S("localhost");
    str id = arena_printf(h->a,
                          "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT
                          "/providers/Microsoft.HybridCompute/machines/" STR_FMT,
                          STR_ARG(name->subscription), STR_ARG(name->group), STR_ARG(called));
    json_w_object(h->w);
    json_w_kstr(h->w, S("id"), id);
    json_w_kstr(h->w, S("name"), called);
    json_w_kstr(h->w, S("type"), S("Microsoft.HybridCompute/machines"));
    json_w_kstr(h->w, S("location"), name->location.n ? name->location : S("local"));
    json_w_key(h->w, S("tags"));
    json_w_object(h->w);
    json_w_end(h->w);
    json_w_key(h->w, S("properties"));
    write_properties(h);
    json_w_end(h->w);
}

enum rc host_machine(const struct host_opts *opts, const struct host_name *name, struct strbuf *out,
                     struct err *err)
{
    const char *root = opts->root ? opts->root : "/";
    AUTO_FD     fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, "%s", root);
    AUTO(arena) a = arena_new(HOST_MAX_MEMORY);
    struct json_w w = json_w_make(out);
    struct host   h = { .opts = opts, .root = fd, .a = a, .w = &w };
    write_machine(&h, name);
    return strbuf_ok(out, "the description of the machine", err);
}
