/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_cert.h"

#include <sys/stat.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/env.h"
#include "base/file.h"
#include "tests/t.h"

static char dir[64];

static void fresh(void)
{
    char tls[96];
    snprintf(dir, sizeof dir, "/tmp/test_server_cert.XXXXXX");
    CHECK(t_folder(dir) != NULL);
    snprintf(tls, sizeof tls, "%s/tls", dir);
    CHECK_OK(file_mkdirs(tls, 0700, NULL));
}

static X509 *read_cert(const char *path)
{
    FILE *f = fopen(path, "re");
    CHECK(f != NULL);
    X509 *c = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    CHECK(c != NULL);
    return c;
}

TEST(the_certificate_is_signed_by_the_authority_and_has_the_names)
{
    struct server_cert c;
    struct stat        st;

    fresh();
    CHECK_OK(server_cert_ensure(dir, "soc.example.org", env_now(env_real()), &c, NULL));
    CHECK(c.renewed);
    X509 *ca = read_cert(c.ca), *cert = read_cert(c.cert);
    CHECK_EQ(X509_verify(cert, X509_get0_pubkey(ca)), 1);
    CHECK_EQ(X509_check_host(cert, "localhost", 0, 0, NULL), 1);
    CHECK_EQ(X509_check_host(cert, "soc.example.org", 0, 0, NULL), 1);
    CHECK_EQ(X509_check_host(cert, "evil.example.org", 0, 0, NULL), 0);
    CHECK_EQ(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
    CHECK_EQ(X509_check_ip_asc(cert, "::1", 0), 1);
    CHECK_EQ(X509_check_ca(ca), 1);
    CHECK_EQ(X509_check_ca(cert), 0);
    CHECK_EQ(stat(c.key, &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0600);
    X509_free(ca);
    X509_free(cert);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(it_is_kept_until_it_gets_old_or_lacks_a_name)
{
    struct server_cert c;
    ts                 now = env_now(env_real());

    fresh();
    CHECK_OK(server_cert_ensure(dir, "localhost", now, &c, NULL));
    CHECK_OK(server_cert_ensure(dir, "localhost", now + DAYS(300), &c, NULL));
    CHECK(!c.renewed);
    CHECK_OK(server_cert_ensure(dir, "localhost", now + DAYS(380), &c, NULL));
    CHECK(c.renewed);
    CHECK_OK(server_cert_ensure(dir, "other.example.org", now + DAYS(380), &c, NULL));
    CHECK(c.renewed);
    CHECK_OK(file_remove_tree(dir, NULL));
}

TEST(a_damaged_key_is_named_and_not_replaced)
{
    struct server_cert c;
    struct err         err;

    fresh();
    CHECK_OK(server_cert_ensure(dir, "localhost", env_now(env_real()), &c, NULL));
    CHECK_OK(file_write_atomic(c.key, S("not a key"), 0600, NULL));
    CHECK_EQ(server_cert_ensure(dir, "localhost", env_now(env_real()), &c, &err), RC_CORRUPT);
    CHECK(str_contains(str_of(err.text), S("server.key")));
    CHECK_OK(file_remove_tree(dir, NULL));
}
