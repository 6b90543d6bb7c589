/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar: the scalar functions of KQL that SQL cannot say exactly, one row each of the
 * families scalar_<family>.def.
 *
 * They exist once, here: the evaluator of rows calls them natively, and the engine runs the same code as
 * WebAssembly, where each is an SQL function kql_<name> (main_wasm.c, scalar_install.h). So a function here
 * uses nothing but the C library, base's str, strbuf, arena, utf8, scan, ts, duration and JSON writer, and
 * what stands in this module: no files, clock, threads, locale.
 *
 * A function never sees a null, its caller answers null. Texts it gives are views into its arguments,
 * constants or the arena; the arena is emptied behind each row. Out of memory (an arena or a strbuf that is
 * full) it answers null: use scalar_give. Threads: no state. */
#ifndef SCALAR_SCALAR_H
#define SCALAR_SCALAR_H

#include "base/arena.h"
#include "base/strbuf.h"

enum {
    SCALAR_MAX_ARGS = 8,
    SCALAR_MAX_TEXT = 64 << 20, /* of one result */
    SCALAR_MAX_ARENA = 512 << 20
};

struct scalar_value {
    bool null; /* of a text: there is none, the missing text is empty */
    union {
        int64_t i; /* bool, long; datetime as ts; timespan in ticks */
        double  r;
    };
    str s; /* string; dynamic as JSON text, empty when null */
};

typedef void (*scalar_run)(struct arena *a, const struct scalar_value *argv, struct scalar_value *out);

/* A letter a value: s string, d dynamic, l long, r real, b bool, t datetime, m timespan. An argument at the
 * end that the call leaves out comes as '', SCALAR_MISSING, false or NaN. */
struct scalar {
    const char *name;
    const char *args; /* letters */
    char        result;
    scalar_run  run; /* *out is null when it is called */
    const char *doc;
    const char *example; /* of constants, in KQL */
    const char *yields;  /* its tostring() */
};

#define SCALAR_MISSING INT64_MIN

/* One WebAssembly module each: the engine compiles it when a query first names one of its functions, which
 * takes it a second for each 45 KB. So a family holds what is used together. */
struct scalar_family {
    const char          *name; /* of scalar_<name>.def */
    const struct scalar *rows; /* ended by a row without a name */
};

extern const struct scalar_family SCALAR_FAMILIES[]; /* ended by one without a name */

const struct scalar *scalar_find(str name); /* NULL when there is none */

/* The result's text from a strbuf of the caller's, copied into the arena; null when either is full. */
void scalar_give(struct arena *a, const struct strbuf *text, struct scalar_value *out);

static inline bool scalar_is_text(char letter)
{
    return letter == 's' || letter == 'd';
}

#define SCALAR(name, args, result, run, doc, example, yields)                                                \
    void run(struct arena *a, const struct scalar_value *argv, struct scalar_value *out);
#include "scalar/scalar_agent.def"
#include "scalar/scalar_bag.def"
#include "scalar/scalar_geo.def"
#include "scalar/scalar_geobuffer.def"
#include "scalar/scalar_geocell.def"
#include "scalar/scalar_geoedit.def"
#include "scalar/scalar_graph.def"
#include "scalar/scalar_number.def"
#include "scalar/scalar_pattern.def"
#include "scalar/scalar_phrase.def"
#include "scalar/scalar_puny.def"
#include "scalar/scalar_season.def"
#include "scalar/scalar_series.def"
#include "scalar/scalar_sketch.def"
#include "scalar/scalar_stat.def"
#include "scalar/scalar_text.def"
#include "scalar/scalar_tree.def"
#include "scalar/scalar_url.def"
#include "scalar/scalar_wave.def"
#include "scalar/scalar_xml.def"
#include "scalar/scalar_zip.def"
#undef SCALAR

#endif
