/* SPDX-License-Identifier: Apache-2.0 */
/* scalar/scalar_geo_vec: points of the globe as vectors of length 1. Threads: plain data. */
#ifndef SCALAR_SCALAR_GEO_VEC_H
#define SCALAR_SCALAR_GEO_VEC_H

#include <math.h>

#define SCALAR_GEO_RADIUS 6371010. /* meters */

struct vec {
    double x, y, z;
};

static inline struct vec vec_add(struct vec a, struct vec b)
{
    return (struct vec) { a.x + b.x, a.y + b.y, a.z + b.z };
}

static inline struct vec vec_sub(struct vec a, struct vec b)
{
    return (struct vec) { a.x - b.x, a.y - b.y, a.z - b.z };
}

static inline struct vec vec_scale(struct vec a, double by)
{
    return (struct vec) { a.x * by, a.y * by, a.z * by };
}

static inline double vec_dot(struct vec a, struct vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct vec vec_cross(struct vec a, struct vec b)
{
    return (struct vec) { a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
}

static inline double vec_norm(struct vec a)
{
    return sqrt(vec_dot(a, a));
}

static inline struct vec vec_unit(struct vec a)
{
    double n = vec_norm(a);
    return n > 0 ? vec_scale(a, 1 / n) : a;
}

/* Of the plane through two points and the center: precise also where they are close. Twice as long. */
static inline struct vec vec_normal(struct vec a, struct vec b)
{
    return vec_cross(vec_sub(a, b), vec_add(a, b));
}

/* Between two points, in radians. */
static inline double vec_angle(struct vec a, struct vec b)
{
    return atan2(vec_norm(vec_cross(a, b)), vec_dot(a, b));
}

static inline double vec_distance(struct vec a, struct vec b) /* the chord */
{
    return vec_norm(vec_sub(a, b));
}

/* From a point to an arc, as a chord. */
static inline double vec_to_arc(struct vec p, struct vec a, struct vec b)
{
    struct vec n = vec_normal(a, b);

    if (vec_dot(vec_cross(n, a), p) > 0 && vec_dot(vec_cross(b, n), p) > 0)
        return fabs(vec_dot(n, p)) / vec_norm(n);
    return fmin(vec_distance(a, p), vec_distance(b, p));
}

/* The chord of some meters on the globe. */
static inline double vec_chord(double meters)
{
    return 2 * sin(fmin(meters / SCALAR_GEO_RADIUS, M_PI) / 2);
}

static inline struct vec vec_of_degrees(double lon, double lat)
{
    double l = lon * (M_PI / 180), p = lat * (M_PI / 180), c = cos(p);
    return (struct vec) { c * cos(l), c * sin(l), sin(p) };
}

#endif
