/* SPDX-License-Identifier: Apache-2.0 */
/* The one C++ file: simdjson's DOM copied into our tree. Nothing of C++ leaves it, exceptions included. */
#include <simdjson.h>

#include <new>

extern "C" {
#include "base/json.h"
}

namespace {

enum rc build(struct arena *a, simdjson::dom::element e, struct json *out, struct err *err);

enum rc too_large(struct err *err)
{
    return err_set(err, RC_LIMIT, "the JSON document needs more memory than it may use");
}

bool copy_string(struct arena *a, std::string_view v, str *out)
{
    char *p = static_cast<char *>(arena_try_alloc(a, v.size() + 1));
    if (!p)
        return false;
    std::memcpy(p, v.data(), v.size());
    *out = str { p, v.size() };
    return true;
}

enum rc build_array(struct arena *a, simdjson::dom::array array, struct json *out, struct err *err)
{
    size_t n = 0;
    for (auto element : array) {
        (void)element;
        n++;
    }
    struct json *items = static_cast<struct json *>(arena_try_array(a, sizeof(struct json), n));
    if (!items)
        return too_large(err);
    size_t i = 0;
    for (auto element : array) {
        enum rc rc = build(a, element, &items[i++], err);
        if (rc != RC_OK)
            return rc;
    }
    out->kind = JSON_ARRAY;
    out->n = static_cast<uint32_t>(n);
    out->items = items;
    return RC_OK;
}

enum rc build_object(struct arena *a, simdjson::dom::object object, struct json *out, struct err *err)
{
    size_t n = 0;
    for (auto field : object) {
        (void)field;
        n++;
    }
    auto *members = static_cast<struct json_member *>(arena_try_array(a, sizeof(struct json_member), n));
    if (!members)
        return too_large(err);
    size_t i = 0;
    for (auto field : object) {
        struct json_member *m = &members[i++];
        if (!copy_string(a, field.key, &m->key))
            return too_large(err);
        enum rc rc = build(a, field.value, &m->value, err);
        if (rc != RC_OK)
            return rc;
    }
    out->kind = JSON_OBJECT;
    out->n = static_cast<uint32_t>(n);
    out->members = members;
    return RC_OK;
}

enum rc build(struct arena *a, simdjson::dom::element e, struct json *out, struct err *err)
{
    using simdjson::dom::element_type;
    switch (e.type()) {
    case element_type::ARRAY:
        return build_array(a, simdjson::dom::array(e), out, err);
    case element_type::OBJECT:
        return build_object(a, simdjson::dom::object(e), out, err);
    case element_type::INT64:
        out->kind = JSON_INT;
        out->i = int64_t(e);
        return RC_OK;
    case element_type::UINT64:
        out->kind = JSON_DOUBLE;
        out->d = static_cast<double>(uint64_t(e));
        return RC_OK;
    case element_type::DOUBLE:
        out->kind = JSON_DOUBLE;
        out->d = double(e);
        return RC_OK;
    case element_type::STRING:
        out->kind = JSON_STRING;
        return copy_string(a, std::string_view(e), &out->s) ? RC_OK : too_large(err);
    case element_type::BOOL:
        out->kind = JSON_BOOL;
        out->b = bool(e);
        return RC_OK;
    case element_type::NULL_VALUE:
        out->kind = JSON_NULL;
        return RC_OK;
    }
    return err_set(err, RC_INTERNAL, "simdjson answered an unknown kind of element");
}

enum rc refusal(simdjson::error_code code, struct err *err)
{
    switch (code) {
    case simdjson::DEPTH_ERROR:
        return err_set(err, RC_LIMIT, "the JSON document is nested deeper than %d levels",
                       int(JSON_MAX_DEPTH));
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
        return too_large(err);
    default:
        return err_set(err, RC_SYNTAX, "not valid JSON: %s", simdjson::error_message(code));
    }
}

} // namespace

struct json_parser {
    simdjson::dom::parser parser;
};

extern "C" struct json_parser *json_parser_new(void)
{
    auto *p = new (std::nothrow) json_parser;
    if (!p)
        abort();
    return p;
}

extern "C" struct json_parser *json_parser_free(struct json_parser *p)
{
    delete p;
    return nullptr;
}

/* Thread rule of simdjson: one document at a time for each parser. The root is copied whole before returning.
 */
extern "C" enum rc json_parser_parse(struct json_parser *p, struct arena *a, str text,
                                     const struct json **out, struct err *err)
{
    if (text.n > simdjson::SIMDJSON_MAXSIZE_BYTES)
        return too_large(err);
    size_t capacity = text.n < 4096 ? 4096 : text.n;
    if (p->parser.capacity() < capacity || p->parser.max_depth() != JSON_MAX_DEPTH) {
        auto failed = p->parser.allocate(capacity, JSON_MAX_DEPTH);
        if (failed)
            return refusal(failed, err);
    }
    simdjson::dom::element root;
    auto                   failed = p->parser.parse(text.p ? text.p : "", text.n, true).get(root);
    if (failed)
        return refusal(failed, err);

    auto *tree = static_cast<struct json *>(arena_try_alloc(a, sizeof(struct json)));
    if (!tree)
        return too_large(err);
    enum rc rc = build(a, root, tree, err);
    if (rc == RC_OK)
        *out = tree;
    return rc;
}

extern "C" enum rc json_parse(struct arena *a, str text, const struct json **out, struct err *err)
{
    struct json_parser *p = json_parser_new();
    enum rc             rc = json_parser_parse(p, a, text, out, err);
    json_parser_free(p);
    return rc;
}
