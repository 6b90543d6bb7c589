/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_fold.h"

#include <math.h>

typedef bool fold_fn(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                     struct kql_value *out);

static bool in_range(int64_t t)
{
    return t >= TS_MIN && t <= TS_MAX;
}

static double as_real(const struct kql_value *v)
{
    return v->type == KQL_REAL ? v->r : (double)v->i;
}

static bool is_plain_number(const struct kql_value *v)
{
    return kql_type_is_integer(v->type) || v->type == KQL_REAL;
}

static bool fold_sum(const struct kql_value *a, const struct kql_value *b, int sign, struct kql_value *out)
{
    bool both_real = is_plain_number(a) && is_plain_number(b) && (a->type == KQL_REAL || b->type == KQL_REAL);
    if (both_real) {
        *out = kql_value_real(as_real(a) + sign * as_real(b));
        return true;
    }
    uint64_t sum = sign > 0 ? (uint64_t)a->i + (uint64_t)b->i : (uint64_t)a->i - (uint64_t)b->i;
    if (kql_type_is_integer(a->type) && kql_type_is_integer(b->type)) {
        *out = kql_value_long((int64_t)sum);
        return true;
    }
    if (a->type == KQL_TIMESPAN && b->type == KQL_TIMESPAN) {
        *out = kql_value_int_of(KQL_TIMESPAN, (int64_t)sum);
        return true;
    }
    if (a->type == KQL_DATETIME && b->type == KQL_DATETIME && sign < 0) {
        *out = kql_value_int_of(KQL_TIMESPAN, (int64_t)sum);
        return true;
    }
    bool moved = (a->type == KQL_DATETIME && b->type == KQL_TIMESPAN) ||
                 (a->type == KQL_TIMESPAN && b->type == KQL_DATETIME && sign > 0);
    if (!moved)
        return false;
    int64_t t;
    bool    over = sign > 0 ? __builtin_add_overflow(a->i, b->i, &t) : __builtin_sub_overflow(a->i, b->i, &t);
    *out = over || !in_range(t) ? kql_value_null(KQL_DATETIME) : kql_value_int_of(KQL_DATETIME, t);
    return true;
}

static bool fold_add(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                     struct kql_value *out)
{
    (void)opts;
    return fold_sum(a, b, 1, out);
}

static bool fold_subtract(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                          struct kql_value *out)
{
    (void)opts;
    return fold_sum(a, b, -1, out);
}

static bool fold_multiply(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                          struct kql_value *out)
{
    (void)opts;
    if (kql_type_is_integer(a->type) && kql_type_is_integer(b->type)) {
        *out = kql_value_long((int64_t)((uint64_t)a->i * (uint64_t)b->i));
        return true;
    }
    const struct kql_value *span = a->type == KQL_TIMESPAN ? a : b, *factor = span == a ? b : a;
    if (span->type == KQL_TIMESPAN && kql_type_is_integer(factor->type)) {
        *out = kql_value_int_of(KQL_TIMESPAN, (int64_t)((uint64_t)span->i * (uint64_t)factor->i));
        return true;
    }
    if (!is_plain_number(a) || !is_plain_number(b))
        return false;
    *out = kql_value_real(as_real(a) * as_real(b));
    return true;
}

static bool fold_negate(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                        struct kql_value *out)
{
    (void)opts, (void)b;
    if (a->type == KQL_REAL)
        *out = kql_value_real(-a->r);
    else if (kql_type_is_integer(a->type) || a->type == KQL_TIMESPAN)
        *out = kql_value_int_of(a->type, (int64_t)(0 - (uint64_t)a->i));
    else
        return false;
    return true;
}

static bool fold_ago(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                     struct kql_value *out)
{
    struct kql_value now = kql_value_int_of(KQL_DATETIME, opts->now);
    (void)b;
    return a->type == KQL_TIMESPAN && fold_sum(&now, a, -1, out);
}

static bool fold_now(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                     struct kql_value *out)
{
    struct kql_value now = kql_value_int_of(KQL_DATETIME, opts->now);
    (void)b;
    if (!a)
        *out = now;
    return !a || (a->type == KQL_TIMESPAN && fold_sum(&now, a, 1, out));
}

static bool fold_todatetime(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                            struct kql_value *out)
{
    int64_t t;
    (void)opts, (void)b;
    if (a->type != KQL_STRING || !kql_value_parse_datetime(a->s, &t))
        return false;
    *out = kql_value_int_of(KQL_DATETIME, t);
    return true;
}

static bool fold_totimespan(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                            struct kql_value *out)
{
    int64_t ticks;
    (void)opts, (void)b;
    if (a->type != KQL_STRING || str_find_byte(a->s, ':') == STR_NPOS || !duration_parse(a->s, &ticks))
        return false;
    *out = kql_value_int_of(KQL_TIMESPAN, ticks);
    return true;
}

static bool fold_startofday(const struct kql_opts *opts, const struct kql_value *a, const struct kql_value *b,
                            struct kql_value *out)
{
    (void)opts;
    if (a->type != KQL_DATETIME || b)
        return false;
    int64_t rest = a->i % DAYS(1);
    *out = kql_value_int_of(KQL_DATETIME, a->i - (rest < 0 ? rest + DAYS(1) : rest));
    return true;
}

bool kql_fold_call(struct kql_binder *b, const char *name, struct kql_expr *const *args, size_t n,
                   struct kql_value *out)
{
    static const struct {
        const char *name;
        size_t      min, max;
        fold_fn    *fold;
    } FOLDS[] = {
        { "+", 2, 2, fold_add },
        { "-", 2, 2, fold_subtract },
        { "*", 2, 2, fold_multiply },
        { "negate", 1, 1, fold_negate },
        { "ago", 1, 1, fold_ago },
        { "now", 0, 1, fold_now },
        { "todatetime", 1, 1, fold_todatetime },
        { "totimespan", 1, 1, fold_totimespan },
        { "startofday", 1, 1, fold_startofday },
    };
    for (size_t i = 0; i < n; i++)
        if (args[i]->kind != KQL_EXPR_CONST || args[i]->value.null || args[i]->type == KQL_UNKNOWN)
            return false;
    for (size_t i = 0; i < sizeof FOLDS / sizeof FOLDS[0]; i++)
        if (n >= FOLDS[i].min && n <= FOLDS[i].max && strcmp(FOLDS[i].name, name) == 0)
            return FOLDS[i].fold(b->opts, n > 0 ? &args[0]->value : NULL, n > 1 ? &args[1]->value : NULL,
                                 out);
    return false;
}
