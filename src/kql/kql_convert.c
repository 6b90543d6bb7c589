/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_convert.h"

#include "base/utf8.h"
#include "kql/kql_build.h"
#include "kql/kql_regex.h"

static const char *const CASTS[KQL_TYPE_COUNT_] = {
    [KQL_BOOL] = "tobool",         [KQL_INT] = "toint",         [KQL_LONG] = "tolong",
    [KQL_REAL] = "todouble",       [KQL_DECIMAL] = "todecimal", [KQL_DATETIME] = "todatetime",
    [KQL_TIMESPAN] = "totimespan", [KQL_STRING] = "tostring",   [KQL_GUID] = "toguid",
    [KQL_DYNAMIC] = "todynamic",
};

static struct kql_expr *constant_of(struct kql_binder *b, struct kql_value v, enum kql_type type,
                                    struct kql_span span)
{
    if (v.null || v.type == KQL_UNKNOWN)
        return kql_plan_const(b->arena, kql_value_null(type), span);
    if (kql_type_is_integer(v.type) && (type == KQL_LONG || (type == KQL_INT && v.i == (int32_t)v.i)))
        return kql_plan_const(b->arena, kql_value_int_of(type, v.i), span);
    if (kql_type_is_integer(v.type) && type == KQL_REAL)
        return kql_plan_const(b->arena, kql_value_real((double)v.i), span);
    if (v.type == KQL_BOOL && kql_type_is_integer(type))
        return kql_plan_const(b->arena, kql_value_int_of(type, v.i), span);
    if (v.type == KQL_STRING && kql_type_is_integer(type) && kql_value_parse(b->arena, type, v.s, &v))
        return kql_plan_const(b->arena, v, span);
    if (type == KQL_STRING && v.type != KQL_DYNAMIC && v.type != KQL_REAL && v.type != KQL_DECIMAL)
        return kql_plan_const(b->arena, kql_value_string(kql_value_text(b->arena, &v)), span);
    if (type == KQL_DYNAMIC && v.type != KQL_STRING) {
        AUTO_STRBUF json = STRBUF_INIT(1 << 20);
        kql_value_json(&json, &v);
        return kql_plan_const(b->arena, kql_value_dynamic(arena_str(b->arena, strbuf_view(&json))), span);
    }
    return NULL;
}

struct kql_expr *kql_convert_cast(struct kql_binder *b, struct kql_expr *e, enum kql_type type)
{
    if (e->type == type || type == KQL_UNKNOWN)
        return e;
    if (e->kind == KQL_EXPR_CONST) {
        struct kql_expr *c = constant_of(b, e->value, type, e->span);
        if (c)
            return c;
    }
    if (type == KQL_DYNAMIC &&
        e->type == KQL_STRING) /* a string as a dynamic stays a string: it is not parsed */
        return KQL_CALL1(b, "·quote", e);
    return KQL_CALL1(b, CASTS[type], e);
}

struct kql_expr *kql_convert_silently(struct kql_binder *b, struct kql_expr *e, enum kql_type type)
{
    bool silent = e->type == type || e->type == KQL_UNKNOWN || e->type == KQL_DYNAMIC ||
                  (kql_type_is_number(e->type) && type == KQL_REAL) ||
                  (kql_type_is_integer(e->type) && (kql_type_is_integer(type) || type == KQL_DECIMAL)) ||
                  (e->type == KQL_REAL && type == KQL_DECIMAL) ||
                  (e->type == KQL_GUID && type == KQL_STRING) ||
                  (e->type == KQL_BOOL && kql_type_is_number(type)) ||
                  (kql_type_is_number(e->type) && type == KQL_BOOL);
    return silent ? kql_convert_cast(b, e, type) : NULL;
}

bool kql_convert_unify(struct kql_binder *b, struct kql_expr **args, size_t n, enum kql_type *type)
{
    enum kql_type common = KQL_UNKNOWN;
    bool          known = false;

    for (size_t i = 0; i < n; i++) {
        enum kql_type with = known ? kql_type_common(common, args[i]->type) : args[i]->type;
        if (known && with == KQL_UNKNOWN) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span, "" STR_FMT " and " STR_FMT " have no common type",
                           STR_ARG(kql_type_one(common)), STR_ARG(kql_type_one(args[i]->type)));
            return false;
        }
        common = with;
        known = common != KQL_UNKNOWN;
    }
    for (size_t i = 0; i < n && known; i++)
        if (!(args[i] = kql_convert_cast(b, args[i], common)))
            return false;
    *type = common;
    return true;
}

static bool letter_type(char letter, enum kql_type *type)
{
    switch (letter | 32) {
    case 's':
    case 'e':
        *type = KQL_STRING;
        return true;
    case 'i':
        *type = KQL_LONG;
        return true;
    case 'r':
        *type = KQL_REAL;
        return true;
    case 'b':
        *type = KQL_BOOL;
        return true;
    case 't':
        *type = KQL_DATETIME;
        return true;
    case 'm':
        *type = KQL_TIMESPAN;
        return true;
    case 'g':
        *type = KQL_GUID;
        return true;
    case 'd':
        *type = KQL_DYNAMIC;
        return true;
    default:
        return false;
    }
}

static struct kql_expr *fit_quantity(struct kql_binder *b, struct kql_expr *e, bool dates)
{
    if (e->type == KQL_DYNAMIC)
        return kql_convert_cast(b, e, KQL_REAL);
    bool fits = kql_type_is_number(e->type) || e->type == KQL_TIMESPAN || e->type == KQL_BOOL ||
                e->type == KQL_UNKNOWN || (dates && e->type == KQL_DATETIME);
    return fits ? e : NULL;
}

static struct kql_expr *fit(struct kql_binder *b, struct kql_expr *e, char letter)
{
    enum kql_type type = KQL_UNKNOWN;
    char          kind = (char)(letter | 32);

    if (kind == 'a' || kind == 'k')
        return e;
    if (kind == 'n') {
        if (e->type == KQL_DYNAMIC)
            return kql_convert_cast(b, e, KQL_REAL);
        return kql_type_is_number(e->type) || e->type == KQL_UNKNOWN ? e : NULL;
    }
    if (kind == 'l')
        return kql_type_is_text(e->type) || e->type == KQL_UNKNOWN ? e : NULL;
    if (kind == 'v' || kind == 'q')
        return fit_quantity(b, e, kind == 'q');
    if (!letter_type(letter, &type))
        return NULL;
    if (kind == 'i' && kql_type_is_integer(e->type))
        return e;
    if (kind == 'i' && (e->type == KQL_REAL || e->type == KQL_BOOL || e->type == KQL_DECIMAL))
        return NULL;
    if (kind == 'd' && e->type == KQL_STRING)
        return e->kind == KQL_EXPR_CONST ? NULL : KQL_CALL1(b, "parse_json", e);
    return kql_convert_silently(b, e, type);
}

/* How many arguments a signature takes. */
static void arity(const char *signature, size_t *min, size_t *max)
{
    bool optional = false;

    *min = *max = 0;
    for (const char *c = signature; *c; c++) {
        if (*c == '?') {
            optional = true;
            --*min;
        } else if (*c == '*') {
            --*min;
            *max = SIZE_MAX;
        } else if (*c == '+') {
            *max = SIZE_MAX;
        } else if (*c != '!') {
            *min += !optional;
            *max += *max != SIZE_MAX;
        }
    }
}

static bool count_fits(struct kql_binder *b, const char *name, const char *signature, struct kql_span span,
                       size_t n)
{
    size_t min, max;

    arity(signature, &min, &max);
    if (n >= min && n <= max)
        return true;
    if (min == max)
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, span, "%s() takes %zu argument%s, not %zu", name, min,
                       min == 1 ? "" : "s", n);
    else if (max == SIZE_MAX)
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, span, "%s() takes at least %zu arguments, not %zu", name, min,
                       n);
    else
        kql_bind_error(b, KQL_DIAG_ARGUMENTS, span, "%s() takes %zu to %zu arguments, not %zu", name, min,
                       max, n);
    return false;
}

static const char *letter_name(char letter)
{
    enum kql_type type;

    switch (letter | 32) {
    case 'n':
        return "number";
    case 'l':
        return "string or a dynamic";
    case 'v':
        return "number or a timespan";
    case 'q':
        return "number, a timespan or a datetime";
    default:
        break;
    }
    return letter_type(letter, &type) ? kql_type_name(type).p : "value";
}

bool kql_convert_pattern(struct kql_binder *b, str pattern, struct kql_span at)
{
    struct kql_regex look = kql_regex_look(pattern);

    if (!look.fault)
        return true;
    kql_bind_error(b, KQL_DIAG_LITERAL, at, "the pattern is wrong at its character %zu: %s",
                   utf8_count(str_slice(pattern, 0, look.at)) + 1, look.fault);
    return false;
}

bool kql_convert_arguments(struct kql_binder *b, const char *name, const char *signature,
                           struct kql_span span, struct kql_expr **args, size_t n)
{
    const char *at = signature;

    if (!count_fits(b, name, signature, span, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        char letter = *at;
        if (at[1] == '!' && !kql_plan_is_fixed(args[i])) {
            kql_bind_error(b, KQL_DIAG_CONSTANT, args[i]->span,
                           "argument %zu of %s() is one value for all rows, and this is not", i + 1, name);
            return false;
        }
        at += at[1] == '!';
        struct kql_expr *fitted = fit(b, args[i], letter);
        if (!fitted) {
            kql_bind_error(b, KQL_DIAG_TYPE, args[i]->span,
                           "argument %zu of %s() is a %s, and this is " STR_FMT, i + 1, name,
                           letter_name(letter), STR_ARG(kql_type_one(args[i]->type)));
            if ((letter | 32) == 's' || (letter | 32) == 'e')
                kql_diag_hint(b->diags, "tostring() makes a string of it");
            return false;
        }
        args[i] = fitted;
        if (letter >= 'A' && letter <= 'Z' && fitted->kind != KQL_EXPR_CONST) {
            kql_bind_error(b, KQL_DIAG_CONSTANT, fitted->span, "argument %zu of %s() is a constant", i + 1,
                           name);
            return false;
        }
        if ((letter | 32) == 'e' && !kql_convert_pattern(b, kql_plan_const_text(fitted), fitted->span))
            return false;
        if (at[1] != '*' && at[1] != '+') { /* a repeated letter stays for the rest */
            at++;
            while (*at == '?')
                at++;
        }
    }
    return true;
}
