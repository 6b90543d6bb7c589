/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const PROFILE_DIRS[] = { "/etc/profile.d", NULL };
static const char *const LIMIT_DIRS[] = { "/etc/security/limits.d", NULL };

static void write_login_defs(struct host *h)
{
    struct host_conf_set set = { 0 };
    str                  text;
    enum host_seen       seen = host_read_text(h, "properties.loginDefs", "/etc/login.defs", &text);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.loginDefs", "there is no /etc/login.defs");
    if (seen != HOST_READ)
        return;
    for (str key, value; host_conf_pair(&text, &key, &value);)
        host_conf_put(h->a, &set, key, value);
    json_w_key(h->w, S("loginDefs"));
    json_w_object(h->w);
    host_conf_write_set(h->w, &set);
    json_w_end(h->w);
}

struct shell {
    str  umask, timeout;
    bool timeout_fixed; /* readonly */
};

/* umask 027 / TMOUT=900 / readonly TMOUT / declare -xr TMOUT=900: plain forms, as benchmarks ask for them. */
static void take_profile(str text, struct shell *out)
{
    for (str line; host_conf_line(&text, &line);) {
        str rest = line, word, first;
        if (!host_conf_word(&rest, &first))
            continue;
        if (str_eq(first, S("umask")) && host_conf_word(&rest, &word))
            out->umask = str_trim_chars(word, S(";"));
        size_t at = str_find(line, S("TMOUT="));
        if (at != STR_NPOS && (at == 0 || line.p[at - 1] == ' ')) {
            rest = str_from(line, at + 6);
            if (host_conf_word(&rest, &word))
                out->timeout = str_slice(word, 0, str_find_byte(word, ';'));
        }
        if (str_contains(line, S("TMOUT")) &&
            (str_starts(line, S("readonly")) || str_contains(line, S(" readonly ")) ||
             str_contains(line, S("-xr")) || str_contains(line, S("-rx"))))
            out->timeout_fixed = true;
    }
}

static void write_shell(struct host *h)
{
    static const char *const FILES[] = { "/etc/profile", "/etc/bash.bashrc" };
    struct shell             shell = { 0 };
    struct host_names        names;
    str                      text;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        if (host_read_text(h, "properties.shell", FILES[i], &text) == HOST_REFUSED)
            return;
        take_profile(text, &shell);
    }
    if (host_read_dropins(h, "properties.shell", PROFILE_DIRS, ".sh", &names) == HOST_REFUSED)
        return;
    for (size_t i = 0; i < names.n; i++)
        if (host_read_text(h, "properties.shell", names.v[i].p, &text) == HOST_READ)
            take_profile(text, &shell);
    json_w_key(h->w, S("shell"));
    json_w_object(h->w);
    if (shell.umask.n)
        json_w_kstr(h->w, S("umask"), shell.umask);
    if (shell.timeout.n)
        host_conf_write(h->w, S("timeout"), shell.timeout);
    json_w_kbool(h->w, S("timeoutFixed"), shell.timeout_fixed);
    json_w_end(h->w);
}

/* \m \r \s \v, and the name of the distribution, tell a stranger what to try. */
static bool reveals(str text, str distribution)
{
    for (size_t i = 0; i + 1 < text.n; i++)
        if (text.p[i] == '\\' && memchr("mrsv", text.p[i + 1], 4))
            return true;
    return distribution.n && str_contains_ci(text, distribution);
}

static void write_banner(struct host *h, str key, const char *path, str distribution)
{
    str            text;
    enum host_seen seen = host_read_text(h, "properties.banners", path, &text);
    json_w_key(h->w, key);
    json_w_object(h->w);
    json_w_kbool(h->w, S("exists"), seen == HOST_READ && str_trim(text).n > 0);
    json_w_kbool(h->w, S("revealsSystem"), reveals(text, distribution));
    json_w_end(h->w);
}

static void write_banners(struct host *h)
{
    str text, name = STR_NONE;
    host_read_text(h, NULL, "/etc/os-release", &text);
    for (str key, value; host_conf_pair(&text, &key, &value);)
        name = str_eq(key, S("ID")) ? value : name;
    json_w_key(h->w, S("banners"));
    json_w_object(h->w);
    write_banner(h, S("motd"), "/etc/motd", name);
    write_banner(h, S("issue"), "/etc/issue", name);
    write_banner(h, S("issueNet"), "/etc/issue.net", name);
    json_w_end(h->w);
}

static void take_limits(str text, str *hard_core)
{
    for (str line; host_conf_line(&text, &line);) {
        str    word[4];
        size_t n = 0;
        while (n < 4 && host_conf_word(&line, &word[n]))
            n++;
        if (n == 4 && str_eq(word[0], S("*")) && str_eq(word[2], S("core")) &&
            (str_eq(word[1], S("hard")) || str_eq(word[1], S("-"))))
            *hard_core = word[3];
    }
}

static void write_limits(struct host *h)
{
    struct host_names names;
    str               text, core = STR_NONE;
    const char       *fact = "properties.limits";
    if (host_read_text(h, fact, "/etc/security/limits.conf", &text) == HOST_REFUSED)
        return;
    take_limits(text, &core);
    if (host_read_dropins(h, fact, LIMIT_DIRS, ".conf", &names) == HOST_REFUSED)
        return;
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, fact, names.v[i].p, &text) == HOST_REFUSED)
            return;
        take_limits(text, &core);
    }
    json_w_key(h->w, S("limits"));
    json_w_object(h->w);
    host_conf_write(h->w, S("hardCore"), core.n ? core : S("unlimited"));
    json_w_end(h->w);
}

static void write_useradd(struct host *h)
{
    struct host_conf_set set = { 0 };
    str                  value = S("-1");
    if (!host_conf_read(
            h, &(struct host_conf_source) { "properties.useradd", "/etc/default/useradd", NULL, NULL }, &set))
        return;
    host_conf_get(&set, S("INACTIVE"), &value);
    json_w_key(h->w, S("useradd"));
    json_w_object(h->w);
    host_conf_write(h->w, S("inactive"), value);
    json_w_end(h->w);
}

void host_login_collect(void *host)
{
    write_login_defs(host);
    write_shell(host);
    write_banners(host);
    write_limits(host);
    write_useradd(host);
}
