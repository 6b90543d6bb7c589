/* SPDX-License-Identifier: Apache-2.0 */
/* Statements: views stay within the text, data begin within it, and a statement taken for one has no second
 * one in a place that no quote covers. */
#include <stdlib.h>

#include "engine/engine_format.h"
#include "engine/engine_sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(str all, str part)
{
    if (part.n && (part.p < all.p || part.p + part.n > all.p + all.n))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str               sql = str_make((const char *)data, size);
    struct engine_sql s;

    if (engine_sql_parse(sql, &s, NULL) == RC_OK) {
        within(sql, s.text);
        within(sql, s.kill_id);
        if (s.kind == ENGINE_SQL_INSERT_DATA && (s.data_at > size || !s.format))
            abort();
        bool plain = !memchr(data, '\'', size) && !memchr(data, '"', size) && !memchr(data, '`', size) &&
                     !memchr(data, '$', size) && !memchr(data, '/', size) && !memchr(data, '-', size) &&
                     !memchr(data, '#', size) && !memchr(data, 0xe2, size);
        if (plain && s.kind != ENGINE_SQL_INSERT_DATA && str_find(s.text, S(";")) != STR_NPOS)
            abort();
    }
    for (const struct engine_format *f = ENGINE_FORMAT; f->name; f++)
        if (engine_format_head(f, sql) > size)
            abort();
    return 0;
}
