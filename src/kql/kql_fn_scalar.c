/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that module scalar does, in the engine and natively. */
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_fn.h"

/* What is looked for is a string or an array of them. */
static struct kql_expr *bind_user_agent(struct kql_binder *b, const struct kql_fn *fn,
                                        const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    args[1] = kql_convert_cast(b, args[1], KQL_DYNAMIC);
    return args[1] ? kql_build_raw(b, fn, KQL_DYNAMIC, args[0]->span, args, n) : NULL;
}

const struct kql_fn KQL_FN_SCALAR[] = {
    { .name = "parse_user_agent",
      .args = "sa",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_user_agent,
      .scalar = "parse_user_agent",
      .doc = "Browser, operating system and device of a user agent.",
      .example = "parse_user_agent('curl/7.88.1', 'browser').Browser.Family",
      .yields = "curl" },
    { .name = "zlib_compress_to_base64_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "zlib_compress_to_base64_string",
      .doc = "The text compressed (zlib), in base64.",
      .example = "zlib_compress_to_base64_string('1234567890qwertyuiop')",
      .yields = "eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw==" },
    { .name = "zlib_decompress_from_base64_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "zlib_decompress_from_base64_string",
      .doc = "The text that zlib compressed, from base64.",
      .example = "zlib_decompress_from_base64_string('eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=')",
      .yields = "Test string 123" },
    { .name = "gzip_compress_to_base64_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "gzip_compress_to_base64_string",
      .doc = "The text compressed (gzip), in base64.",
      .example = "gzip_decompress_from_base64_string(gzip_compress_to_base64_string('aaaaaaaaaa'))",
      .yields = "aaaaaaaaaa" },
    { .name = "gzip_decompress_from_base64_string",
      .args = "s",
      .result = KQL_STRING,
      .scalar = "gzip_decompress_from_base64_string",
      .doc = "The text that gzip compressed, from base64.",
      .example = "gzip_decompress_from_base64_string('H4sIAAAAAAAA/wEUAOv/"
                 "MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==')",
      .yields = "1234567890qwertyuiop" },
    { 0 },
};
