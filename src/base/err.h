/* SPDX-License-Identifier: Apache-2.0 */
/* base/err: how a function says that it could not do what it was asked.
 *
 * A function that can fail returns `enum rc` and takes `struct err *` last. Callers branch on the code,
 * people read the text. The text says what was wrong, the limit and the value; no newline. Threads: plain
 * data. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define must_check __attribute__((warn_unused_result))

enum rc {
#define RC(name, http, exit_code, text) RC_##name,
#include "base/rc.def"
#undef RC
    RC_COUNT_
};

/* The story of one failure. Lives on the caller's stack; written only on failure. */
struct err {
    enum rc rc;
    char    text[512];
};

/* Returns `rc`, so that failing is one statement. A NULL `err` asks for the code alone. */
enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same, with ": " and the text of errno value `errnum` behind; ENOSPC and EDQUOT become RC_FULL. */
enum rc err_errno(struct err *err, enum rc rc, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "context: " before the text that is there and returns the code that is there. */
enum rc err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const char *err_name(enum rc rc);    /* "NOT_FOUND" */
const char *err_meaning(enum rc rc); /* "not found" */
int         err_http_status(enum rc rc);
int         err_exit_code(enum rc rc);

/* Returns the code of a failed call to its own caller. */
#define TRY(call)                                                                                            \
    do {                                                                                                     \
        enum rc try_rc_ = (call);                                                                            \
        if (try_rc_ != RC_OK)                                                                                \
            return try_rc_;                                                                                  \
    } while (0)

#endif
