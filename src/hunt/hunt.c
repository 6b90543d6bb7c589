/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/hunt.h"

str hunt_etag(struct arena *a, str name, int64_t version)
{
    return arena_printf(a, "\"" STR_FMT "-%lld\"", STR_ARG(str_slice(name, 0, 8)), (long long)version);
}

enum rc hunt_may_change(str want, str is, struct err *err)
{
    if (!want.n || str_eq(want, is) || (str_eq(want, S("*")) && is.n))
        return RC_OK;
    return err_set(err, RC_STALE, "it was changed meanwhile: read it again");
}
