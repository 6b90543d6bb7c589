/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_read.h"

#include <stdarg.h>

enum { MAX_LIST = 200, MAX_ITEM = 500 };

/* The line of a top-level field, found in the text, since the tree keeps no places. 1 when it is not there.
 */
static size_t line_of(str text, str field)
{
    size_t line = 1;
    str    rest = text, one;

    while (str_split(&rest, '\n', &one)) {
        if (str_starts(one, field) && field.n && one.n > field.n && one.p[field.n] == ':')
            return line;
        line++;
    }
    return 0;
}

enum rc content_read_refuse(const struct content_reader *r, struct err *err, const char *fmt, ...)
{
    char    message[300];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    size_t line = line_of(r->text, r->field);
    if (!r->field.n)
        return err_set(err, RC_INVALID, STR_FMT ": %s", STR_ARG(r->file), message);
    if (!line)
        return err_set(err, RC_INVALID, STR_FMT ": " STR_FMT ": %s", STR_ARG(r->file), STR_ARG(r->field),
                       message);
    return err_set(err, RC_INVALID, STR_FMT ":%zu: " STR_FMT ": %s", STR_ARG(r->file), line,
                   STR_ARG(r->field), message);
}

enum rc content_read_text(const struct content_reader *r, const struct json *v, size_t max, str *out,
                          struct err *err)
{
    str text = STR_NONE;

    switch (v->kind) {
    case JSON_STRING:
        text = arena_str(r->arena, v->s);
        break;
    case JSON_INT:
        text = arena_printf(r->arena, "%lld", (long long)v->i);
        break;
    case JSON_DOUBLE:
        text = arena_printf(r->arena, "%.15g", v->d);
        break;
    case JSON_BOOL:
        text = v->b ? S("true") : S("false");
        break;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        return content_read_refuse(r, err, "a text is expected");
    }
    if (text.n > max)
        return content_read_refuse(r, err, "at most %zu bytes, not %zu", max, text.n);
    *out = text;
    return RC_OK;
}

enum rc content_read_bool(const struct content_reader *r, const struct json *v, bool *out, struct err *err)
{
    if (v->kind != JSON_BOOL)
        return content_read_refuse(r, err, "true or false is expected");
    *out = v->b;
    return RC_OK;
}

enum rc content_read_int(const struct content_reader *r, const struct json *v, int64_t *out, struct err *err)
{
    if (v->kind == JSON_INT)
        *out = v->i;
    else if (v->kind != JSON_STRING || !str_to_i64(str_trim(v->s), out))
        return content_read_refuse(r, err, "a whole number is expected");
    return RC_OK;
}

bool content_read_duration_text(str s, duration *out)
{
    int64_t n;

    s = str_trim(s);
    if (s.n >= 2 && str_to_i64(str_slice(s, 0, s.n - 1), &n) && n >= 0 && n <= 1000000) {
        switch (s.p[s.n - 1]) {
        case 's':
            return *out = SECONDS(n), true;
        case 'm':
            return *out = MINUTES(n), true;
        case 'h':
            return *out = HOURS(n), true;
        case 'd':
            return *out = DAYS(n), true;
        default:
            return false;
        }
    }
    return duration_parse_iso(s, out) || (str_contains(s, S(":")) && duration_parse(s, out));
}

enum rc content_read_duration(const struct content_reader *r, const struct json *v, duration *out,
                              struct err *err)
{
    str text;

    TRY(content_read_text(r, v, 40, &text, err));
    if (!content_read_duration_text(text, out))
        return content_read_refuse(r, err, "'" STR_FMT "' is no duration: write 5m, 1h, 1d or PT5M",
                                   STR_ARG(text));
    return RC_OK;
}

enum rc content_read_texts(const struct content_reader *r, const struct json *v, const str **out, size_t *n,
                           struct err *err)
{
    if (v->kind == JSON_NULL) {
        *out = NULL;
        *n = 0;
        return RC_OK;
    }
    if (v->kind != JSON_ARRAY)
        return content_read_refuse(r, err, "a list is expected");
    if (v->n > MAX_LIST)
        return content_read_refuse(r, err, "at most %d entries, not %u", MAX_LIST, v->n);

    str *list = ARENA_ARRAY(r->arena, str, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        TRY(content_read_text(r, json_at(v, i), MAX_ITEM, &list[i], err));
    *out = list;
    *n = v->n;
    return RC_OK;
}
