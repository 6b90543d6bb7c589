/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_decoder.h"

#include "ingest/ingest_auditd.h"
#include "ingest/ingest_cloudtrail.h"
#include "ingest/ingest_finding.h"
#include "ingest/ingest_rows.h"
#include "ingest/ingest_syslog.h"
#include "ingest/ingest_windows.h"

/* The order matters: what names its table is taken at its word, what nobody knows comes last. */
const struct ingest_decoder INGEST_DECODERS[] = {
    {
        .name = STR_INIT("table"),
        .doc = STR_INIT("A row with Type and TimeGenerated, for the table that Type names."),
        .sniff = ingest_rows_sniff,
        .decode = ingest_rows_decode,
        .example = STR_INIT(
            "{\"Type\":\"Heartbeat\",\"TimeGenerated\":\"2026-01-02T03:04:05Z\",\"Computer\":\"web1\"}"),
    },
    {
        .name = STR_INIT("windows"),
        .doc = STR_INIT(
            "An event of a Windows log as NXLog, winlogbeat or Windows itself writes it; Sysmon's too."),
        .sniff = ingest_windows_sniff,
        .decode = ingest_windows_decode,
        .example =
            STR_INIT("{\"Channel\":\"Security\",\"EventID\":4688,\"Hostname\":\"pc1\",\"NewProcessName\":"
                     "\"C:\\\\Windows\\\\notepad.exe\"}"),
    },
    {
        .name = STR_INIT("cloudtrail"),
        .doc = STR_INIT("A record of AWS CloudTrail."),
        .sniff = ingest_cloudtrail_sniff,
        .decode = ingest_cloudtrail_decode,
        .example =
            STR_INIT("{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-02T03:04:05Z\",\"eventSource\":"
                     "\"iam.amazonaws.com\",\"eventName\":\"CreateUser\"}"),
    },
    {
        .name = STR_INIT("finding"),
        .doc = STR_INIT("An alert of another product: Graph's alerts_v2, or OCSF's Detection Finding."),
        .sniff = ingest_finding_sniff,
        .decode = ingest_finding_decode,
        .example = STR_INIT("{\"class_uid\":2004,\"time\":1767323045000,\"severity_id\":4,\"metadata\":{"
                            "\"product\":{\"name\":\"Watcher\"}},\"finding_info\":{\"uid\":\"f-1\","
                            "\"title\":\"Door opened\"}}"),
    },
    {
        .name = STR_INIT("json"),
        .doc = STR_INIT("Any other JSON object, for the table that the importer names, else Imported_CL."),
        .sniff = ingest_rows_sniff_any,
        .decode = ingest_rows_decode_any,
        .example = STR_INIT("{\"time\":\"2026-01-02T03:04:05Z\",\"what\":\"door opened\"}"),
    },
    {
        .name = STR_INIT("auditd"),
        .doc = STR_INIT("A line of Linux's audit log."),
        .sniff = ingest_auditd_sniff,
        .decode = ingest_auditd_decode,
        .example = STR_INIT("type=CWD msg=audit(1767323045.000:77): cwd=\"/root\""),
    },
    {
        .name = STR_INIT("syslog"),
        .doc = STR_INIT("A syslog message of RFC 5424 or RFC 3164, or a line of /var/log."),
        .sniff = ingest_syslog_sniff,
        .decode = ingest_syslog_decode,
        .example = STR_INIT("<38>1 2026-01-02T03:04:05Z web1 sshd 77 - - Accepted password for root"),
    },
    { .name = STR_INIT("") },
};

const struct ingest_decoder *ingest_decoder_find(const struct ingest_ctx    *ctx,
                                                 const struct ingest_record *record)
{
    for (const struct ingest_decoder *d = INGEST_DECODERS; d->name.n; d++) {
        if (d->sniff(ctx, record))
            return d;
    }
    return NULL;
}

enum rc ingest_decoder_run(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    const struct ingest_decoder *d = ingest_decoder_find(ctx, record);

    if (d)
        return d->decode(ctx, record, err);
    if (record->json)
        return err_set(err, RC_UNSUPPORTED, "the record is JSON but no object");
    return err_set(err, RC_UNSUPPORTED,
                   "the line is neither JSON, nor a record of auditd, nor a syslog message");
}
