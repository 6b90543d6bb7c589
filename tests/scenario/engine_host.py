# SPDX-License-Identifier: Apache-2.0
"""A vedette-engine of a test's own: started in a temporary folder, asked over its unix socket."""
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINE = os.environ.get("VEDETTE_ENGINE", str(ROOT / "build/bin/vedette-engine"))


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=60):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, reply, body):
        self.status, self.headers, self.body = reply.status, reply.headers, body
        self.text = body.decode(errors="replace")
        self.code = int(reply.headers.get("X-ClickHouse-Exception-Code") or 0)


class Engine:
    def __init__(self, *options, data=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-engine-"))
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.socket = str(self.folder / "engine.sock")
        self.options = options
        self.process = None

    def start(self, wait=True):
        self.log = open(self.folder / "log", "a+b")
        self.process = subprocess.Popen([ENGINE, "--data", str(self.data), "--socket", self.socket, *self.options],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 20
        while wait:
            assert self.process.poll() is None, f"the engine ended: {self.said()}"
            assert time.monotonic() < end, f"the engine does not answer: {self.said()}"
            try:
                if self.get("/ping").text == "Ok.\n":
                    break
            except OSError:
                time.sleep(0.01)
        return self

    def said(self):
        return (self.folder / "log").read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        return self.process.returncode if self.process else None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self, timeout=60):
        return UnixConnection(self.socket, timeout)

    def request(self, method, target, body=None, headers=None):
        c = self.connection()
        try:
            c.request(method, target, body=body, headers=headers or {})
            reply = c.getresponse()
            return Answer(reply, reply.read())
        finally:
            c.close()

    def get(self, target):
        return self.request("GET", target)

    def ask(self, sql, body=None, headers=None, **parameters):
        """A query in the body, or in the URL when there is a body beside it."""
        if body is not None:
            parameters["query"] = sql
        target = "/?" + urllib.parse.urlencode(parameters)
        return self.request("POST", target, sql.encode() if body is None else body, headers)

    def value(self, sql, **parameters):
        answer = self.ask(sql, **parameters)
        assert answer.status == 200, answer.text
        return answer.text.rstrip("\n")

    def do(self, sql, body=None, **parameters):
        answer = self.ask(sql, body, **parameters)
        assert answer.status == 200, answer.text
        return answer
