/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes and encodings of text. */
#include "kql/kql_build.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

static struct kql_expr *bind_of_text(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    args[0] = KQL_CALL1(b, "tostring", args[0]);
    return args[0] ? kql_build_raw(b, fn, fn->result, args[0]->span, args, n) : NULL;
}

/* What is hashed are the bytes of the value: of a text its own, of a number those that it is stored in,
 * lowest first; a datetime is the ticks since the year 1. Other types are hashed as their text. */
static struct kql_expr *bind_hash(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    switch (args[0]->type) {
    case KQL_BOOL:
    case KQL_INT:
    case KQL_LONG:
    case KQL_REAL:
    case KQL_DATETIME:
    case KQL_TIMESPAN:
        return kql_build_raw(b, fn, fn->result, args[0]->span, args, n);
    default:
        return bind_of_text(b, fn, node, args, n);
    }
}

static const char *stored(enum kql_type type)
{
    switch (type) {
    case KQL_BOOL:
        return "char(toUInt8($1))";
    case KQL_INT:
        return "reinterpretAsFixedString(toInt32($1))";
    case KQL_LONG:
    case KQL_TIMESPAN:
        return "reinterpretAsFixedString(toInt64($1))";
    case KQL_REAL:
        return "reinterpretAsFixedString(toFloat64($1))";
    case KQL_DATETIME:
        return "reinterpretAsFixedString(reinterpretAsInt64($1) + toInt64(621355968000000000))";
    default:
        return "$1";
    }
}

static void emit_hash(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, call->n_args > 1 ? "positiveModuloOrNull(reinterpretAsInt64(xxHash64("
                                      : "reinterpretAsInt64(xxHash64(");
    kql_emit_template(e, stored(call->args[0]->type), call->args, 1);
    kql_emit_addz(e, "))");
    if (call->n_args > 1)
        kql_emit_template(e, ",$1)", &call->args[1], 1);
}

/* As boost combines hashes: each is stirred into what stands so far. */
#define STIRRED(h, x)                                                                                        \
    "toInt64(bitXor(" h "," x " + reinterpretAsInt64(toUInt64(11400714819323198485)) + bitShiftLeft(" h      \
    ",6) + reinterpretAsInt64(bitShiftRight(reinterpretAsUInt64(" h "),2))))"

static void emit_combine(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_addz(e, "arrayFold((h,x) -> " STIRRED("h", "x") ",[");
    for (size_t i = 1; i < call->n_args; i++)
        kql_emit_template(e, i > 1 ? ",toInt64(ifNull($1,0))" : "toInt64(ifNull($1,0))", &call->args[i], 1);
    kql_emit_template(e, "],toInt64(ifNull($1,0)))", call->args, 1);
}

/* hash_many(a, b, …) combines the hashes of its arguments. */
static struct kql_expr *bind_many(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    (void)fn;
    for (size_t i = 0; i < n; i++)
        if (!(args[i] = KQL_CALL1(b, "hash", args[i])))
            return NULL;
    return kql_build_call(b, "hash_combine", node ? node->span : args[0]->span, args, n);
}

/* An int has 32 bits, a long 64. */
#define HEX(number) "ifNull(if($1 = 0,'0',trim(LEADING '0' FROM lower(hex(" number ")))),'')"
#define HEX_PADDED(number)                                                                                   \
    "if(isNull($1),'',leftPad(" HEX(number) ",toUInt8(greatest(length(" HEX(                                 \
        number) "),least(ifNull($2,0),16))),'0'))"

static void emit_tohex(struct kql_emit *e, const struct kql_expr *call)
{
    bool padded = call->n_args > 1;

    if (call->args[0]->type == KQL_INT)
        kql_emit_call(e, padded ? HEX_PADDED("toInt32($1)") : HEX("toInt32($1)"), call);
    else
        kql_emit_call(e, padded ? HEX_PADDED("$1") : HEX("$1"), call);
}

#define HASH(n, f, x, y)                                                                                     \
    {                                                                                                        \
        .name = n, .args = "a", .result = KQL_STRING, .nulls = KQL_FN_NULLS_NEVER, .bind = bind_of_text,     \
        .sql = "lower(hex(" f "($1)))", .doc = "The hash of a value's text, in hexadecimal.", .example = x,  \
        .yields = y                                                                                          \
    }

#define BYTES "JSONExtract($1,'Array(Nullable(Int64))')"
/* The first three fields of a guid are stored with their lowest byte first. */
#define GUID_HEX "replaceAll(toString(ifNull($1,toUUID('00000000-0000-0000-0000-000000000000'))),'-','')"
#define GUID_BYTES(from, n) "reverse(substring(unhex(" GUID_HEX ")," from "," n "))"
#define BASE64 "tryBase64Decode($1)"
#define BASE64_HEX(from, n) "lower(hex(reverse(substring(" BASE64 "," from "," n "))))"

const struct kql_fn KQL_FN_HASH[] = {
    HASH("hash_md5", "MD5", "hash_md5('a')", "0cc175b9c0f1b6a831c399e269772661"),
    HASH("hash_sha1", "SHA1", "hash_sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    HASH("hash_sha256", "SHA256", "hash_sha256('a')",
         "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    { .name = "hash",
      .args = "ai?",
      .result = KQL_LONG,
      .bind = bind_hash,
      .emit = emit_hash,
      .doc = "A hash of a value, under a modulus if one is given.",
      .example = "hash('World')",
      .yields = "1846988464401551951" },
    { .name = "hash_xxhash64",
      .twin = "hash",
      .doc = "hash() by the name of its algorithm.",
      .example = "hash_xxhash64('World')",
      .yields = "1846988464401551951" },
    { .name = "hash_combine",
      .args = "ii+",
      .result = KQL_LONG,
      .emit = emit_combine,
      .doc = "One hash of several.",
      .example = "hash_combine(hash('a'), hash('b')) == hash_combine(hash('b'), hash('a'))",
      .yields = "False" },
    { .name = "hash_many",
      .args = "aa+",
      .result = KQL_LONG,
      .bind = bind_many,
      .doc = "One hash of several values.",
      .example = "hash_many('a', 'b') == hash_combine(hash('a'), hash('b'))",
      .yields = "True" },
    { .name = "base64_encode_tostring",
      .args = "s",
      .result = KQL_STRING,
      .sql = "base64Encode($1)",
      .doc = "The text in base64.",
      .example = "base64_encode_tostring('Kusto')",
      .yields = "S3VzdG8=" },
    { .name = "base64_encodestring",
      .twin = "base64_encode_tostring",
      .doc = "base64_encode_tostring() by its old name.",
      .example = "base64_encodestring('Kusto')",
      .yields = "S3VzdG8=" },
    { .name = "base64_decode_tostring",
      .args = "s",
      .result = KQL_STRING,
      .sql = "if(isValidUTF8(tryBase64Decode($1)),tryBase64Decode($1),'')",
      .doc = "The text that base64 holds.",
      .example = "base64_decode_tostring('S3VzdG8=')",
      .yields = "Kusto" },
    { .name = "base64_decodestring",
      .twin = "base64_decode_tostring",
      .doc = "base64_decode_tostring() by its old name.",
      .example = "base64_decodestring('S3VzdG8=')",
      .yields = "Kusto" },
    { .name = "base64_decode_toarray",
      .args = "s",
      .result = KQL_DYNAMIC,
      .sql = "toJSONString(arrayMap(c -> reinterpretAsUInt8(c),ngrams(tryBase64Decode($1),1)))",
      .doc = "The bytes that base64 holds.",
      .example = "base64_decode_toarray('S3U=')",
      .yields = "[75,117]" },
    { .name = "base64_encode_fromarray",
      .args = "d",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(arrayAll(b -> ifNull(b BETWEEN 0 AND 255,false)," BYTES "),base64Encode(arrayStringConcat("
             "arrayMap(b -> char(ifNull(b,0))," BYTES "))),'')",
      .doc = "An array of bytes in base64.",
      .example = "base64_encode_fromarray(dynamic([75,117]))",
      .yields = "S3U=" },
    { .name = "base64_encode_fromguid",
      .args = "g",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql = "if(isNull($1),'',base64Encode(concat(" GUID_BYTES("1", "4") "," GUID_BYTES(
          "5", "2") "," GUID_BYTES("7", "2") ",substring(unhex(" GUID_HEX "),9))))",
      .doc = "The bytes of a guid in base64.",
      .example = "base64_encode_fromguid(toguid('ae3133f2-6e22-49ae-b06a-16e6a9b212eb'))",
      .yields = "8jMxriJurkmwahbmqbIS6w==" },
    { .name = "base64_decode_toguid",
      .args = "s",
      .result = KQL_GUID,
      .nulls = KQL_FN_NULLS_MAY,
      .sql = "if(length(" BASE64 ") = 16,toUUIDOrNull(concat(" BASE64_HEX("1", "4") ",'-'," BASE64_HEX(
          "5", "2") ",'-'," BASE64_HEX("7", "2") ",'-',lower(hex(substring(" BASE64
                                                 ",9,2))),'-',lower(hex(substring(" BASE64 ",11,6))))),NULL)",
      .doc = "The guid whose bytes base64 holds.",
      .example = "base64_decode_toguid('8jMxriJurkmwahbmqbIS6w==')",
      .yields = "ae3133f2-6e22-49ae-b06a-16e6a9b212eb" },
    { .name = "punycode_from_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "puny_encode",
      .doc = "The text as Punycode.",
      .example = "punycode_from_string('académie-française')",
      .yields = "acadmie-franaise-npb1a" },
    { .name = "punycode_to_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "puny_decode",
      .doc = "The text that Punycode holds; empty for what is none.",
      .example = "punycode_to_string('acadmie-franaise-npb1a')",
      .yields = "académie-française" },
    { .name = "punycode_domain_from_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "puny_encode_domain",
      .doc = "A domain whose labels that are not ASCII are Punycode.",
      .example = "punycode_domain_from_string('bücher.example')",
      .yields = "xn--bcher-kva.example" },
    { .name = "punycode_domain_to_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "puny_decode_domain",
      .doc = "A domain whose labels are read from Punycode.",
      .example = "punycode_domain_to_string('xn--bcher-kva.example')",
      .yields = "bücher.example" },
    { .name = "url_decode",
      .args = "s",
      .result = KQL_STRING,
      .sql = "decodeURLComponent($1)",
      .doc = "The text without the escapes of a URL.",
      .example = "url_decode('a%20b')",
      .yields = "a b" },
    { .name = "url_encode",
      .args = "s",
      .result = KQL_STRING,
      .sql = "arrayStringConcat(arrayMap(c -> multiIf(match(c,'[A-Za-z0-9_.!*()-]'),c,c = ' "
             "','+',concat('%',lower(hex(c)))),arrayMap(i -> substring($1,i,1),range(1,length($1) + 1))),'')",
      .doc = "The text with what a URL may not hold escaped.",
      .example = "url_encode('a b')",
      .yields = "a+b" },
    { .name = "url_encode_component",
      .args = "s",
      .result = KQL_STRING,
      .sql = "arrayStringConcat(arrayMap(c -> "
             "if(match(c,'[A-Za-z0-9_.!*()-]'),c,concat('%',lower(hex(c)))),arrayMap(i -> "
             "substring($1,i,1),range(1,length($1) + 1))),'')",
      .doc = "The text as a component of a URL.",
      .example = "url_encode_component('a b')",
      .yields = "a%20b" },
    { .name = "tohex",
      .args = "ii?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_tohex,
      .doc = "A number in hexadecimal, with so many digits at least.",
      .example = "tohex(256)",
      .yields = "100" },
    { 0 },
};
