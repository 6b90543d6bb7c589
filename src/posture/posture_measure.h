/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_measure: what a definition can be judged on, read off its document. Threads: pure. */
#ifndef POSTURE_POSTURE_MEASURE_H
#define POSTURE_POSTURE_MEASURE_H

#include "base/json.h"

enum posture_judged {
    POSTURE_ON_RESOURCE,    /* the document alone */
    POSTURE_ON_RELATED,     /* other resources, too */
    POSTURE_ON_HOST,        /* facts from inside a machine */
    POSTURE_ON_ATTESTATION, /* somebody's word */
    POSTURE_ON_NOTHING,     /* not measurable here */
    POSTURE_JUDGED_COUNT_
};

struct posture_measure {
    enum posture_judged on;
    str related; /* type of the related resource; empty when it is worked out or there is none */
    str reason;  /* of POSTURE_ON_NOTHING */
};

/* `properties` of a definition. */
struct posture_measure posture_measure_of(const struct json *properties);
str                    posture_measure_name(enum posture_judged on); /* "resource", "related", … */
str                    posture_measure_text(enum posture_judged on); /* a sentence */
/* The effect of a rule as it is by default: the text, or its parameter's default. */
str posture_measure_effect(const struct json *properties);

#endif
