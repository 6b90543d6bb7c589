/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_control: the controls of the secure score: what recommendations are put under and what each
 * is worth. Threads: constant. */
#ifndef POSTURE_POSTURE_CONTROL_H
#define POSTURE_POSTURE_CONTROL_H

#include "base/str.h"

struct posture_control {
    str name; /* in ids */
    str display_name;
    int max; /* points */
    str doc;
    str example; /* of a recommendation under it */
};

enum { POSTURE_CONTROL_COUNT = 15 };
/* In order of points. State keeps their index: a new one goes to the end. */
extern const struct posture_control POSTURE_CONTROLS[POSTURE_CONTROL_COUNT];

int posture_control_find(str name_or_display_name); /* any case; -1 when there is none */

#endif
