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

#define URL_PARTS                                                                                            \
    "extractGroups($1,'^([A-Za-z][A-Za-z0-9+.-]*)://(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\\[[^\\]]*\\]|[^:/"    \
    "?#]*)(?::([0-9]+))?([^?#]*)"                                                                            \
    "(?:[?]([^#]*))?(?:#(.*))?$')"
#define PARAMETERS(q)                                                                                        \
    "concat('{',arrayStringConcat(arrayMap(p -> concat(toJSONString(splitByChar('=',p)[1]),':',"             \
    "toJSONString(if(position(p,'=') = 0,'',substring(p,position(p,'=') + 1)))),arrayFilter(p -> p != "      \
    "'',splitByChar('&'," q "))),','),'}')"

/* A unit that is given stands; else the greatest of which there is one. */
static void emit_format_bytes(struct kql_emit *e, const struct kql_expr *call)
{
    static const char *const UNITS[] = { "Bytes", "KB", "MB", "GB", "TB", "PB", "EB" };
    str                      unit = call->n_args > 2 ? kql_plan_const_text(call->args[2]) : STR_NONE;
    char                     sql[400];

    kql_emit_addz(e, "ifNull(concat(");
    for (size_t i = 0; i < 7 && unit.n > 0; i++)
        if (str_eq_ci(unit, str_of(UNITS[i]))) {
            snprintf(sql, sizeof sql, "toString(round($1 / pow(1024,%zu),%s)),' %s'),'')", i,
                     call->n_args > 1 ? "$2" : "0", UNITS[i]);
            kql_emit_call(e, sql, call);
            return;
        }
    snprintf(sql, sizeof sql,
             "toString(round($1 / pow(1024,least(6,floor(log2(greatest(abs($1),1)) / 10))),%s)),' ',"
             "['Bytes','KB','MB','GB','TB','PB','EB'][toUInt8(least(6,floor(log2(greatest(abs($1),1)) / 10)) "
             "+ 1)]),'')",
             call->n_args > 1 ? "$2" : "0");
    kql_emit_call(e, sql, call);
}

/* XML is read token by token: a fold keeps a stack of open elements, each with its (name, JSON) pairs so far,
 * and puts an element's JSON into the one around it when it closes. */
#define XML_TOKENS                                                                                           \
    "extractAllGroupsVertical($1,'(?s)<[?].*?[?]>|<!.*?>|<(/?)([A-Za-z_][^\\\\s/"                            \
    ">]*)((?:\\\\s+[^\\\\s=>]+\\\\s*=\\\\s*"                                                                 \
    "(?:\"[^\"]*\"|\\'[^\\']*\\'))*)\\\\s*(/?)>|([^<]+)')"
#define XML_BAG(pairs)                                                                                       \
    "concat('{',arrayStringConcat(arrayMap(k -> concat(toJSONString(k),':',if(arrayCount(p -> p.1 = "        \
    "k," pairs ") = 1,arrayFirst(p -> p.1 = k," pairs                                                        \
    ").2,concat('[',arrayStringConcat(arrayMap(p -> p.2,arrayFilter(p -> p.1 = k," pairs                     \
    ")),','),']'))),arrayDistinct(arrayMap(p -> p.1," pairs "))),','),'}')"
#define XML_VALUE(pairs)                                                                                     \
    "multiIf(empty(" pairs "),'null',length(" pairs ") = 1 AND " pairs "[1].1 = '#text'," pairs              \
    "[1].2," XML_BAG(pairs) ")"
#define XML_ATTRIBUTES                                                                                       \
    "arrayMap(m -> (concat('@',m[1]),toJSONString(decodeXMLComponent(if(m[2] != '',m[2],m[3])))),"           \
    "extractAllGroupsVertical(t[3],'([^\\\\s=]+)\\\\s*=\\\\s*(?:\"([^\"]*)\"|\\'([^\\']*)\\')'))"
#define XML_ADD(stack, pair) "arrayConcat(arrayPopBack(" stack "),[arrayPushBack(" stack "[-1]," pair ")])"

static void emit_parse_xml(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(
        e,
        "if(NOT match($1,'^\\s*<'),''," XML_BAG(
            "arrayFold((acc,t) -> multiIf("
            "t[2] != '' AND t[1] = '' AND t[4] = '',(arrayPushBack(acc.1," XML_ATTRIBUTES
            "),arrayPushBack(acc.2,t[2])),"
            "t[2] != '' AND t[1] = '',(" XML_ADD(
                "acc.1",
                "(t[2]," XML_VALUE(
                    XML_ATTRIBUTES) ")") ",acc.2),"
                                         "t[1] = '/' AND length(acc.1) > 1,(" XML_ADD(
                                             "arrayPopBack(acc.1)",
                                             "(acc.2[-1]," XML_VALUE(
                                                 "acc.1[-1]") ")") ",arrayPopBack(acc.2)),"
                                                                   "trimBoth(t[5],' \\t\\r\\n') != "
                                                                   "'',(" XML_ADD(
                                                                       "acc.1",
                                                                       "('#text',toJSONString("
                                                                       "decodeXMLComponent("
                                                                       "trimBoth(t[5],' "
                                                                       "\\t\\r\\n'))))") ",acc.2),"
                                                                                         "acc)"
                                                                                         "," XML_TOKENS
                                                                                         ",CAST((["
                                                                                         "[]],[]),"
                                                                                         "'Tuple("
                                                                                         "Array("
                                                                                         "Array("
                                                                                         "Tuple("
                                                                                         "String,"
                                                                                         "String))"
                                                                                         "),Array("
                                                                                         "String))"
                                                                                         "')).1["
                                                                                         "1]") ")",
        call);
}

/* Up to the first line end outside of quotes. */
#define FIRST_RECORD "regexpExtract($1,'^(?:\"(?:[^\"]|\"\")*\"|[^\"\\r\\n])*',0)"

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
      .sql = "if($1 = '','',toJSONString(arrayMap(f -> "
             "if(startsWith(f,'\"'),replaceAll(substring(f,2,length(f) - 2),'\"\"','\"'),f),"
             "arrayMap(m -> m[1],extractAllGroupsVertical(concat(" FIRST_RECORD
             ",','),'(\"(?:[^\"]|\"\")*\"|[^,]*),')))))",
      .doc = "The fields of the first record of CSV.",
      .example = "parse_csv('a,\"b,c\"')",
      .yields = "[\"a\",\"b,c\"]" },
    { .name = "parse_url",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if($1 = '','',concat('{\"Scheme\":',toJSONString(" URL_PARTS
             "[1]),',\"Host\":',toJSONString(" URL_PARTS "[4]),',\"Port\":',toJSONString(" URL_PARTS
             "[5]),',\"Path\":',toJSONString(" URL_PARTS "[6]),',\"Username\":',toJSONString(" URL_PARTS
             "[2]),',\"Password\":',toJSONString(" URL_PARTS "[3]),',\"Query Parameters\":'," PARAMETERS(
                 URL_PARTS "[7]") ",',\"Fragment\":',toJSONString(" URL_PARTS "[8]),'}'))",
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
      .sql = "concat('{\"Query Parameters\":'," PARAMETERS("replaceRegexpOne($1,'^[?]','')") ",'}')",
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
      .sql = "if($1 = '','',concat('{\"Scheme\":',toJSONString(extract($1,'^([A-Za-z][A-Za-z0-9+.-]+)://')),"
             "',\"RootPath\":',toJSONString(extract($1,'^([A-Za-z]:)[/\\\\\\\\]')),"
             "',\"DirectoryPath\":',toJSONString(extract($1,'^(?s)(.*)[/\\\\\\\\][^/\\\\\\\\]*$')),"
             "',\"DirectoryName\":',toJSONString(extract($1,'([^/\\\\\\\\]+)[/\\\\\\\\][^/\\\\\\\\]*$')),"
             "',\"Filename\":',toJSONString(splitByChar(':',extract($1,'([^/\\\\\\\\]*)$'))[1]),"
             "',\"Extension\":',toJSONString(extract(splitByChar(':',extract($1,'([^/"
             "\\\\\\\\]*)$'))[1],'[.]([^.]*)$')),"
             "',\"AlternateDataStreamName\":',toJSONString(extract(extract($1,'([^/"
             "\\\\\\\\]*)$'),':(.*)$')),'}'))",
      .doc = "The parts of a file's path as a bag.",
      .example = "parse_path('C:\\\\temp\\\\a.txt').Filename",
      .yields = "a.txt" },
    { .name = "parse_command_line",
      .args = "sS",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if($1 = '','',toJSONString(arrayMap(m -> "
             "replaceAll(m,'\"',''),extractAll($1,'(?:[^\\\\s\"]|\"[^\"]*\"?)+'))))",
      .doc = "The arguments of a Windows command line.",
      .example = "parse_command_line('echo \"a b\" c', 'windows')[1]",
      .yields = "a b" },
    { .name = "format_bytes",
      .args = "ni?S",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_format_bytes,
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
      .emit = emit_parse_xml,
      .doc = "XML as a dynamic: attributes are @name, text beside them is #text, elements of one name are an "
             "array.",
      .example = "parse_xml('<a b=\"1\"><c>x</c><c>y</c></a>').a.c[1]",
      .yields = "y" },
    { 0 },
};
