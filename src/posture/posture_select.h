/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_select: resource selectors and overrides of assignments and exemptions. Threads: pure. */
#ifndef POSTURE_POSTURE_SELECT_H
#define POSTURE_POSTURE_SELECT_H

#include "base/json.h"

/* What a selector is held against. */
struct posture_select {
    str type, location, reference;
};

/* resourceSelectors: one of the list fits; in it every selector (kind with in or notIn) does. */
bool posture_select_any(const struct json *resource_selectors, const struct posture_select *what);
/* Is the text in the array, letters' case ignored? True for no array. */
bool posture_select_listed(const struct json *array, str text);
/* The range of the first override of kind definitionVersion that takes the reference; empty when none does.
 */
str posture_select_version(const struct json *overrides, str reference);
/* What is wrong with selectors or overrides of an assignment or exemption; either may be NULL. */
must_check enum rc posture_select_check(const struct json *resource_selectors, const struct json *overrides,
                                        struct err *err);
/* The value of the first override of kind policyEffect that fits; empty when none does. */
str posture_select_override(const struct json *overrides, const struct posture_select *what);

#endif
