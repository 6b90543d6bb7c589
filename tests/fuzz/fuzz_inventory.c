/* SPDX-License-Identifier: Apache-2.0 */
/* Exports, manifests, plans and snapshots of others. */
#include "inventory/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct inventory_opts opts = { .subscription = S("s") };
    struct inventory      found = { 0 };
    if (size > 1 << 16 || inventory_read(a, str_make((const char *)data, size), &opts, &found, NULL) != RC_OK)
        return 0;
    for (size_t i = 0; i < found.n; i++)
        if (found.v[i]->kind != JSON_OBJECT)
            __builtin_trap();
    return 0;
}
