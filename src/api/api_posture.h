/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_posture: what the handlers of posture share. Threads: as the call. */
#ifndef API_API_POSTURE_H
#define API_API_POSTURE_H

#include "api/api_call.h"
#include "posture/posture_object.h"
#include "posture/posture_plan.h"

struct posture            *api_posture(const struct api_call *c);
const struct posture_plan *api_posture_plan(struct api_call *c); /* as it is now, until the end of the call */
const struct posture_tree *api_posture_tree(struct api_call *c);
/* The scope of the request: {scope*}, or what {subscription} and {group} make; empty: the tenant. */
str api_posture_scope(struct api_call *c);
/* $top, from 1 to the most that a page holds. */
must_check enum rc api_posture_top(struct api_call *c, size_t *out, struct err *err);
/* Opens {"id","name","type", and leaves the object open. */
void api_posture_head(struct json_w *w, str id, str name, str type);
/* A tree of any depth as the value of a key; json_w alone stops at 64 levels. */
void api_posture_tree_value(struct json_w *w, str key, const struct json *j);
/* Waits a moment for what the change sets off, so that the next request sees it. */
void api_posture_settle(struct api_call *c);

#endif
