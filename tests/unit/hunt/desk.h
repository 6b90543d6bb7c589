/* SPDX-License-Identifier: Apache-2.0 */
/* A desk on a state of its own, with a clock that stands. */
#ifndef TESTS_UNIT_HUNT_DESK_H
#define TESTS_UNIT_HUNT_DESK_H

#include "hunt/hunt.h"
#include "tests/t.h"

struct desk {
    struct arena   *a;
    struct env_fake env;
    struct state   *state;
    struct hunt     hunt;
    char            dir[64];
};

struct desk       *desk_open(void);
void               desk_close(struct desk *d);
struct incident_by desk_by(const char *who, const char *request);
const struct json *desk_json(struct desk *d, const char *text);

#endif
