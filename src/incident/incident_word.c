/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident_word.h"

#include "state/state_stmt.h"

/* Beginnings of up to LISTED letters have lists of their own (migration 071). */
enum { LISTED = 4, MAX_TERMS = 16, MAX_MATCH = 16 * 1024, MIN_GROUPS = 3, MAX_ADDRESS = 64 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* The length of a run of numbers with single dots between them, and how many there are. */
static size_t dotted(str text, size_t at, unsigned *groups)
{
    size_t i = at;

    for (*groups = 0; i < text.n && is_digit(text.p[i]); i++) {
        while (i < text.n && is_digit(text.p[i]))
            i++;
        ++*groups;
        if (i + 1 >= text.n || text.p[i] != '.' || !is_digit(text.p[i + 1]))
            break;
    }
    return i - at;
}

static void add_joined(struct strbuf *out, str dots)
{
    for (size_t i = 0; i < dots.n; i++)
        strbuf_addc(out, dots.p[i] == '.' ? 'x' : dots.p[i]);
}

/* "v1.2.3.4" goes on after a dot: what stands there begins no address. */
static bool goes_on(str text, size_t at)
{
    return at > 1 && text.p[at - 1] == '.' && is_word(text.p[at - 2]);
}

void incident_word_addresses(struct strbuf *out, str text)
{
    for (size_t i = 0; i < text.n;) {
        unsigned groups = 0;
        size_t   n = is_digit(text.p[i]) && !goes_on(text, i) ? dotted(text, i, &groups) : 0;
        if (groups >= MIN_GROUPS && n <= MAX_ADDRESS && (i + n == text.n || !is_word(text.p[i + n]))) {
            strbuf_addc(out, ' ');
            add_joined(out, str_slice(text, i, i + n));
        }
        i += n;
        while (i < text.n && is_word(text.p[i])) /* to the end of the word */
            i++;
        while (i < text.n && !is_word(text.p[i]))
            i++;
    }
}

/* "10.1.2" and "10.1.2." are beginnings of an address, "10.1" may be any number. */
static bool is_address(str word)
{
    size_t dots = 0;

    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '.' && (!i || word.p[i - 1] == '.'))
            return false;
        if (word.p[i] != '.' && !is_digit(word.p[i]))
            return false;
        dots += word.p[i] == '.';
    }
    return dots + 1 >= MIN_GROUPS && word.n <= MAX_ADDRESS;
}

/* Whether the index sees one word in it, and that word: letters folded. */
static bool single(str word, struct strbuf *out)
{
    if (is_address(word)) {
        add_joined(out, word);
        return true;
    }
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (!is_word(c) || (c & 0x80))
            return false;
        strbuf_addc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    return true;
}

/* A phrase that a word may begin anywhere; quotes are doubled, so that nothing in it is an operator. */
static void add_phrase(struct strbuf *out, str word)
{
    strbuf_addc(out, '"');
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '"')
            strbuf_addc(out, '"');
        strbuf_addc(out, word.p[i]);
    }
    strbuf_addc(out, '"');
}

/* Adds the words that begin with `word`; false when there are more than MAX_TERMS. */
static enum rc add_terms(struct state_tx *tx, str word, struct strbuf *out, bool *all, struct err *err)
{
    static const char sql[] = "SELECT term FROM search_terms WHERE term >= ? LIMIT 1";
    AUTO_STRBUF       from = STRBUF_INIT(MAX_MATCH);

    strbuf_add(&from, word);
    *all = false;
    for (size_t n = 0;; n++) {
        AUTO(state_stmt) st = NULL;
        bool row;
        TRY(state_stmt_open(tx, sql, STATE_ARGS(STATE_S(strbuf_view(&from))), &st, err));
        TRY(state_stmt_next(st, &row, err));
        str term = row ? state_stmt_str(st, 0) : STR_NONE;
        *all = !row || !str_starts(term, word);
        if (*all || n == MAX_TERMS)
            return RC_OK;
        strbuf_addz(out, n ? " OR " : "");
        add_phrase(out, term);
        strbuf_clear(&from);
        strbuf_add(&from, term);
        strbuf_addc(&from, '\1'); /* no word holds it, so the next one follows */
    }
}

enum rc incident_word_match(struct state_tx *tx, str word, struct arena *a, str *out, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_MATCH), folded = STRBUF_INIT(MAX_MATCH);
    bool        all = false, one = single(word, &folded);

    if (one && folded.n > LISTED)
        TRY(add_terms(tx, strbuf_view(&folded), &text, &all, err));
    if (!all || text.overflow) {
        strbuf_clear(&text);
        add_phrase(&text, one ? strbuf_view(&folded) : word);
        strbuf_addc(&text, '*');
    }
    TRY(strbuf_ok(&text, "a word", err));
    *out = arena_str(a, strbuf_view(&text));
    return RC_OK;
}
