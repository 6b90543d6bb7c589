/* SPDX-License-Identifier: Apache-2.0 */
/* User agents: browser, operating system and device, by tables of words that stand before a version. The
 * first row that fits counts, so what imitates others stands before them. */
#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

enum { PARTS = 4, MAX_MODEL = 64 };

#define TEXT_OUT AUTO_STRBUF text = STRBUF_INIT(SCALAR_MAX_TEXT)

struct found {
    str family;
    str version[PARTS]; /* major, minor, patch, what is behind it */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 12.3.4 or 12_3_4 at the front of a text. */
static void read_version(str s, str version[PARTS])
{
    size_t at = 0;

    for (int i = 0; i < PARTS; i++) {
        size_t from = at;
        while (at < s.n && is_digit(s.p[at]))
            at++;
        if (at == from)
            return;
        version[i] = str_slice(s, from, at);
        if (at + 1 >= s.n || (s.p[at] != '.' && s.p[at] != '_') || !is_digit(s.p[at + 1]))
            return;
        at++;
    }
}

static bool version_behind(str agent, const char *word, struct found *f)
{
    size_t at = str_find(agent, str_of(word));
    if (at == STR_NPOS)
        return false;
    read_version(str_from(agent, at + strlen(word)), f->version);
    return true;
}

/* --- browsers --- */

static const struct browser {
    const char *word, *family;
    const char *with;    /* must stand in the agent, too */
    const char *version; /* the word before the version where it is another */
} BROWSERS[] = {
    { "Googlebot/", "Googlebot", NULL, NULL },
    { "bingbot/", "bingbot", NULL, NULL },
    { "YandexBot/", "YandexBot", NULL, NULL },
    { "AhrefsBot/", "AhrefsBot", NULL, NULL },
    { "Baiduspider/", "Baiduspider", NULL, NULL },
    { "DuckDuckBot/", "DuckDuckBot", NULL, NULL },
    { "facebookexternalhit/", "FacebookBot", NULL, NULL },
    { "Twitterbot/", "Twitterbot", NULL, NULL },
    { "Applebot/", "Applebot", NULL, NULL },
    { "Slackbot", "Slackbot", NULL, "Slackbot " },
    { "AdobeAIR/", "AdobeAIR", NULL, NULL },
    { "Series60/", "Nokia OSS Browser", "SymbianOS", NULL },
    { "EdgA/", "Edge Mobile", NULL, NULL },
    { "EdgiOS/", "Edge Mobile", NULL, NULL },
    { "Edg/", "Edge", NULL, NULL },
    { "Edge/", "Edge", NULL, NULL },
    { "OPiOS/", "Opera Mini", NULL, NULL },
    { "Opera Mini/", "Opera Mini", NULL, NULL },
    { "OPR/", "Opera Mobile", "Mobile", NULL },
    { "OPR/", "Opera", NULL, NULL },
    { "Opera/", "Opera", "Version/", "Version/" },
    { "Opera/", "Opera", NULL, NULL },
    { "SamsungBrowser/", "Samsung Internet", NULL, NULL },
    { "YaBrowser/", "Yandex Browser", NULL, NULL },
    { "Vivaldi/", "Vivaldi", NULL, NULL },
    { "UCBrowser/", "UC Browser", NULL, NULL },
    { "Brave/", "Brave", NULL, NULL },
    { "Electron/", "Electron", NULL, NULL },
    { "HeadlessChrome/", "HeadlessChrome", NULL, NULL },
    { "CriOS/", "Chrome Mobile iOS", NULL, NULL },
    { "FxiOS/", "Firefox iOS", NULL, NULL },
    { "SeaMonkey/", "SeaMonkey", NULL, NULL },
    { "Thunderbird/", "Thunderbird", NULL, NULL },
    { "Firefox/", "Firefox Mobile", "Mobile;", NULL },
    { "Firefox/", "Firefox", NULL, NULL },
    { "Chrome/", "Chrome Mobile WebView", "; wv)", NULL },
    { "Chromium/", "Chromium", NULL, NULL },
    { "Chrome/", "Chrome Mobile", "Mobile", NULL },
    { "Chrome/", "Chrome", NULL, NULL },
    { "IEMobile/", "IE Mobile", NULL, NULL },
    { "MSIE ", "IE", NULL, NULL },
    { "Trident/", "IE", "rv:", "rv:" },
    { "Android ", "Android", "Version/", "Version/" },
    { "Safari/", "Mobile Safari", "Mobile/", "Version/" },
    { "Safari/", "Safari", "Version/", "Version/" },
    { "Mobile/", "Mobile Safari UI/WKWebView", "AppleWebKit/", NULL },
    { "curl/", "curl", NULL, NULL },
    { "Wget/", "Wget", NULL, NULL },
    { "python-requests/", "Python Requests", NULL, NULL },
    { "Python-urllib/", "Python-urllib", NULL, NULL },
    { "aiohttp/", "Python aiohttp", NULL, NULL },
    { "Go-http-client/", "Go-http-client", NULL, NULL },
    { "okhttp/", "okhttp", NULL, NULL },
    { "Apache-HttpClient/", "Apache-HttpClient", NULL, NULL },
    { "axios/", "axios", NULL, NULL },
    { "PostmanRuntime/", "PostmanRuntime", NULL, NULL },
    { "libwww-perl/", "libwww-perl", NULL, NULL },
    { "WindowsPowerShell/", "WindowsPowerShell", NULL, NULL },
    { "PowerShell/", "PowerShell", NULL, NULL },
    { "Java/", "Java", NULL, NULL },
    { "Outlook ", "Outlook", NULL, NULL },
};

static struct found nothing(void)
{
    return (struct found) { S("Other"), { S(""), S(""), S(""), S("") } };
}

static struct found browser_of(str agent)
{
    struct found f = nothing();

    for (size_t i = 0; i < sizeof BROWSERS / sizeof BROWSERS[0]; i++) {
        const struct browser *b = &BROWSERS[i];
        if (!str_contains(agent, str_of(b->word)) || (b->with && !str_contains(agent, str_of(b->with))))
            continue;
        (void)version_behind(agent, b->version ? b->version : b->word, &f);
        f.family = str_of(b->family);
        break;
    }
    return f;
}

/* --- operating systems --- */

static const struct {
    const char *number, *major, *minor;
} WINDOWS[] = {
    { "10.0", "10", "" },   { "6.3", "8", "1" }, { "6.2", "8", "" },  { "6.1", "7", "" },
    { "6.0", "Vista", "" }, { "5.2", "XP", "" }, { "5.1", "XP", "" }, { "5.0", "2000", "" },
};

static const struct {
    const char *word, *family;
} SYSTEMS[] = {
    { "Windows Phone ", "Windows Phone" },
    { "Windows Phone OS ", "Windows Phone" },
    { "SymbianOS/", "Symbian OS" },
    { "Android ", "Android" },
    { "CPU iPhone OS ", "iOS" },
    { "iPhone OS ", "iOS" },
    { "CPU OS ", "iOS" },
    { "Mac OS X ", "Mac OS X" },
    { "Mac OS X", "Mac OS X" },
    { "CrOS x86_64 ", "Chrome OS" },
    { "CrOS ", "Chrome OS" },
    { "Ubuntu/", "Ubuntu" },
    { "Ubuntu", "Ubuntu" },
    { "Fedora/", "Fedora" },
    { "Fedora", "Fedora" },
    { "Debian", "Debian" },
    { "FreeBSD", "FreeBSD" },
    { "OpenBSD", "OpenBSD" },
    { "Linux", "Linux" },
};

static bool windows_of(str agent, struct found *f)
{
    size_t at = str_find(agent, S("Windows NT "));

    for (size_t i = 0; at != STR_NPOS && i < sizeof WINDOWS / sizeof WINDOWS[0]; i++)
        if (str_starts(str_from(agent, at + 11), str_of(WINDOWS[i].number))) {
            f->version[0] = str_of(WINDOWS[i].major);
            f->version[1] = str_of(WINDOWS[i].minor);
            break;
        }
    if (at != STR_NPOS || (str_contains(agent, S("Windows")) && !str_contains(agent, S("Windows Phone"))))
        f->family = S("Windows");
    return f->family.n > 0 && str_eq(f->family, S("Windows"));
}

static struct found system_of(str agent)
{
    struct found f = nothing();

    if (windows_of(agent, &f))
        return f;
    for (size_t i = 0; i < sizeof SYSTEMS / sizeof SYSTEMS[0]; i++)
        if (version_behind(agent, SYSTEMS[i].word, &f)) {
            f.family = str_of(SYSTEMS[i].family);
            return f;
        }
    return f;
}

/* --- devices --- */

struct device {
    str family, brand, model;
};

static const struct {
    const char *begins, *brand;
} BRANDS[] = { { "SM-", "Samsung" },   { "SAMSUNG ", "Samsung" }, { "GT-", "Samsung" },
               { "Pixel", "Google" },  { "Nexus", "Google" },     { "Mi ", "XiaoMi" },
               { "Redmi", "XiaoMi" },  { "HUAWEI", "Huawei" },    { "ONEPLUS", "OnePlus" },
               { "moto", "Motorola" }, { "LG-", "LG" },           { "Nokia", "Nokia" } };

static struct device of_model(str model)
{
    struct device d = { model, S("Generic"), model };

    for (size_t i = 0; i < sizeof BRANDS / sizeof BRANDS[0]; i++)
        if (str_starts(model, str_of(BRANDS[i].begins)))
            d.brand = str_of(BRANDS[i].brand);
    return d;
}

/* The last part in the parentheses of Android: "(Linux; Android 10; SM-G973F Build/QP1A)". */
static bool android_model(str agent, str *model)
{
    size_t at = str_find(agent, S("Android "));
    if (at == STR_NPOS)
        return false;
    str rest = str_from(agent, at), part;
    rest = str_slice(rest, 0, str_find_byte(rest, ')') == STR_NPOS ? rest.n : str_find_byte(rest, ')'));
    *model = S("");
    for (int i = 0; str_split(&rest, ';', &part); i++)
        if (i > 0 && !str_eq(str_trim(part), S("wv")))
            *model = str_trim(part);
    size_t build = str_find(*model, S(" Build"));
    if (build != STR_NPOS)
        *model = str_slice(*model, 0, build);
    return model->n > 0 && model->n <= MAX_MODEL;
}

static struct device device_of(str agent)
{
    static const struct {
        const char *word, *family, *brand, *model;
    } KNOWN[] = {
        { "iPhone", "iPhone", "Apple", "iPhone" },
        { "iPad", "iPad", "Apple", "iPad" },
        { "iPod", "iPod", "Apple", "iPod" },
        { "Macintosh", "Mac", "Apple", "Mac" },
        { "Googlebot", "Spider", "Spider", "Desktop" },
        { "bot/", "Spider", "Spider", "Desktop" },
        { "Bot/", "Spider", "Spider", "Desktop" },
        { "spider", "Spider", "Spider", "Desktop" },
    };
    str model;

    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
        if (str_contains(agent, str_of(KNOWN[i].word)))
            return (struct device) { str_of(KNOWN[i].family), str_of(KNOWN[i].brand),
                                     str_of(KNOWN[i].model) };
    if (android_model(agent, &model))
        return of_model(model);
    size_t nokia = str_find(agent, S("Nokia"));
    if (nokia != STR_NPOS) {
        str    rest = str_from(agent, nokia + 5);
        size_t end = 0;
        while (end < rest.n && rest.p[end] != '/' && rest.p[end] != ' ' && rest.p[end] != ';')
            end++;
        if (end > 0)
            return (struct device) { str_make(agent.p + nokia, end + 5), S("Nokia"),
                                     str_slice(rest, 0, end) };
    }
    return (struct device) { S("Other"), S(""), S("") };
}

/* --- the answer --- */

static void add(struct strbuf *out, bool *first, const char *key, str value)
{
    scalar_json_key(out, first, str_of(key));
    scalar_json_quote(out, value);
}

static void add_found(struct strbuf *out, const struct found *f, bool system)
{
    bool first = true;

    strbuf_addc(out, '{');
    add(out, &first, "Family", f->family);
    add(out, &first, "MajorVersion", f->version[0]);
    add(out, &first, "MinorVersion", f->version[1]);
    add(out, &first, "Patch", f->version[2]);
    if (system)
        add(out, &first, "PatchMinor", f->version[3]);
    strbuf_addc(out, '}');
}

static void add_device(struct strbuf *out, const struct device *d)
{
    bool first = true;

    strbuf_addc(out, '{');
    add(out, &first, "Family", d->family);
    add(out, &first, "Brand", d->brand);
    add(out, &first, "Model", d->model);
    strbuf_addc(out, '}');
}

static bool wants(const struct scalar_json *what, const char *name)
{
    if (what->kind == SCALAR_JSON_STRING)
        return str_eq_ci(what->s, str_of(name));
    for (uint32_t i = 0; what->kind == SCALAR_JSON_ARRAY && i < what->n; i++)
        if (str_eq_ci(what->items[i].s, str_of(name)))
            return true;
    return false;
}

void scalar_agent_parse(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json what;
    str                agent = argv[0].s;
    bool               first = true;
    TEXT_OUT;

    if (agent.n == 0 || !scalar_json_parse(a, argv[1].s, &what))
        return;
    strbuf_addc(&text, '{');
    if (wants(&what, "browser")) {
        struct found f = browser_of(agent);
        scalar_json_key(&text, &first, S("Browser"));
        add_found(&text, &f, false);
    }
    if (wants(&what, "os")) {
        struct found f = system_of(agent);
        scalar_json_key(&text, &first, S("OperatingSystem"));
        add_found(&text, &f, true);
    }
    if (wants(&what, "device")) {
        struct device d = device_of(agent);
        scalar_json_key(&text, &first, S("Device"));
        add_device(&text, &d);
    }
    strbuf_addc(&text, '}');
    scalar_give(a, &text, out);
}
