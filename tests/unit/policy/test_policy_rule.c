/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_rule.h"

#include "tests/t.h"
#include "tests/unit/policy/policy_run.h"

TEST(every_operator_has_a_doc_and_an_example_that_compiles)
{
    for (const struct policy_op *op = POLICY_OPS; op->name; op++) {
        AUTO(arena) a = arena_new(1 << 20);
        CHECK(op->doc[0] != '\0');
        CHECK(policy_op_find(str_of(op->name)) == op);
        CHECK(str_contains(str_of(op->example), str_of(op->name)));
        CHECK(!str_starts(policy_run_if(a, op->example, "{}"), S("!")));
        if (op[1].name)
            CHECK(str_cmp(str_of(op->name), str_of(op[1].name)) < 0);
    }
}

static void expect(const char *condition, const char *resource, const char *want)
{
    AUTO(arena) a = arena_new(1 << 20);
    CHECK_SEQ(policy_run_if(a, condition, resource), str_of(want));
}

TEST(a_negated_operator_is_true_where_the_field_is_missing)
{
    expect("{\"field\": \"kind\", \"notEquals\": \"x\"}", "{}", "audit");
    expect("{\"field\": \"kind\", \"notIn\": [\"x\"]}", "{}", "audit");
    expect("{\"field\": \"kind\", \"notLike\": \"x*\"}", "{}", "audit");
    expect("{\"field\": \"kind\", \"equals\": \"x\"}", "{}", "");
    expect("{\"field\": \"kind\", \"less\": 5}", "{}", "");
    expect("{\"field\": \"kind\", \"equals\": null}", "{}", "audit");
    expect("{\"field\": \"kind\", \"equals\": \"\"}", "{}", "");
}

TEST(patterns_have_their_own_wildcards)
{
    expect("{\"field\": \"name\", \"like\": \"a*c*e\"}", "{\"name\": \"ABCDE\"}", "audit");
    expect("{\"field\": \"name\", \"like\": \"a*d\"}", "{\"name\": \"abcde\"}", "");
    expect("{\"field\": \"name\", \"match\": \"?b-##\"}", "{\"name\": \"ab-12\"}", "audit");
    expect("{\"field\": \"name\", \"match\": \"ab-##\"}", "{\"name\": \"AB-12\"}", "");
    expect("{\"field\": \"name\", \"matchInsensitively\": \"ab-##\"}", "{\"name\": \"AB-12\"}", "audit");
    expect("{\"field\": \"name\", \"match\": \"...\"}", "{\"name\": \"äöü\"}", "audit");
}

TEST(all_elements_must_hold_and_none_hold_of_themselves)
{
    expect("{\"field\": \"list[*].x\", \"equals\": 1}", "{\"list\": [{\"x\": 1}, {\"x\": \"1\"}]}", "audit");
    expect("{\"field\": \"list[*].x\", \"equals\": 1}", "{\"list\": [{\"x\": 1}, {}]}", "");
    expect("{\"field\": \"list[*].x\", \"equals\": 1}", "{\"list\": []}", "audit");
    expect("{\"field\": \"list[*].x\", \"equals\": 1}", "{}", "audit");
}

TEST(counts_bind_their_elements)
{
    expect("{\"count\": {\"field\": \"a[*]\", \"where\": {\"count\": {\"field\": \"a[*].b[*]\", \"where\": "
           "{\"field\": \"a[*].b[*]\", "
           "\"equals\": 2}}, \"equals\": 1}}, \"equals\": 1}",
           "{\"a\": [{\"b\": [1, 2]}, {\"b\": [2, 2]}, {}]}", "audit");
    expect("{\"count\": {\"value\": [1, 2, 3], \"name\": \"n\", \"where\": {\"value\": \"[current('n')]\", "
           "\"greater\": 1}}, \"equals\": 2}",
           "{}", "audit");
    expect("{\"count\": {\"field\": \"a[*]\", \"where\": {\"value\": \"[length(field('a[*]'))]\", "
           "\"equals\": 1}}, \"equals\": 2}",
           "{\"a\": [5, 6]}", "audit");
}

TEST(mistakes_are_named)
{
    expect("{\"field\": \"a\"}", "{}", "! if: a condition has no operator");
    expect("{\"field\": \"a\", \"equals\": 1, \"like\": \"x\"}", "{}",
           "! if: a condition has one operator, not equals and like");
    expect("{\"field\": \"a\", \"equal\": 1}", "{}", "! if: 'equal' is no operator of conditions");
    expect("{\"allOf\": [], \"field\": \"x\"}", "{}", "! if: allOf stands alone in its condition");
    expect("{\"count\": {\"field\": \"a[*]\", \"value\": [1]}, \"equals\": 1}", "{}",
           "! if: a count is over a field or over a value, one of the two");
    expect("{\"field\": \"a[\", \"equals\": 1}", "{}",
           "! if: the field 'a[' opens a bracket that does not close");
    expect("[]", "{}", "! if: a condition is an object");
}

TEST(definitions_are_checked_as_a_whole)
{
    AUTO(arena) a = arena_new(1 << 20);
    CHECK_SEQ(policy_run(a,
                         "{\"if\": {\"field\": \"a\", \"exists\": false}, \"then\": {\"effect\": \"shout\"}}",
                         "{}", NULL),
              S("! 'shout' is no effect of policies"));
    CHECK_SEQ(policy_run(a, "{\"properties\": {\"parameters\": []}}", "{}", NULL),
              S("! parameters is an object"));
    CHECK_SEQ(policy_run(a, "{\"mode\": \"All\", \"mode\": \"All\", \"policyRule\": {}}", "{}", NULL),
              S("! 'mode' stands twice in the definition"));
    CHECK_SEQ(policy_run(a,
                         "{\"policyRule\": {\"if\": {\"field\": \"a\", \"exists\": false}, \"then\": "
                         "{\"effect\": \"[parameters('e')]\"}}}",
                         "{}", NULL),
              S("! the effect is no text; is its parameter given?"));
    CHECK_SEQ(
        policy_run(a, "{\"if\": {\"field\": \"a\", \"exists\": false}, \"then\": {\"effect\": \"Disabled\"}}",
                   "{}", NULL),
        S(""));
}

static const char ALIASES[] =
    "[{\"namespace\": \"A.B\", \"resourceTypes\": [{\"resourceType\": \"things\", \"aliases\": ["
    "{\"name\": \"A.B/things/x\", \"defaultPath\": \"properties.x\", \"paths\": [{\"path\": \"sku.x\", "
    "\"apiVersions\": [\"2020-01-01\"]}]},"
    "{\"name\": \"A.B/things/fixed\", \"defaultPath\": \"properties.fixed\", \"defaultMetadata\": "
    "{\"attributes\": \"None\"}},"
    "{\"name\": \"A.B/size\", \"defaultPath\": \"properties.size\"}]},"
    "{\"resourceType\": \"sets\", \"aliases\": [{\"name\": \"A.B/size\", \"defaultPath\": "
    "\"properties.of.size\"}]}]}]";

TEST(aliases_lead_by_type)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO(policy_aliases) t = policy_aliases_new();
    const char *def = "{\"if\": {\"field\": \"a.b/SIZE\", \"equals\": 3}, \"then\": {\"effect\": \"audit\"}}";
    CHECK_OK(policy_aliases_add_json(t, str_of(ALIASES), NULL));
    CHECK_EQ(policy_aliases_count(t), 3);
    CHECK_SEQ(policy_run(a, def, "{\"type\": \"A.B/things\", \"properties\": {\"size\": 3}}", t), S("audit"));
    CHECK_SEQ(policy_run(a, def, "{\"type\": \"A.B/sets\", \"properties\": {\"of\": {\"size\": 3}}}", t),
              S("audit"));
    CHECK_SEQ(policy_run(a, def, "{\"type\": \"A.B/sets\", \"properties\": {\"size\": 3}}", t), S(""));
    CHECK_SEQ(policy_run(a,
                         "{\"if\": {\"field\": \"type\", \"exists\": true}, \"then\": {\"effect\": "
                         "\"modify\", \"details\": {\"operations\": "
                         "[{\"operation\": \"add\", \"field\": \"A.B/things/fixed\", \"value\": 1}]}}}",
                         "{\"type\": \"x\"}", t),
              S("! the alias 'A.B/things/fixed' cannot be modified"));
}

TEST(an_alias_that_no_table_knows_is_guessed_from_its_name)
{
    expect("{\"field\": \"X.Y/z/deep.name\", \"equals\": 1}",
           "{\"type\": \"X.Y/z\", \"properties\": {\"deep\": {\"name\": 1}}}", "audit");
    expect("{\"field\": \"X.Y/z/sku.name\", \"equals\": 1}", "{\"type\": \"X.Y/z\", \"sku\": {\"name\": 1}}",
           "audit");
}

TEST(alias_lines_are_read_or_refused_with_their_number)
{
    AUTO(policy_aliases) t = policy_aliases_new();
    struct err err = { 0 };
    CHECK_OK(policy_aliases_add_tsv(t,
                                    S("a/b/c\tproperties.c\n\nmicrosoft.compute/"
                                      "imagesku\tproperties.storageProfile.imageReference.sku\n"),
                                    &err));
    CHECK_EQ(policy_aliases_count(t), 2);
    CHECK(policy_aliases_find(t, S("Microsoft.Compute/imageSku"))->next != NULL);
    CHECK_EQ(policy_aliases_add_tsv(t, S("a\tb\nbroken\n"), &err), RC_SYNTAX);
    CHECK_STR(err.text, "line 2 of the aliases is not 'alias<TAB>path'");
}

TEST(the_types_that_a_rule_asks_for_are_known_without_running_it)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json       *j;
    const struct policy_def *d;
    const str               *types;
    CHECK_OK(json_parse(a,
                        S("{\"if\": {\"allOf\": [{\"field\": \"type\", \"in\": [\"A/b\", \"C/d\"]}, "
                          "{\"field\": \"x\", \"exists\": true}]}, "
                          "\"then\": {\"effect\": \"deny\"}}"),
                        &j, NULL));
    CHECK_OK(policy_def_parse(a, j, NULL, &d, NULL));
    CHECK_EQ(policy_def_types(d, &types), 2);
    CHECK_SEQ(types[1], S("C/d"));
}

TEST(evidence_names_the_field_and_what_stood_there)
{
    AUTO(arena) a = arena_new(1 << 20);
    const struct json       *j, *resource;
    const struct policy_def *d;
    struct policy_verdict    v;
    CHECK_OK(json_parse(a,
                        S("{\"if\": {\"allOf\": [{\"field\": \"type\", \"equals\": \"m\"}, {\"field\": "
                          "\"sshd.PermitRootLogin\", \"notEquals\": \"no\"}]}, "
                          "\"then\": {\"effect\": \"audit\"}}"),
                        &j, NULL));
    CHECK_OK(
        json_parse(a, S("{\"type\": \"m\", \"sshd\": {\"PermitRootLogin\": \"yes\"}}"), &resource, NULL));
    CHECK_OK(policy_def_parse(a, j, NULL, &d, NULL));
    struct policy_input in = { .resource = resource };
    CHECK_OK(policy_eval(d, &in, a, &v, NULL));
    CHECK_SEQ(v.evidence.field, S("sshd.PermitRootLogin"));
    CHECK(v.evidence.found && v.evidence.wanted);
    CHECK_SEQ(v.evidence.found->s, S("yes"));
    CHECK_SEQ(v.evidence.wanted->s, S("no"));
}

static str evidence_of(struct arena *a, const char *condition, const char *resource)
{
    const struct json       *rule, *document;
    const struct policy_def *d;
    struct policy_verdict    v;
    CHECK_OK(json_parse(a, arena_printf(a, "{\"if\": %s, \"then\": {\"effect\": \"audit\"}}", condition),
                        &rule, NULL));
    CHECK_OK(json_parse(a, str_of(resource), &document, NULL));
    CHECK_OK(policy_def_parse(a, rule, NULL, &d, NULL));
    struct policy_input in = { .resource = document };
    CHECK_OK(policy_eval(d, &in, a, &v, NULL));
    return v.evidence.field;
}

TEST(evidence_numbers_the_element_that_was_counted)
{
    AUTO(arena) a = arena_new(1 << 20);
    CHECK_SEQ(
        evidence_of(
            a,
            "{\"count\": {\"field\": \"users[*]\", \"where\": {\"allOf\": [{\"field\": \"users[*].uid\", "
            "\"less\": 9}, "
            "{\"field\": \"users[*].shell\", \"exists\": false}]}}, \"greater\": 0}",
            "{\"users\": [{\"uid\": 1, \"shell\": \"x\"}, {\"uid\": 2}, {\"uid\": 3, \"shell\": \"y\"}]}"),
        S("users[1].shell"));
    CHECK_SEQ(
        evidence_of(
            a,
            "{\"count\": {\"field\": \"a[*].b[*]\", \"where\": {\"field\": \"a[*].b[*]\", \"equals\": 7}}, "
            "\"greater\": 0}",
            "{\"a\": [{\"b\": [1]}, {\"b\": [2, 7]}]}"),
        S("a[1].b[1]"));
    CHECK_SEQ(evidence_of(a, "{\"count\": {\"field\": \"a[*]\"}, \"equals\": 0}", "{\"a\": []}"), S("a[*]"));
}
