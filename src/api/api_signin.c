/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_user.h"
#include "api/api_figures.h"
#include "api/api_handlers.h"
#include "api/api_priv.h"

enum rc api_signin_health(struct api_call *c, struct err *err)
{
    bool          engine_ok, intake_ok;
    struct json_w w = api_call_json(c);

    api_figures_health(c->api->figures, &engine_ok, &intake_ok);
    json_w_object(&w);
    json_w_kstr(&w, S("status"), engine_ok && intake_ok ? S("ok") : S("degraded"));
    json_w_kstr(&w, S("version"), S(VEDETTE_VERSION));
    json_w_kstr(&w, S("engine"), engine_ok ? S("ok") : S("down"));
    json_w_kstr(&w, S("intake"), intake_ok ? S("ok") : S("down"));
    json_w_end(&w);
    return api_call_done(c, engine_ok && intake_ok ? 200 : 503, err);
}

static enum rc answer_session(struct api_call *c, const struct access_session *s, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("user"));
    json_w_object(&w);
    json_w_kstr(&w, S("id"), s->who.id);
    json_w_kstr(&w, S("name"), s->who.name);
    json_w_key(&w, S("roles"));
    json_w_array(&w);
    for (size_t i = 0; i < s->who.n_held; i++)
        json_w_str(&w, s->who.held[i].role->name);
    json_w_end(&w);
    json_w_end(&w);
    json_w_kstr(&w, S("csrf"), s->csrf);
    json_w_kbool(&w, S("mustChangePassword"), s->who.must_change_password);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

static enum rc begin_session(struct api_call *c, const struct access_who *who, struct err *err)
{
    struct access_session s;

    TRY(access_session_begin(c->api->opts.access, who, c->arena, &s, err));
    http_res_headerf(c->res, "Set-Cookie",
                     "vedette_session=" STR_FMT "; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=%d",
                     STR_ARG(s.cookie), (int)(ACCESS_SESSION_LIFE / TS_PER_SECOND));
    return answer_session(c, &s, err);
}

static enum rc guess_of(struct api_call *c, struct access_user_guess *out, struct err *err)
{
    const struct json *body;

    TRY(api_call_object(c, &body, err));
    *out = (struct access_user_guess) { .name = json_str(body, S("user"), S("")),
                                        .password = json_str(body, S("password"), S("")),
                                        .new_password = json_str(body, S("newPassword"), S("")),
                                        .peer = c->req->peer };
    if (!out->name.n || !out->password.n)
        return api_call_fail(c, 400, "BadRequest", err, "The body needs \"user\" and \"password\".");
    return RC_OK;
}

/* Wrong and locked have codes of their own; the rest is as everywhere. */
static enum rc explain(struct api_call *c, enum rc rc, const struct access_user_proof *proof)
{
    if (rc == RC_UNAUTHENTICATED)
        c->code = "InvalidCredentials";
    if (rc == RC_BUSY && proof->retry_at) {
        duration left = proof->retry_at - env_now(c->api->opts.env);
        c->retry_after = left > 0 ? (int)((left + TS_PER_SECOND - 1) / TS_PER_SECOND) : 1;
        c->code = "TooManyAttempts";
    }
    return rc;
}

enum rc api_signin_in(struct api_call *c, struct err *err)
{
    struct access_user_guess guess;
    struct access_user_proof proof = { 0 };

    TRY(guess_of(c, &guess, err));
    TRY(explain(c, access_user_signin(c->api->opts.access, &guess, c->arena, &proof, err), &proof));
    return begin_session(c, &proof.who, err);
}

enum rc api_signin_password(struct api_call *c, struct err *err)
{
    struct access_user_guess guess;
    struct access_user_proof proof = { 0 };

    TRY(guess_of(c, &guess, err));
    if (!guess.new_password.n)
        return api_call_fail(c, 400, "BadRequest", err, "The body needs \"newPassword\".");
    TRY(explain(c, access_user_change_password(c->api->opts.access, &guess, c->arena, &proof, err), &proof));
    return begin_session(c, &proof.who, err);
}

enum rc api_signin_session(struct api_call *c, struct err *err)
{
    struct access_session s;

    TRY(access_session_find(c->api->opts.access, http_req_cookie(c->req, S("vedette_session")), c->arena, &s,
                            err));
    return answer_session(c, &s, err);
}

/* Signing out needs no proof: who holds the cookie may end it, and SameSite keeps other sites from sending
 * it. */
enum rc api_signin_out(struct api_call *c, struct err *err)
{
    str cookie = http_req_cookie(c->req, S("vedette_session"));

    if (cookie.n)
        TRY(access_session_end(c->api->opts.access, cookie, err));
    http_res_header(c->res, S("Set-Cookie"),
                    S("vedette_session=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0"));
    api_call_empty(c, 204);
    return RC_OK;
}
