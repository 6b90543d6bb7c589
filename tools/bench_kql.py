#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Twelve typical rules over a table of events: what the compiler makes of them against SQL written by hand.

    tools/bench_kql.py                    10,000,000 rows of SecurityEvent, made by the engine itself
    tools/bench_kql.py --rows 1000000     fewer

Both run on the same connection, one after the other in turns, and the least of the times counts.
"""
import argparse
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
VEDETTE = ROOT / "build/bin/vedette"
LIBRARY = ROOT / "build/deps/chdb/libchdb.so"
SETTINGS = {"prefer_column_name_to_alias": 1, "join_use_nulls": 0, "date_time_output_format": "iso", "max_query_size": 16777216,
            "use_query_condition_cache": 0, "max_threads": 2}
NOW = "toDateTime64('2026-01-08 00:00:00',7,'UTC')"
WEEK = f"{NOW} - INTERVAL 7 DAY"

# A row a tenth of a second back from NOW; one command line in 100,000 is rare.
MAKE = """CREATE TABLE law.SecurityEvent (TimeGenerated DateTime64(7,'UTC'), Computer String, Account String, EventID Nullable(Int64),
 CommandLine String, IpAddress String, LogonType Nullable(Int64),
 INDEX words lowerUTF8(CommandLine) TYPE text(tokenizer='splitByNonAlpha'))
 ENGINE = MergeTree ORDER BY TimeGenerated PARTITION BY toYYYYMMDD(TimeGenerated)"""
FILL = """INSERT INTO law.SecurityEvent SELECT
 toDateTime64('2026-01-08 00:00:00',7,'UTC') - toIntervalMillisecond(number * 100),
 concat('host', toString(cityHash64(number) % 500)), concat('CORP\\\\user', toString(cityHash64(number, 1) % 2000)),
 [4624, 4625, 4688, 4672, 4634][1 + cityHash64(number, 2) % 5],
 concat('C:\\\\Windows\\\\System32\\\\', ['cmd.exe', 'powershell.exe', 'svchost.exe', 'rundll32.exe'][1 + cityHash64(number, 3) % 4], ' /c job',
        toString(cityHash64(number, 4) % 5000), if(number % 100000 = 7, ' mimikatz', ''), ' -x ', toString(number)),
 concat('10.', toString(cityHash64(number, 5) % 8), '.', toString(cityHash64(number, 6) % 250), '.7'), cityHash64(number, 7) % 11
 FROM numbers(ROWS)"""
SCHEMA = {"SecurityEvent": [["TimeGenerated", "datetime"], ["Computer", "string"], ["Account", "string"], ["EventID", "long"],
                            ["CommandLine", "string"], ["IpAddress", "string"], ["LogonType", "long"]]}
T = "SecurityEvent | where TimeGenerated > datetime(2026-01-01) "
F = "FROM law.SecurityEvent WHERE TimeGenerated > toDateTime64('2026-01-01 00:00:00',7,'UTC') "

RULES = [
    ("time window, has of a rare term, summarize", T + "| where CommandLine has 'mimikatz' | summarize n = count() by Computer",
     "SELECT Computer, count() " + F + "AND hasToken(lowerUTF8(CommandLine),'mimikatz') GROUP BY Computer"),
    ("time window, has of a common term, summarize", T + "| where CommandLine has 'powershell' | summarize n = count() by Computer, Account",
     "SELECT Computer, Account, count() " + F + "AND hasToken(lowerUTF8(CommandLine),'powershell') GROUP BY Computer, Account"),
    ("failed logons over a threshold", T + "| where EventID == 4625 | summarize n = count() by Account, bin(TimeGenerated, 1h) | where n > 20",
     "SELECT Account, toStartOfHour(TimeGenerated) AS t, count() AS n " + F + "AND EventID = 4625 GROUP BY Account, t HAVING n > 20"),
    ("join of two sides", "let bad = " + T + "| where EventID == 4625 | summarize bad = count() by Account | where bad > 100; " + T +
     "| where EventID == 4624 | summarize good = count() by Account | join kind=inner bad on Account | project Account, good, bad",
     "SELECT l.Account, good, bad FROM (SELECT Account, count() AS good " + F + "AND EventID = 4624 GROUP BY Account) AS l INNER JOIN "
     "(SELECT Account, count() AS bad " + F + "AND EventID = 4625 GROUP BY Account HAVING bad > 100) AS r ON l.Account = r.Account"),
    ("dcount", T + "| summarize dcount(IpAddress), dcount(Computer) by Account",
     "SELECT Account, uniqCombined(17)(IpAddress), uniqCombined(17)(Computer) " + F + "GROUP BY Account"),
    ("make-series", "SecurityEvent | make-series n = count() default = 0 on TimeGenerated from datetime(2026-01-01) to datetime(2026-01-08) step 1h by Computer",
     "SELECT Computer, groupArrayInsertAt(0,168)(n, toUInt32(i)) FROM (SELECT Computer, intDiv(reinterpretAsInt64(TimeGenerated) - "
     "reinterpretAsInt64(toDateTime64('2026-01-01 00:00:00',7,'UTC')), 36000000000) AS i, count() AS n FROM law.SecurityEvent WHERE TimeGenerated >= "
     "toDateTime64('2026-01-01 00:00:00',7,'UTC') AND TimeGenerated < toDateTime64('2026-01-08 00:00:00',7,'UTC') GROUP BY Computer, i) GROUP BY Computer"),
    ("regex extract", T + "| where EventID == 4688 | extend job = extract(@'job(\\d+)', 1, CommandLine) | summarize n = count() by job",
     "SELECT extract(CommandLine, 'job(\\\\d+)') AS job, count() " + F + "AND EventID = 4688 GROUP BY job"),
    ("top N", T + "| top 10 by CommandLine asc | project TimeGenerated, CommandLine",
     "SELECT TimeGenerated, CommandLine " + F + "ORDER BY CommandLine LIMIT 10"),
    ("the latest row of each", T + "| summarize arg_max(TimeGenerated, CommandLine, IpAddress) by Computer",
     "SELECT Computer, max(TimeGenerated), argMax(CommandLine, TimeGenerated), argMax(IpAddress, TimeGenerated) " + F + "GROUP BY Computer"),
    ("a list of accounts, any case", T + "| where Account in~ ('corp\\\\user7', 'corp\\\\user77') | summarize n = count() by Account, EventID",
     "SELECT Account, EventID, count() " + F + "AND lowerUTF8(Account) IN ('corp\\\\user7','corp\\\\user77') GROUP BY Account, EventID"),
    ("contains, distinct", T + "| where CommandLine contains 'JOB42' | distinct Computer, Account",
     "SELECT DISTINCT Computer, Account " + F + "AND positionCaseInsensitiveUTF8(CommandLine,'JOB42') > 0"),
    ("union of two filters", "union (" + T + "| where EventID == 4625), (" + T + "| where EventID == 4672) | summarize n = count() by Computer, EventID",
     "SELECT Computer, EventID, count() FROM (SELECT Computer, EventID " + F + "AND EventID = 4625 UNION ALL SELECT Computer, EventID " + F +
     "AND EventID = 4672) GROUP BY Computer, EventID"),
]


class Engine:
    """libchdb in this process."""

    def __init__(self, folder):
        self.lib = ctypes.CDLL(str(LIBRARY))
        for name in ("chdb_connect", "chdb_query_n", "chdb_result_buffer"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.lib.chdb_result_error.restype = ctypes.c_char_p
        self.lib.chdb_result_length.restype = ctypes.c_size_t
        words = ["vedette", f"--path={folder}", *(f"--{name}={value}" for name, value in SETTINGS.items())]
        argv = (ctypes.c_char_p * len(words))(*(word.encode() for word in words))
        self.connection = ctypes.cast(self.lib.chdb_connect(len(words), argv), ctypes.POINTER(ctypes.c_void_p))[0]

    def run(self, sql):
        text = sql.encode()
        result = ctypes.c_void_p(self.lib.chdb_query_n(ctypes.c_void_p(self.connection), text, ctypes.c_size_t(len(text)), b"TSV", ctypes.c_size_t(3)))
        fault = self.lib.chdb_result_error(result)
        size = self.lib.chdb_result_length(result)
        rows = ctypes.string_at(self.lib.chdb_result_buffer(result), size).decode(errors="replace") if size and not fault else ""
        self.lib.chdb_destroy_query_result(result)
        if fault:
            raise SystemExit(f"{fault.decode(errors='replace')[:600]}\n{sql[:2000]}")
        return rows

    def seconds(self, sql):
        start = time.perf_counter()
        self.run(sql)
        return time.perf_counter() - start


def compiled(query, schema):
    done = subprocess.run([VEDETTE, "kql", "explain", "--schema", schema, query], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.rstrip("\n").rsplit("\n", 1)[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="vedette-bench-")
    try:
        schema = pathlib.Path(folder) / "schema.json"
        schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
        engine = Engine(f"{folder}/data")
        engine.run("CREATE DATABASE law")
        engine.run(MAKE)
        start = time.perf_counter()
        engine.run(FILL.replace("ROWS", str(args.rows)))
        print(f"{args.rows:,} rows made in {time.perf_counter() - start:.0f} s", flush=True)
        worst = 0
        for name, query, by_hand in RULES:
            sql = compiled(query, schema)
            ours, theirs = zip(*((engine.seconds(sql), engine.seconds(by_hand)) for _ in range(args.turns)))
            worst = max(worst, min(ours) / min(theirs))
            print(f"| {name} | {min(ours) * 1000:.0f} ms | {min(theirs) * 1000:.0f} ms | {min(ours) / min(theirs):.2f} |", flush=True)
        used = "words" in engine.run("EXPLAIN indexes = 1 " + compiled(RULES[0][1], schema))
        print(f"worst ratio {worst:.2f}; has of a rare term {'uses' if used else 'does not use'} the text index")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # libchdb ends in its own time
