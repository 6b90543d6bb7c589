/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "host/host_read.h"

static str container_kind(struct host *h)
{
    str kind = host_read_line(h, "/run/systemd/container");
    if (kind.n)
        return kind;
    if (host_read_exists(h, "/.dockerenv"))
        return S("docker");
    return host_read_exists(h, "/run/.containerenv") ? S("podman") : STR_NONE;
}

/* The names that Azure Arc gives the same things. */
static void write_arc_names(struct host *h, const struct host_conf_set *release)
{
    str name = STR_NONE, version = STR_NONE, pretty = STR_NONE;
    host_conf_get(release, S("ID"), &name);
    host_conf_get(release, S("VERSION_ID"), &version);
    host_conf_get(release, S("PRETTY_NAME"), &pretty);
    json_w_kstr(h->w, S("osType"), S("linux"));
    json_w_kstr(h->w, S("osName"), S("linux"));
    json_w_kstr(h->w, S("osSku"), pretty);
    json_w_kstr(h->w, S("osVersion"), host_read_line(h, "/proc/sys/kernel/osrelease"));
    json_w_kstr(h->w, S("status"), S("Connected"));
    json_w_key(h->w, S("os"));
    json_w_object(h->w);
    json_w_kstr(h->w, S("id"), name);
    json_w_kstr(h->w, S("versionId"), version);
    json_w_kstr(h->w, S("name"), pretty);
}

void host_os_collect(void *host)
{
    struct host         *h = host;
    struct host_conf_set release = { 0 };
    str                  kind = container_kind(h), text;
    enum host_seen       seen = host_read_text(h, "properties.os", "/etc/os-release", &text);
    if (seen == HOST_ABSENT)
        seen = host_read_text(h, "properties.os", "/usr/lib/os-release", &text);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.os", "there is no /etc/os-release");
    if (seen != HOST_READ)
        return;
    for (str key, value; host_conf_pair(&text, &key, &value);)
        host_conf_put(h->a, &release, key, value);
    write_arc_names(h, &release);
    json_w_kbool(h->w, S("isContainer"), kind.n > 0);
    if (kind.n)
        json_w_kstr(h->w, S("container"), kind);
    json_w_kbool(h->w, S("rebootRequired"), host_read_exists(h, "/run/reboot-required"));
    json_w_end(h->w);
}
