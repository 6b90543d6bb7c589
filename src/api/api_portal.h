/* SPDX-License-Identifier: Apache-2.0 */
/* api/api_portal: the portal's files.
 *
 * All files are read at the start, so no path of a request ever reaches the file system. index.html goes out
 * with a fresh nonce in place of each __CSP_NONCE__ and answers every path that is no file (the portal has
 * routes of its own). Names below /assets hold their content's hash: cached for good. Where NAME.br or
 * NAME.gz lies beside a file, the client that takes it gets it. Threads: read-only after the start. */
#ifndef API_API_PORTAL_H
#define API_API_PORTAL_H

#include "api/api_call.h"

struct api_portal;

enum { API_PORTAL_MAX_BYTES = 256 << 20 };

/* An empty or missing folder gives a portal with one page that says how to build it. */
must_check enum rc api_portal_new(str dir, struct api_portal **out, struct err *err);
struct api_portal *api_portal_free(struct api_portal *p);
DEFINE_AUTO(api_portal, api_portal_free)

/* Is a path that no route has one of the portal's, and not of the API? */
bool api_portal_is_page(str path);
void api_portal_answer(struct api_portal *p, struct api_call *c);

#endif
