/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_install.h"

#include <ctype.h>

enum { STATEMENT_MAX = 8 << 20 };

static const char *sql_type(char letter)
{
    switch (letter) {
    case 'r':
        return "Float64";
    case 'b':
        return "Bool";
    case 't':
        return "DateTime64(7, 'UTC')";
    case 's':
    case 'd':
        return "String";
    default:
        return "Int64";
    }
}

static uint64_t family_of(str name)
{
    for (size_t i = 0; SCALAR_FAMILIES[i].name; i++)
        for (const struct scalar *s = SCALAR_FAMILIES[i].rows; s->name; s++)
            if (str_eq(str_of(s->name), name))
                return UINT64_C(1) << i;
    return 0;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A name inside a text or a comment is taken for a call, too: that costs a compile and harms nothing. */
uint64_t scalar_install_needs(uint64_t done, str sql)
{
    uint64_t needs = 0;

    for (size_t at = str_find(sql, S("kql_")), next; at < sql.n; at = next) {
        size_t end = at + 4;
        while (end < sql.n && is_word(sql.p[end]))
            end++;
        needs |= family_of(str_slice(sql, at + 4, end));
        size_t found = str_find(str_from(sql, end), S("kql_"));
        next = found == STR_NPOS ? sql.n : end + found;
    }
    return needs & ~done;
}

static void add_function(struct strbuf *out, const struct scalar *s, const char *module)
{
    bool text = scalar_is_text(s->result);

    strbuf_addf(out, "CREATE OR REPLACE FUNCTION kql_%s LANGUAGE WASM FROM '%s' ARGUMENTS (", s->name,
                module);
    for (size_t i = 0; s->args[i]; i++)
        strbuf_addf(out, "%sa%zu %s", i > 0 ? ", " : "", i, sql_type(s->args[i]));
    strbuf_addf(out,
                ") RETURNS %s%s%s ABI BUFFERED_V1 DETERMINISTIC SETTINGS serialization_format='RowBinary'",
                text ? "" : "Nullable(", sql_type(s->result), text ? "" : ")");
}

static enum rc run(struct strbuf *sql, enum rc (*exec)(void *ctx, str sql, struct err *err), void *ctx,
                   struct err *err)
{
    TRY(strbuf_ok(sql, "a statement that makes a function", err));
    enum rc rc = exec(ctx, strbuf_view(sql), err);
    strbuf_clear(sql);
    return rc;
}

/* The name says which code it is, so a module of that name is the right one. */
static enum rc install(const struct scalar_family *f, enum rc (*exec)(void *ctx, str sql, struct err *err),
                       void *ctx, struct err *err)
{
    AUTO_STRBUF               sql = STRBUF_INIT(STATEMENT_MAX);
    const struct scalar_code *code = SCALAR_CODE;
    char                      module[80];

    while (code->family && strcmp(code->family, f->name) != 0)
        code++;
    if (!code->family)
        return err_set(err, RC_INTERNAL, "family %s has no module", f->name);
    (void)snprintf(module, sizeof module, "kql_%s_%.16s", f->name, code->hash);
    strbuf_addf(&sql, "INSERT INTO system.webassembly_modules (name, code) SELECT '%s', unhex('", module);
    strbuf_addz(&sql, code->hex);
    strbuf_addf(&sql, "') WHERE '%s' NOT IN (SELECT name FROM system.webassembly_modules)", module);
    TRY(run(&sql, exec, ctx, err));
    for (const struct scalar *s = f->rows; s->name; s++) {
        add_function(&sql, s, module);
        TRY(run(&sql, exec, ctx, err));
    }
    return RC_OK;
}

enum rc scalar_install(uint64_t which, enum rc (*exec)(void *ctx, str sql, struct err *err), void *ctx,
                       struct err *err)
{
    for (size_t i = 0; SCALAR_FAMILIES[i].name; i++)
        if (which >> i & 1 && install(&SCALAR_FAMILIES[i], exec, ctx, err) != RC_OK)
            return err_wrap(err, "functions of family %s", SCALAR_FAMILIES[i].name);
    return RC_OK;
}
