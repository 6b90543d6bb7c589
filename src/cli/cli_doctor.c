/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_doctor.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

#include "base/json.h"
#include "cli/cli_port.h"
#include "cli/cli_session.h"
#include "cli/cli_table.h"

enum { TEXT_MAX = 2048, REPORT_MAX = 1 << 20 };

const struct cli_option CLI_DOCTOR_OPTIONS[] = {
    { .name = "json", .type = CLI_FLAG, .doc = "Print the findings as a JSON array." },
    { .name = "listen",
      .type = CLI_ADDRESS,
      .value = "ADDR:PORT",
      .initial = CLI_PORT_DEFAULT,
      .env = "VEDETTE_LISTEN",
      .doc = "Where `vedette serve` answers or is to answer." },
    { .name = "syslog",
      .type = CLI_ADDRESS,
      .value = "ADDR:PORT",
      .env = "VEDETTE_SYSLOG",
      .doc = "Where it takes syslog, if it does." },
    { 0 },
};

void cli_doctor_say(struct cli_doctor_finding *f, enum cli_doctor_verdict verdict, const char *remedy,
                    const char *what, ...)
{
    va_list ap;
    f->verdict = verdict;
    strbuf_clear(&f->what);
    strbuf_clear(&f->remedy);
    va_start(ap, what);
    strbuf_addv(&f->what, what, ap);
    va_end(ap);
    if (remedy)
        strbuf_addz(&f->remedy, remedy);
}

static void check_server(const struct cli_args *args, struct cli_doctor_finding *f)
{
    AUTO_SESSION      s = { 0 };
    struct cli_answer answer = { 0 };
    struct err        err;
    enum rc           rc = cli_session_connect(args, &s, &err);

    if (rc == RC_OK)
        rc = cli_session_call(&s, &(struct cli_call) { .target = S("/health"), .wait = SECONDS(5) }, s.arena,
                              &answer, &err);
    if (rc == RC_UNAVAILABLE && !answer.status)
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "start it with `vedette serve`, or name another with --url",
                       "no server answers at " STR_FMT, STR_ARG(s.url));
    else if (rc != RC_OK)
        cli_doctor_say(f, CLI_DOCTOR_WRONG,
                       "see the log in the data folder (log/vedette.log) and `vedette status`", "%s",
                       err.text);
    else
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, STR_FMT " answers, version " STR_FMT, STR_ARG(s.url),
                       STR_ARG(json_str(answer.json, S("version"), S("?"))));
}

/* What the server itself warns of; only for who is signed in. */
static void check_warnings(const struct cli_args *args, struct cli_doctor_finding *f)
{
    AUTO_SESSION      s = { 0 };
    struct cli_answer answer = { 0 };
    struct err        err;

    if (cli_session_open(args, &s, &err) != RC_OK || cli_session_workspace(&s, &err) != RC_OK ||
        cli_session_call(&s,
                         &(struct cli_call) {
                             .target = S("{ws}/providers/Vedette.Operations/status?api-version=2026-11-01") },
                         s.arena, &answer, &err) != RC_OK) {
        cli_doctor_say(f, CLI_DOCTOR_WARNING, "sign in with `vedette login` to see what the server warns of",
                       "the server was not asked: %s", err.text);
        return;
    }
    const struct json *list = json_path(answer.json, S("properties.warnings"));
    if (!list || !list->n) {
        cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "the server warns of nothing");
        return;
    }
    str remedy = arena_str(s.arena, json_str(&list->items[0], S("remedy"), S("see `vedette status`")));
    cli_doctor_say(f, CLI_DOCTOR_WARNING, remedy.p, STR_FMT "%s",
                   STR_ARG(json_str(&list->items[0], S("text"), STR_NONE)),
                   list->n > 1 ? " (and more: `vedette status`)" : "");
}

static void check_versions(const struct cli_args *args, struct cli_doctor_finding *f)
{
    (void)args;
    cli_doctor_say(f, CLI_DOCTOR_GOOD, NULL, "vedette %s, %s, curl %s", VEDETTE_VERSION,
                   OpenSSL_version(OPENSSL_VERSION), curl_version_info(CURLVERSION_NOW)->version);
}

const struct cli_doctor_check CLI_DOCTOR_CHECKS[] = {
    { "Versions", "This program and the libraries it runs with.",
      "vedette 0.1.0, OpenSSL 3.0.15, curl 7.88.1", check_versions },
    { "Companions", "The engine, content and portal beside the program.",
      "engine, content and portal stand beside /usr/bin/vedette", cli_doctor_companions },
    { "Rights", "What this user may see of the machine.", "this is root", cli_doctor_root },
    { "Data folder", "Owner and mode of the data folder.", "/var/lib/vedette is private", cli_doctor_folder },
    { "Disk", "Room where the data folder is.", "120 GiB are left in /var/lib/vedette", cli_doctor_disk },
    { "Memory", "Memory and cores of the machine.", "8192 MiB of memory, 4 cores", cli_doctor_memory },
    { "Clock", "Whether somebody keeps the clock right.", "the clock is kept right", cli_doctor_clock },
    { "Namespaces", "Whether the engine can be shut off in namespaces.",
      "the engine gets file systems and a network of its own", cli_doctor_namespaces },
    { "Seccomp", "Whether the engine's system calls can be filtered.",
      "system calls of the engine are filtered", cli_doctor_seccomp },
    { "Landlock", "Whether the kernel limits files once more.",
      "Landlock 3 limits the engine's files once more", cli_doctor_landlock },
    { "Journal", "Whether this machine's log can be read.", "the journal in /var/log/journal can be read",
      cli_doctor_journal },
    { "Processes", "Whether the kernel tells of process starts.", "the kernel tells of process starts",
      cli_doctor_processes },
    { "Ports", "Whether the ports are free, or ours already.", "localhost:8443 is free", cli_doctor_ports },
    { "Server", "Whether a server answers, trusted by its authority.",
      "https://localhost:8443 answers, version 0.1.0", check_server },
    { "Warnings", "What the server itself warns of.", "the server warns of nothing", check_warnings },
    { 0 },
};

static void print_finding(const struct cli_doctor_check *c, const struct cli_doctor_finding *f)
{
    static const struct {
        const char *word, *style;
    } WORDS[] = { { "good", "\033[32m" }, { "warning", "\033[33m" }, { "wrong", "\033[31m" } };
    printf("%s%-8s%s %-12s " STR_FMT "\n", cli_table_style(WORDS[f->verdict].style), WORDS[f->verdict].word,
           cli_table_style("\033[0m"), c->name, STR_ARG(strbuf_view(&f->what)));
    if (f->remedy.n)
        printf("%21s → " STR_FMT "\n", "", STR_ARG(strbuf_view(&f->remedy)));
}

static void write_finding(struct json_w *w, const struct cli_doctor_check *c,
                          const struct cli_doctor_finding *f)
{
    static const char *const WORDS[] = { "good", "warning", "wrong" };
    json_w_object(w);
    json_w_kstr(w, S("check"), str_of(c->name));
    json_w_kstr(w, S("verdict"), str_of(WORDS[f->verdict]));
    json_w_kstr(w, S("what"), strbuf_view(&f->what));
    json_w_kstr(w, S("remedy"), strbuf_view(&f->remedy));
    json_w_end(w);
}

enum rc cli_doctor_run(const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF   report = STRBUF_INIT(REPORT_MAX);
    struct json_w w = json_w_make(&report);
    bool          json = cli_opts_flag(args, "json");
    size_t        count[CLI_DOCTOR_VERDICT_COUNT_] = { 0 };

    json_w_array(&w);
    for (const struct cli_doctor_check *c = CLI_DOCTOR_CHECKS; c->name; c++) {
        struct cli_doctor_finding f = { .what = STRBUF_INIT(TEXT_MAX), .remedy = STRBUF_INIT(TEXT_MAX) };
        c->run(args, &f);
        count[f.verdict]++;
        if (json)
            write_finding(&w, c, &f);
        else
            print_finding(c, &f);
        strbuf_done(&f.what);
        strbuf_done(&f.remedy);
    }
    json_w_end(&w);
    if (json)
        printf(STR_FMT "\n", STR_ARG(strbuf_view(&report)));
    if (count[CLI_DOCTOR_WRONG])
        return err_set(err, RC_INTERNAL, "%zu finding%s to be put right", count[CLI_DOCTOR_WRONG],
                       count[CLI_DOCTOR_WRONG] == 1 ? " has" : "s have");
    if (!json)
        printf("\nNothing is wrong%s.\n",
               count[CLI_DOCTOR_WARNING] ? "; the warnings above say what could be better" : "");
    return RC_OK;
}
