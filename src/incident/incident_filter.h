/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_filter: OData's $filter over incidents.
 *
 * and, or, not, parentheses; eq, ne, gt, ge, lt, le, in; contains, startswith, endswith; any over lists;
 * tolower and toupper. Texts are compared without regard to ASCII case. A text that does not parse, a
 * property that is not there and a comparison of unlike things are refused with their place.
 *
 * Limits: INCIDENT_FILTER_MAX bytes, INCIDENT_FILTER_NESTING levels. Ownership: the arena's. Threads:
 * read-only once parsed. */
#ifndef INCIDENT_INCIDENT_FILTER_H
#define INCIDENT_INCIDENT_FILTER_H

#include "incident/incident.h"

enum { INCIDENT_FILTER_MAX = 8192, INCIDENT_FILTER_NESTING = 40 };

struct incident_filter;

/* An empty text gives NULL, which matches all. */
must_check enum rc incident_filter_parse(struct arena *a, str text, const struct incident_filter **out,
                                         struct err *err);
bool               incident_filter_match(const struct incident_filter *f, const struct incident *i);

#endif
