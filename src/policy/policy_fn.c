/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_fn.h"

#include <pthread.h>

#include "base/map.h"
#include "base/near.h"
#include "policy/policy_value.h"

static const struct policy_fn *const FAMILIES[] = { POLICY_FN_LOGIC,  POLICY_FN_STRING, POLICY_FN_ARRAY,
                                                    POLICY_FN_NUMBER, POLICY_FN_DATE,   POLICY_FN_CONTEXT };

static struct map *by_name;

const struct policy_fn *policy_fn_next(size_t *family, size_t *row)
{
    while (*family < sizeof FAMILIES / sizeof FAMILIES[0]) {
        const struct policy_fn *fn = &FAMILIES[*family][*row];
        if (fn->name) {
            ++*row;
            return fn;
        }
        ++*family;
        *row = 0;
    }
    return NULL;
}

static void index_rows(void)
{
    size_t                  family = 0, row = 0;
    const struct policy_fn *fn;
    by_name = map_new(MAP_NOCASE);
    while ((fn = policy_fn_next(&family, &row)))
        map_put(by_name, str_of(fn->name), (void *)(uintptr_t)fn);
}

const struct policy_fn *policy_fn_find(str name)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, index_rows);
    return map_find(by_name, name);
}

str policy_fn_nearest(str name)
{
    size_t                  family = 0, row = 0;
    const struct policy_fn *fn;
    struct near             near = { .wanted = name };
    while ((fn = policy_fn_next(&family, &row)))
        near_offer(&near, str_of(fn->name));
    return near.best;
}

str policy_fn_text(const struct policy_call *c, size_t i)
{
    return i < c->n ? policy_value_text(c->a, c->argv[i]) : STR_NONE;
}

bool policy_fn_int(const struct policy_call *c, size_t i, int64_t *out)
{
    double d;
    if (i >= c->n || !policy_value_number(c->argv[i], &d) || d < -9e18 || d > 9e18)
        return false;
    *out = c->argv[i]->kind == JSON_INT ? c->argv[i]->i : (int64_t)d;
    return true;
}
