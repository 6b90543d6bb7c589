# SPDX-License-Identifier: Apache-2.0
"""Debian's az, unchanged, with a configuration of its own."""
import json
import os
import subprocess


class Az:
    def __init__(self, server, folder):
        self.server = server
        self.env = {**os.environ, "AZURE_CONFIG_DIR": str(folder), "REQUESTS_CA_BUNDLE": str(server.ca), "AZURE_CORE_COLLECT_TELEMETRY": "no",
                    "AZURE_CORE_NO_COLOR": "1", "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no"}
        self.folder = folder

    def run(self, *args, code=0):
        done = subprocess.run(["az", *args], capture_output=True, text=True, env=self.env, timeout=180, stdin=subprocess.DEVNULL)
        assert done.returncode == code, f"az {' '.join(args)} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *args):
        return json.loads(self.run(*args, "-o", "json").stdout or "null")

    def rest(self, method, url, body=None, code=0):
        return self.run("rest", "--method", method, "--url", url, *(["--body", json.dumps(body)] if body else []), code=code)
