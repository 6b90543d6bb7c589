/* SPDX-License-Identifier: Apache-2.0 */
/* What the formats share. */
#ifndef INVENTORY_INVENTORY_PRIV_H
#define INVENTORY_INVENTORY_PRIV_H

#include "base/vec.h"
#include "inventory/inventory.h"

/* Adds a document; RC_LIMIT over INVENTORY_MAX_RESOURCES. */
must_check enum rc inventory_add(struct arena *a, struct inventory *out, const struct json *document,
                                 struct err *err);
/* Are there more than `most` levels in it? */
bool inventory_deeper(const struct json *j, unsigned most);
/* Parses what a writer wrote and adds it. */
must_check enum rc inventory_add_text(struct arena *a, struct inventory *out, const struct strbuf *text,
                                      struct err *err);

bool    inventory_arm_fits(const struct json *document);
enum rc inventory_arm_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                           struct inventory *out, struct err *err);
bool    inventory_template_fits(const struct json *document);
enum rc inventory_template_read(struct arena *a, const struct json *document,
                                const struct inventory_opts *opts, struct inventory *out, struct err *err);
bool    inventory_terraform_fits(const struct json *document);
enum rc inventory_terraform_read(struct arena *a, const struct json *document,
                                 const struct inventory_opts *opts, struct inventory *out, struct err *err);
bool    inventory_kube_fits(const struct json *document);
enum rc inventory_kube_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                            struct inventory *out, struct err *err);
bool    inventory_aws_fits(const struct json *document);
enum rc inventory_aws_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                           struct inventory *out, struct err *err);

#endif
