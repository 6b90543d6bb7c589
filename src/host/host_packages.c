/* SPDX-License-Identifier: Apache-2.0 */
/* dpkg's status, and what apt's lists offer beyond it. The lists are read in pieces: they are larger than all
 * else. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/map.h"
#include "base/ts.h"
#include "host/host_conf.h"
#include "host/host_read.h"
#include "host/host_version.h"

enum {
    MAX_STATUS = 64 << 20,
    MAX_LISTS = 64,
    PIECE = 1 << 16,
    MAX_LINE = 1 << 14,
    MAX_LIST_BYTES = 512 << 20
};

struct package {
    str  name, version, architecture;
    str  candidate; /* a newer version that some list offers */
    bool security;  /* it comes from a suite for security updates */
};

struct packages {
    VEC(struct package *) list;
    struct map *by_name; /* "name:architecture" */
};

struct stanza {
    str  name, version, architecture;
    bool installed;
};

static bool field(str line, str name, str *value)
{
    if (!str_starts(line, name))
        return false;
    *value = str_trim(str_from(line, name.n));
    return true;
}

static void take_field(struct stanza *s, str line)
{
    str status;
    if (field(line, S("Package:"), &s->name) || field(line, S("Version:"), &s->version) ||
        field(line, S("Architecture:"), &s->architecture))
        return;
    if (field(line, S("Status:"), &status))
        s->installed = str_ends(status, S(" installed"));
}

static void add(struct host *h, struct packages *p, const struct stanza *s)
{
    if (s->name.n == 0 || !s->installed || p->list.n == HOST_MAX_LIST)
        return;
    struct package *kept = ARENA_NEW(h->a, struct package);
    *kept = (struct package) { .name = arena_str(h->a, s->name),
                               .version = arena_str(h->a, s->version),
                               .architecture = arena_str(h->a, s->architecture) };
    *vec_push_in(h->a, &p->list) = kept;
    map_put(p->by_name, arena_printf(h->a, STR_FMT ":" STR_FMT, STR_ARG(s->name), STR_ARG(s->architecture)),
            kept);
}

static bool read_status(struct host *h, struct packages *p)
{
    AUTO(arena) text_arena = arena_child(h->a, HOST_MAX_FILE + 131072);
    struct stanza  s = { 0 };
    str            text, line;
    enum host_seen seen =
        host_read_text_in(h, text_arena, "properties.packages", "/var/lib/dpkg/status", &text);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.packages", "there is no /var/lib/dpkg/status");
    if (seen != HOST_READ)
        return false;
    while (str_split(&text, '\n', &line)) {
        take_field(&s, line);
        if (line.n == 0) {
            add(h, p, &s);
            s = (struct stanza) { 0 };
        }
    }
    add(h, p, &s);
    return true;
}

/* One list of apt, line by line. */
struct offers {
    struct host     *h;
    struct packages *p;
    bool             security;
    char             name[256], version[256], architecture[64];
};

static void keep(char *room, size_t size, str value)
{
    if (!str_to_cstr(value, room, size))
        room[0] = 0;
}

static void end_offer(struct offers *o)
{
    char key[384];
    snprintf(key, sizeof key, "%s:%s", o->name, o->architecture);
    struct package *p = o->name[0] ? map_find(o->p->by_name, str_of(key)) : NULL;
    str             version = str_of(o->version);
    if (p && host_version_cmp(version, p->candidate.n ? p->candidate : p->version) > 0) {
        p->candidate = arena_str(o->h->a, version);
        p->security = o->security;
    }
    o->name[0] = o->version[0] = o->architecture[0] = 0;
}

static void take_offer(struct offers *o, str line)
{
    str value;
    if (line.n == 0)
        end_offer(o);
    else if (field(line, S("Package:"), &value))
        keep(o->name, sizeof o->name, value);
    else if (field(line, S("Version:"), &value))
        keep(o->version, sizeof o->version, value);
    else if (field(line, S("Architecture:"), &value))
        keep(o->architecture, sizeof o->architecture, value);
}

/* Reads all lines of a file in pieces; a line longer than MAX_LINE is cut, which no field of ours is. */
static bool each_line(int fd, struct offers *o)
{
    char   buffer[PIECE + MAX_LINE];
    size_t kept = 0, total = 0;
    for (;;) {
        ssize_t n = read(fd, buffer + kept, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || total > MAX_LIST_BYTES)
            return false;
        total += (size_t)n;
        str rest = str_make(buffer, kept + (size_t)n);
        for (size_t end; (end = str_find_byte(rest, '\n')) != STR_NPOS; rest = str_from(rest, end + 1))
            take_offer(o, str_slice(rest, 0, end));
        if (n == 0)
            return true;
        kept = rest.n > MAX_LINE ? MAX_LINE : rest.n;
        memmove(buffer, rest.p, kept);
    }
}

/* Suites such as backports offer what is installed only when asked for. */
static bool is_automatic(struct host *h, str list)
{
    size_t suite = str_find(list, S("_dists_"));
    size_t end = suite == STR_NPOS ? STR_NPOS : suite + 7 + str_find_byte(str_from(list, suite + 7), '_');
    if (suite == STR_NPOS || end > list.n)
        return true;
    static const char *const NAMES[] = { "InRelease", "Release" };
    for (size_t i = 0; i < 2; i++) {
        AUTO(arena) a = arena_child(h->a, 4 << 20);
        str text, value;
        if (host_read_text_in(h, a, NULL,
                              host_read_path(h, "/var/lib/apt/lists/" STR_FMT "_%s",
                                             STR_ARG(str_slice(list, 0, end)), NAMES[i]),
                              &text) != HOST_READ)
            continue;
        for (str line; str_split(&text, '\n', &line);)
            if (field(line, S("NotAutomatic:"), &value) && str_eq(value, S("yes")))
                return false;
        return true;
    }
    return true;
}

/* True when the list was read; its age goes to `newest`. */
static bool read_list(struct host *h, struct packages *p, str name, time_t *newest)
{
    struct stat    st;
    struct offers *o = ARENA_NEW(h->a, struct offers);
    if (!str_ends(name, S("_Packages")) || !is_automatic(h, name))
        return false;
    AUTO_FD fd = host_read_open(h, host_read_path(h, "/var/lib/apt/lists/%s", name.p), O_RDONLY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    *o = (struct offers) { .h = h, .p = p, .security = str_contains(name, S("security")) };
    if (!each_line(fd, o))
        return false;
    end_offer(o);
    *newest = st.st_mtime > *newest ? st.st_mtime : *newest;
    return true;
}

static void write_updates(struct host *h, struct packages *p)
{
    struct host_names names;
    size_t            read = 0;
    int64_t           security = 0, pending = 0, security_lists = 0;
    time_t            newest = 0;
    host_read_list(h, "properties.updates", "/var/lib/apt/lists", &names);
    for (size_t i = 0; i < names.n && read < MAX_LISTS; i++) {
        bool good = read_list(h, p, names.v[i], &newest);
        read += good;
        security_lists += good && str_contains(names.v[i], S("security"));
    }
    if (read == 0) {
        host_read_gap(h, "properties.updates", "apt has no readable package lists: run apt-get update");
        return;
    }
    json_w_key(h->w, S("updates"));
    json_w_object(h->w);
    json_w_ktime(h->w, S("listsFrom"), (ts)newest * TS_PER_SECOND);
    json_w_key(h->w, S("pending"));
    json_w_array(h->w);
    for (size_t i = 0; i < p->list.n; i++) {
        const struct package *k = p->list.p[i];
        if (!k->candidate.n)
            continue;
        pending++;
        security += k->security;
        json_w_object(h->w);
        json_w_kstr(h->w, S("name"), k->name);
        json_w_kstr(h->w, S("installed"), k->version);
        json_w_kstr(h->w, S("candidate"), k->candidate);
        json_w_kbool(h->w, S("security"), k->security);
        json_w_end(h->w);
    }
    json_w_end(h->w);
    json_w_ki64(h->w, S("count"), pending);
    json_w_ki64(h->w, S("securityCount"), security);
    json_w_ki64(h->w, S("securityLists"), security_lists);
    json_w_end(h->w);
}

void host_packages_collect(void *host)
{
    struct host    *h = host;
    struct packages p = { .by_name = map_new_in(h->a, MAP_CASE) };
    if (!read_status(h, &p))
        return;
    json_w_key(h->w, S("packages"));
    json_w_array(h->w);
    for (size_t i = 0; i < p.list.n; i++) {
        json_w_object(h->w);
        json_w_kstr(h->w, S("name"), p.list.p[i]->name);
        json_w_kstr(h->w, S("version"), p.list.p[i]->version);
        json_w_kstr(h->w, S("architecture"), p.list.p[i]->architecture);
        json_w_end(h->w);
    }
    json_w_end(h->w);
    write_updates(h, &p);
}
