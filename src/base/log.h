/* SPDX-License-Identifier: Apache-2.0 */
/* base/log: one JSON line an event on standard error, with an event id from log.def and typed fields.
 *
 *     log_warn(EV_INGEST_DROPPED, F_STR("source", s), F_INT("rows", n));
 *
 * Only doors log (request end, worker loop, connector, main). Text of others is always a field, never a
 * format. More than 50 lines of one event in 10 s are counted instead of written; the count follows. Threads:
 * safe. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_event {
#define EV(name, doc) EV_##name,
#include "base/log.def"
#undef EV
    EV_COUNT_
};

struct log_field {
    const char *name;
    enum { LOG_F_STR, LOG_F_INT, LOG_F_DOUBLE, LOG_F_BOOL } kind;
    union {
        str     s;
        int64_t i;
        double  d;
    };
};

#define F_STR(k, v) ((struct log_field) { .name = (k), .kind = LOG_F_STR, .s = (v) })
#define F_CSTR(k, v) ((struct log_field) { .name = (k), .kind = LOG_F_STR, .s = str_of(v) })
#define F_INT(k, v) ((struct log_field) { .name = (k), .kind = LOG_F_INT, .i = (int64_t)(v) })
#define F_DOUBLE(k, v) ((struct log_field) { .name = (k), .kind = LOG_F_DOUBLE, .d = (v) })
#define F_BOOL(k, v) ((struct log_field) { .name = (k), .kind = LOG_F_BOOL, .i = (v) })
#define F_ERR(e) F_CSTR("error", (e)->text)

void log_init(const char *process, enum log_level least); /* "server", "intake", … */
void log_write(enum log_level level, enum log_event ev, const struct log_field *fields, size_t n);

#define LOG_FIELDS_(...) ((const struct log_field[]) { __VA_ARGS__ })
#define LOG_(level, ev, ...)                                                                                 \
    log_write((level), (ev), LOG_FIELDS_(__VA_ARGS__),                                                       \
              sizeof LOG_FIELDS_(__VA_ARGS__) / sizeof(struct log_field))
#define log_debug(ev, ...) LOG_(LOG_DEBUG, ev, __VA_ARGS__)
#define log_info(ev, ...) LOG_(LOG_INFO, ev, __VA_ARGS__)
#define log_warn(ev, ...) LOG_(LOG_WARN, ev, __VA_ARGS__)
#define log_error(ev, ...) LOG_(LOG_ERROR, ev, __VA_ARGS__)

const char *log_event_name(enum log_event ev);
const char *log_event_doc(enum log_event ev);

#endif
