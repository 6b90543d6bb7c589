/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_rule: alert rules that people make, change and delete over the API.
 *
 * Rules of the kinds Scheduled and NRT are kept as ARM's properties and as the text that the rules of files
 * have; they go into the set in force at once, where one takes the place of a rule that ships under its id.
 * Deleting a rule that ships leaves its template. A rule that does not compile over the tables of now is
 * refused with line and column. Rules of the kind MicrosoftSecurityIncidentCreation say which alerts of other
 * products become incidents (hunt_foreign.h).
 *
 * Ownership: the arena given. Threads: safe from any. */
#ifndef HUNT_HUNT_RULE_H
#define HUNT_HUNT_RULE_H

#include "content/content_store.h"
#include "hunt/hunt_object.h"

enum { HUNT_RULE_MAX = 2000 };
#define HUNT_RULE_KIND "alertRule"
#define HUNT_RULE_FOREIGN "MicrosoftSecurityIncidentCreation"

struct hunt_rule_put {
    str                id, kind;
    const struct json *properties;
    str                if_match;
    struct incident_by by;
};

/* What is kept of a rule beside what the set in force says. */
struct hunt_rule {
    struct hunt_object object; /* body: {"kind","properties","text","hash","deleted"} */
    str                kind;
    const struct json *properties;
    bool               deleted; /* a rule that ships, taken out of force */
};

must_check enum rc hunt_rule_list(struct hunt *h, struct arena *a, struct hunt_rule **out, size_t *n,
                                  struct err *err);
must_check enum rc hunt_rule_put(struct hunt *h, const struct hunt_rule_put *put, struct arena *a,
                                 struct hunt_rule *out, bool *created, struct err *err);
/* RC_NOT_FOUND: no rule in force has this id. */
must_check enum rc hunt_rule_delete(struct hunt *h, str id, const struct incident_by *by, struct err *err);

/* Puts what is kept into the set in force: at the start, and after each change. */
must_check enum rc hunt_rule_enforce(struct hunt *h, struct err *err);

/* The etag of a rule in force. */
str hunt_rule_etag(struct arena *a, str hash);

#endif
