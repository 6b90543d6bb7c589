/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_import.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/env.h"
#include "base/file.h"
#include "base/guid.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/queue.h"
#include "cli/cli_archive.h"
#include "cli/cli_chunk.h"
#include "cli/cli_table.h"

enum { ANSWER_MAX = 1 << 20, PATH_BYTES = 4096, BAR = 24, SHOW_EVERY_MS = 100, MAX_FILES = 100000 };
#define PATIENCE MINUTES(10) /* where the session says nothing */
#define JUDGE_PATIENCE MINUTES(15)

const struct cli_option CLI_IMPORT_OPTIONS[] = {
    { .name = "wait",
      .type = CLI_FLAG,
      .doc = "Return when the rules have looked at all of it; prints the incidents." },
    { .name = "again", .type = CLI_FLAG, .doc = "Take what was imported before a second time." },
    { .name = "source",
      .type = CLI_TEXT,
      .value = "NAME",
      .doc = "What refused lines are kept under. Default: the file's name." },
    { .name = "json", .type = CLI_FLAG, .doc = "Print the counts as one JSON object." },
    { .name = "patience",
      .type = CLI_SECONDS,
      .value = "SECONDS",
      .initial = "600",
      .min = 1,
      .max = 86400,
      .env = "VEDETTE_PATIENCE",
      .doc = "How long to wait for a server that is away or busy." },
    { .name = "quiet", .type = CLI_FLAG, .doc = "No progress bar." },
    { 0 },
};

/* One piece on its way to a sender, which frees it. */
struct piece {
    char  *records, *source;
    size_t n;
    char   token[GUID_TEXT_SIZE];
};

struct import {
    struct cli_session *session;
    const char         *source; /* for all, or NULL */
    struct queue       *queue;
    guid                file;             /* identity of the outer file */
    char                name[PATH_BYTES]; /* of the file that is read, inner or outer */
    struct cli_chunk   *chunk;
    uint64_t            bytes_before, bytes_now, bytes_all; /* of outer files */
    int64_t             began, shown;
    bool                progress, again;

    pthread_mutex_t          lock; /* all below */
    struct cli_import_counts counts;
    bool                     failed;
    struct err               err;
};

/* --- counting --- */

void cli_import_add(struct cli_import_counts *c, const struct json *answer)
{
    const struct json *rows = json_get(answer, S("rows"));
    for (uint32_t i = 0; rows && rows->kind == JSON_OBJECT && i < rows->n; i++) {
        str      table = rows->members[i].key;
        uint64_t n = rows->members[i].value.kind == JSON_INT ? (uint64_t)rows->members[i].value.i : 0;
        size_t   at = 0;
        while (at < c->n && !str_eq(str_of(c->tables[at].table), table))
            at++;
        if (at == c->n && c->n < CLI_IMPORT_MAX_TABLES &&
            str_to_cstr(table, c->tables[at].table, sizeof c->tables[at].table))
            c->n++;
        if (at < c->n)
            c->tables[at].rows += n;
        c->rows += n;
    }
    c->refused += (uint64_t)json_i64(answer, S("refused"), 0);
    c->repeated += json_bool(answer, S("duplicate"), false);
}

/* --- sending --- */

enum rc cli_import_send(struct cli_session *s, str source, str records, str token, struct arena *a,
                        const struct json **answer, struct err *err)
{
    AUTO_STRBUF       target = STRBUF_INIT(8192);
    struct http_pair  id = { S("x-ms-client-request-id"), token };
    struct cli_answer got = { 0 };

    strbuf_addz(&target, "{ws}/providers/Vedette.Operations/import?api-version=2026-11-01&source=");
    codec_url_encode(&target, source);
    strbuf_addz(&target, "&token=");
    strbuf_add(&target, token);
    TRY(strbuf_ok(&target, "the source's name", err));
    TRY(cli_session_insist(s,
                           &(struct cli_call) { .method = "POST",
                                                .target = strbuf_view(&target),
                                                .body = records,
                                                .type = "application/x-ndjson",
                                                .headers = { &id, 1 },
                                                .wait = MINUTES(3) },
                           s->patience ? s->patience : PATIENCE, a, &got, err));
    *answer = got.json;
    return RC_OK;
}

static struct piece *piece_free(struct piece *p)
{
    if (!p)
        return NULL;
    mem_free(p->records);
    mem_free(p->source);
    return mem_free(p);
}

static bool has_failed(struct import *im)
{
    pthread_mutex_lock(&im->lock);
    bool failed = im->failed;
    pthread_mutex_unlock(&im->lock);
    return failed;
}

static void fail(struct import *im, const struct piece *p, struct err *err)
{
    (void)!err_wrap(err, "%s", p->source);
    pthread_mutex_lock(&im->lock);
    if (!im->failed)
        im->err = *err;
    im->failed = true;
    pthread_mutex_unlock(&im->lock);
    queue_close(im->queue); /* the reader's next push tells it */
}

static void *sender(void *ctx)
{
    struct import *im = ctx;
    struct piece  *p;
    AUTO(arena) a = arena_new(ANSWER_MAX);

    while ((p = queue_pop(im->queue, -1))) {
        const struct json *answer = NULL;
        struct err         err;
        if (has_failed(im)) {
            piece_free(p);
            continue;
        }
        enum rc rc = cli_import_send(im->session, str_of(p->source), str_make(p->records, p->n),
                                     str_of(p->token), a, &answer, &err);
        if (rc == RC_OK) {
            pthread_mutex_lock(&im->lock);
            cli_import_add(&im->counts, answer);
            pthread_mutex_unlock(&im->lock);
        } else {
            fail(im, p, &err);
        }
        piece_free(p);
        arena_reset(a);
    }
    return NULL;
}

/* --- reading --- */

static enum rc queue_piece(void *ctx, str records, uint64_t number, struct err *err)
{
    struct import     *im = ctx;
    struct piece      *p = MEM_NEW(struct piece);
    char               place[PATH_BYTES + 128], digest[65];
    struct hash_sha256 h = hash_sha256(records);

    hash_hex(h.bytes, sizeof h.bytes, digest);
    snprintf(place, sizeof place, "%llu:%s:%s", (unsigned long long)number, digest, im->name);
    guid_text(guid_of(im->file, str_of(place)), p->token);
    p->records = mem_strdup(records);
    p->n = records.n;
    p->source = mem_strdup(str_of(im->source ? im->source : im->name));
    if (queue_push(im->queue, p, -1))
        return RC_OK;
    piece_free(p);
    pthread_mutex_lock(&im->lock);
    enum rc rc = err_set(err, im->err.rc, "%s", im->err.text);
    pthread_mutex_unlock(&im->lock);
    return rc;
}

static enum rc begin_file(void *ctx, str name, struct err *err)
{
    struct import *im = ctx;
    (void)err;
    snprintf(im->name, sizeof im->name, STR_FMT, STR_ARG(name));
    im->chunk = cli_chunk_new(queue_piece, im);
    return RC_OK;
}

static enum rc feed_file(void *ctx, str bytes, struct err *err)
{
    struct import *im = ctx;
    return cli_chunk_feed(im->chunk, bytes, err);
}

static enum rc end_file(void *ctx, struct err *err)
{
    struct import *im = ctx;
    enum rc        rc = cli_chunk_finish(im->chunk, err);
    im->chunk = cli_chunk_free(im->chunk);
    return rc;
}

static double seconds_since(int64_t began)
{
    return (double)(env_monotonic_ns(env_real()) - began) / 1e9;
}

static void show_progress(void *ctx, uint64_t bytes)
{
    struct import *im = ctx;
    int64_t        now = env_monotonic_ns(env_real());
    char           bar[BAR * 3 + 1] = "";

    im->bytes_now = bytes;
    if (!im->progress || now - im->shown < SHOW_EVERY_MS * 1000000)
        return;
    im->shown = now;
    double part = im->bytes_all ? (double)(im->bytes_before + bytes) / (double)im->bytes_all : 0;
    size_t full = (size_t)(part * BAR);
    for (size_t i = 0, at = 0; i < BAR; i++, at += 3)
        memcpy(bar + at, i < full ? "█" : "░", 4);
    pthread_mutex_lock(&im->lock);
    uint64_t rows = im->counts.rows;
    pthread_mutex_unlock(&im->lock);
    fprintf(stderr, "\r\033[K%s %3d %%  %llu rows  %.0f rows/s  %.40s", bar, (int)(part * 100),
            (unsigned long long)rows, (double)rows / (seconds_since(im->began) + 0.001), im->name);
}

/* The same file gives the same identity as long as it is not written to. */
static guid identity(const char *path, bool again)
{
    static const guid SPACE = { { 0x5e, 0xde, 0x77, 0xe0, 0x1a, 0x9b, 0x4c, 0x27, 0x9d, 0x11, 0x30, 0x6f,
                                  0x8a, 0x42, 0xc5, 0x66 } };
    char              text[160];
    struct stat       st;
    if (again || !path || stat(path, &st) != 0)
        return guid_random();
    snprintf(text, sizeof text, "%llu:%llu:%llu:%lld.%09ld", (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino, (unsigned long long)st.st_size, (long long)st.st_mtim.tv_sec,
             st.st_mtim.tv_nsec);
    return guid_of(SPACE, str_of(text));
}

static enum rc import_file(struct import *im, const char *path, struct err *err)
{
    struct cli_archive_sink sink = { im, begin_file, feed_file, end_file, show_progress };
    struct stat             st;

    im->file = identity(path, im->again);
    im->bytes_now = 0;
    enum rc rc = cli_archive_read(path, &sink, err);
    im->chunk = cli_chunk_free(im->chunk);
    im->bytes_before += path && stat(path, &st) == 0 ? (uint64_t)st.st_size : im->bytes_now;
    return rc;
}

/* --- which files --- */

struct files {
    struct arena *arena;
    const char   *dir;
    const char  **paths;
    size_t        n;
    uint64_t      bytes;
};

static enum rc add_path(struct files *f, const char *path, struct err *err);

static enum rc add_in_folder(void *ctx, const char *name, struct err *err)
{
    struct files *f = ctx;
    return name[0] == '.' ? RC_OK : add_path(f, arena_printf(f->arena, "%s/%s", f->dir, name).p, err);
}

static enum rc add_path(struct files *f, const char *path, struct err *err)
{
    struct stat st;
    const char *outer = f->dir;
    if (strcmp(path, "-") == 0) {
        f->paths[f->n++] = NULL;
        return RC_OK;
    }
    if (stat(path, &st) != 0)
        return err_set(err, RC_NOT_FOUND, "there is no file %s", path);
    if (S_ISDIR(st.st_mode)) {
        f->dir = path;
        enum rc rc = file_list(path, add_in_folder, f, err);
        f->dir = outer;
        return rc;
    }
    if (f->n == MAX_FILES)
        return err_set(err, RC_LIMIT, "one import takes at most %d files", MAX_FILES);
    f->paths[f->n++] = arena_str(f->arena, str_of(path)).p;
    f->bytes += (uint64_t)st.st_size;
    return RC_OK;
}

static enum rc find_files(const struct cli_args *args, struct files *f, struct err *err)
{
    *f = (struct files) { .arena = args->arena,
                          .paths = ARENA_ARRAY(args->arena, const char *, MAX_FILES + 1) };
    if (!args->n_words)
        return err_set(err, RC_INVALID, "no file is named; - is standard input");
    for (size_t i = 0; i < args->n_words; i++)
        TRY(add_path(f, args->words[i], err));
    return f->n ? RC_OK : err_set(err, RC_NOT_FOUND, "there is no file in %s", args->words[0]);
}

/* --- the whole --- */

static enum rc import_all(struct import *im, const struct files *files, struct err *err)
{
    pthread_t threads[CLI_IMPORT_SENDERS];
    size_t    n = 0;
    enum rc   rc = RC_OK;

    im->queue = queue_new(1);
    while (n < CLI_IMPORT_SENDERS && pthread_create(&threads[n], NULL, sender, im) == 0)
        n++;
    if (!n)
        rc = err_set(err, RC_INTERNAL, "no thread could be started to send");
    for (size_t i = 0; i < files->n && rc == RC_OK; i++)
        rc = import_file(im, files->paths[i], err);
    queue_close(im->queue);
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    im->queue = queue_free(im->queue);
    if (im->progress)
        fputs("\r\033[K", stderr);
    return rc == RC_OK && im->failed ? err_set(err, im->err.rc, "%s", im->err.text) : rc;
}

static int by_rows(const void *a, const void *b)
{
    const struct cli_import_count *x = a, *y = b;
    return x->rows < y->rows ? 1 : x->rows > y->rows ? -1 : strcmp(x->table, y->table);
}

static void print_counts(struct import *im, double seconds)
{
    struct cli_import_counts *c = &im->counts;
    struct arena             *a = im->session->arena;
    str                      *cells = ARENA_ARRAY(a, str, 2 * c->n + 1);
    struct cli_table_column   heads[] = { { S("Table"), false }, { S("Rows"), true } };

    qsort(c->tables, c->n, sizeof c->tables[0], by_rows);
    printf("Imported %llu rows in %.1f s (%.0f rows/s).\n", (unsigned long long)c->rows, seconds,
           (double)c->rows / (seconds + 0.001));
    for (size_t i = 0; i < c->n; i++) {
        cells[2 * i] = str_of(c->tables[i].table);
        cells[2 * i + 1] = arena_printf(a, "%llu", (unsigned long long)c->tables[i].rows);
    }
    if (c->n) {
        fputs("\n", stdout);
        cli_table_print(stdout, &(struct cli_table) { heads, 2, cells, c->n }, cli_table_terminal());
    }
    if (c->refused)
        printf("\n%llu lines were refused and are kept with the reason: vedette query 'IngestErrors | take "
               "10'\n",
               (unsigned long long)c->refused);
    if (c->repeated)
        printf("\n%llu pieces were in already and not taken twice (--again takes them).\n",
               (unsigned long long)c->repeated);
}

static void print_json(const struct import *im, size_t n_files, double seconds)
{
    AUTO_STRBUF   out = STRBUF_INIT(ANSWER_MAX);
    struct json_w w = json_w_make(&out);
    json_w_object(&w);
    json_w_ki64(&w, S("files"), (int64_t)n_files);
    json_w_ki64(&w, S("total"), (int64_t)im->counts.rows);
    json_w_key(&w, S("rows"));
    json_w_object(&w);
    for (size_t i = 0; i < im->counts.n; i++)
        json_w_ki64(&w, str_of(im->counts.tables[i].table), (int64_t)im->counts.tables[i].rows);
    json_w_end(&w);
    json_w_ki64(&w, S("refused"), (int64_t)im->counts.refused);
    json_w_ki64(&w, S("duplicatePieces"), (int64_t)im->counts.repeated);
    json_w_kdouble(&w, S("seconds"), seconds);
    json_w_end(&w);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
}

enum rc cli_import_wait_judged(struct cli_session *s, duration patience, struct err *err)
{
    int64_t until = env_monotonic_ns(env_real()) + patience * 100;
    str     want = STR_NONE;
    ts      goal = 0, judged = 0;

    while (env_monotonic_ns(env_real()) < until) {
        AUTO(arena) a = arena_new(ANSWER_MAX * 4);
        struct cli_answer answer = { 0 };
        TRY(cli_session_insist(
            s,
            &(struct cli_call) { .target =
                                     S("{ws}/providers/Vedette.Operations/status?api-version=2026-11-01") },
            patience, a, &answer, err));
        const struct json *p = json_get(answer.json, S("properties"));
        want = json_str(p, S("time"), STR_NONE);
        if (!goal && !ts_parse(want, &goal))
            return err_set(err, RC_UNSUPPORTED, "the server does not say what its rules have looked at");
        if (ts_parse(json_str(p, S("judgedTo"), STR_NONE), &judged) && judged >= goal)
            return RC_OK;
        usleep(200000);
    }
    return err_set(
        err, RC_TIMEOUT,
        "the rules have not looked at all of it within %lld minutes; they go on, see `vedette rules`",
        (long long)(patience / MINUTES(1)));
}

static enum rc print_incidents(struct cli_session *s, ts since, struct err *err)
{
    char              when[TS_TEXT_SIZE];
    AUTO_STRBUF       target = STRBUF_INIT(4096);
    struct cli_answer answer = { 0 };

    strbuf_addz(
        &target,
        "{ws}/providers/Microsoft.SecurityInsights/incidents?api-version=2023-02-01&$top=1000&$filter=");
    str filter =
        arena_printf(s->arena, "properties/lastModifiedTimeUtc ge " STR_FMT, STR_ARG(ts_text(since, when)));
    codec_url_encode(&target, filter);
    TRY(cli_session_call(s, &(struct cli_call) { .target = strbuf_view(&target) }, s->arena, &answer, err));
    const struct json *list = json_get(answer.json, S("value"));
    printf("\n%u incident%s:\n", list ? list->n : 0, list && list->n == 1 ? "" : "s");
    for (uint32_t i = 0; list && i < list->n; i++) {
        const struct json *p = json_get(&list->items[i], S("properties"));
        printf("  %4lld  %-13.*s  " STR_FMT "\n", (long long)json_i64(p, S("incidentNumber"), 0),
               STR_ARG(json_str(p, S("severity"), STR_NONE)),
               STR_ARG(cli_table_clean(s->arena, json_str(p, S("title"), STR_NONE))));
    }
    return RC_OK;
}

enum rc cli_import_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION   s = { 0 };
    struct files   files;
    struct import *im = ARENA_NEW(args->arena, struct import);
    ts             began = env_now(env_real());

    TRY(find_files(args, &files, err));
    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    s.patience = cli_opts_seconds(args, "patience");
    im->session = &s;
    im->source = cli_opts_text(args, "source");
    im->again = cli_opts_flag(args, "again");
    im->progress = isatty(STDERR_FILENO) && !cli_opts_flag(args, "quiet");
    im->bytes_all = files.bytes;
    im->began = env_monotonic_ns(env_real());
    pthread_mutex_init(&im->lock, NULL);
    enum rc rc = import_all(im, &files, err);
    double  seconds = seconds_since(im->began);
    if (cli_opts_flag(args, "json"))
        print_json(im, files.n, seconds);
    else
        print_counts(im, seconds);
    pthread_mutex_destroy(&im->lock);
    if (rc != RC_OK)
        return err_wrap(
            err, "stopped; what was counted is kept, and the same command goes on without doubling it");
    if (!im->counts.rows && im->counts.refused)
        return err_set(err, RC_INVALID,
                       "every line was refused; `vedette query 'IngestErrors | take 10'` says why");
    if (!cli_opts_flag(args, "wait"))
        return RC_OK;
    TRY(cli_import_wait_judged(&s, JUDGE_PATIENCE, err));
    return cli_opts_flag(args, "json") ? RC_OK : print_incidents(&s, began, err);
}
