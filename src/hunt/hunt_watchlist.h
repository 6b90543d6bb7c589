/* SPDX-License-Identifier: Apache-2.0 */
/* hunt/hunt_watchlist: small tables that people keep and rules read with _GetWatchlist('alias').
 *
 * A list holds items, rows of texts under its columns; one column is its search key. Every change of a list
 * makes a version: what it was before can be seen and had back, until HUNT_WATCHLIST_VERSIONS newer ones
 * exist. A deleted list keeps its versions. Changed items are told to the log table Watchlist, which is how
 * rules learn of them at once.
 *
 * Uploading replaces what is there: a row that is there already keeps its item, then one with the same search
 * key changes it, what is left over goes.
 *
 * Limits: hunt_csv.h. Ownership: what comes out lives in the arena given. Threads: safe from any. */
#ifndef HUNT_HUNT_WATCHLIST_H
#define HUNT_HUNT_WATCHLIST_H

#include "hunt/hunt.h"
#include "hunt/hunt_csv.h"
#include "kql/kql.h"

enum { HUNT_WATCHLIST_MAX = 500, HUNT_WATCHLIST_VERSIONS = 100, HUNT_WATCHLIST_PAGE = 1000 };

struct hunt_watchlist {
    str                    alias, id, etag;
    int64_t                version, n_items;
    str                    name, provider, source, source_type, description, default_duration, search_key;
    str                    request; /* whose version this is */
    const str             *labels, *columns;
    size_t                 n_labels, n_columns;
    ts                     created, modified;
    struct incident_person creator, changer;
    bool                   deleted;
};

must_check enum rc hunt_watchlist_list(struct hunt *h, struct arena *a, struct hunt_watchlist **out,
                                       size_t *n, struct err *err);
must_check enum rc hunt_watchlist_get(struct hunt *h, str alias, struct arena *a, struct hunt_watchlist *out,
                                      struct err *err);

struct hunt_watchlist_put {
    str                alias;
    const struct json *properties; /* ARM's: rawContent, itemsSearchKey, numberOfLinesToSkip, … */
    str                if_match;
    struct incident_by by;
};
/* RC_INVALID names the first lines that do not fit; nothing is changed then. */
must_check enum rc hunt_watchlist_put(struct hunt *h, const struct hunt_watchlist_put *put, struct arena *a,
                                      struct hunt_watchlist *out, bool *created, struct err *err);
must_check enum rc hunt_watchlist_delete(struct hunt *h, str alias, const struct incident_by *by,
                                         struct err *err);

/* --- items --- */
struct hunt_watchlist_item {
    str                    id, etag;
    const str             *values; /* one for each column of the list */
    ts                     created, modified;
    struct incident_person creator, changer;
};

struct hunt_watchlist_page {
    struct hunt_watchlist       list;
    struct hunt_watchlist_item *items;
    size_t                      n;
    str                         next; /* empty: this was the last page */
};
/* In the order of the upload; `search`: those that hold the text, in any column. */
must_check enum rc hunt_watchlist_items(struct hunt *h, str alias, str search, str skip, struct arena *a,
                                        struct hunt_watchlist_page *out, struct err *err);
/* A page of one. */
must_check enum rc hunt_watchlist_item_get(struct hunt *h, str alias, str id, struct arena *a,
                                           struct hunt_watchlist_page *out, struct err *err);

struct hunt_watchlist_item_put {
    str                alias, id;
    const struct json *values; /* {"column": text, …}; NULL: the item is deleted */
    str                if_match;
    struct incident_by by;
};
must_check enum rc hunt_watchlist_item_put(struct hunt *h, const struct hunt_watchlist_item_put *put,
                                           struct arena *a, struct hunt_watchlist_page *out, bool *created,
                                           struct err *err);

/* --- versions --- */
struct hunt_watchlist_version {
    int64_t                version, n_items, added, changed, removed;
    ts                     time;
    struct incident_person who;
    str                    what, why;
};
must_check enum rc hunt_watchlist_versions(struct hunt *h, str alias, struct arena *a,
                                           struct hunt_watchlist_version **out, size_t *n, struct err *err);
/* Makes a new version with what the list held in an earlier one; a deleted list is there again. */
must_check enum rc hunt_watchlist_restore(struct hunt *h, str alias, int64_t version,
                                          const struct incident_by *by, struct arena *a,
                                          struct hunt_watchlist *out, struct err *err);

/* What an upload would do, or what a version did. */
struct hunt_watchlist_diff {
    const str *columns;
    size_t     n_columns;
    struct hunt_watchlist_change {
        str        id;
        const str *was, *became; /* NULL: not there */
    } * changes;
    size_t                     n, added, changed, removed, same;
    const struct hunt_csv_bad *bad;
    size_t                     n_bad;
};
must_check enum rc hunt_watchlist_preview(struct hunt *h, const struct hunt_watchlist_put *put,
                                          struct arena *a, struct hunt_watchlist_diff *out, struct err *err);
must_check enum rc hunt_watchlist_changes(struct hunt *h, str alias, int64_t version, struct arena *a,
                                          struct hunt_watchlist_diff *out, struct err *err);

/* For query_opts; `ctx` is a struct state. Columns: _DTItemId, LastUpdatedTimeUTC, SearchKey and the list's.
 */
must_check enum rc hunt_watchlist_kql(void *ctx, str alias, struct arena *a, struct kql_list *out,
                                      struct err *err);

#endif
