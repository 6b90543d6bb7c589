/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli_catalog: the tables of `vedette kql`, read from files, and made in a private engine when a query
 * reads them. Threads: one at a time. */
#ifndef CLI_CLI_CATALOG_H
#define CLI_CLI_CATALOG_H

#include "base/json.h"
#include "kql/kql.h"
#include "kql/kql_value.h"
#include "tables/tables.h"

struct cli_catalog;

struct cli_catalog *cli_catalog_new(void);
struct cli_catalog *cli_catalog_free(struct cli_catalog *c);
DEFINE_AUTO(cli_catalog, cli_catalog_free)

/* A file {"Table": [["column", "type"], …]}. */
must_check enum rc cli_catalog_schema(struct cli_catalog *c, const char *path, struct err *err);
/* A file {"Table": [{"column": value}, …]}: rows of tables that the schema has; a table that it has not gets
 * its columns from the rows. */
must_check enum rc cli_catalog_data(struct cli_catalog *c, const char *path, struct err *err);

/* The folder of externaldata's files; NULL: none. */
void cli_catalog_external(struct cli_catalog *c, const char *folder);
/* Lets the compiler ask the engine for columns that depend on the data. */
void cli_catalog_ask(struct cli_catalog *c, struct tables *t);
/* The settings that compiled SQL counts on; returns how many. */
enum { CLI_CATALOG_SETTINGS = 32 };
size_t cli_catalog_settings(struct tables_param out[CLI_CATALOG_SETTINGS]);

/* The rows of a table as objects; NULL: none. */
const struct json *cli_catalog_rows(struct cli_catalog *c, str table);
/* A cell of such a row as a value of its column. */
struct kql_value cli_catalog_value(struct arena *a, const struct json *cell, enum kql_type type);

struct kql_catalog cli_catalog_view(struct cli_catalog *c);
/* Makes the tables that a program reads, with their rows, unless they are there already. */
must_check enum rc cli_catalog_make(struct cli_catalog *c, struct tables *t, const struct kql_program *p,
                                    struct err *err);

#endif
