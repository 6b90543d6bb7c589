/* SPDX-License-Identifier: Apache-2.0 */
#include "base/auto.h"

#include <unistd.h>

void auto_fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
