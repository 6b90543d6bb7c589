#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the incident queue at size and prints a table for docs/BENCHMARKS.md.

    tools/bench_incidents.py [INCIDENTS ALERTS REQUESTS]     default: 100000 1000000 300

Starts a server on a folder of its own, stops it, fills its state (rows as the server writes them; the triggers and the
search index as they are), starts it again and asks over HTTPS, one connection, one request at a time. One incident has
150 alerts that name 500 things. Times are the client's, in milliseconds.
"""
import http.client
import json
import pathlib
import random
import shutil
import sqlite3
import ssl
import sys
import tempfile
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
    at = NOW - rng.randrange(24 * 90) * HOUR
    status = rng.choice([0, 0, 1, 2, 2, 2])
    return (str(uuid.UUID(int=rng.getrandbits(128))), 1, title, f"{title}: {rng.choice(WORDS)}", rng.randrange(4), status,
            "TruePositive" if status == 2 else "", at, at + HOUR, "Vedette", at, at + HOUR, at + HOUR if status == 2 else 0,
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
    db.execute("DELETE FROM search_text WHERE rowid IN (SELECT id FROM search_docs WHERE fresh IS NOT NULL)")
    db.execute("INSERT INTO search_text (rowid, text) SELECT id, fresh FROM search_docs WHERE fresh <> ''")
    db.execute("UPDATE search_docs SET fresh = NULL")
    db.execute("COMMIT")
    db.execute("ANALYZE")
    db.close()


class Client:
    def __init__(self, server):
        self.headers, self.server = server.signin(), server
        self.ws = server.workspace(self.headers)
        self.http = http.client.HTTPSConnection("127.0.0.1", server.port, context=ssl.create_default_context(cafile=str(server.ca)))

    def ask(self, method, path):
        begin = time.perf_counter()
        self.http.request(method, self.ws + path, headers=self.headers)
        answer = self.http.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begin) * 1000
        assert answer.status == 200, (path, answer.status, body[:300])
        return took, body


def measure(name, times):
    times.sort()
    p = lambda q: times[min(len(times) - 1, int(len(times) * q))]  # noqa: E731
    print(f"| {name} | {p(.5):.1f} | {p(.99):.1f} | {times[-1]:.1f} |", flush=True)


def main():
    incidents, alerts, requests = (int(x) for x in (sys.argv[1:4] or (100_000, 1_000_000, 300)))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-bench-"))
    server = Server(folder / "data", "--no-host-sources")
    rng = random.Random(2)
    try:
        server.start().stop()
        begin = time.time()
        fill(server.folder / "state/state.db", incidents, alerts)
        filled = time.time() - begin
        server.start(seconds=300)
        c = Client(server)
        listing = "/providers/Microsoft.SecurityInsights/incidents?api-version=2022-12-01-preview&$top=50"
        q = lambda s: urllib.parse.quote(s)  # noqa: E731
        asks = {
            "queue, first page": lambda: listing + "&$orderby=" + q("properties/lastModifiedTimeUtc desc"),
            "queue, open and severe": lambda: listing + "&$filter=" + q("properties/status ne 'Closed' and properties/severity eq 'High'") + "&$orderby=" + q("properties/createdTimeUtc desc"),
            "queue, one owner's": lambda: listing + "&$filter=" + q(f"properties/owner/objectId eq 'owner-{rng.randrange(20)}'"),
            "search, a rare word": lambda: listing + f"&$search=ws{rng.randrange(20000)}",
            "search, a word of each sixteenth": lambda: listing + "&$search=" + rng.choice(WORDS),
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
    finally:
        server.dispose()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
