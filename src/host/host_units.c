/* SPDX-License-Identifier: Apache-2.0 */
/* Units of systemd from their files and links, and from the cgroups of those that run: no bus is asked. */
#include "base/map.h"
#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const UNIT_DIRS[] = { "/etc/systemd/system", "/run/systemd/system",
                                         "/usr/local/lib/systemd/system", "/lib/systemd/system", NULL };
static const char *const SUFFIXES[] = { ".service", ".socket", ".timer", NULL };

/* Names that stand in some X.wants or X.requires of /etc or /run: started at boot. */
static void take_wanted(struct host *h, const char *dir, struct map *wanted)
{
    static char       yes;
    struct host_names folders, units;
    if (host_read_list(h, NULL, dir, &folders) != HOST_READ)
        return;
    for (size_t i = 0; i < folders.n; i++) {
        if (!str_ends(folders.v[i], S(".wants")) && !str_ends(folders.v[i], S(".requires")))
            continue;
        if (host_read_list(h, NULL, host_read_path(h, "%s/%s", dir, folders.v[i].p), &units) != HOST_READ)
            continue;
        for (size_t k = 0; k < units.n; k++)
            map_put(wanted, units.v[k], &yes);
    }
}

static bool running(struct host *h, str name)
{
    return host_read_line(
               h, host_read_path(h, "/sys/fs/cgroup/system.slice/" STR_FMT "/cgroup.procs", STR_ARG(name)))
               .n > 0;
}

/* As `systemctl is-enabled` says it, for what files tell. */
static str unit_state(struct host *h, const char *path, str name, const struct map *wanted)
{
    str text, link = host_read_link(h, path), value;
    if (str_eq(link, S("/dev/null")))
        return S("masked");
    if (link.n && !str_eq(str_from(link, str_rfind_byte(link, '/') + 1), name) &&
        str_find_byte(name, '@') == STR_NPOS)
        return S("alias");
    if (map_has(wanted, name))
        return S("enabled");
    if (host_read_text(h, NULL, path, &text) != HOST_READ)
        return S("unknown");
    bool can = host_conf_ini(text, S("Install"), S("WantedBy"), &value) ||
               host_conf_ini(text, S("Install"), S("RequiredBy"), &value) ||
               host_conf_ini(text, S("Install"), S("Also"), &value) ||
               host_conf_ini(text, S("Install"), S("Alias"), &value);
    return can ? S("disabled") : S("static");
}

static void write_unit(struct host *h, const char *path, const struct map *wanted)
{
    str name = str_from(str_of(path), str_rfind_byte(str_of(path), '/') + 1);
    str state = unit_state(h, path, name, wanted);
    json_w_object(h->w);
    json_w_kstr(h->w, S("name"), name);
    json_w_kstr(h->w, S("state"), state);
    json_w_kbool(h->w, S("enabled"), str_eq(state, S("enabled")));
    if (str_ends(name, S(".service")))
        json_w_kbool(h->w, S("running"), running(h, name));
    json_w_end(h->w);
}

void host_units_collect(void *host)
{
    struct host *h = host;
    struct map  *wanted = map_new_in(h->a, MAP_CASE);
    for (size_t i = 0; UNIT_DIRS[i]; i++)
        take_wanted(h, UNIT_DIRS[i], wanted);
    if (!host_read_exists(h, "/lib/systemd/system")) {
        host_read_gap(h, "properties.services", "there is no systemd: /lib/systemd/system is missing");
        return;
    }
    json_w_key(h->w, S("services"));
    json_w_array(h->w);
    for (size_t s = 0; SUFFIXES[s]; s++) {
        struct host_names units;
        if (host_read_dropins(h, "properties.services", UNIT_DIRS, SUFFIXES[s], &units) != HOST_READ)
            continue;
        for (size_t i = 0; i < units.n; i++)
            write_unit(h, units.v[i].p, wanted);
    }
    json_w_end(h->w);
}
