# SPDX-License-Identifier: Apache-2.0
"""npm's @azure/arm-securityinsight, @azure/arm-security and @microsoft/microsoft-graph-client, unchanged, against a server."""
import json
import os
import pathlib
import subprocess

import pytest

NODE = pathlib.Path(__file__).resolve().parents[2] / "tools/node"


@pytest.fixture(scope="module")
def seen(module_vedette):
    if not (NODE / "node_modules/@azure/arm-securityinsight").is_dir():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=True, timeout=300)
    server = module_vedette
    for play in ("ssh-guess", "aws-trail-stopped"):
        server.cli("simulate", play, timeout=180)
    who, headers = server.principal("Owner"), server.signin()
    env = {**os.environ, "VEDETTE_URL": server.url, "NODE_EXTRA_CA_CERTS": str(server.ca), "VEDETTE_CLIENT_ID": who["clientId"],
           "VEDETTE_CLIENT_SECRET": who["clientSecret"], "VEDETTE_SUBSCRIPTION": server.workspace(headers).split("/")[2]}
    done = subprocess.run(["node", "azure_clients.mjs"], cwd=NODE, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_an_incident_lives_through_the_sentinel_client(seen):
    assert seen["made"] == {"title": "npm", "number": True, "etag": True}
    assert seen["comments"] == ["seen"]
    assert seen["relation"] == ["Microsoft.SecurityInsights/bookmarks", ["r1"]] and seen["bookmarks"] == ["odd"]
    assert seen["closed"] == ["Closed", "BenignPositive"] and seen["stale"] == 412 and seen["deleted"] == 404
    assert seen["rules"] >= 50


def test_watchlists_rules_templates_and_automation_through_the_sentinel_client(seen):
    assert seen["watchlist"] == ["npm-vip", ["alice", "bob"]] and seen["watchlistGone"]
    assert seen["rule"] == ["Scheduled", "High", True] and seen["ruleStale"] == 412 and seen["ruleRefused"] == 400 and seen["ruleGone"] == 404
    assert seen["templates"] == [True, True, True] and seen["automation"] == [1, "ModifyProperties", ["npm"]] and seen["activity"] == ["Activity", "npm"]


def test_alerts_and_things_are_read_and_followed(seen):
    assert set(seen["alerts"]) == {"SecurityAlert"} and seen["entities"] and seen["entity"] and seen["expanded"]
    assert seen["timeline"] == [True, "SecurityAlert"]


def test_defender_s_client_sees_and_decides(seen):
    assert seen["armAlerts"]["n"] >= 2 and seen["armAlerts"]["fields"] and seen["dismissed"] == "Dismissed"
    assert seen["suppression"] == ["Disabled", ["quiet-npm"]] and seen["contacts"] == ["soc@contoso.example"]


def test_graph_s_client_reads_changes_and_hunts(seen):
    assert seen["graphAlerts"]["n"] == seen["armAlerts"]["n"] and seen["graphAlerts"]["unique"] and seen["graphAlerts"]["evidence"]
    assert seen["graphFilter"] and seen["graphPatched"] == ["resolved", "truePositive", "malware"] and seen["graphComments"] == ["seen"]
    assert seen["graphIncidents"] and seen["graphIncident"] == ["inProgress", ["npm"]]
    assert seen["hunt"] == {"schema": [{"name": "n", "type": "long"}, {"name": "s", "type": "string"}], "results": [{"n": 1, "s": "a"}]}
    assert seen["missing"][0] == 404
