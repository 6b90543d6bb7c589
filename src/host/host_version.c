/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_version.h"

static bool digit(str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* ~ sorts before the end, the end before letters, letters before all else. */
static int weight(str s, size_t i)
{
    if (i >= s.n || digit(s, i))
        return 0;
    char c = s.p[i];
    if (c == '~')
        return -1;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter ? c : (unsigned char)c + 256;
}

static int number_cmp(str a, size_t *i, str b, size_t *k)
{
    int first = 0;
    while (*i < a.n && a.p[*i] == '0')
        ++*i;
    while (*k < b.n && b.p[*k] == '0')
        ++*k;
    while (digit(a, *i) && digit(b, *k)) {
        if (first == 0)
            first = a.p[*i] - b.p[*k];
        ++*i;
        ++*k;
    }
    if (digit(a, *i))
        return 1;
    return digit(b, *k) ? -1 : first;
}

static int part_cmp(str a, str b)
{
    size_t i = 0, k = 0;
    while (i < a.n || k < b.n) {
        while ((i < a.n && !digit(a, i)) || (k < b.n && !digit(b, k))) {
            int order = weight(a, i) - weight(b, k);
            if (order)
                return order;
            i += i < a.n;
            k += k < b.n;
        }
        int order = number_cmp(a, &i, b, &k);
        if (order)
            return order;
    }
    return 0;
}

static str take_epoch(str *s)
{
    size_t colon = str_find_byte(*s, ':');
    str    epoch = colon == STR_NPOS ? STR_NONE : str_slice(*s, 0, colon);
    *s = colon == STR_NPOS ? *s : str_from(*s, colon + 1);
    return epoch;
}

int host_version_cmp(str a, str b)
{
    str first = take_epoch(&a), second = take_epoch(&b);
    int order = part_cmp(first, second);
    if (order)
        return order;
    size_t dash_a = str_rfind_byte(a, '-'), dash_b = str_rfind_byte(b, '-');
    order = part_cmp(str_slice(a, 0, dash_a), str_slice(b, 0, dash_b));
    if (order)
        return order;
    return part_cmp(dash_a == STR_NPOS ? STR_NONE : str_from(a, dash_a + 1),
                    dash_b == STR_NPOS ? STR_NONE : str_from(b, dash_b + 1));
}
