# SPDX-License-Identifier: Apache-2.0
"""Every rule of the corpus compiles to the columns of the analyser and runs on empty tables, but for a written list."""
import concurrent.futures
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VEDETTE = os.environ.get("VEDETTE_BIN", str(ROOT / "build/bin/vedette"))
CORPUS = pathlib.Path(os.environ.get("VEDETTE_SHARED", ROOT.parent / "shared")) / "corpus/kql"

pytestmark = pytest.mark.skipif(not (CORPUS / "rules.jsonl").exists(), reason="the corpus is not there")


def exceptions():
    lines = (ROOT / "tests/golden/kql/rules_exceptions.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def run(cases):
    text = "".join(json.dumps({"id": case["id"], "query": case["query"]}) + "\n" for case in cases)
    done = subprocess.run([VEDETTE, "kql", "run", "--batch", "--schema", CORPUS / "tables.json"], input=text,
                          capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module", name="answers")
def fixture_answers():
    """Each rule with columns and what it gives on empty tables; the tables of the schema are made as they are named."""
    cases = [case for case in map(json.loads, open(CORPUS / "rules.jsonl", encoding="utf-8")) if "columns" in case]
    n = os.cpu_count() or 1  # the engine plans a query on one core
    with concurrent.futures.ThreadPoolExecutor(n) as pool:
        done = "".join(pool.map(run, [cases[i::n] for i in range(n)]))
    # strict=False: a query may give a column a name with a control character in it
    answers = {answer["id"]: answer for answer in (json.loads(line, strict=False) for line in done.split("\n") if line)}
    return [(case, answers[case["id"]]) for case in cases]


def is_right(case, answer):
    return [[c["name"], c["type"]] for c in answer.get("columns", [])] == case["columns"]


def test_rules_give_the_columns_of_the_analyser_on_empty_tables(answers):
    known = exceptions()
    wrong = [f"{case['id']}: {answer.get('error', answer.get('columns'))}" for case, answer in answers
             if case["id"] not in known and not is_right(case, answer)]
    assert not wrong, "\n".join(wrong)


def test_the_list_of_exceptions_holds_no_rule_that_works(answers):
    known = exceptions()
    assert not [case["id"] for case, answer in answers if case["id"] in known and is_right(case, answer)]
