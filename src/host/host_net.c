/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces from /sys, listening sockets from /proc/net, and whose they are from /proc/PID/fd. */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/map.h"
#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_SOCKETS = 200000, MAX_LISTENING = 5000, TCP_LISTEN = 10, UDP_OPEN = 7 };

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
    write_listening(h);
    json_w_end(h->w);
}
