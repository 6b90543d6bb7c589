/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_process.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "tests/t.h"

static void put(const char *proc, int pid, const char *name, str content)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%d/%s", proc, pid, name);
    CHECK_OK(file_write_atomic(path, content, 0600, NULL));
}

static void make_process(const char *proc, int pid, int parent, const char *exe, str command)
{
    char path[256], status[256];

    snprintf(path, sizeof path, "%s/%d", proc, pid);
    CHECK_OK(file_mkdirs(path, 0700, NULL));
    snprintf(path, sizeof path, "%s/%d/exe", proc, pid);
    CHECK_EQ(symlink(exe, path), 0);
    snprintf(path, sizeof path, "%s/%d/cwd", proc, pid);
    CHECK_EQ(symlink("/tmp", path), 0);
    put(proc, pid, "cmdline", command);
    snprintf(status, sizeof status, "Name:\tx\nPPid:\t%d\nUid:\t4000001\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
             parent);
    put(proc, pid, "status", str_of(status));
    put(proc, pid, "loginuid", S("1000"));
    put(proc, pid, "stat", S("7 (odd) name) S 1 7 7 34818 7 0"));
}

TEST(a_process_is_told_with_its_parent_and_grandparent)
{
    char proc[64] = "/tmp/ingest-proc-XXXXXX";
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF        out = STRBUF_INIT(1 << 16);
    const struct json *row;

    CHECK(t_folder(proc) != NULL);
    make_process(proc, 10, 0, "/usr/sbin/sshd", S("sshd\0"));
    make_process(proc, 20, 10, "/usr/bin/bash (deleted)", S("-bash\0"));
    make_process(proc, 30, 20, "/tmp/x/miner", S("miner\0-o\0pool with blanks\0"));
    CHECK(ingest_process_row(proc, 30, SECONDS(1770000000), S("web1"), &out));
    CHECK_OK(json_parse(a, str_trim(strbuf_view(&out)), &row, NULL));
    CHECK_SEQ(json_str(row, S("FolderPath"), STR_NONE), S("/tmp/x/miner"));
    CHECK_SEQ(json_str(row, S("FileName"), STR_NONE), S("miner"));
    CHECK_SEQ(json_str(row, S("ProcessCommandLine"), STR_NONE), S("miner -o 'pool with blanks'"));
    CHECK_SEQ(json_str(row, S("AccountName"), STR_NONE), S("root"));
    CHECK_SEQ(json_str(row, S("InitiatingProcessFolderPath"), STR_NONE), S("/usr/bin/bash"));
    CHECK_SEQ(json_str(row, S("InitiatingProcessParentFileName"), STR_NONE), S("sshd"));
    CHECK_SEQ(json_str(row, S("tty"), STR_NONE), S("pts/2"));
    CHECK_SEQ(json_str(row, S("cwd"), STR_NONE), S("/tmp"));
    CHECK_EQ(json_i64(row, S("InitiatingProcessId"), 0), 20);
    CHECK_EQ(json_i64(row, S("InitiatingProcessParentId"), 0), 10);
    CHECK_EQ(json_i64(row, S("uid"), 0), 4000001);
    CHECK_EQ(json_i64(row, S("loginuid"), 0), 1000);
    CHECK_OK(file_remove_tree(proc, NULL));
}

TEST(a_process_that_is_gone_is_no_row)
{
    AUTO_STRBUF out = STRBUF_INIT(1 << 16);

    CHECK(!ingest_process_row("/proc", 0x7ffffff0, 0, S("web1"), &out));
    CHECK_EQ(out.n, 0);
    CHECK(ingest_process_row("/proc", getpid(), 0, S("web1"), &out));
}
