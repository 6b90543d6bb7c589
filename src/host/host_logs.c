/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_DEPTH = 4, MAX_FOUND = 500 };

static const char *const JOURNALD_DIRS[] = { "/etc/systemd/journald.conf.d", "/run/systemd/journald.conf.d",
                                             "/usr/lib/systemd/journald.conf.d", NULL };
static const char *const RSYSLOG_DIRS[] = { "/etc/rsyslog.d", NULL };

static void write_journald(struct host *h)
{
    struct host_conf_set set = { 0 };
    host_conf_put(h->a, &set, S("Storage"), S("auto"));
    host_conf_put(h->a, &set, S("Compress"), S("yes"));
    host_conf_put(h->a, &set, S("ForwardToSyslog"), S("yes")); /* Debian's build */
    if (!host_conf_read(h,
                        &(struct host_conf_source) { "properties.journald", "/etc/systemd/journald.conf",
                                                     JOURNALD_DIRS, "Journal" },
                        &set))
        return;
    str storage = STR_NONE;
    host_conf_get(&set, S("Storage"), &storage);
    bool folder = host_read_exists(h, "/var/log/journal");
    json_w_key(h->w, S("journald"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), host_read_exists(h, "/lib/systemd/systemd-journald"));
    host_conf_write_set(h->w, &set);
    json_w_kbool(h->w, S("persistent"),
                 str_eq(storage, S("persistent")) || (str_eq(storage, S("auto")) && folder));
    json_w_kbool(h->w, S("uploads"), host_read_exists(h, "/lib/systemd/systemd-journal-upload"));
    json_w_end(h->w);
}

struct rsyslog {
    str  mode;
    bool forwards, listens;
};

static void take_rsyslog(str text, struct rsyslog *out)
{
    for (str line; host_conf_line(&text, &line);) {
        str rest = line, first, second = STR_NONE;
        if (!host_conf_word(&rest, &first))
            continue;
        host_conf_word(&rest, &second);
        if (str_eq_ci(first, S("$FileCreateMode")))
            out->mode = second;
        out->forwards |= str_starts(second, S("@")) || str_contains(line, S("\"omfwd\"")) ||
                         str_contains(line, S("omrelp"));
        out->listens |= str_eq_ci(first, S("$InputTCPServerRun")) || str_eq_ci(first, S("$UDPServerRun")) ||
                        str_contains(line, S("input(type=\"imtcp\"")) ||
                        str_contains(line, S("input(type=\"imudp\""));
    }
}

static void write_rsyslog(struct host *h)
{
    struct rsyslog    r = { .mode = S("0644") };
    struct host_names names = { 0 };
    bool              installed = host_read_exists(h, "/usr/sbin/rsyslogd");
    str               text;
    if (installed) {
        if (host_read_text(h, "properties.rsyslog", "/etc/rsyslog.conf", &text) == HOST_REFUSED ||
            host_read_dropins(h, "properties.rsyslog", RSYSLOG_DIRS, ".conf", &names) == HOST_REFUSED)
            return;
        take_rsyslog(text, &r);
        for (size_t i = 0; i < names.n; i++)
            if (host_read_text(h, "properties.rsyslog", names.v[i].p, &text) == HOST_READ)
                take_rsyslog(text, &r);
    }
    json_w_key(h->w, S("rsyslog"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), installed);
    if (installed) {
        json_w_kstr(h->w, S("fileCreateMode"), r.mode);
        json_w_kbool(h->w, S("forwards"), r.forwards);
        json_w_kbool(h->w, S("listens"), r.listens);
    }
    json_w_end(h->w);
}

/* The books of logins are for all to read, and for their group to write. */
static bool is_login_book(str name)
{
    return str_starts(name, S("wtmp")) || str_starts(name, S("btmp")) || str_starts(name, S("lastlog"));
}

static void find_open(struct host *h, const char *dir, unsigned depth, size_t *n)
{
    struct host_names names;
    struct stat       st;
    if (host_read_list(h, "properties.logFiles", dir, &names) != HOST_READ)
        return;
    for (size_t i = 0; i < names.n && *n < MAX_FOUND; i++) {
        const char *path = host_read_path(h, "%s/%s", dir, names.v[i].p);
        if (host_read_stat(h, path, false, &st) != HOST_READ)
            continue;
        if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH)
            find_open(h, path, depth + 1, n);
        if (S_ISREG(st.st_mode) && st.st_mode & (is_login_book(names.v[i]) ? 0113 : 0137)) {
            json_w_str(h->w, str_of(path));
            ++*n;
        }
    }
}

static void write_log_files(struct host *h)
{
    size_t n = 0;
    json_w_key(h->w, S("logFiles"));
    json_w_object(h->w);
    json_w_key(h->w, S("tooOpen"));
    json_w_array(h->w);
    find_open(h, "/var/log", 0, &n);
    json_w_end(h->w);
    json_w_end(h->w);
}

void host_logs_collect(void *host)
{
    write_journald(host);
    write_rsyslog(host);
    write_log_files(host);
}
