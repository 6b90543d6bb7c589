/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy_deploy.h"

#include "policy/policy_fn.h"
#include "tests/t.h"

#define CONTEXT                                                                                              \
    "{\"subscription\":{\"id\":\"/subscriptions/s\",\"subscriptionId\":\"s\"},\"resourceGroup\":{\"id\":"    \
    "\"/subscriptions/s/resourceGroups/g\",\"name\":\"g\",\"location\":\"here\"}}"

/* What a template makes of {"name": "web", "location": "here"}: ids and documents, or "! why". */
static str deployed(struct arena *a, const char *template)
{
    str                      rule = arena_printf(a,
                                                 "{\"if\":{\"field\":\"type\",\"equals\":\"A.B/c\"},\"then\":{\"effect\":"
                                                                      "\"deployIfNotExists\",\"details\":{\"type\":\"A.B/d\",\"deployment\":{"
                                                                      "\"properties\":{\"mode\":\"incremental\",\"parameters\":{\"name\":{\"value\":"
                                                                      "\"[field('name')]\"}},\"template\":%s}}}}}",
                                                 template);
    const struct json       *j, *resource, *context;
    const struct policy_def *def;
    struct policy_deployment out;
    struct err               err = { 0 };
    AUTO_STRBUF              text = STRBUF_INIT(1 << 16);

    CHECK_OK_ERR(json_parse(a, rule, &j, &err), &err);
    CHECK_OK(
        json_parse(a, S("{\"type\":\"A.B/c\",\"name\":\"web\",\"location\":\"here\"}"), &resource, NULL));
    CHECK_OK(json_parse(a, S(CONTEXT), &context, NULL));
    CHECK_OK_ERR(policy_def_parse(a, j, NULL, &def, &err), &err);
    const struct policy_input in = { .resource = resource, .context = context };
    if (policy_deploy(def, &in, a, &out, &err) != RC_OK)
        return arena_printf(a, "! %s", err.text);
    for (size_t i = 0; i < out.n; i++) {
        strbuf_addf(&text, "%s" STR_FMT " ", i ? "\n" : "", STR_ARG(out.p[i].id));
        json_print(&text, json_get(out.p[i].document, S("properties")), 0);
    }
    return arena_str(a, strbuf_view(&text));
}

TEST(parameters_variables_and_the_resource_meet_in_a_template)
{
    AUTO(arena) a = arena_new(4 << 20);
    CHECK_SEQ(
        deployed(a, "{\"parameters\":{\"name\":{\"type\":\"string\"},\"days\":{\"type\":\"int\","
                    "\"defaultValue\":\"[add(10, 20)]\"}},\"variables\":{\"full\":\"[concat(variables('p'),"
                    " parameters('name'))]\",\"p\":\"log-\"},\"resources\":[{\"type\":\"A.B/d\",\"name\":"
                    "\"[variables('full')]\",\"apiVersion\":\"2020-01-01\",\"properties\":{\"days\":"
                    "\"[parameters('days')]\",\"of\":\"[resourceId('A.B/c', parameters('name'))]\"}}]}"),
        S("/subscriptions/s/resourceGroups/g/providers/A.B/d/log-web "
          "{\"days\":30,\"of\":\"/subscriptions/s/resourceGroups/g/providers/A.B/c/web\"}"));
}

TEST(conditions_copies_and_children_are_followed)
{
    AUTO(arena) a = arena_new(4 << 20);
    CHECK_SEQ(
        deployed(a,
                 "{\"parameters\":{\"name\":{}},\"resources\":["
                 "{\"condition\":\"[equals(parameters('name'), 'db')]\",\"type\":\"A.B/d\",\"name\":\"no\"},"
                 "{\"copy\":{\"name\":\"n\",\"count\":2},\"type\":\"A.B/d\",\"name\":\"[concat('n', "
                 "copyIndex(1))]\","
                 "\"properties\":{\"i\":\"[copyIndex()]\"}},"
                 "{\"type\":\"A.B/c\",\"name\":\"[parameters('name')]\",\"properties\":{},\"resources\":["
                 "{\"type\":\"e\",\"name\":\"x\",\"properties\":{\"on\":true}}]},"
                 "{\"type\":\"A.B/c/providers/locks\",\"name\":\"[concat(parameters('name'), '/C.D/keep')]\","
                 "\"properties\":{}}]}"),
        S("/subscriptions/s/resourceGroups/g/providers/A.B/d/n1 {\"i\":0}\n"
          "/subscriptions/s/resourceGroups/g/providers/A.B/d/n2 {\"i\":1}\n"
          "/subscriptions/s/resourceGroups/g/providers/A.B/c/web {}\n"
          "/subscriptions/s/resourceGroups/g/providers/A.B/c/web/e/x {\"on\":true}\n"
          "/subscriptions/s/resourceGroups/g/providers/A.B/c/web/providers/C.D/locks/keep {}"));
}

TEST(a_deployment_within_has_its_own_place_and_parameters)
{
    AUTO(arena) a = arena_new(4 << 20);
    CHECK_SEQ(
        deployed(
            a, "{\"parameters\":{\"name\":{}},\"resources\":[{\"type\":\"Microsoft.Resources/deployments\","
               "\"name\":\"n\",\"resourceGroup\":\"other\",\"properties\":{\"expressionEvaluationOptions\":{"
               "\"scope\":\"inner\"},\"parameters\":{\"who\":{\"value\":\"[parameters('name')]\"}},"
               "\"template\":{\"parameters\":{\"who\":{}},\"resources\":[{\"type\":\"A.B/d\",\"name\":"
               "\"[parameters('who')]\",\"properties\":{}}]}}}]}"),
        S("/subscriptions/s/resourceGroups/other/providers/A.B/d/web {}"));
}

TEST(what_only_a_cloud_can_answer_is_refused_by_name_and_only_where_it_is_asked)
{
    AUTO(arena) a = arena_new(4 << 20);
    CHECK_SEQ(
        deployed(
            a,
            "{\"parameters\":{\"name\":{}},\"resources\":[{\"type\":\"A.B/d\",\"name\":\"x\",\"properties\":{"
            "\"k\":\"[listKeys('id', '2020-01-01').key1]\"}}]}"),
        S("! the deployment asks listKeys(), which only the resource's own cloud can answer"));
    CHECK_SEQ(
        deployed(
            a,
            "{\"parameters\":{\"name\":{}},\"resources\":[{\"type\":\"A.B/d\",\"name\":\"x\",\"properties\":{"
            "\"k\":\"[if(true(), 'known', reference('x').y)]\"}}]}"),
        S("/subscriptions/s/resourceGroups/g/providers/A.B/d/x {\"k\":\"known\"}"));
    CHECK(str_starts(deployed(a, "{\"parameters\":{\"name\":{},\"more\":{}},\"resources\":[]}"),
                     S("! the deployment's parameter 'more' has no value")));
    CHECK(str_starts(
        deployed(a, "{\"variables\":{\"a\":\"[variables('b')]\",\"b\":\"[variables('a')]\"},\"resources\":[{"
                    "\"type\":\"A.B/d\",\"name\":\"[variables('a')]\"}]}"),
        S("! ")));
}

TEST(rules_may_not_use_the_functions_of_templates)
{
    for (const struct policy_fn *fn = POLICY_FN_DEPLOY; fn->name; fn++) {
        CHECK(fn->doc && fn->eval);
        CHECK(!policy_fn_find(str_of(fn->name)));
        CHECK(policy_fn_find_deploy(str_of(fn->name)) == fn);
    }
}
