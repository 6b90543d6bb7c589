/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of IPv4, as numbers under a mask. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define NUM(s) "IPv4StringToNumOrNull(splitByChar('/'," s ")[1])"
#define BITS(s) "if(position(" s ",'/') = 0,toNullable(toUInt8(32)),toUInt8OrNull(splitByChar('/'," s ")[2]))"
#define MASKED(s, bits)                                                                                      \
    "bitAnd(toUInt64(" NUM(s) "),toUInt64(4294967295) - bitShiftRight(toUInt64(4294967295)," bits "))"
#define LEAST_BITS "least(ifNull(" BITS("$1") ",32),ifNull(" BITS("$2") ",32))"
#define WITH_PREFIX "least(ifNull(" BITS("$1") ",32),ifNull(" BITS("$2") ",32),toUInt8($3))"
#define SAME "(toInt64(" MASKED("$1", LEAST_BITS) ") = toInt64(" MASKED("$2", LEAST_BITS) "))"
#define PRIVATE(n)                                                                                           \
    "((" n " BETWEEN 167772160 AND 184549375) OR (" n " BETWEEN 2886729728 AND 2887778303) OR (" n           \
    " BETWEEN 3232235520 AND 3232301055))"
#define IN_RANGE(r)                                                                                          \
    "(bitAnd(toUInt64(" NUM("$1") "),toUInt64(4294967295) - "                                                \
                                  "bitShiftRight(toUInt64(4294967295),ifNull(" BITS(r) ",32))) = " MASKED(   \
                                      r, "ifNull(" BITS(r) ",32)") ")"

static void emit_compare(struct kql_emit *e, const struct kql_expr *call)
{
    const char *sql =
        call->n_args == 2
            ? "toInt64(sign(toInt64(" MASKED("$1", LEAST_BITS) ") - toInt64(" MASKED("$2", LEAST_BITS) ")))"
            : "toInt64(sign(toInt64(" MASKED("$1", WITH_PREFIX) ") - toInt64(" MASKED("$2",
                                                                                      WITH_PREFIX) ")))";
    kql_emit_call(e, sql, call);
}

static void emit_match(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2
                      ? SAME
                      : "(toInt64(" MASKED("$1", WITH_PREFIX) ") = toInt64(" MASKED("$2", WITH_PREFIX) "))",
                  call);
}

static void emit_in_any(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_template(e, "if(isNull(" NUM("$1") "),NULL,(false", call->args, 1);
    for (size_t i = 1; i < call->n_args; i++) {
        struct kql_expr *pair[] = { call->args[0], call->args[i] };
        kql_emit_template(
            e,
            call->args[i]->type == KQL_DYNAMIC
                ? " OR arrayExists(r -> ifNull(" IN_RANGE("r") ",false),JSONExtract($2,'Array(String)'))"
                : " OR ifNull(" IN_RANGE("$2") ",false)",
            pair, 2);
    }
    kql_emit_addz(e, "))");
}

#define ADDRESS "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:[.](?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}"

/* An address stands by itself: no letter, digit or dot beside it. */
#define FOUND "(?:^|[^0-9A-Za-z.])(" ADDRESS ")(?:$|[^0-9A-Za-z.])"
#define HAS(a)                                                                                               \
    "(isNotNull(IPv4StringToNumOrNull(" a ")) AND match($1,concat('(?:^|[^0-9A-Za-z.])',regexpQuoteMeta(" a  \
    "),'(?:$|[^0-9A-Za-z.])')))"
/* A prefix ends with a dot, or is a whole address. */
#define HAS_PREFIX(p)                                                                                        \
    "((match(" p ",'^([0-9]{1,3}[.]){1,3}$') AND arrayExists(a -> startsWith(a," p "),extractAll($1,'" FOUND \
    "'))) OR (" HAS(p) "))"
#define TEXTS(d) "JSONExtract(" d ",'Array(String)')"

static void emit_has_any(struct kql_emit *e, const struct kql_expr *call)
{
    bool prefix = strstr(call->fn->name, "prefix") != NULL;

    kql_emit_addz(e, "(false");
    for (size_t i = 1; i < call->n_args; i++) {
        struct kql_expr *pair[] = { call->args[0], call->args[i] };
        bool             array = call->args[i]->type == KQL_DYNAMIC;
        const char      *sql = prefix  ? array ? " OR arrayExists(p -> " HAS_PREFIX("p") "," TEXTS("$2") ")"
                                               : " OR " HAS_PREFIX("$2")
                                : array ? " OR arrayExists(p -> " HAS("p") "," TEXTS("$2") ")"
                                       : " OR " HAS("$2");
        kql_emit_template(e, sql, pair, 2);
    }
    kql_emit_addz(e, ")");
}

/* From the front, the greatest block that begins at an address and ends within the range: one of at most 62.
 */
#define BLOCK "least(bitAnd(at.1,4294967296 - at.1),toUInt64(exp2(floor(log2(toFloat64(at.2 - at.1 + 1))))))"
#define WHOLE "if(at.1 = 0,toUInt64(exp2(floor(log2(toFloat64(at.2 + 1))))),toUInt64(" BLOCK "))"
#define CIDR_LIST                                                                                            \
    "toJSONString(arrayFold((at,i) -> if(at.1 > at.2,at,(toUInt64(at.1 + " WHOLE                             \
    "),at.2,arrayPushBack(at.3,concat(IPv4NumToString(toUInt32(at.1)),'/',toString(32 - "                    \
    "toUInt8(log2(" WHOLE "))))))),range(64),(toUInt64(ifNull(" NUM("$1") ",1)),toUInt64(ifNull(" NUM(       \
        "$2") ",0)),emptyArrayString())).3)"

#define NUMBER "ifNull(" NUM("toString($1)") ",toUInt32OrNull(toString($1)))"
#define SHORTER(bits) "least(ifNull(" BITS("toString($1)") ",32)," bits ")"
#define CUT(bits)                                                                                            \
    "IPv4NumToString(toUInt32(bitAnd(toUInt64(ifNull(" NUMBER                                                \
    ",0)),toUInt64(4294967295) - bitShiftRight(toUInt64(4294967295),toUInt8(" bits ")))))"
/* Any number passes through the shift, also where the condition leaves its result out. */
#define GIVEN "if(ifNull($2 BETWEEN 0 AND 32,false),assumeNotNull($2),32)"

static void emit_format(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 1
                      ? "if(isNull(" NUMBER "),''," CUT(SHORTER("32")) ")"
                      : "if(isNull(" NUMBER
                        ") OR NOT ifNull($2 BETWEEN 0 AND 32,false),''," CUT(SHORTER(GIVEN)) ")",
                  call);
}

static void emit_format_mask(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 1 ? "if(isNull(" NUMBER
                                      "),'',concat(" CUT(SHORTER("32")) ",'/',toString(" SHORTER("32") ")))"
                                    : "if(isNull(" NUMBER
                                      ") OR NOT ifNull($2 BETWEEN 0 AND 32,false),'',concat(" CUT(
                                          SHORTER(GIVEN)) ",'/',toString(" SHORTER(GIVEN) ")))",
                  call);
}

static void emit_parse_mask(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  "toInt64(bitAnd(toUInt64(" NUM(
                      "$1") "),toUInt64(4294967295) - bitShiftRight(toUInt64(4294967295),toUInt8($2))))",
                  call);
}

const struct kql_fn KQL_FN_IP[] = {
    { .name = "ipv4_is_private",
      .args = "s",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = PRIVATE(NUM("$1")),
      .doc = "Whether an address belongs to a private network.",
      .example = "ipv4_is_private('192.168.2.1')",
      .yields = "True" },
    { .name = "ipv4_is_in_range",
      .args = "ss",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = IN_RANGE("$2"),
      .doc = "Whether an address lies in a range written with a prefix.",
      .example = "ipv4_is_in_range('192.168.1.6', '192.168.1.0/24')",
      .yields = "True" },
    { .name = "ipv4_is_in_any_range",
      .args = "sl+",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_in_any,
      .doc = "Whether an address lies in one of some ranges.",
      .example = "ipv4_is_in_any_range('10.0.0.7', '10.0.0.0/8')",
      .yields = "True" },
    { .name = "ipv4_is_match",
      .args = "ssi?",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_match,
      .doc = "Whether two addresses are the same under their prefixes.",
      .example = "ipv4_is_match('192.168.1.1/24', '192.168.1.255/24')",
      .yields = "True" },
    { .name = "ipv4_compare",
      .args = "ssi?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_compare,
      .doc = "-1, 0 or 1 by the order of two addresses.",
      .example = "ipv4_compare('192.168.1.1', '192.168.1.255')",
      .yields = "-1" },
    { .name = "ipv4_netmask_suffix",
      .args = "s",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(isNull(" NUM("$1") "),NULL,toInt64(" BITS("$1") "))",
      .doc = "The length of a range's prefix.",
      .example = "ipv4_netmask_suffix('10.1.2.3/24')",
      .yields = "24" },
    { .name = "parse_ipv4",
      .args = "s",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "toInt64(" MASKED("$1", "ifNull(" BITS("$1") ",32)") ")",
      .doc = "An address as a number.",
      .example = "parse_ipv4('192.168.1.1')",
      .yields = "3232235777" },
    { .name = "parse_ipv4_mask",
      .args = "si",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_parse_mask,
      .doc = "An address under a prefix as a number.",
      .example = "parse_ipv4_mask('127.0.0.1', 24)",
      .yields = "2130706432" },
    { .name = "format_ipv4",
      .args = "ai?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_format,
      .doc = "A number or a text as an address, under a prefix if one is given.",
      .example = "format_ipv4(3232236031)",
      .yields = "192.168.1.255" },
    { .name = "format_ipv4_mask",
      .args = "ai?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_format_mask,
      .doc = "A number or a text as a range, with its prefix.",
      .example = "format_ipv4_mask('192.168.1.1', 24)",
      .yields = "192.168.1.0/24" },
    { .name = "ipv4_range_to_cidr_list",
      .args = "ss",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(isNull(" NUM("$1") ") OR isNull(" NUM("$2") "),''," CIDR_LIST ")",
      .doc = "The ranges with a prefix that make up a range of addresses.",
      .example = "ipv4_range_to_cidr_list('1.1.128.0', '1.1.140.255')",
      .yields = "[\"1.1.128.0/21\",\"1.1.136.0/22\",\"1.1.140.0/24\"]" },
    { .name = "has_ipv4",
      .args = "ss",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_has_any,
      .doc = "Whether a text holds an address.",
      .example = "has_ipv4('at 127.0.0.1 now', '127.0.0.1')",
      .yields = "True" },
    { .name = "has_any_ipv4",
      .args = "sl+",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_has_any,
      .doc = "Whether a text holds one of some addresses.",
      .example = "has_any_ipv4('at 127.0.0.1', '1.1.1.1', '127.0.0.1')",
      .yields = "True" },
    { .name = "has_ipv4_prefix",
      .args = "ss",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_has_any,
      .doc = "Whether a text holds an address that begins so.",
      .example = "has_ipv4_prefix('at 127.0.0.1', '127.0.')",
      .yields = "True" },
    { .name = "has_any_ipv4_prefix",
      .args = "sl+",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_has_any,
      .doc = "Whether a text holds an address that begins with one of some texts.",
      .example = "has_any_ipv4_prefix('at 127.0.0.1', '10.', '127.')",
      .yields = "True" },
    { 0 },
};
