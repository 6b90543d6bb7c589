/* SPDX-License-Identifier: Apache-2.0 */
#include "base/codec.h"
#include "incident/incident_filter.h"
#include "incident/incident_priv.h"
#include "incident/incident_search.h"

enum { DEFAULT_TOP = 50, MAX_TOP = 1000, MAX_TOKEN = 4096, MAX_PAGE_BYTES = 256 << 20 };

/* One row an order: the SQL of both directions, literal since statements are kept by their text. The key of
 * the page before is part of it, so a page costs no more than its rows, and what is added meanwhile shifts
 * nothing. What a filter says of status, severity and owner narrows an index of the order (migration 065);
 * the rows that are left are read and judged by the whole filter. A search (incident_search.h) that finds few
 * incidents has them sorted, ?6 being their numbers; with many the order's index is walked, and those that do
 * not hold the words are passed over. */
#define NARROW " AND ((?3 >> status) & 1) AND ((?4 >> severity) & 1) AND (?5 = '' OR owner_id = ?5)"
#define FOUND "number IN (SELECT value FROM json_each(?6)) AND "
#define BY(path, column, is_text)                                                                            \
    {                                                                                                        \
        path, is_text,                                                                                       \
            "SELECT number, " column " FROM incidents WHERE deleted = 0 AND (" column                        \
            ", number) > (?1, ?2)" NARROW " ORDER BY " column ", number",                                    \
            "SELECT number, " column " FROM incidents WHERE deleted = 0 AND (" column                        \
            ", number) < (?1, ?2)" NARROW " ORDER BY " column " DESC, number DESC",                          \
            "SELECT number, " column " FROM incidents WHERE " FOUND "+deleted = 0 AND (+" column             \
            ", +number) > (?1, ?2)" NARROW " ORDER BY +" column ", +number",                                 \
            "SELECT number, " column " FROM incidents WHERE " FOUND "+deleted = 0 AND (+" column             \
            ", +number) < (?1, ?2)" NARROW " ORDER BY +" column " DESC, +number DESC"                        \
    }

/* Graph's names for the same orders. */
static const char *const GRAPH_ORDERS[][2] = {
    { "id", "properties/incidentNumber" },
    { "createdDateTime", "properties/createdTimeUtc" },
    { "lastUpdateDateTime", "properties/lastModifiedTimeUtc" },
    { "severity", "properties/severity" },
    { "status", "properties/status" },
    { "displayName", "properties/title" },
    { "assignedTo", "properties/owner/assignedTo" },
};

static const struct order {
    const char *path;
    bool        text;
    const char *up, *down, *up_found, *down_found;
} ORDERS[] = {
    BY("properties/incidentNumber", "number", false),
    BY("properties/createdTimeUtc", "created", false),
    BY("properties/lastModifiedTimeUtc", "modified", false),
    BY("properties/firstActivityTimeUtc", "first_activity", false),
    BY("properties/lastActivityTimeUtc", "last_activity", false),
    BY("properties/severity", "severity", false),
    BY("properties/status", "status", false),
    BY("properties/title", "title", true),
    BY("properties/owner/assignedTo", "owner_name", true),
    BY("properties/additionalData/alertsCount", "n_alerts", false),
};

enum { KEY_COLUMN = 1, MAX_WORD = 200 };

struct listing {
    const struct order           *order;
    bool                          down;
    struct state_arg              key;
    int64_t                       number;
    size_t                        top;
    struct incident_filter_bounds bounds;
    str                           words[INCIDENT_SEARCH_WORDS];
    size_t                        n_words;
    struct incident_search       *search; /* NULL without words */
};

static enum rc read_order(str text, struct listing *l, struct err *err)
{
    str rest = str_trim(text), path = STR_NONE, direction = STR_NONE;

    l->order = &ORDERS[0];
    l->down = true;
    if (!rest.n)
        return RC_OK;
    (void)str_split(&rest, ' ', &path);
    direction = str_trim(rest);
    l->down = str_eq_ci(direction, S("desc"));
    if (direction.n && !l->down && !str_eq_ci(direction, S("asc")))
        return err_set(err, RC_INVALID, "$orderby: one property, asc or desc, not '" STR_FMT "'",
                       STR_ARG(text));
    for (size_t i = 0; i < sizeof GRAPH_ORDERS / sizeof *GRAPH_ORDERS; i++)
        if (str_eq_ci(path, str_of(GRAPH_ORDERS[i][0])))
            path = str_of(GRAPH_ORDERS[i][1]);
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        if (str_eq_ci(path, str_of(ORDERS[i].path))) {
            l->order = &ORDERS[i];
            return RC_OK;
        }
    }
    return err_set(err, RC_INVALID, "$orderby: '" STR_FMT "' is nothing to order by", STR_ARG(path));
}

/* Before the first key of all: for SQLite a blob is above every text. */
static struct state_arg edge(const struct listing *l)
{
    if (l->order->text)
        return l->down ? STATE_B(S("")) : STATE_S(S(""));
    return STATE_I(l->down ? INT64_MAX : INT64_MIN);
}

static enum rc read_token(struct arena *a, str token, struct listing *l, struct err *err)
{
    AUTO_STRBUF plain = STRBUF_INIT(MAX_TOKEN);
    int64_t     key;

    l->key = edge(l);
    l->number = l->down ? INT64_MAX : INT64_MIN;
    if (!token.n)
        return RC_OK;
    if (codec_base64_decode(&plain, token, NULL) != RC_OK)
        return err_set(err, RC_INVALID, "$skipToken is not one of ours");
    str    text = arena_str(a, strbuf_view(&plain));
    size_t bar = str_find_byte(text, '|');
    if (bar == STR_NPOS || !str_to_i64(str_slice(text, 0, bar), &l->number))
        return err_set(err, RC_INVALID, "$skipToken is not one of ours");
    if (l->order->text)
        l->key = STATE_S(str_from(text, bar + 1));
    else if (str_to_i64(str_from(text, bar + 1), &key))
        l->key = STATE_I(key);
    else
        return err_set(err, RC_INVALID, "$skipToken belongs to another order");
    return RC_OK;
}

static str make_token(struct arena *a, const struct listing *l, const struct state_stmt *st, int64_t number)
{
    AUTO_STRBUF plain = STRBUF_INIT(MAX_TOKEN), coded = STRBUF_INIT(2 * MAX_TOKEN);

    strbuf_addf(&plain, "%lld|", (long long)number);
    if (l->order->text)
        strbuf_add(&plain, state_stmt_str(st, KEY_COLUMN));
    else
        strbuf_add_i64(&plain, state_stmt_i64(st, KEY_COLUMN));
    codec_base64url(&coded, strbuf_view(&plain));
    return arena_str(a, strbuf_view(&coded));
}

static enum rc read_words(str search, struct listing *l, struct err *err)
{
    str rest = str_trim(search), word;

    while (str_split(&rest, ' ', &word)) {
        word = str_trim(word);
        if (!word.n)
            continue;
        if (word.n > MAX_WORD || l->n_words == INCIDENT_SEARCH_WORDS)
            return err_set(err, RC_INVALID, "$search: at most %d words of %d bytes", INCIDENT_SEARCH_WORDS,
                           MAX_WORD);
        l->words[l->n_words++] = word;
    }
    return RC_OK;
}

static str numbers_json(struct arena *a, const int64_t *numbers, size_t n)
{
    AUTO_STRBUF text = STRBUF_INIT(32 * INCIDENT_SEARCH_FEW);

    for (size_t i = 0; i < n; i++)
        strbuf_addf(&text, "%c%lld", i ? ',' : '[', (long long)numbers[i]);
    strbuf_addz(&text, n ? "]" : "[]");
    return arena_str(a, strbuf_view(&text));
}

static enum rc open_rows(struct state_tx *tx, const struct listing *l, struct arena *a,
                         struct state_stmt **out, struct err *err)
{
    const int64_t *numbers;
    size_t         n;

    if (l->search && incident_search_few(l->search, &numbers, &n))
        return state_stmt_open(tx, l->down ? l->order->down_found : l->order->up_found,
                               STATE_ARGS(l->key, STATE_I(l->number), STATE_I(l->bounds.statuses),
                                          STATE_I(l->bounds.severities), STATE_S(l->bounds.owner),
                                          STATE_S(numbers_json(a, numbers, n))),
                               out, err);
    return state_stmt_open(tx, l->down ? l->order->down : l->order->up,
                           STATE_ARGS(l->key, STATE_I(l->number), STATE_I(l->bounds.statuses),
                                      STATE_I(l->bounds.severities), STATE_S(l->bounds.owner)),
                           out, err);
}

/* Whether the incident holds the words: what a search that found few leaves holds them all. */
static enum rc holds_words(const struct listing *l, int64_t number, bool *out, struct err *err)
{
    const int64_t *numbers;
    size_t         n;

    *out = true;
    if (!l->search || incident_search_few(l->search, &numbers, &n))
        return RC_OK;
    return incident_search_holds(l->search, number, out, err);
}

static enum rc gather(struct state_tx *tx, const struct listing *l, const struct incident_filter *filter,
                      struct arena *a, struct incident_page *out, struct err *err)
{
    AUTO(state_stmt) st = NULL;
    AUTO(arena) scratch = arena_new(INCIDENT_PRIV_ARENA);
    struct incident    *items = ARENA_ARRAY(a, struct incident, l->top);
    struct incident_row row;
    str                 last = STR_NONE;
    bool                more, holds;

    TRY(open_rows(tx, l, a, &st, err));
    *out = (struct incident_page) { .items = items };
    while (true) {
        TRY(state_stmt_next(st, &more, err));
        if (!more)
            return RC_OK;
        TRY(holds_words(l, state_stmt_i64(st, 0), &holds, err));
        if (!holds)
            continue;
        /* Judged in scratch memory: of the rows that do not match nothing stays. */
        if (filter) {
            arena_reset(scratch);
            TRY(incident_row_load(tx, state_stmt_i64(st, 0), scratch, &row, err));
            if (!incident_filter_match(filter, &row.i))
                continue;
        }
        if (out->n == l->top) {
            out->skip_token = last;
            return RC_OK;
        }
        TRY(incident_row_load(tx, state_stmt_i64(st, 0), a, &row, err));
        items[out->n++] = row.i;
        last = make_token(a, l, st, row.i.number);
    }
}

enum rc incident_list(struct incident_store *s, const struct incident_list_opts *opts, struct arena *a,
                      struct incident_page *out, struct err *err)
{
    const struct incident_filter *filter;
    struct listing                l = { .top = opts->top ? opts->top : DEFAULT_TOP };
    AUTO(state_tx) tx = NULL;

    if (l.top > MAX_TOP)
        l.top = MAX_TOP;
    TRY(incident_filter_parse(
        a, opts->filter, opts->graph ? &INCIDENT_FILTER_GRAPH : &INCIDENT_FILTER_INCIDENTS, &filter, err));
    l.bounds = incident_filter_bounds(filter);
    TRY(read_words(opts->search, &l, err));
    TRY(read_order(opts->orderby, &l, err));
    TRY(read_token(a, opts->skip_token, &l, err));
    TRY(state_tx_read(s->state, &tx, err));
    AUTO(incident_search) search = NULL;
    if (l.n_words)
        TRY(incident_search_open(tx, l.words, l.n_words, a, &search, err));
    l.search = search;
    return gather(tx, &l, filter, a, out, err);
}
