/* SPDX-License-Identifier: Apache-2.0 */
#include "posture/posture_pdf.h"

#include <hpdf.h>

#include "base/file.h"

enum { LINE_BYTES = 1024, CHUNK = 64 << 10 };

#define WIDTH 595.0F
#define HEIGHT 842.0F
#define LEFT 50.0F
#define RIGHT (WIDTH - 50.0F)
#define TOP (HEIGHT - 62.0F)
#define BOTTOM 54.0F
#define LEADING 1.35F
#define FONTS "/usr/share/fonts/truetype/dejavu/"

struct colour {
    float r, g, b;
};

static const struct colour INK = { 0.13F, 0.13F, 0.15F }, MUTED = { 0.38F, 0.38F, 0.41F },
                           RULE = { 0.85F, 0.85F, 0.87F };
static const struct {
    struct colour colour;
    const char   *word;
} STATES[POSTURE_COMPLIANT_COUNT_] = {
    [POSTURE_PASSED] = { { 0.06F, 0.49F, 0.06F }, "pass" },
    [POSTURE_FAILED] = { { 0.77F, 0.06F, 0.12F }, "fail" },
    [POSTURE_SKIPPED] = { { 0.54F, 0.42F, 0.0F }, "not decided" },
    [POSTURE_UNSUPPORTED] = { { 0.45F, 0.45F, 0.48F }, "nothing to judge" },
};

struct pen {
    HPDF_Doc                     doc;
    HPDF_Page                    page;
    HPDF_Font                    plain, bold;
    bool                         utf8; /* else Windows-1252 */
    float                        y;    /* of the next line's top */
    size_t                       pages;
    const struct posture_report *r;
    struct arena                *a;
};

/* --- text --- */

/* Letters that the font has no place for become question marks; what ends lines becomes a blank. */
static void one_line(const struct pen *p, str text, char out[LINE_BYTES])
{
    size_t n = 0;

    for (size_t i = 0; i < text.n && n + 1 < LINE_BYTES; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        if (ch < 0x20 || ch == 0x7f)
            out[n++] = ' ';
        else if (p->utf8 || ch < 0x80)
            out[n++] = (char)ch;
        else if ((ch & 0xC0) != 0x80) /* the first byte of a letter stands for it */
            out[n++] = '?';
    }
    while (n && p->utf8 && ((unsigned char)out[n - 1] & 0xC0) == 0x80 && n + 1 >= LINE_BYTES)
        n--; /* a letter that was cut */
    out[n] = 0;
}

static float width_of(const struct pen *p, HPDF_Font font, float size, str text)
{
    char line[LINE_BYTES];

    one_line(p, text, line);
    HPDF_Page_SetFontAndSize(p->page, font, size);
    return HPDF_Page_TextWidth(p->page, line);
}

static void draw(const struct pen *p, HPDF_Font font, float size, float x, float y, str text)
{
    char line[LINE_BYTES];

    one_line(p, text, line);
    HPDF_Page_BeginText(p->page);
    HPDF_Page_SetFontAndSize(p->page, font, size);
    HPDF_Page_TextOut(p->page, x, y, line);
    HPDF_Page_EndText(p->page);
}

static void ink(const struct pen *p, struct colour c)
{
    HPDF_Page_SetRGBFill(p->page, c.r, c.g, c.b);
}

static bool is_letter_start(char ch)
{
    return ((unsigned char)ch & 0xC0) != 0x80;
}

/* How much of the text goes into one line: whole words, or as many letters of one as fit. */
static size_t fitting(const struct pen *p, HPDF_Font font, float size, float width, str text)
{
    size_t end = 0;

    for (size_t i = 0; i <= text.n && i < LINE_BYTES - 8; i++) {
        bool stop = i == text.n || text.p[i] == ' ' || text.p[i] == '/';
        if (!stop || i == 0)
            continue;
        size_t to = i < text.n && text.p[i] == '/' ? i + 1 : i;
        if (width_of(p, font, size, str_slice(text, 0, to)) > width)
            break;
        end = to;
    }
    for (size_t i = 1; !end && i <= text.n && i < LINE_BYTES - 8; i++)
        if ((i == text.n || is_letter_start(text.p[i])) &&
            width_of(p, font, size, str_slice(text, 0, i)) > width)
            end = i > 4 ? i - 4 : 1;
    while (end && end < text.n && !is_letter_start(text.p[end]))
        end--;
    return end ? end : text.n < LINE_BYTES - 8 ? text.n : LINE_BYTES - 8;
}

/* --- pages --- */

static void new_page(struct pen *p)
{
    if (p->pages == POSTURE_PDF_MAX_PAGES)
        return;
    p->pages++;
    p->page = HPDF_AddPage(p->doc);
    HPDF_Page_SetSize(p->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
    ink(p, MUTED);
    draw(p, p->plain, 8, LEFT, HEIGHT - 38, p->r->standard->title);
    HPDF_Page_SetRGBStroke(p->page, RULE.r, RULE.g, RULE.b);
    HPDF_Page_SetLineWidth(p->page, 0.6F);
    HPDF_Page_MoveTo(p->page, LEFT, HEIGHT - 46);
    HPDF_Page_LineTo(p->page, RIGHT, HEIGHT - 46);
    HPDF_Page_Stroke(p->page);
    p->y = TOP;
}

static void need(struct pen *p, float height)
{
    if (p->y - height < BOTTOM)
        new_page(p);
}

struct style {
    bool          bold;
    float         size, x, width;
    struct colour colour;
};

static void paragraph(struct pen *p, const struct style *s, str text)
{
    HPDF_Font font = s->bold ? p->bold : p->plain;

    text = str_trim(text);
    while (text.n) {
        size_t n = fitting(p, font, s->size, s->width, text);
        need(p, s->size * LEADING);
        ink(p, s->colour);
        p->y -= s->size * LEADING;
        draw(p, font, s->size, s->x, p->y, str_slice(text, 0, n));
        text = str_trim(str_from(text, n));
    }
}

static void gap(struct pen *p, float height)
{
    p->y -= height;
}

/* --- the summary --- */

/* Marks differ in shape, not in colour alone. */
static void mark(const struct pen *p, enum posture_compliant state, float x, float y)
{
    struct colour c = STATES[state].colour;

    ink(p, c);
    HPDF_Page_SetRGBStroke(p->page, c.r, c.g, c.b);
    HPDF_Page_SetLineWidth(p->page, 1.1F);
    if (state == POSTURE_PASSED) {
        HPDF_Page_Circle(p->page, x + 3.5F, y + 3, 3.4F);
        HPDF_Page_Fill(p->page);
    } else if (state == POSTURE_FAILED) {
        HPDF_Page_MoveTo(p->page, x + 0.5F, y);
        HPDF_Page_LineTo(p->page, x + 6.5F, y + 6);
        HPDF_Page_MoveTo(p->page, x + 0.5F, y + 6);
        HPDF_Page_LineTo(p->page, x + 6.5F, y);
        HPDF_Page_Stroke(p->page);
    } else if (state == POSTURE_SKIPPED) {
        HPDF_Page_Circle(p->page, x + 3.5F, y + 3, 3);
        HPDF_Page_Stroke(p->page);
    } else {
        HPDF_Page_MoveTo(p->page, x, y + 3);
        HPDF_Page_LineTo(p->page, x + 7, y + 3);
        HPDF_Page_Stroke(p->page);
    }
}

static void hatch(const struct pen *p, float x, float y, float w, float h)
{
    HPDF_Page_SetLineWidth(p->page, 0.8F);
    HPDF_Page_SetRGBStroke(p->page, 1, 1, 1);
    for (float at = x + 3; at < x + w; at += 4) {
        HPDF_Page_MoveTo(p->page, at, y);
        HPDF_Page_LineTo(p->page, at, y + h);
    }
    HPDF_Page_Stroke(p->page);
}

static void bar(struct pen *p, const size_t *by_state, size_t all)
{
    float x = LEFT, h = 16;

    need(p, h + 30);
    p->y -= h;
    for (int i = 0; i < POSTURE_COMPLIANT_COUNT_; i++) {
        float w = (RIGHT - LEFT) * (float)by_state[i] / (float)(all ? all : 1);
        if (!by_state[i])
            continue;
        ink(p, STATES[i].colour);
        HPDF_Page_Rectangle(p->page, x, p->y, w, h);
        HPDF_Page_Fill(p->page);
        if (i == POSTURE_SKIPPED)
            hatch(p, x, p->y, w, h);
        x += w;
    }
    gap(p, 16);
    x = LEFT;
    for (int i = 0; i < POSTURE_COMPLIANT_COUNT_; i++) {
        str text = arena_printf(p->a, "%zu %s", by_state[i], STATES[i].word);
        mark(p, (enum posture_compliant)i, x, p->y);
        ink(p, INK);
        draw(p, p->plain, 9, x + 12, p->y, text);
        x += 12 + width_of(p, p->plain, 9, text) + 22;
    }
    gap(p, 10);
}

static void fact(struct pen *p, const char *name, str value)
{
    const struct style s = { false, 9, LEFT + 70, RIGHT - LEFT - 70, INK };

    need(p, 14);
    ink(p, MUTED);
    draw(p, p->plain, 9, LEFT, p->y - 9 * LEADING, str_of(name));
    paragraph(p, &s, value);
}

static void cover(struct pen *p)
{
    const struct posture_standard *s = p->r->standard;
    const struct style             title = { true, 20, LEFT, RIGHT - LEFT, INK },
                       small = { false, 9, LEFT, RIGHT - LEFT, MUTED },
                       said = { false, 9.5F, LEFT, RIGHT - LEFT, INK };
    char now[TS_TEXT_SIZE];

    paragraph(p, &small, S("Compliance report"));
    paragraph(p, &title, s->title);
    gap(p, 8);
    fact(p, "Scope",
         p->r->scope.n ? p->r->scope : arena_printf(p->a, "tenant " STR_FMT, STR_ARG(p->r->tenant)));
    fact(p, "Time", arena_printf(p->a, STR_FMT " UTC", STR_ARG(str_slice(ts_text(p->r->time, now), 0, 19))));
    fact(p, "Initiative", s->set);
    gap(p, 8);
    if (s->description.n)
        paragraph(p, &said, s->description);
    gap(p, 10);
    bar(p, s->by_state, s->n);
    paragraph(p, &small,
              S("A control passes when everything under it was measured and passes, and fails when one "
                "resource fails "
                "one of its checks. Not decided: something waits for a person's word or could not be "
                "measured; it is "
                "never counted as passed."));
    gap(p, 14);
}

/* --- controls --- */

static void add_count(struct strbuf *out, int64_t n, const char *word)
{
    if (n)
        strbuf_addf(out, "%s%lld %s", out->n ? ", " : "", (long long)n, word);
}

static str resources_text(const struct posture_compliance_check *k, struct arena *a)
{
    AUTO_STRBUF text = STRBUF_INIT(LINE_BYTES);

    add_count(&text, k->failed, k->failed == 1 ? "fails" : "fail");
    add_count(&text, k->passed, k->passed == 1 ? "passes" : "pass");
    add_count(&text, k->unmeasured, "not measured");
    add_count(&text, k->manual, k->manual == 1 ? "awaits attestation" : "await attestation");
    add_count(&text, k->skipped, "not applicable or exempt");
    if (!text.n)
        strbuf_addz(&text, "no resource that it concerns");
    return arena_str(a, strbuf_view(&text));
}

/* What stands behind the scope of the report. */
static str within(str scope, str id)
{
    return scope.n && id.n > scope.n + 1 && str_starts_ci(id, scope) ? str_from(id, scope.n + 1) : id;
}

static void failing(struct pen *p, const struct posture_compliance_check *k)
{
    struct posture_assessments list = posture_report_samples(p->r, k);
    const struct style         id = { false, 7.5F, LEFT + 42, RIGHT - LEFT - 42, INK },
                       proof = { false, 7.5F, LEFT + 52, RIGHT - LEFT - 52, MUTED };

    for (size_t i = 0; i < list.n; i++) {
        paragraph(p, &id, within(p->r->scope, list.p[i].resource_id));
        paragraph(p, &proof, posture_report_evidence(&list.p[i], p->a));
    }
    if (k->failed > (int64_t)list.n)
        paragraph(p, &proof, arena_printf(p->a, "and %lld more", (long long)k->failed - (long long)list.n));
}

static void check(struct pen *p, const struct posture_compliance_check *k)
{
    const struct posture_check *c = k->tally->check;
    const struct style          title = { false, 8.5F, LEFT + 28, RIGHT - LEFT - 28, INK },
                       counts = { false, 7.5F, LEFT + 28, RIGHT - LEFT - 28, MUTED };

    need(p, 26);
    mark(p, k->state, LEFT + 14, p->y - 10.5F);
    paragraph(p, &title, json_str(c->properties, S("displayName"), c->name));
    paragraph(p, &counts,
              arena_printf(p->a, "%s · severity " STR_FMT " · " STR_FMT, STATES[k->state].word,
                           STR_ARG(posture_severity_name(c->severity)), STR_ARG(resources_text(k, p->a))));
    failing(p, k);
    gap(p, 3);
}

static void control(struct pen *p, const struct posture_compliance_control *c)
{
    const struct style title = { true, 10, LEFT + 14, RIGHT - LEFT - 120, INK };
    const char        *word = STATES[c->state].word;

    need(p, 50);
    gap(p, 6);
    mark(p, c->state, LEFT, p->y - 12);
    ink(p, STATES[c->state].colour);
    draw(p, p->bold, 9, RIGHT - width_of(p, p->bold, 9, str_of(word)), p->y - 10 * LEADING, str_of(word));
    paragraph(p, &title,
              str_eq(c->title, c->name)
                  ? c->name
                  : arena_printf(p->a, STR_FMT "  " STR_FMT, STR_ARG(c->name), STR_ARG(c->title)));
    gap(p, 3);
    for (size_t i = 0; i < c->n; i++)
        check(p, &c->checks[i]);
}

/* --- the whole --- */

static void number_pages(struct pen *p)
{
    for (size_t i = 0; i < p->pages; i++) {
        p->page = HPDF_GetPageByIndex(p->doc, (HPDF_UINT)i);
        str text = arena_printf(p->a, "%zu / %zu", i + 1, p->pages);
        ink(p, MUTED);
        draw(p, p->plain, 8, RIGHT - width_of(p, p->plain, 8, text), 30, text);
        draw(p, p->plain, 8, LEFT, 30, S("Vedette"));
    }
}

static void open_fonts(struct pen *p)
{
    p->utf8 = file_exists(FONTS "DejaVuSans.ttf") && file_exists(FONTS "DejaVuSans-Bold.ttf");
    if (!p->utf8) {
        p->plain = HPDF_GetFont(p->doc, "Helvetica", "WinAnsiEncoding");
        p->bold = HPDF_GetFont(p->doc, "Helvetica-Bold", "WinAnsiEncoding");
        return;
    }
    HPDF_UseUTFEncodings(p->doc);
    HPDF_SetCurrentEncoder(p->doc, "UTF-8");
    p->plain =
        HPDF_GetFont(p->doc, HPDF_LoadTTFontFromFile(p->doc, FONTS "DejaVuSans.ttf", HPDF_TRUE), "UTF-8");
    p->bold = HPDF_GetFont(p->doc, HPDF_LoadTTFontFromFile(p->doc, FONTS "DejaVuSans-Bold.ttf", HPDF_TRUE),
                           "UTF-8");
}

static void describe(const struct pen *p)
{
    char title[LINE_BYTES];

    one_line(p, p->r->standard->title, title);
    HPDF_SetInfoAttr(p->doc, HPDF_INFO_TITLE, title);
    HPDF_SetInfoAttr(p->doc, HPDF_INFO_CREATOR, "Vedette");
    HPDF_SetCompressionMode(p->doc, HPDF_COMP_ALL);
}

static enum rc take_bytes(struct pen *p, struct strbuf *out, struct err *err)
{
    HPDF_BYTE  *chunk = ARENA_ARRAY(p->a, HPDF_BYTE, CHUNK);
    HPDF_UINT32 n = CHUNK;

    if (HPDF_GetError(p->doc) != HPDF_OK || HPDF_SaveToStream(p->doc) != HPDF_OK)
        return err_set(err, RC_INTERNAL, "libharu: error %lx", HPDF_GetError(p->doc));
    HPDF_ResetStream(p->doc);
    for (HPDF_STATUS more = HPDF_OK; more == HPDF_OK && n; n = CHUNK) {
        more = HPDF_ReadFromStream(p->doc, chunk, &n);
        strbuf_add(out, str_make((const char *)chunk, n));
        if (!n)
            break;
    }
    return strbuf_ok(out, "the report", err);
}

enum rc posture_pdf_write(const struct posture_report *r, struct arena *a, struct strbuf *out,
                          struct err *err)
{
    struct pen p = { .doc = HPDF_New(NULL, NULL), .r = r, .a = a };

    if (!p.doc)
        return err_set(err, RC_LIMIT, "no memory for a document");
    open_fonts(&p);
    enum rc rc = p.plain && p.bold ? RC_OK : err_set(err, RC_INTERNAL, "libharu: no font");
    if (rc == RC_OK) {
        describe(&p);
        new_page(&p);
        cover(&p);
        for (size_t i = 0; i < r->standard->n; i++)
            control(&p, &r->standard->controls[i]);
        number_pages(&p);
        rc = take_bytes(&p, out, err);
    }
    HPDF_Free(p.doc);
    return rc;
}
