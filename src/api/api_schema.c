/* SPDX-License-Identifier: Apache-2.0 */
/* What a query editor completes and explains: tables, columns and the words of the language. */
#include "api/api_figures.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"
#include "kql/kql_agg.h"
#include "kql/kql_fn.h"
#include "kql/kql_op.h"
#include "kql/kql_plugin.h"
#include "tables/tables.h"

struct schema_writing {
    struct json_w                *w;
    const struct api_figures_all *figures;
};

static uint64_t rows_of(const struct api_figures_all *f, str table)
{
    for (size_t i = 0; i < f->n_tables; i++)
        if (str_eq(f->tables[i].name, table))
            return f->tables[i].rows_24h;
    return 0;
}

static void write_schema(void *ctx, const struct tables_schema *s)
{
    struct schema_writing *to = ctx;
    struct json_w         *w = to->w;

    json_w_object(w);
    json_w_kstr(w, S("name"), s->name);
    json_w_kstr(w, S("description"), s->description);
    json_w_key(w, S("columns"));
    json_w_array(w);
    for (size_t i = 0; i < s->n_columns; i++) {
        json_w_object(w);
        json_w_kstr(w, S("name"), s->columns[i].name);
        json_w_kstr(w, S("type"), tables_type_name(s->columns[i].type));
        if (s->columns[i].description.n)
            json_w_kstr(w, S("description"), s->columns[i].description);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_ki64(w, S("rows24h"), (int64_t)rows_of(to->figures, s->name));
    json_w_kbool(w, S("stored"), s->stored);
    json_w_end(w);
}

/* A letter of kql's argument patterns as a word; capitals must be constants, which a reader need not know. */
static const char *type_word(char letter)
{
    switch (letter | 0x20) {
    case 's':
        return "string";
    case 'i':
        return "long";
    case 'r':
        return "real";
    case 'n':
        return "number";
    case 'b':
        return "bool";
    case 't':
        return "datetime";
    case 'm':
        return "timespan";
    case 'g':
        return "guid";
    case 'd':
        return "dynamic";
    default:
        return "any";
    }
}

/* "si?" as "substring(string, [long])", "a*" as "strcat(any, …)". */
static void write_signature(struct strbuf *out, const char *name, const char *args)
{
    bool first = true;

    strbuf_addz(out, name);
    strbuf_addc(out, '(');
    for (const char *a = args ? args : "a*"; *a; a++) {
        if (*a == '?' || *a == '*' || *a == '+')
            continue;
        bool optional = a[1] == '?', many = a[1] == '*' || a[1] == '+';
        strbuf_addf(out, "%s%s%s%s%s", first ? "" : ", ", optional ? "[" : "", type_word(*a),
                    optional ? "]" : "", many ? ", …" : "");
        first = false;
    }
    strbuf_addc(out, ')');
}

/* A word of the language as the portal's tree shows it. */
struct word {
    const char *kind, *name, *doc, *example;
    str         signature, returns; /* empty: a table */
};

static void write_word(struct json_w *w, const struct word *word)
{
    json_w_object(w);
    json_w_kstr(w, S("name"), str_of(word->name));
    json_w_kstr(w, S("signature"), word->signature);
    json_w_kstr(w, S("doc"), str_of(word->doc));
    json_w_kstr(w, S("kind"), str_of(word->kind));
    if (word->returns.n)
        json_w_kstr(w, S("returns"), word->returns);
    json_w_kstr(w, S("example"), str_of(word->example));
    json_w_end(w);
}

static void write_call(struct json_w *w, const char *args, struct word word)
{
    AUTO_STRBUF signature = STRBUF_INIT(1024);

    write_signature(&signature, word.name, args);
    word.signature = strbuf_view(&signature);
    write_word(w, &word);
}

static void write_operator(struct json_w *w, const struct kql_op *op)
{
    AUTO_STRBUF signature = STRBUF_INIT(1024);

    strbuf_addf(&signature, "%s%s …", op->source ? "" : "| ", op->name);
    write_word(
        w, &(struct word) { "operator", op->name, op->doc, op->example, strbuf_view(&signature), STR_NONE });
}

/* As `evaluate` calls it. Its example shows what goes between the parentheses. */
static void write_plugin(struct json_w *w, const struct kql_plugin *plugin)
{
    AUTO_STRBUF signature = STRBUF_INIT(1024);

    strbuf_addf(&signature, "| evaluate %s(…)", plugin->name);
    write_word(w, &(struct word) { "plugin", plugin->name, plugin->doc, plugin->example,
                                   strbuf_view(&signature), STR_NONE });
}

static void write_functions(struct json_w *w)
{
    json_w_key(w, S("functions"));
    json_w_array(w);
    for (const struct kql_fn *fn = kql_fn_next(NULL); fn; fn = kql_fn_next(fn))
        if (!fn->hidden) {
            const struct kql_fn *of = kql_fn_find(str_of(fn->name)); /* fn, or what it is another name of */
            write_call(w, of->args,
                       (struct word) { "function", fn->name, fn->doc, fn->example, STR_NONE,
                                       kql_type_name(of->result) });
        }
    for (const struct kql_agg *agg = kql_agg_next(NULL); agg; agg = kql_agg_next(agg))
        write_call(w, agg->args,
                   (struct word) { "aggregate", agg->name, agg->doc, agg->example, STR_NONE,
                                   kql_type_name(agg->result) });
    for (const struct kql_op *op = kql_op_next(NULL); op; op = kql_op_next(op))
        write_operator(w, op);
    for (const struct kql_plugin *plugin = kql_plugin_next(NULL); plugin; plugin = kql_plugin_next(plugin))
        write_plugin(w, plugin);
    json_w_end(w);
}

enum rc api_schema(struct api_call *c, struct err *err)
{
    struct api_figures_all figures;
    struct json_w          w = api_call_json(c);
    struct schema_writing  to = { &w, &figures };

    api_figures_get(c->api->figures, c->arena, &figures);
    json_w_object(&w);
    json_w_key(&w, S("properties"));
    json_w_object(&w);
    json_w_key(&w, S("tables"));
    json_w_array(&w);
    tables_schema_each(c->api->opts.tables, write_schema, &to);
    json_w_end(&w);
    write_functions(&w);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
