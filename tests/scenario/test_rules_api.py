# SPDX-License-Identifier: Apache-2.0
"""Alert rules, templates, automation rules, activities and views, over the API."""
import json
import signal
import threading
import time
import uuid

import pytest
from conftest import wait_until
from desk import INSIGHTS, OPS, Desk


@pytest.fixture(scope="module")
def desk(module_vedette):
    return Desk(module_vedette)


def rule(mark, **more):
    return {"kind": "Scheduled", "properties": {
        "displayName": f"doors of {mark}", "description": "of a test", "enabled": True, "severity": "High", "queryFrequency": "PT5M", "queryPeriod": "PT1H",
        "triggerOperator": "GreaterThan", "triggerThreshold": 0, "suppressionEnabled": False, "suppressionDuration": "PT5H",
        "tactics": ["InitialAccess"], "techniques": ["T1078"], "query": f"Syslog | where ProcessName == '{mark}' | project TimeGenerated, Computer, SyslogMessage",
        "entityMappings": [{"entityType": "Host", "fieldMappings": [{"identifier": "HostName", "columnName": "Computer"}]}],
        "customDetails": {"what": "SyslogMessage"}, "eventGroupingSettings": {"aggregationKind": "AlertPerResult"},
        "alertDetailsOverride": {"alertDisplayNameFormat": "door of {{Computer}} opened"},
        "incidentConfiguration": {"createIncident": True, "groupingConfiguration": {"enabled": True, "reopenClosedIncident": False, "lookbackDuration": "PT5H", "matchingMethod": "AllEntities"}}, **more}}


def syslog(desk, tmp_path, mark, host):
    log = tmp_path / f"{uuid.uuid4().hex}.jsonl"
    log.write_text(json.dumps({"Type": "Syslog", "TimeGenerated": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "ProcessName": mark, "Computer": host, "SyslogMessage": "open"}) + "\n")
    desk.server.import_(log)


def titles(desk):
    return [i["properties"]["title"] for i in desk.incidents()]


def test_a_rule_is_made_changed_and_deleted_and_acts_at_once(desk, tmp_path):
    mark, name = f"door-{uuid.uuid4().hex[:8]}", str(uuid.uuid4())
    at = f"{INSIGHTS}/alertRules/{name}"
    syslog(desk, tmp_path, mark, "early")
    made = desk.ask("PUT", at, rule(mark), 201, "rule-1")
    p = made["properties"]
    assert made["kind"] == "Scheduled" and made["etag"] and p["lastModifiedUtc"] and p["customDetails"] == {"what": "SyslogMessage"}
    assert p["alertDetailsOverride"] == {"alertDisplayNameFormat": "door of {{Computer}} opened"} and p["eventGroupingSettings"] == {"aggregationKind": "AlertPerResult"}
    assert p["incidentConfiguration"]["groupingConfiguration"]["lookbackDuration"] == "PT5H" and p["suppressionDuration"] == "PT5H"
    assert desk.ask("PUT", at, rule(mark), 201, "rule-1")["etag"] == made["etag"]
    wait_until(lambda: any("early" in t for t in titles(desk)), 30, "what was there before fires it")
    syslog(desk, tmp_path, mark, "late")
    wait_until(lambda: any("late" in t for t in titles(desk)), 30, "what comes fires it")

    changed = desk.ask("PUT", at, {**rule(mark, severity="Low"), "etag": made["etag"]}, 200)
    assert changed["etag"] != made["etag"] and changed["properties"]["severity"] == "Low"
    desk.ask("PUT", at, {**rule(mark), "etag": made["etag"]}, 412)
    off = desk.ask("PUT", at, {**rule(mark, enabled=False), "etag": changed["etag"]}, 200)
    syslog(desk, tmp_path, mark, "quiet")
    time.sleep(5)
    assert not any("quiet" in t for t in titles(desk))
    desk.server.restart()
    desk.headers = desk.server.signin()
    assert desk.ask("GET", at)["etag"] == off["etag"] and desk.ask("GET", at)["properties"]["enabled"] is False
    desk.ask("DELETE", at, want=200)
    desk.ask("DELETE", at, want=204)
    desk.ask("GET", at, want=404)


def test_a_rule_that_cannot_run_is_refused_with_the_place(desk):
    at = f"{INSIGHTS}/alertRules/{uuid.uuid4()}"
    for wrong, word in (({"query": "Syslog | where Nothing == 1"}, "line 1"), ({"query": "NoTable | take 1"}, "NoTable"), ({"query": "Syslog | where ("}, "line 1"),
                        ({"queryFrequency": "PT1M"}, "queryFrequency"), ({"severity": "Awful"}, "severity"), ({"tactics": ["Nonsense"]}, "tactics"),
                        ({"entityMappings": [{"entityType": "Host", "fieldMappings": [{"identifier": "HostName", "columnName": "Nobody"}]}]}, "Nobody"),
                        ({"displayName": None}, "name")):
        answer = desk.ask("PUT", at, rule("x", **wrong), 400)
        assert word in answer["error"]["message"], (wrong, answer)
    desk.ask("PUT", f"{INSIGHTS}/alertRules/no-guid", rule("x"), 400)
    desk.ask("PUT", at, {**rule("x"), "kind": "Fusion"}, 400)
    desk.ask("GET", at, want=404)


def test_a_rule_of_a_template_takes_its_place(desk):
    templates = desk.ask("GET", f"{INSIGHTS}/alertRuleTemplates")["value"]
    assert len(templates) >= 50 and all(t["properties"]["status"] == "Installed" for t in templates)
    one = desk.ask("GET", f"{INSIGHTS}/alertRuleTemplates/{templates[0]['name']}")
    p = one["properties"]
    at = f"{INSIGHTS}/alertRules/{one['name']}"
    shipped = desk.ask("GET", at)
    assert shipped["properties"]["query"] == p["query"] and shipped["properties"]["alertRuleTemplateName"] == one["name"]
    body = {"kind": one["kind"], "etag": shipped["etag"], "properties": {k: p[k] for k in p if k not in ("status", "version", "requiredDataConnectors", "alertRulesCreatedByTemplateCount")}
            | {"enabled": False, "suppressionEnabled": False, "suppressionDuration": "PT5H", "alertRuleTemplateName": one["name"], "templateVersion": p["version"]}}
    mine = desk.ask("PUT", at, body, 200)
    assert mine["properties"]["enabled"] is False and mine["properties"]["query"] == p["query"]
    n = len(desk.ask("GET", f"{INSIGHTS}/alertRules")["value"])
    desk.ask("DELETE", at, want=200)
    assert len(desk.ask("GET", f"{INSIGHTS}/alertRules")["value"]) == n - 1
    assert desk.ask("GET", f"{INSIGHTS}/alertRuleTemplates/{one['name']}")["properties"]["status"] == "Available"
    other = f"{INSIGHTS}/alertRules/{uuid.uuid4()}"
    desk.ask("PUT", other, {**body, "etag": None}, 201)
    assert desk.ask("GET", f"{INSIGHTS}/alertRuleTemplates/{one['name']}")["properties"]["alertRulesCreatedByTemplateCount"] == 1
    again = desk.ask("PUT", at, {**body, "etag": None}, 201)
    assert again["properties"]["query"] == p["query"]
    assert desk.ask("GET", f"{INSIGHTS}/alertRules/{again['name']}/actions")["value"] == []


def test_nrt_and_incident_creation_rules_are_kept(desk):
    at = f"{INSIGHTS}/alertRules/{uuid.uuid4()}"
    nrt = rule("nrt")
    nrt["kind"] = "NRT"
    assert desk.ask("PUT", at, nrt, 201)["kind"] == "NRT"
    other = f"{INSIGHTS}/alertRules/{uuid.uuid4()}"
    foreign = {"kind": "MicrosoftSecurityIncidentCreation", "properties": {"displayName": "all of theirs", "productFilter": "Azure Security Center", "enabled": True, "severitiesFilter": ["High"]}}
    made = desk.ask("PUT", other, foreign, 201)
    assert made["kind"] == foreign["kind"] and made["properties"]["productFilter"] == "Azure Security Center" and made["etag"]
    desk.ask("PUT", other, {**foreign, "etag": made["etag"], "properties": {**foreign["properties"], "severitiesFilter": ["Awful"]}}, 400)
    assert {r["kind"] for r in desk.ask("GET", f"{INSIGHTS}/alertRules")["value"]} == {"Scheduled", "NRT", "MicrosoftSecurityIncidentCreation"}
    desk.ask("DELETE", at, want=200)
    desk.ask("DELETE", other, want=200)


def automation(order, **more):
    return {"properties": {"displayName": f"order {order}", "order": order, "triggeringLogic": {"isEnabled": True, "triggersOn": "Incidents", "triggersWhen": "Created", "conditions": [
        {"conditionType": "Property", "conditionProperties": {"propertyName": "IncidentTitle", "operator": "Contains", "propertyValues": ["door"]}}]},
        "actions": [{"order": 1, "actionType": "ModifyProperties", "actionConfiguration": {"severity": "High"}}], **more}}


def test_automation_rules_are_kept_in_their_order(desk):
    names = [str(uuid.uuid4()) for _ in range(3)]
    made = [desk.ask("PUT", f"{INSIGHTS}/automationRules/{n}", automation(o), 201) for n, o in zip(names, (30, 10, 20))]
    assert [r["properties"]["order"] for r in desk.ask("GET", f"{INSIGHTS}/automationRules")["value"]] == [10, 20, 30]
    assert made[0]["properties"]["createdBy"]["name"] == "admin" and made[0]["properties"]["createdTimeUtc"]
    changed = desk.ask("PUT", f"{INSIGHTS}/automationRules/{names[0]}", {**made[0], "properties": {**made[0]["properties"], "order": 5}}, 200)
    assert changed["properties"]["order"] == 5
    desk.ask("PUT", f"{INSIGHTS}/automationRules/{names[0]}", {**automation(6), "etag": made[0]["etag"]}, 412)
    for wrong in ({"order": 0}, {"order": 1001}, {"actions": []}, {"actions": [{"order": 1, "actionType": "Explode"}]}, {"triggeringLogic": {"isEnabled": True}}, {"displayName": ""}):
        desk.ask("PUT", f"{INSIGHTS}/automationRules/{uuid.uuid4()}", automation(1) | {"properties": {**automation(1)["properties"], **wrong}}, 400)
    for n in names:
        desk.ask("DELETE", f"{INSIGHTS}/automationRules/{n}", want=200)


def test_activities_stand_among_the_entity_queries(desk):
    at = f"{INSIGHTS}/entityQueries/{uuid.uuid4()}"
    body = {"kind": "Activity", "properties": {"title": "Doors", "content": "opened {{Count}} doors", "description": "d", "inputEntityType": "Host", "enabled": True,
            "queryDefinitions": {"query": "Syslog | where Computer == '{{Host_HostName}}' | summarize Count = count()"}, "requiredInputFieldsSets": [["Host_HostName"]], "entitiesFilter": {}}}
    made = desk.ask("PUT", at, body, 201)
    assert made["kind"] == "Activity" and made["properties"]["createdTimeUtc"] and desk.ask("GET", at)["properties"]["title"] == "Doors"
    kinds = [q["kind"] for q in desk.ask("GET", f"{INSIGHTS}/entityQueries?kind=Activity")["value"]]
    assert kinds == ["Activity"]
    desk.ask("PUT", at, {**body, "properties": {**body["properties"], "inputEntityType": "Ghost"}}, 400)
    desk.ask("PUT", at, {**body, "kind": "Expansion"}, 400)
    desk.ask("DELETE", at, want=200)
    desk.ask("DELETE", at, want=204)
    desk.ask("GET", at, want=404)


def bearer(desk, role):
    who = desk.server.principal(role)
    _, _, body = desk.server.call("POST", "/adfs/oauth2/token", f"grant_type=client_credentials&client_id={who['clientId']}&client_secret={who['clientSecret']}"
                                  f"&scope={desk.server.url}/.default".encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    return {"Authorization": "Bearer " + json.loads(body)["access_token"]}


def test_views_are_one_s_own_or_everybody_s(desk):
    def view(name, shared=False, want=201, headers=None, etag=None, **definition):
        body = {"etag": etag, "properties": {"displayName": name, "page": "incidents", "shared": shared, "definition": definition}}
        status, _, answer = desk.server.call("PUT", f"{desk.ws}{OPS}/views/{name}?api-version=2026-11-01", body, headers or desk.headers)
        assert status == want, answer
        return json.loads(answer)

    reader = bearer(desk, "Microsoft Sentinel Reader")
    seen = lambda headers: {v["id"]: v for v in json.loads(desk.server.call("GET", f"{desk.ws}{OPS}/views?page=incidents&api-version=2026-11-01", headers=headers)[2])["value"]}
    mine = view("mine", filter="properties/severity eq 'High'", search="door", columns=["title"])
    assert mine["definition"] == {"filter": "properties/severity eq 'High'", "search": "door", "columns": ["title"]} and not mine["shared"]
    view("ours", shared=True, filter="")
    view("theirs", headers=reader, search="theirs")
    view("theirs-shared", shared=True, headers=reader, want=403)
    assert set(seen(desk.headers)) == {"mine", "ours"} and set(seen(reader)) == {"ours", "theirs"}
    assert "mine" not in [v["id"] for v in desk.ask("GET", OPS + "/views?page=alerts")["value"]]
    desk.ask("PUT", OPS + "/defaultViews/incidents", {"properties": {"view": "mine"}}, 204)
    assert seen(desk.headers)["mine"]["isDefault"] and not seen(desk.headers)["ours"]["isDefault"]
    desk.ask("PUT", OPS + "/defaultViews/incidents", {"properties": {"view": "nobody"}}, 404)
    desk.ask("PUT", OPS + "/defaultViews/incidents", {"properties": {}}, 204)
    assert not any(v["isDefault"] for v in seen(desk.headers).values())
    view("mine", want=412, etag="\"old\"", search="late")
    moved = view("mine", shared=True, want=200, etag=mine["etag"], search="door")
    assert moved["shared"] and "mine" in seen(reader)
    status, _, _ = desk.server.call("DELETE", f"{desk.ws}{OPS}/views/mine?api-version=2026-11-01", headers=reader)
    assert status == 403
    desk.ask("DELETE", OPS + "/views/mine", want=200)
    desk.ask("DELETE", OPS + "/views/mine", want=204)


def test_a_kill_leaves_a_rule_as_it_was_or_as_it_became(desk):
    name = str(uuid.uuid4())
    at = f"{INSIGHTS}/alertRules/{name}"
    desk.ask("PUT", at, rule("kill", severity="High"), 201)
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            for severity in ("Low", "High"):
                try:
                    desk.server.call("PUT", f"{desk.ws}{at}?api-version=2026-11-01", rule("kill", severity=severity, description=severity), desk.headers)
                except OSError:
                    return

    thread = threading.Thread(target=churn)
    thread.start()
    time.sleep(1)
    desk.server.stop(signal.SIGKILL)
    stop.set()
    thread.join()
    desk.server.start()
    desk.headers = desk.server.signin()
    p = desk.ask("GET", at)["properties"]
    assert p["severity"] in ("Low", "High") and p["description"] in ("of a test", p["severity"])
    desk.ask("DELETE", at, want=200)


def test_what_a_portal_remembers_is_its_owner_s_alone(desk):
    def ask(method, body=None, headers=None, want=200):
        status, _, answer = desk.server.call(method, "/providers/Vedette.Operations/mySettings/notices?api-version=2026-11-01", body, headers or desk.headers)
        assert status == want, answer
        return json.loads(answer) if answer else None

    other = bearer(desk, "Security Reader")  # a role that says nothing of settings
    assert ask("GET") == {"id": "notices", "etag": "", "modified": None, "properties": {}}
    first = ask("PUT", {"properties": {"read": ["a"]}})
    assert first["properties"] == {"read": ["a"]} and first["etag"] and first["modified"]
    ask("PUT", {"etag": first["etag"], "properties": {"read": ["a", "b"]}})
    ask("PUT", {"etag": first["etag"], "properties": {"read": ["c"]}}, want=412)
    assert ask("GET", headers=other)["properties"] == {}
    ask("PUT", {"properties": {"read": ["z"]}}, headers=other)
    assert ask("GET")["properties"] == {"read": ["a", "b"]}
    status, _, _ = desk.server.call("GET", "/providers/Vedette.Operations/mySettings/notices?api-version=2026-11-01", headers={})
    assert status == 401
    ask("PUT", {"properties": "text"}, want=400)
    ask("DELETE")
    ask("DELETE", want=204)
    assert ask("GET")["properties"] == {}
