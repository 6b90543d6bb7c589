/* SPDX-License-Identifier: Apache-2.0 */
/* XML as a dynamic: attributes are @name, text beside them is #text, elements of one name are an array.
 * Declarations, comments and document types are passed over. What is not well-formed gives null. */
#include "base/utf8.h"
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

enum { MAX_DEPTH = 128, MAX_BYTES = 1 << 20 };

struct reader {
    struct arena *a;
    str           s;
    size_t        at;
    unsigned      depth;
};

/* What an element holds so far: names, and values as JSON. */
struct content {
    struct {
        str  key, json;
        bool taken;
    } * p;
    size_t n, cap;
};

static bool add(struct reader *r, struct content *c, str key, str json)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 8;
        void  *p = arena_try_array(r->a, sizeof *c->p, cap);
        if (!p)
            return false;
        if (c->n > 0)
            memcpy(p, c->p, c->n * sizeof *c->p);
        c->p = p;
        c->cap = cap;
    }
    c->p[c->n].key = key;
    c->p[c->n].json = json;
    c->p[c->n++].taken = false;
    return key.p && json.p;
}

/* --- texts --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->s.n && is_blank(r->s.p[r->at]))
        r->at++;
}

static bool at(const struct reader *r, const char *text)
{
    return str_starts(str_from(r->s, r->at), str_of(text));
}

/* Moves behind the next `end`. */
static bool skip_past(struct reader *r, const char *end)
{
    size_t found = str_find(str_from(r->s, r->at), str_of(end));
    if (found == STR_NPOS)
        return false;
    r->at += found + strlen(end);
    return true;
}

static bool number_entity(str name, uint32_t *cp)
{
    bool     hex = str_starts_ci(name, S("#x"));
    uint32_t v = 0;

    for (size_t i = hex ? 2 : 1; i < name.n; i++) {
        char c = name.p[i];
        int  digit = c >= '0' && c <= '9'                        ? c - '0'
                     : hex && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                                 : -1;
        if (digit < 0 || v > 0x10FFFF)
            return false;
        v = v * (hex ? 16 : 10) + (uint32_t)digit;
    }
    *cp = v;
    return name.n > (hex ? 2u : 1u) && v > 0 && v <= 0x10FFFF;
}

static bool add_entity(struct strbuf *out, str name)
{
    static const struct {
        const char *name;
        char        c;
    } NAMES[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };
    uint32_t cp;
    char     bytes[4];

    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (str_eq(name, str_of(NAMES[i].name))) {
            strbuf_addc(out, NAMES[i].c);
            return true;
        }
    if (!str_starts(name, S("#")) || !number_entity(name, &cp))
        return false;
    strbuf_add(out, str_make(bytes, utf8_put(cp, bytes)));
    return true;
}

static void add_text(struct strbuf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t end = s.p[i] == '&' ? str_find_byte(str_from(s, i), ';') : STR_NPOS;
        if (end != STR_NPOS && add_entity(out, str_slice(s, i + 1, i + end)))
            i += end;
        else
            strbuf_addc(out, s.p[i]);
    }
}

static str quoted(struct reader *r, str s)
{
    AUTO_STRBUF out = STRBUF_INIT(SCALAR_MAX_TEXT);
    scalar_json_quote(&out, s);
    return arena_str(r->a, strbuf_view(&out));
}

static str read_name(struct reader *r)
{
    size_t from = r->at;
    while (r->at < r->s.n && !is_blank(r->s.p[r->at]) && !strchr("=/><\"'", r->s.p[r->at]))
        r->at++;
    return str_slice(r->s, from, r->at);
}

/* --- elements --- */

static bool read_attribute(struct reader *r, struct content *c)
{
    AUTO_STRBUF key = STRBUF_INIT(SCALAR_MAX_TEXT), value = STRBUF_INIT(SCALAR_MAX_TEXT);
    str         name = read_name(r);

    skip_blanks(r);
    if (name.n == 0 || !at(r, "="))
        return false;
    r->at++;
    skip_blanks(r);
    if (!at(r, "\"") && !at(r, "'"))
        return false;
    char   quote = r->s.p[r->at++];
    size_t end = str_find_byte(str_from(r->s, r->at), quote);
    if (end == STR_NPOS)
        return false;
    strbuf_addc(&key, '@');
    strbuf_add(&key, name);
    add_text(&value, str_slice(r->s, r->at, r->at + end));
    r->at += end + 1;
    return add(r, c, arena_str(r->a, strbuf_view(&key)), quoted(r, strbuf_view(&value)));
}

/* One value, or an array of all that have this name. */
static void add_values(struct strbuf *out, struct content *c, size_t from)
{
    size_t n = 0;

    for (size_t i = from; i < c->n; i++)
        n += str_eq(c->p[i].key, c->p[from].key);
    strbuf_addz(out, n > 1 ? "[" : "");
    for (size_t i = from, said = 0; i < c->n; i++) {
        if (!str_eq(c->p[i].key, c->p[from].key))
            continue;
        strbuf_addz(out, said++ > 0 ? "," : "");
        strbuf_add(out, c->p[i].json);
        c->p[i].taken = true;
    }
    strbuf_addz(out, n > 1 ? "]" : "");
}

static str json_of(struct reader *r, struct content *c)
{
    AUTO_STRBUF out = STRBUF_INIT(SCALAR_MAX_TEXT);
    bool        first = true;

    if (c->n == 0)
        return S("null");
    if (c->n == 1 && str_eq(c->p[0].key, S("#text")))
        return c->p[0].json;
    strbuf_addc(&out, '{');
    for (size_t i = 0; i < c->n; i++) {
        if (c->p[i].taken)
            continue;
        scalar_json_key(&out, &first, c->p[i].key);
        add_values(&out, c, i);
    }
    strbuf_addc(&out, '}');
    return out.overflow ? STR_NONE : arena_str(r->a, strbuf_view(&out));
}

static bool read_element(struct reader *r, struct content *parent);

static bool read_text(struct reader *r, struct content *c)
{
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);
    size_t      end = str_find_byte(str_from(r->s, r->at), '<');

    if (end == STR_NPOS)
        return false;
    str raw = str_trim_chars(str_slice(r->s, r->at, r->at + end), S(" \t\r\n"));
    r->at += end;
    add_text(&text, raw);
    return raw.n == 0 || add(r, c, S("#text"), quoted(r, strbuf_view(&text)));
}

static bool read_cdata(struct reader *r, struct content *c)
{
    size_t from = r->at + strlen("<![CDATA[");
    if (!skip_past(r, "]]>"))
        return false;
    return add(r, c, S("#cdata-section"), quoted(r, str_slice(r->s, from, r->at - 3)));
}

/* What stands between the tags, up to and with the closing one. */
static bool read_content(struct reader *r, struct content *c, str name)
{
    bool fine = true;

    while (fine) {
        if (at(r, "</")) {
            r->at += 2;
            str closing = read_name(r);
            skip_blanks(r);
            fine = at(r, ">") && str_eq(closing, name);
            r->at++;
            return fine;
        }
        if (at(r, "<![CDATA["))
            fine = read_cdata(r, c);
        else if (at(r, "<!--"))
            fine = skip_past(r, "-->");
        else if (at(r, "<?"))
            fine = skip_past(r, "?>");
        else if (at(r, "<"))
            fine = read_element(r, c);
        else
            fine = read_text(r, c);
    }
    return false;
}

static bool read_element(struct reader *r, struct content *parent)
{
    struct content c = { 0 };

    if (!at(r, "<") || ++r->depth > MAX_DEPTH)
        return false;
    r->at++;
    str name = read_name(r);
    if (name.n == 0)
        return false;
    for (skip_blanks(r); r->at < r->s.n && !at(r, ">") && !at(r, "/>"); skip_blanks(r))
        if (!read_attribute(r, &c))
            return false;
    bool empty = at(r, "/>");
    if (r->at >= r->s.n)
        return false;
    r->at += empty ? 2 : 1;
    if (!empty && !read_content(r, &c, name))
        return false;
    r->depth--;
    return add(r, parent, name, json_of(r, &c));
}

static bool skip_prolog(struct reader *r)
{
    for (skip_blanks(r); at(r, "<?") || at(r, "<!"); skip_blanks(r))
        if (!skip_past(r, at(r, "<?") ? "?>" : at(r, "<!--") ? "-->" : ">"))
            return false;
    return true;
}

void scalar_xml_parse(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct reader  r = { .a = a, .s = argv[0].s };
    struct content root = { 0 };

    if (str_starts(r.s, S("\xEF\xBB\xBF")))
        r.at = 3;
    if (r.s.n > MAX_BYTES || !skip_prolog(&r) || !read_element(&r, &root) || !skip_prolog(&r) ||
        r.at != r.s.n)
        return;
    AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT);
    bool        first = true;
    strbuf_addc(&text, '{');
    scalar_json_key(&text, &first, root.p[0].key);
    strbuf_add(&text, root.p[0].json);
    strbuf_addc(&text, '}');
    scalar_give(a, &text, out);
}
