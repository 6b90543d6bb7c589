/* SPDX-License-Identifier: Apache-2.0 */
#include "content/content_entity.h"

#define FIELD(identifier, arm_name)                                                                          \
    {                                                                                                        \
        STR_INIT(identifier), STR_INIT(arm_name)                                                             \
    }
#define FIELDS(...) ((const struct content_entity_field[]) { __VA_ARGS__, { { NULL, 0 }, { NULL, 0 } } })

/* FullName has no property of its own: it is split into its parts. */
const struct content_entity CONTENT_ENTITY_TYPES[] = {
    { .name = STR_INIT("Account"),
      .type = STR_INIT("account"),
      .kind = STR_INIT("Account"),
      .joins = true,
      .fields =
          FIELDS(FIELD("FullName", ""), FIELD("Name", "accountName"), FIELD("NTDomain", "ntDomain"),
                 FIELD("DnsDomain", "dnsDomain"), FIELD("UPNSuffix", "upnSuffix"), FIELD("Sid", "sid"),
                 FIELD("AadUserId", "aadUserId"), FIELD("AadTenantId", "aadTenantId"), FIELD("PUID", "puid"),
                 FIELD("ObjectGuid", "objectGuid"), FIELD("DisplayName", "displayName"),
                 FIELD("IsDomainJoined", "isDomainJoined"), FIELD("CloudAppAccountId", "")),
      .doc = STR_INIT("Somebody who signs in: a user, a machine's account, a service, a cloud identity."),
      .example = STR_INIT("CONTOSO\\alice") },
    { .name = STR_INIT("AzureResource"),
      .type = STR_INIT("azure-resource"),
      .kind = STR_INIT("AzureResource"),
      .joins = true,
      .fields = FIELDS(FIELD("ResourceId", "resourceId")),
      .doc = STR_INIT("A resource, by its ARM id (also those of other clouds)."),
      .example = STR_INIT("/subscriptions/…/virtualMachines/web-03") },
    { .name = STR_INIT("CloudApplication"),
      .type = STR_INIT("cloud-application"),
      .kind = STR_INIT("CloudApplication"),
      .fields =
          FIELDS(FIELD("Name", "appName"), FIELD("AppId", "appId"), FIELD("InstanceName", "instanceName")),
      .doc = STR_INIT("A cloud service or an application in it."),
      .example = STR_INIT("iam.amazonaws.com") },
    { .name = STR_INIT("DNS"),
      .type = STR_INIT("dns"),
      .kind = STR_INIT("DnsResolution"),
      .fields = FIELDS(FIELD("DomainName", "domainName")),
      .doc = STR_INIT("A name that was looked up."),
      .example = STR_INIT("evil.example") },
    { .name = STR_INIT("File"),
      .type = STR_INIT("file"),
      .kind = STR_INIT("File"),
      .fields = FIELDS(FIELD("Name", "fileName"), FIELD("Directory", "directory")),
      .doc = STR_INIT("A file on a machine."),
      .example = STR_INIT("C:\\Temp\\lsass.dmp") },
    { .name = STR_INIT("FileHash"),
      .type = STR_INIT("filehash"),
      .kind = STR_INIT("FileHash"),
      .fields = FIELDS(FIELD("Value", "hashValue"), FIELD("Algorithm", "algorithm")),
      .doc = STR_INIT("The digest of a file."),
      .example = STR_INIT("SHA256 e3b0c442…") },
    { .name = STR_INIT("Host"),
      .type = STR_INIT("host"),
      .kind = STR_INIT("Host"),
      .joins = true,
      .fields = FIELDS(FIELD("FullName", ""), FIELD("HostName", "hostName"), FIELD("DnsDomain", "dnsDomain"),
                       FIELD("NTDomain", "ntDomain"), FIELD("NetBiosName", "netBiosName"),
                       FIELD("AzureID", "azureID"), FIELD("OMSAgentID", "omsAgentID"),
                       FIELD("OSFamily", "osFamily"), FIELD("OSVersion", "osVersion"),
                       FIELD("IsDomainJoined", "isDomainJoined")),
      .doc = STR_INIT("A machine."),
      .example = STR_INIT("WORKSTATION5.theshire.local") },
    { .name = STR_INIT("IoTDevice"),
      .type = STR_INIT("iotdevice"),
      .kind = STR_INIT("IoTDevice"),
      .joins = true,
      .fields = FIELDS(FIELD("DeviceId", "deviceId"), FIELD("DeviceName", "deviceName"),
                       FIELD("IoTHub", "iotHubEntityId"), FIELD("IoTSecurityAgentId", "iotSecurityAgentId"),
                       FIELD("DeviceType", "deviceType"), FIELD("Source", "source"), FIELD("SourceRef", ""),
                       FIELD("Manufacturer", "vendor"), FIELD("Model", "model"),
                       FIELD("OperatingSystem", "operatingSystem"), FIELD("IpAddress", ""),
                       FIELD("MacAddress", "macAddress"), FIELD("Protocols", "protocols"),
                       FIELD("SerialNumber", "serialNumber")),
      .doc = STR_INIT("A device that is no general computer."),
      .example = STR_INIT("plc-7") },
    { .name = STR_INIT("IP"),
      .type = STR_INIT("ip"),
      .kind = STR_INIT("Ip"),
      .joins = true,
      .fields = FIELDS(FIELD("Address", "address"), FIELD("AddressScope", "")),
      .doc = STR_INIT("An address, IPv4 or IPv6."),
      .example = STR_INIT("185.220.101.7") },
    { .name = STR_INIT("Mailbox"),
      .type = STR_INIT("mailbox"),
      .kind = STR_INIT("Mailbox"),
      .joins = true,
      .fields =
          FIELDS(FIELD("MailboxPrimaryAddress", "mailboxPrimaryAddress"), FIELD("Upn", "upn"),
                 FIELD("DisplayName", "displayName"),
                 FIELD("ExternalDirectoryObjectId", "externalDirectoryObjectId"), FIELD("RiskLevel", "")),
      .doc = STR_INIT("A mailbox."),
      .example = STR_INIT("bob@contoso.example") },
    { .name = STR_INIT("MailCluster"),
      .type = STR_INIT("mailCluster"),
      .kind = STR_INIT("MailCluster"),
      .fields =
          FIELDS(FIELD("Query", "query"), FIELD("NetworkMessageIds", "networkMessageIds"),
                 FIELD("CountByDeliveryStatus", "countByDeliveryStatus"),
                 FIELD("CountByThreatType", "countByThreatType"),
                 FIELD("CountByProtectionStatus", "countByProtectionStatus"), FIELD("Threats", "threats"),
                 FIELD("QueryTime", "queryTime"), FIELD("MailCount", "mailCount"),
                 FIELD("IsVolumeAnomaly", "isVolumeAnomaly"), FIELD("Source", "source")),
      .doc = STR_INIT("Mails that belong together."),
      .example = STR_INIT("Subject:\"Invoice\"") },
    { .name = STR_INIT("MailMessage"),
      .type = STR_INIT("mailMessage"),
      .kind = STR_INIT("MailMessage"),
      .fields =
          FIELDS(FIELD("Recipient", "recipient"), FIELD("Sender", "p1Sender"), FIELD("SenderIP", "senderIP"),
                 FIELD("Subject", "subject"), FIELD("Urls", "urls"), FIELD("Threats", "threats"),
                 FIELD("ReceivedDate", "receiveDate"), FIELD("NetworkMessageId", "networkMessageId"),
                 FIELD("InternetMessageId", "internetMessageId"), FIELD("P1Sender", "p1Sender"),
                 FIELD("P2Sender", "p2Sender"), FIELD("DeliveryAction", "deliveryAction")),
      .doc = STR_INIT("One mail."),
      .example = STR_INIT("Invoice, to bob@contoso.example") },
    { .name = STR_INIT("Malware"),
      .type = STR_INIT("malware"),
      .kind = STR_INIT("Malware"),
      .fields = FIELDS(FIELD("Name", "malwareName"), FIELD("Category", "category")),
      .doc = STR_INIT("A known malicious program."),
      .example = STR_INIT("Cobalt Strike") },
    { .name = STR_INIT("Process"),
      .type = STR_INIT("process"),
      .kind = STR_INIT("Process"),
      .fields =
          FIELDS(FIELD("CommandLine", "commandLine"), FIELD("ProcessId", "processId"),
                 FIELD("ElevationToken", "elevationToken"), FIELD("CreationTimeUtc", "creationTimeUtc")),
      .doc = STR_INIT("A running program."),
      .example = STR_INIT("powershell.exe -enc …") },
    { .name = STR_INIT("RegistryKey"),
      .type = STR_INIT("registry-key"),
      .kind = STR_INIT("RegistryKey"),
      .fields = FIELDS(FIELD("Key", "key"), FIELD("Hive", "hive")),
      .doc = STR_INIT("A key of Windows' registry."),
      .example = STR_INIT("HKEY_LOCAL_MACHINE\\SOFTWARE\\…\\Run") },
    { .name = STR_INIT("RegistryValue"),
      .type = STR_INIT("registry-value"),
      .kind = STR_INIT("RegistryValue"),
      .fields =
          FIELDS(FIELD("Name", "valueName"), FIELD("Value", "valueData"), FIELD("ValueType", "valueType")),
      .doc = STR_INIT("A value of Windows' registry."),
      .example = STR_INIT("Updater = C:\\Users\\Public\\a.exe") },
    { .name = STR_INIT("SecurityGroup"),
      .type = STR_INIT("security-group"),
      .kind = STR_INIT("SecurityGroup"),
      .fields = FIELDS(FIELD("DistinguishedName", "distinguishedName"), FIELD("SID", "sid"),
                       FIELD("ObjectGuid", "objectGuid")),
      .doc = STR_INIT("A group of accounts."),
      .example = STR_INIT("CN=Domain Admins,CN=Users,…") },
    { .name = STR_INIT("SubmissionMail"),
      .type = STR_INIT("submissionMail"),
      .kind = STR_INIT("SubmissionMail"),
      .fields = FIELDS(FIELD("NetworkMessageId", "networkMessageId"), FIELD("Recipient", "recipient"),
                       FIELD("Sender", "sender"), FIELD("SenderIp", "senderIp"), FIELD("Subject", "subject"),
                       FIELD("Submitter", "submitter"), FIELD("SubmissionId", "submissionId"),
                       FIELD("ReportType", "reportType"), FIELD("Timestamp", "timestamp"),
                       FIELD("SubmissionDate", "submissionDate")),
      .doc = STR_INIT("A mail that somebody reported."),
      .example = STR_INIT("Invoice, reported by bob") },
    { .name = STR_INIT("URL"),
      .type = STR_INIT("url"),
      .kind = STR_INIT("Url"),
      .fields = FIELDS(FIELD("Url", "url")),
      .doc = STR_INIT("An address on the web."),
      .example = STR_INIT("http://evil.example/a.ps1") },
    { .name = { NULL, 0 } },
};

const struct content_entity *content_entity_find(str name)
{
    for (const struct content_entity *e = CONTENT_ENTITY_TYPES; e->name.n; e++)
        if (str_eq_ci(e->name, name))
            return e;
    return NULL;
}

const struct content_entity *content_entity_of_type(str type)
{
    for (const struct content_entity *e = CONTENT_ENTITY_TYPES; e->name.n; e++)
        if (str_eq_ci(e->type, type))
            return e;
    return NULL;
}

const struct content_entity_field *content_entity_field(const struct content_entity *e, str name)
{
    for (const struct content_entity_field *f = e->fields; f->name.n; f++)
        if (str_eq_ci(f->name, name))
            return f;
    return NULL;
}
