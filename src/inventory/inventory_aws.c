/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots of AWS Config: {"configurationItems": [{resourceType: "AWS::EC2::Instance", …}]}. Types and
 * properties are named as Azure Arc's connector for AWS names them; an account is a subscription, a region
 * its resource group. */
#include "inventory/inventory_priv.h"

enum { MAX_DOCUMENT = 8 << 20 };

bool inventory_aws_fits(const struct json *document)
{
    const struct json *items = json_get(document, S("configurationItems"));
    return items && items->kind == JSON_ARRAY;
}

static void write_lower(struct strbuf *out, str s, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        strbuf_addc(out, i < most && s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 'a' - 'A') : s.p[i]);
}

/* AWS::EC2::SecurityGroup → Microsoft.AwsConnector/ec2SecurityGroups, AWS::IAM::Policy → …/iamPolicies. */
static bool write_type(struct strbuf *out, str aws)
{
    size_t first = str_find(aws, S("::"));
    str    rest = first == STR_NPOS ? STR_NONE : str_from(aws, first + 2);
    size_t second = str_find(rest, S("::"));
    if (second == STR_NPOS || rest.n > 200)
        return false;
    str service = str_slice(rest, 0, second), kind = str_from(rest, second + 2);
    strbuf_addz(out, "Microsoft.AwsConnector/");
    write_lower(out, service, service.n);
    bool consonant = kind.n > 1 && !strchr("aeiou", kind.p[kind.n - 2]);
    if (str_ends(kind, S("y")) && consonant) {
        strbuf_add(out, str_slice(kind, 0, kind.n - 1));
        strbuf_addz(out, "ies");
    } else {
        strbuf_add(out, kind);
        strbuf_addz(out, str_ends(kind, S("s")) ? "es" : "s");
    }
    return true;
}

static void write_tags(struct json_w *w, str key, const struct json *tags)
{
    json_w_key(w, key);
    json_w_object(w);
    for (size_t i = 0; tags && tags->kind == JSON_OBJECT && i < tags->n; i++)
        if (tags->members[i].value.kind == JSON_STRING)
            json_w_kstr(w, tags->members[i].key, tags->members[i].value.s);
    json_w_end(w);
}

static void write_tree(struct json_w *w, str key, const struct json *tree)
{
    if (!tree || tree->kind == JSON_NULL)
        return;
    json_w_key(w, key);
    json_w_tree(w, tree);
}

static void write_item(struct json_w *w, const struct json *item, str type, const struct inventory_opts *opts)
{
    str account = json_str(item, S("awsAccountId"), opts->subscription),
        region = json_str(item, S("awsRegion"), S("global"));
    str         id = json_str(item, S("resourceId"), STR_NONE), name = json_str(item, S("resourceName"), id);
    AUTO_STRBUF path = STRBUF_INIT(4096);
    strbuf_addf(&path, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT "/providers/" STR_FMT "/" STR_FMT,
                STR_ARG(account), STR_ARG(region), STR_ARG(type), STR_ARG(id));
    json_w_object(w);
    json_w_kstr(w, S("id"), strbuf_view(&path));
    json_w_kstr(w, S("name"), name);
    json_w_kstr(w, S("type"), type);
    json_w_kstr(w, S("location"), region);
    write_tags(w, S("tags"), json_get(item, S("tags")));
    json_w_key(w, S("properties"));
    json_w_object(w);
    json_w_kstr(w, S("arn"), json_str(item, S("ARN"), json_str(item, S("arn"), STR_NONE)));
    json_w_kstr(w, S("awsAccountId"), account);
    json_w_kstr(w, S("awsRegion"), region);
    json_w_kstr(w, S("publicCloudResourceName"), name);
    write_tree(w, S("awsProperties"), json_get(item, S("configuration")));
    write_tree(w, S("supplementaryConfiguration"), json_get(item, S("supplementaryConfiguration")));
    json_w_end(w);
    json_w_end(w);
}

/* Slashes and such in ids of AWS would be segments in ARM's. */
static bool plain_id(str id)
{
    return id.n && str_find_byte(id, '/') == STR_NPOS;
}

enum rc inventory_aws_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                           struct inventory *out, struct err *err)
{
    const struct json *items = json_get(document, S("configurationItems"));
    for (size_t i = 0; json_at(items, i); i++) {
        const struct json *item = json_at(items, i);
        AUTO_STRBUF        text = STRBUF_INIT(MAX_DOCUMENT), type = STRBUF_INIT(512);
        struct json_w      w = json_w_make(&text);
        bool gone = str_starts(json_str(item, S("configurationItemStatus"), STR_NONE), S("ResourceDeleted"));
        if (gone || !plain_id(json_str(item, S("resourceId"), STR_NONE)) ||
            !write_type(&type, json_str(item, S("resourceType"), STR_NONE)) ||
            inventory_deeper(item, JSON_W_MAX_DEPTH - 8)) {
            out->skipped++;
            continue;
        }
        write_item(&w, item, strbuf_view(&type), opts);
        TRY(inventory_add_text(a, out, &text, err));
    }
    return RC_OK;
}
