/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_plugin_library: plugins that are written in the language itself.
 *
 * The input becomes a table T whose columns have names of ours, what the user gave as values become lets, and
 * the text is bound as the body of a function would be: it sees nothing of the user's query. The columns of
 * the result get the user's names back.
 *
 * What `args` of a row (kql_plugin.h) says, in words parted by blanks, in the order in which they are
 * written:
 *   @x      an expression over the rows: the column x_ of T
 *   x       a value: x_
 *   [x y]   values that are given together or not at all; the text behind `else` of the body sets them then
 *   step    a value, or one of 'week', 'month', 'year'
 *   ?x      a value that may be missing: a null of t_'s type then
 *   #x      a constant, put into the text at $1, $2, …
 *   ...     dimensions, none or many: the columns d1_, d2_, … of T
 *   &x      a table of ids behind all others, which may be missing: $X drops its ids
 * What stands in a text for what depends on these:
 *   $D  , d1_, d2_              $S  d1_ asc, d2_ asc,        $R   or d1_ != prev(d1_) or …
 *   $T  the type of t_          $Z  a null of that type      $A  and d1_ == prev(d1_) and …
 *   $B  t_ down to its step     $P  the step before w_       $L  the steps after w_ within lookback_, as w_
 *   $F  the step of the first t_, within a summarize
 *   $W  the steps from start_ to end_: a table of one column b_
 *
 * Ownership: the arena of the binder. Threads: no state. */
#ifndef KQL_KQL_PLUGIN_LIBRARY_H
#define KQL_KQL_PLUGIN_LIBRARY_H

#include "kql/kql_plugin.h"

struct kql_plugin_rename {
    str ours, theirs;
};

struct kql_plugin_library {
    struct kql_binder      *b;
    const struct kql_node  *call;
    struct kql_rel         *table;
    const struct kql_scope *scope;
    VEC(struct kql_plugin_rename) renames;
};

/* T with the rows of `in`, and no column yet. */
struct kql_plugin_library kql_plugin_library_begin(struct kql_binder *b, const struct kql_node *call,
                                                   struct kql_rel *in);
/* A column of T; `theirs` is what it is called in the result, or nothing when it does not come there. */
void kql_plugin_library_column(struct kql_plugin_library *lib, str ours, struct kql_expr *e, str theirs);
void kql_plugin_library_value(struct kql_plugin_library *lib, str name, struct kql_expr *e);
/* The table that the text makes. NULL after a report. */
struct kql_rel *kql_plugin_library_run(struct kql_plugin_library *lib, str body);

/* The `bind` of a row with `args` and `body`. */
struct kql_rel *kql_plugin_library_bind(struct kql_binder *b, const struct kql_node *call,
                                        const struct kql_node *schema, struct kql_rel *in);

#endif
