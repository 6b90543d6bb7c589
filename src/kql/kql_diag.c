/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_diag.h"

#include "base/strbuf.h"

static const char *const CODES[] = {
#define KQL_DIAG(name, code, about) [KQL_DIAG_##name] = code,
#include "kql/kql_diag.def"
#undef KQL_DIAG
};

struct kql_diags kql_diag_begin(struct arena *a, str query)
{
    return (struct kql_diags) { .arena = a, .query = query };
}

static void locate(str query, size_t offset, uint32_t *line, uint32_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < offset && i < query.n; i++) {
        if (query.p[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if ((query.p[i] & 0xC0) != 0x80) {
            (*column)++;
        }
    }
}

static __attribute__((format(printf, 2, 0))) str print(struct arena *a, const char *fmt, va_list ap)
{
    AUTO_STRBUF text = STRBUF_INIT(2000);
    strbuf_addv(&text, fmt, ap);
    return arena_str(a, strbuf_view(&text));
}

void kql_diag_add(struct kql_diags *d, enum kql_diag_code code, struct kql_span at, const char *fmt, ...)
{
    if (d->list.n >= KQL_DIAG_MAX)
        return;
    va_list ap;
    va_start(ap, fmt);
    str text = print(d->arena, fmt, ap);
    va_end(ap);

    struct kql_diag *diag = vec_push_in(d->arena, &d->list);
    *diag = (struct kql_diag) { .code = code, .span = at, .message = text };
    locate(d->query, at.from, &diag->line, &diag->column);
}

void kql_diag_hint(struct kql_diags *d, const char *fmt, ...)
{
    if (d->list.n == 0)
        return;
    va_list ap;
    va_start(ap, fmt);
    vec_last(&d->list).hint = print(d->arena, fmt, ap);
    va_end(ap);
}

void kql_diag_suggest(struct kql_diags *d, const struct near *guess)
{
    if (guess->best.n > 0)
        kql_diag_hint(d, "did you mean \"" STR_FMT "\"?", STR_ARG(guess->best));
}

bool kql_diag_any(const struct kql_diags *d)
{
    return d->list.n > 0;
}

str kql_diag_code_name(enum kql_diag_code code)
{
    return str_of(CODES[code]);
}
