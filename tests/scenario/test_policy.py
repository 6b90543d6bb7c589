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
