/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli_table.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { GAP = 2, LEAST = 6, CELL_MAX = 1 << 16, JSON_MAX = 4 << 20 };

size_t cli_table_terminal(void)
{
    struct winsize w;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col < 20)
        return 80;
    return w.ws_col;
}

static size_t char_width(uint32_t cp)
{
    int w = wcwidth((wchar_t)cp);
    return w < 0 ? 1 : (size_t)w; /* control characters are shown as one blank */
}

size_t cli_table_width(str s)
{
    size_t at = 0, width = 0;
    while (at < s.n)
        width += char_width(utf8_next(s, &at));
    return width;
}

static bool is_control(uint32_t cp)
{
    /* C0, DEL, C1, and the marks that turn the direction of writing */
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

/* Puts at most `width` columns of the text, with an ellipsis when it is longer. Returns the columns used. */
static size_t put_cut(struct strbuf *out, str s, size_t width)
{
    bool   cut = cli_table_width(s) > width;
    size_t at = 0, used = 0, room = cut && width ? width - 1 : width;
    while (at < s.n) {
        size_t   from = at;
        uint32_t cp = utf8_next(s, &at);
        if (used + char_width(cp) > room)
            break;
        used += char_width(cp);
        if (is_control(cp))
            strbuf_addc(out, ' ');
        else if (cp == UTF8_BAD)
            strbuf_addz(out, "\xEF\xBF\xBD");
        else
            strbuf_add(out, str_slice(s, from, at));
    }
    if (cut && width) {
        strbuf_addz(out, "…");
        used++;
    }
    return used;
}

static void put_cell(struct strbuf *out, str s, size_t width, bool right, bool last)
{
    size_t have = cli_table_width(s);
    for (size_t i = have; right && i < width; i++)
        strbuf_addc(out, ' ');
    size_t used = put_cut(out, s, width);
    for (size_t i = used; !right && !last && i < width; i++)
        strbuf_addc(out, ' ');
    for (size_t i = 0; !last && i < GAP; i++)
        strbuf_addc(out, ' ');
}

/* Takes from the widest columns until all fit, but leaves each LEAST. */
static void shrink(size_t *widths, size_t n, size_t width)
{
    for (;;) {
        size_t sum = n ? (n - 1) * GAP : 0, widest = 0, second = LEAST;
        for (size_t i = 0; i < n; i++) {
            sum += widths[i];
            if (widths[i] > widths[widest])
                widest = i;
        }
        for (size_t i = 0; i < n; i++) {
            if (widths[i] < widths[widest] && widths[i] > second)
                second = widths[i];
        }
        if (sum <= width || widths[widest] <= LEAST)
            return;
        size_t excess = sum - width, step = widths[widest] - second;
        step = step ? step : 1;
        widths[widest] -= excess < step ? excess : step;
    }
}

static void print_row(FILE *to, const struct cli_table *t, const size_t *widths, const str *cells)
{
    AUTO_STRBUF line = STRBUF_INIT(CELL_MAX * 4);
    for (size_t i = 0; i < t->n_columns; i++) {
        str cell = cells ? cells[i] : t->columns[i].name;
        put_cell(&line, cell, widths[i], t->columns[i].right, i + 1 == t->n_columns);
    }
    strbuf_addc(&line, '\n');
    fwrite(line.p, 1, line.n, to);
}

str cli_table_cell(struct arena *a, const struct json *value)
{
    AUTO_STRBUF out = STRBUF_INIT(JSON_MAX);
    if (!value || value->kind == JSON_NULL)
        return STR_NONE;
    if (value->kind == JSON_STRING)
        return value->s;
    json_print(&out, value, 0);
    return arena_str(a, strbuf_view(&out));
}

str cli_table_clean(struct arena *a, str s)
{
    AUTO_STRBUF out = STRBUF_INIT(CELL_MAX);
    put_cut(&out, s, CLI_TABLE_CLEAN);
    return arena_str(a, strbuf_view(&out));
}

void cli_table_print(FILE *to, const struct cli_table *t, size_t width)
{
    AUTO(mem) memory = mem_array(t->n_columns + 1, sizeof(size_t));
    size_t *widths = memory;

    for (size_t c = 0; c < t->n_columns; c++) {
        widths[c] = cli_table_width(t->columns[c].name);
        for (size_t r = 0; r < t->n_rows; r++) {
            size_t w = cli_table_width(t->cells[r * t->n_columns + c]);
            widths[c] = w > widths[c] ? w : widths[c];
        }
        widths[c] = widths[c] < CELL_MAX ? widths[c] : CELL_MAX;
    }
    if (width)
        shrink(widths, t->n_columns, width);
    fputs(cli_table_style("\033[1m"), to);
    print_row(to, t, widths, NULL);
    fputs(cli_table_style("\033[0m"), to);
    for (size_t r = 0; r < t->n_rows; r++)
        print_row(to, t, widths, t->cells + r * t->n_columns);
}

void cli_table_csv(struct strbuf *out, str cell)
{
    bool quote = false;
    for (size_t i = 0; i < cell.n; i++)
        quote |= cell.p[i] == ',' || cell.p[i] == '"' || cell.p[i] == '\n' || cell.p[i] == '\r';
    if (!quote) {
        strbuf_add(out, cell);
        return;
    }
    strbuf_addc(out, '"');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            strbuf_addc(out, '"');
        strbuf_addc(out, cell.p[i]);
    }
    strbuf_addc(out, '"');
}

const char *cli_table_style(const char *sequence)
{
    const char *no = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(no && no[0]) ? sequence : "";
}
