# SPDX-License-Identifier: Apache-2.0
"""Alerts of other products: SecurityAlert rows, Graph alerts and OCSF findings become alerts here, each once."""
import json
import time
import uuid

import pytest
from conftest import wait_until
from desk import INSIGHTS, Desk


@pytest.fixture(scope="module")
def desk(vedette):
    return Desk(vedette)


@pytest.fixture
def mark():
    return f"foreign-{uuid.uuid4().hex[:8]}"


def now(ago=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago))


def send(desk, tmp_path, *records):
    path = tmp_path / f"{uuid.uuid4().hex}.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    desk.server.import_(path)


def alerts(desk, mark):
    sub = "/".join(desk.ws.split("/")[:3])
    status, _, body = desk.server.call("GET", f"{sub}/providers/Microsoft.Security/alerts?api-version=2022-01-01", headers=desk.headers)
    assert status == 200, body
    return [a["properties"] for a in json.loads(body)["value"] if mark in a["properties"]["alertDisplayName"]]


def one(desk, mark, seconds=40):
    found = wait_until(lambda: alerts(desk, mark), seconds, "the alert")
    assert len(found) == 1, found
    return found[0]


def rule(desk, **properties):
    at = f"{INSIGHTS}/alertRules/{uuid.uuid4()}"
    desk.ask("PUT", at, {"kind": "MicrosoftSecurityIncidentCreation", "properties": {"displayName": "theirs", "enabled": True, **properties}}, 201)
    return at


def security_alert(mark, product, original, **more):
    return {"Type": "SecurityAlert", "TimeGenerated": now(), "SystemAlertId": str(uuid.uuid4()), "VendorOriginalId": original, "DisplayName": f"{mark} seen", "AlertName": f"{mark} seen",
            "AlertSeverity": "High", "ProductName": product, "ProviderName": "ACME", "VendorName": "Acme", "StartTime": now(600), "EndTime": now(500), "Status": "New",
            "Entities": json.dumps([{"$id": "1", "HostName": "acme-host", "Type": "host"}]), "Tactics": "Execution, Persistence", "Techniques": "[\"T1059\"]", "Description": "of Acme", **more}


def test_a_row_becomes_one_alert_and_is_brought_up_to_date(desk, tmp_path, mark):
    original = uuid.uuid4().hex
    first = security_alert(mark, mark, original)
    send(desk, tmp_path, first)
    alert = one(desk, mark)
    assert alert["productName"] == mark and alert["vendorName"] == "Acme" and alert["severity"] == "High" and alert["systemAlertId"] == first["SystemAlertId"]
    assert "acme-host" in json.dumps(alert["entities"]) and not [i for i in desk.incidents() if mark in i["properties"]["title"]]
    send(desk, tmp_path, security_alert(mark, mark, original, EndTime=now(10), Status="Resolved", SystemAlertId=str(uuid.uuid4()),
                                        Entities=json.dumps([{"$id": "1", "HostName": "second-host", "Type": "host"}])))
    again = wait_until(lambda: next((a for a in alerts(desk, mark) if "second-host" in json.dumps(a["entities"])), None), 40, "the update")
    assert len(alerts(desk, mark)) == 1 and "acme-host" in json.dumps(again["entities"]) and again["status"] == "Resolved"
    assert again["endTimeUtc"] > alert["endTimeUtc"] and again["systemAlertId"] == first["SystemAlertId"]
    wait_until(lambda: desk.server.value(f"SecurityAlert | where DisplayName has '{mark}' and SystemAlertId == '{first['SystemAlertId']}' | count") >= 3, 30, "its rows")
    time.sleep(12)
    n = desk.server.value(f"SecurityAlert | where DisplayName has '{mark}' | count")
    time.sleep(6)
    assert desk.server.value(f"SecurityAlert | where DisplayName has '{mark}' | count") == n, "our own rows are not taken for theirs"


def test_a_rule_makes_incidents_of_the_alerts_that_it_wants(desk, tmp_path, mark):
    at = rule(desk, productFilter=mark, severitiesFilter=["High"], displayNamesExcludeFilter=["noise"])
    send(desk, tmp_path, security_alert(mark, mark, "1"), security_alert(mark + "-noise", mark, "2"), security_alert(mark + "-low", mark, "3", AlertSeverity="Low"))
    wait_until(lambda: len(alerts(desk, mark)) == 3, 40, "three alerts")
    made = wait_until(lambda: [i for i in desk.incidents() if mark in i["properties"]["title"]], 20, "an incident")
    held = desk.ask("POST", f"{INSIGHTS}/incidents/{made[0]['name']}/alerts")["value"]
    assert len(made) == 1 and [a["properties"]["alertDisplayName"] for a in held if mark in a["properties"]["alertDisplayName"]] == [f"{mark} seen"]
    assert made[0]["properties"]["additionalData"]["alertProductNames"][-1] == mark
    desk.ask("DELETE", at)


def test_a_graph_alert(desk, tmp_path, mark):
    send(desk, tmp_path, {"@odata.type": "#microsoft.graph.security.alert", "id": f"da{mark}", "providerAlertId": mark, "title": f"{mark} by Graph", "description": "d", "severity": "medium",
                          "category": "LateralMovement", "status": "new", "serviceSource": "microsoftDefenderForEndpoint", "detectionSource": "antivirus", "productName": "Microsoft Defender for Endpoint",
                          "mitreTechniques": ["T1021"], "createdDateTime": now(), "firstActivityDateTime": now(60), "lastActivityDateTime": now(30), "lastUpdateDateTime": now(), "recommendedActions": "look",
                          "alertWebUrl": "https://example.org/a", "evidence": [
                              {"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": "graph-host"},
                              {"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "203.0.113.7"},
                              {"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": {"accountName": "gina", "domainName": "CONTOSO"}}]})
    alert = one(desk, mark)
    text = json.dumps(alert)
    assert alert["severity"] == "Medium" and alert["productName"] == "Microsoft Defender for Endpoint" and all(w in text for w in ("graph-host", "203.0.113.7", "gina"))
    assert alert["intent"] == "LateralMovement"


def test_an_ocsf_finding(desk, tmp_path, mark):
    send(desk, tmp_path, {"class_uid": 2004, "category_uid": 2, "activity_id": 1, "type_uid": 200401, "time": int(time.time() * 1000), "severity_id": 5, "status_id": 1,
                          "metadata": {"version": "1.1.0", "product": {"name": "Watcher", "vendor_name": "Watchers Ltd"}},
                          "finding_info": {"uid": mark, "title": f"{mark} by OCSF", "desc": "found", "first_seen_time": int((time.time() - 60) * 1000),
                                           "attacks": [{"tactic": {"name": "Credential Access"}, "technique": {"uid": "T1003"}}]},
                          "evidences": [{"device": {"hostname": "ocsf-host"}, "actor": {"user": {"name": "otto"}}, "process": {"cmd_line": "dump.exe lsass"}}],
                          "observables": [{"name": "ip", "type_id": 2, "value": "198.51.100.9"}]})
    alert = one(desk, mark)
    text = json.dumps(alert)
    assert alert["severity"] == "High" and alert["productName"] == "Watcher" and alert["vendorName"] == "Watchers Ltd" and alert["intent"] == "CredentialAccess"
    assert all(w in text for w in ("ocsf-host", "otto", "dump.exe lsass", "198.51.100.9"))
