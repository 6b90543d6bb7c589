/* SPDX-License-Identifier: Apache-2.0 */
/* The public library of definitions, where the corpora lie beside the project. */
#include "base/codec.h"
#include "base/file.h"
#include "policy/policy.h"
#include "tests/t.h"

enum { MAX = 256 << 20 };

static str unpacked(struct arena *a, const char *path)
{
    AUTO(arena) scratch = arena_new(MAX);
    AUTO_STRBUF out = STRBUF_INIT(MAX);
    str         packed;
    struct err  err = { 0 };
    CHECK_OK_ERR(file_read(scratch, path, MAX, &packed, &err), &err);
    CHECK_OK_ERR(codec_gunzip(&out, packed, &err), &err);
    return arena_str(a, strbuf_view(&out));
}

TEST(the_whole_public_library_loads_with_its_aliases)
{
    const char *shared = t_shared();
    if (!shared)
        return;
    AUTO(arena) a = arena_new((size_t)MAX * 2);
    AUTO(arena) one = arena_new(64 << 20);
    AUTO(policy_aliases) aliases = policy_aliases_new();
    AUTO(json_parser) parser = json_parser_new();
    struct err err = { 0 };
    size_t     n = 0;
    str        line, lines = unpacked(a, arena_printf(a, "%s/corpus/policy/definitions.jsonl.gz", shared).p);
    CHECK_OK_ERR(
        policy_aliases_add_tsv(
            aliases, unpacked(a, arena_printf(a, "%s/corpus/policy/aliases.tsv.gz", shared).p), &err),
        &err);
    CHECK(policy_aliases_count(aliases) > 79000);

    while (str_split(&lines, '\n', &line)) {
        const struct json       *j;
        const struct policy_def *def;
        if (line.n == 0)
            continue;
        CHECK_OK_ERR(json_parser_parse(parser, one, line, &j, &err), &err);
        CHECK_OK_ERR(policy_def_parse(one, json_get(j, S("body")), aliases, &def, &err), &err);
        arena_reset(one);
        n++;
    }
    CHECK_EQ(n, 5009);
}
