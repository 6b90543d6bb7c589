/* SPDX-License-Identifier: Apache-2.0 */
#include "tables/tables_infer.h"

#include <ctype.h>

#include "base/guid.h"
#include "base/map.h"
#include "base/vec.h"
#include "tables/tables_priv.h"

/* Kinds of values seen in a field, as bits. */
enum seen { BOOLS = 1, LONGS = 2, REALS = 4, TIMES = 8, GUIDS = 16, TEXTS = 32, TREES = 64 };

struct field {
    str      name;
    unsigned seen;
};

static unsigned text_kind(str s)
{
    ts   t;
    guid g;

    if (s.n >= 10 && s.n <= 40 && isdigit((unsigned char)s.p[0]) && s.p[4] == '-' && ts_parse(s, &t))
        return TIMES;
    return s.n == 36 && guid_parse(s, &g) ? GUIDS : TEXTS;
}

static unsigned kind_of(const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        return 0;
    case JSON_BOOL:
        return BOOLS;
    case JSON_INT:
        return LONGS;
    case JSON_DOUBLE:
        return REALS;
    case JSON_STRING:
        return text_kind(v->s);
    default:
        return TREES;
    }
}

static enum tables_type type_of(unsigned seen)
{
    switch (seen) {
    case BOOLS:
        return TABLES_BOOL;
    case LONGS:
        return TABLES_LONG;
    case REALS:
    case REALS | LONGS:
        return TABLES_REAL;
    case TIMES:
        return TABLES_DATETIME;
    case GUIDS:
        return TABLES_GUID;
    default:
        break;
    }
    return seen & ~(unsigned)(TIMES | GUIDS | TEXTS) ? TABLES_DYNAMIC : TABLES_STRING;
}

static bool is_reserved(str name)
{
    return str_eq_ci(name, S("TimeGenerated")) || str_eq_ci(name, S("_IngestionTime")) ||
           str_eq_ci(name, S("Type")) || str_eq_ci(name, S("AdditionalFields"));
}

static struct field *field_of(struct arena *a, struct map *fields, str name)
{
    struct field *f = map_find(fields, name);

    if (f)
        return str_eq(f->name, name) ? f : NULL;
    if (map_count(fields) >= TABLES_INFER_MAX_COLUMNS || is_reserved(name) || !tables_name_is_valid(name))
        return NULL;
    f = ARENA_NEW(a, struct field);
    f->name = name;
    map_put(fields, name, f);
    return f;
}

void tables_infer(struct arena *a, str name, const struct json *const *rows, size_t n,
                  struct tables_schema *out)
{
    struct map *fields = map_new_in(a, MAP_NOCASE);
    VEC(struct tables_column) columns = { 0 };
    struct map_iter it = { 0 };

    for (size_t r = 0; r < n; r++) {
        for (uint32_t m = 0; m < rows[r]->n; m++) {
            struct field *f = field_of(a, fields, rows[r]->members[m].key);
            if (f)
                f->seen |= kind_of(&rows[r]->members[m].value);
        }
    }
    *vec_push_in(a, &columns) =
        (struct tables_column) { .name = S("TimeGenerated"), .type = TABLES_DATETIME };
    while (map_next(fields, &it)) {
        const struct field *f = it.value;
        if (f->seen)
            *vec_push_in(a, &columns) = (struct tables_column) { .name = f->name, .type = type_of(f->seen) };
    }
    *vec_push_in(a, &columns) = (struct tables_column) { .name = S("Type"), .type = TABLES_STRING };
    *vec_push_in(a, &columns) =
        (struct tables_column) { .name = S("AdditionalFields"), .type = TABLES_DYNAMIC };
    *vec_push_in(a, &columns) =
        (struct tables_column) { .name = S("_IngestionTime"), .type = TABLES_DATETIME };
    *out = (struct tables_schema) { .name = name,
                                    .description = S("Made on arrival."),
                                    .columns = columns.p,
                                    .n_columns = columns.n,
                                    .retention_days = TABLES_INFER_DAYS,
                                    .by_day = true,
                                    .custom = true };
}
