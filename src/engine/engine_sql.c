/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_sql.h"

#include <ctype.h>

enum token_kind {
    T_END,
    T_WORD,
    T_NAME,
    T_TEXT,
    T_OPEN,
    T_CLOSE,
    T_DOT,
    T_SEMICOLON,
    T_EQUALS,
    T_OTHER,
    T_BROKEN
};

struct token {
    enum token_kind kind;
    size_t          from, to;
};

struct lexer {
    str          sql;
    size_t       at;
    struct token now;
};

/* --- words --- */

static bool looking_at(const struct lexer *l, str s)
{
    return str_starts(str_from(l->sql, l->at), s);
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void skip_line(struct lexer *l)
{
    while (l->at < l->sql.n && l->sql.p[l->at] != '\n')
        l->at++;
}

/* Comments nest. False when one does not end. */
static bool skip_block(struct lexer *l)
{
    unsigned depth = 0;

    do {
        if (looking_at(l, S("/*"))) {
            depth++;
            l->at += 2;
        } else if (looking_at(l, S("*/"))) {
            depth--;
            l->at += 2;
        } else {
            l->at++;
        }
    } while (depth && l->at < l->sql.n);
    return depth == 0;
}

static bool skip_blanks(struct lexer *l)
{
    while (l->at < l->sql.n) {
        if (isspace((unsigned char)l->sql.p[l->at]))
            l->at++;
        else if (looking_at(l, S("--")) || looking_at(l, S("# ")) || looking_at(l, S("#!")))
            skip_line(l);
        else if (looking_at(l, S("/*"))) {
            if (!skip_block(l))
                return false;
        } else
            break;
    }
    return true;
}

/* From the opening quote to behind the closing one; doubled and backslashed quotes belong to the text. */
static bool skip_quoted(struct lexer *l, char quote)
{
    for (l->at++; l->at < l->sql.n; l->at++) {
        if (l->sql.p[l->at] == '\\') {
            l->at++;
        } else if (l->sql.p[l->at] == quote) {
            l->at++;
            if (l->at >= l->sql.n || l->sql.p[l->at] != quote)
                return true;
        }
    }
    return false;
}

static bool skip_until(struct lexer *l, size_t opening, str closing)
{
    size_t end = str_find(str_from(l->sql, l->at + opening), closing);

    if (end == STR_NPOS)
        return false;
    l->at += opening + end + closing.n;
    return true;
}

/* $tag$ … $tag$. A dollar that opens none is a byte like others. */
static enum token_kind heredoc(struct lexer *l)
{
    size_t end = l->at + 1;

    while (end < l->sql.n && (isalnum((unsigned char)l->sql.p[end]) || l->sql.p[end] == '_'))
        end++;
    if (end < l->sql.n && l->sql.p[end] == '$') {
        str tag = str_slice(l->sql, l->at, end + 1);
        return skip_until(l, tag.n, tag) ? T_TEXT : T_BROKEN;
    }
    l->at++;
    return T_OTHER;
}

static enum token_kind word(struct lexer *l)
{
    while (l->at < l->sql.n && is_word_byte(l->sql.p[l->at]))
        l->at++;
    return T_WORD;
}

static enum token_kind punctuation(char c)
{
    switch (c) {
    case '(':
        return T_OPEN;
    case ')':
        return T_CLOSE;
    case '.':
        return T_DOT;
    case ';':
        return T_SEMICOLON;
    case '=':
        return T_EQUALS;
    default:
        return T_OTHER;
    }
}

static enum token_kind scan(struct lexer *l)
{
    char c = l->sql.p[l->at];

    if (c == '\'')
        return skip_quoted(l, c) ? T_TEXT : T_BROKEN;
    if (c == '"' || c == '`')
        return skip_quoted(l, c) ? T_NAME : T_BROKEN;
    if (looking_at(l, S("\xe2\x80\x98")))
        return skip_until(l, 3, S("\xe2\x80\x99")) ? T_TEXT : T_BROKEN;
    if (looking_at(l, S("\xe2\x80\x9c")))
        return skip_until(l, 3, S("\xe2\x80\x9d")) ? T_NAME : T_BROKEN;
    if (c == '$')
        return heredoc(l);
    if (isalnum((unsigned char)c) || c == '_')
        return word(l);
    l->at++;
    return punctuation(c);
}

static const struct token *next(struct lexer *l)
{
    if (!skip_blanks(l)) {
        l->now = (struct token) { T_BROKEN, l->sql.n, l->sql.n };
    } else if (l->at >= l->sql.n) {
        l->now = (struct token) { T_END, l->sql.n, l->sql.n };
    } else {
        size_t          from = l->at;
        enum token_kind kind = scan(l);
        l->now = (struct token) { kind, from, l->at < l->sql.n ? l->at : l->sql.n };
    }
    return &l->now;
}

static str text_of(const struct lexer *l)
{
    return str_slice(l->sql, l->now.from, l->now.to);
}

static bool is(const struct lexer *l, const char *keyword)
{
    return l->now.kind == T_WORD && str_eq_ci(text_of(l), str_of(keyword));
}

static bool is_one_of(const struct lexer *l, const char *const *keywords)
{
    for (; *keywords; keywords++)
        if (is(l, *keywords))
            return true;
    return false;
}

/* --- INSERT --- */

/* Behind INSERT: [INTO] [TABLE] name, with dots, or FUNCTION and its call. */
static void skip_target(struct lexer *l)
{
    next(l);
    if (is(l, "INTO"))
        next(l);
    if (is(l, "TABLE") || is(l, "FUNCTION"))
        next(l);
    while (l->now.kind == T_WORD || l->now.kind == T_NAME) {
        if (next(l)->kind != T_DOT)
            return;
        next(l);
    }
}

/* Where data begin: behind blanks and at most one line end. */
static size_t data_start(str sql, size_t at)
{
    while (at < sql.n && (sql.p[at] == ' ' || sql.p[at] == '\t' || sql.p[at] == '\r'))
        at++;
    return at < sql.n && sql.p[at] == '\n' ? at + 1 : at;
}

static void insert_with_data(struct lexer *l, size_t clause, str format, size_t data, struct engine_sql *out)
{
    out->kind = ENGINE_SQL_INSERT_DATA;
    out->text = str_trim(str_slice(l->sql, 0, clause));
    out->format = engine_format_find(format);
    out->data_at = data;
}

/* A list in brackets: of columns, or a SELECT. */
static bool brackets_hold_select(struct lexer *l)
{
    unsigned depth = 1;
    bool     select = false;

    next(l);
    select = is(l, "SELECT") || is(l, "WITH");
    while (l->now.kind != T_END && l->now.kind != T_BROKEN) {
        if (l->now.kind == T_OPEN)
            depth++;
        if (l->now.kind == T_CLOSE && --depth == 0)
            return select;
        next(l);
    }
    return select;
}

/* Finds the clause that says where the rows come from. False: the text ends before it does. */
static bool insert_source(struct lexer *l, struct engine_sql *out)
{
    for (skip_target(l); l->now.kind != T_END && l->now.kind != T_BROKEN && l->now.kind != T_SEMICOLON;
         next(l)) {
        size_t clause = l->now.from;
        if (l->now.kind == T_OPEN && brackets_hold_select(l)) {
            out->kind = ENGINE_SQL_INSERT_SELECT;
            return true;
        }
        if (is(l, "SELECT") || is(l, "WITH") || is(l, "FROM")) {
            out->kind = ENGINE_SQL_INSERT_SELECT;
            return true;
        }
        if (is(l, "VALUES")) {
            insert_with_data(l, clause, S("Values"), data_start(l->sql, l->now.to), out);
            return l->now.to < l->sql.n;
        }
        if (is(l, "FORMAT") && next(l)->kind == T_WORD) {
            insert_with_data(l, clause, text_of(l), data_start(l->sql, l->now.to), out);
            return l->now.to < l->sql.n;
        }
    }
    return false;
}

bool engine_sql_insert_head(str sql, struct engine_sql *out)
{
    struct lexer      l = { .sql = sql };
    struct engine_sql found = { 0 };

    next(&l);
    if (!is(&l, "INSERT") || !insert_source(&l, &found) || found.kind != ENGINE_SQL_INSERT_DATA ||
        !found.format)
        return false;
    *out = found;
    return true;
}

/* --- other statements --- */

static const char *const SELECTS[] = { "SELECT", "WITH", "FROM", NULL };
static const char *const SHOWS[] = { "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK", NULL };
static const char *const SESSIONS[] = { "SET", "USE", "BEGIN", "COMMIT", "ROLLBACK", NULL };

static enum engine_sql_kind kind_of(struct lexer *l)
{
    while (next(l)->kind == T_OPEN)
        ;
    if (l->now.kind == T_END)
        return ENGINE_SQL_EMPTY;
    if (is_one_of(l, SELECTS))
        return ENGINE_SQL_SELECT;
    if (is_one_of(l, SHOWS))
        return ENGINE_SQL_SHOW;
    if (is_one_of(l, SESSIONS))
        return ENGINE_SQL_SESSION;
    if (is(l, "INSERT"))
        return ENGINE_SQL_INSERT_SELECT;
    return is(l, "KILL") ? ENGINE_SQL_KILL : ENGINE_SQL_CHANGE;
}

/* KILL QUERY WHERE query_id = '…' [SYNC|ASYNC] and nothing more; other forms go to libchdb as they are. */
static str kill_target(str sql)
{
    struct lexer l = { .sql = sql };
    str          id = STR_NONE;

    if ((next(&l), !is(&l, "KILL")) || (next(&l), !is(&l, "QUERY")) || (next(&l), !is(&l, "WHERE")) ||
        (next(&l), !is(&l, "query_id")) || next(&l)->kind != T_EQUALS || next(&l)->kind != T_TEXT)
        return STR_NONE;
    id = text_of(&l);
    next(&l);
    if (is(&l, "SYNC") || is(&l, "ASYNC"))
        next(&l);
    if (is(&l, "FORMAT")) {
        next(&l);
        next(&l);
    }
    bool plain = id.n >= 2 && id.p[0] == '\'' && str_find_byte(id, '\\') == STR_NPOS;
    return plain && (l.now.kind == T_END || l.now.kind == T_SEMICOLON) ? str_slice(id, 1, id.n - 1)
                                                                       : STR_NONE;
}

static enum rc refuse_files(const struct lexer *l, const struct lexer *before, struct err *err)
{
    if ((is(before, "INTO") && is(l, "OUTFILE")) || (is(before, "FROM") && is(l, "INFILE")))
        return err_set(err, RC_SYNTAX, "INTO OUTFILE and FROM INFILE are not allowed here");
    return RC_OK;
}

/* Walks to the end: one statement, no files, and the last FORMAT outside of brackets. */
static enum rc walk(str sql, struct engine_sql *out, struct err *err)
{
    struct lexer                l = { .sql = sql }, before = l;
    const struct engine_format *format = NULL;
    int                         depth = 0;

    for (next(&l); l.now.kind != T_END; next(&l)) {
        if (l.now.kind == T_BROKEN)
            return err_set(err, RC_SYNTAX, "Syntax error: a quoted text or comment does not end");
        if (l.now.kind == T_SEMICOLON) {
            out->text = str_slice(sql, 0, l.now.from);
            while (next(&l)->kind == T_SEMICOLON)
                ;
            if (l.now.kind != T_END)
                return err_set(err, RC_SYNTAX, "Syntax error (Multi-statements are not allowed)");
            break;
        }
        TRY(refuse_files(&l, &before, err));
        depth += (l.now.kind == T_OPEN) - (l.now.kind == T_CLOSE);
        if (depth == 0 && is(&before, "FORMAT") && l.now.kind == T_WORD)
            format = engine_format_find(text_of(&l));
        before = l;
    }
    out->format = format;
    return RC_OK;
}

enum rc engine_sql_parse(str sql, struct engine_sql *out, struct err *err)
{
    struct lexer      l = { .sql = sql };
    struct engine_sql found = { .kind = kind_of(&l), .text = sql };

    if (engine_sql_insert_head(sql, &found)) {
        *out = found;
        return RC_OK;
    }
    TRY(walk(sql, &found, err));
    if (found.kind == ENGINE_SQL_KILL)
        found.kill_id = kill_target(sql);
    *out = found;
    return RC_OK;
}
