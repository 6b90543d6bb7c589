# SPDX-License-Identifier: Apache-2.0
"""Every recording of the corpus, imported into a fresh server, gives the incidents that its name promises, and no others."""
import json
import pathlib
import shutil
import tarfile
import tempfile
import zipfile

import pytest
import yaml
from conftest import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a recording's name promises, and after "+" what else truly happens in it. Nothing else may fire.
HOSTS = {
    "windows/aptsimulator_cobaltstrike": "windows-attack-framework-pipe windows-service-runs-command",
    "windows/cmd_dumping_ntds_dit_file_ntdsutil": "windows-domain-database-copied + windows-event-log-cleared",
    "windows/empire_dcsync_dcerpc_drsuapi_DsGetNCChanges": "windows-directory-replicated",
    "windows/empire_mimikatz_logonpasswords": "windows-lsass-memory-read",
    "windows/empire_psexec_dcerpc_tcp_svcctl": "windows-service-runs-command windows-remote-service + windows-hidden-powershell",
    "windows/empire_shell_rpc_samr_smb_group_domain_admins_standard_user": "windows-domain-admins-listed",
    "windows/empire_shell_rubeus_asktgt_ptt": "windows-kerberos-ticket-forged windows-ticket-with-old-cipher",
    "windows/empire_uac_shellapi_fodhelper": "windows-uac-bypassed + windows-hidden-powershell",
    "windows/empire_wmi_dcerpc_wmi_IWbemServices_ExecMethod": "windows-process-through-wmi + windows-hidden-powershell",
    "windows/proxylogon_ssrf_rce_poc": "windows-web-shell-written windows-web-server-starts-shell",
    "windows/psh_mshta_html_application_execution": "windows-mshta-runs-script + windows-event-log-cleared",
    "windows/rdp_interactive_taskmanager_lsass_dump": "windows-lsass-dumped windows-lsass-memory-read",
    "windows/schtask_create": "windows-remote-scheduled-task",
    "linux/securityauditing_log4shell_cve2021_44228_java_serialized_object":
        "windows-web-server-starts-shell cross-java-lookup-then-shell + windows-hidden-powershell",
    "linux/syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference": "linux-service-starts-shell linux-reverse-shell",
    "linux/syslog_sysmon_log4shell_cve2021_44228_jndi_reference":
        "linux-service-starts-shell linux-reverse-shell cross-java-lookup-then-shell",
    "linux/sysmon_log4shell_cve2021_44228_java_serialized_object":
        "windows-web-server-starts-shell cross-java-lookup-then-shell + windows-hidden-powershell",
    "linux/vminsights_vmconnection_log4shell_cve2021_44228_jndi_reference": "cross-java-lookup-then-shell",
    "aws/ec2_proxy_s3_exfiltration": "aws-instance-role-used-elsewhere aws-instance-role-reads-buckets",
}

# An attack of an hour on one account, in about this order.
ATTACK = """
    aws-instance-secrets-asked aws-instance-role-used-elsewhere aws-secrets-read-in-bulk aws-logging-stopped aws-organization-left
    aws-graphics-instances-launched aws-security-group-opened aws-snapshot-shared aws-bucket-opened aws-console-login-without-mfa
    aws-role-trusts-stranger aws-access-key-for-another-user aws-administrator-policy-given aws-password-set-for-another-user
    aws-function-opened aws-function-changed-by-key aws-trust-anchor-made
"""

# Stratus names its files after the technique; each has an account of its own.
TECHNIQUES = {
    "credential-access.ec2-get-password-data": "aws-instance-secrets-asked",
    "credential-access.ec2-steal-instance-credentials": "aws-instance-role-used-elsewhere",
    "credential-access.secretsmanager-batch-retrieve-secrets": "aws-secrets-read-in-bulk",
    "credential-access.secretsmanager-retrieve-secrets": "aws-secrets-read-in-bulk",
    "credential-access.ssm-retrieve-securestring-parameters": "aws-secrets-read-in-bulk",
    "defense-evasion.cloudtrail-delete": "aws-logging-stopped",
    "defense-evasion.cloudtrail-event-selectors": "aws-logging-stopped",
    "defense-evasion.cloudtrail-stop": "aws-logging-stopped",
    "defense-evasion.dns-delete-logs": "aws-logging-stopped",
    "defense-evasion.organizations-leave": "aws-organization-left",
    "defense-evasion.vpc-remove-flow-logs": "aws-logging-stopped",
    "discovery.ec2-download-user-data": "aws-instance-secrets-asked",
    "execution.ec2-launch-unusual-instances": "aws-graphics-instances-launched",
    "execution.ec2-user-data": "aws-instance-start-script-replaced",
    "execution.ssm-send-command": "aws-commands-on-instances",
    "execution.ssm-start-session": "aws-commands-on-instances",
    "exfiltration.ec2-security-group-open-port-22-ingress": "aws-security-group-opened",
    "exfiltration.ec2-share-ami": "aws-snapshot-shared",
    "exfiltration.ec2-share-ebs-snapshot": "aws-snapshot-shared",
    "exfiltration.rds-share-snapshot": "aws-snapshot-shared",
    "impact.bedrock-invoke-model": "aws-model-access-taken",
    "initial-access.console-login-without-mfa": "aws-console-login-without-mfa",
    "lateral-movement.ec2-instance-connect": "aws-ssh-key-pushed",
    "lateral-movement.ec2-serial-console-send-ssh-public-key": "aws-ssh-key-pushed",
    "persistence.iam-backdoor-role": "aws-role-trusts-stranger",
    "persistence.iam-backdoor-user": "aws-access-key-for-another-user",
    "persistence.iam-create-admin-user": "aws-access-key-for-another-user aws-administrator-policy-given",
    "persistence.iam-create-backdoor-role": "aws-role-trusts-stranger aws-administrator-policy-given",
    "persistence.iam-create-user-login-profile": "aws-password-set-for-another-user",
    "persistence.lambda-backdoor-function": "aws-function-opened",
    "persistence.lambda-layer-extension": "aws-function-changed-by-key",
    "persistence.lambda-overwrite-code": "aws-function-changed-by-key",
    "persistence.rolesanywhere-create-trust-anchor": "aws-trust-anchor-made",
    "persistence.sts-federation-token": "aws-federation-token-for-everything",
    "privilege-escalation.iam-update-user-login-profile": "aws-password-set-for-another-user",
}

ALERTS = """
SecurityAlert
| summarize arg_max(TimeGenerated, AlertType, StartTime, EndTime, Entities, ExtendedProperties) by SystemAlertId
"""
IN_INCIDENTS = """
SecurityIncident
| summarize arg_max(TimeGenerated, AlertIds) by IncidentName
| mv-expand AlertId = AlertIds to typeof(string)
| distinct AlertId
"""


def rule_names():
    """Rule id to the file's stem."""
    return {yaml.safe_load(path.read_text(encoding="utf-8"))["id"]: path.stem
            for path in (ROOT / "content/rules").glob("*.yaml")}


def times_of(recording):
    """First and last time of a recording, in ISO 8601 to the second, as the importer reads them."""
    first, last = "9999", ""
    with zipfile.ZipFile(recording) as archive:
        for name in archive.namelist():
            for line in archive.read(name).decode("utf-8", "replace").splitlines():
                if not line.startswith("{"):
                    continue
                record = json.loads(line)
                time = (record.get("TimeCreated") or record.get("TimeGenerated") or record.get("eventTime") or record["@timestamp"])[:19]
                first, last = min(first, time), max(last, time)
    return first, last


def account_of(text):
    """The AWS account that a file of Stratus was recorded in."""
    return next(record["recipientAccountId"] for record in json.loads(text) if record.get("recipientAccountId"))


@pytest.fixture(scope="module")
def store(shared):
    """A server that holds every recording, and its alerts as {rule, start, end, text, in_incident}: `--wait` promises that they are there."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vedette-test-"))
    server = Server(folder / "data").start()
    try:
        files = sorted(path for path in (shared / "corpus/events").glob("*/*") if path.suffix in (".zip", ".gz"))
        server.import_(*files, wait=True)
        names = rule_names()
        held = {row["AlertId"] for row in server.query(IN_INCIDENTS)}
        yield [{"rule": names.get(row["AlertType"], row["AlertType"]), "start": row["StartTime"][:19], "end": row["EndTime"][:19],
                "text": json.dumps(row), "in_incident": row["SystemAlertId"] in held} for row in server.query(ALERTS)]
    finally:
        server.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def fired(alerts):
    assert all(alert["in_incident"] for alert in alerts), [alert["rule"] for alert in alerts if not alert["in_incident"]]
    return {alert["rule"] for alert in alerts}


@pytest.mark.parametrize("name", HOSTS)
def test_recording(name, store, shared):
    promised, _, also = HOSTS[name].partition("+")
    first, last = times_of(shared / "corpus/events" / f"{name}.zip")
    kind = "aws-" if name.startswith("aws/") else ("windows-", "linux-", "cross-")
    here = fired([alert for alert in store if alert["rule"].startswith(kind) and alert["start"] <= last and alert["end"] >= first])
    assert set(promised.split()) <= here
    # Some of the recordings of Log4Shell were made at the same time on the same machine, by other sensors.
    if "log4shell" not in name:
        assert here <= set(promised.split()) | set(also.split())


def test_attack_on_an_account(store):
    here = [alert for alert in store if "123837392027" in alert["text"]]
    assert set(ATTACK.split()) == fired(here)


@pytest.fixture(scope="module")
def accounts(shared):
    """Technique to the account it was recorded in."""
    found = {}
    with tarfile.open(shared / "corpus/events/aws/stratus_detonations.tar.gz") as archive:
        for member in archive:
            name = pathlib.PurePath(member.name).name
            if member.isfile() and name.startswith("aws.") and name.endswith(".json"):
                found[name[4:-5]] = account_of(archive.extractfile(member).read())
    return found


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_technique(technique, store, accounts):
    here = fired([alert for alert in store if accounts[technique] in alert["text"]])
    assert here == set(TECHNIQUES[technique].split())


def test_no_technique_is_left_out(accounts):
    assert set(TECHNIQUES) == set(accounts)
