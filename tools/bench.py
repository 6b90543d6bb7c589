#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Vedette on this machine and writes docs/BENCHMARKS.md.

    make bench                         everything, with the corpora in $VEDETTE_SHARED (default ../shared)
    tools/bench.py --events 100000     a smaller import
    tools/bench.py --only start,rest   some of the measures
    tools/bench.py --no-write          print only

Absolute figures are this machine's. Where something can be compared it is a ratio of two figures of one run.
"""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.parse
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/scenario"))
import bench_posture  # noqa: E402
from conftest import BINARY, Server, wait_until  # noqa: E402

PAGE = ROOT / "docs/BENCHMARKS.md"
PROCESSES = ("engine", "intake", "server", "supervisor")


def events_of(path):
    """The events of a recording as bytes, one a line."""
    def split(data):
        text = data.lstrip()
        if text[:1] == b"[":
            return [json.dumps(e).encode() for e in json.loads(text)]
        if text[:11] in (b'{"Records":', b'{"Records" '):
            return [json.dumps(e).encode() for e in json.loads(text)["Records"]]
        return [line for line in data.splitlines() if line.strip()]

    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as z:
            return [e for name in z.namelist() if not name.endswith("/") for e in split(z.read(name))]
    with tarfile.open(path) as t:
        return [e for m in t.getmembers() if m.isfile() for e in split(t.extractfile(m).read())]


def corpus(shared):
    files = sorted([*(shared / "corpus/events/windows").glob("*.zip"), *(shared / "corpus/events/aws").glob("*")])
    return [event for path in files for event in events_of(path)]


def looped(events, n, path):
    """Writes the events again and again until there are n; returns bytes written."""
    with open(path, "wb", buffering=1 << 20) as f:
        for i in range(n):
            f.write(events[i % len(events)])
            f.write(b"\n")
    return path.stat().st_size


def engine(server, sql, body=None):
    """The engine asked over its own socket, as the server does."""
    call = ["curl", "-sS", "--fail-with-body", "--unix-socket", str(server.folder / "run/engine.sock")]
    with open(body or os.devnull, "rb") as data:
        if body is None:
            call += ["--data-binary", sql, "http://engine/"]
        else:
            call += ["-H", "Expect:", "-T", "-", "-X", "POST", "http://engine/?query=" + urllib.parse.quote(sql)]
        done = subprocess.run(call, stdin=data, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{sql[:80]}: {done.stdout[:500]} {done.stderr}")
    return done.stdout.strip()


def raw_table(server, events):
    """A table with a text column for every field that one event in a hundred has: what a user of the engine would make."""
    count = {}
    sample = events[:: max(1, len(events) // 5000)]
    for event in sample:
        with contextlib.suppress(ValueError):
            for name in json.loads(event):
                count[name] = count.get(name, 0) + 1
    names = sorted(name for name, n in count.items() if n >= len(sample) / 100 and "`" not in name and "\\" not in name)
    engine(server, "CREATE DATABASE IF NOT EXISTS bench")
    engine(server, "DROP TABLE IF EXISTS bench.raw")
    engine(server, f"CREATE TABLE bench.raw ({', '.join(f'`{name}` String' for name in names)}) ENGINE = MergeTree ORDER BY tuple() "
                   "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1")
    return len(names)


def engine_insert(server, path):
    settings = "input_format_skip_unknown_fields=1, input_format_json_read_numbers_as_strings=1, input_format_json_read_bools_as_strings=1, " \
               "input_format_json_read_objects_as_strings=1, input_format_json_read_arrays_as_strings=1, input_format_null_as_default=1"
    began = time.monotonic()
    engine(server, f"INSERT INTO bench.raw SETTINGS {settings} FORMAT JSONEachRow", path)
    return time.monotonic() - began


def without_rules(work):
    """Content with the schemas and no rule: what storing costs alone."""
    content = work / "content"
    (content / "rules").mkdir(parents=True)
    (content / "schemas").symlink_to(ROOT / "content/schemas")
    return content


def timed_import(server, path):
    began = time.monotonic()
    counts = server.import_(path)
    return time.monotonic() - began, counts


def measure_import(server, shared, options, work):
    events = corpus(shared)
    path = work / "events.json"
    size = looped(events, options.events, path)
    with a_server("--content", str(without_rules(work))) as quiet:
        fields = raw_table(quiet, events)
        alone = engine_insert(quiet, path)
        stored = int(engine(quiet, "SELECT count() FROM bench.raw"))
        engine(quiet, "DROP DATABASE bench")
        storing, _ = timed_import(quiet, path)
    ours, counts = timed_import(server, path)
    path.unlink()
    events_in = options.events - counts["refused"]

    def speed(n, seconds):
        return f"{n / seconds:,.0f} events/s, {size / seconds / 1e6:,.0f} MB/s"

    return [
        ("events", f"{options.events:,} ({len(events):,} recorded ones again and again), {size / 1e6:,.0f} MB of JSON"),
        ("imported and acknowledged, all rules running beside it",
         f"{speed(events_in, ours)}; {counts['total']:,} rows in {len(counts['rows'])} tables, {counts['refused']} refused"),
        ("imported and acknowledged, without rules", speed(events_in, storing)),
        ("the engine's own INSERT … FORMAT JSONEachRow", f"{speed(stored, alone)} into one table of {fields} text columns, no text index"),
        ("**ratio: Vedette / engine alone**", f"**{alone / storing:.2f}** without rules, {alone / ours:.2f} with them"),
    ]


def measure_lines(server, shared, options, work):
    """Events of the size that log shippers are measured with: what an sshd writes, as JSON lines for Syslog."""
    path, n = work / "lines.json", options.events
    texts = ("Accepted password for alice from 10.0.0.{0} port 51122 ssh2", "pam_unix(sshd:session): session opened for user root(uid=0) by (uid={0})",
             "Failed password for invalid user admin from 203.0.113.{0} port 40022 ssh2", "Connection closed by 198.51.100.{0} port 40022 [preauth]")
    with open(path, "w", encoding="ascii", buffering=1 << 20) as f:
        for i in range(n):
            when = f"2026-11-{1 + i % 20:02}T{i % 24:02}:{i % 60:02}:{i // 60 % 60:02}.{i % 1000:03}Z"
            f.write(json.dumps({"Type": "Syslog", "TimeGenerated": when, "Computer": f"host{i % 50}", "HostName": f"host{i % 50}", "Facility": "auth",
                                "SeverityLevel": "info", "ProcessName": "sshd", "ProcessID": i % 30000, "SyslogMessage": texts[i % 4].format(i % 256)}) + "\n")
    size = path.stat().st_size
    with a_server("--content", str(without_rules(work))) as quiet:
        storing, _ = timed_import(quiet, path)
    ours, counts = timed_import(server, path)
    path.unlink()
    return [
        ("events", f"{n:,} lines of an sshd as JSON, {size / n:.0f} bytes each"),
        ("imported and acknowledged, all rules running beside it", f"{counts['total'] / ours:,.0f} events/s, {size / ours / 1e6:,.0f} MB/s"),
        ("imported and acknowledged, without rules", f"{n / storing:,.0f} events/s, {size / storing / 1e6:,.0f} MB/s"),
    ]


def measure_incident(server, shared, options, work):
    times = []
    for name in ("empire_mimikatz_logonpasswords", "schtask_create", "psh_mshta_html_application_execution"):
        before = len(server.incidents())
        alerts = lambda: sum(i["properties"]["additionalData"]["alertsCount"] for i in server.incidents())  # noqa: E731
        had = alerts()
        server.import_(shared / f"corpus/events/windows/{name}.zip")
        began = time.monotonic()
        wait_until(lambda: len(server.incidents()) > before or alerts() > had, 120, f"an incident from {name}")
        times.append(time.monotonic() - began)
    return [("last row acknowledged to incident readable through the API", f"{', '.join(f'{t:.1f}' for t in times)} s (three recordings)")]


def measure_start(server, shared, options, work):
    server.import_(*sorted((shared / "corpus/events/windows").glob("*.zip"))[:6], wait=True)
    millis = []
    for _ in range(5):
        server.restart()
        line = next(line for line in server.text().splitlines() if "ready in" in line)
        millis.append(int(line.split("ready in")[1].split()[0]))
    return [("start to ready, with data", f"median {statistics.median(millis):.0f} ms of {sorted(millis)}")]


def usage(pid):
    """Seconds of CPU, and bytes resident: all that the process maps, libraries too."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    rss = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), rss


def measure_rest(server, shared, options, work):
    server.import_(shared / "corpus/events/windows", shared / "corpus/events/aws", wait=True)
    time.sleep(options.settle)
    pids = {name: server.process.pid if name == "supervisor" else server.pid(name) for name in PROCESSES}
    before = {name: usage(pid) for name, pid in pids.items()}
    time.sleep(options.idle)
    after = {name: usage(pid) for name, pid in pids.items()}
    rows, whole = [], [0.0, 0]
    for name in PROCESSES:
        cpu, rss = (after[name][0] - before[name][0]) / options.idle, after[name][1]
        whole = [whole[0] + cpu, whole[1] + rss]
        rows.append((f"{name} at rest", f"{rss / (1 << 20):.0f} MiB, {cpu * 100:.1f} % of a core"))
    return rows + [("all at rest", f"{whole[1] / (1 << 20):.0f} MiB, {whole[0] * 100:.1f} % of a core over {options.idle} s")]


def measure_compile(server, shared, options, work):
    with open(shared / "corpus/kql/rules.jsonl", encoding="utf-8") as f:
        queries = [json.loads(line) for line in f]
    lines = "".join(json.dumps({"id": str(i), "query": q["query"]}) + "\n" for i, q in enumerate(queries))
    done = subprocess.run([BINARY, "kql", "check", "--batch", "--time", "--schema", str(shared / "corpus/kql/tables.json")], input=lines,
                          capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not answers or "micros" not in answers[0]:
        raise RuntimeError(f"vedette kql check --batch --time: {done.stderr[-300:]} {done.stdout[:200]}")
    took = sorted(a["micros"] for a in answers if "columns" in a)
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    return [("KQL compile time", f"median {statistics.median(took) / 1000:.2f} ms, p99 {p99 / 1000:.2f} ms over the {len(took):,} of {len(answers):,} rules that compile")]


# Name, what it says, the measure, whether it wants a server of its own.
MEASURES = [
    ("start", "Start", measure_start),
    ("incident", "From the last row to the incident", measure_incident),
    ("rest", "At rest after the recordings", measure_rest),
    ("import", "Import: Windows and CloudTrail events of 2.9 KB", measure_import),
    ("lines", "Import: small events", measure_lines),
    ("compile", "KQL", measure_compile),
    ("policy", "Policy", bench_posture.measure_evaluation),
    ("posture", "Posture", bench_posture.measure_inventory),
]


@contextlib.contextmanager
def a_server(*more):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-bench-"))
    server = Server(folder / "data", *more)
    try:
        yield server.start()
    finally:
        server.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def run(measure, shared, options):
    with tempfile.TemporaryDirectory(prefix="vedette-bench-") as work, a_server() as server:
        return measure(server, shared, options, pathlib.Path(work))


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="ascii") if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") / (1 << 30)
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f} at the start"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--idle", type=int, default=60, help="seconds that rest is watched")
    parser.add_argument("--settle", type=int, default=60, help="seconds before that")
    parser.add_argument("--only", default="", help="names: " + ",".join(m[0] for m in MEASURES))
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    shared = pathlib.Path(os.environ.get("VEDETTE_SHARED", ROOT.parent / "shared"))
    if not (shared / "corpus/events").is_dir():
        sys.exit(f"bench: the corpora are not in {shared}; VEDETTE_SHARED names another folder")
    wanted = options.only.split(",") if options.only else [m[0] for m in MEASURES]

    page = [f"# Benchmarks\n\nWritten by `make bench` (`tools/bench.py`) on {datetime.date.today()}: {machine()}.\n"
            f"Absolute figures are this machine's; a ratio compares two figures of one run. The command: `{' '.join(['tools/bench.py', *sys.argv[1:]])}`.\n"]
    print(page[0])
    failed = 0
    for name, title, measure in MEASURES:
        if name not in wanted:
            continue
        try:
            rows = run(measure, shared, options)
        except (AssertionError, RuntimeError, OSError, KeyError) as why:
            rows, failed = [("not measured", str(why).splitlines()[0][:300])], failed + 1
        part = f"## {title}\n\n| what | measured |\n|---|---|\n" + "".join(f"| {what} | {figure} |\n" for what, figure in rows)
        print(part, flush=True)
        page.append(part)
    if not options.no_write:
        PAGE.write_text("\n".join(page), encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
