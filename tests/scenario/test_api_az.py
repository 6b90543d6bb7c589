# SPDX-License-Identifier: Apache-2.0
"""Debian's azure-cli, unchanged, against a running server."""
import json
import shutil
import subprocess
import urllib.parse

import pytest
from az import Az

pytestmark = pytest.mark.skipif(not shutil.which("az"), reason="azure-cli is not installed")


@pytest.fixture(scope="module")
def az(vedette, tmp_path_factory):
    folder = tmp_path_factory.mktemp("az")
    az = Az(vedette, folder / "config")
    cloud = folder / "cloud.json"
    cloud.write_text(vedette.cli("cloud").stdout)
    az.run("cloud", "register", "-n", "Vedette", "--cloud-config", f"@{cloud}")
    az.run("cloud", "set", "-n", "Vedette")
    principal = vedette.principal("Owner")
    secret = folder / "secret"
    secret.write_text(principal["clientSecret"])
    found = az.json("login", "--service-principal", "-u", principal["clientId"], "-p", f"@{secret}", "-t", "adfs")
    assert found[0]["name"] == "Own machines" and found[0]["state"] == "Enabled"
    az.principal, az.subscription = principal, found[0]["id"]
    return az


def test_the_cloud_registers_from_its_address_alone(vedette, tmp_path):
    Az(vedette, tmp_path / "config").run("cloud", "register", "-n", "Probe", "--endpoint-resource-manager", vedette.url)


def test_the_route_that_serves_the_cloud_s_file_agrees_with_the_verb(vedette):
    status, _, body = vedette.call("GET", "/metadata/azure-cli")
    assert status == 200 and json.loads(body) == json.loads(vedette.cli("cloud").stdout)


def test_accounts_groups_and_workspaces(az):
    assert [a["id"] for a in az.json("account", "list")] == [az.subscription]
    assert [g["name"] for g in az.json("group", "list")] == ["soc"]
    assert az.run("group", "exists", "-n", "soc").stdout.strip() == "true"
    assert az.run("group", "exists", "-n", "nope").stdout.strip() == "false"
    workspace = az.json("monitor", "log-analytics", "workspace", "list")[0]
    assert workspace["name"] == "main" and len(workspace["customerId"]) == 36
    assert az.json("ad", "sp", "show", "--id", az.principal["clientId"])["appId"] == az.principal["clientId"]


def test_what_is_not_there_exits_3(az):
    az.run("group", "show", "-n", "nope", code=3)


def test_rest_queries_and_changes_incidents(az, vedette):
    ws = az.json("monitor", "log-analytics", "workspace", "list")[0]
    answer = json.loads(az.rest("post", f"{vedette.url}/v1/workspaces/{ws['customerId']}/query", {"query": "print n=1"}).stdout)
    assert answer["tables"][0]["rows"] == [[1]]
    name = "7d9e3a52-1111-4222-8333-0123456789ab"
    url = f"{ws['id']}/providers/Microsoft.SecurityInsights/incidents/{name}?api-version=2022-12-01-preview"
    body = {"properties": {"title": "from az", "severity": "Medium", "status": "New"}}
    made = json.loads(az.rest("put", url, body).stdout)
    assert made["properties"]["title"] == "from az"
    stale = az.run("rest", "--method", "put", "--url", url, "--body", json.dumps(body), "--headers", 'If-Match="stale"', code=1)
    assert "PreconditionFailed" in stale.stderr
    listed = json.loads(az.rest("get", url.split("?")[0].rsplit("/", 1)[0] + "?api-version=2022-12-01-preview&$top=100").stdout)
    assert name in [i["name"] for i in listed["value"]]
    az.rest("delete", url)
    az.rest("get", "/subscriptions", code=1)  # without an api-version


def test_a_wrong_secret_is_told_in_azure_s_words(vedette, tmp_path, az):
    other = Az(vedette, tmp_path / "config")
    cloud = tmp_path / "cloud.json"
    cloud.write_text(vedette.cli("cloud").stdout)
    other.run("cloud", "register", "-n", "Vedette", "--cloud-config", f"@{cloud}")
    other.run("cloud", "set", "-n", "Vedette")
    done = other.run("login", "--service-principal", "-u", az.principal["clientId"], "-p", "wrong", "-t", "adfs", code=1)
    assert "AADSTS7000215" in done.stderr


def test_a_certificate_signs_in_instead_of_a_secret(vedette, tmp_path, az, new_pem):
    pem = new_pem()
    principal = vedette.principal_with_certificate(pem)
    assert set(principal) == {"clientId", "thumbprint"}
    other = Az(vedette, tmp_path / "config")
    cloud = tmp_path / "cloud.json"
    cloud.write_text(vedette.cli("cloud").stdout)
    other.run("cloud", "register", "-n", "Vedette", "--cloud-config", f"@{cloud}")
    other.run("cloud", "set", "-n", "Vedette")
    login = ["login", "--service-principal", "-u", principal["clientId"], "-t", "adfs", "-p"]
    assert other.json(*login, str(pem))[0]["state"] == "Enabled"
    assert [g["name"] for g in other.json("group", "list")] == ["soc"]
    other.run("logout")
    stranger = other.run(*login, str(new_pem("stranger")), code=1)
    assert "AADSTS700027" in stranger.stderr


def test_a_person_signs_in_with_a_device_code(vedette, tmp_path, az):
    """az prints the code on standard error; the page of the server takes it with name and password."""
    other = Az(vedette, tmp_path / "config")
    cloud = tmp_path / "cloud.json"
    cloud.write_text(vedette.cli("cloud").stdout)
    other.run("cloud", "register", "-n", "Vedette", "--cloud-config", f"@{cloud}")
    other.run("cloud", "set", "-n", "Vedette")
    login = subprocess.Popen(["az", "login", "--use-device-code", "-o", "json"], env=other.env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = next(line for line in login.stderr if "enter the code" in line)
        code = line.split("enter the code", 1)[1].split()[0].rstrip(".")
        form = urllib.parse.urlencode({"code": code, "user": "admin", "password": vedette.password}).encode()
        assert vedette.call("POST", "/adfs/oauth2/deviceauth", form)[0] == 200
        out, err = login.communicate(timeout=120)
        assert login.returncode == 0, err
        assert json.loads(out)[0]["user"]["name"] == "admin"
    finally:
        login.kill()
        login.wait()
