/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_fix.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "host/host_conf.h"
#include "host/host_edit.h"
#include "host/host_read.h"

enum { MODE_BITS = 07777, PLAN_MEMORY = 64 << 20 };

const str HOST_FIX_PLACES[] = {
    STR_INIT("/etc/apt/apt.conf.d/"),
    STR_INIT("/etc/at.allow"),
    STR_INIT("/etc/audit/"),
    STR_INIT("/etc/cron.allow"),
    STR_INIT("/etc/default/useradd"),
    STR_INIT("/etc/issue"),
    STR_INIT("/etc/issue.net"),
    STR_INIT("/etc/login.defs"),
    STR_INIT("/etc/modprobe.d/"),
    STR_INIT("/etc/motd"),
    STR_INIT("/etc/profile.d/"),
    STR_INIT("/etc/security/"),
    STR_INIT("/etc/ssh/sshd_config.d/"),
    STR_INIT("/etc/sudoers.d/"),
    STR_INIT("/etc/sysctl.d/"),
    STR_INIT("/etc/systemd/journald.conf.d/"),
    STR_INIT("/proc/sys/"),
};
const size_t HOST_FIX_PLACES_COUNT = sizeof HOST_FIX_PLACES / sizeof HOST_FIX_PLACES[0];

/* One file: as it was and as it shall be. */
struct change {
    const char *path;
    bool        existed, kernel; /* a value of the kernel: written in place */
    str         before, after;
    unsigned    mode, mode_after, uid, gid, uid_after, gid_after;
};

struct host_fix {
    struct host h;
    VEC(struct change) changes;
    const char *pid_file; /* of the process that is told, or NULL */
};

static bool may_write(str path)
{
    for (size_t i = 0; i < HOST_FIX_PLACES_COUNT; i++) {
        str place = HOST_FIX_PLACES[i];
        if (place.p[place.n - 1] == '/' ? str_starts(path, place) && path.n > place.n : str_eq(path, place))
            return true;
    }
    return false;
}

static enum rc check_path(str path, bool write, struct err *err)
{
    if (path.n == 0 || path.p[0] != '/' || str_contains(path, S("..")) || str_find_byte(path, 0) != STR_NPOS)
        return err_set(err, RC_INVALID, "'" STR_FMT "' is no whole path", STR_ARG(path));
    if (write && !may_write(path))
        return err_set(err, RC_FORBIDDEN, "fixes do not write " STR_FMT, STR_ARG(path));
    return RC_OK;
}

static enum rc read_change(struct host *h, str path, struct change *out, struct err *err)
{
    struct stat    st;
    const char    *place = host_read_path(h, STR_FMT, STR_ARG(path));
    enum host_seen seen = host_read_stat(h, place, false, &st);
    *out = (struct change) { .path = place,
                             .existed = seen == HOST_READ,
                             .kernel = str_starts(path, S("/proc/sys/")) };
    if (seen == HOST_REFUSED)
        return err_set(err, RC_IO, "%s cannot be looked at", place);
    if (seen == HOST_ABSENT)
        return RC_OK;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return err_set(err, RC_UNSUPPORTED, "%s is a link or a device", place);
    out->mode = out->mode_after = st.st_mode & MODE_BITS;
    out->uid = out->uid_after = st.st_uid;
    out->gid = out->gid_after = st.st_gid;
    if (S_ISDIR(st.st_mode))
        return RC_OK;
    if (host_read_text(h, NULL, place, &out->before) != HOST_READ || out->before.n > HOST_FIX_MAX_FILE)
        return err_set(err, RC_LIMIT, "%s cannot be read, or has more than %d bytes", place,
                       HOST_FIX_MAX_FILE);
    if (!utf8_valid(out->before))
        return err_set(err, RC_UNSUPPORTED, "%s is no text", place);
    out->after = out->before;
    return RC_OK;
}

/* The change of a path, made at its first mention. */
static enum rc change_of(struct host_fix *fix, str path, struct change **out, struct err *err)
{
    struct change fresh;
    for (size_t i = 0; i < fix->changes.n; i++)
        if (str_eq(str_of(fix->changes.p[i].path), path)) {
            *out = &fix->changes.p[i];
            return RC_OK;
        }
    TRY(read_change(&fix->h, path, &fresh, err));
    *vec_push_in(fix->h.a, &fix->changes) = fresh;
    *out = &vec_last(&fix->changes);
    return RC_OK;
}

static enum rc keep_text(struct host_fix *fix, struct change *c, const struct strbuf *text, struct err *err)
{
    TRY(strbuf_ok(text, c->path, err));
    str kept = arena_str(fix->h.a, strbuf_view(text));
    if (!kept.p)
        return err_set(err, RC_LIMIT, "the fix needs more memory than it may use");
    c->after = kept;
    return RC_OK;
}

static enum rc read_mode(str text, unsigned *out, struct err *err)
{
    unsigned mode = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '7' || text.n > 4)
            return err_set(err, RC_INVALID, "'" STR_FMT "' is no mode such as 0640", STR_ARG(text));
        mode = mode * 8 + (unsigned)(text.p[i] - '0');
    }
    *out = mode;
    return RC_OK;
}

/* The text of a file is changed by one of three edits. */
static enum rc plan_text(struct host_fix *fix, const struct json *action, struct err *err)
{
    str path = json_str(action, S("file"), STR_NONE), verb = json_str(action, S("action"), STR_NONE);
    struct change *c;
    AUTO_STRBUF    text = STRBUF_INIT(HOST_FIX_MAX_FILE);
    TRY(check_path(path, true, err));
    TRY(change_of(fix, path, &c, err));
    if (!c->existed)
        TRY(read_mode(json_str(action, S("mode"), S("0644")), &c->mode_after, err));
    if (str_eq(verb, S("content")))
        strbuf_add(&text, json_str(action, S("content"), STR_NONE));
    else if (str_eq(verb, S("line")))
        host_edit_line(c->after, json_str(action, S("line"), STR_NONE), &text);
    else
        host_edit_set(c->after,
                      &(struct host_edit_setting) { .key = json_str(action, S("key"), STR_NONE),
                                                    .value = json_str(action, S("value"), STR_NONE),
                                                    .separator = json_str(action, S("separator"), S(" ")),
                                                    .section = json_str(action, S("section"), STR_NONE) },
                      &text);
    return keep_text(fix, c, &text, err);
}

/* The id of a name in passwd or group. */
static enum rc id_of(struct host *h, const char *file, str name, unsigned *out, struct err *err)
{
    str text, line;
    host_read_text(h, NULL, file, &text);
    while (str_split(&text, '\n', &line)) {
        str      called, password, id;
        uint64_t number;
        if (str_split(&line, ':', &called) && str_split(&line, ':', &password) &&
            str_split(&line, ':', &id) && str_eq(called, name) && str_to_u64(id, &number) &&
            number < UINT32_MAX) {
            *out = (unsigned)number;
            return RC_OK;
        }
    }
    return err_set(err, RC_NOT_FOUND, "%s has no " STR_FMT, file, STR_ARG(name));
}

static enum rc plan_permissions(struct host_fix *fix, const struct json *action, struct err *err)
{
    str            path = json_str(action, S("path"), STR_NONE);
    struct change *c;
    TRY(check_path(path, false, err));
    TRY(change_of(fix, path, &c, err));
    if (!c->existed)
        return RC_OK;
    TRY(read_mode(json_str(action, S("mode"), STR_NONE), &c->mode_after, err));
    TRY(id_of(&fix->h, "/etc/passwd", json_str(action, S("owner"), S("root")), &c->uid_after, err));
    return id_of(&fix->h, "/etc/group", json_str(action, S("group"), S("root")), &c->gid_after, err);
}

static str value_text(struct arena *a, const struct json *value)
{
    if (value && value->kind == JSON_INT)
        return arena_printf(a, "%lld", (long long)value->i);
    return value && value->kind == JSON_STRING ? value->s : STR_NONE;
}

static bool is_sysctl(str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", name.p[i]))
            return false;
    return name.n > 0 && !str_contains(name, S(".."));
}

/* After a restart by a file, now by the kernel itself, where one runs. */
static enum rc plan_sysctl(struct host_fix *fix, const struct json *action, struct err *err)
{
    str name = json_str(action, S("name"), STR_NONE),
        value = value_text(fix->h.a, json_get(action, S("value")));
    struct change *c;
    char           path[256];
    AUTO_STRBUF    text = STRBUF_INIT(HOST_FIX_MAX_FILE), running = STRBUF_INIT(256);
    if (!is_sysctl(name) || name.n > 200 || value.n == 0)
        return err_set(err, RC_INVALID, "a sysctl has a name and a value");
    TRY(change_of(fix, S("/etc/sysctl.d/60-vedette.conf"), &c, err));
    c->mode_after = c->existed ? c->mode_after : 0644;
    host_edit_set(c->after,
                  &(struct host_edit_setting) { .key = name, .value = value, .separator = S(" = ") }, &text);
    TRY(keep_text(fix, c, &text, err));

    snprintf(path, sizeof path, "/proc/sys/" STR_FMT, STR_ARG(name));
    for (char *p = path + sizeof "/proc/sys/" - 1; *p; p++)
        *p = *p == '.' ? '/' : *p;
    if (!host_read_exists(&fix->h, path))
        return RC_OK;
    TRY(change_of(fix, str_of(path), &c, err));
    strbuf_addf(&running, STR_FMT "\n", STR_ARG(value));
    return keep_text(fix, c, &running, err);
}

static enum rc plan_action(struct host_fix *fix, const struct json *action, struct err *err)
{
    str verb = json_str(action, S("action"), STR_NONE);
    if (str_eq(verb, S("set")) || str_eq(verb, S("line")) || str_eq(verb, S("content")))
        return plan_text(fix, action, err);
    if (str_eq(verb, S("permissions")))
        return plan_permissions(fix, action, err);
    if (str_eq(verb, S("sysctl")))
        return plan_sysctl(fix, action, err);
    if (str_eq(verb, S("signal"))) {
        str path = json_str(action, S("pidFile"), STR_NONE);
        if (!str_starts(path, S("/run/")) || str_contains(path, S("..")))
            return err_set(err, RC_FORBIDDEN, "a pid file stands in /run");
        fix->pid_file = host_read_path(&fix->h, STR_FMT, STR_ARG(path));
        return RC_OK;
    }
    return err_set(err, RC_UNSUPPORTED, "'" STR_FMT "' is no action of a fix", STR_ARG(verb));
}

static void close_root(void *p)
{
    close((int)(intptr_t)p - 1);
}

static enum rc open_root(const struct host_opts *opts, struct arena *a, struct host *out, struct err *err)
{
    const char *root = opts->root ? opts->root : "/";
    int         fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, errno, "%s", root);
    arena_defer(a, close_root, (void *)(intptr_t)(fd + 1));
    *out = (struct host) { .opts = opts, .root = fd, .a = a };
    return RC_OK;
}

enum rc host_fix_plan(const struct host_opts *opts, const struct json *actions, struct arena *a,
                      struct host_fix **out, struct err *err)
{
    struct host_fix *fix = arena_try_alloc(a, sizeof *fix);
    if (!fix)
        return err_set(err, RC_LIMIT, "the fix needs more memory than it may use");
    if (!actions || actions->kind != JSON_ARRAY || actions->n == 0 || actions->n > HOST_FIX_ACTIONS)
        return err_set(err, RC_INVALID, "a fix has 1 to %d actions", HOST_FIX_ACTIONS);
    TRY(open_root(opts, a, &fix->h, err));
    for (size_t i = 0; i < actions->n; i++)
        TRY(plan_action(fix, json_at(actions, i), err));
    *out = fix;
    return RC_OK;
}

static bool is_real(const struct change *c)
{
    return !str_eq(c->before, c->after) || c->mode != c->mode_after || c->uid != c->uid_after ||
           c->gid != c->gid_after;
}

enum rc host_fix_diff(const struct host_fix *fix, struct strbuf *out, struct err *err)
{
    for (size_t i = 0; i < fix->changes.n; i++) {
        const struct change *c = &fix->changes.p[i];
        if (!is_real(c))
            continue;
        strbuf_addf(out, "%s%s\n", c->path, c->existed ? "" : " (new)");
        if (c->mode != c->mode_after || c->uid != c->uid_after || c->gid != c->gid_after) {
            if (c->existed)
                strbuf_addf(out, "- mode %04o, owner %u:%u\n", c->mode, c->uid, c->gid);
            strbuf_addf(out, "+ mode %04o, owner %u:%u\n", c->mode_after, c->uid_after, c->gid_after);
        }
        host_edit_diff(c->before, c->after, out);
    }
    return strbuf_ok(out, "the diff", err);
}

/* The folder that holds the path, made where it is missing; `name` is what follows. */
static enum rc open_folder(struct host *h, const char *path, int *out, const char **name, struct err *err)
{
    const char *slash = strrchr(path, '/');
    str         folder = str_make(path, (size_t)(slash - path));
    int         fd = host_read_open(h, folder.n ? host_read_path(h, STR_FMT, STR_ARG(folder)) : "/",
                                    O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT && folder.n) {
        int         above = -1;
        const char *last;
        const char *place = host_read_path(h, STR_FMT, STR_ARG(folder));
        TRY(open_folder(h, place, &above, &last, err));
        AUTO_FD parent = above;
        if (mkdirat(parent, last, 0755) != 0 && errno != EEXIST)
            return err_errno(err, RC_IO, errno, "%s", place);
        fd = host_read_open(h, place, O_RDONLY | O_DIRECTORY);
    }
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "the folder of %s", path);
    *out = fd;
    *name = slash + 1;
    return RC_OK;
}

static enum rc write_beside(int folder, const char *name, const struct change *c, struct err *err)
{
    char beside[300];
    snprintf(beside, sizeof beside, ".%.200s.vedette", name);
    unlinkat(folder, beside, 0);
    AUTO_FD fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "%s", c->path);
    enum rc rc = file_write_all(fd, c->after, err);
    if (rc == RC_OK && (fchown(fd, c->uid_after, c->gid_after) != 0 || fchmod(fd, c->mode_after) != 0 ||
                        fsync(fd) != 0 || renameat(folder, beside, folder, name) != 0 || fsync(folder) != 0))
        rc = err_errno(err, RC_IO, errno, "%s", c->path);
    if (rc != RC_OK)
        unlinkat(folder, beside, 0);
    return rc;
}

static enum rc write_kernel(struct host *h, const struct change *c, struct err *err)
{
    AUTO_FD fd = host_read_open(h, c->path, O_WRONLY | O_TRUNC);
    if (fd < 0)
        return err_errno(err, RC_IO, errno, "%s", c->path);
    return file_write_all(fd, c->after, err);
}

/* Only the permissions change: what is there keeps its place, and its hard links. */
static enum rc write_permissions(struct host *h, const struct change *c, struct err *err)
{
    AUTO_FD fd = host_read_open(h, c->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fchown(fd, c->uid_after, c->gid_after) != 0 || fchmod(fd, c->mode_after) != 0)
        return err_errno(err, RC_IO, errno, "%s", c->path);
    return RC_OK;
}

static enum rc write_change(struct host *h, const struct change *c, struct err *err)
{
    int         fd = -1;
    const char *name;
    if (c->kernel)
        return write_kernel(h, c, err);
    if (c->existed && str_eq(c->before, c->after))
        return write_permissions(h, c, err);
    TRY(open_folder(h, c->path, &fd, &name, err));
    AUTO_FD folder = fd;
    return write_beside(folder, name, c, err);
}

static enum rc remove_file(struct host *h, const char *path, struct err *err)
{
    int         fd = -1;
    const char *name;
    TRY(open_folder(h, path, &fd, &name, err));
    AUTO_FD folder = fd;
    if (unlinkat(folder, name, 0) != 0)
        return err_errno(err, RC_IO, errno, "%s", path);
    return RC_OK;
}

static struct change turned(const struct change *c)
{
    struct change back = *c;
    back.before = c->after;
    back.after = c->before;
    back.mode = c->mode_after;
    back.mode_after = c->mode;
    back.uid = c->uid_after;
    back.uid_after = c->uid;
    back.gid = c->gid_after;
    back.gid_after = c->gid;
    return back;
}

static enum rc take_back(struct host *h, const struct change *c, struct err *err)
{
    struct change back = turned(c);
    if (!c->existed)
        return remove_file(h, c->path, err);
    return write_change(h, &back, err);
}

/* Is the file as the change found it (or, going back, as the change left it)? */
static enum rc check_fresh(struct host *h, const struct change *c, bool done, struct err *err)
{
    struct change now;
    TRY(read_change(h, str_of(c->path), &now, err));
    bool there = done || c->existed;
    if (now.existed != there || !str_eq(now.before, done ? c->after : c->before) ||
        (there && now.mode != (done ? c->mode_after : c->mode)))
        return err_set(err, RC_STALE, "%s was changed meanwhile", c->path);
    return RC_OK;
}

/* Nobody is told in a tree that is no running system. */
static void tell_process(struct host_fix *fix)
{
    uint64_t pid;
    if (fix->pid_file && !fix->h.opts->root && str_to_u64(host_read_line(&fix->h, fix->pid_file), &pid) &&
        pid > 1 && pid < INT32_MAX)
        kill((pid_t)pid, SIGHUP);
}

static void write_undo(const struct host_fix *fix, struct strbuf *out)
{
    struct json_w w = json_w_make(out);
    json_w_object(&w);
    json_w_key(&w, S("changes"));
    json_w_array(&w);
    for (size_t i = 0; i < fix->changes.n; i++) {
        const struct change *c = &fix->changes.p[i];
        if (!is_real(c))
            continue;
        json_w_object(&w);
        json_w_kstr(&w, S("path"), str_of(c->path));
        json_w_kbool(&w, S("existed"), c->existed);
        json_w_kstr(&w, S("before"), c->before);
        json_w_kstr(&w, S("after"), c->after);
        json_w_ki64(&w, S("mode"), c->mode);
        json_w_ki64(&w, S("modeAfter"), c->mode_after);
        json_w_ki64(&w, S("uid"), c->uid);
        json_w_ki64(&w, S("uidAfter"), c->uid_after);
        json_w_ki64(&w, S("gid"), c->gid);
        json_w_ki64(&w, S("gidAfter"), c->gid_after);
        json_w_end(&w);
    }
    json_w_end(&w);
    if (fix->pid_file)
        json_w_kstr(&w, S("pidFile"), str_of(fix->pid_file));
    json_w_end(&w);
}

enum rc host_fix_how(const struct host_fix *fix, struct strbuf *undo, struct err *err)
{
    write_undo(fix, undo);
    return strbuf_ok(undo, "the undo", err);
}

enum rc host_fix_apply(struct host_fix *fix, struct err *err)
{
    enum rc rc = RC_OK;
    size_t  i = 0;
    for (size_t k = 0; k < fix->changes.n; k++)
        TRY(check_fresh(&fix->h, &fix->changes.p[k], false, err));
    for (; rc == RC_OK && i < fix->changes.n; i++)
        if (is_real(&fix->changes.p[i]))
            rc = write_change(&fix->h, &fix->changes.p[i], err);
    if (rc != RC_OK) {
        /* The one that failed changed nothing; those before it are taken back, as far as that goes. */
        for (i--; i-- > 0;)
            if (is_real(&fix->changes.p[i]) && take_back(&fix->h, &fix->changes.p[i], NULL) != RC_OK)
                err_wrap(err, "%s could not be taken back", fix->changes.p[i].path);
        return rc;
    }
    tell_process(fix);
    return RC_OK;
}

static enum rc read_undo(struct host *h, const struct json *j, struct change *out, struct err *err)
{
    str path = json_str(j, S("path"), STR_NONE);
    TRY(check_path(path, !str_eq(json_str(j, S("before"), STR_NONE), json_str(j, S("after"), STR_NONE)),
                   err));
    *out = (struct change) { .path = host_read_path(h, STR_FMT, STR_ARG(path)),
                             .existed = json_bool(j, S("existed"), false),
                             .kernel = str_starts(path, S("/proc/sys/")),
                             .before = json_str(j, S("before"), STR_NONE),
                             .after = json_str(j, S("after"), STR_NONE),
                             .mode = (unsigned)json_i64(j, S("mode"), 0) & MODE_BITS,
                             .mode_after = (unsigned)json_i64(j, S("modeAfter"), 0) & MODE_BITS,
                             .uid = (unsigned)json_i64(j, S("uid"), 0),
                             .uid_after = (unsigned)json_i64(j, S("uidAfter"), 0),
                             .gid = (unsigned)json_i64(j, S("gid"), 0),
                             .gid_after = (unsigned)json_i64(j, S("gidAfter"), 0) };
    return RC_OK;
}

/* What a kill cut short: a file that is still as it was is no change, and what was written beside goes. */
static enum rc look_halfway(struct host *h, const struct change *c, bool *done, struct err *err)
{
    int         fd = -1;
    const char *name;
    char        beside[300];

    if (!c->kernel) {
        TRY(open_folder(h, c->path, &fd, &name, err));
        AUTO_FD folder = fd;
        snprintf(beside, sizeof beside, ".%.200s.vedette", name);
        unlinkat(folder, beside, 0);
    }
    *done = check_fresh(h, c, false, NULL) != RC_OK;
    return RC_OK;
}

enum rc host_fix_undo(const struct host_opts *opts, const struct json *undo, bool halfway, struct err *err)
{
    AUTO(arena) a = arena_new(PLAN_MEMORY);
    const struct json *list = json_get(undo, S("changes"));
    struct host_fix    fix = { 0 };
    if (!list || list->kind != JSON_ARRAY || list->n > 2 * HOST_FIX_ACTIONS)
        return err_set(err, RC_INVALID, "an undo has changes");
    TRY(open_root(opts, a, &fix.h, err));
    for (size_t i = 0; i < list->n; i++) {
        struct change c;
        bool          done = true;
        TRY(read_undo(&fix.h, json_at(list, i), &c, err));
        if (halfway)
            TRY(look_halfway(&fix.h, &c, &done, err));
        if (!done)
            continue;
        TRY(check_fresh(&fix.h, &c, true, err));
        *vec_push_in(a, &fix.changes) = c;
    }
    for (size_t i = fix.changes.n; i-- > 0;)
        TRY(take_back(&fix.h, &fix.changes.p[i], err));
    str pid_file = json_str(undo, S("pidFile"), STR_NONE);
    fix.pid_file =
        str_starts(pid_file, S("/run/")) ? host_read_path(&fix.h, STR_FMT, STR_ARG(pid_file)) : NULL;
    tell_process(&fix);
    return RC_OK;
}
