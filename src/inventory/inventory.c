/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory/inventory_priv.h"

#include "base/yaml.h"

const struct inventory_format INVENTORY_FORMATS[] = {
    { .name = "kubernetes",
      .doc = "Manifests, and what `kubectl get -o json` or `-o yaml` prints.",
      .example = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{"
                 "\"containers\":[]}}",
      .fits = inventory_kube_fits,
      .read = inventory_kube_read },
    { .name = "aws-config",
      .doc = "A snapshot of AWS Config.",
      .example = "{\"configurationItems\":[{\"resourceType\":\"AWS::S3::Bucket\",\"resourceId\":\"b\"}]}",
      .fits = inventory_aws_fits,
      .read = inventory_aws_read },
    { .name = "arm-template",
      .doc = "An ARM template: the resources that its deployment would make.",
      .example =
          "{\"$schema\":\"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\","
          "\"resources\":[{\"type\":\"T.T/t\",\"name\":\"n\"}]}",
      .fits = inventory_template_fits,
      .read = inventory_template_read },
    { .name = "terraform",
      .doc = "A Terraform plan, as `terraform show -json` prints it: what would be there after it.",
      .example =
          "{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"resources\":[{\"type\":\"t\","
          "\"name\":\"n\",\"values\":{}}]}}}",
      .fits = inventory_terraform_fits,
      .read = inventory_terraform_read },
    { .name = "arm",
      .doc = "Resources as Azure Resource Manager has them: one, an array, a page of a list, a result of "
             "Resource Graph.",
      .example = "{\"id\":\"/subscriptions/s/resourceGroups/g/providers/T.T/t/"
                 "n\",\"name\":\"n\",\"type\":\"T.T/t\"}",
      .fits = inventory_arm_fits,
      .read = inventory_arm_read },
    { 0 },
};

bool inventory_deeper(const struct json *j, unsigned most)
{
    if (j->kind != JSON_ARRAY && j->kind != JSON_OBJECT)
        return false;
    if (most == 0)
        return true;
    for (size_t i = 0; i < j->n; i++)
        if (inventory_deeper(j->kind == JSON_ARRAY ? &j->items[i] : &j->members[i].value, most - 1))
            return true;
    return false;
}

enum rc inventory_add(struct arena *a, struct inventory *out, const struct json *document, struct err *err)
{
    if (out->n == INVENTORY_MAX_RESOURCES)
        return err_set(err, RC_LIMIT, "a text has at most %d resources", INVENTORY_MAX_RESOURCES);
    if (out->n == out->cap)
        out->v = vec_grow_in(a, out->v, out->n, &out->cap, sizeof *out->v);
    out->v[out->n++] = document;
    return RC_OK;
}

enum rc inventory_add_text(struct arena *a, struct inventory *out, const struct strbuf *text, struct err *err)
{
    const struct json *document;
    TRY(strbuf_ok(text, "a resource", err));
    TRY(json_parse(a, strbuf_view(text), &document, err));
    return inventory_add(a, out, document, err);
}

static enum rc read_document(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                             struct inventory *out, struct err *err)
{
    for (const struct inventory_format *f = INVENTORY_FORMATS; f->name; f++)
        if (f->fits(document)) {
            out->format = str_of(f->name);
            return f->read(a, document, opts, out, err);
        }
    return err_set(err, RC_UNSUPPORTED, "this is no export, manifest, plan or snapshot that is known here");
}

/* Documents of a YAML stream stand between lines of three dashes. */
static bool next_yaml(str *rest, str *document)
{
    if (rest->n == 0)
        return false;
    for (size_t from = 0;;) {
        size_t at = str_find(str_from(*rest, from), S("\n---"));
        if (at == STR_NPOS) {
            *document = *rest;
            *rest = STR_NONE;
            return true;
        }
        at += from;
        str line = str_from(*rest, at + 4);
        if (line.n == 0 || line.p[0] == '\n' || line.p[0] == '\r' || line.p[0] == ' ') {
            *document = str_slice(*rest, 0, at);
            *rest = str_from(*rest, at + 4);
            return true;
        }
        from = at + 4;
    }
}

static enum rc read_yaml(struct arena *a, str text, const struct inventory_opts *opts, struct inventory *out,
                         struct err *err)
{
    if (str_starts(text, S("---")))
        text = str_from(text, 3);
    for (str part; next_yaml(&text, &part);) {
        const struct json *document;
        if (str_trim(part).n == 0)
            continue;
        TRY(yaml_parse(a, part, &document, err));
        if (document->kind != JSON_NULL)
            TRY(read_document(a, document, opts, out, err));
    }
    return RC_OK;
}

enum rc inventory_read(struct arena *a, str text, const struct inventory_opts *opts, struct inventory *out,
                       struct err *err)
{
    const struct json *document;
    struct inventory   found = { 0 };
    str                body = str_trim(text);
    if (text.n > INVENTORY_MAX_TEXT)
        return err_set(err, RC_LIMIT, "a text has at most %d bytes", INVENTORY_MAX_TEXT);
    if (body.n && (body.p[0] == '{' || body.p[0] == '[')) {
        TRY(json_parse(a, body, &document, err));
        TRY(read_document(a, document, opts, &found, err));
    } else {
        TRY(read_yaml(a, body, opts, &found, err));
    }
    *out = found;
    return RC_OK;
}
