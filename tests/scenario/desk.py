# SPDX-License-Identifier: Apache-2.0
"""An analyst who works on incidents over the API."""
import json

INSIGHTS = "/providers/Microsoft.SecurityInsights"
OPS = "/providers/Vedette.Operations"
V = "api-version=2026-11-01"


class Desk:
    """A signed-in analyst."""

    def __init__(self, server):
        self.server, self.headers = server, server.signin()
        self.ws = server.workspace(self.headers)

    def ask(self, method, path, body=None, want=(200, 201, 204), request=None, **headers):
        more = {**self.headers, **headers, **({"x-ms-client-request-id": request} if request else {})}
        at = path + ("&" if "?" in path else "?") + V
        status, _, answer = self.server.call(method, self.ws + at, body, more)
        assert status in (want if isinstance(want, tuple) else (want,)), (method, path, status, answer[:600])
        return json.loads(answer) if answer else None

    def incidents(self, **params):
        query = "".join(f"&{k}={v}" for k, v in params.items())
        return self.ask("GET", INSIGHTS + "/incidents?$top=100" + query)["value"]

    def incident(self, name):
        return self.ask("GET", f"{INSIGHTS}/incidents/{name}")

    def alerts(self, name):
        return [a["properties"]["systemAlertId"] for a in self.ask("POST", f"{INSIGHTS}/incidents/{name}/alerts")["value"]]

    def put(self, name, etag=None, request=None, want=(200, 201), **properties):
        return self.ask("PUT", f"{INSIGHTS}/incidents/{name}", {"etag": etag, "properties": properties}, want, request)
