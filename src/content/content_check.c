/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_check.h"

static bool has_column(const struct kql_program *p, str name)
{
    for (size_t i = 0; i < p->n_columns; i++)
        if (str_eq(p->columns[i].name, name))
            return true;
    return false;
}

static enum rc need_column(const struct content_rule *r, const struct kql_program *p, const char *field,
                           str name, struct err *err)
{
    if (!name.n || has_column(p, name))
        return RC_OK;
    return err_set(err, RC_INVALID, STR_FMT ": %s: the query has no column '" STR_FMT "'", STR_ARG(r->file),
                   field, STR_ARG(name));
}

/* The columns between {{ and }} of a format. */
static enum rc need_format(const struct content_rule *r, const struct kql_program *p, str format,
                           struct err *err)
{
    size_t from, to;

    while ((from = str_find(format, S("{{"))) != STR_NPOS) {
        format = str_from(format, from + 2);
        if ((to = str_find(format, S("}}"))) == STR_NPOS)
            return err_set(err, RC_INVALID, STR_FMT ": alertDetailsOverride: {{ without }}",
                           STR_ARG(r->file));
        TRY(need_column(r, p, "alertDetailsOverride", str_trim(str_slice(format, 0, to)), err));
        format = str_from(format, to + 2);
    }
    return RC_OK;
}

static enum rc need_columns(const struct content_rule *r, const struct kql_program *p, struct err *err)
{
    const struct content_override *o = &r->override;

    for (size_t i = 0; i < r->n_mappings; i++)
        for (size_t k = 0; k < r->mappings[i].n_ids; k++)
            TRY(need_column(r, p, "entityMappings", r->mappings[i].ids[k].column, err));
    for (size_t i = 0; i < r->n_details; i++)
        TRY(need_column(r, p, "customDetails", r->details[i].column, err));
    for (size_t i = 0; i < o->n_properties; i++)
        TRY(need_column(r, p, "alertDetailsOverride", o->properties[i].column, err));
    TRY(need_column(r, p, "alertDetailsOverride", o->severity_column, err));
    TRY(need_column(r, p, "alertDetailsOverride", o->tactics_column, err));
    TRY(need_format(r, p, o->name_format, err));
    return need_format(r, p, o->description_format, err);
}

enum rc content_check_rule(const struct content_rule *r, const struct kql_catalog *catalog, struct arena *a,
                           struct kql_program *out, struct err *err)
{
    struct kql_program program;
    struct kql_diags   diags = kql_diag_begin(a, r->query);
    struct kql_opts    opts = { .now = ts_from_unix(1700000000, 0) };
    enum rc            rc = kql_compile(catalog, r->query, &opts, a, &program, &diags, err);

    if (rc != RC_OK && diags.list.n) {
        const struct kql_diag *d = &diags.list.p[0];
        return err_set(err, rc, STR_FMT ": query: line %u, column %u: " STR_FMT " (" STR_FMT ")",
                       STR_ARG(r->file), d->line, d->column, STR_ARG(d->message),
                       STR_ARG(kql_diag_code_name(d->code)));
    }
    if (rc != RC_OK)
        return err_wrap(err, STR_FMT ": query", STR_ARG(r->file));
    TRY(need_columns(r, &program, err));
    *out = program;
    return RC_OK;
}
