/* SPDX-License-Identifier: Apache-2.0 */
#include "base/codec.h"

#include <zlib.h>

#include "base/mem.h"

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
