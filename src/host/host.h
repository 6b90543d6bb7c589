/* SPDX-License-Identifier: Apache-2.0 */
/* host/host: how this Linux machine is configured, as one JSON document that policies can judge.
 *
 * Everything is read from files below a root folder, so that a made-up tree, a container's or a mounted disk
 * is read as the machine itself; no program is started and nothing outside the root is opened, symbolic links
 * included. What cannot be read is left out, never guessed: `unread` says of each missing fact why. No secret
 * leaves: of passwords the kind of the hash is told, never the hash; of jobs that they exist, not what they
 * run.
 *
 * Limits: HOST_MAX_FILE bytes of a file, HOST_MAX_LIST entries of a list, HOST_MAX_MEMORY in all; a walk of
 * the file system ends after the time given, and its facts are then left out. Threads: any, each with its own
 * call. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "base/arena.h"
#include "base/env.h"
#include "base/strbuf.h"

enum {
    HOST_MAX_FILE = 32 << 20,
    HOST_MAX_LIST = 20000,
    HOST_MAX_MEMORY = 512 << 20,
    HOST_MAX_DOCUMENT = 4 << 20, /* what `out` should hold at least */
};

struct host_opts {
    const char *root;      /* the folder to take for /; NULL: / itself */
    unsigned walk_seconds; /* how long all files may be looked at; 0: they are not, and facts of them miss */
    const struct env *env; /* whose clock ends the walk; NULL: the real one */
};

/* What a machine is called where it is kept. */
struct host_name {
    str subscription, group, location; /* of the ARM id */
    str name;                          /* empty: the host's own */
};

/* The whole document: {id, name, type: Microsoft.HybridCompute/machines, location, tags, properties}. */
must_check enum rc host_machine(const struct host_opts *opts, const struct host_name *name,
                                struct strbuf *out, struct err *err);

/* The facts by section, for documentation and tests; ended by an empty name. */
struct host_section {
    str name;
    str doc;
    str example; /* a field that a policy may name */
    void (*collect)(void *host);
};
extern const struct host_section HOST_SECTIONS[];

#endif
