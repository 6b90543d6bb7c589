/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "tests/unit/host/tree.h"

TEST(pairs_are_read_with_and_without_a_sign_and_comments_are_not)
{
    str text = S("# all\nPASS_MAX_DAYS\t365 # a year\nkey = \"a value\"\n\nNAME=Debian#12\nbare\n"), key,
        value;
    CHECK(host_conf_pair(&text, &key, &value));
    CHECK_SEQ(key, S("PASS_MAX_DAYS"));
    CHECK_SEQ(value, S("365"));
    CHECK(host_conf_pair(&text, &key, &value));
    CHECK_SEQ(value, S("a value"));
    CHECK(host_conf_pair(&text, &key, &value));
    CHECK_SEQ(value, S("Debian#12"));
    CHECK(host_conf_pair(&text, &key, &value));
    CHECK_SEQ(key, S("bare"));
    CHECK_SEQ(value, S(""));
    CHECK(!host_conf_pair(&text, &key, &value));
}

TEST(spans_are_read_as_seconds)
{
    CHECK_EQ(host_conf_seconds(S("120")), 120);
    CHECK_EQ(host_conf_seconds(S("1h30m")), 5400);
    CHECK_EQ(host_conf_seconds(S("2m")), 120);
    CHECK_EQ(host_conf_seconds(S("")), -1);
    CHECK_EQ(host_conf_seconds(S("soon")), -1);
    CHECK_EQ(host_conf_seconds(S("99999999999999999999")), -1);
}

TEST(keywords_become_names_of_members)
{
    struct arena *a = arena_new(65536);
    CHECK_SEQ(host_conf_camel(a, S("PermitRootLogin")), S("permitRootLogin"));
    CHECK_SEQ(host_conf_camel(a, S("MACs")), S("macs"));
    CHECK_SEQ(host_conf_camel(a, S("X11Forwarding")), S("x11Forwarding"));
    CHECK_SEQ(host_conf_camel(a, S("TCPKeepAlive")), S("tcpKeepAlive"));
    CHECK_SEQ(host_conf_camel(a, S("UseDNS")), S("useDNS"));
    arena_free(a);
}

TEST(patterns_match_whole_names)
{
    CHECK(host_conf_like(S("*.conf"), S("a.conf")));
    CHECK(!host_conf_like(S("*.conf"), S("a.conf.bak")));
    CHECK(host_conf_like(S("hmac-sha1*"), S("hmac-sha1-etm@openssh.com")));
    CHECK(host_conf_like(S("a?c*"), S("abc")));
    CHECK(!host_conf_like(S("a?c"), S("ac")));
}

TEST(sysctls_run_and_are_configured_with_the_right_file_winning)
{
    struct tree t = tree_new();
    tree_put(&t, "/proc/sys/kernel/osrelease", "6.1.0\n", 0644);
    tree_put(&t, "/proc/sys/net/ipv4/ip_forward", "1\n", 0644);
    tree_put(&t, "/proc/sys/net/ipv4/conf/all/rp_filter", "2\n", 0644);
    tree_put(&t, "/proc/sys/net/ipv6/conf/all/forwarding", "0\n", 0644);
    tree_put(&t, "/etc/sysctl.d/10-a.conf", "net.ipv4.ip_forward = 0\nkernel.sysrq=0\n", 0644);
    tree_put(&t, "/usr/lib/sysctl.d/10-a.conf", "net.ipv4.ip_forward = 1\n", 0644);
    tree_put(&t, "/usr/lib/sysctl.d/50-b.conf", "-net/ipv4/conf/all/rp_filter = 1\n", 0644);
    tree_put(&t, "/etc/sysctl.conf", "kernel.sysrq=1\n", 0644);
    CHECK_SEQ(tree_fact(&t, "kernel.sysctl"), S("{\"net\":{\"ipv4\":{\"conf\":{\"all\":{\"rp_filter\":2}},"
                                                "\"ip_forward\":1},\"ipv6\":{\"conf\":{\"all\":{"
                                                "\"forwarding\":0}}}}}"));
    CHECK_SEQ(tree_fact(&t, "kernel.sysctlConfigured"),
              S("{\"kernel\":{\"sysrq\":1},\"net\":{\"ipv4\":{\"conf\":{\"all\":{\"rp_filter\":1}},\"ip_"
                "forward\":0}}}"));
    tree_done(&t);
}

TEST(a_module_is_usable_when_it_could_be_loaded)
{
    struct tree t = tree_new();
    tree_put(&t, "/proc/sys/kernel/osrelease", "6.1.0\n", 0644);
    tree_put(&t, "/proc/modules", "usb_storage 1 0 - Live 0x0\n", 0644);
    tree_put(&t, "/lib/modules/6.1.0/modules.dep",
             "kernel/fs/udf/udf.ko: kernel/x.ko\nkernel/fs/hfs/hfs.ko:\n", 0644);
    tree_put(&t, "/etc/modprobe.d/no.conf", "install udf /bin/false\nblacklist udf\n", 0644);
    CHECK_SEQ(tree_fact(&t, "kernel.modules.udf.usable"), S("false"));
    CHECK_SEQ(tree_fact(&t, "kernel.modules.udf.denied"), S("true"));
    CHECK_SEQ(tree_fact(&t, "kernel.modules.hfs.usable"), S("true"));
    CHECK_SEQ(tree_fact(&t, "kernel.modules.usb-storage.usable"), S("true"));
    CHECK_SEQ(tree_fact(&t, "kernel.modules.cramfs.usable"), S("false"));
    tree_done(&t);
}

TEST(boot_parameters_keep_secrets_to_themselves)
{
    struct tree t = tree_new();
    tree_put(&t, "/proc/cmdline", "ro audit=1 luks.key=abc quiet\n", 0644);
    CHECK_SEQ(tree_fact(&t, "kernel.bootParameters"), S("[\"ro\",\"audit=1\",\"luks.key\",\"quiet\"]"));
    tree_done(&t);
}
