# SPDX-License-Identifier: Apache-2.0
"""The portal in headless Chromium: whole tasks against a real server with imported recordings, and axe on every page."""
import json
import os
import subprocess

from conftest import ROOT

PORTAL = ROOT / "portal"
RECORDINGS = [
    "rdp_interactive_taskmanager_lsass_dump",
    "empire_mimikatz_logonpasswords",
    "schtask_create",
    "cmd_dumping_ntds_dit_file_ntdsutil",
    "empire_dcsync_dcerpc_drsuapi_DsGetNCChanges",
    "empire_uac_shellapi_fodhelper",
]


def npm(script, seconds, **env):
    """Runs a script of portal/package.json; its output is the failure's text."""
    done = subprocess.run(["npm", "run", "--silent", script], cwd=PORTAL, capture_output=True, text=True, timeout=seconds,
                          env={**os.environ, "NO_COLOR": "1", **env})
    assert done.returncode == 0, f"npm run {script} exited {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def new_user(server, name, role):
    """The one-time password of a new user."""
    headers = server.signin()
    path = f"{server.workspace(headers)}/providers/Vedette.Operations/users?api-version=2026-11-01"
    status, _, body = server.call("POST", path, {"name": name, "role": role}, headers)
    assert status == 201, body
    return json.loads(body)["password"]


def hold_a_machine_against_policies(server, folder):
    """The servers of tests leave their host alone: its facts come by import instead."""
    subscriptions = json.loads(server.call("GET", "/subscriptions?api-version=2022-12-01", headers=server.signin())[2])["value"]
    nowhere = "00000000-0000-0000-0000-000000000000"
    (folder / "machine.json").write_text(server.cli("facts").stdout.replace(nowhere, subscriptions[0]["subscriptionId"]))
    assert " 1 created" in server.cli("posture", "import", str(folder / "machine.json")).stdout


def break_a_policy_that_has_a_fix(server):
    """A thing of our own ARM that lacks a tag: what fixes may change here, and what a person has to attest."""
    headers = server.signin()
    subscription = json.loads(server.call("GET", "/subscriptions?api-version=2022-12-01", headers=headers)[2])["value"][0]["id"]
    authorization = f"{subscription}/providers/Microsoft.Authorization"
    definition = {"displayName": "Things should have an owner", "mode": "All", "description": "Somebody has to answer.",
                  "metadata": {"severity": "High", "category": "Things", "remediation": "Say who.",
                               "fix": {"kind": "patch", "set": [{"path": "tags.owner", "value": "soc"}]}},
                  "policyRule": {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, {"field": "tags['owner']", "exists": False}]},
                                 "then": {"effect": "audit"}}}
    manual = {"displayName": "Restoring should be rehearsed", "mode": "All", "description": "No machine can tell.",
              "metadata": {"severity": "Medium", "category": "Things"},
              "policyRule": {"if": {"field": "type", "equals": "Test.Things/things"},
                             "then": {"effect": "manual", "details": {"defaultState": "Unknown"}}}}
    for path, body in (
        (f"{authorization}/policyDefinitions/rehearsed?api-version=2021-06-01", {"properties": manual}),
        (f"{authorization}/policyAssignments/rehearsed?api-version=2021-06-01",
         {"properties": {"policyDefinitionId": f"{authorization}/policyDefinitions/rehearsed"}}),
        (f"{authorization}/policyDefinitions/owned?api-version=2021-06-01", {"properties": definition}),
        (f"{authorization}/policyAssignments/owned?api-version=2021-06-01",
         {"properties": {"policyDefinitionId": f"{authorization}/policyDefinitions/owned"}}),
        (f"{subscription}/resourceGroups/soc/providers/Test.Things/things/lamp?api-version=2024-01-01", {"location": "local", "properties": {}}),
    ):
        assert server.call("PUT", path, body, headers)[0] == 201


def test_people_find_work_on_and_close_incidents_of_recordings(fresh_vedette, shared, tmp_path):
    hold_a_machine_against_policies(fresh_vedette, tmp_path)
    break_a_policy_that_has_a_fix(fresh_vedette)
    fresh_vedette.import_(*[shared / f"corpus/events/windows/{name}.zip" for name in RECORDINGS], wait=True)
    assert len(fresh_vedette.incidents()) >= 5, "the journeys close some and need others open"
    print(npm("journeys", 900, VEDETTE_URL=fresh_vedette.url, VEDETTE_USER=fresh_vedette.user,
              VEDETTE_PASSWORD=fresh_vedette.password, NODE_EXTRA_CA_CERTS=str(fresh_vedette.ca),
              VEDETTE_NEW_USER="eve", VEDETTE_NEW_PASSWORD=new_user(fresh_vedette, "eve", "Microsoft Sentinel Responder")))


def test_every_page_keeps_the_rules_of_access_in_three_themes():
    npm("axe", 600)


def test_the_first_view_stays_within_its_budget():
    assert "first view" in npm("size", 60)
