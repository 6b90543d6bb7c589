/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_scalar.h"

#include <assert.h>

#include "scalar/scalar.h"

static void add_missing(struct kql_emit *e, char letter)
{
    switch (letter) {
    case 's':
    case 'd':
        kql_emit_addz(e, "''");
        break;
    case 'r':
        kql_emit_addz(e, "nan");
        break;
    case 'b':
        kql_emit_addz(e, "false");
        break;
    case 't':
        kql_emit_addz(e, "reinterpret(toInt64('-9223372036854775808'),'DateTime64(7,\\'UTC\\')')");
        break;
    default:
        kql_emit_addz(e, "toInt64('-9223372036854775808')");
        break;
    }
}

static void add_arg(struct kql_emit *e, char letter, const struct kql_expr *x)
{
    const char *open = "", *close = "";

    if (letter == 'r') {
        open = "toFloat64(";
        close = ")";
    } else if (letter == 'l' || letter == 'm') {
        open = "toInt64(";
        close = ")";
    } else if (letter == 'b') {
        open = "CAST(";
        close = x->nullable ? ",'Nullable(Bool)')" : ",'Bool')";
    }
    kql_emit_addz(e, open);
    kql_emit_expr(e, x);
    kql_emit_addz(e, close);
}

void kql_scalar_emit(struct kql_emit *e, const char *name, struct kql_expr *const *args, size_t n)
{
    const struct scalar *s = scalar_find(str_of(name));
    bool                 nullable = false, truth = e->truth;

    assert(s && n <= strlen(s->args));
    for (size_t i = 0; i < n; i++)
        nullable = nullable || args[i]->nullable;
    bool text = scalar_is_text(s->result) && nullable;
    e->truth = false;
    kql_emit_addz(e, text ? "ifNull(kql_" : "kql_");
    kql_emit_addz(e, name);
    kql_emit_addz(e, "(");
    for (size_t i = 0; s->args[i]; i++) {
        kql_emit_addz(e, i > 0 ? "," : "");
        if (i < n)
            add_arg(e, s->args[i], args[i]);
        else
            add_missing(e, s->args[i]);
    }
    kql_emit_addz(e, text ? "),'')" : ")");
    e->truth = truth;
}
