/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_admin.h"

#include "base/codec.h"
#include "base/file.h"
#include "cli/cli_session.h"
#include "cli/cli_table.h"

enum { BODY_MAX = 65536 };
#define OURS "{ws}/providers/Vedette.Operations/"
#define VERSION "?api-version=2026-11-01"

const struct cli_option CLI_ADMIN_PRINCIPAL_OPTIONS[] = {
    { .name = "role",
      .type = CLI_TEXT,
      .value = "ROLE",
      .initial = "Reader",
      .doc = "What it may do, by the name of an Azure role." },
    { .name = "scope",
      .type = CLI_TEXT,
      .value = "ID",
      .doc = "Where it may do it, an ARM id. Default: everywhere." },
    { .name = "certificate",
      .type = CLI_TEXT,
      .value = "FILE",
      .doc = "With create and certificate: a PEM file. Its certificate is sent, a key in it is not." },
    { .name = "remove",
      .type = CLI_TEXT,
      .value = "THUMBPRINT",
      .doc = "With certificate: takes that one away." },
    { .name = "json", .type = CLI_FLAG, .doc = "With list: print what the API answers." },
    { 0 },
};

const struct cli_option CLI_ADMIN_USER_OPTIONS[] = {
    { .name = "role",
      .type = CLI_TEXT,
      .value = "ROLE",
      .initial = "Microsoft Sentinel Responder",
      .doc = "With add: what the user may do." },
    { .name = "email", .type = CLI_TEXT, .value = "ADDRESS", .doc = "With add." },
    { .name = "json", .type = CLI_FLAG, .doc = "With list: print what the API answers." },
    { 0 },
};

static void print_body(const struct json *j, unsigned indent)
{
    AUTO_STRBUF out = STRBUF_INIT(64u << 20);
    json_print(&out, j, indent);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
}

static void list_column(str *cells, const struct json *list, size_t column, size_t n_columns, str key)
{
    for (uint32_t i = 0; list && i < list->n; i++) {
        str value = json_str(&list->items[i], key, STR_NONE);
        cells[i * n_columns + column] =
            value.n ? value : json_str(json_get(&list->items[i], S("properties")), key, STR_NONE);
    }
}

/* Principals or users, one a line. */
static enum rc list_all(struct cli_session *s, const struct cli_args *args, str what, str id_key,
                        struct err *err)
{
    struct cli_answer       answer = { 0 };
    struct cli_table_column heads[] = { { S("Name"), false }, { S("Role"), false }, { S("Id"), false } };
    str                     target = arena_printf(s->arena, OURS STR_FMT VERSION, STR_ARG(what));

    TRY(cli_session_call(s, &(struct cli_call) { .target = target }, s->arena, &answer, err));
    const struct json *list = json_get(answer.json, S("value"));
    if (cli_opts_flag(args, "json")) {
        print_body(answer.json, 2);
        return RC_OK;
    }
    str *cells = ARENA_ARRAY(s->arena, str, (list ? list->n : 0) * 3 + 1);
    list_column(cells, list, 0, 3, S("name"));
    list_column(cells, list, 1, 3, S("role"));
    list_column(cells, list, 2, 3, id_key);
    cli_table_print(stdout, &(struct cli_table) { heads, 3, cells, list ? list->n : 0 },
                    cli_table_terminal());
    return RC_OK;
}

static enum rc post(struct cli_session *s, str target, const struct strbuf *body, const struct json **out,
                    struct err *err)
{
    struct cli_answer answer = { 0 };
    TRY(strbuf_ok(body, "the request", err));
    TRY(cli_session_call(s,
                         &(struct cli_call) { .method = "POST", .target = target, .body = strbuf_view(body) },
                         s->arena, &answer, err));
    *out = answer.json;
    return RC_OK;
}

static str one_of(struct cli_session *s, const char *what, const char *name, const char *act)
{
    AUTO_STRBUF target = STRBUF_INIT(BODY_MAX);
    strbuf_addf(&target, OURS "%s/", what);
    codec_url_encode(&target, str_of(name));
    strbuf_addf(&target, "%s" VERSION, act);
    return arena_str(s->arena, strbuf_view(&target));
}

static enum rc remove_one(struct cli_session *s, const char *what, const char *name, struct err *err)
{
    struct cli_answer answer = { 0 };
    TRY(cli_session_call(s, &(struct cli_call) { .method = "DELETE", .target = one_of(s, what, name, "") },
                         s->arena, &answer, err));
    printf("%s is gone.\n", name);
    return RC_OK;
}

/* The certificate of a PEM file. A private key that stands beside it stays on this machine. */
static enum rc read_certificate(struct cli_session *s, const char *path, str *out, struct err *err)
{
    static const str begin = STR_INIT("-----BEGIN CERTIFICATE-----"),
                     end = STR_INIT("-----END CERTIFICATE-----");
    str text;

    TRY(file_read(s->arena, path, BODY_MAX, &text, err));
    size_t from = str_find(text, begin);
    size_t to = from == STR_NPOS ? STR_NPOS : str_find(str_from(text, from), end);
    if (to == STR_NPOS)
        return err_set(err, RC_INVALID, "%s holds no certificate in PEM form", path);
    *out = str_slice(text, from, from + to + end.n);
    return RC_OK;
}

static enum rc add_certificate(struct cli_session *s, const struct cli_args *args, struct json_w *w,
                               struct err *err)
{
    const char *path = cli_opts_text(args, "certificate");
    str         pem;

    if (!path)
        return RC_OK;
    TRY(read_certificate(s, path, &pem, err));
    json_w_kstr(w, S("certificate"), pem);
    return RC_OK;
}

static void copy_member(struct json_w *w, const struct json *from, str key)
{
    str value = json_str(from, key, STR_NONE);
    if (value.n)
        json_w_kstr(w, key, value);
}

static enum rc create_principal(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF        body = STRBUF_INIT(BODY_MAX), out = STRBUF_INIT(BODY_MAX);
    struct json_w      w = json_w_make(&body);
    const struct json *made = NULL;
    const char        *scope = cli_opts_text(args, "scope");

    json_w_object(&w);
    json_w_kstr(&w, S("name"), str_of(args->words[1]));
    json_w_kstr(&w, S("role"), str_of(cli_opts_text(args, "role")));
    if (scope)
        json_w_kstr(&w, S("scope"), str_of(scope));
    TRY(add_certificate(s, args, &w, err));
    json_w_end(&w);
    TRY(post(s, S(OURS "principals" VERSION), &body, &made, err));
    /* The id and what proves it, so that a script can keep the line as it is. */
    w = json_w_make(&out);
    json_w_object(&w);
    copy_member(&w, made, S("clientId"));
    copy_member(&w, made, S("clientSecret"));
    copy_member(&w, made, S("thumbprint"));
    json_w_end(&w);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
    return RC_OK;
}

static enum rc list_certificates(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    struct cli_answer       answer = { 0 };
    struct cli_table_column heads[] = { { S("Thumbprint"), false },
                                        { S("Subject"), false },
                                        { S("Until"), false } };

    TRY(cli_session_call(
        s, &(struct cli_call) { .target = one_of(s, "principals", args->words[1], "/certificates") },
        s->arena, &answer, err));
    const struct json *list = json_get(answer.json, S("value"));
    if (cli_opts_flag(args, "json")) {
        print_body(answer.json, 2);
        return RC_OK;
    }
    str *cells = ARENA_ARRAY(s->arena, str, (list ? list->n : 0) * 3 + 1);
    list_column(cells, list, 0, 3, S("thumbprint"));
    list_column(cells, list, 1, 3, S("subject"));
    list_column(cells, list, 2, 3, S("notAfter"));
    cli_table_print(stdout, &(struct cli_table) { heads, 3, cells, list ? list->n : 0 },
                    cli_table_terminal());
    return RC_OK;
}

static enum rc remove_certificate(struct cli_session *s, const char *principal, const char *thumbprint,
                                  struct err *err)
{
    struct cli_answer answer = { 0 };
    AUTO_STRBUF       act = STRBUF_INIT(1024);

    strbuf_add(&act, S("/certificates/"));
    codec_url_encode(&act, str_of(thumbprint));
    str target = one_of(s, "principals", principal, arena_str(s->arena, strbuf_view(&act)).p);
    TRY(cli_session_call(s, &(struct cli_call) { .method = "DELETE", .target = target }, s->arena, &answer,
                         err));
    printf("%s is gone.\n", thumbprint);
    return RC_OK;
}

/* Lists the certificates of a principal, adds one, or takes one away. */
static enum rc certificates(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF        body = STRBUF_INIT(BODY_MAX);
    struct json_w      w = json_w_make(&body);
    const struct json *made = NULL;
    const char        *gone = cli_opts_text(args, "remove");

    if (gone)
        return remove_certificate(s, args->words[1], gone, err);
    if (!cli_opts_text(args, "certificate"))
        return list_certificates(s, args, err);
    json_w_object(&w);
    TRY(add_certificate(s, args, &w, err));
    json_w_end(&w);
    TRY(post(s, one_of(s, "principals", args->words[1], "/certificates"), &body, &made, err));
    printf(STR_FMT "\n", STR_ARG(json_str(made, S("thumbprint"), STR_NONE)));
    return RC_OK;
}

static enum rc delete_principal(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    return remove_one(s, "principals", args->words[1], err);
}

static enum rc open_both(const struct cli_args *args, struct cli_session *s, struct err *err)
{
    TRY(cli_session_open(args, s, err));
    return cli_session_workspace(s, err);
}

enum rc cli_admin_principal(const struct cli_args *args, struct err *err)
{
    static const struct {
        const char *word;
        enum rc (*run)(struct cli_session *s, const struct cli_args *args, struct err *err);
    } acts[] = { { "create", create_principal },
                 { "certificate", certificates },
                 { "delete", delete_principal } };
    AUTO_SESSION s = { 0 };
    const char  *word = args->n_words ? args->words[0] : "list";

    if (strcmp(word, "list") == 0) {
        TRY(open_both(args, &s, err));
        return list_all(&s, args, S("principals"), S("clientId"), err);
    }
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (args->n_words != 2 || strcmp(word, acts[i].word) != 0)
            continue;
        TRY(open_both(args, &s, err));
        return acts[i].run(&s, args, err);
    }
    return err_set(err, RC_INVALID, "principal takes list, create NAME, certificate NAME or delete NAME");
}

static void print_password(const struct json *made, const char *name)
{
    str password = json_str(made, S("password"), STR_NONE);
    printf("User      %s\nPassword  " STR_FMT
           "   shown this once; a new one is chosen at the first sign-in\n",
           name, STR_ARG(password));
}

static enum rc add_user(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF        body = STRBUF_INIT(BODY_MAX);
    struct json_w      w = json_w_make(&body);
    const struct json *made = NULL;
    const char        *email = cli_opts_text(args, "email");

    json_w_object(&w);
    json_w_kstr(&w, S("name"), str_of(args->words[1]));
    json_w_kstr(&w, S("role"), str_of(cli_opts_text(args, "role")));
    if (email)
        json_w_kstr(&w, S("email"), str_of(email));
    json_w_end(&w);
    TRY(post(s, S(OURS "users" VERSION), &body, &made, err));
    print_password(made, args->words[1]);
    return RC_OK;
}

static enum rc reset_user(struct cli_session *s, const struct cli_args *args, struct err *err)
{
    AUTO_STRBUF        body = STRBUF_INIT(BODY_MAX);
    const struct json *made = NULL;
    strbuf_addz(&body, "{}");
    TRY(post(s, one_of(s, "users", args->words[1], "/password"), &body, &made, err));
    print_password(made, args->words[1]);
    return RC_OK;
}

enum rc cli_admin_user(const struct cli_args *args, struct err *err)
{
    AUTO_SESSION s = { 0 };
    const char  *word = args->n_words ? args->words[0] : "list";

    if (strcmp(word, "list") == 0) {
        TRY(open_both(args, &s, err));
        return list_all(&s, args, S("users"), S("id"), err);
    }
    if (args->n_words != 2)
        return err_set(err, RC_INVALID, "user takes list, add NAME, password NAME or delete NAME");
    if (strcmp(word, "add") != 0 && strcmp(word, "password") != 0 && strcmp(word, "delete") != 0)
        return err_set(err, RC_INVALID, "user takes list, add NAME, password NAME or delete NAME, not \"%s\"",
                       word);
    TRY(open_both(args, &s, err));
    if (strcmp(word, "add") == 0)
        return add_user(&s, args, err);
    return strcmp(word, "password") == 0 ? reset_user(&s, args, err)
                                         : remove_one(&s, "users", args->words[1], err);
}

/* What az 2.45 takes with `az cloud register -n Vedette --cloud-config @cloud.json`: every service is one
 * origin. */
enum rc cli_admin_cloud(const struct cli_args *args, struct err *err)
{
    static const char *const SAME[] = { "resourceManager",           "management",
                                        "activeDirectoryResourceId", "activeDirectoryGraphResourceId",
                                        "microsoftGraphResourceId",  "logAnalyticsResourceId" };
    AUTO_SESSION             s = { 0 };
    AUTO_STRBUF              out = STRBUF_INIT(BODY_MAX);
    struct json_w            w = json_w_make(&out);

    TRY(cli_session_connect(args, &s, err));
    str base = arena_printf(s.arena, STR_FMT "/", STR_ARG(s.url)),
        adfs = arena_printf(s.arena, STR_FMT "/adfs", STR_ARG(s.url));
    json_w_object(&w);
    json_w_key(&w, S("endpoints"));
    json_w_object(&w);
    json_w_kstr(&w, S("activeDirectory"), adfs);
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++)
        json_w_kstr(&w, str_of(SAME[i]), base);
    json_w_end(&w);
    json_w_key(&w, S("suffixes"));
    json_w_object(&w);
    json_w_end(&w);
    json_w_end(&w);
    printf(STR_FMT "\n", STR_ARG(strbuf_view(&out)));
    return RC_OK;
}
