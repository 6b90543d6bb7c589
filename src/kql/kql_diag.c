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

bool kql_diag_any(const struct kql_diags *d)
{
    return d->list.n > 0;
}

str kql_diag_code_name(enum kql_diag_code code)
{
    return str_of(CODES[code]);
}

enum { GUESS_MAX = 64 };

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Edits between two short names, letters alike in either case; a swap of neighbours counts as one. */
static size_t edits(str a, str b)
{
    size_t row[3][GUESS_MAX + 1];

    for (size_t j = 0; j <= b.n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = row[i % 3], *up = row[(i + 2) % 3], *upup = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            char   x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);
            size_t best = up[j - 1] + (x != y);
            if (up[j] + 1 < best)
                best = up[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && x == lower(b.p[j - 2]) && lower(a.p[i - 2]) == y;
            if (swapped && upup[j - 2] + 1 < best)
                best = upup[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[a.n % 3][b.n];
}

struct kql_diag_guess kql_diag_guess_begin(str wanted)
{
    return (struct kql_diag_guess) { .wanted = wanted, .distance = wanted.n / 3 + 1 };
}

void kql_diag_guess_offer(struct kql_diag_guess *g, str candidate)
{
    size_t gap = candidate.n > g->wanted.n ? candidate.n - g->wanted.n : g->wanted.n - candidate.n;
    if (g->wanted.n == 0 || candidate.n == 0 || g->wanted.n > GUESS_MAX || candidate.n > GUESS_MAX ||
        gap > g->distance)
        return;
    size_t distance = edits(g->wanted, candidate);
    if (distance < g->distance || (distance == g->distance && g->best.n == 0)) {
        g->distance = distance;
        g->best = candidate;
    }
}
