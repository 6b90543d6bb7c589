/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_name.h"

#include <arpa/inet.h>

#include "detect/detect_entity.h"

enum { MAX_TEXT = 1024 };

/* Sentinel drops these when only the name is given; the Linux and Windows services among them are on every
 * machine. */
static const char *const BUILTIN[] = {
    "ADMIN",
    "ADMINISTRATOR",
    "ANONYMOUS",
    "ANONYMOUS LOGON",
    "AUTHENTICATED USER",
    "DWM-1",
    "LOCAL SERVICE",
    "LOCAL SYSTEM",
    "LOCALSYSTEM",
    "LOCAL",
    "NETWORK",
    "NETWORK SERVICE",
    "NOBODY",
    "NT AUTHORITY",
    "NULL",
    "ROOT",
    "SYSTEM",
    "UNKNOWN",
    "N/A",
    "UMFD-0",
};

/* Domains of accounts that are on every Windows machine. */
static const char *const BUILTIN_DOMAINS[] = { "NT AUTHORITY",     "NT SERVICE",  "Window Manager",
                                               "Font Driver Host", "IIS APPPOOL", "BUILTIN" };

static bool in(const char *const *list, size_t n, str s)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ci(s, str_of(list[i])))
            return true;
    return false;
}

#define IN(list, s) in((list), sizeof(list) / sizeof *(list), (s))

static struct detect_entity_value *find(struct detect_entity *e, str name)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (str_eq(e->values[i].name, name))
            return &e->values[i];
    return NULL;
}

/* Sets a value unless it is there already. */
static void put(struct detect_entity *e, str name, str value)
{
    struct detect_entity_value *v = find(e, name);

    if (!value.n)
        return;
    if (v && v->value.n)
        return;
    if (v)
        v->value = value;
    else if (e->n_values < DETECT_ENTITY_FIELDS)
        e->values[e->n_values++] = (struct detect_entity_value) { name, value };
}

/* Takes a value out. */
static str take(struct detect_entity *e, str name)
{
    struct detect_entity_value *v = find(e, name);

    if (!v)
        return STR_NONE;
    str value = v->value;
    *v = e->values[--e->n_values];
    return value;
}

static void drop_empty(struct detect_entity *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < e->n_values; i++) {
        str v = str_trim(e->values[i].value);
        if (v.n && !str_eq(v, S("-")) && !str_eq(v, S("\\")))
            e->values[kept++] = (struct detect_entity_value) { e->values[i].name, v };
    }
    e->n_values = kept;
}

static bool is_address(str s)
{
    char            text[64];
    struct in6_addr six;
    struct in_addr  four;

    return str_to_cstr(s, text, sizeof text) &&
           (inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1);
}

/* arn:aws:iam::123456789012:user/path/bob → Name bob, the ARN itself, and the account as its domain. Of an
 * assumed role the name is the role's: arn:aws:sts::123456789012:assumed-role/ROLE/SESSION. */
static void split_arn(struct detect_entity *e, str arn)
{
    str rest = arn, part = STR_NONE, account = STR_NONE;

    for (int i = 0; i < 5 && str_split(&rest, ':', &part); i++)
        if (i == 4)
            account = part;
    str    name = rest;
    size_t slash = str_rfind_byte(name, '/');
    if (str_starts(rest, S("assumed-role/")) && slash > sizeof "assumed-role/" - 1)
        name = str_slice(rest, sizeof "assumed-role/" - 1, slash);
    else if (slash != STR_NPOS)
        name = str_from(name, slash + 1);
    put(e, S("Name"), name.n ? name : arn);
    put(e, S("NTDomain"), account);
    put(e, S("CloudAppAccountId"), arn);
}

static void settle_account(struct detect_entity *e)
{
    str full = take(e, S("FullName"));

    if (!full.n)
        full = take(e, S("Name"));
    if (!full.n)
        return;
    size_t back = str_find_byte(full, '\\'), at = str_find_byte(full, '@');
    if (str_starts(full, S("arn:"))) {
        split_arn(e, full);
    } else if (back != STR_NPOS && back + 1 < full.n) {
        put(e, S("Name"), str_from(full, back + 1));
        put(e, S("NTDomain"), str_slice(full, 0, back));
    } else if (at != STR_NPOS && at > 0 && at + 1 < full.n) {
        put(e, S("Name"), str_slice(full, 0, at));
        put(e, S("UPNSuffix"), str_from(full, at + 1));
    } else {
        put(e, S("Name"), str_trim_chars(full, S("\\")));
    }
}

static void settle_host(struct detect_entity *e)
{
    str full = take(e, S("FullName"));

    if (!full.n)
        full = take(e, S("HostName"));
    size_t back = str_find_byte(full, '\\');
    if (back != STR_NPOS) {
        put(e, S("NTDomain"), str_slice(full, 0, back));
        full = str_from(full, back + 1);
    }
    size_t dot = is_address(full) ? STR_NPOS : str_find_byte(full, '.');
    put(e, S("HostName"), str_slice(full, 0, dot == STR_NPOS ? full.n : dot));
    if (dot != STR_NPOS)
        put(e, S("DnsDomain"), str_trim_chars(str_from(full, dot), S(".")));
}

static void settle_file(struct detect_entity *e)
{
    str    name = take(e, S("Name"));
    size_t back = str_rfind_byte(name, '\\'), slash = str_rfind_byte(name, '/');
    size_t cut = back == STR_NPOS ? slash : slash == STR_NPOS || back > slash ? back : slash;

    if (cut != STR_NPOS && cut + 1 < name.n) {
        put(e, S("Directory"), str_slice(name, 0, cut ? cut : 1));
        name = str_from(name, cut + 1);
    }
    put(e, S("Name"), name);
}

static void settle_key(struct detect_entity *e)
{
    str    key = take(e, S("Key"));
    size_t back = str_find_byte(key, '\\');

    if (back != STR_NPOS && str_starts_ci(key, S("HKEY_"))) {
        put(e, S("Hive"), str_slice(key, 0, back));
        key = str_from(key, back + 1);
    }
    put(e, S("Key"), key);
}

static void settle_hash(struct detect_entity *e)
{
    str value = detect_entity_value(e, S("Value"));

    if (value.n && !find(e, S("Algorithm")))
        put(e, S("Algorithm"),
            value.n == 32   ? S("MD5")
            : value.n == 40 ? S("SHA1")
            : value.n == 64 ? S("SHA256")
                            : S("Unknown"));
}

static void settle_address(struct arena *a, struct detect_entity *e)
{
    str address = str_trim_chars(take(e, S("Address")), S("[]"));

    if (str_starts_ci(address, S("::ffff:")) && str_contains(address, S(".")))
        address = str_from(address, 7);
    put(e, S("Address"), arena_str(a, address));
}

void detect_name_settle(struct arena *a, struct detect_entity *e)
{
    str type = e->type->name;

    drop_empty(e);
    if (str_eq(type, S("Account")))
        settle_account(e);
    else if (str_eq(type, S("Host")))
        settle_host(e);
    else if (str_eq(type, S("File")))
        settle_file(e);
    else if (str_eq(type, S("RegistryKey")))
        settle_key(e);
    else if (str_eq(type, S("FileHash")))
        settle_hash(e);
    else if (str_eq(type, S("IP")))
        settle_address(a, e);
    drop_empty(e);
}

bool detect_name_builtin(const struct detect_entity *e)
{
    str domain = detect_entity_value(e, S("NTDomain"));
    str name = detect_entity_value(e, S("Name"));

    if (!str_eq(e->type->name, S("Account")) || !name.n)
        return false;
    if (IN(BUILTIN_DOMAINS, domain))
        return true;
    return e->n_values == 1 && IN(BUILTIN, name);
}

static str lower(struct arena *a, str s)
{
    str   copy = arena_str(a, str_slice(s, 0, MAX_TEXT));
    char *p = (char *)(uintptr_t)copy.p; /* our own copy */

    for (size_t i = 0; i < copy.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return copy;
}

static str first_label(str domain)
{
    size_t dot = str_find_byte(domain, '.');
    return dot == STR_NPOS ? domain : str_slice(domain, 0, dot);
}

/* CONTOSO\alice, alice@contoso.example and CONTOSO.EXAMPLE\alice are one: name and first label of the domain.
 */
static size_t account_identities(struct arena *a, const struct detect_entity *e, str *out)
{
    static const char *const unique[] = { "Sid", "AadUserId", "ObjectGuid", "CloudAppAccountId" };
    size_t                   n = 0;
    str name = detect_entity_value(e, S("Name")), domain = detect_entity_value(e, S("NTDomain"));

    if (!domain.n)
        domain = detect_entity_value(e, S("UPNSuffix"));
    if (!domain.n)
        domain = detect_entity_value(e, S("DnsDomain"));
    if (name.n && domain.n)
        out[n++] = lower(
            a, arena_printf(a, "account:" STR_FMT "@" STR_FMT, STR_ARG(name), STR_ARG(first_label(domain))));
    for (size_t i = 0; i < sizeof unique / sizeof *unique && n < DETECT_NAME_IDENTITIES; i++) {
        str  v = detect_entity_value(e, str_of(unique[i]));
        bool well_known = i == 0 && !str_starts_ci(v, S("S-1-5-21-")); /* S-1-5-18 and its kind */
        if (v.n && !well_known)
            out[n++] = lower(a, arena_printf(a, "account:%s:" STR_FMT, unique[i], STR_ARG(v)));
    }
    return n;
}

static bool address_everywhere(str s)
{
    static const char *const everywhere[] = { "::1",       "::",     "0.0.0.0", "255.255.255.255",
                                              "localhost", "fe80::1" };
    return IN(everywhere, s) || str_starts(s, S("127.")) || str_starts(s, S("169.254."));
}

size_t detect_name_identities(struct arena *a, const struct detect_entity *e, str out[DETECT_NAME_IDENTITIES],
                              int *rank)
{
    str type = e->type->name, v;

    *rank = 3;
    if (str_eq(type, S("Account")))
        return account_identities(a, e, out);
    *rank = 2;
    if (str_eq(type, S("Host"))) {
        v = detect_entity_value(e, S("HostName"));
        if (!v.n || str_eq_ci(v, S("localhost")) || address_everywhere(v))
            return 0;
        out[0] = lower(a, arena_printf(a, "host:" STR_FMT, STR_ARG(v)));
        return 1;
    }
    if (str_eq(type, S("AzureResource")) || str_eq(type, S("Mailbox")) || str_eq(type, S("IoTDevice"))) {
        out[0] = lower(a, arena_printf(a, STR_FMT ":" STR_FMT, STR_ARG(type), STR_ARG(e->values[0].value)));
        return 1;
    }
    *rank = 1;
    v = detect_entity_value(e, S("Address"));
    if (!str_eq(type, S("IP")) || !v.n || address_everywhere(v) || !is_address(v))
        return 0;
    out[0] = lower(a, arena_printf(a, "ip:" STR_FMT, STR_ARG(v)));
    return 1;
}
