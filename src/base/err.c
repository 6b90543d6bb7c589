/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>

static const struct {
    const char *name, *meaning;
    int         http_status, exit_code;
} OUTCOMES[RC_COUNT_] = {
#define RC(name_, http_, exit_, text_)                                                                       \
    [RC_##name_] = { .name = #name_, .meaning = text_, .http_status = http_, .exit_code = exit_ },
#include "base/rc.def"
#undef RC
};

enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        err->rc = rc;
        vsnprintf(err->text, sizeof err->text, fmt, ap);
        va_end(ap);
    }
    return rc;
}

enum rc err_errno(struct err *err, enum rc rc, int errnum, const char *fmt, ...)
{
    if (errnum == ENOSPC || errnum == EDQUOT)
        rc = RC_FULL;
    if (!err)
        return rc;

    va_list ap;
    va_start(ap, fmt);
    err->rc = rc;
    int n = vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);

    char reason[128];
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s",
                 strerror_r(errnum, reason, sizeof reason));
    return rc;
}

enum rc err_wrap(struct err *err, const char *fmt, ...)
{
    if (!err)
        return RC_INTERNAL;

    char    inner[sizeof err->text];
    va_list ap;
    memcpy(inner, err->text, sizeof inner);
    va_start(ap, fmt);
    int n = vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    for (const char *piece = ": "; piece; piece = piece == inner ? NULL : inner) {
        if (n < 0 || (size_t)n >= sizeof err->text - 1)
            break;
        size_t room = sizeof err->text - 1 - (size_t)n, len = strnlen(piece, room);
        memcpy(err->text + n, piece, len);
        err->text[n += (int)len] = '\0';
    }
    return err->rc;
}

const char *err_name(enum rc rc)
{
    return OUTCOMES[rc].name;
}

const char *err_meaning(enum rc rc)
{
    return OUTCOMES[rc].meaning;
}

int err_http_status(enum rc rc)
{
    return OUTCOMES[rc].http_status;
}

int err_exit_code(enum rc rc)
{
    return OUTCOMES[rc].exit_code;
}
