/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_sql: looks at a statement without understanding it: what kind it is, its FORMAT, where the
 * data of an INSERT begins, and that it is one statement.
 *
 * ClickHouse's lexical rules are followed (strings, quoted names, nested comments, heredocs, typographic
 * quotes), so that a semicolon is seen where libchdb would see one: it runs whatever stands behind. Threads:
 * no state. */
#ifndef ENGINE_ENGINE_SQL_H
#define ENGINE_ENGINE_SQL_H

#include "base/err.h"
#include "base/str.h"
#include "engine/engine_format.h"

enum engine_sql_kind {
    ENGINE_SQL_EMPTY,
    ENGINE_SQL_SELECT,      /* can be streamed */
    ENGINE_SQL_SHOW,        /* reads, cannot be streamed */
    ENGINE_SQL_INSERT_DATA, /* data follow at data_at */
    ENGINE_SQL_INSERT_SELECT,
    ENGINE_SQL_KILL,    /* of the query kill_id, when that is set */
    ENGINE_SQL_SESSION, /* SET, USE, BEGIN: means nothing without a session */
    ENGINE_SQL_CHANGE,  /* everything else */
};

struct engine_sql {
    enum engine_sql_kind        kind;
    str                         text; /* without a final semicolon; of INSERT_DATA also without FORMAT … */
    const struct engine_format *format;  /* that the statement names; NULL: none */
    size_t                      data_at; /* INSERT_DATA: offset into what was parsed */
    str                         kill_id;
};

/* RC_SYNTAX: several statements, INTO OUTFILE, FROM INFILE, a text that does not end. */
must_check enum rc engine_sql_parse(str sql, struct engine_sql *out, struct err *err);
/* True when `sql`, perhaps only the beginning of the text, is an INSERT whose data have begun. */
bool engine_sql_insert_head(str sql, struct engine_sql *out);

#endif
