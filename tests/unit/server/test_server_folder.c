/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/t.h"

static void fresh(char path[64])
{
    snprintf(path, 64, "/tmp/test_server_folder.XXXXXX");
    CHECK(t_folder(path) != NULL);
    CHECK_EQ(rmdir(path), 0);
}

TEST(the_folder_is_made_private_with_its_parts)
{
    char                 dir[64], part[PATH_MAX];
    struct server_folder f;
    struct stat          st;

    fresh(dir);
    CHECK_OK(server_folder_open(dir, 0, &f, NULL));
    CHECK_EQ(stat(dir, &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0700);
    server_folder_file(&f, "tls", part);
    CHECK_EQ(stat(part, &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0700);
    close(f.lock);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_second_server_is_refused_and_told_the_process)
{
    char                 dir[64], want[64];
    struct server_folder first, second;
    struct err           err;

    fresh(dir);
    CHECK_OK(server_folder_open(dir, 0, &first, NULL));
    CHECK_EQ(server_folder_open(dir, 0, &second, &err), RC_CONFLICT);
    snprintf(want, sizeof want, "in use by process %ld", (long)getpid());
    CHECK(str_contains(str_of(err.text), str_of(want)));
    close(first.lock);
    CHECK_OK(server_folder_open(dir, 0, &second, NULL)); /* a killed server leaves no lock */
    close(second.lock);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_full_disk_and_a_long_path_are_refused_before_anything_is_written)
{
    char                 dir[64], deep[256];
    struct server_folder f;
    struct err           err;

    fresh(dir);
    CHECK_EQ(server_folder_open(dir, UINT64_MAX, &f, &err), RC_FULL);
    CHECK(str_contains(str_of(err.text), S("MiB left")));
    snprintf(deep, sizeof deep, "%s/%0100d", dir, 7);
    CHECK_EQ(server_folder_open(deep, 0, &f, &err), RC_LIMIT);
    CHECK_OK(file_remove_tree(dir, NULL));
}
