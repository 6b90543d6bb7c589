/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_login.h"

#include <errno.h>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli_session.h"

enum { ANSWER_MAX = 1100 };

const struct cli_option CLI_LOGIN_OPTIONS[] = {
    { .name = "new-password",
      .type = CLI_TEXT,
      .value = "PASSWORD",
      .env = "VEDETTE_NEW_PASSWORD",
      .secret = true,
      .doc = "The password to change to, where one must be chosen. Environment only." },
    { 0 },
};

static void show_typing(int fd, bool on)
{
    struct termios t;
    if (tcgetattr(fd, &t) != 0)
        return;
    t.c_lflag = on ? t.c_lflag | ECHO : t.c_lflag & ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &t);
}

enum rc cli_login_ask(const char *question, bool hide, char *out, size_t size, struct err *err)
{
    AUTO_FD fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, RC_UNSUPPORTED,
                       "there is no terminal to ask on; set VEDETTE_USER and VEDETTE_PASSWORD");
    /* Before the question: what is typed ahead is thrown away, what is typed as an answer is not. */
    if (hide)
        show_typing(fd, false);
    dprintf(fd, "%s: ", question);
    ssize_t n = read(fd, out, size - 1);
    if (hide) {
        show_typing(fd, true);
        dprintf(fd, "\n");
    }
    if (n <= 0)
        return err_set(err, RC_CANCELLED, "nothing was typed");
    out[n] = 0;
    out[strcspn(out, "\r\n")] = 0;
    return RC_OK;
}

static enum rc take(const struct cli_args *args, const char *option, const char *question,
                    char out[ANSWER_MAX], struct err *err)
{
    const char *given = cli_opts_text(args, option);
    if (!given)
        return cli_login_ask(question, strcmp(option, "user") != 0, out, ANSWER_MAX, err);
    if (!str_to_cstr(str_of(given), out, ANSWER_MAX))
        return err_set(err, RC_LIMIT, "a %s has at most %d bytes", option, ANSWER_MAX - 1);
    return RC_OK;
}

static enum rc choose_password(const struct cli_args *args, char out[ANSWER_MAX], struct err *err)
{
    char again[ANSWER_MAX];
    if (cli_opts_text(args, "new-password"))
        return take(args, "new-password", "", out, err);
    fprintf(stderr, "A password of your own must be chosen now, of 12 letters or more.\n");
    TRY(cli_login_ask("New password", true, out, ANSWER_MAX, err));
    TRY(cli_login_ask("Once more", true, again, sizeof again, err));
    bool same = strcmp(out, again) == 0;
    mem_wipe(again, sizeof again);
    return same ? RC_OK : err_set(err, RC_INVALID, "the two passwords differ");
}

enum rc cli_login_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION s = { 0 };
    char         user[ANSWER_MAX], password[ANSWER_MAX], chosen[ANSWER_MAX];

    TRY(cli_session_connect(args, &s, err));
    TRY(take(args, "user", "User", user, err));
    TRY(take(args, "password", "Password", password, err));
    TRY(cli_session_signin(&s, str_of(user), str_of(password), STR_NONE, err));
    if (s.must_change_password) {
        TRY(choose_password(args, chosen, err));
        TRY(cli_session_signin(&s, str_of(user), str_of(password), str_of(chosen), err));
        mem_wipe(chosen, sizeof chosen);
    }
    mem_wipe(password, sizeof password);
    TRY(cli_session_keep(&s, err));
    printf("Signed in at " STR_FMT " as %s.\n", STR_ARG(s.url), user);
    return RC_OK;
}

enum rc cli_login_out(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION      s = { 0 };
    struct cli_answer answer;
    struct err        ignored;

    TRY(cli_session_connect(args, &s, err));
    /* The session ends on the server too; when that is away it ends by itself. */
    if (s.cookie.n)
        (void)!cli_session_call(&s, &(struct cli_call) { .method = "POST", .target = S("/signout") }, s.arena,
                                &answer, &ignored);
    TRY(cli_session_forget(err));
    printf("Signed out.\n");
    return RC_OK;
}
