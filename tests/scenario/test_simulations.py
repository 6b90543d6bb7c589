# SPDX-License-Identifier: Apache-2.0
"""Every simulation raises the rules that it promises.

Those that start processes are seen only by a root server that follows its host; here their processes are told to
the server as the rows that it would have written itself.
"""
import datetime
import json
import pathlib

import pytest
import yaml
from conftest import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAYS = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "content/simulations").glob("*.yaml"))]


def raised(server):
    return {row["AlertType"] for row in server.query("SecurityAlert | distinct AlertType")}


def filled(text, variables):
    for name, value in variables.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def process_row(run, variables):
    """What the kernel's process connector would give for a process of the simulation."""
    words = [filled(word, variables) for word in run["argv"]]
    path = filled(run.get("as", run["program"]), variables)
    return {
        "Type": "DeviceProcessEvents", "TimeGenerated": datetime.datetime.now(datetime.timezone.utc).isoformat(), "DeviceName": "sim01",
        "ActionType": "ProcessCreated", "AccountName": "root", "FolderPath": path, "FileName": path.rsplit("/", 1)[1],
        "ProcessCommandLine": " ".join(f"'{word}'" if " " in word else word for word in words), "ProcessId": 4321,
        "InitiatingProcessFileName": "vedette", "InitiatingProcessFolderPath": "/usr/bin/vedette", "InitiatingProcessAccountName": "root",
    }


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play["name"])
def test_simulation(play, vedette, tmp_path):
    if play.get("needs") == "root":
        variables = {**play.get("variables", {}), "dir": "/tmp/vedette-simulation.test01"}
        rows = [process_row(step["run"], variables) for step in play["steps"] if "run" in step]
        assert rows
        (tmp_path / "rows.json").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
        vedette.import_(tmp_path / "rows.json", wait=True)
    else:
        said = vedette.cli("simulate", play["name"], timeout=180).stdout
        assert "Incident" in said, said
    wait_until(lambda: set(play["raises"]) <= raised(vedette), 60, f"the alerts of {play['name']}")
