/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and polygons on the globe that are laid over each other, given more or fewer points, or covered by
 * cells: what SQL cannot say (module scalar). */
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

#define SHAPES(n, a, f, d, x, y)                                                                             \
    {                                                                                                        \
        .name = n, .args = a, .result = KQL_DYNAMIC, .nulls = KQL_FN_NULLS_NEVER, .scalar = f, .doc = d,     \
        .example = x, .yields = y                                                                            \
    }
#define LINE(points) "dynamic({'type':'LineString','coordinates':[" points "]})"
#define POLYGON(points) "dynamic({'type':'Polygon','coordinates':[[" points "]]})"
#define UNIT_SQUARE POLYGON("[0,0],[1,0],[1,1],[0,1],[0,0]")

const struct kql_fn KQL_FN_OVERLAY[] = {
    SHAPES("geo_intersection_2lines", "dd", "geo_meet_lines", "What two lines share: points and lines.",
           "geo_intersection_2lines(" LINE("[-1,0],[1,0]") ", " LINE("[0,-1],[0,1]") ").type", "Point"),
    SHAPES("geo_intersection_2polygons", "dd", "geo_meet_polygons",
           "What two polygons share: polygons, and lines and points in which they touch.",
           "geo_intersection_2polygons(" UNIT_SQUARE ", " POLYGON("[1,1],[2,1],[2,2],[1,1]") ").type",
           "Point"),
    SHAPES("geo_intersection_line_with_polygon", "dd", "geo_clip", "What of a line lies in a polygon.",
           "geo_intersection_line_with_polygon(" LINE("[0,0],[0,1]") ", " UNIT_SQUARE ").type", "LineString"),
    SHAPES("geo_union_polygons_array", "d", "geo_unite_polygons", "The polygons of an array as one.",
           "array_length(geo_union_polygons_array(pack_array(" UNIT_SQUARE
           ", " POLYGON("[1,0],[2,0],[2,1],[1,1],[1,0]") ")).coordinates[0])",
           "7"),
    SHAPES("geo_union_lines_array", "d", "geo_unite_lines",
           "The lines of an array as one: what they share comes once, and what continues is one line.",
           "array_length(geo_union_lines_array(pack_array(" LINE("[0,0],[1,0]") ", " LINE(
               "[1,0],[2,0]") ")).coordinates)",
           "3"),
    SHAPES("geo_line_densify", "dr?b", "geo_densify_line",
           "A line that is straight on the map, with points so many that its arcs keep within some meters "
           "(10) of it.",
           "array_length(geo_line_densify(" LINE("[50,50],[51,51]") ").coordinates)", "9"),
    SHAPES(
        "geo_polygon_densify", "dr?b", "geo_densify_polygon",
        "A polygon whose edges are straight on the map, with points so many that its arcs keep within some "
        "meters (10) of them.",
        "array_length(geo_polygon_densify(" POLYGON(
            "[10,10],[11,10],[11,11],[10,11],[10,10]") ").coordinates[0])",
        "11"),
    SHAPES("geo_line_simplify", "dr?", "geo_simplify_line",
           "A line without points within some meters (10) of it or of each other.",
           "array_length(geo_line_simplify(" LINE("[0,0],[1,0],[2,0]") ").coordinates)", "2"),
    SHAPES(
        "geo_polygon_simplify", "dr?", "geo_simplify_polygons",
        "A polygon without points within some meters (10) of its edges or of each other.",
        "array_length(geo_polygon_simplify(" POLYGON("[0,0],[0.5,0],[1,0],[1,1],[0,0]") ").coordinates[0])",
        "4"),
    SHAPES("geo_simplify_polygons_array", "dr?", "geo_simplify_polygons",
           "Polygons without points within some meters (10) of their edges or of each other; neighbours stay "
           "so.",
           "isnull(geo_simplify_polygons_array(pack_array(" UNIT_SQUARE "), 1000000))", "True"),
    SHAPES("geo_polygon_to_s2cells", "di?r", "geo_cells_of_polygon",
           "The S2 cells of a level (11) that cover a polygon, and the neighbourhood of a radius around it.",
           "array_length(geo_polygon_to_s2cells(" UNIT_SQUARE ", 3))", "4"),
    SHAPES("geo_line_to_s2cells", "di?r", "geo_cells_of_line",
           "The S2 cells of a level (11) through which a line runs, and the neighbourhood of a radius around "
           "it.",
           "array_length(geo_line_to_s2cells(" LINE("[1,1],[1.1,1.1]") ", 3))", "1"),
    SHAPES("geo_point_buffer", "rrrr?", "geo_buffer_point",
           "What lies within some meters of a point, as a polygon that is right to some meters (10).",
           "geo_point_in_polygon(10.001, 45, geo_point_buffer(10.0, 45.0, 100.0))", "True"),
    SHAPES("geo_line_buffer", "drr?", "geo_buffer_line",
           "What lies within some meters of a line, as a polygon that is right to some meters (10).",
           "geo_point_in_polygon(0.5, 0.0005, geo_line_buffer(" LINE("[0,0],[1,0]") ", 100))", "True"),
    SHAPES(
        "geo_polygon_buffer", "drr?", "geo_buffer_polygon",
        "A polygon and what lies within some meters of it, as a polygon that is right to some meters (10).",
        "geo_point_in_polygon(0.5, -0.0005, geo_polygon_buffer(" UNIT_SQUARE ", 100))", "True"),
    { 0 },
};
