/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify_people.h"

#include "access/access.h"
#include "access/access_role.h"
#include "access/access_user.h"

enum { MAX_ADDRESSES = 16 * 1024 };

static bool is_listed(str list, str address)
{
    str one;

    while (str_split(&list, ';', &one))
        if (str_eq_ci(str_trim(one), address))
            return true;
    return false;
}

static bool holds(const struct access_assignment *held, size_t n, const struct notify_opts *opts,
                  const struct access_user *u, unsigned roles)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(held[i].holder, u->id) && (incident_contact_roles_of(held[i].role->name) & roles) &&
            access_role_scope_covers(held[i].scope, opts->scope))
            return true;
    return false;
}

enum rc notify_people_of(const struct notify_opts *opts, const struct incident_contact *contact,
                         struct arena *a, str *out, struct err *err)
{
    AUTO_STRBUF               list = STRBUF_INIT(MAX_ADDRESSES);
    struct access_user       *users;
    struct access_assignment *held;
    size_t                    n_users, n_held;
    unsigned roles = contact->roles | (contact->to_admins ? incident_contact_roles_of(S("Owner")) : 0);

    *out = contact->email;
    if (!roles || !opts->access)
        return RC_OK;
    TRY(access_user_list(opts->access, a, &users, &n_users, err));
    TRY(access_assignments(opts->access, a, &held, &n_held, err));
    strbuf_add(&list, contact->email);
    for (size_t i = 0; i < n_users; i++) {
        const struct access_user *u = &users[i];
        if (!u->enabled || !incident_contact_is_address(u->email) ||
            is_listed(strbuf_view(&list), u->email) || !holds(held, n_held, opts, u, roles) ||
            list.n + u->email.n + 1 > MAX_ADDRESSES)
            continue;
        if (list.n)
            strbuf_addc(&list, ';');
        strbuf_add(&list, u->email);
    }
    *out = arena_str(a, strbuf_view(&list));
    return RC_OK;
}
