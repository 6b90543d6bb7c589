// SPDX-License-Identifier: Apache-2.0
// npm's Azure clients, unchanged, against a running server. Prints what they saw as one JSON object.
// VEDETTE_URL, VEDETTE_CLIENT_ID, VEDETTE_CLIENT_SECRET; NODE_EXTRA_CA_CERTS for the server's authority.
import "./webcrypto.mjs";
import { randomUUID } from "node:crypto";
import { ClientSecretCredential } from "@azure/identity";
import { SecurityCenter } from "@azure/arm-security";
import { SecurityInsights } from "@azure/arm-securityinsight";
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const url = process.env.VEDETTE_URL, sub = process.env.VEDETTE_SUBSCRIPTION, at = ["soc", "main"];
const credential = new ClientSecretCredential("adfs", process.env.VEDETTE_CLIENT_ID, process.env.VEDETTE_CLIENT_SECRET,
  { authorityHost: url, disableInstanceDiscovery: true });
const arm = { endpoint: url, credentialScopes: [url + "/.default"] };
const si = new SecurityInsights(credential, sub, arm), sec = new SecurityCenter(credential, sub, arm);
const seen = {};

async function all(pages) {
  const list = [];
  for await (const item of pages) list.push(item);
  return list;
}

async function insights() {
  const name = randomUUID();
  const made = await si.incidents.createOrUpdate(...at, name, { title: "npm", severity: "Low", status: "New" });
  seen.made = { title: made.title, number: made.incidentNumber > 0, etag: Boolean(made.etag) };
  await si.incidentComments.createOrUpdate(...at, name, randomUUID(), { message: "seen" });
  seen.comments = (await all(si.incidentComments.list(...at, name))).map(c => c.message);
  const bookmark = await si.bookmarks.createOrUpdate(...at, randomUUID(), { displayName: "odd", query: "Syslog | take 1", labels: ["x"] });
  const relation = await si.incidentRelations.createOrUpdate(...at, name, "r1", { relatedResourceId: bookmark.id });
  seen.relation = [relation.relatedResourceType, (await all(si.incidentRelations.list(...at, name))).map(r => r.name)];
  seen.bookmarks = (await si.incidents.listBookmarks(...at, name)).value.map(b => b.displayName);
  const current = await si.incidents.get(...at, name);
  const closed = await si.incidents.createOrUpdate(...at, name, { ...current, status: "Closed", classification: "BenignPositive", classificationReason: "SuspiciousButExpected" });
  seen.closed = [closed.status, closed.classification];
  seen.stale = await si.incidents.createOrUpdate(...at, name, { ...current, title: "late" }).then(() => 200, e => e.statusCode);
  await si.incidents.delete(...at, name);
  seen.deleted = await si.incidents.get(...at, name).then(() => 200, e => e.statusCode);
  seen.rules = (await all(si.alertRules.list(...at))).length;
  const withAlerts = (await all(si.incidents.list(...at))).find(i => i.additionalData?.alertsCount);
  const alerts = (await si.incidents.listAlerts(...at, withAlerts.name)).value;
  seen.alerts = alerts.map(a => a.kind);
  const { entities } = await si.incidents.listEntities(...at, withAlerts.name);
  seen.entities = entities.map(e => e.kind);
  const entity = await si.entities.get(...at, entities[0].name);
  seen.entity = entity.kind === entities[0].kind;
  const queries = await all(si.entityQueries.list(...at, { kind: "Expansion" }));
  const types = { Ip: "IP", Url: "URL" };
  const ask = queries.find(q => q.inputEntityType === (types[entity.kind] ?? entity.kind));
  const wide = { startTime: new Date("2020-01-01"), endTime: new Date("2090-01-01") };
  const expanded = await si.entities.expand(...at, entity.name, { expansionId: ask.name, ...wide });
  seen.expanded = Array.isArray(expanded.value.edges);
  const timeline = await si.entitiesGetTimeline.list(...at, entity.name, wide);
  seen.timeline = [timeline.metaData.totalCount === timeline.value.length, timeline.value[0].kind];
}

async function hunting() {
  const alias = "npm-vip";
  const list = await si.watchlists.createOrUpdate(...at, alias, { displayName: alias, provider: "npm", source: "vip.csv", itemsSearchKey: "Name",
    rawContent: "Name,Note\nalice,boss\n", contentType: "text/csv", numberOfLinesToSkip: 0 });
  await si.watchlistItems.createOrUpdate(...at, alias, randomUUID(), { itemsKeyValue: { Name: "bob", Note: "new" } });
  seen.watchlist = [list.watchlistAlias, (await all(si.watchlistItems.list(...at, alias))).map(i => i.itemsKeyValue.Name)];
  await si.watchlists.delete(...at, alias);
  seen.watchlistGone = !(await all(si.watchlists.list(...at))).some(w => w.name === alias);

  const name = randomUUID(), shape = { kind: "Scheduled", displayName: "npm", description: "", severity: "Low", enabled: false, query: "Syslog | take 1",
    queryFrequency: "PT5M", queryPeriod: "PT1H", triggerOperator: "GreaterThan", triggerThreshold: 0, suppressionDuration: "PT5H", suppressionEnabled: false, tactics: ["Execution"] };
  const rule = await si.alertRules.createOrUpdate(...at, name, shape);
  const changed = await si.alertRules.createOrUpdate(...at, name, { ...rule, severity: "High" });
  seen.rule = [rule.kind, changed.severity, changed.etag !== rule.etag];
  seen.ruleStale = await si.alertRules.createOrUpdate(...at, name, { ...rule, severity: "Medium" }).then(() => 200, e => e.statusCode);
  seen.ruleRefused = await si.alertRules.createOrUpdate(...at, randomUUID(), { ...shape, query: "NoTable" }).then(() => 200, e => e.statusCode);
  await si.alertRules.delete(...at, name);
  seen.ruleGone = await si.alertRules.get(...at, name).then(() => 200, e => e.statusCode);
  const templates = await all(si.alertRuleTemplates.list(...at));
  seen.templates = [templates.length >= 50, templates.every(t => t.kind === "Scheduled" || t.kind === "NRT"), Boolean((await si.alertRuleTemplates.get(...at, templates[0].name)).query)];

  const auto = await si.automationRules.createOrUpdate(...at, randomUUID(), { automationRuleToUpsert: { displayName: "npm", order: 1,
    triggeringLogic: { isEnabled: true, triggersOn: "Incidents", triggersWhen: "Created", conditions: [] },
    actions: [{ order: 1, actionType: "ModifyProperties", actionConfiguration: { severity: "High" } }] } });
  seen.automation = [auto.order, auto.actions[0].actionType, (await all(si.automationRules.list(...at))).map(r => r.displayName)];
  await si.automationRules.delete(...at, auto.name);
  const activity = await si.entityQueries.createOrUpdate(...at, randomUUID(), { kind: "Activity", title: "npm", content: "c", description: "d", inputEntityType: "Host",
    queryDefinitions: { query: "Syslog | take 1" }, requiredInputFieldsSets: [["Host_HostName"]], entitiesFilter: {}, enabled: true });
  seen.activity = [activity.kind, activity.title];
  await si.entityQueries.delete(...at, activity.name);
}

async function security() {
  const alerts = await all(sec.alerts.list());
  seen.armAlerts = { n: alerts.length, fields: alerts.every(a => a.alertDisplayName && a.severity && a.entities && a.startTimeUtc) };
  await sec.alerts.updateSubscriptionLevelStateToDismiss("local", alerts[0].name);
  seen.dismissed = (await sec.alerts.getSubscriptionLevel("local", alerts[0].name)).status;
  await sec.alerts.updateSubscriptionLevelStateToActivate("local", alerts[0].name);
  const rule = await sec.alertsSuppressionRules.update("quiet-npm", { alertType: alerts[0].alertType, reason: "Noise", state: "Disabled" });
  seen.suppression = [rule.state, (await all(sec.alertsSuppressionRules.list())).map(r => r.name)];
  await sec.alertsSuppressionRules.delete("quiet-npm");
  await sec.securityContacts.create("default1", { email: "soc@contoso.example", phone: "1", alertNotifications: "On", alertsToAdmins: "Off" });
  seen.contacts = (await all(sec.securityContacts.list())).map(c => c.email);
  await sec.securityContacts.delete("default1");
}

async function graph() {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: [url + "/.default"] });
  const g = Client.initWithMiddleware({ authProvider, baseUrl: url + "/", defaultVersion: "v1.0", customHosts: new Set([new URL(url).hostname]) });
  const first = await g.api("/security/alerts_v2").top(1).get();
  const ids = [];
  await new PageIterator(g, first, a => { ids.push(a.id); return true; }).iterate();
  seen.graphAlerts = { n: ids.length, unique: new Set(ids).size === ids.length, evidence: first.value[0].evidence.every(e => e["@odata.type"].startsWith("#microsoft.graph.security.")) };
  const high = await g.api("/security/alerts_v2").filter("severity eq 'high'").get();
  seen.graphFilter = high.value.every(a => a.severity === "high");
  const patched = await g.api("/security/alerts_v2/" + ids[0]).patch({ status: "resolved", classification: "truePositive", determination: "malware" });
  seen.graphPatched = [patched.status, patched.classification, patched.determination];
  const comments = await g.api("/security/alerts_v2/" + ids[0] + "/comments").post({ "@odata.type": "microsoft.graph.security.alertComment", comment: "seen" });
  seen.graphComments = comments.value.map(c => c.comment);
  const incidents = await g.api("/security/incidents").expand("alerts").get();
  seen.graphIncidents = incidents.value.some(i => i.displayName && i.alerts.length > 0);
  const one = incidents.value.find(i => i.alerts.length > 0);
  const moved = await g.api("/security/incidents/" + one.id).patch({ status: "inProgress", customTags: ["npm"] });
  seen.graphIncident = [moved.status, moved.customTags];
  const hunt = await g.api("/security/runHuntingQuery").post({ Query: "print n=1, s='a'", Timespan: "P7D" });
  seen.hunt = { schema: hunt.schema, results: hunt.results };
  seen.missing = await g.api("/security/alerts_v2/none").get().then(() => 200, e => [e.statusCode, Boolean(e.requestId)]);
}

await insights();
await hunting();
await security();
await graph();
console.log(JSON.stringify(seen));
