/* SPDX-License-Identifier: Apache-2.0 */
/* The physical form of a table.
 *
 * Partitions go by _IngestionTime, not by TimeGenerated: a batch then falls into one partition however old
 * its events are (an insert over more than 100 partitions is refused whole), retention drops whole parts, and
 * a rule's window of ingestion time reads the newest parts only. Within a part rows are sorted by
 * TimeGenerated. */
#include "tables/tables_priv.h"

#include "base/sql.h"

/* Parts below COMPACT_BYTES keep all columns in one file: tables have up to 230 of them, and each file of its
 * own is one more to fsync at every insert. */
enum { DEDUPLICATED_BATCHES = 10000, COMPACT_BYTES = 128 << 20 };

void tables_ddl_column(struct strbuf *sql, const struct tables_schema *s, const struct tables_column *c)
{
    bool is_time = str_eq(c->name, S("TimeGenerated")) || str_eq(c->name, S("_IngestionTime"));

    sql_name(sql, c->name);
    strbuf_addc(sql, ' ');
    strbuf_add(sql, is_time ? S("DateTime64(7, 'UTC')") : tables_type_sql(c->type));
    if (c->same_as.n) {
        strbuf_addz(sql, " ALIAS ");
        sql_name(sql, c->same_as);
    } else if (str_eq(c->name, S("Type"))) {
        strbuf_addz(sql, " DEFAULT ");
        sql_text(sql, s->name);
    }
    strbuf_addz(sql, " COMMENT ");
    sql_text(sql, tables_type_name(c->type));
}

static void add_index(struct strbuf *sql, const struct tables_column *c)
{
    AUTO_STRBUF name = STRBUF_INIT(TABLES_NAME_MAX + 16);

    strbuf_addz(&name, "words_");
    strbuf_add(&name, c->name);
    strbuf_addz(sql, ", INDEX ");
    sql_name(sql, strbuf_view(&name));
    strbuf_addz(sql, " lowerUTF8(");
    sql_name(sql, c->name);
    strbuf_addz(sql, ") TYPE text(tokenizer = 'splitByNonAlpha')");
}

void tables_ddl_ttl(struct strbuf *sql, unsigned days)
{
    strbuf_addf(sql, "toDateTime(_IngestionTime) + toIntervalDay(%u)", days);
}

void tables_ddl_settings(struct strbuf *sql)
{
    strbuf_addf(sql,
                "non_replicated_deduplication_window = %d, ttl_only_drop_parts = 1, "
                "min_bytes_for_wide_part = %d",
                DEDUPLICATED_BATCHES, COMPACT_BYTES);
}

void tables_ddl_create(struct strbuf *sql, str database, const struct tables_schema *s)
{
    strbuf_addz(sql, "CREATE TABLE IF NOT EXISTS ");
    sql_name(sql, database);
    strbuf_addc(sql, '.');
    sql_name(sql, s->name);
    strbuf_addz(sql, " (");
    for (size_t i = 0; i < s->n_columns; i++) {
        if (i)
            strbuf_addz(sql, ", ");
        tables_ddl_column(sql, s, &s->columns[i]);
    }
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->columns[i].searched && s->columns[i].type == TABLES_STRING && !s->columns[i].same_as.n)
            add_index(sql, &s->columns[i]);
    strbuf_addf(sql, ") ENGINE = MergeTree PARTITION BY %s(_IngestionTime) ORDER BY TimeGenerated",
                s->by_day ? "toYYYYMMDD" : "toYYYYMM");
    if (s->retention_days) {
        strbuf_addz(sql, " TTL ");
        tables_ddl_ttl(sql, s->retention_days);
    }
    strbuf_addz(sql, " SETTINGS ");
    tables_ddl_settings(sql);
}
