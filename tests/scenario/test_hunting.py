# SPDX-License-Identifier: Apache-2.0
"""Hunting: saved queries, rounds over the recordings, bookmarks that become an incident, livestreams."""
import json
import re
import signal
import threading
import time
import uuid

import pytest
import yaml
from conftest import ROOT, wait_until
from desk import INSIGHTS, OPS, Desk

SAVED = "/savedSearches"
ALL_TIME = {"startTime": "2019-01-01T00:00:00Z", "endTime": "2030-01-01T00:00:00Z"}
CONTENT = sorted((ROOT / "content/hunting").glob("*.yaml"))


@pytest.fixture(scope="module")
def desk(module_vedette):
    return Desk(module_vedette)


def save(desk, name, query, want=200, etag=None, request=None, **more):
    body = {"etag": etag, "properties": {"category": "Hunting Queries", "displayName": name, "query": query, "tags": [
        {"name": "description", "value": "of a test"}, {"name": "tactics", "value": "Execution, Discovery"}, {"name": "techniques", "value": "T1059"}], **more}}
    return desk.ask("PUT", f"{SAVED}/{name}", body, want, request)


def round_of(desk, want=201, request=None, **properties):
    return desk.ask("POST", OPS + "/huntingRounds", {"properties": {**ALL_TIME, **properties}}, want, request)


def ended(desk, begun, seconds=300):
    at = f"{OPS}/huntingRounds/{begun['id']}"
    return wait_until(lambda: next((r for r in [desk.ask("GET", at)] if r["status"] != "Running"), None), seconds, "the round ends")


def syslog(desk, tmp_path, *messages, ago=0, mark="hunted"):
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago))
    log = tmp_path / f"{uuid.uuid4().hex}.jsonl"
    log.write_text("".join(json.dumps({"Type": "Syslog", "TimeGenerated": when, "ProcessName": mark, "Computer": "hunt1", "SyslogMessage": m}) + "\n" for m in messages))
    desk.server.import_(log)


def test_every_query_that_ships_is_whole():
    assert len(CONTENT) >= 20
    seen = set()
    for path in CONTENT:
        doc = yaml.safe_load(path.read_text())
        assert doc["kind"] == "Hunting" and uuid.UUID(doc["id"]) and doc["tactics"] and doc["description"] and doc["entityMappings"], path
        assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", t) for t in doc["techniques"]) and "ago(" not in doc["query"], path
        assert doc["id"] not in seen
        seen.add(doc["id"])


def test_a_round_over_the_recordings_finds_what_is_in_them(desk, shared):
    desk.server.import_(*sorted(shared.glob("corpus/events/*/*.zip")), *sorted(shared.glob("corpus/events/*/*.tar.gz")), wait=True)
    first = round_of(desk)
    assert first["status"] == "Running" and first["total"] >= len(CONTENT)
    done = ended(desk, first)
    queries = {q["id"]: q for q in desk.ask("GET", OPS + "/huntingQueries")["value"]}
    ours = [queries[yaml.safe_load(p.read_text())["id"]] for p in CONTENT]
    assert done["status"] == "Done" and done["failed"] == 0, [(q["title"], q["latest"]["error"]) for q in ours if q["latest"]["error"]]
    empty = [q["title"] for q in ours if not q["latest"]["count"]]
    assert len(ours) - len(empty) >= 24, empty
    assert all(q["source"] == "content" and q["latest"]["previous"] is None and q["latest"]["delta"] is None for q in ours)

    one = next(q for q in ours if q["title"] == "Who opens the memory of LSASS")
    result = desk.ask("GET", f"{OPS}/huntingQueries/{one['id']}/results/{first['id']}")
    names = [c["name"] for c in result["columns"]]
    assert len(result["rows"]) == result["count"] == one["latest"]["count"] and "powershell.exe" in [r[names.index("InitiatingProcessFileName")] for r in result["rows"]]
    mapped = {f["columnName"] for p in CONTENT for m in yaml.safe_load(p.read_text())["entityMappings"] for f in m["fieldMappings"] if queries[yaml.safe_load(p.read_text())["id"]] is one}
    assert mapped <= set(names)


def test_a_second_round_says_what_is_new(desk, tmp_path):
    save(desk, "mine", "Syslog | where ProcessName == 'hunted' | project Computer, SyslogMessage")
    syslog(desk, tmp_path, "one", "two")
    mine = ended(desk, round_of(desk, queries=["mine"]))
    assert (mine["total"], mine["done"], mine["found"]) == (1, 1, 1)
    syslog(desk, tmp_path, "three")
    ended(desk, round_of(desk, queries=["mine"]))
    latest = next(q for q in desk.ask("GET", OPS + "/huntingQueries")["value"] if q["id"] == "mine")
    assert latest["source"] == "saved" and latest["tactics"] == ["Execution", "Discovery"] and latest["description"] == "of a test"
    assert (latest["latest"]["count"], latest["latest"]["previous"], latest["latest"]["delta"], latest["latest"]["new"]) == (3, 2, 1, 1)
    results = desk.ask("GET", OPS + "/huntingQueries/mine/results")["value"]
    assert [r["count"] for r in results] == [3, 2]
    again = round_of(desk, request="round-1", queries=["mine"])
    assert round_of(desk, request="round-1", queries=["mine"])["id"] == again["id"]
    ended(desk, again)
    round_of(desk, 404, queries=["nobody"])
    save(desk, "broken", "NoSuchTable | take 1")
    assert ended(desk, round_of(desk, queries=["broken"]))["failed"] == 1
    assert "NoSuchTable" in desk.ask("GET", OPS + "/huntingQueries/broken/results")["value"][0]["error"]


def test_saved_searches_as_log_analytics_keeps_them(desk):
    made = save(desk, "kept", "Syslog | take 1")
    assert made["etag"] and made["properties"]["displayName"] == "kept"
    assert save(desk, "kept", "Syslog | take 2", etag=made["etag"])["etag"] != made["etag"]
    save(desk, "kept", "Syslog | take 3", 412, made["etag"])
    refused = save(desk, "kept", "Syslog | where (", 400)
    assert "line 1" in refused["error"]["message"]
    save(desk, "kept", "", 400)
    assert "kept" in [s["name"] for s in desk.ask("GET", SAVED)["value"]]
    save(desk, "other", "Syslog", category="Dashboards")
    assert "other" not in [q["id"] for q in desk.ask("GET", OPS + "/huntingQueries")["value"]]
    desk.ask("DELETE", SAVED + "/kept", want=200)
    desk.ask("GET", SAVED + "/kept", want=404)


def test_bookmarks_become_an_incident_in_one_act(desk):
    names = [str(uuid.uuid4()) for _ in range(3)]
    for n, name in enumerate(names):
        desk.ask("PUT", f"{INSIGHTS}/bookmarks/{name}", {"properties": {"displayName": f"row {n}", "query": "Syslog | take 1", "queryResult": "{\"a\":1}"}}, 201)
    new = {"title": "hunted down", "severity": "High", "status": "New", "description": "from three rows"}
    made = desk.ask("POST", OPS + "/bookmarks/promote", {"properties": {"bookmarks": names[:2], "new": new}}, 200, "promote-1")
    assert made["properties"]["additionalData"]["bookmarksCount"] == 2 and made["properties"]["title"] == "hunted down"
    assert desk.ask("POST", OPS + "/bookmarks/promote", {"properties": {"bookmarks": names[:2], "new": new}}, 200, "promote-1")["name"] == made["name"]
    more = desk.ask("POST", OPS + "/bookmarks/promote", {"properties": {"bookmarks": names[2:], "incident": made["name"]}}, 200)
    assert more["properties"]["additionalData"]["bookmarksCount"] == 3
    held = desk.ask("POST", f"{INSIGHTS}/incidents/{made['name']}/bookmarks")["value"]
    assert {b["name"] for b in held} == set(names)
    before = len(desk.incidents())
    desk.ask("POST", OPS + "/bookmarks/promote", {"properties": {"bookmarks": [names[0], "nobody"], "new": new}}, 404)
    assert len(desk.incidents()) == before


def listen(desk, seen, stop):
    """Events of the livestreams, until told to stop."""
    import urllib.request
    request = urllib.request.Request(f"{desk.server.url}{desk.ws}{OPS}/livestreams/events?api-version=2026-11-01", headers=desk.headers)
    with urllib.request.urlopen(request, timeout=60, context=desk.server.context()) as answer:
        for line in answer:
            if line.startswith(b"data:"):
                seen.append(json.loads(line[5:]))
            if stop.is_set():
                return


def test_a_livestream_gives_each_new_row_once(desk, tmp_path):
    mark = f"live-{uuid.uuid4().hex[:8]}"
    at, seen, stop = f"{OPS}/livestreams/{mark}", [], threading.Event()
    syslog(desk, tmp_path, "before it began", mark=mark)
    body = {"properties": {"title": "doors", "query": f"Syslog | where ProcessName == '{mark}' | project TimeGenerated, Computer, SyslogMessage", "everySeconds": 5}}
    made = desk.ask("PUT", at, body, 201)
    assert made["status"] == "Running" and made["owner"]["name"] == "admin"
    listener = threading.Thread(target=listen, args=(desk, seen, stop), daemon=True)
    listener.start()
    time.sleep(1)
    syslog(desk, tmp_path, "first", mark=mark)
    wait_until(lambda: desk.ask("GET", at)["rowsCount"] == 1, 30, "the first row")
    syslog(desk, tmp_path, "second, of last year", ago=400 * 86400, mark=mark)
    rows = wait_until(lambda: next((r for r in [desk.ask("GET", at + "/rows")["rows"]] if len(r) == 2), None), 30, "the second")
    assert [r["row"][2] for r in rows] == ["first", "second, of last year"] and [r["seq"] for r in rows] == [1, 2]
    assert [r["row"][2] for r in desk.ask("GET", at + "/rows?after=1")["rows"]] == ["second, of last year"]
    wait_until(lambda: sum(len(e["rows"]) for e in seen if e["id"] == mark) == 2, 10, "two rows were sent")
    stop.set()

    desk.server.stop(signal.SIGKILL)
    desk.server.start()
    desk.headers = desk.server.signin()
    syslog(desk, tmp_path, "third", mark=mark)
    wait_until(lambda: desk.ask("GET", at)["rowsCount"] == 3, 30, "the third, after a kill")
    paused = desk.ask("PUT", at, {"properties": {"status": "Paused"}}, 200)
    assert paused["status"] == "Paused" and paused["query"] == body["properties"]["query"]
    syslog(desk, tmp_path, "while it rested", mark=mark)
    time.sleep(7)
    assert desk.ask("GET", at)["rowsCount"] == 3
    desk.ask("PUT", at, {"properties": {"status": "Running"}}, 200)
    wait_until(lambda: desk.ask("GET", at)["rowsCount"] == 4, 30, "what came meanwhile")

    mapping = [{"entityType": "Host", "fieldMappings": [{"identifier": "HostName", "columnName": "Computer"}]}]
    raised = desk.ask("POST", at + "/elevate", {"properties": {"rows": [1, 3], "title": f"{mark} opened", "severity": "High", "tactics": ["Execution"], "entityMappings": mapping}}, 200)
    incident = desk.incident(raised["incident"])
    assert mark in json.dumps(incident) and incident["properties"]["severity"] == "High"
    alert = next(a for a in desk.ask("POST", f"{INSIGHTS}/incidents/{raised['incident']}/alerts")["value"] if a["properties"]["systemAlertId"] == raised["systemAlertId"])
    assert alert["properties"]["productComponentName"] == "Livestream"
    kept = desk.ask("GET", f"{OPS}/incidents/{raised['incident']}/rows?alert={raised['systemAlertId']}")
    assert "third" in json.dumps(kept) and "second" not in json.dumps(kept)
    desk.ask("DELETE", at, want=200)
    desk.ask("DELETE", at, want=204)


def test_a_livestream_that_sums_gives_what_changed(desk, tmp_path):
    mark = f"sum-{uuid.uuid4().hex[:8]}"
    at = f"{OPS}/livestreams/{mark}"
    desk.ask("PUT", at, {"properties": {"title": "sum", "query": f"Syslog | where ProcessName == '{mark}' | summarize n = count() by Computer", "everySeconds": 5}}, 201)
    for n in (1, 2):
        syslog(desk, tmp_path, "x", mark=mark)
        rows = wait_until(lambda: next((r for r in [desk.ask("GET", at + "/rows")["rows"]] if len(r) == n), None), 30, f"sum {n}")
    assert [r["row"][1] for r in rows] == [1, 2]
    desk.ask("DELETE", at)


def test_livestreams_are_bounded_and_refused_with_a_reason(desk):
    query = {"query": "Syslog | take 1", "title": "many"}
    for n in range(5):
        desk.ask("PUT", f"{OPS}/livestreams/many{n}", {"properties": query}, 201)
    assert "pause one" in desk.ask("PUT", f"{OPS}/livestreams/many5", {"properties": query}, 413)["error"]["message"]
    desk.ask("PUT", f"{OPS}/livestreams/many5", {"properties": {**query, "status": "Paused"}}, 201)
    assert "line 1" in desk.ask("PUT", f"{OPS}/livestreams/many6", {"properties": {"title": "t", "query": "Nowhere | take 1"}}, 400)["error"]["message"]
    desk.ask("PUT", f"{OPS}/livestreams/many0", {"properties": {"everySeconds": 1}}, 400)
    for n in range(6):
        desk.ask("DELETE", f"{OPS}/livestreams/many{n}", want=200)
