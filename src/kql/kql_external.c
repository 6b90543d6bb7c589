/* SPDX-License-Identifier: Apache-2.0 */
#include "kql/kql_external.h"

#include "base/json.h"
#include "base/strbuf.h"

enum { PATH_MAX_BYTES = 1000, JSON_MAX = 256 << 20 };

/* --- addresses --- */

static bool is_segment(str s)
{
    if (s.n == 0 || str_eq(s, S(".")) || str_eq(s, S("..")))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\\' || (unsigned char)s.p[i] < 32)
            return false;
    return true;
}

static int hex_at(str s, size_t i)
{
    char c = i < s.n ? s.p[i] : 'x';
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %20 as a blank. A decoded slash would make two segments of one: it is refused. */
static bool decode(struct strbuf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        int high = hex_at(s, i + 1), low = hex_at(s, i + 2);
        if (s.p[i] != '%') {
            strbuf_addc(out, s.p[i]);
        } else if (high < 0 || low < 0 || high * 16 + low == '/' || high * 16 + low == 0) {
            return false;
        } else {
            strbuf_addc(out, (char)(high * 16 + low));
            i += 2;
        }
    }
    return true;
}

enum rc kql_external_path(struct arena *a, str uri, str *path, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(PATH_MAX_BYTES);
    size_t      end = 0, scheme = str_starts(uri, S("https://")) ? 8 : str_starts(uri, S("http://")) ? 7 : 0;

    if (scheme == 0)
        return err_set(err, RC_INVALID, "externaldata takes addresses that begin with https://");
    str rest = str_from(uri, scheme);
    while (end < rest.n && !strchr("?#;", rest.p[end]))
        end++;
    if (!decode(&text, str_slice(rest, 0, end)) || text.overflow)
        return err_set(err, RC_INVALID, "an address of externaldata is malformed, or over %d bytes",
                       PATH_MAX_BYTES);
    str whole = strbuf_view(&text);
    for (str left = whole; left.n > 0;) {
        size_t slash = str_find_byte(left, '/');
        str    segment = slash == STR_NPOS ? left : str_slice(left, 0, slash);
        if (!is_segment(segment))
            return err_set(err, RC_INVALID, "an address of externaldata has an empty part, or . or .. in it");
        left = slash == STR_NPOS ? STR_NONE : str_from(left, slash + 1);
    }
    if (str_find_byte(whole, '/') == STR_NPOS || str_ends(whole, S("/")))
        return err_set(err, RC_INVALID, "an address of externaldata names a host and a file");
    *path = arena_str(a, whole);
    return RC_OK;
}

/* --- rows --- */

struct reading {
    struct arena                    *a;
    const struct kql_external_shape *shape;
    kql_external_cells              *out;
    size_t                           row; /* lines read so far */
};

static enum rc room(const struct reading *r, struct err *err)
{
    if (r->out->n + r->shape->n_columns <= KQL_EXTERNAL_CELLS)
        return RC_OK;
    return err_set(err, RC_LIMIT, "the files of externaldata have more than %d cells", KQL_EXTERNAL_CELLS);
}

static struct kql_value cell(const struct reading *r, size_t column, str text)
{
    enum kql_type    type = r->shape->types[column];
    struct kql_value v;

    if (type == KQL_STRING)
        return kql_value_string(arena_str(r->a, text));
    if (type == KQL_DYNAMIC) {
        const struct json *j;
        AUTO_STRBUF        quoted = STRBUF_INIT(text.n * 6 + 16);
        AUTO(arena) scratch = arena_new(text.n * 64 + (1 << 16));
        if (text.n > 0 && json_parse(scratch, text, &j, NULL) != RC_OK)
            json_escape(&quoted, text);
        return kql_value_dynamic(arena_str(r->a, quoted.n > 0 ? strbuf_view(&quoted) : text));
    }
    return kql_value_parse(r->a, type, str_trim(text), &v) ? v : kql_value_null(type);
}

/* One cell of text with separators; "…" may hold separators, ends of lines and doubled quotes. True when
 * another cell of the row follows. */
static bool next_cell(str *text, char separator, struct strbuf *out)
{
    str  s = *text;
    bool quoted = s.n > 0 && s.p[0] == '"' && separator != '\t';

    strbuf_clear(out);
    size_t i = quoted ? 1 : 0;
    for (; i < s.n; i++) {
        if (quoted && s.p[i] == '"') {
            if (i + 1 < s.n && s.p[i + 1] == '"')
                i++;
            else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (s.p[i] == separator || s.p[i] == '\n')) {
            break;
        }
        strbuf_addc(out, s.p[i]);
    }
    bool more = i < s.n && s.p[i] == separator;
    if (!more && out->n > 0 && out->p[out->n - 1] == '\r')
        strbuf_truncate(out, out->n - 1);
    *text = str_from(s, i < s.n ? i + 1 : s.n);
    return more;
}

static enum rc read_separated(struct reading *r, str text, char separator, struct err *err)
{
    AUTO_STRBUF out = STRBUF_INIT(text.n + 1);

    while (text.n > 0) {
        bool   more = true, skip = r->row++ == 0 && r->shape->skip_first, blank = text.p[0] == '\n';
        size_t column = 0;
        TRY(room(r, err));
        for (; more; column++) {
            more = next_cell(&text, separator, &out);
            if (!skip && !blank && column < r->shape->n_columns)
                *vec_push_in(r->a, r->out) = cell(r, column, strbuf_view(&out));
        }
        for (; !skip && !blank && column < r->shape->n_columns; column++)
            *vec_push_in(r->a, r->out) = kql_value_null(r->shape->types[column]);
    }
    return RC_OK;
}

/* txt: a line a row. raw: the whole file is one. */
static enum rc read_lines(struct reading *r, str text, bool whole, struct err *err)
{
    while (text.n > 0) {
        size_t end = whole ? STR_NPOS : str_find_byte(text, '\n');
        str    line = end == STR_NPOS ? text : str_slice(text, 0, end);
        text = end == STR_NPOS ? STR_NONE : str_from(text, end + 1);
        if (!whole && str_ends(line, S("\r")))
            line = str_slice(line, 0, line.n - 1);
        if (r->row++ == 0 && r->shape->skip_first)
            continue;
        TRY(room(r, err));
        for (size_t i = 0; i < r->shape->n_columns; i++)
            *vec_push_in(r->a, r->out) = i == 0 ? cell(r, 0, line) : kql_value_null(r->shape->types[i]);
    }
    return RC_OK;
}

static enum rc add_object(struct reading *r, const struct json *object, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(JSON_MAX);

    TRY(room(r, err));
    for (size_t i = 0; i < r->shape->n_columns; i++) {
        const struct json *member = json_get(object, r->shape->names[i]);
        if (!member || member->kind == JSON_NULL) {
            *vec_push_in(r->a, r->out) = kql_value_null(r->shape->types[i]);
            continue;
        }
        strbuf_clear(&text);
        if (member->kind == JSON_STRING && r->shape->types[i] != KQL_DYNAMIC) {
            strbuf_add(&text, member->s);
        } else {
            struct json_w w = json_w_make(&text);
            json_w_tree(&w, member);
        }
        *vec_push_in(r->a, r->out) = cell(r, i, strbuf_view(&text));
    }
    return RC_OK;
}

static enum rc read_value(struct reading *r, str text, struct err *err)
{
    AUTO(arena) scratch = arena_new(JSON_MAX);
    const struct json *j;

    TRY(json_parse(scratch, text, &j, err));
    if (j->kind == JSON_OBJECT)
        return add_object(r, j, err);
    for (uint32_t i = 0; j->kind == JSON_ARRAY && i < j->n; i++)
        TRY(add_object(r, &j->items[i], err));
    return RC_OK;
}

/* An object a line, or one value over all lines. */
static enum rc read_json(struct reading *r, str text, struct err *err)
{
    struct err whole = { 0 };

    text = str_trim(text);
    if (text.n == 0 || read_value(r, text, &whole) == RC_OK)
        return RC_OK;
    if (whole.rc == RC_LIMIT)
        return err_set(err, whole.rc, "%s", whole.text);
    while (text.n > 0) {
        size_t end = str_find_byte(text, '\n');
        str    line = str_trim(end == STR_NPOS ? text : str_slice(text, 0, end));
        text = end == STR_NPOS ? STR_NONE : str_from(text, end + 1);
        if (line.n > 0)
            TRY(read_value(r, line, err));
    }
    return RC_OK;
}

static str format_of(const struct kql_external_shape *shape, str path)
{
    static const char *const ENDS[] = { "csv", "tsv", "psv", "txt", "json", "raw" };

    if (shape->format.n > 0)
        return shape->format;
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++)
        if (str_ends(path, str_of(ENDS[i])))
            return str_of(ENDS[i]);
    return S("csv");
}

enum rc kql_external_rows(struct arena *a, const struct kql_external_shape *shape, str path, str text,
                          kql_external_cells *out, struct err *err)
{
    static const struct {
        const char *name;
        char        separator;
    } SEPARATED[] = { { "csv", ',' }, { "tsv", '\t' }, { "tsve", '\t' },
                      { "psv", '|' }, { "scsv", ';' }, { "sohsv", 1 } };
    struct reading r = { a, shape, out, 0 };
    str            format = format_of(shape, path);

    if (str_starts(text, S("\xEF\xBB\xBF")))
        text = str_from(text, 3);
    for (size_t i = 0; i < sizeof SEPARATED / sizeof SEPARATED[0]; i++)
        if (str_eq_ci(format, str_of(SEPARATED[i].name)))
            return read_separated(&r, text, SEPARATED[i].separator, err);
    if (str_eq_ci(format, S("txt")) || str_eq_ci(format, S("raw")))
        return read_lines(&r, text, str_eq_ci(format, S("raw")), err);
    if (str_eq_ci(format, S("json")) || str_eq_ci(format, S("multijson")) ||
        str_eq_ci(format, S("singlejson")))
        return read_json(&r, text, err);
    return err_set(err, RC_INVALID, "externaldata reads no files of format \"" STR_FMT "\"", STR_ARG(format));
}
