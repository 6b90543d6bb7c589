#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes resources for definitions of the public library: one for each, on which its conditions hold as far as can be
told, so that an evaluation has to look at all of them. For measuring.

    tools/policy_cases.py definitions.jsonl[.gz] aliases.tsv[.gz] >cases.jsonl     for vedette policy evaluate --batch
"""
import gzip
import json
import re
import sys


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
        yield from f


def read_aliases(path):
    return {name.lower(): target.strip() for name, target in (line.rstrip("\n").split("\t", 1) for line in lines(path))}


def wanted(condition, parameters):
    """A value on which the condition holds, or None."""
    for operator, value in condition.items():
        if isinstance(value, str):
            found = re.fullmatch(r"\[parameters\('([^']*)'\)\]", value)
            if found:
                value = (parameters.get(found[1]) or {}).get("defaultValue")
        if operator in ("equals", "like", "contains", "greater", "greaterOrEquals", "less", "lessOrEquals", "match"):
            return value.replace("*", "x") if isinstance(value, str) and not value.startswith("[") else value
        if operator == "in" and isinstance(value, list) and value:
            return value[0]
        if operator in ("notEquals", "notIn", "notLike", "notContains", "notMatch"):
            return "something else"
        if operator == "exists":
            return "there" if str(value).lower() == "true" else None
    return None


def put(document, path, value):
    """Sets a path such as a.b[*].c."""
    if value is None or isinstance(value, str) and value.startswith("["):
        return
    node, parts = document, path.split(".")
    for at, part in enumerate(parts):
        each, name = part.endswith("[*]"), part.replace("[*]", "")
        last = at == len(parts) - 1
        if not isinstance(node, dict) or not name:
            return
        if each:
            items = node.setdefault(name, [{}])
            if not isinstance(items, list) or not items:
                return
            if last:
                items[0] = value
                return
            node = items[0] if isinstance(items[0], dict) else None
        elif last:
            if not isinstance(node.get(name), (dict, list)):
                node[name] = value
        else:
            node = node.setdefault(name, {})


def fill(document, condition, aliases, parameters, negated=False):
    for word in ("allOf", "anyOf"):
        for child in condition.get(word) or []:
            fill(document, child, aliases, parameters, negated)
    if isinstance(condition.get("not"), dict):
        fill(document, condition["not"], aliases, parameters, not negated)
    count = condition.get("count")
    if isinstance(count, dict) and isinstance(count.get("where"), dict):
        fill(document, count["where"], aliases, parameters, negated)
    field = condition.get("field")
    if isinstance(field, str) and not field.startswith("["):
        path = aliases.get(field.lower()) or (field if "/" not in field else "properties." + field.rsplit("/", 1)[1])
        put(document, path, "something else" if negated else wanted(condition, parameters))


def main():
    aliases = read_aliases(sys.argv[2])
    for line in lines(sys.argv[1]):
        body = json.loads(line)["body"]
        properties = body["properties"]
        parameters = properties.get("parameters") or {}
        resource = {"id": "/subscriptions/s/resourceGroups/g/providers/x/y/z", "name": "z", "location": "westeurope", "tags": {"a": "b"}}
        fill(resource, properties["policyRule"]["if"], aliases, parameters)
        print(json.dumps({"id": body["name"], "policy_definition": body, "resource": resource,
                          "parameters": {k: v.get("defaultValue", "x") for k, v in parameters.items()}, "aliases": "aliases.tsv"}))


if __name__ == "__main__":
    main()
