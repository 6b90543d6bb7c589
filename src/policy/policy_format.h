/* SPDX-License-Identifier: Apache-2.0 */
/* policy/policy_format: texts of numbers and times by the format strings of .NET, as template functions take
 * them, in the invariant culture. Formats that are not known give false. Threads: any. */
#ifndef POLICY_POLICY_FORMAT_H
#define POLICY_POLICY_FORMAT_H

#include "base/json.h"

/* Standard formats D, F, N, X with digits behind them ("N0", "D4"); a number, else false. */
bool policy_format_number(struct strbuf *out, const struct json *number, str format);
/* Standard formats (d, D, f, F, g, G, m, o, r, s, t, T, u, y) or a pattern of tokens (yyyy-MM-dd HH:mm:ss).
 */
bool policy_format_time(struct strbuf *out, ts t, str format);

#endif
