/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_error: refusals in ARM's envelope, {"error":{"code","message","target"}}.
 *
 * The code follows from the rc unless the handler named one. Retry-After goes with 429 and 503 and nothing
 * else: clients repeat whatever carries it. Threads: as the call. */
#ifndef API_API_ERROR_H
#define API_API_ERROR_H

#include "api/api_call.h"

int         api_error_status(const struct api_call *c, const struct err *why);
const char *api_error_code(const struct api_call *c, const struct err *why);
/* Fills the response. */
void api_error_answer(struct api_call *c, const struct err *why);

#endif
