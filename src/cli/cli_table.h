/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_table: rows for people: columns aligned, cut to the terminal's width, numbers to the right.
 *
 * Text of others may hold anything: control characters are shown as blanks, so no log line can steer a
 * terminal. When the output is no terminal nothing is cut. Threads: one at a time. */
#ifndef CLI_CLI_TABLE_H
#define CLI_CLI_TABLE_H

#include "base/arena.h"
#include "base/json.h"

enum { CLI_TABLE_MAX_COLUMNS = 1000, CLI_TABLE_CLEAN = 160 };

struct cli_table_column {
    str  name;
    bool right; /* numbers */
};

struct cli_table {
    const struct cli_table_column *columns;
    size_t                         n_columns;
    const str                     *cells; /* row after row */
    size_t                         n_rows;
};

/* The width of standard output in columns; 0 when it is no terminal. */
size_t cli_table_terminal(void);
/* Columns that a text takes on a terminal. */
size_t cli_table_width(str s);

/* A value of an answer as a cell: text as it is, nothing for null, all else as JSON. */
str cli_table_cell(struct arena *a, const struct json *value);
/* One text of others for a line of a report: control characters as blanks, at most CLI_TABLE_CLEAN columns.
 */
str cli_table_clean(struct arena *a, str s);

/* `width` 0: nothing is cut. */
void cli_table_print(FILE *to, const struct cli_table *t, size_t width);

/* Text as CSV has it: quoted where it must be. */
void cli_table_csv(struct strbuf *out, str cell);

/* "\033[1m" and its kin when standard output is a terminal and NO_COLOR is not set, else "". */
const char *cli_table_style(const char *sequence);

#endif
