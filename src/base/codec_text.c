/* SPDX-License-Identifier: Apache-2.0 */
/* base64, hexadecimal, percent-encoding: without zlib, for what runs in the engine, too. */
#include "base/codec.h"

static const char STANDARD[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char URL_SAFE[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void base64(struct strbuf *out, str bytes, const char *alphabet, bool pad)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t   left = bytes.n - i;
        uint32_t v =
            (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        strbuf_addc(out, alphabet[v >> 18]);
        strbuf_addc(out, alphabet[v >> 12 & 63]);
        if (left > 1)
            strbuf_addc(out, alphabet[v >> 6 & 63]);
        if (left > 2)
            strbuf_addc(out, alphabet[v & 63]);
        for (size_t gap = left; pad && gap < 3; gap++)
            strbuf_addc(out, '=');
    }
}

void codec_base64(struct strbuf *out, str bytes)
{
    base64(out, bytes, STANDARD, true);
}

void codec_base64url(struct strbuf *out, str bytes)
{
    base64(out, bytes, URL_SAFE, false);
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

enum rc codec_base64_decode(struct strbuf *out, str text, struct err *err)
{
    uint32_t v = 0;
    unsigned bits = 0;
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    if (text.n % 4 == 1)
        return err_set(err, RC_SYNTAX, "base64 text has an impossible length");
    for (size_t i = 0; i < text.n; i++) {
        int digit = base64_value(text.p[i]);
        if (digit < 0)
            return err_set(err, RC_SYNTAX, "byte %zu is not base64", i);
        v = v << 6 | (uint32_t)digit;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            strbuf_addc(out, (char)(v >> bits & 0xFF));
        }
    }
    return strbuf_ok(out, "the decoded base64 text", err);
}

void codec_hex(struct strbuf *out, str bytes)
{
    static const char DIGITS[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.n; i++) {
        strbuf_addc(out, DIGITS[(unsigned char)bytes.p[i] >> 4]);
        strbuf_addc(out, DIGITS[(unsigned char)bytes.p[i] & 15]);
    }
}

int codec_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum rc codec_hex_decode(struct strbuf *out, str text, struct err *err)
{
    if (text.n % 2)
        return err_set(err, RC_SYNTAX, "hexadecimal text has an even number of digits, not %zu", text.n);
    for (size_t i = 0; i < text.n; i += 2) {
        int high = codec_hex_value(text.p[i]), low = codec_hex_value(text.p[i + 1]);
        if (high < 0 || low < 0)
            return err_set(err, RC_SYNTAX, "byte %zu is not hexadecimal", i);
        strbuf_addc(out, (char)(high << 4 | low));
    }
    return strbuf_ok(out, "the decoded hexadecimal text", err);
}

static bool unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void codec_url_encode(struct strbuf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (unreserved(s.p[i]))
            strbuf_addc(out, s.p[i]);
        else
            strbuf_addf(out, "%%%02X", (unsigned char)s.p[i]);
    }
}

enum rc codec_url_decode(struct strbuf *out, str s, bool plus_is_space, struct err *err)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            strbuf_addc(out, plus_is_space && s.p[i] == '+' ? ' ' : s.p[i]);
            continue;
        }
        int high = i + 2 < s.n ? codec_hex_value(s.p[i + 1]) : -1;
        int low = i + 2 < s.n ? codec_hex_value(s.p[i + 2]) : -1;
        if (high < 0 || low < 0)
            return err_set(err, RC_SYNTAX, "a %% at byte %zu has no two hexadecimal digits behind it", i);
        strbuf_addc(out, (char)(high << 4 | low));
        i += 2;
    }
    return strbuf_ok(out, "the decoded text", err);
}
