/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_edit.h"

enum { AROUND = 3 };

static void add_line(struct strbuf *out, str line)
{
    strbuf_add(out, line);
    strbuf_addc(out, '\n');
}

static void add_setting(struct strbuf *out, const struct host_edit_setting *s)
{
    strbuf_add(out, s->key);
    strbuf_add(out, s->separator);
    strbuf_add(out, s->value);
    strbuf_addc(out, '\n');
}

static bool is_header(str line)
{
    return line.n > 2 && line.p[0] == '[' && line.p[line.n - 1] == ']';
}

static bool sets(str line, str key)
{
    line = str_trim(line);
    if (!str_starts_ci(line, key) || line.n == key.n)
        return false;
    char behind = line.p[key.n];
    return behind == ' ' || behind == '\t' || behind == '=';
}

void host_edit_set(str text, const struct host_edit_setting *s, struct strbuf *out)
{
    bool inside = s->section.n == 0, done = false;
    for (str line; text.n && str_split(&text, '\n', &line);) {
        str said = str_trim(line);
        if (s->section.n && is_header(said)) {
            if (inside && !done) {
                add_setting(out, s);
                done = true;
            }
            inside = str_eq(str_slice(said, 1, said.n - 1), s->section);
        }
        if (!inside || !sets(line, s->key)) {
            add_line(out, line);
        } else if (!done) {
            add_setting(out, s);
            done = true;
        }
    }
    if (done)
        return;
    if (!inside)
        strbuf_addf(out, "[" STR_FMT "]\n", STR_ARG(s->section));
    add_setting(out, s);
}

void host_edit_line(str text, str wanted, struct strbuf *out)
{
    bool there = false;
    for (str line; text.n && str_split(&text, '\n', &line);) {
        there |= str_eq(str_trim(line), str_trim(wanted));
        add_line(out, line);
    }
    if (!there)
        add_line(out, wanted);
}

static size_t count_lines(str text)
{
    size_t n = 0;
    for (str line; text.n && str_split(&text, '\n', &line);)
        n++;
    return n;
}

/* Lines from number `from` to before `to`, each behind its sign. */
static void add_part(struct strbuf *out, str text, size_t from, size_t to, const char *sign)
{
    size_t i = 0;
    for (str line; i < to && text.n && str_split(&text, '\n', &line); i++)
        if (i >= from) {
            strbuf_addz(out, sign);
            add_line(out, line);
        }
}

static size_t shared_head(str a, str b)
{
    size_t n = 0;
    for (str x, y; a.n && b.n && str_split(&a, '\n', &x) && str_split(&b, '\n', &y) && str_eq(x, y);)
        n++;
    return n;
}

static str last_line(str *text)
{
    if (text->n && text->p[text->n - 1] == '\n')
        text->n--;
    size_t at = str_rfind_byte(*text, '\n');
    str    line = at == STR_NPOS ? *text : str_from(*text, at + 1);
    *text = str_slice(*text, 0, at == STR_NPOS ? 0 : at + 1);
    return line;
}

static size_t shared_tail(str a, str b, size_t most)
{
    size_t n = 0;
    while (n < most && a.n && b.n && str_eq(last_line(&a), last_line(&b)))
        n++;
    return n;
}

void host_edit_diff(str before, str after, struct strbuf *out)
{
    size_t n = count_lines(before), m = count_lines(after), head = shared_head(before, after);
    size_t most = (n < m ? n : m) - head, tail = shared_tail(before, after, most);
    size_t start = head > AROUND ? head - AROUND : 0;
    if (head == n && head == m)
        return;
    add_part(out, before, start, head, "  ");
    add_part(out, before, head, n - tail, "- ");
    add_part(out, after, head, m - tail, "+ ");
    add_part(out, before, n - tail, n - tail + (tail < AROUND ? tail : AROUND), "  ");
}
