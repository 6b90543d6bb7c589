/* SPDX-License-Identifier: Apache-2.0 */
/* A vedette-engine of the test's own in a temporary folder, and tables opened on it. */
#ifndef TESTS_UNIT_TABLES_TABLES_FIXTURE_H
#define TESTS_UNIT_TABLES_TABLES_FIXTURE_H

#include <sys/types.h>

#include "base/json.h"
#include "tables/tables.h"
#include "tables/tables_batch.h"

struct fixture {
    char           dir[64];
    pid_t          engine;
    struct tables *tables;
    struct arena  *arena;
};

/* Started once a test program, since a start costs most of a second; each test uses tables of its own names.
 */
struct fixture *fixture(void);
/* Ends the engine at once, as a crash would. */
void fixture_kill(struct fixture *f);
void fixture_start_engine(struct fixture *f);

/* The whole answer of a query, in TSV, without its last line end. */
str                fixture_ask(struct fixture *f, const char *sql);
const struct json *fixture_json(struct fixture *f, const char *text);
/* A batch of one row for each line of JSON, sent under the token. */
void fixture_send(struct fixture *f, const char *table, const char *lines, const char *token);

#endif
