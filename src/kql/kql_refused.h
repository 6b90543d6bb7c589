/* SPDX-License-Identifier: Apache-2.0 */
/* kql/kql_refused: functions and aggregates of the language that are not here, each with the reason. Threads:
 * const tables. */
#ifndef KQL_KQL_REFUSED_H
#define KQL_KQL_REFUSED_H

#include "base/str.h"

/* Why a function is not here; NULL for a name that the language does not know, or that is here. */
const char *kql_refused_why(str name);

#endif
