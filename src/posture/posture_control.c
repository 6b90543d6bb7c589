/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_control.h"

#define CONTROL(n, d, m, t, e)                                                                               \
    {                                                                                                        \
        .name = STR_INIT(n), .display_name = STR_INIT(d), .max = (m), .doc = STR_INIT(t),                    \
        .example = STR_INIT(e)                                                                               \
    }

const struct posture_control POSTURE_CONTROLS[POSTURE_CONTROL_COUNT] = {
    CONTROL("enable-mfa", "Enable MFA", 10, "A password alone opens no door.",
            "sudo asks for a second factor"),
    CONTROL("secure-management-ports", "Secure management ports", 8,
            "Ports for administration answer only those who administrate.",
            "sshd does not take root's password"),
    CONTROL("apply-system-updates", "Apply system updates", 6, "Fixes that are out are in.",
            "no security update is waiting"),
    CONTROL("remediate-vulnerabilities", "Remediate vulnerabilities", 6, "Known holes are closed.",
            "no installed package has a known hole that is fixed"),
    CONTROL("remediate-security-configurations", "Remediate security configurations", 4,
            "Systems are set up as their benchmarks say.", "core dumps of setuid programs are off"),
    CONTROL("manage-access-and-permissions", "Manage access and permissions", 4,
            "Nobody holds more than he needs.", "no account but root has uid 0"),
    CONTROL("enable-encryption-at-rest", "Enable encryption at rest", 4,
            "What is stored is unreadable without its key.", "secrets are encrypted in etcd"),
    CONTROL("encrypt-data-in-transit", "Encrypt data in transit", 4, "What is sent is unreadable on its way.",
            "sshd offers no weak cipher"),
    CONTROL("restrict-unauthorized-network-access", "Restrict unauthorized network access", 4,
            "Only what must be reached can be reached.", "a firewall drops what no rule allows"),
    CONTROL("apply-adaptive-application-control", "Apply adaptive application control", 3,
            "Only programs that belong there run.", "/tmp is mounted noexec"),
    CONTROL("protect-applications-against-ddos-attacks", "Protect applications against DDoS attacks", 2,
            "A flood of requests stops no service.", "SYN cookies are on"),
    CONTROL("enable-endpoint-protection", "Enable endpoint protection", 2, "Something watches for malware.",
            "an endpoint agent runs"),
    CONTROL("enable-auditing-and-logging", "Enable auditing and logging", 1,
            "What happened can be read afterwards.", "auditd runs"),
    CONTROL("enable-enhanced-security-features", "Enable enhanced security features", 0,
            "Protection that is there is switched on.", "plans are on"),
    CONTROL("implement-security-best-practices", "Implement security best practices", 0,
            "What helps, and has no points of its own.", "a login banner is set"),
};

int posture_control_find(str name)
{
    for (int i = 0; i < POSTURE_CONTROL_COUNT; i++)
        if (str_eq_ci(POSTURE_CONTROLS[i].name, name) || str_eq_ci(POSTURE_CONTROLS[i].display_name, name))
            return i;
    return -1;
}
