# SPDX-License-Identifier: Apache-2.0
"""Posture through the clients that people have: Debian's azure-cli and python3-azure, unchanged."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import pytest

from conftest import Server
from az import Az

AUTH = "/providers/Microsoft.Authorization"
INSIGHTS = "/providers/Microsoft.PolicyInsights"


def call(server, method, path, version, body=None, **query):
    """An ARM call as the administrator: the parsed answer, or the error."""
    if not hasattr(server, "posture_headers"):
        server.posture_headers = server.signin()
    url = f"{path}?api-version={version}" + "".join(f"&{k}={v}" for k, v in query.items())
    status, _, text = server.call(method, url, body, headers=server.posture_headers)
    return status, json.loads(text) if text else None


def subscription(server):
    status, found = call(server, "GET", "/subscriptions", "2022-12-01")
    assert status == 200
    return found["value"][0]["id"]


def define(server, name, condition, effect="audit", **metadata):
    """A definition over Test.Things/things: unhealthy where the condition holds."""
    sub = subscription(server)
    properties = {"displayName": name, "mode": "All", "metadata": {"severity": "High", "securityControl": "Enable MFA", **metadata},
                  "policyRule": {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, condition]}, "then": {"effect": effect}}}
    status, made = call(server, "PUT", f"{sub}{AUTH}/policyDefinitions/{name}", "2021-06-01", {"properties": properties})
    assert status == 201, made
    return made["id"]


def assign(server, name, definition, scope=None, **properties):
    status, made = call(server, "PUT", f"{scope or subscription(server)}{AUTH}/policyAssignments/{name}", "2021-06-01",
                        {"properties": {"policyDefinitionId": definition, **properties}})
    assert status == 201, made
    return made["id"]


def standard(server, name, members):
    """An initiative with a control for each (definition, reference, control)."""
    groups = [{"name": control, "displayName": f"Control {control}"} for control in dict.fromkeys(c for _, _, c in members)]
    references = [{"policyDefinitionId": d, "policyDefinitionReferenceId": r, "groupNames": [c]} for d, r, c in members]
    status, made = call(server, "PUT", f"{subscription(server)}{AUTH}/policySetDefinitions/{name}", "2021-06-01",
                        {"properties": {"displayName": name, "policyDefinitions": references, "policyDefinitionGroups": groups}})
    assert status in (200, 201), made
    return made["id"]


def thing(server, name):
    return f"{subscription(server)}/resourceGroups/soc/providers/Test.Things/things/{name}"


def put(server, name, **properties):
    return call(server, "PUT", thing(server, name), "2024-01-01", {"location": "local", "properties": properties})


@pytest.fixture(scope="module")
def posture():
    """A server with two things, one of them open, and a policy that minds."""
    folder = tempfile.mkdtemp(prefix="vedette-posture-")
    server = Server(pathlib.Path(folder) / "data").start()
    definition = define(server, "7b3f0a52-0000-4000-8000-00000000c105", {"field": "Test.Things/things/open", "equals": True})
    standard(server, "house-rules", [(definition, "doors", "DOORS-1")])
    assign(server, "closed", f"{subscription(server)}{AUTH}/policySetDefinitions/house-rules")
    assert put(server, "good", open=False)[0] == 201
    assert put(server, "bad", open=True)[0] == 201
    yield server
    server.dispose()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not shutil.which("az"), reason="azure-cli is not installed")
def test_az_smoke_passes_whole(posture, shared):
    principal = posture.principal("Owner")
    env = {**os.environ, "VEDETTE_URL": posture.url, "VEDETTE_CLIENT_ID": principal["clientId"], "VEDETTE_CLIENT_SECRET": principal["clientSecret"],
           "VEDETTE_CA": str(posture.ca)}
    done = subprocess.run([str(pathlib.Path(shared) / "tools/az_smoke.sh")], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


def test_sdk_smoke_passes_whole(posture, shared):
    pytest.importorskip("azure.mgmt.security")
    principal = posture.principal("Owner")
    env = {**os.environ, "VEDETTE_URL": posture.url, "VEDETTE_CLIENT_ID": principal["clientId"], "VEDETTE_CLIENT_SECRET": principal["clientSecret"],
           "VEDETTE_CA": str(posture.ca), "REQUESTS_CA_BUNDLE": str(posture.ca)}
    done = subprocess.run([sys.executable, str(pathlib.Path(shared) / "tools/sdk_smoke.py")], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


# --- az, unchanged: assign, exempt, fix, attest ---

@pytest.fixture(scope="module")
def az(posture, tmp_path_factory):
    if not shutil.which("az"):
        pytest.skip("azure-cli is not installed")
    folder = tmp_path_factory.mktemp("az")
    az = Az(posture, folder / "config")
    (folder / "cloud.json").write_text(posture.cli("cloud").stdout)
    principal = posture.principal("Owner")
    (folder / "secret").write_text(principal["clientSecret"])
    az.run("cloud", "register", "-n", "Vedette", "--cloud-config", f"@{folder / 'cloud.json'}")
    az.run("cloud", "set", "-n", "Vedette")
    az.run("login", "--service-principal", "-u", principal["clientId"], "-p", f"@{folder / 'secret'}", "-t", "adfs")
    return az


def states(az, assignment):
    found = az.json("policy", "state", "list", "--policy-assignment", assignment, "--query", "[].[resourceId, complianceState]")
    return {resource.rsplit("/", 1)[1]: state for resource, state in found}


def test_az_defines_assigns_exempts_and_takes_back(az, posture):
    rule = {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, {"field": "Test.Things/things/open", "equals": True}]}, "then": {"effect": "audit"}}
    made = az.json("policy", "definition", "create", "-n", "az-doors", "--mode", "All", "--rules", json.dumps(rule))
    assert made["policyType"] == "Custom" and made["policyRule"] == rule
    assignment = az.json("policy", "assignment", "create", "-n", "az-doors", "--policy", "az-doors")
    assert states(az, "az-doors") == {"good": "Compliant", "bad": "NonCompliant"}
    az.json("policy", "exemption", "create", "-n", "az-bad", "--policy-assignment", assignment["id"], "--exemption-category", "Waiver",
            "--scope", thing(posture, "bad"))
    assert states(az, "az-doors") == {"good": "Compliant", "bad": "Exempt"}
    shown = az.json("security", "assessment", "show", "-n", "az-doors", "--assessed-resource-id", thing(posture, "bad"))
    assert shown["status"]["code"] == "NotApplicable" and shown["status"]["cause"] == "Exempt"
    az.run("policy", "exemption", "delete", "-n", "az-bad", "--scope", thing(posture, "bad"))
    assert states(az, "az-doors") == {"good": "Compliant", "bad": "NonCompliant"}
    az.run("policy", "definition", "delete", "-n", "az-doors", code=1)  # it is assigned
    az.run("policy", "assignment", "delete", "-n", "az-doors")
    az.run("policy", "definition", "delete", "-n", "az-doors")
    az.run("policy", "definition", "show", "-n", "az-doors", code=3)


def test_az_attests_a_manual_policy(az, posture):
    sub = subscription(posture)
    define(posture, "plan-tested", {"field": "location", "exists": True}, effect="manual")
    made = assign(posture, "plan", f"{sub}{AUTH}/policyDefinitions/plan-tested")
    assert set(states(az, "plan").values()) == {"Unknown"}
    az.rest("put", f"{thing(posture, 'good')}{INSIGHTS}/attestations/a1?api-version=2022-09-01",
            {"properties": {"policyAssignmentId": made, "complianceState": "Compliant", "comments": "tested in May"}})
    assert states(az, "plan") == {"good": "Compliant", "bad": "Unknown"}
    listed = az.json("policy", "attestation", "list")
    assert [a["comments"] for a in listed] == ["tested in May"]
    az.run("policy", "assignment", "delete", "-n", "plan")


def test_az_remediates_and_each_fix_can_be_taken_back(az, posture):
    sub = subscription(posture)
    define(posture, "tagged", {"field": "tags['owner']", "exists": False}, effect="audit",
           fix={"kind": "patch", "set": [{"path": "tags.owner", "value": "soc"}]})
    assign(posture, "tagged", f"{sub}{AUTH}/policyDefinitions/tagged")
    assert states(az, "tagged") == {"good": "NonCompliant", "bad": "NonCompliant"}
    ran = az.json("policy", "remediation", "create", "-n", "r1", "--policy-assignment", "tagged")
    assert ran["provisioningState"] == "Succeeded" and ran["deploymentStatus"]["successfulDeployments"] == 2
    assert states(az, "tagged") == {"good": "Compliant", "bad": "Compliant"}
    assert {d["status"] for d in az.json("policy", "remediation", "deployment", "list", "-n", "r1")} == {"Succeeded"}
    done = ops(posture, "GET", "fixes", resource=thing(posture, "bad"))["value"][0]
    assert done["before"] == "Unhealthy" and done["after"] == "Healthy" and "tags" in json.dumps(done["diff"])
    assert ops(posture, "POST", f"fixes/{done['id']}/undo")["after"] == "Unhealthy"
    assert states(az, "tagged") == {"good": "Compliant", "bad": "NonCompliant"}
    az.run("policy", "assignment", "delete", "-n", "tagged")


def test_az_deploys_what_is_missing_and_takes_it_back(az, posture):
    sub = subscription(posture)
    template = {"parameters": {"name": {"type": "string"}}, "resources": [
        {"type": "Test.Things/lights", "apiVersion": "2024-01-01", "name": "[parameters('name')]", "location": "[resourceGroup().location]",
         "properties": {"on": True, "of": "[resourceId('Test.Things/things', parameters('name'))]"}}]}
    rule = {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, {"field": "name", "equals": "cellar"}]},
            "then": {"effect": "deployIfNotExists", "details": {
                "type": "Test.Things/lights", "name": "[field('name')]", "existenceCondition": {"field": "Test.Things/lights/on", "equals": True},
                "deployment": {"properties": {"mode": "incremental", "template": template, "parameters": {"name": {"value": "[field('name')]"}}}}}}}
    assert call(posture, "PUT", f"{sub}{AUTH}/policyDefinitions/lit", "2021-06-01", {"properties": {"mode": "All", "policyRule": rule}})[0] == 201
    assign(posture, "lit", f"{sub}{AUTH}/policyDefinitions/lit")
    light = thing(posture, "cellar").replace("/things/", "/lights/")
    other = light.replace("cellar", "attic")
    put(posture, "cellar", deep=True)
    call(posture, "PUT", other, "2024-01-01", {"location": "local", "properties": {"on": False}})  # lights are known here
    until(lambda: states(az, "lit"), {"cellar": "NonCompliant"})
    shown = ops(posture, "POST", "fixes/preview", {"assessment": "lit", "resourceIds": [thing(posture, "cellar")]})["value"][0]
    assert [(r["id"].lower(), r["changeType"]) for r in shown["diff"]["resources"]] == [(light.lower(), "Create")]
    ran = az.json("policy", "remediation", "create", "-n", "lights", "--policy-assignment", "lit")
    assert ran["provisioningState"] == "Succeeded" and ran["deploymentStatus"]["successfulDeployments"] == 1, ran
    status, made = call(posture, "GET", light, "2024-01-01")
    assert status == 200 and made["properties"] == {"on": True, "of": thing(posture, "cellar")}
    assert states(az, "lit") == {"cellar": "Compliant"}
    done = ops(posture, "GET", "fixes", resource=thing(posture, "cellar"))["value"][0]
    tracked = call(posture, "POST", f"{sub}{INSIGHTS}/policyTrackedResources/default/queryResults", "2018-07-01-preview")[1]["value"]
    of_light = [t for t in tracked if t["trackedResourceId"].lower() == light.lower()]
    assert [t["createdBy"]["deploymentId"] for t in of_light] == [done["id"]] and of_light[0]["policyDetails"]["policyDefinitionId"].endswith("/lit")
    assert ops(posture, "POST", f"fixes/{done['id']}/undo")["after"] == "Unhealthy"
    assert call(posture, "GET", light, "2024-01-01")[0] == 404 and states(az, "lit") == {"cellar": "NonCompliant"}
    az.run("policy", "assignment", "delete", "-n", "lit")
    for gone in (other, thing(posture, "cellar")):
        call(posture, "DELETE", gone, "2024-01-01")


def test_az_reads_recommendations_as_tasks(az, posture):
    tasks = az.json("security", "task", "list")
    unhealthy = {a["resourceDetails"]["id"].lower() for a in az.json("security", "assessment", "list") if a["status"]["code"] == "Unhealthy"}
    assert tasks and {t["securityTaskParameters"]["resourceId"].lower() for t in tasks} <= unhealthy
    one = call(posture, "GET", tasks[0]["id"], "2015-06-01-preview")[1]
    assert one["name"] == tasks[0]["name"] and one["properties"]["state"] == "Active"
    assert call(posture, "GET", tasks[0]["id"][:-1] + "z", "2015-06-01-preview")[0] == 404


def test_az_gives_a_recommendation_to_somebody(az, posture):
    name = "7b3f0a52-0000-4000-8000-00000000c105"
    target = f"{thing(posture, 'bad')}/providers/Microsoft.Security/assessments/{name}/governanceAssignments"
    version = "api-version=2022-01-01-preview"

    def rest(*words):
        text = az.rest(*words).stdout
        return json.loads(text) if text.strip() else None
    given = {"properties": {"owner": "anna@example.org", "remediationDueDate": "2030-01-01T00:00:00Z", "isGracePeriod": False}}
    made = rest("put", f"{target}/aaaaaaaa-0000-4000-8000-000000000001?{version}", given)
    assert made["type"] == "Microsoft.Security/assessments/governanceAssignments" and made["id"].startswith(target)
    shown = rest("get", f"{target.rsplit('/', 1)[0]}?api-version=2020-01-01")["properties"]["governance"]
    assert shown["owner"] == "anna@example.org" and shown["isOverdue"] is False
    assert call(posture, "PUT", f"{target}/aaaaaaaa-0000-4000-8000-000000000002", "2022-01-01-preview", given)[0] == 409
    assert [g["properties"]["owner"] for g in rest("get", f"{target}?{version}")["value"]] == ["anna@example.org"]
    rest("delete", f"{target}/aaaaaaaa-0000-4000-8000-000000000001?{version}")
    rule = f"{subscription(posture)}/providers/Microsoft.Security/governanceRules/everyone"
    rest("put", f"{rule}?{version}", {"properties": {"displayName": "everyone", "rulePriority": 200, "remediationTimeframe": "14.00:00:00",
                                                        "ownerSource": {"type": "Manually", "value": "soc@example.org"}}})
    ruled = rest("get", f"{target}?{version}")["value"]
    assert len(ruled) == 1 and ruled[0]["properties"]["owner"] == "soc@example.org"
    assert ruled[0]["properties"]["additionalData"]["governanceRuleId"] == rule
    status, headers, _ = posture.call("POST", f"{rule}/execute?{version}", {}, headers=posture.posture_headers)
    where = next(v for k, v in headers.items() if k.lower() == "location")
    assert status == 202
    deadline = time.monotonic() + 20
    while (answer := posture.call("GET", where.replace(posture.url, ""), headers=posture.posture_headers))[0] == 202 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert answer[0] == 200 and json.loads(answer[2])["operationId"] in where
    rest("delete", f"{rule}?{version}")


def test_az_lists_the_findings_behind_a_recommendation(az, posture):
    name = "7b3f0a52-0000-4000-8000-00000000c106"
    where = "Test.Things/things/parts[*]"
    define(posture, name, {"count": {"field": where, "where": {"field": f"{where}.rusty", "equals": True}}, "greater": 0}, remediation="oil it")
    assign(posture, "parts", f"{subscription(posture)}{AUTH}/policyDefinitions/{name}")
    put(posture, "engine", parts=[{"name": "piston", "rusty": True}, {"name": "belt", "rusty": False}, {"name": "valve", "rusty": True}])
    found = az.json("security", "sub-assessment", "list", "--assessed-resource-id", thing(posture, "engine"), "--assessment-name", name)
    assert [f["idPropertiesId"] for f in found] == ["piston", "valve"]
    assert found[0]["status"] == {"cause": None, "code": "Unhealthy", "description": None, "severity": "High"} and found[0]["remediation"] == "oil it"
    one = az.json("security", "sub-assessment", "show", "-n", found[1]["name"], "--assessed-resource-id", thing(posture, "engine"),
                  "--assessment-name", name)
    assert one["displayName"].endswith(": valve")
    raw = call(posture, "GET", one["id"], "2019-01-01-preview")[1]["properties"]["additionalData"]
    assert raw == {"assessedResourceType": "Test.Things/things", "path": "Test.Things/things/parts[2]", "name": "valve", "rusty": "true"}
    assert {"piston", "valve"} <= {f["idPropertiesId"] for f in az.json("security", "sub-assessment", "list")}
    az.run("policy", "assignment", "delete", "-n", "parts")
    call(posture, "DELETE", thing(posture, "engine"), "2024-01-01")


def test_events_restrictions_and_history(posture):
    sub = subscription(posture)
    define(posture, "no-red", {"field": "Test.Things/things/colour", "in": ["red", "pink"]}, effect="deny")
    define(posture, "owned", {"field": "tags['owner']", "exists": False}, effect="modify")
    rule = call(posture, "GET", f"{sub}{AUTH}/policyDefinitions/owned", "2021-06-01")[1]["properties"]
    rule["policyRule"]["then"] = {"effect": "modify", "details": {"roleDefinitionIds": [], "operations": [
        {"operation": "add", "field": "tags['owner']", "value": "soc"}]}}
    assert call(posture, "PUT", f"{sub}{AUTH}/policyDefinitions/owned", "2021-06-01", {"properties": rule})[0] == 201
    red = assign(posture, "no-red", f"{sub}{AUTH}/policyDefinitions/no-red", nonComplianceMessages=[{"message": "too loud"}])
    owned = assign(posture, "owned", f"{sub}{AUTH}/policyDefinitions/owned")

    asked = {"resourceDetails": {"resourceContent": {"type": "Test.Things/things", "location": "local", "properties": {"colour": "pink"}},
                                 "apiVersion": "2024-01-01"},
             "pendingFields": [{"field": "Test.Things/things/colour", "values": ["red", "blue"]}, {"field": "tags['owner']"}]}
    group = f"{sub}/resourceGroups/soc{INSIGHTS}/checkPolicyRestrictions"
    answer = call(posture, "POST", group, "2022-03-01", asked)[1]
    judged = answer["contentEvaluationResult"]["policyEvaluations"]
    assert [(e["policyInfo"]["policyAssignmentId"], e["evaluationResult"]) for e in judged] == [(red, "NonCompliant")]
    del asked["resourceDetails"]["resourceContent"]["properties"]
    answer = call(posture, "POST", group, "2022-03-01", asked)[1]
    assert answer["contentEvaluationResult"]["policyEvaluations"] == []
    colour, owner = answer["fieldRestrictions"]
    assert [(r["result"], r["values"], r["reason"]) for r in colour["restrictions"]] == [("Deny", ["red"], "too loud")]
    assert [(r["result"], r["defaultValue"], r["policy"]["policyAssignmentId"]) for r in owner["restrictions"]] == [("Required", "soc", owned)]
    assert call(posture, "POST", group, "2022-03-01", {"resourceDetails": {"resourceContent": {}}})[0] == 400

    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))
    for is_open in (False, True, False):
        assert put(posture, "door", open=is_open)[0] in (200, 201)
    name = "7b3f0a52-0000-4000-8000-00000000c105"
    events = call(posture, "POST", f"{thing(posture, 'door')}{INSIGHTS}/policyEvents/default/queryResults", "2019-10-01",
                  **{"$filter": f"policyDefinitionName%20eq%20'{name}'", "$from": before})[1]["value"]
    assert [e["complianceState"] for e in events] == ["Compliant", "NonCompliant", "Compliant"]
    assert call(posture, "POST", f"{sub}{INSIGHTS}/policyEvents/default/queryResults", "2019-10-01", **{"$to": "2020-01-01T00:00:00Z"})[1]["value"] == []
    page = call(posture, "POST", f"{thing(posture, 'door')}{INSIGHTS}/policyEvents/default/queryResults", "2019-10-01", **{"$top": 1})[1]
    assert len(page["value"]) == 1

    history = call(posture, "POST", "/providers/Microsoft.ResourceGraph/resourcesHistory", "2020-04-01-preview", {
        "query": f"resources | where id =~ '{thing(posture, 'door')}' | order by timestamp asc | project open=tobool(properties.open), gone",
        "options": {"interval": {"start": before, "end": "2040-01-01T00:00:00Z"}}})[1]["data"]
    assert [r["open"] for r in history] == [False, True, False]
    status, refused = call(posture, "POST", "/providers/Microsoft.ResourceGraph/resourcesHistory", "2020-04-01-preview", {
        "query": "resources", "options": {"interval": {"start": "then"}}})
    assert status == 400 and "interval.start" in refused["error"]["message"]
    for assignment in (red, owned):
        call(posture, "DELETE", assignment, "2021-06-01")
    call(posture, "DELETE", thing(posture, "door"), "2024-01-01")


# --- deny, gate, admission, import, versions ---

def ops(server, method, path, body=None, raw=None, code=200, **query):
    """A route of our own provider."""
    server.posture_headers = getattr(server, "posture_headers", None) or server.signin()
    query = "".join(f"&{k}={urllib.parse.quote(str(v))}" for k, v in query.items())
    target = f"{server.workspace(server.posture_headers)}/providers/Vedette.Operations/{path}?api-version=2026-11-01{query}"
    status, _, text = server.call(method, target, raw if raw is not None else body, headers=server.posture_headers)
    assert status == code, text
    return json.loads(text)


def test_deny_refuses_a_put_a_plan_and_an_admission(posture, tmp_path):
    sub = subscription(posture)
    define(posture, "no-doors", {"field": "Test.Things/things/doors", "greater": 3}, effect="deny")
    assign(posture, "no-doors", f"{sub}{AUTH}/policyDefinitions/no-doors", nonComplianceMessages=[{"message": "three doors are enough"}])
    status, answer = put(posture, "house", doors=4)
    assert status == 403 and answer["error"]["code"] == "RequestDisallowedByPolicy"
    info = answer["error"]["additionalInfo"][0]
    assert info["type"] == "PolicyViolation" and info["info"][0]["evidence"]["found"] == 4 and info["info"][0]["message"] == "three doors are enough"
    assert put(posture, "house", doors=3)[0] == 201

    template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                "resources": [{"type": "Test.Things/things", "apiVersion": "2024-01-01", "name": "barn", "location": "local", "properties": {"doors": 5}}]}
    plan = tmp_path / "template.json"
    plan.write_text(json.dumps(template))
    refused = posture.cli("policy", "gate", str(plan), check=False)
    assert refused.returncode == 4 and "three doors are enough" in refused.stdout, refused
    template["resources"][0]["properties"]["doors"] = 1
    plan.write_text(json.dumps(template))
    assert "0 denied" in posture.cli("policy", "gate", str(plan)).stdout

    call(posture, "DELETE", f"{sub}{AUTH}/policyAssignments/no-doors", "2021-06-01")
    assert put(posture, "house", doors=9)[0] == 200


def test_kubernetes_asks_whether_an_object_may_come_in(posture):
    sub = subscription(posture)
    status, made = call(posture, "PUT", f"{sub}{AUTH}/policyDefinitions/no-pods", "2021-06-01", {"properties": {
        "mode": "All", "policyRule": {"if": {"allOf": [{"field": "type", "like": "*pods"}, {"field": "name", "like": "bad*"}]}, "then": {"effect": "deny"}}}})
    assert status == 201, made
    assign(posture, "no-pods", made["id"])
    review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u-1", "operation": "CREATE", "object": {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bad-pod", "namespace": "default"}, "spec": {"containers": [{"name": "c", "image": "x:1"}]}}}}
    status, _, text = posture.call("POST", "/admission/kubernetes", review, headers=posture.posture_headers)
    answer = json.loads(text)["response"]
    assert status == 200 and answer["uid"] == "u-1" and answer["allowed"] is False and answer["status"]["code"] == 403
    review["request"]["object"]["metadata"]["name"] = "good-pod"
    assert json.loads(posture.call("POST", "/admission/kubernetes", review, headers=posture.posture_headers)[2])["response"]["allowed"] is True
    assert posture.call("POST", "/admission/kubernetes", review)[0] == 401
    call(posture, "DELETE", f"{sub}{AUTH}/policyAssignments/no-pods", "2021-06-01")


def test_an_export_comes_in_and_its_versions_say_what_changed(posture, tmp_path):
    ids = [thing(posture, f"imported-{i}") for i in range(3)]
    export = [{"id": i, "name": i.rsplit("/", 1)[1], "type": "Test.Things/things", "location": "far", "properties": {"open": False, "n": 1}} for i in ids]
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"value": export}))
    assert "3 created" in posture.cli("posture", "import", str(path)).stdout
    assert "3 unchanged" in posture.cli("posture", "import", str(path)).stdout
    export[0]["properties"]["n"] = 2
    path.write_text(json.dumps({"value": export}))
    assert "1 changed, 2 unchanged" in posture.cli("posture", "import", str(path)).stdout
    versions = ops(posture, "GET", "resources/versions", id=ids[0])["value"]
    assert [v["version"] for v in versions] == [2, 1]
    assert versions[0]["changes"] == {"properties.n": {"changeType": "Update", "previousValue": 1, "newValue": 2}}
    found = call(posture, "POST", "/providers/Microsoft.ResourceGraph/resources", "2021-03-01", {
        "query": f"resourcechanges | where properties.targetResourceId =~ '{ids[0]}' | project change=tostring(properties.changeType), n=properties.changes['properties.n'].newValue"})[1]
    assert {"change": "Update", "n": 2} in found["data"]


def test_the_score_and_resource_graph_say_the_same(posture):
    score = call(posture, "GET", f"{subscription(posture)}/providers/Microsoft.Security/secureScores/ascScore", "2020-01-01")[1]["properties"]["score"]
    rows = call(posture, "POST", "/providers/Microsoft.ResourceGraph/resources", "2021-03-01", {
        "query": "SecurityResources | where type == 'microsoft.security/securescores' | project current=todouble(properties.score.current)"})[1]["data"]
    assert rows == [{"current": pytest.approx(score["current"], abs=0.01)}]
    history = ops(posture, "GET", "secureScoreHistory")["value"]
    assert history and history[-1]["current"] == pytest.approx(score["current"], abs=0.01)


def graph(server, query):
    status, answer = call(server, "POST", "/providers/Microsoft.ResourceGraph/resources", "2021-03-01", {"query": query})
    assert status == 200, answer
    return answer["data"]


def until(found, wanted, seconds=20):
    """Rows reach the tables a moment after the change."""
    deadline = time.monotonic() + seconds
    while (rows := found()) != wanted and time.monotonic() < deadline:
        time.sleep(0.3)
    assert rows == wanted


def test_single_findings_and_alerts_are_rows_of_resource_graph(posture):
    name = "7b3f0a52-0000-4000-8000-00000000c107"
    where = "Test.Things/things/parts[*]"
    definition = define(posture, name, {"count": {"field": where, "where": {"field": f"{where}.worn", "equals": True}}, "greater": 0})
    assignment = assign(posture, "worn", definition)
    query = ("securityresources | where type == 'microsoft.security/assessments/subassessments' and properties.resourceDetails.id endswith '/mill'"
             " | project title=tostring(properties.id), code=tostring(properties.status.code), id | order by title asc")
    rows = lambda: [(r["title"], r["code"]) for r in graph(posture, query)]
    put(posture, "mill", parts=[{"name": "axle", "worn": True}, {"name": "cog", "worn": True}, {"name": "pin", "worn": False}])
    until(rows, [("axle", "Unhealthy"), ("cog", "Unhealthy")])
    assert call(posture, "GET", graph(posture, query)[0]["id"], "2019-01-01-preview")[1]["properties"]["id"] == "axle"
    put(posture, "mill", parts=[{"name": "axle", "worn": False}, {"name": "cog", "worn": True}, {"name": "pin", "worn": True}])
    until(rows, [("cog", "Unhealthy"), ("pin", "Unhealthy")])
    put(posture, "mill", parts=[])
    until(rows, [])
    call(posture, "DELETE", assignment, "2021-06-01")
    call(posture, "DELETE", thing(posture, "mill"), "2024-01-01")
    assert {r["type"] for r in graph(posture, "securityresources | where type == 'microsoft.security/locations/alerts' | take 1")} <= {"microsoft.security/locations/alerts"}


def test_changes_of_a_resource_come_one_by_one(posture):
    changes = "/providers/Microsoft.ResourceGraph/resourceChanges"
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))
    for lit in (False, True):
        put(posture, "lamp", lit=lit, bulbs=2)
    call(posture, "DELETE", thing(posture, "lamp"), "2024-01-01")
    asked = {"resourceIds": [thing(posture, "lamp")], "interval": {"start": before, "end": "2040-01-01T00:00:00Z"}}
    found = call(posture, "POST", changes, "2020-09-01-preview", {**asked, "fetchPropertyChanges": True})[1]["changes"]
    assert [c["changeType"] for c in found] == ["Delete", "Update", "Create"]
    assert found[1]["propertyChanges"] == [{"propertyName": "properties.lit", "beforeValue": "false", "afterValue": "true",
                                            "changeCategory": "User", "propertyChangeType": "Update"}]
    assert "content" not in found[1]["beforeSnapshot"] and found[1]["beforeSnapshot"]["timestamp"] <= found[1]["afterSnapshot"]["timestamp"]
    page = call(posture, "POST", changes, "2020-09-01-preview", {**asked, "$top": 2})[1]
    assert len(page["changes"]) == 2
    rest = call(posture, "POST", changes, "2020-09-01-preview", {**asked, "$top": 2, "$skipToken": page["$skipToken"]})[1]
    assert [c["changeType"] for c in rest["changes"]] == ["Create"] and "$skipToken" not in rest
    of_all = call(posture, "POST", changes, "2020-09-01-preview", {"subscriptionId": subscription(posture).split("/")[2], "interval": asked["interval"]})[1]
    assert found[1]["changeId"] in {c["changeId"] for c in of_all["changes"]}
    details = call(posture, "POST", changes.replace("Changes", "ChangeDetails"), "2020-09-01-preview",
                   {"resourceIds": asked["resourceIds"], "changeIds": [found[1]["changeId"]]})[1]
    assert [(d["beforeSnapshot"]["content"]["properties"]["lit"], d["afterSnapshot"]["content"]["properties"]["lit"]) for d in details] == [(False, True)]
    for broken in ({}, {"interval": asked["interval"]}, {**asked, "$top": 0}):
        assert call(posture, "POST", changes, "2020-09-01-preview", broken)[0] == 400
    assert call(posture, "POST", changes.replace("Changes", "ChangeDetails"), "2020-09-01-preview",
                {"resourceIds": asked["resourceIds"], "changeIds": ["1-1"]})[0] == 404
    until(lambda: [r["kind"] for r in graph(posture, "resourcechanges | where properties.targetResourceId endswith '/lamp'"
                                            " | order by todatetime(properties.changeAttributes.timestamp) asc"
                                            " | project kind=tostring(properties.changeType)")], ["Create", "Update", "Delete"])


def test_risk_comes_of_severity_and_of_where_the_finding_is(posture):
    name = "7b3f0a52-0000-4000-8000-00000000c105"
    assert put(posture, "risky", open=True)[0] == 201
    target = f"{thing(posture, 'risky')}/providers/Microsoft.Security/assessments/{name}"
    assert call(posture, "GET", target, "2020-01-01")[1]["properties"]["risk"]["level"] == "NotEvaluated"
    body = {"location": "local", "tags": {"exposure": "internet", "env": "prod"}, "properties": {"open": True}}
    assert call(posture, "PUT", thing(posture, "risky"), "2024-01-01", body)[0] == 200
    risk = call(posture, "GET", target, "2020-01-01")[1]["properties"]["risk"]
    assert risk["level"] == "Critical" and risk["points"] == risk["severityPoints"] + risk["factorPoints"] == 85
    assert risk["arithmetic"] == "40 for severity High + 30 InternetExposure + 15 BusinessCriticality = 85: Critical, from 80"
    assert {f["name"]: f["state"] for f in risk["factors"]} == {
        "InternetExposure": "Present", "SensitiveData": "NotEvaluated", "LateralMovement": "NotEvaluated", "BusinessCriticality": "Present"}
    assert risk["factors"][0]["evidence"]["found"] == "internet"
    row = next(r for r in ops(posture, "GET", "recommendations")["value"] if r["name"] == name)
    assert row["risk"]["level"] == "Critical" and row["risk"]["riskFactors"] == ["InternetExposure", "BusinessCriticality"]
    assert row["risk"]["resources"]["Critical"] == 1 and row["risk"]["resources"]["NotEvaluated"] == row["resources"]["unhealthy"] - 1
    until(lambda: graph(posture, f"securityresources | where id =~ '{target}' | project level=tostring(properties.risk.level)"), [{"level": "Critical"}])
    call(posture, "DELETE", thing(posture, "risky"), "2024-01-01")


def test_versions_of_a_definition_are_kept_listed_and_pinned(posture):
    sub = subscription(posture)
    target = f"{sub}{AUTH}/policyDefinitions/no-windows"

    def body(limit):
        return {"properties": {"mode": "All", "policyRule": {"then": {"effect": "audit"}, "if": {"allOf": [
            {"field": "type", "equals": "Test.Things/things"}, {"field": "Test.Things/things/windows", "greater": limit}]}}}}
    assert call(posture, "PUT", f"{target}/versions/1.0.0", "2024-05-01", body(0))[0] == 201
    assert call(posture, "PUT", f"{target}/versions/2.0.0", "2024-05-01", body(9))[0] == 201
    assert call(posture, "PUT", f"{target}/versions/2.0.0", "2024-05-01", body(8))[0] == 200
    assert call(posture, "GET", target, "2024-05-01")[1]["properties"]["versions"] == ["2.0.0", "1.0.0"]
    assert [v["name"] for v in call(posture, "GET", f"{target}/versions", "2024-05-01")[1]["value"]] == ["2.0.0", "1.0.0"]
    one = call(posture, "GET", f"{target}/versions/1.0.0", "2024-05-01")[1]
    assert one["type"] == "Microsoft.Authorization/policyDefinitions/versions" and one["properties"]["policyRule"]["if"]["allOf"][1]["greater"] == 0
    assignment = assign(posture, "no-windows", target, definitionVersion="1.*.*")
    expanded = call(posture, "GET", assignment, "2024-05-01", **{"$expand": "LatestDefinitionVersion,EffectiveDefinitionVersion"})[1]["properties"]
    assert (expanded["latestDefinitionVersion"], expanded["effectiveDefinitionVersion"]) == ("2.0.0", "1.0.0")
    assert put(posture, "glass", windows=3)[0] == 201
    states = call(posture, "POST", f"{thing(posture, 'glass')}{INSIGHTS}/policyStates/latest/queryResults", "2019-10-01")[1]["value"]
    assert [s["complianceState"] for s in states if s["policyAssignmentName"] == "no-windows"] == ["NonCompliant"]
    assert call(posture, "DELETE", f"{target}/versions/1.0.0", "2024-05-01")[0] == 200
    assert call(posture, "DELETE", f"{target}/versions/1.0.0", "2024-05-01")[0] == 204
    assert call(posture, "GET", f"{target}/versions/1.0.0", "2024-05-01")[0] == 404
    call(posture, "DELETE", assignment, "2024-05-01")
    call(posture, "DELETE", thing(posture, "glass"), "2024-01-01")


def test_a_standard_is_handed_on_as_csv_and_pdf(posture, tmp_path):
    target = f"{subscription(posture)}/providers/Microsoft.Security/regulatoryComplianceStandards/house-rules/export?api-version=2019-01-01-preview"
    assert put(posture, "garage", open=True)[0] in (200, 201)
    status, headers, text = posture.call("GET", target, headers=posture.posture_headers)
    rows = list(csv.DictReader(text.decode().splitlines()))
    assert status == 200 and {r["control"] for r in rows} == {"DOORS-1"} and rows[0]["state"] == "Failed"
    assert thing(posture, "garage") in rows[0]["failingResources"].split() and rows[0]["scope"] == subscription(posture)
    assert "Test.Things/things/open: found true" in rows[0]["evidence"] and rows[0]["time"].endswith("Z")
    request = urllib.request.Request(posture.url + target + "&format=pdf", headers=posture.posture_headers)
    with urllib.request.urlopen(request, context=posture.context(), timeout=60) as answer:
        assert answer.headers["Content-Type"] == "application/pdf" and ".pdf" in answer.headers["Content-Disposition"]
        body = answer.read()
    assert body.startswith(b"%PDF-") and body.rstrip().endswith(b"%%EOF")
    assert posture.call("GET", target + "&format=doc", headers=posture.posture_headers)[0] == 400
    if shutil.which("pdftotext"):
        path = tmp_path / "report.pdf"
        path.write_bytes(body)
        shown = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, timeout=60, check=True).stdout
        for words in ("Compliance report", "house-rules", subscription(posture), "Control DOORS-1", "things/garage", "1 fail"):
            assert words in shown, shown
    call(posture, "DELETE", thing(posture, "garage"), "2024-01-01")


def test_controls_say_what_they_ask_for_and_components_are_states_of_their_own_mode(posture):
    made = define(posture, "quiet", {"field": "name", "equals": "nobody"})
    groups = [{"name": "AC-1", "displayName": "Access policy", "category": "Access", "description": "Write it down.",
               "additionalMetadataId": "/providers/Microsoft.PolicyInsights/policyMetadata/House_AC-1"}]
    assert call(posture, "PUT", f"{subscription(posture)}{AUTH}/policySetDefinitions/house-controls", "2021-06-01", {"properties": {
        "policyDefinitions": [{"policyDefinitionId": made, "groupNames": ["AC-1"]}], "policyDefinitionGroups": groups}})[0] in (200, 201)
    names = [m["name"] for m in call(posture, "GET", f"{INSIGHTS}/policyMetadata", "2019-10-01")[1]["value"]]
    assert "House_AC-1" in names and len(names) == len(set(names))
    one = call(posture, "GET", f"{INSIGHTS}/policyMetadata/House_AC-1", "2019-10-01")[1]
    assert (one["properties"]["metadataId"], one["properties"]["title"], one["properties"]["requirements"]) == ("AC-1", "Access policy", "Write it down.")
    assert call(posture, "GET", f"{INSIGHTS}/policyMetadata/None", "2019-10-01")[0] == 404
    rule = {"if": {"field": "type", "equals": "Test.Things/things"}, "then": {"effect": "audit"}}
    inside = call(posture, "PUT", f"{subscription(posture)}{AUTH}/policyDefinitions/inside", "2021-06-01",
                  {"properties": {"mode": "Test.Things.Data", "policyRule": rule}})[1]["id"]
    assignment = assign(posture, "inside", inside)
    put(posture, "box", full=True)
    components = call(posture, "POST", f"{subscription(posture)}{INSIGHTS}/componentPolicyStates/latest/queryResults", "2022-04-01")[1]
    assert components["@odata.count"] == len(components["value"]) > 0
    assert {c["policyDefinitionName"] for c in components["value"]} == {"inside"} and "box" in {c["componentName"] for c in components["value"]}
    call(posture, "DELETE", assignment, "2021-06-01")
    call(posture, "DELETE", thing(posture, "box"), "2024-01-01")


def test_a_definition_is_tried_before_it_is_assigned(posture):
    put(posture, "shed", roof="tin")
    rule = {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, {"field": "Test.Things/things/roof", "equals": "tin"}]},
            "then": {"effect": "[parameters('effect')]"}}
    definition = {"properties": {"mode": "All", "parameters": {"effect": {"type": "String", "defaultValue": "Audit"}}, "policyRule": rule}}
    tried = ops(posture, "POST", "policyTry", {"definition": definition, "resourceId": thing(posture, "shed")})
    assert tried["resource"]["complianceState"] == "NonCompliant" and tried["resource"]["effect"].lower() == "audit"
    assert tried["resource"]["evidence"]["found"] == "tin" and tried["everything"]["unhealthy"] == 1
    assert tried["everything"]["firstUnhealthy"].lower() == thing(posture, "shed").lower() and tried["everything"]["healthy"] >= 2
    off = ops(posture, "POST", "policyTry", {"definition": definition, "parameters": {"effect": {"value": "Disabled"}}, "resourceId": thing(posture, "shed")})
    assert off["resource"]["concerned"] is False and off["everything"]["unhealthy"] == 0
    broken = ops(posture, "POST", "policyTry", {"definition": {"policyRule": {"if": {"field": "a", "equal": 1}, "then": {"effect": "audit"}}}}, code=400)
    assert "equal" in broken["error"]["message"]
    roof = tried["resource"]["explanation"]["condition"]["conditions"][1]
    assert (roof["field"], roof["path"], roof["found"], roof["wanted"], roof["holds"]) == ("Test.Things/things/roof", "properties.roof", "tin", "tin", True)
    pasted = ops(posture, "POST", "policyTry", {"definition": definition, "resource": {"type": "Test.Things/things", "properties": {"roof": "slate"}}})
    assert pasted["resource"]["complianceState"] == "Compliant" and pasted["resource"]["explanation"]["matched"] is False
    call(posture, "DELETE", thing(posture, "shed"), "2024-01-01")


def test_a_recommendation_says_condition_by_condition_why(posture):
    definition = define(posture, "roofs", {"field": "Test.Things/things/roof", "equals": "tin"})
    assignment = assign(posture, "roofs", definition)
    put(posture, "hut", roof="tin")
    why = ops(posture, "GET", "recommendations/roofs/explanation", resourceId=thing(posture, "hut"))
    assert why["complianceState"] == "NonCompliant" and why["explanation"]["effect"] == "audit"
    assert [c["holds"] for c in why["explanation"]["condition"]["conditions"]] == [True, True]
    put(posture, "hut", roof="slate")
    why = ops(posture, "GET", "recommendations/roofs/explanation", resourceId=thing(posture, "hut"))
    assert why["complianceState"] == "Compliant" and why["explanation"]["condition"]["conditions"][1]["found"] == "slate"
    ops(posture, "GET", "recommendations/roofs/explanation", code=400)
    ops(posture, "GET", "recommendations/roofs/explanation", code=404, resourceId=thing(posture, "hat"))
    call(posture, "DELETE", assignment, "2021-06-01")
    call(posture, "DELETE", thing(posture, "hut"), "2024-01-01")
