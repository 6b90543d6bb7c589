/* SPDX-License-Identifier: Apache-2.0 */
/* base/guid: 128-bit identifiers in their usual text form. */
#ifndef BASE_GUID_H
#define BASE_GUID_H

#include "base/str.h"

typedef struct {
    uint8_t bytes[16]; /* in the order of the text */
} guid;

enum { GUID_TEXT_SIZE = 37 };

bool guid_parse(str s, guid *out);                /* with or without braces, any case */
str  guid_text(guid g, char buf[GUID_TEXT_SIZE]); /* lower case, 36 characters */
bool guid_eq(guid a, guid b);
guid guid_random(void);             /* version 4, from the kernel */
guid guid_of(guid space, str name); /* version 5-like, from SHA-256: same input, same guid */

#endif
