#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes content/policy/standards/*.json and content/policy/*-benchmark.json: initiatives over our own checks.

Which control of which standard a check belongs to is said once, in its metadata.controls; what a control is about stands
in tools/standard_controls.json. Run after a change of either; tools/check_content.py refuses files that are stale.
"""
import json
import pathlib
import sys
import uuid

SPACE = uuid.UUID("3d1b9a2e-6c1f-5c0a-9a7e-2b9d3f6b1c55")


def natural(text):
    """A sort key that puts 2.10 behind 2.9 and letters in front."""
    parts, digits = [], ""
    for char in text + " ":
        if char.isdigit():
            digits += char
            continue
        if digits:
            parts.append((1, int(digits), ""))
            digits = ""
        parts.append((0, 0, char))
    return parts


def flat(value, indent=0):
    """JSON with short values on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= 118 or not isinstance(value, (dict, list)) or not value:
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        inside = [f"{pad}{json.dumps(key)}: {flat(part, indent + 2)}" for key, part in value.items()]
        return "{\n" + ",\n".join(inside) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + flat(part, indent + 2) for part in value) + "\n" + " " * indent + "]"


def definitions(root):
    """Every definition of ours, with the stem of its file, in order of files."""
    for folder in ("linux", "kubernetes"):
        for path in sorted((root / "content/policy" / folder).glob("*.json")):
            for definition in json.loads(path.read_text(encoding="utf-8")):
                yield folder, path.stem, definition


def initiative(key, name, description, groups, members, extra):
    guid = str(uuid.uuid5(SPACE, key))
    return {
        "id": f"/providers/Microsoft.Authorization/policySetDefinitions/{guid}",
        "type": "Microsoft.Authorization/policySetDefinitions",
        "name": guid,
        "properties": {
            "displayName": name,
            "policyType": "BuiltIn",
            "description": description,
            "metadata": {"version": "1.0.0", "category": "Regulatory Compliance", "ASC": True, **extra},
            "parameters": {},
            "policyDefinitionGroups": groups,
            "policyDefinitions": members,
        },
    }


def member(definition, groups):
    return {
        "policyDefinitionReferenceId": definition["properties"]["metadata"]["check"],
        "policyDefinitionId": definition["id"],
        "parameters": {},
        "groupNames": groups,
    }


def standard(key, about, checks):
    """The initiative of one standard: a group for each control that a check of ours is mapped to."""
    used = {}
    members = []
    for _, _, definition in checks:
        controls = definition["properties"]["metadata"]["controls"].get(key)
        if controls:
            members.append(member(definition, [f"{about['prefix']}{control}" for control in controls]))
            used.update(dict.fromkeys(controls))
    groups = [{"name": f"{about['prefix']}{control}", "displayName": f"{control}: {about['controls'].get(control, '')}".rstrip(": "),
               "category": about["controls"].get(control.rsplit(".", 1)[0], about["name"])} for control in sorted(used, key=natural)]
    return initiative(key, about["name"], about["description"], groups, members, {})


def benchmark(folder, about, checks):
    """Our own benchmark: a group for each file."""
    members, groups = [], {}
    for where, stem, definition in checks:
        if where == folder:
            groups.setdefault(stem, {"name": f"{folder}-{stem}", "displayName": about["files"][stem], "category": about["name"]})
            members.append(member(definition, [f"{folder}-{stem}"]))
    return initiative(folder, about["name"], about["description"], list(groups.values()), members, {"default": True})


def make(root):
    """{path below root: text} of every initiative."""
    tables = json.loads((root / "tools/standard_controls.json").read_text(encoding="utf-8"))
    checks = list(definitions(root))
    out = {}
    for folder, about in tables["benchmarks"].items():
        out[f"content/policy/{folder}-benchmark.json"] = flat(benchmark(folder, about, checks)) + "\n"
    for key, about in tables["standards"].items():
        out[f"content/policy/standards/{key}.json"] = flat(standard(key, about, checks)) + "\n"
    return out


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    for name, text in make(root).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
