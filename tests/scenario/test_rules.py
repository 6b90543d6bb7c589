# SPDX-License-Identifier: Apache-2.0
"""Every rule fires on the rows it is made for and stays quiet on the near misses beside them.

The rows of tests/golden/rules/<rule>.json become datatables that stand in the query under the names of the tables,
so the rule runs unchanged, on the private engine of `vedette kql run --batch`, and no server is needed.
Beside them always lie the rows of tests/golden/ordinary_hour.json, in which nothing happens that a rule should see.
"""
import datetime
import json
import os
import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
VEDETTE = os.environ.get("VEDETTE_BIN", str(ROOT / "build/bin/vedette"))
RULES = sorted((ROOT / "content/rules").glob("*.yaml"))
TESTS = ROOT / "tests/golden/rules"
ORDINARY = json.loads((ROOT / "tests/golden/ordinary_hour.json").read_text(encoding="utf-8"))["tables"]
AGE = re.compile(r"-(\d+)([smhd])$")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def columns_of(table):
    """Name to KQL type of a table's columns, from its schema file."""
    schema = json.loads((ROOT / "content/schemas" / f"{table}.json").read_text(encoding="utf-8"))
    columns = {column["name"]: column["type"] for column in schema["columns"]}
    return {**columns, "AdditionalFields": columns.get("AdditionalFields", "dynamic")}


TABLES = {path.stem for path in (ROOT / "content/schemas").glob("*.json")}


def literal(kind, value, now):
    """A value of a test row as KQL writes it."""
    if kind == "datetime":
        age = AGE.match(value or "")
        if not age:
            return "datetime(null)"
        at = now - datetime.timedelta(seconds=int(age.group(1)) * SECONDS[age.group(2)])
        return f"datetime({at.strftime('%Y-%m-%dT%H:%M:%S')}Z)"
    if kind == "string":
        return json.dumps(value if value is not None else "")
    if kind == "dynamic":
        return f"dynamic({json.dumps(value)})"
    return f"{kind}(null)" if value is None else f"{kind}({json.dumps(value)})"


def datatable(table, rows, words, now):
    """A let statement that puts the rows in the table's place, with the columns that the query or the rows name."""
    known = columns_of(table)
    unknown = {name for row in rows for name in row} - known.keys()
    assert not unknown, f"{table} has no columns {sorted(unknown)}"
    named = {name for row in rows for name in row} | (words & known.keys()) | {"TimeGenerated"}
    columns = [name for name in known if name in named]
    cells = ",\n".join(", ".join(literal(known[name], row.get(name), now) for name in columns) for row in rows)
    head = ", ".join(f"{name}:{known[name]}" for name in columns)
    return f"let {table} = datatable({head})[\n{cells}];\n"


def cases(path):
    """(id, query, kind, case) of each test of a rule."""
    rule = yaml.safe_load(path.read_text(encoding="utf-8"))
    test = json.loads((TESTS / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert test["rule"] == rule["id"], f"{path.stem}: the test names another rule"
    words = set(re.findall(r"[A-Za-z_]\w*", rule["query"]))
    now = datetime.datetime.now(datetime.timezone.utc)
    for kind in ("fires", "quiet"):
        for case in test[kind]:
            missing = case["tables"].keys() - (words & TABLES)
            assert not missing, f"{path.stem}, {case['name']}: the query does not read {sorted(missing)}"
            rows = {table: case["tables"].get(table, []) + ORDINARY.get(table, []) for table in sorted(words & TABLES)}
            tables = "".join(datatable(table, rows[table], words, now) for table in rows)
            yield f"{path.stem}/{kind}/{case['name']}", tables + rule["query"], kind, case


def run(queries):
    """Answers of all queries by id, from one run of the private engine."""
    batch = "".join(json.dumps({"id": name, "query": query}) + "\n" for name, query in queries)
    done = subprocess.run([VEDETTE, "kql", "run", "--batch"], input=batch, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def answers():
    return run([(name, query) for path in RULES for name, query, _, _ in cases(path)])


def values(answer, column):
    """What the rows of an answer have in a column."""
    at = [c["name"] for c in answer["columns"]].index(column)
    return [row[at] for row in answer["rows"]]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule(path, answers):
    faults, kinds = [], set()
    for name, _, kind, case in cases(path):
        kinds.add(kind)
        answer = answers[name]
        if "error" in answer:
            faults.append(f"{name}: {answer['error']}")
            continue
        expected = case["alerts"] if kind == "fires" else 0
        if len(answer["rows"]) != expected:
            faults.append(f"{name}: {len(answer['rows'])} rows, not {expected}: {answer['rows'][:3]}")
            continue
        for column, value in case.get("has", {}).items():
            if value not in values(answer, column):
                faults.append(f"{name}: {column} is {values(answer, column)}, not {value!r}")
    assert kinds == {"fires", "quiet"}, "a rule needs rows that fire it and near misses that do not"
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_columns_that_the_rule_maps_are_in_its_result(path, answers):
    rule = yaml.safe_load(path.read_text(encoding="utf-8"))
    wanted = {field["columnName"] for mapping in rule["entityMappings"] for field in mapping["fieldMappings"]}
    wanted |= set((rule.get("customDetails") or {}).values())
    for text in rule["alertDetailsOverride"].values():
        wanted |= set(re.findall(r"\{\{(\w+)\}\}", text))
    answer = answers[next(cases(path))[0]]
    assert wanted <= {column["name"] for column in answer.get("columns", [])}, answer.get("error")
