/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_seccomp: system calls that a log store never needs, refused with EPERM: sockets of its own,
 * programs, other processes, mounts, the kernel's own settings. A list of what is refused, not of what is
 * allowed: libchdb's hundreds of threads use most of the rest. Called once. */
#ifndef ENGINE_ENGINE_SECCOMP_H
#define ENGINE_ENGINE_SECCOMP_H

#include "base/err.h"

must_check enum rc engine_seccomp_enter(struct err *err);

#endif
