/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar.h"

#include "base/map.h"
#include "scalar/scalar_install.h"
#include "tests/t.h"

TEST(every_row_is_whole_and_its_name_unique)
{
    AUTO(map) names = map_new(MAP_CASE);
    size_t rows = 0;

    for (const struct scalar_family *f = SCALAR_FAMILIES; f->name; f++)
        for (const struct scalar *s = f->rows; s->name; s++, rows++) {
            CHECK(!map_has(names, str_of(s->name)));
            map_put(names, str_of(s->name), (void *)(uintptr_t)s);
            CHECK(s->run && s->doc && s->doc[0] && s->example && s->example[0] && s->yields);
            CHECK(strlen(s->args) <= SCALAR_MAX_ARGS);
            CHECK(strspn(s->args, "sdlrbtm") == strlen(s->args));
            CHECK(strchr("sdlrbtm", s->result) != NULL);
            CHECK(scalar_find(str_of(s->name)) == s);
        }
    CHECK(rows > 0);
    CHECK(scalar_find(S("no_such_function")) == NULL);
}

TEST(every_family_has_a_module)
{
    for (const struct scalar_family *f = SCALAR_FAMILIES; f->name; f++) {
        const struct scalar_code *code = SCALAR_CODE;
        while (code->family && strcmp(code->family, f->name) != 0)
            code++;
        CHECK(code->family != NULL);
        CHECK_SEQ(str_slice(str_of(code->hex), 0, 8), S("0061736d")); /* how WebAssembly begins */
    }
}

static enum rc keep(void *ctx, str sql, struct err *err)
{
    struct strbuf *all = ctx;
    (void)err;
    strbuf_add(all, str_slice(sql, 0, 60));
    strbuf_addc(all, '\n');
    return RC_OK;
}

TEST(a_statement_needs_the_families_that_it_names)
{
    AUTO_STRBUF all = STRBUF_INIT(1 << 16);
    uint64_t    needs = scalar_install_needs(0, S("SELECT kql_real_tostring(x), kql_nothing(y), kql_"));

    CHECK_EQ(__builtin_popcountll(needs), 1);
    CHECK_EQ(scalar_install_needs(needs, S("SELECT kql_real_tostring(x)")), 0);
    CHECK_EQ(scalar_install_needs(0, S("SELECT real_tostring(x), xkql")), 0);
    CHECK_OK(scalar_install(needs, keep, &all, NULL));
    CHECK(str_contains(strbuf_view(&all), S("INSERT INTO system.webassembly_modules")));
    CHECK(str_contains(strbuf_view(&all), S("CREATE OR REPLACE FUNCTION kql_real_tostring")));
}
