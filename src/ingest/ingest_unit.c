/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_unit.h"

#include <assert.h>

#include "base/hash.h"

/* File: "vedette-unit-1\n", token, digest of what follows (64 hexadecimal digits), "\n", entries.
 * Entry: 'T' (text), 'R' (text that may hold rows) or 'C' (cursor), then its fields, each a length of 4 bytes
 * (little end first) and that many bytes. */
#define MAGIC "vedette-unit-1\n"
enum { MAGIC_SIZE = sizeof MAGIC - 1, DIGEST = 64, HEAD = MAGIC_SIZE + INGEST_UNIT_TOKEN + DIGEST + 1 };

static void start(struct ingest_unit *u)
{
    char *head = strbuf_room(&u->bytes, HEAD);

    memset(head, ' ', HEAD);
    strbuf_added(&u->bytes, HEAD);
    u->texts = 0;
}

void ingest_unit_init(struct ingest_unit *u)
{
    strbuf_init(&u->bytes, INGEST_UNIT_MAX);
    start(u);
}

void ingest_unit_done(struct ingest_unit *u)
{
    strbuf_done(&u->bytes);
}

void ingest_unit_clear(struct ingest_unit *u)
{
    strbuf_clear(&u->bytes);
    start(u);
}

static void put_field(struct ingest_unit *u, str s)
{
    unsigned char size[4] = { (unsigned char)s.n, (unsigned char)(s.n >> 8), (unsigned char)(s.n >> 16),
                              (unsigned char)(s.n >> 24) };

    strbuf_add(&u->bytes, str_make((const char *)size, sizeof size));
    strbuf_add(&u->bytes, s);
}

void ingest_unit_text(struct ingest_unit *u, const struct ingest_origin *from, ts received, str text)
{
    char buf[TS_TEXT_SIZE];

    strbuf_addc(&u->bytes, from->rows ? 'R' : 'T');
    put_field(u, from->source);
    put_field(u, from->address);
    put_field(u, from->facility);
    put_field(u, ts_text(received, buf));
    put_field(u, text);
    u->texts++;
}

void ingest_unit_cursor(struct ingest_unit *u, str source, str cursor)
{
    strbuf_addc(&u->bytes, 'C');
    put_field(u, source);
    put_field(u, cursor);
}

bool ingest_unit_is_empty(const struct ingest_unit *u)
{
    return u->bytes.n <= HEAD;
}

str ingest_unit_seal(struct ingest_unit *u, str token)
{
    str                entries = str_from(strbuf_view(&u->bytes), HEAD);
    struct hash_sha256 sum = hash_sha256(entries);
    char               digest[DIGEST + 1];

    assert(!u->bytes.overflow && token.n == INGEST_UNIT_TOKEN);
    hash_hex(sum.bytes, sizeof sum.bytes, digest);
    memcpy(u->bytes.p, MAGIC, MAGIC_SIZE);
    memcpy(u->bytes.p + MAGIC_SIZE, token.p, token.n);
    memcpy(u->bytes.p + MAGIC_SIZE + INGEST_UNIT_TOKEN, digest, DIGEST);
    u->bytes.p[HEAD - 1] = '\n';
    return strbuf_view(&u->bytes);
}

static bool take_field(str *rest, str *out)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    size_t               n;

    if (rest->n < 4)
        return false;
    n = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
    if (n > rest->n - 4)
        return false;
    *out = str_slice(*rest, 4, 4 + n);
    *rest = str_from(*rest, 4 + n);
    return true;
}

static enum rc corrupt(struct err *err, const char *what)
{
    return err_set(err, RC_CORRUPT, "the spooled unit %s", what);
}

static enum rc read_entry(str *rest, const struct ingest_unit_reader *reader, struct err *err)
{
    char                 kind = rest->p[0];
    struct ingest_origin from;
    str                  received, text;
    ts                   time;

    *rest = str_from(*rest, 1);
    if (kind == 'C') {
        if (!take_field(rest, &from.source) || !take_field(rest, &text))
            return corrupt(err, "ends inside of a cursor");
        return reader->cursor ? reader->cursor(reader->ctx, from.source, text, err) : RC_OK;
    }
    from.rows = kind == 'R';
    if ((kind != 'T' && kind != 'R') || !take_field(rest, &from.source) || !take_field(rest, &from.address) ||
        !take_field(rest, &from.facility) || !take_field(rest, &received) || !take_field(rest, &text) ||
        !ts_parse(received, &time))
        return corrupt(err, "has an entry that is none");
    return reader->text ? reader->text(reader->ctx, &from, time, text, err) : RC_OK;
}

enum rc ingest_unit_read(str sealed, str *token, const struct ingest_unit_reader *reader, struct err *err)
{
    str                rest = str_from(sealed, HEAD);
    struct hash_sha256 sum = hash_sha256(rest);
    char               digest[DIGEST + 1];

    if (sealed.n < HEAD || !str_starts(sealed, S(MAGIC)))
        return corrupt(err, "is cut off");
    hash_hex(sum.bytes, sizeof sum.bytes, digest);
    if (!str_eq(str_of(digest), str_slice(sealed, MAGIC_SIZE + INGEST_UNIT_TOKEN, HEAD - 1)))
        return corrupt(err, "does not match its digest");
    *token = str_slice(sealed, MAGIC_SIZE, MAGIC_SIZE + INGEST_UNIT_TOKEN);
    while (rest.n)
        TRY(read_entry(&rest, reader, err));
    return RC_OK;
}
