/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_table.h"

#include <math.h>

#include "scalar/scalar_array.h"
#include "scalar/scalar_json.h"

static uint32_t hash_of(str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

/* Open addressing; a code is kept as itself and one. */
static bool encode(struct arena *a, const struct scalar_json *list, struct scalar_table_column *out)
{
    size_t size = 16;
    while (size < 2 * (size_t)list->n)
        size *= 2;
    uint32_t *places = arena_try_alloc(a, size * sizeof *places);

    out->codes = arena_try_alloc(a, (list->n + 1) * sizeof *out->codes);
    out->names = arena_try_alloc(a, (list->n + 1) * sizeof *out->names);
    if (!places || !out->codes || !out->names)
        return false;
    memset(places, 0, size * sizeof *places);
    out->n_codes = 0;
    for (size_t i = 0; i < list->n; i++) {
        str    s = list->items[i].s;
        size_t at = hash_of(s) & (size - 1);
        while (places[at] != 0 && !str_eq(out->names[places[at] - 1], s))
            at = (at + 1) & (size - 1);
        if (places[at] == 0) {
            out->names[out->n_codes] = s;
            places[at] = ++out->n_codes;
        }
        out->codes[i] = places[at] - 1;
    }
    return true;
}

static bool read_weights(struct arena *a, const struct scalar_json *list, double **out, double *total)
{
    *out = arena_try_alloc(a, (list->n + 1) * sizeof(double));
    *total = 0;
    for (size_t i = 0; *out && i < list->n; i++) {
        bool   whole;
        double w =
            list->items[i].kind == SCALAR_JSON_NUMBER ? scalar_array_number(list->items[i].s, &whole) : 0;
        (*out)[i] = w > 0 ? w : 0;
        *total += (*out)[i];
    }
    return *out != NULL;
}

bool scalar_table_read(struct arena *a, str json, size_t sets, struct scalar_table *out)
{
    struct scalar_json j;

    *out = (struct scalar_table) { .sets = sets };
    if (!scalar_json_parse(a, json, &j) || j.kind != SCALAR_JSON_ARRAY || j.n < sets ||
        j.n - sets > SCALAR_TABLE_COLUMNS)
        return false;
    out->k = j.n - sets;
    out->n = j.items[0].n;
    if (out->n > SCALAR_TABLE_ROWS)
        return false;
    for (size_t i = 0; i < j.n; i++) {
        if (j.items[i].kind != SCALAR_JSON_ARRAY || j.items[i].n != out->n)
            return false;
        if (!(i < sets ? read_weights(a, &j.items[i], &out->weight[i], &out->total[i])
                       : encode(a, &j.items[i], &out->column[i - sets])))
            return false;
    }
    return true;
}

bool scalar_table_fits(const struct scalar_table *t, const struct scalar_table_match *m, size_t row)
{
    for (size_t c = 0; c < t->k; c++)
        if (m->columns >> c & 1 && t->column[c].codes[row] != t->column[c].codes[m->row])
            return false;
    return true;
}

void scalar_table_weigh(const struct scalar_table *t, struct scalar_table_match *m)
{
    memset(m->weight, 0, sizeof m->weight);
    for (size_t i = 0; i < t->n; i++)
        if (scalar_table_fits(t, m, i))
            for (size_t s = 0; s < t->sets; s++)
                m->weight[s] += t->weight[s][i];
}

bool scalar_table_same(const struct scalar_table *t, const struct scalar_table_match *a,
                       const struct scalar_table_match *b)
{
    return a->columns == b->columns && scalar_table_fits(t, a, b->row);
}

void scalar_table_write(const struct scalar_table *t, const struct scalar_table_match *m, struct strbuf *out)
{
    for (size_t c = 0; c < t->k; c++) {
        strbuf_addz(out, c > 0 ? "," : "[");
        if (m->columns >> c & 1)
            scalar_json_quote(out, t->column[c].names[t->column[c].codes[m->row]]);
        else
            strbuf_addz(out, "null");
    }
    strbuf_addz(out, t->k > 0 ? "]" : "[]");
}
