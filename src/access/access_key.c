/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"

DEFINE_AUTO_TYPE(evp_key, EVP_PKEY *, EVP_PKEY_free)
DEFINE_AUTO_TYPE(evp_md, EVP_MD_CTX *, EVP_MD_CTX_free)
DEFINE_AUTO_TYPE(bio, BIO *, BIO_free)
DEFINE_AUTO_TYPE(bignum, BIGNUM *, BN_free)

struct access_key {
    EVP_PKEY *pkey;
    char      id[33];
};

static enum rc ssl_error(struct err *err, const char *doing)
{
    char text[160];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return err_set(err, RC_INTERNAL, "%s: %s", doing, text);
}

static enum rc make(const char *path, EVP_PKEY **out, struct err *err)
{
    AUTO(evp_key) key = EVP_RSA_gen(ACCESS_KEY_BITS);
    AUTO(bio) pem = BIO_new(BIO_s_mem());
    char *text = NULL;

    if (!key || !pem || !PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL))
        return ssl_error(err, "making the signing key");
    long    n = BIO_get_mem_data(pem, &text);
    enum rc rc = file_write_atomic(path, str_make(text, (size_t)n), 0600, err);
    mem_wipe(text, (size_t)n);
    TRY(rc);
    *out = TAKE(key);
    return RC_OK;
}

static enum rc parse(const char *path, str pem, EVP_PKEY **out, struct err *err)
{
    AUTO(bio) in = BIO_new_mem_buf(pem.p, (int)pem.n);
    AUTO(evp_key) key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, NULL) : NULL;

    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return err_set(err, RC_CORRUPT,
                       "%s holds no RSA private key: put it back, or remove it and all tokens end", path);
    *out = TAKE(key);
    return RC_OK;
}

static void name(struct access_key *k)
{
    unsigned char     *der = NULL;
    int                n = i2d_PUBKEY(k->pkey, &der);
    struct hash_sha256 digest = hash_sha256(str_make((char *)der, n > 0 ? (size_t)n : 0));
    hash_hex(digest.bytes, 16, k->id);
    OPENSSL_free(der);
}

enum rc access_key_open(const char *dir, struct access_key **out, struct err *err)
{
    AUTO(arena) a = arena_new(64 * 1024);
    AUTO(access_key) k = MEM_NEW(struct access_key);
    char path[4096];
    str  pem;

    int n = snprintf(path, sizeof path, "%s/signing.pem", dir);
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(err, RC_INVALID, "%s: the path is too long", dir);
    enum rc rc = file_read(a, path, 32 * 1024, &pem, err);
    if (rc == RC_NOT_FOUND)
        rc = make(path, &k->pkey, err);
    else if (rc == RC_OK)
        rc = parse(path, pem, &k->pkey, err);
    TRY(rc);
    name(k);
    *out = TAKE(k);
    return RC_OK;
}

struct access_key *access_key_free(struct access_key *k)
{
    if (k)
        EVP_PKEY_free(k->pkey);
    return mem_free(k);
}

str access_key_id(const struct access_key *k)
{
    return str_of(k->id);
}

enum rc access_key_sign(const struct access_key *k, str text, struct strbuf *out, struct err *err)
{
    AUTO(evp_md) md = EVP_MD_CTX_new();
    unsigned char signature[ACCESS_KEY_BITS];
    size_t        n = sizeof signature;

    if (!md || EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, k->pkey) != 1 ||
        EVP_DigestSign(md, signature, &n, (const unsigned char *)text.p, text.n) != 1)
        return ssl_error(err, "signing a token");
    codec_base64url(out, str_make((char *)signature, n));
    return RC_OK;
}

bool access_key_verify(const struct access_key *k, str text, str signature)
{
    AUTO(evp_md) md = EVP_MD_CTX_new();
    bool right = md && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, k->pkey) == 1 &&
                 EVP_DigestVerify(md, (const unsigned char *)signature.p, signature.n,
                                  (const unsigned char *)text.p, text.n) == 1;
    ERR_clear_error();
    return right;
}

static void add_number(struct json_w *w, str key, EVP_PKEY *pkey, const char *param)
{
    AUTO(bignum) bn = NULL;
    unsigned char bytes[ACCESS_KEY_BITS];
    AUTO_STRBUF   text = STRBUF_INIT(2048);

    if (!EVP_PKEY_get_bn_param(pkey, param, &bn) || BN_num_bytes(bn) > (int)sizeof bytes)
        return;
    int n = BN_bn2bin(bn, bytes);
    codec_base64url(&text, str_make((char *)bytes, (size_t)n));
    json_w_kstr(w, key, strbuf_view(&text));
}

void access_key_jwk(const struct access_key *k, struct strbuf *out)
{
    struct json_w w = json_w_make(out);
    json_w_object(&w);
    json_w_kstr(&w, S("kty"), S("RSA"));
    json_w_kstr(&w, S("use"), S("sig"));
    json_w_kstr(&w, S("alg"), S("RS256"));
    json_w_kstr(&w, S("kid"), access_key_id(k));
    add_number(&w, S("n"), k->pkey, OSSL_PKEY_PARAM_RSA_N);
    add_number(&w, S("e"), k->pkey, OSSL_PKEY_PARAM_RSA_E);
    json_w_end(&w);
}
