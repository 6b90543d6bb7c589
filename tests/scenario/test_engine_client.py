# SPDX-License-Identifier: Apache-2.0
"""npm's @clickhouse/client, unchanged, against vedette-engine."""
import json
import subprocess

import pytest

from conftest import free_port
from engine_host import ROOT, Engine

NODE = ROOT / "tools/node"


@pytest.fixture(scope="module")
def report():
    if not (NODE / "node_modules/@clickhouse/client").is_dir():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=True, timeout=300)
    port = free_port()
    e = Engine("--listen", f"127.0.0.1:{port}").start()
    done = subprocess.run(["node", "clickhouse_client.js", f"http://127.0.0.1:{port}"], cwd=NODE, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    report["left"] = e.value("SELECT count() FROM system.processes WHERE position(query, 'sipHash64(number) = 1') > 0 AND position(query, 'processes') = 0")
    e.close()
    return report


def test_ping(report):
    assert report["ping"] == {"success": True}


def test_select_in_three_formats(report):
    assert report["JSON"] == [{"n": 0, "s": "x"}, {"n": 1, "s": "x"}]
    assert report["JSONEachRow"] == [{"n": 0, "s": "x"}, {"n": 1, "s": "x"}]
    assert report["CSV"] == '0,"x"\n1,"x"\n'


def test_insert_of_100_000_rows(report):
    assert report["insert"] == {"count": 100000, "sum": sum(range(100000)), "written": "100000"}
    assert report["insertStream"] == 100000


def test_streamed_select(report):
    assert report["stream"] == {"rows": 500000, "last": 499999}


def test_parameters_and_settings(report):
    assert report["params"] == [{"a": 42, "b": "it's\t\\ a \n'test'"}]
    assert report["settings"] == "3"


def test_failing_query(report):
    assert report["failing"]["type"] == "UNKNOWN_TABLE" and report["failing"]["code"] == "60"
    assert report["failingMidway"]["type"] == "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"


def test_cancelled_query(report):
    assert report["cancelled"] is True
    assert report["left"] == "0"


def test_commands_and_compression(report):
    assert report["command"] == "1"
    assert report["compressed"] == 100000
