/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"

#include "host/host_read.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static str without_comment(str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '#' && (i == 0 || is_blank(line.p[i - 1])))
            return str_slice(line, 0, i);
    return line;
}

bool host_conf_line(str *rest, str *line)
{
    str raw;
    while (str_split(rest, '\n', &raw)) {
        *line = str_trim(without_comment(raw));
        if (line->n)
            return true;
    }
    return false;
}

bool host_conf_word(str *rest, str *word)
{
    str s = str_trim(*rest);
    if (s.n == 0)
        return false;
    size_t end = 0;
    if (s.p[0] == '"' || s.p[0] == '\'') {
        size_t close = str_find_byte(str_from(s, 1), s.p[0]);
        end = close == STR_NPOS ? s.n : close + 1;
        *word = str_slice(s, 1, end);
        *rest = str_from(s, end + 1);
        return true;
    }
    while (end < s.n && !is_blank(s.p[end]))
        end++;
    *word = str_slice(s, 0, end);
    *rest = str_from(s, end);
    return true;
}

static str unquoted(str s)
{
    bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
    return quoted ? str_slice(s, 1, s.n - 1) : s;
}

bool host_conf_pair(str *rest, str *key, str *value)
{
    str line;
    if (!host_conf_line(rest, &line))
        return false;
    size_t end = 0;
    while (end < line.n && !is_blank(line.p[end]) && line.p[end] != '=')
        end++;
    *key = str_slice(line, 0, end);
    str behind = str_trim(str_from(line, end));
    if (behind.n && behind.p[0] == '=')
        behind = str_trim(str_from(behind, 1));
    *value = unquoted(behind);
    return true;
}

/* Systemd takes comments at the start of a line only, and '#' or ';' for them. */
static bool ini_line(str *rest, str *line)
{
    while (str_split(rest, '\n', line)) {
        *line = str_trim(*line);
        if (line->n && line->p[0] != '#' && line->p[0] != ';')
            return true;
    }
    return false;
}

static str section_of(str line)
{
    return line.n >= 2 && line.p[0] == '[' && line.p[line.n - 1] == ']' ? str_slice(line, 1, line.n - 1)
                                                                        : STR_NONE;
}

bool host_conf_ini(str text, str section, str key, str *value)
{
    bool inside = false, found = false;
    for (str line; ini_line(&text, &line);) {
        str name = section_of(line);
        if (name.p) {
            inside = str_eq(name, section);
            continue;
        }
        size_t sign = str_find_byte(line, '=');
        if (inside && sign != STR_NPOS && str_eq(str_trim(str_slice(line, 0, sign)), key)) {
            *value = str_trim(str_from(line, sign + 1));
            found = true;
        }
    }
    return found;
}

static int64_t unit_of(char c)
{
    switch (c) {
    case 's':
    case 'S':
        return 1;
    case 'm':
    case 'M':
        return 60;
    case 'h':
    case 'H':
        return 3600;
    case 'd':
    case 'D':
        return 86400;
    case 'w':
    case 'W':
        return 604800;
    default:
        return 0;
    }
}

int64_t host_conf_seconds(str text)
{
    int64_t total = 0;
    if (text.n == 0)
        return -1;
    while (text.n) {
        size_t   digits = 0;
        uint64_t number;
        while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
            digits++;
        if (!str_to_u64(str_slice(text, 0, digits), &number) || number > INT32_MAX)
            return -1;
        int64_t unit = digits < text.n ? unit_of(text.p[digits]) : 1;
        if (unit == 0)
            return -1;
        total += (int64_t)number * unit;
        text = str_from(text, digits + 1);
    }
    return total;
}

void host_conf_write(struct json_w *w, str key, str value)
{
    int64_t number;
    json_w_key(w, key);
    /* 022 and 0640 are no numbers of base ten: they stay as they are written. */
    bool octal = value.n > 1 && value.p[0] == '0';
    if (!octal && value.n && value.p[0] != '+' && str_to_i64(value, &number))
        json_w_i64(w, number);
    else
        json_w_str(w, value);
}

/* MACs → macs, TCPKeepAlive → tcpKeepAlive, UseDNS → useDNS: a run of capitals at the start falls, but for
 * the one that begins the next word. */
str host_conf_camel(struct arena *a, str name)
{
    char   text[64];
    size_t n = 0;
    for (; n < name.n && n < sizeof text; n++) {
        char c = name.p[n];
        bool capital = c >= 'A' && c <= 'Z';
        bool next_small = n + 1 < name.n && name.p[n + 1] >= 'a' && name.p[n + 1] <= 'z';
        bool last = n + 2 == name.n; /* the plural of MACs */
        if (!capital || (n > 0 && next_small && !last))
            break;
        text[n] = (char)(c + 'a' - 'A');
    }
    for (; n < name.n && n < sizeof text; n++)
        text[n] = name.p[n];
    return arena_str(a, str_make(text, n));
}

bool host_conf_like(str pattern, str text)
{
    size_t p = 0, t = 0, star = STR_NPOS, retry = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
            p++;
            t++;
        } else if (star != STR_NPOS) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

void host_conf_put(struct arena *a, struct host_conf_set *set, str key, str value)
{
    for (size_t i = 0; i < set->n; i++)
        if (str_eq(set->v[i].key, key)) {
            set->v[i].value = value;
            return;
        }
    if (set->n == HOST_MAX_LIST)
        return;
    if (set->n == set->cap)
        set->v = vec_grow_in(a, set->v, set->n, &set->cap, sizeof *set->v);
    set->v[set->n++] = (struct host_conf_entry) { .key = key, .value = value };
}

bool host_conf_get(const struct host_conf_set *set, str key, str *value)
{
    for (size_t i = 0; i < set->n; i++)
        if (str_eq(set->v[i].key, key)) {
            *value = set->v[i].value;
            return true;
        }
    return false;
}

void host_conf_write_set(struct json_w *w, const struct host_conf_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        host_conf_write(w, set->v[i].key, set->v[i].value);
}

static void take_pairs(struct host *h, str text, const char *section, struct host_conf_set *out)
{
    bool inside = section == NULL;
    for (str line; ini_line(&text, &line);) {
        str name = section_of(line), one = line, key, value;
        if (name.p)
            inside = section == NULL || str_eq(name, str_of(section));
        else if (inside && host_conf_pair(&one, &key, &value))
            host_conf_put(h->a, out, key, value);
    }
}

bool host_conf_read(struct host *h, const struct host_conf_source *from, struct host_conf_set *out)
{
    struct host_names names = { 0 };
    str               text;
    enum host_seen    seen = host_read_text(h, from->fact, from->path, &text);
    if (seen == HOST_REFUSED)
        return false;
    take_pairs(h, text, from->section, out);
    if (from->dirs && host_read_dropins(h, from->fact, from->dirs, ".conf", &names) == HOST_REFUSED)
        return false;
    for (size_t i = 0; i < names.n; i++) {
        if (host_read_text(h, from->fact, names.v[i].p, &text) == HOST_REFUSED)
            return false;
        take_pairs(h, text, from->section, out);
    }
    return true;
}
