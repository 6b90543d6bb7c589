/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_habit: what people write who come from other languages (SQL, SPL, C), and how KQL says it: hints
 * for words that stand where they cannot. Const tables; no state. */
#ifndef KQL_KQL_HABIT_H
#define KQL_KQL_HABIT_H

#include "base/str.h"

enum kql_habit {
    KQL_HABIT_SIGN,     /* a word or sign where the parser wants another */
    KQL_HABIT_CALL,     /* a function that is none */
    KQL_HABIT_OPERATOR, /* an operator that is none */
    KQL_HABIT_NAME,     /* a name that is no column */
    KQL_HABIT_WANTED,   /* what the parser wanted */
    KQL_HABIT_COUNT_
};

/* NULL when nothing is known of it. Letters' case is ignored. */
const char *kql_habit_hint(enum kql_habit kind, str word);

#endif
