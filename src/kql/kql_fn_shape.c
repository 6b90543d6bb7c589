/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and polygons on the globe, in GeoJSON. Points become vectors of length 1 and edges arcs of great
 * circles; what is no such shape gives null. A polygon's inside is what an odd number of edges parts from the
 * north pole, so a polygon must not hold that. */
#include "kql/kql_build.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define METERS "6371010"
#define IS_POINT "(ifNull($1 BETWEEN -180 AND 180,false) AND ifNull($2 BETWEEN -90 AND 90,false))"
#define TYPE(g) "JSONExtractString(" g ",'type')"
#define ARRAY1(t) "Array(" t ")"
#define ARRAY2(t) "Array(Array(" t "))"
#define ARRAY3(t) "Array(Array(Array(" t ")))"
#define COORDINATES(g, depth) "JSONExtract(" g ",'coordinates','" depth("Tuple(Float64,Float64)") "')"

/* The lines of a line or of many; the rings of a polygon or of many. */
#define LINES(g) "if(" TYPE(g) " = 'LineString',[" COORDINATES(g, ARRAY1) "]," COORDINATES(g, ARRAY2) ")"
#define POLYGONS(g) "if(" TYPE(g) " = 'Polygon',[" COORDINATES(g, ARRAY2) "]," COORDINATES(g, ARRAY3) ")"
#define RINGS(g) "arrayReduce('groupArrayArray'," POLYGONS(g) ")"
#define ON_GLOBE(r) "arrayAll(p -> p.1 BETWEEN -180 AND 180 AND p.2 BETWEEN -90 AND 90," r ")"
#define IS_LINE(g)                                                                                           \
    "(" TYPE(g) " IN ('LineString','MultiLineString') AND notEmpty(" LINES(                                  \
        g) ") AND arrayAll(r -> length(arrayDistinct(r)) > 1 AND " ON_GLOBE("r") "," LINES(g) "))"
#define IS_POLYGON(g)                                                                                        \
    "(" TYPE(g) " IN ('Polygon','MultiPolygon') AND notEmpty(" RINGS(g) ") AND arrayAll(r -> "               \
                                                                        "length(arrayDistinct(r)) > 2 AND "  \
                                                                        "r[1] = r[-1] AND " ON_GLOBE(        \
                                                                            "r") "," RINGS(g) "))"

/* Vectors and arcs. */
#define VECTOR(p)                                                                                            \
    "(cos(radians(" p ".2)) * cos(radians(" p ".1)),cos(radians(" p ".2)) * sin(radians(" p                  \
    ".1)),sin(radians(" p ".2)))"
#define CROSS(a, b)                                                                                          \
    "(" a ".2 * " b ".3 - " a ".3 * " b ".2," a ".3 * " b ".1 - " a ".1 * " b ".3," a ".1 * " b ".2 - " a    \
    ".2 * " b ".1)"
#define SCALED(v, by) "tupleMultiplyByNumber(" v "," by ")"
#define ANGLE(a, b) "(2 * asin(least(1,L2Distance(" a "," b ") / 2)))"
#define TO_POINT(v)                                                                                          \
    "concat('{\"type\":\"Point\",\"coordinates\":[',toString(degrees(atan2(" v ".2," v                       \
    ".1))),',',toString(degrees(atan2(" v ".3,hypot(" v ".1," v ".2)))),']}')"
#define SUM(vectors) "arrayFold((sum,v) -> sum + v," vectors ",(toFloat64(0),toFloat64(0),toFloat64(0)))"
#define LET(name, value, body) "arrayMap(" name " -> " body ",[" value "])[1]"

#define EDGES(rings) "arrayFlatten(arrayMap(r -> arrayZip(arrayPopBack(r),arrayPopFront(r))," rings "))"
#define ARCS(rings) "arrayMap(e -> (" VECTOR("e.1") "," VECTOR("e.2") ")," EDGES(rings) ")"
#define LENGTH(rings) "arraySum(arrayMap(s -> " ANGLE("s.1", "s.2") "," ARCS(rings) "))"

/* The point of arc `s` that is nearest to `x`: where the perpendicular meets it, or its nearer end. */
#define HERE "(ifNull($1,0),ifNull($2,0))"
#define NEAREST                                                                                              \
    LET("n", CROSS("s.1", "s.2"),                                                                            \
        "if(L2Norm(n) > 1e-15 AND dotProduct(" CROSS("n", "s.1") ",x) >= 0 AND dotProduct(" CROSS(           \
            "s.2",                                                                                           \
            "n") ",x) >= 0,L2Normalize(x - " SCALED("n",                                                     \
                                                    "dotProduct(x,n) / dotProduct(n,n)") "),"                \
                                                                                         "if(dotProduct(x,"  \
                                                                                         "s.1) >= "          \
                                                                                         "dotProduct(x,s.2)" \
                                                                                         ",s.1,s.2))")
#define NEAREST_ON(rings)                                                                                    \
    LET("x", VECTOR(HERE),                                                                                   \
        "arraySort(c -> " ANGLE("x", "c") ",arrayMap(s -> " NEAREST "," ARCS(rings) "))[1]")
#define DISTANCE(rings)                                                                                      \
    LET("x", VECTOR(HERE), "arrayMin(arrayMap(s -> " ANGLE("x", NEAREST) "," ARCS(rings) "))")

/* How many edges cross the meridian of a point north of it. */
#define WEST_EAST(lon, p) "(positiveModulo(" p ".1 - " lon " + 180,360) - 180)"
#define NORTH(lon, lat)                                                                                                                                            \
    "((" WEST_EAST(lon, "e.1") " > 0) != (" WEST_EAST(lon, "e.2") " > 0) AND abs(" WEST_EAST(                                                                      \
        lon,                                                                                                                                                       \
        "e.1") " - " WEST_EAST(lon,                                                                                                                                \
                               "e.2") ") < 180 AND (tan(radians(e.1.2)) * sin(radians(" WEST_EAST(lon,                                                             \
                                                                                                  "e.2") ")"                                                       \
                                                                                                         ")"                                                       \
                                                                                                         " "                                                       \
                                                                                                         "-"                                                       \
                                                                                                         " "                                                       \
                                                                                                         "t"                                                       \
                                                                                                         "a"                                                       \
                                                                                                         "n"                                                       \
                                                                                                         "("                                                       \
                                                                                                         "r"                                                       \
                                                                                                         "a"                                                       \
                                                                                                         "d"                                                       \
                                                                                                         "i"                                                       \
                                                                                                         "a"                                                       \
                                                                                                         "n"                                                       \
                                                                                                         "s"                                                       \
                                                                                                         "("                                                       \
                                                                                                         "e"                                                       \
                                                                                                         "."                                                       \
                                                                                                         "2"                                                       \
                                                                                                         "."                                                       \
                                                                                                         "2"                                                       \
                                                                                                         ")"                                                       \
                                                                                                         ")"                                                       \
                                                                                                         " "                                                       \
                                                                                                         "*"                                                       \
                                                                                                         " "                                                       \
                                                                                                         "s"                                                       \
                                                                                                         "i"                                                       \
                                                                                                         "n"                                                       \
                                                                                                         "("                                                       \
                                                                                                         "r"                                                       \
                                                                                                         "a"                                                       \
                                                                                                         "d"                                                       \
                                                                                                         "i"                                                       \
                                                                                                         "a"                                                       \
                                                                                                         "n"                                                       \
                                                                                                         "s"                                                       \
                                                                                                         "(" WEST_EAST(lon, "e.1") "))) / sin(radians(" WEST_EAST( \
                                                                                                             lon,                                                  \
                                                                                                             "e.2") " - " WEST_EAST(lon,                           \
                                                                                                                                    "e.1") ")) > "                 \
                                                                                                                                           "tan(radians(" lat      \
                                                                                                                                           ")))"
#define INSIDE(lon, lat, g) "(arrayCount(e -> " NORTH(lon, lat) "," EDGES(RINGS(g)) ") % 2 = 1)"

/* The area between an edge and the equator, summed; and the vector of Stokes, whose direction is the
 * centroid's. */
#define AREA(r)                                                                                              \
    "abs(arraySum(arrayMap((a,b) -> 2 * atan(tan(radians(b.1 - a.1) / 2) * sin(radians(a.2 + b.2) / 2) / "   \
    "cos(radians(b.2 - a.2) / 2)),arrayPopBack(" r "),arrayPopFront(" r "))))"
#define TURNED(r)                                                                                            \
    LET("t",                                                                                                 \
        SUM("arrayMap((a,b) -> " LET(                                                                        \
            "n", CROSS("a", "b"),                                                                            \
            "if(L2Norm(n) > 0," SCALED(                                                                      \
                "n", ANGLE("a", "b") " / L2Norm(n)") ",n)") ",arrayPopBack(" r "),arrayPopFront(" r "))"),   \
        SCALED("t", "if(dotProduct(t," r "[1]) < 0,-1,1)"))

/* Two arcs meet when the ends of each lie on both sides of the other, or on it. */
#define SIDE(a, p) "sign(dotProduct(" CROSS(a ".1", a ".2") "," p "))"
#define MEET                                                                                                 \
    "(" SIDE("s", "t.1") " * " SIDE("s", "t.2") " <= 0 AND " SIDE("t", "s.1") " * " SIDE(                    \
        "t", "s.2") " <= 0 AND dotProduct(s.1 + s.2,t.1 + t.2) > 0)"
#define CROSSING(rings1, rings2)                                                                             \
    LET("other", ARCS(rings2), "arrayExists(s -> arrayExists(t -> " MEET ",other)," ARCS(rings1) ")")

/* Texts like "LINESTRING (1 2, 3 4)": each `name(…)` becomes a member of an array of shapes, and what then is
 * no JSON was no such text. */
#define NUM "[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?"
#define NAMES "POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON"
#define BRACKETS(text)                                                                                       \
    "translate(replaceRegexpAll(replaceRegexpAll(" text ",'(" NUM ")[ ]+(" NUM                               \
    ")','(\\\\1,\\\\2)'),'[ \\t\\n]+',''),'()','[]')"
#define MEMBERS(text)                                                                                        \
    "replaceRegexpAll(" BRACKETS(                                                                            \
        text) ",'([A-Z]+)(\\\\[[^A-Z]*\\\\])','{\"type\":\"\\\\1\",\"coordinates\":\\\\2}')"
/* A point has no parentheses of its own, and those of a MULTIPOINT may. */
#define UNWRAPPED(text)                                                                                      \
    "replaceRegexpAll(" text                                                                                 \
    ",'(\"POINT\",\"coordinates\":)\\\\[(\\\\[[^\\\\[\\\\]]*\\\\])\\\\]','\\\\1\\\\2')"
#define NAMED(text)                                                                                          \
    "replaceAll(replaceAll(replaceAll(replaceAll(" text                                                      \
    ",'MULTI','Multi'),'POINT','Point'),'LINESTRING','LineString'),'POLYGON','Polygon')"
#define SHAPES(text) NAMED(UNWRAPPED(MEMBERS(text)))
#define PLAIN "match($1,'^\\\\s*(?:" NAMES ")\\\\s*\\\\([-+0-9.eE,()\\\\s]*\\\\)\\\\s*$')"
#define COLLECTION "^\\\\s*GEOMETRYCOLLECTION\\\\s*\\\\(((?:[-+0-9.eE,()\\\\s]|" NAMES ")*)\\\\)\\\\s*$"

/* The engine's function throws on what is no polygon, also where its result is not wanted: it is given none
 * then. */
#define H3_CELLS(level)                                                                                      \
    "toJSONString(arrayMap(c -> h3ToString(c),arrayDistinct(arrayFlatten(arrayMap(g -> h3PolygonToCells(g,"  \
    "toUInt8(" level ")),arraySlice(" POLYGONS("$1") ",1,if(" IS_POLYGON("$1") ",1048576,0)))))))"

static void emit_h3_cells(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 1
                      ? "if(" IS_POLYGON("$1") "," H3_CELLS("6") ",'')"
                      : "if(" IS_POLYGON("$1") " AND ifNull($2 BETWEEN 0 AND 15,false)," H3_CELLS(
                            "if(ifNull($2 BETWEEN 0 AND 15,false),assumeNotNull($2),0)") ",'')",
                  call);
}

/* The polygons of many may overlap: they are measured as one. Where it is known that there is one, nothing is
 * to do. */
static struct kql_expr *bind_simple(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    bool single = args[0]->kind == KQL_EXPR_CONST && !str_contains(args[0]->value.s, S("MultiPolygon"));
    (void)node;

    if (!single)
        args[0] = kql_build_raw(b, kql_fn_find(S("·simple")), KQL_DYNAMIC, args[0]->span, args, 1);
    return kql_build_raw(b, fn, fn->result, args[0]->span, args, n);
}

const struct kql_fn KQL_FN_SHAPE[] = {
    { .name = "·simple",
      .hidden = true,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "if(" TYPE("$1") " = 'MultiPolygon',kql_geo_simple(if(" TYPE("$1") " = 'MultiPolygon',$1,'')),$1)",
      .doc = "A polygon, or many as one.",
      .example = "isnull(geo_polygon_area(dynamic(1)))",
      .yields = "True" },
    { .name = "geo_point_in_polygon",
      .args = "rrd",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POINT
             " AND " IS_POLYGON("$3") ",toNullable(" INSIDE("ifNull($1,0)", "ifNull($2,0)", "$3") "),NULL)",
      .doc = "Whether a point lies in a polygon or in one of many.",
      .example = "geo_point_in_polygon(1, 0.5, "
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]}))",
      .yields = "True" },
    { .name = "geo_polygon_perimeter",
      .args = "d",
      .bind = bind_simple,
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POLYGON("$1") ",toNullable(" METERS " * " LENGTH(RINGS("$1")) "),NULL)",
      .doc = "The length of the edges of a polygon or of many, holes too, in meters.",
      .example = "tolong(geo_polygon_perimeter("
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]})))",
      .yields = "379639" },
    { .name = "geo_polygon_area",
      .args = "d",
      .bind = bind_simple,
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POLYGON("$1") ",toNullable(" METERS " * " METERS " * arraySum(arrayMap(g -> " AREA(
          "g[1]") " - arraySum(arrayMap(h -> " AREA("h") ",arrayPopFront(g)))," POLYGONS("$1") "))),NULL)",
      .doc = "The area of a polygon or of many that lie apart, without holes, in square meters.",
      .example = "tolong(geo_polygon_area("
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]})) / 1000000)",
      .yields = "6182" },
    { .name = "geo_polygon_centroid",
      .args = "d",
      .bind = bind_simple,
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_POLYGON("$1") "," LET(
          "c",
          SUM("arrayMap(g -> " TURNED("g[1]") " - " SUM("arrayMap(h -> " TURNED(
              "h") ",arrayPopFront(g))") ",arrayMap(g -> arrayMap(r -> arrayMap(p "
                                         "-> " VECTOR("p") ",r),g)," POLYGONS("$1") "))"),
          TO_POINT("c")) ",'')",
      .doc = "The middle of the area of a polygon or of many that lie apart, as GeoJSON.",
      .example = "round(toreal(geo_polygon_centroid(dynamic({\"type\":\"Polygon\",\"coordinates\":"
                 "[[[0,0],[2,0],[2,2],[0,2],[0,0]]]})).coordinates[0]), 4)",
      .yields = "1.0" },
    { .name = "geo_distance_point_to_polygon",
      .args = "rrd",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POINT " AND " IS_POLYGON("$3") ",toNullable(if(" INSIDE(
          "ifNull($1,0)", "ifNull($2,0)", "$3") ",0," METERS " * " DISTANCE(RINGS("$3")) ")),NULL)",
      .doc = "The way from a point to a polygon or the nearest of many, in meters; 0 within.",
      .example = "tolong(geo_distance_point_to_polygon(0.5, -1, "
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]})))",
      .yields = "111195" },
    { .name = "geo_closest_point_on_polygon",
      .args = "rrd",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "if(" IS_POINT " AND " IS_POLYGON("$3") ",if(" INSIDE("ifNull($1,0)", "ifNull($2,0)", "$3") "," LET(
              "c", VECTOR("(ifNull($1,0),ifNull($2,0))"), TO_POINT("c")) "," LET("c", NEAREST_ON(RINGS("$3")),
                                                                                 TO_POINT("c")) "),'')",
      .doc = "The point of a polygon or of many that is nearest to a point, as GeoJSON; itself within.",
      .example =
          "tolong(geo_closest_point_on_polygon(-1, -1, "
          "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]})).coordinates[0])",
      .yields = "0" },
    { .name = "geo_distance_point_to_line",
      .args = "rrd",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POINT " AND " IS_LINE("$3") ",toNullable(" METERS " * " DISTANCE(LINES("$3")) "),NULL)",
      .doc = "The way from a point to a line or the nearest of many, in meters.",
      .example = "tolong(geo_distance_point_to_line(0.5, 1, "
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]})))",
      .yields = "111195" },
    { .name = "geo_closest_point_on_line",
      .args = "rrd",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_POINT " AND " IS_LINE("$3") "," LET("c", NEAREST_ON(LINES("$3")), TO_POINT("c")) ",'')",
      .doc = "The point of a line or of many that is nearest to a point, as GeoJSON.",
      .example = "round(toreal(geo_closest_point_on_line(0.5, 1, "
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]})).coordinates[0]), 4)",
      .yields = "0.5" },
    { .name = "geo_line_centroid",
      .args = "d",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_LINE("$1") "," LET(
          "c",
          SUM("arrayMap(s -> " SCALED("(s.1 + s.2)",
                                      "L2Distance(s.1,s.2) / L2Norm(s.1 + s.2)") "," ARCS(LINES("$1")) ")"),
          TO_POINT("c")) ",'')",
      .doc = "The middle of the length of a line or of many, as GeoJSON.",
      .example = "round(toreal(geo_line_centroid("
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]})).coordinates[0]), 4)",
      .yields = "0.5" },
    { .name = "geo_line_interpolate_point",
      .args = "dr",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "if(" TYPE("$1") " = 'LineString' AND " IS_LINE("$1") " AND ifNull($2 BETWEEN 0 AND 1,false)," LET(
              "arcs", ARCS(LINES("$1")),
              LET("sums", "arrayCumSum(s -> " ANGLE("s.1", "s.2") ",arcs)",
                  LET("i", "greatest(1,arrayFirstIndex(u -> u >= ifNull($2,0) * sums[-1],sums))",
                      LET("arc", ANGLE("arcs[i].1", "arcs[i].2"),
                          LET("rest", "sums[i] - ifNull($2,0) * sums[-1]",
                              LET("c",
                                  SCALED("arcs[i].1", "sin(rest)") " + " SCALED("arcs[i].2",
                                                                                "sin(arc - rest)"),
                                  TO_POINT("c"))))))) ",'')",
      .doc = "The point at a fraction of the length of a line, as GeoJSON.",
      .example =
          "round(toreal(geo_line_interpolate_point("
          "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}), 0.25).coordinates[0]), 4)",
      .yields = "0.25" },
    { .name = "geo_line_locate_point",
      .args = "drr",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" TYPE("$1") " = 'LineString' AND " IS_LINE(
          "$1") " AND ifNull($2 BETWEEN -180 AND 180,false) AND ifNull($3 BETWEEN -90 AND "
                "90,false),toNullable(" LET(
                    "x", VECTOR("(ifNull($2,0),ifNull($3,0))"),
                    LET("arcs", ARCS(LINES("$1")),
                        LET("near", "arrayMap(s -> " NEAREST ",arcs)",
                            LET("i", "arraySort(k -> " ANGLE("x", "near[k]") ",arrayEnumerate(near))[1]",
                                "(arraySum(arrayMap(s -> " ANGLE(
                                    "s.1",
                                    "s.2") ",arraySlice(arcs,1,i - 1))) "
                                           "+ " ANGLE("arcs[i].1",
                                                      "near[i]") ") / "
                                                                 "arraySum("
                                                                 "arrayMap(s "
                                                                 "-> " ANGLE("s.1",
                                                                             "s.2") ",arcs))")))) "),NULL)",
      .doc = "The fraction of a line's length at which its nearest point to a point lies.",
      .example = "round(geo_line_locate_point("
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}), 0.25, 1), 4)",
      .yields = "0.25" },
    { .name = "geo_intersects_2lines",
      .args = "dd",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_LINE("$1") " AND " IS_LINE("$2") ",toNullable(" CROSSING(LINES("$1"),
                                                                               LINES("$2")) "),NULL)",
      .doc = "Whether two lines meet.",
      .example = "geo_intersects_2lines(dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[2,2]]}), "
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[0,2],[2,0]]}))",
      .yields = "True" },
    { .name = "geo_intersects_line_with_polygon",
      .args = "dd",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_LINE("$1") " AND " IS_POLYGON("$2") ",toNullable(" CROSSING(
          LINES("$1"), RINGS("$2")) " OR arrayExists(l -> " INSIDE("l[1].1", "l[1].2",
                                                                   "$2") "," LINES("$1") ")),NULL)",
      .doc = "Whether a line and a polygon have a point in common.",
      .example = "geo_intersects_line_with_polygon("
                 "dynamic({\"type\":\"LineString\",\"coordinates\":[[1,0.2],[1,0.5]]}), "
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]}))",
      .yields = "True" },
    { .name = "geo_intersects_2polygons",
      .args = "dd",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_POLYGON("$1") " AND " IS_POLYGON("$2") ",toNullable(" CROSSING(
          RINGS("$1"),
          RINGS("$2")) " OR arrayExists(l -> " INSIDE("l[1].1", "l[1].2",
                                                      "$2") "," RINGS("$1") ") OR arrayExists(l "
                                                                            "-> " INSIDE(
                                                                                "l[1].1", "l[1].2",
                                                                                "$1") "," RINGS("$2") ")),"
                                                                                                      "NULL)",
      .doc = "Whether two polygons have a point in common.",
      .example = "geo_intersects_2polygons("
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}), "
                 "dynamic({\"type\":\"Polygon\",\"coordinates\":[[[5,5],[6,5],[6,6],[5,5]]]}))",
      .yields = "False" },
    { .name = "geo_from_wkt",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = LET("j",
                 "multiIf(" PLAIN
                 "," SHAPES("$1") ",match($1,'" COLLECTION
                                  "'),concat('{\"type\":\"GeometryCollection\",\"geometries\":['," SHAPES(
                                      "extract($1,'" COLLECTION "')") ",']}'),'')",
                 "if(isValidJSON(j),j,'')"),
      .doc = "A shape in well-known text as GeoJSON.",
      .example = "geo_from_wkt('LINESTRING (1 2, 3 4)')",
      .yields = "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}" },
    { .name = "geo_polygon_to_h3cells",
      .args = "di?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_h3_cells,
      .doc = "The H3 cells, at a level from 0 to 15 (6), whose middle lies in a polygon or in one of many.",
      .example = "array_length(geo_polygon_to_h3cells(dynamic({\"type\":\"Polygon\",\"coordinates\":"
                 "[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]})))",
      .yields = "13" },
    { 0 },
};
