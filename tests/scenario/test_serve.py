# SPDX-License-Identifier: Apache-2.0
"""`vedette serve`: starts, refusals, restarts, the end."""
import json
import os
import signal
import socket
import stat
import subprocess
import time

import pytest

from conftest import BINARY, Server, free_port, wait_until


def serve(*args, seconds=30, env=None):
    return subprocess.run([BINARY, "serve", *map(str, args)], capture_output=True, text=True, timeout=seconds,
                          env={**os.environ, **(env or {})})


def test_the_first_start_makes_a_private_folder_and_a_password_once(new_vedette):
    server = new_vedette(start=False, env={"VEDETTE_ADMIN_PASSWORD": ""})
    server.start()
    text = server.text()
    assert "Password" in text and server.url in text
    password = next(line.split()[1] for line in text.splitlines() if line.strip().startswith("Password"))
    assert len(password) >= 12
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    status, _, body = server.call("POST", "/signin", {"user": "admin", "password": password})
    assert status == 200 and json.loads(body)["mustChangePassword"] is True
    for pid in (server.process.pid, server.pid("server"), server.pid("intake"), server.pid("engine")):
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            assert password.encode() not in f.read()
        with open(f"/proc/{pid}/environ", "rb") as f:
            assert password.encode() not in f.read()
    assert password not in server.log()
    server.restart()
    assert "Password" not in server.text(), "it is shown once"


def test_the_password_of_the_environment_reaches_no_child(fresh_vedette):
    for name in ("server", "intake", "engine"):
        with open(f"/proc/{fresh_vedette.pid(name)}/environ", "rb") as f:
            assert fresh_vedette.password.encode() not in f.read()
    assert fresh_vedette.password not in fresh_vedette.log()
    assert fresh_vedette.call("POST", "/signin", {"user": "admin", "password": fresh_vedette.password})[0] == 200


def test_health_answers_without_a_token_and_names_the_parts(vedette):
    status, _, body = vedette.call("GET", "/health")
    health = json.loads(body)
    assert status == 200 and health["status"] == "ok" and health["engine"] == "ok" and health["intake"] == "ok"


def test_the_second_start_is_quick(fresh_vedette):
    fresh_vedette.restart()
    line = next(line for line in fresh_vedette.text().splitlines() if "ready in" in line)
    millis = int(line.split("ready in")[1].split()[0])
    print(line)
    assert millis < 5000, "2 s on a quiet machine; this one may be busy"


def test_a_second_server_on_the_folder_is_refused(fresh_vedette):
    done = serve("--data", fresh_vedette.folder, "--listen", f"127.0.0.1:{free_port()}")
    assert done.returncode == 6
    assert f"in use by process {fresh_vedette.process.pid}" in done.stderr and "--data" in done.stderr
    assert not fresh_vedette.ended()


def test_a_taken_port_is_refused_with_its_owner(tmp_path):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        done = serve("--data", tmp_path / "d", "--listen", f"127.0.0.1:{s.getsockname()[1]}")
    assert done.returncode == 6
    assert f"process {os.getpid()} " in done.stderr and "--listen" in done.stderr


def test_a_port_whose_owner_is_going_is_waited_for(new_vedette):
    """A server that was killed holds its port until the kernel is done with its processes."""
    server = new_vedette(start=False)
    with socket.create_server(("127.0.0.1", server.port)):
        server.start(wait=False)
        time.sleep(0.4)
        assert not server.ended(), server.text()
    wait_until(lambda: server.said("ready in") or server.ended(), 30, "the server is ready")
    assert not server.ended(), server.text()


@pytest.mark.parametrize("args, says", [
    (["--listen", "nowhere"], "HOST:PORT"),
    (["--listen", "localhost:99999"], "1 to 65535"),
    (["--watchdog", "1"], "5 to 3600"),
    (["--bananas"], "no option --bananas"),
    (["--admin-password", "x"], "no option --admin-password"),
    (["extra"], "extra"),
    (["--data", ""], "--data is empty"),
    (["--min-free", "1000000"], "MiB left"),
    (["--content", "/nonexistent"], "/nonexistent"),
])
def test_bad_options_are_refused_with_what_to_do(tmp_path, args, says):
    done = serve("--data", tmp_path / "d", "--listen", f"127.0.0.1:{free_port()}", *args)
    assert done.returncode in (2, 3, 9), done.stderr
    assert says in done.stderr
    assert not (tmp_path / "d/state/state.db").exists()


@pytest.mark.parametrize("name", ["engine", "intake", "server"])
def test_a_killed_process_comes_back_and_health_tells(fresh_vedette, name):
    before = fresh_vedette.pid(name)
    os.kill(before, signal.SIGKILL)
    after = wait_until(lambda: (pid := fresh_vedette.pid(name)) not in (None, before) and pid, 10, f"{name} is started again")
    assert after != before
    wait_until(lambda: healthy(fresh_vedette), 30, "all is well again")
    rows = wait_until(lambda: fresh_vedette.cli("query", "--format", "json", f"Health | where ResourceName == '{name}'", check=False).stdout,
                      30, "Health tells of it") if name != "server" else '{"Reason":"killed by signal 9"}'
    assert "killed by signal 9" in rows


def healthy(server):
    try:
        status, _, body = server.call("GET", "/health", timeout=5)
        return status == 200 and json.loads(body)["status"] == "ok"
    except OSError:
        return False


def test_a_stopped_engine_is_noticed_and_replaced(new_vedette):
    server = new_vedette("--watchdog", "5")
    before = server.pid("engine")
    os.kill(before, signal.SIGSTOP)
    started = time.monotonic()
    done = server.cli("query", "print 1", check=False, timeout=120)
    assert done.returncode == 0 or done.stderr, "a query answers or says why not"
    wait_until(lambda: server.pid("engine") not in (None, before), 30, "the silent engine is replaced")
    print(f"replaced after {time.monotonic() - started:.1f} s")
    wait_until(lambda: server.cli("query", "print 1", check=False).returncode == 0, 30, "queries run again")


def test_children_die_with_the_supervisor(fresh_vedette):
    pids = [fresh_vedette.pid(name) for name in ("engine", "intake", "server")]
    fresh_vedette.process.kill()
    fresh_vedette.process.wait()
    wait_until(lambda: not any(alive(pid) for pid in pids), 5, "no child is left")
    fresh_vedette.start()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_stops_in_order_and_soon(fresh_vedette):
    pids = [fresh_vedette.pid(name) for name in ("engine", "intake", "server")]
    started = time.monotonic()
    assert fresh_vedette.stop() == 0
    assert time.monotonic() - started < 15
    assert not any(alive(pid) for pid in pids)


def test_the_certificate_is_trusted_and_others_are_not(vedette, new_vedette):
    assert vedette.call("GET", "/health")[0] == 200
    other = Server("/nonexistent")
    done = vedette.cli("status", check=False, env={"VEDETTE_CA": "/etc/ssl/certs/ca-certificates.crt"})
    assert done.returncode == 4 and "not trusted" in done.stderr and "--ca" in done.stderr
    other.dispose()


def test_restarts_keep_users_and_rows(fresh_vedette, tmp_path):
    lines = tmp_path / "rows.json"
    lines.write_text("".join(json.dumps({"Type": "Syslog", "TimeGenerated": "2026-11-01T00:00:00Z", "SyslogMessage": f"row {i}"}) + "\n"
                             for i in range(1000)))
    assert fresh_vedette.import_(lines)["total"] == 1000
    fresh_vedette.restart()
    assert fresh_vedette.value("Syslog | where SyslogMessage startswith 'row ' | count") == 1000
