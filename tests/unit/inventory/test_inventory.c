/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory/inventory.h"
#include "tests/t.h"

static const struct inventory_opts OPTS = { .subscription = STR_INIT("sub"), .group = STR_INIT("") };

static struct inventory read_all(struct arena *a, str text)
{
    struct inventory found = { 0 };
    struct err       err = { 0 };
    CHECK_OK_ERR(inventory_read(a, text, &OPTS, &found, &err), &err);
    return found;
}

static str printed(struct arena *a, const struct json *j)
{
    AUTO_STRBUF out = STRBUF_INIT(1 << 20);
    if (!j)
        return S("absent");
    json_print(&out, j, 0);
    return arena_str(a, strbuf_view(&out));
}

TEST(each_format_reads_its_own_example_and_no_other)
{
    struct arena *a = arena_new(16 << 20);
    for (const struct inventory_format *f = INVENTORY_FORMATS; f->name; f++) {
        struct inventory found = read_all(a, str_of(f->example));
        CHECK(f->doc && *f->doc);
        CHECK_SEQ(found.format, str_of(f->name));
        CHECK_EQ(found.n, 1);
        CHECK(json_str(found.v[0], S("id"), STR_NONE).n && json_str(found.v[0], S("type"), STR_NONE).n);
    }
    arena_free(a);
}

TEST(what_is_no_format_is_refused)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found = { 0 };
    CHECK_EQ(inventory_read(a, S("{\"a\": 1}"), &OPTS, &found, NULL), RC_UNSUPPORTED);
    CHECK_EQ(inventory_read(a, S("{\"a\": "), &OPTS, &found, NULL), RC_SYNTAX);
    CHECK_EQ(inventory_read(a, S("just: text\n"), &OPTS, &found, NULL), RC_UNSUPPORTED);
    arena_free(a);
}

TEST(a_yaml_stream_of_manifests_gives_a_resource_each)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found =
        read_all(a, S("---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n"
                      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n"
                      "  labels: {app: web}\nspec:\n  template:\n    spec:\n      containers: []\n---\n"
                      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n"));
    CHECK_EQ(found.n, 3);
    CHECK_SEQ(
        json_str(found.v[0], S("id"), STR_NONE),
        S("/subscriptions/sub/resourceGroups/shop/providers/Microsoft.KubernetesConnector/namespaces/shop"));
    CHECK_SEQ(
        json_str(found.v[1], S("id"), STR_NONE),
        S("/subscriptions/sub/resourceGroups/shop/providers/Microsoft.KubernetesConnector/deployments/web"));
    CHECK_SEQ(printed(a, json_get(found.v[1], S("tags"))), S("{\"app\":\"web\"}"));
    CHECK_SEQ(json_str(found.v[2], S("id"), STR_NONE),
              S("/subscriptions/sub/providers/Microsoft.KubernetesConnector/clusterRoles/r"));
    arena_free(a);
}

TEST(containers_stand_flat_with_the_context_that_takes_effect)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found = read_all(
        a, S("{\"apiVersion\":\"batch/"
             "v1\",\"kind\":\"CronJob\",\"metadata\":{\"name\":\"c\"},\"spec\":{\"jobTemplate\":{\"spec\":{"
             "\"template\":{\"metadata\":{\"annotations\":{\"container.apparmor.security.beta.kubernetes.io/"
             "b\":\"unconfined\"}},"
             "\"spec\":{\"securityContext\":{\"runAsUser\":7,\"runAsNonRoot\":true,\"fsGroup\":9},"
             "\"initContainers\":[{\"name\":\"a\",\"image\":\"busybox\",\"securityContext\":{\"runAsUser\":0,"
             "\"privileged\":true}}],"
             "\"containers\":[{\"name\":\"b\",\"image\":\"reg.example:5000/x/y:1.2@sha256:ab\"}]}}}}}}"));
    CHECK_EQ(found.n, 1);
    const struct json *p = json_get(found.v[0], S("properties"));
    CHECK_SEQ(printed(a, json_path(p, S("containers.0.effective"))),
              S("{\"runAsUser\":0,\"privileged\":true,\"runAsNonRoot\":true}"));
    CHECK_SEQ(printed(a, json_path(p, S("containers.0.imageParts"))),
              S("{\"registry\":\"\",\"repository\":\"busybox\",\"tag\":\"\",\"digest\":\"\"}"));
    CHECK_SEQ(printed(a, json_path(p, S("containers.0.kind"))), S("\"init\""));
    CHECK_SEQ(printed(a, json_path(p, S("containers.1.imageParts"))),
              S("{\"registry\":\"reg.example:5000\",\"repository\":\"x/"
                "y\",\"tag\":\"1.2\",\"digest\":\"sha256:ab\"}"));
    CHECK_SEQ(printed(a, json_path(p, S("containers.1.effective.appArmorProfile.type"))),
              S("\"Unconfined\""));
    CHECK_SEQ(printed(a, json_path(p, S("pod.securityContext.fsGroup"))), S("9"));
    arena_free(a);
}

TEST(secrets_stay_behind)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found = read_all(
        a,
        S("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Secret\","
          "\"type\":\"T\",\"metadata\":{"
          "\"name\":\"s\",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"HUSH\"}},"
          "\"data\":{\"k\":\"HUSH\"},\"stringData\":{\"m\":\"HUSH\"}},"
          "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{"
          "\"name\":\"c\",\"env\":["
          "{\"name\":\"DB_PASSWORD\",\"value\":\"HUSH\"},{\"name\":\"LEVEL\",\"value\":\"info\"}]}]}},{"
          "\"no\":\"object\"}]}"));
    CHECK_EQ(found.n, 2);
    CHECK_EQ(found.skipped, 1);
    CHECK_SEQ(printed(a, json_path(found.v[0], S("properties.dataKeys"))), S("[\"k\",\"m\"]"));
    CHECK_SEQ(printed(a, json_path(found.v[0], S("properties.secretType"))), S("\"T\""));
    CHECK_SEQ(printed(a, json_path(found.v[1], S("properties.containers.0.env.1.value"))), S("\"info\""));
    for (size_t i = 0; i < found.n; i++)
        CHECK(!str_contains(printed(a, found.v[i]), S("HUSH")));
    arena_free(a);
}

TEST(an_object_deeper_than_documents_go_is_refused)
{
    struct arena    *a = arena_new(64 << 20);
    AUTO_STRBUF      text = STRBUF_INIT(1 << 20);
    struct inventory found = { 0 };
    strbuf_addz(&text, "{\"apiVersion\":\"v1\",\"kind\":\"Odd\",\"metadata\":{\"name\":\"n\"},\"x\":");
    for (int i = 0; i < 200; i++)
        strbuf_addc(&text, '[');
    for (int i = 0; i < 200; i++)
        strbuf_addc(&text, ']');
    strbuf_addc(&text, '}');
    CHECK_EQ(inventory_read(a, strbuf_view(&text), &OPTS, &found, NULL), RC_LIMIT);
    arena_free(a);
}

TEST(results_of_resource_graph_are_taken_as_objects_and_as_tables)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found = read_all(
        a, S("{\"data\":{\"columns\":[{\"name\":\"id\"},{\"name\":\"type\"},{\"name\":\"properties\"}],"
             "\"rows\":[[\"/x\",\"T/t\",{\"a\":1}],[\"\",\"T/t\",{}]]},\"count\":2}"));
    CHECK_EQ(found.n, 1);
    CHECK_EQ(found.skipped, 1);
    CHECK_SEQ(printed(a, json_path(found.v[0], S("properties.a"))), S("1"));
    found = read_all(a, S("{\"data\":[{\"id\":\"/x\",\"type\":\"T/t\"}]}"));
    CHECK_EQ(found.n, 1);
    found = read_all(a, S("[{\"id\":\"/x\",\"type\":\"T/t\"},{\"id\":\"/y\",\"type\":\"T/t\"}]"));
    CHECK_EQ(found.n, 2);
    arena_free(a);
}

TEST(aws_items_are_named_as_arc_names_them)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found =
        read_all(a, S("{\"configurationItems\":[{\"resourceType\":\"AWS::EC2::SecurityGroup\",\"resourceId\":"
                      "\"sg-1\",\"awsAccountId\":\"123456789012\","
                      "\"awsRegion\":\"eu-west-1\",\"ARN\":\"arn:aws:ec2:x\",\"tags\":{\"env\":\"p\"},"
                      "\"configuration\":{\"groupName\":\"g\"}},"
                      "{\"resourceType\":\"AWS::IAM::Policy\",\"resourceId\":\"ANPA\"},"
                      "{\"resourceType\":\"AWS::S3::Bucket\",\"resourceId\":\"b\","
                      "\"configurationItemStatus\":\"ResourceDeleted\"},"
                      "{\"resourceType\":\"odd\",\"resourceId\":\"b\"}]}"));
    CHECK_EQ(found.n, 2);
    CHECK_EQ(found.skipped, 2);
    CHECK_SEQ(json_str(found.v[0], S("id"), STR_NONE),
              S("/subscriptions/123456789012/resourceGroups/eu-west-1/providers/Microsoft.AwsConnector/"
                "ec2SecurityGroups/sg-1"));
    CHECK_SEQ(printed(a, json_path(found.v[0], S("properties.awsProperties.groupName"))), S("\"g\""));
    CHECK_SEQ(json_str(found.v[1], S("type"), STR_NONE), S("Microsoft.AwsConnector/iamPolicies"));
    arena_free(a);
}

TEST(a_template_gives_what_its_deployment_would_make)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found = read_all(
        a, S("{\"$schema\":\"https://x/"
             "deploymentTemplate.json#\",\"parameters\":{\"n\":{\"defaultValue\":\"sa\"},\"t\":{"
             "\"defaultValue\":\"[variables('tls')]\"},\"loop\":{\"defaultValue\":\"[parameters('loop')]\"}},"
             "\"variables\":{\"tls\":\"TLS1_2\"},"
             "\"resources\":[{\"type\":\"Microsoft.Storage/"
             "storageAccounts\",\"apiVersion\":\"2023-01-01\",\"name\":\"[parameters('n')]\","
             "\"location\":\"[resourceGroup().location]\",\"properties\":{\"minimumTlsVersion\":\"["
             "parameters('t')]\","
             "\"x\":\"[concat('a','b')]\",\"y\":\"[parameters('loop')]\"},\"resources\":[{\"type\":"
             "\"blobServices\",\"name\":\"default\","
             "\"properties\":{}}]},{\"type\":\"Microsoft.Resources/deployments\",\"name\":\"inner\"}]}"));
    CHECK_EQ(found.n, 2);
    CHECK_EQ(found.skipped, 1);
    CHECK_SEQ(json_str(found.v[0], S("id"), STR_NONE),
              S("/subscriptions/sub/resourceGroups/default/providers/Microsoft.Storage/storageAccounts/sa"));
    CHECK_SEQ(
        printed(a, json_get(found.v[0], S("properties"))),
        S("{\"minimumTlsVersion\":\"TLS1_2\",\"x\":\"[concat('a','b')]\",\"y\":\"[parameters('loop')]\"}"));
    CHECK_SEQ(json_str(found.v[1], S("id"), STR_NONE),
              S("/subscriptions/sub/resourceGroups/default/providers/Microsoft.Storage/storageAccounts/sa/"
                "blobServices/default"));
    CHECK_SEQ(json_str(found.v[1], S("type"), STR_NONE), S("Microsoft.Storage/storageAccounts/blobServices"));
    arena_free(a);
}

TEST(variables_of_a_template_that_hold_each_other_end)
{
    struct arena    *a = arena_new(64 << 20);
    struct inventory found = read_all(
        a, S("{\"$schema\":\"https://x/"
             "deploymentTemplate.json#\",\"variables\":{\"v\":{\"in\":\"[variables('v')]\"}},"
             "\"resources\":[{\"type\":\"T.T/t\",\"name\":\"n\",\"properties\":\"[variables('v')]\"}]}"));
    CHECK_EQ(found.n, 1);
    arena_free(a);
}

TEST(a_plan_gives_what_would_be_there_in_the_names_of_arm)
{
    struct arena    *a = arena_new(16 << 20);
    struct inventory found =
        read_all(a, S("{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"resources\":[{"
                      "\"address\":\"azurerm_storage_account.s\","
                      "\"mode\":\"managed\",\"type\":\"azurerm_storage_account\",\"name\":\"s\",\"values\":{"
                      "\"name\":\"sa1\",\"resource_group_name\":\"rg\","
                      "\"location\":\"westeurope\",\"min_tls_version\":\"TLS1_0\",\"public_network_access_"
                      "enabled\":true,\"network_rules\":[{"
                      "\"default_action\":\"Deny\"}],\"account_kind\":\"StorageV2\",\"primary_access_key\":"
                      "\"HUSH\"}},{\"mode\":\"data\",\"type\":\"x\","
                      "\"values\":{}}],\"child_modules\":[{\"resources\":[{\"address\":\"module.m.aws_db_"
                      "instance.d\",\"type\":\"aws_db_instance\",\"name\":\"d\","
                      "\"values\":{\"publicly_accessible\":true,\"password\":\"HUSH\",\"tags\":{\"a\":\"b\"}}"
                      ",\"sensitive_values\":{\"password\":true,\"tags\":{}}},"
                      "{\"type\":\"azapi_resource\",\"name\":\"z\",\"values\":{\"type\":\"Microsoft.App/"
                      "jobs@2023-05-01\",\"name\":\"j\","
                      "\"parent_id\":\"/subscriptions/q/resourceGroups/"
                      "g\",\"body\":\"{\\\"properties\\\":{\\\"k\\\":1}}\"}},"
                      "{\"type\":\"kubernetes_manifest\",\"name\":\"k\",\"values\":{\"manifest\":{"
                      "\"apiVersion\":\"v1\",\"kind\":\"Namespace\","
                      "\"metadata\":{\"name\":\"shop\"}}}}]}]}}}"));
    CHECK_EQ(found.n, 4);
    CHECK_EQ(found.skipped, 1);
    CHECK_SEQ(json_str(found.v[0], S("id"), STR_NONE),
              S("/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/sa1"));
    CHECK_SEQ(json_str(found.v[0], S("kind"), STR_NONE), S("StorageV2"));
    CHECK_SEQ(printed(a, json_get(found.v[0], S("properties"))),
              S("{\"minimumTlsVersion\":\"TLS1_0\",\"networkAcls\":{\"defaultAction\":\"Deny\"},"
                "\"publicNetworkAccess\":\"Enabled\"}"));
    CHECK_SEQ(json_str(found.v[1], S("type"), STR_NONE), S("Terraform/aws_db_instance"));
    CHECK_SEQ(printed(a, json_path(found.v[1], S("properties.publicly_accessible"))), S("true"));
    CHECK_SEQ(json_str(found.v[2], S("id"), STR_NONE),
              S("/subscriptions/q/resourceGroups/g/providers/Microsoft.App/jobs/j"));
    CHECK_SEQ(printed(a, json_path(found.v[2], S("properties.k"))), S("1"));
    CHECK_SEQ(json_str(found.v[3], S("type"), STR_NONE), S("Microsoft.KubernetesConnector/namespaces"));
    for (size_t i = 0; i < found.n; i++)
        CHECK(!str_contains(printed(a, found.v[i]), S("HUSH")));
    arena_free(a);
}
