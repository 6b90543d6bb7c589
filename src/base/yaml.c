/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml.h"

#include <yaml.h>

#include "base/vec.h"

enum { MAX_DEPTH = 64, MAX_NODES = 200000 };

struct loader {
    struct arena    *a;
    yaml_document_t *doc;
    size_t           nodes; /* made so far, copies through aliases included */
    struct err      *err;
};

static enum rc load(struct loader *l, yaml_node_t *node, unsigned depth, struct json *out);

static enum rc at_node(const struct loader *l, const yaml_node_t *node, enum rc rc, const char *what)
{
    return err_set(l->err, rc, "%s (line %zu, column %zu)", what, node->start_mark.line + 1,
                   node->start_mark.column + 1);
}

static str node_text(const yaml_node_t *node)
{
    return str_make((const char *)node->data.scalar.value, node->data.scalar.length);
}

static bool plain_word(str s, struct json *out)
{
    if (s.n == 0 || str_eq(s, S("~")) || str_eq_ci(s, S("null"))) {
        *out = json_make_null();
        return true;
    }
    if (str_eq_ci(s, S("true")) || str_eq_ci(s, S("false"))) {
        *out = json_make_bool(s.n == 4);
        return true;
    }
    return false;
}

static bool plain_number(str s, struct json *out)
{
    int64_t i;
    double  d;
    if (str_to_i64(s, &i)) {
        *out = json_make_i64(i);
        return true;
    }
    if (str_to_double(s, &d)) {
        *out = json_make_double(d);
        return true;
    }
    return false;
}

static enum rc load_scalar(struct loader *l, const yaml_node_t *node, struct json *out)
{
    str s = node_text(node);
    if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && (plain_word(s, out) || plain_number(s, out)))
        return RC_OK;
    str kept = arena_str(l->a, s);
    if (!kept.p)
        return at_node(l, node, RC_LIMIT, "the document is too large");
    *out = json_make_str(kept);
    return RC_OK;
}

static enum rc load_sequence(struct loader *l, yaml_node_t *node, unsigned depth, struct json *out)
{
    size_t       n = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    struct json *items = ARENA_TRY_ARRAY(l->a, struct json, n);
    if (!items)
        return at_node(l, node, RC_LIMIT, "the document is too large");
    for (size_t i = 0; i < n; i++)
        TRY(load(l, yaml_document_get_node(l->doc, node->data.sequence.items.start[i]), depth + 1,
                 &items[i]));
    *out = (struct json) { .kind = JSON_ARRAY, .n = (uint32_t)n, .items = items };
    return RC_OK;
}

static enum rc load_mapping(struct loader *l, yaml_node_t *node, unsigned depth, struct json *out)
{
    size_t              n = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    struct json_member *members = ARENA_TRY_ARRAY(l->a, struct json_member, n);
    if (!members)
        return at_node(l, node, RC_LIMIT, "the document is too large");

    *out = (struct json) { .kind = JSON_OBJECT, .members = members };
    for (size_t i = 0; i < n; i++) {
        yaml_node_pair_t   pair = node->data.mapping.pairs.start[i];
        const yaml_node_t *key = yaml_document_get_node(l->doc, pair.key);
        if (key->type != YAML_SCALAR_NODE)
            return at_node(l, key, RC_UNSUPPORTED, "a key is text, not a list or a mapping");
        if (json_get(out, node_text(key)))
            return at_node(l, key, RC_INVALID, "the key stands here twice");
        members[i].key = arena_str(l->a, node_text(key));
        if (!members[i].key.p)
            return at_node(l, key, RC_LIMIT, "the document is too large");
        TRY(load(l, yaml_document_get_node(l->doc, pair.value), depth + 1, &members[i].value));
        out->n++;
    }
    return RC_OK;
}

static enum rc load(struct loader *l, yaml_node_t *node, unsigned depth, struct json *out)
{
    if (depth > MAX_DEPTH)
        return at_node(l, node, RC_LIMIT, "the document is nested deeper than 64 levels");
    if (++l->nodes > MAX_NODES) /* aliases of aliases grow without bound otherwise */
        return at_node(l, node, RC_LIMIT, "the document has more than 200000 nodes, aliases counted");
    switch (node->type) {
    case YAML_SCALAR_NODE:
        return load_scalar(l, node, out);
    case YAML_SEQUENCE_NODE:
        return load_sequence(l, node, depth, out);
    case YAML_MAPPING_NODE:
        return load_mapping(l, node, depth, out);
    default:
        return at_node(l, node, RC_INTERNAL, "libyaml answered an unknown kind of node");
    }
}

static enum rc parse_document(yaml_parser_t *parser, struct arena *a, const struct json **out,
                              struct err *err)
{
    yaml_document_t doc;
    if (!yaml_parser_load(parser, &doc))
        return err_set(err, RC_SYNTAX, "not valid YAML: %s (line %zu, column %zu)",
                       parser->problem ? parser->problem : "unreadable", parser->problem_mark.line + 1,
                       parser->problem_mark.column + 1);

    struct json  *tree = ARENA_NEW(a, struct json);
    yaml_node_t  *root = yaml_document_get_root_node(&doc);
    struct loader l = { .a = a, .doc = &doc, .err = err };
    enum rc       rc = root ? load(&l, root, 0, tree) : RC_OK; /* an empty document is null */
    yaml_document_delete(&doc);
    if (rc == RC_OK)
        *out = tree;
    return rc;
}

enum rc yaml_parse(struct arena *a, str text, const struct json **out, struct err *err)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return err_set(err, RC_INTERNAL, "libyaml could not start");
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
    enum rc rc = parse_document(&parser, a, out, err);
    yaml_parser_delete(&parser);
    return rc;
}
