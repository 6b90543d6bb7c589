/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins over ids on a time line: activity, sessions, sliding windows. Each is written in the language; what
 * the marks in its text stand for is said in kql_plugin_library.h. */
#include "kql/kql_plugin_library.h"

#define LIBRARY .bind = kql_plugin_library_bind
/* Who was seen when, for the examples. */
#define SEEN                                                                                                 \
    "let Seen = datatable(id:string, t:datetime)['a', datetime(2024-01-01), 'b', datetime(2024-01-01), "     \
    "'a', "                                                                                                  \
    "datetime(2024-01-02), 'c', datetime(2024-01-02), 'c', datetime(2024-01-03)]; Seen | evaluate "
#define FROM_TO "datetime(2024-01-01), datetime(2024-01-03)"

/* Without a start and an end the time line goes from the step of its first row to its last row. */
#define WHOLE_LINE                                                                                           \
    "else let start_ = toscalar(T | summarize $F); let end_ = toscalar(T | summarize max(t_)); "

const struct kql_plugin KQL_PLUGINS_TIME[] = {
    { .name = "active_users_count",
      LIBRARY,
      .args = "@id @t [start end] lookback period active step ...",
      .body =
          "T | where t_ between (start_ .. end_) | summarize by id_, t_$D"
          " | join kind=inner (T | summarize by id_, u_ = t_, p_ = bin_at(t_, period_, start_)$D) on id_$D"
          " | where u_ > t_ - lookback_ and u_ <= t_"
          " | summarize n_ = count_distinct(p_) by id_, t_$D | where n_ >= active_"
          " | summarize dcount = dcount(id_) by t_ = $B$D " WHOLE_LINE,
      .doc = "Ids seen in at least so many periods of the time before, by step.",
      .example = SEEN "active_users_count(id, t, " FROM_TO ", 7d, 1d, 2, 1d) | sort by t asc",
      .yields = "[[\"2024-01-02T00:00:00.0000000Z\",1],[\"2024-01-03T00:00:00.0000000Z\",1]]" },
    { .name = "activity_counts_metrics",
      LIBRARY,
      .args = "@id @t start end step ...",
      .body = "T | where t_ between (start_ .. end_) | summarize c_ = count() by id_, w_ = $B$D"
              " | sort by $Sid_ asc, w_ asc | extend new_ = row_number(1, id_ != prev(id_)$R) == 1"
              " | summarize ['count'] = sum(c_), dcount = count(), new_dcount = countif(new_) by t_ = w_$D"
              " | sort by $St_ asc | extend aggregated_dcount = row_cumsum(new_dcount, false$R)"
              " | project t_$D, ['count'], dcount, new_dcount, aggregated_dcount",
      .doc = "Rows, ids and new ids by step, and ids so far.",
      .example = SEEN "activity_counts_metrics(id, t, " FROM_TO ", 1d) | sort by t asc | project-away t",
      .yields = "[[2,2,2,2],[2,2,1,3],[1,1,0,3]]" },
    { .name = "activity_engagement",
      LIBRARY,
      .args = "@id @t [start end] step lookback ...",
      .body = "T | where t_ > start_ - lookback_ and t_ <= end_ | summarize by id_, w_ = $B$D"
              " | extend own_ = w_ | $L | where w_ between (start_ .. end_)"
              " | summarize dcount_activities_inner = dcountif(id_, own_ == w_),"
              "   dcount_activities_outer = dcount(id_) by t_ = w_$D"
              " | project t_, dcount_activities_inner, dcount_activities_outer, activity_ratio = "
              "todouble(dcount_activities_inner) / dcount_activities_outer$D " WHOLE_LINE,
      .doc = "Ids of an inner window against those of an outer one that ends with it.",
      .example = SEEN "activity_engagement(id, t, " FROM_TO ", 1d, 2d) | sort by t asc | project-away t",
      .yields = "[[2,2,1],[2,3,0.6666666666666666],[1,2,0.5]]" },
    { .name = "activity_metrics",
      LIBRARY,
      .args = "@id @t [start end] step ...",
      .body = "T | where t_ between (start_ .. end_) | summarize by id_, w_ = $B$D"
              " | sort by $Sid_ asc, w_ asc | extend back_ = id_ == prev(id_) and prev(w_) == $P$A"
              " | summarize dcount_values = count(), back_ = countif(back_) by w_$D"
              " | sort by $Sw_ asc"
              " | extend before_ = todouble(iff(prev(w_) == $P$A, prev(dcount_values), 0))"
              " | extend retention_rate = back_ / before_"
              " | project t_ = w_, dcount_values, dcount_newvalues = dcount_values - back_, retention_rate, "
              "churn_rate = 1.0 - retention_rate$D " WHOLE_LINE,
      .doc = "Ids of a window against those of the window before: new ones, who stayed, who left.",
      .example = SEEN "activity_metrics(id, t, " FROM_TO ", 1d) | sort by t asc | where t > "
                      "datetime(2024-01-01) | project-away t",
      .yields = "[[2,1,0.5,0.5],[1,0,0.5,0.5]]" },
    { .name = "new_activity_metrics",
      LIBRARY,
      .args = "@id @t start end step ?cohort ... &known",
      .body = "let Seen = T | where t_ between (start_ .. end_) $X| summarize by id_, w_ = $B$D"
              " | summarize f_ = min(w_), l_ = make_set(w_) by id_$D | mv-expand w_ = l_ to typeof($T)"
              " | summarize k_ = count() by f_, w_$D | extend x_ = 1;"
              " let Steps = $W | extend x_ = 1;"
              " union (Seen | project t_ = f_, to_t_ = w_, kept_ = k_$D),"
              "  (Seen | join kind=inner Steps on x_ | where b_ < f_ or (b_ == f_ and w_ == f_)"
              "   | project t_ = b_, to_t_ = w_, new_ = k_$D),"
              "  (Seen | where f_ == w_ | join kind=inner Steps on x_ | where b_ >= f_"
              "   | project t_ = f_, to_t_ = b_, all_ = k_$D)"
              " | where isnull(cohort_) or t_ == cohort_"
              " | summarize dcount_new_values = sum(new_), dcount_retained_values = sum(kept_), "
              "all_ = sum(all_) by from_t_ = t_, to_t_$D | where all_ > 0"
              " | project from_t_, to_t_, dcount_new_values, dcount_retained_values, dcount_churn_values = "
              "all_ - dcount_retained_values, retention_rate = todouble(dcount_retained_values) / all_, "
              "churn_rate = todouble(all_ - dcount_retained_values) / all_$D",
      .doc = "Of the ids first seen in a step: who was seen in the steps that followed.",
      .example = SEEN "new_activity_metrics(id, t, " FROM_TO ", 1d, datetime(2024-01-01)) | sort by to_t asc "
                      "| project-away from_t, to_t",
      .yields = "[[2,2,0,1,0],[1,1,1,0.5,0.5],[1,0,2,0,1]]" },
    { .name = "rolling_percentile",
      LIBRARY,
      .args = "@v #percent @t step #bins ...",
      .body = "let last_ = toscalar(T | summarize bin(max(t_), step_));"
              " T | extend w_ = bin(t_, step_)"
              " | mv-expand w_ = range(w_, w_ + step_ * ($2 - 1), step_) to typeof($T) | where w_ <= last_"
              " | summarize ['rolling_$2_percentile_@v_@_$1'] = percentile(v_, $1) by t_ = w_$D",
      .doc = "A percentile over the last bins, by bin.",
      .example = "range x from 1 to 4 step 1 | evaluate rolling_percentile(x, 50, x, 1, 2) | sort by x asc",
      .yields = "[[1,1],[2,1],[3,2],[4,3]]" },
    { .name = "session_count",
      LIBRARY,
      .args = "@id @t start end step lookback ...",
      .body = "T | where t_ between (start_ .. end_) | summarize by id_, t_$D | sort by $Sid_ asc, t_ asc"
              " | extend going_on_ = id_ == prev(id_) and t_ - prev(t_) <= lookback_$A"
              " | summarize count_sessions = countif(not(going_on_)) by t_ = $B$D",
      .doc = "Sessions that begin, by step: an id not seen for some time begins one.",
      .example = SEEN "session_count(id, t, " FROM_TO ", 1d, 1d) | sort by t asc | project-away t",
      .yields = "[[2],[1],[0]]" },
    { .name = "sliding_window_counts",
      LIBRARY,
      .args = "@id @t start end lookback step ...",
      .body = "T | where t_ > start_ - lookback_ and t_ <= end_ | summarize c_ = count() by id_, w_ = $B$D"
              " | $L | where w_ between (start_ .. end_)"
              " | summarize Count = sum(c_), Dcount = dcount(id_) by t_ = w_$D",
      .doc = "Rows and ids of a window that ends with each step.",
      .example = SEEN "sliding_window_counts(id, t, " FROM_TO ", 2d, 1d) | sort by t asc | project-away t",
      .yields = "[[2,2],[4,3],[3,2]]" },
    { 0 },
};
