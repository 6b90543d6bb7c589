/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_rule.h"

#include "content/content_entity.h"
#include "tests/t.h"

#define HEAD                                                                                                 \
    "id: 6E1C5B0A-3f0d-4a55-9d57-0c6c3f2b7a11\n"                                                             \
    "name: Many failed sign-ins\n"                                                                           \
    "severity: Medium\n"                                                                                     \
    "queryFrequency: 5m\n"                                                                                   \
    "queryPeriod: PT1H\n"                                                                                    \
    "triggerOperator: gt\n"                                                                                  \
    "triggerThreshold: 0\n"

#define QUERY                                                                                                \
    "query: |\n"                                                                                             \
    "  Syslog\n"                                                                                             \
    "  | where ProcessName == 'sshd'\n"

static struct arena *arena;

static enum rc read(const char *yaml, struct content_rule *out, struct err *err)
{
    arena_free(arena);
    arena = arena_new(1 << 20);
    return content_rule_read(arena, S("r.yaml"), str_of(yaml), out, err);
}

static void refused(const char *yaml, const char *why)
{
    struct content_rule r;
    struct err          err = { 0 };

    CHECK_EQ(read(yaml, &r, &err), RC_INVALID);
    CHECK_STR(err.text, why);
}

TEST(a_small_rule_reads_with_its_defaults)
{
    struct content_rule r;
    struct err          err;

    CHECK_OK_ERR(read(HEAD QUERY, &r, &err), &err);
    CHECK_SEQ(r.id, S("6e1c5b0a-3f0d-4a55-9d57-0c6c3f2b7a11"));
    CHECK_SEQ(r.kind, S("Scheduled"));
    CHECK_EQ(r.severity, CONTENT_MEDIUM);
    CHECK_EQ(r.frequency, MINUTES(5));
    CHECK_EQ(r.period, HOURS(1));
    CHECK_EQ(r.trigger, CONTENT_GT);
    CHECK(r.enabled && r.row_wise && !r.uses_now && !r.suppress);
    CHECK_EQ(r.grouping, CONTENT_SINGLE_ALERT);
    CHECK(r.incidents.create);
    CHECK_EQ(r.incidents.lookback, HOURS(5));
    CHECK_EQ(r.hash.n, 64);
}

TEST(every_field_of_a_full_rule_is_kept)
{
    struct content_rule r;
    struct err          err;

    CHECK_OK_ERR(read(HEAD QUERY
                      "kind: Scheduled\nversion: 1.0.2\n"
                      "description: |\n  'What it sees.'\n"
                      "tactics: [CredentialAccess]\nrelevantTechniques: [T1110, T1110.001]\n"
                      "requiredDataConnectors:\n- connectorId: Syslog\n  dataTypes: [Syslog]\n"
                      "entityMappings:\n- entityType: Account\n  fieldMappings:\n"
                      "  - {identifier: FullName, columnName: Account}\n"
                      "  - {identifier: sid, columnName: UserSid}\n"
                      "customDetails: {Attempts: Count}\n"
                      "eventGroupingSettings: {aggregationKind: AlertPerResult}\n"
                      "alertDetailsOverride:\n  alertDisplayNameFormat: 'On {{Computer}}'\n"
                      "  alertDynamicProperties:\n  - {alertProperty: RemediationSteps, value: Todo}\n"
                      "suppressionEnabled: true\nsuppressionDuration: 2h\n"
                      "incidentConfiguration:\n  createIncident: true\n  groupingConfiguration:\n"
                      "    enabled: true\n    lookbackDuration: PT7H\n    matchingMethod: AllEntities\n",
                      &r, &err),
                 &err);
    CHECK_SEQ(r.version, S("1.0.2"));
    CHECK_SEQ(r.description, S("What it sees."));
    CHECK_SEQ(r.tactics[0], S("CredentialAccess"));
    CHECK_EQ(r.n_techniques, 2);
    CHECK_SEQ(r.connectors, S("[{\"connectorId\":\"Syslog\",\"dataTypes\":[\"Syslog\"]}]"));
    CHECK_EQ(r.n_mappings, 1);
    CHECK_SEQ(r.mappings[0].ids[1].identifier, S("Sid"));
    CHECK_SEQ(r.mappings[0].ids[1].column, S("UserSid"));
    CHECK_SEQ(r.details[0].key, S("Attempts"));
    CHECK_SEQ(r.override.name_format, S("On {{Computer}}"));
    CHECK_SEQ(r.override.properties[0].column, S("Todo"));
    CHECK_EQ(r.grouping, CONTENT_ALERT_PER_RESULT);
    CHECK_EQ(r.suppression, HOURS(2));
    CHECK_EQ(r.incidents.lookback, HOURS(7));
    CHECK_SEQ(r.incidents.matching, S("AllEntities"));
}

TEST(a_wrong_field_is_named_with_its_line)
{
    refused(HEAD QUERY "colour: red\n", "r.yaml:11: colour: no such field");
    refused("id: 12\n", "r.yaml:1: id: '12' is no GUID");
    refused(HEAD, "r.yaml: the field query is missing");
    refused(HEAD QUERY "tactics: [Magic]\n",
            "r.yaml:11: tactics: 'Magic' is no tactic: they are written as in CredentialAccess");
    refused(HEAD QUERY "relevantTechniques: [T11]\n",
            "r.yaml:11: relevantTechniques: 'T11' is no technique: T1110 or T1110.001");
    refused(HEAD QUERY "entityMappings:\n- entityType: Ghost\n",
            "r.yaml:11: entityMappings: 'Ghost' is no entity type");
    refused(HEAD QUERY "entityMappings:\n- entityType: IP\n  fieldMappings:\n"
                       "  - {identifier: Colour, columnName: A}\n",
            "r.yaml:11: entityMappings: IP has no identifier 'Colour'");
    refused(HEAD QUERY "suppressionEnabled: true\n",
            "r.yaml: suppressionDuration: needed with suppressionEnabled");
}

TEST(limits_are_sentinels)
{
    const char *base = "id: 6e1c5b0a-3f0d-4a55-9d57-0c6c3f2b7a11\nname: n\nseverity: Low\n"
                       "triggerOperator: gt\ntriggerThreshold: 0\nquery: T\n";
    char        text[600];

    (void)snprintf(text, sizeof text, "%squeryPeriod: 1h\nqueryFrequency: 2h\n", base);
    refused(text, "r.yaml:8: queryFrequency: above queryPeriod: rows between two runs would never be seen");
    (void)snprintf(text, sizeof text, "%squeryPeriod: 15d\nqueryFrequency: 1h\n", base);
    refused(text, "r.yaml:7: queryPeriod: 5 minutes to 14 days");
    (void)snprintf(text, sizeof text, "%squeryPeriod: 1h\nqueryFrequency: 1m\n", base);
    refused(text, "r.yaml:8: queryFrequency: 5 minutes to 14 days");
    (void)snprintf(text, sizeof text, "%squeryPeriod: soon\nqueryFrequency: 1h\n", base);
    refused(text, "r.yaml:7: queryPeriod: 'soon' is no duration: write 5m, 1h, 1d or PT5M");
}

TEST(broken_yaml_is_a_syntax_error_of_the_file)
{
    struct content_rule r;
    struct err          err = { 0 };

    CHECK_EQ(read("id: [1\nname: x", &r, &err), RC_SYNTAX);
    CHECK(str_starts(str_of(err.text), S("r.yaml: ")));
    CHECK_EQ(read("- a\n- b\n", &r, &err), RC_INVALID);
}

TEST(durations_are_read_in_three_ways)
{
    duration d = 0;

    CHECK(content_rule_duration_parse(S("5m"), &d) && d == MINUTES(5));
    CHECK(content_rule_duration_parse(S("14d"), &d) && d == DAYS(14));
    CHECK(content_rule_duration_parse(S("PT1H30M"), &d) && d == MINUTES(90));
    CHECK(content_rule_duration_parse(S("P1D"), &d) && d == DAYS(1));
    CHECK(content_rule_duration_parse(S("00:10:00"), &d) && d == MINUTES(10));
    CHECK(!content_rule_duration_parse(S("5x"), &d));
    CHECK(!content_rule_duration_parse(S("-5m"), &d));
    CHECK(!content_rule_duration_parse(S("12"), &d));
    CHECK(!content_rule_duration_parse(S(""), &d));
}

TEST(entity_types_are_whole_and_their_names_unique)
{
    for (const struct content_entity *e = CONTENT_ENTITY_TYPES; e->name.n; e++) {
        CHECK(e->type.n && e->kind.n && e->doc.n && e->example.n && e->fields->name.n);
        CHECK(content_entity_find(e->name) == e);
        CHECK(content_entity_of_type(e->type) == e);
        if (e[1].name.n)
            CHECK(str_cmp_ci(e->name, e[1].name) < 0);
        for (const struct content_entity_field *f = e->fields; f->name.n; f++)
            CHECK(content_entity_field(e, f->name) == f);
    }
}
