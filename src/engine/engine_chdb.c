/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_chdb.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

static struct engine_chdb loaded;

static const struct {
    const char *name;
    size_t      slot;
} SYMBOLS[] = {
    { "chdb_connect", offsetof(struct engine_chdb, connect) },
    { "chdb_close_conn", offsetof(struct engine_chdb, close) },
    { "chdb_set_signal_handlers_enabled", offsetof(struct engine_chdb, signals) },
    { "chdb_version", offsetof(struct engine_chdb, version) },
    { "chdb_query_with_params_n", offsetof(struct engine_chdb, query) },
    { "chdb_stream_query_with_params_n", offsetof(struct engine_chdb, stream) },
    { "chdb_stream_fetch_result", offsetof(struct engine_chdb, fetch) },
    { "chdb_stream_cancel_query", offsetof(struct engine_chdb, cancel) },
    { "chdb_destroy_query_result", offsetof(struct engine_chdb, result_free) },
    { "chdb_result_buffer", offsetof(struct engine_chdb, buffer) },
    { "chdb_result_length", offsetof(struct engine_chdb, length) },
    { "chdb_result_error", offsetof(struct engine_chdb, error) },
    { "chdb_result_rows_read", offsetof(struct engine_chdb, rows) },
    { "chdb_result_storage_rows_read", offsetof(struct engine_chdb, rows_scanned) },
    { "chdb_result_storage_bytes_read", offsetof(struct engine_chdb, bytes_scanned) },
    { "chdb_result_rows_written", offsetof(struct engine_chdb, rows_written) },
    { "chdb_result_bytes_written", offsetof(struct engine_chdb, bytes_written) },
    { "chdb_stream_insert_with_params_n", offsetof(struct engine_chdb, insert) },
    { "chdb_stream_append", offsetof(struct engine_chdb, append) },
    { "chdb_stream_done", offsetof(struct engine_chdb, insert_done) },
    { "chdb_stream_cancel_insert", offsetof(struct engine_chdb, insert_cancel) },
    { "chdb_stream_insert_error", offsetof(struct engine_chdb, insert_error) },
    { "chdb_destroy_insert_stream", offsetof(struct engine_chdb, insert_free) },
};

/* build/bin beside build/lib, /usr/bin beside /usr/lib/…/vedette. */
static const char *const PLACES[] = { "../lib/libchdb.so", "../lib/vedette/libchdb.so",
                                      "../lib/x86_64-linux-gnu/vedette/libchdb.so", "../../lib/libchdb.so" };

static bool find(char *path, size_t size)
{
    char    self[3800];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    if (n <= 0)
        return false;
    size_t slash = str_rfind_byte(str_make(self, (size_t)n), '/');

    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        (void)snprintf(path, size, "%.*s/%s", (int)slash, self, PLACES[i]);
        if (file_exists(path))
            return true;
    }
    return false;
}

enum rc engine_chdb_load(str given, const struct engine_chdb **out, struct err *err)
{
    char path[4096];

    if (given.n ? !str_to_cstr(given, path, sizeof path) : !find(path, sizeof path))
        return err_set(err, RC_NOT_FOUND,
                       "libchdb.so is not in ../lib beside the program; run `make build`, or name it");
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return err_set(err, RC_UNAVAILABLE, "%s", dlerror());
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof SYMBOLS[0]; i++) {
        void *symbol = dlsym(library, SYMBOLS[i].name);
        if (!symbol)
            return err_set(err, RC_UNSUPPORTED, "%s has no %s: another version of chDB than ours", path,
                           SYMBOLS[i].name);
        memcpy((char *)&loaded + SYMBOLS[i].slot, &symbol, sizeof symbol);
    }
    *out = &loaded;
    return RC_OK;
}

/* The loaded segments of the library that nothing was ever written to: no relocation, no page of our own. */
static int rest_of(struct dl_phdr_info *info, size_t size, void *ctx)
{
    uintptr_t within = (uintptr_t)ctx;
    bool      found = false;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        found |= h->p_type == PT_LOAD && within - (info->dlpi_addr + h->p_vaddr) < h->p_memsz;
    }
    for (int i = 0; found && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = info->dlpi_addr + h->p_vaddr;
        uintptr_t start = from & ~(page - 1);
        if (h->p_type == PT_LOAD && !(h->p_flags & PF_W))
            (void)madvise((void *)start, from + h->p_memsz - start, MADV_DONTNEED);
    }
    return found;
}

void engine_chdb_rest(const struct engine_chdb *db)
{
    dl_iterate_phdr(rest_of, (void *)(uintptr_t)db->version);
}
