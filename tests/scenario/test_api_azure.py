# SPDX-License-Identifier: Apache-2.0
"""Debian's python3-azure, unchanged, against a running server."""
import os
import uuid
from datetime import datetime, timedelta, timezone

import pytest

identity = pytest.importorskip("azure.identity")
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError  # noqa: E402
from azure.identity import CertificateCredential, ClientSecretCredential, DeviceCodeCredential  # noqa: E402
from azure.mgmt.authorization import AuthorizationManagementClient  # noqa: E402
from azure.mgmt.loganalytics import LogAnalyticsManagementClient  # noqa: E402
from azure.mgmt.resource import ResourceManagementClient, SubscriptionClient  # noqa: E402
from azure.mgmt.securityinsight import SecurityInsights  # noqa: E402
from azure.mgmt.securityinsight.models import Incident, IncidentComment, Watchlist, WatchlistItem  # noqa: E402
from azure.monitor.ingestion import LogsIngestionClient  # noqa: E402
from azure.monitor.query import LogsBatchQuery, LogsQueryClient, LogsQueryStatus  # noqa: E402

PLACE = ("soc", "main")


class Cloud:
    """A server as the SDK sees it."""

    def __init__(self, server, role="Owner"):
        self.server, self.url = server, server.url
        self.principal = server.principal(role)
        self.credential = ClientSecretCredential("adfs", self.principal["clientId"], self.principal["clientSecret"], authority=self.url)
        self.subscription = next(iter(self.arm(SubscriptionClient).subscriptions.list())).subscription_id
        workspace = next(iter(self.arm(LogAnalyticsManagementClient, self.subscription).workspaces.list()))
        self.workspace, self.key = workspace.id, workspace.customer_id

    def arm(self, client, *args, credential=None):
        return client(credential or self.credential, *args, base_url=self.url, credential_scopes=[self.url + "/.default"])

    def insights(self, **more):
        return self.arm(SecurityInsights, self.subscription, **more)

    def logs(self):
        return LogsQueryClient(self.credential, endpoint=self.url)


@pytest.fixture(scope="module")
def cloud(vedette):
    before = os.environ.get("REQUESTS_CA_BUNDLE")
    os.environ["REQUESTS_CA_BUNDLE"] = str(vedette.ca)
    yield Cloud(vedette)
    if before is None:
        del os.environ["REQUESTS_CA_BUNDLE"]
    else:
        os.environ["REQUESTS_CA_BUNDLE"] = before


def test_places(cloud):
    assert [g.name for g in cloud.arm(ResourceManagementClient, cloud.subscription).resource_groups.list()] == ["soc"]
    roles = cloud.arm(AuthorizationManagementClient, cloud.subscription)
    names = {r.role_name for r in roles.role_definitions.list(f"/subscriptions/{cloud.subscription}")}
    assert {"Owner", "Reader", "Microsoft Sentinel Responder"} <= names
    assert any(a.principal_type == "User" for a in roles.role_assignments.list_for_subscription())


def test_a_guid_as_tenant_works_without_instance_discovery(cloud):
    tenant = next(iter(cloud.arm(SubscriptionClient).tenants.list())).tenant_id
    credential = ClientSecretCredential(tenant, cloud.principal["clientId"], cloud.principal["clientSecret"],
                                        authority=cloud.url, instance_discovery=False)
    assert credential.get_token(cloud.url + "/.default").token


@pytest.mark.parametrize("audience", ["https://management.azure.com/.default", "https://api.loganalytics.io//.default",
                                      "https://monitor.azure.com//.default", "https://graph.microsoft.com/.default"])
def test_audiences_of_the_public_cloud_are_granted(cloud, audience):
    token = cloud.credential.get_token(audience).token
    assert cloud.server.call("GET", "/subscriptions?api-version=2022-12-01", headers={"Authorization": "Bearer " + token})[0] == 200


def test_a_wrong_secret_is_told_in_azure_s_words(cloud):
    wrong = ClientSecretCredential("adfs", cloud.principal["clientId"], "wrong", authority=cloud.url)
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        wrong.get_token(cloud.url + "/.default")


def test_certificates_are_changed_without_a_gap(cloud, new_pem):
    server, old, new = cloud.server, new_pem("old"), new_pem("new")
    made = server.principal_with_certificate(old)

    def token(pem):
        return CertificateCredential("adfs", made["clientId"], str(pem), authority=cloud.url).get_token(cloud.url + "/.default").token

    assert token(old)
    thumbprint = server.cli("principal", "certificate", made["clientId"], "--certificate", str(new)).stdout.strip()
    assert token(new) and token(old)
    listed = server.cli("principal", "certificate", made["clientId"]).stdout
    assert thumbprint in listed and made["thumbprint"] in listed and "CN=new" in listed
    server.cli("principal", "certificate", made["clientId"], "--remove", made["thumbprint"])
    assert token(new)
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        token(old)


def test_a_person_signs_in_with_a_device_code(cloud):
    import urllib.parse

    def prompt(uri, code, expires):
        form = urllib.parse.urlencode({"code": code, "user": "admin", "password": cloud.server.password}).encode()
        assert uri == cloud.url + "/adfs/oauth2/deviceauth" and expires > datetime.now(timezone.utc).replace(tzinfo=expires.tzinfo)
        assert cloud.server.call("POST", "/adfs/oauth2/deviceauth", form)[0] == 200

    person = DeviceCodeCredential("04b07795-8ddb-461a-bbee-02f9e1bf7b46", tenant_id="adfs", authority=cloud.url, prompt_callback=prompt)
    found = list(cloud.arm(SubscriptionClient, credential=person).subscriptions.list())
    assert found[0].display_name == "Own machines"


def test_an_incident_s_whole_life(cloud):
    si, name = cloud.insights(), str(uuid.uuid4())
    made = si.incidents.create_or_update(*PLACE, name, Incident(title="sdk", severity="Low", status="New", description="d"))
    assert made.etag and made.incident_number and made.additional_data.alerts_count == 0
    assert name in [i.name for i in si.incidents.list(*PLACE, filter="properties/status eq 'New'",
                                                      orderby="properties/createdTimeUtc desc", top=50)]
    comment = si.incident_comments.create_or_update(*PLACE, name, str(uuid.uuid4()), IncidentComment(message="seen"))
    assert comment.author.object_id and [c.message for c in si.incident_comments.list(*PLACE, name)] == ["seen"]
    assert si.incidents.list_alerts(*PLACE, name).value == [] and si.incidents.list_entities(*PLACE, name).entities == []

    incident = si.incidents.get(*PLACE, name)
    stale = incident.etag
    incident.status, incident.classification, incident.classification_reason = "Closed", "TruePositive", "SuspiciousActivity"
    closed = si.incidents.create_or_update(*PLACE, name, incident)
    assert closed.status == "Closed" and closed.classification == "TruePositive" and closed.etag != stale
    incident.etag = stale
    with pytest.raises(HttpResponseError) as refused:
        si.incidents.create_or_update(*PLACE, name, incident)
    assert refused.value.status_code == 412 and refused.value.error.code == "PreconditionFailed"
    si.incidents.delete(*PLACE, name)
    with pytest.raises(ResourceNotFoundError):
        si.incidents.get(*PLACE, name)


def test_pages_are_followed(cloud):
    si, names = cloud.insights(), {str(uuid.uuid4()) for _ in range(7)}
    title = f"page {uuid.uuid4().hex}"
    for name in names:
        si.incidents.create_or_update(*PLACE, name, Incident(title=title, severity="Informational", status="New"))
    found = [i.name for i in si.incidents.list(*PLACE, filter=f"properties/title eq '{title}'", top=3)]
    assert sorted(found) == sorted(names), "each once, over three pages"


def test_rules_and_empty_kinds(cloud):
    si = cloud.insights()
    rules = list(si.alert_rules.list(*PLACE))
    assert len(rules) >= 25 and all(r.query and r.query_frequency and r.display_name for r in rules)
    assert si.alert_rules.get(*PLACE, rules[0].name).display_name == rules[0].display_name
    assert [s.name for s in si.sentinel_onboarding_states.list(*PLACE).value] == ["default"]
    for kind in (si.bookmarks, si.automation_rules):
        assert list(kind.list(*PLACE)) == []


def test_a_watchlist_through_sentinel_s_client(cloud):
    si, alias = cloud.insights(), f"vip-{uuid.uuid4().hex[:8]}"
    made = si.watchlists.create_or_update(*PLACE, alias, Watchlist(display_name=alias, provider="sdk", source="vip.csv", items_search_key="Name",
                                                                   raw_content="Name,Note\nalice,boss\n", content_type="text/csv"))
    assert made.watchlist_alias == alias and made.etag and alias in [w.name for w in si.watchlists.list(*PLACE)]
    item = si.watchlist_items.create_or_update(*PLACE, alias, str(uuid.uuid4()), WatchlistItem(items_key_value={"Name": "bob", "Note": "new"}))
    assert item.items_key_value == {"Name": "bob", "Note": "new"}
    assert sorted(i.items_key_value["Name"] for i in si.watchlist_items.list(*PLACE, alias)) == ["alice", "bob"]
    si.watchlist_items.delete(*PLACE, alias, item.name)
    si.watchlists.delete(*PLACE, alias)
    assert alias not in [w.name for w in si.watchlists.list(*PLACE)]


def test_logs_are_sent_and_read_again(cloud):
    table = f"Sdk{uuid.uuid4().hex[:8]}_CL"
    now = datetime.now(timezone.utc)
    rows = [{"TimeGenerated": now.isoformat(), "Computer": "web-1", "RawData": f"row {n}", "Count": n} for n in range(2000)]
    with LogsIngestionClient(cloud.url, cloud.credential) as client:
        client.upload("dcr-1", f"Custom-{table}", rows)
    answer = cloud.logs().query_workspace(cloud.key, f"{table} | summarize rows=count(), newest=max(TimeGenerated), sum(Count)",
                                          timespan=timedelta(hours=1), include_statistics=True)
    assert answer.status == LogsQueryStatus.SUCCESS and answer.statistics["query"]["executionTime"] >= 0
    found = dict(zip(answer.tables[0].columns, answer.tables[0].rows[0]))
    assert found["rows"] == 2000 and found["sum_Count"] == 1999000 and abs(found["newest"] - now) < timedelta(seconds=1)
    old = cloud.logs().query_workspace(cloud.key, f"{table} | count", timespan=(now - timedelta(days=9), now - timedelta(days=8)))
    assert old.tables[0].rows[0][0] == 0


def test_query_errors_and_partial_answers(cloud):
    with pytest.raises(HttpResponseError) as refused:
        cloud.logs().query_workspace(cloud.key, "Heartbeat | boom", timespan=None)
    assert refused.value.status_code == 400 and refused.value.error.code == "BadArgumentError"
    partial = cloud.logs().query_workspace(cloud.key, "range x from 1 to 31000 step 1", timespan=None)
    assert partial.status == LogsQueryStatus.PARTIAL and len(partial.partial_data[0].rows) == 30000


def test_a_batch_answers_each_for_itself(cloud):
    answers = cloud.logs().query_batch([
        LogsBatchQuery(workspace_id=cloud.key, query="print n=1", timespan=timedelta(days=1)),
        LogsBatchQuery(workspace_id=cloud.key, query="nonsense |", timespan=None),
        LogsBatchQuery(workspace_id=cloud.key, query="print s='b'", timespan=None)])
    assert [a.status for a in answers] == [LogsQueryStatus.SUCCESS, LogsQueryStatus.FAILURE, LogsQueryStatus.SUCCESS]
    assert answers[0].tables[0].rows[0][0] == 1 and answers[2].tables[0].rows[0][0] == "b"


def test_a_role_that_may_not_is_refused(vedette, cloud):
    reader = Cloud(vedette, "Microsoft Sentinel Reader")
    with pytest.raises(HttpResponseError) as refused:
        reader.insights().incidents.create_or_update(*PLACE, str(uuid.uuid4()), Incident(title="t", severity="Low", status="New"))
    assert refused.value.status_code == 403 and refused.value.error.code == "AuthorizationFailed"
    with pytest.raises(HttpResponseError) as refused:
        LogsIngestionClient(cloud.url, reader.credential).upload("dcr-1", "Custom-X_CL", [{"a": 1}])
    assert refused.value.status_code == 403


def test_kusto(cloud):
    data = pytest.importorskip("azure.kusto.data")
    builder = data.KustoConnectionStringBuilder.with_aad_application_key_authentication(
        cloud.url, cloud.principal["clientId"], cloud.principal["clientSecret"], "adfs")
    with data.KustoClient(builder) as kusto:
        table = kusto.execute("main", "print n=1, t=datetime(2026-01-02), x=1h, d=dynamic({'a':1}), b=true").primary_results[0]
        row = table.to_dict()["data"][0]
        assert row["n"] == 1 and row["x"] == timedelta(hours=1) and row["d"] == {"a": 1} and row["b"] is True
        assert [r["DatabaseName"] for r in kusto.execute("main", ".show databases").primary_results[0].to_dict()["data"]] == ["main"]
        given = data.ClientRequestProperties()
        given.set_parameter("n", 41)
        given.set_parameter("s", "it's")
        row = kusto.execute("main", "declare query_parameters(n:long = 1, s:string, d:long = 7); print a = n + 1, s, d", given).primary_results[0].to_dict()["data"][0]
        assert (row["a"], row["print_1"], row["print_2"]) == (42, "it's", 7)
        with pytest.raises(data.exceptions.KustoServiceError, match="boom"):
            kusto.execute("main", "Heartbeat | boom")
