/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/t.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"

/* With --faults each test runs again and again in a child of its own, its nth arena_try_alloc failing. What
 * the test wants no longer counts: it has to end, on an answer or a refusal, and not on a signal. */
enum { MAX_TESTS = 512, MAX_FAULTS = 48, FAULT_SECONDS = 6, NOT_REACHED = 77 };

static struct CMUnitTest tests[MAX_TESTS];
static size_t            n_tests;
static bool              faults;

/* Folders that the child at work has made, seen by its parent. */
enum { MAX_FOLDERS = 16 };
struct folders {
    size_t n;
    char   paths[MAX_FOLDERS][80];
};
static struct folders *folders;

char *t_folder(char *template_)
{
    char *made = mkdtemp(template_);

    if (made && folders && folders->n < MAX_FOLDERS)
        snprintf(folders->paths[folders->n++], sizeof folders->paths[0], "%s", made);
    return made;
}

static void remove_folders(void)
{
    for (size_t i = 0; i < folders->n; i++)
        if (file_exists(folders->paths[i]) && file_remove_tree(folders->paths[i], NULL) != RC_OK)
            print_error("%s stays behind\n", folders->paths[i]);
    folders->n = 0;
}

static void run_one(void **state)
{
    void (*fn)(void);
    memcpy(&fn, state, sizeof fn);
    fn();
}

static void run_child(void (*fn)(void), uint64_t nth)
{
    if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
        _exit(1);
    setpgid(0, 0);
    alarm(20);
    arena_fail_nth(nth);
    fn();
    _exit(arena_fail_pending() ? NOT_REACHED : 0);
}

/* The number of allocations that the test made fail, or -1 with the story printed. */
static int run_faults(const char *name, void (*fn)(void))
{
    for (uint64_t nth = 1; nth <= MAX_FAULTS; nth++) {
        int   status;
        pid_t pid = fork();
        if (pid == 0)
            run_child(fn, nth);
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
            return -1;
        kill(-pid, SIGKILL); /* what the test started and did not come to stop */
        remove_folders();
        if (WIFSIGNALED(status)) {
            print_error("%s: signal %d when allocation %d fails\n", name, WTERMSIG(status), (int)nth);
            return -1;
        }
        if (WEXITSTATUS(status) == NOT_REACHED)
            return (int)nth - 1;
    }
    return MAX_FAULTS;
}

static int run_all_faults(void)
{
    int    failed = 0, made = 0;
    time_t end = time(NULL) + FAULT_SECONDS;

    folders = mmap(NULL, sizeof *folders, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (folders == MAP_FAILED)
        return 1;
    faults = true;
    for (size_t i = 0; i < n_tests && time(NULL) < end; i++) {
        void (*fn)(void);
        memcpy(&fn, &tests[i].initial_state, sizeof fn);
        int n = run_faults(tests[i].name, fn);
        failed += n < 0;
        made += n > 0 ? n : 0;
    }
    printf("%d allocations failed in %zu tests, %d tests fell\n", made, n_tests, failed);
    return failed != 0;
}

/* --fault NAME NTH: one of those runs in this process, for the debugger. */
static int run_one_fault(const char *name, const char *nth)
{
    uint64_t n = 0;
    for (size_t i = 0; i < n_tests && str_to_u64(str_of(nth), &n); i++) {
        void (*fn)(void);
        memcpy(&fn, &tests[i].initial_state, sizeof fn);
        if (!str_eq(str_of(tests[i].name), str_of(name)))
            continue;
        faults = true;
        arena_fail_nth(n);
        fn();
        return 0;
    }
    return 1;
}

/* In a run of faults a check that does not hold ends the child in good order. */
static void stop_unless(bool ok)
{
    if (faults && !ok)
        _exit(0);
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
    stop_unless(ok);
    _assert_true(ok, what, file, line);
}

void t_check_int(long long got, long long want, const char *what, const char *file, int line)
{
    stop_unless(got == want);
    if (got != want)
        print_error("%s is %lld, wanted %lld\n", what, got, want);
    _assert_true(got == want, what, file, line);
}

void t_check_str(str got, str want, const char *file, int line)
{
    stop_unless(str_eq(got, want));
    if (!str_eq(got, want))
        print_error("got    \"" STR_FMT "\"\nwanted \"" STR_FMT "\"\n", STR_ARG(got), STR_ARG(want));
    _assert_true(str_eq(got, want), "the text is as wanted", file, line);
}

void t_check_ok(enum rc rc, const struct err *err, const char *what, const char *file, int line)
{
    stop_unless(rc == RC_OK);
    if (rc != RC_OK)
        print_error("%s: %s %s\n", what, err_name(rc), err ? err->text : "");
    _assert_true(rc == RC_OK, what, file, line);
}

bool t_wait(int *waited)
{
    usleep(5000);
    return ++*waited < (faults ? 200 : 2000);
}

const char *t_shared(void)
{
    const char *dir = getenv("VEDETTE_SHARED");
    if (dir && access(dir, R_OK) == 0)
        return dir;
    print_message("not run: VEDETTE_SHARED does not name the folder of the corpora\n");
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc > 1 && str_eq(str_of(argv[1]), S("--faults")))
        return run_all_faults();
    if (argc > 3 && str_eq(str_of(argv[1]), S("--fault")))
        return run_one_fault(argv[2], argv[3]);
    return _cmocka_run_group_tests("unit", tests, n_tests, NULL, NULL);
}
