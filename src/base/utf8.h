/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8: code points of UTF-8 text. A broken byte reads as U+FFFD of length 1. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"
#include "base/strbuf.h"

enum { UTF8_BAD = 0xFFFD };

uint32_t utf8_next(str s, size_t *at); /* reads one code point and moves *at behind it; at < n */
size_t   utf8_put(uint32_t cp, char out[4]);
size_t   utf8_count(str s);                /* code points */
size_t   utf8_offset(str s, size_t chars); /* byte offset of the nth code point, n clamped */
bool     utf8_valid(str s);
bool     utf8_is_word(uint32_t cp);             /* a letter or digit of any script */
void     utf8_lower(struct strbuf *out, str s); /* simple case folding by code point, C.UTF-8 tables */
void     utf8_upper(struct strbuf *out, str s);
void     utf8_fold(struct strbuf *out, str s);   /* full case folding: ß and SS fold to the same text */
int      utf8_cmp_fold(str a, str b);            /* order of the folded texts, code point by code point */
void     utf8_repair(struct strbuf *out, str s); /* broken bytes become U+FFFD */

#endif
