/* SPDX-License-Identifier: Apache-2.0 */
/* One look at every file of the local disks. Folders that hold the files of other systems (containers) are
 * passed by. When time runs out nothing is told: half a list would look like a whole one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/map.h"
#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_DEPTH = 200, MAX_FOUND = 1000, CLOCK_EVERY = 256 };

static const str PASSED[] = {
    STR_INIT("/dev"),
    STR_INIT("/proc"),
    STR_INIT("/run"),
    STR_INIT("/snap"),
    STR_INIT("/sys"),
    STR_INIT("/var/lib/containerd"),
    STR_INIT("/var/lib/docker"),
    STR_INIT("/var/lib/containers"),
    STR_INIT("/var/lib/kubelet/pods"),
};
static const str LOCAL[] = { STR_INIT("bcachefs"), STR_INIT("btrfs"), STR_INIT("ext2"),    STR_INIT("ext3"),
                             STR_INIT("ext4"),     STR_INIT("f2fs"),  STR_INIT("overlay"), STR_INIT("tmpfs"),
                             STR_INIT("xfs"),      STR_INIT("zfs") };

struct found {
    VEC(str) paths;
    int64_t n;
};

struct walk {
    struct host      *h;
    const struct env *env;
    struct map       *uids, *gids;
    struct found      writable_files, writable_dirs, unowned, set_uid, set_gid;
    int64_t           seen, ends_ns;
    bool              late;
};

static void keep(struct walk *w, struct found *f, const char *path)
{
    f->n++;
    if (f->paths.n < MAX_FOUND)
        *vec_push_in(w->h->a, &f->paths) = arena_str(w->h->a, str_of(path));
}

static bool known(const struct map *ids, unsigned id)
{
    char text[16];
    snprintf(text, sizeof text, "%u", id);
    return map_has(ids, str_of(text));
}

static void judge(struct walk *w, const char *path, const struct stat *st)
{
    if (!known(w->uids, st->st_uid) || !known(w->gids, st->st_gid))
        keep(w, &w->unowned, path);
    if (S_ISDIR(st->st_mode) && (st->st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
        keep(w, &w->writable_dirs, path);
    if (!S_ISREG(st->st_mode))
        return;
    if (st->st_mode & S_IWOTH)
        keep(w, &w->writable_files, path);
    if (st->st_mode & S_ISUID && st->st_mode & 0111)
        keep(w, &w->set_uid, path);
    if (st->st_mode & S_ISGID && st->st_mode & 0111)
        keep(w, &w->set_gid, path);
}

static bool passed_by(str path)
{
    for (size_t i = 0; i < sizeof PASSED / sizeof PASSED[0]; i++)
        if (str_eq(path, PASSED[i]))
            return true;
    return false;
}

static bool out_of_time(struct walk *w)
{
    if (w->seen++ % CLOCK_EVERY == 0 && env_monotonic_ns(w->env) > w->ends_ns)
        w->late = true;
    return w->late;
}

static void walk_dir(struct walk *w, int fd, struct strbuf *path, dev_t device, unsigned depth);

static void visit(struct walk *w, int dir, const char *name, struct strbuf *path, dev_t device,
                  unsigned depth)
{
    struct stat st;
    size_t      before = path->n;
    strbuf_addc(path, '/');
    strbuf_addz(path, name);
    if (!path->overflow && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == device &&
        !S_ISLNK(st.st_mode)) {
        judge(w, path->p, &st);
        if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH && !passed_by(strbuf_view(path))) {
            int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (fd >= 0)
                walk_dir(w, fd, path, device, depth + 1);
        }
    }
    strbuf_truncate(path, before);
}

/* Takes the descriptor. */
static void walk_dir(struct walk *w, int fd, struct strbuf *path, dev_t device, unsigned depth)
{
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return;
    }
    for (struct dirent *e; !out_of_time(w) && (e = readdir(dir));)
        if (!str_eq(str_of(e->d_name), S(".")) && !str_eq(str_of(e->d_name), S("..")))
            visit(w, fd, e->d_name, path, device, depth);
    closedir(dir);
}

static void walk_mount(struct walk *w, const char *point)
{
    struct stat st;
    AUTO_STRBUF path = STRBUF_INIT(4096);
    int         fd = host_read_open(w->h, point, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return;
    if (point[1])
        strbuf_addz(&path, point);
    if (fstat(fd, &st) == 0)
        walk_dir(w, fd, &path, st.st_dev, 0);
    else
        close(fd);
}

static bool below_passed(str path)
{
    for (size_t i = 0; i < sizeof PASSED / sizeof PASSED[0]; i++)
        if (str_starts(path, PASSED[i]) && (path.n == PASSED[i].n || path.p[PASSED[i].n] == '/'))
            return true;
    return false;
}

static bool is_local(str type)
{
    for (size_t i = 0; i < sizeof LOCAL / sizeof LOCAL[0]; i++)
        if (str_eq(type, LOCAL[i]))
            return true;
    return false;
}

static void walk_all(struct walk *w)
{
    static char yes;
    AUTO(map) done = map_new(MAP_CASE);
    str text;
    host_read_text(w->h, NULL, "/proc/mounts", &text);
    for (str line; str_split(&text, '\n', &line);) {
        str device, point, type;
        if (!host_conf_word(&line, &device) || !host_conf_word(&line, &point) ||
            !host_conf_word(&line, &type))
            continue;
        if (is_local(type) && !below_passed(point) && !map_put(done, point, &yes))
            walk_mount(w, host_read_path(w->h, STR_FMT, STR_ARG(point)));
    }
    if (!map_has(done, S("/"))) /* a tree that is no running system */
        walk_mount(w, "/");
}

static struct map *ids_of(struct host *h, const char *file)
{
    static char yes;
    struct map *ids = map_new_in(h->a, MAP_CASE);
    str         text, line;
    host_read_text(h, NULL, file, &text);
    while (str_split(&text, '\n', &line)) {
        str name, password, id;
        if (str_split(&line, ':', &name) && str_split(&line, ':', &password) && str_split(&line, ':', &id))
            map_put(ids, id, &yes);
    }
    return ids;
}

static void write_found(struct host *h, str key, const struct found *f)
{
    json_w_kstrs(h->w, key, f->paths.p, f->paths.n);
    if (f->n > (int64_t)f->paths.n) {
        char total[64];
        snprintf(total, sizeof total, STR_FMT "Total", STR_ARG(key));
        json_w_ki64(h->w, str_of(total), f->n);
    }
}

void host_walk_collect(void *host)
{
    struct host      *h = host;
    const struct env *env = h->opts->env ? h->opts->env : env_real();
    struct walk w = { .h = h, .env = env, .uids = ids_of(h, "/etc/passwd"), .gids = ids_of(h, "/etc/group") };
    if (h->opts->walk_seconds == 0) {
        host_read_gap(h, "properties.fileSystem", "files were not looked at: no time was given for it");
        return;
    }
    w.ends_ns = env_monotonic_ns(env) + (int64_t)h->opts->walk_seconds * 1000000000;
    walk_all(&w);
    if (w.late) {
        host_read_gap(h, "properties.fileSystem", "%u seconds were not enough to look at every file",
                      h->opts->walk_seconds);
        return;
    }
    json_w_key(h->w, S("fileSystem"));
    json_w_object(h->w);
    write_found(h, S("worldWritableFiles"), &w.writable_files);
    write_found(h, S("worldWritableFolders"), &w.writable_dirs);
    write_found(h, S("ownerless"), &w.unowned);
    write_found(h, S("setUidPrograms"), &w.set_uid);
    write_found(h, S("setGidPrograms"), &w.set_gid);
    json_w_end(h->w);
}
