# SPDX-License-Identifier: Apache-2.0
"""The intake process with a real engine: what it takes, that it keeps it once, and what it does without an engine."""
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import pytest

from conftest import BINARY, ROOT, free_port, wait_until

ENGINE = os.environ.get("VEDETTE_ENGINE_BIN", str(pathlib.Path(BINARY).parent / "vedette-engine"))
LINE = "Feb  3 04:05:06 web1 sshd[77]: Failed password for root from 203.0.113.9 port 4{:04d} ssh2"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=60):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, method, target, body=None, headers=None, timeout=60):
    with contextlib.closing(UnixConnection(path, timeout)) as c:
        c.request(method, target, body=body, headers=headers or {})
        answer = c.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


class Intake:
    """An engine and an intake on a folder of their own."""

    def __init__(self, *options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-intake-"))
        self.options = options
        self.engine = self.intake = None
        (self.folder / "run").mkdir()
        (self.folder / "engine").mkdir()
        self.socket = self.folder / "run/intake.sock"
        self.engine_socket = self.folder / "run/engine.sock"

    def start_engine(self):
        self.engine = subprocess.Popen(
            [ENGINE, "--data", str(self.folder / "engine"), "--socket", str(self.engine_socket)],
            stdout=subprocess.DEVNULL, stderr=open(self.folder / "engine.log", "ab"))
        wait_until(lambda: self.answers(self.engine_socket, "/ping"), 30, "the engine answers")

    def start_intake(self, *options):
        self.log = open(self.folder / "intake.log", "ab")
        self.intake = subprocess.Popen(
            [BINARY, "intake", "--data", str(self.folder), "--content", str(ROOT / "content"), *(options or self.options)],
            stdout=self.log, stderr=self.log)
        wait_until(lambda: self.answers(self.socket, "/health"), 30, "the intake answers")

    def start(self):
        self.start_engine()
        self.start_intake()
        wait_until(lambda: json.loads(self.get("/health"))["engine"] == "ok", 30, "the intake sees the engine")
        return self

    @staticmethod
    def answers(path, target):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return ask(path, "GET", target, timeout=2)[0] == 200
        return False

    def get(self, target):
        return ask(self.socket, "GET", target)[2]

    def post(self, target, body, headers=None, timeout=60):
        """(status, headers, JSON of the body)"""
        data = body if isinstance(body, bytes) else body.encode()
        status, headers, answer = ask(self.socket, "POST", target, data, headers, timeout)
        return status, headers, json.loads(answer) if answer else None

    def query(self, sql):
        status, _, body = ask(self.engine_socket, "POST", "/?default_format=JSONCompactEachRow", sql.encode())
        if status == 404 or b"UNKNOWN_TABLE" in body or b"UNKNOWN_DATABASE" in body:
            return []
        assert status == 200, body
        return [json.loads(line) for line in body.splitlines()]

    def count(self, table, where="1"):
        rows = self.query(f"SELECT count() FROM law.`{table}` WHERE {where}")
        return int(rows[0][0]) if rows else 0

    def metric(self, name):
        for line in self.get("/metrics").decode().splitlines():
            if line.startswith(f"vedette_ingest_{name} "):
                return int(line.split()[1])
        return None

    def kill(self, which, how=signal.SIGKILL):
        process = getattr(self, which)
        if process and process.poll() is None:
            process.send_signal(how)
            process.wait(60)
        setattr(self, which, None)

    def dispose(self):
        self.kill("intake", signal.SIGTERM)
        self.kill("engine", signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def make_intake():
    made = []

    def make(*options):
        made.append(Intake(*(options or ("--no-host-sources",))))
        return made[-1]

    yield make
    for one in made:
        one.dispose()


@pytest.fixture(scope="module")
def intake():
    one = Intake("--no-host-sources").start()
    yield one
    one.dispose()


# --- requests ---

def test_a_recording_becomes_rows_and_what_is_broken_is_kept(intake):
    body = "\n".join([
        json.dumps({"Channel": "Security", "EventID": 4625, "Hostname": "pc1", "TimeCreated": "2026-01-02T03:04:05Z", "TargetUserName": "anna", "TargetDomainName": "X"}),
        '{"Channel": "Security", "EventID": 46',
        json.dumps({"eventVersion": "1.08", "eventTime": "2026-01-02T03:04:06Z", "eventSource": "iam.amazonaws.com", "eventName": "CreateUser"}),
        json.dumps({"what": "nobody knows"}),
    ])
    status, _, answer = intake.post("/ingest/import?source=mixed.json&token=rec-1", body)
    assert status == 200
    assert answer == {"rows": {"SecurityEvent": 1, "AWSCloudTrail": 1, "Imported_CL": 1}, "refused": 1, "duplicate": False}
    assert intake.query("SELECT TargetAccount, EventID FROM law.SecurityEvent WHERE Computer='pc1'") == [["X\\anna", "4625"]] or \
        intake.query("SELECT TargetAccount, EventID FROM law.SecurityEvent WHERE Computer='pc1'") == [["X\\anna", 4625]]
    refused = intake.query("SELECT Source, Line, Code, Raw, Remedy != '' FROM law.IngestErrors WHERE ImportToken='rec-1'")
    assert len(refused) == 1 and refused[0][0] == "mixed.json" and int(refused[0][1]) == 2 and refused[0][2] == "SYNTAX"
    assert refused[0][3].startswith('{"Channel": "Security", "EventID": 46') and refused[0][4] in (1, True)


def test_the_same_request_again_writes_nothing(intake):
    body = json.dumps([{"Type": "Heartbeat", "TimeGenerated": "2026-01-02T03:04:05Z", "Computer": f"again{i}"} for i in range(100)])
    first = intake.post("/ingest/import?source=a&token=again-1", body)[2]
    second = intake.post("/ingest/import?source=a&token=again-1", body)[2]
    assert first["duplicate"] is False and second == {**first, "duplicate": True}
    assert intake.count("Heartbeat", "Computer LIKE 'again%'") == 100


def test_the_same_request_at_the_same_time_writes_once(intake):
    body = "\n".join(json.dumps({"Type": "Heartbeat", "TimeGenerated": "2026-01-02T03:04:05Z", "Computer": f"race{i}"}) for i in range(2000))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(intake.post("/ingest/import?source=a&token=race-1", body))) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(a[2]["duplicate"] for a in answers) == [False] + [True] * 5
    assert intake.count("Heartbeat", "Computer LIKE 'race%'") == 2000


def test_rows_of_the_logs_ingestion_api(intake):
    rows = [{"TimeGenerated": "2026-01-02T03:04:05Z", "RawData": f"row {i}", "Number": i} for i in range(10)]
    body = gzip.compress(json.dumps(rows).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "x-ms-client-request-id": "11111111-1111-1111-1111-111111111111"}
    for _ in range(2):
        status, _, answer = intake.post("/ingest/dcr?rule=dcr-1&stream=Custom-App_CL", body, headers)
        assert status == 204 and answer is None
    assert intake.count("App_CL") == 10
    # The same id over other bytes is another request: nothing may be lost to a careless client.
    assert intake.post("/ingest/dcr?rule=dcr-1&stream=Custom-App_CL", gzip.compress(json.dumps(rows[:3]).encode()), headers)[0] == 204
    assert intake.count("App_CL") == 13
    assert intake.post("/ingest/dcr?rule=r&stream=Microsoft-Syslog", '[{"SyslogMessage":"by stream","Computer":"c9"}]')[0] == 204
    assert intake.count("Syslog", "Computer='c9'") == 1


@pytest.mark.parametrize("stream, body, headers, status, code", [
    ("Custom-Bad_CL", '{"a":1}', {}, 400, "InvalidRequestBody"),
    ("Custom-Bad_CL", "[1,2]", {}, 400, "InvalidRequestBody"),
    ("Custom-Bad_CL", "[{]", {}, 400, "InvalidRequestBody"),
    ("Custom-Bad_CL", "hello", {}, 400, "InvalidRequestBody"),
    ("Microsoft-NoSuchTable", "[]", {}, 404, "InvalidStream"),
    ("Other-Bad_CL", "[]", {}, 404, "InvalidStream"),
    ("Custom-drop table;_CL", "[]", {}, 404, "InvalidStream"),
    ("Custom-Bad_CL", "[]", {"Content-Encoding": "br"}, 400, "InvalidRequestBody"),
    ("Custom-Bad_CL", "no gzip", {"Content-Encoding": "gzip"}, 400, "InvalidRequestBody"),
])
def test_what_cannot_be_taken_is_refused_with_a_reason(intake, stream, body, headers, status, code):
    import urllib.parse
    got = intake.post(f"/ingest/dcr?rule=r&stream={urllib.parse.quote(stream)}", body, headers)
    assert got[0] == status and got[2]["error"]["code"] == code and got[2]["error"]["message"]
    assert intake.count("Bad_CL") == 0


def test_a_body_that_inflates_without_end_costs_no_memory(intake):
    bomb = gzip.compress(b"[" + b" " * (200 << 20) + b"]")
    assert len(bomb) < 1 << 20
    status, _, answer = intake.post("/ingest/dcr?rule=r&stream=Custom-Bomb_CL", bomb, {"Content-Encoding": "gzip"})
    assert status == 413 and answer["error"]["code"] == "ContentLengthLimitExceeded"
    rss = int((pathlib.Path("/proc") / str(intake.intake.pid) / "statm").read_text().split()[1]) * 4096
    assert rss < 512 << 20


def test_paths_and_methods_that_are_none(intake):
    assert intake.post("/ingest/nothing", "x")[0] == 404
    assert ask(intake.socket, "GET", "/ingest/import")[0] == 405


def test_lines_as_if_they_had_come_by_syslog(intake):
    lines = "\n".join(["<38>1 2026-02-03T04:05:06Z sim1 sshd 1 - - Accepted password for anna", "no form at all"])
    status, _, answer = intake.post("/ingest/lines?source=simulation", lines)
    assert status == 200 and answer["rows"] == {"Syslog": 2} and answer["refused"] == 0
    assert intake.query("SELECT ProcessName, Facility FROM law.Syslog WHERE Computer='sim1'") == [["sshd", "auth"]]


def test_rows_of_a_year_ago_and_of_many_days_are_taken(intake):
    rows = [{"Type": "Heartbeat", "TimeGenerated": f"20{10 + i % 16}-{1 + i % 12:02d}-{1 + i % 28:02d}T00:00:00Z", "Computer": "old"} for i in range(600)]
    assert intake.post("/ingest/import?source=old", json.dumps(rows))[2]["rows"] == {"Heartbeat": 600}
    assert intake.count("Heartbeat", "Computer='old'") == 600


def test_the_watermark_never_passes_a_batch_that_is_under_way(intake):
    def watermark():
        return json.loads(intake.get("/watermark"))["watermark"]

    seen, stop = [], threading.Event()

    def watch():
        while not stop.is_set():
            mark = watermark()
            rows = intake.query("SELECT count(), toString(max(_IngestionTime)) FROM law.Heartbeat WHERE Computer='mark' AND _IngestionTime < "
                                f"parseDateTime64BestEffort('{mark}', 7, 'UTC')")
            seen.append((mark, int(rows[0][0]) if rows else 0))

    thread = threading.Thread(target=watch)
    thread.start()
    for i in range(20):
        body = "\n".join(json.dumps({"Type": "Heartbeat", "TimeGenerated": "2026-01-01T00:00:00Z", "Computer": "mark"}) for _ in range(300))
        assert intake.post(f"/ingest/import?source=w&token=mark-{i}", body)[0] == 200
    stop.set()
    thread.join()
    assert [m for m, _ in seen] == sorted(m for m, _ in seen)
    # What was counted below a mark is all that ever will be there.
    for mark, n in seen:
        now = intake.count("Heartbeat", f"Computer='mark' AND _IngestionTime < parseDateTime64BestEffort('{mark}', 7, 'UTC')")
        assert now == n, f"{now - n} rows appeared below the watermark {mark}"


# --- the engine away, kills ---

def test_an_engine_that_is_away_is_waited_for_and_then_said(make_intake):
    one = make_intake().start()
    body = json.dumps([{"Type": "Heartbeat", "TimeGenerated": "2026-01-02T03:04:05Z", "Computer": "away"}])
    one.kill("engine")
    answer = []
    thread = threading.Thread(target=lambda: answer.append(one.post("/ingest/import?source=a&token=away-1", body)))
    thread.start()
    time.sleep(1)
    one.start_engine()
    thread.join()
    assert answer[0][0] == 200
    one.kill("engine")
    status, headers, answer = one.post("/ingest/import?source=a&token=away-2", body)
    assert status == 503 and headers["Retry-After"] and answer["error"]["code"] == "ServiceUnavailable"
    one.start_engine()
    assert one.post("/ingest/import?source=a&token=away-2", body)[0] == 200
    assert one.count("Heartbeat", "Computer='away'") == 2


@pytest.mark.parametrize("victim", ["intake", "engine"])
def test_killed_at_any_moment_acknowledged_rows_are_there_once(make_intake, victim):
    one = make_intake().start()
    acknowledged, sent, stop = set(), {}, threading.Event()

    def send(worker):
        n = 0
        while not stop.is_set():
            n += 1
            token = f"{worker}-{n}"
            body = "\n".join(json.dumps({"Type": "Heartbeat", "TimeGenerated": "2026-01-02T03:04:05Z", "Computer": token, "Version": str(i)}) for i in range(50))
            while not stop.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                    if one.post(f"/ingest/import?source=k&token={token}", body, timeout=30)[0] == 200:
                        acknowledged.add(token)
                        break
                time.sleep(0.05)

    workers = [threading.Thread(target=send, args=(w,)) for w in "abc"]
    for w in workers:
        w.start()
    for round_ in range(5):
        time.sleep(0.7 + 0.13 * round_)
        one.kill(victim)
        one.start_engine() if victim == "engine" else one.start_intake()
    time.sleep(1)
    stop.set()
    for w in workers:
        w.join()
    rows = {computer: (int(n), int(distinct)) for computer, n, distinct in
            one.query("SELECT Computer, count(), uniqExact(Version) FROM law.Heartbeat GROUP BY Computer")}
    assert len(acknowledged) > 10
    for token in acknowledged:
        assert rows.get(token) == (50, 50), f"{token}: {rows.get(token)}"
    for token, (n, distinct) in rows.items():
        assert n == distinct, f"{token} was stored twice in part"


# --- live sources ---

@pytest.fixture
def logs():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-logs-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def append(path, *lines):
    path.parent.mkdir(exist_ok=True)
    with open(path, "a") as f:
        f.write("".join(line + "\n" for line in lines))


def messages(one, where="1"):
    return [row[0] for row in one.query(f"SELECT SyslogMessage FROM law.Syslog WHERE {where} ORDER BY SyslogMessage")]


def test_log_files_are_followed_through_rotation_and_restart(make_intake, logs):
    log = logs / "auth.log"
    append(log, "Feb  3 04:05:05 web1 sshd[1]: before the first start")
    one = make_intake("--host-logs", str(logs)).start()
    sent = []

    def write(n):
        lines = [LINE.format(len(sent) + i) for i in range(n)]
        sent.extend(line.split(": ", 1)[1] for line in lines)
        append(log, *lines)

    write(5)
    wait_until(lambda: len(messages(one)) == len(sent), 20, "the first lines")
    log.rename(logs / "auth.log.1")
    write(3)
    wait_until(lambda: len(messages(one)) == len(sent), 30, "lines after the rotation")
    one.kill("intake")
    write(4)
    (logs / "auth.log.1").rename(logs / "auth.log.2")
    log.rename(logs / "auth.log.1")
    write(4)
    one.start_intake()
    wait_until(lambda: len(messages(one)) == len(sent), 30, "lines of the time without intake")
    os.truncate(log, 0)
    time.sleep(0.5)
    write(2)
    wait_until(lambda: len(messages(one)) == len(sent), 30, "lines after the truncation")
    time.sleep(1)
    assert messages(one) == sorted(sent)
    assert one.query("SELECT DISTINCT Facility, ProcessName, Computer FROM law.Syslog") == [["auth", "sshd", "web1"]]


def test_lines_survive_an_engine_that_is_away_and_kills_of_the_intake(make_intake, logs):
    log = logs / "auth.log"
    append(log)
    one = make_intake("--host-logs", str(logs)).start()
    n = 0
    for victim in ["intake", "engine", "intake", "intake", "engine", "intake"]:
        append(log, *[LINE.format(n + i) for i in range(200)])
        n += 200
        time.sleep(0.15)
        one.kill(victim)
        append(log, *[LINE.format(n + i) for i in range(50)])
        n += 50
        one.start_engine() if victim == "engine" else one.start_intake()
    wait_until(lambda: one.count("Syslog") >= n, 40, "all lines")
    time.sleep(1)
    assert one.count("Syslog") == n
    assert one.query("SELECT uniqExact(SyslogMessage) FROM law.Syslog")[0][0] in (n, str(n))
    wait_until(lambda: one.metric("spool_files") == 0, 10, "the spool is empty")


def test_process_starts_of_the_audit_log(make_intake, logs):
    one = make_intake("--host-logs", str(logs)).start()
    append(logs / "audit/audit.log",
           'type=SYSCALL msg=audit(1769990400.100:77): arch=c000003e syscall=59 success=yes exit=0 ppid=10 pid=20 auid=1000 uid=0 euid=0 tty=pts0 ses=3 comm="id" exe="/usr/bin/id" key=(null)',
           'type=EXECVE msg=audit(1769990400.100:77): argc=2 a0="id" a1="-u"',
           'type=PROCTITLE msg=audit(1769990400.100:77): proctitle=6964002D75')
    told = "ProcessId = 20 AND InitiatingProcessId = 10"  # process starts of this machine may be there, too
    wait_until(lambda: one.count("DeviceProcessEvents", told) == 1, 20, "the process start")
    assert one.query(f"SELECT FileName, ProcessCommandLine FROM law.DeviceProcessEvents WHERE {told}") == [["id", "id -u"]]
    wait_until(lambda: one.count("LinuxAuditLog") == 3, 20, "its three records")


def test_syslog_over_udp_and_tcp(make_intake):
    port = free_port()
    one = make_intake("--no-host-sources", "--syslog", f"127.0.0.1:{port}").start()
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.sendto(b"<38>1 2026-02-03T04:05:06Z udp1 sshd 1 - - over udp", ("127.0.0.1", port))
        udp.sendto(b"<38>Feb  3 04:05:06 udp2 sshd[2]: two\nlines", ("127.0.0.1", port))
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as tcp:
        framed = b"<38>1 2026-02-03T04:05:06Z tcp1 app 1 - - counted\nframe"
        tcp.sendall(b"%d %s" % (len(framed), framed))
        tcp.sendall(b"<38>1 2026-02-03T04:05:06Z tcp2 app 1 - - by line\n<38>1 2026-02-03T04:05:06Z tcp3 app 1 - - no end")
    wait_until(lambda: one.count("Syslog") == 5, 20, "the five messages")
    rows = {computer: (message, ip) for computer, message, ip in one.query("SELECT Computer, SyslogMessage, HostIP FROM law.Syslog")}
    assert rows == {"udp1": ("over udp", "127.0.0.1"), "udp2": ("two#012lines", "127.0.0.1"), "tcp1": ("counted#012frame", "127.0.0.1"),
                    "tcp2": ("by line", "127.0.0.1"), "tcp3": ("no end", "127.0.0.1")}


def test_what_comes_over_the_network_makes_no_rows_of_other_tables(make_intake):
    port = free_port()
    one = make_intake("--no-host-sources", "--syslog", f"127.0.0.1:{port}").start()
    forged = '{"Type":"SecurityAlert","TimeGenerated":"2026-01-02T03:04:05Z","DisplayName":"forged"}'
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as tcp:
        tcp.sendall(f"{forged}\n<38>{forged}\n".encode())
    assert one.post("/ingest/lines?source=processes", forged)[2]["rows"] == {"Syslog": 1}
    wait_until(lambda: one.count("Syslog") == 3, 20, "the three lines")
    assert one.count("SecurityAlert") == 0


def test_a_taken_syslog_port_is_a_clear_message(make_intake):
    port = free_port()
    one = make_intake()
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = subprocess.run([BINARY, "intake", "--data", str(one.folder), "--content", str(ROOT / "content"), "--no-host-sources",
                               "--syslog", f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and "--syslog" in done.stderr and "TCP" in done.stderr


# --- the sandbox ---

@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to see what is given up")
def test_rights_are_given_up(make_intake):
    one = make_intake().start()
    status = (pathlib.Path("/proc") / str(one.intake.pid) / "status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert int(fields["CapEff"], 16) == 1 << 2, "CAP_DAC_READ_SEARCH alone"
    assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"
