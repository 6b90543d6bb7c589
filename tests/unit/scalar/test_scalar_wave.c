/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_wave.h"

#include <math.h>

#include "tests/t.h"

/* Of any count: what the definition gives, and back again. */
TEST(a_transform_is_what_its_definition_says)
{
    for (size_t n = 1; n <= 40; n++) {
        struct arena      *a = arena_new(1 << 20);
        struct scalar_wave v[40], w[40];
        for (size_t i = 0; i < n; i++)
            v[i] = w[i] = (struct scalar_wave) { (double)((i * 7 + 3) % 11), (double)(i % 3) };
        CHECK(scalar_wave_turn(a, w, n, false));
        for (size_t k = 0; k < n; k++) {
            double re = 0, im = 0;
            for (size_t i = 0; i < n; i++) {
                double angle = -2 * M_PI * (double)(i * k) / (double)n;
                re += v[i].re * cos(angle) - v[i].im * sin(angle);
                im += v[i].re * sin(angle) + v[i].im * cos(angle);
            }
            CHECK(fabs(w[k].re - re) < 1e-9 && fabs(w[k].im - im) < 1e-9);
        }
        CHECK(scalar_wave_turn(a, w, n, true));
        for (size_t i = 0; i < n; i++)
            CHECK(fabs(w[i].re - v[i].re) < 1e-10 && fabs(w[i].im - v[i].im) < 1e-10);
        arena_free(a);
    }
}
