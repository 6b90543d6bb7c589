/* SPDX-License-Identifier: Apache-2.0 */
/* Fixes on a machine's files, in a root of its own, with the process killed in the midst of them. */
#include "posture/posture_machine.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "host/host_fix.h"
#include "posture/posture_book.h"
#include "posture/posture_fix.h"
#include "tests/t.h"
#include "tests/unit/posture/posture_fixture.h"

#define ACTIONS                                                                                              \
    "[{\"action\":\"set\",\"file\":\"/etc/ssh/sshd_config.d/60-vedette.conf\",\"key\":\"PermitRootLogin\","  \
    "\"value\":\"no\"},{\"action\":\"content\",\"file\":\"/etc/motd\",\"content\":\"Private.\\n\"},"         \
    "{\"action\":\"permissions\",\"path\":\"/etc/crontab\",\"mode\":\"0600\"}]"
#define FIRST                                                                                                \
    "[{\"action\":\"set\",\"file\":\"/etc/ssh/sshd_config.d/60-vedette.conf\",\"key\":\"PermitRootLogin\","  \
    "\"value\":\"no\"}]"
#define MACHINE FIXTURE_GROUP "/providers/Microsoft.HybridCompute/machines/probe"

/* What one process has open; the folder outlives it. */
struct house {
    struct arena            *a;
    struct state            *state;
    struct posture          *posture;
    struct posture_machine  *machine;
    struct posture_connector connector;
    const char              *root;
};

static enum { KILL_NEVER, KILL_BEFORE, KILL_HALFWAY, KILL_AFTER } kill_when;
static struct house *at; /* of the process that shall die */

static void die(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

static enum rc keep_and_die(void *ctx, str undo, struct err *err)
{
    const struct posture_keeper *real = ctx;
    const struct host_opts       opts = { .root = at->root };
    const struct json           *first;
    struct host_fix             *half;

    TRY(real->keep(real->ctx, undo, err));
    if (kill_when == KILL_BEFORE)
        die();
    if (kill_when == KILL_HALFWAY) {
        TRY(json_parse(at->a, S(FIRST), &first, err));
        TRY(host_fix_plan(&opts, first, at->a, &half, err));
        TRY(host_fix_apply(half, err));
        die();
    }
    return RC_OK;
}

static enum rc fix_and_die(void *ctx, const struct json *actions, const struct posture_keeper *keeper,
                           struct err *err)
{
    const struct posture_keeper mine = { (void *)keeper, keep_and_die };

    TRY(at->connector.fix(ctx, actions, &mine, err));
    if (kill_when == KILL_AFTER)
        die();
    return RC_OK;
}

/* Never NULL, not in a run of faults either: that would be the machine that the test runs on. */
static const char *below(struct arena *a, const char *dir)
{
    str root = arena_printf(a, "%s/root", dir);

    CHECK(root.p != NULL);
    return root.p;
}

static void put(const char *root, const char *path, const char *text)
{
    AUTO(arena) a = arena_new(1 << 20);
    str file = arena_printf(a, "%s%s", root, path);

    CHECK(file.p != NULL);
    CHECK_OK(file_mkdirs(arena_str(a, str_slice(file, 0, str_rfind_byte(file, '/'))).p, 0755, NULL));
    CHECK_OK(file_write_atomic(file.p, str_of(text), 0644, NULL));
}

static void open_house(struct house *h, const char *dir)
{
    struct err err = { 0 };

    *h = (struct house) { .a = arena_new(256 << 20) };
    h->root = below(h->a, dir);
    CHECK_OK_ERR(state_open(arena_printf(h->a, "%s/state.db", dir).p, &h->state, &err), &err);
    CHECK_OK_ERR(
        posture_open(&(struct posture_opts) { .state = h->state,
                                              .env = env_real(),
                                              .tenant = S("22222222-2222-4222-8222-222222222222"),
                                              .subscription = S("11111111-1111-4111-8111-111111111111"),
                                              .subscription_name = S("Own machines"),
                                              .group = S("soc"),
                                              .location = S("local") },
                     &h->posture, &err),
        &err);
    h->machine =
        posture_machine_new(S("11111111-1111-4111-8111-111111111111"), S("soc"), S("local"), env_real());
    posture_machine_root(h->machine, h->root);
    h->connector = posture_machine_connector(h->machine);
    struct posture_connector c = h->connector;
    if (kill_when != KILL_NEVER)
        c.fix = fix_and_die;
    posture_connect(h->posture, &c);
}

static void look(struct house *h)
{
    struct posture_discovery found;
    struct err               err = { 0 };

    CHECK_OK_ERR(
        posture_connector_run(h->posture, posture_connector_find(h->posture, S("machine")), &found, &err),
        &err);
}

static void close_house(struct house *h)
{
    posture_close(h->posture);
    posture_machine_free(h->machine);
    state_free(h->state);
    arena_free(h->a);
}

static void object(struct house *h, const char *id, const char *body)
{
    struct posture_object_put p = { .who = S("tester") };
    struct posture_object     out;
    struct err                err = { 0 };

    CHECK_OK(json_parse(h->a, str_of(body), &p.body, NULL));
    CHECK_OK_ERR(posture_object_id_parse(str_of(id), &p.key, &err), &err);
    CHECK_OK_ERR(posture_object_put(h->posture, &p, h->a, &out, &err), &err);
    posture_settle(h->posture, SECONDS(5));
}

static void furnish(const char *dir)
{
    AUTO(arena) a = arena_new(1 << 20);
    const char  *root = below(a, dir);
    struct house h;

    put(root, "/etc/passwd", "root:x:0:0::/root:/bin/bash\n");
    put(root, "/etc/group", "root:x:0:\n");
    put(root, "/etc/hostname", "probe\n");
    put(root, "/etc/motd", "Debian\n");
    put(root, "/etc/crontab", "# m h\n");
    put(root, "/usr/sbin/sshd", "");
    put(root, "/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n");
    open_house(&h, dir);
    object(&h, FIXTURE_SUB "/providers/Microsoft.Authorization/policyDefinitions/no-root",
           "{\"properties\":{\"mode\":\"All\",\"metadata\":{\"fix\":{\"kind\":\"host\",\"actions\":" ACTIONS
           "}},\"policyRule\":{\"if\":{\"allOf\":[{\"field\":\"type\",\"equals\":\"Microsoft.HybridCompute/"
           "machines\"},"
           "{\"field\":\"properties.ssh.config.permitRootLogin\",\"notEquals\":\"no\"}]},\"then\":{"
           "\"effect\":\"audit\"}}}}");
    object(&h, FIXTURE_SUB "/providers/Microsoft.Authorization/policyAssignments/no-root",
           "{\"properties\":{\"policyDefinitionId\":\"" FIXTURE_SUB
           "/providers/Microsoft.Authorization/policyDefinitions/no-root\"}}");
    look(&h);
    close_house(&h);
}

static struct posture_fix fixed(struct house *h)
{
    const struct posture_fix_request r = { .resource = S(MACHINE),
                                           .definition = S("no-root"),
                                           .who = S("anna") };
    struct posture_fix               x = { 0 };
    struct err                       err = { 0 };

    CHECK_OK_ERR(posture_fix_apply(h->posture, &r, h->a, &x, &err), &err);
    return x;
}

static str state_of(struct house *h)
{
    const struct posture_assessment_list l = { .scope = S(MACHINE),
                                               .definition = S("no-root"),
                                               .control = -1 };
    struct posture_assessments           all;

    CHECK_OK(posture_assessment_each(h->posture, posture_plan_get(h->posture, h->a), &l, h->a, &all, NULL));
    CHECK_EQ(all.n, 1);
    return posture_state_status(all.p[0].state);
}

static bool has(const struct house *h, const char *path, const char *text)
{
    str found;

    return file_read(h->a, arena_printf(h->a, "%s%s", h->root, path).p, 1 << 20, &found, NULL) == RC_OK &&
           str_contains(found, str_of(text));
}

/* Every file says the same, and so does the verdict: it was done, or it was not. */
static void check_whole(struct house *h, bool done)
{
    struct posture_fixes fixes;

    CHECK_EQ(has(h, "/etc/ssh/sshd_config.d/60-vedette.conf", "PermitRootLogin no"), done);
    CHECK_EQ(has(h, "/etc/motd", "Private."), done);
    CHECK_EQ(has(h, "/etc/motd", "Debian"), !done);
    CHECK(!file_exists(arena_printf(h->a, "%s/etc/.motd.vedette", h->root).p));
    CHECK(!file_exists(arena_printf(h->a, "%s/etc/ssh/sshd_config.d/.60-vedette.conf.vedette", h->root).p));
    CHECK_SEQ(state_of(h), done ? S("Healthy") : S("Unhealthy"));
    CHECK_OK(posture_fix_each(h->posture, S(MACHINE), S(""), h->a, &fixes, NULL));
    for (size_t i = 0; i < fixes.n; i++)
        CHECK(str_eq(fixes.p[i].status, S("Succeeded")) || str_eq(fixes.p[i].status, S("Failed")) ||
              str_eq(fixes.p[i].status, S("Undone")));
    if (fixes.n)
        CHECK_EQ(str_eq(fixes.p[0].status, S("Succeeded")), done);
}

static bool is_done(struct house *h)
{
    struct posture_fixes fixes;

    CHECK_OK(posture_fix_each(h->posture, S(MACHINE), S(""), h->a, &fixes, NULL));
    return fixes.n && str_eq(fixes.p[0].status, S("Succeeded"));
}

static size_t recover(struct house *h)
{
    struct err err = { 0 };
    size_t     n = 0;

    CHECK_OK_ERR(posture_fix_recover(h->posture, &n, &err), &err);
    return n;
}

TEST(a_fix_of_a_machine_is_shown_made_proved_and_taken_back)
{
    char         dir[] = "/tmp/vedette-machine-XXXXXX";
    struct house h;
    struct err   err = { 0 };
    str          diff;

    CHECK(t_folder(dir) != NULL);
    furnish(dir);
    open_house(&h, dir);
    check_whole(&h, false);
    const struct posture_fix_request r = { .resource = S(MACHINE),
                                           .definition = S("no-root"),
                                           .who = S("anna") };
    CHECK_OK_ERR(posture_fix_preview(h.posture, &r, h.a, &diff, &err), &err);
    CHECK(str_contains(diff, S("PermitRootLogin no")) && str_contains(diff, S("+ mode 0600")));
    struct posture_fix x = fixed(&h);
    CHECK_SEQ(x.status, S("Succeeded"));
    CHECK_EQ(x.after, POSTURE_HEALTHY);
    check_whole(&h, true);
    CHECK_OK_ERR(posture_fix_undo(h.posture, x.id, S("ben"), h.a, &x, &err), &err);
    check_whole(&h, false);
    close_house(&h);
    CHECK_OK(file_remove_tree(dir, NULL));
}

/* A process of its own that fixes and takes back, over and over, until it dies. */
static pid_t busy(const char *dir)
{
    pid_t child = fork();

    if (child != 0)
        return child;
    struct house h;
    open_house(&h, dir);
    at = &h;
    (void)recover(&h);
    look(&h);
    for (struct posture_fix x;;) {
        x = fixed(&h);
        if (posture_fix_undo(h.posture, x.id, S("ben"), h.a, &x, NULL) != RC_OK)
            _exit(1);
    }
}

static void check_died(pid_t child)
{
    int status;

    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Opens what is left, puts it right, and looks whether one can go on from there. */
static size_t revive(const char *dir)
{
    struct house h;

    open_house(&h, dir);
    size_t n = recover(&h);
    look(&h);
    check_whole(&h, is_done(&h));
    if (!is_done(&h)) {
        CHECK_SEQ(fixed(&h).status, S("Succeeded"));
        check_whole(&h, true);
    }
    struct posture_fixes fixes;
    CHECK_OK(posture_fix_each(h.posture, S(MACHINE), S(""), h.a, &fixes, NULL));
    CHECK_OK(posture_fix_undo(h.posture, fixes.p[0].id, S("ben"), h.a, &fixes.p[0], NULL));
    check_whole(&h, false);
    close_house(&h);
    return n;
}

TEST(a_kill_before_halfway_or_after_leaves_a_fix_that_is_not_done)
{
    char dir[] = "/tmp/vedette-machine-XXXXXX";

    CHECK(t_folder(dir) != NULL);
    furnish(dir);
    for (int when = KILL_BEFORE; when <= KILL_AFTER; when++) {
        kill_when = (__typeof__(kill_when))when;
        check_died(busy(dir));
        kill_when = KILL_NEVER;
        CHECK_EQ(revive(dir), 1);
    }
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_kill_at_any_moment_leaves_a_fix_that_is_done_or_is_not)
{
    char dir[] = "/tmp/vedette-machine-XXXXXX";

    CHECK(t_folder(dir) != NULL);
    furnish(dir);
    for (unsigned i = 0; i < 25; i++) {
        pid_t child = busy(dir);
        usleep(30000 + i * 7919 % 60000);
        kill(child, SIGKILL);
        check_died(child);
        (void)revive(dir);
    }
    CHECK_OK(file_remove_tree(dir, NULL));
}
