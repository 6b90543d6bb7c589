/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_search.h"

#include "state/state_stmt.h"

enum rc incident_search_settle(struct state_tx *tx, struct err *err)
{
    static const char *const sql[] = {
        "DELETE FROM search_text WHERE rowid IN (SELECT id FROM search_docs WHERE fresh IS NOT NULL)",
        "INSERT INTO search_text (rowid, text) SELECT id, fresh FROM search_docs WHERE fresh <> ''",
        "UPDATE search_docs SET fresh = NULL WHERE fresh IS NOT NULL",
    };
    AUTO(state_stmt) st = NULL;
    bool any;

    TRY(state_stmt_open(tx, "SELECT 1 FROM search_docs WHERE fresh IS NOT NULL LIMIT 1", STATE_NO_ARGS, &st,
                        err));
    TRY(state_stmt_next(st, &any, err));
    st = state_stmt_done(st);
    for (size_t i = 0; any && i < sizeof sql / sizeof *sql; i++)
        TRY(state_stmt_run(tx, sql[i], STATE_NO_ARGS, err));
    return RC_OK;
}
