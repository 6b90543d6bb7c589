/* SPDX-License-Identifier: Apache-2.0 */
/* A file of the spool, as a disk may give it back; its digest is made right, so that the entries are reached.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "ingest/ingest_unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc take_text(void *ctx, const struct ingest_origin *from, ts received, str text, struct err *err)
{
    (void)ctx, (void)from, (void)received, (void)text, (void)err;
    return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ingest_unit_reader reader = { .text = take_text };
    AUTO_STRBUF               file = STRBUF_INIT(1 << 20);
    struct hash_sha256        sum = hash_sha256(str_make((const char *)data, size));
    char                      digest[65];
    str                       token;
    enum rc                   rc;

    hash_hex(sum.bytes, sizeof sum.bytes, digest);
    strbuf_addf(&file, "vedette-unit-1\n%032d%s\n", 0, digest);
    strbuf_add(&file, str_make((const char *)data, size));
    rc = ingest_unit_read(strbuf_view(&file), &token, &reader, NULL);
    if (rc != RC_OK && rc != RC_CORRUPT)
        abort();
    return 0;
}
