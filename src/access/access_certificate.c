/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <time.h>

#include "access/access_jwt.h"
#include "access/access_priv.h"
#include "base/codec.h"

DEFINE_AUTO_TYPE(evp_md, EVP_MD_CTX *, EVP_MD_CTX_free)
DEFINE_AUTO_TYPE(bio, BIO *, BIO_free)
DEFINE_AUTO_TYPE(x509, X509 *, X509_free)

enum { CLOCK_SLACK = 300 /* seconds that the program's clock may be ahead */ };

/* --- what a certificate says --- */

static bool read_time(const ASN1_TIME *t, ts *out)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(t, &tm) != 1)
        return false;
    *out = (ts)timegm(&tm) * TS_PER_SECOND;
    return true;
}

static str read_subject(X509 *x, struct arena *arena)
{
    AUTO(bio) out = BIO_new(BIO_s_mem());
    char *text = NULL;

    if (!out || X509_NAME_print_ex(out, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) < 0)
        return STR_NONE;
    long n = BIO_get_mem_data(out, &text);
    return arena_str(arena, str_make(text, n > 0 ? (size_t)n : 0));
}

static str read_der(X509 *x, struct arena *arena)
{
    unsigned char *der = NULL;
    int            n = i2d_X509(x, &der);
    str            copy = arena_str(arena, str_make((char *)der, n > 0 ? (size_t)n : 0));

    OPENSSL_free(der);
    return copy;
}

static str thumbprint_of(str der, struct arena *arena)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int  n = 0;
    char          hex[2 * EVP_MAX_MD_SIZE + 1] = "";

    if (EVP_Digest(der.p, der.n, digest, &n, EVP_sha1(), NULL) != 1)
        return STR_NONE;
    hash_hex(digest, n, hex);
    for (char *p = hex; *p; p++)
        *p = *p >= 'a' ? (char)(*p - 'a' + 'A') : *p;
    return arena_str(arena, str_of(hex));
}

static enum rc check_key(X509 *x, struct err *err)
{
    EVP_PKEY *key = X509_get0_pubkey(x);

    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return err_set(err, RC_INVALID,
                       "the certificate's key is not RSA, the one kind that signs assertions");
    if (EVP_PKEY_get_bits(key) < ACCESS_CERTIFICATE_MIN_RSA_BITS)
        return err_set(err, RC_INVALID, "the certificate's RSA key has %d bits: at least %d are asked for",
                       EVP_PKEY_get_bits(key), ACCESS_CERTIFICATE_MIN_RSA_BITS);
    return RC_OK;
}

enum rc access_certificate_read(str pem, ts now, struct arena *arena, struct access_certificate *out,
                                struct err *err)
{
    if (pem.n > ACCESS_CERTIFICATE_MAX_BYTES)
        return err_set(err, RC_INVALID, "a certificate has %d bytes at most", ACCESS_CERTIFICATE_MAX_BYTES);
    AUTO(bio) in = BIO_new_mem_buf(pem.p, (int)pem.n);
    AUTO(x509) x = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
    ERR_clear_error();
    if (!x)
        return err_set(err, RC_INVALID,
                       "there is no certificate in PEM form: it has a line BEGIN CERTIFICATE");
    TRY(check_key(x, err));
    if (!read_time(X509_get0_notBefore(x), &out->not_before) ||
        !read_time(X509_get0_notAfter(x), &out->not_after))
        return err_set(err, RC_INVALID, "the certificate's dates cannot be read");
    if (out->not_after <= now)
        return err_set(err, RC_INVALID, "the certificate has expired");
    out->subject = read_subject(x, arena);
    out->der = read_der(x, arena);
    out->thumbprint = thumbprint_of(out->der, arena);
    return RC_OK;
}

/* --- those of a principal --- */

enum rc access_certificate_put(struct access *a, struct state_tx *tx, str principal_id,
                               const struct access_certificate *c, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx, "SELECT count(*) FROM principal_certificates WHERE principal_id = ?",
                       STATE_ARGS(STATE_S(principal_id)), &st, err));
    if (state_stmt_i64(st, 0) >= ACCESS_CERTIFICATE_MAX)
        return err_set(err, RC_CONFLICT, "it has %d certificates already: delete one first",
                       ACCESS_CERTIFICATE_MAX);
    enum rc rc = state_stmt_run(tx,
                                "INSERT INTO principal_certificates (principal_id, thumbprint, subject, der,"
                                " not_before, not_after, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                STATE_ARGS(STATE_S(principal_id), STATE_S(c->thumbprint), STATE_S(c->subject),
                                           STATE_B(c->der), STATE_I(c->not_before), STATE_I(c->not_after),
                                           STATE_I(env_now(a->env))),
                                err);
    if (rc == RC_CONFLICT)
        return err_set(err, RC_CONFLICT, "the certificate " STR_FMT " is registered there already",
                       STR_ARG(c->thumbprint));
    return rc;
}

enum rc access_certificate_add(struct access *a, str principal, str pem, struct arena *arena,
                               struct access_certificate *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    str id;

    TRY(access_certificate_read(pem, env_now(a->env), arena, out, err));
    TRY(state_tx_write(a->state, &tx, err));
    TRY(access_principal_id(tx, principal, arena, &id, err));
    TRY(access_certificate_put(a, tx, id, out, err));
    return state_tx_commit(tx, err);
}

enum rc access_certificate_list(struct access *a, str principal, struct arena *arena,
                                struct access_certificate_list *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct access_certificate) list = { 0 };
    bool row = true;
    str  id;

    TRY(state_tx_read(a->state, &tx, err));
    TRY(access_principal_id(tx, principal, arena, &id, err));
    TRY(state_stmt_open(tx,
                        "SELECT thumbprint, subject, not_before, not_after, der FROM principal_certificates"
                        " WHERE principal_id = ? ORDER BY not_after DESC, thumbprint",
                        STATE_ARGS(STATE_S(id)), &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            break;
        *vec_push_in(arena, &list) =
            (struct access_certificate) { .thumbprint = state_stmt_str_in(st, 0, arena),
                                          .subject = state_stmt_str_in(st, 1, arena),
                                          .not_before = state_stmt_i64(st, 2),
                                          .not_after = state_stmt_i64(st, 3),
                                          .der = state_stmt_str_in(st, 4, arena) };
    }
    *out = (struct access_certificate_list) { list.p, list.n };
    return RC_OK;
}

enum rc access_certificate_delete(struct access *a, str principal, str thumbprint, struct err *err)
{
    AUTO(arena) arena = arena_new(64 * 1024);
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    str id;

    TRY(state_tx_write(a->state, &tx, err));
    TRY(access_principal_id(tx, principal, arena, &id, err));
    enum rc rc = state_stmt_one(
        tx, "SELECT 1 FROM principal_certificates WHERE principal_id = ? AND thumbprint = upper(?)",
        STATE_ARGS(STATE_S(id), STATE_S(thumbprint)), &st, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, RC_NOT_FOUND, "it has no certificate '" STR_FMT "'",
                       STR_ARG(str_slice(thumbprint, 0, 64)));
    TRY(rc);
    TRY(state_stmt_run(tx,
                       "DELETE FROM principal_certificates WHERE principal_id = ? AND thumbprint = upper(?)",
                       STATE_ARGS(STATE_S(id), STATE_S(thumbprint)), err));
    return state_tx_commit(tx, err);
}

/* --- the assertion --- */

static bool is_signed_with(str der, const struct access_jwt *jwt)
{
    const unsigned char *p = (const unsigned char *)der.p;
    AUTO(x509) x = d2i_X509(NULL, &p, (long)der.n);
    AUTO(evp_md) md = EVP_MD_CTX_new();
    EVP_PKEY     *key = x ? X509_get0_pubkey(x) : NULL;
    EVP_PKEY_CTX *how = NULL;
    str           alg = json_str(jwt->header, S("alg"), S(""));
    bool          pss = str_eq(alg, S("PS256"));

    if (!md || !key || !(pss || str_eq(alg, S("RS256"))) ||
        EVP_DigestVerifyInit(md, &how, EVP_sha256(), NULL, key) != 1)
        return false;
    if (pss && (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
                EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    return EVP_DigestVerify(md, (const unsigned char *)jwt->signature.p, jwt->signature.n,
                            (const unsigned char *)jwt->signed_text.p, jwt->signed_text.n) == 1;
}

static enum rc refused(struct err *err, const char *why)
{
    return err_set(err, RC_UNAUTHENTICATED, "AADSTS700027: The certificate's assertion is refused: %s.", why);
}

/* "https://HOST[:PORT]/adfs/oauth2/token", or the same of a tenant: our own doors, by any name of ours. */
static bool is_token_endpoint(const struct access *a, str url)
{
    static const str doors[] = { STR_INIT("/oauth2/token"), STR_INIT("/oauth2/v2.0/token") };

    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (!str_ends(url, doors[i]))
            continue;
        str    front = str_slice(url, 0, url.n - doors[i].n);
        size_t slash = str_rfind_byte(front, '/');
        if (slash != STR_NPOS && access_token_own_origin(a, str_slice(front, 0, slash)))
            return true;
    }
    return false;
}

/* A NumericDate: MSAL for Python writes seconds with a fraction. What is no date, or beyond any, is
 * `fallback`. */
static int64_t numeric_date(const struct json *claims, str key, int64_t fallback)
{
    const struct json *v = json_get(claims, key);

    if (v && v->kind == JSON_DOUBLE && v->d > 0 && v->d < 1e11)
        return (int64_t)v->d;
    return json_i64(claims, key, fallback);
}

static enum rc check_claims(const struct access *a, const struct json *claims, str client_id, struct err *err)
{
    int64_t now = env_now(a->env) / TS_PER_SECOND, expires = numeric_date(claims, S("exp"), 0);

    if (!str_eq_ci(json_str(claims, S("iss"), S("")), client_id) ||
        !str_eq_ci(json_str(claims, S("sub"), S("")), client_id))
        return refused(err, "iss and sub must be the client id");
    if (!is_token_endpoint(a, json_str(claims, S("aud"), S(""))))
        return refused(err, "aud must be this server's token endpoint");
    if (expires <= now)
        return refused(err, "it has expired");
    if (expires > now + ACCESS_CERTIFICATE_ASSERTION_LIFE + CLOCK_SLACK)
        return refused(err, "it lives longer than an hour");
    if (numeric_date(claims, S("nbf"), 0) > now + CLOCK_SLACK)
        return refused(err, "it is not valid yet");
    return RC_OK;
}

enum rc access_certificate_prove(struct access *a, struct state_tx *tx,
                                 const struct access_certificate_claim *claim, struct err *err)
{
    AUTO(arena) arena = arena_new(256 * 1024);
    AUTO(state_stmt) st = NULL;
    struct access_jwt jwt;
    bool              row = true;

    if (access_jwt_read(claim->assertion, arena, &jwt, NULL) != RC_OK)
        return refused(err, "it is no JWT");
    TRY(state_stmt_open(tx,
                        "SELECT der FROM principal_certificates WHERE principal_id = ? AND not_before <= ?2 "
                        "AND not_after > ?2",
                        STATE_ARGS(STATE_S(claim->principal_id), STATE_I(env_now(a->env))), &st, err));
    for (;;) {
        TRY(state_stmt_next(st, &row, err));
        if (!row)
            return refused(err, "no certificate that is registered and in date verifies it");
        if (is_signed_with(state_stmt_str(st, 0), &jwt))
            break;
    }
    ERR_clear_error();
    return check_claims(a, jwt.claims, claim->client_id, err);
}
