/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_fix.h"

#include <unistd.h>

#include "base/file.h"
#include "tests/unit/host/tree.h"

static struct tree machine(void)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n", 0644);
    tree_put(&t, "/etc/group", "root:x:0:\nshadow:x:42:\n", 0644);
    return t;
}

static enum rc plan(struct tree *t, struct host_opts *opts, const char *actions, struct host_fix **out,
                    struct err *err)
{
    const struct json *j = NULL;
    opts->root = t->root;
    CHECK_OK(json_parse(t->a, str_of(actions), &j, NULL));
    return host_fix_plan(opts, j, t->a, out, err);
}

static struct host_fix *good_plan(struct tree *t, struct host_opts *opts, const char *actions)
{
    struct host_fix *fix = NULL;
    struct err       err = { 0 };
    CHECK_OK_ERR(plan(t, opts, actions, &fix, &err), &err);
    return fix;
}

static str diff_of(struct tree *t, const struct host_fix *fix)
{
    AUTO_STRBUF out = STRBUF_INIT(1 << 20);
    CHECK_OK(host_fix_diff(fix, &out, NULL));
    return arena_str(t->a, strbuf_view(&out));
}

static const struct json *apply(struct tree *t, struct host_fix *fix)
{
    AUTO_STRBUF        undo = STRBUF_INIT(4 << 20);
    const struct json *j = NULL;
    struct err         err = { 0 };
    CHECK_OK_ERR(host_fix_how(fix, &undo, &err), &err);
    CHECK_OK_ERR(host_fix_apply(fix, &err), &err);
    CHECK_OK(json_parse(t->a, strbuf_view(&undo), &j, NULL));
    return j;
}

TEST(a_setting_is_shown_made_proved_and_undone)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/usr/sbin/sshd", "", 0755);
    tree_put(&t, "/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n",
             0644);
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"yes\""));

    struct host_fix *fix =
        good_plan(&t, &opts,
                  "[{\"action\":\"set\",\"file\":\"/etc/ssh/sshd_config.d/00-vedette.conf\",\"key\":"
                  "\"PermitRootLogin\",\"value\":\"no\",\"separator\":\" \",\"mode\":\"0600\"},"
                  "{\"action\":\"signal\",\"pidFile\":\"/run/sshd.pid\",\"signal\":\"HUP\"}]");
    CHECK_SEQ(
        diff_of(&t, fix),
        S("/etc/ssh/sshd_config.d/00-vedette.conf (new)\n+ mode 0600, owner 0:0\n+ PermitRootLogin no\n"));
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"yes\"")); /* a plan changes nothing */

    const struct json *undo = apply(&t, fix);
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"no\""));
    CHECK_OK(host_fix_undo(&opts, undo, false, NULL));
    CHECK_SEQ(tree_fact(&t, "ssh.config.permitRootLogin"), S("\"yes\""));
    CHECK_SEQ(tree_get(&t, "/etc/ssh/sshd_config.d/00-vedette.conf"), S("absent"));
    tree_done(&t);
}

TEST(several_actions_on_one_file_are_one_change)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/etc/login.defs", "# ages\nPASS_MAX_DAYS\t99999\nPASS_MAX_DAYS 1\nUMASK 022\n", 0644);
    struct host_fix *fix =
        good_plan(&t, &opts,
                  "[{\"action\":\"set\",\"file\":\"/etc/"
                  "login.defs\",\"key\":\"PASS_MAX_DAYS\",\"value\":\"365\",\"separator\":\"\\t\"},"
                  "{\"action\":\"set\",\"file\":\"/etc/"
                  "login.defs\",\"key\":\"PASS_MIN_DAYS\",\"value\":\"1\",\"separator\":\"\\t\"}]");
    CHECK_SEQ(diff_of(&t, fix),
              S("/etc/login.defs\n  # ages\n- PASS_MAX_DAYS\t99999\n- PASS_MAX_DAYS 1\n- UMASK 022\n"
                "+ PASS_MAX_DAYS\t365\n+ UMASK 022\n+ PASS_MIN_DAYS\t1\n"));
    const struct json *undo = apply(&t, fix);
    CHECK_SEQ(tree_get(&t, "/etc/login.defs"),
              S("# ages\nPASS_MAX_DAYS\t365\nUMASK 022\nPASS_MIN_DAYS\t1\n"));
    CHECK_OK(host_fix_undo(&opts, undo, false, NULL));
    CHECK_SEQ(tree_get(&t, "/etc/login.defs"),
              S("# ages\nPASS_MAX_DAYS\t99999\nPASS_MAX_DAYS 1\nUMASK 022\n"));
    tree_done(&t);
}

TEST(sections_of_ini_files_are_found_or_made)
{
    struct tree       t = machine();
    struct host_opts  opts = { 0 };
    static const char ACTION[] =
        "[{\"action\":\"set\",\"file\":\"/etc/systemd/journald.conf.d/60-vedette.conf\",\"section\":"
        "\"Journal\",\"key\":\"Storage\",\"value\":\"persistent\",\"separator\":\"=\"}]";
    apply(&t, good_plan(&t, &opts, ACTION));
    CHECK_SEQ(tree_get(&t, "/etc/systemd/journald.conf.d/60-vedette.conf"),
              S("[Journal]\nStorage=persistent\n"));
    tree_put(&t, "/etc/systemd/journald.conf.d/60-vedette.conf",
             "[Journal]\nStorage=none\n[Other]\nStorage=x\n", 0644);
    apply(&t, good_plan(&t, &opts, ACTION));
    CHECK_SEQ(tree_get(&t, "/etc/systemd/journald.conf.d/60-vedette.conf"),
              S("[Journal]\nStorage=persistent\n[Other]\nStorage=x\n"));
    CHECK_SEQ(diff_of(&t, good_plan(&t, &opts, ACTION)), S("")); /* done already */
    tree_done(&t);
}

TEST(permissions_change_without_touching_the_content)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/etc/shadow", "root:*:1::::::\n", 0666);
    struct host_fix *fix = good_plan(&t, &opts,
                                     "[{\"action\":\"permissions\",\"path\":\"/etc/"
                                     "shadow\",\"mode\":\"0640\",\"owner\":\"root\",\"group\":\"shadow\"}]");
    CHECK_SEQ(diff_of(&t, fix), S("/etc/shadow\n- mode 0666, owner 0:0\n+ mode 0640, owner 0:42\n"));
    const struct json *undo = apply(&t, fix);
    CHECK_SEQ(tree_fact(&t, "files./etc/shadow.mode"), S("\"0640\""));
    CHECK_SEQ(tree_fact(&t, "files./etc/shadow.group"), S("\"shadow\""));
    CHECK_OK(host_fix_undo(&opts, undo, false, NULL));
    CHECK_SEQ(tree_fact(&t, "files./etc/shadow.mode"), S("\"0666\""));
    tree_done(&t);
}

TEST(a_sysctl_holds_now_and_after_a_restart)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/proc/sys/net/ipv4/ip_forward", "1\n", 0644);
    tree_put(&t, "/proc/sys/kernel/osrelease", "6.1\n", 0644);
    struct host_fix *fix =
        good_plan(&t, &opts, "[{\"action\":\"sysctl\",\"name\":\"net.ipv4.ip_forward\",\"value\":0}]");
    const struct json *undo = apply(&t, fix);
    CHECK_SEQ(tree_fact(&t, "kernel.sysctl.net.ipv4.ip_forward"), S("0"));
    CHECK_SEQ(tree_fact(&t, "kernel.sysctlConfigured.net.ipv4.ip_forward"), S("0"));
    CHECK_OK(host_fix_undo(&opts, undo, false, NULL));
    CHECK_SEQ(tree_fact(&t, "kernel.sysctl.net.ipv4.ip_forward"), S("1"));
    CHECK_SEQ(tree_get(&t, "/etc/sysctl.d/60-vedette.conf"), S("absent"));
    tree_done(&t);
}

static const char MOTD[] = "[{\"action\":\"content\",\"file\":\"/etc/motd\",\"content\":\"Private.\\n\"}]";

TEST(what_was_changed_meanwhile_is_left_alone)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/etc/motd", "Debian\n", 0644);
    struct host_fix *fix = good_plan(&t, &opts, MOTD);
    tree_put(&t, "/etc/motd", "Somebody's own\n", 0644);
    CHECK_EQ(host_fix_apply(fix, NULL), RC_STALE);
    CHECK_SEQ(tree_get(&t, "/etc/motd"), S("Somebody's own\n"));

    const struct json *back = apply(&t, good_plan(&t, &opts, MOTD));
    tree_put(&t, "/etc/motd", "Again somebody's own\n", 0644);
    CHECK_EQ(host_fix_undo(&opts, back, false, NULL), RC_STALE);
    CHECK_SEQ(tree_get(&t, "/etc/motd"), S("Again somebody's own\n"));
    tree_done(&t);
}

TEST(a_fix_that_fails_half_way_takes_back_its_first_half)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    tree_put(&t, "/etc/motd", "Debian\n", 0644);
    struct host_fix *fix =
        good_plan(&t, &opts,
                  "[{\"action\":\"content\",\"file\":\"/etc/motd\",\"content\":\"Private.\\n\"},"
                  "{\"action\":\"line\",\"file\":\"/etc/modprobe.d/60-vedette.conf\",\"line\":\"install udf "
                  "/bin/false\"}]");
    tree_put(&t, "/etc/modprobe.d", "a file where a folder should be", 0644);
    CHECK_EQ(host_fix_apply(fix, NULL), RC_IO);
    CHECK_SEQ(tree_get(&t, "/etc/motd"), S("Debian\n"));
    tree_done(&t);
}

TEST(places_and_paths_that_fixes_must_not_touch_are_refused)
{
    struct tree      t = machine();
    struct host_opts opts = { 0 };
    struct host_fix *fix = NULL;
    static const struct {
        const char *action;
        enum rc     rc;
    } REFUSED[] = {
        { "{\"action\":\"line\",\"file\":\"/etc/passwd\",\"line\":\"x\"}", RC_FORBIDDEN },
        { "{\"action\":\"line\",\"file\":\"/etc/cron.d/x\",\"line\":\"x\"}", RC_FORBIDDEN },
        { "{\"action\":\"line\",\"file\":\"/etc/sudoers.d/../passwd\",\"line\":\"x\"}", RC_INVALID },
        { "{\"action\":\"line\",\"file\":\"relative\",\"line\":\"x\"}", RC_INVALID },
        { "{\"action\":\"signal\",\"pidFile\":\"/tmp/pid\"}", RC_FORBIDDEN },
        { "{\"action\":\"run\",\"command\":\"rm\"}", RC_UNSUPPORTED },
        { "{\"action\":\"sysctl\",\"name\":\"a/../b\",\"value\":1}", RC_INVALID },
        { "{\"action\":\"permissions\",\"path\":\"/etc/passwd\",\"mode\":\"rwx\"}", RC_INVALID },
        { "{\"action\":\"permissions\",\"path\":\"/etc/passwd\",\"mode\":\"0644\",\"group\":\"nobody-here\"}",
          RC_NOT_FOUND },
    };
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        str list = arena_printf(t.a, "[%s]", REFUSED[i].action);
        CHECK_EQ(plan(&t, &opts, list.p, &fix, NULL), REFUSED[i].rc);
    }
    tree_put(&t, "/etc/shadow", "root:*:1::::::\n", 0600);
    tree_link(&t, "/etc/motd", "/etc/shadow");
    CHECK_EQ(plan(&t, &opts, MOTD, &fix, NULL), RC_UNSUPPORTED);
    tree_done(&t);
}

/* Plans, makes and takes back one fix on a bare machine. */
static void try_fix(struct tree *t, const struct json *definition)
{
    struct host_opts   opts = { .root = t->root };
    const struct json *actions = json_path(definition, S("properties.metadata.fix.actions")), *undo;
    struct host_fix   *fix = NULL;
    struct err         err = { 0 };
    AUTO_STRBUF        text = STRBUF_INIT(4 << 20);
    if (!actions)
        return;
    CHECK_OK_ERR(host_fix_plan(&opts, actions, t->a, &fix, &err), &err);
    CHECK_OK_ERR(host_fix_how(fix, &text, &err), &err);
    CHECK_OK_ERR(host_fix_apply(fix, &err), &err);
    CHECK_OK_ERR(json_parse(t->a, strbuf_view(&text), &undo, &err), &err);
    CHECK_OK_ERR(host_fix_undo(&opts, undo, false, &err), &err);
}

static enum rc try_file(void *ctx, const char *name, struct err *err)
{
    struct tree       *t = ctx;
    str                text;
    const struct json *definitions;
    TRY(file_read(t->a, arena_printf(t->a, "content/policy/linux/%s", name).p, 4 << 20, &text, err));
    TRY(json_parse(t->a, text, &definitions, err));
    for (size_t i = 0; json_at(definitions, i); i++)
        try_fix(t, json_at(definitions, i));
    return RC_OK;
}

TEST(every_fix_of_our_content_can_be_made_and_undone)
{
    struct tree t = machine();
    struct err  err = { 0 };
    CHECK_OK_ERR(file_list("content/policy/linux", try_file, &t, &err), &err);
    CHECK_SEQ(tree_get(&t, "/etc/login.defs"), S("absent"));
    tree_done(&t);
}
