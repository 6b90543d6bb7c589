/* SPDX-License-Identifier: Apache-2.0 */
/* tables/tables_priv: what the units of this folder share. */
#ifndef TABLES_TABLES_PRIV_H
#define TABLES_TABLES_PRIV_H

#include <pthread.h>

#include "base/map.h"
#include "base/strbuf.h"
#include "http/http_client.h"
#include "http/http_exchange.h"
#include "tables/tables.h"

/* A schema with what finds its columns. Never changed once it is in the map; a newer version takes its place,
 * and the old one stays for whoever still looks at it. */
struct tables_table {
    struct tables_schema schema;
    const struct map    *exact, *nocase; /* column name → struct tables_column of schema */
};

struct tables {
    struct http_client *client;
    const struct env   *env;
    str                 database, user, password;
    struct arena       *arena;   /* lives as long as this; under `lock` */
    pthread_mutex_t     lock;    /* of the map and the arena; never held over a call to the engine */
    struct map         *by_name; /* → struct tables_table */
    struct map         *by_name_ci;
    pthread_mutex_t     making;    /* one DDL at a time; before `lock` */
    bool                remote;    /* a ClickHouse by URL */
    _Atomic uint64_t    scalars;   /* the families of module scalar that it has; written under making */
    int64_t             refreshed; /* ns; under lock */
};

enum { TABLES_MAX_SQL = 16 << 20, TABLES_MAX_FAULT = 64 << 10 };

/* tables_schema.c */
must_check enum rc         tables_schema_load(struct tables *t, str dir, struct err *err);
const struct tables_table *tables_schema_table(struct tables *t,
                                               str            name); /* NULL; does not ask the engine */
/* Puts a version of a schema into the map; columns and texts are copied. */
const struct tables_table *tables_schema_put(struct tables *t, const struct tables_schema *schema);
must_check enum rc         tables_schema_refresh(struct tables *t, struct err *err);

/* tables_scalar.c: makes the functions of module scalar that `sql` names, where the engine does not do so
 * itself. */
must_check enum rc tables_scalar_need(struct tables *t, str sql, struct err *err);

/* tables_ddl.c */
void tables_ddl_create(struct strbuf *sql, str database, const struct tables_schema *s);
void tables_ddl_column(struct strbuf *sql, const struct tables_schema *s, const struct tables_column *c);
void tables_ddl_ttl(struct strbuf *sql, unsigned days);
void tables_ddl_settings(struct strbuf *sql);

/* tables_call.c: the engine's HTTP interface. */
struct tables_call {
    str                        sql;  /* the body, or the URL's query when the body is data */
    bool                       data; /* a body of body_size bytes will be written */
    uint64_t                   body_size;
    str                        query_id, format;
    bool                       reads;
    const struct tables_param *settings;
    size_t                     n_settings;
    const struct tables_param *params;
    size_t                     n_params;
    duration                   wait;
    bool (*cancelled)(void *ctx);
    void *cancel_ctx;
};

must_check enum rc tables_call_open(struct tables *t, const struct tables_call *call,
                                    struct http_exchange **out, struct err *err);
/* Ends the request; an exception of the engine becomes an error here. */
must_check enum rc tables_call_finish(struct http_exchange *x, struct http_reply *head, struct err *err);
/* "Code: 60. DB::Exception: …" as an error. */
enum rc tables_call_fault(str text, struct err *err);

bool tables_name_is_valid(str name);

#endif
