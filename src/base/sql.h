/* SPDX-License-Identifier: Apache-2.0 */
/* base/sql: text and names of others inside SQL, whatever bytes they hold, by ClickHouse's rules: what could
 * end the quotes and every control character is escaped. Values that can go as parameters go as parameters.
 */
#ifndef BASE_SQL_H
#define BASE_SQL_H

#include "base/strbuf.h"

void sql_text(struct strbuf *out, str s); /* 'it\'s' */
void sql_name(struct strbuf *out, str s); /* `name` */

#endif
