/* SPDX-License-Identifier: Apache-2.0 */
#include "http/http_gzip.h"

#include <zlib.h>

#include "base/mem.h"

enum { PIECE = 64 << 10, WINDOW_GZIP = 15 + 16, LEVEL = 3 };

struct gzip {
    struct http_stream inner;
    z_stream           z;
    bool               ended; /* the inner stream is */
    bool               finished;
    char               piece[PIECE];
};

static enum rc fill(struct gzip *g, struct err *err)
{
    size_t n = 0;
    TRY(g->inner.next(g->inner.ctx, g->piece, PIECE, &n, err));
    g->ended = n == 0;
    g->z.next_in = (Bytef *)g->piece;
    g->z.avail_in = (uInt)n;
    return RC_OK;
}

static enum rc gzip_next(void *ctx, char *buf, size_t max, size_t *n, struct err *err)
{
    struct gzip *g = ctx;

    g->z.next_out = (Bytef *)buf;
    g->z.avail_out = (uInt)(max < UINT32_MAX ? max : UINT32_MAX);
    uInt room = g->z.avail_out;
    while (!g->finished && g->z.avail_out == room) {
        if (g->z.avail_in == 0 && !g->ended)
            TRY(fill(g, err));
        int rc = deflate(&g->z, g->ended ? Z_FINISH : Z_NO_FLUSH);
        if (rc == Z_STREAM_END)
            g->finished = true;
        else if (rc != Z_OK && rc != Z_BUF_ERROR)
            return err_set(err, RC_INTERNAL, "deflate answers %d", rc);
    }
    *n = room - g->z.avail_out;
    return RC_OK;
}

static void gzip_done(void *ctx)
{
    struct gzip *g = ctx;

    if (g->inner.done)
        g->inner.done(g->inner.ctx);
    deflateEnd(&g->z);
    mem_free(g);
}

struct http_stream http_gzip_stream(struct http_stream inner)
{
    struct gzip *g = MEM_NEW(struct gzip);

    g->inner = inner;
    if (deflateInit2(&g->z, LEVEL, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort(); /* out of memory, as mem_alloc does */
    return (struct http_stream) { .ctx = g, .next = gzip_next, .done = gzip_done };
}
