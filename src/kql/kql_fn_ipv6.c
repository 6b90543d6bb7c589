/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of IPv6 under a mask. An address of IPv4 stands for ::ffff:a.b.c.d, and its prefix counts from
 * the 96th bit on; `::a.b.c.d` is one, too. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define TEXT(s) "replaceRegexpOne(splitByChar('/'," s ")[1],'^::(?i:ffff:)?([0-9]+[.][0-9.]+)$','\\\\1')"
#define ADDRESS(s) "toIPv6OrNull(" TEXT(s) ")"
/* 255 is what is no prefix. */
#define BITS(s)                                                                                              \
    "multiIf(position(" s ",'/') = 0,128,match(" TEXT(s) ",'^[0-9]+[.][0-9.]+$'),96 + ifNull(toUInt8OrNull(" \
                                                         "splitByChar('/'," s                                \
                                                         ")[2]),159),ifNull(toUInt8OrNull(splitByChar('/',"  \
                                                         "" s ")[2]),255))"
#define VALID(s) "(isNotNull(" ADDRESS(s) ") AND " BITS(s) " <= 128)"
#define MASKED(s, bits) "IPv6CIDRToRange(ifNull(" ADDRESS(s) ",toIPv6('::')),toUInt8(least(" bits ",128))).1"

#define BOTH "least(" BITS("$1") "," BITS("$2") ")"
#define BOTH_WITH "least(" BITS("$1") "," BITS("$2") ",ifNull($3,255))"
#define IS_PREFIX(p) "ifNull(" p " BETWEEN 0 AND 128,false)"
#define LEFT(bits) MASKED("$1", bits)
#define RIGHT(bits) MASKED("$2", bits)
#define ORDER(bits)                                                                                          \
    "toNullable(toInt64(" LEFT(bits) " > " RIGHT(bits) ") - toInt64(" LEFT(bits) " < " RIGHT(bits) "))"
#define SAME(bits) "toNullable(" LEFT(bits) " = " RIGHT(bits) ")"

#define IN_RANGE(r) "(" MASKED("$1", BITS(r)) " = " MASKED(r, BITS(r)) ")"

#define CANONICAL(bits)                                                                                      \
    "arrayStringConcat(extractAll(lower(hex(IPv6StringToNum(toString(" MASKED("$1", bits) ")))),'.{4}'),':'" \
                                                                                          ")"

static void emit_compare(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2 ? "if(" VALID("$1") " AND " VALID("$2") "," ORDER(BOTH) ",NULL)"
                                    : "if(" VALID("$1") " AND " VALID("$2") " AND " IS_PREFIX("$3") "," ORDER(
                                          BOTH_WITH) ",NULL)",
                  call);
}

static void emit_match(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2 ? "if(" VALID("$1") " AND " VALID("$2") "," SAME(BOTH) ",NULL)"
                                    : "if(" VALID("$1") " AND " VALID("$2") " AND " IS_PREFIX("$3") "," SAME(
                                          BOTH_WITH) ",NULL)",
                  call);
}

static void emit_in_any(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_template(e, "if(" VALID("$1") ",(toNullable(false)", call->args, 1);
    for (size_t i = 1; i < call->n_args; i++) {
        struct kql_expr *pair[] = { call->args[0], call->args[i] };
        kql_emit_template(
            e,
            call->args[i]->type == KQL_DYNAMIC
                ? " OR arrayExists(r -> " VALID("r") " AND " IN_RANGE("r") ",JSONExtract($2,'Array(String)'))"
                : " OR (" VALID("$2") " AND " IN_RANGE("$2") ")",
            pair, 2);
    }
    kql_emit_addz(e, "),NULL)");
}

const struct kql_fn KQL_FN_IPV6[] = {
    { .name = "ipv6_compare",
      .args = "ssi?",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_compare,
      .doc = "-1, 0 or 1 by the order of two addresses of IPv6 or IPv4 under their prefixes.",
      .example = "ipv6_compare('fe80::85d:e82c:9446:7994', 'fe80::85d:e82c:9446:7998')",
      .yields = "-1" },
    { .name = "ipv6_is_match",
      .args = "ssi?",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_match,
      .doc = "Whether two addresses of IPv6 or IPv4 are the same under their prefixes.",
      .example = "ipv6_is_match('192.168.1.1/24', '::ffff:c0a8:01ff')",
      .yields = "True" },
    { .name = "ipv6_is_in_range",
      .args = "ss",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" VALID("$1") " AND " VALID("$2") ",toNullable(" IN_RANGE("$2") "),NULL)",
      .doc = "Whether an address of IPv6 lies in a range written with a prefix.",
      .example = "ipv6_is_in_range('fe80::1:2', 'fe80::1:0/112')",
      .yields = "True" },
    { .name = "ipv6_is_in_any_range",
      .args = "sl+",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .emit = emit_in_any,
      .doc = "Whether an address of IPv6 lies in one of some ranges.",
      .example = "ipv6_is_in_any_range('fe80::1:2', dynamic(['a5e::/64', 'fe80::/64']))",
      .yields = "True" },
    { .name = "parse_ipv6",
      .args = "s",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" VALID("$1") "," CANONICAL(BITS("$1")) ",'')",
      .doc = "An address of IPv6 or IPv4 with all its 32 digits, under its prefix.",
      .example = "parse_ipv6('192.168.255.255/24')",
      .yields = "0000:0000:0000:0000:0000:ffff:c0a8:ff00" },
    { .name = "parse_ipv6_mask",
      .args = "si",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" VALID("$1") " AND " IS_PREFIX("$2") "," CANONICAL(
          "least(" BITS("$1") ",ifNull($2,255))") ",'')",
      .doc = "An address of IPv6 or IPv4 with all its 32 digits, under a prefix of 0 to 128 bits.",
      .example = "parse_ipv6_mask('fe80::85d:e82c:9446:7994/120', 124)",
      .yields = "fe80:0000:0000:0000:085d:e82c:9446:7900" },
    { 0 },
};
