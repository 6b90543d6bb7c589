/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml.h"
#include "tests/t.h"

static void expect(const char *yaml, const char *json)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF        out = STRBUF_INIT(1 << 16);
    const struct json *j = NULL;
    struct err         err = { 0 };
    CHECK_OK_ERR(yaml_parse(a, str_of(yaml), &j, &err), &err);
    json_print(&out, j, 0);
    CHECK_SEQ(strbuf_view(&out), str_of(json));
}

static void refuse(const char *yaml, enum rc rc, const char *text)
{
    AUTO(arena) a = arena_new(1 << 26);
    const struct json *j = NULL;
    struct err         err = { 0 };
    CHECK_EQ(yaml_parse(a, str_of(yaml), &j, &err), rc);
    CHECK_STR(err.text, text);
}

TEST(a_rule_file_reads_as_a_tree)
{
    expect("id: 1\nname: 'x: y'\nlist:\n  - a\n  - 5m\nquery: |\n  T\n  | take 1\non: off\nempty:\n",
           "{\"id\":1,\"name\":\"x: y\",\"list\":[\"a\",\"5m\"],\"query\":\"T\\n| take "
           "1\\n\",\"on\":\"off\",\"empty\":null}");
    expect("1.10", "1.1");
    expect("\"1.10\"", "\"1.10\"");
    expect("", "null");
    expect("a: &x [1, 2]\nb: *x\n", "{\"a\":[1,2],\"b\":[1,2]}");
}

TEST(mistakes_are_named_with_their_place)
{
    refuse("a: 1\na: 2\n", RC_INVALID, "the key stands here twice (line 2, column 1)");
    refuse("a: [1\nb: 2", RC_SYNTAX, "not valid YAML: did not find expected ',' or ']' (line 2, column 2)");
    refuse("[a]: 1", RC_UNSUPPORTED, "a key is text, not a list or a mapping (line 1, column 1)");
}

TEST(aliases_of_aliases_do_not_explode)
{
    refuse("a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c "
           "[*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
           "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e]\n",
           RC_LIMIT, "the document has more than 200000 nodes, aliases counted (line 1, column 24)");
}
