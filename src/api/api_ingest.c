/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent to us flows on to the intake unparsed: see api_upload.h. */
#include "api/api_handlers.h"
#include "api/api_upload.h"

enum rc api_ingest_dcr(struct api_call *c, struct err *err)
{
    return api_upload_finish(c, err);
}

enum rc api_ingest_import(struct api_call *c, struct err *err)
{
    return api_upload_finish(c, err);
}
