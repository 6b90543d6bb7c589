/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_route.h"

#include "base/ts.h"
#include "http/http_url.h"

/* The segments of a path, empty ones left out. */
struct segments {
    str    s[API_ROUTE_MAX_SEGMENTS];
    size_t n;
    bool   too_many;
};

static struct segments cut(str path)
{
    struct segments out = { 0 };
    str             part;

    while (str_split(&path, '/', &part)) {
        if (!part.n)
            continue;
        if (out.n == API_ROUTE_MAX_SEGMENTS) {
            out.too_many = true;
            break;
        }
        out.s[out.n++] = part;
    }
    return out;
}

static bool decode_all(struct segments *s, struct arena *a)
{
    for (size_t i = 0; i < s->n; i++)
        if (http_url_path(a, s->s[i], &s->s[i], NULL) != RC_OK)
            return false;
    return true;
}

static bool is_param(str segment)
{
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

/* "{scope*}" stands for one segment or more. */
static bool is_star(str segment)
{
    return is_param(segment) && segment.p[segment.n - 2] == '*';
}

/* How many segments of the path the i-th of the template takes: a star takes what the others leave. */
static size_t taken(const struct segments *t, size_t i, const struct segments *path)
{
    return is_star(t->s[i]) ? path->n - t->n + 1 : 1;
}

static bool matches(const struct segments *t, const struct segments *path)
{
    bool star = false;

    for (size_t i = 0; i < t->n; i++)
        star |= is_star(t->s[i]);
    if (star ? t->n > path->n : t->n != path->n)
        return false;
    for (size_t i = 0, at = 0; i < t->n; at += taken(t, i, path), i++)
        if (!is_param(t->s[i]) && !str_eq_ci(t->s[i], path->s[at]))
            return false;
    return true;
}

/* Is `a` more exact than `b`? Both match the same path. A star at the end takes what nobody else wants. */
static bool is_closer(const struct segments *a, const struct segments *b)
{
    bool open_a = is_star(a->s[a->n - 1]), open_b = is_star(b->s[b->n - 1]);

    if (open_a != open_b)
        return open_b;
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (is_param(a->s[i]) != is_param(b->s[i]))
            return is_param(b->s[i]);
    return a->n > b->n;
}

static bool is_method(const struct api_route *r, str method)
{
    return str_eq(str_of(r->method), method) ||
           (str_eq(method, S("HEAD")) && str_eq(str_of(r->method), S("GET")));
}

/* The segments that a star took, as they would stand in a path. */
static str joined(const struct segments *path, size_t from, size_t n, struct arena *a)
{
    AUTO_STRBUF out = STRBUF_INIT(API_ROUTE_MAX_PATH);

    for (size_t i = from; i < from + n; i++) {
        strbuf_addc(&out, '/');
        strbuf_add(&out, path->s[i]);
    }
    return arena_str(a, strbuf_view(&out));
}

static void fill_params(struct api_route_match *m, const struct segments *t, const struct segments *path,
                        struct arena *a)
{
    for (size_t i = 0, at = 0; i < t->n && m->n_params < API_ROUTE_MAX_PARAMS; at += taken(t, i, path), i++) {
        bool star = is_star(t->s[i]);
        if (is_param(t->s[i]))
            m->params[m->n_params++] =
                (struct http_pair) { str_slice(t->s[i], 1, t->s[i].n - (star ? 2 : 1)),
                                     star ? joined(path, at, taken(t, i, path), a) : path->s[at] };
    }
}

bool api_route_find(const struct api_route *table, str method, str raw_path, struct arena *a,
                    struct api_route_match *out)
{
    struct segments path = cut(raw_path), best = { 0 };

    *out = (struct api_route_match) { 0 };
    if (path.too_many || !decode_all(&path, a))
        return false;
    for (const struct api_route *r = table; r->method; r++) {
        struct segments t = cut(str_of(r->path));
        if (!matches(&t, &path))
            continue;
        bool right = is_method(r, method);
        bool better = !out->route || (right && out->other_method) ||
                      (right != out->other_method && is_closer(&t, &best));
        if (!better)
            continue;
        out->route = r;
        out->other_method = !right;
        best = t;
    }
    if (out->route)
        fill_params(out, &best, &path, a);
    return out->route != NULL;
}

str api_route_param(const struct api_route_match *m, const char *name)
{
    for (size_t i = 0; i < m->n_params; i++)
        if (str_eq(m->params[i].name, str_of(name)))
            return m->params[i].value;
    return STR_NONE;
}

/* "2022-12-01" or "2022-12-01-preview" into a number that grows with time; 0 is no date. */
static int64_t version_number(str v)
{
    static const str preview = STR_INIT("-preview");
    ts               day;
    bool             is_preview = str_ends_ci(v, preview);

    if (is_preview)
        v.n -= preview.n;
    if (v.n != 10 || v.p[4] != '-' || v.p[7] != '-' || !ts_parse(v, &day))
        return 0;
    return day / DAYS(1) * 2 + (is_preview ? 0 : 1);
}

bool api_route_version_ok(str version, const char *oldest)
{
    int64_t given = version_number(version);
    return given && (!oldest || given >= version_number(str_of(oldest)));
}

bool api_route_code_ok(const struct api_route *r, int status)
{
    if (!r->codes[0])
        return status == 200;
    for (size_t i = 0; i < API_ROUTE_MAX_CODES && r->codes[i]; i++)
        if (r->codes[i] == status)
            return true;
    return false;
}
