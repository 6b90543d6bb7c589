/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_DEPTH = 16 };

static const char *const CONF_DIRS[] = { "/etc/apt/apt.conf.d", NULL };
static const char *const SOURCE_DIRS[] = { "/etc/apt/sources.list.d", NULL };

/* apt.conf(5): A::B "x"; or A { B "x"; }; with // and # comments. Into A::B → x. */
struct reader {
    str      rest;
    str      scope[MAX_DEPTH];
    unsigned depth;
};

static void skip_blanks(struct reader *r)
{
    for (;;) {
        r->rest = str_trim(r->rest);
        if (!str_starts(r->rest, S("//")) && !str_starts(r->rest, S("#")))
            return;
        size_t end = str_find_byte(r->rest, '\n');
        r->rest = end == STR_NPOS ? STR_NONE : str_from(r->rest, end);
    }
}

static str take_token(struct reader *r)
{
    skip_blanks(r);
    if (r->rest.n == 0)
        return STR_NONE;
    size_t end = 1;
    if (r->rest.p[0] == '"') {
        while (end < r->rest.n && r->rest.p[end] != '"')
            end++;
        end += end < r->rest.n;
    } else if (!strchr("{};", r->rest.p[0])) {
        while (end < r->rest.n && !strchr("{};\" \t\n", r->rest.p[end]))
            end++;
    }
    str token = str_slice(r->rest, 0, end);
    r->rest = str_from(r->rest, end);
    return token;
}

static str scoped(struct host *h, const struct reader *r, str name)
{
    str key = name;
    for (unsigned i = r->depth; i > 0; i--)
        key = arena_printf(h->a, STR_FMT "::" STR_FMT, STR_ARG(r->scope[i - 1]), STR_ARG(key));
    return key;
}

static void take_conf(struct host *h, str text, struct host_conf_set *out)
{
    struct reader r = { .rest = text };
    str           name = STR_NONE;
    for (str token; (token = take_token(&r)).n;) {
        char c = token.p[0];
        if (c == '{' && r.depth < MAX_DEPTH)
            r.scope[r.depth++] = name;
        else if (c == '}' && r.depth > 0)
            r.depth--;
        else if (c == '"' && name.n)
            host_conf_put(h->a, out, scoped(h, &r, name), str_slice(token, 1, token.n - 1));
        name = c == '{' || c == '}' || c == ';' || c == '"' ? STR_NONE : token;
    }
}

static bool read_conf(struct host *h, struct host_conf_set *out)
{
    struct host_names names;
    str               text;
    const char       *fact = "properties.apt";
    if (host_read_dropins(h, fact, CONF_DIRS, "", &names) == HOST_REFUSED)
        return false;
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, fact, names.v[i].p, &text) == HOST_REFUSED)
            return false;
        take_conf(h, text, out);
    }
    if (host_read_text(h, fact, "/etc/apt/apt.conf", &text) == HOST_REFUSED)
        return false;
    take_conf(h, text, out);
    return true;
}

static bool is_on(const struct host_conf_set *set, str key)
{
    str value;
    return host_conf_get(set, key, &value) && value.n && !str_eq(value, S("0")) &&
           !str_eq_ci(value, S("false")) && !str_eq_ci(value, S("no"));
}

/* Without the user and password that an address may carry. */
static str public_uri(struct host *h, str uri)
{
    size_t start = str_find(uri, S("://")), end, at;
    if (start == STR_NPOS)
        return uri;
    str rest = str_from(uri, start + 3);
    end = str_find_byte(rest, '/');
    at = str_rfind_byte(str_slice(rest, 0, end), '@');
    if (at == STR_NPOS)
        return uri;
    return arena_printf(h->a, STR_FMT STR_FMT, STR_ARG(str_slice(uri, 0, start + 3)),
                        STR_ARG(str_from(rest, at + 1)));
}

static void write_source(struct host *h, str uri, str suite, str options)
{
    json_w_object(h->w);
    json_w_kstr(h->w, S("uri"), public_uri(h, uri));
    json_w_kstr(h->w, S("suite"), suite);
    json_w_kbool(h->w, S("encrypted"), str_starts(uri, S("https:")));
    json_w_kbool(h->w, S("trusted"),
                 str_contains_ci(options, S("trusted=yes")) || str_contains_ci(options, S("trusted: yes")));
    json_w_kbool(h->w, S("signedBy"), str_contains_ci(options, S("signed-by")));
    json_w_end(h->w);
}

/* deb [options] uri suite components */
static void take_list(struct host *h, str text)
{
    for (str line; host_conf_line(&text, &line);) {
        str    kind, uri, suite, options = STR_NONE;
        size_t open = str_find_byte(line, '['), close = str_find_byte(line, ']');
        if (open != STR_NPOS && close != STR_NPOS && close > open) {
            options = str_slice(line, open + 1, close);
            line = arena_printf(h->a, "deb " STR_FMT, STR_ARG(str_from(line, close + 1)));
        }
        if (host_conf_word(&line, &kind) && str_eq(kind, S("deb")) && host_conf_word(&line, &uri) &&
            host_conf_word(&line, &suite))
            write_source(h, uri, suite, options);
    }
}

static void end_stanza(struct host *h, str uris, str suites, str whole)
{
    if (uris.n && !str_contains_ci(whole, S("enabled: no")))
        write_source(h, uris, suites, whole);
}

/* Types: deb / URIs: … / Suites: …, stanzas apart by an empty line. */
static void take_deb822(struct host *h, str text)
{
    while (text.n) {
        size_t end = str_find(text, S("\n\n"));
        str    whole = str_slice(text, 0, end), rest = whole, uris = STR_NONE, suites = STR_NONE;
        for (str line; host_conf_line(&rest, &line);) {
            if (str_starts_ci(line, S("URIs:")))
                uris = str_trim(str_from(line, 5));
            else if (str_starts_ci(line, S("Suites:")))
                suites = str_trim(str_from(line, 7));
        }
        end_stanza(h, uris, suites, whole);
        text = end == STR_NPOS ? STR_NONE : str_from(text, end + 2);
    }
}

static void write_sources(struct host *h)
{
    struct host_names names;
    str               text;
    if (host_read_dropins(h, "properties.apt.sources", SOURCE_DIRS, "", &names) == HOST_REFUSED ||
        host_read_text(h, "properties.apt.sources", "/etc/apt/sources.list", &text) == HOST_REFUSED)
        return;
    json_w_key(h->w, S("sources"));
    json_w_array(h->w);
    take_list(h, text);
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, "properties.apt.sources", names.v[i].p, &text) != HOST_READ)
            continue;
        if (str_ends(names.v[i], S(".list")))
            take_list(h, text);
        else if (str_ends(names.v[i], S(".sources")))
            take_deb822(h, text);
    }
    json_w_end(h->w);
}

void host_apt_collect(void *host)
{
    struct host         *h = host;
    struct host_conf_set set = { 0 };
    if (!host_read_exists(h, "/etc/apt")) {
        host_read_gap(h, "properties.apt", "there is no /etc/apt");
        return;
    }
    if (!read_conf(h, &set))
        return;
    json_w_key(h->w, S("apt"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("updatesLists"), is_on(&set, S("APT::Periodic::Update-Package-Lists")));
    json_w_kbool(h->w, S("unattendedUpgrades"),
                 is_on(&set, S("APT::Periodic::Unattended-Upgrade")) &&
                     host_read_exists(h, "/usr/bin/unattended-upgrade"));
    json_w_kbool(h->w, S("allowsUnauthenticated"), is_on(&set, S("APT::Get::AllowUnauthenticated")));
    json_w_kbool(h->w, S("allowsInsecureRepositories"), is_on(&set, S("Acquire::AllowInsecureRepositories")));
    write_sources(h);
    json_w_end(h->w);
}
