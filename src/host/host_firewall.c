/* SPDX-License-Identifier: Apache-2.0 */
/* What is configured to filter traffic. The rules that the kernel holds at the moment are asked for by no
 * file. */
#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const HOOKS[] = { "input", "forward", "output" };
static const char *const KEYS[] = { "inboundPolicy", "forwardPolicy", "outboundPolicy" };
enum { N_HOOKS = 3 };

struct policies {
    str  of[N_HOOKS]; /* "drop", "accept"; empty: no chain */
    bool loopback;    /* what comes over lo is accepted */
};

static str word_behind(str text, str name)
{
    size_t at = str_find(text, name);
    str    rest = at == STR_NPOS ? STR_NONE : str_from(text, at + name.n), word = STR_NONE;
    host_conf_word(&rest, &word);
    return str_trim_chars(word, S(";{}"));
}

/* type filter hook input priority filter; policy drop; — on one line, as everybody writes it. */
static void take_nft(str text, struct policies *out)
{
    for (str line; host_conf_line(&text, &line);) {
        str hook = word_behind(line, S("hook ")), policy = word_behind(line, S("policy "));
        for (size_t i = 0; i < N_HOOKS; i++)
            if (hook.n && str_eq(hook, str_of(HOOKS[i])))
                out->of[i] = policy.n ? policy : S("accept");
        if (str_contains(line, S("lo")) && str_contains(line, S("iif")) && str_contains(line, S("accept")))
            out->loopback = true;
    }
}

/* :INPUT DROP [0:0] of the table filter. */
static void take_iptables(str text, struct policies *out)
{
    static const char *const CHAINS[] = { ":INPUT ", ":FORWARD ", ":OUTPUT " };
    bool                     filter = false;
    for (str line; host_conf_line(&text, &line);) {
        if (line.p[0] == '*')
            filter = str_eq(line, S("*filter"));
        for (size_t i = 0; filter && i < N_HOOKS; i++)
            if (str_starts(line, str_of(CHAINS[i])))
                out->of[i] =
                    str_eq(word_behind(line, str_of(CHAINS[i])), S("ACCEPT")) ? S("accept") : S("drop");
        if (str_starts(line, S("-A INPUT -i lo -j ACCEPT")))
            out->loopback = true;
    }
}

static void take_ufw(struct host *h, struct policies *out, bool *enabled)
{
    static const str     NAMES[] = { STR_INIT("DEFAULT_INPUT_POLICY"), STR_INIT("DEFAULT_FORWARD_POLICY"),
                                     STR_INIT("DEFAULT_OUTPUT_POLICY") };
    struct host_conf_set set = { 0 };
    str                  value = STR_NONE;
    if (!host_conf_read(
            h, &(struct host_conf_source) { "properties.firewall", "/etc/ufw/ufw.conf", NULL, NULL }, &set) ||
        !host_conf_read(
            h, &(struct host_conf_source) { "properties.firewall", "/etc/default/ufw", NULL, NULL }, &set))
        return;
    host_conf_get(&set, S("ENABLED"), &value);
    *enabled = str_eq_ci(value, S("yes"));
    for (size_t i = 0; i < N_HOOKS; i++)
        if (host_conf_get(&set, NAMES[i], &value))
            out->of[i] = str_eq_ci(value, S("ACCEPT")) ? S("accept") : S("drop");
    out->loopback = true; /* before.rules of ufw say so */
}

static bool unit_enabled(struct host *h, const char *unit)
{
    static const char *const TARGETS[] = { "multi-user", "sysinit", "network-pre", "basic" };
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++)
        if (host_read_link(h, host_read_path(h, "/etc/systemd/system/%s.target.wants/%s", TARGETS[i], unit))
                .n)
            return true;
    return false;
}

/* One tool's part; the first that is enabled speaks for the machine. */
static void write_tool(struct host *h, const char *name, bool installed, bool enabled,
                       const struct policies *p)
{
    json_w_key(h->w, str_of(name));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), installed);
    json_w_kbool(h->w, S("enabled"), enabled);
    for (size_t i = 0; i < N_HOOKS; i++)
        if (p->of[i].n)
            json_w_kstr(h->w, str_of(KEYS[i]), p->of[i]);
    json_w_kbool(h->w, S("loopback"), p->loopback);
    json_w_end(h->w);
}

struct tool {
    const char     *name;
    bool            installed, enabled;
    struct policies policies;
};

static void read_tools(struct host *h, struct tool tools[4])
{
    str text;
    tools[0] = (struct tool) { .name = "ufw", .installed = host_read_exists(h, "/usr/sbin/ufw") };
    if (tools[0].installed)
        take_ufw(h, &tools[0].policies, &tools[0].enabled);
    tools[1] = (struct tool) { .name = "firewalld",
                               .installed = host_read_exists(h, "/usr/sbin/firewalld"),
                               .enabled = unit_enabled(h, "firewalld.service") };
    if (tools[1].installed) /* every zone but `trusted` refuses what no service of it allows */
        tools[1].policies =
            (struct policies) { .of = { S("drop"), S("drop"), S("accept") }, .loopback = true };
    tools[2] = (struct tool) { .name = "nftables",
                               .installed = host_read_exists(h, "/usr/sbin/nft"),
                               .enabled = unit_enabled(h, "nftables.service") };
    if (host_read_text(h, "properties.firewall", "/etc/nftables.conf", &text) == HOST_READ)
        take_nft(text, &tools[2].policies);
    tools[3] = (struct tool) { .name = "iptables",
                               .installed = host_read_exists(h, "/usr/sbin/iptables"),
                               .enabled = unit_enabled(h, "netfilter-persistent.service") };
    if (host_read_text(h, "properties.firewall", "/etc/iptables/rules.v4", &text) == HOST_READ)
        take_iptables(text, &tools[3].policies);
}

void host_firewall_collect(void *host)
{
    struct host                 *h = host;
    struct tool                  tools[4];
    const struct tool           *in_use = NULL;
    static const struct policies OPEN = {
        .of = { STR_INIT("accept"), STR_INIT("accept"), STR_INIT("accept") }, .loopback = true
    };
    int64_t n = 0;
    read_tools(h, tools);
    json_w_key(h->w, S("firewall"));
    json_w_object(h->w);
    for (size_t i = 0; i < 4; i++) {
        write_tool(h, tools[i].name, tools[i].installed, tools[i].enabled, &tools[i].policies);
        n += tools[i].installed && tools[i].enabled;
        if (!in_use && tools[i].installed && tools[i].enabled)
            in_use = &tools[i];
    }
    json_w_ki64(h->w, S("enabledTools"), n);
    const struct policies *p = in_use ? &in_use->policies : &OPEN;
    json_w_kstr(h->w, S("inUse"), in_use ? str_of(in_use->name) : S("none"));
    for (size_t i = 0; i < N_HOOKS; i++)
        json_w_kstr(h->w, str_of(KEYS[i]), p->of[i].n ? p->of[i] : S("accept"));
    json_w_kbool(h->w, S("loopback"), p->loopback);
    json_w_end(h->w);
}
