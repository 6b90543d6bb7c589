/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and spans. A datetime is worked on as ticks since 1970, because the engine's own truncations leave
 * the range that Kusto has (year 1 to 9999). */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define TK1 "reinterpretAsInt64($1)"
#define DAY "toInt64(864000000000)"
#define EPOCH "toInt64(621355968000000000)"
#define DT(v) "reinterpret(" v ",'DateTime64(7,\\'UTC\\')')"
#define DT_IN_RANGE(v)                                                                                       \
    "reinterpret(if((" v ") BETWEEN toInt64(-621355968000000000) AND toInt64(2534023007999999999)," v        \
    ",NULL),'DateTime64(7,\\'UTC\\')')"
#define MIDNIGHT "(" TK1 " - positiveModulo(" TK1 "," DAY "))"
#define WEEK "(" TK1 " - positiveModulo(" TK1 " - toInt64(3) * " DAY ",toInt64(7) * " DAY "))"
#define MONTH DT("(" MIDNIGHT " - (toInt64(toDayOfMonth($1)) - 1) * " DAY ")")
#define YEAR DT("(" MIDNIGHT " - (toInt64(toDayOfYear($1)) - 1) * " DAY ")")

/* startof… and endof…: `one` without an offset, `many` with one in $2. */
static void emit_with_offset(struct kql_emit *e, const struct kql_expr *call, const char *one,
                             const char *many)
{
    kql_emit_call(e, call->n_args == 1 ? one : many, call);
}

static void emit_startofday(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, DT(MIDNIGHT), DT("(" MIDNIGHT " + $2 * " DAY ")"));
}

static void emit_startofweek(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, DT(WEEK), DT("(" WEEK " + $2 * toInt64(7) * " DAY ")"));
}

static void emit_startofmonth(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, MONTH, "addMonths(" MONTH ",$2)");
}

static void emit_startofyear(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, YEAR, "addYears(" YEAR ",$2)");
}

static void emit_endofday(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, DT("(" MIDNIGHT " + " DAY " - 1)"),
                     DT("(" MIDNIGHT " + ($2 + 1) * " DAY " - 1)"));
}

static void emit_endofweek(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call, DT("(" WEEK " + toInt64(7) * " DAY " - 1)"),
                     DT("(" WEEK " + ($2 + 1) * toInt64(7) * " DAY " - 1)"));
}

static void emit_endofmonth(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(
        e, call,
        "if(toYear($1) = 9999 AND toMonth($1) = 12,toDateTime64('9999-12-31 23:59:59.9999999',7,'UTC')," DT(
            "(reinterpretAsInt64(addMonths(" MONTH ",1)) - 1)") ")",
        DT("(reinterpretAsInt64(addMonths(" MONTH ",$2 + 1)) - 1)"));
}

static void emit_endofyear(struct kql_emit *e, const struct kql_expr *call)
{
    emit_with_offset(e, call,
                     "if(toYear($1) = 9999,toDateTime64('9999-12-31 23:59:59.9999999',7,'UTC')," DT(
                         "(reinterpretAsInt64(addYears(" YEAR ",1)) - 1)") ")",
                     DT("(reinterpretAsInt64(addYears(" YEAR ",$2 + 1)) - 1)"));
}

struct part {
    const char *name, *read, *diff, *add;
};

/* What a part of a date is called, and how it is read ($2), counted between two dates ($2, $3) and added ($3
 * of $2). */
static const struct part PARTS[] = {
    { "year", "toYear($2)", "dateDiff('year',$3,$2)", "addYears($3,$2)" },
    { "quarter", "intDiv(toMonth($2) + 2,3)", "dateDiff('quarter',$3,$2)", "addQuarters($3,$2)" },
    { "month", "toMonth($2)", "dateDiff('month',$3,$2)", "addMonths($3,$2)" },
    { "week", NULL,
      "intDiv((reinterpretAsInt64($2) - positiveModulo(reinterpretAsInt64($2) - toInt64(3) * " DAY
      ",toInt64(7) * " DAY
      ")) - (reinterpretAsInt64($3) - positiveModulo(reinterpretAsInt64($3) - toInt64(3) * " DAY
      ",toInt64(7) * " DAY ")),toInt64(7) * " DAY ")",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(6048000000000))") },
    { "week_of_year", "toISOWeek($2)", NULL, NULL },
    { "weekofyear", "toISOWeek($2)", NULL, NULL },
    { "day", "toDayOfMonth($2)", "dateDiff('day',$3,$2)",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(864000000000))") },
    { "dayofyear", "toDayOfYear($2)", NULL, NULL },
    { "hour", "toHour($2)", "dateDiff('hour',$3,$2)",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(36000000000))") },
    { "minute", "toMinute($2)", "dateDiff('minute',$3,$2)",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(600000000))") },
    { "second", "toSecond($2)", "dateDiff('second',$3,$2)",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(10000000))") },
    { "millisecond", "intDiv(positiveModulo(reinterpretAsInt64($2),toInt64(10000000)),toInt64(10000))",
      "(intDiv(reinterpretAsInt64($2) + " EPOCH ",toInt64(10000)) - intDiv(reinterpretAsInt64($3) + " EPOCH
      ",toInt64(10000)))",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(10000))") },
    { "microsecond", "intDiv(positiveModulo(reinterpretAsInt64($2),toInt64(10000000)),toInt64(10))",
      "(intDiv(reinterpretAsInt64($2) + " EPOCH ",toInt64(10)) - intDiv(reinterpretAsInt64($3) + " EPOCH
      ",toInt64(10)))",
      DT_IN_RANGE("(reinterpretAsInt64($3) + $2 * toInt64(10))") },
    { "nanosecond", "(positiveModulo(reinterpretAsInt64($2),toInt64(10000000)) * 100)",
      "((reinterpretAsInt64($2) - reinterpretAsInt64($3)) * 100)",
      DT_IN_RANGE("(reinterpretAsInt64($3) + intDiv($2,100))") },
};

static const struct part *part_of(const struct kql_expr *call)
{
    str name = kql_plan_const_text(call->args[0]);
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (str_eq_ci(name, str_of(PARTS[i].name)))
            return &PARTS[i];
    return NULL;
}

static const char *form_of(const struct part *part, const char *fn)
{
    if (!part)
        return NULL;
    return strcmp(fn, "datetime_part") == 0   ? part->read
           : strcmp(fn, "datetime_diff") == 0 ? part->diff
                                              : part->add;
}

static struct kql_expr *bind_part(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    struct kql_expr *e = kql_build_raw(b, fn, fn->result, node ? node->span : args[0]->span, args, n);

    if (form_of(part_of(e), fn->name))
        return e;
    kql_bind_error(b, KQL_DIAG_LITERAL, args[0]->span, "%s() knows no part \"" STR_FMT "\"", fn->name,
                   STR_ARG(kql_plan_const_text(args[0])));
    kql_diag_hint(b->diags, "parts are year, quarter, month, week, day, hour, minute, second, millisecond");
    return NULL;
}

static void emit_part(struct kql_emit *e, const struct kql_expr *call)
{
    bool number = call->type == KQL_LONG;
    kql_emit_addz(e, number ? "toInt64(" : "");
    kql_emit_call(e, form_of(part_of(call), call->fn->name), call);
    kql_emit_addz(e, number ? ")" : "");
}

/* A format of Kusto as Joda's; NULL when it has a letter that no format has. */
static bool joda(struct strbuf *out, str format)
{
    for (size_t i = 0; i < format.n;) {
        char   c = format.p[i];
        size_t run = 1;
        while (i + run < format.n && format.p[i + run] == c)
            run++;
        if (c == 'f' || c == 'F')
            for (size_t k = 0; k < run; k++)
                strbuf_addc(out, 'S');
        else if (c == 't')
            strbuf_addc(out, 'a');
        else if (c == 'y')
            strbuf_addz(out, run < 3 ? "yy" : "yyyy");
        else if (strchr("MdHhms", c))
            strbuf_add(out, str_slice(format, i, i + run));
        else if (strchr(" /-:,._[]", c))
            strbuf_add(out, str_slice(format, i, i + run));
        else
            return false;
        i += run;
    }
    return true;
}

static struct kql_expr *bind_format(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    AUTO_STRBUF out = STRBUF_INIT(4000);
    (void)node;

    if (args[1]->kind == KQL_EXPR_CONST && !joda(&out, args[1]->value.s)) {
        kql_bind_error(b, KQL_DIAG_LITERAL, args[1]->span, "format_datetime() does not know this format");
        kql_diag_hint(b->diags,
                      "y M d H h m s f F tt and the signs / - : , . _ [ ] and blanks make a format");
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_STRING, args[0]->span, args, n);
}

static void emit_format_datetime(struct kql_emit *e, const struct kql_expr *call)
{
    AUTO_STRBUF out = STRBUF_INIT(4000);
    str         format = kql_plan_const_text(call->args[1]);

    joda(&out, format);
    bool trimmed = str_find_byte(format, 'F') != STR_NPOS;
    kql_emit_addz(e, trimmed ? "ifNull(trim(TRAILING '0' FROM " : "ifNull(");
    kql_emit_call(e, "formatDateTimeInJodaSyntax($1,", call);
    if (call->args[1]->kind == KQL_EXPR_CONST)
        kql_emit_text(e, strbuf_view(&out));
    else
        kql_emit_call(e, "replaceRegexpAll(replaceAll($2,'tt','a'),'[fF]','S')", call);
    kql_emit_addz(e, trimmed ? ")),'')" : "),'')");
}

static void add_padded(struct kql_emit *e, const struct kql_expr *call, const char *sql, size_t width)
{
    char text[300];
    snprintf(text, sizeof text, "leftPad(toString(%s),greatest(%zu,length(toString(%s))),'0')", sql, width,
             sql);
    kql_emit_call(e, text, call);
}

/* A constant format is taken apart here: each run of d h H m s f F becomes its part, padded to the run. */
static void emit_format_timespan(struct kql_emit *e, const struct kql_expr *call)
{
    str format = kql_plan_const_text(call->args[1]);

    kql_emit_call(e, "ifNull(concat(if($1 < 0,'-','')", call);
    for (size_t i = 0; i < format.n;) {
        char   c = format.p[i];
        size_t run = 1;
        while (i + run < format.n && format.p[i + run] == c)
            run++;
        kql_emit_addz(e, ",");
        if (c == 'd')
            add_padded(e, call, "intDiv(abs($1),toInt64(864000000000))", run);
        else if (c == 'h' || c == 'H')
            add_padded(e, call, "intDiv(abs($1),toInt64(36000000000)) % 24", run);
        else if (c == 'm')
            add_padded(e, call, "intDiv(abs($1),toInt64(600000000)) % 60", run);
        else if (c == 's')
            add_padded(e, call, "intDiv(abs($1),toInt64(10000000)) % 60", run);
        else if (c == 'f' || c == 'F') {
            char text[200];
            snprintf(text, sizeof text, "%ssubstring(leftPad(toString(abs($1) %% 10000000),7,'0'),1,%zu)%s",
                     c == 'F' ? "trim(TRAILING '0' FROM " : "", run, c == 'F' ? ")" : "");
            kql_emit_call(e, text, call);
        } else {
            kql_emit_text(e, str_slice(format, i, i + run));
        }
        i += run;
    }
    kql_emit_addz(e, "),'')");
}

static struct kql_expr *bind_format_timespan(struct kql_binder *b, const struct kql_fn *fn,
                                             const struct kql_node *node, struct kql_expr **args, size_t n)
{
    str format = kql_plan_const_text(args[1]);
    (void)node;
    for (size_t i = 0; i < format.n; i++)
        if (!strchr("dhHmsfF /-:,._[]", format.p[i])) {
            kql_bind_error(b, KQL_DIAG_LITERAL, args[1]->span, "format_timespan() does not know this format");
            return NULL;
        }
    return kql_build_raw(b, fn, KQL_STRING, args[0]->span, args, n);
}

#define DATE_OF_PARTS                                                                                        \
    "reinterpretAsInt64(parseDateTime64BestEffortOrNull(concat(leftPad(toString($1),4,'0'),'-',"             \
    "leftPad(toString($2),2,'0'),'-',leftPad(toString($3),2,'0'),'T00:00:00Z'),7,'UTC'))"
#define PARTS_IN_RANGE "$1 BETWEEN 1 AND 9999 AND $2 BETWEEN 1 AND 12 AND $3 BETWEEN 1 AND 31"

static void emit_make_datetime(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 3   ? "if(" PARTS_IN_RANGE "," DT(DATE_OF_PARTS) ",NULL)"
                  : call->n_args == 4 ? "if(" PARTS_IN_RANGE " AND $4 BETWEEN 0 AND 23," DT(
                                            "(" DATE_OF_PARTS " + $4 * toInt64(36000000000))") ",NULL)"
                  : call->n_args == 5
                      ? "if(" PARTS_IN_RANGE " AND $4 BETWEEN 0 AND 23 AND $5 BETWEEN 0 AND 59," DT(
                            "(" DATE_OF_PARTS
                            " + $4 * toInt64(36000000000) + $5 * toInt64(600000000))") ",NULL)"
                      : "if(" PARTS_IN_RANGE
                        " AND $4 BETWEEN 0 AND 23 AND $5 BETWEEN 0 AND 59 AND $6 >= 0 AND $6 < 60," DT(
                            "(" DATE_OF_PARTS " + $4 * toInt64(36000000000) + $5 * toInt64(600000000) + "
                            "toInt64($6 * 10000000))") ",NULL)",
                  call);
}

static void emit_make_timespan(struct kql_emit *e, const struct kql_expr *call)
{
#define SPAN_OF(h, m) "(" h ") * toInt64(36000000000) + (" m ") * toInt64(600000000)"
    kql_emit_call(
        e,
        call->n_args == 2 ? "if($1 BETWEEN 0 AND 23 AND $2 BETWEEN 0 AND 59," SPAN_OF("$1", "$2") ",NULL)"
        : call->n_args == 3
            ? "if($1 BETWEEN 0 AND 23 AND $2 BETWEEN 0 AND 59 AND $3 >= 0 AND $3 < 60," SPAN_OF(
                  "$1", "$2") " + toInt64($3 * 10000000),NULL)"
            : "if($2 BETWEEN 0 AND 23 AND $3 >= 0 AND $3 < 60 AND $4 >= 0 AND $4 < 60,$1 * "
              "toInt64(864000000000) + " SPAN_OF("$2", "toInt64($3)") " + toInt64($4 * 10000000),NULL)",
        call);
}

#define READ(n, s, d, x, y)                                                                                  \
    {                                                                                                        \
        .name = n, .args = "t", .result = KQL_LONG, .sql = "toInt64(" s ")", .doc = d, .example = x,         \
        .yields = y                                                                                          \
    }
#define START(n, f, d, y)                                                                                    \
    {                                                                                                        \
        .name = n, .args = "ti?", .result = KQL_DATETIME, .emit = f, .doc = d,                               \
        .example = n "(datetime(2017-01-05 10:10:17))", .yields = y                                          \
    }
#define UNIX(n, per, d, x, y)                                                                                \
    {                                                                                                        \
        .name = n, .args = "n", .result = KQL_DATETIME, .nulls = KQL_FN_NULLS_MAY,                           \
        .sql = DT_IN_RANGE("accurateCastOrNull(trunc($1 * toFloat64(" per ")),'Int64')"), .doc = d,          \
        .example = x, .yields = y                                                                            \
    }

const struct kql_fn KQL_FN_DATETIME[] = {
    { .name = "now",
      .args = "m?",
      .result = KQL_DATETIME,
      .sql = "now64(7)",
      .doc = "The time of the query.",
      .example = "now() == now()",
      .yields = "True" },
    { .name = "ago",
      .args = "m",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = DT_IN_RANGE("(toInt64(0) - $1)"),
      .doc = "The time of the query less a span.",
      .example = "now() - ago(1h)",
      .yields = "01:00:00" },
    { .name = "startofday",
      .args = "ti?",
      .result = KQL_DATETIME,
      .naming = KQL_FN_NAMING_FIRST,
      .emit = emit_startofday,
      .doc = "The start of the day, some days later.",
      .example = "startofday(datetime(2017-01-05 10:10:17))",
      .yields = "2017-01-05T00:00:00.0000000Z" },
    START("startofweek", emit_startofweek, "The start of the week, a Sunday.",
          "2017-01-01T00:00:00.0000000Z"),
    START("startofmonth", emit_startofmonth, "The start of the month.", "2017-01-01T00:00:00.0000000Z"),
    START("startofyear", emit_startofyear, "The start of the year.", "2017-01-01T00:00:00.0000000Z"),
    START("endofday", emit_endofday, "The last tick of the day.", "2017-01-05T23:59:59.9999999Z"),
    START("endofweek", emit_endofweek, "The last tick of the week.", "2017-01-07T23:59:59.9999999Z"),
    START("endofmonth", emit_endofmonth, "The last tick of the month.", "2017-01-31T23:59:59.9999999Z"),
    START("endofyear", emit_endofyear, "The last tick of the year.", "2017-12-31T23:59:59.9999999Z"),
    READ("getyear", "toYear($1)", "The year.", "getyear(datetime(2015-10-12))", "2015"),
    READ("getmonth", "toMonth($1)", "The month, from 1.", "getmonth(datetime(2015-10-12))", "10"),
    READ("monthofyear", "toMonth($1)", "The month, from 1.", "monthofyear(datetime(2015-12-14))", "12"),
    READ("dayofmonth", "toDayOfMonth($1)", "The day of the month.", "dayofmonth(datetime(2015-12-14))", "14"),
    READ("dayofyear", "toDayOfYear($1)", "The day of the year.", "dayofyear(datetime(2015-12-14))", "348"),
    READ("hourofday", "toHour($1)", "The hour of the day.", "hourofday(datetime(2015-12-14 18:54))", "18"),
    READ("week_of_year", "toISOWeek($1)", "The ISO week of the year.", "week_of_year(datetime(2020-12-31))",
         "53"),
    READ("weekofyear", "toISOWeek($1)", "The ISO week of the year.", "weekofyear(datetime(2020-12-31))",
         "53"),
    { .name = "dayofweek",
      .args = "t",
      .result = KQL_TIMESPAN,
      .sql = "(((intDiv(" TK1 " + " EPOCH "," DAY ") + 1) % 7) * " DAY ")",
      .doc = "The days since Sunday, as a span.",
      .example = "dayofweek(datetime(1947-11-30 10:00:05))",
      .yields = "00:00:00" },
    { .name = "datetime_part",
      .args = "St",
      .result = KQL_LONG,
      .bind = bind_part,
      .emit = emit_part,
      .doc = "A part of a date as a number.",
      .example = "datetime_part('month', datetime(2017-10-30))",
      .yields = "10" },
    { .name = "datetime_diff",
      .args = "Stt",
      .result = KQL_LONG,
      .bind = bind_part,
      .emit = emit_part,
      .doc = "How many times a part begins between the second date and the first.",
      .example = "datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))",
      .yields = "17" },
    { .name = "datetime_add",
      .args = "Sit",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_part,
      .emit = emit_part,
      .doc = "The date some parts later.",
      .example = "datetime_add('month', 1, datetime(2017-01-31))",
      .yields = "2017-02-28T00:00:00.0000000Z" },
    { .name = "datepart",
      .twin = "datetime_part",
      .doc = "datetime_part() by its old name.",
      .example = "datepart('year', datetime(2017-10-30))",
      .yields = "2017" },
    { .name = "make_datetime",
      .args = "iiii?ir",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_make_datetime,
      .doc = "The date of a year, month and day.",
      .example = "make_datetime(2017, 10, 1)",
      .yields = "2017-10-01T00:00:00.0000000Z" },
    { .name = "make_timespan",
      .args = "iin?r",
      .result = KQL_TIMESPAN,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_make_timespan,
      .doc = "The span of days, hours, minutes and seconds, of the last two to four of them.",
      .example = "make_timespan(1, 30)",
      .yields = "01:30:00" },
    { .name = "format_datetime",
      .args = "tS",
      .result = KQL_STRING,
      .naming = KQL_FN_NAMING_FIRST,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_format,
      .emit = emit_format_datetime,
      .doc = "The date in a format.",
      .example = "format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd HH:mm:ss')",
      .yields = "17-01-29 09:00:05" },
    { .name = "format_timespan",
      .args = "mS",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_format_timespan,
      .emit = emit_format_timespan,
      .doc = "The span in a format.",
      .example = "format_timespan(time(29.09:00:05), 'dd.hh:mm:ss')",
      .yields = "29.09:00:05" },
    UNIX("unixtime_seconds_todatetime", "10000000", "The date of seconds since 1970.",
         "unixtime_seconds_todatetime(1546300800)", "2019-01-01T00:00:00.0000000Z"),
    UNIX("unixtime_milliseconds_todatetime", "10000", "The date of milliseconds since 1970.",
         "unixtime_milliseconds_todatetime(1546300800000)", "2019-01-01T00:00:00.0000000Z"),
    UNIX("unixtime_microseconds_todatetime", "10", "The date of microseconds since 1970.",
         "unixtime_microseconds_todatetime(1546300800000000)", "2019-01-01T00:00:00.0000000Z"),
    { .name = "unixtime_nanoseconds_todatetime",
      .args = "i",
      .result = KQL_DATETIME,
      .sql = DT("intDiv($1,toInt64(100))"),
      .doc = "The date of nanoseconds since 1970.",
      .example = "unixtime_nanoseconds_todatetime(1546300800000000000)",
      .yields = "2019-01-01T00:00:00.0000000Z" },
    { 0 },
};
