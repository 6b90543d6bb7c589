/* SPDX-License-Identifier: Apache-2.0 */
/* Template functions on points in time and on addresses. */
#include <arpa/inet.h>

#include "policy/policy_eval_priv.h"
#include "policy/policy_fn.h"
#include "policy/policy_format.h"
#include "policy/policy_value.h"

enum { MAX_FORMATTED = 1024, MAX_YEARS = 10000 };

static bool time_arg(const struct policy_call *c, size_t i, ts *out)
{
    str text = policy_fn_text(c, i);
    return text.p && ts_parse(text, out);
}

/* Seconds when the time has no fraction, as the service writes them. */
static const struct json *time_value(const struct policy_call *c, ts t)
{
    char buf[TS_TEXT_SIZE];
    if (t < TS_MIN || t > TS_MAX)
        return NULL;
    str kept = arena_str(c->a, ts_text_short(t, buf));
    return kept.p ? policy_value_str(c->a, kept) : NULL;
}

/* As argument `i` wants it, when it is there. */
static const struct json *formatted(const struct policy_call *c, ts t, size_t i)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_FORMATTED);
    if (c->n <= i)
        return time_value(c, t);
    if (t < TS_MIN || t > TS_MAX || !policy_format_time(&text, t, policy_fn_text(c, i)) || text.overflow)
        return NULL;
    str kept = arena_str(c->a, strbuf_view(&text));
    return kept.p ? policy_value_str(c->a, kept) : NULL;
}

static const struct json *eval_utc_now(const struct policy_call *c)
{
    const struct json *fixed = json_get_ci(c->scope->in->context, S("utcNow"));
    ts                 t = c->scope->in->now;
    if (!fixed)
        return formatted(c, t, 0);
    bool plain = c->n == 0 || fixed->kind != JSON_STRING || !ts_parse(fixed->s, &t);
    return plain ? fixed : formatted(c, t, 0);
}

static const struct json *shifted(const struct policy_call *c, duration by)
{
    ts t;
    if (!time_arg(c, 0, &t) || __builtin_add_overflow(t, by, &t))
        return NULL;
    return formatted(c, t, 2);
}

/* Years of 365 days and months of 30 are taken out of the part before T; what is left is for duration. */
static bool take_calendar(str text, struct strbuf *rest, duration *out)
{
    size_t t = str_find_byte(text, 'T'), from = STR_NPOS;
    str    date = str_slice(text, 0, t == STR_NPOS ? text.n : t);
    *out = 0;
    for (size_t i = 0; i < date.n; i++) {
        uint64_t n;
        if (date.p[i] >= '0' && date.p[i] <= '9') {
            from = from == STR_NPOS ? i : from;
            continue;
        }
        str number = from == STR_NPOS ? STR_NONE : str_slice(date, from, i);
        from = STR_NPOS;
        if (date.p[i] != 'Y' && date.p[i] != 'M') {
            strbuf_add(rest, number);
            strbuf_addc(rest, date.p[i]);
        } else if (!str_to_u64(number, &n) || n > MAX_YEARS * 12) {
            return false;
        } else {
            *out += DAYS((int64_t)n * (date.p[i] == 'Y' ? 365 : 30));
        }
    }
    strbuf_add(rest, str_from(text, date.n));
    return true;
}

static bool parse_duration(str text, duration *out)
{
    AUTO_STRBUF rest = STRBUF_INIT(64);
    duration    calendar, clock = 0;
    if (text.n > 60 || !take_calendar(text, &rest, &calendar))
        return false;
    bool only = calendar && str_ends(strbuf_view(&rest), S("P"));
    if (!only && !duration_parse_iso(strbuf_view(&rest), &clock))
        return false;
    *out = clock + (str_starts(text, S("-")) ? -calendar : calendar);
    return true;
}

static const struct json *eval_add_days(const struct policy_call *c)
{
    int64_t days;
    if (!policy_fn_int(c, 1, &days) || days < -3660000 || days > 3660000)
        return NULL;
    return shifted(c, DAYS(days));
}

static const struct json *eval_date_time_add(const struct policy_call *c)
{
    duration by;
    str      text = policy_fn_text(c, 1);
    return text.p && parse_duration(text, &by) ? shifted(c, by) : NULL;
}

static const struct json *eval_from_epoch(const struct policy_call *c)
{
    int64_t seconds;
    if (!policy_fn_int(c, 0, &seconds) || seconds < -62135596800 || seconds > 253402300799)
        return NULL;
    return time_value(c, SECONDS(seconds));
}

static const struct json *eval_to_epoch(const struct policy_call *c)
{
    ts t;
    return time_arg(c, 0, &t) ? policy_value_i64(c->a, t / TS_PER_SECOND - (t % TS_PER_SECOND < 0)) : NULL;
}

struct network {
    uint8_t  bytes[16];
    size_t   n; /* 4 or 16 */
    unsigned bits;
};

static bool parse_network(str text, struct network *out)
{
    char     host[64];
    str      address = text;
    size_t   slash = str_find_byte(text, '/');
    uint64_t bits;
    if (slash != STR_NPOS)
        address = str_slice(text, 0, slash);
    if (!str_to_cstr(address, host, sizeof host))
        return false;
    out->n = inet_pton(AF_INET, host, out->bytes) == 1    ? 4
             : inet_pton(AF_INET6, host, out->bytes) == 1 ? 16
                                                          : 0;
    if (out->n == 0)
        return false;
    out->bits = (unsigned)out->n * 8;
    if (slash == STR_NPOS)
        return true;
    if (!str_to_u64(str_from(text, slash + 1), &bits) || bits > out->n * 8)
        return false;
    out->bits = (unsigned)bits;
    return true;
}

/* A range may also be written as first-last; it then stands for its addresses in order. */
static bool parse_range(str text, struct network *first, struct network *last)
{
    size_t dash = str_find_byte(text, '-');
    if (dash != STR_NPOS)
        return parse_network(str_trim(str_slice(text, 0, dash)), first) &&
               parse_network(str_trim(str_from(text, dash + 1)), last) && first->n == last->n;
    if (!parse_network(str_trim(text), first))
        return false;
    *last = *first;
    for (unsigned bit = first->bits; bit < first->n * 8; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);
        first->bytes[bit / 8] &= (uint8_t)~mask;
        last->bytes[bit / 8] |= mask;
    }
    return true;
}

static const struct json *eval_ip_range_contains(const struct policy_call *c)
{
    struct network first, last, inner_first, inner_last;
    str            range = policy_fn_text(c, 0), target = policy_fn_text(c, 1);
    if (!range.p || !target.p || !parse_range(range, &first, &last) ||
        !parse_range(target, &inner_first, &inner_last))
        return NULL;
    bool inside = first.n == inner_first.n && memcmp(first.bytes, inner_first.bytes, first.n) <= 0 &&
                  memcmp(last.bytes, inner_last.bytes, first.n) >= 0;
    return policy_value_of_bool(inside);
}

const struct policy_fn POLICY_FN_DATE[] = {
    { .name = "addDays",
      .least = 2,
      .most = 2,
      .eval = eval_add_days,
      .doc = "A time a number of days later.",
      .example = "addDays('2026-02-28T00:00:00Z', 1)",
      .yields = "\"2026-03-01T00:00:00Z\"" },
    { .name = "dateTimeAdd",
      .least = 2,
      .most = 3,
      .eval = eval_date_time_add,
      .doc = "A time later by an ISO 8601 duration; a year is 365 days, a month 30. A format may follow.",
      .example = "dateTimeAdd('2024-01-15T10:00:00Z', 'PT2H')",
      .yields = "\"2024-01-15T12:00:00Z\"" },
    { .name = "dateTimeFromEpoch",
      .least = 1,
      .most = 1,
      .eval = eval_from_epoch,
      .doc = "The time of seconds since 1970.",
      .example = "dateTimeFromEpoch(0)",
      .yields = "\"1970-01-01T00:00:00Z\"" },
    { .name = "dateTimeToEpoch",
      .least = 1,
      .most = 1,
      .eval = eval_to_epoch,
      .doc = "Seconds since 1970.",
      .example = "dateTimeToEpoch('1970-01-02T00:00:00Z')",
      .yields = "86400" },
    { .name = "ipRangeContains",
      .least = 2,
      .most = 2,
      .eval = eval_ip_range_contains,
      .doc = "Whether an address or range lies within a range.",
      .example = "ipRangeContains('10.0.0.0/24', '10.0.0.5')",
      .yields = "true" },
    { .name = "utcNow",
      .least = 0,
      .most = 1,
      .eval = eval_utc_now,
      .doc = "The time of this evaluation; in a format, if one is given.",
      .example = "empty(utcNow())",
      .yields = "false" },
    { 0 },
};
