/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_restrict: what the assigned policies would say of a resource that is not there yet, as it
 * is and with each of some values in a field. Changes nothing. Threads: as posture. */
#ifndef POSTURE_POSTURE_RESTRICT_H
#define POSTURE_POSTURE_RESTRICT_H

#include "posture/posture_judge.h"

enum { POSTURE_RESTRICT_FIELDS = 100, POSTURE_RESTRICT_VALUES = 100 };

struct posture_restrict_field {
    str                field;  /* tags['x'], a plain path, an alias */
    const struct json *values; /* array, or NULL: what it must hold is asked */
};

/* One policy that minds some values of the field. */
struct posture_restriction {
    const struct posture_finding *finding;
    size_t                        field; /* of those asked for */
    bool               required; /* the field must hold something: `value`, where the policy sets one */
    const struct json *value;    /* minded, or set; or NULL */
};
struct posture_restrictions {
    struct posture_restriction *p;
    size_t                      n, cap;
};

struct posture_restrict {
    const struct json                   *document; /* with id and type */
    const struct posture_restrict_field *fields;
    size_t                               n_fields;
    bool                                 audit; /* policies that only tell, too */
};
/* `content` are the findings on the document as it is. Both belong to the plan that the arena was lent. */
must_check enum rc posture_restrict_check(struct posture *p, const struct posture_restrict *asked,
                                          struct arena *a, struct posture_findings *content,
                                          struct posture_restrictions *out, struct err *err);

#endif
