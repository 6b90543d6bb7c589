/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that take texts of known shape apart: versions, URLs, paths, CSV. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_term.h"

#define HELPER .hidden = true, .nulls = KQL_FN_NULLS_NEVER

/* Keys and values as an SQL array of pairs: by a regex of two groups, or by delimiters and a quote. */
static void emit_pairs(struct kql_emit *e, const struct kql_expr *call)
{
    str regex = call->args[1]->value.s, pair = call->args[2]->value.s, kv = call->args[3]->value.s,
        quote = call->args[4]->value.s;
    AUTO_STRBUF re = STRBUF_INIT(10000), end = STRBUF_INIT(2000), between = STRBUF_INIT(2000);

    kql_term_quote(&end, pair);
    kql_term_quote(&between, kv);
    if (regex.n > 0) {
        strbuf_add(&re, regex);
    } else {
        const char *stop = pair.n > 0 ? strbuf_view(&end).p : "\\s";
        strbuf_addf(&re, "\\s*([^\\s]*?)\\s*%s\\s*", strbuf_view(&between).p);
        if (quote.n > 0)
            strbuf_addf(&re, "(\\Q%.*s\\E.*?\\Q%.*s\\E|.*?)", (int)1, quote.p, (int)1, quote.p + quote.n - 1);
        else
            strbuf_addz(&re, "(.*?)");
        strbuf_addf(&re, "\\s*(?:%s|$)", stop);
    }
    kql_emit_template(e, "extractAllGroupsVertical($1,", call->args, 1);
    kql_emit_text(e, strbuf_view(&re));
    kql_emit_addz(e, ")");
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
    { .name = "·pairs",
      HELPER,
      .emit = emit_pairs,
      .doc = "Keys and values.",
      .example = "extract('(a)', 1, 'a')",
      .yields = "a" },
    { .name = "·value_of",
      HELPER,
      .sql = "arrayFirst(p -> p[1] = $2,$1)[2]",
      .doc = "The value of a key.",
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
             "arrayMap(m -> m[1],extractAllGroupsVertical(concat($1,','),'(\"(?:[^\"]|\"\")*\"|[^,]*),')))))",
      .doc = "The fields of a line of CSV.",
      .example = "parse_csv('a,\"b,c\"')",
      .yields = "[\"a\",\"b,c\"]" },
    { 0 },
};
