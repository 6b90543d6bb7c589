# SPDX-License-Identifier: Apache-2.0
"""A machine's fix through the whole server: a folder stands for the machine, its files are what is judged and changed."""
import json
import signal

import pytest

from conftest import wait_until
from test_posture import call, ops, subscription

RHOSTS = "ffa2d5d7-f68a-5d98-96ce-4341d9e52616"  # SSH should ignore .rhosts
FILES = {
    "etc/passwd": "root:x:0:0::/root:/bin/bash\n",
    "etc/group": "root:x:0:\n",
    "etc/hostname": "probe\n",
    "etc/os-release": "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
    "usr/sbin/sshd": "",
    "etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nIgnoreRhosts no\n",
}
DROP_IN = "etc/ssh/sshd_config.d/00-vedette.conf"


@pytest.fixture
def machine(tmp_path):
    root = tmp_path / "machine"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "etc/ssh/sshd_config.d").mkdir()
    return root


def recommendation(server):
    found = ops(server, "GET", f"recommendations/{RHOSTS}")["value"]
    return found[0] if found else None


def code(server):
    found = recommendation(server)
    return found["properties"]["status"]["code"] if found else None


def test_a_fix_of_a_machine_is_shown_made_proved_and_taken_back(new_vedette, machine):
    server = new_vedette("--host-root", str(machine))
    wait_until(lambda: code(server) == "Unhealthy", 60, "the machine is judged")
    found = recommendation(server)["properties"]
    assert "ignorerhosts" in found["evidence"]["path"].lower() and found["evidence"]["found"] == "no"
    asked = {"assessment": RHOSTS, "resourceIds": [found["resourceDetails"]["id"]]}
    shown = ops(server, "POST", "fixes/preview", asked)["value"][0]
    assert shown["status"] == "Preview" and "+ IgnoreRhosts yes" in shown["diff"]["text"], shown
    assert not (machine / DROP_IN).exists()

    done = ops(server, "POST", "fixes", asked)["value"][0]
    assert (done["status"], done["before"], done["after"]) == ("Succeeded", "Unhealthy", "Healthy"), done
    assert "IgnoreRhosts yes" in (machine / DROP_IN).read_text()
    assert code(server) == "Healthy"
    again = ops(server, "POST", "fixes", asked)["value"][0]
    assert again["status"] == "Refused" and "nothing to fix" in json.dumps(again)

    undone = ops(server, "POST", f"fixes/{done['id']}/undo")
    assert undone["status"] == "Undone" and undone["after"] == "Unhealthy"
    assert not (machine / DROP_IN).exists() and code(server) == "Unhealthy"
    assert (machine / "etc/ssh/sshd_config").read_text() == FILES["etc/ssh/sshd_config"]


def test_a_fix_outlives_the_server_and_can_be_taken_back_afterwards(new_vedette, machine):
    server = new_vedette("--host-root", str(machine))
    wait_until(lambda: code(server) == "Unhealthy", 60, "the machine is judged")
    asked = {"assessment": RHOSTS, "resourceIds": [recommendation(server)["properties"]["resourceDetails"]["id"]]}
    done = ops(server, "POST", "fixes", asked)["value"][0]
    assert done["status"] == "Succeeded", done
    server.stop(signal.SIGKILL)
    server.start()
    server.posture_headers = None
    wait_until(lambda: code(server) == "Healthy", 60, "the machine is judged again")
    assert ops(server, "POST", f"fixes/{done['id']}/undo")["after"] == "Unhealthy"
    assert not (machine / DROP_IN).exists()


def test_a_name_that_no_table_knows_costs_its_own_policy_alone(new_vedette, machine):
    """An alias that is unknown is guessed from the document; one that leads nowhere holds for nothing; nothing else is touched."""
    server = new_vedette("--host-root", str(machine))
    sub, auth = subscription(server), "/providers/Microsoft.Authorization"
    wait_until(lambda: code(server) == "Unhealthy", 60, "the machine is judged")

    def define(name, condition):
        rule = {"if": {"allOf": [{"field": "type", "equals": "Test.Things/things"}, condition]}, "then": {"effect": "audit"}}
        status, made = call(server, "PUT", f"{sub}{auth}/policyDefinitions/{name}", "2021-06-01", {"properties": {"mode": "All", "policyRule": rule}})
        if status == 201:
            assert call(server, "PUT", f"{sub}{auth}/policyAssignments/{name}", "2021-06-01", {"properties": {"policyDefinitionId": made["id"]}})[0] == 201
        return status, made

    assert define("guessed", {"field": "Test.Things/things/deep.colour", "equals": "red"})[0] == 201
    assert define("nowhere", {"field": "Test.Things/things/no.such.place", "equals": "red"})[0] == 201
    status, refused = define("broken", {"field": "Test.Things/things/list[*", "equals": "red"})
    assert status == 400 and "list[*" in refused["error"]["message"]
    thing = f"{sub}/resourceGroups/soc/providers/Test.Things/things/a"
    assert call(server, "PUT", thing, "2024-01-01", {"location": "local", "properties": {"deep": {"colour": "red"}}})[0] == 201
    states = lambda: {s["policyDefinitionName"]: s["complianceState"] for s in call(
        server, "POST", f"{thing}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults", "2019-10-01")[1]["value"]}
    wanted = {"guessed": "NonCompliant", "nowhere": "Compliant"}
    wait_until(lambda: {k: v for k, v in states().items() if k in wanted} == wanted, 20, "both policies have judged")
    assert code(server) == "Unhealthy" and ops(server, "GET", "posture")["settled"]
