/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the table of routes: what holds for every one of them. */
#include "access/access_role.h"
#include "api/api_registry.h"
#include "api/api_route.h"
#include "base/file.h"
#include "base/map.h"
#include "tests/t.h"
#include "tests/unit/api/api_fixture.h"

/* The template with something in place of each parameter; ours where there is a right one. */
static const char *concrete(struct api_fixture *f, const struct api_route *r)
{
    AUTO_STRBUF out = STRBUF_INIT(4096);
    str         rest = str_of(r->path), part;

    while (str_split(&rest, '/', &part)) {
        if (!part.n)
            continue;
        strbuf_addc(&out, '/');
        if (str_eq(part, S("{subscription}")))
            strbuf_add(&out, f->scopes.subscription_id);
        else if (str_eq(part, S("{scope*}")))
            strbuf_addf(&out, "subscriptions/" STR_FMT, STR_ARG(f->scopes.subscription_id));
        else if (str_eq(part, S("{group}")))
            strbuf_add(&out, f->scopes.group);
        else if (str_eq(part, S("{workspace}")))
            strbuf_add(&out, f->scopes.workspace);
        else
            strbuf_add(&out, part.p[0] == '{' ? S("x") : part);
    }
    if (r->version)
        strbuf_addf(&out, "?api-version=%s", r->version);
    return arena_str(f->arena, strbuf_view(&out)).p;
}

/* "GET /a/{x}" and "GET /a/{y}" are the same. */
static str canonical(const struct api_route *r, char *buf, size_t size)
{
    str    rest = str_of(r->path), part;
    size_t n = (size_t)snprintf(buf, size, "%s ", r->method);

    while (str_split(&rest, '/', &part))
        n += (size_t)snprintf(buf + n, size - n, "/" STR_FMT,
                              STR_ARG(part.n && part.p[0] == '{' ? S("{}") : part));
    return str_make(buf, n);
}

TEST(every_row_is_whole_and_no_two_are_the_same)
{
    AUTO(map) seen = map_new(MAP_NOCASE);
    char key[512];

    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        CHECK(r->path[0] == '/');
        CHECK(r->handle != NULL);
        CHECK(r->doc && strlen(r->doc) > 10);
        CHECK(r->example && str_starts(str_of(r->example), str_of(r->method)));
        CHECK((r->flags & (API_OPEN | API_ANYBODY)) || r->action);
        CHECK(r->version || (r->flags & (API_OPEN | API_NO_VERSION)));
        CHECK(!r->version || api_route_version_ok(str_of(r->version), r->version));
        CHECK(map_put(seen, canonical(r, key, sizeof key), (void *)r) == NULL);
    }
    CHECK(map_count(seen) > 80);
}

TEST(every_permission_is_held_by_owner_and_no_write_by_reader)
{
    const struct access_role *owner = access_role_find(S("Owner")), *reader = access_role_find(S("Reader"));
    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        if (!r->action)
            continue;
        CHECK(access_role_allows(owner, str_of(r->action)));
        bool reads = str_ends(str_of(r->action), S("/read"));
        CHECK_EQ(access_role_allows(reader, str_of(r->action)), reads);
        if (!str_eq(str_of(r->method), S("GET")) && !str_eq(str_of(r->method), S("HEAD")) && reads)
            CHECK(r->flags & API_NO_REPEAT); /* a POST that only reads says so */
    }
}

/* The law of the issue: no route answers without a token but health, sign-in and metadata. */
TEST(no_route_answers_without_a_token_but_the_open_ones)
{
    AUTO(api_fixture) f = api_fixture_new();
    static const char *const open_prefixes[] = {
        "/health", "/signin", "/signout", "/metadata/", "/adfs/", "/{tenant}/", "/v1/rest/auth/metadata"
    };

    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        bool may_be_open = false;
        for (size_t i = 0; i < sizeof open_prefixes / sizeof open_prefixes[0]; i++)
            may_be_open |= str_starts(str_of(r->path), str_of(open_prefixes[i]));
        CHECK(may_be_open == ((r->flags & API_OPEN) != 0));
        if (r->flags & API_OPEN)
            continue;
        const char *tokens[] = { NULL, "", "x", "eyJhbGciOiJub25lIn0.eyJvaWQiOiJ4In0." };
        for (size_t i = 0; i < 4; i++) {
            struct api_fixture_answer a =
                api_fixture_ask(f, &(struct api_fixture_ask) {
                                       .method = r->method, .target = concrete(f, r), .token = tokens[i] });
            CHECK_EQ(a.status, 401);
            CHECK_SEQ(api_fixture_text(&a, "error.code"), S("AuthenticationFailed"));
            CHECK(str_starts(api_fixture_header(&a, "WWW-Authenticate"),
                             S("Bearer authorization_uri=\"https://")));
        }
    }
}

TEST(a_principal_without_a_role_here_is_refused_by_every_route_with_azure_s_sentence)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *token = api_fixture_token(f, "Owner", S("/subscriptions/another"));

    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        if (r->flags & (API_OPEN | API_ANYBODY))
            continue;
        struct api_fixture_answer a = api_fixture_ask(
            f, &(struct api_fixture_ask) { .method = r->method, .target = concrete(f, r), .token = token });
        CHECK_EQ(a.status, 403);
        CHECK_SEQ(api_fixture_text(&a, "error.code"), S("AuthorizationFailed"));
        CHECK(str_contains(api_fixture_text(&a, "error.message"), str_of(r->action)));
    }
}

TEST(every_route_that_needs_an_api_version_says_so)
{
    AUTO(api_fixture) f = api_fixture_new();
    const char *token = api_fixture_token(f, "Owner", S(""));

    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        if (!r->version || (r->flags & API_NO_VERSION))
            continue;
        str whole = str_of(concrete(f, r));
        str bare = arena_str(f->arena, str_slice(whole, 0, str_find_byte(whole, '?')));
        str old = arena_printf(f->arena, STR_FMT "?api-version=2001-01-01", STR_ARG(bare));
        struct api_fixture_answer none = api_fixture_ask(
            f, &(struct api_fixture_ask) { .method = r->method, .target = bare.p, .token = token });
        struct api_fixture_answer older = api_fixture_ask(
            f, &(struct api_fixture_ask) { .method = r->method, .target = old.p, .token = token });
        CHECK_EQ(none.status, 400);
        CHECK_SEQ(api_fixture_text(&none, "error.code"), S("MissingApiVersionParameter"));
        CHECK_EQ(older.status, 400);
        CHECK_SEQ(api_fixture_text(&older, "error.code"), S("InvalidApiVersionParameter"));
    }
}

/* --- the recorded operations --- */

/* Cells of one line of CSV; quoted ones may hold commas. */
static size_t csv_cells(str line, str *cells, size_t max)
{
    size_t n = 0;
    while (n < max) {
        if (line.n && line.p[0] == '"') {
            size_t end = 1;
            while (end < line.n && !(line.p[end] == '"' && (end + 1 == line.n || line.p[end + 1] == ',')))
                end++;
            cells[n++] = str_slice(line, 1, end);
            line = str_from(line, end + 1);
        } else {
            size_t comma = str_find_byte(line, ',');
            cells[n++] = str_slice(line, 0, comma == STR_NPOS ? line.n : comma);
            line = str_from(line, comma == STR_NPOS ? line.n : comma);
        }
        if (!line.n)
            break;
        line = str_from(line, 1);
    }
    return n;
}

static bool lists(str codes, int status)
{
    str part;
    while (str_split(&codes, '|', &part)) {
        int64_t code;
        if (str_to_i64(part, &code) && code == status)
            return true;
    }
    return false;
}

static str recorded_codes(str csv, const struct api_route *r)
{
    str line, cells[20];

    while (str_split(&csv, '\n', &line)) {
        size_t n = csv_cells(line, cells, 20);
        if (n < 16 || !str_eq(cells[4], str_of(r->method)))
            continue;
        /* The same path, whatever the parameters are called. */
        str  a = cells[5], b = str_of(r->path), x, y;
        bool same = true, more;
        while ((more = str_split(&a, '/', &x)) == str_split(&b, '/', &y) && more && same)
            same = str_eq_ci(x, y) || (x.n && y.n && x.p[0] == '{' && y.p[0] == '{');
        if (same && !a.p && !b.p)
            return cells[15];
    }
    return S("");
}

TEST(success_codes_are_those_that_every_recorded_client_takes)
{
    const char *shared = t_shared();
    char        path[4096];
    str         csv;
    int         compared = 0;
    AUTO(arena) a = arena_new(64 << 20);

    if (!shared)
        return;
    snprintf(path, sizeof path, "%s/api/routes.csv", shared);
    CHECK_OK(file_read(a, path, 16 << 20, &csv, NULL));
    for (const struct api_route *r = API_ROUTES; r->method; r++) {
        str codes = recorded_codes(csv, r);
        /* The authorize page is for people: browsers read it, no client looks at its status. */
        if (!codes.n || str_ends(str_of(r->path), S("/authorize")))
            continue;
        compared++;
        for (size_t i = 0; i < API_ROUTE_MAX_CODES && (r->codes[i] || i == 0); i++)
            if (!lists(codes, r->codes[i] ? r->codes[i] : 200)) {
                printf("%s %s: %d is not in " STR_FMT "\n", r->method, r->path, r->codes[i], STR_ARG(codes));
                CHECK(false);
            }
    }
    CHECK(compared >= 30);
}

TEST(the_registry_is_json_with_every_row)
{
    AUTO(arena) a = arena_new(8 << 20);
    AUTO_STRBUF        text = STRBUF_INIT(4 << 20);
    struct json_w      w = json_w_make(&text);
    const struct json *j;
    uint32_t           n = 0;

    api_registry_write(&w);
    CHECK_OK(json_parse(a, strbuf_view(&text), &j, NULL));
    for (const struct api_route *r = API_ROUTES; r->method; r++)
        n++;
    CHECK_EQ(j->n, n);
    CHECK_SEQ(json_str(&j->items[0], S("path"), S("")), str_of(API_ROUTES[0].path));
}
