#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks content/policy: our definitions have the form that content/policy/README.md promises, each has its test, and the
initiatives are as tools/make_standards.py makes them.

What a rule says is checked where it runs (tests/unit/policy/test_policy_content.c), not here.
"""
import json
import pathlib
import re
import sys
import uuid

import make_standards

CONTROLS = {
    "Enable MFA", "Secure management ports", "Apply system updates", "Remediate vulnerabilities",
    "Remediate security configurations", "Manage access and permissions", "Enable encryption at rest",
    "Encrypt data in transit", "Restrict unauthorized network access", "Apply adaptive application control",
    "Protect applications against DDoS attacks", "Enable endpoint protection", "Enable auditing and logging",
    "Enable enhanced security features", "Implement security best practices",
}
REQUIRED = {"version": str, "category": str, "check": str, "severity": str, "securityControl": str, "remediation": str,
            "userImpact": str, "implementationEffort": str, "categories": list, "controls": dict}
OPTIONAL = {"needs": list, "appliesIf": dict, "appliesIfText": str, "fix": dict}
LEVELS = {"Low", "Moderate", "High"}
FRAMEWORKS = ("mcsb", "nist80053r5", "pciDss4", "iso27001_2022", "soc2")
ACTIONS = {
    "set": {"file", "key", "value", "separator", "mode"},
    "line": {"file", "line", "mode"},
    "content": {"file", "content", "mode"},
    "permissions": {"path", "mode", "owner", "group"},
    "sysctl": {"name", "value"},
    "signal": {"pidFile", "signal"},
}
FIELD = re.compile(r'"field": "(properties[^"]*|type|name|id|tags[^"]*)"')


class Faults:
    """The faults found so far; fault() takes where and a sentence."""

    def __init__(self):
        self.count = 0

    def fault(self, where, text):
        self.count += 1
        print(f"{where}: {text}")


def check_fix(where, fix, faults):
    """Actions are data of known kinds; files are named in full and never by way of a folder above."""
    if fix.get("kind") == "patch":
        if not fix.get("set") or any(set(change) != {"path", "value"} for change in fix["set"]):
            faults.fault(where, "a patch sets paths to values")
        return
    if fix.get("kind") != "host" or not fix.get("actions"):
        faults.fault(where, "fix is neither a patch nor actions on a host")
        return
    for action in fix["actions"]:
        wanted = ACTIONS.get(action.get("action"))
        if wanted is None:
            faults.fault(where, f"{action.get('action')} is no action")
        elif not wanted <= action.keys() <= wanted | {"action", "section"}:
            faults.fault(where, f"action {action['action']} takes {', '.join(sorted(wanted))}")
        for key in ("file", "path", "pidFile"):
            if key in action and (not action[key].startswith("/") or ".." in action[key]):
                faults.fault(where, f"{key} {action[key]} is no whole path")


def check_metadata(where, metadata, faults):
    for key, kind in REQUIRED.items():
        if not isinstance(metadata.get(key), kind) or not metadata[key]:
            faults.fault(where, f"metadata has no {key}")
            return
    for key in metadata.keys() - REQUIRED.keys():
        if not isinstance(metadata[key], OPTIONAL.get(key, ())):
            faults.fault(where, f"metadata has the unknown member {key}, or it is of the wrong kind")
    if metadata["severity"] not in ("High", "Medium", "Low"):
        faults.fault(where, f"severity {metadata['severity']} is neither High, Medium nor Low")
    if metadata["securityControl"] not in CONTROLS:
        faults.fault(where, f"{metadata['securityControl']} is no control of the score")
    if metadata["userImpact"] not in LEVELS or metadata["implementationEffort"] not in LEVELS:
        faults.fault(where, "userImpact and implementationEffort are Low, Moderate or High")
    if ("appliesIf" in metadata) != ("appliesIfText" in metadata):
        faults.fault(where, "appliesIf and appliesIfText come together")
    for framework in FRAMEWORKS:
        if not metadata["controls"].get(framework):
            faults.fault(where, f"is mapped to no control of {framework}")
    if "fix" in metadata:
        check_fix(where, metadata["fix"], faults)


def check_definition(path, definition, seen, faults):
    """One definition. Returns its check's name, or None."""
    properties = definition.get("properties", {})
    metadata = properties.get("metadata", {})
    where = f"{path}: {metadata.get('check') or definition.get('name')}"
    check_metadata(where, metadata, faults)
    try:
        uuid.UUID(definition["name"])
    except (KeyError, ValueError):
        faults.fault(where, "name is no GUID")
    if definition.get("id") != f"/providers/Microsoft.Authorization/policyDefinitions/{definition.get('name')}":
        faults.fault(where, "id does not end in its name")
    for key in ("displayName", "description"):
        if not properties.get(key):
            faults.fault(where, f"has no {key}")
    if properties.get("displayName", ".").endswith(".") or len(properties.get("displayName", "")) > 120:
        faults.fault(where, "displayName ends in a full stop or is longer than 120 characters")
    if not properties.get("description", ".").endswith("."):
        faults.fault(where, "description is no sentence")
    if not FIELD.search(json.dumps(properties.get("policyRule", {}))):
        faults.fault(where, "the rule looks at no field")
    for key in ("name", "displayName"):
        value = definition.get(key) or properties.get(key)
        if value in seen:
            faults.fault(where, f"has the {key} of {seen[value]}")
        seen[value] = where
    return metadata.get("check")


def check_tests(root, checks, faults):
    """Each check has a test, in the file of the same name, and the other way round."""
    for path in sorted((root / "tests/golden/policy").glob("*/*.json")):
        tests = json.loads(path.read_text(encoding="utf-8"))
        beside = checks.pop(f"{path.parent.name}/{path.stem}", set())
        for check in tests.keys() - beside:
            faults.fault(path.relative_to(root), f"tests {check}, which is in no file of that name")
        for check in beside - tests.keys():
            faults.fault(path.relative_to(root), f"does not test {check}")
    for name in checks:
        faults.fault(f"content/policy/{name}.json", "has no tests")


def check_mapping(root, faults):
    path = root / "content/policy/mapping.json"
    if not path.exists():
        return
    for name, entry in json.loads(path.read_text(encoding="utf-8")).items():
        if entry.get("securityControl") not in CONTROLS or entry.get("severity") not in ("High", "Medium", "Low"):
            faults.fault(path.relative_to(root), f"{name} has no control or no severity")


def main():
    root, faults = pathlib.Path.cwd(), Faults()
    checks, seen = {}, {}
    for folder, stem, definition in make_standards.definitions(root):
        path = f"content/policy/{folder}/{stem}.json"
        checks.setdefault(f"{folder}/{stem}", set()).add(check_definition(path, definition, seen, faults))
    if not checks:
        faults.fault("content/policy", "holds no definition")
    total = sum(map(len, checks.values()))
    check_tests(root, checks, faults)
    check_mapping(root, faults)
    for name, text in make_standards.make(root).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            faults.fault(name, "is stale: run tools/make_standards.py")
    print(f"check_policies: {total} looked at, {faults.count} wrong")
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main())
