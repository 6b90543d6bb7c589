/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <sys/sysmacros.h>

#include "host/host_conf.h"
#include "host/host_read.h"

/* The places that benchmarks want apart, and the root. */
static const char *const POINTS[] = { "/",    "/boot",    "/dev/shm",       "/home",   "/tmp",
                                      "/var", "/var/log", "/var/log/audit", "/var/tmp" };

enum { MAX_LAYERS = 6 };

struct mount {
    str device, type, options;
};

/* The mount that hides all earlier ones of the place. */
static bool find_mount(str text, str point, struct mount *out)
{
    bool found = false;
    for (str line; str_split(&text, '\n', &line);) {
        str device, place, type, options;
        if (host_conf_word(&line, &device) && host_conf_word(&line, &place) && host_conf_word(&line, &type) &&
            host_conf_word(&line, &options) && str_eq(place, point)) {
            *out = (struct mount) { .device = device, .type = type, .options = options };
            found = true;
        }
    }
    return found;
}

static bool has_option(str options, str option)
{
    for (str one; str_split(&options, ',', &one);)
        if (str_eq(one, option))
            return true;
    return false;
}

/* A device whose own or whose lower layer's mapping is one of dm-crypt. */
static bool encrypted(struct host *h, const char *device, unsigned layers)
{
    struct host_names lower;
    if (str_starts(host_read_line(h, host_read_path(h, "%s/dm/uuid", device)), S("CRYPT-")))
        return true;
    if (layers == MAX_LAYERS ||
        host_read_list(h, NULL, host_read_path(h, "%s/slaves", device), &lower) != HOST_READ)
        return false;
    for (size_t i = 0; i < lower.n; i++)
        if (encrypted(h, host_read_path(h, "%s/slaves/%s", device, lower.v[i].p), layers + 1))
            return true;
    return false;
}

/* Told only where the kernel knows the device: not of network file systems, tmpfs or subvolumes. */
static void write_encryption(struct host *h, const char *point)
{
    struct stat st;
    if (host_read_stat(h, point, true, &st) != HOST_READ)
        return;
    const char *device = host_read_path(h, "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
    if (host_read_exists(h, device))
        json_w_kbool(h->w, S("encrypted"), encrypted(h, device, 0));
}

static void write_mount(struct host *h, const char *point, str text)
{
    struct mount m = { 0 };
    bool         separate = find_mount(text, str_of(point), &m);
    json_w_key(h->w, str_of(point));
    json_w_object(h->w);
    json_w_kbool(h->w, S("separate"), separate);
    if (separate) {
        json_w_kstr(h->w, S("type"), m.type);
        json_w_kbool(h->w, S("nodev"), has_option(m.options, S("nodev")));
        json_w_kbool(h->w, S("nosuid"), has_option(m.options, S("nosuid")));
        json_w_kbool(h->w, S("noexec"), has_option(m.options, S("noexec")));
        write_encryption(h, point);
    }
    json_w_end(h->w);
}

void host_mounts_collect(void *host)
{
    struct host   *h = host;
    str            text;
    enum host_seen seen = host_read_text(h, "properties.mounts", "/proc/mounts", &text);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.mounts", "no kernel runs in this root: there is no /proc/mounts");
    if (seen != HOST_READ)
        return;
    json_w_key(h->w, S("mounts"));
    json_w_object(h->w);
    for (size_t i = 0; i < sizeof POINTS / sizeof POINTS[0]; i++)
        write_mount(h, POINTS[i], text);
    json_w_end(h->w);
}
