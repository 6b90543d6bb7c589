/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_session.h"

#include <errno.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/env.h"
#include "base/file.h"
#include "base/guid.h"

enum { SESSION_MAX = 65536, MAX_REPLY = 256 << 20, MAX_HEADERS = 8, MAX_TARGET = 8192 };
#define DEFAULT_URL "https://localhost:8443"
#define FIRST_PAUSE_US 100000
#define LONGEST_PAUSE_US 2000000

const struct cli_option CLI_SESSION_OPTIONS[] = {
    { .name = "url",
      .type = CLI_TEXT,
      .value = "URL",
      .env = "VEDETTE_URL",
      .doc = "The server. Default: the one signed in to, else " DEFAULT_URL "." },
    { .name = "user",
      .type = CLI_TEXT,
      .value = "NAME",
      .env = "VEDETTE_USER",
      .doc = "Who signs in: a user, or a service principal's client id." },
    { .name = "password",
      .type = CLI_TEXT,
      .value = "PASSWORD",
      .env = "VEDETTE_PASSWORD",
      .secret = true,
      .doc = "Its password or secret. Environment only." },
    { .name = "ca",
      .type = CLI_PATH,
      .value = "FILE",
      .env = "VEDETTE_CA",
      .doc = "The certificate authority to trust (ca.pem of the server's data folder)." },
    { .name = "data",
      .type = CLI_PATH,
      .value = "DIR",
      .env = "VEDETTE_DATA",
      .doc = "Data folder of a server on this machine, whose ca.pem is then trusted." },
    { 0 },
};

/* --- the kept sign-in --- */

static str config_dir(struct arena *a)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    return xdg && xdg[0] == '/' ? arena_printf(a, "%s/vedette", xdg)
                                : arena_printf(a, "%s/.config/vedette", home ? home : "/root");
}

static str session_path(struct arena *a)
{
    return arena_printf(a, "%s/session.json", config_dir(a).p);
}

static const struct json *load_kept(struct arena *a)
{
    str                text;
    const struct json *kept;
    if (file_read(a, session_path(a).p, SESSION_MAX, &text, NULL) != RC_OK ||
        json_parse(a, text, &kept, NULL) != RC_OK)
        return NULL;
    return kept;
}

enum rc cli_session_keep(const struct cli_session *s, struct err *err)
{
    AUTO_STRBUF   text = STRBUF_INIT(SESSION_MAX);
    struct json_w w = json_w_make(&text);

    json_w_object(&w);
    json_w_kstr(&w, S("url"), s->url);
    json_w_kstr(&w, S("ca"), s->ca);
    json_w_kstr(&w, S("user"), s->user);
    json_w_kstr(&w, S("cookie"), s->cookie);
    json_w_kstr(&w, S("csrf"), s->csrf);
    json_w_end(&w);
    TRY(file_mkdirs(config_dir(s->arena).p, 0700, err));
    return file_write_atomic(session_path(s->arena).p, strbuf_view(&text), 0600, err);
}

enum rc cli_session_forget(struct err *err)
{
    AUTO(arena) a = arena_new(SESSION_MAX);
    const char *path = session_path(a).p;
    if (unlink(path) != 0 && errno != ENOENT)
        return err_errno(err, RC_IO, errno, "%s", path);
    return RC_OK;
}

const char *cli_session_data_dir(struct arena *a)
{
    const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    return xdg && xdg[0] == '/' ? arena_printf(a, "%s/vedette", xdg).p
                                : arena_printf(a, "%s/.local/share/vedette", home ? home : "/root").p;
}

/* --- connecting --- */

static str local_ca(const struct cli_args *args)
{
    const char *dir = cli_opts_text(args, "data");
    str         path = arena_printf(args->arena, "%s/ca.pem", dir ? dir : cli_session_data_dir(args->arena));
    return file_exists(path.p) ? path : STR_NONE;
}

static str absolute(struct arena *a, str path)
{
    char real[4096];
    if (!path.n || !realpath(path.p, real))
        return path;
    return arena_str(a, str_of(real));
}

static enum rc connect_kept(const struct cli_args *args, const struct json *kept, struct cli_session *s,
                            struct err *err)
{
    const char *url = cli_opts_text(args, "url"), *ca = cli_opts_text(args, "ca");
    bool        same;

    *s = (struct cli_session) { .arena = args->arena };
    s->url = str_trim_chars(url ? str_of(url) : json_str(kept, S("url"), S(DEFAULT_URL)), S("/"));
    same = str_eq(s->url, json_str(kept, S("url"), STR_NONE));
    s->ca = ca ? str_of(ca) : STR_NONE;
    if (!s->ca.n && same && !cli_opts_given(args, "data"))
        s->ca = json_str(kept, S("ca"), STR_NONE);
    if (!s->ca.n)
        s->ca = local_ca(args);
    if (s->ca.n && !file_exists(arena_str(s->arena, s->ca).p))
        return err_set(err, RC_NOT_FOUND,
                       "the certificate authority " STR_FMT " is not there; --ca names another",
                       STR_ARG(s->ca));
    s->ca = absolute(s->arena, arena_str(s->arena, s->ca));
    if (same) {
        s->cookie = json_str(kept, S("cookie"), STR_NONE);
        s->csrf = json_str(kept, S("csrf"), STR_NONE);
        s->user = json_str(kept, S("user"), STR_NONE);
    }
    return http_client_new(&(struct http_client_opts) { .url = s->url, .ca_file = s->ca }, &s->client, err);
}

enum rc cli_session_connect(const struct cli_args *args, struct cli_session *out, struct err *err)
{
    return connect_kept(args, load_kept(args->arena), out, err);
}

void cli_session_done(struct cli_session *s)
{
    s->client = http_client_free(s->client);
}

static enum rc token_signin(struct cli_session *s, str client_id, str secret, struct err *err)
{
    AUTO_STRBUF       form = STRBUF_INIT(SESSION_MAX);
    struct cli_answer answer = { 0 };

    strbuf_addz(&form, "grant_type=client_credentials&client_id=");
    codec_url_encode(&form, client_id);
    strbuf_addz(&form, "&client_secret=");
    codec_url_encode(&form, secret);
    strbuf_addz(&form, "&scope=");
    codec_url_encode(&form, s->url);
    strbuf_addz(&form, "%2F.default");
    TRY(cli_session_call(s,
                         &(struct cli_call) { .target = S("/adfs/oauth2/token"),
                                              .body = strbuf_view(&form),
                                              .type = "application/x-www-form-urlencoded" },
                         s->arena, &answer, err));
    str token = json_str(answer.json, S("access_token"), STR_NONE);
    s->user = client_id;
    if (!token.n)
        return err_set(err, RC_INTERNAL, "the server gave no token");
    s->bearer = arena_printf(s->arena, "Bearer " STR_FMT, STR_ARG(token));
    return RC_OK;
}

enum rc cli_session_open(const struct cli_args *args, struct cli_session *out, struct err *err)
{
    const char *user = cli_opts_text(args, "user"), *password = cli_opts_text(args, "password");
    guid        id;

    TRY(cli_session_connect(args, out, err));
    if (user && password) {
        out->cookie = out->csrf = STR_NONE;
        enum rc rc = guid_parse(str_of(user), &id)
                         ? token_signin(out, str_of(user), str_of(password), err)
                         : cli_session_signin(out, str_of(user), str_of(password), STR_NONE, err);
        if (rc == RC_OK && out->must_change_password)
            rc = err_set(err, RC_UNAUTHENTICATED,
                         "%s must choose a password first: `vedette login` asks for it", user);
        return rc;
    }
    if (!out->cookie.n)
        return err_set(err, RC_UNAUTHENTICATED,
                       "not signed in at " STR_FMT
                       "; run `vedette login`, or set VEDETTE_USER and VEDETTE_PASSWORD",
                       STR_ARG(out->url));
    return RC_OK;
}

static str cookie_of(const struct http_reply *r, struct arena *a)
{
    for (size_t i = 0; i < r->headers.n; i++) {
        str value = r->headers.p[i].value, first;
        if (!str_eq_ci(r->headers.p[i].name, S("set-cookie")) || !str_starts(value, S("vedette_session=")))
            continue;
        if (str_split(&value, ';', &first))
            return arena_str(a, first);
    }
    return STR_NONE;
}

/* --- calls --- */

static enum rc code_of(int status)
{
    switch (status) {
    case 401:
        return RC_UNAUTHENTICATED;
    case 403:
        return RC_FORBIDDEN;
    case 404:
        return RC_NOT_FOUND;
    case 409:
        return RC_CONFLICT;
    case 412:
        return RC_STALE;
    case 413:
        return RC_LIMIT;
    case 429:
        return RC_BUSY;
    case 502:
    case 503:
        return RC_UNAVAILABLE;
    case 504:
        return RC_TIMEOUT;
    case 507:
        return RC_FULL;
    default:
        return status >= 500 ? RC_INTERNAL : RC_INVALID;
    }
}

/* The innermost message of an error envelope: what is closest to the cause. */
static str message_of(const struct json *body)
{
    const struct json *e = json_get(body, S("error"));
    str                text = json_str(e, S("message"), json_str(body, S("error_description"), STR_NONE));
    for (e = json_get(e, S("innererror")); e; e = json_get(e, S("innererror")))
        text = json_str(e, S("message"), text);
    return text;
}

static enum rc refused(const struct cli_session *s, const struct cli_answer *a, struct err *err)
{
    str text = message_of(a->json);
    if (a->status == 401 && s->cookie.n)
        return err_set(err, RC_UNAUTHENTICATED,
                       "the sign-in at " STR_FMT " has ended; run `vedette login` again", STR_ARG(s->url));
    if (text.n)
        return err_set(err, code_of(a->status), STR_FMT, STR_ARG(text));
    return err_set(err, code_of(a->status), STR_FMT " answered %d", STR_ARG(s->url), a->status);
}

static size_t add_headers(const struct cli_session *s, const struct cli_call *call, struct http_pair *h)
{
    size_t n = 0;
    if (s->bearer.n)
        h[n++] = (struct http_pair) { S("Authorization"), s->bearer }; /* "Bearer …" */
    if (s->cookie.n)
        h[n++] = (struct http_pair) { S("Cookie"), s->cookie };
    if (s->csrf.n)
        h[n++] = (struct http_pair) { S("X-Vedette-Csrf"), s->csrf };
    if (call->body.n)
        h[n++] =
            (struct http_pair) { S("Content-Type"), call->type ? str_of(call->type) : S("application/json") };
    for (size_t i = 0; i < call->headers.n && n < MAX_HEADERS; i++)
        h[n++] = call->headers.p[i];
    return n;
}

static enum rc send_call(struct cli_session *s, const struct cli_call *call, struct arena *a,
                         struct http_reply *reply, struct err *err)
{
    struct http_pair headers[MAX_HEADERS];
    size_t           n = add_headers(s, call, headers);
    str              target = call->target;

    if (str_starts(target, S("{ws}")))
        target = arena_printf(a, STR_FMT STR_FMT, STR_ARG(s->workspace), STR_ARG(str_from(target, 4)));
    struct http_call http = { .method = call->method ? str_of(call->method) : STR_NONE,
                              .target = target,
                              .headers = { headers, n },
                              .body = call->body,
                              .wait = call->wait,
                              .max_reply = call->max_reply ? call->max_reply : MAX_REPLY };
    enum rc          rc = http_client_call(s->client, &http, a, reply, err);
    if (rc == RC_FORBIDDEN)
        return err_wrap(
            err, "the certificate of " STR_FMT " is not trusted (name its authority with --ca DIR/ca.pem)",
            STR_ARG(s->url));
    if (rc == RC_UNAVAILABLE)
        return err_wrap(err,
                        "nobody answers at " STR_FMT " (is `vedette serve` running? --url names another)",
                        STR_ARG(s->url));
    return rc;
}

enum rc cli_session_call(struct cli_session *s, const struct cli_call *call, struct arena *a,
                         struct cli_answer *out, struct err *err)
{
    struct http_reply reply = { 0 };
    TRY(send_call(s, call, a, &reply, err));
    *out = (struct cli_answer) { .status = reply.status,
                                 .body = reply.body,
                                 .retry_after = http_reply_header(&reply, S("retry-after")) };
    if (reply.body.n && json_parse(a, reply.body, &out->json, NULL) != RC_OK)
        out->json = NULL;
    return reply.status >= 400 ? refused(s, out, err) : RC_OK;
}

static bool worth_another_try(enum rc rc)
{
    return rc == RC_UNAVAILABLE || rc == RC_BUSY || rc == RC_TIMEOUT;
}

enum rc cli_session_insist(struct cli_session *s, const struct cli_call *call, duration patience,
                           struct arena *a, struct cli_answer *out, struct err *err)
{
    int64_t  until = env_monotonic_ns(env_real()) + patience * 100;
    unsigned pause = FIRST_PAUSE_US;
    for (;;) {
        *out = (struct cli_answer) { 0 };
        enum rc rc = cli_session_call(s, call, a, out, err);
        if (rc == RC_OK || !worth_another_try(rc) || env_monotonic_ns(env_real()) >= until)
            return rc;
        int64_t asked;
        if (str_to_i64(out->retry_after, &asked) && asked > 0 && asked < 60 &&
            (unsigned)asked * 1000000u > pause)
            pause = (unsigned)asked * 1000000u;
        usleep(pause);
        pause = pause * 2 < LONGEST_PAUSE_US ? pause * 2 : LONGEST_PAUSE_US;
    }
}

enum rc cli_session_signin(struct cli_session *s, str user, str password, str new_password, struct err *err)
{
    AUTO_STRBUF       body = STRBUF_INIT(SESSION_MAX);
    struct json_w     w = json_w_make(&body);
    struct http_reply reply = { 0 };
    struct cli_answer answer = { 0 };

    json_w_object(&w);
    json_w_kstr(&w, S("user"), user);
    json_w_kstr(&w, S("password"), password);
    if (new_password.n)
        json_w_kstr(&w, S("newPassword"), new_password);
    json_w_end(&w);
    s->cookie = s->csrf = STR_NONE;
    TRY(send_call(s,
                  &(struct cli_call) { .target = new_password.n ? S("/signin/password") : S("/signin"),
                                       .body = strbuf_view(&body) },
                  s->arena, &reply, err));
    answer.status = reply.status;
    if (reply.body.n && json_parse(s->arena, reply.body, &answer.json, NULL) != RC_OK)
        answer.json = NULL;
    if (reply.status >= 400)
        return refused(s, &answer, err);
    s->user = arena_str(s->arena, user);
    s->cookie = cookie_of(&reply, s->arena);
    s->csrf = json_str(answer.json, S("csrf"), STR_NONE);
    s->must_change_password = json_bool(answer.json, S("mustChangePassword"), false);
    return s->cookie.n ? RC_OK : err_set(err, RC_INTERNAL, "the server gave no session");
}

enum rc cli_session_workspace(struct cli_session *s, struct err *err)
{
    struct cli_answer answer = { 0 };
    str               sub;

    if (s->workspace.n)
        return RC_OK;
    TRY(cli_session_insist(s, &(struct cli_call) { .target = S("/subscriptions?api-version=2022-12-01") },
                           SECONDS(20), s->arena, &answer, err));
    sub = json_str(json_at(json_get(answer.json, S("value")), 0), S("id"), STR_NONE);
    if (!sub.n)
        return err_set(err, RC_FORBIDDEN,
                       STR_FMT " may see no subscription; a role must be given to it first",
                       STR_ARG(s->user));
    str target = arena_printf(
        s->arena, STR_FMT "/providers/Microsoft.OperationalInsights/workspaces?api-version=2022-10-01",
        STR_ARG(sub));
    TRY(cli_session_call(s, &(struct cli_call) { .target = target }, s->arena, &answer, err));
    s->workspace = json_str(json_at(json_get(answer.json, S("value")), 0), S("id"), STR_NONE);
    if (!s->workspace.n)
        return err_set(err, RC_FORBIDDEN, STR_FMT " may see no workspace; a role must be given to it first",
                       STR_ARG(s->user));
    return RC_OK;
}
