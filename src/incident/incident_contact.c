/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_contact.h"

#include "incident/incident_priv.h"

enum { MAX_NAME = 64, MAX_EMAIL = 1000, MAX_PHONE = 50 };

#define COLUMNS "name, email, phone, notifications, to_admins, minimal, roles"

const char *const INCIDENT_CONTACT_ROLES[] = { "AccountAdmin", "Contributor", "Owner", "ServiceAdmin", NULL };

static unsigned role_bit(str name)
{
    for (unsigned i = 0; INCIDENT_CONTACT_ROLES[i]; i++)
        if (str_eq_ci(name, str_of(INCIDENT_CONTACT_ROLES[i])))
            return 1u << i;
    return 0;
}

unsigned incident_contact_roles_of(str role)
{
    if (str_eq_ci(role, S("Owner")))
        return role_bit(S("Owner")) | role_bit(S("AccountAdmin")) | role_bit(S("ServiceAdmin"));
    return str_eq_ci(role, S("Contributor")) ? role_bit(role) : 0;
}

static struct incident_contact read_contact(const struct state_stmt *st, struct arena *a)
{
    return (struct incident_contact) { .name = state_stmt_str_in(st, 0, a),
                                       .email = state_stmt_str_in(st, 1, a),
                                       .phone = state_stmt_str_in(st, 2, a),
                                       .notifications = state_stmt_i64(st, 3) != 0,
                                       .to_admins = state_stmt_i64(st, 4) != 0,
                                       .minimal = (enum content_severity)state_stmt_i64(st, 5),
                                       .roles = (unsigned)state_stmt_i64(st, 6) };
}

enum rc incident_contact_list(struct incident_store *s, struct arena *a, struct incident_contact **out,
                              size_t *n, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) st = NULL;
    VEC(struct incident_contact) list = { 0 };
    bool more;

    TRY(state_tx_read(s->state, &tx, err));
    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM security_contacts ORDER BY name", STATE_NO_ARGS, &st,
                        err));
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            break;
        *vec_push_in(a, &list) = read_contact(st, a);
    }
    *out = list.p;
    *n = list.n;
    return RC_OK;
}

static enum rc find(struct state_tx *tx, str name, struct arena *a, struct incident_contact *out,
                    struct err *err)
{
    AUTO(state_stmt) st = NULL;
    bool found;

    TRY(state_stmt_open(tx, "SELECT " COLUMNS " FROM security_contacts WHERE name = ?",
                        STATE_ARGS(STATE_S(name)), &st, err));
    TRY(state_stmt_next(st, &found, err));
    if (!found)
        return err_set(err, RC_NOT_FOUND, "there is no contact '" STR_FMT "'",
                       STR_ARG(str_slice(name, 0, 64)));
    *out = read_contact(st, a);
    return RC_OK;
}

enum rc incident_contact_get(struct incident_store *s, str name, struct arena *a,
                             struct incident_contact *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_read(s->state, &tx, err));
    return find(tx, name, a, out, err);
}

/* One address: something, @, something with a dot; nothing that could end a header. */
bool incident_contact_is_address(str s)
{
    size_t at = str_find_byte(s, '@');

    if (at == STR_NPOS || at == 0 || at + 3 > s.n || str_find_byte(str_from(s, at + 1), '@') != STR_NPOS)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] == 0x7f || s.p[i] == ';' || s.p[i] == '<' ||
            s.p[i] == '>' || s.p[i] == ',' || s.p[i] == '"')
            return false;
    return true;
}

static enum rc check_email(str email, bool needed, struct err *err)
{
    str rest = email, one;

    while (str_split(&rest, ';', &one))
        if (!incident_contact_is_address(str_trim(one)))
            return err_set(err, RC_INVALID, "properties.email: '" STR_FMT "' is no address",
                           STR_ARG(str_slice(one, 0, 80)));
    return (email.n || !needed) && email.n <= MAX_EMAIL
               ? RC_OK
               : err_set(err, RC_INVALID, "properties.email: 1 to %d bytes", MAX_EMAIL);
}

static enum rc take_switch(const struct json *props, const char *name, bool *out, struct err *err)
{
    const struct json *v = json_get(props, str_of(name));

    if (!v || v->kind == JSON_NULL)
        return RC_OK;
    if (v->kind != JSON_STRING || (!str_eq_ci(v->s, S("On")) && !str_eq_ci(v->s, S("Off"))))
        return err_set(err, RC_INVALID, "properties.%s: On or Off", name);
    *out = str_eq_ci(v->s, S("On"));
    return RC_OK;
}

/* {"state":"On","roles":["Owner"]} */
static enum rc take_roles(const struct json *props, struct incident_contact *k, struct err *err)
{
    const struct json *by = json_get(props, S("notificationsByRole"));
    const struct json *roles = json_get(by, S("roles"));
    bool               on = false;

    if (!by || by->kind == JSON_NULL)
        return RC_OK;
    TRY(take_switch(by, "state", &on, err));
    k->roles = 0;
    for (size_t i = 0; on && roles && roles->kind == JSON_ARRAY && i < roles->n; i++) {
        const struct json *r = json_at(roles, i);
        unsigned           bit = r->kind == JSON_STRING ? role_bit(r->s) : 0;
        if (!bit)
            return err_set(
                err, RC_INVALID,
                "properties.notificationsByRole.roles: AccountAdmin, Contributor, Owner, ServiceAdmin");
        k->roles |= bit;
    }
    return RC_OK;
}

static enum rc take_body(const struct json *props, struct incident_contact *k, struct err *err)
{
    const struct json *alerts = json_get(props, S("alertNotifications"));
    bool               newer = alerts && alerts->kind == JSON_OBJECT;
    str                minimal =
        json_str(newer ? alerts : props, S("minimalSeverity"), json_str(props, S("minimalSeverity"), S("")));

    k->email = json_str(props, S("emails"), json_str(props, S("email"), k->email));
    k->phone = str_slice(json_str(props, S("phone"), k->phone), 0, MAX_PHONE);
    TRY(take_switch(newer ? alerts : props, newer ? "state" : "alertNotifications", &k->notifications, err));
    TRY(take_switch(props, "alertsToAdmins", &k->to_admins, err));
    TRY(take_roles(props, k, err));
    TRY(check_email(k->email, !k->roles && !k->to_admins, err));
    if (minimal.n && !content_rule_severity_parse(minimal, &k->minimal))
        return err_set(err, RC_INVALID, "properties.minimalSeverity: High, Medium, Low or Informational");
    return RC_OK;
}

enum rc incident_contact_put(struct incident_store *s, str name, const struct json *properties,
                             struct arena *a, struct incident_contact *out, struct err *err)
{
    AUTO(state_tx) tx = NULL;
    AUTO(state_stmt) count = NULL;
    struct incident_contact k = { .notifications = true, .minimal = CONTENT_HIGH };
    struct err              why = { 0 };

    if (!name.n || name.n > MAX_NAME)
        return err_set(err, RC_INVALID, "a contact's name has 1 to %d bytes", MAX_NAME);
    TRY(state_tx_write(s->state, &tx, err));
    enum rc rc = find(tx, name, a, &k, &why);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return err_set(err, rc, "%s", why.text);
    TRY(state_stmt_one(tx, "SELECT count(*) FROM security_contacts", STATE_NO_ARGS, &count, err));
    if (rc == RC_NOT_FOUND && state_stmt_i64(count, 0) >= INCIDENT_CONTACT_MAX)
        return err_set(err, RC_LIMIT, "at most %d contacts", INCIDENT_CONTACT_MAX);
    count = state_stmt_done(count);
    TRY(take_body(properties, &k, err));
    TRY(state_stmt_run(
        tx,
        "INSERT INTO security_contacts (" COLUMNS ", modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?8, ?7) "
        "ON CONFLICT (name) DO UPDATE SET email = ?2, phone = ?3, notifications = ?4, to_admins = "
        "?5, minimal = ?6, modified = ?7, roles = ?8",
        STATE_ARGS(STATE_S(name), STATE_S(k.email), STATE_S(k.phone), STATE_I(k.notifications),
                   STATE_I(k.to_admins), STATE_I(k.minimal), STATE_I(env_now(s->env)), STATE_I(k.roles)),
        err));
    TRY(find(tx, name, a, out, err));
    return state_tx_commit(tx, err);
}

enum rc incident_contact_delete(struct incident_store *s, str name, struct err *err)
{
    AUTO(state_tx) tx = NULL;

    TRY(state_tx_write(s->state, &tx, err));
    TRY(state_stmt_run(tx, "DELETE FROM security_contacts WHERE name = ?", STATE_ARGS(STATE_S(name)), err));
    bool there = state_stmt_changed(tx) > 0;
    TRY(state_tx_commit(tx, err));
    return there ? RC_OK
                 : err_set(err, RC_NOT_FOUND, "there is no contact '" STR_FMT "'",
                           STR_ARG(str_slice(name, 0, 64)));
}
