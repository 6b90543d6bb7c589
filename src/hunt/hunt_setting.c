/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt_setting.h"

#define KIND "setting"

static enum rc check_name(str name, struct err *err)
{
    bool ok = name.n && name.n <= HUNT_SETTING_NAME;

    for (size_t i = 0; ok && i < name.n; i++)
        ok = (name.p[i] >= 'a' && name.p[i] <= 'z') || (name.p[i] >= '0' && name.p[i] <= '9') ||
             name.p[i] == '-';
    return ok ? RC_OK
              : err_set(err, RC_INVALID, "a setting's name has 1 to %d of a-z, 0-9 and -", HUNT_SETTING_NAME);
}

static struct hunt_setting of_object(const struct hunt_object *o)
{
    return (struct hunt_setting) {
        .name = o->name, .etag = o->etag, .properties = o->body, .modified = o->modified
    };
}

enum rc hunt_setting_get(struct hunt *h, str who, str name, struct arena *a, struct hunt_setting *out,
                         struct err *err)
{
    const struct hunt_object_key key = { .kind = KIND, .owner = who, .name = name };
    struct hunt_object           o;
    struct err                   why = { 0 };

    TRY(check_name(name, err));
    enum rc rc = hunt_object_get(h, &key, a, &o, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    *out = rc == RC_OK ? of_object(&o) : (struct hunt_setting) { .name = name };
    return RC_OK;
}

enum rc hunt_setting_put(struct hunt *h, const struct hunt_setting_put *put, struct arena *a,
                         struct hunt_setting *out, struct err *err)
{
    AUTO_STRBUF            text = STRBUF_INIT(HUNT_SETTING_BYTES);
    struct json_w          w = json_w_make(&text);
    struct hunt_object     o;
    bool                   created;
    struct hunt_object_put object = {
        .key = { .kind = KIND, .owner = put->by.who.object_id, .name = put->name },
        .if_match = put->if_match,
        .by = put->by,
        .max = HUNT_SETTING_OF_USER
    };

    TRY(check_name(put->name, err));
    if (!put->properties || put->properties->kind != JSON_OBJECT)
        return err_set(err, RC_INVALID, "properties: an object");
    json_w_tree(&w, put->properties);
    TRY(strbuf_ok(&text, "a setting", err));
    object.body = strbuf_view(&text);
    TRY(hunt_object_put(h, &object, a, &o, &created, err));
    *out = of_object(&o);
    return RC_OK;
}

enum rc hunt_setting_delete(struct hunt *h, str who, str name, str if_match, struct err *err)
{
    const struct hunt_object_key key = { .kind = KIND, .owner = who, .name = name };

    return hunt_object_delete(h, &key, if_match, err);
}
