/* SPDX-License-Identifier: Apache-2.0 */
/* tests/t: unit tests that read as sentences, on cmocka.
 *
 *     TEST(a_key_is_found_again) { CHECK_STR(map_find(m, S("k")), "v"); }
 *
 * A test registers itself; tests/t.c has main(). One program a unit. */
#ifndef TESTS_T_H
#define TESTS_T_H

#include "base/err.h"
#include "base/str.h"

void t_register(const char *name, void (*fn)(void));
void t_check(bool ok, const char *what, const char *file, int line);
void t_check_int(long long got, long long want, const char *what, const char *file, int line);
void t_check_str(str got, str want, const char *file, int line);
void t_check_ok(enum rc rc, const struct err *err, const char *what, const char *file, int line);
/* Waits 5 ms; false when ten seconds have gone, or one in a run of faults. `waited` begins as 0. */
bool t_wait(int *waited);
/* The folder of the corpora, or NULL with a note that the test was not run. */
const char *t_shared(void);
/* mkdtemp, and the folder is removed after a child of a run of faults that did not come to do it. */
char *t_folder(char *template_);

#define TEST(name)                                                                                           \
    static void                              test_##name(void);                                              \
    __attribute__((constructor)) static void register_##name(void)                                           \
    {                                                                                                        \
        t_register(#name, test_##name);                                                                      \
    }                                                                                                        \
    static void test_##name(void)

#define CHECK(cond) t_check((cond), #cond, __FILE__, __LINE__)
#define CHECK_EQ(got, want) t_check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
/* That it becomes true, within ten seconds: what a test has set going may take its time on a busy machine. It
 * is not asked again once it was. */
#define CHECK_SOON(cond)                                                                                     \
    do {                                                                                                     \
        int  waited_ = 0;                                                                                    \
        bool soon_;                                                                                          \
        while (!(soon_ = (cond)) && t_wait(&waited_))                                                        \
            continue;                                                                                        \
        t_check(soon_, #cond, __FILE__, __LINE__);                                                           \
    } while (0)
/* Text of a NUL-ended string against another; CHECK_SEQ compares strs. */
#define CHECK_STR(got, want) t_check_str(str_of(got), str_of(want), __FILE__, __LINE__)
#define CHECK_SEQ(got, want) t_check_str((got), (want), __FILE__, __LINE__)
#define CHECK_OK(call) t_check_ok((call), NULL, #call, __FILE__, __LINE__)
/* As CHECK_OK, and prints the story of `err` when it fails. */
#define CHECK_OK_ERR(call, err) t_check_ok((call), (err), #call, __FILE__, __LINE__)

#endif
