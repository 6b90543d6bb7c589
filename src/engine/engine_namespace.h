/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_namespace: a file tree and a network of this process's own, by the kernel's namespaces.
 *
 * The tree is a small memory file system that can only be read, with the data folder at its own path, the C
 * library, /dev/null, /dev/urandom and of /proc this process and what a database asks about memory and
 * processors. Called with one thread. */
#ifndef ENGINE_ENGINE_NAMESPACE_H
#define ENGINE_ENGINE_NAMESPACE_H

#include <stdbool.h>

#include "base/err.h"

/* Both namespaces; as root directly, else within a user namespace. Afterwards: */
must_check enum rc engine_namespace_enter(struct err *err);
must_check enum rc engine_namespace_files(const char *data, struct err *err);
/* True when the network holds nothing but a loopback that is down. */
bool engine_namespace_is_cut_off(void);

#endif
