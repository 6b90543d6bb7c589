/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_wave: Fourier's transform of numbers of any count, in the time of n · log n.
 * Ownership: the arena. Threads: no state. */
#ifndef SCALAR_SCALAR_WAVE_H
#define SCALAR_SCALAR_WAVE_H

#include "base/arena.h"

struct scalar_wave {
    double re, im;
};

/* In place; `back` undoes it. False: the arena is full. */
bool scalar_wave_turn(struct arena *a, struct scalar_wave *v, size_t n, bool back);

#endif
