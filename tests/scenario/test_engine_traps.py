# SPDX-License-Identifier: Apache-2.0
"""What libchdb does when it is used without care, and that vedette-engine takes the care: docs/engine.md lists these."""
import signal
import socket
import subprocess
import time

import pytest

from engine_host import ENGINE, Engine


@pytest.fixture(scope="module")
def engine():
    e = Engine().start()
    yield e
    e.close()


@pytest.fixture
def victim(engine):
    engine.do("CREATE OR REPLACE TABLE law.victim (a Int64, b String) ENGINE = MergeTree ORDER BY a")
    engine.do("INSERT INTO law.victim VALUES (1, 'kept')")
    return engine


def still_there(engine):
    return engine.value("SELECT count() FROM law.victim WHERE b = 'kept'") == "1"


@pytest.mark.parametrize("query", ["INSERT INTO law.victim FORMAT JSONEachRow", None])
def test_trap_1_text_behind_inline_data_is_not_run(victim, query):
    data = b'{"a":2,"b":"x"}\n\nDROP TABLE law.victim\n'
    answer = victim.ask(query, data) if query else victim.request("POST", "/", b"INSERT INTO law.victim FORMAT JSONEachRow\n" + data)
    assert answer.status == 400
    victim.ask("INSERT INTO law.victim VALUES (2, 'x'); DROP TABLE law.victim")
    assert still_there(victim)


def test_trap_1_binary_data_are_not_cut(victim):
    block = victim.ask("SELECT toInt64(number) AS a, '\\n\\n;' AS b FROM numbers(10)", default_format="Native").body
    victim.do("INSERT INTO law.victim FORMAT Native", block)
    victim.request("POST", "/", b"INSERT INTO law.victim FORMAT Native\n" + block)
    assert victim.value("SELECT count() FROM law.victim") == "21"


@pytest.mark.parametrize("sql", [
    "SELECT 1; DROP TABLE law.victim",
    "SELECT 1;;DROP TABLE law.victim",
    "SELECT 1 /* ; */ ; DROP TABLE law.victim",
    "SELECT ';' ; DROP TABLE law.victim",
    "SELECT 1 -- \n; DROP TABLE law.victim",
    "SELECT $x$ ' $x$ ; DROP TABLE law.victim",
    "SELECT '\\'' ; DROP TABLE law.victim -- '",
    "DROP TABLE IF EXISTS law.nothing; DROP TABLE law.victim",
])
def test_trap_2_one_request_is_one_statement(victim, sql):
    for parameters in ({}, {"wait_end_of_query": 1}, {"default_format": "JSON"}):
        answer = victim.ask(sql, **parameters)
        assert (answer.status, answer.code) == (400, 62), answer.text
    assert still_there(victim)


def test_trap_3_files_are_no_tables(engine):
    for name in ("default.`/etc/passwd`", "`/etc/passwd`", "law.`/etc/passwd`"):
        answer = engine.ask(f"SELECT * FROM {name}")
        assert answer.status == 404 and "root:" not in answer.text
    assert engine.value("SELECT engine FROM system.databases WHERE name = 'default'") == "Memory"
    assert engine.value("SELECT currentDatabase()", database="default") == "law"


@pytest.mark.parametrize("readonly", [1, 2])
def test_trap_4_reading_does_not_reach_files(engine, readonly):
    for sql in ("SELECT file('/etc/passwd')", "SELECT * FROM file('/etc/passwd', 'LineAsString')",
                "SELECT * FROM url('http://127.0.0.1:1/x', 'LineAsString')", "SELECT * FROM executable('id', 'TSV', 'a String')"):
        answer = engine.ask(sql, readonly=readonly)
        assert answer.status >= 400 and "root:" not in answer.text, sql
    for sql in ("SELECT 1 INTO OUTFILE '/tmp/vedette-outfile'", "SELECT 1 INTO/**/OUTFILE 'x'"):
        assert engine.ask(sql, readonly=readonly).code == 62
    assert engine.ask("INSERT INTO law.victim FROM INFILE '/etc/passwd' FORMAT LineAsString").code == 62


def test_trap_5_the_database_is_the_one_that_was_asked_for(engine):
    engine.do("CREATE DATABASE IF NOT EXISTS other ENGINE = Atomic")
    engine.do("CREATE TABLE other.here (a Int8) ENGINE = Memory")
    assert engine.value("SELECT currentDatabase()") == "law"
    assert engine.value("SELECT count() FROM here", database="other") == "0"
    assert engine.ask("SELECT count() FROM here").status == 404
    assert engine.ask("SELECT 1", database="nowhere").status == 404


def test_trap_6_parameters_are_escaped_as_clickhouse_wants_them(engine):
    # The client's part (src/tables escapes) is test_tables: parameters_are_values_whatever_stands_in_them.
    assert engine.value("SELECT hex({v:String})", param_v="a\\tb\\\\c\\n") == "6109625C630A"
    assert engine.ask("SELECT {v:String}", param_v="a\tb").code == 457


def test_trap_7_a_relative_folder_is_made_absolute():
    e = Engine()
    e.folder.mkdir(exist_ok=True)
    process = subprocess.Popen([ENGINE, "--data", "some/where", "--socket", e.socket], cwd=e.folder, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 20
        while True:
            try:
                e.do("CREATE TABLE IF NOT EXISTS law.t (a Int8) ENGINE = MergeTree ORDER BY a")
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.02)
        e.do("INSERT INTO law.t VALUES (1)")
        assert e.value("SELECT count() FROM law.t") == "1"
        assert (e.folder / "some/where/store").is_dir()
    finally:
        process.terminate()
        process.wait(20)
        e.close()


def test_trap_7_old_parts_are_kept_for_a_while(engine):
    settings = dict(line.split("\t") for line in engine.value(
        "SELECT name, value FROM system.merge_tree_settings WHERE name IN "
        "('old_parts_lifetime', 'fsync_after_insert', 'fsync_part_directory', 'min_rows_to_fsync_after_merge')").splitlines())
    assert settings == {"old_parts_lifetime": "480", "fsync_after_insert": "1", "fsync_part_directory": "1",
                        "min_rows_to_fsync_after_merge": "1"}


def test_pools_are_capped(engine):
    caps = dict(line.split("\t") for line in engine.value("SELECT name, value FROM system.server_settings WHERE changed").splitlines())
    assert caps["max_thread_pool_size"] == "200" and caps["background_schedule_pool_size"] == "4"
    threads = int(next(l for l in open(f"/proc/{engine.process.pid}/status") if l.startswith("Threads:")).split()[1])
    assert threads < 100


def test_signals_are_left_to_the_program_and_term_closes_cleanly():
    e = Engine().start()
    e.do("CREATE TABLE law.t (a Int8) ENGINE = MergeTree ORDER BY a")
    e.do("INSERT INTO law.t VALUES (1)")
    caught = int(next(l for l in open(f"/proc/{e.process.pid}/status") if l.startswith("SigCgt:")).split()[1], 16)
    for s in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE):
        assert not caught & 1 << (s - 1), s
    c = e.connection()
    c.request("POST", "/", b"SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1")
    time.sleep(0.3)
    began = time.monotonic()
    assert e.stop() == 0
    assert time.monotonic() - began < 10
    e.start()
    assert e.value("SELECT count() FROM law.t") == "1"
    e.close()


def test_a_second_engine_on_the_same_folder_is_refused():
    e = Engine().start()
    second = subprocess.run([ENGINE, "--data", str(e.data), "--socket", str(e.folder / "second.sock")], capture_output=True, text=True, timeout=30)
    assert second.returncode != 0
    assert "another engine has it" in second.stderr
    third = subprocess.run([ENGINE, "--data", str(e.folder / "other"), "--socket", e.socket], capture_output=True, text=True, timeout=30)
    assert third.returncode != 0 and "another process listens on" in third.stderr
    assert e.value("SELECT 1") == "1"
    e.close()


def test_an_insert_over_more_than_100_partitions_is_refused_whole(engine):
    # Why src/tables partitions by the time of ingestion: test_tables_batch, a_batch_of_many_days_is_one_insert.
    engine.do("CREATE TABLE law.days (d Date) ENGINE = MergeTree PARTITION BY d ORDER BY d")
    answer = engine.ask("INSERT INTO law.days SELECT toDate(20000 + number) FROM numbers(150)")
    assert answer.code == 252
    assert engine.value("SELECT count() FROM law.days") == "0"


def test_a_token_stores_a_block_once_also_after_a_crash():
    e = Engine().start()
    e.do("CREATE TABLE law.t (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000")
    sql = "INSERT INTO law.t SETTINGS insert_deduplicate = 1, insert_deduplication_token = 'batch-1' FORMAT CSV"
    e.do(sql, b"1\n")
    e.do(sql, b"1\n")
    e.stop(signal.SIGKILL)
    e.start()
    e.do(sql, b"1\n")
    assert e.value("SELECT count() FROM law.t") == "1"
    e.close()


@pytest.mark.parametrize("garbage", [
    b"\x00\x01\x02\xff" * 1000,
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\nx",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /?" + b"a=b&" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /?query=INSERT+INTO+law.victim+FORMAT+Native HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
], ids=["bytes", "negative-length", "huge-length", "chunk-size", "long-url", "native-block"])
def test_garbage_does_no_harm(victim, garbage):
    s = socket.socket(socket.AF_UNIX)
    s.connect(victim.socket)
    s.settimeout(3)
    try:
        s.sendall(garbage)
        s.recv(1000)
    except OSError:
        pass
    s.close()
    assert still_there(victim)
