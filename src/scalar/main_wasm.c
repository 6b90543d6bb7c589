/* SPDX-License-Identifier: Apache-2.0 */
/* The module that the engine runs: each row of one family (SCALAR_FAMILY) exported as ClickHouse's ABI
 * BUFFERED_V1 asks.
 *
 * A call gets a buffer of rows in RowBinary, arguments in the row's types, and gives one of as many results,
 * each with a leading byte that says null (but for texts). Not part of the native library. */
#include "scalar/scalar.h"

#define EXPORT(name) __attribute__((export_name(name)))

struct buffer {
    uint8_t *p;
    uint32_t n;
};

enum { MAX_RESULT = 1 << 30 };

EXPORT("clickhouse_create_buffer") struct buffer *create_buffer(uint32_t n);
EXPORT("clickhouse_destroy_buffer") void destroy_buffer(struct buffer *b);

struct buffer *create_buffer(uint32_t n)
{
    struct buffer *b = malloc(sizeof *b);
    uint8_t       *p = malloc(n ? n : 1);

    if (!b || !p)
        __builtin_trap();
    *b = (struct buffer) { p, n };
    return b;
}

void destroy_buffer(struct buffer *b)
{
    free(b->p);
    free(b);
}

static size_t read_varint(const uint8_t **at)
{
    size_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t c = *(*at)++;
        v |= (size_t)(c & 0x7F) << shift;
        if (!(c & 0x80))
            return v;
    }
}

static void read_value(const uint8_t **at, char letter, struct scalar_value *out)
{
    *out = (struct scalar_value) { 0 };
    if (scalar_is_text(letter)) {
        size_t n = read_varint(at);
        out->s = str_make((const char *)*at, n);
        *at += n;
    } else if (letter == 'b') {
        out->i = *(*at)++ != 0;
    } else {
        memcpy(&out->i, *at, sizeof out->i);
        *at += sizeof out->i;
    }
}

static void write_text(struct strbuf *out, str s)
{
    size_t n = s.n;
    for (; n >= 0x80; n >>= 7)
        strbuf_addc(out, (char)(n | 0x80));
    strbuf_addc(out, (char)n);
    strbuf_add(out, s);
}

static void write_value(struct strbuf *out, char letter, const struct scalar_value *v)
{
    if (scalar_is_text(letter)) {
        write_text(out, v->null ? S("") : v->s);
        return;
    }
    strbuf_addc(out, v->null);
    if (v->null)
        return;
    if (letter == 'b')
        strbuf_addc(out, v->i != 0);
    else
        strbuf_add(out, str_make((const char *)&v->i, sizeof v->i));
}

static struct buffer *call(const char *args, char result, scalar_run run, const struct buffer *in,
                           uint32_t rows)
{
    static struct arena *arena;
    struct strbuf        out = STRBUF_INIT(MAX_RESULT);
    struct scalar_value  argv[SCALAR_MAX_ARGS];
    const uint8_t       *at = in->p;

    if (!arena)
        arena = arena_new(SCALAR_MAX_ARENA);
    for (uint32_t i = 0; i < rows; i++) {
        struct scalar_value v = { .null = true };
        for (size_t k = 0; args[k]; k++)
            read_value(&at, args[k], &argv[k]);
        run(arena, argv, &v);
        write_value(&out, result, &v);
        arena_reset(arena);
    }
    struct buffer *b = malloc(sizeof *b);
    if (!b || out.overflow)
        __builtin_trap();
    *b = (struct buffer) { (uint8_t *)out.p, (uint32_t)out.n };
    return b;
}

#define SCALAR(name, args, result, run, doc, example, yields)                                                \
    EXPORT("kql_" #name) struct buffer *export_##name(const struct buffer *in, uint32_t rows);               \
    struct buffer                      *export_##name(const struct buffer *in, uint32_t rows)                \
    {                                                                                                        \
        return call(args, result, run, in, rows);                                                            \
    }
#include SCALAR_FAMILY
#undef SCALAR

/* --- in place of the C library's, whose own would be most of a module --- */

/* Blocks of powers of two, a list of free ones for each: a call takes few and gives them back at its end. */
enum { HEADER = 16, SMALLEST = 5, LARGEST = 31, PAGE = 65536 };

extern uint8_t __heap_base; /* the linker's */

static struct block {
    struct block *next;
} * spare[LARGEST + 1];

static uint8_t *fresh(size_t n)
{
    static uintptr_t top;
    uintptr_t        at = top ? top : ((uintptr_t)&__heap_base + HEADER - 1) & ~(uintptr_t)(HEADER - 1);
    uintptr_t        end = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;

    if (n > UINT32_MAX - PAGE - at)
        return NULL;
    if (at + n > end && __builtin_wasm_memory_grow(0, (at + n - end + PAGE - 1) / PAGE) == (size_t)-1)
        return NULL;
    top = at + n;
    return (uint8_t *)at;
}

void *malloc(size_t n)
{
    uint32_t class = SMALLEST;

    while (class < LARGEST && ((size_t)1 << class) - HEADER < n)
        class ++;
    if (((size_t)1 << class) - HEADER < n)
        return NULL;
    uint8_t *p = (uint8_t *)spare[class];
    if (p)
        spare[class] = spare[class]->next;
    else
        p = fresh((size_t)1 << class);
    if (!p)
        return NULL;
    *(uint32_t *)(p + HEADER - sizeof(uint32_t)) = class;
    return p + HEADER;
}

static uint32_t class_of(const void *p)
{
    return ((const uint32_t *)p)[-1];
}

void free(void *p)
{
    if (!p)
        return;
    uint32_t class = class_of(p);
    struct block *b = (struct block *)((uint8_t *)p - HEADER);
    b->next = spare[class];
    spare[class] = b;
}

void *calloc(size_t n, size_t size)
{
    void *p = size && n > SIZE_MAX / size ? NULL : malloc(n * size);
    return p ? memset(p, 0, n * size) : NULL;
}

void *realloc(void *p, size_t n)
{
    size_t room = p ? ((size_t)1 << class_of(p)) - HEADER : 0;
    void  *q = p && n <= room ? p : malloc(n);

    if (q && p && q != p) {
        memcpy(q, p, room);
        free(p);
    }
    return q;
}

/* Under these names wasi-libc itself asks for memory. */
void *__libc_malloc(size_t n) __attribute__((alias("malloc")));
void *__libc_calloc(size_t n, size_t size) __attribute__((alias("calloc")));
void  __libc_free(void *p) __attribute__((alias("free")));

/* The story of a failure is not read here. */
enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...)
{
    (void)fmt;
    if (err) {
        err->rc = rc;
        err->text[0] = '\0';
    }
    return rc;
}

/* What base prints before it aborts would bring stdio along. */
int fprintf(FILE *to, const char *fmt, ...)
{
    (void)to, (void)fmt;
    __builtin_trap();
}

int fputs(const char *s, FILE *to)
{
    (void)s, (void)to;
    __builtin_trap();
}

void abort(void)
{
    __builtin_trap();
}

/* wasi-libc's stdio ends in these three; with these here nothing is imported, and the engine offers nothing.
 * Printing fails: who prints does so before abort(), which the engine reports as a trap. */
#define HOST(name) __imported_wasi_snapshot_preview1_##name

enum { BAD_DESCRIPTOR = 8 };

int32_t HOST(fd_close)(int32_t fd);
int32_t HOST(fd_seek)(int32_t fd, int64_t offset, int32_t whence, int32_t at);
int32_t HOST(fd_write)(int32_t fd, int32_t pieces, int32_t n, int32_t written);

int32_t HOST(fd_close)(int32_t fd)
{
    (void)fd;
    return BAD_DESCRIPTOR;
}

int32_t HOST(fd_seek)(int32_t fd, int64_t offset, int32_t whence, int32_t at)
{
    (void)fd, (void)offset, (void)whence, (void)at;
    return BAD_DESCRIPTOR;
}

int32_t HOST(fd_write)(int32_t fd, int32_t pieces, int32_t n, int32_t written)
{
    (void)fd, (void)pieces, (void)n, (void)written;
    return BAD_DESCRIPTOR;
}
