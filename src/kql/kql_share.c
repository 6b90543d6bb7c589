/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_share.h"

struct kql_col *kql_share_col(struct kql_binder *b, struct kql_rel *reader, struct kql_col *of)
{
    for (size_t i = 0; i < reader->on.n; i++)
        if (reader->on.p[i].left == of)
            return reader->on.p[i].right;
    size_t          dollar = str_rfind_byte(of->sql, '$');
    str             name = dollar == STR_NPOS || dollar == 0 ? of->sql : str_slice(of->sql, 0, dollar);
    struct kql_col *col = kql_bind_col(b, name, of->type, of->nullable);
    struct kql_rel *def = reader->inputs.p[0];
    bool            asked = false;
    col->physical = of->sql;
    for (size_t i = 0; i < def->asked.n && !asked; i++)
        asked = def->asked.p[i] == of;
    if (!asked)
        *vec_push_in(b->arena, &def->asked) = of;
    *vec_push_in(b->arena, &reader->on) = (struct kql_join_key) { of, col };
    return col;
}

struct kql_rel *kql_share_read(struct kql_binder *b, struct kql_rel *def)
{
    struct kql_rel *reader = kql_bind_rel(b, KQL_REL_SHARED, NULL);

    *vec_push_in(b->arena, &reader->inputs) = def;
    for (size_t i = 0; i < def->fields.n; i++)
        kql_bind_field(b, reader, def->fields.p[i].name, kql_share_col(b, reader, def->fields.p[i].col));
    return reader;
}
