# SPDX-License-Identifier: Apache-2.0
"""Measures of posture, for tools/bench.py: one evaluation, and an inventory of 100,000 resources against 200 policies of
the public library."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/scenario"))
from conftest import BINARY, wait_until  # noqa: E402

RESOURCES, POLICIES, CHANGES = 100_000, 200, 200


class Arm:
    """ARM calls as the administrator."""

    def __init__(self, server):
        self.server, self.headers = server, server.signin()
        self.workspace = server.workspace(self.headers)
        self.sub = self.workspace.split("/resourceGroups/")[0]

    def call(self, method, path, version, body=None):
        status, _, text = self.server.call(method, f"{path}?api-version={version}", body, headers=self.headers, timeout=600)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {text[:300]}")
        return json.loads(text)

    def put(self, path, version, properties, **beside):
        return self.call("PUT", path, version, {**beside, "properties": properties})

    def vedette(self, *args):
        env = {**os.environ, "VEDETTE_URL": self.server.url, "VEDETTE_CA": str(self.server.ca), "VEDETTE_USER": self.server.user,
               "VEDETTE_PASSWORD": self.server.password}
        subprocess.run([BINARY, *args], check=True, capture_output=True, env=env)


def measure_evaluation(server, shared, options, work):
    aliases = work / "aliases.tsv"
    with gzip.open(shared / "corpus/policy/aliases.tsv.gz") as f:
        aliases.write_bytes(f.read())
    cases = subprocess.run([sys.executable, str(ROOT / "tools/policy_cases.py"), str(shared / "corpus/policy/definitions.jsonl.gz"), str(aliases)],
                           capture_output=True, check=True).stdout
    static = {c["id"] for c in map(json.loads, cases.splitlines()) if c["policy_definition"]["properties"].get("policyType") == "Static"}
    done = subprocess.run([BINARY, "policy", "evaluate", "--batch", "--time", "--aliases", str(work)], input=cases, capture_output=True, check=True)
    took = sorted(a["ns"] for a in map(json.loads, done.stdout.splitlines()) if "ns" in a and a["id"] not in static)
    median, p90 = took[len(took) // 2], took[len(took) * 9 // 10]
    return [("one evaluation of a built-in policy, one core", f"median {median:.0f} ns ({1e9 / median / 1e6:.1f} million/s), p90 {p90:.0f} ns, over the "
             f"{len(took):,} definitions that are no statements of Microsoft's own")]


def chosen_definitions(shared):
    """Definitions judged on the resource alone, of one type, with all parameters by default; of the types that have most of them."""
    by_type = {}
    with gzip.open(shared / "corpus/policy/definitions.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            body = json.loads(line)["body"]
            rule, parameters = body["properties"]["policyRule"], body["properties"].get("parameters") or {}
            types = [c["equals"] for c in rule["if"].get("allOf", []) if c.get("field") == "type" and isinstance(c.get("equals"), str)]
            effect = rule["then"]["effect"]
            if effect == "[parameters('effect')]":
                effect = (parameters.get("effect") or {}).get("defaultValue", "")
            if len(types) == 1 and effect.lower() in ("audit", "deny", "modify", "append") and types[0].count("/") == 1 \
                    and all("defaultValue" in p for p in parameters.values()):
                by_type.setdefault(types[0], {})[body["name"]] = body
    chosen = []
    for definitions in sorted(by_type.values(), key=len, reverse=True):
        chosen += list(definitions.values())[:POLICIES - len(chosen)]
    used = {c["equals"] for p in chosen for c in p["properties"]["policyRule"]["if"]["allOf"] if c.get("field") == "type"}
    return chosen, sorted(used)


def resource(arm, types, i):
    return {"id": f"{arm.sub}/resourceGroups/bench/providers/{types[i % len(types)]}/r{i}", "name": f"r{i}", "type": types[i % len(types)], "location": "westeurope", "tags": {"n": str(i % 7)},
            "kind": "Storage", "sku": {"name": "Standard_LRS"}, "identity": {"type": "SystemAssigned"},
            "properties": {"publicNetworkAccess": "Enabled" if i % 3 else "Disabled", "supportsHttpsTrafficOnly": bool(i % 2), "minimumTlsVersion": "TLS1_0",
                           "networkAcls": {"defaultAction": "Allow", "ipRules": [{"value": f"10.0.{j}.1"} for j in range(8)], "bypass": "AzureServices"},
                           "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True}, "file": {"enabled": True}}},
                           "disableLocalAuth": False, "httpsOnly": bool(i % 2), "provisioningState": "Succeeded"}}


def peak_memory(server):
    status = pathlib.Path(f"/proc/{server.pid('server')}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def measure_inventory(server, shared, options, work):
    arm = Arm(server)
    policies, types = chosen_definitions(shared)
    library, export = work / "library.jsonl", work / "export.json"
    library.write_text("".join(json.dumps({"body": p}) + "\n" for p in policies), encoding="utf-8")
    arm.vedette("content", "import", "azure-policy", str(library), str(shared / "corpus/policy/aliases.tsv.gz"))
    initiative = arm.put(f"{arm.sub}/providers/Microsoft.Authorization/policySetDefinitions/bench", "2021-06-01", {
        "policyDefinitions": [{"policyDefinitionId": p["id"], "policyDefinitionReferenceId": p["name"]} for p in policies]})
    with open(export, "w", encoding="utf-8") as f:
        f.write('{"value":[' + ",".join(json.dumps(resource(arm, types, i)) for i in range(RESOURCES)) + "]}")
    began = time.monotonic()
    arm.vedette("posture", "import", str(export))
    imported = time.monotonic() - began

    began = time.monotonic()
    arm.put(f"{arm.sub}/providers/Microsoft.Authorization/policyAssignments/bench", "2021-06-01", {"policyDefinitionId": initiative["id"], "enforcementMode": "DoNotEnforce"})
    status = f"{arm.workspace}/providers/Vedette.Operations/posture"
    wait_until(lambda: arm.call("GET", status, "2026-11-01")["settled"], 900, "everything is judged")
    judged = time.monotonic() - began
    verdicts = arm.call("GET", status, "2026-11-01")["verdicts"]
    memory = peak_memory(server)

    took = []
    for i in range(CHANGES):
        body = resource(arm, types, i)
        begun = time.monotonic()
        arm.put(body["id"], "2024-01-01", {**body["properties"], "publicNetworkAccess": "Disabled", "round": i}, location="westeurope")
        arm.call("GET", f"{arm.sub}/providers/Microsoft.Security/secureScores/ascScore", "2020-01-01")
        took.append(time.monotonic() - begun)
    took.sort()
    return [("taken in, judged by what was assigned before", f"{RESOURCES / imported:,.0f} resources a second"),
            (f"{RESOURCES:,} resources of {len(types)} types against {POLICIES} policies", f"{judged:.1f} s for {verdicts:,} verdicts on disk (promised ≤ 60 s)"),
            ("memory of the server, at its most", f"{memory:,.0f} MiB (promised ≤ 2,048)"),
            ("a resource changed, judged, its score read", f"median {1000 * took[len(took) // 2]:.0f} ms, p99 {1000 * took[len(took) * 99 // 100]:.0f} ms "
             f"over {CHANGES} (promised p99 ≤ 1 s)")]
