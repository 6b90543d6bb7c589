/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_mail: hands one message to a mail server (SMTP).
 *
 * With TLS the server's certificate must be good and its name right; a server that offers no TLS when it is
 * asked for gets neither the password nor the message. Subjects and texts may be anybody's: they go as
 * encoded words and base64, so that nothing in them is a header or the end of the message.
 *
 * Threads: safe; a call takes HTTP_MAIL_TIME at most. */
#ifndef HTTP_HTTP_MAIL_H
#define HTTP_HTTP_MAIL_H

#include "base/err.h"
#include "base/str.h"
#include "base/ts.h"

#define HTTP_MAIL_TIME SECONDS(60)
enum { HTTP_MAIL_MAX_TO = 50, HTTP_MAIL_MAX_TEXT = 1 << 20 };

enum http_mail_security { HTTP_MAIL_STARTTLS, HTTP_MAIL_TLS, HTTP_MAIL_PLAIN };

struct http_mail_server {
    str                     host; /* "mail.example.org:587" */
    enum http_mail_security security;
    str                     user, password; /* empty: none; refused without TLS */
    str                     ca_file;        /* empty: the system's */
    str                     from;           /* address */
};

struct http_mail {
    const str *to; /* addresses */
    size_t     n_to;
    str        subject, text; /* UTF-8 */
    str        id;            /* of the message: the same when it is sent again */
    ts         date;
};

/* RC_UNAVAILABLE: try again; RC_FORBIDDEN: the server refuses us; RC_INVALID: our own settings. The story
 * never holds the password. */
must_check enum rc http_mail_send(const struct http_mail_server *server, const struct http_mail *mail,
                                  struct err *err);

/* The message as it goes over the wire; for tests, and for who sends it another way. */
struct strbuf;
void http_mail_print(const struct http_mail_server *server, const struct http_mail *mail, struct strbuf *out);

#endif
