/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of known shape: paths, CSV, command lines; several replacements at once; sizes for people. */
#include <math.h>

#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

/* --- parse_path --- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static size_t last_slash(str s)
{
    size_t i = s.n;
    while (i > 0 && !is_slash(s.p[i - 1]))
        i--;
    return i > 0 ? i - 1 : STR_NPOS;
}

/* Cuts "name://" off the front. */
static str take_scheme(str *rest)
{
    size_t n = 0;

    while (n < rest->n &&
           (is_letter(rest->p[n]) || (n > 0 && rest->p[n] && strchr("0123456789+.-", rest->p[n]))))
        n++;
    if (n < 2 || !str_starts(str_from(*rest, n), S("://")))
        return S("");
    str scheme = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n + 3);
    return scheme;
}

static void add_member(struct strbuf *out, bool *first, const char *key, str value)
{
    scalar_json_key(out, first, str_of(key));
    scalar_json_quote(out, value);
}

void scalar_text_parse_path(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    str  rest = argv[0].s, stream = S(""), extension = S(""), root = S("");
    bool first = true;
    TEXT_OUT;

    if (rest.n == 0)
        return;
    str scheme = take_scheme(&rest);
    if (rest.n > 2 && is_letter(rest.p[0]) && rest.p[1] == ':' && is_slash(rest.p[2]))
        root = str_slice(rest, 0, 2);
    size_t slash = last_slash(rest);
    str    directory = slash == STR_NPOS ? S("") : str_slice(rest, 0, slash);
    str    file = slash == STR_NPOS ? rest : str_from(rest, slash + 1);
    size_t colon = str_find_byte(file, ':');
    if (colon != STR_NPOS) {
        stream = str_from(file, colon + 1);
        file = str_slice(file, 0, colon);
    }
    size_t dot = str_rfind_byte(file, '.');
    if (dot != STR_NPOS)
        extension = str_from(file, dot + 1);
    size_t above = last_slash(directory);
    strbuf_addc(&text, '{');
    add_member(&text, &first, "Scheme", scheme);
    add_member(&text, &first, "RootPath", root);
    add_member(&text, &first, "DirectoryPath", directory);
    add_member(&text, &first, "DirectoryName",
               above == STR_NPOS ? directory : str_from(directory, above + 1));
    add_member(&text, &first, "Filename", file);
    add_member(&text, &first, "Extension", extension);
    add_member(&text, &first, "AlternateDataStreamName", stream);
    strbuf_addc(&text, '}');
    scalar_give(a, &text, out);
}

/* --- parse_csv: the fields of the first record --- */

/* A field, plain or in quotes, from *at on; false at the end of the record. */
static bool next_field(str s, size_t *at, struct strbuf *field)
{
    bool quoted = *at < s.n && s.p[*at] == '"';

    strbuf_clear(field);
    if (quoted)
        ++*at;
    for (; *at < s.n; ++*at) {
        char c = s.p[*at];
        if (quoted && c == '"' && *at + 1 < s.n && s.p[*at + 1] == '"')
            ++*at;
        else if (quoted && c == '"') {
            quoted = false;
            continue;
        } else if (!quoted && c == ',') {
            ++*at;
            return true;
        } else if (!quoted && (c == '\n' || c == '\r')) {
            return false;
        }
        strbuf_addc(field, c);
    }
    return false;
}

void scalar_text_parse_csv(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    AUTO_STRBUF field = STRBUF_INIT(SCALAR_MAX_TEXT);
    size_t      at = 0;
    bool        more = argv[0].s.n > 0;
    TEXT_OUT;

    if (!more)
        return;
    while (more) {
        more = next_field(argv[0].s, &at, &field);
        strbuf_addc(&text, text.n > 0 ? ',' : '[');
        scalar_json_quote(&text, strbuf_view(&field));
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- parse_command_line, as Windows parts it --- */

/* Backslashes count only before a quote: half of them stay, and an odd one makes the quote a letter. Two
 * quotes within quotes are one. */
static void add_argument(str s, size_t *at, struct strbuf *word)
{
    bool quoted = false;

    while (*at < s.n && (quoted || (s.p[*at] != ' ' && s.p[*at] != '\t'))) {
        size_t slashes = 0;
        while (*at < s.n && s.p[*at] == '\\') {
            slashes++;
            ++*at;
        }
        bool quote = *at < s.n && s.p[*at] == '"';
        for (size_t i = quote ? slashes / 2 : slashes; i > 0; i--)
            strbuf_addc(word, '\\');
        if (!quote) {
            if (slashes == 0)
                strbuf_addc(word, s.p[(*at)++]);
            continue;
        }
        ++*at;
        if (slashes % 2)
            strbuf_addc(word, '"');
        else if (quoted && *at < s.n && s.p[*at] == '"')
            strbuf_addc(word, s.p[(*at)++]);
        else
            quoted = !quoted;
    }
}

/* The first word is the program's name: in it backslashes are what they are. */
static void add_program(str s, size_t *at, struct strbuf *word)
{
    bool quoted = false;

    for (; *at < s.n && (quoted || (s.p[*at] != ' ' && s.p[*at] != '\t')); ++*at) {
        if (s.p[*at] == '"')
            quoted = !quoted;
        else
            strbuf_addc(word, s.p[*at]);
    }
}

void scalar_text_parse_command_line(struct arena *a, const struct scalar_value *argv,
                                    struct scalar_value *out)
{
    AUTO_STRBUF word = STRBUF_INIT(SCALAR_MAX_TEXT);
    str         s = argv[0].s;
    TEXT_OUT;

    if (!str_eq_ci(argv[1].s, S("windows")))
        return;
    for (size_t at = 0;;) {
        while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
            at++;
        if (at >= s.n)
            break;
        strbuf_clear(&word);
        if (text.n == 0)
            add_program(s, &at, &word);
        else
            add_argument(s, &at, &word);
        strbuf_addc(&text, text.n > 0 ? ',' : '[');
        scalar_json_quote(&text, strbuf_view(&word));
    }
    if (text.n == 0)
        return;
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

/* --- replace_strings: all at once; what an earlier text has matched a later one leaves alone --- */

enum { FREE = 0, TAKEN = UINT32_MAX }; /* else: the number of the text that begins there, from 1 */

/* The text at `at` is that, and nobody has any of it. */
static bool is_free(const uint32_t *owner, str s, size_t at, str what)
{
    if (!str_starts(str_from(s, at), what))
        return false;
    for (size_t i = 0; i < what.n; i++)
        if (owner[at + i] != FREE)
            return false;
    return true;
}

static void claim(uint32_t *owner, str s, str what, uint32_t number)
{
    for (size_t at = 0; what.n > 0 && at + what.n <= s.n;) {
        if (!is_free(owner, s, at, what)) {
            at++;
            continue;
        }
        owner[at] = number;
        for (size_t i = 1; i < what.n; i++)
            owner[at + i] = TAKEN;
        at += what.n;
    }
}

/* What is no text replaces nothing. */
static str rewrite_of(const struct scalar_json *rewrites, uint32_t i, str what)
{
    const struct scalar_json *to = rewrites;

    if (rewrites->kind == SCALAR_JSON_ARRAY && i >= rewrites->n)
        return S("");
    if (rewrites->kind == SCALAR_JSON_ARRAY)
        to = &rewrites->items[i];
    return to->kind == SCALAR_JSON_STRING ? to->s : what;
}

void scalar_text_replace_strings(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json lookups, rewrites;
    str                s = argv[0].s;
    uint32_t          *owner = arena_try_alloc(a, (s.n + 1) * sizeof *owner);
    TEXT_OUT;

    if (!owner || !scalar_json_parse(a, argv[1].s, &lookups) || lookups.kind != SCALAR_JSON_ARRAY ||
        !scalar_json_parse(a, argv[2].s, &rewrites)) {
        *out = argv[0];
        return;
    }
    memset(owner, 0, s.n * sizeof *owner);
    for (uint32_t i = 0; i < lookups.n; i++)
        if (lookups.items[i].kind == SCALAR_JSON_STRING)
            claim(owner, s, lookups.items[i].s, i + 1);
    for (size_t at = 0; at < s.n; at++) {
        if (owner[at] == FREE)
            strbuf_addc(&text, s.p[at]);
        else if (owner[at] != TAKEN)
            strbuf_add(&text, rewrite_of(&rewrites, owner[at] - 1, lookups.items[owner[at] - 1].s));
    }
    scalar_give(a, &text, out);
}

/* --- format_bytes --- */

enum { UNITS = 7, MAX_PRECISION = 15 };

static const char *const UNIT_NAMES[UNITS] = { "Bytes", "KB", "MB", "GB", "TB", "PB", "EB" };

/* Rounded to some digits behind the point, without zeros at the end. */
static void add_rounded(struct strbuf *out, double v, int precision)
{
    double scale = 1;
    char   digits[40];
    int    n = 0;

    for (int i = 0; i < precision; i++)
        scale *= 10;
    if (v < 0)
        strbuf_addc(out, '-');
    double whole = floor(fabs(v) * scale + 0.5);
    if (!(whole < 1.8e19)) {
        strbuf_add_u64(out, UINT64_MAX);
        return;
    }
    uint64_t left = (uint64_t)whole;
    while (precision > 0 && left % 10 == 0) {
        left /= 10;
        precision--;
    }
    for (; left > 0 || n <= precision; left /= 10)
        digits[n++] = (char)('0' + left % 10);
    while (n > 0) {
        strbuf_addc(out, digits[--n]);
        if (n == precision && n > 0)
            strbuf_addc(out, '.');
    }
}

static int unit_of(str name, double bytes)
{
    int unit = 0;

    for (int i = 0; i < UNITS; i++)
        if (str_eq_ci(name, str_of(UNIT_NAMES[i])))
            return i;
    for (bytes = fabs(bytes); bytes >= 1024 && unit + 1 < UNITS; bytes /= 1024)
        unit++;
    return unit;
}

void scalar_text_format_bytes(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    int    precision = argv[1].i < 0 ? 0 : argv[1].i > MAX_PRECISION ? MAX_PRECISION : (int)argv[1].i;
    int    unit = unit_of(argv[2].s, argv[0].r);
    double size = argv[0].r;
    TEXT_OUT;

    for (int i = 0; i < unit; i++)
        size /= 1024;
    add_rounded(&text, size, precision);
    strbuf_addc(&text, ' ');
    strbuf_addz(&text, UNIT_NAMES[unit]);
    scalar_give(a, &text, out);
}
