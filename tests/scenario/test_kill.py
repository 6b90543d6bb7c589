# SPDX-License-Identifier: Apache-2.0
"""kill -9 of any process at any moment: acknowledged rows are there afterwards, once.

VEDETTE_KILLS says how often (20; `make soak` 200), VEDETTE_SEED fixes the moments.
"""
import json
import os
import random
import signal
import subprocess
import threading
import time

import pytest

from conftest import BINARY, wait_until

KILLS = int(os.environ.get("VEDETTE_KILLS", "20"))
SEED = int(os.environ.get("VEDETTE_SEED", str(random.randrange(1 << 30))))
ROWS_A_FILE = 20000


class Feeder(threading.Thread):
    """Imports file after file, each with ids of its own, until told to stop. What import acknowledged is counted."""

    def __init__(self, server, folder):
        super().__init__(daemon=True)
        self.server, self.folder = server, folder
        self.enough = threading.Event()
        self.acknowledged, self.files, self.failures = 0, 0, []

    def run(self):
        while not self.enough.is_set():
            path = self.folder / f"{self.files}.json"
            with open(path, "w", encoding="ascii") as f:
                for i in range(ROWS_A_FILE):
                    row = {"Type": "Syslog", "TimeGenerated": "2026-11-01T00:00:00Z", "ProcessName": "kill", "SyslogMessage": f"{self.files}-{i} {'x' * 60}"}
                    f.write(json.dumps(row) + "\n")
            while True:  # what a person would do: the same command again
                done = subprocess.run([BINARY, "import", "--json", str(path)], capture_output=True, text=True, env=self.server.env(), check=False)
                if done.returncode == 0:
                    break
                self.failures.append(done.stderr)
                if self.enough.is_set() and len(self.failures) > 1000:
                    return
                time.sleep(0.2)
            path.unlink()
            self.files += 1
            self.acknowledged += ROWS_A_FILE


def test_acknowledged_rows_survive_every_kill_exactly_once(new_vedette, tmp_path):
    server = new_vedette()
    chance = random.Random(SEED)
    print(f"VEDETTE_SEED={SEED} VEDETTE_KILLS={KILLS}")
    feeder = Feeder(server, tmp_path)
    feeder.start()
    killed = {}
    enough_time = time.monotonic() + 60 + 15 * KILLS
    while sum(killed.values()) < KILLS:
        assert time.monotonic() < enough_time, f"what was killed does not come back: {killed} of {KILLS}"
        time.sleep(chance.uniform(0.05, 1.5))
        name = chance.choice(["engine", "intake", "server", "engine", "intake", "supervisor"])
        pid = server.process.pid if name == "supervisor" else server.pid(name)
        if pid is None:  # still down from the last kill: another draw
            continue
        os.kill(pid, signal.SIGKILL)
        killed[name] = killed.get(name, 0) + 1
        if name == "supervisor":
            server.process.wait()
            server.start()
    feeder.enough.set()
    feeder.join(300)
    assert not feeder.is_alive(), f"the last import does not come to an end: {feeder.failures[-3:]}"
    wait_until(lambda: server.cli("query", "print 1", check=False).returncode == 0, 60, "queries run again")
    assert feeder.acknowledged > 0
    got = server.query("Syslog | where ProcessName == 'kill' | summarize rows=count(), ids=dcount(SyslogMessage, 4)")[0]
    exact = server.value("Syslog | where ProcessName == 'kill' | summarize by SyslogMessage | count")  # what is grouped can go to disk
    print(f"killed {killed}, {feeder.files} files, {feeder.acknowledged} rows acknowledged, {len(feeder.failures)} imports ended early, found {got}")
    assert exact == feeder.acknowledged, "an acknowledged row is missing"
    assert got["rows"] == feeder.acknowledged, "a row is there twice"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 640 MiB, where the test runs as root."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=640m,mode=700", "vedette-test", str(folder)], check=False).returncode != 0:
        pytest.skip("this machine allows no mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk_is_said_and_nothing_is_half_written(new_vedette, small_disk, tmp_path):
    server = new_vedette("--min-free", "16", folder=small_disk / "data")
    path = tmp_path / "rows.json"
    with open(path, "w", encoding="ascii") as f:
        for i in range(5000):
            f.write(json.dumps({"Type": "Syslog", "TimeGenerated": "2026-11-01T00:00:00Z", "ProcessName": "full", "SyslogMessage": f"id-{i}"}) + "\n")
    assert server.import_(path)["total"] == 5000
    ballast = small_disk / "ballast"
    with open(ballast, "wb") as f:
        try:
            while True:
                f.write(os.urandom(1 << 20))
                f.flush()
        except OSError:
            pass
    noise = tmp_path / "noise.json"
    with open(noise, "w", encoding="ascii") as f:
        for i in range(20000):
            f.write(json.dumps({"Type": "Syslog", "TimeGenerated": "2026-11-01T00:00:00Z", "ProcessName": "late",
                                "SyslogMessage": f"id-{i} {random.randbytes(200).hex()}"}) + "\n")
    refused = subprocess.run([BINARY, "import", str(noise)], capture_output=True, text=True, env=server.env(VEDETTE_PATIENCE="5"), timeout=120, check=False)
    assert refused.returncode in (7, 9), refused.stderr
    assert "space" in refused.stderr or "room" in refused.stderr or "full" in refused.stderr, refused.stderr
    ballast.unlink()
    wait_until(lambda: server.cli("import", noise, check=False).returncode == 0, 120, "with room again the same command goes through")
    assert server.value("Syslog | where ProcessName == 'full' | count") == 5000
    assert server.value("Syslog | where ProcessName == 'late' | count") == 20000
