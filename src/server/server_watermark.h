/* SPDX-License-Identifier: Apache-2.0 */
/* server/server_watermark: the intake's watermark, asked over its socket, in the form that detect wants. */
#ifndef SERVER_SERVER_WATERMARK_H
#define SERVER_SERVER_WATERMARK_H

#include "base/err.h"
#include "base/ts.h"

/* `intake` is a struct http_client. RC_UNAVAILABLE when the intake is away: then nothing is known to be safe.
 */
must_check enum rc server_watermark(void *intake, ts *out, struct err *err);

#endif
