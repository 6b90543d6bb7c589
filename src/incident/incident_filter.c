/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_filter.h"

enum { MAX_LIST = 200 };

#define NOTHING INCIDENT_FILTER_NOTHING
#define TEXT INCIDENT_FILTER_TEXT
#define NUMBER INCIDENT_FILTER_NUMBER
#define TIME INCIDENT_FILTER_TIME

/* --- properties of incidents --- */

struct incident_filter_value incident_filter_text(str s)
{
    return s.n ? (struct incident_filter_value) { .kind = TEXT, .s = s }
               : (struct incident_filter_value) { .kind = NOTHING };
}

struct incident_filter_value incident_filter_number(int64_t i)
{
    return (struct incident_filter_value) { .kind = NUMBER, .i = i };
}

struct incident_filter_value incident_filter_time(ts t)
{
    return t ? (struct incident_filter_value) { .kind = TIME, .i = t }
             : (struct incident_filter_value) { .kind = NOTHING };
}

#define GETTER(name, expression)                                                                             \
    static struct incident_filter_value get_##name(const void *object)                                       \
    {                                                                                                        \
        const struct incident *i = object;                                                                   \
        return expression;                                                                                   \
    }
GETTER(name, incident_filter_text(i->name))
GETTER(etag, incident_filter_text(i->etag))
GETTER(title, incident_filter_text(i->title))
GETTER(description, incident_filter_text(i->description))
GETTER(severity, incident_filter_text(content_rule_severity_name(i->severity)))
GETTER(status, incident_filter_text(incident_status_name(i->status)))
GETTER(classification, incident_filter_text(i->classification))
GETTER(reason, incident_filter_text(i->classification_reason))
GETTER(comment, incident_filter_text(i->classification_comment))
GETTER(number, incident_filter_number(i->number))
GETTER(created, incident_filter_time(i->created))
GETTER(modified, incident_filter_time(i->modified))
GETTER(first, incident_filter_time(i->first_activity))
GETTER(last, incident_filter_time(i->last_activity))
GETTER(closed, incident_filter_time(i->closed))
GETTER(modified_by, incident_filter_text(i->modified_by))
GETTER(owner_id, incident_filter_text(i->owner.object_id))
GETTER(owner_name, incident_filter_text(i->owner.name))
GETTER(owner_email, incident_filter_text(i->owner.email))
GETTER(owner_upn, incident_filter_text(i->owner.upn))
GETTER(alerts, incident_filter_number(i->n_alerts))
GETTER(comments, incident_filter_number(i->n_comments))
GETTER(entities, incident_filter_text(i->entities))
GETTER(provider, incident_filter_text(i ? S("Vedette") : STR_NONE))

static const struct incident_filter_property PROPERTIES[] = {
    { "name", TEXT, get_name },
    { "etag", TEXT, get_etag },
    { "properties/title", TEXT, get_title },
    { "properties/description", TEXT, get_description },
    { "properties/severity", TEXT, get_severity },
    { "properties/status", TEXT, get_status },
    { "properties/classification", TEXT, get_classification },
    { "properties/classificationReason", TEXT, get_reason },
    { "properties/classificationComment", TEXT, get_comment },
    { "properties/incidentNumber", NUMBER, get_number },
    { "properties/createdTimeUtc", TIME, get_created },
    { "properties/lastModifiedTimeUtc", TIME, get_modified },
    { "properties/firstActivityTimeUtc", TIME, get_first },
    { "properties/lastActivityTimeUtc", TIME, get_last },
    { "properties/closedTimeUtc", TIME, get_closed },
    { "properties/modifiedBy", TEXT, get_modified_by },
    { "properties/owner/objectId", TEXT, get_owner_id },
    { "properties/owner/assignedTo", TEXT, get_owner_name },
    { "properties/owner/email", TEXT, get_owner_email },
    { "properties/owner/userPrincipalName", TEXT, get_owner_upn },
    { "properties/additionalData/alertsCount", NUMBER, get_alerts },
    { "properties/additionalData/commentsCount", NUMBER, get_comments },
    { "properties/providerName", TEXT, get_provider },
    { "properties/entities", TEXT, get_entities }, /* ours: the telling ones as text */
};

GETTER(graph_status, incident_filter_text(i->merged_into                 ? S("redirected")
                                          : i->status == INCIDENT_CLOSED ? S("resolved")
                                          : i->status == INCIDENT_ACTIVE ? S("inProgress")
                                                                         : S("active")))
GETTER(graph_verdict,
       incident_filter_text(str_eq(i->classification, S("BenignPositive"))
                                ? S("informationalExpectedActivity")
                            : str_eq(i->classification, S("Undetermined")) ? S("unknown")
                                                                           : i->classification))
GETTER(graph_owner, incident_filter_text(i->owner.upn.n ? i->owner.upn : i->owner.name))

static const struct incident_filter_property GRAPH[] = {
    { "id", NUMBER, get_number },
    { "displayName", TEXT, get_title },
    { "description", TEXT, get_description },
    { "severity", TEXT, get_severity },
    { "status", TEXT, get_graph_status },
    { "classification", TEXT, get_graph_verdict },
    { "assignedTo", TEXT, get_graph_owner },
    { "createdDateTime", TIME, get_created },
    { "lastUpdateDateTime", TIME, get_modified },
};

/* A list property: element k, and how many there are. */
static str label_at(const void *object, size_t k)
{
    return ((const struct incident *)object)->labels[k].name;
}
static size_t label_count(const void *object)
{
    return ((const struct incident *)object)->n_labels;
}
#define LISTER(word, list, count)                                                                            \
    static str word##_at(const void *object, size_t k)                                                       \
    {                                                                                                        \
        return ((const struct incident *)object)->list[k];                                                   \
    }                                                                                                        \
    static size_t word##_count(const void *object)                                                           \
    {                                                                                                        \
        return ((const struct incident *)object)->count;                                                     \
    }
LISTER(tactic, tactics, n_tactics)
LISTER(technique, techniques, n_techniques)
LISTER(product, products, n_products)
LISTER(rule, rule_ids, n_rule_ids)

static const struct incident_filter_list LISTS[] = {
    { "properties/labels", "labelName", label_at, label_count },
    { "properties/additionalData/tactics", NULL, tactic_at, tactic_count },
    { "properties/additionalData/techniques", NULL, technique_at, technique_count },
    { "properties/additionalData/alertProductNames", NULL, product_at, product_count },
    { "properties/relatedAnalyticRuleIds", NULL, rule_at, rule_count },
};

static const struct incident_filter_list GRAPH_LISTS[] = {
    { "customTags", NULL, label_at, label_count },
};

const struct incident_filter_family INCIDENT_FILTER_GRAPH = { GRAPH, sizeof GRAPH / sizeof *GRAPH,
                                                              GRAPH_LISTS,
                                                              sizeof GRAPH_LISTS / sizeof *GRAPH_LISTS };
const struct incident_filter_family INCIDENT_FILTER_INCIDENTS = { PROPERTIES,
                                                                  sizeof PROPERTIES / sizeof *PROPERTIES,
                                                                  LISTS, sizeof LISTS / sizeof *LISTS };

/* --- the tree --- */

enum op {
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_EQ,
    OP_NE,
    OP_GT,
    OP_GE,
    OP_LT,
    OP_LE,
    OP_IN,
    OP_CONTAINS,
    OP_STARTS,
    OP_ENDS,
    OP_ANY
};

struct operand {
    const struct incident_filter_property *property; /* NULL: the element of any, or a literal */
    bool                                   element;
    struct incident_filter_value           literal;
};

struct incident_filter {
    enum op                             op;
    const struct incident_filter       *left, *right; /* of and, or, not, any */
    struct operand                      a, b;
    const struct incident_filter_value *list; /* of in */
    size_t                              n_list;
    const struct incident_filter_list  *over; /* of any */
};

struct parser {
    const struct incident_filter_family *family;
    struct arena                        *arena;
    str                                  text;
    size_t                               at;
    int                                  depth;
    str                                  variable; /* of the any that is being parsed */
    const struct incident_filter_list   *over;
    struct err                          *err;
};

static enum rc refuse(struct parser *p, const char *what)
{
    str near = str_slice(p->text, p->at, p->at + 24);
    return err_set(p->err, RC_INVALID, "$filter, character %zu ('" STR_FMT "'): %s", p->at + 1, STR_ARG(near),
                   what);
}

static void blanks(struct parser *p)
{
    while (p->at < p->text.n &&
           (p->text.p[p->at] == ' ' || p->text.p[p->at] == '\t' || p->text.p[p->at] == '\n'))
        p->at++;
}

static bool path_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.' || c == '-' || c == ':' || c == '+';
}

/* A word: a path, a name, a number or a time. A colon ends it where a variable is declared (l: …). */
static str word(struct parser *p, bool declares)
{
    blanks(p);
    size_t from = p->at;
    while (p->at < p->text.n && path_char(p->text.p[p->at]) && !(declares && p->text.p[p->at] == ':'))
        p->at++;
    return str_slice(p->text, from, p->at);
}

static bool symbol(struct parser *p, char c)
{
    blanks(p);
    if (p->at >= p->text.n || p->text.p[p->at] != c)
        return false;
    p->at++;
    return true;
}

static bool keyword(struct parser *p, const char *name)
{
    size_t from = p->at;
    if (str_eq_ci(word(p, false), str_of(name)))
        return true;
    p->at = from;
    return false;
}

static enum rc quoted(struct parser *p, struct incident_filter_value *out)
{
    struct strbuf b = STRBUF_INIT(INCIDENT_FILTER_MAX);

    for (p->at++; p->at < p->text.n; p->at++) {
        bool quote = p->text.p[p->at] == '\'';
        if (quote && p->at + 1 < p->text.n && p->text.p[p->at + 1] == '\'')
            p->at++;
        else if (quote)
            break;
        strbuf_addc(&b, p->text.p[p->at]);
    }
    *out = (struct incident_filter_value) { .kind = TEXT, .s = arena_str(p->arena, strbuf_view(&b)) };
    strbuf_done(&b);
    return symbol(p, '\'') ? RC_OK : refuse(p, "a text is not ended");
}

static enum rc literal(struct parser *p, struct incident_filter_value *out)
{
    blanks(p);
    if (p->at < p->text.n && p->text.p[p->at] == '\'')
        return quoted(p, out);
    size_t from = p->at;
    str    w = word(p, false);
    *out = (struct incident_filter_value) { .kind = NOTHING };
    if (str_eq_ci(w, S("null")))
        return RC_OK;
    if (str_to_i64(w, &out->i))
        out->kind = NUMBER;
    else if (ts_parse(w, &out->i))
        out->kind = TIME;
    else {
        p->at = from;
        return refuse(p, "a value is expected: 'text', 12, 2026-11-24T00:00:00Z or null");
    }
    return RC_OK;
}

static bool element(const struct parser *p, str w)
{
    if (!p->variable.n || !str_starts(w, p->variable))
        return false;
    str rest = str_from(w, p->variable.n);
    if (!p->over->member)
        return rest.n == 0;
    return rest.n && rest.p[0] == '/' && str_eq(str_from(rest, 1), str_of(p->over->member));
}

static const struct incident_filter_property *property_find(const struct parser *p, str w)
{
    for (size_t i = 0; i < p->family->n; i++)
        if (str_eq_ci(w, str_of(p->family->properties[i].path)))
            return &p->family->properties[i];
    return NULL;
}

static enum rc operand(struct parser *p, struct operand *out)
{
    blanks(p);
    size_t from = p->at;
    if (p->at < p->text.n && p->text.p[p->at] == '\'')
        return quoted(p, &out->literal);
    str w = word(p, false);
    if ((str_eq_ci(w, S("tolower")) || str_eq_ci(w, S("toupper"))) && symbol(p, '(')) {
        TRY(operand(p, out)); /* case is ignored anyway */
        return symbol(p, ')') ? RC_OK : refuse(p, "')' is expected");
    }
    if (element(p, w)) {
        out->element = true;
        return RC_OK;
    }
    out->property = property_find(p, w);
    if (out->property)
        return RC_OK;
    p->at = from;
    if (literal(p, &out->literal) == RC_OK)
        return RC_OK;
    p->at = from;
    return refuse(p, "there is no such property");
}

static enum rc disjunction(struct parser *p, const struct incident_filter **out);

static struct incident_filter *node(struct parser *p, enum op op)
{
    struct incident_filter *f = ARENA_NEW(p->arena, struct incident_filter);
    f->op = op;
    return f;
}

static enum incident_filter_kind kind_of(const struct operand *o)
{
    return o->property ? o->property->kind : o->element ? TEXT : o->literal.kind;
}

/* A text that is a time or a number in quotes is taken as such beside one. */
static enum rc agree(struct parser *p, const struct operand *a, struct operand *b)
{
    enum incident_filter_kind ka = kind_of(a), kb = kind_of(b);

    if (ka == NOTHING || kb == NOTHING || ka == kb)
        return RC_OK;
    if (ka == TIME && kb == TEXT && !b->property && !b->element && ts_parse(b->literal.s, &b->literal.i))
        b->literal.kind = TIME;
    else if (ka == NUMBER && kb == TEXT && !b->property && !b->element &&
             str_to_i64(b->literal.s, &b->literal.i))
        b->literal.kind = NUMBER;
    else
        return refuse(p, "the two sides are of different types");
    return RC_OK;
}

static enum rc in_list(struct parser *p, struct incident_filter *f)
{
    struct incident_filter_value *list = ARENA_ARRAY(p->arena, struct incident_filter_value, MAX_LIST);

    if (!symbol(p, '('))
        return refuse(p, "'(' is expected");
    do {
        struct operand o = { 0 };
        if (f->n_list == MAX_LIST)
            return refuse(p, "a list has at most 200 values");
        TRY(literal(p, &o.literal));
        TRY(agree(p, &f->a, &o));
        list[f->n_list++] = o.literal;
    } while (symbol(p, ','));
    f->list = list;
    return symbol(p, ')') ? RC_OK : refuse(p, "')' is expected");
}

static enum rc comparison(struct parser *p, const struct incident_filter **out)
{
    static const struct {
        const char *word;
        enum op     op;
    } ops[] = { { "eq", OP_EQ }, { "ne", OP_NE }, { "gt", OP_GT },
                { "ge", OP_GE }, { "lt", OP_LT }, { "le", OP_LE } };
    struct incident_filter *f = node(p, OP_EQ);

    TRY(operand(p, &f->a));
    *out = f;
    if (keyword(p, "in")) {
        f->op = OP_IN;
        return in_list(p, f);
    }
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (keyword(p, ops[i].word)) {
            f->op = ops[i].op;
            TRY(operand(p, &f->b));
            TRY(agree(p, &f->a, &f->b));
            return agree(p, &f->b, &f->a);
        }
    }
    return refuse(p, "eq, ne, gt, ge, lt, le or in is expected");
}

static enum rc function(struct parser *p, enum op op, const struct incident_filter **out)
{
    struct incident_filter *f = node(p, op);

    *out = f;
    TRY(operand(p, &f->a));
    if (!symbol(p, ','))
        return refuse(p, "',' is expected");
    TRY(operand(p, &f->b));
    if (kind_of(&f->a) != TEXT || kind_of(&f->b) != TEXT)
        return refuse(p, "two texts are expected");
    return symbol(p, ')') ? RC_OK : refuse(p, "')' is expected");
}

static enum rc any(struct parser *p, const struct incident_filter_list *over,
                   const struct incident_filter **out)
{
    struct incident_filter *f = node(p, OP_ANY);

    f->over = over;
    *out = f;
    if (p->variable.n)
        return refuse(p, "any within any is not supported");
    p->variable = word(p, true);
    p->over = over;
    if (!p->variable.n || !symbol(p, ':'))
        return refuse(p, "a variable and ':' are expected: any(l: l/labelName eq 'x')");
    TRY(disjunction(p, &f->left));
    p->variable = STR_NONE;
    return symbol(p, ')') ? RC_OK : refuse(p, "')' is expected");
}

static enum rc predicate(struct parser *p, const struct incident_filter **out)
{
    static const struct {
        const char *name;
        enum op     op;
    } functions[] = { { "contains", OP_CONTAINS }, { "startswith", OP_STARTS }, { "endswith", OP_ENDS } };
    size_t from = p->at;
    str    w = word(p, false);

    if (symbol(p, '(')) {
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
            if (str_eq_ci(w, str_of(functions[i].name)))
                return function(p, functions[i].op, out);
        for (size_t i = 0; i < p->family->n_lists; i++)
            if (str_ends_ci(w, S("/any")) &&
                str_eq_ci(str_slice(w, 0, w.n - 4), str_of(p->family->lists[i].path)))
                return any(p, &p->family->lists[i], out);
    }
    p->at = from;
    return comparison(p, out);
}

static enum rc unary(struct parser *p, const struct incident_filter **out)
{
    enum rc rc;

    if (++p->depth > INCIDENT_FILTER_NESTING)
        return refuse(p, "nested too deep");
    blanks(p);
    if (keyword(p, "not")) {
        struct incident_filter *f = node(p, OP_NOT);
        rc = unary(p, &f->left);
        *out = f;
    } else if (symbol(p, '(')) {
        rc = disjunction(p, out);
        if (rc == RC_OK && !symbol(p, ')'))
            rc = refuse(p, "')' is expected");
    } else {
        rc = predicate(p, out);
    }
    p->depth--;
    return rc;
}

static enum rc conjunction(struct parser *p, const struct incident_filter **out)
{
    TRY(unary(p, out));
    while (keyword(p, "and")) {
        struct incident_filter *f = node(p, OP_AND);
        f->left = *out;
        TRY(unary(p, &f->right));
        *out = f;
    }
    return RC_OK;
}

static enum rc disjunction(struct parser *p, const struct incident_filter **out)
{
    TRY(conjunction(p, out));
    while (keyword(p, "or")) {
        struct incident_filter *f = node(p, OP_OR);
        f->left = *out;
        TRY(conjunction(p, &f->right));
        *out = f;
    }
    return RC_OK;
}

enum rc incident_filter_parse(struct arena *a, str filter, const struct incident_filter_family *family,
                              const struct incident_filter **out, struct err *err)
{
    struct parser                 p = { .family = family, .arena = a, .text = filter, .err = err };
    const struct incident_filter *f = NULL;

    if (filter.n > INCIDENT_FILTER_MAX)
        return err_set(err, RC_LIMIT, "$filter has at most %d bytes, not %zu", INCIDENT_FILTER_MAX, filter.n);
    blanks(&p);
    if (p.at < filter.n) {
        TRY(disjunction(&p, &f));
        blanks(&p);
        if (p.at < filter.n)
            return refuse(&p, "and, or or the end is expected");
    }
    *out = f;
    return RC_OK;
}

/* --- matching --- */

static struct incident_filter_value evaluate(const struct operand *o, const void *i, str elem)
{
    if (o->property)
        return o->property->get(i);
    return o->element ? incident_filter_text(elem) : o->literal;
}

/* <0, 0, >0; what is not there is below everything. */
static int compare(struct incident_filter_value a, struct incident_filter_value b)
{
    if (a.kind == NOTHING || b.kind == NOTHING)
        return (a.kind != NOTHING) - (b.kind != NOTHING);
    if (a.kind == TEXT)
        return str_cmp_ci(a.s, b.s);
    return a.i < b.i ? -1 : a.i > b.i;
}

static bool compares(enum op op, struct incident_filter_value a, struct incident_filter_value b)
{
    bool null = a.kind == NOTHING || b.kind == NOTHING;
    int  order = compare(a, b);

    switch (op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_GT:
        return !null && order > 0;
    case OP_GE:
        return !null && order >= 0;
    case OP_LT:
        return !null && order < 0;
    case OP_LE:
        return !null && order <= 0;
    case OP_CONTAINS:
        return str_contains_ci(a.s, b.s);
    case OP_STARTS:
        return str_starts_ci(a.s, b.s);
    case OP_ENDS:
        return str_ends_ci(a.s, b.s);
    case OP_AND:
    case OP_OR:
    case OP_NOT:
    case OP_IN:
    case OP_ANY:
        break;
    }
    return false;
}

static bool match(const struct incident_filter *f, const void *i, str elem)
{
    struct incident_filter_value a;

    switch (f->op) {
    case OP_AND:
        return match(f->left, i, elem) && match(f->right, i, elem);
    case OP_OR:
        return match(f->left, i, elem) || match(f->right, i, elem);
    case OP_NOT:
        return !match(f->left, i, elem);
    case OP_ANY:
        for (size_t k = 0; k < f->over->count(i); k++)
            if (match(f->left, i, f->over->at(i, k)))
                return true;
        return false;
    case OP_IN:
        a = evaluate(&f->a, i, elem);
        for (size_t k = 0; k < f->n_list; k++)
            if (compare(a, f->list[k]) == 0)
                return true;
        return false;
    default:
        return compares(f->op, evaluate(&f->a, i, elem), evaluate(&f->b, i, elem));
    }
}

bool incident_filter_match(const struct incident_filter *f, const void *i)
{
    return !f || match(f, i, STR_NONE);
}

/* --- bounds --- */

static const struct incident_filter_bounds ANYTHING = { UINT64_MAX, UINT64_MAX, { NULL, 0 } };

/* Of `property eq 'value'`: the bits that it leaves. A value that is none leaves no bit, as the filter would.
 */
static struct incident_filter_bounds bounds_of_equal(const struct incident_filter_property *p, str value)
{
    struct incident_filter_bounds b = ANYTHING;
    enum content_severity         severity;
    enum incident_status          status;

    if (p->get == get_status)
        b.statuses = incident_status_parse(value, &status) ? UINT64_C(1) << status : 0;
    else if (p->get == get_severity)
        b.severities = content_rule_severity_parse(value, &severity) ? UINT64_C(1) << severity : 0;
    else if (p->get == get_owner_id)
        b.owner = value;
    return b;
}

static bool is_bounded(const struct incident_filter *f)
{
    return f->a.property && (f->a.property->get == get_status || f->a.property->get == get_severity ||
                             f->a.property->get == get_owner_id);
}

static struct incident_filter_bounds bounds_of_list(const struct incident_filter *f)
{
    struct incident_filter_bounds all = { 0, 0, { NULL, 0 } };

    if (!is_bounded(f) || f->a.property->get == get_owner_id)
        return ANYTHING;
    for (size_t i = 0; i < f->n_list; i++) {
        struct incident_filter_bounds one = bounds_of_equal(f->a.property, f->list[i].s);
        all.statuses |= one.statuses;
        all.severities |= one.severities;
    }
    return all;
}

/* Of `property ne 'value'`: all but its bit. */
static struct incident_filter_bounds bounds_of_unequal(const struct incident_filter *f)
{
    struct incident_filter_bounds b = ANYTHING, one = bounds_of_equal(f->a.property, f->b.literal.s);

    if (f->a.property->get == get_status)
        b.statuses = ~one.statuses;
    else if (f->a.property->get == get_severity)
        b.severities = ~one.severities;
    return b;
}

struct incident_filter_bounds incident_filter_bounds(const struct incident_filter *f)
{
    bool literal = f && !f->b.property && !f->b.element && f->b.literal.kind == TEXT;

    if (!f)
        return ANYTHING;
    if (f->op == OP_AND || f->op == OP_OR) {
        struct incident_filter_bounds a = incident_filter_bounds(f->left),
                                      b = incident_filter_bounds(f->right);
        if (f->op == OP_AND)
            return (struct incident_filter_bounds) { a.statuses & b.statuses, a.severities & b.severities,
                                                     a.owner.n ? a.owner : b.owner };
        return (struct incident_filter_bounds) { a.statuses | b.statuses, a.severities | b.severities,
                                                 str_eq(a.owner, b.owner) ? a.owner : STR_NONE };
    }
    if (f->op == OP_IN)
        return bounds_of_list(f);
    if (f->op == OP_EQ && literal && is_bounded(f))
        return bounds_of_equal(f->a.property, f->b.literal.s);
    if (f->op == OP_NE && literal && is_bounded(f))
        return bounds_of_unequal(f);
    return ANYTHING;
}
