/* SPDX-License-Identifier: Apache-2.0 */
/* base/scan: small readers that take what they know off the front of a text. False: nothing taken. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/str.h"

bool scan_number(str *s, size_t most, int *out); /* 1 to `most` digits (at most 9) */
bool scan_char(str *s, char c);
bool scan_fraction(str *s, int64_t *ticks); /* digits behind a point, as ticks; more than seven are cut */

#endif
