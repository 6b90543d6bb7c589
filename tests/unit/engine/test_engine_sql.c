/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_sql.h"

#include "tests/t.h"

static enum engine_sql_kind kind(const char *sql)
{
    struct engine_sql out = { 0 };
    struct err        err;
    CHECK_OK_ERR(engine_sql_parse(str_of(sql), &out, &err), &err);
    return out.kind;
}

static enum rc parse(const char *sql)
{
    struct engine_sql out;
    return engine_sql_parse(str_of(sql), &out, NULL);
}

TEST(statements_are_told_apart)
{
    CHECK_EQ(kind("SELECT 1"), ENGINE_SQL_SELECT);
    CHECK_EQ(kind(" -- note\n /* a */ ((with 1 as x select x))"), ENGINE_SQL_SELECT);
    CHECK_EQ(kind("describe t"), ENGINE_SQL_SHOW);
    CHECK_EQ(kind("INSERT INTO t SELECT 1"), ENGINE_SQL_INSERT_SELECT);
    CHECK_EQ(kind("INSERT INTO t (a, b) (SELECT 1, 2)"), ENGINE_SQL_INSERT_SELECT);
    CHECK_EQ(kind("DROP TABLE t"), ENGINE_SQL_CHANGE);
    CHECK_EQ(kind("SET a = 1"), ENGINE_SQL_SESSION);
    CHECK_EQ(kind(" \n"), ENGINE_SQL_EMPTY);
    CHECK_EQ(kind("-- only words"), ENGINE_SQL_EMPTY);
}

TEST(a_second_statement_is_refused_and_a_final_semicolon_is_not)
{
    CHECK_EQ(parse("SELECT 1;"), RC_OK);
    CHECK_EQ(parse("SELECT 1 ; ; -- end"), RC_OK);
    CHECK_EQ(parse("SELECT 1; DROP TABLE t"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT 1;/* x */SELECT 2"), RC_SYNTAX);
}

TEST(a_semicolon_within_a_text_name_or_comment_is_none)
{
    CHECK_EQ(parse("SELECT 'a; b'"), RC_OK);
    CHECK_EQ(parse("SELECT 'it''s; b\\'; c'"), RC_OK);
    CHECK_EQ(parse("SELECT `a;b`, \"c;d\""), RC_OK);
    CHECK_EQ(parse("SELECT 1 /* /* ; */ ; */"), RC_OK);
    CHECK_EQ(parse("SELECT 1 # ; SELECT 2"), RC_OK);
    CHECK_EQ(parse("SELECT $a$ ; $b$ ; $a$"), RC_OK);
    CHECK_EQ(parse("SELECT \xe2\x80\x98;\xe2\x80\x99"), RC_OK);
    CHECK_EQ(parse("SELECT 1 -- ; SELECT 2\n; SELECT 3"), RC_SYNTAX);
}

TEST(what_does_not_end_is_refused)
{
    CHECK_EQ(parse("SELECT 'a"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT /* a"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT $a$ b"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT 'a\\"), RC_SYNTAX);
}

TEST(files_are_refused)
{
    CHECK_EQ(parse("SELECT 1 INTO OUTFILE '/tmp/x'"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT 1 into /* */ outfile '/tmp/x'"), RC_SYNTAX);
    CHECK_EQ(parse("INSERT INTO t FROM INFILE '/tmp/x' FORMAT CSV"), RC_SYNTAX);
    CHECK_EQ(parse("SELECT 'INTO OUTFILE'"), RC_OK);
}

TEST(the_format_is_found_outside_of_brackets)
{
    struct engine_sql s;

    CHECK_OK(engine_sql_parse(S("SELECT 1 FORMAT JSON"), &s, NULL));
    CHECK_STR(s.format->name, "JSON");
    CHECK_OK(engine_sql_parse(S("SELECT format FROM t ORDER BY format DESC"), &s, NULL));
    CHECK(s.format == NULL);
    CHECK_OK(engine_sql_parse(S("SELECT * FROM (SELECT 1 format CSV)"), &s, NULL));
    CHECK(s.format == NULL);
}

static str data_of(const char *sql, const char *text, const char *format)
{
    struct engine_sql s = { 0 };

    CHECK(engine_sql_insert_head(str_of(sql), &s));
    CHECK_EQ(s.kind, ENGINE_SQL_INSERT_DATA);
    CHECK_SEQ(s.text, str_of(text));
    CHECK_STR(s.format->name, format);
    return str_from(str_of(sql), s.data_at);
}

TEST(the_data_of_an_insert_begin_behind_its_head)
{
    CHECK_SEQ(data_of("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t", "CSV"), S("1,2"));
    CHECK_SEQ(data_of("INSERT INTO t FORMAT Native \n\n\x01", "INSERT INTO t", "Native"), S("\n\x01"));
    CHECK_SEQ(data_of("insert into a.`b c` (format, values) SETTINGS x='FORMAT CSV' FORMAT TSV\n",
                      "insert into a.`b c` (format, values) SETTINGS x='FORMAT CSV'", "TSV"),
              S(""));
    CHECK_SEQ(data_of("INSERT INTO t VALUES (1,'a;b');", "INSERT INTO t", "Values"), S("(1,'a;b');"));
    CHECK_SEQ(data_of("INSERT INTO format FORMAT CSV 1", "INSERT INTO format", "CSV"), S("1"));
}

TEST(a_head_that_is_not_whole_yet_is_not_taken)
{
    struct engine_sql s;

    CHECK(!engine_sql_insert_head(S("INSERT INTO t FORMAT JSONEach"), &s));
    CHECK(!engine_sql_insert_head(S("INSERT INTO t VALUES"), &s));
    CHECK(!engine_sql_insert_head(S("INSERT INTO t (a"), &s));
    CHECK(!engine_sql_insert_head(S("INSERT INTO t SELECT 1 FORMAT CSV "), &s));
    CHECK(!engine_sql_insert_head(S("SELECT 1 FORMAT CSV "), &s));
}

TEST(a_kill_by_id_is_understood_and_others_are_left_alone)
{
    struct engine_sql s;

    CHECK_OK(engine_sql_parse(S("KILL QUERY WHERE query_id = 'a-1' ASYNC"), &s, NULL));
    CHECK_SEQ(s.kill_id, S("a-1"));
    CHECK_OK(engine_sql_parse(S("kill query where query_id='b' format TSV;"), &s, NULL));
    CHECK_SEQ(s.kill_id, S("b"));
    CHECK_OK(engine_sql_parse(S("KILL QUERY WHERE query_id = 'a' OR 1"), &s, NULL));
    CHECK_EQ(s.kind, ENGINE_SQL_KILL);
    CHECK_EQ(s.kill_id.n, 0);
}
