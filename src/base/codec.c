/* SPDX-License-Identifier: Apache-2.0 */
#include "base/codec.h"

#include <zlib.h>

#include "base/hash.h"
#include "base/mem.h"

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
    for (size_t i = 0; i < bytes.n; i++) {
        char two[3];
        hash_hex((const uint8_t *)bytes.p + i, 1, two);
        strbuf_add(out, str_make(two, 2));
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

enum rc codec_gzip(struct strbuf *out, str bytes, int level, struct err *err)
{
    z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes.p, .avail_in = (uInt)bytes.n };
    if (bytes.n > UINT32_MAX)
        return err_set(err, RC_LIMIT, "at most 4 GiB are compressed at once");
    if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return err_set(err, RC_INTERNAL, "zlib could not start");
    uLong most = deflateBound(&z, (uLong)bytes.n);
    char *room = strbuf_room(out, most);
    if (room) {
        z.next_out = (Bytef *)room;
        z.avail_out = (uInt)most;
        deflate(&z, Z_FINISH);
        strbuf_added(out, most - z.avail_out);
    }
    deflateEnd(&z);
    return strbuf_ok(out, "the compressed text", err);
}

struct codec_inflate {
    z_stream z;
    bool     inside; /* of a member that has not ended yet */
};

struct codec_inflate *codec_inflate_new(void)
{
    struct codec_inflate *c = MEM_NEW(struct codec_inflate);
    if (inflateInit2(&c->z, 15 + 32) != Z_OK)
        abort(); /* only out of memory gets here */
    return c;
}

struct codec_inflate *codec_inflate_free(struct codec_inflate *c)
{
    if (!c)
        return NULL;
    inflateEnd(&c->z);
    return mem_free(c);
}

enum rc codec_inflate_feed(struct codec_inflate *c, str                                  bytes,
                           enum rc (*sink)(void *ctx, str piece, struct err *err), void *ctx, struct err *err)
{
    unsigned char piece[32768];
    int           status = Z_OK;

    c->z.next_in = (Bytef *)(uintptr_t)bytes.p;
    c->z.avail_in = (uInt)bytes.n;
    do {
        if (!c->inside && c->z.avail_in == 0)
            break;
        c->inside = true;
        c->z.next_out = piece;
        c->z.avail_out = sizeof piece;
        status = inflate(&c->z, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return err_set(err, RC_INVALID, "not valid gzip: %s", c->z.msg ? c->z.msg : "damaged");
        TRY(sink(ctx, str_make((const char *)piece, sizeof piece - c->z.avail_out), err));
        if (status == Z_STREAM_END) {
            c->inside = false;
            inflateReset(&c->z);
        }
    } while (c->z.avail_in > 0 || c->z.avail_out == 0);
    return RC_OK;
}

enum rc codec_inflate_finish(struct codec_inflate *c, struct err *err)
{
    return c->inside ? err_set(err, RC_INVALID, "the gzip data is cut short") : RC_OK;
}

static enum rc into_strbuf(void *ctx, str piece, struct err *err)
{
    strbuf_add(ctx, piece);
    return strbuf_ok(ctx, "the inflated text", err);
}

enum rc codec_gunzip(struct strbuf *out, str bytes, struct err *err)
{
    AUTO(codec_inflate) z = codec_inflate_new();
    TRY(codec_inflate_feed(z, bytes, into_strbuf, out, err));
    return codec_inflate_finish(z, err);
}
