# SPDX-License-Identifier: Apache-2.0
"""Watchlists: uploaded, edited, taken back, and read by queries and rules."""
import json
import signal
import threading
import time
import uuid

import pytest
from conftest import wait_until
from desk import INSIGHTS, OPS, Desk

VIP = "Name,Address,Note\nalice,10.0.0.1,the boss\nbob,10.0.0.2,\"says \"\"hi\"\", often\"\n"


@pytest.fixture(scope="module")
def desk(module_vedette):
    return Desk(module_vedette)


def upload(desk, alias, content, want=(200, 201), etag=None, request=None, **more):
    body = {"etag": etag, "properties": {"displayName": alias, "provider": "test", "source": "test.csv", "rawContent": content,
                                         "itemsSearchKey": "Name", "contentType": "text/csv", **more}}
    return desk.ask("PUT", f"{INSIGHTS}/watchlists/{alias}", body, want, request)


def rows(desk, kql):
    return desk.server.query(kql)


def test_a_watchlist_is_read_by_queries_as_it_is_now(desk):
    made = upload(desk, "vip", VIP, 201)
    assert made["name"] == "vip" and made["etag"] and made["properties"]["uploadStatus"] == "Complete"
    assert made["properties"]["itemsCount"] == 2 and made["properties"]["columns"] == ["Name", "Address", "Note"]
    found = rows(desk, "_GetWatchlist('vip') | where SearchKey == 'bob'")
    assert len(found) == 1 and found[0]["Note"] == 'says "hi", often' and found[0]["Name"] == "bob"
    assert set(found[0]) == {"_DTItemId", "LastUpdatedTimeUTC", "SearchKey", "Name", "Address", "Note"}
    assert uuid.UUID(found[0]["_DTItemId"]) and found[0]["LastUpdatedTimeUTC"].startswith("20")
    joined = rows(desk, "datatable(who:string)['alice','carol'] | join kind=inner (_GetWatchlist('vip')) on $left.who == $right.SearchKey | project who, Address")
    assert joined == [{"who": "alice", "Address": "10.0.0.1"}]
    assert rows(desk, "let v = _GetWatchlist('vip') | project Name; print a = 'bob' in (v), b = 'carol' in (v)") == [{"a": True, "b": False}]
    assert {"WatchlistAlias": "vip"} in rows(desk, "_GetWatchlistAlias") and {"WatchlistAlias": "vip"} in rows(desk, "_GetWatchlistAlias() | take 10")
    refused = desk.server.cli("query", "_GetWatchlist('nobody')", check=False)
    assert refused.returncode and "nobody" in refused.stderr

    item = desk.ask("GET", f"{INSIGHTS}/watchlists/vip/watchlistItems?search=BOB")["value"][0]
    at = f"{INSIGHTS}/watchlists/vip/watchlistItems/"
    changed = desk.ask("PUT", at + item["name"], {"etag": item["etag"], "properties": {"itemsKeyValue": {"Address": "10.9.9.9"}}}, 200)
    assert changed["properties"]["itemsKeyValue"] == {"Name": "bob", "Address": "10.9.9.9", "Note": 'says "hi", often'}
    desk.ask("PUT", at + item["name"], {"etag": item["etag"], "properties": {"itemsKeyValue": {"Address": "late"}}}, 412)
    desk.ask("PUT", at + str(uuid.uuid4()), {"properties": {"itemsKeyValue": {"Name": "carol"}}}, 201)
    desk.ask("PUT", at + str(uuid.uuid4()), {"properties": {"itemsKeyValue": {"Nickname": "c"}}}, 400)
    assert rows(desk, "_GetWatchlist('vip') | project Name, Address | sort by Name asc") == [
        {"Name": "alice", "Address": "10.0.0.1"}, {"Name": "bob", "Address": "10.9.9.9"}, {"Name": "carol", "Address": ""}]
    desk.ask("DELETE", at + item["name"], want=200)
    desk.ask("DELETE", at + item["name"], want=204)
    wait_until(lambda: desk.server.value("Watchlist | where WatchlistAlias == 'vip' | count") == 5, 20, "every change is a row")


def test_an_upload_replaces_and_can_be_taken_back(desk):
    upload(desk, "scanners", VIP)
    before = {i["name"]: i["properties"]["itemsKeyValue"] for i in desk.ask("GET", f"{INSIGHTS}/watchlists/scanners/watchlistItems")["value"]}
    after = "Name,Address,Note\nalice,10.0.0.1,the boss\nbob,10.7.7.7,moved\ndave,10.0.0.4,new\n"
    body = {"properties": {"rawContent": after + "eve,1\n", "itemsSearchKey": "Name"}}
    seen = desk.ask("POST", f"{OPS}/watchlists/scanners/preview", body)
    assert (seen["added"], seen["changed"], seen["removed"], seen["same"]) == (1, 1, 0, 1)
    assert seen["badLines"] == [{"line": 5, "reason": "has 2 cells, and there are 3 columns"}]
    assert {"was": ["bob", "10.0.0.2", 'says "hi", often'], "became": ["bob", "10.7.7.7", "moved"]}.items() <= next(c for c in seen["changes"] if c["was"]).items()
    answer = upload(desk, "scanners", after + "eve,1\n", 400)
    assert "line 5 has 2 cells" in answer["error"]["message"]
    now = upload(desk, "scanners", after.replace("alice,10.0.0.1,the boss\n", ""), 200)
    assert now["properties"]["version"] == 2 and now["properties"]["itemsCount"] == 2
    items = {i["properties"]["itemsKeyValue"]["Name"]: i["name"] for i in desk.ask("GET", f"{INSIGHTS}/watchlists/scanners/watchlistItems")["value"]}
    assert set(items) == {"bob", "dave"} and before[items["bob"]]["Name"] == "bob"
    did = desk.ask("GET", f"{OPS}/watchlists/scanners/versions/2")
    assert (did["added"], did["changed"], did["removed"]) == (1, 1, 1)

    other = upload(desk, "scanners", "Host,Name\nws5,eve\n", 200)
    assert other["properties"]["columns"] == ["Host", "Name"]
    desk.ask("DELETE", f"{INSIGHTS}/watchlists/scanners", want=200)
    desk.ask("GET", f"{INSIGHTS}/watchlists/scanners", want=404)
    desk.ask("DELETE", f"{INSIGHTS}/watchlists/scanners", want=204)
    back = desk.ask("POST", f"{OPS}/watchlists/scanners/versions/1/restore", {"properties": {"reason": "deleted by mistake"}})
    assert back["properties"]["columns"] == ["Name", "Address", "Note"]
    assert {i["name"]: i["properties"]["itemsKeyValue"] for i in desk.ask("GET", f"{INSIGHTS}/watchlists/scanners/watchlistItems")["value"]} == before
    versions = desk.ask("GET", f"{OPS}/watchlists/scanners/versions")["value"]
    assert [v["what"] for v in versions] == ["restored", "deleted", "uploaded", "uploaded", "created"] and versions[0]["why"] == "deleted by mistake"


def test_limits_and_a_request_that_comes_twice(desk):
    upload(desk, "x", VIP, 400)
    upload(desk, "big", "Name\n" + "a" * 11000 + "\n", 400)
    upload(desk, "big", "Name\n" + "abc\n" * 50001, (400, 413))
    upload(desk, "big", VIP, 400, itemsSearchKey="Nobody")
    upload(desk, "big", "Name,Name\na,b\n", 400)
    upload(desk, "big", "Name\n\"a\n", 400)
    desk.ask("GET", f"{INSIGHTS}/watchlists/big", want=404)
    started = time.monotonic()
    upload(desk, "big", "sep=,\nName,Address,Note\n" + "".join(f"host{i},10.{i // 250}.{i % 250}.1,room {i}\n" for i in range(50000)), 201, numberOfLinesToSkip=1)
    took = time.monotonic() - started
    assert rows(desk, "_GetWatchlist('big') | summarize n = count(), m = max(strlen(Note))") == [{"n": 50000, "m": 10}]
    assert rows(desk, "_GetWatchlist('big') | where Address == '10.199.249.1'")[0]["SearchKey"] == "host49999"
    page = desk.ask("GET", f"{INSIGHTS}/watchlists/big/watchlistItems")
    assert len(page["value"]) == 1000 and "skipToken" in page["nextLink"]
    desk.ask("DELETE", f"{INSIGHTS}/watchlists/big", want=200)
    assert took < 20, took

    etag = upload(desk, "twice", VIP)["etag"]
    first = upload(desk, "twice", "Name\nalice\n", 200, etag, "once")
    desk.server.restart()
    desk.headers = desk.server.signin()
    assert upload(desk, "twice", "Name\nalice\n", 200, etag, "once")["etag"] == first["etag"]
    upload(desk, "twice", "Name\nalice\n", 412, etag, "another")


def test_who_may_only_read_changes_nothing(desk):
    who = desk.server.principal("Microsoft Sentinel Reader")
    status, _, body = desk.server.call("POST", "/adfs/oauth2/token", f"grant_type=client_credentials&client_id={who['clientId']}&client_secret={who['clientSecret']}"
                                       f"&scope={desk.server.url}/.default".encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    bearer = {"Authorization": "Bearer " + json.loads(body)["access_token"]}
    at = f"{desk.ws}{INSIGHTS}/watchlists"
    assert desk.server.call("GET", f"{at}?api-version=2026-11-01", headers=bearer)[0] == 200
    assert desk.server.call("PUT", f"{at}/theirs?api-version=2026-11-01", {"properties": {"rawContent": VIP, "itemsSearchKey": "Name"}}, bearer)[0] == 403
    upload(desk, "audited", VIP)
    wait_until(lambda: desk.server.value("SentinelAudit | where tostring(ExtendedProperties) has 'audited' or OperationName has 'watchlists' | count") >= 1, 20, "the audit row")


def test_a_kill_leaves_a_list_whole(desk):
    """The server is killed while two uploads take turns: afterwards the list is one of both."""
    one, two = ("Name\n" + "".join(f"{k}{i}\n" for i in range(300)) for k in "ab")
    upload(desk, "whole", one)
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            for content in (two, one):
                try:
                    desk.server.call("PUT", f"{desk.ws}{INSIGHTS}/watchlists/whole?api-version=2026-11-01",
                                     {"properties": {"rawContent": content, "itemsSearchKey": "Name"}}, desk.headers)
                except OSError:
                    return

    for _ in range(3):
        thread = threading.Thread(target=churn)
        thread.start()
        time.sleep(0.7)
        desk.server.stop(signal.SIGKILL)
        stop.set()
        thread.join()
        stop.clear()
        desk.server.start()
        desk.headers = desk.server.signin()
        names = {r["Name"][0] for r in rows(desk, "_GetWatchlist('whole') | project Name")}
        assert len(names) == 1 and desk.server.value("_GetWatchlist('whole') | count") == 300


RULE = """id: {id}
name: Somebody on the list signed in
description: |
  Finds the names of a watchlist in the log of messages.
severity: High
queryFrequency: 5m
queryPeriod: 1d
triggerOperator: gt
triggerThreshold: 0
tactics: [InitialAccess]
relevantTechniques: [T1078]
query: |
  Syslog
  | where ProcessName == "doorman"
  | join kind=inner (_GetWatchlist('wanted')) on $left.SyslogMessage == $right.SearchKey
  | project TimeGenerated, HostName, SyslogMessage
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: Name
        columnName: SyslogMessage
version: 1.0.0
kind: Scheduled
"""


def test_a_rule_sees_a_watchlist_change(desk, tmp_path):
    """The row came long before the name stood on the list."""
    upload(desk, "wanted", "Name\nnobody\n")
    (desk.server.folder / "content/rules/wanted.yaml").write_text(RULE.format(id="5b1f6a1e-0d8e-4c63-9d3e-2f1b7c8a9e01"))
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600))
    log = tmp_path / "Syslog.jsonl"
    log.write_text("".join(json.dumps({"Type": "Syslog", "TimeGenerated": now, "ProcessName": "doorman", "HostName": "door1", "SyslogMessage": n}) + "\n" for n in ("mallory", "trent")))
    desk.server.cli("import", "--wait", log)
    rule = wait_until(lambda: next((r for r in desk.ask("GET", f"{OPS}/rules")["value"] if r["name"].startswith("Somebody on")), None), 30, "the rule")
    wait_until(lambda: desk.ask("GET", f"{OPS}/rules")["value"] and any(r["id"] == rule["id"] and r["lastRun"] for r in desk.ask("GET", f"{OPS}/rules")["value"]), 30, "a run")
    assert not [i for i in desk.incidents() if "list signed in" in i["properties"]["title"]]
    upload(desk, "wanted", "Name\nnobody\nmallory\n")
    found = wait_until(lambda: [i for i in desk.incidents() if "list signed in" in i["properties"]["title"]], 60, "the incident")
    assert "mallory" in json.dumps(found) and "trent" not in json.dumps(found)
