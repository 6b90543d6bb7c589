# SPDX-License-Identifier: Apache-2.0
"""Posture through the clients that people have: Debian's azure-cli and python3-azure, unchanged."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

from conftest import Server

AUTH = "/providers/Microsoft.Authorization"
INSIGHTS = "/providers/Microsoft.PolicyInsights"


def call(server, method, path, version, body=None, **query):
    """An ARM call as the administrator: the parsed answer, or the error."""
    if not hasattr(server, "posture_headers"):
        server.posture_headers = server.signin()
    url = f"{path}?api-version={version}" + "".join(f"&{k}={v}" for k, v in query.items())
    status, _, text = server.call(method, url, body, headers=server.posture_headers)
    return status, json.loads(text) if text else None


def subscription(server):
    status, found = call(server, "GET", "/subscriptions", "2022-12-01")
    assert status == 200
    return found["value"][0]["id"]


def define(server, name, condition, effect="audit", **metadata):
    """A definition over Test.Things/things: unhealthy where the condition holds."""
    sub = subscription(server)
    properties = {"displayName": name, "mode": "All", "metadata": {"severity": "High", "securityControl": "Enable MFA", **metadata},
                  "policyRule": {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, condition]}, "then": {"effect": effect}}}
    status, made = call(server, "PUT", f"{sub}{AUTH}/policyDefinitions/{name}", "2021-06-01", {"properties": properties})
    assert status == 201, made
    return made["id"]


def assign(server, name, definition, scope=None, **properties):
    status, made = call(server, "PUT", f"{scope or subscription(server)}{AUTH}/policyAssignments/{name}", "2021-06-01",
                        {"properties": {"policyDefinitionId": definition, **properties}})
    assert status == 201, made
    return made["id"]


def standard(server, name, members):
    """An initiative with a control for each (definition, reference, control)."""
    groups = [{"name": control, "displayName": f"Control {control}"} for control in dict.fromkeys(c for _, _, c in members)]
    references = [{"policyDefinitionId": d, "policyDefinitionReferenceId": r, "groupNames": [c]} for d, r, c in members]
    status, made = call(server, "PUT", f"{subscription(server)}{AUTH}/policySetDefinitions/{name}", "2021-06-01",
                        {"properties": {"displayName": name, "policyDefinitions": references, "policyDefinitionGroups": groups}})
    assert status in (200, 201), made
    return made["id"]


def thing(server, name):
    return f"{subscription(server)}/resourceGroups/soc/providers/Test.Things/things/{name}"


def put(server, name, **properties):
    return call(server, "PUT", thing(server, name), "2024-01-01", {"location": "local", "properties": properties})


@pytest.fixture(scope="module")
def posture():
    """A server with two things, one of them open, and a policy that minds."""
    folder = tempfile.mkdtemp(prefix="vedette-posture-")
    server = Server(pathlib.Path(folder) / "data").start()
    definition = define(server, "7b3f0a52-0000-4000-8000-00000000c105", {"field": "Test.Things/things/open", "equals": True})
    standard(server, "house-rules", [(definition, "doors", "DOORS-1")])
    assign(server, "closed", f"{subscription(server)}{AUTH}/policySetDefinitions/house-rules")
    assert put(server, "good", open=False)[0] == 201
    assert put(server, "bad", open=True)[0] == 201
    yield server
    server.dispose()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not shutil.which("az"), reason="azure-cli is not installed")
def test_az_smoke_passes_whole(posture, shared):
    principal = posture.principal("Owner")
    env = {**os.environ, "VEDETTE_URL": posture.url, "VEDETTE_CLIENT_ID": principal["clientId"], "VEDETTE_CLIENT_SECRET": principal["clientSecret"],
           "VEDETTE_CA": str(posture.ca)}
    done = subprocess.run([str(pathlib.Path(shared) / "tools/az_smoke.sh")], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


def test_sdk_smoke_passes_whole(posture, shared):
    pytest.importorskip("azure.mgmt.security")
    principal = posture.principal("Owner")
    env = {**os.environ, "VEDETTE_URL": posture.url, "VEDETTE_CLIENT_ID": principal["clientId"], "VEDETTE_CLIENT_SECRET": principal["clientSecret"],
           "VEDETTE_CA": str(posture.ca), "REQUESTS_CA_BUNDLE": str(posture.ca)}
    done = subprocess.run([sys.executable, str(pathlib.Path(shared) / "tools/sdk_smoke.py")], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
