/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_probe: tries from inside the sandbox what must fail in it, and tells what became of each try.
 *
 * {"tries":[{"what","layer","refused","how"},…]}. Behind the hidden option --probe; tests and doctor read it.
 */
#ifndef ENGINE_ENGINE_PROBE_H
#define ENGINE_ENGINE_PROBE_H

#include "engine/engine_sandbox.h"

/* True when everything was refused that the layers in force promise to refuse. */
bool engine_probe(const struct engine_sandbox *s, const char *data, struct strbuf *out);

#endif
