/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_identity.h"

#include "detect/detect_name.h"

enum { MAX_TEXT = 2048 };

const struct incident_identity_rule INCIDENT_IDENTITY_RULES[] = {
    { "Account", { "PUID" }, "The passport id of an account.", "10032001" },
    { "AzureResource", { "ResourceId" }, "An ARM id.", "/subscriptions/…/virtualMachines/web-03" },
    { "CloudApplication", { "AppId" }, "The id of an application.", "20892" },
    { "CloudApplication", { "Name", "InstanceName" }, "An application's instance.", "Office 365, contoso" },
    { "CloudApplication", { "Name" }, "An application by its name.", "iam.amazonaws.com" },
    { "DNS", { "DomainName" }, "A domain name.", "evil.example" },
    { "File", { "Directory", "Name" }, "A file by its whole path.", "C:\\Temp\\lsass.dmp" },
    { "FileHash", { "Algorithm", "Value" }, "A digest.", "SHA256 e3b0c442…" },
    { "Host", { "AzureID" }, "The ARM id of a machine.", "/subscriptions/…/virtualMachines/web-03" },
    { "Host", { "OMSAgentID" }, "The id of a machine's agent.", "f1d2…" },
    { "IoTDevice", { "IoTHub", "DeviceId" }, "A device of a hub.", "hub-1, plc-7" },
    { "IoTDevice", { "DeviceId", "IoTSecurityAgentId" }, "A device with an agent.", "plc-7, agent-1" },
    { "IoTDevice", { "MacAddress" }, "The address of a network card.", "02:42:ac:11:00:02" },
    { "MailCluster", { "Query", "Source" }, "A query over mails.", "Subject:Invoice, Exchange" },
    { "MailMessage",
      { "NetworkMessageId", "Recipient" },
      "One copy of a mail.",
      "a1b2, bob@contoso.example" },
    { "Mailbox", { "MailboxPrimaryAddress" }, "The main address of a mailbox.", "bob@contoso.example" },
    { "Mailbox", { "ExternalDirectoryObjectId" }, "The directory's id of a mailbox.", "5f2c…" },
    { "Malware", { "Name", "Category" }, "A malicious program by name and kind.", "Cobalt Strike, Backdoor" },
    { "Process",
      { "ProcessId", "CreationTimeUtc", "CommandLine" },
      "One run of a program.",
      "4321, 2026-11-24T05:57:53Z, sh" },
    { "RegistryKey", { "Hive", "Key" }, "A key by its whole path.", "HKEY_LOCAL_MACHINE, SOFTWARE\\Run" },
    { "SecurityGroup",
      { "DistinguishedName" },
      "A group's place in the directory.",
      "CN=Domain Admins,CN=Users" },
    { "SecurityGroup", { "SID" }, "The SID of a group.", "S-1-5-21-1-2-3-512" },
    { "SecurityGroup", { "ObjectGuid" }, "The directory's id of a group.", "5f2c…" },
    { "SubmissionMail",
      { "NetworkMessageId", "SubmissionId", "Recipient", "Submitter" },
      "One report of a mail.",
      "a1b2, s1, bob, bob" },
    { "URL", { "Url" }, "An address on the web.", "http://evil.example/a.ps1" },
    { 0 },
};

static str lower(struct arena *a, str s)
{
    str   copy = arena_str(a, s);
    char *p = (char *)(uintptr_t)copy.p; /* our own copy */

    for (size_t i = 0; i < copy.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
    return copy;
}

/* Paths of URLs and of Linux files tell upper from lower case; all else does not. */
static str fold(struct arena *a, const struct detect_entity *e, str s)
{
    bool kept = str_eq(e->type->name, S("URL")) || str_starts(detect_entity_value(e, S("Directory")), S("/"));
    return kept ? arena_str(a, s) : lower(a, s);
}

static bool apply(struct arena *a, const struct incident_identity_rule *r, const struct detect_entity *e,
                  str *out)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_TEXT);

    strbuf_addf(&text, "%s", r->type);
    for (size_t i = 0; i < sizeof r->fields / sizeof *r->fields && r->fields[i]; i++) {
        str v = detect_entity_value(e, str_of(r->fields[i]));
        if (!v.n)
            return false;
        strbuf_addf(&text, ":%s:", r->fields[i]);
        strbuf_add(&text, v);
    }
    if (text.overflow)
        return false; /* too long to be a name of anything */
    *out = fold(a, e, strbuf_view(&text));
    return true;
}

static str weak(struct arena *a, const struct detect_entity *e)
{
    AUTO_STRBUF text = STRBUF_INIT(64 * 1024);

    strbuf_addf(&text, "weak:" STR_FMT, STR_ARG(e->type->name));
    for (const struct content_entity_field *f = e->type->fields; f->name.n; f++) {
        strbuf_addc(&text, '\x1f');
        strbuf_add(&text, detect_entity_value(e, f->name));
    }
    return arena_str(a, strbuf_view(&text));
}

/* The forms in which accounts and hosts are written. Each is an identity of its own beside the one that
 * detect_name makes of all of them, so that people can part two things that only look like one. */
static bool written_form(struct arena *a, const struct detect_entity *e, str *out)
{
    str name = detect_entity_value(e, S("Name")), host = detect_entity_value(e, S("HostName"));
    str nt = detect_entity_value(e, S("NTDomain")), upn = detect_entity_value(e, S("UPNSuffix"));
    str dns = detect_entity_value(e, S("DnsDomain"));

    if (str_eq(e->type->name, S("Account")) && name.n && nt.n)
        *out = lower(a, arena_printf(a, "account:" STR_FMT "\\" STR_FMT, STR_ARG(nt), STR_ARG(name)));
    else if (str_eq(e->type->name, S("Account")) && name.n && upn.n && str_contains(upn, S(".")))
        *out = lower(a, arena_printf(a, "account:" STR_FMT "@" STR_FMT, STR_ARG(name), STR_ARG(upn)));
    else if (str_eq(e->type->name, S("Host")) && host.n && dns.n)
        *out = lower(a, arena_printf(a, "host:" STR_FMT "." STR_FMT, STR_ARG(host), STR_ARG(dns)));
    else
        return false;
    return out->n <= MAX_TEXT;
}

size_t incident_identity_of(struct arena *a, const struct detect_entity *e, str out[INCIDENT_IDENTITY_MAX],
                            bool *strong)
{
    str    known[DETECT_NAME_IDENTITIES];
    int    rank;
    size_t n = 0;

    n += written_form(a, e, &out[0]);
    for (size_t i = 0, k = detect_name_identities(a, e, known, &rank); i < k && n < INCIDENT_IDENTITY_MAX;
         i++)
        out[n++] = known[i];
    for (const struct incident_identity_rule *r = INCIDENT_IDENTITY_RULES; r->type; r++)
        if (str_eq(e->type->name, str_of(r->type)) && n < INCIDENT_IDENTITY_MAX && apply(a, r, e, &out[n]))
            n++;
    *strong = n > 0;
    if (!n)
        out[n++] = weak(a, e);
    return n;
}
