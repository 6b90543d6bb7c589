/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/host/tree.h"

TEST(every_section_is_described_and_its_example_is_a_field_of_properties)
{
    for (const struct host_section *s = HOST_SECTIONS; s->name.n; s++) {
        CHECK(s->doc.n > 10);
        CHECK(str_starts(s->example, S("properties.")));
        CHECK(s->collect != NULL);
        for (const struct host_section *other = s + 1; other->name.n; other++)
            CHECK(!str_eq(s->name, other->name));
    }
}

TEST(an_empty_tree_gives_a_document_that_says_what_is_missing)
{
    struct tree        t = tree_new();
    const struct json *document = tree_read(&t);
    CHECK_SEQ(json_str(document, S("id"), STR_NONE),
              S("/subscriptions/s/resourceGroups/g/providers/Microsoft.HybridCompute/machines/localhost"));
    CHECK_SEQ(json_str(document, S("type"), STR_NONE), S("Microsoft.HybridCompute/machines"));
    CHECK(json_path(document, S("properties.users")) == NULL);
    const struct json *unread = json_path(document, S("properties.unread"));
    CHECK_SEQ(json_str(unread, S("properties.shadow"), STR_NONE), S("there is no /etc/shadow"));
    CHECK_SEQ(json_str(unread, S("properties.users"), STR_NONE), S("there is no /etc/passwd"));
    tree_done(&t);
}

TEST(links_stay_within_the_tree)
{
    struct tree t = tree_new();
    tree_put(&t, "/usr/share/real", "name-of-the-tree\n", 0644);
    tree_link(&t, "/etc/hostname", "/usr/share/real");
    tree_link(&t, "/etc/passwd", "../../../../../../etc/passwd");
    const struct json *document = tree_read(&t);
    CHECK_SEQ(json_str(document, S("name"), STR_NONE), S("name-of-the-tree"));
    CHECK(json_path(document, S("properties.users")) == NULL);
    tree_done(&t);
}

TEST(a_file_that_cannot_be_read_is_a_gap_not_a_default)
{
    struct tree t = tree_new();
    tree_link(&t, "/etc/shadow", "shadow"); /* a loop: as unreadable to root as to anybody */
    tree_put(&t, "/usr/sbin/sshd", "", 0755);
    tree_link(&t, "/etc/ssh/sshd_config", "sshd_config");
    CHECK_SEQ(tree_fact(&t, "shadow"), S("absent"));
    CHECK_SEQ(tree_fact(&t, "ssh.config"), S("absent"));
    CHECK_SEQ(tree_fact(&t, "ssh.installed"), S("true"));
    const struct json *unread = json_path(tree_read(&t), S("properties.unread"));
    CHECK(str_starts(json_str(unread, S("properties.shadow"), STR_NONE), S("/etc/shadow: ")));
    CHECK(str_starts(json_str(unread, S("properties.ssh.config"), STR_NONE), S("/etc/ssh/sshd_config: ")));
    tree_done(&t);
}

TEST(passwords_are_told_by_their_kind_alone)
{
    struct tree t = tree_new();
    AUTO_STRBUF out = STRBUF_INIT(HOST_MAX_DOCUMENT);
    tree_put(&t, "/etc/shadow",
             "root:*:19000:0:99999:7:::\nann:$y$j9T$SALTSALT$HASHHASH:19000:1:365:7:30::\nbob::19000::::::\n"
             "cat:!$6$OLDSALT$OLDHASH:19000::::::\n",
             0600);
    CHECK_SEQ(tree_fact(&t, "shadow.0.password"), S("\"none\""));
    CHECK_SEQ(tree_fact(&t, "shadow.1.password"), S("\"set\""));
    CHECK_SEQ(tree_fact(&t, "shadow.1.method"), S("\"yescrypt\""));
    CHECK_SEQ(tree_fact(&t, "shadow.1.maxDays"), S("365"));
    CHECK_SEQ(tree_fact(&t, "shadow.2.password"), S("\"empty\""));
    CHECK_SEQ(tree_fact(&t, "shadow.3.password"), S("\"locked\""));
    json_print(&out, tree_read(&t), 0);
    CHECK(!str_contains(strbuf_view(&out), S("HASH")) && !str_contains(strbuf_view(&out), S("SALT")));
    tree_done(&t);
}

TEST(users_and_groups_are_summed_up)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/shells", "# comment\n/bin/bash\n", 0644);
    tree_put(
        &t, "/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n"
        "web:x:33:99:web:/var/www:/usr/sbin/nologin\nold:hash:1001:1000::/nowhere:/bin/odd\n",
        0644);
    tree_put(&t, "/etc/group", "root:x:0:\nann:x:1000:\nshadow:x:42:ann,bob\ntwin:x:1000:\n", 0644);
    tree_put(&t, "/home/ann/.netrc", "", 0600);
    CHECK_SEQ(tree_fact(&t, "accounts.rootUsers"), S("[\"root\",\"toor\"]"));
    CHECK_SEQ(tree_fact(&t, "accounts.duplicateUserIds"), S("[\"0\"]"));
    CHECK_SEQ(tree_fact(&t, "accounts.duplicateGroupIds"), S("[\"1000\"]"));
    CHECK_SEQ(tree_fact(&t, "accounts.usersWithoutGroup"), S("[\"web\"]"));
    CHECK_SEQ(tree_fact(&t, "accounts.shadowGroupMembers"), S("[\"ann\",\"bob\"]"));
    CHECK_SEQ(tree_fact(&t, "passwordsOutsideShadow"), S("[\"old\"]"));
    CHECK_SEQ(tree_fact(&t, "users.2.dangerousFiles"), S("[\".netrc\"]"));
    CHECK_SEQ(tree_fact(&t, "users.3.canLogIn"), S("false"));
    CHECK_SEQ(tree_fact(&t, "users.4.home.exists"), S("false"));
    CHECK_SEQ(tree_fact(&t, "users.4.shellListed"), S("false"));
    tree_done(&t);
}

TEST(files_are_told_with_owner_and_permissions)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n", 0664);
    tree_put(&t, "/etc/group", "root:x:0:\n", 0644);
    CHECK_SEQ(tree_fact(&t, "files./etc/passwd.mode"), S("\"0664\""));
    CHECK_SEQ(tree_fact(&t, "files./etc/passwd.groupWritable"), S("true"));
    CHECK_SEQ(tree_fact(&t, "files./etc/passwd.othersWritable"), S("false"));
    CHECK_SEQ(tree_fact(&t, "files./etc/gshadow.exists"), S("false"));
    tree_done(&t);
}

TEST(the_walk_finds_what_all_may_write_and_what_runs_as_its_owner)
{
    struct tree t = tree_new();
    tree_put(&t, "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n", 0644);
    tree_put(&t, "/etc/group", "root:x:0:\n", 0644);
    tree_put(&t, "/opt/open", "", 0666);
    tree_put(&t, "/usr/bin/su", "", 04755);
    tree_put(&t, "/var/lib/docker/layer/open", "", 0666);
    CHECK_SEQ(tree_fact(&t, "fileSystem.worldWritableFiles"), S("[\"/opt/open\"]"));
    CHECK_SEQ(tree_fact(&t, "fileSystem.setUidPrograms"), S("[\"/usr/bin/su\"]"));
    tree_done(&t);
}

TEST(a_root_that_is_not_there_is_refused)
{
    AUTO_STRBUF      out = STRBUF_INIT(1000);
    struct host_opts opts = { .root = "/nonexistent/root" };
    struct host_name name = { 0 };
    CHECK_EQ(host_machine(&opts, &name, &out, NULL), RC_NOT_FOUND);
}

TEST(a_document_larger_than_its_place_is_refused)
{
    struct tree      t = tree_new();
    AUTO_STRBUF      out = STRBUF_INIT(200);
    struct host_opts opts = { .root = t.root };
    struct host_name name = { 0 };
    CHECK_EQ(host_machine(&opts, &name, &out, NULL), RC_LIMIT);
    tree_done(&t);
}
