# SPDX-License-Identifier: Apache-2.0
"""A full disk, a kill in the middle: what was acknowledged is there, and nothing is half there."""
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import pytest

from engine_host import Engine


@pytest.fixture
def small_disk():
    folder = tempfile.mkdtemp(prefix="vedette-disk-")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "vedette-test", folder], capture_output=True).returncode != 0:
        os.rmdir(folder)
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    os.rmdir(folder)


def test_a_full_disk_refuses_and_recovers(small_disk):
    ballast = pathlib.Path(small_disk, "ballast")
    ballast.write_bytes(b"x" * (6 << 20))
    e = Engine(data=small_disk + "/data").start()
    e.do("CREATE TABLE law.t (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    stored, refused = 0, None
    for i in range(60):
        answer = e.ask(f"INSERT INTO law.t SELECT {i}, randomString(1000) FROM numbers(1000)")
        if answer.status != 200:
            refused = answer
            break
        stored += 1000
    assert refused is not None and stored > 0
    assert "No space left" in refused.text or refused.code == 243, refused.text
    assert e.value("SELECT count() FROM law.t") == str(stored)
    ballast.unlink()
    e.do("INSERT INTO law.t VALUES (1, 'again')")
    assert e.value("SELECT count() FROM law.t") == str(stored + 1)
    e.stop(signal.SIGKILL)
    e.start()
    assert e.value("SELECT count() FROM law.t") == str(stored + 1)
    e.close()


def test_kills_lose_no_acknowledged_row_and_repeat_none():
    e = Engine().start()
    e.do("CREATE TABLE law.t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 10000")
    acknowledged, stop = [], threading.Event()

    def write():
        batch = 0
        while not stop.is_set():
            sql = f"INSERT INTO law.t SETTINGS insert_deduplicate = 1, insert_deduplication_token = 'b{batch}' FORMAT TSV"
            try:
                if e.ask(sql, b"%d\n" % batch * 100).status == 200:
                    acknowledged.append(batch)
                    batch += 1
            except OSError:
                time.sleep(0.01)
            except Exception:  # half an answer: the batch is sent again
                pass

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(int(os.environ.get("VEDETTE_KILLS", "5"))):
        time.sleep(0.4)
        e.stop(signal.SIGKILL)
        e.start()
    time.sleep(0.3)
    stop.set()
    thread.join()
    rows = dict(map(int, line.split("\t")) for line in e.value("SELECT a, count() FROM law.t GROUP BY a").splitlines())
    assert len(acknowledged) > 5
    assert all(rows.get(batch) == 100 for batch in acknowledged)
    assert set(rows.values()) == {100}
    e.close()
