#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks content/: rules, table schemas and simulations have the form their README pages promise.

Run from the repository's root; prints each fault as file: fault, and exits 1 if there is one. What a query means is
checked where it runs (tests/scenario/test_rules.py), not here.
"""
import ipaddress
import json
import pathlib
import re
import sys
import uuid

import yaml

RULE_KEYS = {
    "id": str, "name": str, "description": str, "severity": str, "requiredDataConnectors": list, "queryFrequency": str,
    "queryPeriod": str, "triggerOperator": str, "triggerThreshold": int, "tactics": list, "relevantTechniques": list,
    "query": str, "entityMappings": list, "alertDetailsOverride": dict, "eventGroupingSettings": dict,
    "incidentConfiguration": dict, "version": str, "kind": str,
}
OPTIONAL_KEYS = {"status": str, "customDetails": dict, "tags": list, "metadata": dict, "suppressionDuration": str,
                 "suppressionEnabled": bool}
SEVERITIES = {"High", "Medium", "Low", "Informational"}
OPERATORS = {"gt", "lt", "eq", "ne"}
TACTICS = {
    "Reconnaissance", "ResourceDevelopment", "InitialAccess", "Execution", "Persistence", "PrivilegeEscalation",
    "DefenseEvasion", "CredentialAccess", "Discovery", "LateralMovement", "Collection", "Exfiltration",
    "CommandAndControl", "Impact", "PreAttack", "ImpairProcessControl", "InhibitResponseFunction",
}
IDENTIFIERS = {
    "Account": {"Name", "FullName", "NTDomain", "DnsDomain", "UPNSuffix", "Sid", "AadTenantId", "AadUserId", "PUID",
                "IsDomainJoined", "DisplayName", "ObjectGuid"},
    "Host": {"DnsDomain", "NTDomain", "HostName", "FullName", "NetBiosName", "AzureID", "OMSAgentID", "OSFamily",
             "OSVersion", "IsDomainJoined"},
    "IP": {"Address", "AddressScope"},
    "URL": {"Url"},
    "File": {"Directory", "Name"},
    "FileHash": {"Algorithm", "Value"},
    "Process": {"ProcessId", "CommandLine", "ElevationToken", "CreationTimeUtc"},
    "RegistryKey": {"Hive", "Key"},
    "RegistryValue": {"Name", "Value", "ValueType"},
    "DNS": {"DomainName"},
    "CloudApplication": {"AppId", "Name", "InstanceName"},
    "AzureResource": {"ResourceId"},
    "SecurityGroup": {"DistinguishedName", "SID", "ObjectGuid"},
    "Mailbox": {"MailboxPrimaryAddress", "DisplayName", "Upn", "ExternalDirectoryObjectId", "RiskLevel"},
}
COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
TYPES = {"bool", "int", "long", "real", "string", "datetime", "timespan", "dynamic", "guid"}
PROGRAMS = {"/bin/sh", "/bin/true", "/bin/sleep"}
# What may be used in examples: RFC 5737, RFC 3849, and the machine itself.
EXAMPLES = [ipaddress.ip_network(net) for net in
            ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "127.0.0.0/8")]
PLACEHOLDERS = {"host", "user", "dir", "n", "now", "id", "octet"}


class Faults:
    """The faults found so far; fault() takes the file they were found in and a sentence."""

    def __init__(self):
        self.count = 0

    def fault(self, path, text):
        self.count += 1
        print(f"{path}: {text}")


def minutes(text):
    """Minutes of a duration such as 5m, 1h or 14d, or None."""
    match = re.fullmatch(r"([1-9][0-9]*)([mhd])", text)
    return int(match.group(1)) * {"m": 1, "h": 60, "d": 1440}[match.group(2)] if match else None


def check_shape(path, rule, faults):
    """True if every field is there with the right type, so that the other checks may look inside."""
    before = faults.count
    for key, kind in RULE_KEYS.items():
        if key not in rule:
            faults.fault(path, f"has no {key}")
        elif not isinstance(rule[key], kind):
            faults.fault(path, f"{key} is no {kind.__name__}")
    for key in rule.keys() - RULE_KEYS.keys():
        if key not in OPTIONAL_KEYS:
            faults.fault(path, f"has the unknown field {key}")
        elif not isinstance(rule[key], OPTIONAL_KEYS[key]):
            faults.fault(path, f"{key} is no {OPTIONAL_KEYS[key].__name__}")
    return faults.count == before


def check_values(path, rule, faults):
    """Closed sets, durations, ids."""
    try:
        uuid.UUID(rule["id"])
    except ValueError:
        faults.fault(path, f"id {rule['id']} is no GUID")
    for key, allowed in (("severity", SEVERITIES), ("triggerOperator", OPERATORS), ("kind", {"Scheduled", "NRT"})):
        if rule[key] not in allowed:
            faults.fault(path, f"{key} is {rule[key]}, not one of {', '.join(sorted(allowed))}")
    for tactic in rule["tactics"]:
        if tactic not in TACTICS:
            faults.fault(path, f"{tactic} is no tactic")
    for technique in rule["relevantTechniques"]:
        if not re.fullmatch(r"T\d{4}(\.\d{3})?", str(technique)):
            faults.fault(path, f"{technique} is no technique")
    if not rule["tactics"] or not rule["relevantTechniques"]:
        faults.fault(path, "names no tactic or no technique")
    frequency, period = minutes(rule["queryFrequency"]), minutes(rule["queryPeriod"])
    if not frequency or not period or not 5 <= frequency <= period <= 14 * 1440:
        faults.fault(path, "queryFrequency and queryPeriod must be 5m to 14d, the period no shorter than the frequency")
    if not re.fullmatch(r"\d+\.\d+\.\d+", rule["version"]):
        faults.fault(path, f"version {rule['version']} is not of the form 1.0.0")
    if rule["name"].endswith(".") or len(rule["name"]) > 120:
        faults.fault(path, "name ends in a full stop or is longer than 120 characters")
    if not rule["query"].strip() or "\t" in rule["query"]:
        faults.fault(path, "query is empty or holds a tab")


def check_mappings(path, rule, faults):
    """Entities, custom details and the title name columns in a form that Sentinel takes."""
    if not rule["entityMappings"] or len(rule["entityMappings"]) > 10:
        faults.fault(path, "entityMappings must be 1 to 10")
    for mapping in rule["entityMappings"]:
        known = IDENTIFIERS.get(mapping.get("entityType"))
        fields = mapping.get("fieldMappings") or []
        if known is None:
            faults.fault(path, f"{mapping.get('entityType')} is no entity type")
            continue
        if not 1 <= len(fields) <= 3:
            faults.fault(path, f"{mapping['entityType']} has {len(fields)} identifiers; 1 to 3 are taken")
        for field in fields:
            if field.get("identifier") not in known:
                faults.fault(path, f"{field.get('identifier')} identifies no {mapping['entityType']}")
            if not COLUMN.match(field.get("columnName") or ""):
                faults.fault(path, f"{field.get('columnName')} is no column name")
    for name, column in (rule.get("customDetails") or {}).items():
        if not COLUMN.match(name) or not COLUMN.match(str(column)) or len(name) > 20:
            faults.fault(path, f"customDetails {name}: {column} is not a short name and a column")
    for key, text in rule["alertDetailsOverride"].items():
        if key.endswith("Format") and len(re.findall(r"\{\{\w+\}\}", text)) > 3:
            faults.fault(path, f"{key} has more than 3 parameters")
    if "alertDisplayNameFormat" not in rule["alertDetailsOverride"]:
        faults.fault(path, "alertDetailsOverride has no alertDisplayNameFormat: the title must say who did what where")


def check_settings(path, rule, faults):
    """Grouping of rows into alerts and of alerts into incidents."""
    if rule["eventGroupingSettings"].get("aggregationKind") not in ("AlertPerResult", "SingleAlert"):
        faults.fault(path, "aggregationKind is neither AlertPerResult nor SingleAlert")
    grouping = rule["incidentConfiguration"].get("groupingConfiguration") or {}
    if not isinstance(rule["incidentConfiguration"].get("createIncident"), bool):
        faults.fault(path, "incidentConfiguration has no createIncident")
    if grouping.get("matchingMethod") not in ("AllEntities", "AnyAlert", "Selected"):
        faults.fault(path, f"matchingMethod {grouping.get('matchingMethod')} is unknown")
    mapped = {mapping.get("entityType") for mapping in rule["entityMappings"]}
    if grouping.get("matchingMethod") == "Selected" and not set(grouping.get("groupByEntities") or [""]) <= mapped:
        faults.fault(path, "groupByEntities must name entities that the rule maps")
    if not minutes(str(grouping.get("lookbackDuration"))):
        faults.fault(path, "groupingConfiguration has no lookbackDuration such as 5h")
    for connector in rule["requiredDataConnectors"]:
        if not isinstance(connector.get("connectorId"), str) or not connector.get("dataTypes"):
            faults.fault(path, "a connector lacks connectorId or dataTypes")


def check_rules(root, faults):
    """Every rule file, and that its test and its line in the page exist. Returns the ids."""
    ids, tests = {}, root / "tests/golden/rules"
    page = (root / "docs/rules.md").read_text(encoding="utf-8") if (root / "docs/rules.md").exists() else ""
    files = sorted((root / "content/rules").glob("*.yaml"))
    if not files:
        faults.fault("content/rules", "holds no rule")
    for path in files:
        name = path.relative_to(root)
        try:
            rule = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            faults.fault(name, f"is no YAML: {' '.join(str(error).split())}")
            continue
        if not isinstance(rule, dict) or not check_shape(name, rule, faults):
            continue
        for check in (check_values, check_mappings, check_settings):
            check(name, rule, faults)
        if rule["id"] in ids:
            faults.fault(name, f"has the id of {ids[rule['id']]}")
        ids[rule["id"]] = name
        if not (tests / f"{path.stem}.json").exists():
            faults.fault(name, f"has no test tests/golden/rules/{path.stem}.json")
        if path.stem not in page:
            faults.fault(name, "is not in docs/rules.md")
    stems = {path.stem for path in files}
    for path in sorted(tests.glob("*.json")):
        if path.stem not in stems:
            faults.fault(path.relative_to(root), "tests a rule that does not exist")
    return ids


def check_schemas(root, faults):
    """Every table file: name, columns, types, and searched columns that exist."""
    for path in sorted((root / "content/schemas").glob("*.json")):
        name = path.relative_to(root)
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            faults.fault(name, f"is no JSON: {error}")
            continue
        columns = {column["name"]: column["type"] for column in table["columns"]}
        if table["name"] != path.stem:
            faults.fault(name, f"names the table {table['name']}")
        if len(columns) != len(table["columns"]):
            faults.fault(name, "has a column twice")
        if columns.get("TimeGenerated") != "datetime":
            faults.fault(name, "has no column TimeGenerated of type datetime")
        for column, kind in columns.items():
            if kind not in TYPES or not COLUMN.match(column):
                faults.fault(name, f"column {column} of type {kind} is not possible")
        for column in table["searched"]:
            if columns.get(column) not in ("string", "dynamic"):
                faults.fault(name, f"searched column {column} is no text column of the table")
        if table["partition"] not in ("day", "month") or not 1 <= table["retentionDays"] <= 4383:
            faults.fault(name, "partition is neither day nor month, or retentionDays is outside 1 to 4383")
        if not table["description"].endswith("."):
            faults.fault(name, "description is no sentence")


def texts(value):
    """Every string within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def check_step(path, step, variables, faults):
    """One step of a simulation: one act, known placeholders, harmless programs and addresses."""
    acts = [act for act in ("log", "import", "run") if act in step]
    if not step.get("say") or len(acts) != 1:
        faults.fault(path, "a step needs a text to say and exactly one of log, import, run")
        return
    if acts == ["run"]:
        run = step["run"]
        if run.get("program") not in PROGRAMS or not run.get("argv"):
            faults.fault(path, f"runs {run.get('program')}, which is not one of {', '.join(sorted(PROGRAMS))}, or has no argv")
        if "as" in run and not run["as"].startswith("{dir}/"):
            faults.fault(path, f"copies a program to {run['as']}, outside {{dir}}")
    for text in texts(step):
        for word in re.findall(r"\{([a-z]+)\}", text):
            if word not in PLACEHOLDERS and word not in variables:
                faults.fault(path, f"placeholder {{{word}}} is not known")
        for word in re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text):
            if not any(ipaddress.ip_address(word) in net for net in EXAMPLES):
                faults.fault(path, f"{word} is not a documentation address")


def check_simulations(root, ids, faults):
    """Every simulation: its form, and that the rules it should raise exist."""
    for path in sorted((root / "content/simulations").glob("*.yaml")):
        name = path.relative_to(root)
        play = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, kind in (("name", str), ("title", str), ("description", str), ("raises", list), ("seconds", int), ("steps", list)):
            if not isinstance(play.get(key), kind):
                faults.fault(name, f"has no {key} of type {kind.__name__}")
        if play.get("name") != path.stem:
            faults.fault(name, f"is named {play.get('name')}")
        for rule in play.get("raises") or []:
            if rule not in ids:
                faults.fault(name, f"raises {rule}, which is no rule's id")
        variables = play.get("variables") or {}
        for step in play.get("steps") or []:
            check_step(name, step, variables, faults)
        for text in texts(variables):
            check_step(name, {"say": text, "log": {}}, variables, faults)


def main():
    root = pathlib.Path.cwd()
    faults = Faults()
    ids = check_rules(root, faults)
    check_schemas(root, faults)
    check_simulations(root, ids, faults)
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main())
