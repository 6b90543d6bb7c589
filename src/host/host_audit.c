/* SPDX-License-Identifier: Apache-2.0 */
/* auditd.conf and the rules that augenrules would load: rules.d in order of names, or audit.rules. */
#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const RULE_DIRS[] = { "/etc/audit/rules.d", NULL };

struct rule {
    str    list, path, permissions, key, syscalls;
    str    filters[32];
    size_t n_filters;
};

static void take_option(struct rule *r, str option, str value)
{
    if (str_eq(option, S("-w")))
        r->path = value;
    else if (str_eq(option, S("-p")))
        r->permissions = value;
    else if (str_eq(option, S("-k")))
        r->key = value;
    else if (str_eq(option, S("-a")) || str_eq(option, S("-A")))
        r->list = value;
    else if (str_eq(option, S("-S")))
        r->syscalls = value; /* more of them: see write_syscalls */
    else if ((str_eq(option, S("-F")) || str_eq(option, S("-C"))) && r->n_filters < 32)
        r->filters[r->n_filters++] = value;
}

/* -F path=/etc/x and -F perm=wa are what -w and -p say. */
static void take_filters(struct rule *r)
{
    for (size_t i = 0; i < r->n_filters; i++) {
        str f = r->filters[i];
        if (str_starts(f, S("path=")) || str_starts(f, S("dir=")))
            r->path = str_from(f, str_find_byte(f, '=') + 1);
        else if (str_starts(f, S("perm=")))
            r->permissions = str_from(f, 5);
        else if (str_starts(f, S("key=")))
            r->key = str_from(f, 4);
    }
}

static void write_syscalls(struct host *h, str line)
{
    json_w_key(h->w, S("syscalls"));
    json_w_array(h->w);
    for (str word, value, one; host_conf_word(&line, &word);)
        if (str_eq(word, S("-S")) && host_conf_word(&line, &value))
            while (str_split(&value, ',', &one))
                json_w_str(h->w, one);
    json_w_end(h->w);
}

static void write_rule(struct host *h, str line)
{
    struct rule r = { 0 };
    str         rest = line;
    for (str option, value; host_conf_word(&rest, &option) && host_conf_word(&rest, &value);)
        take_option(&r, option, value);
    take_filters(&r);
    json_w_object(h->w);
    json_w_kstr(h->w, S("kind"), r.syscalls.n ? S("syscall") : S("watch"));
    json_w_kstr(h->w, S("path"), r.path);
    json_w_kstr(h->w, S("permissions"), r.permissions);
    write_syscalls(h, line);
    json_w_kstrs(h->w, S("filters"), r.filters, r.n_filters);
    json_w_kstr(h->w, S("key"), r.key);
    json_w_end(h->w);
}

static void write_rules(struct host *h, str text, bool *immutable)
{
    for (str line; host_conf_line(&text, &line);) {
        str rest = line, option, value;
        if (!host_conf_word(&rest, &option))
            continue;
        if (str_eq(option, S("-e")) && host_conf_word(&rest, &value))
            *immutable = str_eq(value, S("2"));
        else if (str_eq(option, S("-w")) || str_eq(option, S("-a")) || str_eq(option, S("-A")))
            write_rule(h, line);
    }
}

static void write_all_rules(struct host *h)
{
    struct host_names names;
    const char       *fact = "properties.audit.rules";
    bool              immutable = false;
    enum host_seen    seen = host_read_dropins(h, fact, RULE_DIRS, ".rules", &names);
    str               text;
    if (seen == HOST_REFUSED ||
        (seen == HOST_ABSENT && host_read_text(h, fact, "/etc/audit/audit.rules", &text) == HOST_REFUSED))
        return;
    json_w_key(h->w, S("rules"));
    json_w_array(h->w);
    if (seen == HOST_ABSENT)
        write_rules(h, text, &immutable);
    for (size_t i = 0; i < names.n; i++)
        if (host_read_text(h, fact, names.v[i].p, &text) == HOST_READ)
            write_rules(h, text, &immutable);
    json_w_end(h->w);
    json_w_kbool(h->w, S("immutable"), immutable);
}

void host_audit_collect(void *host)
{
    struct host         *h = host;
    struct host_conf_set set = { 0 };
    bool installed = host_read_exists(h, "/usr/sbin/auditd") || host_read_exists(h, "/sbin/auditd");
    json_w_key(h->w, S("audit"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), installed);
    if (installed) {
        if (host_conf_read(h,
                           &(struct host_conf_source) { "properties.audit.config", "/etc/audit/auditd.conf",
                                                        NULL, NULL },
                           &set)) {
            json_w_key(h->w, S("config"));
            json_w_object(h->w);
            host_conf_write_set(h->w, &set);
            json_w_end(h->w);
        }
        write_all_rules(h);
    }
    json_w_end(h->w);
}
