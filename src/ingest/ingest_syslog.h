/* SPDX-License-Identifier: Apache-2.0 */
/* ingest_syslog: messages of RFC 5424 and RFC 3164, lines of /var/log → Syslog.
 *
 * RFC 3164 describes what was seen, not what must be: whatever cannot be told apart stays in the message, and
 * no line is refused by the parser. Threads: any. */
#ifndef INGEST_INGEST_SYSLOG_H
#define INGEST_INGEST_SYSLOG_H

#include "ingest/ingest_decoder.h"

struct ingest_syslog_message {
    int  facility; /* 0..23, -1 when the line has none */
    int  severity; /* 0..7, -1 when the line has none */
    bool timed;
    ts   time;
    str  host, tag, pid, msgid, structured, text;
};

/* Takes a line apart. A time without a year is the last such day up to a day after `now`; without a zone it
 * is `utc_offset` seconds east of UTC. */
void ingest_syslog_parse(str line, ts now, int utc_offset, struct ingest_syslog_message *out);

str ingest_syslog_facility(int facility); /* "authpriv"; empty out of range */
str ingest_syslog_severity(int severity); /* "err" */

/* The facility of lines that name none, from the name of their file ("auth.log" → auth, "kern.log.1" → kern);
 * empty when it says nothing. */
str ingest_syslog_file_facility(str path);
/* The same of the program that writes it: "dpkg.log" → dpkg. */
str ingest_syslog_file_tag(str path);

/* The row, and those of the records inside of its text. */
must_check enum rc ingest_syslog_line(struct ingest_ctx *ctx, str line, struct err *err);
/* A message taken apart already, as the journal has it. */
must_check enum rc ingest_syslog_emit(struct ingest_ctx *ctx, const struct ingest_syslog_message *m,
                                      struct err *err);

/* Lines that begin with <priority>, a date of RFC 3339 or one like "Nov 24 05:57:53". */
bool               ingest_syslog_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record);
must_check enum rc ingest_syslog_decode(struct ingest_ctx *ctx, const struct ingest_record *record,
                                        struct err *err);

#endif
