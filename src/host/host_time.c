/* SPDX-License-Identifier: Apache-2.0 */
/* Small daemons and guards of one file each: time synchronisation, core dumps, AppArmor, the boot loader. */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const COREDUMP_DIRS[] = { "/etc/systemd/coredump.conf.d", "/run/systemd/coredump.conf.d",
                                             "/usr/lib/systemd/coredump.conf.d", NULL };
static const char *const TIMESYNCD_DIRS[] = { "/etc/systemd/timesyncd.conf.d",
                                              "/run/systemd/timesyncd.conf.d",
                                              "/usr/lib/systemd/timesyncd.conf.d", NULL };

static const struct daemon {
    const char *name, *program, *unit;
} DAEMONS[] = {
    { "chrony", "/usr/sbin/chronyd", "chrony.service" },
    { "ntpsec", "/usr/sbin/ntpd", "ntpsec.service" },
    { "systemd-timesyncd", "/lib/systemd/systemd-timesyncd", "systemd-timesyncd.service" },
};

static bool enabled(struct host *h, const char *unit)
{
    static const char *const TARGETS[] = { "multi-user", "sysinit" };
    for (size_t i = 0; i < 2; i++)
        if (host_read_link(h, host_read_path(h, "/etc/systemd/system/%s.target.wants/%s", TARGETS[i], unit))
                .n)
            return true;
    return false;
}

static void write_chrony_servers(struct host *h)
{
    static const char *const DIRS[] = { "/etc/chrony/conf.d", "/etc/chrony/sources.d", NULL };
    struct host_names        names;
    str                      text;
    host_read_text(h, NULL, "/etc/chrony/chrony.conf", &text);
    host_read_dropins(h, NULL, DIRS, "", &names);
    for (size_t i = 0;; i++) {
        for (str key, value; host_conf_pair(&text, &key, &value);)
            if (str_eq(key, S("server")) || str_eq(key, S("pool")) || str_eq(key, S("peer")))
                json_w_str(h->w, str_slice(value, 0, str_find_byte(value, ' ')));
        if (i == names.n)
            return;
        host_read_text(h, NULL, names.v[i].p, &text);
    }
}

static void write_servers(struct host *h)
{
    struct host_conf_set set = { 0 };
    str                  servers = STR_NONE;
    json_w_key(h->w, S("servers"));
    json_w_array(h->w);
    write_chrony_servers(h);
    if (host_conf_read(
            h, &(struct host_conf_source) { NULL, "/etc/systemd/timesyncd.conf", TIMESYNCD_DIRS, "Time" },
            &set) &&
        host_conf_get(&set, S("NTP"), &servers))
        for (str word; host_conf_word(&servers, &word);)
            json_w_str(h->w, word);
    json_w_end(h->w);
}

static void write_time(struct host *h)
{
    json_w_key(h->w, S("timeSync"));
    json_w_object(h->w);
    json_w_key(h->w, S("daemons"));
    json_w_array(h->w);
    for (size_t i = 0; i < sizeof DAEMONS / sizeof DAEMONS[0]; i++) {
        if (!host_read_exists(h, DAEMONS[i].program))
            continue;
        json_w_object(h->w);
        json_w_kstr(h->w, S("name"), str_of(DAEMONS[i].name));
        json_w_kbool(h->w, S("enabled"), enabled(h, DAEMONS[i].unit));
        json_w_end(h->w);
    }
    json_w_end(h->w);
    write_servers(h);
    json_w_end(h->w);
}

static void write_coredump(struct host *h)
{
    struct host_conf_set set = { 0 };
    bool                 installed = host_read_exists(h, "/lib/systemd/systemd-coredump");
    host_conf_put(h->a, &set, S("Storage"), S("external"));
    if (!host_conf_read(h,
                        &(struct host_conf_source) { "properties.coreDumps", "/etc/systemd/coredump.conf",
                                                     COREDUMP_DIRS, "Coredump" },
                        &set))
        return;
    json_w_key(h->w, S("coreDumps"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("systemdCoredump"), installed);
    host_conf_write_set(h->w, &set);
    json_w_end(h->w);
}

/* Lines "profile (mode)". */
static void write_profiles(struct host *h)
{
    str     text, line;
    int64_t enforced = 0, complaining = 0;
    if (host_read_text(h, "properties.appArmor.profiles", "/sys/kernel/security/apparmor/profiles", &text) !=
        HOST_READ)
        return;
    while (str_split(&text, '\n', &line)) {
        enforced += str_ends(line, S("(enforce)"));
        complaining += str_ends(line, S("(complain)"));
    }
    json_w_key(h->w, S("profiles"));
    json_w_object(h->w);
    json_w_ki64(h->w, S("enforced"), enforced);
    json_w_ki64(h->w, S("complaining"), complaining);
    json_w_end(h->w);
}

static void write_apparmor(struct host *h)
{
    json_w_key(h->w, S("appArmor"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"),
                 host_read_exists(h, "/sbin/apparmor_parser") ||
                     host_read_exists(h, "/usr/sbin/apparmor_parser"));
    if (host_read_exists(h, "/proc/sys/kernel"))
        json_w_kbool(h->w, S("enabled"),
                     str_eq(host_read_line(h, "/sys/module/apparmor/parameters/enabled"), S("Y")));
    write_profiles(h);
    json_w_end(h->w);
}

static void write_boot(struct host *h)
{
    str            text;
    enum host_seen seen = host_read_text(h, "properties.boot", "/boot/grub/grub.cfg", &text);
    if (seen == HOST_REFUSED)
        return;
    json_w_key(h->w, S("boot"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("grub"), seen == HOST_READ);
    if (seen == HOST_READ)
        json_w_kbool(h->w, S("passwordSet"),
                     str_contains(text, S("set superusers")) && str_contains(text, S("password_pbkdf2 ")));
    json_w_end(h->w);
}

void host_time_collect(void *host)
{
    write_time(host);
    write_coredump(host);
    write_apparmor(host);
    write_boot(host);
}
