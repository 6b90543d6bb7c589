/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_core.h"

int ingest_core_utc_offset(ts now)
{
    time_t    seconds = (time_t)(now / TS_PER_SECOND);
    struct tm local;

    return localtime_r(&seconds, &local) ? (int)local.tm_gmtoff : 0;
}
