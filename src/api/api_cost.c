/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_cost.h"

#include <pthread.h>

#include "base/mem.h"

/* Upper bounds in milliseconds; the last class has none. */
static const int BOUNDS_MS[] = { 1, 5, 25, 100, 500, 2500, 10000 };
enum { BOUNDS = sizeof BOUNDS_MS / sizeof BOUNDS_MS[0], CLASSES = 6 /* 0xx to 5xx */ };

static const char *const KINDS[API_COST_KIND_COUNT_] = { "arm", "query", "ingest", "signin", "portal" };

struct kind {
    uint64_t requests[CLASSES], bytes, slower[BOUNDS + 1];
    double   seconds;
};

struct api_cost {
    pthread_mutex_t lock;
    struct kind     kinds[API_COST_KIND_COUNT_];
};

struct api_cost *api_cost_new(void)
{
    struct api_cost *c = MEM_NEW(struct api_cost);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

struct api_cost *api_cost_free(struct api_cost *c)
{
    if (c)
        pthread_mutex_destroy(&c->lock);
    return mem_free(c);
}

void api_cost_add(struct api_cost *c, enum api_cost_kind kind, int status, int64_t took_ns, uint64_t bytes)
{
    size_t class = 0;

    while (class < BOUNDS && took_ns > (int64_t)BOUNDS_MS[class] * 1000000)
        class ++;
    pthread_mutex_lock(&c->lock);
    struct kind *k = &c->kinds[kind];
    k->requests[status >= 100 && status < 600 ? status / 100 : 0]++;
    k->bytes += bytes;
    k->slower[class]++;
    k->seconds += (double)took_ns / 1e9;
    pthread_mutex_unlock(&c->lock);
}

static void write_histogram(struct strbuf *out, const char *name, const struct kind *k)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < BOUNDS; i++) {
        sum += k->slower[i];
        strbuf_addf(out, "vedette_http_request_seconds_bucket{kind=\"%s\",le=\"%g\"} %llu\n", name,
                    BOUNDS_MS[i] / 1e3, (unsigned long long)sum);
    }
    sum += k->slower[BOUNDS];
    strbuf_addf(out, "vedette_http_request_seconds_bucket{kind=\"%s\",le=\"+Inf\"} %llu\n", name,
                (unsigned long long)sum);
    strbuf_addf(out, "vedette_http_request_seconds_sum{kind=\"%s\"} %.6f\n", name, k->seconds);
    strbuf_addf(out, "vedette_http_request_seconds_count{kind=\"%s\"} %llu\n", name, (unsigned long long)sum);
}

void api_cost_write(struct api_cost *c, struct strbuf *out)
{
    struct kind kinds[API_COST_KIND_COUNT_];

    pthread_mutex_lock(&c->lock);
    memcpy(kinds, c->kinds, sizeof kinds);
    pthread_mutex_unlock(&c->lock);
    strbuf_addz(out, "# HELP vedette_http_requests_total Requests answered, by kind and class of status.\n"
                     "# TYPE vedette_http_requests_total counter\n");
    for (size_t i = 0; i < API_COST_KIND_COUNT_; i++)
        for (int class = 1; class < CLASSES; class ++)
            strbuf_addf(out, "vedette_http_requests_total{kind=\"%s\",status=\"%dxx\"} %llu\n", KINDS[i],
                        class, (unsigned long long)kinds[i].requests[class]);
    strbuf_addz(out, "# HELP vedette_http_sent_bytes_total Bytes of answers, by kind.\n"
                     "# TYPE vedette_http_sent_bytes_total counter\n");
    for (size_t i = 0; i < API_COST_KIND_COUNT_; i++)
        strbuf_addf(out, "vedette_http_sent_bytes_total{kind=\"%s\"} %llu\n", KINDS[i],
                    (unsigned long long)kinds[i].bytes);
    strbuf_addz(out, "# HELP vedette_http_request_seconds Time from request to answer, by kind.\n"
                     "# TYPE vedette_http_request_seconds histogram\n");
    for (size_t i = 0; i < API_COST_KIND_COUNT_; i++)
        write_histogram(out, KINDS[i], &kinds[i]);
}
