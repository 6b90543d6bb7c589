# SPDX-License-Identifier: Apache-2.0
"""tools/check_content.py finds what is wrong with content, and the schemas are what their generator writes."""
import json
import pathlib
import shutil
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULE = "content/rules/linux-reverse-shell.yaml"
PLAY = "content/simulations/second-root.yaml"


def check(root):
    done = subprocess.run([sys.executable, ROOT / "tools/check_content.py"], cwd=root, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def edit(path, change):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(yaml.safe_dump(document), encoding="utf-8")


@pytest.fixture
def copy(tmp_path):
    for part in ("content", "tests/golden", "docs"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def test_content_is_right():
    assert check(ROOT) == (0, "")


RULE_FAULTS = {
    "has no severity": lambda rule: rule.pop("severity"),
    "severity is Huge": lambda rule: rule.update(severity="Huge"),
    "is no GUID": lambda rule: rule.update(id="reverse-shell"),
    "has the id of": lambda rule: rule.update(id=yaml.safe_load((ROOT / "content/rules/linux-second-root-account.yaml").read_text())["id"]),
    "has the unknown field": lambda rule: rule.update(colour="red"),
    "is no tactic": lambda rule: rule.update(tactics=["Sneaking"]),
    "is no technique": lambda rule: rule.update(relevantTechniques=["1059"]),
    "the period no shorter": lambda rule: rule.update(queryFrequency="1h", queryPeriod="5m"),
    "is no entity type": lambda rule: rule["entityMappings"][0].update(entityType="Ghost"),
    "identifies no Account": lambda rule: rule["entityMappings"][0]["fieldMappings"][0].update(identifier="Shoe"),
    "more than 3 parameters": lambda rule: rule["alertDetailsOverride"].update(alertDisplayNameFormat="{{a}} {{b}} {{c}} {{d}}"),
    "aggregationKind": lambda rule: rule.update(eventGroupingSettings={"aggregationKind": "Heap"}),
    "matchingMethod": lambda rule: rule["incidentConfiguration"]["groupingConfiguration"].update(matchingMethod="Luck"),
    "query is empty": lambda rule: rule.update(query=" "),
}


@pytest.mark.parametrize("fault", RULE_FAULTS)
def test_fault_of_a_rule_is_found(fault, copy):
    edit(copy / RULE, RULE_FAULTS[fault])
    status, said = check(copy)
    assert status == 1 and fault in said, said


def test_rule_without_a_test_is_found(copy):
    (copy / "tests/golden/rules/linux-reverse-shell.json").unlink()
    assert "has no test" in check(copy)[1]


def test_test_without_a_rule_is_found(copy):
    (copy / RULE).unlink()
    assert "tests a rule that does not exist" in check(copy)[1]


def test_file_that_is_no_yaml_is_found(copy):
    (copy / RULE).write_text("id: [", encoding="utf-8")
    assert "is no YAML" in check(copy)[1]


PLAY_FAULTS = {
    "is no rule's id": lambda play: play.update(raises=["00000000-0000-0000-0000-000000000000"]),
    "is not a documentation address": lambda play: play["steps"][0]["log"].update(message="from 8.8.8.8"),
    "placeholder {weather} is not known": lambda play: play["steps"][0]["log"].update(message="{weather}"),
    "exactly one of log, import, run": lambda play: play["steps"][0].pop("log"),
    "which is not one of": lambda play: play["steps"].append({"say": "x", "run": {"program": "/bin/rm", "argv": ["rm"]}}),
    "outside {dir}": lambda play: play["steps"].append({"say": "x", "run": {"program": "/bin/sh", "as": "/usr/bin/x", "argv": ["x"]}}),
}


@pytest.mark.parametrize("fault", PLAY_FAULTS)
def test_fault_of_a_simulation_is_found(fault, copy):
    edit(copy / PLAY, PLAY_FAULTS[fault])
    status, said = check(copy)
    assert status == 1 and fault in said, said


def test_fault_of_a_schema_is_found(copy):
    path = copy / "content/schemas/Syslog.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    table["searched"].append("ProcessID")
    path.write_text(json.dumps(table), encoding="utf-8")
    assert "searched column ProcessID" in check(copy)[1]


def test_schemas_are_what_the_generator_writes(shared, tmp_path):
    kql = shared / "corpus/kql"
    subprocess.run([sys.executable, ROOT / "tools/make_schemas.py", "--tables", kql / "tables.json", "--rules", kql / "rules.jsonl", "--out", tmp_path],
                   check=True, capture_output=True, timeout=300)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.json")}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "content/schemas").glob("*.json")}
    assert len(written) >= 120 and written == kept
