/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that take texts of known shape apart: versions, URLs, paths, CSV. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_term.h"

#define HELPER .hidden = true, .nulls = KQL_FN_NULLS_NEVER

/* Several groups of a match `p`, of which one at most has text, as one text. */
static void add_groups(struct kql_emit *e, int64_t from, int64_t to)
{
    char text[40];

    kql_emit_addz(e, from == to ? "" : "concat(");
    for (int64_t i = from; i <= to; i++) {
        snprintf(text, sizeof text, "%sp[%d]", i > from ? "," : "", (int)i);
        kql_emit_addz(e, text);
    }
    kql_emit_addz(e, from == to ? "" : ")");
}

/* The text that comes in between without its escapes, when there are any. */
static void add_unescape(struct kql_emit *e, str escapes, bool end)
{
    AUTO_STRBUF re = STRBUF_INIT(1000);

    if (escapes.n == 0)
        return;
    if (!end) {
        kql_emit_addz(e, "replaceRegexpAll(");
        return;
    }
    strbuf_addf(&re, "(?s)[" STR_FMT "](.)", STR_ARG(escapes));
    kql_emit_addz(e, ",");
    kql_emit_text(e, strbuf_view(&re));
    kql_emit_addz(e, ",'\\\\1')");
}

/* ·pairs(text, regex, delimiter of pairs, groups of a key, escapes): (key, value) each. A bare key may begin
 * with junk of pairs that had no key: what stands behind the last delimiter counts. */
static void emit_pairs(struct kql_emit *e, const struct kql_expr *call)
{
    str     pair = call->args[2]->value.s, escapes = call->args[4]->value.s;
    int64_t n = call->args[3]->value.i;

    kql_emit_addz(e, "arrayMap(p -> (trimBoth(concat(");
    if (n > 1) {
        add_groups(e, 1, n - 1);
        kql_emit_addz(e, ",");
    }
    if (pair.n > 0)
        kql_emit_template(e, "splitByString($3,", call->args, 3);
    add_groups(e, n, n);
    kql_emit_addz(e, pair.n > 0 ? ")[-1])),concat(" : ")),concat(");
    if (n > 1) {
        add_unescape(e, escapes, false);
        add_groups(e, n + 1, 2 * n - 1);
        add_unescape(e, escapes, true);
        kql_emit_addz(e, ",");
    }
    kql_emit_addz(e, "trimBoth(");
    add_groups(e, 2 * n, 2 * n);
    kql_emit_addz(e, "))),");
    kql_emit_template(e, "extractAllGroupsVertical($1,$2))", call->args, 2);
}

/* ·value_behind(text, regex, escapes) */
static void emit_value_behind(struct kql_emit *e, const struct kql_expr *call)
{
    str escapes = call->args[2]->value.s;

    add_unescape(e, escapes, false);
    kql_emit_template(e, "arrayStringConcat(extractGroups($1,$2))", call->args, 2);
    add_unescape(e, escapes, true);
}

const struct kql_fn KQL_FN_PARSE[] = {
    { .name = "·groups",
      HELPER,
      .sql = "extractGroups($1,$2)",
      .doc = "The groups of a match.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·matches",
      HELPER,
      .sql = "match($1,$2)",
      .doc = "Whether a pattern matches.",
      .example = "'a' matches regex 'a'",
      .yields = "True" },
    { .name = "·matched",
      HELPER,
      .sql = "notEmpty($1)",
      .doc = "Whether groups were found.",
      .example = "'a' matches regex 'a'",
      .yields = "True" },
    { .name = "·group",
      HELPER,
      .sql = "$1[$2]",
      .doc = "One of the groups.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·group_trimmed",
      HELPER,
      .sql = "trimBoth($1[$2],' \\t\\r\\n')",
      .doc = "One of the groups, for a number or a date.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·pairs",
      HELPER,
      .emit = emit_pairs,
      .doc = "Keys and values between delimiters.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·pairs_regex",
      HELPER,
      .sql = "arrayMap(p -> (trimBoth(p[1]),trimBoth(p[2])),extractAllGroupsVertical($1,$2))",
      .doc = "Keys and values by the two groups of a regex.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·pairs_greedy",
      HELPER,
      .sql = "arrayMap((k,v,i,n) -> (trimBoth(splitByString($3,k)[-1]),trimBoth(if(i = n,v,arrayStringConcat("
             "arrayPopBack(splitByString($3,v)),$3)))),arrayPopBack(splitByString($2,$1)),"
             "arrayPopFront(splitByString($2,$1)),arrayEnumerate(arrayPopFront(splitByString($2,$1))),"
             "arrayMap(x -> length(splitByString($2,$1)) - 1,arrayPopFront(splitByString($2,$1))))",
      .doc = "Keys and values, each of which goes on until the next key.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·value_of",
      HELPER,
      .sql = "arrayFirst(p -> p.1 = $2,$1).2",
      .doc = "The value of a key.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·value_behind",
      HELPER,
      .emit = emit_value_behind,
      .doc = "The word that follows another.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },

    { .name = "parse_version",
      .args = "s",
      .result = KQL_DECIMAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(match($1,'^[0-9]{1,8}([.][0-9]{1,8}){0,3}$'),toDecimal128OrNull(arrayStringConcat(arrayMap("
             "p -> "
             "leftPad(p,8,'0'),arrayResize(splitByChar('.',$1),4,'0')),''),0),NULL)",
      .doc = "A version as a number that sorts.",
      .example = "parse_version('0.0.0.5') < parse_version('0.0.0.40')",
      .yields = "True" },
    { .name = "parse_csv",
      .args = "s",
      .result = KQL_DYNAMIC,
      .scalar = "parse_csv",
      .doc = "The fields of the first record of CSV.",
      .example = "parse_csv('a,\"b,c\"')",
      .yields = "[\"a\",\"b,c\"]" },
    { .name = "parse_url",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "parse_url",
      .doc = "The parts of a URL as a bag.",
      .example = "parse_url('https://u:p@h:80/a/b?k=v#f').Host",
      .yields = "h" },
    { .name = "parseurl",
      .twin = "parse_url",
      .doc = "parse_url() by its old name.",
      .example = "parseurl('https://h/a').Path",
      .yields = "/a" },
    { .name = "parse_urlquery",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "parse_urlquery",
      .doc = "The parameters of a URL's query as a bag.",
      .example = "parse_urlquery('a=1&b=2')['Query Parameters'].b",
      .yields = "2" },
    { .name = "parseurlquery",
      .twin = "parse_urlquery",
      .doc = "parse_urlquery() by its old name.",
      .example = "parseurlquery('a=1')['Query Parameters'].a",
      .yields = "1" },
    { .name = "parse_path",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "parse_path",
      .doc = "The parts of a file's path as a bag.",
      .example = "parse_path('C:\\\\temp\\\\a.txt').Filename",
      .yields = "a.txt" },
    { .name = "parse_command_line",
      .args = "sS",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "parse_command_line",
      .doc = "The arguments of a Windows command line.",
      .example = "parse_command_line('echo \"a b\" c', 'windows')[1]",
      .yields = "a b" },
    { .name = "format_bytes",
      .args = "ni?S",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "format_bytes",
      .doc = "A number of bytes for people.",
      .example = "format_bytes(10332, 1)",
      .yields = "10.1 KB" },
    { .name = "geo_info_from_ip_address",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "substring($1,1,0)",
      .doc = "Where an address is. Null for every address: no database of places is loaded.",
      .example = "isnull(geo_info_from_ip_address('8.8.8.8'))",
      .yields = "True" },
    { .name = "parse_xml",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .scalar = "parse_xml",
      .doc = "XML as a dynamic: attributes are @name, text beside them is #text, elements of one name are an "
             "array.",
      .example = "parse_xml('<a b=\"1\"><c>x</c><c>y</c></a>').a.c[1]",
      .yields = "y" },
    { 0 },
};
