/* SPDX-License-Identifier: Apache-2.0 */
/* For WebAssembly, in place of the system's: there is one thread. What base/utf8 asks for, and no more. */
#ifndef SCALAR_WASM_PTHREAD_H
#define SCALAR_WASM_PTHREAD_H

typedef int pthread_once_t;
#define PTHREAD_ONCE_INIT 0

static inline int pthread_once(pthread_once_t *once, void (*run)(void))
{
    if (!*once)
        run();
    *once = 1;
    return 0;
}

#endif
