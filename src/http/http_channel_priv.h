/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_channel_priv: what an exchange borrows from its client: one curl handle with its kept
 * connections. */
#ifndef HTTP_HTTP_CHANNEL_PRIV_H
#define HTTP_HTTP_CHANNEL_PRIV_H

#include <curl/curl.h>

#include "http/http_client.h"

struct http_channel {
    CURLM *multi; /* holds the connections, so that they outlive a transfer */
    CURL  *easy;
};

/* From the client's idle ones, or new. Never NULL. */
struct http_channel *http_client_channel(struct http_client *c);
void                 http_client_channel_return(struct http_client *c, struct http_channel *channel);
/* Sets what the client knows: address, socket, trust. */
must_check enum rc http_client_address(struct http_client *c, CURL *easy, str target, struct err *err);

#endif
