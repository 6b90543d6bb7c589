# SPDX-License-Identifier: Apache-2.0
"""The API over its socket: what only a whole server shows. The rest is in tests/unit/api."""
import gzip
import json
import threading
import time
import uuid

from conftest import wait_until

OPS = "/providers/Vedette.Operations"
INSIGHTS = "/providers/Microsoft.SecurityInsights"
V = "api-version=2022-12-01-preview"
OV = "api-version=2026-11-01"


def query(server, headers, kql, **more):
    status, answer, body = server.call("POST", "/v1/workspaces/main/query", {"query": kql, **more}, headers)
    return status, json.loads(body)


def test_no_route_of_the_registry_answers_without_a_token(vedette):
    """The table as the program prints it, over the wire."""
    routes = json.loads(vedette.cli("registry").stdout)["routes"]
    assert len(routes) > 90
    for route in routes:
        if route["open"]:
            assert route["path"].split("/")[1] in ("health", "signin", "signout", "metadata", "adfs", "{tenant}", "v1"), route["path"]
            continue
        path = "/".join("x" if part.startswith("{") else part for part in route["path"].split("/"))
        status, headers, _ = vedette.call(route["method"], path + "?api-version=2030-01-01")
        assert status == 401, (route["method"], path, status)
        assert headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_query_names_its_columns_and_its_mistakes(vedette):
    headers = vedette.signin()
    status, answer = query(vedette, headers, "print n=1, s='a', t=datetime(2026-01-02), d=dynamic({\"a\":[1]}), x=1h, g=guid(null)")
    table = answer["tables"][0]
    assert status == 200 and table["name"] == "PrimaryResult"
    assert [c["type"] for c in table["columns"]] == ["long", "string", "datetime", "dynamic", "timespan", "guid"]
    assert table["rows"][0][:2] == [1, "a"] and table["rows"][0][2].startswith("2026-01-02T00:00:00")
    assert json.loads(table["rows"][0][3]) == {"a": [1]} and table["rows"][0][4] == "01:00:00"
    status, answer = query(vedette, headers, "SecurityEvent\n| where Nope == 1")
    inner = answer["error"]["innererror"]["innererror"]
    assert status == 400 and inner["line"] == 2 and "Nope" in inner["message"]


def test_columns_that_depend_on_the_data_are_found(vedette):
    headers = vedette.signin()

    def table(kql):
        status, answer = query(vedette, headers, kql)
        assert status == 200, answer
        table = answer["tables"][0]
        return [(c["name"], c["type"]) for c in table["columns"]], table["rows"]

    assert table('datatable(d:dynamic)[dynamic({"a":1,"b":"x"})] | evaluate bag_unpack(d)') == ([("a", "long"), ("b", "string")], [[1, "x"]])
    pivoted = table("datatable(who:string, what:string)['ann','read', 'ann','write', 'bob','read'] | evaluate pivot(what) | sort by who asc")
    assert pivoted == ([("who", "string"), ("read", "long"), ("write", "long")], [["ann", 1, 1], ["bob", 1, 0]])
    # A table of the log that has a schema and no rows: no columns are found, and reading it is no error.
    assert table("AWSCloudTrail | project TimeGenerated, d = todynamic(RequestParameters) | evaluate bag_unpack(d)") == ([("TimeGenerated", "datetime")], [])
    # The values decide of the columns, and there are no more than a table may have.
    columns, rows = table("range n from 1 to 2000 step 1 | extend k = tostring(n) | evaluate pivot(k, sum(n))")
    assert len(columns) == 500 and len(rows) == 1
    # Finding them is on the query's budget, and what goes over it is no mistake of the query's text.
    huge = "range n from 1 to 1000000 step 1 | mv-expand m = range(1, 1000) to typeof(long) | where m < n | evaluate pivot(m)"
    status, answer = query(vedette, headers, huge)
    assert status == 413 and "memory" in answer["error"]["message"].lower(), answer
    pairs = "range a from 1 to 1000000 step 1 | extend one = 1 | join kind=inner (range b from 1 to 10000 step 1 | extend one = 1) on one"
    slow = f"{pairs} | extend k = hash_sha256(strcat(a, b)) | where k has 'zz' | evaluate pivot(k)"
    status, answer = query(vedette, {**headers, "Prefer": "wait=1"}, slow)
    assert status == 504, answer


def test_more_rows_than_allowed_are_a_partial_answer(vedette):
    headers = vedette.signin()
    status, answer = query(vedette, headers, "range x from 1 to 40000 step 1")
    assert status == 200 and len(answer["tables"][0]["rows"]) == 30000
    assert answer["error"]["code"] == "PartialError" and "30000" in answer["error"]["details"][0]["message"]
    status, answer = query(vedette, headers, "range x from 1 to 40000 step 1", maxRows=100000)
    assert len(answer["tables"][0]["rows"]) == 40000 and "error" not in answer


def test_a_query_is_cancelled_on_the_engine(vedette):
    headers = vedette.signin()
    ws, name, seen = vedette.workspace(headers), str(uuid.uuid4()), {}

    def run():
        slow = "range x from 1 to 100000000 step 1 | extend h = hash_sha256(strcat(tostring(x), 'x')) | where h has 'zz' | count"
        seen["answer"] = vedette.call("POST", "/v1/workspaces/main/query", {"query": slow}, {**headers, "x-vedette-query-id": name})

    thread = threading.Thread(target=run)
    thread.start()
    cancel = f"{ws}{OPS}/queries/{name}/cancel?{OV}"
    wait_until(lambda: vedette.call("POST", cancel, headers=headers)[0] == 204, 20, "the query can be cancelled")
    began = time.monotonic()
    thread.join(20)
    assert not thread.is_alive() and time.monotonic() - began < 10
    assert seen["answer"][0] != 200
    assert vedette.call("POST", cancel, headers=headers)[0] == 404


def test_events_tell_of_a_change_to_whoever_listens(vedette):
    headers = vedette.signin()
    ws, name = vedette.workspace(headers), str(uuid.uuid4())
    import ssl
    import socket
    raw = ssl.create_default_context(cafile=str(vedette.ca)).wrap_socket(
        socket.create_connection(("127.0.0.1", vedette.port)), server_hostname="127.0.0.1")
    raw.settimeout(20)
    raw.sendall((f"GET {ws}{OPS}/events?{OV} HTTP/1.1\r\nHost: 127.0.0.1:{vedette.port}\r\nCookie: {headers['Cookie']}\r\n\r\n").encode())
    got = raw.recv(65536)
    assert b"200 OK" in got and b"text/event-stream" in got.lower()
    body = {"properties": {"title": "events", "severity": "Low", "status": "New"}}
    assert vedette.call("PUT", f"{ws}{INSIGHTS}/incidents/{name}?{V}", body, headers)[0] == 201
    while name.encode() not in got:
        piece = raw.recv(65536)
        assert piece, "the stream ended"
        got += piece
    line = next(line for line in got.decode().splitlines() if name in line)
    event = json.loads(line.split("data: ", 1)[1])
    assert event["type"] == "incident.created" and event["id"] == name and event["etag"]
    raw.close()


def test_rows_that_were_sent_are_there_and_audit_reaches_the_logs(vedette):
    headers = vedette.signin()
    ws = vedette.workspace(headers)
    table = f"Api{uuid.uuid4().hex[:8]}_CL"
    rows = [{"TimeGenerated": "2026-01-02T03:04:05Z", "Computer": "web-1", "Count": n} for n in range(3)]
    body = gzip.compress(json.dumps(rows).encode())
    sent = {**headers, "Content-Encoding": "gzip", "Content-Type": "application/json", "x-ms-client-request-id": str(uuid.uuid4())}
    # The name of the parameter percent-encoded, as npm's client sends it; twice, as clients do when an answer is lost.
    for _ in range(2):
        status, _, answer = vedette.call("POST", f"/dataCollectionRules/dcr-1/streams/Custom-{table}?api%2Dversion=2023-01-01", body, sent)
        assert status == 204 and answer == b""
    _, answer = query(vedette, headers, f"{table} | summarize n=count(), s=sum(Count)")
    assert "tables" in answer, answer
    assert answer["tables"][0]["rows"] == [[3, 3]]

    principal = vedette.principal("Reader")
    status, _, _ = vedette.call("POST", "/adfs/oauth2/token", b"grant_type=client_credentials&client_id=%s&client_secret=wrong" % principal["clientId"].encode())
    assert status == 401
    kql = f"SentinelAudit | where SentinelResourceId == '{principal['clientId']}' | project OperationName, Status"
    wait_until(lambda: query(vedette, headers, kql)[1]["tables"][0]["rows"] == [["Sign in", "Failure"]], 20, "the audit row is in the log table")
    assert ws


def test_overview_schema_status_rules_and_metrics_say_what_there_is(vedette):
    headers = vedette.signin()
    ws = vedette.workspace(headers)

    def ops(what):
        status, _, body = vedette.call("GET", f"{ws}{OPS}/{what}?{OV}", headers=headers)
        assert status == 200, body
        return json.loads(body)

    overview = ops("overview")["properties"]
    assert set(overview["openIncidents"]) == {"total", "high", "medium", "low", "informational"} and len(overview["alertsPerHour"]) == 24
    assert overview["ingest"]["lost"] == 0 and overview["ingest"]["delaySeconds"] < 60
    assert set(ops("incidentCounts")["properties"]) == {"open", "mine", "unassigned", "highLastHour", "closedToday", "total"}
    schema = ops("schema")["properties"]
    event = next(t for t in schema["tables"] if t["name"] == "SecurityEvent")
    assert {"name": "EventID", "type": "int"}.items() <= next(c for c in event["columns"] if c["name"] == "EventID").items()
    functions = {(f["kind"], f["name"]): f for f in schema["functions"]}
    assert len(functions) == len(schema["functions"]) and all(f["signature"] and f["doc"] and f["example"] for f in functions.values())
    assert functions["function", "tolower"]["signature"] == "tolower(string)" and functions["aggregate", "dcount"]["returns"] == "long"
    assert functions["operator", "where"]["signature"] == "| where …" and functions["operator", "print"]["signature"] == "print …"
    assert functions["plugin", "bag_unpack"]["signature"].startswith("| evaluate bag_unpack(")
    said = [json.loads(line) for line in vedette.cli("kql", "functions").stdout.splitlines()]
    kinds = {"window": "function"}
    assert {(kinds.get(row["kind"], row["kind"]), row["name"]) for row in said if row["kind"] != "helper"} == set(functions)
    status = ops("status")["properties"]
    assert {p["name"] for p in status["processes"]} >= {"engine", "intake", "server"} and status["time"] and status["watermark"]
    rules = ops("rules")["value"]
    assert len(rules) >= 25 and all(r["usable"] for r in rules), [r for r in rules if not r["usable"]]
    status, answer, body = vedette.call("GET", "/metrics", headers=headers)
    text = body.decode()
    assert status == 200 and answer["Content-Type"].startswith("text/plain")
    assert "vedette_engine_up 1" in text and "vedette_http_requests_total" in text and "vedette_ingest_rows_total" in text


def test_a_role_taken_away_is_gone_at_once(vedette):
    import urllib.parse
    headers = vedette.signin()
    ws = vedette.workspace(headers)
    principal = vedette.principal("Microsoft Sentinel Responder")
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": principal["clientId"],
                                   "client_secret": principal["clientSecret"], "scope": vedette.url + "/.default"}).encode()
    _, _, body = vedette.call("POST", "/adfs/oauth2/token", form)
    token = {"Authorization": "Bearer " + json.loads(body)["access_token"]}
    assert vedette.call("GET", f"{ws}{INSIGHTS}/incidents?{V}", headers=token)[0] == 200
    status, _, body = vedette.call("POST", f"{ws}{OPS}/principals?{OV}", {"name": "x", "role": "Reader"}, token)
    assert status == 403 and json.loads(body)["error"]["code"] == "AuthorizationFailed"
    assert vedette.call("DELETE", f"{ws}{OPS}/principals/{principal['clientId']}?{OV}", headers=headers)[0] == 204
    assert vedette.call("GET", f"{ws}{INSIGHTS}/incidents?{V}", headers=token)[0] == 401


def test_a_body_over_the_limit_is_refused_and_the_server_goes_on(vedette):
    status, _, _ = vedette.call("POST", "/signin", b"x" * (65 * 1024))
    assert status == 413
    assert vedette.call("GET", "/health")[0] == 200
