/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_syslog.h"

#include "ingest/ingest_rows.h"
#include "ingest/ingest_value.h"

static const str FACILITIES[] = {
    STR_INIT("kern"),     STR_INIT("user"),   STR_INIT("mail"),   STR_INIT("daemon"), STR_INIT("auth"),
    STR_INIT("syslog"),   STR_INIT("lpr"),    STR_INIT("news"),   STR_INIT("uucp"),   STR_INIT("cron"),
    STR_INIT("authpriv"), STR_INIT("ftp"),    STR_INIT("ntp"),    STR_INIT("audit"),  STR_INIT("alert"),
    STR_INIT("clock"),    STR_INIT("local0"), STR_INIT("local1"), STR_INIT("local2"), STR_INIT("local3"),
    STR_INIT("local4"),   STR_INIT("local5"), STR_INIT("local6"), STR_INIT("local7"),
};

static const str SEVERITIES[] = {
    STR_INIT("emerg"),   STR_INIT("alert"),  STR_INIT("crit"), STR_INIT("err"),
    STR_INIT("warning"), STR_INIT("notice"), STR_INIT("info"), STR_INIT("debug")
};

str ingest_syslog_facility(int facility)
{
    return facility >= 0 && facility < (int)(sizeof FACILITIES / sizeof *FACILITIES) ? FACILITIES[facility]
                                                                                     : STR_NONE;
}

str ingest_syslog_severity(int severity)
{
    return severity >= 0 && severity < (int)(sizeof SEVERITIES / sizeof *SEVERITIES) ? SEVERITIES[severity]
                                                                                     : STR_NONE;
}

/* --- taking apart --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "<34>" off the front. */
static bool take_priority(str *rest, struct ingest_syslog_message *m)
{
    size_t   end = str_find_byte(str_slice(*rest, 0, 5), '>');
    uint64_t priority;

    if (rest->n < 3 || rest->p[0] != '<' || end == STR_NPOS ||
        !str_to_u64(str_slice(*rest, 1, end), &priority) || priority > 191)
        return false;
    m->facility = (int)(priority >> 3);
    m->severity = (int)(priority & 7);
    *rest = str_from(*rest, end + 1);
    return true;
}

static str take_word(str *rest)
{
    size_t n = str_find_byte(*rest, ' ');
    str    word = str_slice(*rest, 0, n);

    *rest = n == STR_NPOS ? STR_NONE : str_from(*rest, n + 1);
    return word;
}

static int month_of(str s)
{
    static const char NAMES[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++) {
        if (str_starts_ci(s, str_make(NAMES + 3 * i, 3)))
            return i + 1;
    }
    return 0;
}

static bool two_digits(str s, size_t at, int *out)
{
    char tens = s.p[at] == ' ' ? '0' : s.p[at];

    if (!is_digit(tens) || !is_digit(s.p[at + 1]))
        return false;
    *out = (tens - '0') * 10 + s.p[at + 1] - '0';
    return true;
}

/* "Nov  4 05:57:53 ", perhaps with a year behind the day ("Nov 4 2026 05:57:53 ", as routers write it). */
static bool take_old_time(str *rest, ts now, int utc_offset, ts *out)
{
    struct ts_parts p = { .month = rest->n > 15 ? month_of(*rest) : 0 };
    duration        offset = SECONDS(utc_offset);
    size_t          at = 7;
    int             high, low;

    if (!p.month || rest->p[3] != ' ' || !two_digits(*rest, 4, &p.day))
        return false;
    if (rest->n > 20 && is_digit(rest->p[7]) && two_digits(*rest, 7, &high) && two_digits(*rest, 9, &low) &&
        rest->p[11] == ' ') {
        p.year = high * 100 + low;
        at = 12;
    }
    if (rest->n < at + 8 || rest->p[at + 2] != ':' || rest->p[at + 5] != ':' ||
        !two_digits(*rest, at, &p.hour) || !two_digits(*rest, at + 3, &p.minute) ||
        !two_digits(*rest, at + 6, &p.second))
        return false;
    if (p.year == 0) {
        p.year = ts_split(now + offset).year;
        /* A line of December read in January; and 29 February, which only some years have. */
        for (int back = 0; back < 5 && (!ts_join(&p, out) || *out - offset > now + DAYS(1)); back++)
            p.year--;
    }
    if (!ts_join(&p, out))
        return false;
    *out -= offset;
    *rest = str_from(*rest, at + 8);
    if (rest->n && (rest->p[0] == ' ' || rest->p[0] == ':'))
        *rest = str_from(*rest, 1);
    return true;
}

/* "2026-11-24T05:57:53.123+01:00 ", or with a blank for the T as dpkg writes it. */
static bool take_iso_time(str *rest, int utc_offset, ts *out)
{
    str    text = *rest, time;
    size_t n;

    if (text.n < 19 || !is_digit(text.p[0]) || text.p[4] != '-' || text.p[7] != '-')
        return false;
    n = str_find_byte(str_from(text, 11), ' ');
    n = n == STR_NPOS ? text.n : n + 11;
    time = str_slice(text, 0, n);
    if (!ts_parse(time, out))
        return false;
    if (!str_ends(time, S("Z")) && str_find_byte(str_from(time, 11), '+') == STR_NPOS &&
        str_find_byte(str_from(time, 11), '-') == STR_NPOS)
        *out -= SECONDS(utc_offset);
    *rest = str_from(text, n + 1);
    return true;
}

static bool is_tag_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' ||
           c == '.' || c == '/' || c == '@' || c == '(' || c == ')' || c == '+';
}

/* "sshd[123]: " off the front. */
static bool take_tag(str *rest, struct ingest_syslog_message *m)
{
    size_t n = 0, end;
    str    pid = STR_NONE;

    while (n < rest->n && n < 128 && is_tag_byte(rest->p[n]))
        n++;
    if (n == 0)
        return false;
    end = n;
    if (end < rest->n && rest->p[end] == '[') {
        size_t close = str_find_byte(str_from(*rest, end), ']');

        if (close == STR_NPOS || close > 64)
            return false;
        pid = str_slice(*rest, end + 1, end + close);
        end += close + 1;
    }
    if (end >= rest->n || rest->p[end] != ':')
        return false;
    m->tag = str_slice(*rest, 0, n);
    m->pid = pid;
    *rest = str_from(*rest, end + 1);
    while (rest->n && rest->p[0] == ' ')
        *rest = str_from(*rest, 1);
    return true;
}

static str nil(str s)
{
    return str_eq(s, S("-")) ? STR_NONE : s;
}

/* The bracketed elements of RFC 5424, section 6.3; a ] inside of a value is escaped. */
static str take_structured(str *rest)
{
    bool   quoted = false;
    size_t i = 0;
    str    data;

    if (rest->n && rest->p[0] == '-') {
        *rest = str_from(*rest, rest->n > 1 ? 2 : 1);
        return STR_NONE;
    }
    while (i < rest->n && (quoted || (rest->p[i] != ' ' && (i > 0 || rest->p[i] == '[')) ||
                           (i > 0 && rest->p[i - 1] != ']'))) {
        if (rest->p[i] == '\\' && quoted)
            i++;
        else if (rest->p[i] == '"')
            quoted = !quoted;
        i++;
    }
    data = str_slice(*rest, 0, i);
    *rest = str_from(*rest, i + 1);
    return data;
}

static void parse_5424(str rest, struct ingest_syslog_message *m)
{
    m->timed = ts_parse(take_word(&rest), &m->time);
    m->host = nil(take_word(&rest));
    m->tag = nil(take_word(&rest));
    m->pid = nil(take_word(&rest));
    m->msgid = nil(take_word(&rest));
    m->structured = take_structured(&rest);
    m->text = str_starts(rest, S("\xef\xbb\xbf")) ? str_from(rest, 3) : rest;
}

static void parse_3164(str rest, ts now, int utc_offset, struct ingest_syslog_message *m)
{
    str  before_host;
    char line_start = rest.n ? rest.p[0] : 0;
    bool bare =
        rest.n > 10 && rest.p[10] == ' '; /* "2026-11-24 05:57:53 …": dpkg's way, with no host or tag */

    m->timed = take_old_time(&rest, now, utc_offset, &m->time) || take_iso_time(&rest, utc_offset, &m->time);
    if (m->timed && bare && is_digit(line_start)) {
        m->text = rest;
        return;
    }
    /* With a time there is a host before the tag, without one there is none (RFC 3164, section 4.3.3). Some
     * senders leave the host out all the same; then the first word is the tag. */
    before_host = rest;
    if (m->timed && !str_ends(str_slice(rest, 0, str_find_byte(rest, ' ')), S(":")))
        m->host = take_word(&rest);
    if (!take_tag(&rest, m) && !m->timed)
        rest = before_host;
    m->text = rest;
}

void ingest_syslog_parse(str line, ts now, int utc_offset, struct ingest_syslog_message *out)
{
    str rest = line;

    *out = (struct ingest_syslog_message) { .facility = -1, .severity = -1 };
    if (take_priority(&rest, out) && rest.n > 2 && rest.p[0] == '1' && rest.p[1] == ' ')
        parse_5424(str_from(rest, 2), out);
    else
        parse_3164(rest, now, utc_offset, out);
}

/* --- rows --- */

static str host_part(str address)
{
    size_t colon = str_rfind_byte(address, ':');

    return colon == STR_NPOS ? address : str_trim_chars(str_slice(address, 0, colon), S("[]"));
}

str ingest_syslog_file_facility(str path)
{
    static const struct {
        str name, facility;
    } FILES[] = {
        { STR_INIT("auth.log"), STR_INIT("auth") },   { STR_INIT("secure"), STR_INIT("auth") },
        { STR_INIT("kern.log"), STR_INIT("kern") },   { STR_INIT("cron.log"), STR_INIT("cron") },
        { STR_INIT("mail.log"), STR_INIT("mail") },   { STR_INIT("daemon.log"), STR_INIT("daemon") },
        { STR_INIT("user.log"), STR_INIT("user") },   { STR_INIT("syslog"), STR_INIT("daemon") },
        { STR_INIT("messages"), STR_INIT("daemon") }, { STR_INIT("dpkg.log"), STR_INIT("daemon") },
    };
    str name = ingest_value_base(path);

    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        if (str_starts(name, FILES[i].name))
            return FILES[i].facility;
    }
    return STR_NONE;
}

str ingest_syslog_file_tag(str path)
{
    return str_starts(ingest_value_base(path), S("dpkg.log")) ? S("dpkg") : STR_NONE;
}

/* What the message names, else what its tag gives away, else what its file or sender is known for. */
static str facility_of(const struct ingest_ctx *ctx, const struct ingest_syslog_message *m)
{
    str named = ingest_syslog_facility(m->facility);

    if (named.n)
        return named;
    if (str_eq(m->tag, S("kernel")))
        return S("kern");
    if (str_eq_ci(m->tag, S("cron")))
        return S("cron");
    return ctx->facility.n ? ctx->facility : S("user");
}

enum rc ingest_syslog_emit(struct ingest_ctx *ctx, const struct ingest_syslog_message *m, struct err *err)
{
    struct ingest_row row;
    str               host = m->host.n ? m->host : ctx->host.n ? ctx->host : host_part(ctx->address);
    int64_t           pid;

    ingest_row_init(&row, ctx->arena, S("Syslog"), m->timed ? m->time : ctx->now);
    ingest_row_str(&row, S("Computer"), host);
    ingest_row_str(&row, S("HostName"), host);
    ingest_row_str(&row, S("HostIP"), host_part(ctx->address));
    ingest_row_str(&row, S("Facility"), facility_of(ctx, m));
    ingest_row_str(&row, S("SeverityLevel"),
                   m->severity < 0 ? S("info") : ingest_syslog_severity(m->severity));
    ingest_row_str(&row, S("ProcessName"), m->tag.n ? m->tag : ctx->tag);
    if (str_to_i64(m->pid, &pid) && pid >= 0 && pid <= INT32_MAX)
        ingest_row_i64(&row, S("ProcessID"), pid);
    else
        ingest_row_str(&row, S("ProcId"), m->pid);
    ingest_row_str(&row, S("SyslogMessage"), m->text);
    if (m->timed)
        ingest_row_time(&row, S("EventTime"), m->time);
    ingest_row_str(&row, S("MsgId"), m->msgid);
    ingest_row_str(&row, S("StructuredData"), m->structured);
    ingest_row_str(&row, S("SourceSystem"), S("Linux"));
    TRY(ingest_row_emit(&row, &ctx->sink, err));
    return ingest_rows_syslog_inner(ctx, &row, err);
}

enum rc ingest_syslog_line(struct ingest_ctx *ctx, str line, struct err *err)
{
    struct ingest_syslog_message m;

    ingest_syslog_parse(line, ctx->now, ctx->utc_offset, &m);
    return ingest_syslog_emit(ctx, &m, err);
}

bool ingest_syslog_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    struct ingest_syslog_message m = { 0 };
    str                          rest = record->text;

    return !record->json && (take_priority(&rest, &m) || take_old_time(&rest, ctx->now, 0, &m.time) ||
                             take_iso_time(&rest, 0, &m.time));
}

enum rc ingest_syslog_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    return ingest_syslog_line(ctx, record->text, err);
}
