/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_csv: text with separators (RFC 4180; tabs as well), as the rows of a watchlist.
 *
 * Nothing is dropped in silence: a line that does not fit is reported with its number and the reason. Blank
 * lines are no lines. Limits: HUNT_CSV_MAX_BYTES of text, _COLUMNS, _ROWS, _LINE bytes a row.
 *
 * Ownership: rows point into the arena. Threads: no state. */
#ifndef HUNT_HUNT_CSV_H
#define HUNT_HUNT_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    HUNT_CSV_MAX_BYTES = 3800 * 1000,
    HUNT_CSV_MAX_COLUMNS = 100,
    HUNT_CSV_MAX_ROWS = 50000,
    HUNT_CSV_MAX_LINE = 10240,
};

struct hunt_csv {
    const str *columns;
    size_t     n_columns, n_rows;
    const str *cells; /* row by row */
    struct hunt_csv_bad {
        size_t line; /* from 1, of the text as it came */
        str    reason;
    } * bad;
    size_t n_bad;
};

struct hunt_csv_opts {
    char   separator;
    size_t skip; /* lines in front of the header */
};

/* RC_INVALID: no header, or one that cannot be; RC_LIMIT. Lines that do not fit are in out->bad. */
must_check enum rc hunt_csv_read(struct arena *a, str text, struct hunt_csv_opts opts, struct hunt_csv *out,
                                 struct err *err);

#endif
