/* SPDX-License-Identifier: Apache-2.0 */
/* base/banned: calls that have hurt others. Included before every C file (-include); using one does not
 * compile. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BANNED_(call) use_of_##call##_is_banned_see_base_banned_h

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef alloca
#define strcpy(...) BANNED_(strcpy)
#define strcat(...) BANNED_(strcat)
#define strncpy(...) BANNED_(strncpy)
#define strncat(...) BANNED_(strncat)
#define strtok(...) BANNED_(strtok)
#define sprintf(...) BANNED_(sprintf)
#define vsprintf(...) BANNED_(vsprintf)
#define gets(...) BANNED_(gets)
#define atoi(...) BANNED_(atoi)
#define atol(...) BANNED_(atol)
#define atof(...) BANNED_(atof)
#define localtime(...) BANNED_(localtime)
#define gmtime(...) BANNED_(gmtime)
#define rand(...) BANNED_(rand)
#define srand(...) BANNED_(srand)
#define alloca(...) BANNED_(alloca)
#define system(...) BANNED_(system)
#define popen(...) BANNED_(popen)
#define tmpnam(...) BANNED_(tmpnam)
#define mktemp(...) BANNED_(mktemp)

#endif
