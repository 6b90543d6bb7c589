/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_page.h"

#include "base/codec.h"
#include "base/hash.h"

static void escape(struct strbuf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            strbuf_addz(out, "&amp;");
            break;
        case '<':
            strbuf_addz(out, "&lt;");
            break;
        case '>':
            strbuf_addz(out, "&gt;");
            break;
        case '"':
            strbuf_addz(out, "&quot;");
            break;
        case '\'':
            strbuf_addz(out, "&#39;");
            break;
        default:
            strbuf_addc(out, s.p[i]);
        }
    }
}

static void field(struct strbuf *out, const char *name, const char *label, const char *attributes)
{
    strbuf_addf(out, "<label>%s<input name=\"%s\" %s required></label>", label, name, attributes);
}

static void form(struct strbuf *out, const struct api_page *page)
{
    strbuf_addz(out, "<form method=post action=\"");
    escape(out, page->action);
    strbuf_addz(out, "\">");
    for (size_t i = 0; i < page->n_kept; i++) {
        strbuf_addz(out, "<input type=hidden name=\"");
        escape(out, page->kept[i]);
        strbuf_addz(out, "\" value=\"");
        escape(out, http_pairs_get(page->values, page->kept[i]));
        strbuf_addz(out, "\">");
    }
    if (page->ask_code)
        field(out, "code", "Code", "autocomplete=off autofocus spellcheck=false maxlength=9");
    field(out, "user", "Name", "autocomplete=username");
    field(out, "password", "Password", "type=password autocomplete=current-password");
    strbuf_addz(out, "<button>Sign in</button></form>");
}

static const char STYLE[] =
    "body{font:14px/20px 'Segoe "
    "UI',system-ui,sans-serif;color:#242424;background:#fafafa;margin:0;display:grid;"
    "place-items:center;min-height:100vh}main{width:320px;padding:32px;background:#fff;border:1px solid "
    "#e0e0e0;"
    "border-radius:8px}h1{font-size:20px;line-height:28px;margin:0 0 8px}label{display:block;margin:12px 0 0}"
    "input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:6px 8px;border:1px solid "
    "#707070;"
    "border-radius:4px}button{margin-top:20px;font:inherit;font-weight:600;padding:6px 16px;color:#fff;"
    "background:#0f548c;border:0;border-radius:4px}[role=alert]{color:#b10e1c}"
    "@media(prefers-color-scheme:dark){body{color:#fff;background:#141414}main{background:#1f1f1f;border-"
    "color:#3d3d3d}"
    "input{background:#141414;color:#fff}[role=alert]{color:#f1bbbc}}";

static str nonce_of(struct arena *a)
{
    uint8_t     bytes[18];
    AUTO_STRBUF text = STRBUF_INIT(64);
    hash_random(bytes, sizeof bytes);
    codec_base64(&text, str_make((char *)bytes, sizeof bytes));
    return arena_str(a, strbuf_view(&text));
}

static void answer(struct api_call *c, const struct api_page *page, int status, str alert)
{
    AUTO_STRBUF html = STRBUF_INIT(64 * 1024);
    str         nonce = nonce_of(c->arena);

    strbuf_addf(
        &html,
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
        "<title>Vedette</title><style nonce=\"" STR_FMT "\">%s</style><main><h1>",
        STR_ARG(nonce), STYLE);
    escape(&html, page->title);
    strbuf_addz(&html, "</h1><p>");
    escape(&html, page->text);
    strbuf_addz(&html, "</p>");
    if (alert.n) {
        strbuf_addz(&html, "<p role=alert>");
        escape(&html, alert);
        strbuf_addz(&html, "</p>");
    }
    if (page->action.n)
        form(&html, page);
    strbuf_addz(&html, "</main></html>");
    /* Browsers hold a form's redirect to form-action too: a program listens on loopback. */
    http_res_headerf(c->res, "Content-Security-Policy",
                     "default-src 'none'; style-src 'nonce-" STR_FMT
                     "'; form-action 'self' http://localhost:*"
                     " http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'",
                     STR_ARG(nonce));
    http_res_header(c->res, S("X-Frame-Options"), S("DENY"));
    http_res_header(c->res, S("Referrer-Policy"), S("no-referrer"));
    api_call_text(c, status, S("text/html; charset=utf-8"), arena_str(c->arena, strbuf_view(&html)));
}

void api_page_form(struct api_call *c, const struct api_page *page, int status)
{
    answer(c, page, status, S(""));
}

void api_page_error(struct api_call *c, const struct api_page *page, const struct err *why)
{
    answer(c, page, err_http_status(why->rc), str_of(why->text));
}
