/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_core.h"

int ingest_core_utc_offset(ts now)
{
    time_t    seconds = (time_t)(now / TS_PER_SECOND);
    struct tm local;

    return localtime_r(&seconds, &local) ? (int)local.tm_gmtoff : 0;
}

bool ingest_core_stopping(struct ingest_core *core)
{
    bool stop;

    pthread_mutex_lock(&core->stop_lock);
    stop = core->stop;
    pthread_mutex_unlock(&core->stop_lock);
    return stop;
}

void ingest_core_stop(struct ingest_core *core)
{
    pthread_mutex_lock(&core->stop_lock);
    core->stop = true;
    pthread_mutex_unlock(&core->stop_lock);
}
