/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_write: what people change of an incident itself, for one of them and for many.
 *
 * Threads: inside the caller's transaction. */
#ifndef INCIDENT_INCIDENT_WRITE_H
#define INCIDENT_INCIDENT_WRITE_H

#include "incident/incident_priv.h"

/* Applies a body to the incident that it names. A change that belongs to an act already (c->act) joins it. */
must_check enum rc incident_write_apply(struct incident_change_set *c, const struct incident_put *put,
                                        struct err *err);
/* Stores c->row as a new incident, as an act of its own or as part of c->act. */
must_check enum rc incident_write_new(struct incident_change_set *c, const struct incident_by *by,
                                      struct err *err);

#endif
