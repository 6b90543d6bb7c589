/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <pthread.h>
#include <unistd.h>

#include "base/env.h"
#include "base/json.h"

enum { BURST = 50, LINE_MAX_BYTES = 16384 };

static const struct {
    const char *name, *doc;
} EVENTS[EV_COUNT_] = {
#define EV(name_, doc_) [EV_##name_] = { #name_, doc_ },
#include "base/log.def"
#undef EV
};

static struct {
    pthread_mutex_t lock;
    const char     *process;
    enum log_level  least;
    struct {
        ts       window;
        uint32_t written, held_back;
    } rate[EV_COUNT_];
} logger = { .lock = PTHREAD_MUTEX_INITIALIZER, .process = "vedette", .least = LOG_INFO };

void log_init(const char *process, enum log_level least)
{
    pthread_mutex_lock(&logger.lock);
    logger.process = process;
    logger.least = least;
    pthread_mutex_unlock(&logger.lock);
}

const char *log_event_name(enum log_event ev)
{
    return EVENTS[ev].name;
}

const char *log_event_doc(enum log_event ev)
{
    return EVENTS[ev].doc;
}

/* Says how many lines were held back since the window before, or -1 when this one is to be held back too. */
static int64_t admit_locked(enum log_event ev, ts now)
{
    if (now - logger.rate[ev].window > SECONDS(10) || now < logger.rate[ev].window) {
        int64_t held_back = logger.rate[ev].held_back;
        logger.rate[ev].window = now;
        logger.rate[ev].written = 1;
        logger.rate[ev].held_back = 0;
        return held_back;
    }
    if (logger.rate[ev].written++ < BURST)
        return 0;
    logger.rate[ev].held_back++;
    return -1;
}

static void write_field(struct json_w *w, const struct log_field *f)
{
    json_w_key(w, str_of(f->name));
    switch (f->kind) {
    case LOG_F_STR:
        json_w_str(w, str_slice(f->s, 0, 2048));
        return;
    case LOG_F_INT:
        json_w_i64(w, f->i);
        return;
    case LOG_F_DOUBLE:
        json_w_double(w, f->d);
        return;
    case LOG_F_BOOL:
        json_w_bool(w, f->i != 0);
        return;
    }
}

void log_write(enum log_level level, enum log_event ev, const struct log_field *fields, size_t n)
{
    static const char *const levels[] = { "debug", "info", "warn", "error" };
    if (level < logger.least)
        return;

    ts now = env_now(env_real());
    pthread_mutex_lock(&logger.lock);
    int64_t held_back = admit_locked(ev, now);
    pthread_mutex_unlock(&logger.lock);
    if (held_back < 0)
        return;

    AUTO_STRBUF   line = STRBUF_INIT(LINE_MAX_BYTES);
    struct json_w w = json_w_make(&line);
    char          when[TS_TEXT_SIZE];
    json_w_object(&w);
    json_w_kstr(&w, S("time"), ts_text(now, when));
    json_w_kstr(&w, S("level"), str_of(levels[level]));
    json_w_kstr(&w, S("process"), str_of(logger.process));
    json_w_kstr(&w, S("event"), str_of(EVENTS[ev].name));
    for (size_t i = 0; i < n; i++)
        write_field(&w, &fields[i]);
    if (held_back)
        json_w_ki64(&w, S("heldBack"), held_back);
    json_w_end(&w);
    strbuf_addc(&line, '\n');
    if (write(STDERR_FILENO, line.p, line.n) < 0)
        return; /* nobody listens: there is no other door */
}
