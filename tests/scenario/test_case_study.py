# SPDX-License-Identifier: Apache-2.0
"""docs/case-study.md, followed by API and click by click."""
import json
import os
import subprocess
import urllib.parse
import uuid

import pytest
from conftest import ROOT

SI, VO = "/providers/Microsoft.SecurityInsights", "/providers/Vedette.Operations"
SPAN = {"startTime": "2020-08-01T00:00:00Z", "endTime": "2020-08-31T00:00:00Z"}


@pytest.fixture
def imported(fresh_vedette, shared):
    fresh_vedette.import_(shared / "corpus/events/windows/empire_mimikatz_logonpasswords.zip", wait=True)
    return fresh_vedette


def test_by_api(imported):
    headers = imported.signin()
    ws = imported.workspace(headers)

    def ask(method, path, body=None):
        at = ws + path + ("&" if "?" in path else "?") + "api-version=2026-11-01"
        status, _, answer = imported.call(method, at, body, headers)
        assert status in (200, 201, 204), (method, path, status, answer[:500])
        return json.loads(answer) if answer else None

    found = ask("GET", f"{SI}/incidents?$search=lsass%20powershell&$filter=" + urllib.parse.quote("properties/severity eq 'High'"))["value"]
    assert [i["properties"]["title"] for i in found] == ["powershell.exe read the memory of LSASS on WORKSTATION5.theshire.local by pgustavo"]
    case, number = found[0], found[0]["properties"]["incidentNumber"]
    alert = ask("POST", f"{SI}/incidents/{case['name']}/alerts")["value"][0]["properties"]["systemAlertId"]
    assert ask("GET", f"{VO}/incidents/{number}/rows?alert={alert}")["properties"]["rows"]

    graph = ask("GET", f"{VO}/incidents/{number}/graph")["properties"]
    machine = next(e for e in graph["entities"] if e["kind"] == "Host")
    assert any(edge["entity"] == machine["name"] and edge["rows"] for edge in graph["edges"])

    def explore(entity, title):
        ways = {q["title"]: q["id"] for q in ask("GET", f"{VO}/entities/{entity}")["properties"]["queries"]}
        return ask("POST", f"{VO}/entities/{entity}/explore", {"properties": {"query": ways[title], **SPAN}})["properties"]

    connections = explore(machine["name"], "Connections")
    address = next(e for e in connections["entities"] if e["properties"]["address"] == "10.10.10.5")
    row = connections["rows"][next(e["row"] for e in connections["edges"] if e["entity"] == address["name"])]
    assert "powershell.exe" in json.dumps(row) and "80" in json.dumps(row)
    assert "whoami.exe" in json.dumps(explore(machine["name"], "Processes")["rows"])
    assert [e["properties"]["hostName"] for e in explore(address["name"], "Machines it talked to")["entities"]] == ["WORKSTATION5"]

    ask("PUT", f"{SI}/incidents/{case['name']}/comments/{uuid.uuid4()}", {"properties": {"message": "an implant"}})
    ask("PUT", f"{SI}/incidents/{case['name']}/tasks/{uuid.uuid4()}", {"properties": {"title": "Change the password of pgustavo", "status": "New"}})
    now = ask("GET", f"{SI}/incidents/{case['name']}")
    closed = ask("PUT", f"{SI}/incidents/{case['name']}", {"etag": now["etag"], "properties": {
        "status": "Closed", "classification": "TruePositive", "classificationReason": "SuspiciousActivity"}})
    assert closed["properties"]["status"] == "Closed"
    rule = case["properties"]["relatedAnalyticRuleIds"][0].rsplit("/", 1)[1]
    assert {v["rule"]: v["precision"] for v in ask("GET", f"{VO}/ruleVerdicts")["value"]}[rule] == 1
    whats = [h["what"] for h in ask("GET", f"{VO}/incidents/{number}/history")["value"]]
    assert whats[0] == "created" and {"comment", "task", "status"} <= set(whats)


def test_click_by_click(imported):
    done = subprocess.run(["npm", "run", "--silent", "study"], cwd=ROOT / "portal", capture_output=True, text=True, timeout=300,
                          env={**os.environ, "NO_COLOR": "1", "VEDETTE_URL": imported.url, "VEDETTE_USER": imported.user,
                               "VEDETTE_PASSWORD": imported.password, "NODE_EXTRA_CA_CERTS": str(imported.ca)})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
