/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_deflate: compressed text (RFC 1950 to 1952) in what runs in the engine, where zlib does not.
 *
 * Packing is quick and plain: matches through a small table, fixed codes; a text without repeats is stored.
 * Unpacking is bounded by the strbuf's maximum, so a bomb costs no more. Threads: no state. */
#ifndef SCALAR_SCALAR_DEFLATE_H
#define SCALAR_SCALAR_DEFLATE_H

#include "base/strbuf.h"

void scalar_deflate_zlib(struct strbuf *out, str bytes);
void scalar_deflate_gzip(struct strbuf *out, str bytes);
/* False: it is not of that form, cut short, or its checksum is wrong. */
bool scalar_deflate_unzlib(struct strbuf *out, str bytes);
bool scalar_deflate_ungzip(struct strbuf *out, str bytes);

#endif
