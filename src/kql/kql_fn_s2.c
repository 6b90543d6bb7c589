/* SPDX-License-Identifier: Apache-2.0 */
/* S2 cells by their tokens. A face of the cube around the globe is cut into four `level` times; the cells lie
 * along a Hilbert curve, whose turns ORDER, PLACES and TURNS say. The number of a cell is its face (3 bits),
 * two bits a level, a 1, and zeros; its token is that in hexadecimal without the zeros at the end. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define LET(name, value, body) "arrayMap(" name " -> " body ",[" value "])[1]"
#define ORDER "[0,1,3,2,0,3,1,2,2,3,1,0,2,1,3,0]"  /* by turn, i and j: the place on the curve */
#define PLACES "[0,1,3,2,0,2,3,1,3,2,0,1,3,1,0,2]" /* by turn and the place on the curve: i and j */
#define TURNS "[1,0,0,3]"                          /* how a place turns what is in it */

/* From a vector `v` to the token of its cell at `level`. */
#define FACE                                                                                                 \
    "multiIf(abs(v.1) >= abs(v.2) AND abs(v.1) >= abs(v.3),if(v.1 < 0,3,0),abs(v.2) >= abs(v.3),if(v.2 < "   \
    "0,4,1),if(v.3 < 0,5,2))"
#define U_OF                                                                                                 \
    "multiIf(f = 0,v.2 / v.1,f = 1,-v.1 / v.2,f = 2,-v.1 / v.3,f = 3,v.3 / v.1,f = 4,v.3 / v.2,-v.2 / v.3)"
#define V_OF                                                                                                 \
    "multiIf(f = 0,v.3 / v.1,f = 1,v.3 / v.2,f = 2,-v.2 / v.3,f = 3,v.2 / v.1,f = 4,-v.1 / v.2,-v.1 / v.3)"
#define GRID(u)                                                                                              \
    LET("w", u,                                                                                              \
        "toUInt64(least(1073741823,greatest(0,floor(1073741824 * if(w >= 0,sqrt(1 + 3 * w) / 2,1 - sqrt(1 "  \
        "- 3 * w) / 2)))))")
#define BIT(x) "bitAnd(bitShiftRight(" x ",29 - k),1)"
#define NEXT_PLACE ORDER "[a.2 * 4 + 2 * " BIT("i") " + " BIT("j") " + 1]"
#define CELL(level)                                                                                          \
    LET("f", FACE,                                                                                           \
        LET("i", GRID(U_OF),                                                                                 \
            LET("j", GRID(V_OF),                                                                             \
                "bitShiftLeft(arrayFold((a,k) -> (toUInt64(a.1 * 4 + " NEXT_PLACE                            \
                "),toUInt8(bitXor(a.2," TURNS "[" NEXT_PLACE " + 1]))),range(toUInt8(" level                 \
                ")),(toUInt64(f),toUInt8(f % 2))).1 * 2 + 1,toUInt8(60 - 2 * " level "))")))
#define TOKEN(cell) "replaceRegexpOne(leftPad(lower(hex(" cell ")),16,'0'),'0+$','')"

/* From a token to the cell: `c` its number, `d` its level, `p` = (i, j, turn). */
#define IS_HEX "match($1,'^[0-9a-f]{1,16}$')"
#define NUMBER "reinterpretAsUInt64(reverse(unhex(rightPad(if(" IS_HEX ",$1,'1'),16,'0'))))"
#define ZEROS(c) "(toInt16(bitCount(bitXor(" c "," c " - 1))) - 1)"
#define IS_CELL                                                                                              \
    "(" IS_HEX " AND " ZEROS(NUMBER) " <= 60 AND " ZEROS(NUMBER) " % 2 = 0 AND bitShiftRight(" NUMBER        \
                                                                 ",61) < 6)"
#define PLACE "bitAnd(bitShiftRight(c,59 - 2 * k),3)"
#define IJ PLACES "[a.3 * 4 + " PLACE " + 1]"
#define WITH_CELL(body)                                                                                      \
    LET("c", "if(" IS_CELL "," NUMBER ",toUInt64(1152921504606846976))",                                     \
        LET("d", "toInt64(intDiv(60 - " ZEROS("c") ",2))",                                                   \
            LET("p",                                                                                         \
                "arrayFold((a,k) -> (toInt64(a.1 * 2 + intDiv(" IJ ",2)),toInt64(a.2 * 2 + " IJ              \
                " % 2),toUInt8(bitXor(a.3," TURNS "[" PLACE " + 1]))),range(toUInt8(d)),(toInt64(0),"        \
                "toInt64(0),toUInt8(bitShiftRight(c,61) % 2)))",                                             \
                body)))

/* The vector at (x, y) within the cell, 0 to 1 each; over its edges the face next to it is met. */
#define CURVED(s)                                                                                            \
    LET("w", s,                                                                                              \
        "greatest(-1.000000001,least(1.000000001,if(w >= 0.5,4 * w * w - 1,1 - 4 * (1 - w) * (1 - w)) / "    \
        "3))")
#define AT(x, y)                                                                                             \
    LET("f", "bitShiftRight(c,61)",                                                                          \
        LET("u", CURVED("(p.1 + " x ") / pow(2,d)"),                                                         \
            LET("w", CURVED("(p.2 + " y ") / pow(2,d)"),                                                     \
                "multiIf(f = 0,(1,u,w),f = 1,(-u,1,w),f = 2,(-u,-w,1),f = 3,(-1,-w,-u),f = "                 \
                "4,(w,-1,-u),(w,u,-1))")))
#define PAIR(v)                                                                                              \
    LET("v", v,                                                                                              \
        "concat('[',toString(degrees(atan2(v.2,v.1))),',',toString(degrees(atan2(v.3,hypot(v.1,v.2)))),']'"  \
        ")")

#define IS_POINT "ifNull($1 BETWEEN -180 AND 180,false) AND ifNull($2 BETWEEN -90 AND 90,false)"
#define HERE                                                                                                 \
    "(cos(radians(ifNull($2,0))) * cos(radians(ifNull($1,0))),cos(radians(ifNull($2,0))) * "                 \
    "sin(radians(ifNull($1,0))),sin(radians(ifNull($2,0))))"
#define GIVEN "if(ifNull($3 BETWEEN 0 AND 30,false),assumeNotNull($3),11)"

static void emit_point_to_s2(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2
                      ? "if(" IS_POINT "," LET("v", HERE, TOKEN(CELL("11"))) ",'')"
                      : "if(" IS_POINT
                        " AND ifNull($3 BETWEEN 0 AND 30,false)," LET("v", HERE, TOKEN(CELL(GIVEN))) ",'')",
                  call);
}

const struct kql_fn KQL_FN_S2[] = {
    { .name = "geo_point_to_s2cell",
      .args = "rri?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_point_to_s2,
      .doc = "The token of the S2 cell of a point, at a level from 0 to 30 (11).",
      .example = "geo_point_to_s2cell(-80.195829, 25.802215, 8)",
      .yields = "88d9b" },
    { .name = "geo_s2cell_to_central_point",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_CELL
             ",concat('{\"type\":\"Point\",\"coordinates\":'," WITH_CELL(PAIR(AT("0.5", "0.5"))) ",'}'),'')",
      .doc = "The point in the middle of an S2 cell, as GeoJSON.",
      .example = "round(toreal(geo_s2cell_to_central_point('1234567').coordinates[1]), 4)",
      .yields = "27.4684" },
    { .name = "geo_s2cell_to_polygon",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_CELL ",concat('{\"type\":\"Polygon\",\"coordinates\":[[',arrayStringConcat(" WITH_CELL(
          "arrayMap(q -> " PAIR(AT("q.1", "q.2")) ",[(0,0),(1,0),(1,1),(0,1),(0,0)])") ",','),']]}'),'')",
      .doc = "The outline of an S2 cell, as GeoJSON.",
      .example = "round(toreal(geo_s2cell_to_polygon('89c259').coordinates[0][0][1]), 4)",
      .yields = "40.8013" },
    { .name = "geo_s2cell_neighbors",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_CELL ",toJSONString(arrayDistinct(" WITH_CELL("arrayMap(q -> " LET(
          "v", AT("q.1", "q.2"),
          TOKEN(CELL("d"))) ",[(1.5,1.5),(-0.5,-0.5),(1.5,-0.5),"
                            "(0.5,-0.5),(0.5,1.5),(1.5,0.5),(-0.5,0.5),(-0.5,1.5)])") ")),'')",
      .doc = "The S2 cells around one, with an edge or a corner in common.",
      .example = "geo_s2cell_neighbors('89c259')[0]",
      .yields = "89c25d" },
    { 0 },
};
