/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "host/host_read.h"

static const char *const QUALITY_DIRS[] = { "/etc/security/pwquality.conf.d", NULL };

/* The control may be [success=1 default=ignore]: one word with blanks. */
static bool take_control(str *rest, str *out)
{
    str    s = str_trim(*rest);
    size_t end = s.n && s.p[0] == '[' ? str_find_byte(s, ']') : STR_NPOS;
    if (end == STR_NPOS)
        return host_conf_word(rest, out);
    *out = str_slice(s, 0, end + 1);
    *rest = str_from(s, end + 1);
    return true;
}

static void write_line(struct host *h, str service, str line)
{
    str type, control, module, argument;
    if (str_starts(line, S("@")) || !host_conf_word(&line, &type) || !take_control(&line, &control) ||
        !host_conf_word(&line, &module))
        return;
    json_w_object(h->w);
    json_w_kstr(h->w, S("service"), service);
    json_w_kstr(h->w, S("type"), str_trim_chars(type, S("-")));
    json_w_kstr(h->w, S("control"), control);
    json_w_kstr(h->w, S("module"), str_from(module, str_rfind_byte(module, '/') + 1));
    json_w_key(h->w, S("arguments"));
    json_w_array(h->w);
    while (host_conf_word(&line, &argument))
        json_w_str(h->w, argument);
    json_w_end(h->w);
    json_w_end(h->w);
}

static bool write_lines(struct host *h)
{
    struct host_names names;
    enum host_seen    seen = host_read_list(h, "properties.pam.lines", "/etc/pam.d", &names);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.pam.lines", "there is no /etc/pam.d");
    if (seen != HOST_READ)
        return false;
    json_w_key(h->w, S("lines"));
    json_w_array(h->w);
    for (size_t i = 0; i < names.n; i++) {
        str text;
        if (host_read_text(h, "properties.pam", host_read_path(h, "/etc/pam.d/%s", names.v[i].p), &text) !=
            HOST_READ)
            continue;
        for (str line; host_conf_line(&text, &line);)
            write_line(h, names.v[i], line);
    }
    json_w_end(h->w);
    return true;
}

static void write_settings(struct host *h, str key, const struct host_conf_source *from)
{
    struct host_conf_set set = { 0 };
    if (!host_conf_read(h, from, &set))
        return;
    json_w_key(h->w, key);
    json_w_object(h->w);
    for (size_t i = 0; i < set.n; i++) /* a bare word switches something on */
        if (set.v[i].value.n)
            host_conf_write(h->w, set.v[i].key, set.v[i].value);
        else
            json_w_kbool(h->w, set.v[i].key, true);
    json_w_end(h->w);
}

void host_pam_collect(void *host)
{
    struct host *h = host;
    json_w_key(h->w, S("pam"));
    json_w_object(h->w);
    if (write_lines(h)) {
        write_settings(h, S("pwquality"),
                       &(struct host_conf_source) { "properties.pam.pwquality",
                                                    "/etc/security/pwquality.conf", QUALITY_DIRS, NULL });
        write_settings(h, S("faillock"),
                       &(struct host_conf_source) { "properties.pam.faillock", "/etc/security/faillock.conf",
                                                    NULL, NULL });
        write_settings(h, S("pwhistory"),
                       &(struct host_conf_source) { "properties.pam.pwhistory",
                                                    "/etc/security/pwhistory.conf", NULL, NULL });
    }
    json_w_end(h->w);
}
