/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scan.h"

bool scan_number(str *s, size_t most, int *out)
{
    int    v = 0;
    size_t n = 0;
    while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n == 0)
        return false;
    *s = str_from(*s, n);
    *out = v;
    return true;
}

bool scan_char(str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

bool scan_fraction(str *s, int64_t *ticks)
{
    int64_t v = 0;
    size_t  n = 0;
    for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        if (n < 7)
            v = v * 10 + (s->p[n] - '0');
    if (n == 0)
        return false;
    for (size_t i = n; i < 7; i++)
        v *= 10;
    *s = str_from(*s, n);
    *ticks = v;
    return true;
}
