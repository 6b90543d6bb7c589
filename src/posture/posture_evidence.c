/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_evidence.h"

#include "policy/policy_explain.h"

enum { EVIDENCE_MAX = 8192 };

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
        json_w_kshort(&w, S("found"), e->found, POLICY_EXPLAIN_VALUE);
        json_w_kshort(&w, S("wanted"), e->wanted, POLICY_EXPLAIN_VALUE);
    }
    if (missing.n)
        json_w_kstr(&w, S("missing"), missing);
    json_w_end(&w);
    return text.overflow ? STR_NONE : arena_str(a, strbuf_view(&text));
}
