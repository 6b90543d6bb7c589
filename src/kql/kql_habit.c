/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_habit.h"

struct habit {
    const char *word, *hint;
};

#define LISTS "a list stands in parentheses: in (1, 2); an array is dynamic([1, 2])"
#define QUOTES "texts stand between \" or ', typed on the keyboard"
#define TABLE_FIRST "a query begins with its table: T | where … | project …"

static const struct habit SIGNS[] = {
    { "and", "operators are written in small letters: and" },
    { "or", "operators are written in small letters: or" },
    { "not", "not(…) is a function; x !has y, x !in (…) and x != y are its other forms" },
    { "is", "isnull(x), isnotnull(x), isempty(x) and isnotempty(x) ask whether there is a value" },
    { "as", "the new name stands in front: project User = Account" },
    { "=", "== compares; = gives a name" },
    { "descending", "the order is desc or asc" },
    { "ascending", "the order is desc or asc" },
    { "from", TABLE_FIRST },
    { "?", "iff(condition, a, b) chooses" },
    { "[", LISTS },
    { "when", "case(condition, value, condition, value, otherwise) chooses" },
    { "distinct", "dcount(x) counts different values, count_distinct(x) exactly" },
    { "day", "spans are written without a blank: 1d, 2h, 30m" },
    { "days", "spans are written without a blank: 1d, 2h, 30m" },
    { "hour", "spans are written without a blank: 1d, 2h, 30m" },
    { "hours", "spans are written without a blank: 1d, 2h, 30m" },
    { "minutes", "spans are written without a blank: 1d, 2h, 30m" },
    { "|", "one | stands in front of each operator; or joins conditions" },
};

static const struct habit CALLS[] = {
    { "cast", "tostring(x), tolong(x), todatetime(x) and their kin convert" },
    { "concat", "strcat() joins texts" },
    { "collect_list", "make_list() gathers values" },
    { "collect_set", "make_set() gathers different values" },
    { "contains", "contains is an operator: x contains \"a\"" },
    { "convert", "tostring(x), tolong(x), todatetime(x) and their kin convert" },
    { "charindex", "indexof() finds a text in another" },
    { "date", "todatetime(x) reads a date, startofday(x) cuts the time off" },
    { "dateadd", "datetime_add('day', 1, t) adds; t + 1d does, too" },
    { "datediff", "datetime_diff('day', a, b) counts; a - b is a timespan" },
    { "date_trunc", "startofday(t), startofmonth(t), or bin(t, 1h)" },
    { "dc", "dcount() counts different values" },
    { "distinctcount", "dcount() counts different values" },
    { "endswith", "endswith is an operator: x endswith \"a\"" },
    { "first", "arg_min(TimeGenerated, x) takes the earliest, take_any(x) any" },
    { "getdate", "now()" },
    { "group_concat", "strcat_array(make_list(x), \",\")" },
    { "has", "has is an operator: x has \"a\"" },
    { "ifnull", "coalesce(a, b) takes the first that is not null" },
    { "in", "in is an operator: x in (1, 2)" },
    { "instr", "indexof() finds a text in another" },
    { "isblank", "isempty()" },
    { "last", "arg_max(TimeGenerated, x) takes the latest, take_any(x) any" },
    { "lcase", "tolower()" },
    { "left", "substring(s, 0, n)" },
    { "len", "strlen() counts the characters of a text, array_length() the elements of an array" },
    { "length", "strlen() counts the characters of a text, array_length() the elements of an array" },
    { "like", "contains, startswith, endswith and matches regex look into texts" },
    { "lower", "tolower()" },
    { "ltrim", "trim_start(@'\\s+', s)" },
    { "mean", "avg()" },
    { "median", "percentile(x, 50)" },
    { "mid", "substring(s, from, n)" },
    { "mvcount", "array_length()" },
    { "nvl", "coalesce(a, b) takes the first that is not null" },
    { "power", "pow()" },
    { "regexp_extract", "extract(pattern, group, text)" },
    { "regexp_like", "matches regex is an operator: x matches regex @'…'" },
    { "regexp_replace", "replace_regex(text, pattern, rewrite)" },
    { "rtrim", "trim_end(@'\\s+', s)" },
    { "startswith", "startswith is an operator: x startswith \"a\"" },
    { "std", "stdev()" },
    { "stddev", "stdev()" },
    { "str", "tostring()" },
    { "strftime", "format_datetime(t, 'yyyy-MM-dd')" },
    { "substr", "substring(s, from, n) counts from 0" },
    { "sysdate", "now()" },
    { "to_char", "format_datetime(t, 'yyyy-MM-dd'), or tostring()" },
    { "to_date", "todatetime()" },
    { "ucase", "toupper()" },
    { "upper", "toupper()" },
    { "values", "make_set() gathers different values" },
    { "var", "variance()" },
};

static const struct habit OPERATORS[] = {
    { "and", "operators behind | stand alone: write | where a and b, or | where a | where b" },
    { "bin", "summarize count() by bin(TimeGenerated, 1h)" },
    { "dedup", "distinct, or summarize arg_max(TimeGenerated, *) by key" },
    { "eval", "extend computes columns" },
    { "fields", "project chooses columns" },
    { "from", TABLE_FIRST },
    { "group", "summarize count() by key groups" },
    { "groupby", "summarize count() by key groups" },
    { "having", "where behind summarize filters the groups" },
    { "head", "take, or top 10 by x" },
    { "if", "iff(condition, a, b) chooses, case(…) among more" },
    { "makeseries", "make-series" },
    { "orderby", "order by" },
    { "rename", "project-rename new = old" },
    { "rex", "parse, or extend x = extract(pattern, 1, text)" },
    { "select", "project chooses columns" },
    { "set", "set stands in front of the query, with ; behind" },
    { "stats", "summarize count() by key groups" },
    { "tail", "sort by TimeGenerated desc | take 10" },
    { "timechart", "summarize count() by bin(TimeGenerated, 1h) | render timechart" },
    { "table", "project chooses columns" },
    { "uniq", "distinct" },
    { "with", "let name = …; stands in front of the query" },
};

static const struct habit NAMES[] = {
    { "null", "isnull(x) asks whether there is a value; the nulls are int(null), datetime(null) and so on" },
    { "none", "isnull(x) asks whether there is a value; the nulls are int(null), datetime(null) and so on" },
    { "getdate", "now() is a function" },
    { "now", "now() is a function" },
    { "count", "count() is a function; the column it makes is count_" },
};

static const struct habit WANTED[] = {
    { "\"by\"", "sort by x desc, top 10 by x, summarize count() by x" },
    { "\"..\"", "between (from .. to)" },
};

static const struct {
    const struct habit *rows;
    size_t              n;
} TABLES[KQL_HABIT_COUNT_] = {
#define TABLE(t)                                                                                             \
    {                                                                                                        \
        t, sizeof t / sizeof t[0]                                                                            \
    }
    [KQL_HABIT_SIGN] = TABLE(SIGNS),         [KQL_HABIT_CALL] = TABLE(CALLS),
    [KQL_HABIT_OPERATOR] = TABLE(OPERATORS), [KQL_HABIT_NAME] = TABLE(NAMES),
    [KQL_HABIT_WANTED] = TABLE(WANTED),
};

const char *kql_habit_hint(enum kql_habit kind, str word)
{
    for (size_t i = 0; i < TABLES[kind].n; i++)
        if (str_eq_ci(word, str_of(TABLES[kind].rows[i].word)))
            return TABLES[kind].rows[i].hint;
    if (kind == KQL_HABIT_NAME && (str_contains(word, S("“")) || str_contains(word, S("”")) ||
                                   str_contains(word, S("‘")) || str_contains(word, S("’"))))
        return QUOTES;
    return NULL;
}
