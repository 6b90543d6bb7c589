# SPDX-License-Identifier: Apache-2.0
"""From a real event to an incident: simulations, recordings, and what the CLI shows of them."""
import csv
import io
import json
import os
import pty
import select
import signal
import socket
import time

import pytest
import yaml

from conftest import BINARY, ROOT, wait_until

SIMULATIONS = sorted((ROOT / "content/simulations").glob("*.yaml"))

# What a recording's name promises, as words of the title of one of its incidents.
RECORDINGS = {
    "windows/aptsimulator_cobaltstrike.zip": "pipe",
    "windows/cmd_dumping_ntds_dit_file_ntdsutil.zip": "copied the domain database",
    "windows/empire_dcsync_dcerpc_drsuapi_DsGetNCChanges.zip": "DCSync",
    "windows/empire_mimikatz_logonpasswords.zip": "memory of LSASS",
    "windows/empire_psexec_dcerpc_tcp_svcctl.zip": "Service ",
    "windows/empire_shell_rpc_samr_smb_group_domain_admins_standard_user.zip": "listed the administrators",
    "windows/empire_shell_rubeus_asktgt_ptt.zip": "Kerberos ticket",
    "windows/empire_uac_shellapi_fodhelper.zip": "User account control was bypassed",
    "windows/empire_wmi_dcerpc_wmi_IWbemServices_ExecMethod.zip": "through WMI",
    "windows/proxylogon_ssrf_rce_poc.zip": "Web shell",
    "windows/psh_mshta_html_application_execution.zip": "mshta",
    "windows/rdp_interactive_taskmanager_lsass_dump.zip": "memory of LSASS",
    "windows/schtask_create.zip": "made task",
    "aws/cloudtrail_attack_2023-07-10.tar.gz": "secrets",
    "aws/ec2_proxy_s3_exfiltration.zip": "listed all buckets",
    "aws/stratus_detonations.tar.gz": "stopped logging",
}


def needs_root(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")).get("needs") == "root"


@pytest.mark.parametrize("path", [p for p in SIMULATIONS if not needs_root(p)], ids=lambda p: p.stem)
def test_a_simulation_becomes_an_incident_with_its_rows(vedette, path):
    started = time.monotonic()
    done = vedette.cli("simulate", path.stem, timeout=180)
    line = next(line for line in done.stdout.splitlines() if "Incident " in line)
    number = line.split("Incident ")[1].split(":")[0]
    print(f"{path.stem}: {time.monotonic() - started:.1f} s")
    shown = vedette.cli("incidents", "show", number).stdout
    assert "Alerts" in shown and "Entities" in shown
    incident = next(i for i in vedette.incidents() if i["properties"]["incidentNumber"] == int(number))
    headers = vedette.signin()
    base = vedette.workspace(headers)
    alerts = json.loads(vedette.call("POST", f"{base}/providers/Microsoft.SecurityInsights/incidents/{incident['name']}/alerts?api-version=2023-02-01", b"", headers)[2])
    alert = alerts["value"][0]["properties"]["systemAlertId"]
    status, _, body = vedette.call("GET", f"{base}/providers/Vedette.Operations/incidents/{incident['name']}/rows?api-version=2026-11-01&alert={alert}", None, headers)
    assert status == 200 and json.loads(body)["properties"]["rows"], "the rows that fired are shown"


def test_a_simulation_that_runs_processes_is_seen_by_the_kernel(new_vedette):
    if os.geteuid() != 0:
        pytest.skip("only root sees process starts")
    path = next((p for p in SIMULATIONS if needs_root(p)), None)
    if path is None:
        pytest.skip("no simulation needs root")
    server = new_vedette(start=False)
    server.command = lambda: [w for w in type(server).command(server) if w != "--no-host-sources"]
    server.start()
    done = server.cli("simulate", path.stem, timeout=180)
    assert "Incident " in done.stdout


def test_simulate_lists_and_refuses_what_is_not_there(vedette):
    listed = vedette.cli("simulate").stdout
    for path in SIMULATIONS:
        assert path.stem in listed
    done = vedette.cli("simulate", "no-such-thing", check=False)
    assert done.returncode == 3 and "vedette simulate" in done.stderr


@pytest.fixture(scope="module")
def recorded(shared):
    return shared / "corpus/events"


def test_all_recordings_in_one_import_give_what_their_names_promise(new_vedette, recorded):
    """The command of the README. What else fires, and what must not, is judged file by file in test_recordings.py."""
    server = new_vedette()
    files = sorted([*(recorded / "windows").glob("*.zip"), *(recorded / "aws").glob("*")])
    done = server.cli("import", "--wait", *files, timeout=1800)
    print(done.stdout[:2000])
    titles = [incident["properties"]["title"] for incident in server.incidents()]
    missing = {name: words for name, words in RECORDINGS.items() if not any(words in title for title in titles)}
    assert not missing, titles
    assert f"\n{len(titles)} incidents:" in done.stdout, "import --wait lists them all"


def test_query_prints_tables_json_and_csv(vedette):
    kql = "datatable(Name:string, N:long)['a,\"b\"', 1, 'c', long(null)]"
    assert vedette.cli("query", kql).stdout.splitlines()[0].split() == ["Name", "N"]
    assert vedette.query(kql) == [{"Name": 'a,"b"', "N": 1}, {"Name": "c", "N": None}]
    text = vedette.cli("query", "--format", "csv", kql).stdout
    assert list(csv.reader(io.StringIO(text))) == [["Name", "N"], ['a,"b"', "1"], ["c", ""]]
    assert vedette.cli("query", "-", stdin="print x=42").stdout.split() == ["x", "42"]


@pytest.mark.parametrize("kql, says", [("SecurityEvnt | take 1", "SecurityEv"), ("print |", "line 1"), ("print nosuch(1)", "nosuch"), ("", "")])
def test_a_wrong_query_says_where_and_what(vedette, kql, says):
    done = vedette.cli("query", kql, check=False)
    assert done.returncode == 2 and says in done.stderr, done.stderr


def test_status_rules_and_doctor(vedette):
    status = vedette.cli("status").stdout
    for name in ("engine", "intake", "server", "supervisor"):
        assert name in status
    assert len(json.loads(vedette.cli("rules", "--json").stdout)["value"]) >= 25
    assert "Rule" in vedette.cli("rules").stdout
    findings = json.loads(vedette.cli("doctor", "--json", check=False).stdout)
    assert {f["check"] for f in findings} >= {"Disk", "Server", "Namespaces"}
    assert next(f for f in findings if f["check"] == "Server")["verdict"] == "good"


def test_doctor_tells_our_own_port_from_a_stranger_s(vedette):
    def ports(address):
        findings = json.loads(vedette.cli("doctor", "--json", "--listen", address, check=False).stdout)
        return next(f for f in findings if f["check"] == "Ports")

    own = vedette.url.removeprefix("https://")
    assert ports(own)["verdict"] == "good" and "Vedette listens" in ports(own)["what"]
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = ports(f"127.0.0.1:{stranger.getsockname()[1]}")
    assert taken["verdict"] == "wrong" and "taken by process" in taken["what"]


def test_a_lost_password_is_made_anew_beside_a_stopped_server(new_vedette, tmp_path):
    server = new_vedette()
    running = server.cli("recover", "--data", str(server.folder), check=False)
    assert running.returncode == 6 and "the server runs" in running.stderr
    server.stop()
    nowhere = server.cli("recover", "--data", str(tmp_path / "empty"), check=False)
    assert nowhere.returncode == 3 and not (tmp_path / "empty").exists()
    assert server.cli("recover", "nobody", "--data", str(server.folder), check=False).returncode == 3
    password = server.cli("recover", "--data", str(server.folder)).stdout.split("Password")[1].split()[0]
    server.start()
    body = {"user": "admin", "password": server.password}
    assert server.call("POST", "/signin", body)[0] == 401
    status, _, answer = server.call("POST", "/signin", {"user": "admin", "password": password})
    assert status == 200 and json.loads(answer)["mustChangePassword"]


def test_incidents_are_listed_shown_and_closed(vedette):
    if not vedette.incidents():
        vedette.cli("simulate", SIMULATIONS[0].stem, timeout=180)
    first = vedette.incidents()[0]["properties"]
    number = first["incidentNumber"]
    assert first["title"][:20] in vedette.cli("incidents", "--status", "all").stdout
    vedette.cli("incidents", "close", number, "--classification", "BenignPositive", "--comment", "a test")
    closed = next(i for i in vedette.incidents("Closed") if i["properties"]["incidentNumber"] == number)
    assert closed["properties"]["classification"] == "BenignPositive"
    assert vedette.cli("incidents", "show", "99999", check=False).returncode == 3


def test_login_is_kept_and_logout_ends_it(vedette, tmp_path):
    env = {"XDG_CONFIG_HOME": str(tmp_path), "VEDETTE_USER": "", "VEDETTE_PASSWORD": ""}
    done = vedette.cli("query", "print 1", check=False, env=env)
    assert done.returncode == 4 and "vedette login" in done.stderr
    vedette.cli("login", env={**env, "VEDETTE_USER": vedette.user, "VEDETTE_PASSWORD": vedette.password})
    kept = tmp_path / "vedette/session.json"
    assert oct(kept.stat().st_mode & 0o777) == "0o600" and vedette.password not in kept.read_text()
    vedette.cli("query", "print 1", env={**env, "VEDETTE_URL": "", "VEDETTE_CA": ""})
    vedette.cli("logout", env={**env, "VEDETTE_URL": "", "VEDETTE_CA": ""})
    assert not kept.exists()
    assert vedette.cli("query", "print 1", check=False, env=env).returncode == 4


def at_a_terminal(command, env, answers):
    """Runs a command on a terminal of its own and types each answer when its question is there; returns (status, text)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(command[0], command, env)
    text, waiting = "", list(answers)
    while True:
        if not select.select([fd], [], [], 60)[0]:
            os.kill(pid, signal.SIGKILL)
            pytest.fail(f"nothing was said for 60 s behind {text!r}")
        try:
            piece = os.read(fd, 4096).decode(errors="replace")
        except OSError:
            piece = ""
        if not piece:
            break
        text += piece
        while waiting and waiting[0][0] in text:
            os.write(fd, (waiting.pop(0)[1] + "\n").encode())
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def test_the_one_time_password_is_changed_at_the_first_login(new_vedette):
    server = new_vedette(start=False, env={"VEDETTE_ADMIN_PASSWORD": ""}).start()
    given = next(line.split()[1] for line in server.text().splitlines() if line.strip().startswith("Password"))
    env = server.env(VEDETTE_USER="", VEDETTE_PASSWORD="")
    early = server.cli("query", "print 1", check=False, env={"VEDETTE_PASSWORD": given})
    assert early.returncode == 4 and "vedette login" in early.stderr
    own = "a password of my own"
    status, text = at_a_terminal([BINARY, "login", "--user", "admin"], env,
                                 [("Password", given), ("New password", own), ("Once more", own)])
    assert status == 0, text
    assert given not in text and own not in text, "what is typed is not shown"
    server.cli("query", "print 1", env={"VEDETTE_USER": "", "VEDETTE_PASSWORD": ""})
    assert server.cli("query", "print 1", check=False, env={"VEDETTE_PASSWORD": given}).returncode == 4


def test_a_wrong_password_is_refused(vedette):
    done = vedette.cli("query", "print 1", check=False, env={"VEDETTE_PASSWORD": "wrong"})
    assert done.returncode == 4 and done.stderr.startswith("vedette query:")


def test_users_and_principals(vedette):
    who = vedette.principal("Reader")
    as_it = {"VEDETTE_USER": who["clientId"], "VEDETTE_PASSWORD": who["clientSecret"]}
    assert vedette.cli("query", "print x=1", env=as_it).stdout.split() == ["x", "1"]
    assert who["clientId"] in vedette.cli("principal", "list").stdout
    made = vedette.cli("user", "add", "alice", "--role", "Reader").stdout
    password = made.split("Password")[1].split()[0]
    done = vedette.cli("query", "print 1", check=False, env={"VEDETTE_USER": "alice", "VEDETTE_PASSWORD": password})
    assert done.returncode == 4 and "vedette login" in done.stderr, "a password of one's own comes first"
    vedette.cli("user", "delete", "alice")
    assert "alice" not in vedette.cli("user", "list").stdout


def test_cloud_prints_what_az_reads(vedette):
    cloud = json.loads(vedette.cli("cloud").stdout)
    assert cloud["endpoints"]["activeDirectory"] == vedette.url + "/adfs"
    assert cloud["endpoints"]["resourceManager"] == vedette.url + "/"


def test_waiting_for_rules_ends(vedette, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"Type": "Syslog", "TimeGenerated": "2026-11-01T00:00:00Z", "SyslogMessage": "nothing special"}) + "\n")
    started = time.monotonic()
    vedette.import_(path, wait=True)
    assert time.monotonic() - started < 120
    assert wait_until(lambda: vedette.value("Syslog | where SyslogMessage == 'nothing special' | count"), 5, "the row") == 1
