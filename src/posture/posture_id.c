/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_id.h"

#include "base/strbuf.h"

enum { MAX_SEGMENTS = 64 };

str posture_id_trim(str id)
{
    while (id.n && id.p[id.n - 1] == '/')
        id.n--;
    while (id.n > 1 && id.p[0] == '/' && id.p[1] == '/')
        id = str_from(id, 1);
    return id;
}

str posture_id_name(str id)
{
    size_t slash;

    id = posture_id_trim(id);
    slash = str_rfind_byte(id, '/');
    return slash == STR_NPOS ? id : str_from(id, slash + 1);
}

bool posture_id_within(str scope, str id)
{
    scope = posture_id_trim(scope);
    id = posture_id_trim(id);
    if (!scope.n)
        return true;
    return str_starts_ci(id, scope) && (id.n == scope.n || id.p[scope.n] == '/');
}

/* The first n segments of the id, when the odd ones before them are named so. */
static str leading(str id, const str *names, size_t n)
{
    size_t at = 0;

    id = posture_id_trim(id);
    for (size_t i = 0; i < n; i++) {
        str rest = str_from(id, at);
        if (!rest.n || rest.p[0] != '/' || !str_starts_ci(str_from(rest, 1), names[i]) ||
            rest.n < names[i].n + 3 || rest.p[names[i].n + 1] != '/')
            return STR_NONE;
        size_t end = str_find_byte(str_from(rest, names[i].n + 2), '/');
        at = end == STR_NPOS ? id.n : at + names[i].n + 2 + end;
    }
    return str_slice(id, 0, at);
}

str posture_id_subscription(str id)
{
    return leading(id, (const str[]) { S("subscriptions") }, 1);
}

str posture_id_group(str id)
{
    return leading(id, (const str[]) { S("subscriptions"), S("resourceGroups") }, 2);
}

bool posture_id_is_container(str type)
{
    return str_eq_ci(type, S(POSTURE_TYPE_GROUP)) || str_eq_ci(type, S(POSTURE_TYPE_SUBSCRIPTION)) ||
           str_eq_ci(type, S(POSTURE_TYPE_MANAGEMENT_GROUP));
}

struct segments {
    str    id, p[MAX_SEGMENTS];
    size_t n;
};

static enum rc cut(str id, struct segments *s, struct err *err)
{
    str part, rest = str_from(id, 1);

    *s = (struct segments) { .id = id };
    while (str_split(&rest, '/', &part)) {
        if (!part.n || s->n == MAX_SEGMENTS)
            return err_set(err, RC_INVALID, "the id '" STR_FMT "' has an empty segment, or more than %d",
                           STR_ARG(str_slice(id, 0, 200)), MAX_SEGMENTS);
        s->p[s->n++] = part;
    }
    return RC_OK;
}

/* Behind the last "providers": a namespace, then pairs of type and name. */
static enum rc read_type(const struct segments *s, size_t provider, struct arena *a, struct posture_id *out,
                         struct err *err)
{
    AUTO_STRBUF type = STRBUF_INIT(POSTURE_ID_MAX);

    if (s->n < provider + 4 || (s->n - provider) % 2 != 0)
        return err_set(err, RC_INVALID, "the id '" STR_FMT "' does not end in the name of a resource",
                       STR_ARG(str_slice(s->id, 0, 200)));
    strbuf_add(&type, s->p[provider + 1]);
    for (size_t i = provider + 2; i < s->n; i += 2) {
        strbuf_addc(&type, '/');
        strbuf_add(&type, s->p[i]);
    }
    out->type = arena_str(a, strbuf_view(&type));
    size_t cut_at = s->n == provider + 4 ? provider : s->n - 2;
    out->parent = cut_at ? str_slice(s->id, 0, (size_t)(s->p[cut_at].p - s->id.p) - 1) : STR_NONE;
    return RC_OK;
}

static void read_container(str id, size_t n, struct posture_id *out)
{
    out->type = n == 2 ? S(POSTURE_TYPE_SUBSCRIPTION) : S(POSTURE_TYPE_GROUP);
    out->parent = n == 2 ? STR_NONE : posture_id_subscription(id);
}

/* What the first segments say of the place. */
static void read_place(const struct segments *s, struct posture_id *out)
{
    if (s->n >= 2 && str_eq_ci(s->p[0], S("subscriptions")))
        out->subscription = s->p[1];
    if (s->n >= 4 && out->subscription.n && str_eq_ci(s->p[2], S("resourceGroups")))
        out->group = s->p[3];
    if (s->n >= 4 && str_eq_ci(s->p[0], S("providers")) && str_eq_ci(s->p[2], S("managementGroups")))
        out->management_group = s->p[3];
}

enum rc posture_id_parse(str id, struct arena *a, struct posture_id *out, struct err *err)
{
    struct segments   s;
    size_t            provider = STR_NPOS;
    struct posture_id p = { 0 };

    id = posture_id_trim(id);
    if (!id.n || id.p[0] != '/' || id.n > POSTURE_ID_MAX)
        return err_set(err, RC_INVALID,
                       "a resource id begins with '/' and has at most %d bytes, not '" STR_FMT "'",
                       POSTURE_ID_MAX, STR_ARG(str_slice(id, 0, 200)));
    TRY(cut(id, &s, err));
    for (size_t i = 0; i < s.n; i += 2)
        if (str_eq_ci(s.p[i], S("providers")))
            provider = i;
    p.name = s.p[s.n - 1];
    read_place(&s, &p);
    if (provider != STR_NPOS)
        TRY(read_type(&s, provider, a, &p, err));
    else if ((s.n == 2 && p.subscription.n) || (s.n == 4 && p.group.n))
        read_container(id, s.n, &p);
    else
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no id of a resource",
                       STR_ARG(str_slice(id, 0, 200)));
    *out = p;
    return RC_OK;
}
