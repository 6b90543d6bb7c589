/* SPDX-License-Identifier: Apache-2.0 */
/* access/access_certificate: certificates with which service principals prove who they are.
 *
 * Only the public certificate is kept; the private key never comes here. A program signs a short assertion
 * (RFC 7523) and is believed while a certificate of its principal verifies it and is in date. The certificate
 * is pinned by being registered: no authority, name or revocation list is asked. Threads: safe. */
#ifndef ACCESS_ACCESS_CERTIFICATE_H
#define ACCESS_ACCESS_CERTIFICATE_H

#include "access/access.h"

enum {
    ACCESS_CERTIFICATE_MAX_BYTES = 16384, /* of the PEM text */
    ACCESS_CERTIFICATE_MAX = 10,          /* of one principal: enough to change them without a gap */
    ACCESS_CERTIFICATE_MIN_RSA_BITS = 2048,
    ACCESS_CERTIFICATE_ASSERTION_LIFE = 3600, /* seconds that an assertion may still live */
};

struct access_certificate {
    str thumbprint; /* SHA-1 of the DER in upper hex, as Azure shows it */
    str subject;
    ts  not_before, not_after;
    str der;
};

/* The first certificate of a PEM text; a private key beside it is not looked at. RC_INVALID says what is
 * wrong: no certificate, expired, a key that is not RSA (Entra takes no other) or has less than 2048 bits. */
must_check enum rc access_certificate_read(str pem, ts now, struct arena *arena,
                                           struct access_certificate *out, struct err *err);

/* `principal` is a name, object id or client id. RC_NOT_FOUND: no such principal; RC_CONFLICT: registered
 * already, or ACCESS_CERTIFICATE_MAX reached. */
must_check enum rc access_certificate_add(struct access *a, str principal, str pem, struct arena *arena,
                                          struct access_certificate *out, struct err *err);
struct access_certificate_list {
    struct access_certificate *p;
    size_t                     n;
};
must_check enum rc access_certificate_list(struct access *a, str principal, struct arena *arena,
                                           struct access_certificate_list *out, struct err *err);
must_check enum rc access_certificate_delete(struct access *a, str principal, str thumbprint,
                                             struct err *err);

#endif
