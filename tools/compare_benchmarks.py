#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds our benchmark for Linux machines beside lynis and OpenSCAP where they judge the same thing.

    tools/compare_benchmarks.py [ROOT]

Without ROOT a Debian 12 tree is made with debootstrap (root is needed) with both tools in it, and removed afterwards. Prints
the table of docs/posture-benchmark.md and fails when two disagree without a reason in KNOWN.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
VEDETTE = HERE / "build/bin/vedette"
PACKAGES = ("openssh-server,sudo,cron,rsyslog,auditd,login,libpam-modules,systemd,systemd-sysv,kmod,procps,lynis,"
            "openscap-scanner,ssg-debian,ca-certificates")
# SSG of Debian 12 knows Debian 11 at most: its checks are run on 12 without the line that asks for the release.
SCRIPT = """
mount -t proc proc /proc; mount -t sysfs sys /sys; mkdir -p /run/sshd
/usr/sbin/sshd -o ListenAddress=127.0.0.1:2299
lynis audit system --quick --no-colors --report-file /root/lynis.dat --logfile /root/lynis.log >/dev/null 2>&1
kill "$(cat /run/sshd.pid)"
sed 's#<xccdf-1.2:platform idref="[^"]*"/>##g' /usr/share/xml/scap/ssg/content/ssg-debian11-ds.xml >/root/ds.xml
for p in $(oscap info /root/ds.xml 2>/dev/null | sed -n 's/.*Id: \\(.*_profile_.*\\)/\\1/p'); do
  oscap xccdf eval --profile "$p" /root/ds.xml
done >/root/oscap.out 2>/dev/null
"""

# Our check, the other's name of the same question. A name of lynis is TEST or TEST:field or TEST~text of its suggestion.
OSCAP = {
    "apt_conf_disallow_unauthenticated": "linux.apt.signed-sources",
    "file_groupowner_etc_group": "linux.file.group", "file_owner_etc_group": "linux.file.group",
    "file_permissions_etc_group": "linux.file.group", "file_groupowner_etc_gshadow": "linux.file.gshadow",
    "file_owner_etc_gshadow": "linux.file.gshadow", "file_permissions_etc_gshadow": "linux.file.gshadow",
    "file_groupowner_etc_passwd": "linux.file.passwd", "file_owner_etc_passwd": "linux.file.passwd",
    "file_permissions_etc_passwd": "linux.file.passwd", "file_groupowner_etc_shadow": "linux.file.shadow",
    "file_owner_etc_shadow": "linux.file.shadow", "file_permissions_etc_shadow": "linux.file.shadow",
    "package_audit_installed": "linux.audit.installed", "package_nis_removed": "linux.client.nis",
    "package_ntp_installed": "linux.time.daemon", "partition_for_home": "linux.mount.home.separate",
    "partition_for_tmp": "linux.mount.tmp.separate", "partition_for_var": "linux.mount.var.separate",
    "partition_for_var_log": "linux.mount.var-log.separate",
    "partition_for_var_log_audit": "linux.mount.var-log-audit.separate",
    "rsyslog_files_permissions": "linux.rsyslog.mode", "sshd_disable_empty_passwords": "linux.ssh.empty-passwords",
    "sshd_disable_root_login": "linux.ssh.root-login", "sshd_set_idle_timeout": "linux.ssh.idle",
    "sshd_set_keepalive_0": "linux.ssh.idle", "sudo_remove_no_authenticate": "linux.sudo.authenticate",
    "sudo_remove_nopasswd": "linux.sudo.password", "sysctl_fs_protected_hardlinks": "linux.kernel.links",
    "sysctl_fs_protected_symlinks": "linux.kernel.links", "sysctl_fs_suid_dumpable": "linux.kernel.suid-dumpable",
    "sysctl_kernel_randomize_va_space": "linux.kernel.aslr",
}
SYSCTL = {
    "fs.protected_symlinks": "linux.kernel.links", "fs.suid_dumpable": "linux.kernel.suid-dumpable",
    "kernel.dmesg_restrict": "linux.kernel.dmesg", "kernel.kptr_restrict": "linux.kernel.kptr",
    "kernel.randomize_va_space": "linux.kernel.aslr", "kernel.unprivileged_bpf_disabled": "linux.kernel.bpf",
    "net.ipv4.conf.all.accept_redirects": "linux.net.accept-redirects",
    "net.ipv4.conf.default.accept_source_route": "linux.net.source-route",
    "net.ipv4.conf.all.log_martians": "linux.net.martians", "net.ipv4.conf.all.rp_filter": "linux.net.rp-filter",
    "net.ipv4.conf.all.send_redirects": "linux.net.send-redirects",
    "net.ipv4.icmp_echo_ignore_broadcasts": "linux.net.broadcast-icmp",
    "net.ipv4.icmp_ignore_bogus_error_responses": "linux.net.bogus-icmp",
    "net.ipv4.tcp_syncookies": "linux.net.syncookies",
    "net.ipv6.conf.all.accept_redirects": "linux.net.accept-redirects-v6",
    "net.ipv6.conf.all.accept_source_route": "linux.net.source-route-v6",
}
SSHD = {
    "ClientAliveCountMax": "linux.ssh.idle", "LogLevel": "linux.ssh.log-level", "MaxAuthTries": "linux.ssh.max-tries",
    "MaxSessions": "linux.ssh.max-sessions", "X11Forwarding": "linux.ssh.x11", "AllowTcpForwarding": "linux.ssh.forwarding",
    "PermitRootLogin": "linux.ssh.root-login", "PermitUserEnvironment": "linux.ssh.user-environment",
    "IgnoreRhosts": "linux.ssh.rhosts", "LoginGraceTime": "linux.ssh.grace-time",
}
SUGGESTIONS = {
    "KRNL-5820": "linux.limits.core", "AUTH-9262": "linux.pam.pwquality", "AUTH-9286~minimum": "linux.login.min-days",
    "AUTH-9286~maximum": "linux.login.max-days", "AUTH-9328": "linux.login.umask", "FILE-6310~/home": "linux.mount.home.separate",
    "FILE-6310~/tmp": "linux.mount.tmp.separate", "FILE-6310~/var": "linux.mount.var.separate",
    "USB-1000": "linux.kernel.module.usb-storage", "PKGS-7388": "linux.apt.security-source",
    "PKGS-7420": "linux.updates.unattended", "NETW-3200~dccp": "linux.kernel.module.dccp",
    "NETW-3200~sctp": "linux.kernel.module.sctp", "NETW-3200~rds": "linux.kernel.module.rds",
    "NETW-3200~tipc": "linux.kernel.module.tipc", "BANN-7126": "linux.banner.issue", "BANN-7130": "linux.banner.issue-net",
    "FINT-4350": "linux.integrity.aide", "HRDN-7230": "linux.endpoint.sensor", "ACCT-9628": "linux.audit.installed",
    "FIRE-4590": "linux.firewall.in-use", "PKGS-7392": "linux.updates.security", "AUTH-9204": "linux.accounts.uid0",
    "AUTH-9222": "linux.accounts.unique-groups", "AUTH-9208": "linux.accounts.unique-uids",
    "AUTH-9283": "linux.accounts.empty-password", "TIME-3104": "linux.time.daemon",
}

# Why they differ, by (tool, its name).
KNOWN = {
    ("OpenSCAP", "sshd_disable_empty_passwords"): "asks for a line in sshd_config; what sshd does without one is to refuse, and that is what we judge",
    ("OpenSCAP", "sysctl_kernel_randomize_va_space"): "also asks for a line in /etc/sysctl.d; the kernel runs with 2",
    ("OpenSCAP", "sysctl_fs_suid_dumpable"): "also asks for a line in /etc/sysctl.d; the kernel runs with 0",
    ("OpenSCAP", "sysctl_fs_protected_hardlinks"): "one check of ours for hard and symbolic links: the other half fails",
    ("OpenSCAP", "rsyslog_files_permissions"): "looks at log files that rsyslog has not made yet; we judge the mode that it will give them",
    ("lynis", "KRNL-6000:kernel.unprivileged_bpf_disabled"): "wants 1; 2 refuses the same and can be lifted by root alone",
    ("lynis", "SSH-7408:MaxSessions"): "wants 2; CIS allows 10",
    ("lynis", "SSH-7408:LogLevel"): "wants VERBOSE; CIS allows INFO",
    ("lynis", "SSH-7408:PermitRootLogin"): "accepts keys for root; CIS and we do not",
    ("lynis", "SSH-7408:LoginGraceTime"): "accepts 120 seconds; CIS and we 60",
    ("lynis", "USB-1000"): "asks for a line in /etc/modprobe.d; this kernel has no such module, so there is nothing to refuse",
    ("lynis", "NETW-3200~dccp"): "asks for a line in /etc/modprobe.d; this kernel has no such module",
    ("lynis", "NETW-3200~sctp"): "asks for a line in /etc/modprobe.d; this kernel has no such module",
    ("lynis", "NETW-3200~rds"): "asks for a line in /etc/modprobe.d; this kernel has no such module",
    ("lynis", "NETW-3200~tipc"): "asks for a line in /etc/modprobe.d; this kernel has no such module",
    ("lynis", "ACCT-9628"): "asks whether auditd runs, which nothing does in a tree; another check of ours asks for its rules",
    ("lynis", "FIRE-4590"): "takes iptables in the kernel for a firewall; there is no rule, and no tool that would load one",
    ("lynis", "TIME-3104"): "asks nothing of virtual machines, whose host keeps the clock; we ask for a daemon",
}


def our_verdicts(root):
    """check → pass, fail or the reason why neither, and the kernel as the tree sees it."""
    facts = subprocess.run(["unshare", "-m", "sh", "-c", f'mount -t proc proc "{root}/proc"; mount -t sysfs sys "{root}/sys"; '
                            f'exec "{VEDETTE}" facts --root "{root}" --walk 120'], capture_output=True, text=True, check=True).stdout
    rows = subprocess.run([VEDETTE, "policy", "check", "--format", "json", "--all", "--block", "none", "-"], input=facts,
                          capture_output=True, text=True, check=True).stdout
    names = {"Healthy": "pass", "Unhealthy": "fail"}
    return {row["check"]: names.get(row["state"], row["state"]) for row in map(json.loads, rows.splitlines())}


def oscap_verdicts(root):
    text = (root / "root/oscap.out").read_text()
    return dict(re.findall(r"Rule\s+xccdf_org\.ssgproject\.content_rule_(\S+)\s+(?:Ident.*\s+)?Result\s+(\S+)", text))


def lynis_verdicts(root):
    """name → fail for what lynis minds, pass for what it looked at and did not mind."""
    report = (root / "root/lynis.dat").read_text(errors="replace")
    log = (root / "root/lynis.log").read_text(errors="replace")
    minded = set(re.findall(r"^details\[\]=(\S+?)\|.*?field:([^;]*);", report, re.M))
    lines = re.findall(r"^(?:suggestion|warning)\[\]=(\S+?)\|([^|]*)", report, re.M)
    ran = set(re.findall(r"Performing test ID (\S+)", log)) - set(re.findall(r"Skipped test (\S+)", log))
    ran -= set(re.findall(r"Performing test ID (\S+)(?:(?!Performing test)[\s\S])*?test not fully executed", log))
    out = {}
    for field in SYSCTL:
        if re.search(rf"sysctl key {re.escape(field)} ", log):
            out[f"KRNL-6000:{field}"] = "fail" if ("KRNL-6000", field) in minded else "pass"
    for field in SSHD:
        if "SSH-7408" in ran:
            out[f"SSH-7408:{field}"] = "fail" if ("SSH-7408", field) in minded else "pass"
    for name in SUGGESTIONS:
        test, _, text = name.partition("~")
        if test in ran:
            out[name] = "fail" if any(found == test and text in words for found, words in lines) else "pass"
    return out


def pairs(root):
    for name, verdict in sorted(oscap_verdicts(root).items()):
        if name in OSCAP and verdict in ("pass", "fail"):
            yield "OpenSCAP", name, OSCAP[name], verdict
    checks = {f"KRNL-6000:{field}": check for field, check in SYSCTL.items()}
    checks |= {f"SSH-7408:{field}": check for field, check in SSHD.items()} | SUGGESTIONS
    for name, verdict in sorted(lynis_verdicts(root).items()):
        yield "lynis", name, checks[name], verdict


def compare(root):
    ours, wrong, counts = our_verdicts(root), 0, {"agree": 0, "differ": 0, "ours is silent": 0}
    print("| tool | its question | our check | it | we | why |\n|---|---|---|---|---|---|")
    for tool, name, check, verdict in pairs(root):
        mine = ours[check]
        same = mine == verdict
        silent = mine not in ("pass", "fail")
        reason = "" if same else KNOWN.get((tool, name), "" if not silent else "we do not judge it here")
        counts["agree" if same else "ours is silent" if silent else "differ"] += 1
        if not same and not reason:
            wrong += 1
            reason = "**unexplained**"
        print(f"| {tool} | `{name}` | `{check}` | {verdict} | {mine} | {reason} |")
    print(f"\n{sum(counts.values())} questions in common: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return wrong


def prepare(root):
    subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", root], check=True,
                   stdout=subprocess.DEVNULL)


def run_tools(root):
    (root / "root/compare.sh").write_text(SCRIPT)
    subprocess.run(["unshare", "-m", "-p", "-f", "chroot", root, "sh", "/root/compare.sh"], check=False)


def main():
    if len(sys.argv) > 1:
        root = pathlib.Path(sys.argv[1])
        run_tools(root)
        return 1 if compare(root) else 0
    with tempfile.TemporaryDirectory(prefix="vedette-compare-") as folder:
        root = pathlib.Path(folder)
        prepare(root)
        run_tools(root)
        return 1 if compare(root) else 0


if __name__ == "__main__":
    sys.exit(main())
