/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

/* In order of their names: the writer opens and closes the objects that neighbours share. */
static const str SYSCTLS[] = {
    STR_INIT("dev.tty.ldisc_autoload"),
    STR_INIT("fs.protected_fifos"),
    STR_INIT("fs.protected_hardlinks"),
    STR_INIT("fs.protected_regular"),
    STR_INIT("fs.protected_symlinks"),
    STR_INIT("fs.suid_dumpable"),
    STR_INIT("kernel.core_pattern"),
    STR_INIT("kernel.core_uses_pid"),
    STR_INIT("kernel.ctrl-alt-del"),
    STR_INIT("kernel.dmesg_restrict"),
    STR_INIT("kernel.kexec_load_disabled"),
    STR_INIT("kernel.kptr_restrict"),
    STR_INIT("kernel.modules_disabled"),
    STR_INIT("kernel.perf_event_paranoid"),
    STR_INIT("kernel.randomize_va_space"),
    STR_INIT("kernel.sysrq"),
    STR_INIT("kernel.unprivileged_bpf_disabled"),
    STR_INIT("kernel.unprivileged_userns_clone"),
    STR_INIT("kernel.yama.ptrace_scope"),
    STR_INIT("net.core.bpf_jit_harden"),
    STR_INIT("net.ipv4.conf.all.accept_redirects"),
    STR_INIT("net.ipv4.conf.all.accept_source_route"),
    STR_INIT("net.ipv4.conf.all.forwarding"),
    STR_INIT("net.ipv4.conf.all.log_martians"),
    STR_INIT("net.ipv4.conf.all.rp_filter"),
    STR_INIT("net.ipv4.conf.all.secure_redirects"),
    STR_INIT("net.ipv4.conf.all.send_redirects"),
    STR_INIT("net.ipv4.conf.default.accept_redirects"),
    STR_INIT("net.ipv4.conf.default.accept_source_route"),
    STR_INIT("net.ipv4.conf.default.log_martians"),
    STR_INIT("net.ipv4.conf.default.rp_filter"),
    STR_INIT("net.ipv4.conf.default.secure_redirects"),
    STR_INIT("net.ipv4.conf.default.send_redirects"),
    STR_INIT("net.ipv4.icmp_echo_ignore_broadcasts"),
    STR_INIT("net.ipv4.icmp_ignore_bogus_error_responses"),
    STR_INIT("net.ipv4.ip_forward"),
    STR_INIT("net.ipv4.tcp_syncookies"),
    STR_INIT("net.ipv4.tcp_timestamps"),
    STR_INIT("net.ipv6.conf.all.accept_ra"),
    STR_INIT("net.ipv6.conf.all.accept_redirects"),
    STR_INIT("net.ipv6.conf.all.accept_source_route"),
    STR_INIT("net.ipv6.conf.all.disable_ipv6"),
    STR_INIT("net.ipv6.conf.all.forwarding"),
    STR_INIT("net.ipv6.conf.default.accept_ra"),
    STR_INIT("net.ipv6.conf.default.accept_redirects"),
    STR_INIT("net.ipv6.conf.default.accept_source_route"),
    STR_INIT("net.ipv6.conf.default.disable_ipv6"),
};
enum { N_SYSCTLS = sizeof SYSCTLS / sizeof SYSCTLS[0] };

static const str MODULES[] = {
    STR_INIT("cramfs"),   STR_INIT("dccp"),  STR_INIT("freevxfs"),    STR_INIT("hfs"),
    STR_INIT("hfsplus"),  STR_INIT("jffs2"), STR_INIT("rds"),         STR_INIT("sctp"),
    STR_INIT("squashfs"), STR_INIT("tipc"),  STR_INIT("usb-storage"), STR_INIT("udf"),
};
enum { N_MODULES = sizeof MODULES / sizeof MODULES[0] };

static const char *const SYSCTL_DIRS[] = { "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
                                           "/usr/lib/sysctl.d", NULL };
static const char *const MODPROBE_DIRS[] = { "/etc/modprobe.d", "/run/modprobe.d",
                                             "/usr/local/lib/modprobe.d", "/lib/modprobe.d", NULL };

static size_t shared_start(str a, str b)
{
    size_t start = 0;
    for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
        if (a.p[i] == '.')
            start = i + 1;
    return start;
}

static unsigned dots_from(str s, size_t from)
{
    unsigned n = 0;
    for (size_t i = from; i < s.n; i++)
        n += s.p[i] == '.';
    return n;
}

/* Members a.b.c as nested objects, given in order of their names. */
static str write_nested(struct json_w *w, str before, str name, str value)
{
    size_t start = shared_start(before, name);
    for (unsigned up = dots_from(before, start); up > 0; up--)
        json_w_end(w);
    str rest = str_from(name, start), part = rest;
    while (dots_from(rest, 0) && str_split(&rest, '.', &part)) {
        json_w_key(w, part);
        json_w_object(w);
    }
    host_conf_write(w, rest, value);
    return name;
}

static void write_nested_end(struct json_w *w, str before)
{
    for (unsigned up = dots_from(before, 0); up > 0; up--)
        json_w_end(w);
}

static void write_running(struct host *h)
{
    str before = STR_NONE;
    if (!host_read_exists(h, "/proc/sys/kernel")) {
        host_read_gap(h, "properties.kernel.sysctl", "no kernel runs in this root: there is no /proc/sys");
        return;
    }
    json_w_key(h->w, S("sysctl"));
    json_w_object(h->w);
    for (size_t i = 0; i < N_SYSCTLS; i++) {
        char path[128];
        str  value;
        snprintf(path, sizeof path, "/proc/sys/" STR_FMT, STR_ARG(SYSCTLS[i]));
        for (char *c = path + sizeof "/proc/sys/" - 1; *c; c++)
            *c = *c == '.' ? '/' : *c;
        char fact[160];
        snprintf(fact, sizeof fact, "properties.kernel.sysctl." STR_FMT, STR_ARG(SYSCTLS[i]));
        if (host_read_text(h, fact, path, &value) == HOST_READ)
            before = write_nested(h->w, before, SYSCTLS[i], str_trim(value));
    }
    write_nested_end(h->w, before);
    json_w_end(h->w);
}

/* net/ipv4/ip_forward, -net.ipv4.ip_forward → net.ipv4.ip_forward */
static str sysctl_name(struct host *h, str key)
{
    if (str_starts(key, S("-")))
        key = str_from(key, 1);
    size_t dot = str_find_byte(key, '.');
    if (str_find_byte(key, '/') > dot)
        return key;
    str   kept = arena_str(h->a, key);
    char *p = (char *)(uintptr_t)kept.p;
    for (size_t i = 0; p && i < kept.n; i++)
        p[i] = p[i] == '/' ? '.' : p[i];
    return kept;
}

static void take_sysctls(struct host *h, str text, struct host_conf_set *set)
{
    for (str key, value; host_conf_pair(&text, &key, &value);)
        if (key.p[0] != ';')
            host_conf_put(h->a, set, sysctl_name(h, key), value);
}

/* What the next start will set: systemd-sysctl takes the drop-ins, then /etc/sysctl.conf by way of
 * 99-sysctl.conf. */
static void write_configured(struct host *h)
{
    struct host_conf_set set = { 0 };
    struct host_names    names;
    str                  text, before = STR_NONE, value;
    const char          *fact = "properties.kernel.sysctlConfigured";
    if (host_read_dropins(h, fact, SYSCTL_DIRS, ".conf", &names) == HOST_REFUSED)
        return;
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, fact, names.v[i].p, &text) == HOST_REFUSED)
            return;
        take_sysctls(h, text, &set);
    }
    if (host_read_text(h, fact, "/etc/sysctl.conf", &text) == HOST_REFUSED)
        return;
    take_sysctls(h, text, &set);
    json_w_key(h->w, S("sysctlConfigured"));
    json_w_object(h->w);
    for (size_t i = 0; i < N_SYSCTLS; i++)
        if (host_conf_get(&set, SYSCTLS[i], &value))
            before = write_nested(h->w, before, SYSCTLS[i], value);
    write_nested_end(h->w, before);
    json_w_end(h->w);
}

/* Values of parameters that sound like secrets stay here. */
static str parameter_shown(str parameter)
{
    static const str SECRET[] = { STR_INIT("pass"), STR_INIT("key"), STR_INIT("token"), STR_INIT("secret") };
    size_t           sign = str_find_byte(parameter, '=');
    str              name = str_slice(parameter, 0, sign);
    for (size_t i = 0; i < sizeof SECRET / sizeof SECRET[0]; i++)
        if (sign != STR_NPOS && str_contains_ci(name, SECRET[i]))
            return name;
    return parameter;
}

static void write_parameters(struct host *h)
{
    str text;
    if (host_read_text(h, "properties.kernel.bootParameters", "/proc/cmdline", &text) != HOST_READ) {
        host_read_gap(h, "properties.kernel.bootParameters",
                      "no kernel runs in this root: there is no /proc/cmdline");
        return;
    }
    json_w_key(h->w, S("bootParameters"));
    json_w_array(h->w);
    str rest = str_trim(text);
    for (str word; host_conf_word(&rest, &word);)
        json_w_str(h->w, parameter_shown(word));
    json_w_end(h->w);
}

/* Module names mean the same with - and _. */
static bool same_module(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if ((a.p[i] == '_' ? '-' : a.p[i]) != (b.p[i] == '_' ? '-' : b.p[i]))
            return false;
    return true;
}

static bool listed_first(str text, str name)
{
    for (str line; host_conf_line(&text, &line);) {
        str word;
        if (host_conf_word(&line, &word) && same_module(word, name))
            return true;
    }
    return false;
}

/* kernel/fs/udf/udf.ko.xz: … */
static bool listed_file(str text, str name)
{
    for (str line; host_conf_line(&text, &line);) {
        str path = str_slice(line, 0, str_find_byte(line, ':'));
        str file = str_from(path, str_rfind_byte(path, '/') + 1);
        if (same_module(str_slice(file, 0, str_find_byte(file, '.')), name))
            return true;
    }
    return false;
}

struct module_rules {
    struct host_conf_set install; /* module → command */
    struct host_conf_set blacklist;
};

static void take_rules(struct host *h, str text, struct module_rules *rules)
{
    for (str line; host_conf_line(&text, &line);) {
        str verb, module, command = STR_NONE;
        if (!host_conf_word(&line, &verb) || !host_conf_word(&line, &module))
            continue;
        if (str_eq(verb, S("blacklist")))
            host_conf_put(h->a, &rules->blacklist, module, S("yes"));
        else if (str_eq(verb, S("install")) && host_conf_word(&line, &command))
            host_conf_put(h->a, &rules->install, module, command);
    }
}

static str rule_for(const struct host_conf_set *set, str module)
{
    for (size_t i = 0; i < set->n; i++)
        if (same_module(set->v[i].key, module))
            return set->v[i].value;
    return STR_NONE;
}

static void write_module(struct host *h, str module, const str *lists, const struct module_rules *rules)
{
    str  command = rule_for(&rules->install, module);
    bool refused = str_ends(command, S("/false")) || str_ends(command, S("/true"));
    bool loaded = listed_first(lists[0], module), builtin = listed_file(lists[2], module);
    bool available = listed_file(lists[1], module);
    json_w_key(h->w, module);
    json_w_object(h->w);
    json_w_kbool(h->w, S("loaded"), loaded);
    json_w_kbool(h->w, S("builtIn"), builtin);
    json_w_kbool(h->w, S("available"), available);
    json_w_kbool(h->w, S("installRefused"), refused);
    json_w_kbool(h->w, S("denied"), rule_for(&rules->blacklist, module).n > 0);
    json_w_kbool(h->w, S("usable"), loaded || builtin || (available && !refused));
    json_w_end(h->w);
}

static void write_modules(struct host *h)
{
    struct module_rules rules = { 0 };
    struct host_names   names;
    const char         *fact = "properties.kernel.modules";
    str                 release = host_read_line(h, "/proc/sys/kernel/osrelease"), text, lists[3];
    if (host_read_text(h, fact, "/proc/modules", &lists[0]) != HOST_READ &&
        !host_read_exists(h, "/proc/sys/kernel")) {
        host_read_gap(h, fact, "no kernel runs in this root: there is no /proc/modules");
        return;
    }
    if (host_read_dropins(h, fact, MODPROBE_DIRS, ".conf", &names) == HOST_REFUSED)
        return;
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, fact, names.v[i].p, &text) == HOST_REFUSED)
            return;
        take_rules(h, text, &rules);
    }
    if (host_read_text(h, fact, host_read_path(h, "/lib/modules/" STR_FMT "/modules.dep", STR_ARG(release)),
                       &lists[1]) == HOST_REFUSED ||
        host_read_text(h, fact,
                       host_read_path(h, "/lib/modules/" STR_FMT "/modules.builtin", STR_ARG(release)),
                       &lists[2]) == HOST_REFUSED)
        return;
    json_w_key(h->w, S("modules"));
    json_w_object(h->w);
    for (size_t i = 0; i < N_MODULES; i++)
        write_module(h, MODULES[i], lists, &rules);
    json_w_end(h->w);
}

void host_kernel_collect(void *host)
{
    struct host *h = host;
    json_w_key(h->w, S("kernel"));
    json_w_object(h->w);
    str release = host_read_line(h, "/proc/sys/kernel/osrelease");
    if (release.n)
        json_w_kstr(h->w, S("release"), release);
    write_parameters(h);
    write_running(h);
    write_configured(h);
    write_modules(h);
    json_w_end(h->w);
}
