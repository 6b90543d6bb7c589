/* SPDX-License-Identifier: Apache-2.0 */
/* Points on the globe (a sphere of 6,371,010 m), geohashes and H3 cells. Longitude comes first, as in the
 * language. What is no point or no cell gives null. */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define VALID(lon, lat)                                                                                      \
    "(ifNull(" lon " BETWEEN -180 AND 180,false) AND ifNull(" lat " BETWEEN -90 AND 90,false))"
/* Haversine. */
#define METERS(lon1, lat1, lon2, lat2)                                                                       \
    "(12742020 * asin(least(1,sqrt(pow(sin(radians(" lat2 " - " lat1 ") / 2),2) + cos(radians(" lat1         \
    ")) * cos(radians(" lat2 ")) * pow(sin(radians(" lon2 " - " lon1 ") / 2),2)))))"
/* Clockwise from north. */
#define AZIMUTH(lon1, lat1, lon2, lat2)                                                                      \
    "atan2(sin(radians(" lon2 " - " lon1 ")) * cos(radians(" lat2 ")),cos(radians(" lat1                     \
    ")) * sin(radians(" lat2 ")) - sin(radians(" lat1 ")) * cos(radians(" lat2 ")) * cos(radians(" lon2      \
    " - " lon1 ")))"

/* Functions of cells throw on what is none, also where a condition leaves their result out: they get a good
 * one. */
#define IS_H3 "match($1,'^8[0-9a-f]{14}$')"
#define H3 "stringToH3(if(" IS_H3 ",$1,'862a1072fffffff'))"
#define H3_LEVEL "toInt64(h3GetResolution(" H3 "))"
#define H3_TEXTS(cells) "toJSONString(arrayMap(c -> h3ToString(c)," cells "))"
/* The engine's ring begins one cell before Kusto's. */
#define H3_RING(k) "arrayMap(c -> h3ToString(c),arrayRotateLeft(h3HexRing(" H3 ",toUInt16(" k ")),1))"

#define IS_GEOHASH "match($1,'^[0-9b-hjkmnp-z]{1,18}$')"
#define CENTER "geohashDecode(if(" IS_GEOHASH ",$1,'s'))"
#define CELL_WIDTH "(360 / pow(2,intDiv(5 * length($1) + 1,2)))"
#define CELL_HEIGHT "(180 / pow(2,intDiv(5 * length($1),2)))"
#define CORNER(dx, dy)                                                                                       \
    "concat('[',toString(" CENTER ".1 " dx " " CELL_WIDTH " / 2),',',toString(" CENTER ".2 " dy              \
    " " CELL_HEIGHT " / 2),']')"
#define BESIDE(x, y)                                                                                         \
    "geohashEncode(" CENTER ".1 + (" x ") * " CELL_WIDTH "," CENTER ".2 + (" y ") * " CELL_HEIGHT            \
    ",toUInt8(length($1)))"
#define POINT(lon, lat)                                                                                      \
    "concat('{\"type\":\"Point\",\"coordinates\":[',toString(" lon "),',',toString(" lat "),']}')"

#define LINES "JSONExtract($1,'coordinates','Array(Array(Array(Float64)))')"
#define LINE "JSONExtract($1,'coordinates','Array(Array(Float64))')"
#define LENGTH(points)                                                                                       \
    "arraySum(arrayMap((a,b) -> " METERS("a[1]", "a[2]", "b[1]", "b[2]") ",arrayPopBack(" points             \
                                                                         "),arrayPopFront(" points ")))"

static void emit_point_to_geohash(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2
                      ? "if(" VALID("$1", "$2") ",geohashEncode(ifNull($1,0),ifNull($2,0),5),'')"
                      : "if(" VALID("$1", "$2") " AND ifNull($3 BETWEEN 1 AND 12,false),geohashEncode("
                                                "ifNull($1,0),ifNull($2,0),toUInt8(ifNull($3,5))),'')",
                  call);
}

static void emit_point_to_h3(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(
        e,
        call->n_args == 2
            ? "if(" VALID("$1", "$2") ",h3ToString(geoToH3(ifNull($2,0),ifNull($1,0),toUInt8(6))),'')"
            : "if(" VALID("$1", "$2") " AND ifNull($3 BETWEEN 0 AND 15,false),h3ToString(geoToH3("
                                      "ifNull($2,0),ifNull($1,0),toUInt8(if(ifNull($3 BETWEEN 0 AND "
                                      "15,false),assumeNotNull($3),6)))),'')",
        call);
}

static void emit_h3_parent(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 1 ? "if(" IS_H3 " AND " H3_LEVEL " > 0,h3ToString(h3ToParent(" H3
                                      ",toUInt8(greatest(" H3_LEVEL " - 1,0)))),'')"
                                    : "if(" IS_H3 " AND ifNull($2 BETWEEN 0 AND " H3_LEVEL
                                      ",false),h3ToString(h3ToParent(" H3
                                      ",toUInt8(if(ifNull($2 BETWEEN 0 AND " H3_LEVEL
                                      ",false),assumeNotNull($2),0)))),'')",
                  call);
}

/* More than five levels down there would be more than 16,807 cells. */
static void emit_h3_children(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 1
                      ? "if(" IS_H3 " AND " H3_LEVEL
                        " < 15," H3_TEXTS("h3ToChildren(" H3 ",toUInt8(least(" H3_LEVEL " + 1,15)))") ",'')"
                      : "if(" IS_H3 " AND ifNull($2 BETWEEN " H3_LEVEL " + 1 AND least(" H3_LEVEL
                        " + 5,15),false)," H3_TEXTS(
                            "h3ToChildren(" H3 ",toUInt8(if(ifNull($2 BETWEEN " H3_LEVEL
                            " + 1 AND least(" H3_LEVEL " + 5,15),false),assumeNotNull($2),least(" H3_LEVEL
                            " + 1,15))))") ",'')",
                  call);
}

const struct kql_fn KQL_FN_GEO[] = {
    { .name = "geo_distance_2points",
      .args = "rrrr",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" VALID("$1", "$2") " AND " VALID("$3", "$4") "," METERS("$1", "$2", "$3", "$4") ",NULL)",
      .doc = "The shortest way between two points, in meters.",
      .example = "round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056))",
      .yields = "1546754.0" },
    { .name = "geo_azimuth",
      .args = "rrrr",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" VALID("$1", "$2") " AND " VALID("$3", "$4") " AND NOT ($1 = $3 AND $2 = $4)," AZIMUTH(
          "$1", "$2", "$3", "$4") ",NULL)",
      .doc = "The direction from one point to another, clockwise from north, in radians.",
      .example = "round(geo_azimuth(5, 10, 10, -40), 4)",
      .yields = "3.0546" },
    { .name = "geo_angle",
      .args = "rrrrrr",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" VALID("$1", "$2") " AND " VALID("$3", "$4") " AND " VALID(
          "$5", "$6") " AND NOT ($1 = $3 AND $2 = $4) AND NOT ($5 = $3 AND $6 = "
                      "$4),positiveModulo(" AZIMUTH("$3", "$4", "$5", "$6") " - " AZIMUTH(
                          "$3", "$4", "$1", "$2") ",2 * pi()),NULL)",
      .doc = "The angle at the second point from the first to the third, clockwise, in radians.",
      .example = "round(geo_angle(0, 10, 0, 5, 3, -10), 4)",
      .yields = "2.9449" },
    { .name = "geo_point_in_circle",
      .args = "rrrrr",
      .result = KQL_BOOL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" VALID("$1", "$2") " AND " VALID("$3", "$4") " AND ifNull($5 >= 0,false)," METERS(
          "$1", "$2", "$3", "$4") " <= $5,NULL)",
      .doc = "Whether a point lies within meters of a center.",
      .example = "geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500)",
      .yields = "True" },
    { .name = "geo_line_length",
      .args = "d",
      .result = KQL_REAL,
      .nulls = KQL_FN_NULLS_MAY,
      .sql =
          "multiIf(JSONExtractString($1,'type') = 'LineString' AND length(" LINE ") > 1,toNullable(" LENGTH(
              LINE) "),JSONExtractString($1,'type') = 'MultiLineString' AND notEmpty(" LINES
                    ") AND arrayAll(l -> length(l) > 1," LINES
                    "),toNullable(arraySum(arrayMap(l -> " LENGTH("l") "," LINES "))),NULL)",
      .doc = "The length of a line or of many lines, in meters.",
      .example = "round(geo_line_length(dynamic({\"type\":\"LineString\",\"coordinates\":[[0,0],[0,1]]})))",
      .yields = "111195.0" },
    { .name = "geo_point_to_geohash",
      .args = "rri?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_point_to_geohash,
      .doc = "The geohash of a point, 1 to 12 characters long.",
      .example = "geo_point_to_geohash(-80.195829, 25.802215, 8)",
      .yields = "dhwfz15h" },
    { .name = "geo_geohash_to_central_point",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_GEOHASH "," POINT(CENTER ".1", CENTER ".2") ",'')",
      .doc = "The point in the middle of a geohash, as GeoJSON.",
      .example = "geo_geohash_to_central_point('sunny')",
      .yields = "{\"type\":\"Point\",\"coordinates\":[42.47314453125,23.70849609375]}" },
    { .name = "geo_geohash_to_polygon",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_GEOHASH ",concat('{\"type\":\"Polygon\",\"coordinates\":[[',arrayStringConcat([" CORNER(
          "-", "-") "," CORNER("+", "-") "," CORNER("+",
                                                    "+") "," CORNER("-",
                                                                    "+") "," CORNER("-",
                                                                                    "-") "],','),']]}'),'')",
      .doc = "The rectangle of a geohash, as GeoJSON.",
      .example = "geo_geohash_to_polygon('dr5ru').coordinates[0][2][1]",
      .yields = "40.78125" },
    { .name = "geo_geohash_neighbors",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "if(" IS_GEOHASH
          ",toJSONString([" BESIDE("-1", "-1") "," BESIDE("-1", "1") "," BESIDE("1", "-1") "," BESIDE(
              "0", "1") "," BESIDE("-1", "0") "," BESIDE("1", "1") "," BESIDE("1",
                                                                              "0") "," BESIDE("0",
                                                                                              "-1") "]),'')",
      .doc = "The eight geohashes around one.",
      .example = "geo_geohash_neighbors('sunny')[0]",
      .yields = "sunnt" },
    { .name = "geo_point_to_h3cell",
      .args = "rri?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_point_to_h3,
      .doc = "The H3 cell of a point, at a level from 0 to 15 (6).",
      .example = "geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)",
      .yields = "862a1072fffffff" },
    { .name = "geo_h3cell_level",
      .args = "s",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(" IS_H3 "," H3_LEVEL ",NULL)",
      .doc = "The level of an H3 cell.",
      .example = "geo_h3cell_level('862a1072fffffff')",
      .yields = "6" },
    { .name = "geo_h3cell_parent",
      .args = "si?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_h3_parent,
      .doc = "The H3 cell around a cell, one level up or at a level.",
      .example = "geo_h3cell_parent('862a1072fffffff')",
      .yields = "852a1073fffffff" },
    { .name = "geo_h3cell_children",
      .args = "si?",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_h3_children,
      .doc = "The H3 cells within a cell, one level down or at a level at most five down.",
      .example = "array_length(geo_h3cell_children('862a1072fffffff', 8))",
      .yields = "49" },
    { .name = "geo_h3cell_neighbors",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_H3 ",toJSONString(" H3_RING("1") "),'')",
      .doc = "The H3 cells around one.",
      .example = "geo_h3cell_neighbors('862a1072fffffff')[0]",
      .yields = "862a10727ffffff" },
    { .name = "geo_h3cell_rings",
      .args = "si",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "if(" IS_H3
          " AND ifNull($2 BETWEEN 0 AND 142,false),toJSONString(arrayMap(k -> if(k = 0,[$1]," H3_RING(
              "k") "),range(toUInt64(if(ifNull($2 BETWEEN 0 AND 142,false),assumeNotNull($2),0)) + 1))),'')",
      .doc = "The rings of H3 cells around one, from itself outward.",
      .example = "array_length(geo_h3cell_rings('861f8894fffffff', 2)[2])",
      .yields = "12" },
    { .name = "geo_h3cell_to_central_point",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_H3 "," POINT("h3ToGeo(" H3 ").2", "h3ToGeo(" H3 ").1") ",'')",
      .doc = "The point in the middle of an H3 cell, as GeoJSON.",
      .example = "round(toreal(geo_h3cell_to_central_point('862a1072fffffff').coordinates[1]), 4)",
      .yields = "40.7042" },
    { .name = "geo_h3cell_to_polygon",
      .args = "s",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(" IS_H3 ",concat('{\"type\":\"Polygon\",\"coordinates\":[[',arrayStringConcat(arrayMap(p -> "
             "concat('[',toString(p.2),',',toString(p.1),']'),arrayPushBack(h3ToGeoBoundary(" H3
             "),h3ToGeoBoundary(" H3 ")[1])),','),']]}'),'')",
      .doc = "The outline of an H3 cell, as GeoJSON.",
      .example = "array_length(geo_h3cell_to_polygon('862a1072fffffff').coordinates[0])",
      .yields = "7" },
    { 0 },
};
