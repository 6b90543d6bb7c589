/* SPDX-License-Identifier: Apache-2.0 */
/* notify/notify_people: the addresses of people who hold a role, for contacts that tell roles.
 *
 * Told are enabled users with an address who hold the role over the whole subscription. Ownership: the arena.
 * Threads: safe. */
#ifndef NOTIFY_NOTIFY_PEOPLE_H
#define NOTIFY_NOTIFY_PEOPLE_H

#include "incident/incident_contact.h"
#include "notify/notify.h"

/* The contact's own addresses and those of its roles, each once, separated by ; (as many as fit in a
 * message). */
must_check enum rc notify_people_of(const struct notify_opts *opts, const struct incident_contact *contact,
                                    struct arena *a, str *out, struct err *err);

#endif
