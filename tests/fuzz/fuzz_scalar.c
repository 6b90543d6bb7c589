/* SPDX-License-Identifier: Apache-2.0 */
/* Any function of module scalar with any arguments: the first byte picks it, then each argument is a byte of
 * length and that many bytes (a text), or eight bytes (a number). What it gives as a dynamic is JSON. */
#include <math.h>
#include <stdlib.h>

#include "scalar/scalar.h"
#include "scalar/scalar_json.h"

static const struct scalar *pick(uint8_t number)
{
    size_t n = 0;

    for (int round = 0; round < 2; round++) {
        size_t at = 0;
        for (const struct scalar_family *f = SCALAR_FAMILIES; f->name; f++)
            for (const struct scalar *s = f->rows; s->name; s++, at++)
                if (round == 1 && at == number % n)
                    return s;
        n = at;
    }
    return NULL;
}

static struct scalar_value read_value(str *in, char letter, bool last)
{
    struct scalar_value v = { .s = S("") };

    if (scalar_is_text(letter)) {
        size_t n = in->n > 0 ? (unsigned char)in->p[0] : 0;
        *in = str_from(*in, 1);
        v.s = str_slice(*in, 0, last ? in->n : n);
        *in = str_from(*in, v.s.n);
        return v;
    }
    size_t n = in->n < sizeof v.i ? in->n : sizeof v.i;
    if (n > 0)
        memcpy(&v.i, in->p, n);
    *in = str_from(*in, n);
    if (letter == 'b')
        v.i &= 1;
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    AUTO(arena) a = arena_new(64 << 20);
    const struct scalar *s = pick(data[0]);
    struct scalar_value  argv[SCALAR_MAX_ARGS], out = { .null = true };
    str                  in = str_make((const char *)data + 1, size - 1);

    for (size_t i = 0; s->args[i]; i++)
        argv[i] = read_value(&in, s->args[i], !s->args[i + 1]);
    s->run(a, argv, &out);
    struct scalar_json tree;
    if (s->result == 'd' && !out.null && out.s.n > 0 && arena_used(a) < 8 << 20 &&
        !scalar_json_parse(a, out.s, &tree)) {
        (void)fprintf(stderr, "%s gives what is no JSON: " STR_FMT "\n", s->name, STR_ARG(out.s));
        abort();
    }
    return 0;
}
