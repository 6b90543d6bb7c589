/* SPDX-License-Identifier: Apache-2.0 */
/* What the sections of host share: the state of one collection. A section writes members of `properties` and
 * notes what it could not read; it cannot fail. */
#ifndef HOST_HOST_PRIV_H
#define HOST_HOST_PRIV_H

#include <stdint.h>

#include "base/json.h"
#include "base/vec.h"
#include "host/host.h"

struct host_gap {
    str fact, reason;
};

struct host {
    const struct host_opts *opts;
    int                     root; /* descriptor of the root folder */
    struct arena           *a;
    struct json_w          *w; /* stands within `properties` */
    VEC(struct host_gap) gaps;
};

/* One function a section; the rows of HOST_SECTIONS. */
void host_accounts_collect(void *host);
void host_apt_collect(void *host);
void host_audit_collect(void *host);
void host_files_collect(void *host);
void host_firewall_collect(void *host);
void host_kernel_collect(void *host);
void host_logs_collect(void *host);
void host_login_collect(void *host);
void host_mounts_collect(void *host);
void host_net_collect(void *host);
void host_os_collect(void *host);
void host_packages_collect(void *host);
void host_pam_collect(void *host);
void host_ssh_collect(void *host);
void host_sudo_collect(void *host);
void host_time_collect(void *host);
void host_units_collect(void *host);
void host_walk_collect(void *host);

#endif
