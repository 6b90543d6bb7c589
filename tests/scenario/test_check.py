# SPDX-License-Identifier: Apache-2.0
"""`vedette facts` and `vedette policy check`: what a pipeline sees of them."""
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VEDETTE = ROOT / "build/bin/vedette"

GOOD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  automountServiceAccountToken: false
  serviceAccountName: web
  securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: web
    image: registry.example/web@sha256:0000000000000000000000000000000000000000000000000000000000000000
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
    resources:
      limits: {memory: 1Gi, cpu: 1, ephemeral-storage: 1Gi}
      requests: {memory: 1Gi, cpu: 1}
    livenessProbe: {httpGet: {path: /, port: 80}}
    readinessProbe: {httpGet: {path: /, port: 80}}
"""
BAD = GOOD.replace("securityContext: {allowPrivilegeEscalation: false,", "securityContext: {privileged: true,")
NAMESPACE = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
POLICY = "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}}\n"


def gate(text, *options):
    return subprocess.run([VEDETTE, "policy", "check", *options, "-"], input=text, capture_output=True, text=True)


def failed(text, *options):
    done = gate(text, "--format", "json", "--block", "none", *options)
    assert done.returncode == 0, done.stderr
    return {row["check"]: row for row in map(json.loads, done.stdout.splitlines()) if row["state"] == "Unhealthy"}


def test_a_manifest_without_fault_passes():
    done = gate(GOOD, "--block", "low")
    assert done.returncode == 0, done.stdout
    assert "0 failed" in done.stdout


def test_a_manifest_with_a_grave_fault_is_stopped_with_the_field_that_is_wrong():
    done = gate(BAD)
    assert done.returncode == 4
    assert "properties.containers[0].effective.privileged is true" in done.stdout
    assert "block" in done.stderr


def test_what_blocks_can_be_chosen():
    assert gate(BAD, "--block", "none").returncode == 0
    assert gate(GOOD.replace("readinessProbe", "x-no-probe"), "--block", "high").returncode == 0
    assert gate(GOOD.replace("readinessProbe", "x-no-probe"), "--block", "low").returncode == 4


def test_what_stands_beside_a_resource_counts():
    assert "kubernetes.namespace.network-policy" in failed(NAMESPACE)
    assert "kubernetes.namespace.network-policy" not in failed(NAMESPACE + POLICY)


def test_the_facts_of_a_machine_are_judged_and_what_is_missing_is_not_measured(tmp_path):
    files = {"etc/passwd": "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n", "etc/group": "root:x:0:\n",
             "usr/sbin/sshd": "", "etc/ssh/sshd_config": "PermitRootLogin yes\n"}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    facts = subprocess.run([VEDETTE, "facts", "--root", tmp_path], capture_output=True, text=True, check=True).stdout
    done = gate(facts, "--format", "json", "--block", "none", "--all")
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["linux.ssh.root-login"]["state"] == "Unhealthy"
    assert rows["linux.ssh.root-login"]["field"] == "properties.ssh.config.permitRootLogin"
    assert rows["linux.ssh.root-login"]["found"] == "yes"
    assert rows["linux.accounts.uid0"]["found"] == "toor"
    assert rows["linux.accounts.empty-password"]["state"] == "NotMeasured"
    assert "there is no /etc/shadow" in rows["linux.accounts.empty-password"]["cause"]
    assert rows["linux.net.syncookies"]["state"] == "NotMeasured"
    assert rows["linux.sudo.pty"]["state"] == "NotApplicable"


def test_text_that_is_nothing_known_is_refused(tmp_path):
    done = gate("just: text\n")
    assert done.returncode == 2
    assert "no export, manifest, plan or snapshot" in done.stderr
    (tmp_path / "bad.json").write_text('{"properties": {"policyRule": {"if": {"field": "a", "is": 1}, "then": {"effect": "audit"}}}}')
    assert gate(GOOD, "--policies", tmp_path).returncode == 2
