/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_simulate.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/guid.h"
#include "base/yaml.h"
#include "cli/cli_import.h"
#include "cli/cli_incidents.h"
#include "cli/cli_paths.h"
#include "cli/cli_table.h"

enum {
    FILE_MAX = 1 << 18,
    TEXT_MAX = 1 << 16,
    BODY_MAX = 4 << 20,
    MAX_ARGS = 64,
    MAX_TIMES = 1000,
    ANSWER_MAX = 16 << 20
};
#define PROCESS_WAIT SECONDS(10)
#define INCIDENT_WAIT SECONDS(60)

const struct cli_option CLI_SIMULATE_OPTIONS[] = {
    { .name = "all", .type = CLI_FLAG, .doc = "Play every one." },
    { .name = "no-wait", .type = CLI_FLAG, .doc = "Do not wait for the incident." },
    { .name = "content",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_CONTENT",
      .doc = "Where simulations/ is. Default: beside the program." },
    { 0 },
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
    interrupted = sig;
}

/* What is played now. */
struct play {
    struct cli_session       *session;
    struct arena             *arena;
    const struct json        *simulation;
    struct cli_simulate_words words;
    char                      dir[64];
    ts                        began;
};

/* --- placeholders --- */

static enum rc fill_one(const struct cli_simulate_words *w, str name, struct strbuf *out, struct err *err)
{
    char buf[TS_TEXT_SIZE];
    if (str_eq(name, S("host"))) {
        strbuf_add(out, w->host);
    } else if (str_eq(name, S("user"))) {
        strbuf_add(out, w->user);
    } else if (str_eq(name, S("dir"))) {
        strbuf_add(out, w->dir);
    } else if (str_eq(name, S("n"))) {
        strbuf_add_i64(out, w->n);
    } else if (str_eq(name, S("octet"))) {
        strbuf_add_i64(out, w->octet);
    } else if (str_eq(name, S("id"))) {
        strbuf_add(out, guid_text(guid_random(), buf));
    } else if (str_eq(name, S("now"))) {
        str now = ts_text(env_now(env_real()), buf); /* …:53.1234567Z */
        strbuf_add(out, str_slice(now, 0, now.n - 5));
        strbuf_addc(out, 'Z');
    } else {
        const struct json *v = json_get(w->variables, name);
        if (!v || v->kind != JSON_STRING)
            return err_set(err, RC_INVALID, "there is no placeholder {" STR_FMT "}", STR_ARG(name));
        struct cli_simulate_words built_in = *w;
        built_in.variables = NULL; /* a variable may use the words above, and no other variable */
        return cli_simulate_fill(&built_in, v->s, out, err);
    }
    return RC_OK;
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_'))
            return false;
    }
    return s.n > 0;
}

enum rc cli_simulate_fill(const struct cli_simulate_words *words, str text, struct strbuf *out,
                          struct err *err)
{
    while (text.n) {
        size_t open = str_find_byte(text, '{');
        strbuf_add(out, str_slice(text, 0, open));
        if (open == STR_NPOS)
            break;
        text = str_from(text, open);
        size_t close = str_find_byte(text, '}');
        str    name = close == STR_NPOS ? STR_NONE : str_slice(text, 1, close);
        if (!is_name(name)) { /* a brace of the text's own */
            strbuf_addc(out, '{');
            text = str_from(text, 1);
            continue;
        }
        TRY(fill_one(words, name, out, err));
        text = str_from(text, close + 1);
    }
    return strbuf_ok(out, "a text of the simulation", err);
}

static enum rc fill_in(const struct play *p, str text, str *out, struct err *err)
{
    AUTO_STRBUF b = STRBUF_INIT(TEXT_MAX);
    TRY(cli_simulate_fill(&p->words, text, &b, err));
    *out = arena_str(p->arena, strbuf_view(&b));
    return RC_OK;
}

/* Writes a tree with every text filled in. */
static enum rc fill_tree(const struct cli_simulate_words *words, const struct json *j, struct json_w *w,
                         struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(TEXT_MAX);
    switch (j->kind) {
    case JSON_STRING:
        TRY(cli_simulate_fill(words, j->s, &text, err));
        json_w_str(w, strbuf_view(&text));
        return RC_OK;
    case JSON_ARRAY:
        json_w_array(w);
        for (uint32_t i = 0; i < j->n; i++)
            TRY(fill_tree(words, &j->items[i], w, err));
        json_w_end(w);
        return RC_OK;
    case JSON_OBJECT:
        json_w_object(w);
        for (uint32_t i = 0; i < j->n; i++) {
            json_w_key(w, j->members[i].key);
            TRY(fill_tree(words, &j->members[i].value, w, err));
        }
        json_w_end(w);
        return RC_OK;
    default:
        json_w_tree(w, j);
        return RC_OK;
    }
}

/* --- log --- */

static int index_of(const char *const *names, str name)
{
    for (int i = 0; names[i]; i++) {
        if (str_eq(name, str_of(names[i])))
            return i;
    }
    return -1;
}

enum rc cli_simulate_syslog(const struct cli_simulate_words *words, const struct json *log,
                            struct strbuf *out, struct err *err)
{
    static const char *const FACILITIES[] = { "kern", "user", "mail", "daemon", "auth",     "syslog",
                                              "lpr",  "news", "uucp", "cron",   "authpriv", NULL };
    static const char *const SEVERITIES[] = { "emerg",  "alert", "crit",  "err", "warning",
                                              "notice", "info",  "debug", NULL };
    AUTO_STRBUF              host = STRBUF_INIT(256), message = STRBUF_INIT(TEXT_MAX);
    char                     now[TS_TEXT_SIZE];
    int                      facility = index_of(FACILITIES, json_str(log, S("facility"), S("user")));
    int                      severity = index_of(SEVERITIES, json_str(log, S("severity"), S("info")));

    if (facility < 0 || severity < 0)
        return err_set(err, RC_INVALID, "facility or severity of a log step is not known");
    TRY(cli_simulate_fill(words, json_str(log, S("host"), S("{host}")), &host, err));
    TRY(cli_simulate_fill(words, json_str(log, S("message"), STR_NONE), &message, err));
    str time = ts_text(env_now(env_real()), now); /* RFC 5424 allows 6 digits: one less */
    strbuf_addf(out, "<%d>1 " STR_FMT "Z " STR_FMT " " STR_FMT " %lld - - " STR_FMT "\n",
                facility * 8 + severity, STR_ARG(str_slice(time, 0, time.n - 2)), STR_ARG(strbuf_view(&host)),
                STR_ARG(json_str(log, S("process"), S("vedette"))), (long long)json_i64(log, S("pid"), 4242),
                STR_ARG(strbuf_view(&message)));
    return strbuf_ok(out, "a log step", err);
}

static enum rc send_text(struct play *p, str text, struct err *err)
{
    AUTO(arena) a = arena_new(ANSWER_MAX);
    char               token[GUID_TEXT_SIZE];
    const struct json *answer = NULL;
    TRY(cli_import_send(p->session, S("simulation"), text, guid_text(guid_random(), token), a, &answer, err));
    if (json_i64(answer, S("refused"), 0))
        return err_set(
            err, RC_INVALID,
            "the server refused what the step sent; `vedette query 'IngestErrors | take 1'` says why");
    return RC_OK;
}

static void pause_for(double seconds)
{
    for (; seconds > 0 && !interrupted; seconds -= 0.1)
        usleep((useconds_t)((seconds < 0.1 ? seconds : 0.1) * 1e6));
}

static double number(const struct json *object, str key, double fallback)
{
    const struct json *v = json_get(object, key);
    return !v ? fallback : v->kind == JSON_INT ? (double)v->i : v->kind == JSON_DOUBLE ? v->d : fallback;
}

/* `counts` holds times and every. */
static enum rc repeat(struct play *p, const struct json *counts, const struct json *what,
                      enum rc (*once)(struct play *p, const struct json *what, struct err *err),
                      struct err *err)
{
    int64_t times = json_i64(counts, S("times"), 1);
    double  every = number(counts, S("every"), 0.1);
    for (p->words.n = 1; p->words.n <= times && !interrupted; p->words.n++) {
        TRY(once(p, what, err));
        if (p->words.n < times)
            pause_for(every);
    }
    return RC_OK;
}

static enum rc log_once(struct play *p, const struct json *log, struct err *err)
{
    AUTO_STRBUF line = STRBUF_INIT(TEXT_MAX * 2);
    TRY(cli_simulate_syslog(&p->words, log, &line, err));
    return send_text(p, strbuf_view(&line), err);
}

static enum rc import_once(struct play *p, const struct json *records, struct err *err)
{
    AUTO_STRBUF body = STRBUF_INIT(BODY_MAX);
    for (uint32_t i = 0; i < records->n; i++) {
        struct json_w w = json_w_make(&body);
        TRY(fill_tree(&p->words, &records->items[i], &w, err));
        strbuf_addc(&body, '\n');
    }
    TRY(strbuf_ok(&body, "an import step", err));
    return send_text(p, strbuf_view(&body), err);
}

/* --- run --- */

static enum rc copy_program(const char *from, const char *to, struct err *err)
{
    struct stat st;
    AUTO_FD     in = open(from, O_RDONLY | O_CLOEXEC);
    AUTO_FD     out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    if (in < 0 || out < 0 || fstat(in, &st) != 0)
        return err_errno(err, RC_IO, errno, "copying %s to %s", from, to);
    off_t at = 0;
    while (at < st.st_size) {
        if (sendfile(out, in, &at, (size_t)(st.st_size - at)) <= 0)
            return err_errno(err, RC_IO, errno, "copying %s to %s", from, to);
    }
    return RC_OK;
}

static void wait_or_end(pid_t pid)
{
    int64_t until = env_monotonic_ns(env_real()) + PROCESS_WAIT * 100;
    int     status;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (interrupted || env_monotonic_ns(env_real()) > until)
            kill(pid, SIGKILL);
        usleep(10000);
    }
}

/* Only what the format allows is ever executed, whatever the file says. */
static bool is_harmless(str program)
{
    return str_eq(program, S("/bin/sh")) || str_eq(program, S("/bin/true")) ||
           str_eq(program, S("/bin/sleep"));
}

static enum rc run_once(struct play *p, const struct json *run, struct err *err)
{
    extern char **environ;
    str           program = json_str(run, S("program"), STR_NONE), path = program,
        as = json_str(run, S("as"), STR_NONE);
    const struct json *list = json_get(run, S("argv"));
    char              *argv[MAX_ARGS + 1] = { NULL };
    pid_t              pid;

    if (!is_harmless(program))
        return err_set(err, RC_FORBIDDEN,
                       "a simulation runs /bin/sh, /bin/true or /bin/sleep only, not " STR_FMT,
                       STR_ARG(program));
    if (as.n) {
        TRY(fill_in(p, as, &path, err));
        if (!str_starts(path, p->words.dir) || str_contains(path, S("..")))
            return err_set(err, RC_FORBIDDEN, "`as` is a path in {dir}, not " STR_FMT, STR_ARG(path));
        char *slash = strrchr(path.p, '/');
        TRY(file_mkdirs(arena_str(p->arena, str_make(path.p, (size_t)(slash - path.p))).p, 0700, err));
        if (!file_exists(path.p))
            TRY(copy_program(program.p, path.p, err));
    }
    for (uint32_t i = 0; list && i < list->n && i < MAX_ARGS; i++) {
        str arg;
        TRY(fill_in(p, list->items[i].kind == JSON_STRING ? list->items[i].s : STR_NONE, &arg, err));
        argv[i] = (char *)(uintptr_t)arg.p;
    }
    int e = posix_spawn(&pid, path.p, NULL, NULL, argv, environ);
    if (e != 0)
        return err_errno(err, RC_IO, e, STR_FMT, STR_ARG(path));
    wait_or_end(pid);
    return RC_OK;
}

/* --- a whole simulation --- */

static enum rc check_step(const struct json *step, struct err *err)
{
    const struct json *log = json_get(step, S("log")), *import = json_get(step, S("import")),
                      *run = json_get(step, S("run"));
    const struct json *counts = log ? log : step;
    if (!json_str(step, S("say"), STR_NONE).n)
        return err_set(err, RC_INVALID, "every step says what it does");
    if (!!log + !!import + !!run != 1)
        return err_set(err, RC_INVALID, "a step has one of log, import and run");
    if (import && import->kind != JSON_ARRAY)
        return err_set(err, RC_INVALID, "import is a list");
    if (run && !is_harmless(json_str(run, S("program"), STR_NONE)))
        return err_set(err, RC_INVALID, "run has a program: /bin/sh, /bin/true or /bin/sleep");
    int64_t times = json_i64(counts, S("times"), 1);
    if (times < 1 || times > MAX_TIMES)
        return err_set(err, RC_LIMIT, "times is from 1 to %d, not %lld", MAX_TIMES, (long long)times);
    return RC_OK;
}

enum rc cli_simulate_check(const struct json *simulation, struct err *err)
{
    const struct json *steps = json_get(simulation, S("steps"));
    if (!json_str(simulation, S("name"), STR_NONE).n || !json_str(simulation, S("title"), STR_NONE).n)
        return err_set(err, RC_INVALID, "a simulation has a name and a title");
    if (!steps || steps->kind != JSON_ARRAY || !steps->n)
        return err_set(err, RC_INVALID, "a simulation has steps");
    for (uint32_t i = 0; i < steps->n; i++) {
        if (check_step(&steps->items[i], err) != RC_OK)
            return err_wrap(err, "step %u", i + 1);
    }
    return RC_OK;
}

static enum rc play_step(struct play *p, const struct json *step, struct err *err)
{
    const struct json *log = json_get(step, S("log")), *import = json_get(step, S("import")),
                      *run = json_get(step, S("run"));
    str say;

    TRY(fill_in(p, json_str(step, S("say"), STR_NONE), &say, err));
    printf("  • " STR_FMT "\n", STR_ARG(say));
    fflush(stdout);
    if (log)
        TRY(repeat(p, log, log, log_once, err));
    else if (import)
        TRY(repeat(p, step, import, import_once, err));
    else
        TRY(repeat(p, run, run, run_once, err));
    pause_for(number(step, S("wait"), 0));
    return interrupted ? err_set(err, RC_CANCELLED, "interrupted") : RC_OK;
}

/* Does the incident come from one of the rules that this simulation is to raise? */
static bool is_ours(const struct json *incident, const struct json *raises)
{
    const struct json *rules = json_path(incident, S("properties.relatedAnalyticRuleIds"));
    for (uint32_t i = 0; rules && i < rules->n; i++) {
        for (uint32_t j = 0; raises && j < raises->n; j++) {
            if (raises->items[j].kind == JSON_STRING && rules->items[i].kind == JSON_STRING &&
                str_ends_ci(rules->items[i].s, raises->items[j].s))
                return true;
        }
    }
    return false;
}

static enum rc await_incident(struct play *p, struct err *err)
{
    char    when[TS_TEXT_SIZE];
    int64_t until = env_monotonic_ns(env_real()) + INCIDENT_WAIT * 100;
    str     filter = arena_printf(p->arena, "properties/lastModifiedTimeUtc ge " STR_FMT,
                                  STR_ARG(ts_text(p->began, when)));

    while (!interrupted && env_monotonic_ns(env_real()) < until) {
        AUTO(arena) a = arena_new(ANSWER_MAX);
        const struct json *list = NULL;
        TRY(cli_incidents_find(p->session, filter, 100, a, &list, err));
        for (uint32_t i = 0; list && i < list->n; i++) {
            const struct json *props = json_get(&list->items[i], S("properties"));
            if (!is_ours(&list->items[i], json_get(p->simulation, S("raises"))))
                continue;
            printf("%s→ Incident %lld: " STR_FMT " (" STR_FMT ")%s\n  vedette incidents show %lld\n",
                   cli_table_style("\033[1m"), (long long)json_i64(props, S("incidentNumber"), 0),
                   STR_ARG(cli_table_clean(a, json_str(props, S("title"), STR_NONE))),
                   STR_ARG(json_str(props, S("severity"), STR_NONE)), cli_table_style("\033[0m"),
                   (long long)json_i64(props, S("incidentNumber"), 0));
            return RC_OK;
        }
        pause_for(0.3);
    }
    return err_set(err, interrupted ? RC_CANCELLED : RC_TIMEOUT,
                   "no incident within 60 s; `vedette rules` and `vedette doctor` may say why");
}

static str own_name(struct arena *a)
{
    const struct passwd *pw = getpwuid(getuid());
    return pw ? arena_str(a, str_of(pw->pw_name)) : S("user");
}

static enum rc play_one(struct play *p, const struct json *simulation, bool wait, struct err *err)
{
    char               host[256] = "localhost";
    const struct json *steps = json_get(simulation, S("steps"));
    enum rc            rc = RC_OK;

    snprintf(p->dir, sizeof p->dir, "/tmp/vedette-simulation.XXXXXX");
    if (!mkdtemp(p->dir))
        return err_errno(err, RC_IO, errno, "%s", p->dir);
    gethostname(host, sizeof host - 1);
    p->simulation = simulation;
    p->began = env_now(env_real());
    p->words = (struct cli_simulate_words) { .host = str_of(host),
                                             .user = own_name(p->arena),
                                             .dir = str_of(p->dir),
                                             .n = 1,
                                             .octet = 1 + (p->began / TS_PER_SECOND) % 254,
                                             .variables = json_get(simulation, S("variables")) };
    printf("%s" STR_FMT "%s\n", cli_table_style("\033[1m"),
           STR_ARG(json_str(simulation, S("title"), STR_NONE)), cli_table_style("\033[0m"));
    if (str_eq(json_str(simulation, S("needs"), STR_NONE), S("root")))
        printf("  (seen only where the server runs as root on this machine)\n");
    for (uint32_t i = 0; i < steps->n && rc == RC_OK; i++)
        rc = play_step(p, &steps->items[i], err);
    if (rc == RC_OK && wait)
        rc = await_incident(p, err);
    struct err ignored;
    (void)!file_remove_tree(p->dir, &ignored);
    return rc;
}

/* --- the files --- */

struct listing {
    struct arena *arena;
    const char   *dir;
    struct {
        const struct json *simulation;
    } found[256];
    size_t n;
};

static enum rc load_file(void *ctx, const char *name, struct err *err)
{
    struct listing    *l = ctx;
    const struct json *j;
    str                text;
    if (!str_ends(str_of(name), S(".yaml")) || l->n == sizeof l->found / sizeof l->found[0])
        return RC_OK;
    TRY(file_read(l->arena, arena_printf(l->arena, "%s/%s", l->dir, name).p, FILE_MAX, &text, err));
    enum rc rc = yaml_parse(l->arena, text, &j, err);
    if (rc == RC_OK)
        rc = cli_simulate_check(j, err);
    if (rc != RC_OK)
        return err_wrap(err, "%s", name);
    l->found[l->n++].simulation = j;
    return RC_OK;
}

static enum rc load_all(const struct cli_args *args, struct listing *l, struct err *err)
{
    struct cli_paths paths;
    const char      *content = cli_opts_text(args, "content");
    *l = (struct listing) { .arena = args->arena };
    if (!content) {
        TRY(cli_paths_find(&paths, err));
        content = paths.content;
    }
    l->dir = arena_printf(args->arena, "%s/simulations", content).p;
    return file_list(l->dir, load_file, l, err);
}

static void print_list(const struct listing *l)
{
    static const struct cli_table_column HEADS[] = { { STR_INIT("Name"), false },
                                                     { STR_INIT("Seconds"), true },
                                                     { STR_INIT("What it plays"), false } };
    str                                 *cells = ARENA_ARRAY(l->arena, str, l->n * 3 + 1);
    for (size_t i = 0; i < l->n; i++) {
        cells[i * 3] = json_str(l->found[i].simulation, S("name"), STR_NONE);
        cells[i * 3 + 1] =
            arena_printf(l->arena, "%lld", (long long)json_i64(l->found[i].simulation, S("seconds"), 0));
        cells[i * 3 + 2] = json_str(l->found[i].simulation, S("title"), STR_NONE);
    }
    cli_table_print(stdout, &(struct cli_table) { HEADS, 3, cells, l->n }, cli_table_terminal());
    printf("\nPlay one with `vedette simulate NAME`. Nothing of this machine is changed.\n");
}

static enum rc play_named(struct play *p, const struct listing *l, const char *name, bool wait,
                          struct err *err)
{
    for (size_t i = 0; i < l->n; i++) {
        if (!name || str_eq(json_str(l->found[i].simulation, S("name"), STR_NONE), str_of(name))) {
            TRY(play_one(p, l->found[i].simulation, wait, err));
            if (name)
                return RC_OK;
        }
    }
    return name ? err_set(err, RC_NOT_FOUND, "there is no simulation %s; `vedette simulate` lists them", name)
                : RC_OK;
}

enum rc cli_simulate_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION    s = { 0 };
    struct listing *l = ARENA_NEW(args->arena, struct listing);
    struct play     p = { .session = &s, .arena = args->arena };
    bool            wait = !cli_opts_flag(args, "no-wait");

    TRY(load_all(args, l, err));
    if (!args->n_words && !cli_opts_flag(args, "all")) {
        print_list(l);
        return RC_OK;
    }
    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (cli_opts_flag(args, "all"))
        return play_named(&p, l, NULL, wait, err);
    for (size_t i = 0; i < args->n_words; i++)
        TRY(play_named(&p, l, args->words[i], wait, err));
    return RC_OK;
}
