/* SPDX-License-Identifier: Apache-2.0 */
/* S2 cells that cover shapes, as arrays of tokens. More than 65,536 are null, as in Kusto. */
#include "scalar/scalar.h"
#include "scalar/scalar_geo_cell.h"

enum { LEVEL_DEFAULT = 11, LEVEL_MAX = 30 };

static void cover(struct arena *a, struct geo_covered what, const struct scalar_value *argv,
                  struct scalar_value *out)
{
    AUTO_STRBUF      text = STRBUF_INIT(SCALAR_MAX_TEXT);
    struct geo_cells cells;
    int64_t          level = argv[1].i == SCALAR_MISSING ? LEVEL_DEFAULT : argv[1].i;

    what.meters = isnan(argv[2].r) ? 0 : argv[2].r;
    if (level < 0 || level > LEVEL_MAX || what.meters < 0 ||
        !scalar_geo_cell_cover(a, &what, (int)level, &cells) || cells.over)
        return;
    strbuf_addc(&text, '[');
    for (size_t i = 0; i < cells.n; i++) {
        strbuf_addz(&text, i > 0 ? ",\"" : "\"");
        scalar_geo_cell_token(&text, cells.p[i]);
        strbuf_addc(&text, '"');
    }
    strbuf_addc(&text, ']');
    scalar_give(a, &text, out);
}

void scalar_geocell_polygon(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json j;
    struct geo_lines   rings;
    size_t            *of;

    if (scalar_json_parse(a, argv[0].s, &j) && scalar_geo_shape_polygons(a, &j, &rings, &of))
        cover(a, (struct geo_covered) { &rings, true, 0 }, argv, out);
}

void scalar_geocell_line(struct arena *a, const struct scalar_value *argv, struct scalar_value *out)
{
    struct scalar_json j;
    struct geo_lines   lines;

    if (scalar_json_parse(a, argv[0].s, &j) && scalar_geo_shape_lines(a, &j, &lines))
        cover(a, (struct geo_covered) { &lines, false, 0 }, argv, out);
}
