/* SPDX-License-Identifier: Apache-2.0 */
/* base/banned: calls that have hurt others. Included before every file (-include); using one does not compile. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#ifndef __cplusplus
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets atoi atol atof localtime gmtime rand srand alloca system popen tmpnam mktemp
#endif

#endif
