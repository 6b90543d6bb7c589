/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_number.h"

#include <math.h>

#include "tests/t.h"

static const char *text_of(struct strbuf *out, double v)
{
    strbuf_clear(out);
    scalar_number_real(out, v);
    return out->p;
}

TEST(reals_are_written_as_dot_net_writes_them)
{
    static const struct {
        double      v;
        const char *text;
    } CASES[] = {
        { 0, "0.0" },
        { 1500, "1500.0" },
        { 0.1, "0.1" },
        { -2.5, "-2.5" },
        { 1e-4, "0.0001" },
        { 1e-5, "1E-05" },
        { 123456789012345680.0, "1.2345678901234568E+17" },
        { 999999999999999, "999999999999999.0" },
        { 1e15, "1E+15" },
        { 1.0 / 3, "0.3333333333333333" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 5e-324, "5E-324" },
        { 1.7976931348623157e308, "1.7976931348623157E+308" },
        { 2.2250738585072014e-308, "2.2250738585072014E-308" },
        { 9007199254740993.0, "9.007199254740992E+15" },
        { 1.5e300, "1.5E+300" },
        { NAN, "NaN" },
        { INFINITY, "Infinity" },
        { -INFINITY, "-Infinity" },
    };
    AUTO_STRBUF out = STRBUF_INIT(64);

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        CHECK_STR(text_of(&out, CASES[i].v), CASES[i].text);
}

/* Against the C library: the text reads back, and no text of fewer digits does. */
TEST(the_text_reads_back_and_none_shorter_does)
{
    AUTO_STRBUF out = STRBUF_INIT(64);
    uint64_t    seed = 88172645463325252u;

    for (int i = 0; i < 20000; i++) {
        double v;
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        if (i % 2)
            v = (double)(int64_t)(seed % 2000000000) / 1000;
        else
            memcpy(&v, &seed, sizeof v);
        if (!isfinite(v))
            continue;
        const char *text = text_of(&out, v);
        CHECK(strtod(text, NULL) == v);
        int digits = 0;
        for (const char *c = text; *c && *c != 'E'; c++)
            digits += (*c >= '0' && *c <= '9' && (*c != '0' || digits > 0));
        if (strchr(text, 'E') && digits > 1) {
            char shorter[64];
            (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 2, v);
            CHECK(strtod(shorter, NULL) != v);
        }
    }
}
