/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_machine: the connector of the machine that we run on: one resource,
 * Microsoft.HybridCompute/machines.
 *
 * The first look is quick and leaves facts of all files out; every later one walks the file systems, at low
 * priority. Threads: as connectors. */
#ifndef POSTURE_POSTURE_MACHINE_H
#define POSTURE_POSTURE_MACHINE_H

#include "posture/posture_connector.h"

#define POSTURE_MACHINE_EVERY MINUTES(30)
enum { POSTURE_MACHINE_WALK = 120 }; /* seconds that a walk may take */

struct posture_machine;

struct posture_machine *posture_machine_new(str subscription, str group, str location, const struct env *env);
/* A mounted disk's or a container's tree instead of /; no process is told of fixes there. */
void                    posture_machine_root(struct posture_machine *m, const char *root);
struct posture_machine *posture_machine_free(struct posture_machine *m);
DEFINE_AUTO(posture_machine, posture_machine_free)
struct posture_connector posture_machine_connector(struct posture_machine *m);

#endif
