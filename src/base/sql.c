/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sql.h"

static void quoted(struct strbuf *out, str s, char quote)
{
    strbuf_addc(out, quote);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == quote || c == '\\') {
            strbuf_addc(out, '\\');
            strbuf_addc(out, c);
        } else if (c == '\n') {
            strbuf_addz(out, "\\n");
        } else if (c == '\r') {
            strbuf_addz(out, "\\r");
        } else if (c == '\t') {
            strbuf_addz(out, "\\t");
        } else if ((unsigned char)c < 0x20) {
            strbuf_addf(out, "\\x%02X", (unsigned char)c);
        } else {
            strbuf_addc(out, c);
        }
    }
    strbuf_addc(out, quote);
}

void sql_text(struct strbuf *out, str s)
{
    quoted(out, s, '\'');
}

void sql_name(struct strbuf *out, str s)
{
    quoted(out, s, '`');
}
