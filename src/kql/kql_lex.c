/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_lex.h"

#include <math.h>

#include "base/codec.h"
#include "base/strbuf.h"
#include "base/ts.h"
#include "base/utf8.h"

struct lexer {
    struct arena     *arena;
    struct kql_diags *diags;
    str               q;
    size_t            at;
    VEC(struct kql_token) out;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || (c & 0x80);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static char peek(const struct lexer *lx, size_t ahead)
{
    return lx->at + ahead < lx->q.n ? lx->q.p[lx->at + ahead] : '\0';
}

static struct kql_token *emit(struct lexer *lx, enum kql_token_kind kind, size_t from, str text)
{
    struct kql_token *t = vec_push_in(lx->arena, &lx->out);
    *t = (struct kql_token) { .kind = kind, .span = { (uint32_t)from, (uint32_t)lx->at }, .text = text };
    return t;
}

static void bad(struct lexer *lx, size_t from, const char *what)
{
    kql_diag_add(lx->diags, KQL_DIAG_SYNTAX, (struct kql_span) { (uint32_t)from, (uint32_t)lx->at }, "%s",
                 what);
    emit(lx, KQL_TOKEN_BAD, from, str_slice(lx->q, from, lx->at));
}

/* The width of a blank of more than one byte (no-break space, byte order mark, the spaces of typography), or
 * 0. */
static size_t wide_blank(const struct lexer *lx)
{
    if (!(peek(lx, 0) & 0x80))
        return 0;
    str rest = str_from(lx->q, lx->at);
    if (str_starts(rest, S("\xC2\xA0")))
        return 2;
    if (rest.n < 3)
        return 0;
    unsigned char third = (unsigned char)rest.p[2];
    if (str_starts(rest, S("\xEF\xBB\xBF")) || str_starts(rest, S("\xE3\x80\x80")) ||
        str_starts(rest, S("\xE2\x81\x9F")) ||
        (str_starts(rest, S("\xE2\x80")) &&
         (third <= 0x8B || third == 0xAF || third == 0xA8 || third == 0xA9)))
        return 3;
    return 0;
}

static void skip_blanks(struct lexer *lx)
{
    for (;;) {
        size_t wide = wide_blank(lx);
        if (wide > 0) {
            lx->at += wide;
        } else if (is_blank(peek(lx, 0))) {
            lx->at++;
        } else if (peek(lx, 0) == '/' && peek(lx, 1) == '/') {
            while (lx->at < lx->q.n && lx->q.p[lx->at] != '\n')
                lx->at++;
        } else {
            return;
        }
        if (lx->at >= lx->q.n)
            return;
    }
}

static bool add_code_point(struct lexer *lx, struct strbuf *b, size_t digits)
{
    uint32_t cp = 0;
    for (size_t i = 0; i < digits; i++) {
        int v = codec_hex_value(peek(lx, i));
        if (v < 0)
            return false;
        cp = cp * 16 + (uint32_t)v;
    }
    lx->at += digits;
    char utf8[4];
    if (cp >= 0xD800 && cp < 0xDC00 && peek(lx, 0) == '\\' && peek(lx, 1) == 'u') {
        size_t   back = lx->at;
        uint32_t low = 0;
        lx->at += 2;
        for (size_t i = 0; i < 4; i++)
            low = low * 16 + (uint32_t)(codec_hex_value(peek(lx, i)) & 15);
        if (low >= 0xDC00 && low < 0xE000) {
            lx->at += 4;
            cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        } else {
            lx->at = back;
        }
    }
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = UTF8_BAD;
    strbuf_add(b, str_make(utf8, utf8_put(cp, utf8)));
    return true;
}

/* Stands behind a backslash. False when it starts no escape of the language. */
static bool escape(struct lexer *lx, struct strbuf *b)
{
    static const char FROM[] = "abfnrtv\\'\"", TO[] = "\a\b\f\n\r\t\v\\'\"";
    char              c = peek(lx, 0);
    const char       *at = c ? memchr(FROM, c, sizeof FROM - 1) : NULL;

    if (at) {
        lx->at++;
        strbuf_addc(b, TO[at - FROM]);
        return true;
    }
    if (c == 'x' || c == 'u' || c == 'U') {
        lx->at++;
        return add_code_point(lx, b, c == 'x' ? 2 : c == 'u' ? 4 : 8);
    }
    if (c >= '0' && c <= '7') {
        unsigned v = 0;
        for (int i = 0; i < 3 && peek(lx, 0) >= '0' && peek(lx, 0) <= '7'; i++, lx->at++)
            v = v * 8 + (unsigned)(peek(lx, 0) - '0');
        char utf8[4];
        strbuf_add(b, str_make(utf8, utf8_put(v, utf8)));
        return true;
    }
    return false;
}

/* Stands on the opening quote. */
static void lex_string(struct lexer *lx, size_t from, bool verbatim)
{
    AUTO_STRBUF text = STRBUF_INIT(lx->q.n + 16);
    char        quote = lx->q.p[lx->at++];

    while (lx->at < lx->q.n) {
        char c = lx->q.p[lx->at];
        if (c == quote && verbatim && peek(lx, 1) == quote) {
            strbuf_addc(&text, quote);
            lx->at += 2;
        } else if (c == quote) {
            lx->at++;
            emit(lx, KQL_TOKEN_STRING, from, arena_str(lx->arena, strbuf_view(&text)));
            return;
        } else if (c == '\n' || c == '\r') {
            break;
        } else if (c == '\\' && !verbatim) {
            lx->at++;
            if (!escape(lx, &text)) {
                bad(lx, from, "a string with an escape that the language does not have");
                kql_diag_hint(lx->diags, "write \\\\ for a backslash, or @ before the string");
                return;
            }
        } else {
            strbuf_addc(&text, c);
            lx->at++;
        }
    }
    bad(lx, from, "a string without its closing quote");
    if (str_find_byte(strbuf_view(&text), quote) != STR_NPOS)
        kql_diag_hint(lx->diags, "\\%c is a quote within the text; \\\\ writes a backslash", quote);
}

/* ```text``` or ~~~text~~~, across lines, without escapes. */
static void lex_fenced(struct lexer *lx, size_t from)
{
    str fence = str_slice(lx->q, lx->at, lx->at + 3);
    lx->at += 3;
    size_t end = str_find(str_from(lx->q, lx->at), fence);
    if (end == STR_NPOS) {
        lx->at = lx->q.n;
        bad(lx, from, "a multi-line string without its end");
        return;
    }
    str text = str_slice(lx->q, lx->at, lx->at + end);
    lx->at += end + 3;
    emit(lx, KQL_TOKEN_STRING, from, text);
}

bool kql_lex_timespan(str number, str unit, int64_t *ticks)
{
    static const struct {
        const char *names;
        int64_t     ticks;
    } UNITS[] = {
        { " d day days ", DAYS(1) },
        { " h hr hrs hour hours ", HOURS(1) },
        { " m min minute minutes ", MINUTES(1) },
        { " s sec second seconds ", SECONDS(1) },
        { " ms milli millis millisecond milliseconds ", MILLIS(1) },
        { " micro micros microsecond microseconds ", 10 },
        { " nano nanos nanosecond nanoseconds ", 0 },
        { " tick ticks ", 1 },
    };
    char padded[20];
    if (unit.n == 0 || unit.n + 3 > sizeof padded)
        return false;
    snprintf(padded, sizeof padded, " " STR_FMT " ", STR_ARG(unit));
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        int64_t whole;
        double  part;
        if (!strstr(UNITS[i].names, padded))
            continue;
        if (str_to_i64(number, &whole))
            return !__builtin_mul_overflow(whole, UNITS[i].ticks, ticks);
        if (!str_to_double(number, &part) || fabs(part * (double)UNITS[i].ticks) > 9e18)
            return false;
        *ticks = (int64_t)llround(part * (double)UNITS[i].ticks);
        return true;
    }
    return false;
}

static void lex_number(struct lexer *lx)
{
    size_t from = lx->at;
    bool   real = false;

    if (peek(lx, 0) == '0' && (peek(lx, 1) == 'x' || peek(lx, 1) == 'X') &&
        codec_hex_value(peek(lx, 2)) >= 0) {
        for (lx->at += 2; codec_hex_value(peek(lx, 0)) >= 0;)
            lx->at++;
        emit(lx, KQL_TOKEN_LONG, from, str_slice(lx->q, from, lx->at));
        return;
    }
    while (is_digit(peek(lx, 0)))
        lx->at++;
    if (peek(lx, 0) == '.' && is_digit(peek(lx, 1))) {
        real = true;
        for (lx->at++; is_digit(peek(lx, 0));)
            lx->at++;
    } else if (peek(lx, 0) == '.' && peek(lx, 1) != '.' && !is_word(peek(lx, 1))) {
        real = true;
        lx->at++;
    }
    size_t sign = peek(lx, 1) == '+' || peek(lx, 1) == '-';
    if ((peek(lx, 0) == 'e' || peek(lx, 0) == 'E') && is_digit(peek(lx, 1 + sign))) {
        real = true;
        for (lx->at += 1 + sign; is_digit(peek(lx, 0));)
            lx->at++;
    }
    str    number = str_slice(lx->q, from, lx->at);
    size_t unit_from = lx->at;
    while (is_word(peek(lx, 0)))
        lx->at++;
    str unit = str_slice(lx->q, unit_from, lx->at);
    if (unit.n == 0) {
        emit(lx, real ? KQL_TOKEN_REAL : KQL_TOKEN_LONG, from, number);
        return;
    }
    int64_t ticks = 0;
    if (kql_lex_timespan(number, unit, &ticks)) {
        emit(lx, KQL_TOKEN_TIMESPAN, from, str_slice(lx->q, from, lx->at))->ticks = ticks;
    } else if (!real && (unit.p[0] == '_' || unit.n > 2)) {
        /* A name that begins with digits, as tables and columns of custom logs may. */
        emit(lx, KQL_TOKEN_NAME, from, str_slice(lx->q, from, lx->at));
    } else {
        bad(lx, from, "a number with an unknown unit");
        kql_diag_hint(lx->diags, "units are d, h, m, s, ms, microsecond and tick; long(1) writes a long");
    }
}

/* Stands behind '(' : the offset of the matching ')', or npos. Strings inside may hold parentheses. */
static size_t closing_parenthesis(str q, size_t at)
{
    size_t depth = 0;
    for (; at < q.n; at++) {
        char c = q.p[at];
        if (c == '"' || c == '\'') {
            bool verbatim = q.p[at - 1] == '@';
            for (at++; at < q.n && q.p[at] != c && q.p[at] != '\n'; at++)
                if (q.p[at] == '\\' && !verbatim)
                    at++;
        } else if (c == '/' && at + 1 < q.n && q.p[at + 1] == '/') {
            while (at < q.n && q.p[at] != '\n')
                at++;
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
            depth--;
        } else if (c == ')') {
            return at;
        }
    }
    return STR_NPOS;
}

/* datetime(2020-01-01) and its kin are one token: what stands inside is not the language. */
static bool lex_typed(struct lexer *lx, size_t from, str word)
{
    static const str WORDS[] = { STR_INIT("datetime"), STR_INIT("date"),    STR_INIT("timespan"),
                                 STR_INIT("time"),     STR_INIT("guid"),    STR_INIT("int"),
                                 STR_INIT("long"),     STR_INIT("real"),    STR_INIT("double"),
                                 STR_INIT("bool"),     STR_INIT("boolean"), STR_INIT("decimal"),
                                 STR_INIT("dynamic"),  STR_INIT("typeof"),  STR_INIT("uniqueid") };
    bool             typed = false;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0] && !typed; i++)
        typed = str_eq(word, WORDS[i]);
    if (!typed)
        return false;
    size_t open = lx->at;
    while (open < lx->q.n && is_blank(lx->q.p[open]))
        open++;
    if (open >= lx->q.n || lx->q.p[open] != '(')
        return false;
    size_t close = closing_parenthesis(lx->q, open + 1);
    if (close == STR_NPOS)
        return false;
    lx->at = close + 1;
    emit(lx, KQL_TOKEN_TYPED, from, str_trim(str_slice(lx->q, open + 1, close)))->word = word;
    return true;
}

static void lex_word(struct lexer *lx)
{
    size_t from = lx->at;

    if (peek(lx, 0) == '!' || peek(lx, 0) == '$')
        lx->at++;
    while (is_word(peek(lx, 0)) && wide_blank(lx) == 0)
        lx->at++;
    if (lx->at == from) { /* a word of nothing but a wide blank cannot be, yet never stand still */
        lx->at++;
        bad(lx, from, "a character that the language does not have");
        return;
    }
    str word = str_slice(lx->q, from, lx->at);
    if (str_eq(word, S("in")) || str_eq(word, S("!in")))
        if (peek(lx, 0) == '~') {
            lx->at++;
            word.n++;
        }
    if (!lex_typed(lx, from, word))
        emit(lx, KQL_TOKEN_NAME, from, word);
}

/* ['name']: a name in brackets, where a name may stand and an index or a list would not begin with a string.
 */
static bool lex_quoted_name(struct lexer *lx)
{
    size_t at = lx->at + 1;
    while (at < lx->q.n && is_blank(lx->q.p[at]))
        at++;
    bool verbatim = at < lx->q.n && lx->q.p[at] == '@';
    at += verbatim;
    if (at >= lx->q.n || (lx->q.p[at] != '\'' && lx->q.p[at] != '"'))
        return false;

    struct lexer inner = *lx;
    size_t       from = lx->at, before = lx->out.n;
    inner.at = at;
    lex_string(&inner, from, verbatim);
    while (inner.at < inner.q.n && is_blank(inner.q.p[inner.at]))
        inner.at++;
    bool is_name = vec_last(&inner.out).kind == KQL_TOKEN_STRING && peek(&inner, 0) == ']';
    str  name = vec_last(&inner.out).text;
    inner.out.n = before;
    lx->out = inner.out;
    if (!is_name)
        return false;
    lx->at = inner.at + 1;
    emit(lx, KQL_TOKEN_QUOTED, from, name);
    return true;
}

static void lex_punct(struct lexer *lx)
{
    static const char *const TWO[] = { "==", "!=", "<>", "<=", ">=", "=~", "!~", "=>", "..", "<|" };
    size_t                   from = lx->at;
    str                      two = str_slice(lx->q, from, from + 2);

    for (size_t i = 0; i < sizeof TWO / sizeof TWO[0]; i++)
        if (str_eq(two, str_of(TWO[i]))) {
            lx->at += 2;
            emit(lx, KQL_TOKEN_PUNCT, from, two);
            return;
        }
    lx->at++;
    if (memchr("|;,()[]{}.:=<>+-*/%~@?", lx->q.p[from], 22)) {
        emit(lx, KQL_TOKEN_PUNCT, from, str_slice(lx->q, from, lx->at));
        return;
    }
    bad(lx, from, "a character that the language does not have");
    if (str_starts(two, S("&")))
        kql_diag_hint(lx->diags, "and joins conditions");
    if (str_starts(two, S("#")))
        kql_diag_hint(lx->diags, "// begins a comment");
    if (str_starts(two, S("`")))
        kql_diag_hint(lx->diags, "a name with other signs than letters, digits and _ is written ['a b']");
    lx->at += str_eq(two, S("&&")); /* said once */
}

static void lex_one(struct lexer *lx)
{
    size_t from = lx->at;
    char   c = peek(lx, 0), d = peek(lx, 1);

    if (c == '"' || c == '\'') {
        lex_string(lx, from, false);
    } else if (c == '@' && (d == '"' || d == '\'')) {
        lx->at++;
        lex_string(lx, from, true);
    } else if ((c == 'h' || c == 'H') && (d == '"' || d == '\'')) {
        lx->at++;
        lex_string(lx, from, false);
    } else if ((c == 'h' || c == 'H') && d == '@' && (peek(lx, 2) == '"' || peek(lx, 2) == '\'')) {
        lx->at += 2;
        lex_string(lx, from, true);
    } else if (str_starts(str_from(lx->q, from), S("```")) || str_starts(str_from(lx->q, from), S("~~~"))) {
        lex_fenced(lx, from);
    } else if (is_digit(c) || (c == '.' && is_digit(d) && (from == 0 || !is_word(lx->q.p[from - 1])) &&
                               (from == 0 || (lx->q.p[from - 1] != '.' && lx->q.p[from - 1] != ']')))) {
        lex_number(lx);
    } else if (is_word(c) || (c == '!' && is_word(d) && !is_digit(d)) || (c == '$' && is_word(d))) {
        lex_word(lx);
    } else if (c != '[' || !lex_quoted_name(lx)) {
        lex_punct(lx);
    }
}

struct kql_tokens kql_lex_all(struct arena *a, str query, struct kql_diags *diags)
{
    struct lexer lx = { .arena = a, .diags = diags, .q = query };

    for (skip_blanks(&lx); lx.at < query.n && lx.out.n < KQL_LEX_MAX_TOKENS; skip_blanks(&lx))
        lex_one(&lx);
    if (lx.at < query.n)
        kql_diag_add(diags, KQL_DIAG_LIMIT, (struct kql_span) { (uint32_t)lx.at, (uint32_t)lx.at },
                     "a query has at most %d words and signs", KQL_LEX_MAX_TOKENS);
    emit(&lx, KQL_TOKEN_END, query.n, STR_NONE);
    return (struct kql_tokens) { lx.out.p, lx.out.n };
}
