/* SPDX-License-Identifier: Apache-2.0 */
/* What clients ask before they have a token: where is what. One origin serves everything. */
#include "api/api_handlers.h"
#include "api/api_priv.h"

static str with(struct api_call *c, const char *path)
{
    return arena_printf(c->arena, STR_FMT "%s", STR_ARG(c->origin), path);
}

/* The form of 2015: what `az cloud register --endpoint-resource-manager` reads. */
static void write_2015(struct api_call *c, struct json_w *w)
{
    json_w_object(w);
    json_w_kstr(w, S("galleryEndpoint"), c->origin);
    json_w_kstr(w, S("graphEndpoint"), c->origin);
    json_w_kstr(w, S("portalEndpoint"), c->origin);
    json_w_key(w, S("authentication"));
    json_w_object(w);
    json_w_kstr(w, S("loginEndpoint"), with(c, "/adfs"));
    json_w_key(w, S("audiences"));
    json_w_array(w);
    json_w_str(w, c->origin);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

/* The form of 2019 and later: an array of clouds. */
static void write_2019(struct api_call *c, struct json_w *w)
{
    json_w_array(w);
    json_w_object(w);
    json_w_kstr(w, S("name"), S("Vedette"));
    json_w_kstr(w, S("portal"), c->origin);
    json_w_key(w, S("authentication"));
    json_w_object(w);
    json_w_kstr(w, S("loginEndpoint"), with(c, "/adfs"));
    json_w_key(w, S("audiences"));
    json_w_array(w);
    json_w_str(w, c->origin);
    json_w_str(w, with(c, "/"));
    json_w_end(w);
    json_w_kstr(w, S("tenant"), S("adfs"));
    json_w_kstr(w, S("identityProvider"), S("ADFS"));
    json_w_end(w);
    json_w_kstr(w, S("graph"), with(c, "/"));
    json_w_kstr(w, S("graphAudience"), with(c, "/"));
    json_w_kstr(w, S("microsoftGraphResourceId"), with(c, "/"));
    json_w_kstr(w, S("logAnalyticsResourceId"), with(c, "/"));
    json_w_kstr(w, S("resourceManager"), with(c, "/"));
    json_w_key(w, S("suffixes"));
    json_w_object(w);
    json_w_end(w);
    json_w_end(w);
    json_w_end(w);
}

enum rc api_metadata_endpoints(struct api_call *c, struct err *err)
{
    str           version = http_req_param(c->req, S("api-version"));
    struct json_w w = api_call_json(c);

    if (version.n && !api_route_version_ok(version, NULL))
        return api_call_fail(c, 400, "InvalidApiVersionParameter", err, "The api-version is a date.");
    if (version.n && api_route_version_ok(version, "2018-05-01"))
        write_2019(c, &w);
    else
        write_2015(c, &w);
    return api_call_done(c, 200, err);
}

/* For `az cloud register -n Vedette --cloud-config @FILE`: has the endpoints that no option of az can set. */
enum rc api_metadata_cli(struct api_call *c, struct err *err)
{
    static const char *const endpoints[] = { "resourceManager",           "management",
                                             "activeDirectoryResourceId", "activeDirectoryGraphResourceId",
                                             "microsoftGraphResourceId",  "logAnalyticsResourceId" };
    struct json_w            w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("endpoints"));
    json_w_object(&w);
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++)
        json_w_kstr(&w, str_of(endpoints[i]), with(c, "/"));
    json_w_kstr(&w, S("activeDirectory"), with(c, "/adfs"));
    json_w_end(&w);
    json_w_key(&w, S("suffixes"));
    json_w_object(&w);
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}

/* All six, or the Kusto client raises KeyError. */
enum rc api_metadata_kusto(struct api_call *c, struct err *err)
{
    struct json_w w = api_call_json(c);

    json_w_object(&w);
    json_w_key(&w, S("AzureAD"));
    json_w_object(&w);
    json_w_kstr(&w, S("LoginEndpoint"), c->origin);
    json_w_kbool(&w, S("LoginMfaRequired"), false);
    json_w_kstr(&w, S("KustoClientAppId"), S("db662dc1-0cfe-4e1c-a843-19a68e65be58"));
    json_w_kstr(&w, S("KustoClientRedirectUri"), S("http://localhost"));
    json_w_kstr(&w, S("KustoServiceResourceId"), c->origin);
    json_w_kstr(&w, S("FirstPartyAuthorityUrl"), with(c, "/adfs"));
    json_w_end(&w);
    json_w_end(&w);
    return api_call_done(c, 200, err);
}
