/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_cloudtrail.h"

#include "ingest/ingest_value.h"

enum take {
    TEXT,   /* objects as compact JSON */
    BOOL,   /* also from the texts true and false */
    NESTED, /* an object with fields of its own below */
};

struct field {
    str                 name;
    enum take           take;
    str                 column;
    const struct field *inner; /* of NESTED; what is not named there is left out */
};

#define T(name_, column_)                                                                                    \
    {                                                                                                        \
        STR_INIT(name_), TEXT, STR_INIT(column_), NULL                                                       \
    }
#define B(name_, column_)                                                                                    \
    {                                                                                                        \
        STR_INIT(name_), BOOL, STR_INIT(column_), NULL                                                       \
    }
#define N(name_, fields_)                                                                                    \
    {                                                                                                        \
        STR_INIT(name_), NESTED, STR_INIT(""), fields_                                                       \
    }
#define END                                                                                                  \
    {                                                                                                        \
        STR_INIT(""), TEXT, STR_INIT(""), NULL                                                               \
    }

static const struct field ATTRIBUTES[] = {
    B("mfaAuthenticated", "SessionMfaAuthenticated"),
    T("creationDate", "SessionCreationDate"),
    END,
};
static const struct field ISSUER[] = {
    T("type", "SessionIssuerType"),         T("principalId", "SessionIssuerPrincipalId"),
    T("arn", "SessionIssuerArn"),           T("accountId", "SessionIssuerAccountId"),
    T("userName", "SessionIssuerUserName"), END,
};
static const struct field SESSION[] = {
    N("attributes", ATTRIBUTES),
    N("sessionIssuer", ISSUER),
    T("ec2RoleDelivery", "EC2RoleDelivery"),
    END,
};
static const struct field IDENTITY[] = {
    T("type", "UserIdentityType"),
    T("principalId", "UserIdentityPrincipalid"),
    T("arn", "UserIdentityArn"),
    T("accountId", "UserIdentityAccountId"),
    T("accessKeyId", "UserIdentityAccessKeyId"),
    T("userName", "UserIdentityUserName"),
    T("invokedBy", "UserIdentityInvokedBy"),
    T("userId", "UserIdentityUserId"),
    T("identityStoreArn", "UserIdentityStoreArn"),
    N("sessionContext", SESSION),
    END,
};
static const struct field TLS[] = {
    T("tlsVersion", "TlsVersion"),
    T("cipherSuite", "CipherSuite"),
    T("clientProvidedHostHeader", "ClientProvidedHostHeader"),
    END,
};
static const struct field RECORD[] = {
    T("eventName", "EventName"),
    T("eventSource", "EventSource"),
    T("eventVersion", "EventVersion"),
    T("eventType", "EventTypeName"),
    T("eventCategory", "Category"),
    T("awsRegion", "AWSRegion"),
    T("sourceIPAddress", "SourceIpAddress"),
    T("userAgent", "UserAgent"),
    T("errorCode", "ErrorCode"),
    T("errorMessage", "ErrorMessage"),
    T("requestParameters", "RequestParameters"),
    T("responseElements", "ResponseElements"),
    T("resources", "Resources"),
    T("additionalEventData", "AdditionalEventData"),
    T("serviceEventDetails", "ServiceEventDetails"),
    B("managementEvent", "ManagementEvent"),
    B("readOnly", "ReadOnly"),
    T("eventID", "AwsEventId"),
    T("requestID", "AwsRequestId"),
    T("sharedEventID", "SharedEventId"),
    T("vpcEndpointId", "VpcEndpointId"),
    T("apiVersion", "APIVersion"),
    T("recipientAccountId", "RecipientAccountId"),
    N("userIdentity", IDENTITY),
    N("tlsDetails", TLS),
    T("eventTime", ""),
    T("@timestamp", ""),
    T("@version", ""),
    END,
};

bool ingest_cloudtrail_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    (void)ctx;
    return record->json && json_get(record->json, S("eventSource")) &&
           json_get(record->json, S("eventName")) &&
           (json_get(record->json, S("userIdentity")) || json_get(record->json, S("eventVersion")));
}

static const struct field *field_find(const struct field *fields, str name)
{
    for (const struct field *f = fields; f->name.n; f++) {
        if (str_eq(f->name, name))
            return f;
    }
    return NULL;
}

static bool is_empty(const struct json *v)
{
    return v->kind == JSON_NULL || ((v->kind == JSON_OBJECT || v->kind == JSON_ARRAY) && v->n == 0);
}

static void take_bool(struct ingest_row *row, str column, const struct json *v)
{
    if (v->kind == JSON_BOOL)
        ingest_row_put(row, column, *v);
    else if (v->kind == JSON_STRING && (str_eq_ci(v->s, S("true")) || str_eq_ci(v->s, S("false"))))
        ingest_row_bool(row, column, str_eq_ci(v->s, S("true")));
}

/* Depth is that of the tables above. */
static void take_fields(struct ingest_row *row, const struct field *fields, const struct json *object,
                        bool whole)
{
    for (uint32_t i = 0; object->kind == JSON_OBJECT && i < object->n; i++) {
        const struct json_member *m = &object->members[i];
        const struct field       *f = field_find(fields, m->key);

        if (is_empty(&m->value))
            continue;
        if (!f) {
            if (whole)
                ingest_row_put(row, m->key, m->value);
        } else if (f->take == NESTED) {
            take_fields(row, f->inner, &m->value, false);
        } else if (f->take == BOOL) {
            take_bool(row, f->column, &m->value);
        } else if (f->column.n) {
            ingest_row_str(row, f->column, ingest_value_text(row->arena, &m->value));
        }
    }
}

enum rc ingest_cloudtrail_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    struct ingest_row row;
    ts                time = ctx->now;

    if (!ingest_value_time(json_get(record->json, S("eventTime")), &time) &&
        !ingest_value_time(json_get(record->json, S("@timestamp")), &time))
        time = ctx->now;
    ingest_row_init(&row, ctx->arena, S("AWSCloudTrail"), time);
    ingest_row_str(&row, S("OperationName"), S("CloudTrail"));
    take_fields(&row, RECORD, record->json, true);
    ingest_row_str(&row, S("AwsRequestId_"), ingest_row_text(&row, S("AwsRequestId")));
    return ingest_row_emit(&row, &ctx->sink, err);
}
