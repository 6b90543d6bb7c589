#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the incident queue at size and prints a table for docs/BENCHMARKS.md.

    tools/bench_incidents.py [INCIDENTS ALERTS REQUESTS [ROWS [SECONDS]]]     default: 100000 1000000 300 0 0

Starts a server on a folder of its own, stops it, fills its state (rows as the server writes them; the triggers and the
search index as the next start makes it), starts it again and asks over HTTPS, one connection, one request at a time. One incident has
150 alerts that name 500 things. Times are the client's, in milliseconds.

ROWS: as many rows of DeviceProcessEvents over seven days and 5,000 machines are stored, and machines of that incident are expanded over
them. SECONDS: for so long 200 requests a second are sent, each at its own time whether the ones before are answered or not: pages of the
queue, searches, incidents, their alerts, counts, comments written. KEEP=DIR in the environment uses that folder, filled before or filled now.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/scenario"))
from conftest import Server  # noqa: E402

WORDS = "credential memory dump shell lateral movement persistence beacon tunnel phishing payload macro kerberos ticket spray token".split()
HOUR = 36_000_000_000
NOW = 17_639_000_000_000_000


def incident(rng, n):
    host, user = f"ws{rng.randrange(20000)}", f"user{rng.randrange(30000)}"
    title = f"{rng.choice(WORDS)} {rng.choice(WORDS)} by CORP\\{user} on {host}"
    at = NOW - 24 * 90 * HOUR + n * 600_000_000  # one a minute, as they come; what is changed of them later is not in order
    changed = at + rng.randrange(1, 24 * 90) * HOUR
    status = rng.choice([0, 0, 1, 2, 2, 2])
    return (str(uuid.UUID(int=rng.getrandbits(128))), 1, title, f"{title}: {rng.choice(WORDS)}", rng.randrange(4), status,
            "TruePositive" if status == 2 else "", at, changed, "Vedette", at, at + HOUR, at + HOUR if status == 2 else 0,
            json.dumps([rng.choice(["Execution", "Persistence", "Impact"])]),
            json.dumps([{"kind": "Host", "name": host}, {"kind": "Account", "name": f"CORP\\{user}"}]), 10,
            f"owner-{rng.randrange(20)}" if status else "")


def alert(rng, n, number, things):
    at = NOW - rng.randrange(24 * 90) * HOUR
    rows = json.dumps([[f"{rng.choice(WORDS)}.exe -x {rng.randrange(10**9)}", f"10.{rng.randrange(256)}.{rng.randrange(256)}.7"]])
    return (str(uuid.UUID(int=rng.getrandbits(128))), number, f"rule-{rng.randrange(60)}", "A rule", "1.0.0", "Something was seen",
            "It was seen.", rng.randrange(4), '["Execution"]', '["T1059"]', at, at + 1000, at, at, json.dumps(things), "ws1", "{}", "{}",
            "T | take 1", at, at, at, "T", '[{"name":"CommandLine","type":"string"},{"name":"Address","type":"string"}]', rows,
            b"\0" * 40, "Vedette", "", "Vedette", "Vedette")


def fill(path, incidents, alerts):
    rng, db = random.Random(1), sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    db.executemany("INSERT INTO incidents (name, version, title, description, severity, status, classification, created, modified, modified_by, "
                   "first_activity, last_activity, closed, tactics, entities, n_alerts, owner_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                   (incident(rng, n) for n in range(incidents)))
    columns = ("id, incident, rule_id, rule_name, rule_version, display_name, description, severity, tactics, techniques, start, end, generated, "
               "updated, entities, compromised, details, properties, query, window_from, window_to, ingested_to, table_name, columns, rows, row_ids, "
               "product, component, vendor, provider")
    insert = f"INSERT INTO alerts ({columns}, indexed) VALUES ({','.join('?' * 30)}, %d)"
    db.executemany(insert % 1, (alert(rng, n, rng.randrange(1, incidents), []) for n in range(alerts - 150)))
    names = [{"$id": "1", "HostName": f"srv{k}", "Type": "host"} for k in range(250)] + [{"$id": "1", "Address": f"10.9.{k // 250}.{k % 250}", "Type": "ip"} for k in range(250)]
    big = incidents
    db.executemany(insert % 0, (alert(rng, n, big, [dict(t, **{"$id": str(i + 1)}) for i, t in enumerate(rng.sample(names, 12) + [names[(n * 4 + k) % 500] for k in range(4)])]) for n in range(150)))
    db.execute("UPDATE incidents SET n_alerts = 150 WHERE number = ?", (big,))
    db.execute("COMMIT")
    db.close()


class Client:
    def __init__(self, server, headers=None):
        self.headers, self.server = headers or server.signin(), server
        self.ws = server.workspace(self.headers)
        self.http = http.client.HTTPSConnection("127.0.0.1", server.port, context=ssl.create_default_context(cafile=str(server.ca)))

    def ask(self, method, path, body=None):
        begin = time.perf_counter()
        headers = {**self.headers, **({"Content-Type": "application/json"} if body else {})}
        self.http.request(method, self.ws + path, json.dumps(body) if body else None, headers)
        answer = self.http.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begin) * 1000
        assert answer.status in (200, 201), (path, answer.status, body[:300])
        return took, body


ROWS_SQL = """INSERT INTO law.DeviceProcessEvents (TimeGenerated, _IngestionTime, Type, ActionType, DeviceName, AccountName, FileName, ProcessCommandLine,
InitiatingProcessFileName, ProcessId) SELECT now64(7, 'UTC') - toIntervalSecond(number %% 604800), now64(7, 'UTC'), 'DeviceProcessEvents', 'ProcessCreated',
concat('srv', toString(number %% 5000)), concat('user', toString(number %% 700)), concat('tool', toString(number %% 300), '.exe'),
concat('tool', toString(number %% 300), '.exe -x ', toString(intDiv(number, 5000))), 'explorer.exe', number %% 60000 FROM numbers(%d, 1000000)"""


def engine(server, sql):
    done = subprocess.run(["curl", "-sS", "--fail-with-body", "--unix-socket", str(server.folder / "run/engine.sock"), "--data-binary", sql, "http://engine/"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[:500] + done.stderr
    return done.stdout.strip()


def expand(server, c, incidents, rows):
    """The processes of machines that the incident names, each another one, over all that is stored."""
    server.query("DeviceProcessEvents | take 1")  # makes the table
    begin, stored = time.time(), int(engine(server, "SELECT count() FROM law.DeviceProcessEvents"))
    for at in range(stored, rows, 1_000_000):
        engine(server, ROWS_SQL % at)
    print(f"\n{engine(server, 'SELECT count() FROM law.DeviceProcessEvents')} rows stored in {time.time() - begin:.0f} s\n", flush=True)
    base = "/providers/Microsoft.SecurityInsights/"
    ways = json.loads(c.ask("GET", base + "entityQueries?kind=Expansion&api-version=2022-12-01-preview")[1])["value"]
    way = next(q["name"] for q in ways if q["properties"]["displayName"] == "Processes" and q["properties"]["inputEntityType"] == "Host")
    things = json.loads(c.ask("POST", base + f"incidents/{incidents}/entities?api-version=2022-12-01-preview")[1])["entities"]
    hosts = [e["name"] for e in things if e["kind"] == "Host"][:40]
    span = {"expansionId": way, "startTime": "2026-01-01T00:00:00Z", "endTime": "2030-01-01T00:00:00Z"}
    times, found = [], 0
    for name in hosts:
        took, body = c.ask("POST", base + f"entities/{name}/expand?api-version=2022-12-01-preview", span)
        times.append(took)
        found += len(json.loads(body)["value"]["entities"]) > 0
    assert found == len(hosts), (found, len(hosts))
    print("| what | p50 ms | p99 ms | most ms |\n|---|---|---|---|")
    measure(f"expand a machine into its processes over {rows:,} rows", times)


def mixed(server, incidents, seconds, asks):
    """200 requests a second; a request's time begins when it was due, so waiting for a free connection counts."""
    rng, local, rate, headers = random.Random(3), threading.local(), 200, server.signin()
    listing = "/providers/Microsoft.SecurityInsights/incidents/"
    version = "?api-version=2022-12-01-preview"
    kinds = [lambda c: c.ask("GET", asks["queue, first page"]()), lambda c: c.ask("GET", asks["queue, open and severe"]()), lambda c: c.ask("GET", asks["search, a rare word"]()),
             lambda c: c.ask("GET", f"{listing}{rng.randrange(1, incidents)}{version}"), lambda c: c.ask("POST", f"{listing}{rng.randrange(1, incidents)}/alerts{version}"),
             lambda c: c.ask("GET", f"{listing}{rng.randrange(1, incidents)}{version}"), lambda c: c.ask("GET", asks["queue, one owner's"]()),
             lambda c: c.ask("POST", f"{listing}{rng.randrange(1, incidents)}/entities{version}"), lambda c: c.ask("GET", f"{listing}{rng.randrange(1, incidents)}/comments{version}"),
             lambda c: c.ask("PUT", f"{listing}{rng.randrange(1, incidents)}/comments/{uuid.uuid4()}{version}", {"properties": {"message": "seen"}})]

    def one(due, kind):
        if not hasattr(local, "client"):
            local.client = Client(server, headers)
        kinds[kind](local.client)
        return (time.perf_counter() - due) * 1000

    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        list(pool.map(lambda _: one(time.perf_counter(), 3), range(48)))  # every connection stands before the clock runs
        begin, jobs = time.perf_counter() + 0.1, []
        for n in range(rate * seconds):
            due = begin + n / rate
            time.sleep(max(0, due - time.perf_counter()))
            jobs.append(pool.submit(one, due, n % len(kinds)))
        times = [job.result() for job in jobs]
        took = time.perf_counter() - begin
    print(f"\n{len(times)} mixed requests, one in ten a comment, answered in {took:.1f} s: {len(times) / took:.0f} a second\n\n| what | p50 ms | p99 ms | most ms |\n|---|---|---|---|")
    measure(f"{rate} mixed requests a second for {seconds} s", times)


def measure(name, times):
    times.sort()
    p = lambda q: times[min(len(times) - 1, int(len(times) * q))]  # noqa: E731
    print(f"| {name} | {p(.5):.1f} | {p(.99):.1f} | {times[-1]:.1f} |", flush=True)


def main():
    given = [int(x) for x in sys.argv[1:6]]
    incidents, alerts, requests, rows, seconds = given + [100_000, 1_000_000, 300, 0, 0][len(given):]
    kept = os.environ.get("KEEP")
    folder = pathlib.Path(kept or tempfile.mkdtemp(prefix="vedette-bench-"))
    server = Server(folder / "data", "--no-host-sources")
    rng, filled = random.Random(2), 0
    try:
        if not (folder / "data/state/state.db").exists():
            server.start().stop()
            begin = time.time()
            fill(server.folder / "state/state.db", incidents, alerts)
            filled = time.time() - begin
        server.start(seconds=900)
        c = Client(server)
        listing = "/providers/Microsoft.SecurityInsights/incidents?api-version=2022-12-01-preview&$top=50"
        q = lambda s: urllib.parse.quote(s)  # noqa: E731
        newest = listing + "&$orderby=" + q("properties/createdTimeUtc desc")  # as the portal asks
        asks = {
            "queue, first page": lambda: listing + "&$orderby=" + q("properties/lastModifiedTimeUtc desc"),
            "queue, open and severe": lambda: listing + "&$filter=" + q("properties/status ne 'Closed' and properties/severity eq 'High'") + "&$orderby=" + q("properties/createdTimeUtc desc"),
            "queue, one owner's": lambda: listing + "&$filter=" + q(f"properties/owner/objectId eq 'owner-{rng.randrange(20)}'"),
            "search, a rare word": lambda: newest + f"&$search=ws{rng.randrange(20000)}",
            "search, a word of each sixteenth": lambda: newest + "&$search=" + rng.choice(WORDS),
            "the same, last changed first": lambda: listing + "&$orderby=" + q("properties/lastModifiedTimeUtc desc") + "&$search=" + rng.choice(WORDS),
            "search, two such words": lambda: newest + "&$search=" + q(f"{rng.choice(WORDS)} {rng.choice(WORDS)}"),
            "search, the beginning of 30,000 words": lambda: newest + "&$search=user",
            "search, an address": lambda: newest + f"&$search=10.{rng.randrange(256)}.{rng.randrange(256)}.7",
            "search, two words and a filter": lambda: listing + "&$search=" + q(f"user{rng.randrange(30000)} ws") + "&$filter=" + q("properties/status eq 'New'"),
            "counts": lambda: "/providers/Vedette.Operations/incidentCounts?api-version=2026-11-01",
        }
        print(f"{incidents:,} incidents, {alerts:,} alerts, filled in {filled:.0f} s, {requests} requests each\n")
        print("| what | p50 ms | p99 ms | most ms |\n|---|---|---|---|")
        for name, make in asks.items():
            c.ask("GET", make())
            measure(name, [c.ask("GET", make())[0] for _ in range(requests)])
        whole = []
        base = "/providers/Microsoft.SecurityInsights/incidents/%d" % incidents
        for _ in range(min(requests, 100)):
            took = c.ask("GET", base + "?api-version=2022-12-01-preview")[0]
            took += c.ask("POST", base + "/alerts?api-version=2022-12-01-preview")[0]
            t, body = c.ask("POST", base + "/entities?api-version=2022-12-01-preview")
            whole.append(took + t)
        measure(f"open an incident of 150 alerts and {len(json.loads(body)['entities'])} things (three requests)", whole)
        if rows:
            expand(server, c, incidents, rows)
        if seconds:
            mixed(server, incidents, seconds, asks)
    finally:
        server.dispose()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
