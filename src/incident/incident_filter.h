/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_filter: OData's $filter over incidents, alerts and whatever else has a family of
 * properties.
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

enum incident_filter_kind {
    INCIDENT_FILTER_NOTHING,
    INCIDENT_FILTER_TEXT,
    INCIDENT_FILTER_NUMBER,
    INCIDENT_FILTER_TIME
};

struct incident_filter_value {
    enum incident_filter_kind kind;
    str                       s;
    int64_t                   i; /* numbers, times */
};

struct incident_filter_value incident_filter_text(str s); /* nothing when it is empty */
struct incident_filter_value incident_filter_number(int64_t i);
struct incident_filter_value incident_filter_time(ts t); /* nothing at 0 */

/* What may be asked of one sort of object. */
struct incident_filter_property {
    const char               *path;
    enum incident_filter_kind kind;
    struct incident_filter_value (*get)(const void *object);
};

struct incident_filter_list {
    const char *path, *member; /* l/member in the predicate; NULL: the element itself */
    str (*at)(const void *object, size_t k);
    size_t (*count)(const void *object);
};

struct incident_filter_family {
    const struct incident_filter_property *properties;
    size_t                                 n;
    const struct incident_filter_list     *lists;
    size_t                                 n_lists;
};

extern const struct incident_filter_family INCIDENT_FILTER_INCIDENTS; /* ARM's; objects: struct incident */
extern const struct incident_filter_family INCIDENT_FILTER_GRAPH;     /* Graph's; the same objects */

struct incident_filter;

/* An empty text gives NULL, which matches all. */
must_check enum rc incident_filter_parse(struct arena *a, str text,
                                         const struct incident_filter_family *family,
                                         const struct incident_filter **out, struct err *err);
bool               incident_filter_match(const struct incident_filter *f, const void *object);

/* What every incident that matches has: for an index to pass over the others. Sets are bits by enum. */
struct incident_filter_bounds {
    uint64_t statuses, severities;
    str      owner; /* object id; empty: anybody's */
};
struct incident_filter_bounds incident_filter_bounds(const struct incident_filter *f);

#endif
