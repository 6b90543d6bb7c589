/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_number: numbers as text in the way of .NET, which Kusto's tostring() gives. Threads: no
 * state. */
#ifndef SCALAR_SCALAR_NUMBER_H
#define SCALAR_SCALAR_NUMBER_H

#include "base/strbuf.h"

/* The fewest digits that read back as `v`: 1500.0, 0.1, 1E-05, 1.5E+20, NaN, Infinity. */
void scalar_number_real(struct strbuf *out, double v);

#endif
