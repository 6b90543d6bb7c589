/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_upload: passes a body on to the intake, piece by piece and unparsed, and its answer back.
 *
 * What strangers send is parsed in the intake, which holds no secret; here it only flows through. The intake
 * answers after its rows are committed. Threads: as the call. */
#ifndef API_API_UPLOAD_H
#define API_API_UPLOAD_H

#include "api/api_call.h"

/* A sink for http_intake: opens the way to the intake at the first piece. */
enum rc api_upload_piece(void *call, struct http_req *req, str piece, struct err *err);
/* Ends the body and turns the intake's answer into ours. */
must_check enum rc api_upload_finish(struct api_call *c, struct err *err);
/* Once, when the request is over. */
void api_upload_end(struct api_call *c);

#endif
