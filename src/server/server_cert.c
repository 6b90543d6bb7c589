/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_cert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/strbuf.h"

/* Browsers refuse server certificates of more than 398 days. */
enum { CA_DAYS = 3653, CERT_DAYS = 397, RENEW_DAYS = 30, PEM_MAX = 1 << 16, NAMES_MAX = 2048 };

DEFINE_AUTO_TYPE(pkey, EVP_PKEY *, EVP_PKEY_free)
DEFINE_AUTO_TYPE(x509, X509 *, X509_free)
DEFINE_AUTO_TYPE(bio, BIO *, BIO_free)

static enum rc openssl_failed(const char *what, struct err *err)
{
    char          text[160];
    unsigned long e = ERR_get_error();
    ERR_error_string_n(e, text, sizeof text);
    ERR_clear_error();
    return err_set(err, RC_INTERNAL, "%s: OpenSSL says %s", what, text);
}

static enum rc save_bio(BIO *bio, const char *path, mode_t mode, struct err *err)
{
    char *p = NULL;
    long  n = BIO_get_mem_data(bio, &p);
    return file_write_atomic(path, str_make(p, (size_t)n), mode, err);
}

static enum rc save_key(EVP_PKEY *key, const char *path, struct err *err)
{
    AUTO(bio) bio = BIO_new(BIO_s_secmem());
    if (!bio || !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
        return openssl_failed(path, err);
    return save_bio(bio, path, 0600, err);
}

static enum rc save_cert(X509 *cert, const char *path, mode_t mode, struct err *err)
{
    AUTO(bio) bio = BIO_new(BIO_s_mem());
    if (!bio || !PEM_write_bio_X509(bio, cert))
        return openssl_failed(path, err);
    return save_bio(bio, path, mode, err);
}

static enum rc load(const char *path, EVP_PKEY **key, X509 **cert, struct err *err)
{
    AUTO(bio) bio = BIO_new_file(path, "re");
    if (!bio)
        return err_errno(err, RC_IO, errno, "%s", path);
    if (key)
        *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    if (cert)
        *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    if ((key && !*key) || (cert && !*cert)) {
        ERR_clear_error();
        return err_set(err, RC_CORRUPT, "%s holds no %s; remove it and start again to have a new one made",
                       path, key ? "key" : "certificate");
    }
    return RC_OK;
}

static enum rc ensure_key(const char *path, EVP_PKEY **out, struct err *err)
{
    if (file_exists(path))
        return load(path, out, NULL, err);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key)
        return openssl_failed("making a key", err);
    enum rc rc = save_key(key, path, err);
    if (rc != RC_OK) {
        EVP_PKEY_free(key);
        return rc;
    }
    *out = key;
    return RC_OK;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool            ok = ext && X509_add_ext(cert, ext, -1);
    X509_EXTENSION_free(ext);
    return ok;
}

/* A certificate with subject, serial and dates; extensions and signature are the caller's. A day of clock
 * skew is allowed for: the first client may be behind. */
static X509 *draft(EVP_PKEY *key, const char *name, ts now, int days)
{
    X509      *c = X509_new();
    uint8_t    serial[16];
    time_t     at = (time_t)(now / TS_PER_SECOND);
    BIGNUM    *bn;
    X509_NAME *subject = c ? X509_get_subject_name(c) : NULL;

    if (!c)
        return NULL;
    hash_random(serial, sizeof serial);
    serial[0] &= 0x7f;
    bn = BN_bin2bn(serial, sizeof serial, NULL);
    bool ok =
        bn && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(c)) && X509_set_version(c, X509_VERSION_3) &&
        X509_set_pubkey(c, key) && X509_time_adj_ex(X509_getm_notBefore(c), -1, 0, &at) &&
        X509_time_adj_ex(X509_getm_notAfter(c), days, 0, &at) &&
        X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const uint8_t *)"Vedette", -1, -1, 0) &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1, 0);
    BN_free(bn);
    if (!ok) {
        X509_free(c);
        return NULL;
    }
    return c;
}

static enum rc make_ca(EVP_PKEY *key, ts now, X509 **out, struct err *err)
{
    char    machine[64] = "this machine", name[64], tag[9];
    uint8_t random[4];

    gethostname(machine, sizeof machine - 1);
    hash_random(random, sizeof random);
    hash_hex(random, sizeof random, tag);
    snprintf(name, sizeof name, "Vedette CA of %.32s, %s", machine, tag);

    AUTO(x509) c = draft(key, name, now, CA_DAYS);
    if (!c || !X509_set_issuer_name(c, X509_get_subject_name(c)) ||
        !add_extension(c, c, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !add_extension(c, c, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !add_extension(c, c, NID_subject_key_identifier, "hash") || !X509_sign(c, key, EVP_sha256()))
        return openssl_failed("making the certificate authority", err);
    *out = TAKE(c);
    return RC_OK;
}

static void add_name(struct strbuf *b, const char *name)
{
    uint8_t bytes[16];
    bool    ip = inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
    if (!name[0] || strcmp(name, "*") == 0 || strcmp(name, "0.0.0.0") == 0 || strcmp(name, "::") == 0)
        return;
    /* What cannot stand in a certificate's list as it is would change its meaning. */
    if (strcspn(name, ",:;= \t") != strlen(name) && !ip)
        return;
    char entry[300];
    snprintf(entry, sizeof entry, "%s:%.255s", ip ? "IP" : "DNS", name);
    if (!str_contains(strbuf_view(b), str_of(entry)))
        strbuf_addf(b, "%s%s", b->n ? "," : "", entry);
}

/* "DNS:localhost,IP:127.0.0.1,…", in an order that does not change between starts. */
static void collect_names(struct strbuf *b, const char *host)
{
    char machine[256] = "";
    gethostname(machine, sizeof machine - 1);
    add_name(b, "localhost");
    add_name(b, "127.0.0.1");
    add_name(b, "::1");
    add_name(b, machine);
    add_name(b, host);
}

/* The names are kept in the certificate's comment as they were asked for, to be compared at the next start.
 */
static bool has_names(X509 *cert, str names)
{
    int             at = X509_get_ext_by_NID(cert, NID_netscape_comment, -1);
    X509_EXTENSION *ext = at >= 0 ? X509_get_ext(cert, at) : NULL;
    ASN1_IA5STRING *text = ext ? X509V3_EXT_d2i(ext) : NULL;
    bool            same = text && str_eq(names, str_make((const char *)ASN1_STRING_get0_data(text),
                                                          (size_t)ASN1_STRING_length(text)));
    ASN1_IA5STRING_free(text);
    return same;
}

static bool still_good(X509 *cert, X509 *ca, EVP_PKEY *key, str names, ts now)
{
    time_t soon = (time_t)((now + DAYS(RENEW_DAYS)) / TS_PER_SECOND);
    return X509_cmp_time(X509_get0_notAfter(cert), &soon) > 0 && has_names(cert, names) &&
           X509_check_private_key(cert, key) == 1 && X509_verify(cert, X509_get0_pubkey(ca)) == 1;
}

static enum rc make_cert(EVP_PKEY *key, X509 *ca, EVP_PKEY *ca_key, str names, ts now, X509 **out,
                         struct err *err)
{
    AUTO(x509) c = draft(key, "Vedette server", now, CERT_DAYS);
    char list[NAMES_MAX];

    if (!c || !str_to_cstr(names, list, sizeof list) || !X509_set_issuer_name(c, X509_get_subject_name(ca)) ||
        !add_extension(c, ca, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(c, ca, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(c, ca, NID_ext_key_usage, "serverAuth") ||
        !add_extension(c, ca, NID_subject_key_identifier, "hash") ||
        !add_extension(c, ca, NID_authority_key_identifier, "keyid:always") ||
        !add_extension(c, ca, NID_subject_alt_name, list) ||
        !add_extension(c, ca, NID_netscape_comment, list) || !X509_sign(c, ca_key, EVP_sha256()))
        return openssl_failed("making the server's certificate", err);
    *out = TAKE(c);
    return RC_OK;
}

static enum rc ensure_ca(const char *key_path, const char *path, ts now, EVP_PKEY **key, X509 **ca,
                         struct err *err)
{
    TRY(ensure_key(key_path, key, err));
    if (file_exists(path)) {
        TRY(load(path, NULL, ca, err));
        if (X509_check_private_key(*ca, *key) == 1)
            return RC_OK;
        ERR_clear_error();
        return err_set(err, RC_CORRUPT,
                       "%s and %s do not belong together; remove both and start again to have new ones made",
                       path, key_path);
    }
    TRY(make_ca(*key, now, ca, err));
    return save_cert(*ca, path, 0644, err);
}

enum rc server_cert_ensure(const char *dir, const char *host, ts now, struct server_cert *out,
                           struct err *err)
{
    char        ca_key_path[PATH_MAX];
    AUTO_STRBUF names = STRBUF_INIT(NAMES_MAX - 1);
    AUTO(pkey) ca_key = NULL;
    AUTO(pkey) key = NULL;
    AUTO(x509) ca = NULL;
    AUTO(x509) cert = NULL;

    snprintf(out->ca, sizeof out->ca, "%.4000s/ca.pem", dir);
    snprintf(out->cert, sizeof out->cert, "%.4000s/tls/server.pem", dir);
    snprintf(out->key, sizeof out->key, "%.4000s/tls/server.key", dir);
    snprintf(ca_key_path, sizeof ca_key_path, "%.4000s/tls/ca.key", dir);
    collect_names(&names, host);
    out->renewed = false;

    TRY(ensure_ca(ca_key_path, out->ca, now, &ca_key, &ca, err));
    TRY(ensure_key(out->key, &key, err));
    if (file_exists(out->cert)) {
        TRY(load(out->cert, NULL, &cert, err));
        if (still_good(cert, ca, key, strbuf_view(&names), now))
            return RC_OK;
        ERR_clear_error();
    }
    AUTO(x509) fresh = NULL;
    TRY(make_cert(key, ca, ca_key, strbuf_view(&names), now, &fresh, err));
    TRY(save_cert(fresh, out->cert, 0644, err));
    out->renewed = true;
    return RC_OK;
}
