/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_chdb: the functions of libchdb.so that we use, looked up when the program starts.
 *
 * The library is loaded, not linked: only this process carries its 566 MB, and whoever tests a unit gives it
 * a table of fakes instead. A connection runs one statement at a time; several connections run side by side.
 * Threads: a connection and what comes from it belong to one thread at a time. */
#ifndef ENGINE_ENGINE_CHDB_H
#define ENGINE_ENGINE_CHDB_H

#include "base/err.h"
#include "base/str.h"

struct chdb_connection_;
struct chdb_insert_stream_;
struct chdb_result_;

struct engine_chdb {
    struct chdb_connection_ **(*connect)(int argc, char **argv); /* NULL when it cannot */
    void (*close)(struct chdb_connection_ **c);
    void (*signals)(int on);
    const char *(*version)(void);

    /* Text of several statements is run, so never with text that was not looked at (engine_sql). */
    struct chdb_result_ *(*query)(struct chdb_connection_ *c, const char *sql, size_t n, const char *format,
                                  size_t format_n, const char *const *names, const size_t *name_n,
                                  const char *const *values, const size_t *value_n, size_t params);
    /* One SELECT, fetched block by block; a block of length 0 is the end. */
    struct chdb_result_ *(*stream)(struct chdb_connection_ *c, const char *sql, size_t n, const char *format,
                                   size_t format_n, const char *const *names, const size_t *name_n,
                                   const char *const *values, const size_t *value_n, size_t params);
    struct chdb_result_ *(*fetch)(struct chdb_connection_ *c, struct chdb_result_ *stream);
    void (*cancel)(struct chdb_connection_ *c, struct chdb_result_ *stream);

    void (*result_free)(struct chdb_result_ *r);
    char *(*buffer)(struct chdb_result_ *r);
    size_t (*length)(struct chdb_result_ *r);
    const char *(*error)(struct chdb_result_ *r); /* NULL: none */
    uint64_t (*rows)(struct chdb_result_ *r);
    uint64_t (*rows_scanned)(struct chdb_result_ *r);
    uint64_t (*bytes_scanned)(struct chdb_result_ *r);
    uint64_t (*rows_written)(struct chdb_result_ *r);
    uint64_t (*bytes_written)(struct chdb_result_ *r);

    struct chdb_insert_stream_ *(*insert)(struct chdb_connection_ *c, const char *sql, size_t n,
                                          const char *format, size_t format_n, const char *const *names,
                                          const size_t *name_n, const char *const *values,
                                          const size_t *value_n, size_t params);
    int (*append)(struct chdb_insert_stream_ *s, const void *data, size_t n); /* 0: taken */
    struct chdb_result_ *(*insert_done)(struct chdb_insert_stream_ *s);
    void (*insert_cancel)(struct chdb_insert_stream_ *s);
    const char *(*insert_error)(struct chdb_insert_stream_ *s);
    void (*insert_free)(struct chdb_insert_stream_ *s);
};

/* From `path`, or when that is empty from ../lib or ../lib/vedette beside the running program. */
must_check enum rc engine_chdb_load(str path, const struct engine_chdb **out, struct err *err);

/* Unmaps the pages of the library's code and constants that are in memory; whichever is used again comes back
 * from the page cache at once. Starting touches 190 MB of them, work some 60. Threads: any, at any time. */
void engine_chdb_rest(const struct engine_chdb *db);

#endif
