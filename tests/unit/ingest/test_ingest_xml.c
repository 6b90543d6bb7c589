/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_xml.h"
#include "tests/t.h"

static enum rc print(void *ctx, const struct ingest_xml_element *e, const str *path, struct err *err)
{
    (void)path, (void)err;
    strbuf_addf(ctx, "%d" STR_FMT, e->depth, STR_ARG(e->name));
    for (int i = 0; i < e->n_attributes; i++)
        strbuf_addf(ctx, " " STR_FMT "=" STR_FMT, STR_ARG(e->attributes[i].name),
                    STR_ARG(e->attributes[i].value));
    strbuf_addf(ctx, ":" STR_FMT "|", STR_ARG(e->text));
    return RC_OK;
}

static void expect(const char *xml, const char *want)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF got = STRBUF_INIT(4096);
    struct err  err = { 0 };

    CHECK_OK_ERR(ingest_xml_read(a, str_of(xml), print, &got, &err), &err);
    CHECK_SEQ(strbuf_view(&got), str_of(want));
}

static void refuses(const char *xml, enum rc want)
{
    AUTO(arena) a = arena_new(1 << 20);
    AUTO_STRBUF got = STRBUF_INIT(4096);

    CHECK_EQ(ingest_xml_read(a, str_of(xml), print, &got, NULL), want);
}

TEST(elements_attributes_and_text_are_read)
{
    expect("<a x='1' y=\"2\"><b>t</b><c/></a>", "1b:t|1c:|0a x=1 y=2:|");
    expect("<?xml version=\"1.0\"?><!-- note --><n:a><![CDATA[<&>]]></n:a>", "0a:<&>|");
    expect("", "");
}

TEST(entities_become_what_they_stand_for)
{
    expect("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#0;&bogus;&</a>", "0a:<&>\"'AB\xef\xbf\xbd&bogus;&|");
}

TEST(broken_xml_is_refused)
{
    refuses("<a>", RC_SYNTAX);
    refuses("<a></b>", RC_SYNTAX);
    refuses("</a>", RC_SYNTAX);
    refuses("<a x=1></a>", RC_SYNTAX);
    refuses("<a x='1></a>", RC_SYNTAX);
    refuses("<a", RC_SYNTAX);
    refuses("<", RC_SYNTAX);
    refuses("<!-- open", RC_SYNTAX);
    refuses("text", RC_SYNTAX);
    refuses("<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", RC_LIMIT);
}

TEST(event_data_is_escaped_and_read_back)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct json_member fields[] = {
        { S("Command \"Line\""), json_make_str(S("a <b> & \"c\"\x01\r\n")) },
        { S("Port"), json_make_i64(-7) },
        { S("Empty"), json_make_null() },
    };

    CHECK_SEQ(ingest_xml_event_data(a, fields, 3),
              S("<EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><Data "
                "Name=\"Command &quot;Line&quot;\">a &lt;b&gt; &amp; \"c\" \r\n</Data><Data "
                "Name=\"Port\">-7</Data><Data "
                "Name=\"Empty\"></Data></EventData>"));
    CHECK_SEQ(ingest_xml_params(a, fields, 2),
              S("<Param>a &lt;b&gt; &amp; \"c\" \r\n</Param><Param>-7</Param>"));
}
