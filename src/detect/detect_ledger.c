/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_ledger.h"

#include "state/state_stmt.h"

enum rc detect_ledger_mark(struct state_tx *tx, str rule_id, struct arena *a, struct detect_mark *out,
                           struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx,
                       "SELECT looked_to, timed_to, last_run, last_result, pending FROM detect_rules "
                       "WHERE rule_id = ?",
                       STATE_ARGS(STATE_S(rule_id)), &st, err));
    *out = (struct detect_mark) {
        .looked_to = state_stmt_i64(st, 0),
        .timed_to = state_stmt_i64(st, 1),
        .last_run = state_stmt_i64(st, 2),
        .last_result = state_stmt_str_in(st, 3, a),
        .pending = state_stmt_str_in(st, 4, a),
    };
    return RC_OK;
}

enum rc detect_ledger_mark_put(struct state_tx *tx, str rule_id, const struct detect_mark *m, struct err *err)
{
    return state_stmt_run(
        tx,
        "INSERT INTO detect_rules (rule_id, looked_to, timed_to, last_run, last_result, pending) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (rule_id) DO UPDATE SET "
        "looked_to = ?2, timed_to = ?3, last_run = ?4, last_result = ?5, pending = ?6",
        STATE_ARGS(STATE_S(rule_id), STATE_I(m->looked_to), STATE_I(m->timed_to), STATE_I(m->last_run),
                   STATE_S(m->last_result), STATE_S(m->pending)),
        err);
}

enum rc detect_ledger_counted(struct state_tx *tx, str rule_id, uint64_t row_id, bool *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_open(tx, "SELECT 1 FROM detect_counted WHERE rule_id = ? AND row_id = ?",
                        STATE_ARGS(STATE_S(rule_id), STATE_I(row_id)), &st, err));
    return state_stmt_next(st, out, err);
}

enum rc detect_ledger_count(struct state_tx *tx, str rule_id, uint64_t row_id, str alert_id, ts now,
                            struct err *err)
{
    return state_stmt_run(tx,
                          "INSERT OR IGNORE INTO detect_counted (rule_id, row_id, alert_id, counted) "
                          "VALUES (?, ?, ?, ?)",
                          STATE_ARGS(STATE_S(rule_id), STATE_I(row_id), STATE_S(alert_id), STATE_I(now)),
                          err);
}

enum rc detect_ledger_matter(struct state_tx *tx, const struct content_rule *rule,
                             const struct detect_row *row, struct arena *a, str *alert_id, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool     found;
    duration near = rule->period, reach = near > DETECT_LEDGER_MIN_REACH ? near : DETECT_LEDGER_MIN_REACH;

    TRY(state_stmt_open(
        tx,
        "SELECT alert_id FROM detect_matters WHERE rule_id = ? AND row_key = ? "
        "AND start <= ? AND end >= ? AND start >= ? AND end <= ? ORDER BY start, alert_id LIMIT 1",
        STATE_ARGS(STATE_S(rule->id), STATE_I(row->key), STATE_I(row->end + near), STATE_I(row->start - near),
                   STATE_I(row->start - reach), STATE_I(row->end + reach)),
        &st, err));
    TRY(state_stmt_next(st, &found, err));
    *alert_id = found ? state_stmt_str_in(st, 0, a) : STR_NONE;
    return RC_OK;
}

enum rc detect_ledger_matter_put(struct state_tx *tx, str rule_id, const struct detect_row *row, str alert_id,
                                 struct err *err)
{
    return state_stmt_run(
        tx,
        "INSERT INTO detect_matters (rule_id, row_key, alert_id, start, end) "
        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (rule_id, row_key, alert_id) DO UPDATE SET "
        "start = min(start, ?4), end = max(end, ?5)",
        STATE_ARGS(STATE_S(rule_id), STATE_I(row->key), STATE_S(alert_id), STATE_I(row->start),
                   STATE_I(row->end)),
        err);
}

enum rc detect_ledger_alert_put(struct state_tx *tx, str rule_id, str alert_id, ts start, ts raised,
                                struct err *err)
{
    return state_stmt_run(
        tx,
        "INSERT INTO detect_alerts (alert_id, rule_id, start, raised) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (alert_id) DO UPDATE SET start = min(start, ?3)",
        STATE_ARGS(STATE_S(alert_id), STATE_S(rule_id), STATE_I(start), STATE_I(raised)), err);
}

enum rc detect_ledger_quiet(struct state_tx *tx, const struct content_rule *rule, ts start, bool *out,
                            struct err *err)
{
    AUTO(state_stmt) st = NULL;

    *out = false;
    if (!rule->suppress)
        return RC_OK;
    TRY(state_stmt_open(
        tx, "SELECT 1 FROM detect_alerts WHERE rule_id = ? AND start > ? AND start <= ? LIMIT 1",
        STATE_ARGS(STATE_S(rule->id), STATE_I(start - rule->suppression), STATE_I(start)), &st, err));
    return state_stmt_next(st, out, err);
}

enum rc detect_ledger_raised(struct state_tx *tx, str rule_id, ts since, int64_t *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;

    TRY(state_stmt_one(tx, "SELECT count(*) FROM detect_alerts WHERE rule_id = ? AND raised > ?",
                       STATE_ARGS(STATE_S(rule_id), STATE_I(since)), &st, err));
    *out = state_stmt_i64(st, 0);
    return RC_OK;
}

enum rc detect_ledger_trim(struct state_tx *tx, ts now, struct err *err)
{
    struct state_args old = STATE_ARGS(STATE_I(now - DETECT_LEDGER_KEEP));

    TRY(state_stmt_run(tx,
                       "DELETE FROM detect_matters WHERE alert_id IN "
                       "(SELECT alert_id FROM detect_alerts WHERE raised < ?)",
                       old, err));
    TRY(state_stmt_run(tx, "DELETE FROM detect_alerts WHERE raised < ?", old, err));
    return state_stmt_run(tx, "DELETE FROM detect_counted WHERE counted < ?", old, err);
}
