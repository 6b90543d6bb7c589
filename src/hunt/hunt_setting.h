/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_setting: what a person's portal is to remember wherever they sign in: which notices were read, a
 * theme, the order of columns.
 *
 * A setting is a JSON object under a name; what it holds is the portal's affair. Nobody sees another's. What
 * was never put is empty. Ownership: the arena given. Threads: safe. */
#ifndef HUNT_HUNT_SETTING_H
#define HUNT_HUNT_SETTING_H

#include "hunt/hunt_object.h"

enum { HUNT_SETTING_OF_USER = 64, HUNT_SETTING_BYTES = 64 * 1024, HUNT_SETTING_NAME = 64 };

struct hunt_setting {
    str                name, etag; /* the etag of what was never put is empty */
    const struct json *properties; /* NULL: never put */
    ts                 modified;
};

must_check enum rc hunt_setting_get(struct hunt *h, str who, str name, struct arena *a,
                                    struct hunt_setting *out, struct err *err);

struct hunt_setting_put {
    str                name; /* a-z, 0-9 and hyphens */
    const struct json *properties;
    str                if_match;
    struct incident_by by; /* whose it is */
};
must_check enum rc hunt_setting_put(struct hunt *h, const struct hunt_setting_put *put, struct arena *a,
                                    struct hunt_setting *out, struct err *err);
must_check enum rc hunt_setting_delete(struct hunt *h, str who, str name, str if_match, struct err *err);

#endif
