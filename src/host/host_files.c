/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const PATHS[] = {
    "/boot/grub/grub.cfg",
    "/dev/shm",
    "/etc/at.allow",
    "/etc/at.deny",
    "/etc/audit/auditd.conf",
    "/etc/audit/rules.d",
    "/etc/cron.allow",
    "/etc/cron.d",
    "/etc/cron.daily",
    "/etc/cron.deny",
    "/etc/cron.hourly",
    "/etc/cron.monthly",
    "/etc/cron.weekly",
    "/etc/cron.yearly",
    "/etc/crontab",
    "/etc/group",
    "/etc/group-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/issue",
    "/etc/issue.net",
    "/etc/motd",
    "/etc/passwd",
    "/etc/passwd-",
    "/etc/security/opasswd",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/shells",
    "/etc/ssh/sshd_config",
    "/etc/ssh/sshd_config.d",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/root",
    "/tmp",
    "/usr/bin/su",
    "/var/log",
    "/var/log/audit",
    "/var/tmp",
};

/* The name of an id by passwd or group; the number when there is none. */
static str name_of(struct host *h, const char *file, unsigned id)
{
    char number[16];
    str  text, line;
    snprintf(number, sizeof number, "%u", id);
    host_read_text(h, NULL, file, &text);
    while (str_split(&text, '\n', &line)) {
        str name, password, is = STR_NONE;
        if (str_split(&line, ':', &name) && str_split(&line, ':', &password) && str_split(&line, ':', &is) &&
            str_eq(is, str_of(number)))
            return name;
    }
    return arena_str(h->a, str_of(number));
}

static void write_permissions(struct host *h, const struct stat *st)
{
    char mode[8];
    snprintf(mode, sizeof mode, "%04o", st->st_mode & 07777);
    json_w_kstr(h->w, S("type"), S_ISDIR(st->st_mode) ? S("directory") : S("file"));
    json_w_kstr(h->w, S("mode"), str_of(mode));
    json_w_kstr(h->w, S("owner"), name_of(h, "/etc/passwd", st->st_uid));
    json_w_kstr(h->w, S("group"), name_of(h, "/etc/group", st->st_gid));
    json_w_kbool(h->w, S("executable"), st->st_mode & 0111);
    json_w_kbool(h->w, S("groupReadable"), st->st_mode & S_IRGRP);
    json_w_kbool(h->w, S("groupWritable"), st->st_mode & S_IWGRP);
    json_w_kbool(h->w, S("groupAccess"), st->st_mode & S_IRWXG);
    json_w_kbool(h->w, S("othersWritable"), st->st_mode & S_IWOTH);
    json_w_kbool(h->w, S("othersAccess"), st->st_mode & S_IRWXO);
    json_w_kbool(h->w, S("sticky"), st->st_mode & S_ISVTX);
}

void host_files_collect(void *host)
{
    struct host *h = host;
    json_w_key(h->w, S("files"));
    json_w_object(h->w);
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        struct stat    st;
        enum host_seen seen = host_read_stat(h, PATHS[i], true, &st);
        char           fact[128];
        if (seen == HOST_REFUSED) {
            snprintf(fact, sizeof fact, "properties.files['%s']", PATHS[i]);
            host_read_gap(h, fact, "%s cannot be looked at", PATHS[i]);
            continue;
        }
        json_w_key(h->w, str_of(PATHS[i]));
        json_w_object(h->w);
        json_w_kbool(h->w, S("exists"), seen == HOST_READ);
        if (seen == HOST_READ)
            write_permissions(h, &st);
        json_w_end(h->w);
    }
    json_w_end(h->w);
}
