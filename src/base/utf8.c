/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static bool is_tail(str s, size_t at)
{
    return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

static uint32_t tail(str s, size_t at)
{
    return (unsigned char)s.p[at] & 0x3Fu;
}

/* Overlong forms, surrogates and values over U+10FFFF are broken (RFC 3629). */
uint32_t utf8_next(str s, size_t *at)
{
    size_t        i = *at;
    unsigned char c = (unsigned char)s.p[i];
    uint32_t      cp;

    *at = i + 1;
    if (c < 0x80)
        return c;
    if (c >= 0xC2 && c <= 0xDF && is_tail(s, i + 1)) {
        *at = i + 2;
        return (c & 0x1Fu) << 6 | tail(s, i + 1);
    }
    if (c >= 0xE0 && c <= 0xEF && is_tail(s, i + 1) && is_tail(s, i + 2)) {
        cp = (c & 0x0Fu) << 12 | tail(s, i + 1) << 6 | tail(s, i + 2);
        if (cp < 0x800 || (cp >= 0xD800 && cp <= 0xDFFF))
            return UTF8_BAD;
        *at = i + 3;
        return cp;
    }
    if (c >= 0xF0 && c <= 0xF4 && is_tail(s, i + 1) && is_tail(s, i + 2) && is_tail(s, i + 3)) {
        cp = (c & 0x07u) << 18 | tail(s, i + 1) << 12 | tail(s, i + 2) << 6 | tail(s, i + 3);
        if (cp < 0x10000 || cp > 0x10FFFF)
            return UTF8_BAD;
        *at = i + 4;
        return cp;
    }
    return UTF8_BAD;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_count(str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++)
        utf8_next(s, &at);
    return n;
}

size_t utf8_offset(str s, size_t chars)
{
    size_t at = 0;
    while (chars-- && at < s.n)
        utf8_next(s, &at);
    return at;
}

static bool broken_at(str s, size_t *at)
{
    size_t here = *at;
    return utf8_next(s, at) == UTF8_BAD && *at == here + 1;
}

bool utf8_valid(str s)
{
    for (size_t at = 0; at < s.n;)
        if (broken_at(s, &at))
            return false;
    return true;
}

void utf8_repair(struct strbuf *out, str s)
{
    for (size_t at = 0; at < s.n;) {
        size_t here = at;
        strbuf_add(out, broken_at(s, &at) ? S("\xEF\xBF\xBD") : str_slice(s, here, at));
    }
}

static locale_t unicode_locale;

static void unicode_locale_make(void)
{
    unicode_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static locale_t unicode(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, unicode_locale_make);
    return unicode_locale;
}

bool utf8_is_word(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= '0' && cp <= '9');
    return cp != UTF8_BAD && iswalnum_l((wint_t)cp, unicode());
}

static void map_case(struct strbuf *out, str s, wint_t (*to)(wint_t, locale_t))
{
    locale_t locale = unicode();
    for (size_t at = 0; at < s.n;) {
        size_t   here = at;
        uint32_t cp = utf8_next(s, &at);
        char     bytes[4];
        if (cp == UTF8_BAD || !locale)
            strbuf_add(out, str_slice(s, here, at));
        else
            strbuf_add(out, str_make(bytes, utf8_put((uint32_t)to((wint_t)cp, locale), bytes)));
    }
}

void utf8_lower(struct strbuf *out, str s)
{
    map_case(out, s, towlower_l);
}

void utf8_upper(struct strbuf *out, str s)
{
    map_case(out, s, towupper_l);
}

/* Characters that fold to more than one (CaseFolding of Unicode, status F), the Greek with iota below left
 * out. */
static const struct {
    uint32_t from, to[3];
} LONG_FOLDS[] = {
    { 0x00DF, { 's', 's' } },
    { 0x0130, { 'i', 0x307 } },
    { 0x0149, { 0x2BC, 'n' } },
    { 0x01F0, { 'j', 0x30C } },
    { 0x0390, { 0x3B9, 0x308, 0x301 } },
    { 0x03B0, { 0x3C5, 0x308, 0x301 } },
    { 0x0587, { 0x565, 0x582 } },
    { 0x1E96, { 'h', 0x331 } },
    { 0x1E97, { 't', 0x308 } },
    { 0x1E98, { 'w', 0x30A } },
    { 0x1E99, { 'y', 0x30A } },
    { 0x1E9A, { 'a', 0x2BE } },
    { 0x1E9E, { 's', 's' } },
    { 0xFB00, { 'f', 'f' } },
    { 0xFB01, { 'f', 'i' } },
    { 0xFB02, { 'f', 'l' } },
    { 0xFB03, { 'f', 'f', 'i' } },
    { 0xFB04, { 'f', 'f', 'l' } },
    { 0xFB05, { 's', 't' } },
    { 0xFB06, { 's', 't' } },
    { 0xFB13, { 0x574, 0x576 } },
    { 0xFB14, { 0x574, 0x565 } },
    { 0xFB15, { 0x574, 0x56B } },
    { 0xFB16, { 0x57E, 0x576 } },
    { 0xFB17, { 0x574, 0x56D } },
};

/* Reads one character and gives the 1 to 3 code points that it folds to. */
static size_t fold_next(str s, size_t *at, uint32_t out[3])
{
    uint32_t cp = utf8_next(s, at);
    if (cp < 0x80) {
        out[0] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
        return 1;
    }
    for (size_t i = 0; i < sizeof LONG_FOLDS / sizeof LONG_FOLDS[0]; i++) {
        if (LONG_FOLDS[i].from != cp)
            continue;
        memcpy(out, LONG_FOLDS[i].to, sizeof LONG_FOLDS[i].to);
        return out[2] ? 3 : 2;
    }
    /* By way of the capital, so that both small sigmas, the long s and the kelvin sign fold together. */
    out[0] = (uint32_t)towlower_l(towupper_l((wint_t)cp, unicode()), unicode());
    return 1;
}

void utf8_fold(struct strbuf *out, str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t cps[3] = { 0 };
        size_t   n = fold_next(s, &at, cps);
        for (size_t i = 0; i < n; i++) {
            char bytes[4];
            strbuf_add(out, str_make(bytes, utf8_put(cps[i], bytes)));
        }
    }
}

struct folded {
    str      s;
    size_t   at;
    uint32_t cps[3];
    size_t   n, next;
};

/* The next folded code point, or -1 at the end. */
static int64_t folded_next(struct folded *f)
{
    if (f->next == f->n) {
        if (f->at >= f->s.n)
            return -1;
        f->n = fold_next(f->s, &f->at, f->cps);
        f->next = 0;
    }
    return f->cps[f->next++];
}

int utf8_cmp_fold(str a, str b)
{
    struct folded fa = { .s = a }, fb = { .s = b };
    for (;;) {
        int64_t ca = folded_next(&fa), cb = folded_next(&fb);
        if (ca != cb)
            return ca < cb ? -1 : 1;
        if (ca < 0)
            return 0;
    }
}
