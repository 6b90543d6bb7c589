/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_fault.h"

#include <stdarg.h>

#include "base/strbuf.h"

enum { MAX_TEXT = 64 << 10 };

/* ClickHouse's numbers, by the status that its server answers with; 500 for all others. */
static const struct {
    int status;
    int codes[40];
} STATUSES[] = {
    { 400, { 6,   25,  26,  27,  36,  38,  41,  43,  44,  49,  50,  52,  53,  62,  69,  70,  72,  117, 125,
             130, 131, 167, 168, 182, 190, 286, 320, 321, 376, 386, 427, 441, 456, 457, 467, 675, 676 } },
    { 404, { 15, 16, 42, 46, 47, 56, 60, 63, 73, 75, 78, 81, 82, 115, 139, 511 } },
    { 403, { 192, 193, 497, 516 } },
    { 401, { 194 } },
    { 408, { 159 } },
    { 411, { 381 } },
    { 413, { 307, 396, 158 } },
    { 501, { 48 } },
    { 503, { 76, 202, 209, 439 } },
};

int engine_fault_status(int code)
{
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++)
        for (size_t k = 0; STATUSES[i].codes[k]; k++)
            if (STATUSES[i].codes[k] == code)
                return STATUSES[i].status;
    return 500;
}

static int code_of(str text)
{
    int code = 0;

    if (!str_starts(text, S("Code: ")))
        return ENGINE_INTERNAL;
    for (size_t i = 6; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && code < 100000; i++)
        code = code * 10 + (text.p[i] - '0');
    return code ? code : ENGINE_INTERNAL;
}

bool engine_fault_take(struct engine_fault *fault, struct arena *a, const char *text)
{
    str all = str_of(text);

    fault->code = code_of(all);
    fault->text = arena_str(a, str_slice(all, 0, MAX_TEXT));
    return false;
}

bool engine_fault_set(struct engine_fault *fault, struct arena *a, int code, const char *name,
                      const char *fmt, ...)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_TEXT);
    va_list     ap;

    strbuf_addf(&text, "Code: %d. DB::Exception: ", code);
    va_start(ap, fmt);
    strbuf_addv(&text, fmt, ap);
    va_end(ap);
    strbuf_addf(&text, ". (%s)", name);
    fault->code = code;
    fault->text = arena_str(a, strbuf_view(&text));
    return false;
}
