/* SPDX-License-Identifier: Apache-2.0 */
/* inventory/inventory: what others say is there, as resource documents: exports of ARM, results of Resource
 * Graph, ARM templates, Terraform plans, Kubernetes manifests, snapshots of AWS Config.
 *
 * Every document leaves as {id, name, type, location, tags, properties, …}. Which format a text has is seen
 * from the text; INVENTORY_FORMATS lists them. Secrets stay behind: of a Secret its keys are kept, of
 * variables that sound like passwords, the names.
 *
 * Limits: INVENTORY_MAX_TEXT bytes, INVENTORY_MAX_RESOURCES of one text, JSON_MAX_DEPTH levels. Threads: pure
 * functions; results live in the arena given. */
#ifndef INVENTORY_INVENTORY_H
#define INVENTORY_INVENTORY_H

#include "base/json.h"

enum { INVENTORY_MAX_TEXT = 256 << 20, INVENTORY_MAX_RESOURCES = 200000 };

struct inventory_opts {
    str subscription; /* where things belong that do not say so: a cluster, an account */
    str group;        /* and the resource group, of those that need one; empty: "default" */
    str location;     /* empty: "global" */
};

struct inventory {
    const struct json **v;
    size_t              n, cap;
    size_t              skipped; /* parts that are no resources, or of kinds that nobody can judge */
    str                 format;  /* the row that read it */
};

/* JSON or YAML, one document or several. RC_UNSUPPORTED when no format fits, RC_SYNTAX when the text is
 * broken. */
must_check enum rc inventory_read(struct arena *a, str text, const struct inventory_opts *opts,
                                  struct inventory *out, struct err *err);

/* One Kubernetes object, as an admission webhook has it. */
must_check enum rc inventory_kube_resource(struct arena *a, const struct json *object,
                                           const struct inventory_opts *opts, const struct json **out,
                                           struct err *err);

struct inventory_format {
    const char *name;
    const char *doc, *example; /* the smallest text of the form */
    bool (*fits)(const struct json *document);
    enum rc (*read)(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                    struct inventory *out, struct err *err);
};
/* In the order in which they are tried; ended by a NULL name. */
extern const struct inventory_format INVENTORY_FORMATS[];

#endif
