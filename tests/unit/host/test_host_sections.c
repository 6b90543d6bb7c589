/* SPDX-License-Identifier: Apache-2.0 */
/* The sections that read one kind of file each. */
#include "tests/unit/host/tree.h"

TEST(packages_and_the_newer_versions_that_lists_offer)
{
    struct tree t = tree_new();
    tree_put(&t, "/var/lib/dpkg/status",
             "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2-1\n\n"
             "Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n"
             "Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7.88-10\n",
             0644);
    tree_put(&t, "/var/lib/apt/lists/deb_dists_bookworm-security_main_binary-amd64_Packages",
             "Package: curl\nArchitecture: amd64\nVersion: 7.88-10+deb12u1\n\nPackage: bash\nArchitecture: "
             "amd64\nVersion: 5.1-9\n",
             0644);
    tree_put(&t, "/var/lib/apt/lists/deb_dists_bookworm-backports_InRelease",
             "Origin: Debian\nNotAutomatic: yes\n", 0644);
    tree_put(&t, "/var/lib/apt/lists/deb_dists_bookworm-backports_main_binary-amd64_Packages",
             "Package: bash\nArchitecture: amd64\nVersion: 9.9\n", 0644);
    CHECK_SEQ(tree_fact(&t, "packages.1.name"), S("\"curl\""));
    CHECK_SEQ(tree_fact(&t, "packages.2"), S("absent"));
    CHECK_SEQ(tree_fact(&t, "updates.count"), S("1"));
    CHECK_SEQ(tree_fact(&t, "updates.securityCount"), S("1"));
    CHECK_SEQ(tree_fact(&t, "updates.securityLists"), S("1"));
    CHECK_SEQ(tree_fact(&t, "updates.pending.0.candidate"), S("\"7.88-10+deb12u1\""));
    tree_done(&t);
}

TEST(sudoers_are_read_with_their_folders_and_continued_lines)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/bin/sudo", "", 04755);
    tree_put(&t, "/etc/sudoers",
             "Defaults env_reset, use_pty\nDefaults logfile=\"/var/log/sudo.log\",timestamp_timeout=5\n"
             "root ALL=(ALL:ALL) ALL\n%admin ALL=\\\n(ALL) ALL\n@includedir /etc/sudoers.d\n",
             0440);
    tree_put(&t, "/etc/sudoers.d/ann", "ann ALL=(ALL) NOPASSWD: ALL # really\n", 0440);
    tree_put(&t, "/etc/sudoers.d/not.read", "bob ALL=(ALL) NOPASSWD: ALL\n", 0440);
    CHECK_SEQ(tree_fact(&t, "sudo.usePty"), S("true"));
    CHECK_SEQ(tree_fact(&t, "sudo.logFile"), S("\"/var/log/sudo.log\""));
    CHECK_SEQ(tree_fact(&t, "sudo.timestampTimeout"), S("5"));
    CHECK_SEQ(tree_fact(&t, "sudo.withoutPassword"), S("[\"ann ALL=(ALL) NOPASSWD: ALL\"]"));
    CHECK_SEQ(tree_fact(&t, "sudo.grants.1"), S("\"%admin ALL= (ALL) ALL\""));
    tree_done(&t);
}

TEST(pam_lines_keep_their_controls_whole)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/pam.d/common-password",
             "# comment\npassword [success=1 default=ignore] pam_unix.so obscure yescrypt\n@include other\n",
             0644);
    tree_put(&t, "/etc/security/faillock.conf", "deny = 5\nunlock_time = 900\neven_deny_root\n# audit\n",
             0644);
    CHECK_SEQ(tree_fact(&t, "pam.lines"),
              S("[{\"service\":\"common-password\",\"type\":\"password\",\"control\":\"[success=1 "
                "default=ignore]\","
                "\"module\":\"pam_unix.so\",\"arguments\":[\"obscure\",\"yescrypt\"]}]"));
    CHECK_SEQ(tree_fact(&t, "pam.faillock"), S("{\"deny\":5,\"unlock_time\":900,\"even_deny_root\":true}"));
    tree_done(&t);
}

TEST(units_are_enabled_masked_static_or_disabled)
{
    struct tree t = tree_new();
    tree_put(&t, "/lib/systemd/system/a.service", "[Install]\nWantedBy=multi-user.target\n", 0644);
    tree_put(&t, "/lib/systemd/system/b.service", "[Install]\nWantedBy=multi-user.target\n", 0644);
    tree_put(&t, "/lib/systemd/system/c.service", "[Service]\nExecStart=/bin/true\n", 0644);
    tree_put(&t, "/lib/systemd/system/d.service", "", 0644);
    tree_link(&t, "/etc/systemd/system/multi-user.target.wants/a.service", "/lib/systemd/system/a.service");
    tree_link(&t, "/etc/systemd/system/d.service", "/dev/null");
    tree_put(&t, "/sys/fs/cgroup/system.slice/a.service/cgroup.procs", "123\n", 0644);
    CHECK_SEQ(tree_fact(&t, "services.0"),
              S("{\"name\":\"a.service\",\"state\":\"enabled\",\"enabled\":true,\"running\":true}"));
    CHECK_SEQ(tree_fact(&t, "services.1.state"), S("\"disabled\""));
    CHECK_SEQ(tree_fact(&t, "services.2.state"), S("\"static\""));
    CHECK_SEQ(tree_fact(&t, "services.3.state"), S("\"masked\""));
    tree_done(&t);
}

TEST(own_addresses_are_told_once_and_whether_the_internet_routes_them)
{
    struct tree t = tree_new();
    tree_put(&t, "/proc/net/fib_trie",
             "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n"
             "     |-- 51.15.3.9\n        /32 host LOCAL\n     |-- 51.15.3.0\n        /24 link UNICAST\n"
             "     |-- 10.2.3.4\n        /32 host LOCAL\n"
             "Local:\n     |-- 51.15.3.9\n        /32 host LOCAL\n",
             0644);
    tree_put(&t, "/proc/net/if_inet6",
             "2a010cb8000000000000000000000007 02 40 00 80     eth0\n"
             "fe80000000000000025056fffe000001 02 40 20 80     eth0\n"
             "00000000000000000000000000000001 01 80 10 80       lo\n"
             "not an address\n",
             0644);
    CHECK_SEQ(tree_fact(&t, "network.addresses.0"),
              S("{\"address\":\"51.15.3.9\",\"loopback\":false,\"public\":true}"));
    CHECK_SEQ(tree_fact(&t, "network.addresses.1"),
              S("{\"address\":\"10.2.3.4\",\"loopback\":false,\"public\":false}"));
    CHECK_SEQ(tree_fact(&t, "network.addresses.2"),
              S("{\"address\":\"2a01:cb8::7\",\"loopback\":false,\"public\":true}"));
    CHECK_SEQ(tree_fact(&t, "network.addresses.3.public"), S("false"));
    CHECK_SEQ(tree_fact(&t, "network.addresses.4.loopback"), S("true"));
    CHECK_SEQ(tree_fact(&t, "network.addresses.5"), S("absent"));
    tree_done(&t);
}

TEST(open_ports_are_told_with_address_and_owner)
{
    struct tree t = tree_new();
    tree_put(
        &t, "/proc/net/tcp",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 "
        "100 0 0 10 0\n"
        "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 "
        "100 0 0 10 0\n"
        "   2: 0100007F:1F91 0100007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 "
        "100 0 0 10 0\n",
        0644);
    tree_put(&t, "/proc/77/comm", "sshd\n", 0644);
    tree_put(&t, "/proc/77/cgroup", "0::/system.slice/ssh.service\n", 0644);
    tree_link(&t, "/proc/77/fd/3", "socket:[4712]");
    CHECK_SEQ(tree_fact(&t, "network.listening.0.loopback"), S("true"));
    CHECK_SEQ(tree_fact(&t, "network.listening.0.port"), S("8080"));
    CHECK_SEQ(tree_fact(&t, "network.listening.1.address"), S("\"0.0.0.0\""));
    CHECK_SEQ(tree_fact(&t, "network.listening.1.program"), S("\"sshd\""));
    CHECK_SEQ(tree_fact(&t, "network.listening.1.unit"), S("\"ssh.service\""));
    CHECK_SEQ(tree_fact(&t, "network.listening.2"), S("absent"));
    tree_done(&t);
}

TEST(the_firewall_in_use_speaks_for_the_machine)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/sbin/nft", "", 0755);
    tree_put(&t, "/etc/nftables.conf",
             "table inet filter {\n chain input {\n  type filter hook input priority filter; policy drop;\n  "
             "iif lo accept\n }\n}\n",
             0755);
    CHECK_SEQ(tree_fact(&t, "firewall.inboundPolicy"), S("\"accept\""));
    tree_link(&t, "/etc/systemd/system/sysinit.target.wants/nftables.service",
              "/lib/systemd/system/nftables.service");
    CHECK_SEQ(tree_fact(&t, "firewall.inUse"), S("\"nftables\""));
    CHECK_SEQ(tree_fact(&t, "firewall.inboundPolicy"), S("\"drop\""));
    CHECK_SEQ(tree_fact(&t, "firewall.loopback"), S("true"));
    tree_done(&t);
}

TEST(mounts_are_told_with_their_options)
{
    struct tree t = tree_new();
    tree_put(&t, "/proc/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /tmp tmpfs rw,nosuid,nodev 0 0\n", 0444);
    CHECK_SEQ(tree_fact(&t, "mounts./tmp"),
              S("{\"separate\":true,\"type\":\"tmpfs\",\"nodev\":true,\"nosuid\":true,\"noexec\":false}"));
    CHECK_SEQ(tree_fact(&t, "mounts./home.separate"), S("false"));
    tree_done(&t);
}

TEST(audit_rules_are_the_same_in_both_spellings)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/sbin/auditd", "", 0755);
    tree_put(&t, "/etc/audit/auditd.conf", "max_log_file = 8\nmax_log_file_action = keep_logs\n", 0640);
    tree_put(&t, "/etc/audit/rules.d/a.rules",
             "-D\n-w /etc/sudoers -p wa -k scope\n-a always,exit -F arch=b64 -S mount,umount2 -F auid>=1000 "
             "-k mounts\n-e 2\n",
             0640);
    CHECK_SEQ(tree_fact(&t, "audit.config.max_log_file"), S("8"));
    CHECK_SEQ(tree_fact(&t, "audit.rules.0"),
              S("{\"kind\":\"watch\",\"path\":\"/etc/"
                "sudoers\",\"permissions\":\"wa\",\"syscalls\":[],\"filters\":[],\"key\":\"scope\"}"));
    CHECK_SEQ(tree_fact(&t, "audit.rules.1.syscalls"), S("[\"mount\",\"umount2\"]"));
    CHECK_SEQ(tree_fact(&t, "audit.rules.1.filters"), S("[\"arch=b64\",\"auid>=1000\"]"));
    CHECK_SEQ(tree_fact(&t, "audit.immutable"), S("true"));
    tree_done(&t);
}

TEST(apt_is_read_in_both_forms_without_passwords)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/bin/unattended-upgrade", "", 0755);
    tree_put(&t, "/etc/apt/apt.conf.d/20auto",
             "APT::Periodic::Update-Package-Lists \"1\";\nAPT { Periodic { Unattended-Upgrade \"1\"; }; };\n",
             0644);
    tree_put(&t, "/etc/apt/sources.list",
             "deb [trusted=yes] http://user:word@repo.example/debian stable main\n# deb http://x y z\n",
             0644);
    tree_put(&t, "/etc/apt/sources.list.d/d.sources",
             "Types: deb\nURIs: https://repo.example/debian\nSuites: bookworm\nSigned-By: /k.gpg\n", 0644);
    CHECK_SEQ(tree_fact(&t, "apt.updatesLists"), S("true"));
    CHECK_SEQ(tree_fact(&t, "apt.unattendedUpgrades"), S("true"));
    CHECK_SEQ(tree_fact(&t, "apt.sources.0"),
              S("{\"uri\":\"http://repo.example/debian\",\"suite\":\"stable\",\"encrypted\":false,"
                "\"trusted\":true,\"signedBy\":false}"));
    CHECK_SEQ(tree_fact(&t, "apt.sources.1.signedBy"), S("true"));
    tree_done(&t);
}

TEST(settings_of_systemd_daemons_count_in_their_section)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/systemd/journald.conf",
             "[Journal]\n#Storage=none\nCompress=no\n[Other]\nStorage=none\n", 0644);
    tree_put(&t, "/etc/systemd/journald.conf.d/a.conf", "[Journal]\nStorage=persistent\n", 0644);
    tree_put(&t, "/lib/systemd/systemd-timesyncd", "", 0755);
    tree_put(&t, "/etc/systemd/timesyncd.conf", "[Time]\nNTP=a.example b.example\n", 0644);
    CHECK_SEQ(tree_fact(&t, "journald.Storage"), S("\"persistent\""));
    CHECK_SEQ(tree_fact(&t, "journald.Compress"), S("\"no\""));
    CHECK_SEQ(tree_fact(&t, "journald.persistent"), S("true"));
    CHECK_SEQ(tree_fact(&t, "timeSync.servers"), S("[\"a.example\",\"b.example\"]"));
    tree_done(&t);
}

TEST(shells_limits_and_banners_are_judged_by_their_files)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n", 0644);
    tree_put(&t, "/etc/profile.d/a.sh", "umask 027\nTMOUT=600; readonly TMOUT; export TMOUT\n", 0644);
    tree_put(&t, "/etc/security/limits.d/c.conf", "* hard core 0\n", 0644);
    tree_put(&t, "/etc/issue", "Debian GNU/Linux 12 \\n \\l\n", 0644);
    tree_put(&t, "/etc/issue.net", "Authorised users only\n", 0644);
    CHECK_SEQ(tree_fact(&t, "shell"), S("{\"umask\":\"027\",\"timeout\":600,\"timeoutFixed\":true}"));
    CHECK_SEQ(tree_fact(&t, "limits.hardCore"), S("0"));
    CHECK_SEQ(tree_fact(&t, "banners.issue.revealsSystem"), S("true"));
    CHECK_SEQ(tree_fact(&t, "banners.issueNet"), S("{\"exists\":true,\"revealsSystem\":false}"));
    CHECK_SEQ(tree_fact(&t, "os.versionId"), S("\"12\""));
    tree_done(&t);
}
