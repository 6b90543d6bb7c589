/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens as strangers send them, and the scopes of token requests. Nothing that comes from here may
 * ever be believed: the key is made at the start and signs nothing. */
#include <assert.h>
#include <unistd.h>

#include "access/access_token.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct access *opened(void)
{
    static struct access *access;
    static struct state  *state;
    char                  dir[] = "/tmp/vedette-fuzz-XXXXXX", path[64];

    if (access)
        return access;
    assert(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/state.db", dir);
    assert(state_open(path, &state, NULL) == RC_OK);
    assert(access_new(&(struct access_opts) { .state = state,
                                              .env = env_real(),
                                              .key_dir = dir,
                                              .tenant_id = S("t"),
                                              .issuer = S("https://vedette.test"),
                                              .first_password = S("correct horse battery"),
                                              .cheap_passwords = true },
                      &access, NULL) == RC_OK);
    assert(file_remove_tree(dir, NULL) == RC_OK); /* what is open stays open */
    return access;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    AUTO(arena) a = arena_new(16 << 20);
    struct access    *access = opened();
    str               text = str_make((const char *)data, n), audience;
    struct access_who who;
    struct err        err;

    enum rc rc = access_token_verify(access, text, a, &who, &err);
    assert(rc == RC_UNAUTHENTICATED);
    rc = access_token_audience(access, text, a, &audience, &err);
    assert(rc == RC_OK || rc == RC_INVALID);
    return 0;
}
