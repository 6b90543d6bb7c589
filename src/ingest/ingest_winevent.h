/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_winevent: one event of a Windows log, or of Sysmon for Linux, in one shape whoever collected it.
 *
 * Reads NXLog's flat fields, winlogbeat's `winlog` object, `Event.System`/`Event.EventData` objects, rows of
 * Sentinel's WindowsEvent and the XML itself. Everything is borrowed from the record or lives in the arena.
 * Threads: any. */
#ifndef INGEST_INGEST_WINEVENT_H
#define INGEST_INGEST_WINEVENT_H

#include "base/arena.h"
#include "base/json.h"
#include "base/ts.h"

/* What says where the event came from, beside its own data. */
enum ingest_winevent_part {
    WINEVENT_CHANNEL,
    WINEVENT_PROVIDER,
    WINEVENT_EVENT_ID,
    WINEVENT_COMPUTER,
    WINEVENT_MESSAGE,
    WINEVENT_LEVEL,
    WINEVENT_SEVERITY,
    WINEVENT_TIME_CREATED,
    WINEVENT_TIMESTAMP,
    WINEVENT_EVENT_TIME,
    WINEVENT_TASK,
    WINEVENT_KEYWORDS,
    WINEVENT_OPCODE,
    WINEVENT_VERSION,
    WINEVENT_RECORD_ID,
    WINEVENT_EVENT_DATA,
    WINEVENT_PART_COUNT_
};

struct ingest_winevent {
    const struct json        *parts[WINEVENT_PART_COUNT_]; /* NULL when not told */
    const struct json_member *data;                        /* the event's own fields, in the order received */
    uint32_t                  n_data;
    str                       channel; /* in Windows' own spelling */
    int64_t                   id;
    bool                      sysmon;
    bool                      timed;
    ts                        time;
};

/* True for a JSON document that looks like an event of Windows. */
bool ingest_winevent_is(const struct json *record);

/* RC_INVALID when it lacks its channel or its number. `now` stands in for a missing time. */
must_check enum rc ingest_winevent_read(struct arena *a, const struct json *record, ts now,
                                        struct ingest_winevent *out, struct err *err);
/* The event in Windows' XML. */
must_check enum rc ingest_winevent_read_xml(struct arena *a, str xml, ts now, struct ingest_winevent *out,
                                            struct err *err);

/* The value of the field of that name in the event's own data (case as it is), or NULL. */
const struct json *ingest_winevent_data(const struct ingest_winevent *e, str name);
str ingest_winevent_text(const struct ingest_winevent *e, str name); /* empty when absent or no text */
str ingest_winevent_part_text(const struct ingest_winevent *e, enum ingest_winevent_part part);

/* "Information" and its number, 1 (critical) to 5 (verbose), from Level or Severity; 0 when not told. */
int ingest_winevent_level(const struct ingest_winevent *e, str *name);

#endif
