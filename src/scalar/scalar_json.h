/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_json: JSON text to a tree and back, for what runs in the engine too, where base/json's parser
 * (simdjson) does not.
 *
 * Numbers are kept as written, so 1.0 stays a real and 18446744073709551616 itself. Members keep their order,
 * also those of one name. Depth is bounded (SCALAR_JSON_DEPTH) and so is memory: by the arena.
 * Ownership: the arena; strings without escapes are views into the text. Threads: no state. */
#ifndef SCALAR_SCALAR_JSON_H
#define SCALAR_SCALAR_JSON_H

#include "base/arena.h"
#include "base/strbuf.h"

enum { SCALAR_JSON_DEPTH = 200 };

enum scalar_json_kind {
    SCALAR_JSON_NULL,
    SCALAR_JSON_BOOL,
    SCALAR_JSON_NUMBER, /* s: as written */
    SCALAR_JSON_STRING, /* s: without quotes and escapes */
    SCALAR_JSON_ARRAY,
    SCALAR_JSON_OBJECT,
};

struct scalar_json {
    enum scalar_json_kind kind;
    bool                  b;
    uint32_t              n; /* elements or members */
    str                   s;
    str                  *keys;  /* of an object */
    struct scalar_json   *items; /* elements, or the values of the members */
};

/* One whole document. False: it is none, too deep, or the arena is full. */
bool scalar_json_parse(struct arena *a, str text, struct scalar_json *out);

const struct scalar_json *scalar_json_get(const struct scalar_json *object, str key); /* NULL: none */
/* Numbers: false when it is none, or no whole number that fits. */
bool scalar_json_long(const struct scalar_json *j, int64_t *out);
bool scalar_json_real(const struct scalar_json *j, double *out);

/* One member or element of a document as raw text, without reading the rest into a tree; the document is
 * taken to be sound. The first of equal keys; a negative index counts from the end. False: there is none. */
bool scalar_json_member(struct arena *a, str object, str key, str *raw);
bool scalar_json_element(str array, int64_t index, str *raw);

/* All elements of an array or members of an object as raw text; keys are NULL for an array. False: it is
 * neither, or the arena is full. */
struct scalar_json_parts {
    str   *keys, *values;
    size_t n;
};
bool scalar_json_parts(struct arena *a, str text, struct scalar_json_parts *out);

void scalar_json_write(struct strbuf *out, const struct scalar_json *j); /* compact */
void scalar_json_quote(struct strbuf *out, str s);                       /* a string with its quotes */
/* "key": with the comma before it when `first` is not so any more. */
void scalar_json_key(struct strbuf *out, bool *first, str key);

#endif
