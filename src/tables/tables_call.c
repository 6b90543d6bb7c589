/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "http/http_url.h"
#include "tables/tables_priv.h"

enum { MAX_HEADERS = 4 };

/* --- exceptions --- */

static const struct {
    int     code;
    enum rc rc;
} FAULTS[] = {
    { 60, RC_NOT_FOUND },    { 81, RC_NOT_FOUND },  { 62, RC_SYNTAX },      { 159, RC_TIMEOUT },
    { 160, RC_TIMEOUT },     { 209, RC_TIMEOUT },   { 394, RC_CANCELLED },  { 241, RC_LIMIT },
    { 396, RC_LIMIT },       { 158, RC_LIMIT },     { 307, RC_LIMIT },      { 173, RC_LIMIT },
    { 202, RC_BUSY },        { 252, RC_BUSY },      { 243, RC_FULL },       { 164, RC_FORBIDDEN },
    { 497, RC_FORBIDDEN },   { 516, RC_FORBIDDEN }, { 48, RC_UNSUPPORTED }, { 1001, RC_INTERNAL },
    { 49, RC_INTERNAL },     { 76, RC_IO },         { 75, RC_IO },          { 74, RC_IO },
    { 210, RC_UNAVAILABLE },
};

static enum rc fault_rc(str text)
{
    int code = 0;

    if (str_contains(text, S("No space left on device")))
        return RC_FULL;
    for (size_t i = 6;
         str_starts(text, S("Code: ")) && i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && i < 12; i++)
        code = code * 10 + (text.p[i] - '0');
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        if (FAULTS[i].code == code)
            return FAULTS[i].rc;
    return code ? RC_INVALID : RC_INTERNAL;
}

/* "…, it went so. (SYNTAX_ERROR)" to its name and the rest; a text without one is left as it is. The name
 * goes to the front, where a long text is not cut. */
static str take_name(str *text)
{
    size_t open = str_rfind_byte(*text, '(');

    if (open == STR_NPOS || text->n - open < 4 || text->p[text->n - 1] != ')')
        return STR_NONE;
    str name = str_slice(*text, open + 1, text->n - 1);
    for (size_t i = 0; i < name.n; i++)
        if ((name.p[i] < 'A' || name.p[i] > 'Z') && name.p[i] != '_' && (name.p[i] < '0' || name.p[i] > '9'))
            return STR_NONE;
    *text = str_trim(str_slice(*text, 0, open));
    return name;
}

enum rc tables_call_fault(str text, struct err *err)
{
    enum rc rc = fault_rc(text);
    size_t  at = str_find(text, S("DB::Exception: "));

    if (at != STR_NPOS)
        text = str_from(text, at + 15);
    size_t version = str_find(text, S(" (version "));
    if (version != STR_NPOS)
        text = str_slice(text, 0, version);
    text = str_trim(text);
    str name = take_name(&text);
    return err_set(err, rc, "the log store: " STR_FMT "%s" STR_FMT, STR_ARG(name), name.n ? ": " : "",
                   STR_ARG(text));
}

/* --- requests --- */

/* Values of {name:Type} are read as one field of TabSeparated. */
static void add_param(struct strbuf *url, const struct tables_param *p)
{
    AUTO_STRBUF name = STRBUF_INIT(512), value = STRBUF_INIT(TABLES_MAX_SQL);

    strbuf_addz(&name, "param_");
    strbuf_add(&name, p->name);
    for (size_t i = 0; i < p->value.n; i++) {
        char   c = p->value.p[i];
        size_t special = str_find_byte(S("\\\n\t\r\0"), c);
        if (special == STR_NPOS) {
            strbuf_addc(&value, c);
        } else {
            strbuf_addc(&value, '\\');
            strbuf_addc(&value, "\\ntr0"[special]);
        }
    }
    url->overflow = url->overflow || name.overflow || value.overflow;
    http_url_add(url, strbuf_view(&name), strbuf_view(&value));
}

/* How results are written, unless the caller says otherwise. */
static const struct tables_param READ_SETTINGS[] = {
    { STR_INIT("date_time_output_format"), STR_INIT("iso") },
    { STR_INIT("output_format_json_quote_64bit_integers"), STR_INIT("0") },
    { STR_INIT("output_format_json_quote_denormals"), STR_INIT("1") },
    { STR_INIT("output_format_json_escape_forward_slashes"), STR_INIT("0") },
    { STR_INIT("max_query_size"), STR_INIT("16777216") },
};

static bool is_given(const struct tables_call *call, str name)
{
    for (size_t i = 0; i < call->n_settings; i++)
        if (str_eq(call->settings[i].name, name))
            return true;
    return false;
}

static void build_url(const struct tables_call *call, struct strbuf *url)
{
    strbuf_addz(url, "/"); /* no database: all names are qualified, and ours may still have to be made */
    if (call->data)
        http_url_add(url, S("query"), call->sql);
    if (call->query_id.n)
        http_url_add(url, S("query_id"), call->query_id);
    if (call->format.n)
        http_url_add(url, S("default_format"), call->format);
    for (size_t i = 0; i < call->n_settings; i++)
        http_url_add(url, call->settings[i].name, call->settings[i].value);
    for (size_t i = 0; call->reads && i < sizeof READ_SETTINGS / sizeof READ_SETTINGS[0]; i++)
        if (!is_given(call, READ_SETTINGS[i].name))
            http_url_add(url, READ_SETTINGS[i].name, READ_SETTINGS[i].value);
    if (call->reads)
        http_url_add(url, S("readonly"), S("1"));
    for (size_t i = 0; i < call->n_params; i++)
        add_param(url, &call->params[i]);
}

enum rc tables_call_open(struct tables *t, const struct tables_call *call, struct http_exchange **out,
                         struct err *err)
{
    AUTO_STRBUF      url = STRBUF_INIT(1 << 20);
    struct http_pair headers[MAX_HEADERS];
    size_t           n = 0;

    build_url(call, &url);
    TRY(strbuf_ok(&url, "the parameters of a query", err));
    if (t->user.n) {
        headers[n++] = (struct http_pair) { S("X-ClickHouse-User"), t->user };
        headers[n++] = (struct http_pair) { S("X-ClickHouse-Key"), t->password };
    }
    const struct http_call request = {
        .method = S("POST"),
        .target = strbuf_view(&url),
        .headers = { headers, n },
        .body = call->data ? STR_NONE : call->sql,
        .has_body = call->data,
        .body_size = call->body_size,
        .wait = call->wait,
        .cancelled = call->cancelled,
        .cancel_ctx = call->cancel_ctx,
    };
    return http_exchange_open(t->client, &request, out, err);
}

static enum rc read_fault(struct http_exchange *x, int status, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(TABLES_MAX_FAULT);
    char        buf[4096];
    size_t      n;

    do {
        TRY(http_exchange_read(x, buf, sizeof buf, &n, err));
        strbuf_add(&text, str_make(buf, n));
    } while (n);
    if (!str_starts(strbuf_view(&text), S("Code: ")))
        return err_set(err, RC_UNAVAILABLE, "the log store answers %d: " STR_FMT, status,
                       STR_ARG(str_slice(strbuf_view(&text), 0, 200)));
    return tables_call_fault(strbuf_view(&text), err);
}

enum rc tables_call_finish(struct http_exchange *x, struct http_reply *head, struct err *err)
{
    struct http_reply reply;

    TRY(http_exchange_finish(x, &reply, err));
    if (reply.status != 200)
        return read_fault(x, reply.status, err);
    *head = reply;
    return RC_OK;
}
