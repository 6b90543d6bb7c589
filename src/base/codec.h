/* SPDX-License-Identifier: Apache-2.0 */
/* base/codec: base64, base64url, hex, percent-encoding, gzip. Results go to a strbuf with its maximum. */
#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include "base/auto.h"
#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

void               codec_base64(struct strbuf *out, str bytes);
void               codec_base64url(struct strbuf *out, str bytes);                     /* no padding */
must_check enum rc codec_base64_decode(struct strbuf *out, str text, struct err *err); /* both alphabets */
void               codec_hex(struct strbuf *out, str bytes);
int                codec_hex_value(char c); /* of one digit; -1: none */
must_check enum rc codec_hex_decode(struct strbuf *out, str text, struct err *err);
void               codec_url_encode(struct strbuf *out, str s); /* all but unreserved characters */
must_check enum rc codec_url_decode(struct strbuf *out, str s, bool plus_is_space, struct err *err);
must_check enum rc codec_gzip(struct strbuf *out, str bytes, int level, struct err *err);
/* gzip or zlib. RC_LIMIT when the strbuf's maximum is passed: a bomb costs no more than that. */
must_check enum rc codec_gunzip(struct strbuf *out, str bytes, struct err *err);

/* Inflates piece by piece. */
struct codec_inflate;
struct codec_inflate *codec_inflate_new(void);
struct codec_inflate *codec_inflate_free(struct codec_inflate *z);
DEFINE_AUTO(codec_inflate, codec_inflate_free)
/* Hands inflated pieces to sink until `bytes` is used up; concatenated gzip members are fine. */
must_check enum rc codec_inflate_feed(struct codec_inflate *z, str                                  bytes,
                                      enum rc (*sink)(void *ctx, str piece, struct err *err), void *ctx,
                                      struct err *err);
must_check enum rc codec_inflate_finish(struct codec_inflate *z,
                                        struct err           *err); /* RC_INVALID when cut short */

#endif
