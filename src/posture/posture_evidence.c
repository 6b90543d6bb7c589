/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_evidence.h"

enum { EVIDENCE_MAX = 8192, VALUE_MAX = 2048 };

static void add_value(struct json_w *w, str key, const struct json *value)
{
    AUTO_STRBUF text = STRBUF_INIT(VALUE_MAX);

    if (!value)
        return;
    json_print(&text, value, 0);
    json_w_key(w, key);
    if (text.overflow)
        json_w_str(w, S("(too long to be kept)"));
    else
        json_w_raw(w, strbuf_view(&text));
}

str posture_evidence_text(struct arena *a, const struct policy_evidence *e, str missing)
{
    AUTO_STRBUF   text = STRBUF_INIT(EVIDENCE_MAX);
    struct json_w w = json_w_make(&text);

    if (!e->field.n && !missing.n)
        return STR_NONE;
    json_w_object(&w);
    if (e->field.n) {
        json_w_kstr(&w, S("path"), e->field);
        json_w_kstr(&w, S("operator"), e->op);
        add_value(&w, S("found"), e->found);
        add_value(&w, S("wanted"), e->wanted);
    }
    if (missing.n)
        json_w_kstr(&w, S("missing"), missing);
    json_w_end(&w);
    return text.overflow ? STR_NONE : arena_str(a, strbuf_view(&text));
}
