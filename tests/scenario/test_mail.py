# SPDX-License-Identifier: Apache-2.0
"""Alerts by mail: who is told of what and how often, over TLS or not at all, and through restarts."""
import json
import sqlite3
import time
import uuid

import pytest
from conftest import wait_until
from mail_host import MailHost, certificate
from desk import OPS, Desk


@pytest.fixture
def desk(fresh_vedette):
    return Desk(fresh_vedette)


@pytest.fixture
def hosts():
    made = []

    def make(*args, **kwargs):
        made.append(MailHost(*args, **kwargs))
        return made[-1]

    yield make
    for host in made:
        host.close()


def configure(desk, host, security="none", mode=0o600, **more):
    path = desk.server.folder / "mail.yaml"
    lines = {"server": f"localhost:{host.port}", "security": security, "from": "vedette@example.org", **more}
    path.write_text("".join(f"{k}: {v}\n" for k, v in lines.items()))
    path.chmod(mode)


def contact(desk, name="default1", minimal="High", email="soc@example.org;boss@example.org"):
    sub = "/".join(desk.ws.split("/")[:3])
    status, _, body = desk.server.call("PUT", f"{sub}/providers/Microsoft.Security/securityContacts/{name}?api-version=2017-08-01-preview",
                                       {"properties": {"email": email, "phone": "", "alertNotifications": "On", "alertsToAdmins": "Off", "minimalSeverity": minimal}}, desk.headers)
    assert status == 200, body


def alert(desk, title, severity):
    """An alert of a livestream's row, which is the shortest way to one."""
    at = f"{OPS}/livestreams/{uuid.uuid4().hex}"
    desk.ask("PUT", at, {"properties": {"title": title, "query": "Syslog | where ProcessName == 'mailed' | project Computer, SyslogMessage", "everySeconds": 5}}, 201)
    log = desk.server.folder / f"{uuid.uuid4().hex}.jsonl"
    log.write_text(json.dumps({"Type": "Syslog", "TimeGenerated": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "ProcessName": "mailed", "Computer": "host1", "SyslogMessage": uuid.uuid4().hex}) + "\n")
    desk.server.import_(log)
    wait_until(lambda: desk.ask("GET", at)["rowsCount"], 30, "a row")
    raised = desk.ask("POST", at + "/elevate", {"properties": {"title": title, "severity": severity, "entityMappings": [
        {"entityType": "Host", "fieldMappings": [{"identifier": "HostName", "columnName": "Computer"}]}]}}, 200)
    desk.ask("DELETE", at)
    return raised["systemAlertId"]


def status(desk):
    return desk.ask("GET", OPS + "/mail")


def test_who_is_told_of_what_and_how_often(desk, hosts):
    host = hosts()
    configure(desk, host)
    contact(desk)
    contact(desk, "default2", "Medium", "all@example.org")
    assert status(desk)["configured"] and status(desk)["server"] == f"localhost:{host.port}"
    first = alert(desk, "Lügner am Werk\r\nBcc: everybody@example.org", "High")
    wait_until(lambda: len(host.messages) == 2, 30, "both are told")
    soc = next(m for m in host.messages if "soc@example.org" in m["to"])
    assert soc["to"] == ["soc@example.org", "boss@example.org"] and soc["from"] == "vedette@example.org"
    assert soc["subject"].startswith("[High]") and "Lügner am Werk" in soc["subject"]
    assert soc["message"]["Bcc"] is None and first in soc["text"] and "6 hours" in soc["text"] and "host1" in soc["text"]

    alert(desk, "second of the day", "High")
    alert(desk, "a lesser thing", "Medium")
    alert(desk, "a small thing", "Low")
    medium = wait_until(lambda: next((m for m in host.messages if "lesser" in m["subject"]), None), 30, "the medium one")
    assert medium["to"] == ["all@example.org"] and "12 hours" in medium["text"]
    time.sleep(12)
    assert len(host.messages) == 3, "High again within six hours, and Low, tell nobody"

    # Six hours pass: what came meanwhile is in the next message.
    desk.server.stop()
    with sqlite3.connect(desk.server.folder / "state/state.db") as db:
        assert db.execute("UPDATE mail_marks SET sent = sent - ? WHERE severity = 3", (6 * 3600 * 10**7,)).rowcount == 2
    desk.server.start()
    desk.headers = desk.server.signin()
    wait_until(lambda: sum("second of the day" in m["text"] for m in host.messages) == 2, 30, "the second one")
    time.sleep(6)
    assert len(host.messages) == 5 and len({m["id"] for m in host.messages}) == 5


def test_a_message_waits_for_the_mail_server_over_restarts(desk, hosts):
    host = hosts()
    configure(desk, host)
    port = host.port
    host.close()
    contact(desk)
    alert(desk, "while nobody listens", "High")
    waits = wait_until(lambda: next((s for s in [status(desk)] if s["waiting"] and s["messages"][0]["attempts"]), None), 40, "a first attempt")
    assert waits["messages"][0]["status"] == "Waiting" and "mail server" in waits["messages"][0]["error"] and waits["messages"][0]["nextAttempt"]
    desk.server.stop(9)
    desk.server.start()
    desk.headers = desk.server.signin()
    assert status(desk)["waiting"] == 1
    later = hosts(port=port, refuse=1)
    for _ in range(2):  # the pauses of a minute and two are cut short
        attempts = status(desk)["messages"][0]["attempts"]
        desk.server.stop()
        with sqlite3.connect(desk.server.folder / "state/state.db") as db:
            db.execute("UPDATE mail_queue SET next_at = 0 WHERE ended = 0")
        desk.server.start()
        desk.headers = desk.server.signin()
        wait_until(lambda: status(desk)["messages"][0]["attempts"] > attempts or status(desk)["messages"][0]["status"] == "Sent", 30, "another attempt")
    wait_until(lambda: status(desk)["messages"][0]["status"] == "Sent", 30, "it is sent")
    assert len(later.messages) == 1 and later.messages[0]["subject"] == "[High] while nobody listens"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_with_a_password(desk, hosts, tmp_path, security):
    cert = certificate(tmp_path)
    host = hosts(security, cert, password="s3cret")
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    configure(desk, host, security, user="vedette", passwordFile=secret, ca=cert[0])
    desk.ask("POST", OPS + "/mail/try", {"properties": {"to": "one@example.org"}}, 202)
    wait_until(lambda: host.messages, 30, "the message")
    assert host.messages[0]["secure"] and host.logins == [("vedette", "s3cret", True)]
    assert "s3cret" not in json.dumps(status(desk)) and "s3cret" not in desk.server.log()


def failure(desk):
    desk.ask("POST", OPS + "/mail/try", {"properties": {"to": "one@example.org"}}, 202)
    return wait_until(lambda: next((s["messages"][0]["error"] for s in [status(desk)] if s["messages"] and s["messages"][0]["attempts"]), None), 40, "an attempt")


def test_without_good_tls_nothing_is_sent(desk, hosts, tmp_path):
    """A server of an unknown authority, one with another's name, and one that offers no TLS."""
    good, other = certificate(tmp_path), certificate(tmp_path, "other.example")
    unknown = hosts("starttls", good, password="p")
    configure(desk, unknown, "starttls", user="vedette", password="p")
    assert "certificate" in failure(desk).lower()
    wrong = hosts("tls", other, password="p")
    configure(desk, wrong, "tls", user="vedette", password="p", ca=other[0])
    assert failure(desk)
    naked = hosts("none", password="p")
    configure(desk, naked, "starttls", user="vedette", password="p", ca=good[0])
    assert failure(desk)
    for host in (unknown, wrong, naked):
        assert host.messages == [] and host.logins == [] and "MAIL" not in host.commands
    configure(desk, naked, "none", user="vedette", password="p")
    assert "TLS" in status(desk)["problem"] or "tls" in status(desk)["problem"]
    configure(desk, naked, "starttls", mode=0o644, user="vedette", password="p")
    assert "chmod 600" in status(desk)["problem"] and not status(desk)["configured"]
    desk.ask("POST", OPS + "/mail/try", {"properties": {"to": "no address"}}, 400)


def test_a_digest_of_the_day(desk, hosts):
    host = hosts()
    configure(desk, host, digest="daily")
    contact(desk, minimal="Low")
    alert(desk, "of today", "Low")
    wait_until(lambda: len(host.messages) == 1, 30, "the message at once")
    desk.server.stop()
    with sqlite3.connect(desk.server.folder / "state/state.db") as db:
        assert db.execute("UPDATE mail_marks SET sent = sent - ? WHERE severity = -1", (24 * 3600 * 10**7,)).rowcount == 1
    desk.server.start()
    desk.headers = desk.server.signin()
    wait_until(lambda: len(host.messages) == 2, 30, "the digest")
    assert host.messages[1]["subject"] == "Vedette: 1 alert in the last day" and "of today" in host.messages[1]["text"]


def test_people_are_told_by_their_role(desk, hosts):
    host = hosts()
    configure(desk, host)
    sub = "/".join(desk.ws.split("/")[:3])
    for name, role in (("olga", "Owner"), ("carl", "Contributor"), ("rita", "Security Reader")):
        desk.ask("POST", OPS + "/users", {"name": name, "role": role, "email": f"{name}@example.org"}, 201)
    at = f"{sub}/providers/Microsoft.Security/securityContacts/{{}}?api-version=2017-08-01-preview"

    def put(name, want=200, **properties):
        code, _, body = desk.server.call("PUT", at.format(name), {"properties": {"alertNotifications": "On", "minimalSeverity": "Low", **properties}}, desk.headers)
        assert code == want, body
        return json.loads(body)

    put("roles1", 400, notificationsByRole={"state": "On", "roles": ["Reader"]})
    put("roles1", 400, notificationsByRole={"state": "Off", "roles": ["Owner"]})  # neither an address nor a role
    made = put("roles1", notificationsByRole={"state": "On", "roles": ["Contributor"]})["properties"]
    assert made["notificationsByRole"] == {"state": "On", "roles": ["Contributor"]} and made["emails"] == ""
    put("roles2", email="desk@example.org", alertsToAdmins="On")
    alert(desk, "Told by role", "Low")
    told = lambda address: [m for m in host.messages if address in m["to"] and "Told by role" in m["subject"]]  # noqa: E731
    wait_until(lambda: told("carl@example.org") and told("olga@example.org"), 30, "both roles are told")
    assert told("carl@example.org")[0]["to"] == ["carl@example.org"]
    assert set(told("olga@example.org")[0]["to"]) >= {"desk@example.org", "olga@example.org"} and not told("rita@example.org")
    for name in ("roles1", "roles2"):
        code, _, _ = desk.server.call("DELETE", at.format(name), None, desk.headers)
        assert code == 204
