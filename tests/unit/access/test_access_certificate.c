/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "access/access_principal.h"
#include "base/codec.h"
#include "base/json.h"
#include "tests/t.h"
#include "tests/unit/access/access_fixture.h"

/* A key and its certificate, as a program keeps them. */
struct holder {
    EVP_PKEY *key;
    char      pem[4096];
};

static void hold(struct holder *h, unsigned bits, long lives)
{
    X509 *x = X509_new();
    BIO  *out = BIO_new(BIO_s_mem());
    char *text = NULL;

    h->key = EVP_RSA_gen(bits);
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_time_adj_ex(X509_getm_notBefore(x), -10, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(x), 0, lives, NULL);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)"bot", -1,
                               -1, 0);
    X509_set_pubkey(x, h->key);
    X509_sign(x, h->key, EVP_sha256());
    PEM_write_bio_X509(out, x);
    long n = BIO_get_mem_data(out, &text);
    snprintf(h->pem, sizeof h->pem, "%.*s", (int)n, text);
    BIO_free(out);
    X509_free(x);
}

static void let_go(struct holder *h)
{
    EVP_PKEY_free(h->key);
}

/* What an assertion says; the fields that a test leaves out are right. */
struct say {
    const char *alg, *aud;
    str         iss, sub;
    int64_t     lives;  /* seconds; 0 means 600 */
    int64_t     starts; /* seconds from now */
};

static str assertion(struct access_fixture *f, const struct holder *h, const struct say *say)
{
    AUTO_STRBUF   text = STRBUF_INIT(8192), json = STRBUF_INIT(4096);
    int64_t       now = env_now(&f->env.env) / TS_PER_SECOND;
    const char   *alg = say->alg ? say->alg : "RS256";
    struct json_w w = json_w_make(&json);
    unsigned char signature[1024];
    size_t        n = sizeof signature;

    json_w_object(&w);
    json_w_kstr(&w, S("alg"), str_of(alg));
    json_w_end(&w);
    codec_base64url(&text, strbuf_view(&json));
    strbuf_addc(&text, '.');
    strbuf_clear(&json);
    w = json_w_make(&json);
    json_w_object(&w);
    json_w_kstr(&w, S("aud"), str_of(say->aud ? say->aud : "https://vedette.test:8443/adfs/oauth2/token"));
    json_w_kstr(&w, S("iss"), say->iss);
    json_w_kstr(&w, S("sub"), say->sub.n ? say->sub : say->iss);
    json_w_ki64(&w, S("nbf"), now + say->starts);
    json_w_kdouble(&w, S("exp"), (double)(now + (say->lives ? say->lives : 600)) + 0.25);
    json_w_end(&w);
    codec_base64url(&text, strbuf_view(&json));

    EVP_MD_CTX   *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL;
    EVP_DigestSignInit(md, &how, EVP_sha256(), NULL, h->key);
    if (strcmp(alg, "PS256") == 0) {
        EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
    }
    EVP_DigestSign(md, signature, &n, (const unsigned char *)text.p, text.n);
    EVP_MD_CTX_free(md);
    strbuf_addc(&text, '.');
    codec_base64url(&text, str_make((char *)signature, n));
    return arena_str(f->arena, strbuf_view(&text));
}

static enum rc made(struct access_fixture *f, const struct holder *h, struct access_principal_made *out,
                    struct err *err)
{
    return access_principal_create(f->access,
                                   &(struct access_principal_new) {
                                       .name = S("bot"), .role = S("Reader"), .certificate = str_of(h->pem) },
                                   f->arena, out, err);
}

static enum rc signed_in(struct access_fixture *f, str client_id, str text, struct err *err)
{
    struct access_who who;
    return access_principal_signin(
        f->access,
        &(struct access_principal_proof) { .client_id = client_id, .peer = S("p:1"), .assertion = text },
        f->arena, &who, err);
}

TEST(an_assertion_signed_with_the_certificate_proves_who_it_is)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made bot = { 0 };
    struct holder                h;
    struct err                   err = { 0 };

    f->env.now = env_now(env_real());
    hold(&h, 2048, 3600);
    CHECK_OK_ERR(made(f, &h, &bot, &err), &err);
    CHECK_EQ(bot.secret.n, 0);
    CHECK_EQ(bot.thumbprint.n, 40);
    str id = bot.principal.client_id;
    CHECK_OK_ERR(signed_in(f, id, assertion(f, &h, &(struct say) { .iss = id }), &err), &err);
    CHECK_OK_ERR(signed_in(f, id, assertion(f, &h, &(struct say) { .iss = id, .alg = "PS256" }), &err), &err);
    const struct say other_name = { .iss = id,
                                    .aud = "https://localhost:9000/some-tenant/oauth2/v2.0/token" };
    CHECK_OK_ERR(signed_in(f, id, assertion(f, &h, &other_name), &err), &err);
    let_go(&h);
}

TEST(an_assertion_that_says_anything_else_is_refused_with_its_reason)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made bot = { 0 };
    struct holder                h, stranger;

    f->env.now = env_now(env_real());
    hold(&h, 2048, 3600);
    hold(&stranger, 2048, 3600);
    CHECK_OK(made(f, &h, &bot, NULL));
    str id = bot.principal.client_id;
    const struct {
        struct say           say;
        const struct holder *by;
        const char          *why;
    } rows[] = {
        { { .iss = id }, &stranger, "no certificate that is registered and in date verifies it" },
        { { .iss = id, .alg = "HS256" }, &h, "no certificate that is registered and in date verifies it" },
        { { .iss = id, .alg = "none" }, &h, "no certificate that is registered and in date verifies it" },
        { { .iss = S("another") }, &h, "iss and sub must be the client id" },
        { { .iss = id, .sub = S("another") }, &h, "iss and sub must be the client id" },
        { { .iss = id, .aud = "https://evil.example/adfs/oauth2/token" },
          &h,
          "aud must be this server's token endpoint" },
        { { .iss = id, .aud = "https://vedette.test:8443/adfs" },
          &h,
          "aud must be this server's token endpoint" },
        { { .iss = id, .lives = -1 }, &h, "it has expired" },
        { { .iss = id, .lives = 86400 }, &h, "it lives longer than an hour" },
        { { .iss = id, .starts = 500 }, &h, "it is not valid yet" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err  err = { 0 };
        AUTO_STRBUF wanted = STRBUF_INIT(512);
        strbuf_addf(&wanted, "AADSTS700027: The certificate's assertion is refused: %s.", rows[i].why);
        f->env.now += MINUTES(1); /* so that the throttle has nothing to say */
        access_fixture_reopen(f);
        CHECK_EQ(signed_in(f, id, assertion(f, rows[i].by, &rows[i].say), &err), RC_UNAUTHENTICATED);
        CHECK_SEQ(str_of(err.text), strbuf_view(&wanted));
        CHECK_STR(f->last_audit, "Sign in: Failure");
    }
    struct err err = { 0 };
    CHECK_EQ(signed_in(f, id, S("garbage"), &err), RC_UNAUTHENTICATED);
    CHECK_STR(err.text, "AADSTS700027: The certificate's assertion is refused: it is no JWT.");
    let_go(&h);
    let_go(&stranger);
}

TEST(a_principal_with_a_certificate_has_no_secret_that_works)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made bot = { 0 };
    struct access_who            who;
    struct holder                h;

    f->env.now = env_now(env_real());
    hold(&h, 2048, 3600);
    CHECK_OK(made(f, &h, &bot, NULL));
    const struct access_principal_proof empty = { .client_id = bot.principal.client_id, .peer = S("p:1") };
    CHECK_EQ(access_principal_signin(f->access, &empty, f->arena, &who, NULL), RC_UNAUTHENTICATED);
    let_go(&h);
}

TEST(certificates_are_changed_without_a_gap)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made   bot = { 0 };
    struct access_certificate      added = { 0 };
    struct access_certificate_list list;
    struct holder                  old, new;
    struct err                     err = { 0 };

    f->env.now = env_now(env_real());
    hold(&old, 2048, 3600);
    hold(&new, 2048, 7200);
    CHECK_OK(made(f, &old, &bot, NULL));
    str id = bot.principal.client_id;
    CHECK_OK_ERR(access_certificate_add(f->access, S("bot"), str_of(new.pem), f->arena, &added, &err), &err);
    CHECK_EQ(access_certificate_add(f->access, id, str_of(new.pem), f->arena, &added, NULL), RC_CONFLICT);
    CHECK_OK(access_certificate_list(f->access, id, f->arena, &list, NULL));
    CHECK_EQ(list.n, 2);
    CHECK_SEQ(list.p[0].thumbprint, added.thumbprint);
    CHECK_SEQ(list.p[0].subject, S("CN=bot"));
    CHECK_OK(signed_in(f, id, assertion(f, &old, &(struct say) { .iss = id }), NULL));
    CHECK_OK(signed_in(f, id, assertion(f, &new, &(struct say) { .iss = id }), NULL));
    CHECK_OK(access_certificate_delete(f->access, id, bot.thumbprint, NULL));
    CHECK_EQ(access_certificate_delete(f->access, id, bot.thumbprint, NULL), RC_NOT_FOUND);
    CHECK_EQ(signed_in(f, id, assertion(f, &old, &(struct say) { .iss = id }), NULL), RC_UNAUTHENTICATED);
    CHECK_OK(signed_in(f, id, assertion(f, &new, &(struct say) { .iss = id }), NULL));
    f->env.now += HOURS(3);
    CHECK_EQ(signed_in(f, id, assertion(f, &new, &(struct say) { .iss = id }), NULL), RC_UNAUTHENTICATED);
    CHECK_OK(access_principal_delete(f->access, S("bot"), NULL));
    CHECK_EQ(access_certificate_list(f->access, id, f->arena, &list, NULL), RC_NOT_FOUND);
    let_go(&old);
    let_go(&new);
}

TEST(what_is_no_certificate_to_trust_is_refused)
{
    AUTO(access_fixture) f = access_fixture_new(FIXTURE_PASSWORD);
    struct access_principal_made bot = { 0 };
    struct holder                weak, late, words = { .pem = "-----BEGIN CERTIFICATE-----\nAAAA\n" };
    struct err                   err = { 0 };

    f->env.now = env_now(env_real());
    hold(&weak, 1024, 3600);
    hold(&late, 2048, -60);
    CHECK_EQ(made(f, &weak, &bot, &err), RC_INVALID);
    CHECK_STR(err.text, "the certificate's RSA key has 1024 bits: at least 2048 are asked for");
    CHECK_EQ(made(f, &late, &bot, &err), RC_INVALID);
    CHECK_STR(err.text, "the certificate has expired");
    CHECK_EQ(made(f, &words, &bot, &err), RC_INVALID);
    CHECK_EQ(access_certificate_add(f->access, S("nobody"), str_of(words.pem), f->arena,
                                    &(struct access_certificate) { 0 }, NULL),
             RC_INVALID);
    let_go(&weak);
    let_go(&late);
}
