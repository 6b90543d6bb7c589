# SPDX-License-Identifier: Apache-2.0
"""Work on incidents over the API, on incidents that played attacks have made."""
import base64
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import uuid

import pytest
from conftest import wait_until
from desk import INSIGHTS, OPS, Desk, V


@pytest.fixture(scope="module")
def desk(module_vedette, tmp_path_factory):
    """Its incidents are merged and split. Every rule has looked: no alert comes later."""
    for play in ("ssh-guess", "web-shell", "aws-trail-stopped"):
        module_vedette.cli("simulate", play, timeout=180)
    last = tmp_path_factory.mktemp("last") / "row.json"
    last.write_text('{"Type":"Syslog","TimeGenerated":"2026-11-01T00:00:00Z","SyslogMessage":"the last row"}\n')
    module_vedette.import_(last, wait=True)
    return Desk(module_vedette)


def two(desk):
    """The names of two incidents that have alerts, the one with more first."""
    counts = {i["name"]: i["properties"]["additionalData"]["alertsCount"] for i in desk.incidents()}
    names = sorted(counts, key=counts.get, reverse=True)[:2]
    assert counts[names[0]] > 1 and counts[names[1]] > 0, counts
    return names


def test_tasks_files_and_bookmarks_of_an_incident(desk):
    name = desk.incidents()[0]["name"]
    task = f"{INSIGHTS}/incidents/{name}/tasks/{uuid.uuid4()}"
    made = desk.ask("PUT", task, {"properties": {"title": "ask the owner", "status": "New"}}, 201)
    assert made["properties"]["createdBy"]["name"] == "admin" and made["etag"]
    done = desk.ask("PUT", task, {"etag": made["etag"], "properties": {"title": "ask the owner", "status": "Completed"}}, 200)
    desk.ask("PUT", task, {"etag": made["etag"], "properties": {"title": "late", "status": "New"}}, 412)
    assert done["properties"]["status"] == "Completed"
    counts = desk.incident(name)["properties"]["additionalData"]
    assert counts["tasksCount"] == 1 and counts["tasksDoneCount"] == 1

    file = f"{OPS}/incidents/{name}/files/{uuid.uuid4()}"
    content = b"<script>alert(1)</script>" * 10
    desk.ask("PUT", file, {"properties": {"fileName": "page.html", "contentType": "text/html", "content": base64.b64encode(content).decode()}}, 201)
    status, headers, body = desk.server.call("GET", desk.ws + file + "/content?" + V, headers=desk.headers)
    assert status == 200 and body == content
    assert headers["Content-Type"] == "application/octet-stream" and headers["Content-Disposition"].startswith("attachment")

    bookmark = str(uuid.uuid4())
    desk.ask("PUT", f"{INSIGHTS}/bookmarks/{bookmark}", {"properties": {"displayName": "odd", "query": "Syslog | take 1", "labels": ["x"]}}, 201)
    desk.ask("PUT", f"{INSIGHTS}/incidents/{name}/relations/{uuid.uuid4()}",
             {"properties": {"relatedResourceId": f"{desk.ws}{INSIGHTS}/bookmarks/{bookmark}"}}, 201)
    held = desk.ask("POST", f"{INSIGHTS}/incidents/{name}/bookmarks")["value"]
    assert [b["name"] for b in held] == [bookmark] and held[0]["kind"] == "Bookmark"
    assert desk.incident(name)["properties"]["additionalData"]["bookmarksCount"] == 1
    wait_until(lambda: desk.server.value(f"HuntingBookmark | where BookmarkId == '{bookmark}' | count") == 1, 20, "the bookmark's row")


def test_merge_and_undo_lose_nothing(desk):
    before = {i["name"]: sorted(desk.alerts(i["name"])) for i in desk.incidents()}
    into, other = two(desk)
    body = {"properties": {"into": into, "from": [other], "reason": "one attack"}}
    done = desk.ask("POST", OPS + "/incidents/merge", body, request="merge-1")["properties"]
    assert desk.ask("POST", OPS + "/incidents/merge", body, request="merge-1")["properties"]["act"] == done["act"]
    assert sorted(desk.alerts(into)) == sorted(before[into] + before[other]) and desk.alerts(other) == []
    closed = desk.incident(other)["properties"]
    assert closed["status"] == "Closed" and closed["additionalData"]["mergedIntoNumber"] == desk.incident(into)["properties"]["incidentNumber"]
    history = desk.ask("GET", f"{OPS}/incidents/{into}/history")["value"]
    assert history[-1]["what"] == "merged" and history[-1]["why"] == "one attack" and history[-1]["act"] == done["act"]
    desk.ask("POST", f"{OPS}/acts/{done['act']}/undo")
    assert {n: sorted(desk.alerts(n)) for n in before} == before
    assert desk.incident(other)["properties"]["status"] != "Closed"
    desk.ask("POST", f"{OPS}/acts/{done['act']}/undo", want=409)


def test_an_answer_that_got_lost_is_given_again_after_a_restart(desk):
    """The etag has changed, but the request is the one that changed it."""
    one = desk.put(str(uuid.uuid4()), title="by hand", severity="High", status="New")  # no alert changes it meanwhile
    body = {"etag": one["etag"], "title": "by hand", "severity": "Low", "status": "Active"}
    first = desk.put(one["name"], request="lost-1", **body)
    desk.server.restart()
    desk.headers = desk.server.signin()
    again = desk.put(one["name"], request="lost-1", **body)
    assert again["etag"] == first["etag"]
    desk.put(one["name"], request="lost-2", want=412, **body)


def test_two_writers_lose_no_update(desk):
    """Eight threads each add ten labels, each reading first and trying again when it was not first."""
    name = desk.incidents()[0]["name"]
    refused = []

    def work(k):
        for n in range(10):
            while True:
                now = desk.incident(name)
                labels = now["properties"]["labels"] + [{"labelName": f"w{k}-{n}", "labelType": "User"}]
                answer = desk.put(name, now["etag"], want=(200, 412), labels=labels[:50])
                if "error" not in answer:
                    break
                refused.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    names = {label["labelName"] for label in desk.incident(name)["properties"]["labels"]}
    assert names >= {f"w{k}-{n}" for k in range(4) for n in range(10)} and refused


def test_a_kill_leaves_each_change_done_or_not_done(desk):
    """The server is killed while merges and undos run; afterwards every alert is in exactly one of the two, and
    an incident that says it was merged has none."""
    into, other = two(desk)
    everything = sorted(desk.alerts(into) + desk.alerts(other))
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            try:
                done = desk.ask("POST", OPS + "/incidents/merge", {"properties": {"into": into, "from": [other]}})
                desk.ask("POST", f"{OPS}/acts/{done['properties']['act']}/undo")
            except Exception:  # the server is down, or a kill came between merge and undo
                if stop.wait(0.02):
                    return

    for _ in range(6):
        stop.clear()
        thread = threading.Thread(target=churn)
        thread.start()
        stop.wait(0.4)
        old = desk.server.pid("server")
        subprocess.run(["kill", f"-{int(signal.SIGKILL)}", str(old)], check=True)
        stop.set()
        thread.join()
        wait_until(lambda: desk.server.pid("server") not in (None, old) and ready(desk), 60, "the server is back")
        merged = desk.incident(other)["properties"]["additionalData"].get("mergedIntoNumber")
        there, here = desk.alerts(other), desk.alerts(into)
        whole_and_once(there + here, everything)
        assert (there == []) == bool(merged)
        assert desk.incident(into)["properties"]["additionalData"]["alertsCount"] == len(here)
        if merged:
            act = max(h.get("act", 0) for h in desk.ask("GET", f"{OPS}/incidents/{other}/history")["value"])
            desk.ask("POST", f"{OPS}/acts/{act}/undo")


def whole_and_once(now, before):
    """Rules may raise more meanwhile; what was there is there, and nothing is in two incidents."""
    assert set(now) >= set(before) and len(set(now)) == len(now)


# The supervisor takes its time with a server that dies again and again: most kills are for `make soak`.
MOMENTS = (0.2, 0.3, 0.4, 0.5) if int(os.environ.get("VEDETTE_KILLS", "20")) >= 200 else (0.3,)


def killed_amid(desk, churn, moment):
    """Runs churn again and again, kills the server `moment` seconds in, and waits until it is back."""
    stop = threading.Event()

    def work():
        while not stop.is_set():
            try:
                churn()
            except Exception:  # the server is down
                if stop.wait(0.02):
                    return

    thread = threading.Thread(target=work)
    thread.start()
    stop.wait(moment)
    old = desk.server.pid("server")
    subprocess.run(["kill", f"-{int(signal.SIGKILL)}", str(old)], check=True)
    stop.set()
    thread.join()
    wait_until(lambda: desk.server.pid("server") not in (None, old) and ready(desk), 60, "the server is back")


def test_a_kill_amid_closing_many_closes_all_or_none(desk):
    names = [i["name"] for i in desk.incidents()]
    closing = {"status": "Closed", "classification": "TruePositive", "classificationReason": "SuspiciousActivity"}

    def change(**what):
        desk.ask("POST", OPS + "/incidents/bulk", {"properties": {"incidents": [{"name": n} for n in names], "change": what}})

    def churn():
        change(**closing)
        change(status="Active")

    churn()  # it works when nobody kills
    for moment in MOMENTS:
        killed_amid(desk, churn, moment)
        now = [i["properties"] for i in desk.incidents() if i["name"] in names]
        kinds = {(p["status"] == "Closed", p.get("classification")) for p in now}
        assert len(now) == len(names) and len(kinds) == 1, kinds
        closed, verdict = kinds.pop()
        assert not closed or verdict == "TruePositive"
        counts = desk.ask("GET", OPS + "/incidentCounts")["properties"]
        assert counts["open"] == sum(i["properties"]["status"] != "Closed" for i in desk.incidents())
    change(status="Active")


def test_a_kill_amid_splitting_leaves_each_alert_in_one_incident(desk):
    into, other = two(desk)
    merged = desk.ask("POST", OPS + "/incidents/merge", {"properties": {"into": into, "from": [other]}})
    whole = len(desk.alerts(into))
    all_of = lambda: sorted(a for i in desk.incidents() for a in desk.alerts(i["name"]))  # noqa: E731
    everything = all_of()

    def churn():
        alerts = sorted(desk.alerts(into))
        done = desk.ask("POST", f"{OPS}/incidents/{into}/split", {"properties": {"alerts": alerts[:1], "title": "apart"}}, want=(200, 201))
        desk.ask("POST", f"{OPS}/acts/{done['properties']['act']}/undo")

    churn()
    for moment in MOMENTS:
        killed_amid(desk, churn, moment)
        whole_and_once(all_of(), everything)
        for i in desk.incidents():
            assert i["properties"]["additionalData"]["alertsCount"] == len(desk.alerts(i["name"])), i["name"]
        if len(desk.alerts(into)) < whole:  # the kill came between the two
            act = max(h.get("act", 0) for h in desk.ask("GET", f"{OPS}/incidents/{into}/history")["value"])
            desk.ask("POST", f"{OPS}/acts/{act}/undo")
    desk.ask("POST", f"{OPS}/acts/{merged['properties']['act']}/undo")


def ready(desk):
    try:
        return desk.server.call("GET", "/health")[0] == 200 and desk.incidents()
    except Exception:
        return False


def test_a_false_positive_proposes_an_exception_that_patch_takes(desk, tmp_path):
    one = next(i for i in desk.incidents() if i["properties"]["relatedAnalyticRuleIds"])
    desk.put(one["name"], desk.incident(one["name"])["etag"], status="Closed", classification="FalsePositive",
             classificationReason="IncorrectAlertLogic", classificationComment="a drill")
    rule = one["properties"]["relatedAnalyticRuleIds"][0].rsplit("/", 1)[1]
    verdicts = {v["rule"]: v for v in desk.ask("GET", OPS + "/ruleVerdicts")["value"]}
    assert verdicts[rule]["falsePositiveLogic"] >= 1 and verdicts[rule]["precision"] < 1
    proposed = desk.ask("GET", f"{OPS}/incidents/{one['name']}/exception?rule={rule}")["properties"]
    assert proposed["alertsSilenced"] >= 1 and proposed["diff"].startswith("--- a/")
    root = pathlib.Path(__file__).resolve().parents[2]
    shutil.copytree(root / "content/rules", tmp_path / "rules")
    source = next(p for p in (tmp_path / "rules").rglob("*.yaml") if rule in p.read_text())
    done = subprocess.run(["patch", "-p1"], input=proposed["diff"], text=True, cwd=tmp_path / "rules", capture_output=True)
    assert done.returncode == 0, (done.stdout, proposed["diff"])
    assert proposed["condition"] in source.read_text()


# --- investigation ---

def test_every_query_about_a_thing_compiles_and_runs(desk):
    """Each expansion and insight, asked about a thing of its type that is named to be hard to quote."""
    queries = desk.ask("GET", INSIGHTS + "/entityQueries")["value"]
    assert len(queries) >= 30 and {q["kind"] for q in queries} == {"Expansion", "Insight"}
    values = {"Account": "o\\\"brien\\\\", "Host": "ws5", "IP": "198.51.100.7"}
    for q in queries:
        kind = q["properties"]["inputEntityType"]
        value = values.get(kind, "x")
        fields = ["Name", "HostName", "Address", "Value", "CommandLine", "Url", "DomainName", "ResourceId"]
        prelude = "let v_Names = dynamic([]);\n" + "".join(f'let v_{f} = "{value}";\n' for f in fields)
        status, _, body = desk.server.call("POST", "/v1/workspaces/main/query", {"query": prelude + q["properties"]["queryTemplate"]}, desk.headers)
        assert status == 200, (q["properties"]["displayName"], kind, body[:500])


def entity(desk, name, kind):
    return next(e for e in desk.ask("POST", f"{INSIGHTS}/incidents/{name}/entities")["entities"] if e["kind"] == kind)


def test_a_thing_has_a_page_a_timeline_and_leads_to_others(desk):
    one = next(i for i in desk.incidents() if "AWS" in i["properties"]["title"] or "Logging stopped" in i["properties"]["title"])
    who = entity(desk, one["name"], "Account")
    page = desk.ask("GET", f"{OPS}/entities/{who['name']}")["properties"]
    assert page["alertsCount"] >= 1 and page["names"] and page["incidents"][0]["name"] == one["name"]
    assert abs(sum(t["product"] for t in page["risk"]["terms"]) - page["risk"]["score"]) < 0.01 or page["risk"]["cutAt100"]
    span = {"startTime": "2020-01-01T00:00:00Z", "endTime": "2099-01-01T00:00:00Z"}
    timeline = desk.ask("POST", f"{INSIGHTS}/entities/{who['name']}/getTimeline", span)
    assert timeline["metaData"]["totalCount"] == len(timeline["value"]) >= 1

    ways = {q["title"]: q["id"] for q in page["queries"]}
    found = desk.ask("POST", f"{OPS}/entities/{who['name']}/explore", {"properties": {"query": ways["Addresses it came from"], **span}})["properties"]
    assert found["query"].startswith("let v_Names") and found["rows"] and found["entities"][0]["kind"] == "Ip"
    assert all(0 <= e["row"] < len(found["rows"]) for e in found["edges"])
    address = found["entities"][0]
    row = next(e["row"] for e in found["edges"] if e["entity"] == address["name"])
    assert address["properties"]["address"] in found["rows"][row]
    # What a query found has a page of its own and leads on.
    there = desk.ask("GET", f"{OPS}/entities/{address['name']}")["properties"]
    ways = {q["title"]: q["id"] for q in there["queries"]}
    back = desk.ask("POST", f"{INSIGHTS}/entities/{address['name']}/expand", {"expansionId": ways["Accounts that came from it"], **span})
    assert who["name"] in [e["targetEntityId"].rsplit("/", 1)[1] for e in back["value"]["edges"]]
    assert back["metaData"]["aggregations"][0]["entityKind"] == "Account"
    alerts = desk.ask("POST", f"{OPS}/entities/{address['name']}/explore", {"properties": {"query": ways["Related alerts"], **span}})["properties"]
    assert [e["alert"] for e in alerts["edges"]]
    insights = desk.ask("POST", f"{INSIGHTS}/entities/{address['name']}/getInsights", span)
    assert insights["metaData"]["totalCount"] == len(insights["value"]) >= 2


def test_the_graph_names_rows_and_is_saved_in_versions(desk):
    name = next(i["name"] for i in desk.incidents() if i["properties"]["additionalData"]["alertsCount"])
    graph = desk.ask("GET", f"{OPS}/incidents/{name}/graph")["properties"]
    assert graph["alerts"] and graph["entities"] and graph["edges"]
    for edge in graph["edges"]:
        assert edge["alert"] in desk.alerts(name) and edge["entity"] in [e["name"] for e in graph["entities"]]
    assert any(edge["rows"] for edge in graph["edges"])
    at = f"{OPS}/incidents/{name}/graphs/mine"
    desk.ask("PUT", at, {"properties": {"title": "mine", "graph": {"steps": []}}}, 201)
    desk.ask("PUT", at, {"properties": {"title": "mine", "graph": {"steps": [1]}, "version": 1}}, 200)
    desk.ask("PUT", at, {"properties": {"title": "mine", "graph": {}, "version": 1}}, 412)
    assert desk.ask("GET", at)["properties"]["graph"] == {"steps": [1]}
    assert desk.ask("GET", at + "?version=1")["properties"]["graph"] == {"steps": []}


def test_the_timeline_holds_all_kinds_in_one_order(desk):
    name = next(i["name"] for i in desk.incidents() if i["properties"]["additionalData"]["alertsCount"])
    desk.ask("PUT", f"{INSIGHTS}/incidents/{name}/comments/{uuid.uuid4()}", {"properties": {"message": "looked at it"}}, 201)
    items = desk.ask("GET", f"{OPS}/incidents/{name}/timeline")["value"]
    assert [i["time"] for i in items] == sorted(i["time"] for i in items)
    assert {"alert", "comment", "automation"} <= {i["kind"] for i in items}
