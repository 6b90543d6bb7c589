/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest_auditd.h"

#include "base/hash.h"
#include "base/mem.h"
#include "ingest/ingest_value.h"

/* --- one line --- */

struct head {
    str  node, type, id, serial;
    ts   time;
    str  rest;  /* behind the colon */
    bool auoms; /* everything in one record, with its own quoting */
};

struct field {
    str  name, value;
    bool quoted;
};

static str take_word(str *rest)
{
    size_t n = str_find_byte(*rest, ' ');
    str    word = str_slice(*rest, 0, n);

    *rest = n == STR_NPOS ? STR_NONE : str_from(*rest, n + 1);
    return word;
}

/* "1652292621.986:84138" */
static bool read_id(str id, struct head *h)
{
    size_t   colon = str_find_byte(id, ':'), dot = str_find_byte(id, '.');
    uint64_t seconds, millis = 0;

    if (colon == STR_NPOS)
        return false;
    if (dot == STR_NPOS || dot > colon)
        dot = colon;
    else if (!str_to_u64(str_slice(id, dot + 1, colon), &millis) || millis > 999)
        return false;
    if (!str_to_u64(str_slice(id, 0, dot), &seconds) || seconds > UINT32_MAX * UINT64_C(10))
        return false;
    h->id = id;
    h->serial = str_from(id, colon + 1);
    h->time = ts_from_unix((int64_t)seconds, (int64_t)millis * 1000000);
    return true;
}

static bool read_head(str line, struct head *h)
{
    str    word;
    size_t end;

    *h = (struct head) { .rest = line };
    word = take_word(&h->rest);
    if (str_starts(word, S("node="))) {
        h->node = str_from(word, 5);
        word = take_word(&h->rest);
    }
    if (!str_starts(word, S("type=")))
        return false;
    h->type = str_from(word, 5);
    h->auoms = str_starts(h->type, S("AUOMS_"));
    if (str_starts(h->rest, S("msg=")))
        h->rest = str_from(h->rest, 4);
    if (!str_starts(h->rest, S("audit(")))
        return false;
    end = str_find(h->rest, S("):"));
    if (end == STR_NPOS || !read_id(str_slice(h->rest, 6, end), h))
        return false;
    h->rest = str_from(h->rest, end + 2);
    return true;
}

/* auditd's separator before the names that it looked up for us. */
enum { ENRICHED = 0x1d };

static bool is_gap(char c)
{
    return c == ' ' || c == ENRICHED || c == '\n' || c == '\r';
}

/* Where a value ends that begins at rest[0] and closes with `close` before a gap or the end. */
static size_t closing(str rest, char close)
{
    for (size_t i = 1; i < rest.n; i++) {
        if (rest.p[i] == close && (i + 1 == rest.n || is_gap(rest.p[i + 1])))
            return i;
    }
    return rest.n;
}

/* AUOMS quotes nothing inside of these two: they end where its next field begins. */
static size_t auoms_end(str name, str rest)
{
    size_t end;

    if (!str_eq(name, S("cmdline")) && !str_eq(name, S("proctitle")))
        return STR_NPOS;
    end = str_find(rest, S(" redactors="));
    return end == STR_NPOS ? rest.n : end;
}

static str unquoted(str s)
{
    return s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"' ? str_slice(s, 1, s.n - 1) : s;
}

static void take_value(const struct head *h, struct field *f, str *rest)
{
    size_t end = h->auoms ? auoms_end(f->name, *rest) : STR_NPOS;
    char   first = rest->n ? rest->p[0] : 0;

    if (end != STR_NPOS) {
        f->value = unquoted(str_slice(*rest, 0, end));
        f->quoted = true;
    } else if (first == '"' || first == '\'') {
        end = first == '"' ? str_find_byte(str_from(*rest, 1), '"') : closing(*rest, '\'') - 1;
        end = end == STR_NPOS ? rest->n : end + 1;
        f->value = str_slice(*rest, 1, end);
        f->quoted = true;
        end++;
    } else if (first == '[') {
        end = closing(*rest, ']') + 1;
        f->value = str_slice(*rest, 0, end);
    } else {
        for (end = 0; end < rest->n && !is_gap(rest->p[end]);)
            end++;
        f->value = str_slice(*rest, 0, end);
    }
    *rest = str_from(*rest, end);
}

/* The next name=value; words without = are passed over. */
static bool next_field(const struct head *h, str *rest, struct field *f)
{
    for (;;) {
        size_t n = 0;

        while (n < rest->n && is_gap(rest->p[n]))
            n++;
        *rest = str_from(*rest, n);
        if (rest->n == 0)
            return false;
        for (n = 0; n < rest->n && !is_gap(rest->p[n]) && rest->p[n] != '=';)
            n++;
        f->name = str_slice(*rest, 0, n);
        f->quoted = false;
        if (n < rest->n && rest->p[n] == '=') {
            *rest = str_from(*rest, n + 1);
            take_value(h, f, rest);
            return true;
        }
        *rest = str_from(*rest, n);
    }
}

/* Texts that auditd writes in hexadecimal when they hold a blank, a quote or worse. */
static bool may_be_hex(const struct head *h, str name)
{
    static const str NAMES[] = {
        STR_INIT("proctitle"), STR_INIT("cmd"), STR_INIT("exe"),  STR_INIT("name"), STR_INIT("comm"),
        STR_INIT("acct"),      STR_INIT("cwd"), STR_INIT("data"), STR_INIT("key"),
    };

    if (str_eq(h->type, S("EXECVE")))
        return name.n > 1 && name.p[0] == 'a' && name.p[1] >= '0' && name.p[1] <= '9';
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (str_eq(NAMES[i], name))
            return true;
    }
    return false;
}

static int upper_hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The bytes of hexadecimal digits, with NUL (which parts arguments) as a blank; the text itself when it is no
 * such thing. */
static str from_hex(struct arena *a, str s)
{
    char *out;

    if (s.n < 2 || s.n % 2)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        if (upper_hex(s.p[i]) < 0)
            return s;
    }
    out = arena_try_alloc(a, s.n / 2);
    if (!out)
        return s;
    for (size_t i = 0; i < s.n / 2; i++) {
        out[i] = (char)(upper_hex(s.p[2 * i]) << 4 | upper_hex(s.p[2 * i + 1]));
        if (!out[i])
            out[i] = ' ';
    }
    return str_make(out, s.n / 2);
}

static str field_text(struct arena *a, const struct head *h, const struct field *f)
{
    if (!f->quoted && (str_eq(f->value, S("(null)")) || str_eq(f->value, S("(none)"))))
        return STR_NONE;
    return !f->quoted && may_be_hex(h, f->name) ? from_hex(a, f->value) : f->value;
}

/* --- process starts --- */

enum told { EXE, COMM, PID, PPID, UID, EUID, AUID, SES, TTY, KEY, CWD, PROCTITLE, EUSER, TOLD_COUNT_ };

static const str TOLD_NAMES[TOLD_COUNT_] = {
    [EXE] = STR_INIT("exe"),
    [COMM] = STR_INIT("comm"),
    [PID] = STR_INIT("pid"),
    [PPID] = STR_INIT("ppid"),
    [UID] = STR_INIT("uid"),
    [EUID] = STR_INIT("euid"),
    [AUID] = STR_INIT("auid"),
    [SES] = STR_INIT("ses"),
    [TTY] = STR_INIT("tty"),
    [KEY] = STR_INIT("key"),
    [CWD] = STR_INIT("cwd"),
    [PROCTITLE] = STR_INIT("proctitle"),
    [EUSER] = STR_INIT("effective_user"),
};

struct open_event {
    bool          used, started; /* started: a successful execve was seen */
    ts            time;
    uint64_t      key; /* of host and number */
    struct arena *arena;
    str           host;
    str           told[TOLD_COUNT_];
    struct strbuf args;
};

struct known {
    uint64_t key; /* of host and pid */
    char    *exe, *command;
};

struct ingest_audit {
    struct open_event open[INGEST_AUDITD_OPEN];
    unsigned          next; /* the slot to take when all are used */
    struct known      known[INGEST_AUDITD_KNOWN];
};

struct ingest_audit *ingest_auditd_new(void)
{
    struct ingest_audit *a = MEM_NEW(struct ingest_audit);

    for (size_t i = 0; i < INGEST_AUDITD_OPEN; i++) {
        a->open[i].arena = arena_new(INGEST_AUDITD_TEXT_MAX * (TOLD_COUNT_ + 4));
        strbuf_init(&a->open[i].args, 32768);
    }
    return a;
}

struct ingest_audit *ingest_auditd_free(struct ingest_audit *a)
{
    if (!a)
        return NULL;
    for (size_t i = 0; i < INGEST_AUDITD_OPEN; i++) {
        arena_free(a->open[i].arena);
        strbuf_done(&a->open[i].args);
    }
    for (size_t i = 0; i < INGEST_AUDITD_KNOWN; i++) {
        mem_free(a->known[i].exe);
        mem_free(a->known[i].command);
    }
    return mem_free(a);
}

static uint64_t key_of(str host, str id)
{
    return hash_keyed(hash_key_process(), host) * 31 + hash_keyed(hash_key_process(), id);
}

static void remember(struct ingest_audit *a, const struct open_event *ev, str command)
{
    uint64_t      key = key_of(ev->host, ev->told[PID]);
    struct known *k = &a->known[key % INGEST_AUDITD_KNOWN];

    mem_free(k->exe);
    mem_free(k->command);
    k->key = key;
    k->exe = mem_strdup(str_slice(ev->told[EXE], 0, INGEST_AUDITD_TEXT_MAX));
    k->command = mem_strdup(str_slice(command, 0, INGEST_AUDITD_TEXT_MAX));
}

static const struct known *recall(const struct ingest_audit *a, str host, str pid)
{
    uint64_t            key = key_of(host, pid);
    const struct known *k = &a->known[key % INGEST_AUDITD_KNOWN];

    return k->exe && k->key == key ? k : NULL;
}

static void put_told(struct ingest_row *row, const struct open_event *ev)
{
    static const enum told EXTRAS[] = { UID, EUID, AUID, SES, TTY, CWD, KEY, COMM };
    int64_t                n;

    for (size_t i = 0; i < sizeof EXTRAS / sizeof *EXTRAS; i++) {
        str v = ev->told[EXTRAS[i]];

        if (EXTRAS[i] <= SES && EXTRAS[i] >= UID && str_to_i64(v, &n))
            ingest_row_i64(row, TOLD_NAMES[EXTRAS[i]], n);
        else
            ingest_row_str(row, TOLD_NAMES[EXTRAS[i]], v);
    }
}

static void put_parent(struct ingest_row *row, const struct ingest_audit *a, const struct open_event *ev)
{
    const struct known *parent = recall(a, ev->host, ev->told[PPID]);
    int64_t             ppid;
    str                 exe;

    if (str_to_i64(ev->told[PPID], &ppid))
        ingest_row_i64(row, S("InitiatingProcessId"), ppid);
    if (!parent)
        return;
    exe = arena_str(row->arena, str_of(parent->exe));
    ingest_row_str(row, S("InitiatingProcessFolderPath"), exe);
    ingest_row_str(row, S("InitiatingProcessFileName"), ingest_value_base(exe));
    ingest_row_str(row, S("InitiatingProcessCommandLine"), arena_str(row->arena, str_of(parent->command)));
}

static void reset(struct open_event *ev)
{
    arena_reset(ev->arena);
    strbuf_clear(&ev->args);
    ev->used = ev->started = false;
    memset(ev->told, 0, sizeof ev->told);
}

/* A row lives as long as the record's arena, the event does not. */
static str lasting(struct ingest_ctx *ctx, str s)
{
    return s.n ? arena_str(ctx->arena, s) : STR_NONE;
}

static enum rc give_out(struct ingest_ctx *ctx, struct open_event *ev, struct err *err)
{
    struct ingest_row row;
    str               command = lasting(ctx, ev->args.n ? strbuf_view(&ev->args) : ev->told[PROCTITLE]);
    str               user;
    int64_t           pid;
    enum rc           rc = RC_OK;

    for (int i = 0; i < TOLD_COUNT_; i++)
        ev->told[i] = lasting(ctx, ev->told[i]);
    ev->host = lasting(ctx, ev->host);
    user = ev->told[EUSER].n ? ev->told[EUSER] : ev->told[EUID];
    if (ev->started) {
        ingest_row_init(&row, ctx->arena, S("DeviceProcessEvents"), ev->time);
        ingest_row_str(&row, S("DeviceName"), ev->host);
        ingest_row_str(&row, S("ActionType"), S("ProcessCreated"));
        ingest_row_str(&row, S("FolderPath"), ev->told[EXE]);
        ingest_row_str(&row, S("FileName"), ingest_value_base(ev->told[EXE]));
        ingest_row_str(&row, S("ProcessCommandLine"), command);
        if (str_to_i64(ev->told[PID], &pid))
            ingest_row_i64(&row, S("ProcessId"), pid);
        ingest_row_str(&row, S("AccountName"), user);
        put_parent(&row, ctx->audit, ev);
        put_told(&row, ev);
        rc = ingest_row_emit(&row, &ctx->sink, err);
        remember(ctx->audit, ev, command);
    }
    reset(ev);
    return rc;
}

static enum rc open_find(struct ingest_ctx *ctx, const struct head *h, str host, struct open_event **out,
                         struct err *err)
{
    struct ingest_audit *a = ctx->audit;
    uint64_t             key = key_of(host, h->id);
    struct open_event   *ev = NULL;

    for (size_t i = 0; i < INGEST_AUDITD_OPEN; i++) {
        if (a->open[i].used && a->open[i].key == key) {
            *out = &a->open[i];
            return RC_OK;
        }
        if (!a->open[i].used && !ev)
            ev = &a->open[i];
    }
    if (!ev) {
        ev = &a->open[a->next++ % INGEST_AUDITD_OPEN];
        TRY(give_out(ctx, ev, err));
    }
    ev->used = true;
    ev->key = key;
    ev->time = h->time;
    ev->host = arena_str(ev->arena, str_slice(host, 0, INGEST_AUDITD_TEXT_MAX));
    *out = ev;
    return RC_OK;
}

static bool is_start(str syscall)
{
    static const str NAMES[] = { STR_INIT("execve"), STR_INIT("execveat"), STR_INIT("59"),
                                 STR_INIT("322"),    STR_INIT("221"),      STR_INIT("281") };

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (str_eq(syscall, NAMES[i]))
            return true;
    }
    return false;
}

/* Does this record belong to a process start? The others of its event say nothing that the row needs. */
static bool is_part(const struct head *h)
{
    static const str TYPES[] = { STR_INIT("SYSCALL"), STR_INIT("EXECVE"), STR_INIT("CWD"),
                                 STR_INIT("PROCTITLE"), STR_INIT("AUOMS_EXECVE") };

    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        if (str_eq(h->type, TYPES[i]))
            return true;
    }
    return false;
}

static void tell(struct open_event *ev, enum told what, str value)
{
    if (value.n && !ev->told[what].n)
        ev->told[what] = arena_str(ev->arena, str_slice(value, 0, INGEST_AUDITD_TEXT_MAX));
}

static void add_argument(struct open_event *ev, const struct head *h, const struct field *f, str text)
{
    if (h->auoms && str_eq(f->name, S("cmdline")))
        strbuf_add(&ev->args, text);
    else if (str_eq(h->type, S("EXECVE")) && may_be_hex(h, f->name) && !str_ends(f->name, S("_len")))
        ingest_value_add_argument(&ev->args, text);
}

static enum rc gather_start(struct ingest_ctx *ctx, const struct head *h, str host, struct err *err)
{
    struct open_event *ev;
    struct field       f;
    str                rest = h->rest, syscall = STR_NONE, success = STR_NONE;

    TRY(open_find(ctx, h, host, &ev, err));
    while (next_field(h, &rest, &f)) {
        str text = field_text(ctx->arena, h, &f);

        for (int i = 0; i < TOLD_COUNT_; i++) {
            if (str_eq(f.name, TOLD_NAMES[i]))
                tell(ev, (enum told)i, text);
        }
        if (str_eq(f.name, S("EUID")))
            tell(ev, EUSER, text);
        else if (str_eq(f.name, S("syscall")))
            syscall = text;
        else if (str_eq(f.name, S("success")))
            success = text;
        add_argument(ev, h, &f, text);
    }
    if (is_start(syscall) && str_eq(success, S("yes")))
        ev->started = true;
    return h->auoms || str_eq(h->type, S("PROCTITLE")) ? give_out(ctx, ev, err) : RC_OK;
}

/* --- LinuxAuditLog --- */

static str column_of(const struct head *h, const struct ingest_table *table, str name)
{
    static const struct {
        str name, column;
    } NAMES[] = {
        { STR_INIT("UID"), STR_INIT("user") },        { STR_INIT("EUID"), STR_INIT("effective_user") },
        { STR_INIT("GID"), STR_INIT("group") },       { STR_INIT("EGID"), STR_INIT("effective_group") },
        { STR_INIT("AUID"), STR_INIT("audit_user") }, { STR_INIT("cmdline"), STR_INIT("cmd") },
        { STR_INIT("proctitle"), STR_INIT("cmd") },
    };

    if (str_eq(name, S("name")) && (h->auoms || str_eq(h->type, S("PATH"))))
        return S("path");
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (str_eq(NAMES[i].name, name))
            return NAMES[i].column;
    }
    /* SYSCALL=execve comes after syscall=59 and is not the same: only small letters name a column. */
    if (str_eq(ingest_schema_column(table, name), name))
        return ingest_schema_column(table, name);
    return STR_NONE;
}

/* Fields of user-space records stand once more in quotes: msg='op=login acct="root" …'. */
static void put_fields(struct ingest_ctx *ctx, const struct head *h, struct ingest_row *row, str fields,
                       bool inner)
{
    const struct ingest_table *table = ingest_schema_find(ctx->schema, row->table);
    struct field               f;

    while (table && next_field(h, &fields, &f)) {
        str column;

        if (!inner && f.quoted && str_eq(f.name, S("msg"))) {
            put_fields(ctx, h, row, f.value, true);
            continue;
        }
        column = column_of(h, table, f.name);
        if (column.n)
            ingest_row_str(row, column, field_text(ctx->arena, h, &f));
    }
}

bool ingest_auditd_is(str line)
{
    struct head h;

    return (str_starts(line, S("type=")) || str_starts(line, S("node="))) && read_head(line, &h);
}

enum rc ingest_auditd_line(struct ingest_ctx *ctx, str line, struct err *err)
{
    struct head       h;
    struct ingest_row row;
    str               host;

    if (!read_head(line, &h))
        return err_set(err, RC_INVALID,
                       "the line is no audit record: it lacks type=… msg=audit(time:number):");
    if (str_eq(h.type, S("EOE")))
        return RC_OK; /* only says that the event is over */
    host = h.node.n ? h.node : ctx->host;
    ingest_row_init(&row, ctx->arena, S("LinuxAuditLog"), h.time);
    ingest_row_str(&row, S("Computer"), host);
    ingest_row_str(&row, S("RecordType"), h.type);
    ingest_row_str(&row, S("AuditID"), h.id);
    ingest_row_str(&row, S("SerialNumber"), h.serial);
    ingest_row_str(&row, S("node"), h.node);
    ingest_row_str(&row, S("RawRecord"), line);
    put_fields(ctx, &h, &row, h.rest, false);
    TRY(ingest_row_emit(&row, &ctx->sink, err));
    return ctx->audit && is_part(&h) ? gather_start(ctx, &h, host, err) : RC_OK;
}

enum rc ingest_auditd_flush(struct ingest_ctx *ctx, struct err *err)
{
    for (size_t i = 0; ctx->audit && i < INGEST_AUDITD_OPEN; i++) {
        if (ctx->audit->open[i].used)
            TRY(give_out(ctx, &ctx->audit->open[i], err));
    }
    return RC_OK;
}

bool ingest_auditd_sniff(const struct ingest_ctx *ctx, const struct ingest_record *record)
{
    (void)ctx;
    return !record->json && ingest_auditd_is(record->text);
}

enum rc ingest_auditd_decode(struct ingest_ctx *ctx, const struct ingest_record *record, struct err *err)
{
    return ingest_auditd_line(ctx, record->text, err);
}
