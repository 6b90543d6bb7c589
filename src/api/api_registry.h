/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_registry: the table of routes as JSON, for `vedette registry`, docs and the portal's types.
 * Threads: no state. */
#ifndef API_API_REGISTRY_H
#define API_API_REGISTRY_H

#include "base/json.h"

void api_registry_write(struct json_w *w);

#endif
