/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a query: lexer to emitter. Whatever compiles must compile again to the same SQL, and what is
 * refused must say why. */
#include <stdlib.h>

#include "kql/kql.h"

static const struct kql_column COLUMNS[] = { { STR_INIT("TimeGenerated"), KQL_DATETIME },
                                             { STR_INIT("s"), KQL_STRING },
                                             { STR_INIT("n"), KQL_LONG },
                                             { STR_INIT("d"), KQL_DYNAMIC },
                                             { STR_INIT("r"), KQL_REAL } };
static const struct kql_table  TABLE = { STR_INIT("T"), COLUMNS, 5 };

static const struct kql_table *table_find(void *ctx, str name)
{
    (void)ctx;
    return str_eq(name, TABLE.name) ? &TABLE : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct kql_catalog CATALOG = { .table_find = table_find };
    const struct kql_opts           opts = { .now = DAYS(20000) };
    struct kql_program              program[2];
    str                             query = str_make((const char *)data, size);

    AUTO(arena) arena = arena_new(2 * (size_t)KQL_ARENA_BYTES);
    for (int i = 0; i < 2; i++) {
        struct kql_diags diags;
        struct err       err = { 0 };
        enum rc          rc = kql_compile(&CATALOG, query, &opts, arena, &program[i], &diags, &err);
        if (rc != RC_OK && rc != RC_LIMIT && diags.list.n == 0)
            abort();
        if (rc != RC_OK)
            return 0;
    }
    if (!str_eq(program[0].sql, program[1].sql))
        abort();
    return 0;
}
