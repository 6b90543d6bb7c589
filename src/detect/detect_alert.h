/* SPDX-License-Identifier: Apache-2.0 */
/* detect/detect_alert: the record that every detection raises, and the door it is raised through.
 *
 * An alert is raised again under its id when later rows belong to it; the sink merges: the earliest start,
 * the latest end, the union of entities, details and rows. A row whose id the alert has already counts
 * nothing, so raising the same alert twice changes nothing. A row that speaks of a stretch of time takes the
 * place of an earlier one of its matter within that stretch: it is the same sum, grown.
 *
 * Raising is part of a transaction of state that detect has begun: what the sink writes and what detect notes
 * about the rows that it counted stand or fall together.
 *
 * Ownership: all texts are borrowed for the call. Threads: raise and settled may be called from any detect
 * worker, from one at a time, since only one writes. */
#ifndef DETECT_DETECT_ALERT_H
#define DETECT_DETECT_ALERT_H

#include "base/err.h"
#include "base/str.h"
#include "base/ts.h"
#include "content/content_rule.h"

enum {
    ALERT_MAX_ROWS = 50,             /* kept as evidence */
    ALERT_MAX_ROW_BYTES = 64 * 1024, /* of all rows together */
    ALERT_MAX_ENTITIES = 500,
    ALERT_MAX_ENTITY_BYTES = 64 * 1024,
};

/* One result row that an alert counts. */
struct alert_mark {
    uint64_t id;         /* of all cells */
    uint64_t key;        /* of the matter */
    ts       start, end; /* of the events it speaks of */
    int64_t  kept;       /* 1: its cells are among `rows`, in the order of the marks */
};

/* The result rows that fired it, as they were then; the query with its window gives them again. */
struct alert_rows {
    str                      table;   /* the first base table read */
    str                      columns; /* JSON: [{"name":"Account","type":"string"},…] */
    str                      rows;    /* JSON: [[…],…], at most ALERT_MAX_ROWS */
    const struct alert_mark *marks;   /* one for each row counted, kept or not */
    size_t                   n_marks;
};

struct alert {
    str                      id; /* systemAlertId, a guid */
    str                      rule_id, rule_name, rule_version;
    str                      display_name, description;
    enum content_severity    severity;
    const str               *tactics, *techniques;
    size_t                   n_tactics, n_techniques;
    ts                       start, end;  /* of the events */
    ts                       generated;   /* when it was raised */
    str                      entities;    /* JSON array in SecurityAlert's form: $id, Type, … */
    str                      compromised; /* "WORKSTATION5", empty when no host or account is named */
    str                      details;     /* JSON object: custom detail → array of values */
    str                      properties;  /* JSON object: alertDynamicProperties; also productName … */
    str                      query;
    ts                       window_from, window_to; /* TimeGenerated of the rows read */
    ts                       ingested_to;            /* and the watermark that they were read below */
    struct alert_rows        rows;
    str                      product, component, vendor, provider;
    struct content_incidents incidents;
};

struct state_tx;

struct alert_sink {
    void *ctx;
    enum rc (*raise)(void *ctx, struct state_tx *tx, const struct alert *alert, struct err *err);
    /* The transaction of the raises before has ended: tell who waits for changes, or forget them. May be
     * NULL. */
    void (*settled)(void *ctx, bool committed);
};

#endif
