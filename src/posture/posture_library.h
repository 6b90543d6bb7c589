/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_library: takes definitions and initiatives in bulk: ours, from the content folder at every
 * start, and the public library, by import. Documents may come as ARM objects, in arrays, wrapped in
 * {"value": […]}, or as lines
 * {"path", "body"}; what is neither a definition nor an initiative is counted and left.
 *
 * A built-in that is there and says the same is not touched. Threads: as posture. */
#ifndef POSTURE_POSTURE_LIBRARY_H
#define POSTURE_POSTURE_LIBRARY_H

#include "policy/policy_alias.h"
#include "posture/posture.h"
#include "posture/posture_measure.h"

struct posture_library_counts {
    size_t definitions, initiatives, unchanged, refused, others;
    size_t doubles; /* right, but of an id that came before in the same text: the first one stands */
    size_t judged[POSTURE_JUDGED_COUNT_]; /* of the definitions taken */
    char   first[640];                    /* why the first one was refused */
};

/* `text` is JSON of any of the forms above, one document or one a line. Initiatives may stand before their
 * members. */
must_check enum rc posture_library_add(struct posture *p, str text, str who,
                                       struct posture_library_counts *counts, struct err *err);
/* *.json below the folder; mapping.json and risk.json are settings of all of them. */
must_check enum rc posture_library_folder(struct posture *p, const char *dir,
                                          struct posture_library_counts *counts, struct err *err);
/* Lines "alias<TAB>path" or the providers API's JSON; kept in state and used from the next plan on. */
must_check enum rc posture_library_aliases_read(str text, struct policy_aliases **out, struct err *err);
must_check enum rc posture_library_aliases(struct posture *p, str text, size_t *n, struct err *err);

#endif
