# SPDX-License-Identifier: Apache-2.0
"""The engine's sandbox, tried from inside."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from engine_host import ENGINE, Engine

LAYERS = ["files", "network", "privileges", "landlock", "syscalls"]


def probe(*before, folder=None):
    folder = folder or tempfile.mkdtemp(prefix="vedette-probe-")
    done = subprocess.run([*before, ENGINE, "--data", folder, "--probe"], capture_output=True, text=True, timeout=60)
    shutil.rmtree(folder, ignore_errors=True)
    assert done.stdout, done.stderr
    layers, tries = map(json.loads, done.stdout.splitlines())
    return done.returncode, {l["name"]: l for l in layers["layers"]}, tries


@pytest.fixture(scope="module")
def probed():
    return probe()


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_in_force_and_refuses_what_it_promises(probed, name):
    code, layers, tries = probed
    if not layers[name]["on"]:
        assert layers[name]["why"]
        pytest.skip(f"not to be had here: {layers[name]['why']}")
    mine = [t for t in tries["tries"] if t["layer"] == name]
    assert all(t["refused"] for t in mine), mine
    assert mine or name == "privileges"
    assert code == 0


def test_what_the_store_needs_still_works(probed):
    assert probed[2]["works"]


def test_without_root_a_user_namespace_gives_the_same(tmp_path):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root, to become somebody else")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-probe-"))
    os.chown(folder, 65534, 65534)
    code, layers, tries = probe("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", folder=str(folder))
    assert code == 0 and tries["works"]
    assert layers["privileges"]["on"] and layers["syscalls"]["on"]


def test_the_running_engine_reports_and_holds_its_layers():
    e = Engine().start()
    layers = {l["name"]: l for l in json.loads(e.get("/sandbox").text)["layers"]}
    assert list(layers) == LAYERS
    status = dict(line.split(":\t", 1) for line in open(f"/proc/{e.process.pid}/status").read().splitlines() if ":\t" in line)
    if layers["privileges"]["on"]:
        assert int(status["CapEff"], 16) == 0 and status["NoNewPrivs"].strip() == "1"
    if layers["syscalls"]["on"]:
        assert status["Seccomp"].strip() == "2"
    if layers["files"]["on"]:
        root = pathlib.Path(f"/proc/{e.process.pid}/root")
        assert not (root / "etc").exists() and not (root / "home").exists()
        assert (root / str(e.data).lstrip("/")).is_dir()
    if layers["network"]["on"]:
        assert os.readlink(f"/proc/{e.process.pid}/ns/net") != os.readlink("/proc/self/ns/net")
    e.close()


def test_without_a_sandbox_it_says_so():
    e = Engine("--no-sandbox").start()
    layers = json.loads(e.get("/sandbox").text)["layers"]
    assert not any(l["on"] for l in layers) and all(l["why"] == "started with --no-sandbox" for l in layers)
    assert e.said().count('"SANDBOX"') == len(LAYERS)
    e.close()
