/* SPDX-License-Identifier: Apache-2.0 */
/* The operators of conditions. A test never sees [*]: its caller asks once for each element.
 * Missing values are NULL: they are equal to null, are in no list, match nothing, and have no order. */
#include "base/utf8.h"
#include "policy/policy_rule.h"
#include "policy/policy_value.h"

static bool test_equals(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    return policy_value_equal(value, wanted);
}

static bool order_is(const struct json *value, const struct json *wanted, unsigned accept)
{
    int order;
    return policy_value_order(value, wanted, &order) && (accept >> (order < 0 ? 0 : order == 0 ? 1 : 2) & 1);
}

static bool test_less(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    return order_is(value, wanted, 1);
}

static bool test_less_or_equals(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    return order_is(value, wanted, 3);
}

static bool test_greater(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    return order_is(value, wanted, 4);
}

static bool test_greater_or_equals(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    return order_is(value, wanted, 6);
}

static bool test_in(struct arena *a, const struct json *value, const struct json *wanted)
{
    (void)a;
    for (size_t i = 0; json_at(wanted, i); i++)
        if (policy_value_equal(value, json_at(wanted, i)))
            return true;
    return false;
}

static bool test_contains(struct arena *a, const struct json *value, const struct json *wanted)
{
    if (!value)
        return false;
    if (value->kind == JSON_ARRAY) {
        for (uint32_t i = 0; i < value->n; i++)
            if (policy_value_equal(&value->items[i], wanted))
                return true;
        return false;
    }
    str text = policy_value_text(a, value), part = policy_value_text(a, wanted);
    return text.p && part.p && policy_value_contains_text(text, part);
}

static bool test_contains_key(struct arena *a, const struct json *value, const struct json *wanted)
{
    str key = policy_value_text(a, wanted);
    return key.p && json_get_ci(value, key) != NULL;
}

static bool test_exists(struct arena *a, const struct json *value, const struct json *wanted)
{
    bool wants;
    (void)a;
    return policy_value_bool(wanted, &wants) && wants == !policy_value_missing(value);
}

/* `*` stands for any run of characters; the pattern has no other wildcard. Both texts are folded. Greedy with
 * one step back: linear in the text for one star, n * m at worst. */
static bool like(str text, str pattern)
{
    size_t t = 0, p = 0, star = STR_NPOS, resume = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != STR_NPOS) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool test_like(struct arena *a, const struct json *value, const struct json *wanted)
{
    str text = policy_value_text(a, value), pattern = policy_value_text(a, wanted);
    if (!text.p || !pattern.p)
        return false;
    AUTO_STRBUF folded = STRBUF_INIT(text.n * 3 + 16), folded_pattern = STRBUF_INIT(pattern.n * 3 + 16);
    utf8_fold(&folded, text);
    utf8_fold(&folded_pattern, pattern);
    return like(strbuf_view(&folded), strbuf_view(&folded_pattern));
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* # is a digit, ? a letter, . any character; others stand for themselves. */
static bool match_char(uint32_t wanted, uint32_t c)
{
    switch (wanted) {
    case '#':
        return c >= '0' && c <= '9';
    case '?':
        return is_letter(c);
    case '.':
        return true;
    default:
        return wanted == c;
    }
}

static bool match(str text, str pattern)
{
    size_t t = 0, p = 0;
    while (t < text.n && p < pattern.n)
        if (!match_char(utf8_next(pattern, &p), utf8_next(text, &t)))
            return false;
    return t == text.n && p == pattern.n;
}

static bool test_match(struct arena *a, const struct json *value, const struct json *wanted)
{
    str text = policy_value_text(a, value), pattern = policy_value_text(a, wanted);
    return text.p && pattern.p && match(text, pattern);
}

static bool test_match_insensitively(struct arena *a, const struct json *value, const struct json *wanted)
{
    str text = policy_value_text(a, value), pattern = policy_value_text(a, wanted);
    if (!text.p || !pattern.p)
        return false;
    AUTO_STRBUF folded = STRBUF_INIT(text.n * 3 + 16), folded_pattern = STRBUF_INIT(pattern.n * 3 + 16);
    utf8_fold(&folded, text);
    utf8_fold(&folded_pattern, pattern);
    return match(strbuf_view(&folded), strbuf_view(&folded_pattern));
}

const struct policy_op POLICY_OPS[] = {
    { .name = "contains",
      .test = test_contains,
      .doc = "A text holds a part, or an array an element.",
      .example = "{\"field\": \"name\", \"contains\": \"prod\"}" },
    { .name = "containsKey",
      .test = test_contains_key,
      .doc = "An object has a key.",
      .example = "{\"field\": \"tags\", \"containsKey\": \"owner\"}" },
    { .name = "equals",
      .test = test_equals,
      .doc = "The values are equal, without regard to case.",
      .example = "{\"field\": \"location\", \"equals\": \"westeurope\"}" },
    { .name = "exists",
      .test = test_exists,
      .doc = "The field is there and not null.",
      .example = "{\"field\": \"tags.owner\", \"exists\": true}" },
    { .name = "greater",
      .test = test_greater,
      .doc = "The value is greater.",
      .example = "{\"field\": \"properties.port\", \"greater\": 1024}" },
    { .name = "greaterOrEquals",
      .test = test_greater_or_equals,
      .doc = "The value is greater or equal.",
      .example = "{\"field\": \"properties.port\", \"greaterOrEquals\": 1024}" },
    { .name = "in",
      .test = test_in,
      .doc = "The value is an element of the list.",
      .example = "{\"field\": \"location\", \"in\": [\"westeurope\", \"northeurope\"]}" },
    { .name = "less",
      .test = test_less,
      .doc = "The value is less.",
      .example = "{\"field\": \"properties.port\", \"less\": 1024}" },
    { .name = "lessOrEquals",
      .test = test_less_or_equals,
      .doc = "The value is less or equal.",
      .example = "{\"field\": \"properties.port\", \"lessOrEquals\": 1024}" },
    { .name = "like",
      .test = test_like,
      .doc = "The text matches a pattern with *.",
      .example = "{\"field\": \"name\", \"like\": \"web-*\"}" },
    { .name = "match",
      .test = test_match,
      .doc = "The text matches a pattern of # ? . and minds case.",
      .example = "{\"field\": \"name\", \"match\": \"web-##\"}" },
    { .name = "matchInsensitively",
      .test = test_match_insensitively,
      .doc = "The same without regard to case.",
      .example = "{\"field\": \"name\", \"matchInsensitively\": \"WEB-##\"}" },
    { .name = "notContains",
      .test = test_contains,
      .negated = true,
      .doc = "The opposite of contains.",
      .example = "{\"field\": \"name\", \"notContains\": \"test\"}" },
    { .name = "notContainsKey",
      .test = test_contains_key,
      .negated = true,
      .doc = "The opposite of containsKey.",
      .example = "{\"field\": \"tags\", \"notContainsKey\": \"owner\"}" },
    { .name = "notEquals",
      .test = test_equals,
      .negated = true,
      .doc = "The opposite of equals.",
      .example = "{\"field\": \"kind\", \"notEquals\": \"linux\"}" },
    { .name = "notIn",
      .test = test_in,
      .negated = true,
      .doc = "The opposite of in.",
      .example = "{\"field\": \"location\", \"notIn\": [\"westeurope\"]}" },
    { .name = "notLike",
      .test = test_like,
      .negated = true,
      .doc = "The opposite of like.",
      .example = "{\"field\": \"name\", \"notLike\": \"test-*\"}" },
    { .name = "notMatch",
      .test = test_match,
      .negated = true,
      .doc = "The opposite of match.",
      .example = "{\"field\": \"name\", \"notMatch\": \"web-##\"}" },
    { .name = "notMatchInsensitively",
      .test = test_match_insensitively,
      .negated = true,
      .doc = "The opposite of matchInsensitively.",
      .example = "{\"field\": \"name\", \"notMatchInsensitively\": \"WEB-##\"}" },
    { 0 },
};

const struct policy_op *policy_op_find(str name)
{
    for (const struct policy_op *op = POLICY_OPS; op->name; op++)
        if (str_eq_ci(str_of(op->name), name))
            return op;
    return NULL;
}
