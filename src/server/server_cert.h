/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_cert: a certificate authority of this installation's own and the server's certificate under
 * it.
 *
 * DIR/ca.pem is public: clients trust it. DIR/tls/ca.key and DIR/tls/server.key are 0600; DIR/tls/server.pem
 * is the certificate. Names: localhost, 127.0.0.1, ::1, the machine's names and the host that is listened on.
 * Threads: main alone. */
#ifndef SERVER_SERVER_CERT_H
#define SERVER_SERVER_CERT_H

#include <limits.h>

#include "base/err.h"
#include "base/ts.h"

struct server_cert {
    char ca[PATH_MAX], cert[PATH_MAX], key[PATH_MAX];
    bool renewed; /* the certificate is a new one: a running server must be told */
};

/* Makes what is missing, and a new certificate when the old one has less than 30 days or lacks a name. `host`
 * is what the server listens on. Ready to be called again every day. RC_CORRUPT: a file is there but cannot
 * be read. */
must_check enum rc server_cert_ensure(const char *dir, const char *host, ts now, struct server_cert *out,
                                      struct err *err);

#endif
