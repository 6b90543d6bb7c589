/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_exchange: one request whose body is written and whose reply is read piece by piece.
 *
 * open → write… → finish (status and headers) → read… → free. Failures are those of http_client.h.
 * Threads: an exchange belongs to one; a struct http_client serves many. */
#ifndef HTTP_HTTP_EXCHANGE_H
#define HTTP_HTTP_EXCHANGE_H

#include "http/http_client.h"

struct http_exchange;

must_check enum rc http_exchange_open(struct http_client *c, const struct http_call *call,
                                      struct http_exchange **out, struct err *err);
/* Sends all of the piece. When the server answers before the body is sent, the rest is swallowed: finish
 * shows the answer. */
must_check enum rc http_exchange_write(struct http_exchange *x, str piece, struct err *err);
/* Ends the body and waits for the reply's head; headers live as long as the exchange, body is empty. */
must_check enum rc http_exchange_finish(struct http_exchange *x, struct http_reply *head, struct err *err);
/* The next bytes; *n = 0 is the end. A reply that broke off is RC_UNAVAILABLE, never an end. */
must_check enum rc http_exchange_read(struct http_exchange *x, char *buf, size_t max, size_t *n,
                                      struct err *err);
struct http_exchange *
http_exchange_free(struct http_exchange *x); /* closes the connection if it is not done */
DEFINE_AUTO(http_exchange, http_exchange_free)

#endif
