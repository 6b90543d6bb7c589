/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify_conf.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/yaml.h"

enum { MAX_FILE = 64 * 1024 };

bool notify_conf_address(str s)
{
    size_t at = str_find_byte(s, '@');

    if (at == STR_NPOS || at == 0 || at + 2 > s.n || s.n > 254 ||
        str_find_byte(str_from(s, at + 1), '@') != STR_NPOS)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || strchr("<>,;\"", s.p[i]))
            return false;
    return true;
}

static enum rc check_mode(const char *path, struct err *err)
{
    struct stat st;

    if (stat(path, &st) == 0 && (st.st_mode & 077))
        return err_set(err, RC_FORBIDDEN, "%s holds a password and others may read it: chmod 600", path);
    return RC_OK;
}

static enum rc take_password(struct arena *a, const char *path, const struct json *doc,
                             struct http_mail_server *s, struct err *err)
{
    str  file = json_str(doc, S("passwordFile"), S("")), text;
    char name[4096];

    s->password = json_str(doc, S("password"), S(""));
    if (s->password.n)
        return check_mode(path, err);
    if (!file.n)
        return RC_OK;
    if (!str_to_cstr(file, name, sizeof name))
        return err_set(err, RC_INVALID, "passwordFile: the path is too long");
    TRY(check_mode(name, err));
    TRY(file_read(a, name, 4096, &text, err));
    s->password = str_trim(text);
    return RC_OK;
}

static enum rc take_server(const struct json *doc, struct http_mail_server *s, struct err *err)
{
    str security = json_str(doc, S("security"), S("starttls"));

    s->host = json_str(doc, S("server"), S(""));
    s->from = json_str(doc, S("from"), S(""));
    s->user = json_str(doc, S("user"), S(""));
    s->ca_file = json_str(doc, S("ca"), S(""));
    if (!s->host.n || s->host.n > 255 || str_find_byte(s->host, '/') != STR_NPOS ||
        str_find_byte(s->host, '@') != STR_NPOS)
        return err_set(err, RC_INVALID, "server: a host and a port, as in mail.example.org:587");
    if (!notify_conf_address(s->from))
        return err_set(err, RC_INVALID, "from: an address");
    if (str_eq(security, S("starttls")))
        s->security = HTTP_MAIL_STARTTLS;
    else if (str_eq(security, S("tls")))
        s->security = HTTP_MAIL_TLS;
    else if (str_eq(security, S("none")))
        s->security = HTTP_MAIL_PLAIN;
    else
        return err_set(err, RC_INVALID, "security: starttls, tls or none");
    return RC_OK;
}

static enum rc take_digest(const struct json *doc, duration *out, struct err *err)
{
    str digest = json_str(doc, S("digest"), S("none"));

    if (str_eq(digest, S("none")))
        *out = 0;
    else if (str_eq(digest, S("daily")))
        *out = DAYS(1);
    else if (str_eq(digest, S("weekly")))
        *out = DAYS(7);
    else
        return err_set(err, RC_INVALID, "digest: daily, weekly or none");
    return RC_OK;
}

static enum rc take_all(struct arena *a, const char *path, const struct json *doc, struct notify_conf *c,
                        struct err *err)
{
    static const char *const KNOWN[] = { "server",   "security",     "from", "user",
                                         "password", "passwordFile", "ca",   "digest" };

    if (doc->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "a mapping of fields is expected");
    for (size_t i = 0; i < doc->n; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof KNOWN / sizeof *KNOWN && !known; k++)
            known = str_eq(doc->members[i].key, str_of(KNOWN[k]));
        if (!known)
            return err_set(err, RC_INVALID, STR_FMT ": no such field",
                           STR_ARG(str_slice(doc->members[i].key, 0, 64)));
    }
    TRY(take_server(doc, &c->server, err));
    TRY(take_password(a, path, doc, &c->server, err));
    if (c->server.security == HTTP_MAIL_PLAIN && c->server.password.n)
        return err_set(err, RC_INVALID, "security: a password goes over starttls or tls only");
    return take_digest(doc, &c->digest, err);
}

enum rc notify_conf_read(struct arena *a, const char *path, struct notify_conf *out, struct err *err)
{
    const struct json *doc;
    str                text;

    *out = (struct notify_conf) { .there = file_exists(path) };
    if (!out->there)
        return RC_OK;
    if (file_read(a, path, MAX_FILE, &text, err) != RC_OK || yaml_parse(a, text, &doc, err) != RC_OK ||
        take_all(a, path, doc, out, err) != RC_OK)
        return err_wrap(err, "mail.yaml");
    return RC_OK;
}
