/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detect_entity.h"

#include "detect/detect_name.h"
#include "tests/t.h"

static struct detect_entity of(const char *type, const char *name, const char *value)
{
    struct detect_entity e = { .type = content_entity_find(str_of(type)), .n_values = 1 };
    e.values[0] = (struct detect_entity_value) { str_of(name), str_of(value) };
    return e;
}

/* The JSON that one thing becomes; "[]" when it is dropped. */
static void becomes(const char *type, const char *name, const char *value, const char *json)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct detect_entities list = { .arena = a };
    struct detect_entity   e = of(type, name, value);

    (void)detect_entity_add(&list, &e);
    CHECK_SEQ(detect_entity_json(&list), str_of(json));
}

TEST(names_are_taken_apart)
{
    becomes("Account", "FullName", "CONTOSO\\alice",
            "[{\"$id\":\"1\",\"Name\":\"alice\",\"NTDomain\":\"CONTOSO\",\"Type\":\"account\"}]");
    becomes("Account", "Name", "bob@contoso.example",
            "[{\"$id\":\"1\",\"Name\":\"bob\",\"UPNSuffix\":\"contoso.example\",\"Type\":\"account\"}]");
    becomes("Account", "FullName", "arn:aws:iam::123456789012:user/eve",
            "[{\"$id\":\"1\",\"Name\":\"eve\",\"NTDomain\":\"123456789012\",\"CloudAppAccountId\":"
            "\"arn:aws:iam::123456789012:user/eve\",\"Type\":\"account\"}]");
    becomes("Account", "FullName", "arn:aws:sts::123456789012:assumed-role/admins/session-7",
            "[{\"$id\":\"1\",\"Name\":\"admins\",\"NTDomain\":\"123456789012\",\"CloudAppAccountId\":"
            "\"arn:aws:sts::123456789012:assumed-role/admins/session-7\",\"Type\":\"account\"}]");
    becomes("Host", "HostName", "WS5.theshire.local",
            "[{\"$id\":\"1\",\"HostName\":\"WS5\",\"DnsDomain\":\"theshire.local\",\"Type\":\"host\"}]");
    becomes("Host", "FullName", "10.0.0.7", "[{\"$id\":\"1\",\"HostName\":\"10.0.0.7\",\"Type\":\"host\"}]");
    becomes("IP", "Address", "::ffff:10.1.2.3", "[{\"$id\":\"1\",\"Address\":\"10.1.2.3\",\"Type\":\"ip\"}]");
    becomes("File", "Name", "C:\\Temp\\a.exe",
            "[{\"$id\":\"1\",\"Name\":\"a.exe\",\"Directory\":\"C:\\\\Temp\",\"Type\":\"file\"}]");
    becomes("RegistryKey", "Key", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Run",
            "[{\"$id\":\"1\",\"Key\":\"SOFTWARE\\\\Run\",\"Hive\":\"HKEY_LOCAL_MACHINE\",\"Type\":\"registry-"
            "key\"}]");
}

TEST(nothing_and_names_that_every_machine_has_are_dropped)
{
    becomes("Account", "Name", "SYSTEM", "[]");
    becomes("Account", "FullName", "NT AUTHORITY\\SYSTEM", "[]");
    becomes("Account", "Name", "root", "[]");
    becomes("Account", "Name", "-", "[]");
    becomes("IP", "Address", "", "[]");
    becomes("Host", "HostName", " ", "[]");
    becomes("Account", "FullName", "WEB01\\Administrator",
            "[{\"$id\":\"1\",\"Name\":\"Administrator\",\"NTDomain\":\"WEB01\",\"Type\":\"account\"}]");
}

static void identity(const char *type, const char *name, const char *value, const char *want)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct detect_entity e = of(type, name, value);
    str                  ids[DETECT_NAME_IDENTITIES];
    int                  rank;

    detect_name_settle(a, &e);
    size_t n = detect_name_identities(a, &e, ids, &rank);
    CHECK_SEQ(n ? ids[0] : S(""), str_of(want));
}

TEST(one_account_has_one_identity_however_it_is_written)
{
    identity("Account", "FullName", "CONTOSO\\Alice", "account:alice@contoso");
    identity("Account", "FullName", "alice@contoso.example", "account:alice@contoso");
    identity("Account", "FullName", "contoso.example\\ALICE", "account:alice@contoso");
    identity("Account", "Name", "alice", "");
    identity("Account", "Sid", "S-1-5-18", "");
    identity("Account", "Sid", "S-1-5-21-1-2-3-1106", "account:sid:s-1-5-21-1-2-3-1106");
}

TEST(hosts_and_addresses_identify_unless_every_machine_has_them)
{
    identity("Host", "HostName", "WS5.theshire.local", "host:ws5");
    identity("Host", "HostName", "WS5", "host:ws5");
    identity("Host", "HostName", "localhost", "");
    identity("IP", "Address", "185.220.101.7", "ip:185.220.101.7");
    identity("IP", "Address", "127.0.0.1", "");
    identity("IP", "Address", "::1", "");
    identity("IP", "Address", "not an address", "");
    identity("File", "Name", "a.exe", "");
}

TEST(a_thing_named_twice_is_one_and_labels_read_well)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct detect_entities list = { .arena = a };
    struct detect_entity   one = of("Host", "HostName", "web-03"), again = of("Host", "FullName", "WEB-03");
    struct detect_entity   who = of("Account", "FullName", "CONTOSO\\alice");

    CHECK(detect_entity_add(&list, &who));
    CHECK(detect_entity_add(&list, &one));
    CHECK(detect_entity_add(&list, &again));
    CHECK_EQ(list.n, 2);
    CHECK_SEQ(detect_entity_label(a, &list.p[0]), S("CONTOSO\\alice"));
    CHECK_SEQ(detect_entity_compromised(&list), S("web-03"));
}

TEST(security_alerts_form_reads_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct detect_entities list = { .arena = a }, back = { .arena = a };
    struct detect_entity   who = of("Account", "FullName", "CONTOSO\\alice"),
                         ip = of("IP", "Address", "10.0.0.1");

    (void)detect_entity_add(&list, &who);
    (void)detect_entity_add(&list, &ip);
    CHECK_OK(detect_entity_parse(&back, detect_entity_json(&list), NULL));
    CHECK_SEQ(detect_entity_json(&back), detect_entity_json(&list));
    CHECK_EQ(detect_entity_parse(&back, S("[{"), NULL), RC_SYNTAX);
}

TEST(an_alert_holds_a_bounded_number_of_things)
{
    AUTO(arena) a = arena_new(8 << 20);
    struct detect_entities list = { .arena = a };
    char                   name[24];

    for (int i = 0; i < 700; i++) {
        (void)snprintf(name, sizeof name, "host-%d", i);
        struct detect_entity e = of("Host", "HostName", name);
        (void)detect_entity_add(&list, &e);
    }
    CHECK_EQ(list.n, 500);
}

static const struct kql_column COLUMNS[] = {
    { STR_INIT("TimeGenerated"), KQL_DATETIME },
    { STR_INIT("Computer"), KQL_STRING },
    { STR_INIT("Ips"), KQL_DYNAMIC },
    { STR_INIT("Count"), KQL_LONG },
};

static struct content_rule rule(void)
{
    struct content_rule r = { .id = S("r1"), .n_mappings = 2 };
    r.mappings[0] = (struct content_mapping) { S("Host"), { { S("HostName"), S("Computer") } }, 1 };
    r.mappings[1] = (struct content_mapping) { S("IP"), { { S("Address"), S("Ips") } }, 1 };
    return r;
}

TEST(a_row_gives_its_things_its_times_and_its_texts)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct content_rule    r = rule();
    struct detect_rows     rows = { &r, COLUMNS, 4, { 0, 10 }, a, NULL, 0, 0 };
    struct detect_entities list = { .arena = a };
    ts                     t;

    CHECK(ts_parse(S("2026-01-02T03:04:05Z"), &t));
    CHECK_OK(detect_row_add(
        &rows, S("[\"2026-01-02T03:04:05.0000000Z\",\"web\",[\"1.2.3.4\",\"5.6.7.8\"],12]"), NULL));
    detect_entity_add_row(&list, &rows, &rows.p[0]);
    CHECK_EQ(list.n, 3);
    CHECK_EQ(rows.p[0].start, t);
    CHECK_EQ(rows.p[0].end, t);
    CHECK_SEQ(detect_row_format(&rows, &rows.p[0], S("{{Count}} on {{ Computer }}, {{Nope}}{{"), 100),
              S("12 on web, {{"));
}

TEST(the_same_row_has_the_same_id_and_the_same_things_the_same_key)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct content_rule r = rule();
    struct detect_rows  rows = { &r, COLUMNS, 4, { 0, 10 }, a, NULL, 0, 0 };

    CHECK_OK(detect_row_add(&rows, S("[null,\"web\",[],1]"), NULL));
    CHECK_OK(detect_row_add(&rows, S("[null,\"web\",[],1]"), NULL));
    CHECK_OK(detect_row_add(&rows, S("[null,\"web\",[],2]"), NULL));
    CHECK_OK(detect_row_add(&rows, S("[null,\"db\",[],1]"), NULL));
    CHECK(rows.p[0].id == rows.p[1].id && rows.p[0].key == rows.p[1].key);
    CHECK(rows.p[0].id != rows.p[2].id && rows.p[0].key == rows.p[2].key);
    CHECK(rows.p[0].key != rows.p[3].key);
    CHECK_EQ(rows.p[0].start, 0);
    CHECK_EQ(rows.p[0].end, 9);
}
