/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_jwt.h"

#include "base/codec.h"
#include "base/strbuf.h"

enum { SIGNATURE_MAX = 2048 };

static enum rc refused(struct err *err, const char *why)
{
    return err_set(err, RC_UNAUTHENTICATED, "The token is invalid: %s.", why);
}

static enum rc read_object(str part, struct arena *arena, const struct json **out)
{
    AUTO_STRBUF text = STRBUF_INIT(ACCESS_JWT_MAX_BYTES);

    TRY(codec_base64_decode(&text, part, NULL));
    TRY(json_parse(arena, strbuf_view(&text), out, NULL));
    return (*out)->kind == JSON_OBJECT ? RC_OK : RC_INVALID;
}

enum rc access_jwt_read(str token, struct arena *arena, struct access_jwt *out, struct err *err)
{
    AUTO_STRBUF raw = STRBUF_INIT(SIGNATURE_MAX);
    str         rest = token, header, claims, signature;

    if (token.n > ACCESS_JWT_MAX_BYTES || !str_split(&rest, '.', &header) ||
        !str_split(&rest, '.', &claims) || !str_split(&rest, '.', &signature) || rest.p)
        return refused(err, "it is no JWT");
    if (read_object(header, arena, &out->header) != RC_OK)
        return refused(err, "its header is no JSON object");
    if (read_object(claims, arena, &out->claims) != RC_OK)
        return refused(err, "its claims are no JSON object");
    if (codec_base64_decode(&raw, signature, NULL) != RC_OK)
        return refused(err, "its signature is no base64");
    out->signed_text = str_make(token.p, header.n + 1 + claims.n);
    out->signature = arena_str(arena, strbuf_view(&raw));
    return RC_OK;
}
