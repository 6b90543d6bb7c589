/* SPDX-License-Identifier: Apache-2.0 */
/* host/host_version: the order of Debian's version numbers, epoch:upstream-revision with ~ before everything
 * (deb-version(7)). Pure functions. */
#ifndef HOST_HOST_VERSION_H
#define HOST_HOST_VERSION_H

#include "base/str.h"

int host_version_cmp(str a, str b); /* below, equal to or above 0 */

#endif
