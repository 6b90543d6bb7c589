/* SPDX-License-Identifier: Apache-2.0 */
/* host/host_conf: the line forms of configuration files. Views into the text given; pure functions but for
 * those that write. */
#ifndef HOST_HOST_CONF_H
#define HOST_HOST_CONF_H

#include "host/host_priv.h"

/* The next line that says something, trimmed, without what follows a comment sign at its start or behind a
 * blank. */
bool host_conf_line(str *rest, str *line);
/* The next word, separated by blanks; "…" and '…' hold blanks and lose their quotes. */
bool host_conf_word(str *rest, str *word);
/* The next line as key and value: "key value", "key = value", "key=value"; a value loses its quotes. */
bool host_conf_pair(str *rest, str *key, str *value);
/* The last value of a key in an INI file's section. */
bool host_conf_ini(str text, str section, str key, str *value);
/* "90s", "2m", "1h30m" or "120" as seconds; -1 when it is none. */
int64_t host_conf_seconds(str text);

/* Writes a member: a whole number as one, other texts as text. */
void host_conf_write(struct json_w *w, str key, str value);
/* PermitRootLogin → permitRootLogin */
str host_conf_camel(struct arena *a, str name);
/* Shell patterns with * and ?, as far as includes and lists of algorithms use them. */
bool host_conf_like(str pattern, str text);

/* Values collected from several files, the last one wins; written in order of first sight. */
struct host_conf_set {
    struct host_conf_entry {
        str key, value;
    } * v;
    size_t n, cap;
};
void host_conf_put(struct arena *a, struct host_conf_set *set, str key, str value);
bool host_conf_get(const struct host_conf_set *set, str key, str *value);
void host_conf_write_set(struct json_w *w, const struct host_conf_set *set);

/* Reads `path` and the drop-ins behind it ("key = value" lines, [sections] skipped) into a set. False: one
 * was refused. */
struct host_conf_source {
    const char        *fact, *path;
    const char *const *dirs;    /* NULL: none */
    const char        *section; /* of an INI file; NULL: every line */
};
bool host_conf_read(struct host *h, const struct host_conf_source *from, struct host_conf_set *out);

#endif
