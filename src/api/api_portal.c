/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_portal.h"

#include <sys/stat.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"

struct page {
    str plain, gz, br; /* empty: there is none */
    str type, etag;
};

struct api_portal {
    struct arena *arena;
    struct map   *pages; /* "/assets/x.js" → struct page */
    struct page  *index;
};

static const struct {
    const char *ending, *type;
} TYPES[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".mjs", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
    { ".ttf", "font/ttf" },
    { ".wasm", "application/wasm" },
    { ".map", "application/json" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".webmanifest", "application/manifest+json" },
};

static str type_of(str path)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (str_ends_ci(path, str_of(TYPES[i].ending)))
            return str_of(TYPES[i].type);
    return S("application/octet-stream");
}

static struct page *page_of(struct api_portal *p, str path)
{
    struct page *page = map_find(p->pages, path);
    if (!page) {
        page = ARENA_NEW(p->arena, struct page);
        page->type = type_of(path);
        map_put(p->pages, path, page);
    }
    return page;
}

static str etag_of(struct arena *a, str content)
{
    struct hash_sha256 digest = hash_sha256(content);
    char               hex[33];
    hash_hex(digest.bytes, 16, hex);
    return arena_printf(a, "\"%s\"", hex);
}

struct walk {
    struct api_portal *portal;
    const char        *dir;
    str                below; /* "/assets" */
};

static enum rc load_file(struct walk *w, const char *path, str url, struct err *err)
{
    struct api_portal *p = w->portal;
    str                content;

    TRY(file_read(p->arena, path, 64 << 20, &content, err));
    if (str_ends(url, S(".br"))) {
        page_of(p, str_slice(url, 0, url.n - 3))->br = content;
    } else if (str_ends(url, S(".gz"))) {
        page_of(p, str_slice(url, 0, url.n - 3))->gz = content;
    } else {
        struct page *page = page_of(p, url);
        page->plain = content;
        page->etag = etag_of(p->arena, content);
    }
    return RC_OK;
}

static enum rc visit(void *ctx, const char *name, struct err *err)
{
    struct walk *w = ctx;
    struct stat  st;
    char         path[4096];

    int n = snprintf(path, sizeof path, "%s/%s", w->dir, name);
    if (n < 0 || (size_t)n >= sizeof path || stat(path, &st) != 0)
        return RC_OK;
    str url = arena_printf(w->portal->arena, STR_FMT "/%s", STR_ARG(w->below), name);
    if (S_ISDIR(st.st_mode)) {
        struct walk deeper = { w->portal, path, url };
        return file_list(path, visit, &deeper, err);
    }
    return S_ISREG(st.st_mode) ? load_file(w, path, url, err) : RC_OK;
}

static const str NOT_BUILT = STR_INIT(
    "<!doctype html><meta charset=utf-8><title>Vedette</title><h1>Vedette runs</h1>"
    "<p>The portal is not built here. In the source tree <code>make portal</code> builds it; the API and the "
    "<code>vedette</code> command work without it.");

enum rc api_portal_new(str dir, struct api_portal **out, struct err *err)
{
    AUTO(api_portal) p = MEM_NEW(struct api_portal);
    char        path[4096];
    struct walk w = { p, path, S("") };

    p->arena = arena_new(API_PORTAL_MAX_BYTES);
    p->pages = map_new(MAP_CASE);
    if (dir.n) {
        if (!str_to_cstr(dir, path, sizeof path))
            return err_set(err, RC_LIMIT, "the path of the portal's folder has %zu bytes; %zu are the most",
                           dir.n, sizeof path - 1);
        enum rc rc = file_exists(path) ? file_list(path, visit, &w, err) : RC_OK;
        TRY(rc);
    }
    p->index = map_find(p->pages, S("/index.html"));
    if (!p->index || !p->index->plain.n) {
        p->index = page_of(p, S("/index.html"));
        p->index->plain = NOT_BUILT;
    }
    *out = TAKE(p);
    return RC_OK;
}

struct api_portal *api_portal_free(struct api_portal *p)
{
    if (!p)
        return NULL;
    map_free(p->pages);
    arena_free(p->arena);
    return mem_free(p);
}

bool api_portal_is_page(str path)
{
    static const str api[] = { STR_INIT("subscriptions"),
                               STR_INIT("providers"),
                               STR_INIT("tenants"),
                               STR_INIT("v1"),
                               STR_INIT("v2"),
                               STR_INIT("v1.0"),
                               STR_INIT("beta"),
                               STR_INIT("metadata"),
                               STR_INIT("adfs"),
                               STR_INIT("dataCollectionRules"),
                               STR_INIT("signout"),
                               STR_INIT("metrics"),
                               STR_INIT("health") };
    str              first, rest = str_trim_chars(path, S("/"));
    guid             g;

    if (!str_split(&rest, '/', &first))
        return true;
    for (size_t i = 0; i < sizeof api / sizeof api[0]; i++)
        if (str_eq_ci(first, api[i]))
            return false;
    return !guid_parse(first, &g); /* "/{tenant}/oauth2/…" */
}

/* Fluent and Monaco set style attributes; scripts are ours alone. docs/portal.md has the reasons. */
static void guard(struct api_call *c, str nonce)
{
    AUTO_STRBUF styles = STRBUF_INIT(256);

    strbuf_addz(&styles, "'self'");
    if (nonce.n)
        strbuf_addf(&styles, " 'nonce-" STR_FMT "'", STR_ARG(nonce));
    http_res_headerf(
        c->res, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src-elem " STR_FMT "; style-src-attr 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src"
        " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        STR_ARG(strbuf_view(&styles)));
    http_res_header(c->res, S("X-Frame-Options"), S("DENY"));
    http_res_header(c->res, S("Referrer-Policy"), S("no-referrer"));
    http_res_header(c->res, S("Cross-Origin-Opener-Policy"), S("same-origin"));
}

static str fresh_nonce(struct arena *a)
{
    uint8_t     bytes[18];
    AUTO_STRBUF text = STRBUF_INIT(64);

    hash_random(bytes, sizeof bytes);
    codec_base64(&text, str_make((char *)bytes, sizeof bytes));
    return arena_str(a, strbuf_view(&text));
}

static void answer_index(struct api_portal *p, struct api_call *c)
{
    static const str mark = STR_INIT("__CSP_NONCE__");
    str              rest = p->index->plain, nonce = fresh_nonce(c->arena);
    AUTO_STRBUF      html = STRBUF_INIT(4 << 20);

    for (size_t at; (at = str_find(rest, mark)) != STR_NPOS; rest = str_from(rest, at + mark.n)) {
        strbuf_add(&html, str_slice(rest, 0, at));
        strbuf_add(&html, nonce);
    }
    strbuf_add(&html, rest);
    guard(c, nonce);
    http_res_header(c->res, S("Cache-Control"), S("no-store"));
    api_call_text(c, 200, S("text/html; charset=utf-8"), arena_str(c->arena, strbuf_view(&html)));
}

static bool takes(const struct api_call *c, str coding)
{
    str rest = http_req_header(c->req, S("Accept-Encoding")), part;
    while (str_split(&rest, ',', &part)) {
        size_t semicolon = str_find_byte(part, ';');
        str    name = str_trim(str_slice(part, 0, semicolon == STR_NPOS ? part.n : semicolon));
        if (str_eq_ci(name, coding) && !str_ends(str_trim(part), S(";q=0")))
            return true;
    }
    return false;
}

static void answer_file(struct api_call *c, const struct page *page)
{
    bool for_good = str_starts(c->req->path, S("/assets/"));

    http_res_header(c->res, S("Cache-Control"),
                    for_good ? S("public, max-age=31536000, immutable") : S("no-cache"));
    http_res_header(c->res, S("ETag"), page->etag);
    http_res_header(c->res, S("Vary"), S("Accept-Encoding"));
    guard(c, S(""));
    if (str_eq(http_req_header(c->req, S("If-None-Match")), page->etag)) {
        api_call_empty(c, 304);
        return;
    }
    str body = page->plain, coding = S("");
    if (page->br.n && takes(c, S("br"))) {
        body = page->br;
        coding = S("br");
    } else if (page->gz.n && takes(c, S("gzip"))) {
        body = page->gz;
        coding = S("gzip");
    }
    if (coding.n)
        http_res_header(c->res, S("Content-Encoding"), coding);
    http_res_body(c->res, 200, page->type, body);
}

void api_portal_answer(struct api_portal *p, struct api_call *c)
{
    struct page *page = map_find(p->pages, c->req->path);

    if (!str_eq(c->req->method, S("GET")) && !str_eq(c->req->method, S("HEAD"))) {
        http_res_header(c->res, S("Allow"), S("GET, HEAD"));
        api_call_empty(c, 405);
    } else if (page && page != p->index && page->plain.n) {
        answer_file(c, page);
    } else if (str_starts(c->req->path, S("/assets/"))) {
        api_call_text(c, 404, S("text/plain"), S("There is no such file."));
    } else {
        answer_index(p, c);
    }
}
