/* SPDX-License-Identifier: Apache-2.0 */
/* base/json: JSON text to a tree in an arena and back.
 *
 * Reading goes through simdjson (json_parse.cc); the tree is ours: small, const, no free functions.
 * A whole number that fits int64 stays one; every other number is a double. Duplicate keys: the last one is
 * found first. Depth is bounded (JSON_MAX_DEPTH unless asked for less). Threads: a tree is read-only.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "base/ts.h"

enum { JSON_MAX_DEPTH = 512 };

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_DOUBLE, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_member;

struct json {
    enum json_kind kind;
    uint32_t       n; /* elements or members */
    union {
        bool                      b;
        int64_t                   i; /* JSON_INT: fits int64 */
        double                    d; /* JSON_DOUBLE: every other number */
        str                       s;
        const struct json        *items;
        const struct json_member *members;
    };
};

struct json_member {
    str         key;
    struct json value;
};

/* Parses one whole document. Strings point into the arena, never into `text`.
 * RC_SYNTAX names the position; RC_LIMIT the depth or the arena's maximum. */
must_check enum rc json_parse(struct arena *a, str text, const struct json **out, struct err *err);

/* A parser kept for many documents (it reuses its buffers). Threads: one each. */
struct json_parser;
struct json_parser *json_parser_new(void);
struct json_parser *json_parser_free(struct json_parser *p);
DEFINE_AUTO(json_parser, json_parser_free)
must_check enum rc json_parser_parse(struct json_parser *p, struct arena *a, str text,
                                     const struct json **out, struct err *err);

const struct json *json_get(const struct json *object, str key);    /* NULL when absent or no object */
const struct json *json_get_ci(const struct json *object, str key); /* ASCII case ignored */
const struct json *json_path(const struct json *j, str path);       /* "a.b.0.c"; NULL when absent */
const struct json *json_at(const struct json *array, size_t i);
/* Conveniences: the value, or the fallback when absent or of another kind. */
str     json_str(const struct json *object, str key, str fallback);
int64_t json_i64(const struct json *object, str key, int64_t fallback);
bool    json_bool(const struct json *object, str key, bool fallback);
/* A list of texts, as json_texts writes it; empty text is an empty list. */
must_check enum rc json_texts_read(struct arena *a, str text, const str **out, size_t *n, struct err *err);
bool json_eq(const struct json *a, const struct json *b); /* deep; objects without regard to order */

/* --- building trees (results live in the arena) --- */
struct json json_make_str(str s); /* borrows s */
struct json json_make_i64(int64_t i);
struct json json_make_double(double d);
struct json json_make_bool(bool b);
struct json json_make_null(void);

/* --- writing --- */
/* Writes compact JSON to a strbuf; keeps track of commas and nesting; asserts on misuse.
 *     struct json_w w = json_w_make(&buf);
 *     json_w_object(&w); json_w_key(&w, S("n")); json_w_i64(&w, 1); json_w_end(&w); */
struct json_w {
    struct strbuf *out;
    uint64_t       comma; /* one bit a level: something was written before */
    uint64_t       is_object;
    unsigned       depth;
    bool           after_key;
};

enum { JSON_W_MAX_DEPTH = 64 };

struct json_w json_w_make(struct strbuf *out);
void          json_w_object(struct json_w *w);
void          json_w_array(struct json_w *w);
void          json_w_end(struct json_w *w);
void          json_w_key(struct json_w *w, str key);
void          json_w_str(struct json_w *w, str s); /* bytes that are no UTF-8 become U+FFFD */
void          json_w_i64(struct json_w *w, int64_t v);
void          json_w_u64(struct json_w *w, uint64_t v);
void          json_w_double(struct json_w *w, double v); /* shortest that reads back; nan and inf are null */
void          json_w_bool(struct json_w *w, bool v);
void          json_w_null(struct json_w *w);
void          json_w_tree(struct json_w *w, const struct json *j);
void          json_w_raw(struct json_w *w, str text); /* text that is JSON already */
/* Shorthands for members. */
void json_w_kstr(struct json_w *w, str key, str v);
void json_w_ki64(struct json_w *w, str key, int64_t v);
void json_w_kbool(struct json_w *w, str key, bool v);
void json_w_kdouble(struct json_w *w, str key, double v);
void json_w_ktime(struct json_w *w, str key, ts t);                      /* null at 0, which is never */
void json_w_ktime_known(struct json_w *w, str key, ts t);                /* left out at 0 */
void json_w_kstrs(struct json_w *w, str key, const str *list, size_t n); /* an array */
/* Left out when NULL; of more than `max` bytes as JSON: a text that says so. */
void json_w_kshort(struct json_w *w, str key, const struct json *value, size_t max);

str json_texts(struct arena *a, const str *list, size_t n); /* the array alone, at most 1 MiB of it */

void json_escape(struct strbuf *out, str s);                                /* the quoted form of a string */
void json_print(struct strbuf *out, const struct json *j, unsigned indent); /* 0 is compact */

#endif
