/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MAX_TESTS = 512 };

static struct CMUnitTest tests[MAX_TESTS];
static size_t            n_tests;

static void run_one(void **state)
{
    void (*fn)(void);
    memcpy(&fn, state, sizeof fn);
    fn();
}

void t_register(const char *name, void (*fn)(void))
{
    if (n_tests == MAX_TESTS)
        abort();
    void *carried;
    memcpy(&carried, &fn, sizeof carried);
    tests[n_tests++] = (struct CMUnitTest) { .name = name, .test_func = run_one, .initial_state = carried };
}

void t_check(bool ok, const char *what, const char *file, int line)
{
    _assert_true(ok, what, file, line);
}

void t_check_int(long long got, long long want, const char *what, const char *file, int line)
{
    if (got != want)
        print_error("%s is %lld, wanted %lld\n", what, got, want);
    _assert_true(got == want, what, file, line);
}

void t_check_str(str got, str want, const char *file, int line)
{
    if (!str_eq(got, want))
        print_error("got    \"" STR_FMT "\"\nwanted \"" STR_FMT "\"\n", STR_ARG(got), STR_ARG(want));
    _assert_true(str_eq(got, want), "the text is as wanted", file, line);
}

void t_check_ok(enum rc rc, const struct err *err, const char *what, const char *file, int line)
{
    if (rc != RC_OK)
        print_error("%s: %s %s\n", what, err_name(rc), err ? err->text : "");
    _assert_true(rc == RC_OK, what, file, line);
}

const char *t_shared(void)
{
    const char *dir = getenv("VEDETTE_SHARED");
    if (!dir)
        print_message("not run: VEDETTE_SHARED does not name the folder of the corpora\n");
    return dir;
}

int main(void)
{
    return _cmocka_run_group_tests("unit", tests, n_tests, NULL, NULL);
}
