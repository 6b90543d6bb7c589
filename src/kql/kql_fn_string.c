/* SPDX-License-Identifier: Apache-2.0 */
/* String functions. */
#include "base/json.h"
#include "base/utf8.h"
#include "kql/kql_build.h"
#include "kql/kql_convert.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"
#include "kql/kql_regex.h"
#include "kql/kql_term.h"

/* strcat() and its kin take anything and read it as tostring() does. */
static struct kql_expr *bind_strcat(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 0; i < n; i++)
        if (!(args[i] = KQL_CALL1(b, "tostring", args[i])))
            return NULL;
    return kql_build_raw(b, fn, KQL_STRING, args[0]->span, args, n);
}

/* A pattern that is a constant is completed here, else in SQL. */
static void add_pattern(struct kql_emit *e, const char *before, const struct kql_expr *re, const char *after)
{
    struct kql_expr *args[] = { (struct kql_expr *)re };
    if (re->kind == KQL_EXPR_CONST) {
        str pattern = kql_term_digits(e->arena, re->value.s);
        if (strcmp(before, "(?-s)") == 0)
            before = kql_term_flags(pattern);
        kql_emit_text(e, arena_printf(e->arena, "%s" STR_FMT "%s", before, STR_ARG(pattern), after));
        return;
    }
    kql_emit_addz(e, "concat(");
    kql_emit_text(e, str_of(before));
    kql_emit_template(e, ",$1,", args, 1);
    kql_emit_text(e, str_of(after));
    kql_emit_addz(e, ")");
}

static void emit_trim(struct kql_emit *e, const struct kql_expr *call)
{
    bool start = strcmp(call->fn->name, "trim_end") != 0, end = strcmp(call->fn->name, "trim_start") != 0;
    const char *one = "replaceRegexpOne(";

    kql_emit_addz(e, start && end ? "replaceRegexpOne(replaceRegexpOne(" : one);
    kql_emit_expr(e, call->args[1]);
    if (start) {
        kql_emit_addz(e, ",");
        add_pattern(e, "^(?:", call->args[0], ")");
        kql_emit_addz(e, ",'')");
    }
    if (end) {
        kql_emit_addz(e, ",");
        add_pattern(e, "(?:", call->args[0], ")$");
        kql_emit_addz(e, ",'')");
    }
}

static void emit_substring(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *from = call->args[1];
    bool                   plain = from->kind == KQL_EXPR_CONST && !from->value.null && from->value.i >= 0;

    kql_emit_call(e,
                  plain
                      ? "ifNull(substringUTF8($1,$2 + 1"
                      : "ifNull(substringUTF8($1,if($2 < 0,greatest(toInt64(lengthUTF8($1)) + $2,0),$2) + 1",
                  call);
    kql_emit_call(e, call->n_args > 2 ? ",greatest($3,0)),'')" : "),'')", call);
}

static void emit_split(struct kql_emit *e, const struct kql_expr *call)
{
    bool empty = call->args[1]->kind == KQL_EXPR_CONST && call->args[1]->value.s.n == 0;
    /* no text holds the byte FF: what parts rows in their own ways becomes one thing that parts them all */
    const char *parts = empty ? "[$1]"
                        : kql_plan_is_fixed(call->args[1])
                            ? "splitByString($2,$1)"
                            : "if($2 = '',[$1],splitByString('\\xFF',replaceAll($1,$2,'\\xFF')))";
    char        sql[400];

    if (call->n_args == 2) {
        snprintf(sql, sizeof sql, "toJSONString(%s)", parts);
        kql_emit_call(e, sql, call);
        return;
    }
    snprintf(sql, sizeof sql, "if($3 < 0 OR length(%s) <= $3,'',toJSONString([%s[$3 + 1]]))", parts, parts);
    kql_emit_call(e, sql, call);
}

/* Where the engine takes no pattern but one for all rows. */
static bool pattern_is_fixed(struct kql_binder *b, const struct kql_fn *fn, const struct kql_expr *re)
{
    if (!kql_plan_is_fixed(re))
        kql_bind_error(b, KQL_DIAG_CONSTANT, re->span, "the pattern of %s() is a constant", fn->name);
    return kql_plan_is_fixed(re);
}

static struct kql_expr *bind_extract(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    enum kql_type type = n > 3 ? args[3]->type : KQL_STRING;
    if (!pattern_is_fixed(b, fn, args[0]))
        return NULL;
    struct kql_expr *e = kql_build_raw(b, fn, KQL_STRING, node ? node->span : args[0]->span, args, 3);
    return kql_convert_cast(b, e, type);
}

/* The engine calls a group that the pattern has not an error; for Kusto it is empty. A pattern that is not
 * known yet gets as many empty groups behind it as may be asked for. */
#define ANY_GROUPS "()()()()()()()()()()()()()()()()"
#define ANY_GROUPS_COUNT 16

/* The first group. \d of all scripts takes the engine half as long again as \d of ASCII, which is the same
 * thing in a text of ASCII; whether it is one is seen in a fraction of that. */
static void emit_extract_first(struct kql_emit *e, const struct kql_expr *call)
{
    str pattern = call->args[0]->value.s, digits = kql_term_digits(e->arena, pattern);

    if (str_eq(pattern, digits)) {
        kql_emit_template(e, "extract($1,", &call->args[2], 1);
        add_pattern(e, "(?-s)", call->args[0], "");
        kql_emit_addz(e, ")");
        return;
    }
    const char *flags = kql_term_flags(pattern);
    str         subject = kql_emit_shared(e, call->args[2]);
    kql_emit_addz(e, "if(isValidASCII(");
    kql_emit_name(e, subject);
    for (int all = 0; all < 2; all++) {
        kql_emit_addz(e, "),extract(");
        kql_emit_name(e, subject);
        kql_emit_addz(e, ",");
        kql_emit_text(e, arena_printf(e->arena, "%s" STR_FMT, flags, STR_ARG(all ? digits : pattern)));
    }
    kql_emit_addz(e, "))");
}

static void emit_extract(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *re = call->args[0], *group = call->args[1];
    bool                   known = re->kind == KQL_EXPR_CONST;
    size_t                 groups = known ? kql_regex_look(re->value.s).groups : ANY_GROUPS_COUNT;
    bool                   constant = group->kind == KQL_EXPR_CONST && !group->value.null;

    if (constant && (group->value.i < 0 || group->value.i > (int64_t)groups)) {
        kql_emit_text(e, STR_NONE);
        return;
    }
    if (known && constant && group->value.i == 1) {
        emit_extract_first(e, call);
        return;
    }
    if (!constant)
        kql_emit_template(e, arena_printf(e->arena, "if(ifNull($1,-1) BETWEEN 0 AND %zu,", groups).p,
                          &call->args[1], 1);
    kql_emit_addz(e, "regexpExtract(");
    kql_emit_expr(e, call->args[2]);
    kql_emit_addz(e, ",");
    if (known)
        add_pattern(e, "(?-s)", re, "");
    else
        add_pattern(e, "(?-s)(?:", re, ")" ANY_GROUPS);
    if (!constant)
        kql_emit_template(e, arena_printf(e->arena, ",least(greatest(ifNull($1,0),0),%zu)),'')", groups).p,
                          &call->args[1], 1);
    else
        kql_emit_call(e, ",assumeNotNull($2))", call);
}

/* Groups by their numbers, where some are asked for by their names. */
static bool number_groups(struct kql_binder *b, str pattern, struct kql_expr **of)
{
    struct kql_expr   *groups = *of;
    struct kql_value   v = groups->value;
    AUTO_STRBUF        numbers = STRBUF_INIT(1000);
    const struct json *list;
    struct err         err;

    if (groups->kind != KQL_EXPR_CONST || json_parse(b->arena, groups->value.s, &list, &err) != RC_OK)
        return true;
    for (uint32_t i = 0; list->kind == JSON_ARRAY && i < list->n; i++) {
        const struct json *g = &list->items[i];
        size_t             number = g->kind == JSON_STRING ? kql_regex_group(pattern, g->s) : 0;
        if (g->kind == JSON_STRING && number == 0) {
            kql_bind_error(b, KQL_DIAG_LITERAL, groups->span, "the pattern has no group \"" STR_FMT "\"",
                           STR_ARG(str_slice(g->s, 0, 60)));
            return false;
        }
        strbuf_addz(&numbers, i > 0 ? "," : "[");
        if (number > 0)
            strbuf_addf(&numbers, "%zu", number);
        else
            json_print(&numbers, g, 0);
    }
    strbuf_addc(&numbers, ']');
    if (list->kind == JSON_ARRAY && list->n > 0)
        v.s = arena_str(b->arena, strbuf_view(&numbers));
    *of = groups->kind == KQL_EXPR_CONST ? kql_plan_const(b->arena, v, groups->span) : groups;
    return true;
}

static struct kql_expr *bind_extract_all(struct kql_binder *b, const struct kql_fn *fn,
                                         const struct kql_node *node, struct kql_expr **args, size_t n)
{
    const struct kql_expr *re = args[0];

    if (!kql_convert_arguments(b, fn->name, n == 3 ? "eds" : "es", node->span, args, n))
        return NULL;
    if (re->kind != KQL_EXPR_CONST) { /* how many groups it has decides the form of the answer */
        kql_bind_error(b, KQL_DIAG_CONSTANT, re->span, "the pattern of %s() is a constant", fn->name);
        return NULL;
    }
    if (n == 3 && kql_regex_look(re->value.s).groups == 0) {
        kql_bind_error(b, KQL_DIAG_LITERAL, re->span, "the pattern of %s() has no group", fn->name);
        kql_diag_hint(b->diags, "put what is wanted between ( and )");
        return NULL;
    }
    if (n == 3 && !number_groups(b, re->value.s, &args[1]))
        return NULL;
    return kql_build_raw(b, fn, KQL_DYNAMIC, node->span, args, n);
}

/* extract_all(re, [groups,] s): strings for one group, arrays of strings for more. */
static void emit_extract_all(struct kql_emit *e, const struct kql_expr *call)
{
    const struct kql_expr *subject = call->args[call->n_args - 1];
    bool one = call->args[0]->kind == KQL_EXPR_CONST && kql_regex_look(call->args[0]->value.s).groups <= 1;
    struct kql_expr *args[] = { (struct kql_expr *)subject, call->args[1] };
    bool single = call->n_args == 3 && args[1]->kind == KQL_EXPR_CONST && /* of the groups asked for */
                  str_find_byte(args[1]->value.s, ',') == STR_NPOS;

    kql_emit_addz(e, "replaceOne(toJSONString(");
    if (call->n_args == 3)
        kql_emit_template(e,
                          single ? "arrayMap(g -> g[JSONExtract($2,'Array(Int64)')[1]],"
                                 : "arrayMap(g -> arrayMap(i -> g[i],JSONExtract($2,'Array(Int64)')),",
                          args, 2);
    kql_emit_template(e, one && call->n_args == 2 ? "extractAll($1," : "extractAllGroupsVertical($1,", args,
                      1);
    add_pattern(e, "(?-s)", call->args[0], "");
    kql_emit_addz(e, call->n_args == 3 ? "))),'[]','')" : ")),'[]','')");
}

static void emit_replace_regex(struct kql_emit *e, const struct kql_expr *call)
{
    bool old = strcmp(call->fn->name, "replace") == 0; /* replace(re, with, s) */
    kql_emit_addz(e, "replaceRegexpAll(");
    kql_emit_expr(e, call->args[old ? 2 : 0]);
    kql_emit_addz(e, ",");
    add_pattern(e, "(?-s)", call->args[old ? 0 : 1], "");
    kql_emit_addz(e, ",");
    kql_emit_expr(e, call->args[old ? 1 : 2]);
    kql_emit_addz(e, ")");
}

/* indexof(s, what [, start [, length [, occurrence]]]): both texts are read as tostring() reads them. */
static struct kql_expr *bind_indexof(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 0; i < 2; i++)
        if (!(args[i] = KQL_CALL1(b, "tostring", args[i])))
            return NULL;
    return kql_build_raw(b, fn, KQL_LONG, args[0]->span, args, n);
}

#define FROM "if($3 < 0,greatest(toInt64(lengthUTF8($1)) + $3,0),$3)"
#define NEXT                                                                                                 \
    "toInt64(positionUTF8(if($4 < 0,$1,substringUTF8($1,1,greatest(at,0) + "                                 \
    "$4)),$2,toUInt64(greatest(at,0)) + "                                                                    \
    "1))"
#define WITHIN "if($4 < 0,$1,substringUTF8($1,1," FROM " + $4))"

static void emit_indexof(struct kql_emit *e, const struct kql_expr *call)
{
    static const char *const SQL[] = {
        [2] = "(toInt64(positionUTF8($1,$2)) - 1)",
        [3] = "(toInt64(positionUTF8($1,$2,toUInt64(" FROM ") + 1)) - 1)",
        [4] = "(toInt64(positionUTF8(" WITHIN ",$2,toUInt64(" FROM ") + 1)) - 1)",
        /* each occurrence is looked for behind the start of the one before, within the length from there */
        [5] = "if($5 < 1 OR $2 = '' OR isNull($3) OR isNull($4) OR isNull($5),NULL,arrayFold((at,i) -> "
              "assumeNotNull(if(at < 0 OR " NEXT " = 0,toInt64(-1)," NEXT
              " - if(i < $5,0,1))),range(1,toUInt64(least(greatest(ifNull($5,1),1),1000)) + 1),"
              "assumeNotNull(toInt64(" FROM "))))",
    };
    kql_emit_call(e, SQL[call->n_args], call);
}

/* indexof_regex(s, pattern [, start [, length [, occurrence]]]): where the text between matches ends. */
#define PART "if($4 < 0,substringUTF8($1,$3 + 1),substringUTF8($1,$3 + 1,$4))"

static struct kql_expr *bind_indexof_regex(struct kql_binder *b, const struct kql_fn *fn,
                                           const struct kql_node *node, struct kql_expr **args, size_t n)
{
    static const int64_t DEFAULTS[] = { 0, 0, 0, -1, 1 };
    struct kql_expr     *own[5];
    (void)node;

    for (size_t i = 0; i < 5; i++)
        own[i] = i < n ? args[i] : kql_plan_const(b->arena, kql_value_long(DEFAULTS[i]), args[0]->span);
    for (size_t i = 0; i < 2; i++)
        if (own[i]->type != KQL_STRING && !(own[i] = KQL_CALL1(b, "tostring", own[i])))
            return NULL;
    if (own[1]->kind != KQL_EXPR_CONST) {
        kql_bind_error(b, KQL_DIAG_CONSTANT, own[1]->span, "the pattern of %s() is a constant", fn->name);
        return NULL;
    }
    if (!kql_convert_pattern(b, own[1]->value.s, own[1]->span))
        return NULL;
    return kql_build_raw(b, fn, KQL_LONG, args[0]->span, own, 5);
}

static void emit_indexof_regex(struct kql_emit *e, const struct kql_expr *call)
{
    struct kql_expr *args[] = { call->args[0], call->args[1], call->args[2], call->args[3], call->args[4] };
    struct kql_expr  whole = *call->args[1];

    whole.value.s = arena_printf(e->arena, "(?-s)(" STR_FMT ")",
                                 STR_ARG(kql_term_digits(e->arena, call->args[1]->value.s)));
    args[1] = &whole;
    kql_emit_template(e,
                      "if($3 < 0 OR $5 < 1,NULL,if(length(extractAll(" PART ",$2)) < $5,toInt64(-1),$3 + "
                      "toInt64(arraySum(x -> lengthUTF8(x),arraySlice(splitByRegexp($2," PART "),1,$5))) + "
                      "toInt64(arraySum(x -> lengthUTF8(x),arraySlice(extractAll(" PART ",$2),1,$5 - 1)))))",
                      args, 5);
}

static void emit_countof(struct kql_emit *e, const struct kql_expr *call)
{
    bool regex = call->n_args == 3 && str_eq_ci(kql_plan_const_text(call->args[2]), S("regex"));
    if (!regex) {
        kql_emit_call(e,
                      "if($2 = '',toInt64(0),toInt64(arrayCount(i -> substring($1,i,length($2)) = $2,"
                      "range(1,length($1) + 1))))",
                      call);
        return;
    }
    kql_emit_template(e, "toInt64(countMatches($1,", call->args, 1);
    add_pattern(e, "(?-s)", call->args[1], "");
    kql_emit_addz(e, "))");
}

/* The second set is as long as the first: its last character stands for those that it lacks. */
static void emit_translate(struct kql_emit *e, const struct kql_expr *call)
{
    str         from = call->args[0]->value.s, to = call->args[1]->value.s;
    size_t      n = utf8_count(from), have = utf8_count(to);
    AUTO_STRBUF padded = STRBUF_INIT(to.n + n * 4 + 16);

    strbuf_add(&padded, str_slice(to, 0, utf8_offset(to, n < have ? n : have)));
    str last = have > 0 ? str_from(to, utf8_offset(to, have - 1)) : STR_NONE;
    for (size_t i = have; i < n && have > 0; i++)
        strbuf_add(&padded, last);
    kql_emit_template(e, "translateUTF8($1,", &call->args[2], 1);
    kql_emit_text(e, from);
    kql_emit_addz(e, ",");
    kql_emit_text(e, strbuf_view(&padded));
    kql_emit_addz(e, ")");
}

/* One array of code points, from numbers and arrays. */
static struct kql_expr *bind_codepoints(struct kql_binder *b, const struct kql_fn *fn,
                                        const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    for (size_t i = 0; i < n; i++)
        if (args[i]->type != KQL_DYNAMIC)
            args[i] = KQL_CALL1(b, "pack_array", args[i]);
    struct kql_expr *all = n == 1 ? args[0] : kql_build_call(b, "array_concat", args[0]->span, args, n);
    return all ? kql_build_raw(b, fn, KQL_STRING, args[0]->span, &all, 1) : NULL;
}

#define STRING_OF_CODEPOINTS                                                                                 \
    "arrayStringConcat(arrayMap(c -> multiIf(c < 128,char(c),"                                               \
    "c < 2048,char(192 + intDiv(c,64),128 + c % 64),"                                                        \
    "c < 65536,char(224 + intDiv(c,4096),128 + intDiv(c,64) % 64,128 + c % 64),"                             \
    "char(240 + intDiv(c,262144),128 + intDiv(c,4096) % 64,128 + intDiv(c,64) % 64,128 + c % 64)),"          \
    "JSONExtract($1,'Array(UInt32)')))"

#define BYTE(n) "toUInt32(reinterpretAsUInt8(substring(c," n ",1)))"

static struct kql_expr *bind_strrep(struct kql_binder *b, const struct kql_fn *fn,
                                    const struct kql_node *node, struct kql_expr **args, size_t n)
{
    (void)node;
    args[0] = KQL_CALL1(b, "tostring", args[0]);
    return args[0] ? kql_build_raw(b, fn, KQL_STRING, args[0]->span, args, n) : NULL;
}

/* At most 1024 times, as in the language. */
#define REPEATED "arrayStringConcat(arrayMap(i -> $1,range(toUInt64(least(greatest(ifNull($2,0),0),1024)))),"

static void emit_strrep(struct kql_emit *e, const struct kql_expr *call)
{
    kql_emit_call(e,
                  call->n_args == 2                  ? REPEATED "'')"
                  : kql_plan_is_fixed(call->args[2]) ? REPEATED "$3)"
                                                     : "replaceAll(" REPEATED "'\\xFF'),'\\xFF',$3)",
                  call);
}

static void emit_strcat_delim(struct kql_emit *e, const struct kql_expr *call)
{
    str delimiter = kql_emit_shared(e, call->args[0]);

    kql_emit_addz(e, "concat(''");
    for (size_t i = 1; i < call->n_args; i++) {
        kql_emit_addz(e, ",");
        if (i > 1)
            kql_emit_name(e, delimiter);
        kql_emit_addz(e, i > 1 ? "," : "");
        kql_emit_expr(e, call->args[i]);
    }
    kql_emit_addz(e, ")");
}

static struct kql_expr *bind_countof(struct kql_binder *b, const struct kql_fn *fn,
                                     const struct kql_node *node, struct kql_expr **args, size_t n)
{
    bool regex = n == 3 && str_eq_ci(kql_plan_const_text(args[2]), S("regex"));
    return !regex || (pattern_is_fixed(b, fn, args[1]) &&
                      kql_convert_pattern(b, kql_plan_const_text(args[1]), args[1]->span))
               ? kql_build_raw(b, fn, KQL_LONG, node ? node->span : args[0]->span, args, n)
               : NULL;
}

const struct kql_fn KQL_FN_STRING[] = {
    { .name = "strcat",
      .args = "a+",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_strcat,
      .sql = "concat('',$*)",
      .doc = "The arguments as one string.",
      .example = "strcat('a', 1, true)",
      .yields = "a1True" },
    { .name = "strcat_delim",
      .args = "aa+",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_strcat,
      .emit = emit_strcat_delim,
      .doc = "The arguments behind the first as one string, parted by it.",
      .example = "strcat_delim('-', 1, 'a')",
      .yields = "1-a" },
    { .name = "strlen",
      .args = "s",
      .result = KQL_LONG,
      .naming = KQL_FN_NAMING_PREFIX,
      .sql = "toInt64(lengthUTF8($1))",
      .doc = "Number of characters in a string.",
      .example = "strlen('naïve')",
      .yields = "5" },
    { .name = "string_size",
      .args = "s",
      .result = KQL_LONG,
      .sql = "toInt64(length($1))",
      .doc = "Number of bytes in a string.",
      .example = "string_size('naïve')",
      .yields = "6" },
    { .name = "strcmp",
      .args = "ss",
      .result = KQL_LONG,
      .sql = "toInt64(multiIf($1 = $2,0,$1 < $2,-1,1))",
      .doc = "-1, 0 or 1 by the order of two strings.",
      .example = "strcmp('a', 'b')",
      .yields = "-1" },
    { .name = "strrep",
      .args = "ais?",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_strrep,
      .emit = emit_strrep,
      .doc = "A value's text some times over, with a text between if one is given.",
      .example = "strrep('ab', 3)",
      .yields = "ababab" },
    { .name = "tolower",
      .args = "s",
      .result = KQL_STRING,
      .sql = "lowerUTF8($1)",
      .naming = KQL_FN_NAMING_COLUMN,
      .doc = "The string in small letters.",
      .example = "tolower('ÀB')",
      .yields = "àb" },
    { .name = "toupper",
      .args = "s",
      .result = KQL_STRING,
      .sql = "if(position($1,'ß') = 0,upperUTF8($1),arrayStringConcat(arrayMap(p -> upperUTF8(p),"
             "splitByString('ß',$1)),'ß'))",
      .doc = "The string in capitals.",
      .example = "toupper('àb')",
      .yields = "ÀB" },
    { .name = "substring",
      .args = "sii?",
      .result = KQL_STRING,
      .emit = emit_substring,
      .doc = "The part of a string from an offset, of a length; a negative offset counts from the end.",
      .example = "substring('123456', 2, 2)",
      .yields = "34" },
    { .name = "trim",
      .args = "es",
      .result = KQL_STRING,
      .emit = emit_trim,
      .doc = "The string without the first match of a pattern at its start and its end.",
      .example = "trim('--', '--https--')",
      .yields = "https" },
    { .name = "trim_start",
      .args = "es",
      .result = KQL_STRING,
      .emit = emit_trim,
      .doc = "The string without a match of a pattern at its start.",
      .example = "trim_start('a+', 'aab')",
      .yields = "b" },
    { .name = "trim_end",
      .args = "es",
      .result = KQL_STRING,
      .emit = emit_trim,
      .doc = "The string without a match of a pattern at its end.",
      .example = "trim_end('b+', 'abb')",
      .yields = "a" },
    { .name = "split",
      .args = "ssi?",
      .result = KQL_DYNAMIC,
      .emit = emit_split,
      .doc = "The parts of a string between delimiters, or one of them, as an array.",
      .example = "split('aa_bb', '_')",
      .yields = "[\"aa\",\"bb\"]" },
    { .name = "extract",
      .args = "eisk?",
      .result = KQL_STRING,
      .bind = bind_extract,
      .emit = emit_extract,
      .doc = "A group of the first match of a pattern; empty without one.",
      .example = "extract('x=([0-9]+)', 1, 'hello x=45 y')",
      .yields = "45" },
    { .name = "extract_all",
      .args = "sas?",
      .result = KQL_DYNAMIC,
      .bind = bind_extract_all,
      .emit = emit_extract_all,
      .doc = "The groups of all matches of a pattern.",
      .example = "extract_all('([0-9])', 'a1b2')",
      .yields = "[\"1\",\"2\"]" },
    { .name = "extractall",
      .twin = "extract_all",
      .doc = "extract_all() by its old name.",
      .example = "extractall('([0-9])', 'a1b2')",
      .yields = "[\"1\",\"2\"]" },
    { .name = "replace",
      .args = "ess",
      .result = KQL_STRING,
      .emit = emit_replace_regex,
      .doc = "replace_regex() with its arguments in another order: pattern, replacement, string.",
      .example = "replace('b+', 'x', 'abbc')",
      .yields = "axc" },
    { .name = "replace_regex",
      .args = "ses",
      .result = KQL_STRING,
      .emit = emit_replace_regex,
      .doc = "The string with all matches of a pattern replaced.",
      .example = "replace_regex('abbc', 'b+', 'x')",
      .yields = "axc" },
    { .name = "replace_string",
      .args = "sss",
      .result = KQL_STRING,
      .sql = "replaceAll($1,$2,$3)",
      .doc = "The string with all occurrences of another replaced.",
      .example = "replace_string('abb', 'b', 'c')",
      .yields = "acc" },
    { .name = "replace_strings",
      .args = "sdd",
      .result = KQL_STRING,
      .scalar = "replace_strings",
      .doc = "The string with each of some strings replaced by its counterpart.",
      .example = "replace_strings('ab', dynamic(['a','b']), dynamic(['1','2']))",
      .yields = "12" },
    { .name = "indexof",
      .args = "aai?ii",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_indexof,
      .emit = emit_indexof,
      .doc =
          "Where a string occurs in another, from 0; -1 when it does not. Looked for from a start, within a "
          "length, the occurrence that is asked for.",
      .example = "indexof('abcdefgabcdefg', 'cde', 1, 12, 2)",
      .yields = "9" },
    { .name = "indexof_regex",
      .args = "aai?ii",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_indexof_regex,
      .emit = emit_indexof_regex,
      .doc =
          "Where a pattern matches, from 0; -1 when it does not. Looked for from a start, within a length, "
          "the match that is asked for; matches do not overlap.",
      .example = "indexof_regex('abcabcdefg', 'a.c', 0, 9, 2)",
      .yields = "3" },
    { .name = "countof",
      .args = "ssS?",
      .result = KQL_LONG,
      .bind = bind_countof,
      .emit = emit_countof,
      .doc = "How often a string, or a pattern, occurs in another.",
      .example = "countof('aaaa', 'aa')",
      .yields = "3" },
    { .name = "reverse",
      .args = "a",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_strcat,
      .sql = "reverseUTF8($1)",
      .doc = "The characters of a string from behind.",
      .example = "reverse('abc')",
      .yields = "cba" },
    { .name = "translate",
      .args = "SSs",
      .result = KQL_STRING,
      .emit = emit_translate,
      .doc = "The string with the characters of one set replaced by those of another.",
      .example = "translate('ab', 'xy', 'aabb')",
      .yields = "xxyy" },
    { .name = "isascii",
      .args = "s",
      .result = KQL_BOOL,
      .sql = "match($1,'^[\\\\x00-\\\\x7F]*$')",
      .doc = "Whether all characters are ASCII.",
      .example = "isascii('abc')",
      .yields = "True" },
    { .name = "isutf8",
      .args = "s",
      .result = KQL_BOOL,
      .sql = "(isValidUTF8($1) = 1)",
      .doc = "Whether the text is valid UTF-8.",
      .example = "isutf8('abc')",
      .yields = "True" },
    { .name = "regex_quote",
      .args = "s",
      .result = KQL_STRING,
      .sql = "regexpQuoteMeta($1)",
      .doc = "The string as a pattern that matches it.",
      .example = "regex_quote('a.b')",
      .yields = "a\\.b" },
    { .name = "has_any_index",
      .args = "sd",
      .result = KQL_LONG,
      .nulls = KQL_FN_NULLS_NEVER,
      .sql =
          "(toInt64(arrayFirstIndex(w -> match($1,concat('(?i)(?:^|[^\\\\p{L}\\\\p{N}])',regexpQuoteMeta(w),"
          "'(?:$|[^\\\\p{L}\\\\p{N}])')),JSONExtract($2,'Array(String)'))) - 1)",
      .doc = "The place of the first of some terms that the string has; -1 without.",
      .example = "has_any_index('a b c', dynamic(['x','b']))",
      .yields = "1" },
    { .name = "make_string",
      .args = "a+",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_codepoints,
      .sql = STRING_OF_CODEPOINTS,
      .doc = "The string of these code points.",
      .example = "make_string(75, 117)",
      .yields = "Ku" },
    { .name = "unicode_codepoints_from_string",
      .args = "s",
      .result = KQL_DYNAMIC,
      .sql = "toJSONString(arrayMap(c -> multiIf(length(c) = 1,toUInt32(" BYTE("1") "),length(c) = 2,(" BYTE("1") " - 192) * 64 + " BYTE("2") " - 128,length(c) = 3,(" BYTE(
          "1") " - 224) * 4096 + (" BYTE("2") " - 128) * 64 + " BYTE("3") " - 128,(" BYTE("1") " - 240) * "
                                                                                               "262144 + "
                                                                                               "(" BYTE("2") " - 128) * 4096 + (" BYTE(
                                                                                                   "3") " - "
                                                                                                        "128)"
                                                                                                        " * "
                                                                                                        "64 "
                                                                                                        "+"
                                                                                                        " " BYTE(
                                                                                                            "4") " - 128),extractAll($1,'(?s).')))",
      .doc = "The code points of a string.",
      .example = "unicode_codepoints_from_string('ab')",
      .yields = "[97,98]" },
    { .name = "to_utf8",
      .twin = "unicode_codepoints_from_string",
      .doc = "unicode_codepoints_from_string() by its old name.",
      .example = "to_utf8('ab')",
      .yields = "[97,98]" },
    { .name = "unicode_codepoints_to_string",
      .args = "a+",
      .result = KQL_STRING,
      .nulls = KQL_FN_NULLS_NEVER,
      .bind = bind_codepoints,
      .sql = STRING_OF_CODEPOINTS,
      .doc = "The string of these code points, or of an array of them.",
      .example = "unicode_codepoints_to_string(75, 117)",
      .yields = "Ku" },
    { 0 },
};
