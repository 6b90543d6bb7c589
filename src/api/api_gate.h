/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_gate: what stands before every handler: who is it, is the version fine, does the place exist, may
 * they?
 *
 * Runs before the body is read. Order: identity (401), api-version (400), place (404), permission (403), so
 * that nobody without a token learns what exists. Threads: as the call. */
#ifndef API_API_GATE_H
#define API_API_GATE_H

#include "api/api_call.h"

must_check enum rc api_gate_identify(struct api_call *c, struct err *err);
must_check enum rc api_gate_pass(struct api_call *c, struct err *err);
/* The scope that a call acts on: its ARM path, or the workspace. */
str api_gate_scope(const struct api_call *c);

#endif
