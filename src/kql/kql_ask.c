/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_ask.h"

#include "kql/kql_emit.h"
#include "kql/kql_opt.h"

const struct json *kql_ask(struct kql_binder *b, struct kql_rel *rel, const char *before, const char *after,
                           struct kql_span at)
{
    struct kql_rel    *root = rel;
    str                inner, answer, line;
    struct err         err = { 0 };
    AUTO_STRBUF        sql = STRBUF_INIT(KQL_LIMIT_SQL_BYTES), all = STRBUF_INIT(1 << 20);
    const struct json *rows;

    if (!b->catalog->ask)
        return NULL;
    kql_opt_prune(root);
    enum rc rc = kql_emit_query(b->arena, b->opts, root, &inner, &err);
    if (rc == RC_OK) {
        strbuf_addf(&sql, "%s(" STR_FMT ")%s", before, STR_ARG(inner), after);
        const struct kql_ask what = { strbuf_view(&sql), b->tables_read.p, b->tables_read.n };
        rc = strbuf_ok(&sql, "the SQL", &err);
        if (rc == RC_OK)
            rc = b->catalog->ask(b->catalog->ask_ctx, &what, b->arena, &answer, &err);
    }
    if (rc == RC_OK) {
        strbuf_addc(&all, '[');
        while (str_split(&answer, '\n', &line))
            if (line.n > 0) {
                strbuf_addz(&all, all.n > 1 ? "," : "");
                strbuf_add(&all, line);
            }
        strbuf_addc(&all, ']');
        rc = json_parse(b->arena, strbuf_view(&all), &rows, &err);
    }
    if (rc == RC_OK)
        return rows;
    kql_bind_error(b, KQL_DIAG_CONTEXT, at, "the values that the result depends on could not be found: %s",
                   err.text);
    return NULL;
}
