/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces from /sys, addresses from /proc/net, listening sockets from /proc/net, and whose they are from
 * /proc/PID/fd. */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/map.h"
#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_SOCKETS = 200000, MAX_LISTENING = 5000, MAX_ADDRESSES = 1000, TCP_LISTEN = 10, UDP_OPEN = 7 };

struct owner {
    str program, unit;
};

static bool is_pid(str name)
{
    uint64_t pid;
    return str_to_u64(name, &pid);
}

/* 0::/system.slice/ssh.service → ssh.service */
static str unit_of(struct host *h, str pid)
{
    str text, line, unit = STR_NONE;
    host_read_text(h, NULL, host_read_path(h, "/proc/%s/cgroup", pid.p), &text);
    while (str_split(&text, '\n', &line)) {
        str name = str_from(line, str_rfind_byte(line, '/') + 1);
        if (str_ends(name, S(".service")) || str_ends(name, S(".socket")))
            unit = name;
    }
    return unit;
}

static void take_process(struct host *h, str pid, struct map *by_inode)
{
    struct host_names fds;
    struct owner     *owner = NULL;
    if (host_read_list(h, NULL, host_read_path(h, "/proc/%s/fd", pid.p), &fds) != HOST_READ)
        return;
    for (size_t i = 0; i < fds.n && map_count(by_inode) < MAX_SOCKETS; i++) {
        str link = host_read_link(h, host_read_path(h, "/proc/%s/fd/%s", pid.p, fds.v[i].p));
        if (!str_starts(link, S("socket:[")))
            continue;
        if (!owner) {
            owner = ARENA_NEW(h->a, struct owner);
            *owner = (struct owner) { .program = host_read_line(h, host_read_path(h, "/proc/%s/comm", pid.p)),
                                      .unit = unit_of(h, pid) };
        }
        str inode = str_slice(link, 8, link.n - 1);
        if (!map_has(by_inode, inode))
            map_put(by_inode, inode, owner);
    }
}

static struct map *read_owners(struct host *h)
{
    struct map       *by_inode = map_new_in(h->a, MAP_CASE);
    struct host_names names;
    host_read_list(h, NULL, "/proc", &names);
    for (size_t i = 0; i < names.n; i++)
        if (is_pid(names.v[i]))
            take_process(h, names.v[i], by_inode);
    return by_inode;
}

/* Words of 32 bits in the machine's order, eight hexadecimal digits each. */
static bool address_of(str hex, char out[INET6_ADDRSTRLEN])
{
    uint32_t words[4];
    if (hex.n != 8 && hex.n != 32)
        return false;
    for (size_t i = 0; i < hex.n / 8; i++) {
        char word[9];
        str_to_cstr(str_slice(hex, i * 8, i * 8 + 8), word, sizeof word);
        if (sscanf(word, "%8x", &words[i]) != 1)
            return false;
    }
    return inet_ntop(hex.n == 8 ? AF_INET : AF_INET6, words, out, INET6_ADDRSTRLEN) != NULL;
}

struct listening {
    str         protocol;
    unsigned    state; /* that an open port has */
    const char *path;
    size_t      n;
};

static bool is_loopback(const char *address)
{
    return str_starts(str_of(address), S("127.")) || str_eq(str_of(address), S("::1"));
}

static void write_socket(struct host *h, struct listening *l, str line, const struct map *owners)
{
    str      word[10];
    size_t   n = 0;
    char     address[INET6_ADDRSTRLEN];
    unsigned port, state;
    while (n < 10 && host_conf_word(&line, &word[n]))
        n++;
    size_t colon = n == 10 ? str_find_byte(word[1], ':') : STR_NPOS;
    if (colon == STR_NPOS || !address_of(str_slice(word[1], 0, colon), address) ||
        sscanf(word[1].p + colon, ":%4x", &port) != 1 || sscanf(word[3].p, "%2x", &state) != 1 ||
        state != l->state)
        return;
    const struct owner *owner = map_find(owners, word[9]);
    l->n++;
    json_w_object(h->w);
    json_w_kstr(h->w, S("protocol"), l->protocol);
    json_w_kstr(h->w, S("address"), str_of(address));
    json_w_ki64(h->w, S("port"), port);
    json_w_kbool(h->w, S("loopback"), is_loopback(address));
    host_conf_write(h->w, S("uid"), word[7]);
    if (owner && owner->program.n)
        json_w_kstr(h->w, S("program"), owner->program);
    if (owner && owner->unit.n)
        json_w_kstr(h->w, S("unit"), owner->unit);
    json_w_end(h->w);
}

static void write_listening(struct host *h)
{
    struct listening kinds[] = { { S("tcp"), TCP_LISTEN, "/proc/net/tcp", 0 },
                                 { S("tcp6"), TCP_LISTEN, "/proc/net/tcp6", 0 },
                                 { S("udp"), UDP_OPEN, "/proc/net/udp", 0 },
                                 { S("udp6"), UDP_OPEN, "/proc/net/udp6", 0 } };
    if (!host_read_exists(h, "/proc/net/tcp")) {
        host_read_gap(h, "properties.network.listening",
                      "no kernel runs in this root: there is no /proc/net/tcp");
        return;
    }
    struct map *owners = read_owners(h);
    json_w_key(h->w, S("listening"));
    json_w_array(h->w);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        str text, line;
        host_read_text(h, "properties.network.listening", kinds[i].path, &text);
        str_split(&text, '\n', &line); /* the heading */
        while (kinds[i].n < MAX_LISTENING && str_split(&text, '\n', &line))
            write_socket(h, &kinds[i], line, owners);
    }
    json_w_end(h->w);
}

/* --- addresses of its own --- */

static bool is_in(const uint8_t *address, const char *prefix, int bits, int family)
{
    uint8_t net[16] = { 0 };

    inet_pton(family, prefix, net);
    for (int i = 0; i < bits; i++)
        if ((address[i / 8] ^ net[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

/* Not of the ranges that IANA keeps for networks of one's own, links, tests and groups. */
static bool is_public(const uint8_t *address, int family)
{
    static const struct {
        const char *prefix;
        int         bits, family;
    } special[] = {
        { "0.0.0.0", 8, AF_INET },     { "10.0.0.0", 8, AF_INET },      { "100.64.0.0", 10, AF_INET },
        { "127.0.0.0", 8, AF_INET },   { "169.254.0.0", 16, AF_INET },  { "172.16.0.0", 12, AF_INET },
        { "192.0.0.0", 24, AF_INET },  { "192.0.2.0", 24, AF_INET },    { "192.168.0.0", 16, AF_INET },
        { "198.18.0.0", 15, AF_INET }, { "198.51.100.0", 24, AF_INET }, { "203.0.113.0", 24, AF_INET },
        { "224.0.0.0", 3, AF_INET },
    };

    if (family == AF_INET6) /* what is routed is of 2000::/3, but for the range of examples */
        return is_in(address, "2000::", 3, AF_INET6) && !is_in(address, "2001:db8::", 32, AF_INET6);
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (is_in(address, special[i].prefix, special[i].bits, AF_INET))
            return false;
    return true;
}

static void write_address(struct host *h, const uint8_t *address, int family)
{
    char text[INET6_ADDRSTRLEN];

    if (!inet_ntop(family, address, text, sizeof text))
        return;
    json_w_object(h->w);
    json_w_kstr(h->w, S("address"), str_of(text));
    json_w_kbool(h->w, S("loopback"), is_loopback(text));
    json_w_kbool(h->w, S("public"), is_public(address, family));
    json_w_end(h->w);
}

/* A host's own addresses stand in the routing tree as leaves, "|-- 192.0.2.7", followed by "/32 host LOCAL";
 * each is there twice, in the main and in the local table. */
static void write_v4(struct host *h, struct map *seen)
{
    str     text, line, last = STR_NONE;
    uint8_t address[4];
    char    buf[INET_ADDRSTRLEN];

    host_read_text(h, NULL, "/proc/net/fib_trie", &text);
    while (map_count(seen) < MAX_ADDRESSES && str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, S("|-- ")))
            last = str_from(line, 4);
        if (!str_eq(line, S("/32 host LOCAL")) || map_put(seen, last, h))
            continue;
        str_to_cstr(last, buf, sizeof buf);
        if (inet_pton(AF_INET, buf, address) == 1)
            write_address(h, address, AF_INET);
    }
}

/* Thirty-two digits, then index, prefix, scope, flags, interface. */
static void write_v6(struct host *h)
{
    str      text, line;
    uint8_t  address[16];
    unsigned byte;
    size_t   n = 0;

    host_read_text(h, NULL, "/proc/net/if_inet6", &text);
    while (n < MAX_ADDRESSES && str_split(&text, '\n', &line)) {
        size_t i = 0;
        while (line.n >= 32 && i < 16 && sscanf(line.p + i * 2, "%2x", &byte) == 1)
            address[i++] = (uint8_t)byte;
        if (i < 16)
            continue;
        write_address(h, address, AF_INET6);
        n++;
    }
}

static void write_addresses(struct host *h)
{
    AUTO(map) seen = map_new(MAP_CASE);

    if (!host_read_exists(h, "/proc/net/fib_trie")) {
        host_read_gap(h, "properties.network.addresses", "the kernel shows no /proc/net/fib_trie");
        return;
    }
    json_w_key(h->w, S("addresses"));
    json_w_array(h->w);
    write_v4(h, seen);
    write_v6(h);
    json_w_end(h->w);
}

static void write_interfaces(struct host *h)
{
    struct host_names names;
    if (host_read_list(h, "properties.network.interfaces", "/sys/class/net", &names) != HOST_READ) {
        host_read_gap(h, "properties.network.interfaces",
                      "no kernel runs in this root: there is no /sys/class/net");
        return;
    }
    json_w_key(h->w, S("interfaces"));
    json_w_array(h->w);
    for (size_t i = 0; i < names.n; i++) {
        json_w_object(h->w);
        json_w_kstr(h->w, S("name"), names.v[i]);
        json_w_kbool(h->w, S("wireless"),
                     host_read_exists(h, host_read_path(h, "/sys/class/net/%s/wireless", names.v[i].p)));
        json_w_end(h->w);
    }
    json_w_end(h->w);
}

void host_net_collect(void *host)
{
    struct host *h = host;
    json_w_key(h->w, S("network"));
    json_w_object(h->w);
    write_interfaces(h);
    write_addresses(h);
    write_listening(h);
    json_w_end(h->w);
}
