/* SPDX-License-Identifier: Apache-2.0 */
/* notify/notify_conf: mail.yaml: where messages go, and how often digests are made.
 *
 *     server: mail.example.org:587
 *     security: starttls            # starttls, tls, or none (then without a password)
 *     from: vedette@example.org
 *     user: vedette
 *     password: …                   # or passwordFile: a file with it
 *     ca: /etc/ssl/our-ca.pem       # the system's authorities without it
 *     digest: daily                 # daily, weekly, none
 *
 * A file with a password that others may read is refused. Ownership: the arena given. Threads: no state. */
#ifndef NOTIFY_NOTIFY_CONF_H
#define NOTIFY_NOTIFY_CONF_H

#include "base/arena.h"
#include "http/http_mail.h"

struct notify_conf {
    bool                    there; /* there is a file */
    struct http_mail_server server;
    duration                digest; /* 0: none */
};

must_check enum rc notify_conf_read(struct arena *a, const char *path, struct notify_conf *out,
                                    struct err *err);
/* One address: something, @, something with a dot; nothing that could end a header. */
bool notify_conf_address(str s);

#endif
