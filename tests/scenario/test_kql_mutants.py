# SPDX-License-Identifier: Apache-2.0
"""Whatever compiles is SQL that the engine takes: mutated queries never give a syntax error, an unknown name, a wrong type or a fault of the engine.

    VEDETTE_MUTANT_SECONDS=3600 pytest tests/scenario/test_kql_mutants.py    for an hour, from VEDETTE_MUTANT_SEED on"""
import json
import os
import pathlib
import subprocess
import time

import pytest

from kql_mutants import Mutants, corpus, typed_calls
from test_kql import golden

ROOT = pathlib.Path(__file__).resolve().parents[2]
VEDETTE = os.environ.get("VEDETTE_BIN", str(ROOT / "build/bin/vedette"))
CORPUS = pathlib.Path(os.environ.get("VEDETTE_SHARED", ROOT.parent / "shared")) / "corpus/kql"
SECONDS = float(os.environ.get("VEDETTE_MUTANT_SECONDS", "0"))
SEED = int(os.environ.get("VEDETTE_MUTANT_SEED", "1"))
CHUNK = 250
MUTANTS = 500    # of an ordinary run
CALLS_STEP = 31   # an ordinary run tries one typed call in so many
# What a well-formed statement may still be refused for: its size while it runs, or us (throwIf).
ALLOWED = {"TIMEOUT_EXCEEDED", "TOO_SLOW", "MEMORY_LIMIT_EXCEEDED", "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", "TOO_LARGE_ARRAY_SIZE", "QUERY_WAS_CANCELLED"}


@pytest.fixture(scope="module", name="rows")
def fixture_rows():
    return [json.loads(line) for line in subprocess.run([VEDETTE, "kql", "functions"], capture_output=True, text=True, check=True).stdout.splitlines()]


def valid_queries(rows):
    shapes = {"function": "print y = {}", "aggregate": "range x from 1 to 4 step 1 | summarize y = {}",
              "window": "range x from 1 to 1 step 1 | serialize y = {}", "operator": "{}", "plugin": "{}"}
    examples = [shapes[row["kind"]].format(row["example"]) for row in rows if row["kind"] in shapes and row["example"]]
    return examples + [query for _, query, head, _ in golden() if not head.startswith("refused")]


def read(line):
    try:
        return json.loads(line, strict=False)
    except ValueError as why:
        return {"error": {"code": "ANSWER", "message": f"the answer: NO_JSON: {why}: {line[:500]}"}}


def run(schema, queries):
    """Answers in order, until one process ends."""
    text = "".join(json.dumps({"id": str(i), "query": query}) + "\n" for i, query in enumerate(queries))
    done = subprocess.run([VEDETTE, "kql", "run", "--batch", "--timeout", "5", "--schema", schema], input=text, capture_output=True, text=True,
                          timeout=3600, check=False)
    return [read(line) for line in done.stdout.split("\n")[:-1]], done


def fault_of(answer):
    error = answer.get("error")
    if not error or is_refused(answer) or error["code"] == "TIMEOUT" or any(f": {name}: " in error["message"] for name in ALLOWED):
        return None
    return f"{error['code']}: {error['message']}"


def is_refused(answer):
    """By the compiler, with a reason; or the SQL would have been too long."""
    error = answer.get("error", {"code": ""})
    return error["code"].startswith("KQ") or (error["code"] == "LIMIT" and "the log store" not in error["message"])


def faults(schema, queries):
    """Each with its query, and how many queries compiled."""
    bad, compiled, at = [], 0, 0
    while at < len(queries):
        answers, done = run(schema, queries[at:])
        found = [(at + i, fault_of(answer)) for i, answer in enumerate(answers)]
        compiled += sum(not is_refused(answer) for answer in answers)
        at += len(answers)
        if at < len(queries):  # it died of the next one
            found.append((at, f"{done.returncode}: {done.stderr[-800:]}"))
            at += 1
        bad += [(queries[i], why) for i, why in found if why]
    return bad, compiled


def report(bad):
    return "\n\n".join(f"{query}\n{why}" for query, why in bad[:20])


def test_an_argument_of_any_type_is_taken_or_refused(rows, tmp_path):
    schema = tmp_path / "schema.json"
    schema.write_text("{}", encoding="utf-8")
    calls = list(typed_calls(rows))
    calls = calls if SECONDS else calls[SEED % CALLS_STEP::CALLS_STEP]
    bad, compiled = faults(schema, calls)
    print(f"{len(calls)} calls, {compiled} compiled, {len(bad)} faults")
    assert compiled * 4 > len(calls)
    assert not bad, report(bad)


def test_a_mutated_query_is_taken_or_refused(rows, tmp_path):
    queries, tables = corpus(CORPUS, 300)
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(tables), encoding="utf-8")
    maker = Mutants(valid_queries(rows) + queries, [row["name"] for row in rows if row["kind"] in ("function", "aggregate")])
    started, made, compiled, bad = time.monotonic(), 0, 0, []
    while made < MUTANTS or time.monotonic() - started < SECONDS:
        seed = SEED * 100_000_000 + made
        more, n = faults(schema, [maker.make(s) for s in range(seed, seed + CHUNK)])
        made, compiled, bad = made + CHUNK, compiled + n, bad + more
        for fault in more if SECONDS else []:
            print(json.dumps(fault), flush=True)
    print(f"{made} mutants, {compiled} compiled, {len(bad)} faults, {time.monotonic() - started:.0f} s")
    assert compiled * 10 > made, "the mutants are too wild to prove anything"
    assert not bad, report(bad)
