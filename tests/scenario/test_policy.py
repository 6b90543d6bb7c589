# SPDX-License-Identifier: Apache-2.0
"""`vedette policy evaluate` against the recorded verdicts, and against input that is none."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VEDETTE = ROOT / "build/bin/vedette"
SHARED = pathlib.Path(os.environ.get("VEDETTE_SHARED", ROOT.parent / "shared"))


def evaluate(lines, *options):
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([VEDETTE, "policy", "evaluate", "--batch", *options], input=text, capture_output=True, text=True)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(not (SHARED / "corpus/policy").is_dir(), reason="the corpora are not beside the project")
def test_the_evaluator_corpus_agrees(tmp_path):
    corpus = SHARED / "corpus/policy"
    results = tmp_path / "results.jsonl"
    with open(corpus / "evaluator.jsonl") as cases, open(results, "w") as out:
        subprocess.run([VEDETTE, "policy", "evaluate", "--batch", "--aliases", corpus], stdin=cases, stdout=out, check=True)
    compared = subprocess.run(["python3", SHARED / "tools/policy_compare.py", corpus / "evaluator.jsonl", results],
                              capture_output=True, text=True)
    passed, failed = re.search(r"(\d+) passed, (\d+) failed", compared.stdout).groups()
    assert (int(passed), int(failed)) == (608, 0), compared.stdout


def agrees(node):
    """What holds above follows from what holds below; of a count, its number from its members."""
    below = [agrees(n) for n in node.get("conditions", [])]
    for place in node.get("members", []):
        assert "condition" not in place or agrees(place["condition"]) == place["holds"]
    if "members" in node and len(node["members"]) == node["of"]:
        assert sum(m["holds"] for m in node["members"]) == node["found"], node
    if "elements" in node and len(node["elements"]) == node["of"]:
        assert all(e["holds"] for e in node["elements"]) == node["holds"], node
    if below:
        assert node["holds"] == {"allOf": all(below), "anyOf": any(below), "not": not below[0]}[node["kind"]], node
    return node["holds"]


@pytest.mark.skipif(not (SHARED / "corpus/policy").is_dir(), reason="the corpora are not beside the project")
def test_every_verdict_of_the_corpus_can_be_explained():
    corpus = SHARED / "corpus/policy"
    with open(corpus / "evaluator.jsonl") as cases:
        done = subprocess.run([VEDETTE, "policy", "evaluate", "--batch", "--explain", "--aliases", corpus], stdin=cases,
                              capture_output=True, text=True, check=True)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    explained = [v["explanation"] for v in verdicts if "explanation" in v]
    assert len(explained) > 500
    for e in explained:
        assert agrees(e["condition"]) == e["matched"]
        if "effect" in e and "related" in e:
            assert not any(r["holds"] for r in e["related"]["resources"])


def literal(value):
    """A value as a rule spells it: a text in brackets would be an expression."""
    return "[" + value if isinstance(value, str) and value.startswith("[") else value


def probe(number, line):
    """A line of language.jsonl as a case: {"value": expression, "is": its value} or {"if": condition, "holds"}."""
    told = json.loads(line)
    rule = told.get("if")
    if "value" in told:
        listed = isinstance(told["is"], (list, dict))
        wanted = json.dumps(told["is"], separators=(",", ":"), ensure_ascii=False) if listed else told["is"]
        rule = {"value": f"[string({told['value']})]" if listed else f"[{told['value']}]", "equals": literal(wanted)}
    case = {key: told[key] for key in ("parameters", "context", "request_context", "api_version") if key in told}
    return {"id": str(number), "policy_rule": {"if": rule, "then": {"effect": "audit"}}, "resource": told.get("resource", {"type": "any"}), **case}


def test_the_language_is_as_documented():
    lines = (ROOT / "tests/golden/policy/language.jsonl").read_text().splitlines()
    _, verdicts = evaluate([probe(n, line) for n, line in enumerate(lines)])
    assert len(verdicts) == len(lines)
    wrong = [line for line, v in zip(lines, verdicts)
             if "error" in v or (v["effect"] == "audit") != json.loads(line).get("holds", True)]
    assert not wrong, "\n".join(wrong)


RULE = {"if": {"field": "kind", "equals": "a"}, "then": {"effect": "deny"}}


def test_a_rule_may_be_json_or_a_text_of_it():
    _, verdicts = evaluate([{"id": "1", "policy_rule": RULE, "resource": {"kind": "A"}},
                            {"id": "2", "policy_rule": json.dumps(RULE), "resource": {"kind": "b"}}])
    assert verdicts == [{"id": "1", "effect": "deny"}, {"id": "2", "effect": None}]


def test_a_broken_case_costs_itself_alone():
    done, verdicts = evaluate(["{\"id\": \"x\", }\n", {"id": "no rule"}, {"id": "3", "policy_rule": RULE, "resource": {"kind": "a"}}])
    assert done.returncode == 0
    assert [bool(v.get("error")) for v in verdicts] == [True, True, False]
    assert verdicts[1]["error"]["message"] == "a case has policy_rule or policy_definition"


def test_documents_without_measure_are_refused_and_nothing_else_is_hurt():
    deep = "[" * 1001 + "]" * 1001
    _, verdicts = evaluate(['{"id": "deep", "policy_rule": %s, "resource": %s}\n' % (json.dumps(RULE), deep),
                            {"id": "large", "policy_rule": RULE, "resource": {"kind": "a", "pad": "x" * (10 << 20)}}])
    assert "nested deeper" in verdicts[0]["error"]["message"]
    assert verdicts[1] == {"id": "large", "effect": "deny"}


def test_an_alias_file_stays_inside_its_folder(tmp_path):
    _, verdicts = evaluate([{"id": "1", "aliases": "../secret.json", "policy_rule": RULE, "resource": {}}], "--aliases", str(tmp_path))
    assert "names a file of the folder" in verdicts[0]["error"]["message"]


def test_the_usage_is_explained():
    done = subprocess.run([VEDETTE, "policy", "evaluate"], capture_output=True, text=True)
    assert done.returncode == 2 and "--batch" in done.stderr


def test_a_definition_is_explained_condition_by_condition(tmp_path):
    rule = {"if": {"allOf": [{"field": "type", "equals": "a/b"}, {"not": {"field": "a/b/sku.name", "in": "[parameters('good')]"}},
                             {"count": {"field": "a/b/rules[*]", "where": {"field": "a/b/rules[*].port", "equals": 22}}, "greater": 0}]},
            "then": {"effect": "audit"}}
    definition, resource = tmp_path / "definition.json", tmp_path / "resource.json"
    definition.write_text(json.dumps({"properties": {"parameters": {"good": {"type": "Array"}}, "policyRule": rule}}))
    resource.write_text(json.dumps({"id": "/x", "type": "A/B", "properties": {"sku": {"name": "basic"}, "rules": [{"port": 80}, {"port": 22}]}}))
    (tmp_path / "parameters.json").write_text(json.dumps({"good": ["standard"]}))
    said = [VEDETTE, "policy", "explain", definition, resource, "--parameters", tmp_path / "parameters.json"]
    whole = json.loads(subprocess.run([*said, "--format", "json"], capture_output=True, text=True, check=True).stdout)
    assert (whole["matched"], whole["effect"]) == (True, "audit")
    type_, sku, count = whole["condition"]["conditions"]
    assert sku["conditions"] == [{"kind": "field", "holds": False, "field": "a/b/sku.name", "path": "properties.sku.name", "operator": "in",
                                  "wanted": ["standard"], "wantedFrom": "[parameters('good')]", "found": "basic"}]
    assert (count["found"], count["of"], count["operator"], count["wanted"]) == (1, 2, "greater", 0)
    assert [(m["path"], m["holds"]) for m in count["members"]] == [("a/b/rules[1]", True), ("a/b/rules[0]", False)]
    assert count["members"][1]["condition"]["found"] == 80
    text = subprocess.run(said, capture_output=True, text=True, check=True).stdout
    assert text.startswith("The policy applies: audit.\nyes allOf\n") and 'no  field a/b/sku.name in ["standard"]: found "basic"' in text
