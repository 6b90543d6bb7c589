/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_result.h"

#include "base/json.h"
#include "base/ts.h"
#include "base/utf8.h"

static size_t blanks(str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return at;
}

/* The end of the JSON value that begins at `at`; at itself when there is none. */
static size_t value_end(str s, size_t at)
{
    size_t from = at, depth = 0;
    bool   quoted = false;

    for (; at < s.n; at++) {
        char c = s.p[at];
        if (quoted) {
            at += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (depth > 0 && (c == ']' || c == '}')) {
            depth--;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            return at;
        }
    }
    return from;
}

/* The text that a JSON string stands for. The engine writes \u only for control characters. */
static void unescape(struct strbuf *out, str s)
{
    static const char FROM[] = "bfnrt", TO[] = "\b\f\n\r\t";

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\' || i + 1 >= s.n) {
            strbuf_addc(out, s.p[i]);
            continue;
        }
        char        c = s.p[++i];
        const char *at = memchr(FROM, c, sizeof FROM - 1);
        if (c == 'u' && i + 4 < s.n) {
            uint32_t cp = 0;
            for (size_t k = 1; k <= 4; k++) {
                char h = s.p[i + k];
                cp = cp * 16 + (uint32_t)(h <= '9' ? h - '0' : (h | 32) - 'a' + 10);
            }
            char utf8[4];
            strbuf_add(out, str_make(utf8, utf8_put(cp, utf8)));
            i += 4;
        } else {
            strbuf_addc(out, at ? TO[at - FROM] : c);
        }
    }
}

static void add_text_of_json(struct strbuf *out, str text)
{
    struct strbuf copy = STRBUF_INIT(text.n * 2 + 16);
    unescape(&copy, text);
    json_escape(out, strbuf_view(&copy));
    strbuf_done(&copy);
}

static bool is_digit(str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static bool is_json_number(str s)
{
    size_t i = s.n > 0 && s.p[0] == '-';
    if (!is_digit(s, i) || (s.p[i] == '0' && is_digit(s, i + 1)))
        return false;
    while (is_digit(s, i))
        i++;
    if (i < s.n && s.p[i] == '.')
        for (i++; is_digit(s, i);)
            i++;
    if (i < s.n && (s.p[i] | 32) == 'e') {
        i += 1 + (i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-'));
        if (!is_digit(s, i))
            return false;
        while (is_digit(s, i))
            i++;
    }
    return i == s.n && s.p[i - 1] != '.';
}

/* Text that is no JSON (it cannot be, and yet) goes out quoted, so that the reply stays JSON. */
static bool looks_like_json(str s)
{
    char first = s.p[0], last = s.p[s.n - 1];
    return (first == '{' && last == '}') || (first == '[' && last == ']') ||
           (first == '"' && last == '"' && s.n > 1) || is_json_number(s) || str_eq(s, S("true")) ||
           str_eq(s, S("false"));
}

static void add_dynamic(struct strbuf *out, str cell, enum kql_result_dynamic how)
{
    struct strbuf text = STRBUF_INIT(cell.n + 16);

    if (cell.n >= 2 && cell.p[0] == '"')
        unescape(&text, str_slice(cell, 1, cell.n - 1));
    str json = strbuf_view(&text);
    if (json.n == 0 || str_eq(json, S("null")))
        strbuf_addz(out, "null");
    else if (how == KQL_RESULT_DYNAMIC_VALUE && looks_like_json(json))
        strbuf_add(out, json);
    else
        json_escape(out, json);
    strbuf_done(&text);
}

static void add_timespan(struct strbuf *out, str cell)
{
    int64_t ticks;
    char    buf[TS_TEXT_SIZE];

    if (!str_to_i64(cell, &ticks)) {
        strbuf_addz(out, "null");
        return;
    }
    strbuf_addc(out, '"');
    strbuf_add(out, duration_text(ticks, buf));
    strbuf_addc(out, '"');
}

static void add_real(struct strbuf *out, str cell)
{
    static const struct {
        const char *engine, *kusto;
    } WORDS[] = { { "\"nan\"", "\"NaN\"" },
                  { "\"-nan\"", "\"NaN\"" },
                  { "\"inf\"", "\"Infinity\"" },
                  { "\"-inf\"", "\"-Infinity\"" } };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_eq(cell, str_of(WORDS[i].engine))) {
            strbuf_addz(out, WORDS[i].kusto);
            return;
        }
    strbuf_add(out, cell);
}

static void add_cell(struct strbuf *out, enum kql_type type, str cell, enum kql_result_dynamic dynamic)
{
    bool null = str_eq(cell, S("null"));

    switch (type) {
    case KQL_DYNAMIC:
        add_dynamic(out, cell, dynamic);
        break;
    case KQL_TIMESPAN:
        add_timespan(out, cell);
        break;
    case KQL_REAL:
        add_real(out, cell);
        break;
    case KQL_BOOL:
        strbuf_add(out, str_eq(cell, S("1")) ? S("true") : str_eq(cell, S("0")) ? S("false") : cell);
        break;
    case KQL_STRING:
        if (null)
            strbuf_addz(out, "\"\"");
        else if (cell.n > 0 && cell.p[0] == '"')
            strbuf_add(out, cell);
        else
            add_text_of_json(out, cell);
        break;
    case KQL_DECIMAL:
        if (null || (cell.n > 0 && cell.p[0] == '"'))
            strbuf_add(out, cell);
        else
            strbuf_addf(out, "\"" STR_FMT "\"", STR_ARG(cell));
        break;
    default:
        strbuf_add(out, cell);
        break;
    }
}

enum rc kql_result_row(const struct kql_column *columns, size_t n_columns, str line,
                       enum kql_result_dynamic dynamic, struct strbuf *out, struct err *err)
{
    size_t at = blanks(line, 0);

    if (at >= line.n || line.p[at] != '[')
        return err_set(err, RC_CORRUPT, "a row of the engine is no array");
    at++;
    strbuf_addc(out, '[');
    for (size_t i = 0; i < n_columns; i++) {
        at = blanks(line, at);
        size_t end = value_end(line, at);
        if (end == at)
            return err_set(err, RC_CORRUPT, "a row of the engine has %zu cells, not %zu", i, n_columns);
        strbuf_addz(out, i > 0 ? "," : "");
        add_cell(out, columns[i].type, str_trim(str_slice(line, at, end)), dynamic);
        at = end + (line.p[end] == ',');
    }
    strbuf_addc(out, ']');
    return RC_OK;
}

void kql_result_columns(const struct kql_column *columns, size_t n_columns, struct strbuf *out)
{
    struct json_w w = json_w_make(out);

    json_w_array(&w);
    for (size_t i = 0; i < n_columns; i++) {
        json_w_object(&w);
        json_w_kstr(&w, S("name"), columns[i].name);
        json_w_kstr(&w, S("type"), kql_type_name(columns[i].type));
        json_w_end(&w);
    }
    json_w_end(&w);
}
