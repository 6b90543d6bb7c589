/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_record: rows of the log tables: ResourceInventory and ResourceChanges, PostureRecords (what
 * Resource Graph shows of verdicts, assignments and scores), SecurityRecommendation, SecureScores,
 * SecureScoreControls.
 *
 * Rows go into the change's own transaction: a row is there exactly when the change is. Threads: as the
 * transaction. */
#ifndef POSTURE_POSTURE_RECORD_H
#define POSTURE_POSTURE_RECORD_H

#include "posture/posture_book.h"
#include "posture/posture_resource.h"
#include "posture/posture_subassessment.h"

/* PostureRecords; SecurityRecommendation only for what is unhealthy, or was until now. */
must_check enum rc posture_record_state(const struct posture_booking *b, const struct posture_finding *f,
                                        bool was_unhealthy, struct err *err);
/* The verdict of this name on the resource is no more. */
must_check enum rc posture_record_gone(struct posture *p, struct state_tx *tx, str resource_id, str name,
                                       struct err *err);

/* A single finding of a verdict, as it stands now; and one that is no more. */
must_check enum rc posture_record_subassessment(struct posture *p, struct state_tx *tx,
                                                const struct posture_assessment    *x,
                                                const struct posture_subassessment *s, struct err *err);
must_check enum rc posture_record_subassessment_gone(struct posture *p, struct state_tx *tx, str resource_id,
                                                     str assessment, str name, struct err *err);

/* A new version of a resource. `changes` is a JSON object {"path": {"previousValue", "newValue"}}. */
struct posture_record_change {
    const struct posture_resource *resource;
    const struct json             *document;
    str                            kind; /* Create, Update, Delete */
    str                            changes, paths;
    size_t                         n_changes;
    str                            who;
};
must_check enum rc posture_record_resource(struct posture *p, struct state_tx *tx,
                                           const struct posture_record_change *c, struct err *err);
/* An object of policies, as it is now or, when `gone`, no longer. */
must_check enum rc posture_record_object(struct posture *p, struct state_tx *tx,
                                         const struct posture_object *o, bool gone, struct err *err);

#endif
