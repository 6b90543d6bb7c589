/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_posture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "cli/cli_session.h"
#include "cli/cli_table.h"
#include "inventory/inventory.h"

enum { FILE_MAX = 256 << 20, READ_BYTES = 2000 << 20, PIECE = 12 << 20, REPLY_MAX = 64 << 20, MAX_DEPTH = 8 };

#define OURS "{ws}/providers/Vedette.Operations/"
#define VERSION "?api-version=2026-11-01"
#define PATIENCE MINUTES(10)

const struct cli_option CLI_POSTURE_OPTIONS[] = {
    { .name = "subscription",
      .type = CLI_TEXT,
      .value = "ID",
      .doc = "Where things belong that do not say so: a cluster, an account. Default: the server's own." },
    { .name = "group",
      .type = CLI_TEXT,
      .value = "NAME",
      .doc = "And in which resource group. Default: soc." },
    { .name = "source",
      .type = CLI_TEXT,
      .value = "NAME",
      .doc = "What the inventory says that they came from." },
    { .name = "json", .type = CLI_FLAG, .doc = "Print what the API answers." },
    { 0 },
};

const struct cli_option CLI_POSTURE_CONTENT_OPTIONS[] = {
    { .name = "json", .type = CLI_FLAG, .doc = "Print what the API answers." },
    { 0 },
};

static void print_json(const struct json *j)
{
    AUTO_STRBUF out = STRBUF_INIT(REPLY_MAX);
    json_print(&out, j, 2);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
}

/* A file, inflated when it is packed; - is standard input. */
static enum rc read_text(struct arena *a, const char *path, str *out, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(FILE_MAX);
    str         packed;

    if (strcmp(path, "-") == 0)
        path = "/dev/stdin";
    TRY(file_read(a, path, FILE_MAX, &packed, err));
    if (packed.n < 2 || (unsigned char)packed.p[0] != 0x1f || (unsigned char)packed.p[1] != 0x8b) {
        *out = packed;
        return RC_OK;
    }
    if (codec_gunzip(&text, packed, err) != RC_OK)
        return err_wrap(err, "%s", path);
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}

static str target_of(struct cli_session *s, const char *what, const struct cli_args *args)
{
    static const char *const names[] = { "subscription", "group", "source" };
    AUTO_STRBUF              t = STRBUF_INIT(8192);

    strbuf_addf(&t, OURS "%s" VERSION, what);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = cli_opts_text(args, names[i]);
        if (!value)
            continue;
        strbuf_addf(&t, "&%s=", names[i]);
        codec_url_encode(&t, str_of(value));
    }
    return arena_str(s->arena, strbuf_view(&t));
}

static enum rc post(struct cli_session *s, str target, str body, struct arena *a, const struct json **out,
                    struct err *err)
{
    struct cli_answer answer = { 0 };

    TRY(cli_session_insist(s,
                           &(struct cli_call) { .method = "POST",
                                                .target = target,
                                                .body = body,
                                                .type = "application/octet-stream",
                                                .wait = MINUTES(10),
                                                .max_reply = REPLY_MAX },
                           PATIENCE, a, &answer, err));
    *out = answer.json;
    return RC_OK;
}

/* --- import --- */

static const char *const COUNTS[] = { "read", "created", "changed", "unchanged", "skipped", "refused" };
enum { N_COUNTS = sizeof COUNTS / sizeof COUNTS[0] };

struct importing {
    struct cli_session    *s;
    const struct cli_args *args;
    struct arena          *a; /* of one file */
    int64_t                counts[N_COUNTS];
};

static enum rc send_piece(struct importing *x, const struct strbuf *piece, struct err *err)
{
    const struct json *answer, *one;

    TRY(strbuf_ok(piece, "a piece of the import", err));
    TRY(post(x->s, target_of(x->s, "resources/import", x->args), strbuf_view(piece), x->a, &answer, err));
    for (size_t i = 0; i < N_COUNTS; i++)
        x->counts[i] += json_i64(answer, str_of(COUNTS[i]), 0);
    for (size_t i = 0; (one = json_at(json_get(answer, S("refusals")), i)); i++)
        fprintf(stderr, "refused " STR_FMT ": " STR_FMT "\n",
                STR_ARG(cli_table_clean(x->a, json_str(one, S("id"), STR_NONE))),
                STR_ARG(cli_table_clean(x->a, json_str(one, S("reason"), STR_NONE))));
    return RC_OK;
}

/* Documents leave in pieces that a request may hold. */
static enum rc send_all(struct importing *x, const struct inventory *in, struct err *err)
{
    AUTO_STRBUF piece = STRBUF_INIT(FILE_MAX);

    for (size_t i = 0; i < in->n; i++) {
        strbuf_addz(&piece, piece.n ? "," : "{\"value\":[");
        json_print(&piece, in->v[i], 0);
        if (piece.n < PIECE && i + 1 < in->n)
            continue;
        strbuf_addz(&piece, "]}");
        TRY(send_piece(x, &piece, err));
        strbuf_clear(&piece);
    }
    return RC_OK;
}

static struct inventory_opts place_of(const struct cli_args *args, const struct cli_session *s)
{
    const char *subscription = cli_opts_text(args, "subscription"), *group = cli_opts_text(args, "group");
    str         own = str_from(s->workspace, sizeof "/subscriptions/" - 1);

    return (struct inventory_opts) { .subscription = subscription
                                                         ? str_of(subscription)
                                                         : str_slice(own, 0, str_find_byte(own, '/')),
                                     .group = group ? str_of(group) : S("soc") };
}

static enum rc import_file(struct importing *x, const char *path, struct err *err)
{
    const struct inventory_opts place = place_of(x->args, x->s);
    struct inventory            in = { 0 };
    str                         text;

    TRY(read_text(x->a, path, &text, err));
    if (inventory_read(x->a, text, &place, &in, err) != RC_OK)
        return err_wrap(err, "%s", path);
    x->counts[4] += (int64_t)in.skipped;
    return send_all(x, &in, err);
}

static enum rc import(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    struct importing x = { .s = s, .args = args };

    if (args->n_words < 2)
        return err_set(err, RC_INVALID, "vedette posture import takes files; see vedette help posture");
    for (size_t i = 1; i < args->n_words; i++) {
        AUTO(arena) a = arena_new(READ_BYTES);
        x.a = a;
        TRY(import_file(&x, args->words[i], err));
    }
    for (size_t i = 0; i < N_COUNTS; i++)
        printf("%s%lld %s", i ? ", " : "", (long long)x.counts[i], COUNTS[i]);
    printf("\n");
    return RC_OK;
}

/* --- the score --- */

static enum rc get(struct cli_session *s, const char *what, const char *version, const struct json **out,
                   struct err *err)
{
    struct cli_answer answer = { 0 };
    size_t            end = str_find(s->workspace, S("/resourceGroups/"));
    str target = arena_printf(s->arena, STR_FMT "/providers/Microsoft.Security/%s?api-version=%s",
                              STR_ARG(str_slice(s->workspace, 0, end)), what, version);

    TRY(cli_session_call(s, &(struct cli_call) { .target = target, .max_reply = REPLY_MAX }, s->arena,
                         &answer, err));
    *out = json_get(answer.json, S("value"));
    return RC_OK;
}

static double number(const struct json *j, const char *path)
{
    const struct json *n = json_path(j, str_of(path));
    return !n ? 0 : n->kind == JSON_DOUBLE ? n->d : n->kind == JSON_INT ? (double)n->i : 0;
}

static void print_controls(struct arena *a, const struct json *controls)
{
    static const struct cli_table_column HEADS[] = {
        { STR_INIT("Control"), false }, { STR_INIT("Points"), true },    { STR_INIT("Of"), true },
        { STR_INIT("Healthy"), true },  { STR_INIT("Unhealthy"), true }, { STR_INIT("To gain"), true }
    };
    enum { N = sizeof HEADS / sizeof HEADS[0] };
    size_t n = controls ? controls->n : 0;
    str   *cells = ARENA_ARRAY(a, str, n * N + 1);

    for (size_t i = 0; i < n; i++) {
        const struct json *p = json_get(&controls->items[i], S("properties"));
        cells[i * N] = json_str(p, S("displayName"), STR_NONE);
        cells[i * N + 1] = arena_printf(a, "%.2f", number(p, "score.current"));
        cells[i * N + 2] = arena_printf(a, "%.0f", number(p, "score.max"));
        cells[i * N + 3] = arena_printf(a, "%.0f", number(p, "healthyResourceCount"));
        cells[i * N + 4] = arena_printf(a, "%.0f", number(p, "unhealthyResourceCount"));
        cells[i * N + 5] = arena_printf(a, "%.2f", number(p, "potentialIncrease"));
    }
    cli_table_print(stdout, &(struct cli_table) { HEADS, N, cells, n }, cli_table_terminal());
}

static enum rc show(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    const struct json *scores, *controls;

    TRY(get(s, "secureScores", "2020-01-01", &scores, err));
    TRY(get(s, "secureScoreControls", "2020-01-01", &controls, err));
    if (cli_opts_flag(args, "json")) {
        print_json(scores);
        print_json(controls);
        return RC_OK;
    }
    const struct json *p = json_get(json_at(scores, 0), S("properties"));
    printf("Secure score %.1f of %.0f points, %.0f %%\n\n", number(p, "score.current"),
           number(p, "score.max"), number(p, "score.percentage") * 100);
    print_controls(s->arena, controls);
    return RC_OK;
}

enum rc cli_posture_run(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION s = { 0 };
    const char  *word = args->n_words ? args->words[0] : "show";

    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    if (strcmp(word, "import") == 0)
        return import(&s, args, err);
    if (strcmp(word, "show") == 0 && args->n_words < 2)
        return show(&s, args, err);
    return err_set(err, RC_INVALID, "vedette posture takes 'show' or 'import FILE...', not '%s'", word);
}

/* --- the gate --- */

static void print_findings(struct arena *a, const struct json *list, const char *word)
{
    const struct json *one;

    for (size_t i = 0; (one = json_at(list, i)); i++) {
        const struct json *evidence = json_get(one, S("evidence"));
        printf("%s " STR_FMT "\n    " STR_FMT "\n", word,
               STR_ARG(cli_table_clean(a, json_str(one, S("resourceId"), STR_NONE))),
               STR_ARG(cli_table_clean(a, json_str(one, S("message"), STR_NONE))));
        if (json_str(evidence, S("path"), STR_NONE).n)
            printf("    " STR_FMT " is " STR_FMT "\n", STR_ARG(json_str(evidence, S("path"), STR_NONE)),
                   STR_ARG(json_get(evidence, S("found")) ? cli_table_cell(a, json_get(evidence, S("found")))
                                                          : S("absent")));
    }
}

enum rc cli_posture_gate(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION s = { 0 };
    AUTO(arena) a = arena_new(READ_BYTES);
    const struct json *answer;
    str                text;

    if (args->n_words != 2)
        return err_set(err, RC_INVALID,
                       "vedette policy gate takes one file: a Terraform plan as JSON, an ARM template, "
                       "Kubernetes manifests");
    TRY(read_text(a, args->words[1], &text, err));
    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    TRY(post(&s, S(OURS "policyGate" VERSION), text, a, &answer, err));
    if (cli_opts_flag(args, "json"))
        print_json(answer);
    else {
        print_findings(a, json_get(answer, S("denied")), "DENIED ");
        print_findings(a, json_get(answer, S("warnings")), "warning");
        printf("%lld resources, %u denied, %u warnings, %lld not measured\n",
               (long long)json_i64(answer, S("resources"), 0), json_get(answer, S("denied"))->n,
               json_get(answer, S("warnings"))->n, (long long)json_i64(answer, S("notMeasured"), 0));
    }
    if (str_eq(json_str(answer, S("decision"), STR_NONE), S("deny")))
        return err_set(err, RC_FORBIDDEN, "a policy refuses what %s makes", args->words[1]);
    return RC_OK;
}

/* --- the public library --- */

struct library {
    struct cli_session *s;
    struct strbuf       piece;
    const char         *dir;
    int                 depth;
    int64_t             counts[5];
    int64_t             judged[5];
};

static const char *const LIBRARY[] = { "definitions", "initiatives", "unchanged", "doubles", "refused" };
static const char *const JUDGED[] = { "resource", "related", "host", "attestation", "notMeasurable" };

static enum rc send_library(struct library *l, struct err *err)
{
    AUTO(arena) a = arena_new(READ_BYTES);
    const struct json *answer;

    if (!l->piece.n)
        return RC_OK;
    TRY(strbuf_ok(&l->piece, "the library", err));
    TRY(post(l->s, S(OURS "policyLibrary/import" VERSION), strbuf_view(&l->piece), a, &answer, err));
    strbuf_clear(&l->piece);
    for (size_t i = 0; i < 5; i++) {
        l->counts[i] += json_i64(answer, str_of(LIBRARY[i]), 0);
        l->judged[i] += json_i64(json_get(answer, S("judgedOn")), str_of(JUDGED[i]), 0);
    }
    str first = json_str(answer, S("firstRefusal"), STR_NONE);
    if (first.n)
        fprintf(stderr, "refused " STR_FMT "\n", STR_ARG(cli_table_clean(a, first)));
    return RC_OK;
}

/* A document a line goes as it is, at line ends; one that is laid out becomes a line. */
static enum rc add_text(struct library *l, struct arena *a, str text, struct err *err)
{
    const struct json *j;
    str                line;

    if (json_parse(a, text, &j, NULL) == RC_OK) {
        json_print(&l->piece, j, 0);
        strbuf_addc(&l->piece, '\n');
        return l->piece.n > PIECE ? send_library(l, err) : RC_OK;
    }
    while (str_split(&text, '\n', &line)) {
        strbuf_add(&l->piece, line);
        strbuf_addc(&l->piece, '\n');
        if (l->piece.n > PIECE)
            TRY(send_library(l, err));
    }
    return RC_OK;
}

static enum rc add_path(struct library *l, const char *path, struct err *err);

static enum rc visit(void *ctx, const char *name, struct err *err)
{
    struct library *l = ctx;
    AUTO(arena) a = arena_new(1 << 16);
    return add_path(l, arena_printf(a, "%s/%s", l->dir, name).p, err);
}

static enum rc send_aliases(struct library *l, struct arena *a, const char *path, str text, struct err *err)
{
    const struct json *answer;

    TRY(post(l->s, S(OURS "policyLibrary/aliases" VERSION), text, a, &answer, err));
    printf("%s: %lld aliases\n", path, (long long)json_i64(answer, S("aliases"), 0));
    return RC_OK;
}

static enum rc add_path(struct library *l, const char *path, struct err *err)
{
    AUTO(arena) a = arena_new(READ_BYTES);
    const char *dir = l->dir;
    struct stat st;
    str         text, name = str_of(path);

    if (stat(path, &st) != 0)
        return err_set(err, RC_NOT_FOUND, "there is no %s", path);
    if (S_ISDIR(st.st_mode)) {
        if (++l->depth > MAX_DEPTH)
            return err_set(err, RC_LIMIT, "%s lies more than %d folders deep", path, MAX_DEPTH);
        l->dir = path;
        TRY(file_list(path, visit, l, err));
        l->dir = dir;
        l->depth--;
        return RC_OK;
    }
    if (str_ends(name, S(".tsv")) || str_ends(name, S(".tsv.gz"))) {
        TRY(read_text(a, path, &text, err));
        return send_aliases(l, a, path, text, err);
    }
    if (!str_contains(name, S(".json")))
        return RC_OK;
    TRY(read_text(a, path, &text, err));
    return add_text(l, a, text, err);
}

enum rc cli_posture_content(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION   s = { 0 };
    struct library l = { .s = &s };

    if (args->n_words < 3 || strcmp(args->words[0], "import") != 0 ||
        strcmp(args->words[1], "azure-policy") != 0)
        return err_set(err, RC_INVALID, "vedette content takes 'import azure-policy PATH...'");
    TRY(cli_session_open(args, &s, err));
    TRY(cli_session_workspace(&s, err));
    strbuf_init(&l.piece, FILE_MAX);
    enum rc rc = RC_OK;
    for (size_t i = 2; i < args->n_words && rc == RC_OK; i++)
        rc = add_path(&l, args->words[i], err);
    if (rc == RC_OK)
        rc = send_library(&l, err);
    strbuf_done(&l.piece);
    TRY(rc);
    for (size_t i = 0; i < 5; i++)
        printf("%s%lld %s", i ? ", " : "", (long long)l.counts[i], LIBRARY[i]);
    printf("\njudged on: ");
    for (size_t i = 0; i < 5; i++)
        printf("%s%s %lld", i ? ", " : "", JUDGED[i], (long long)l.judged[i]);
    printf("\n");
    return RC_OK;
}
