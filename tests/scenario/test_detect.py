# SPDX-License-Identifier: Apache-2.0
"""Detection in a running server: rules of one's own, rows that come late or twice, kills, and what the log tables say."""
import json
import os
import signal
import uuid

import pytest

from conftest import wait_until

SECONDS = 60  # a busy machine is slow; what is measured is measured by tools/bench.py

RULE = """
id: {id}
name: {name}
severity: High
kind: Scheduled
queryFrequency: 5m
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Persistence]
relevantTechniques: [T1053.003]
query: |
  {query}
entityMappings:
- entityType: Host
  fieldMappings:
  - {{identifier: HostName, columnName: Computer}}
eventGroupingSettings: {{aggregationKind: AlertPerResult}}
alertDetailsOverride: {{alertDisplayNameFormat: '{name} on {{{{Computer}}}}'}}
"""

EACH = "Syslog | where ProcessName == '{mark}' | project TimeGenerated, Computer, SyslogMessage"
THREE = "Syslog | where ProcessName == '{mark}' | summarize StartTime = min(TimeGenerated), EndTime = max(TimeGenerated), N = count() by Computer | where N >= 3"


@pytest.fixture
def mark():
    return f"detect-{uuid.uuid4().hex[:10]}"


def put_rule(server, mark, query, name=None):
    folder = server.folder / "content/rules"
    folder.mkdir(parents=True, exist_ok=True)
    text = RULE.format(id=uuid.uuid4(), name=mark, query=query.format(mark=mark))
    (folder / f"{name or mark}.yaml").write_text(text)
    if not name:
        wait_until(lambda: any(r["properties"]["name"] == mark if "properties" in r else r["name"] == mark for r in rules(server)), SECONDS,
                   "the rule is in force")


def rules(server):
    return json.loads(server.cli("rules", "--json").stdout)["value"]


def send(server, tmp_path, mark, rows):
    """rows: (time, computer)."""
    path = tmp_path / f"{uuid.uuid4().hex}.json"
    path.write_text("".join(json.dumps({"Type": "Syslog", "TimeGenerated": when, "Computer": computer, "ProcessName": mark,
                                        "SyslogMessage": f"{mark} {when}"}) + "\n" for when, computer in rows))
    return server.import_(path)


def titles(server, mark):
    return [i["properties"]["title"] for i in server.incidents() if mark in i["properties"]["title"]]


def test_a_rule_of_ones_own_comes_into_force_and_fires_on_old_rows(vedette, tmp_path, mark):
    put_rule(vedette, mark, EACH)
    send(vedette, tmp_path, mark, [("2019-05-05T10:00:00Z", mark + "-a"), ("2022-05-05T10:00:00Z", mark + "-b")])
    assert sorted(wait_until(lambda: len(t := titles(vedette, mark)) == 2 and t, SECONDS, "two incidents")) == [f"{mark} on {mark}-a", f"{mark} on {mark}-b"]
    first = next(i for i in vedette.incidents() if f"{mark}-a" in i["properties"]["title"])["properties"]
    assert first["firstActivityTimeUtc"].startswith("2019-05-05T10:00:00")
    assert first["severity"] == "High" and first["additionalData"]["tactics"] == ["Persistence"]


def test_rows_that_come_late_are_judged_with_those_around_them(vedette, tmp_path, mark):
    put_rule(vedette, mark, THREE)
    send(vedette, tmp_path, mark, [("2021-03-03T10:00:00Z", mark), ("2021-03-03T10:50:00Z", mark)])
    looked = vedette.value("print now()")
    wait_until(lambda: vedette.value(f"RuleRuns | where RuleName == '{mark}' and IngestedTo > datetime({looked}) - 1m | count"), SECONDS, "a look")
    assert titles(vedette, mark) == []
    send(vedette, tmp_path, mark, [("2021-03-03T10:25:00Z", mark)])
    wait_until(lambda: titles(vedette, mark), SECONDS, "the incident")


def test_rows_that_arrive_twice_are_one_alert(vedette, tmp_path, mark):
    put_rule(vedette, mark, EACH)
    rows = [("2021-04-04T10:00:00Z", mark)]
    send(vedette, tmp_path, mark, rows)
    wait_until(lambda: titles(vedette, mark), SECONDS, "the incident")
    path = tmp_path / "again.json"
    path.write_text(json.dumps({"Type": "Syslog", "TimeGenerated": rows[0][0], "Computer": mark, "ProcessName": mark,
                                "SyslogMessage": f"{mark} {rows[0][0]}", "HostName": "other"}) + "\n")
    vedette.import_(path, wait=True)
    assert vedette.value(f"Syslog | where ProcessName == '{mark}' | count") == 2
    assert len(titles(vedette, mark)) == 1
    assert next(i for i in vedette.incidents() if mark in i["properties"]["title"])["properties"]["additionalData"]["alertsCount"] == 1


def test_a_broken_rule_says_where_and_stops_nobody(vedette, tmp_path, mark):
    put_rule(vedette, mark, "Syslog | wher true", name=f"{mark}-broken")
    put_rule(vedette, mark + "x", EACH.replace("{mark}", mark))
    send(vedette, tmp_path, mark, [("2021-05-05T10:00:00Z", mark)])
    wait_until(lambda: titles(vedette, mark), SECONDS, "the incident of the sound rule")
    broken = next(r for r in rules(vedette) if r["name"] == mark)
    assert "line 1" in broken["lastResult"] and "wher" in broken["lastResult"], broken
    found = wait_until(lambda: vedette.query(f"Health | where OperationName == 'Load rule' and ResourceName has '{mark}-broken'"), SECONDS, "the row in Health")
    assert found[0]["Status"] == "Failure"


def test_a_kill_at_any_moment_doubles_and_loses_no_alert(new_vedette, tmp_path, mark):
    server = new_vedette()
    put_rule(server, mark, EACH)
    hosts = [f"{mark}-{i}" for i in range(40)]
    for n, host in enumerate(hosts):
        send(server, tmp_path, mark, [(f"2021-06-{n % 28 + 1:02}T{n // 28:02}:00:00Z", host)])
        if n % 10 == 9:
            pid = server.pid("server")
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: server.pid("server") not in (None, pid) and server.cli("status", check=False).returncode == 0, SECONDS, "the server is back")
    wait_until(lambda: len(titles(server, mark)) == len(hosts), 2 * SECONDS, "an incident for each host")
    assert sorted(titles(server, mark)) == sorted(f"{mark} on {host}" for host in hosts)
    # The log tables tell the same, each change once.
    wait_until(lambda: server.value(f"SecurityAlert | where AlertName startswith '{mark}' | count") == len(hosts), SECONDS, "the rows of SecurityAlert")
    assert server.value(f"SecurityAlert | where AlertName startswith '{mark}' | distinct SystemAlertId | count") == len(hosts)
    assert server.value(f"SecurityIncident | where Title startswith '{mark}' | count") == len(hosts)
    server.restart()
    assert len(titles(server, mark)) == len(hosts)
