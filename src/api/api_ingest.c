/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent to us flows on to the intake unparsed: see api_upload.h. */
#include "api/api_handlers.h"
#include "api/api_upload.h"

/* Clients of the Logs Ingestion API take 204 and nothing else; the counts are for `vedette import`. */
enum rc api_ingest_dcr(struct api_call *c, struct err *err)
{
    TRY(api_upload_finish(c, err));
    if (c->res->status == 200)
        api_call_empty(c, 204);
    return RC_OK;
}

enum rc api_ingest_import(struct api_call *c, struct err *err)
{
    return api_upload_finish(c, err);
}
