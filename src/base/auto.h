/* SPDX-License-Identifier: Apache-2.0 */
/* base/auto: locals that release what they own when their scope ends.
 *
 *     AUTO(map) m = map_new();          released by map_free at the end of the scope
 *     return TAKE(m);                   handed over instead
 *
 * A destructor takes NULL, returns NULL and copes with a half-built object. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#define DEFINE_AUTO_TYPE(word, type, destroy)                                                                \
    typedef type       auto_##word##_t;                                                                      \
    static inline void auto_##word##_(auto_##word##_t *p)                                                    \
    {                                                                                                        \
        if (*p)                                                                                              \
            destroy(*p);                                                                                     \
    }

#define DEFINE_AUTO(tag, destroy) DEFINE_AUTO_TYPE(tag, struct tag *, destroy)

#define AUTO(word) __attribute__((cleanup(auto_##word##_))) auto_##word##_t

#define TAKE(p)                                                                                              \
    __extension__({                                                                                          \
        __typeof__(p) taken_ = (p);                                                                          \
        (p) = NULL;                                                                                          \
        taken_;                                                                                              \
    })

/* A descriptor closed at the end of the scope; -1 is none. */
void auto_fd_close(int *fd);
#define AUTO_FD __attribute__((cleanup(auto_fd_close))) int

static inline int auto_fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#endif
