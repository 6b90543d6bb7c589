# SPDX-License-Identifier: Apache-2.0
"""The host's journal, written by a journald of our own in a mount namespace: nothing of the machine's own is seen or touched."""
import os
import pathlib
import shutil
import signal
import subprocess

import pytest

from conftest import Server, wait_until

JOURNALD = pathlib.Path("/lib/systemd/systemd-journald")
OUR_PLACES = ("/run/systemd", "/run/log", "/var/log/journal", "/var/log")


class Journal:
    """A running journald. `within` is the command line that enters its namespace."""

    def __init__(self):
        mounts = "; ".join(f"mkdir -p {place} && mount -t tmpfs journal {place}" for place in OUR_PLACES[:2] + OUR_PLACES[3:])
        machine = pathlib.Path("/etc/machine-id").read_text().strip()
        script = f"set -e; {mounts}; mkdir -p /run/systemd/journal /var/log/journal/{machine}; exec {JOURNALD}"
        self.process = subprocess.Popen(["unshare", "-m", "--propagation", "private", "sh", "-c", script],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.within = ["nsenter", "-t", str(self.process.pid), "-m", "--"]
        wait_until(lambda: subprocess.run([*self.within, "test", "-S", "/run/systemd/journal/socket"], check=False).returncode == 0, 20,
                   "journald listens")

    def write(self, *messages, name="jtest"):
        """Entries by the native protocol, as services log."""
        text = "\n".join(f"MESSAGE={m}\nSYSLOG_IDENTIFIER={name}\nPRIORITY=4\nSYSLOG_FACILITY=10\n" for m in messages)
        for entry in text.split("\n\n"):
            subprocess.run([*self.within, "logger", "--journald"], input=entry.rstrip("\n") + "\n", text=True, check=True)

    def flush(self):
        """journald writes to /var only when it is told that /var is there; then it goes on in other files."""
        self.process.send_signal(signal.SIGUSR1)

    def rotate(self):
        self.process.send_signal(signal.SIGUSR2)

    def end(self):
        self.process.terminate()
        self.process.wait(20)


class Host(Server):
    """A server that protects the host on which the journal is."""

    def __init__(self, folder, journal):
        super().__init__(folder)
        self.journal = journal

    def command(self):
        return [*self.journal.within, *(word for word in super().command() if word != "--no-host-sources")]

    def messages(self):
        return [row["SyslogMessage"] for row in self.query("Syslog | where ProcessName == 'jtest' | order by TimeGenerated asc")]


@pytest.fixture
def host(tmp_path):
    private = ["unshare", "-m", "--propagation", "private", "true"]
    if os.geteuid() != 0 or not JOURNALD.exists() or subprocess.run(private, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("a journald of our own needs root, systemd and a mount namespace of its own (which a chroot does not give)")
    journal = Journal()
    server = Host(tmp_path / "data", journal)
    try:
        yield server.start()
    finally:
        server.dispose()
        journal.end()
        shutil.rmtree(tmp_path / "data", ignore_errors=True)


def test_entries_become_syslog_rows_with_the_fields_that_rules_use(host):
    host.journal.write("Failed password for invalid user admin from 203.0.113.9 port 40022 ssh2")
    wait_until(lambda: host.messages(), 30, "the entry is a row")
    row = host.query("Syslog | where ProcessName == 'jtest' | project Facility, SeverityLevel, SyslogMessage, HostName, Fresh=TimeGenerated > ago(5m)")[0]
    assert row["Facility"] == "authpriv" and row["SeverityLevel"] == "warning" and row["HostName"] == os.uname().nodename
    assert row["SyslogMessage"].startswith("Failed password") and row["Fresh"]


def test_no_entry_is_lost_or_told_twice_over_kills_and_rotations(host):
    written = [f"entry {i}" for i in range(40)]
    host.journal.write(*written[:10])
    wait_until(lambda: len(host.messages()) == 10, 30, "the first entries are rows")
    os.kill(host.pid("intake"), signal.SIGKILL)
    host.journal.write(*written[10:20])
    host.journal.flush()
    host.journal.write(*written[20:25])
    host.stop()
    host.journal.rotate()
    host.journal.write(*written[25:35])
    host.start()
    host.journal.write(*written[35:])
    wait_until(lambda: len(host.messages()) >= len(written), 60, "all entries are rows")
    assert sorted(host.messages()) == sorted(written)
