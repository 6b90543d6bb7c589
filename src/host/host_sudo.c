/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_DEPTH = 8 };

struct sudo {
    bool use_pty;
    str  logfile, timeout;
    VEC(str) grants; /* "who hosts=(as) tags commands", one blank between words */
};

/* Lines that end in a backslash go on in the next one. */
static bool joined_line(struct host *h, str *rest, str *out)
{
    str line, whole = STR_NONE;
    if (!str_split(rest, '\n', &line))
        return false;
    while (line.n && line.p[line.n - 1] == '\\' && str_split(rest, '\n', &whole))
        line =
            arena_printf(h->a, STR_FMT " " STR_FMT, STR_ARG(str_slice(line, 0, line.n - 1)), STR_ARG(whole));
    *out = str_trim(line);
    return true;
}

static void take_default(str text, struct sudo *out)
{
    str item;
    while (str_split(&text, ',', &item)) {
        item = str_trim(item);
        size_t sign = str_find_byte(item, '=');
        str    key = str_trim(str_slice(item, 0, sign));
        str value = sign == STR_NPOS ? STR_NONE : str_trim_chars(str_trim(str_from(item, sign + 1)), S("\""));
        if (str_eq(key, S("use_pty")))
            out->use_pty = true;
        else if (str_eq(key, S("!use_pty")))
            out->use_pty = false;
        else if (str_eq(key, S("logfile")))
            out->logfile = value;
        else if (str_eq(key, S("timestamp_timeout")))
            out->timeout = value;
    }
}

static bool is_alias(str word)
{
    return str_ends(word, S("_Alias"));
}

static void take_line(struct host *h, str line, struct sudo *out)
{
    str rest = line, first;
    if (!host_conf_word(&rest, &first))
        return;
    if (str_starts(first, S("Defaults")))
        take_default(str_trim(rest), out);
    else if (first.p[0] != '#' && first.p[0] != '@' && !is_alias(first) && out->grants.n < HOST_MAX_LIST)
        *vec_push_in(h->a, &out->grants) = line;
}

static bool read_sudoers(struct host *h, const char *path, unsigned depth, struct sudo *out);

/* Names with a dot or a closing tilde are not read from a folder. */
static bool read_folder(struct host *h, str dir, unsigned depth, struct sudo *out)
{
    struct host_names names;
    if (host_read_list(h, "properties.sudo", host_read_path(h, STR_FMT, STR_ARG(dir)), &names) ==
        HOST_REFUSED)
        return false;
    for (size_t i = 0; i < names.n; i++)
        if (str_find_byte(names.v[i], '.') == STR_NPOS && !str_ends(names.v[i], S("~")) &&
            !read_sudoers(h, host_read_path(h, STR_FMT "/%s", STR_ARG(dir), names.v[i].p), depth + 1, out))
            return false;
    return true;
}

static bool read_sudoers(struct host *h, const char *path, unsigned depth, struct sudo *out)
{
    str text;
    if (depth > MAX_DEPTH)
        return true;
    if (host_read_text(h, "properties.sudo", path, &text) == HOST_REFUSED)
        return false;
    for (str line; joined_line(h, &text, &line);) {
        str  rest = line, verb, place = STR_NONE;
        bool good = true;
        if (!host_conf_word(&rest, &verb) || (verb.p[0] == '#' && !str_starts(verb, S("#include"))))
            continue;
        if ((str_eq(verb, S("@includedir")) || str_eq(verb, S("#includedir"))) &&
            host_conf_word(&rest, &place))
            good = read_folder(h, place, depth, out);
        else if ((str_eq(verb, S("@include")) || str_eq(verb, S("#include"))) &&
                 host_conf_word(&rest, &place))
            good = read_sudoers(h, host_read_path(h, STR_FMT, STR_ARG(place)), depth + 1, out);
        else
            take_line(h, str_trim(str_slice(line, 0, str_find(line, S(" #")))), out);
        if (!good)
            return false;
    }
    return true;
}

static void write_grants(struct host *h, str key, const struct sudo *s, str part)
{
    json_w_key(h->w, key);
    json_w_array(h->w);
    for (size_t i = 0; i < s->grants.n; i++)
        if (str_contains(s->grants.p[i], part))
            json_w_str(h->w, s->grants.p[i]);
    json_w_end(h->w);
}

void host_sudo_collect(void *host)
{
    struct host *h = host;
    struct sudo  sudo = { .timeout = S("15") };
    bool         installed = host_read_exists(h, "/usr/bin/sudo");
    if (installed && !read_sudoers(h, "/etc/sudoers", 0, &sudo))
        return;
    json_w_key(h->w, S("sudo"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), installed);
    json_w_kbool(h->w, S("usePty"), sudo.use_pty);
    json_w_kstr(h->w, S("logFile"), sudo.logfile);
    host_conf_write(h->w, S("timestampTimeout"), sudo.timeout);
    write_grants(h, S("grants"), &sudo, STR_NONE);
    write_grants(h, S("withoutPassword"), &sudo, S("NOPASSWD"));
    write_grants(h, S("withoutAuthentication"), &sudo, S("!authenticate"));
    json_w_end(h->w);
}
