/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_fault: an exception as ClickHouse tells it: "Code: 62. DB::Exception: … (SYNTAX_ERROR)".
 *
 * Functions that can raise one return false and fill a struct engine_fault; its text lives in the arena
 * given. Threads: plain data. */
#ifndef ENGINE_ENGINE_FAULT_H
#define ENGINE_ENGINE_FAULT_H

#include "base/arena.h"
#include "base/str.h"

enum {
    ENGINE_NOT_IMPLEMENTED = 48,
    ENGINE_SYNTAX_ERROR = 62,
    ENGINE_READONLY = 164,
    ENGINE_TOO_MANY_QUERIES = 202,
    ENGINE_BAD_ARGUMENTS = 36,
    ENGINE_TOO_LARGE = 307,
    ENGINE_CANCELLED = 394,
    ENGINE_INTERNAL = 1001,
};

struct engine_fault {
    int code;
    str text;
};

/* An exception of libchdb's; `text` is copied. False, so that raising is one statement. */
bool engine_fault_take(struct engine_fault *fault, struct arena *a, const char *text);
/* One of our own, under ClickHouse's number and name for it. */
bool engine_fault_set(struct engine_fault *fault, struct arena *a, int code, const char *name,
                      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The HTTP status that ClickHouse answers an exception with. */
int engine_fault_status(int code);

#endif
