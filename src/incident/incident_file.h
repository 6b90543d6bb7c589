/* SPDX-License-Identifier: Apache-2.0 */
/* incident/incident_file: files that people attach to an incident, each with its SHA-256.
 *
 * The bytes are kept as they came, never opened by us; a removed file stays in state, so that removing can be
 * undone. Ownership: what comes out lives in the arena given. Threads: safe. */
#ifndef INCIDENT_INCIDENT_FILE_H
#define INCIDENT_INCIDENT_FILE_H

#include "incident/incident.h"

enum { INCIDENT_FILE_MAX = 20, INCIDENT_FILE_MAX_BYTES = 8 << 20 };

struct incident_file {
    str                    name, title, type, sha256; /* title: what the file is called; sha256: hex */
    int64_t                size;
    ts                     created;
    struct incident_person who;
};

must_check enum rc incident_file_list(struct incident_store *s, str incident, struct arena *a,
                                      struct incident_file **out, size_t *n, struct err *err);
/* `content` may be NULL. RC_CORRUPT when the bytes do not have their digest any more. */
must_check enum rc incident_file_get(struct incident_store *s, str incident, str name, struct arena *a,
                                     struct incident_file *out, str *content, struct err *err);

struct incident_file_add {
    str                incident, name, title, type, content;
    struct incident_by by;
};
/* RC_CONFLICT: a file is never changed; another content needs another name. The same content again is no
 * error. */
must_check enum rc incident_file_add(struct incident_store *s, const struct incident_file_add *add,
                                     struct arena *a, struct incident_file *out, bool *created,
                                     struct err *err);
must_check enum rc incident_file_delete(struct incident_store *s, str incident, str name,
                                        const struct incident_by *by, struct err *err);

#endif
