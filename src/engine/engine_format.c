/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_format.h"

#define TSV "text/tab-separated-values; charset=UTF-8"
#define CSV "text/csv; charset=UTF-8; header=absent"
#define CSVH "text/csv; charset=UTF-8; header=present"
#define JSON "application/json; charset=UTF-8"
#define NDJSON "application/x-ndjson; charset=UTF-8"
#define TEXT "text/plain; charset=UTF-8"
#define BYTES "application/octet-stream"

#define ROWS ENGINE_FORMAT_ROWS, 0
#define LINES(n) ENGINE_FORMAT_LINES, (n)
#define WHOLE ENGINE_FORMAT_WHOLE, 0

const struct engine_format ENGINE_FORMAT[] = {
    { "Arrow", "application/vnd.apache.arrow.file", WHOLE },
    { "ArrowStream", "application/vnd.apache.arrow.stream", WHOLE },
    { "Avro", "application/octet-stream", WHOLE },
    { "BSONEachRow", BYTES, ROWS },
    { "CSV", CSV, ROWS },
    { "CSVWithNames", CSVH, LINES(1) },
    { "CSVWithNamesAndTypes", CSVH, LINES(2) },
    { "CustomSeparated", TEXT, WHOLE },
    { "JSON", JSON, WHOLE },
    { "JSONColumns", JSON, WHOLE },
    { "JSONColumnsWithMetadata", JSON, WHOLE },
    { "JSONCompact", JSON, WHOLE },
    { "JSONCompactColumns", JSON, WHOLE },
    { "JSONCompactEachRow", NDJSON, ROWS },
    { "JSONCompactEachRowWithNames", NDJSON, LINES(1) },
    { "JSONCompactEachRowWithNamesAndTypes", NDJSON, LINES(2) },
    { "JSONCompactStrings", JSON, WHOLE },
    { "JSONCompactStringsEachRow", NDJSON, ROWS },
    { "JSONCompactStringsEachRowWithNames", NDJSON, LINES(1) },
    { "JSONCompactStringsEachRowWithNamesAndTypes", NDJSON, LINES(2) },
    { "JSONEachRow", NDJSON, ROWS },
    { "JSONEachRowWithProgress", NDJSON, WHOLE },
    { "JSONLines", NDJSON, ROWS },
    { "JSONObjectEachRow", JSON, WHOLE },
    { "JSONStrings", JSON, WHOLE },
    { "JSONStringsEachRow", NDJSON, ROWS },
    { "LineAsString", TEXT, ROWS },
    { "Markdown", "text/markdown; charset=UTF-8", WHOLE },
    { "MsgPack", BYTES, ROWS },
    { "NDJSON", NDJSON, ROWS },
    { "Native", BYTES, ROWS },
    { "Null", TEXT, WHOLE },
    { "ORC", BYTES, WHOLE },
    { "Parquet", "application/vnd.apache.parquet", WHOLE },
    { "Pretty", TEXT, WHOLE },
    { "PrettyCompact", TEXT, WHOLE },
    { "PrettyCompactMonoBlock", TEXT, WHOLE },
    { "PrettyCompactNoEscapes", TEXT, WHOLE },
    { "PrettyNoEscapes", TEXT, WHOLE },
    { "PrettySpace", TEXT, WHOLE },
    { "RawBLOB", BYTES, ROWS },
    { "RowBinary", BYTES, ROWS },
    { "RowBinaryWithNames", BYTES, ENGINE_FORMAT_BINARY, 1 },
    { "RowBinaryWithNamesAndTypes", BYTES, ENGINE_FORMAT_BINARY, 2 },
    { "SQLInsert", TEXT, WHOLE },
    { "TSKV", "text/tab-separated-values; charset=UTF-8", ROWS },
    { "TSV", TSV, ROWS },
    { "TSVRaw", TSV, ROWS },
    { "TSVRawWithNames", TSV, LINES(1) },
    { "TSVRawWithNamesAndTypes", TSV, LINES(2) },
    { "TSVWithNames", TSV, LINES(1) },
    { "TSVWithNamesAndTypes", TSV, LINES(2) },
    { "TabSeparated", TSV, ROWS },
    { "TabSeparatedRaw", TSV, ROWS },
    { "TabSeparatedRawWithNames", TSV, LINES(1) },
    { "TabSeparatedRawWithNamesAndTypes", TSV, LINES(2) },
    { "TabSeparatedWithNames", TSV, LINES(1) },
    { "TabSeparatedWithNamesAndTypes", TSV, LINES(2) },
    { "Template", TEXT, WHOLE },
    { "Values", TEXT, WHOLE },
    { "Vertical", TEXT, WHOLE },
    { "XML", "application/xml; charset=UTF-8", WHOLE },
    { NULL, NULL, ENGINE_FORMAT_ROWS, 0 },
};

const struct engine_format *engine_format_find(str name)
{
    for (const struct engine_format *f = ENGINE_FORMAT; f->name; f++)
        if (str_eq(str_of(f->name), name))
            return f;
    return NULL;
}

/* A line ends at a newline outside of double quotes: CSV writes a newline in a name as it is. Other formats
 * escape it, and quotes within JSON are escaped too. */
static size_t lines(str block, unsigned n, bool quotes)
{
    bool quoted = false;

    for (size_t i = 0; i < block.n; i++) {
        if (quotes && block.p[i] == '"')
            quoted = !quoted;
        if (block.p[i] == '\n' && !quoted && --n == 0)
            return i + 1;
    }
    return block.n;
}

static bool varint(str block, size_t *at, uint64_t *out)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 63 && *at < block.n; shift += 7) {
        uint8_t byte = (uint8_t)block.p[(*at)++];
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = v;
            return true;
        }
    }
    return false;
}

static size_t texts(str block, unsigned times)
{
    size_t   at = 0;
    uint64_t columns, n;

    if (!varint(block, &at, &columns))
        return 0;
    for (uint64_t i = 0; i < columns * times; i++) {
        if (!varint(block, &at, &n) || n > block.n - at)
            return 0;
        at += n;
    }
    return at;
}

size_t engine_format_head(const struct engine_format *f, str block)
{
    if (f->shape == ENGINE_FORMAT_LINES)
        return lines(block, f->head, str_starts(str_of(f->name), S("CSV")));
    if (f->shape == ENGINE_FORMAT_BINARY)
        return texts(block, f->head);
    return 0;
}
