/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_frame.h"

enum { COUNT_DIGITS = 7 };

void ingest_frame_init(struct ingest_frame *f, size_t max)
{
    *f = (struct ingest_frame) { .max = max };
    strbuf_init(&f->part, max + COUNT_DIGITS + 1);
}

void ingest_frame_done(struct ingest_frame *f)
{
    strbuf_done(&f->part);
}

void ingest_frame_line(str message, struct strbuf *out)
{
    while (message.n && (message.p[message.n - 1] == '\n' || message.p[message.n - 1] == '\r' ||
                         message.p[message.n - 1] == '\0'))
        message.n--;
    if (message.n == 0)
        return;
    for (;;) {
        size_t at = str_find_byte(message, '\n');

        strbuf_add(out, str_slice(message, 0, at));
        if (at == STR_NPOS)
            break;
        strbuf_addz(out, "#012");
        message = str_from(message, at + 1);
    }
    strbuf_addc(out, '\n');
}

static void end_message(struct ingest_frame *f, struct strbuf *out)
{
    ingest_frame_line(strbuf_view(&f->part), out);
    strbuf_clear(&f->part);
    f->counted = f->cutting = false;
    f->left = 0;
}

static void keep(struct ingest_frame *f, str piece)
{
    size_t room = f->max > f->part.n ? f->max - f->part.n : 0;

    strbuf_add(&f->part, str_slice(piece, 0, room));
    if (piece.n > room && !f->cutting) {
        f->cutting = true;
        f->cut++;
    }
}

/* Digits and a blank at the start of a message: the frame's length. True when they are all there. */
static bool take_count(struct ingest_frame *f)
{
    str      head = strbuf_view(&f->part);
    uint64_t n;

    if (head.n < 2 || head.p[head.n - 1] != ' ' || head.p[0] == '0' ||
        !str_to_u64(str_slice(head, 0, head.n - 1), &n))
        return false;
    strbuf_clear(&f->part);
    f->counted = true;
    f->left = n;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The next byte of a message that has not shown yet how it is framed. */
static bool undecided(const struct ingest_frame *f, char c)
{
    str head = strbuf_view(&f->part);

    if (head.n > COUNT_DIGITS || (head.n == 0 && !is_digit(c)))
        return false;
    for (size_t i = 0; i < head.n; i++) {
        if (!is_digit(head.p[i]))
            return false;
    }
    return is_digit(c) || (c == ' ' && head.n > 0);
}

/* Takes some bytes and says how many. */
static size_t step(struct ingest_frame *f, str bytes, struct strbuf *out)
{
    size_t n = 0;

    if (f->counted) {
        n = bytes.n < f->left ? bytes.n : (size_t)f->left;
        keep(f, str_slice(bytes, 0, n));
        f->left -= n;
        if (f->left == 0)
            end_message(f, out);
        return n;
    }
    if (undecided(f, bytes.p[0])) {
        strbuf_addc(&f->part, bytes.p[0]);
        if (bytes.p[0] == ' ')
            take_count(f);
        return 1;
    }
    while (n < bytes.n && bytes.p[n] != '\n' && bytes.p[n] != '\0')
        n++;
    keep(f, str_slice(bytes, 0, n));
    if (n == bytes.n)
        return n;
    end_message(f, out);
    return n + 1;
}

void ingest_frame_feed(struct ingest_frame *f, str bytes, struct strbuf *out)
{
    while (bytes.n)
        bytes = str_from(bytes, step(f, bytes, out));
}

void ingest_frame_finish(struct ingest_frame *f, struct strbuf *out)
{
    end_message(f, out);
}
