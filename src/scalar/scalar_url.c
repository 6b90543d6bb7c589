/* SPDX-License-Identifier: Apache-2.0 */
/* URLs and their queries as bags. */
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

struct url {
    str scheme, user, password, host, port, path, query, fragment;
};

static size_t find_any(str s, const char *set)
{
    size_t i = 0;
    while (i < s.n && !(s.p[i] && strchr(set, s.p[i])))
        i++;
    return i;
}

static str cut(str *rest, size_t at)
{
    str part = str_slice(*rest, 0, at);
    *rest = str_from(*rest, at);
    return part;
}

static size_t scheme_length(str s)
{
    size_t n = 0;
    while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') ||
                       (n > 0 && s.p[n] && strchr("0123456789+.-", s.p[n]))))
        n++;
    return n > 0 && str_starts(str_from(s, n), S("://")) ? n : 0;
}

/* [user[:password]@]host[:port] */
static void read_authority(str authority, struct url *u)
{
    size_t at = str_rfind_byte(authority, '@');

    if (at != STR_NPOS) {
        str    who = str_slice(authority, 0, at);
        size_t colon = str_find_byte(who, ':');
        authority = str_from(authority, at + 1);
        u->user = colon == STR_NPOS ? who : str_slice(who, 0, colon);
        u->password = colon == STR_NPOS ? S("") : str_from(who, colon + 1);
    }
    size_t bracket = str_rfind_byte(authority, ']'); /* of an IPv6 address */
    size_t colon = str_rfind_byte(authority, ':');
    if (colon != STR_NPOS && (bracket == STR_NPOS || colon > bracket)) {
        u->port = str_from(authority, colon + 1);
        authority = str_slice(authority, 0, colon);
    }
    u->host = authority;
}

static void read_url(str s, struct url *u)
{
    size_t scheme = scheme_length(s);

    *u = (struct url) { S(""), S(""), S(""), S(""), S(""), S(""), S(""), S("") };
    if (scheme > 0) {
        u->scheme = cut(&s, scheme);
        s = str_from(s, 3);
        read_authority(cut(&s, find_any(s, "/?#")), u);
    }
    u->path = cut(&s, find_any(s, "?#"));
    if (str_starts(s, S("?")))
        u->query = str_from(cut(&s, find_any(s, "#")), 1);
    u->fragment = str_from(s, 1);
}

/* a=1&b=2 as a bag, names as they come. */
static void add_parameters(struct strbuf *out, str query)
{
    bool first = true;
    str  pair;

    strbuf_addc(out, '{');
    while (str_split(&query, '&', &pair)) {
        size_t equal = str_find_byte(pair, '=');
        if (pair.n == 0)
            continue;
        scalar_json_key(out, &first, equal == STR_NPOS ? pair : str_slice(pair, 0, equal));
        scalar_json_quote(out, equal == STR_NPOS ? S("") : str_from(pair, equal + 1));
    }
    strbuf_addc(out, '}');
}

static void add_member(struct strbuf *out, bool *first, const char *key, str value)
{
    scalar_json_key(out, first, str_of(key));
    scalar_json_quote(out, value);
}

void scalar_url_parse(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct url u;
    bool       first = true;
    TEXT_OUT;

    if (argv[0].s.n == 0)
        return;
    read_url(argv[0].s, &u);
    strbuf_addc(&text, '{');
    add_member(&text, &first, "Scheme", u.scheme);
    add_member(&text, &first, "Host", u.host);
    add_member(&text, &first, "Port", u.port);
    add_member(&text, &first, "Path", u.path);
    add_member(&text, &first, "Username", u.user);
    add_member(&text, &first, "Password", u.password);
    scalar_json_key(&text, &first, S("Query Parameters"));
    add_parameters(&text, u.query);
    add_member(&text, &first, "Fragment", u.fragment);
    strbuf_addc(&text, '}');
    scalar_give(a, &text, out);
}

void scalar_url_parse_query(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    TEXT_OUT;
    strbuf_addz(&text, "{\"Query Parameters\":");
    add_parameters(&text, str_from(argv[0].s, str_starts(argv[0].s, S("?"))));
    strbuf_addc(&text, '}');
    scalar_give(a, &text, out);
}
