# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the scenario tests: real servers on loopback, each with a folder and a port of its own.

    vedette         one server for the whole run; tests must not disturb it or count on an empty store
    module_vedette  a server that the tests of one file share
    fresh_vedette   a server of the test's own, which it may kill, fill up or stop
    new_vedette     makes such servers with options: new_vedette("--watchdog", "5")
    shared          the folder of the corpora; the test is skipped, with notice, when it is not there
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("VEDETTE_BIN", str(ROOT / "build/bin/vedette"))
PASSWORD = "correct horse battery"
OURS = "/providers/Vedette.Operations"


def free_port():
    with contextlib.closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(condition, seconds, what):
    """The first true answer of `condition`, asked every 50 ms."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Server:
    """`vedette serve` on a folder. `options` follow the usual ones and win over them."""

    def __init__(self, folder, *options, env=None):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.user, self.password = "admin", PASSWORD
        self.options, self.more_env = options, env or {}
        self.ca = self.folder / "ca.pem"
        self.process = None
        self.config = pathlib.Path(tempfile.mkdtemp(prefix="vedette-config-"))

    # --- the process ---
    def command(self):
        return [BINARY, "serve", "--data", str(self.folder), "--listen", f"127.0.0.1:{self.port}", "--no-host-sources", *self.options]

    def start(self, wait=True, seconds=60):
        env = {**os.environ, "VEDETTE_ADMIN_PASSWORD": self.password, **self.more_env}
        self.output = open(self.config / "output", "a+b")
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT, env=env)
        if wait:
            wait_until(lambda: self.said("ready in") or self.ended(), seconds, "the server is ready")
            assert not self.ended(), f"the server ended: {self.text()}\n{self.log()[-3000:]}"
        return self

    def text(self):
        self.output.flush()
        return (self.config / "output").read_text(errors="replace")

    def said(self, what):
        return what in self.text()

    def ended(self):
        return self.process.poll() is not None

    def log(self):
        path = self.folder / "log/vedette.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self, how=signal.SIGTERM, seconds=40):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(seconds)
        if self.process:
            self.output.close()
        (self.config / "output").unlink(missing_ok=True)
        return self.process.returncode if self.process else None

    def restart(self):
        self.stop()
        return self.start()

    def pid(self, name):
        """Of engine, intake or server: the supervisor's child; None when it is down."""
        words = {"engine": "vedette-engine", "intake": "\0intake\0", "server": "\0server\0"}[name]
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if f"PPid:\t{self.process.pid}\n" not in (entry / "status").read_text():
                    continue
                if words in (entry / "cmdline").read_text() + "\0":
                    return int(entry.name)
        return None

    # --- the CLI ---
    def env(self, **more):
        return {**os.environ, "VEDETTE_URL": self.url, "VEDETTE_CA": str(self.ca), "VEDETTE_USER": self.user,
                "VEDETTE_PASSWORD": self.password, "XDG_CONFIG_HOME": str(self.config), **more}

    def cli(self, *args, check=True, stdin=None, env=None, timeout=300):
        done = subprocess.run([BINARY, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=timeout,
                              env=self.env(**(env or {})))
        if check:
            assert done.returncode == 0, f"vedette {' '.join(map(str, args))} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def query(self, kql):
        """Rows as dictionaries. A table that has no rows yet is empty."""
        done = self.cli("query", "--format", "json", kql)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def value(self, kql):
        """The first cell of the first row."""
        rows = self.query(kql)
        return next(iter(rows[0].values())) if rows else None

    def import_(self, *files, wait=False, check=True):
        """The counts that `vedette import --json` prints."""
        done = self.cli("import", "--json", *(["--wait"] if wait else []), *files, check=check, timeout=1200)
        return json.loads(done.stdout) if done.stdout.startswith("{") else done

    def incidents(self, status="all"):
        return json.loads(self.cli("incidents", "--status", status, "--top", "1000", "--json").stdout or "[]")

    def principal(self, role="Reader"):
        """{"clientId", "clientSecret"} of a new service principal."""
        return json.loads(self.cli("principal", "create", f"test-{os.urandom(4).hex()}", "--role", role).stdout)

    def principal_with_certificate(self, pem, role="Reader"):
        """{"clientId", "thumbprint"} of a new service principal that signs in with the certificate of a PEM file."""
        return json.loads(self.cli("principal", "create", f"test-{os.urandom(4).hex()}", "--role", role, "--certificate", str(pem)).stdout)

    # --- the API ---
    def context(self):
        return ssl.create_default_context(cafile=str(self.ca))

    def call(self, method, path, body=None, headers=None, timeout=60):
        """(status, headers, body) of a raw request; no status is an exception."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers or {})
        if data is not None and not request.has_header("Content-type"):
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout, context=self.context()) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read()

    def signin(self):
        """Headers of a signed-in session."""
        status, headers, body = self.call("POST", "/signin", {"user": self.user, "password": self.password})
        assert status == 200, body
        return {"Cookie": headers["Set-Cookie"].split(";")[0], "X-Vedette-Csrf": json.loads(body)["csrf"]}

    def workspace(self, headers):
        _, _, body = self.call("GET", "/subscriptions?api-version=2022-12-01", headers=headers)
        sub = json.loads(body)["value"][0]["id"]
        return f"{sub}/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/main"

    def dispose(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.config, ignore_errors=True)


@contextlib.contextmanager
def a_server():
    server = Server(pathlib.Path(tempfile.mkdtemp(prefix="vedette-test-")) / "data")
    try:
        yield server.start()
    finally:
        server.dispose()
        shutil.rmtree(server.folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def vedette():
    with a_server() as server:
        yield server


@pytest.fixture(scope="module")
def module_vedette():
    with a_server() as server:
        yield server


@pytest.fixture
def new_vedette():
    made = []

    def make(*options, start=True, folder=None, env=None):
        parent = None if folder else tempfile.mkdtemp(prefix="vedette-test-")
        server = Server(folder or pathlib.Path(parent) / "data", *options, env=env)
        made.append((server, parent))
        return server.start() if start else server

    yield make
    for server, parent in made:
        server.dispose()
        if parent:
            shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def fresh_vedette(new_vedette):
    return new_vedette()


@pytest.fixture(scope="session")
def shared():
    folder = pathlib.Path(os.environ.get("VEDETTE_SHARED", ROOT.parent / "shared"))
    if not (folder / "corpus/events").is_dir():
        pytest.skip(f"the corpora are not in {folder}; VEDETTE_SHARED names another folder")
    return folder


@pytest.fixture
def new_pem(tmp_path):
    """Makes a PEM file with a new key and its certificate, as a program keeps them."""
    def make(name="bot"):
        key, certificate, both = tmp_path / f"{name}.key", tmp_path / f"{name}.crt", tmp_path / f"{name}.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", "30",
                        "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        both.write_text(key.read_text() + certificate.read_text())
        return both
    return make
