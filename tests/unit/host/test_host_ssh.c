/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/host/tree.h"

static struct tree with_config(const char *config)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/sbin/sshd", "", 0755);
    tree_put(&t, "/etc/ssh/sshd_config", config, 0644);
    return t;
}

TEST(what_no_file_says_is_as_openssh_has_it)
{
    struct tree t = with_config("");
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"prohibit-password\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.maxAuthTries"), S("6"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.loginGraceTime"), S("120"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.x11Forwarding"), S("\"no\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.maxStartupsParts.rate"), S("30"));
    CHECK_SEQ(tree_fact(&t, "ssh.said"), S("[]"));
    tree_done(&t);
}

TEST(the_first_value_wins_and_includes_stand_where_they_are)
{
    struct tree t =
        with_config("Include /etc/ssh/sshd_config.d/*.conf\npermitrootlogin YES\nMaxAuthTries=3\n"
                    "LoginGraceTime 1m30s\nMaxAuthTries 9\nPort 22\nPort 2222\nAllowUsers ann bob\n");
    tree_put(&t, "/etc/ssh/sshd_config.d/10-first.conf", "PermitRootLogin no\n", 0644);
    tree_put(&t, "/etc/ssh/sshd_config.d/20-second.conf", "PermitRootLogin without-password\n", 0644);
    tree_put(&t, "/etc/ssh/sshd_config.d/not-taken.txt", "MaxAuthTries 1\n", 0644);
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"no\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.maxAuthTries"), S("3"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.loginGraceTime"), S("90"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.port"), S("[\"22\",\"2222\"]"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.allowUsers"), S("[\"ann\",\"bob\"]"));
    tree_done(&t);
}

TEST(match_blocks_are_kept_apart_and_end_with_their_file)
{
    struct tree t = with_config(
        "Include /etc/ssh/sshd_config.d/*.conf\nX11Forwarding yes\nMatch User git\n  PermitTTY no\n"
        "  PasswordAuthentication no\n");
    tree_put(&t, "/etc/ssh/sshd_config.d/m.conf", "Match Address 10.0.0.0/8\nPermitRootLogin yes\n", 0644);
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"prohibit-password\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.x11Forwarding"), S("\"yes\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.passwordAuthentication"), S("\"yes\""));
    CHECK_SEQ(tree_fact(&t, "ssh.match.0.criteria"), S("\"Address 10.0.0.0/8\""));
    CHECK_SEQ(tree_fact(&t, "ssh.match.0.permitRootLogin"), S("\"yes\""));
    CHECK_SEQ(tree_fact(&t, "ssh.match.1.passwordAuthentication"), S("\"no\""));
    tree_done(&t);
}

TEST(lists_of_algorithms_are_worked_out)
{
    struct tree t = with_config(
        "Ciphers aes256-ctr,3des-cbc\nMACs -hmac-sha1*,umac-64*\nKexAlgorithms ^ecdh-sha2-nistp521\n");
    CHECK_SEQ(tree_fact(&t, "ssh.config.ciphers"), S("[\"aes256-ctr\",\"3des-cbc\"]"));
    CHECK_SEQ(
        tree_fact(&t, "ssh.config.macs"),
        S("[\"umac-128-etm@openssh.com\",\"hmac-sha2-256-etm@openssh.com\",\"hmac-sha2-512-etm@openssh.com\","
          "\"umac-128@openssh.com\",\"hmac-sha2-256\",\"hmac-sha2-512\"]"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.kexAlgorithms.0"), S("\"ecdh-sha2-nistp521\""));
    CHECK_SEQ(tree_fact(&t, "ssh.config.kexAlgorithms.6"), S("\"diffie-hellman-group-exchange-sha256\""));
    tree_done(&t);
}

TEST(includes_in_a_circle_end)
{
    struct tree t = with_config("Include /etc/ssh/sshd_config\nPermitRootLogin no\n");
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"no\""));
    tree_done(&t);
}

TEST(keys_that_others_may_read_are_told)
{
    struct tree t = with_config("");
    tree_put(&t, "/etc/ssh/ssh_host_ed25519_key", "secret", 0640);
    tree_put(&t, "/etc/ssh/ssh_host_rsa_key", "secret", 0644);
    tree_put(&t, "/etc/ssh/ssh_host_rsa_key.pub", "public", 0644);
    CHECK_SEQ(tree_fact(&t, "ssh.hostKeys.0.tooOpen"), S("false"));
    CHECK_SEQ(tree_fact(&t, "ssh.hostKeys.1.tooOpen"), S("true"));
    CHECK_SEQ(tree_fact(&t, "ssh.hostKeys.2.tooOpen"), S("false"));
    tree_done(&t);
}
