/* SPDX-License-Identifier: Apache-2.0 */
/* content/content_traits: what a query's text says about how it may be cut into windows.
 *
 * A cautious reading of tokens, not a parse: an operator that is not known to look at one row at a time makes
 * the query depend on its window. Threads: no state. */
#ifndef CONTENT_CONTENT_TRAITS_H
#define CONTENT_CONTENT_TRAITS_H

#include "base/str.h"

struct content_traits {
    bool row_wise; /* only operators that turn one row into some rows of its own */
    bool uses_now; /* calls now() or ago() */
    bool unions;   /* names the operator union: several tables may still be row_wise */
    /* More rows in never give fewer rows out, nor ones that begin later or end earlier. Then what a long
     * window does not find, none of the short ones in it finds. */
    bool monotone;
};

struct content_traits content_traits_of(str query);

#endif
