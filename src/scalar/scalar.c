/* SPDX-License-Identifier: Apache-2.0 */
/* long: an include for each family */
#include "scalar/scalar.h"

#define SCALAR(name, args, result, run, doc, example, yields)                                                \
    { #name, args, result, run, doc, example, yields },

static const struct scalar AGENT[] = {
#include "scalar/scalar_agent.def"
    { 0 },
};

static const struct scalar BAG[] = {
#include "scalar/scalar_bag.def"
    { 0 },
};

static const struct scalar GRAPH[] = {
#include "scalar/scalar_graph.def"
    { 0 },
};

static const struct scalar NUMBER[] = {
#include "scalar/scalar_number.def"
    { 0 },
};

static const struct scalar SEASON[] = {
#include "scalar/scalar_season.def"
    { 0 },
};

static const struct scalar SERIES[] = {
#include "scalar/scalar_series.def"
    { 0 },
};

static const struct scalar GEO[] = {
#include "scalar/scalar_geo.def"
    { 0 },
};

static const struct scalar GEOBUFFER[] = {
#include "scalar/scalar_geobuffer.def"
    { 0 },
};

static const struct scalar PUNY[] = {
#include "scalar/scalar_puny.def"
    { 0 },
};

static const struct scalar GEOCELL[] = {
#include "scalar/scalar_geocell.def"
    { 0 },
};

static const struct scalar GEOEDIT[] = {
#include "scalar/scalar_geoedit.def"
    { 0 },
};

static const struct scalar SKETCH[] = {
#include "scalar/scalar_sketch.def"
    { 0 },
};

static const struct scalar STAT[] = {
#include "scalar/scalar_stat.def"
    { 0 },
};

static const struct scalar TEXT[] = {
#include "scalar/scalar_text.def"
    { 0 },
};

static const struct scalar TREE[] = {
#include "scalar/scalar_tree.def"
    { 0 },
};

static const struct scalar URL[] = {
#include "scalar/scalar_url.def"
    { 0 },
};

static const struct scalar WAVE[] = {
#include "scalar/scalar_wave.def"
    { 0 },
};

static const struct scalar XML[] = {
#include "scalar/scalar_xml.def"
    { 0 },
};

static const struct scalar PATTERN[] = {
#include "scalar/scalar_pattern.def"
    { 0 },
};

static const struct scalar PHRASE[] = {
#include "scalar/scalar_phrase.def"
    { 0 },
};

static const struct scalar ZIP[] = {
#include "scalar/scalar_zip.def"
    { 0 },
};

#undef SCALAR

const struct scalar_family SCALAR_FAMILIES[] = {
    { "agent", AGENT },
    { "bag", BAG },
    { "graph", GRAPH },
    { "geo", GEO },
    { "geobuffer", GEOBUFFER },
    { "geocell", GEOCELL },
    { "geoedit", GEOEDIT },
    { "number", NUMBER },
    { "puny", PUNY },
    { "pattern", PATTERN },
    { "phrase", PHRASE },
    { "season", SEASON },
    { "series", SERIES },
    { "sketch", SKETCH },
    { "stat", STAT },
    { "text", TEXT },
    { "tree", TREE },
    { "url", URL },
    { "wave", WAVE },
    { "xml", XML },
    { "zip", ZIP },
    { 0 },
};

const struct scalar *scalar_find(str name)
{
    for (const struct scalar_family *f = SCALAR_FAMILIES; f->name; f++)
        for (const struct scalar *s = f->rows; s->name; s++)
            if (str_eq(str_of(s->name), name))
                return s;
    return NULL;
}

void scalar_give(struct arena *a, const struct strbuf *text, struct scalar_value *out)
{
    str kept = text->overflow ? STR_NONE : arena_str(a, strbuf_view(text));

    out->null = !kept.p;
    out->s = kept;
}
