/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_explain.h"

#include "policy/policy_explain.h"

static void write_needs(struct json_w *w, const struct posture_check *check, const struct json *document)
{
    if (!check->n_needs)
        return;
    json_w_key(w, S("needs"));
    json_w_array(w);
    for (size_t i = 0; i < check->n_needs; i++) {
        const struct json *found = policy_path_get(&check->needs[i], 0, document);
        json_w_object(w);
        json_w_kstr(w, S("path"), check->need_texts[i]);
        json_w_kbool(w, S("there"), found && found->kind != JSON_NULL);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_applies(struct json_w *w, const struct posture_check *check, const struct policy_input *in,
                          struct arena *a)
{
    struct policy_verdict verdict;

    if (!check->applies || policy_eval(check->applies, in, a, &verdict, NULL) != RC_OK)
        return;
    json_w_key(w, S("appliesIf"));
    json_w_object(w);
    policy_explain(check->applies, in, &verdict, a, w);
    json_w_end(w);
}

str posture_explain_text(const struct posture_check *check, const struct policy_input *in, struct arena *a)
{
    AUTO_STRBUF           text = STRBUF_INIT(POLICY_EXPLAIN_BYTES);
    struct json_w         w = json_w_make(&text);
    struct policy_verdict verdict;

    if (policy_eval(check->def, in, a, &verdict, NULL) != RC_OK)
        return STR_NONE;
    json_w_object(&w);
    write_needs(&w, check, in->resource);
    write_applies(&w, check, in, a);
    policy_explain(check->def, in, &verdict, a, &w);
    json_w_end(&w);
    return text.overflow ? STR_NONE : arena_str(a, strbuf_view(&text));
}
