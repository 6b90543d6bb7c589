/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_automation: activities among the queries about things. Threads: as the call. */
#ifndef API_API_AUTOMATION_H
#define API_API_AUTOMATION_H

#include "api/api_call.h"

/* Writes them into the open array. */
must_check enum rc api_automation_activities(struct api_call *c, struct json_w *w, struct err *err);

#endif
