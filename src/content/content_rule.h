/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_rule: one scheduled analytics rule in Sentinel's YAML, read and validated.
 *
 * Limits are Sentinel's: frequency and period 5 min to 14 days, frequency at most the period, query to 10,000
 * characters, 10 entity mappings of 3 identifiers, 20 custom details, suppression to 24 h. Durations are
 * written short (5m, 1h, 1d), as ISO 8601 (PT5M, P1D) or as Kusto's (00:05:00). Fields that we do not know
 * are refused unless Sentinel's own files carry them.
 *
 * Ownership: a rule and all its texts live in the arena it was read into. Threads: read-only afterwards. */
#ifndef CONTENT_CONTENT_RULE_H
#define CONTENT_CONTENT_RULE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/ts.h"

enum content_severity {
    CONTENT_INFORMATIONAL,
    CONTENT_LOW,
    CONTENT_MEDIUM,
    CONTENT_HIGH,
    CONTENT_SEVERITY_COUNT_
};

enum content_trigger { CONTENT_GT, CONTENT_LT, CONTENT_EQ, CONTENT_NE };

enum content_grouping { CONTENT_SINGLE_ALERT, CONTENT_ALERT_PER_RESULT };

enum {
    CONTENT_RULE_MAX_BYTES = 256 * 1024,
    CONTENT_RULE_MAX_QUERY = 10000,
    CONTENT_RULE_MAX_MAPPINGS = 10,
    CONTENT_RULE_MAX_IDENTIFIERS = 3,
    CONTENT_RULE_MAX_DETAILS = 20,
};

struct content_identifier {
    str identifier, column; /* "FullName", "Account" */
};

struct content_mapping {
    str                       type; /* "Account" */
    struct content_identifier ids[CONTENT_RULE_MAX_IDENTIFIERS];
    size_t                    n_ids;
};

struct content_detail {
    str key, column;
};

/* What an alert takes from its rows instead of from the rule; empty where the rule says nothing.
 * Formats hold {{Column}}; columns name a column. */
struct content_override {
    str                    name_format, description_format;
    str                    severity_column, tactics_column;
    struct content_detail *properties; /* alertDynamicProperties: property, column */
    size_t                 n_properties;
};

struct content_incidents {
    bool     create, grouping, reopen_closed;
    duration lookback;
    str      matching; /* AllEntities, AnyAlert, Selected */
};

struct content_rule {
    str                      id, name, description, version, kind; /* kind: Scheduled or NRT */
    bool                     enabled;
    enum content_severity    severity;
    duration                 frequency, period;
    enum content_trigger     trigger;
    int64_t                  threshold;
    const str               *tactics, *techniques;
    size_t                   n_tactics, n_techniques;
    str                      query;
    struct content_mapping   mappings[CONTENT_RULE_MAX_MAPPINGS];
    size_t                   n_mappings;
    struct content_detail    details[CONTENT_RULE_MAX_DETAILS];
    size_t                   n_details;
    struct content_override  override;
    enum content_grouping    grouping;
    bool                     suppress;
    duration                 suppression;
    struct content_incidents incidents;
    str                      connectors; /* requiredDataConnectors as JSON text */
    str                      file;       /* where it was read, for messages */
    str                      text;       /* of the file, as it was read */
    str                      hash;       /* SHA-256 of the file's bytes, hex */

    /* What the query's text tells about windows (content_traits.h). */
    bool row_wise; /* each result row comes from one row: any window gives the same rows */
    bool uses_now; /* now() or ago(): the end of the window matters */
    bool unions;   /* several tables do not end being row_wise */
    bool monotone; /* what a long window does not find, no short one in it finds */
};

/* Reads the YAML of one rule. RC_INVALID or RC_SYNTAX name the file, the field and the limit. */
must_check enum rc content_rule_read(struct arena *a, str file, str yaml, struct content_rule *out,
                                     struct err *err);

str  content_rule_severity_name(enum content_severity s); /* "High" */
bool content_rule_severity_parse(str s, enum content_severity *out);
/* 5m, 1h, 7d, 30s; PT5M; 00:05:00. */
bool content_rule_duration_parse(str s, duration *out);

#endif
