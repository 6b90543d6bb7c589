/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sql.h"
#include "tests/t.h"

TEST(nothing_inside_ends_the_quotes)
{
    AUTO_STRBUF out = STRBUF_INIT(1000);
    sql_text(&out, S("it's `a` \\' -- \n\t\r\1"));
    CHECK_SEQ(strbuf_view(&out), S("'it\\'s `a` \\\\\\' -- \\n\\t\\r\\x01'"));
    strbuf_clear(&out);
    sql_name(&out, S("a`b'c\\"));
    CHECK_SEQ(strbuf_view(&out), S("`a\\`b'c\\\\`"));
}

TEST(any_byte_stays_inside_and_a_zero_is_no_end)
{
    for (int c = 0; c < 256; c++) {
        AUTO_STRBUF out = STRBUF_INIT(100);
        char        one = (char)c;
        sql_text(&out, str_make(&one, 1));
        str    text = strbuf_view(&out);
        size_t ends = 0;
        for (size_t i = 1; i < text.n; i++) {
            if (text.p[i] == '\\')
                i++;
            else if (text.p[i] == '\'')
                ends = i;
        }
        CHECK_EQ(ends, text.n - 1);
        CHECK(str_find_byte(text, '\0') == STR_NPOS);
    }
}
