/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include <pcre2.h>
#include <pthread.h>

#include "base/mem.h"

enum { MATCH_LIMIT = 1000000, DEPTH_LIMIT = 2000, HEAP_LIMIT_KIB = 16 * 1024 };

struct regex {
    pcre2_code *code;
    uint32_t    groups;
    bool        jit;
};

static uint32_t options_of(unsigned flags)
{
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    if (flags & REGEX_ICASE)
        options |= PCRE2_CASELESS;
    if (flags & REGEX_DOTALL)
        options |= PCRE2_DOTALL;
    if (flags & REGEX_MULTILINE)
        options |= PCRE2_MULTILINE;
    if (flags & REGEX_UTF)
        options |= PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF;
    return options;
}

enum rc regex_new(str pattern, unsigned flags, struct regex **out, struct err *err)
{
    int         number;
    PCRE2_SIZE  offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n, options_of(flags),
                                     &number, &offset, NULL);
    if (!code) {
        PCRE2_UCHAR reason[160];
        pcre2_get_error_message(number, reason, sizeof reason);
        return err_set(err, RC_SYNTAX, "not a valid regular expression: %s at offset %zu",
                       (const char *)reason, (size_t)offset);
    }
    uint32_t groups = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups >= REGEX_MAX_GROUPS) {
        pcre2_code_free(code);
        return err_set(err, RC_LIMIT, "a regular expression has at most %d groups, not %u",
                       REGEX_MAX_GROUPS - 1, groups);
    }
    struct regex *r = MEM_NEW(struct regex);
    r->code = code;
    r->groups = groups;
    r->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
    *out = r;
    return RC_OK;
}

struct regex *regex_free(struct regex *r)
{
    if (!r)
        return NULL;
    pcre2_code_free(r->code);
    return mem_free(r);
}

/* One match context and match data a thread, made at first use, released with the thread. */
struct scratch {
    pcre2_match_context *context;
    pcre2_match_data    *data;
};

static pthread_key_t scratch_key;

static void scratch_free(void *p)
{
    struct scratch *s = p;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    mem_free(s);
}

static void scratch_key_make(void)
{
    pthread_key_create(&scratch_key, scratch_free);
}

static struct scratch *scratch_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, scratch_key_make);
    struct scratch *s = pthread_getspecific(scratch_key);
    if (s)
        return s;
    s = MEM_NEW(struct scratch);
    s->context = pcre2_match_context_create(NULL);
    s->data = pcre2_match_data_create(REGEX_MAX_GROUPS, NULL);
    pcre2_set_match_limit(s->context, MATCH_LIMIT);
    pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
    pthread_setspecific(scratch_key, s);
    return s;
}

enum rc regex_match(const struct regex *r, str subject, size_t from, str *groups, size_t *n)
{
    struct scratch *s = scratch_get();
    if (from > subject.n)
        return RC_NOT_FOUND;
    int rc = pcre2_match(r->code, (PCRE2_SPTR)(subject.p ? subject.p : ""), subject.n, from, 0, s->data,
                         s->context);
    if (rc == PCRE2_ERROR_NOMATCH)
        return RC_NOT_FOUND;
    if (rc < 0)
        return RC_LIMIT;

    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(s->data);
    size_t            room = *n;
    *n = r->groups + 1;
    for (size_t i = 0; i < room && i < *n; i++) {
        bool took_part = i < (size_t)rc && ends[2 * i] != PCRE2_UNSET;
        groups[i] = took_part ? str_slice(subject, ends[2 * i], ends[2 * i + 1]) : STR_NONE;
        if (took_part && !groups[i].p)
            groups[i].p = "";
    }
    return RC_OK;
}

bool regex_test(const struct regex *r, str subject)
{
    size_t n = 0;
    return regex_match(r, subject, 0, NULL, &n) == RC_OK;
}

int regex_group(const struct regex *r, str name)
{
    char z[64];
    if (!str_to_cstr(name, z, sizeof z))
        return -1;
    int number = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)z);
    return number > 0 ? number : -1;
}

size_t regex_group_count(const struct regex *r)
{
    return r->groups;
}
