/* SPDX-License-Identifier: Apache-2.0 */
/* A posture over a state of its own, without log tables or with rows counted, and short ways to fill it. */
#ifndef TESTS_POSTURE_FIXTURE_H
#define TESTS_POSTURE_FIXTURE_H

#include "base/vec.h"
#include "posture/posture_assessment.h"
#include "posture/posture_resource.h"

#define FIXTURE_SUB "/subscriptions/11111111-1111-4111-8111-111111111111"
#define FIXTURE_GROUP FIXTURE_SUB "/resourceGroups/soc"
#define FIXTURE_ROOT "/providers/Microsoft.Management/managementGroups/22222222-2222-4222-8222-222222222222"

struct posture_fixture {
    struct arena   *arena;
    struct state   *state;
    struct posture *posture;
    struct env_fake env;
    char            dir[64];
    struct err      err;
};

struct posture_fixture *posture_fixture_new(void);
struct posture_fixture *posture_fixture_new_with(const char *content); /* a folder of definitions, or NULL */
struct posture_fixture *posture_fixture_free(struct posture_fixture *f);
DEFINE_AUTO(posture_fixture, posture_fixture_free)

/* Each takes JSON and fails the test when it is refused; the text of the refusal of the _refused ones. */
void        posture_fixture_put(struct posture_fixture *f, const char *id, const char *document);
const char *posture_fixture_put_refused(struct posture_fixture *f, const char *id, const char *document);
void        posture_fixture_object(struct posture_fixture *f, const char *id, const char *body);
const char *posture_fixture_object_refused(struct posture_fixture *f, const char *id, const char *body);
/* A definition of severity High under a control: unhealthy when `condition` holds for a thing of
 * Test.Things/things. */
void posture_fixture_define(struct posture_fixture *f, const char *name, const char *control,
                            const char *condition);
void posture_fixture_assign(struct posture_fixture *f, const char *name, const char *definition,
                            const char *scope);
/* "Healthy", "NotApplicable Exempt", …; "" when there is no such assessment. */
const char *posture_fixture_status(struct posture_fixture *f, const char *resource, const char *definition);
const char *posture_fixture_thing(struct posture_fixture *f, const char *name);
/* Rows that went to a log table. */
size_t posture_fixture_rows(struct posture_fixture *f, const char *table);

#endif
