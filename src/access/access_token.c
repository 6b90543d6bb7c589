/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access_token.h"

#include <unistd.h>

#include "access/access_jwt.h"
#include "access/access_priv.h"
#include "base/codec.h"
#include "base/json.h"

/* What unchanged clients of the public clouds ask for. */
static const str PUBLIC_AUDIENCES[] = {
    STR_INIT("https://management.azure.com"), STR_INIT("https://management.core.windows.net"),
    STR_INIT("https://api.loganalytics.io"),  STR_INIT("https://monitor.azure.com"),
    STR_INIT("https://graph.microsoft.com"),  STR_INIT("https://api.securitycenter.microsoft.com"),

};

enum { CLOCK_SLACK = 60 /* seconds that two clocks may differ */ };

static bool is_name_of_ours(const struct access *a, str host)
{
    char own[256] = "";
    str  issuer = a->issuer;

    if (str_starts_ci(issuer, S("https://")))
        issuer = str_from(issuer, 8);
    if (str_eq_ci(host, S("localhost")) || str_eq(host, S("127.0.0.1")) || str_eq(host, S("[::1]")))
        return true;
    if (str_starts_ci(issuer, host) && (issuer.n == host.n || issuer.p[host.n] == ':'))
        return true;
    return gethostname(own, sizeof own - 1) == 0 && str_eq_ci(host, str_of(own));
}

bool access_token_own_origin(const struct access *a, str audience)
{
    if (!str_starts_ci(audience, S("https://")))
        return false;
    str    host = str_from(audience, 8);
    size_t colon = str_rfind_byte(host, ':');
    size_t bracket = str_rfind_byte(host, ']');
    if (colon != STR_NPOS && (bracket == STR_NPOS || colon > bracket))
        host = str_slice(host, 0, colon);
    return host.n && str_find_byte(host, '/') == STR_NPOS && is_name_of_ours(a, host);
}

static bool is_audience(const struct access *a, str audience)
{
    for (size_t i = 0; i < sizeof PUBLIC_AUDIENCES / sizeof PUBLIC_AUDIENCES[0]; i++)
        if (str_eq_ci(PUBLIC_AUDIENCES[i], audience))
            return true;
    return str_eq_ci(a->issuer, audience) || access_token_own_origin(a, audience);
}

static str trimmed(str audience)
{
    while (audience.n && audience.p[audience.n - 1] == '/')
        audience.n--;
    return audience;
}

/* One scope of a list: the audience it names, or nothing for openid, profile and their like. */
static str audience_of(str scope)
{
    static const str endings[] = { STR_INIT("/.default"), STR_INIT("/user_impersonation") };
    for (size_t i = 0; i < 2; i++)
        if (str_ends_ci(scope, endings[i]))
            scope.n -= endings[i].n;
    return trimmed(scope);
}

enum rc access_token_audience(const struct access *a, str scope, struct arena *arena, str *out,
                              struct err *err)
{
    str  rest = str_trim(scope), part;
    bool only_openid = true;

    while (str_split(&rest, ' ', &part)) {
        if (str_eq(part, S("openid")) || str_eq(part, S("profile")) || str_eq(part, S("offline_access")) ||
            str_eq(part, S("email")) || !part.n)
            continue;
        only_openid = false;
        str audience = audience_of(part);
        if (is_audience(a, audience)) {
            *out = arena_str(arena, audience);
            return RC_OK;
        }
    }
    if (only_openid) {
        *out = a->issuer;
        return RC_OK;
    }
    return err_set(err, RC_INVALID,
                   "AADSTS500011: The resource principal named " STR_FMT
                   " was not found in the tenant named Vedette.",
                   STR_ARG(str_slice(scope, 0, 200)));
}

static void write_header(const struct access *a, struct strbuf *out)
{
    AUTO_STRBUF   text = STRBUF_INIT(256);
    struct json_w w = json_w_make(&text);
    str           kid = access_key_id(a->key);

    json_w_object(&w);
    json_w_kstr(&w, S("typ"), S("JWT"));
    json_w_kstr(&w, S("alg"), S("RS256"));
    json_w_kstr(&w, S("kid"), kid);
    json_w_end(&w);
    codec_base64url(out, strbuf_view(&text));
}

static void write_person(struct json_w *w, const struct access_who *who)
{
    if (who->kind != ACCESS_USER)
        return;
    json_w_kstr(w, S("name"), who->name);
    json_w_kstr(w, S("upn"), who->name);
    json_w_kstr(w, S("preferred_username"), who->name);
}

static void write_common(struct json_w *w, struct access *a, const struct access_who *who, int64_t now)
{
    char        text[GUID_TEXT_SIZE];
    AUTO_STRBUF issuer = STRBUF_INIT(1024);

    strbuf_addf(&issuer, STR_FMT "/adfs", STR_ARG(a->issuer));
    json_w_kstr(w, S("iss"), strbuf_view(&issuer));
    json_w_ki64(w, S("iat"), now);
    json_w_ki64(w, S("nbf"), now);
    json_w_ki64(w, S("exp"), now + ACCESS_TOKEN_SECONDS);
    json_w_kstr(w, S("tid"), a->tenant_id);
    json_w_kstr(w, S("oid"), who->id);
    json_w_kstr(w, S("sub"), who->id);
    json_w_kstr(w, S("uti"), guid_text(env_guid(a->env), text));
    write_person(w, who);
}

static enum rc seal(struct access *a, str claims, struct strbuf *out, struct err *err)
{
    size_t start = out->n;

    write_header(a, out);
    strbuf_addc(out, '.');
    codec_base64url(out, claims);
    AUTO_STRBUF signature = STRBUF_INIT(2048);
    TRY(access_key_sign(a->key, str_make(out->p + start, out->n - start), &signature, err));
    strbuf_addc(out, '.');
    strbuf_add(out, strbuf_view(&signature));
    return strbuf_ok(out, "a token", err);
}

enum rc access_token_issue(struct access *a, const struct access_who *who, str audience, struct strbuf *out,
                           struct err *err)
{
    AUTO_STRBUF   claims = STRBUF_INIT(ACCESS_TOKEN_MAX_BYTES / 2);
    struct json_w w = json_w_make(&claims);

    json_w_object(&w);
    json_w_kstr(&w, S("aud"), audience);
    write_common(&w, a, who, env_now(a->env) / TS_PER_SECOND);
    json_w_kstr(&w, S("ver"), S("1.0"));
    json_w_kstr(&w, S("idtyp"), who->kind == ACCESS_USER ? S("user") : S("app"));
    if (who->app_id.n)
        json_w_kstr(&w, S("appid"), who->app_id);
    json_w_key(&w, S("roles"));
    json_w_array(&w);
    for (size_t i = 0; i < who->n_held; i++)
        json_w_str(&w, who->held[i].role->name);
    json_w_end(&w);
    json_w_end(&w);
    TRY(strbuf_ok(&claims, "a token's claims", err));
    return seal(a, strbuf_view(&claims), out, err);
}

enum rc access_token_id(struct access *a, const struct access_token_id_ask *ask, struct strbuf *out,
                        struct err *err)
{
    AUTO_STRBUF   claims = STRBUF_INIT(ACCESS_TOKEN_MAX_BYTES / 2);
    struct json_w w = json_w_make(&claims);

    json_w_object(&w);
    json_w_kstr(&w, S("aud"), ask->client_id);
    write_common(&w, a, ask->who, env_now(a->env) / TS_PER_SECOND);
    if (ask->nonce.n)
        json_w_kstr(&w, S("nonce"), ask->nonce);
    json_w_end(&w);
    TRY(strbuf_ok(&claims, "a token's claims", err));
    return seal(a, strbuf_view(&claims), out, err);
}

static enum rc refused(struct err *err, const char *why)
{
    return err_set(err, RC_UNAUTHENTICATED, "The access token is invalid: %s.", why);
}

/* The algorithm is ours to choose, not the token's. */
static enum rc check_signature(struct access *a, const struct access_jwt *jwt, struct err *err)
{
    if (!str_eq(json_str(jwt->header, S("alg"), S("")), S("RS256")))
        return refused(err, "it is not signed with RS256");
    if (!access_key_verify(a->key, jwt->signed_text, jwt->signature))
        return refused(err, "its signature is wrong");
    return RC_OK;
}

static enum rc check_claims(const struct access *a, const struct json *claims, struct err *err)
{
    int64_t now = env_now(a->env) / TS_PER_SECOND;

    if (json_i64(claims, S("exp"), 0) <= now)
        return refused(err, "it has expired");
    if (json_i64(claims, S("nbf"), INT64_MAX) > now + CLOCK_SLACK)
        return refused(err, "it is not valid yet");
    if (!str_eq(json_str(claims, S("tid"), S("")), a->tenant_id))
        return refused(err, "it is of another tenant");
    if (!is_audience(a, trimmed(json_str(claims, S("aud"), S("")))))
        return refused(err, "its audience is another");
    return RC_OK;
}

/* A password changed since ends the tokens made before. */
static enum rc check_user_epoch(struct state_tx *tx, str id, int64_t issued, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    TRY(state_stmt_one(tx, "SELECT tokens_from FROM users WHERE id = ?", STATE_ARGS(STATE_S(id)), &st, err));
    if (issued < state_stmt_i64(st, 0) / TS_PER_SECOND)
        return refused(err, "the password was changed since");
    return RC_OK;
}

enum rc access_token_verify(struct access *a, str jwt, struct arena *arena, struct access_who *out,
                            struct err *err)
{
    AUTO(state_tx) tx = NULL;
    struct access_jwt  parts;
    const struct json *claims;
    struct access_who  who;

    TRY(access_jwt_read(jwt, arena, &parts, err));
    TRY(check_signature(a, &parts, err));
    claims = parts.claims;
    TRY(check_claims(a, claims, err));
    str oid = json_str(claims, S("oid"), S(""));
    TRY(state_tx_read(a->state, &tx, err));
    if (str_eq(json_str(claims, S("idtyp"), S("")), S("user"))) {
        TRY(access_load_user(tx, oid, arena, &who, err));
        TRY(check_user_epoch(tx, oid, json_i64(claims, S("iat"), 0), err));
        who.app_id = json_str(claims, S("appid"), S(""));
    } else {
        TRY(access_load_principal(tx, oid, arena, &who, err));
    }
    *out = who;
    return RC_OK;
}

void access_token_jwks(const struct access *a, struct strbuf *out)
{
    strbuf_add(out, S("{\"keys\":["));
    access_key_jwk(a->key, out);
    strbuf_add(out, S("]}"));
}
