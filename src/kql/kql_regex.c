/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_regex.h"

enum { MOST_REPEATS = 1000, MOST_NESTED = 1000, LARGEST_RUNE = 0x10ffff };

enum before { NOTHING, ATOM, REPEAT }; /* what a sign of repetition would stand behind */

struct look {
    str              re;
    size_t           at, depth;
    enum before      before;
    str              wanted; /* the name of a group … */
    size_t           number; /* … and which one it is */
    struct kql_regex found;
};

static char here(const struct look *l)
{
    return l->at < l->re.n ? l->re.p[l->at] : '\0';
}

static bool ends(const struct look *l)
{
    return l->at >= l->re.n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool fail(struct look *l, size_t at, const char *why)
{
    l->found.fault = why;
    l->found.at = at;
    return false;
}

/* One character of any length; its number. */
static uint32_t take_rune(struct look *l)
{
    unsigned char c = (unsigned char)l->re.p[l->at++];
    int           more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    uint32_t      rune = more == 3 ? c & 0x07 : more == 2 ? c & 0x0f : more == 1 ? c & 0x1f : c;

    for (; more > 0 && !ends(l) && ((unsigned char)here(l) & 0xc0) == 0x80; more--)
        rune = rune << 6 | ((unsigned char)l->re.p[l->at++] & 0x3f);
    return rune;
}

/* --- escapes --- */

static int hex_value(char c)
{
    return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Behind \x: two digits, or some in braces. */
static bool take_hex(struct look *l, uint32_t *rune)
{
    bool   braces = here(l) == '{';
    size_t n = 0;

    l->at += braces;
    for (*rune = 0; !ends(l) && hex_value(here(l)) >= 0 && (braces || n < 2); n++) {
        *rune = *rune * 16 + (uint32_t)hex_value(l->re.p[l->at++]);
        if (*rune > LARGEST_RUNE)
            return false;
    }
    if (!braces)
        return n == 2;
    return n > 0 && !ends(l) && l->re.p[l->at++] == '}';
}

/* Up to three digits to the base of eight, the first of which was read. */
static uint32_t take_octal(struct look *l, char first)
{
    uint32_t rune = (uint32_t)(first - '0');

    for (int n = 0; n < 2 && here(l) >= '0' && here(l) <= '7'; n++)
        rune = rune * 8 + (uint32_t)(l->re.p[l->at++] - '0');
    return rune;
}

/* A backslash and what makes one character with it. */
static bool take_escape(struct look *l, uint32_t *rune)
{
    size_t from = l->at++;
    if (ends(l))
        return fail(l, from, "nothing stands behind the last \\");
    char c = l->re.p[l->at++];
    if (c >= '1' && c <= '7' && (here(l) < '0' || here(l) > '7'))
        return fail(l, from, "there are no references back to a group");
    if (c >= '0' && c <= '7') {
        *rune = take_octal(l, c);
        return true;
    }
    if (c == 'x')
        return take_hex(l, rune) || fail(l, from, "\\x takes two hexadecimal digits, or some in braces");
    const char *plain = "nrtafv";
    size_t      i = 0;
    while (plain[i] && plain[i] != c)
        i++;
    bool itself = (unsigned char)c < 0x80 && (!is_word(c) || c == '_');
    if (!plain[i] && !itself)
        return fail(l, from, "there is no such escape");
    *rune = plain[i] ? (uint32_t) "\n\r\t\a\f\v"[i] : (unsigned char)c;
    return true;
}

static bool is_one_of(char c, const char *set)
{
    while (*set && *set != c)
        set++;
    return c && *set;
}

/* A class of characters, as N, or a kind of one, as Lu; scripts have longer names. */
static bool is_property(str name)
{
    static const char *const KINDS[][2] = { { "L", "lmotu" },   { "M", "cen" },  { "N", "dlo" },
                                            { "P", "cdefios" }, { "S", "ckmo" }, { "Z", "lps" },
                                            { "C", "cfos" } };
    if (name.n > 2)
        return name.p[0] >= 'A' && name.p[0] <= 'Z';
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0] && name.n > 0; i++)
        if (name.p[0] == KINDS[i][0][0])
            return name.n == 1 || is_one_of(name.p[1], KINDS[i][1]);
    return false;
}

/* \p{Greek}, \pN, \P{^Lu} */
static bool take_property(struct look *l)
{
    size_t from = l->at;

    l->at += 2;
    if (ends(l))
        return fail(l, from, "\\p takes the name of a class");
    bool   braces = here(l) == '{';
    size_t end = braces ? str_find_byte(str_from(l->re, l->at), '}') : 1;
    if (end == STR_NPOS)
        return fail(l, from, "\\p takes the name of a class");
    str name = str_slice(str_from(l->re, l->at), braces, end);
    if (braces && str_starts(name, S("^")))
        name = str_from(name, 1);
    if (!is_property(name))
        return fail(l, from, "\\p takes the name of a class");
    l->at += end + braces;
    return true;
}

/* \d, \s, \w, \p and their opposites, which stand for many characters; `done` when it was one. */
static bool take_class_escape(struct look *l, bool *done)
{
    char c = l->at + 1 < l->re.n ? l->re.p[l->at + 1] : '\0';

    *done = here(l) == '\\' && is_one_of(c, "dDsSwWpP");
    if (!*done)
        return true;
    if ((c | 32) == 'p')
        return take_property(l);
    l->at += 2;
    return true;
}

/* --- [classes] --- */

/* [:alpha:]; `done` when it was one. */
static bool take_posix(struct look *l, bool *done)
{
    static const char *const NAMES[] = { "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                         "lower", "print", "punct", "space", "upper", "word",  "xdigit" };
    str                      rest = str_from(l->re, l->at);
    size_t                   end = str_starts(rest, S("[:")) ? str_find(rest, S(":]")) : STR_NPOS;

    *done = end != STR_NPOS && end >= 2;
    if (!*done)
        return true;
    str name = str_slice(rest, 2, end);
    if (name.n > 0 && name.p[0] == '^')
        name = str_from(name, 1);
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (str_eq(name, str_of(NAMES[i]))) {
            l->at += end + 2;
            return true;
        }
    return fail(l, l->at, "there is no class of this name");
}

static bool take_member(struct look *l, uint32_t *rune)
{
    if (here(l) == '\\')
        return take_escape(l, rune);
    *rune = take_rune(l);
    return true;
}

/* a, or a-z */
static bool take_span(struct look *l)
{
    size_t   from = l->at;
    uint32_t low, high;

    if (!take_member(l, &low))
        return false;
    if (here(l) != '-' || l->at + 1 >= l->re.n || l->re.p[l->at + 1] == ']')
        return true;
    l->at++;
    if (!take_member(l, &high))
        return false;
    return high >= low || fail(l, from, "the range ends before it begins");
}

static bool take_class(struct look *l)
{
    size_t from = l->at++;

    l->at += here(l) == '^';
    for (bool first = true, done; first || here(l) != ']'; first = false) {
        if (ends(l))
            return fail(l, from, "the ] is missing");
        if (!take_posix(l, &done))
            return false;
        if (!done && !take_class_escape(l, &done))
            return false;
        if (!done && !take_span(l))
            return false;
    }
    l->at++;
    l->before = ATOM;
    return true;
}

/* --- (groups) --- */

static bool take_group_name(struct look *l, size_t from)
{
    size_t n = 0;

    while (is_word(here(l)) || (unsigned char)here(l) >= 0x80)
        l->at++, n++;
    if (n == 0 || here(l) != '>')
        return fail(l, from, "the name of a group stands between < and >");
    l->at++;
    l->found.groups++;
    if (str_eq(str_slice(l->re, l->at - 1 - n, l->at - 1), l->wanted))
        l->number = l->found.groups;
    return true;
}

/* Behind (? : flags up to : or ). */
static bool take_flags(struct look *l, size_t from)
{
    bool negated = false, any = false;

    for (; is_one_of(here(l), "imsU-"); l->at++) {
        if (here(l) == '-' && negated)
            return fail(l, from, "a group (? …) like this is not known");
        any = here(l) != '-';
        negated = negated || here(l) == '-';
    }
    if ((here(l) != ':' && here(l) != ')') || (negated && !any))
        return fail(l, from,
                    is_one_of(here(l), "=!<") ? "there is no looking ahead or behind"
                                              : "a group (? …) like this is not known");
    if (l->re.p[l->at++] == ')') { /* flags for the rest: no group was opened */
        l->before = l->before == REPEAT ? ATOM : l->before;
        return true;
    }
    l->depth++;
    l->before = NOTHING;
    return true;
}

static bool take_open(struct look *l)
{
    size_t from = l->at++;
    str    rest = str_from(l->re, l->at);
    bool   named = str_starts(rest, S("?P<")) ||
                 (str_starts(rest, S("?<")) && rest.n > 2 && rest.p[2] != '=' && rest.p[2] != '!');

    if (l->depth >= MOST_NESTED)
        return fail(l, from, "groups are nested too deep");
    if (here(l) == '?' && !named) {
        l->at++;
        return take_flags(l, from);
    }
    l->depth++;
    l->before = NOTHING;
    if (!named) {
        l->found.groups++;
        return true;
    }
    l->at += rest.p[1] == 'P' ? 3 : 2;
    return take_group_name(l, from);
}

/* --- repetition --- */

static bool take_count(struct look *l, size_t *at, uint32_t *n)
{
    size_t from = *at;

    for (*n = 0; *at < l->re.n && is_digit(l->re.p[*at]); ++*at)
        *n = *n > 1000000 ? *n : *n * 10 + (uint32_t)(l->re.p[*at] - '0');
    return *at > from && (*at == from + 1 || l->re.p[from] != '0');
}

/* {2}, {2,} or {2,5}: anything else in braces stands for itself. */
static bool is_counted(struct look *l, size_t *end, bool *fits)
{
    size_t   at = l->at + 1;
    uint32_t least, most;

    if (!take_count(l, &at, &least))
        return false;
    most = least;
    if (at < l->re.n && l->re.p[at] == ',' && at + 1 < l->re.n) {
        at++;
        if (l->re.p[at] != '}' && !take_count(l, &at, &most))
            return false;
    }
    if (at >= l->re.n || l->re.p[at] != '}')
        return false;
    *end = at + 1;
    *fits = least <= MOST_REPEATS && most <= MOST_REPEATS && least <= most;
    return true;
}

static bool take_repeat(struct look *l, size_t end)
{
    size_t from = l->at;

    if (l->before == NOTHING)
        return fail(l, from, "there is nothing to repeat");
    if (l->before == REPEAT)
        return fail(l, from, "two signs of repetition stand behind each other");
    l->at = end;
    l->at += here(l) == '?';
    l->before = REPEAT;
    return true;
}

/* --- the whole --- */

static bool take_backslash(struct look *l)
{
    bool     done;
    uint32_t rune;
    char     c = l->at + 1 < l->re.n ? l->re.p[l->at + 1] : '\0';

    if (c == 'Q') { /* all as it is, up to \E */
        size_t end = str_find(str_from(l->re, l->at), S("\\E"));
        l->before = end == 2 || l->at + 2 >= l->re.n ? l->before : ATOM;
        l->at = end == STR_NPOS ? l->re.n : l->at + end + 2;
        return true;
    }
    l->before = ATOM;
    if (is_one_of(c, "bBAzC")) {
        l->at += 2;
        return true;
    }
    return take_class_escape(l, &done) && (done || take_escape(l, &rune));
}

static bool take_close(struct look *l)
{
    if (l->depth == 0)
        return fail(l, l->at, "this ) closes nothing");
    l->depth--;
    l->at++;
    l->before = ATOM;
    return true;
}

static bool take_one(struct look *l)
{
    size_t end;
    bool   fits = true;

    switch (here(l)) {
    case '\\':
        return take_backslash(l);
    case '[':
        return take_class(l);
    case '(':
        return take_open(l);
    case ')':
        return take_close(l);
    case '|':
        l->before = NOTHING;
        l->at++;
        return true;
    case '*':
    case '+':
    case '?':
        return take_repeat(l, l->at + 1);
    case '{':
        if (is_counted(l, &end, &fits))
            return fits ? take_repeat(l, end)
                        : fail(l, l->at, "a count is at most 1000, the lesser one first");
        break;
    default:
        break;
    }
    (void)take_rune(l);
    l->before = ATOM;
    return true;
}

struct kql_regex kql_regex_look(str pattern)
{
    struct look l = { .re = pattern };

    while (!ends(&l))
        if (!take_one(&l))
            return l.found;
    if (l.depth > 0)
        (void)fail(&l, pattern.n, "a ) is missing");
    return l.found;
}

size_t kql_regex_group(str pattern, str name)
{
    struct look l = { .re = pattern, .wanted = name };

    while (!ends(&l) && take_one(&l))
        ;
    return l.number;
}
