# SPDX-License-Identifier: Apache-2.0
"""ClickHouse's HTTP interface as vedette-engine speaks it."""
import gzip
import json
import threading
import time

import pytest

from engine_host import Engine


@pytest.fixture(scope="module")
def engine():
    e = Engine().start()
    e.do("CREATE TABLE law.t (a Int64, b String) ENGINE = MergeTree ORDER BY a")
    yield e
    e.close()


@pytest.fixture
def table(engine):
    engine.do("TRUNCATE TABLE law.t")
    return engine


def test_ready_within_a_second():
    began = time.monotonic()
    e = Engine().start()
    took = time.monotonic() - began
    e.close()
    assert took < 2, f"{took:.2f} s"  # 0.2 s on a quiet machine; builds may run beside the tests


def test_pings_and_unknown_paths(engine):
    assert engine.get("/").text == "Ok.\n"
    assert engine.get("/ping").text == "Ok.\n"
    assert engine.get("/replicas_status").text == "Ok.\n"
    assert engine.get("/nothing").status == 404


def test_queries_by_get_and_post(engine):
    assert engine.get("/?query=SELECT%201").text == "1\n"
    assert engine.ask("SELECT 2").text == "2\n"
    assert engine.request("POST", "/?query=SELECT", b"3").text == "3\n"
    assert engine.ask("SELECT 4;").text == "4\n"
    assert engine.ask("").code == 62


def test_get_only_reads(table):
    answer = table.get("/?query=TRUNCATE%20TABLE%20law.t")
    assert (answer.status, answer.code) == (500, 164)
    assert table.ask("DROP TABLE law.t", readonly=1).code == 164
    assert table.ask("INSERT INTO law.t FORMAT CSV", b"1,a\n", readonly=1).code == 164


def test_formats(engine):
    sql = "SELECT toInt32(number) AS n, 'x' AS s FROM numbers(2)"
    assert engine.ask(sql, default_format="CSV").text == '0,"x"\n1,"x"\n'
    assert engine.ask(sql, headers={"X-ClickHouse-Format": "JSONEachRow"}).text == '{"n":0,"s":"x"}\n{"n":1,"s":"x"}\n'
    document = engine.ask(sql + " FORMAT JSON")
    assert document.headers["X-ClickHouse-Format"] == "JSON"
    assert document.headers["Content-Type"].startswith("application/json")
    assert json.loads(document.text)["rows"] == 2
    assert engine.ask(sql, default_format="Nonsense").code == 73


@pytest.mark.parametrize("name,head", [("JSONCompactEachRowWithNamesAndTypes", 2), ("TSVWithNames", 1), ("CSVWithNames", 1)])
def test_the_head_of_a_format_stands_once(engine, name, head):
    lines = engine.ask("SELECT number FROM numbers(300000)", default_format=name).text.splitlines()
    assert len(lines) == 300000 + head


def test_a_document_of_many_blocks_is_one_document(engine):
    assert len(json.loads(engine.ask("SELECT number FROM numbers(300000)", default_format="JSON").text)["data"]) == 300000


def test_binary_rows_of_many_blocks(engine):
    plain = engine.ask("SELECT number FROM numbers(300000)", default_format="RowBinary").body
    named = engine.ask("SELECT number FROM numbers(300000)", default_format="RowBinaryWithNamesAndTypes").body
    assert len(plain) == 8 * 300000
    assert named.endswith(plain) and len(named) - len(plain) == 1 + 1 + len("number") + 1 + len("UInt64")


def test_inserts(table):
    summary = json.loads(table.do("INSERT INTO law.t FORMAT JSONEachRow", b'{"a":1,"b":"x"}\n{"a":2}\n').headers["X-ClickHouse-Summary"])
    assert summary["written_rows"] == "2"
    table.do("INSERT INTO law.t VALUES (3, 'v;')")
    table.do('INSERT INTO law.t FORMAT CSV\n4,"q"\n5,"z"\n')
    table.do("INSERT INTO law.t SELECT 6, 's'")
    table.do("INSERT INTO t (b, a) FORMAT TSV", b"w\t7\n")
    assert table.value("SELECT groupArray(b) FROM (SELECT b FROM law.t ORDER BY a)") == "['x','','v;','q','z','s','w']"


def test_a_broken_row_stores_nothing(table):
    answer = table.ask("INSERT INTO law.t FORMAT JSONEachRow", b'{"a":1}\n{"a":oops}\n')
    assert (answer.status, answer.code) == (400, 27)
    assert table.value("SELECT count() FROM law.t") == "0"


def test_an_insert_that_breaks_off_stores_nothing(table):
    c = table.connection()
    c.putrequest("POST", "/?query=INSERT+INTO+law.t+FORMAT+CSV")
    c.putheader("Content-Length", "20000000")
    c.endheaders()
    c.send(b'1,"x"\n' * 500000)
    c.close()
    time.sleep(0.5)
    assert table.value("SELECT count() FROM law.t") == "0"
    table.do("INSERT INTO law.t FORMAT CSV", b"1,a\n")


def test_gzip_both_ways(table):
    body = gzip.compress(b"".join(b'%d,"x"\n' % i for i in range(100000)))
    answer = table.ask("INSERT INTO law.t FORMAT CSV", body, {"Content-Encoding": "gzip"})
    assert answer.status == 200, answer.text
    packed = table.ask("SELECT * FROM law.t ORDER BY a", headers={"Accept-Encoding": "gzip"}, enable_http_compression=1)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed.body).splitlines()) == 100000
    assert len(packed.body) < 400000
    broken = table.ask("INSERT INTO law.t FORMAT CSV", body[:-100], {"Content-Encoding": "gzip"})
    assert broken.status >= 400
    assert table.value("SELECT count() FROM law.t") == "100000"


def test_settings_hold_for_one_query(engine):
    ask = "SELECT getSetting('max_threads')"
    before = engine.value(ask)
    assert engine.value(ask, max_threads=7) == "7"
    assert engine.value(ask) == before
    assert engine.value(ask, max_threads=7, readonly=1) == "7"
    wrong = engine.ask("SELECT 1", no_such_setting=1)
    assert (wrong.status, wrong.code) == (404, 115)
    assert engine.ask("SELECT 1", max_threads="many").status == 400
    assert engine.ask("SELECT 1", **{"max_threads=1, readonly": "0"}).code == 115


def test_parameters(engine):
    assert engine.value("SELECT {a:Int32} + 1, {b:String}", param_a="41", param_b="it's") == "42\tit\\'s"
    assert engine.ask("SELECT {a:Int32}", param_a="1 OR 1").status == 400


def test_headers_of_an_answer(engine):
    answer = engine.ask("SELECT count() FROM numbers(1000)", query_id="my-query")
    assert answer.headers["X-ClickHouse-Query-Id"] == "my-query"
    assert answer.headers["X-ClickHouse-Timezone"] == "UTC"
    summary = json.loads(answer.headers["X-ClickHouse-Summary"])
    assert summary["read_rows"] == "1000" and summary["result_rows"] == "1"
    failed = engine.ask("SELECT nope", query_id="my-query")
    assert (failed.status, failed.headers["X-ClickHouse-Exception-Code"]) == (404, "47")
    assert failed.text.startswith("Code: 47. DB::Exception: ")
    assert failed.headers["X-ClickHouse-Query-Id"] == "my-query"


def test_an_exception_in_mid_stream_ends_the_answer_recognisably(engine):
    c = engine.connection()
    c.request("POST", "/", b"SELECT throwIf(number = 3000000) FROM numbers(4000000)")
    reply = c.getresponse()
    tag = reply.headers["X-ClickHouse-Exception-Tag"]
    assert reply.status == 200
    try:
        got = reply.read()
        raise AssertionError("the answer looks whole")
    except Exception as broken:  # http.client.IncompleteRead
        got = broken.partial
    head, block = got.split(b"\r\n__exception__\r\n", 1)
    assert head.startswith(b"0\n0\n")
    lines = block.decode().split("\r\n")
    assert lines[0] == tag and lines[2] == "__exception__"
    message, length = lines[1].rsplit("\n", 1)
    assert message.startswith("Code: 395. DB::Exception: ")
    assert length == f"{len(message.encode()) + 1} {tag}"


def running(engine, what):
    return int(engine.value(f"SELECT count() FROM system.processes WHERE position(query, '{what}') > 0 AND position(query, 'processes') = 0"))


def gone(engine, what):
    for _ in range(100):
        if running(engine, what) == 0:
            return True
        time.sleep(0.05)
    return False


ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


def test_a_query_ends_when_its_client_leaves(engine):
    c = engine.connection()
    c.request("POST", "/", ENDLESS.encode())
    time.sleep(0.3)
    assert running(engine, "sipHash64") == 1
    c.close()
    assert gone(engine, "sipHash64")


def test_a_stream_ends_when_its_client_leaves(engine):
    c = engine.connection()
    c.request("POST", "/", b"SELECT number, 'endless-stream' FROM numbers(1000000000000)")
    assert len(c.getresponse().read(100000)) == 100000
    assert running(engine, "endless-stream") == 1
    c.close()
    assert gone(engine, "endless-stream")


def test_kill_by_query_id(engine):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(engine.ask(ENDLESS, query_id="doomed")))
    thread.start()
    time.sleep(0.3)
    assert engine.value("KILL QUERY WHERE query_id = 'doomed' ASYNC").startswith("waiting\tdoomed")
    thread.join(10)
    assert answers[0].code == 394
    assert engine.value("KILL QUERY WHERE query_id = 'doomed' ASYNC") == ""


def test_limits(engine):
    assert engine.ask(ENDLESS, max_execution_time=1).status == 408
    assert engine.ask("SELECT groupArray(toString(number)) FROM numbers(100000000)", max_memory_usage=50000000).code == 241
    assert engine.ask("SELECT number FROM numbers(100)", max_result_rows=10).code == 396
    assert engine.value("SELECT 1") == "1"


def test_more_queries_than_turns_wait(engine):
    began = time.monotonic()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(engine.ask("SELECT sleep(0.3)").status)) for _ in range(24)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert answers == [200] * 24
    assert time.monotonic() - began < 10


def test_what_is_not_spoken_is_refused_by_name(engine):
    for parameters in ({"session_id": "x"}, {"compress": "1"}, {"decompress": "1"}):
        answer = engine.ask("SELECT 1", **parameters)
        assert (answer.status, answer.code) == (501, 48)
        assert next(iter(parameters)) in answer.text or "compress" in answer.text
    assert engine.ask("SET max_threads = 1").code == 48
    assert engine.ask("USE law").code == 48


def test_large_statements(engine):
    numbers = ",".join(str(i) for i in range(300000))
    assert engine.value(f"SELECT length([{numbers}])", max_query_size=16777216, max_ast_elements=1000000,
                        max_expanded_ast_elements=1000000) == "300000"
    assert engine.ask(f"SELECT length([{numbers}])").status == 400  # over ClickHouse's own default
