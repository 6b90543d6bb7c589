/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed text in base64. What is none gives the empty text, as Kusto does. */
#include "base/codec.h"
#include "base/utf8.h"
#include "scalar/scalar.h"
#include "scalar/scalar_deflate.h"

static void pack(struct arena *a, str s, void (*form)(struct strbuf *out, str bytes),
                 struct scalar_value *out)
{
    AUTO_STRBUF packed = STRBUF_INIT(SCALAR_MAX_TEXT), text = STRBUF_INIT(SCALAR_MAX_TEXT);

    form(&packed, s);
    if (!packed.overflow) {
        codec_base64(&text, strbuf_view(&packed));
        scalar_give(a, &text, out);
    }
}

static void unpack(struct arena *a, str s, bool (*form)(struct strbuf *out, str bytes),
                   struct scalar_value *out)
{
    AUTO_STRBUF packed = STRBUF_INIT(SCALAR_MAX_TEXT), text = STRBUF_INIT(SCALAR_MAX_TEXT);

    if (codec_base64_decode(&packed, s, NULL) == RC_OK && form(&text, strbuf_view(&packed)) &&
        utf8_valid(strbuf_view(&text)))
        scalar_give(a, &text, out);
}

void scalar_zip_pack_zlib(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    pack(a, argv[0].s, scalar_deflate_zlib, out);
}

void scalar_zip_unpack_zlib(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    unpack(a, argv[0].s, scalar_deflate_unzlib, out);
}

void scalar_zip_pack_gzip(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    pack(a, argv[0].s, scalar_deflate_gzip, out);
}

void scalar_zip_unpack_gzip(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    unpack(a, argv[0].s, scalar_deflate_ungzip, out);
}
