/* SPDX-License-Identifier: Apache-2.0 */
#include "host/host_conf.h"
#include "host/host_read.h"

#include <stdio.h>

#include "base/map.h"

enum { MAX_FIELDS = 9, FIRST_PERSON = 1000, NOBODY = 65534 };

struct entry {
    str    field[MAX_FIELDS];
    size_t n;
};

/* Lines of fields between colons: passwd, group, shadow. */
static bool next_entry(str *rest, struct entry *out)
{
    str line, part;
    do {
        if (!str_split(rest, '\n', &line))
            return false;
    } while (str_trim(line).n == 0 || line.p[0] == '#');
    *out = (struct entry) { 0 };
    while (out->n < MAX_FIELDS && str_split(&line, ':', &part))
        out->field[out->n++] = part;
    return true;
}

struct user {
    str     name, home, shell;
    int64_t uid, gid;
};

struct accounts {
    VEC(struct user) users;
    VEC(struct entry) groups;
    struct map *shells; /* listed in /etc/shells */
};

static bool can_log_in(str shell)
{
    return shell.n == 0 ||
           !(str_ends(shell, S("/nologin")) || str_ends(shell, S("/false")) || str_ends(shell, S("/sync")) ||
             str_ends(shell, S("/shutdown")) || str_ends(shell, S("/halt")));
}

static bool person(const struct user *u)
{
    return u->uid >= FIRST_PERSON && u->uid != NOBODY;
}

static void write_home(struct host *h, const struct user *u)
{
    struct stat    st;
    enum host_seen seen = host_read_stat(
        h, u->home.n && u->home.p[0] == '/' ? host_read_path(h, STR_FMT, STR_ARG(u->home)) : "/\1", true,
        &st);
    char mode[8];
    json_w_key(h->w, S("home"));
    json_w_object(h->w);
    json_w_kstr(h->w, S("path"), u->home);
    json_w_kbool(h->w, S("exists"), seen == HOST_READ);
    if (seen == HOST_READ) {
        snprintf(mode, sizeof mode, "%04o", st.st_mode & 07777);
        json_w_kstr(h->w, S("mode"), str_of(mode));
        json_w_kbool(h->w, S("owned"), (int64_t)st.st_uid == u->uid);
        json_w_kbool(h->w, S("groupWritable"), st.st_mode & S_IWGRP);
        json_w_kbool(h->w, S("worldAccessible"), st.st_mode & S_IRWXO);
    }
    json_w_end(h->w);
}

/* Files in a home that log in on their own, or open it to others. */
static void write_home_files(struct host *h, const struct user *u)
{
    static const char *const NAMES[] = { ".netrc", ".rhosts", ".forward", ".shosts" };
    struct stat              st;
    json_w_key(h->w, S("dangerousFiles"));
    json_w_array(h->w);
    for (size_t i = 0; u->home.n && i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (host_read_stat(h, host_read_path(h, STR_FMT "/%s", STR_ARG(u->home), NAMES[i]), false, &st) ==
            HOST_READ)
            json_w_str(h->w, str_of(NAMES[i]));
    json_w_end(h->w);
}

static void write_user(struct host *h, const struct accounts *acc, const struct user *u)
{
    json_w_object(h->w);
    json_w_kstr(h->w, S("name"), u->name);
    json_w_ki64(h->w, S("uid"), u->uid);
    json_w_ki64(h->w, S("gid"), u->gid);
    json_w_kstr(h->w, S("shell"), u->shell);
    json_w_kbool(h->w, S("canLogIn"), can_log_in(u->shell));
    json_w_kbool(h->w, S("shellListed"), map_has(acc->shells, u->shell));
    json_w_kbool(h->w, S("isPerson"), person(u));
    if (person(u) || u->uid == 0) {
        write_home(h, u);
        write_home_files(h, u);
    }
    json_w_end(h->w);
}

static void write_groups(struct host *h, const struct accounts *acc)
{
    json_w_key(h->w, S("groups"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->groups.n; i++) {
        const struct entry *g = &acc->groups.p[i];
        str                 members = g->field[3], member;
        json_w_object(h->w);
        json_w_kstr(h->w, S("name"), g->field[0]);
        host_conf_write(h->w, S("gid"), g->field[2]);
        json_w_key(h->w, S("members"));
        json_w_array(h->w);
        while (members.n && str_split(&members, ',', &member))
            json_w_str(h->w, str_trim(member));
        json_w_end(h->w);
        json_w_end(h->w);
    }
    json_w_end(h->w);
}

/* Values that stand in a list more than once, each told once. */
static void write_doubles(struct host *h, str key, const str *values, size_t n)
{
    AUTO(map) seen = map_new(MAP_CASE);
    static char once, told;
    json_w_key(h->w, key);
    json_w_array(h->w);
    for (size_t i = 0; i < n; i++) {
        void *before = map_put(seen, values[i], &once);
        if (before == &once)
            json_w_str(h->w, values[i]);
        if (before)
            map_put(seen, values[i], &told);
    }
    json_w_end(h->w);
}

static void write_user_doubles(struct host *h, const struct accounts *acc)
{
    VEC(str) names = { 0 };
    VEC(str) ids = { 0 };
    for (size_t i = 0; i < acc->users.n; i++) {
        *vec_push_in(h->a, &names) = acc->users.p[i].name;
        *vec_push_in(h->a, &ids) = arena_printf(h->a, "%lld", (long long)acc->users.p[i].uid);
    }
    write_doubles(h, S("duplicateUserNames"), names.p, names.n);
    write_doubles(h, S("duplicateUserIds"), ids.p, ids.n);
    vec_clear(&names);
    vec_clear(&ids);
    for (size_t i = 0; i < acc->groups.n; i++) {
        *vec_push_in(h->a, &names) = acc->groups.p[i].field[0];
        *vec_push_in(h->a, &ids) = acc->groups.p[i].field[2];
    }
    write_doubles(h, S("duplicateGroupNames"), names.p, names.n);
    write_doubles(h, S("duplicateGroupIds"), ids.p, ids.n);
}

static bool group_known(const struct accounts *acc, int64_t gid)
{
    for (size_t i = 0; i < acc->groups.n; i++) {
        int64_t is;
        if (str_to_i64(acc->groups.p[i].field[2], &is) && is == gid)
            return true;
    }
    return false;
}

/* The group `shadow` may read hashes: nobody should be in it, by membership or as first group. */
static void write_shadow_members(struct host *h, const struct accounts *acc)
{
    json_w_key(h->w, S("shadowGroupMembers"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->groups.n; i++) {
        str     members = acc->groups.p[i].field[3], member;
        int64_t gid = -1;
        if (!str_eq(acc->groups.p[i].field[0], S("shadow")))
            continue;
        while (members.n && str_split(&members, ',', &member))
            json_w_str(h->w, str_trim(member));
        if (str_to_i64(acc->groups.p[i].field[2], &gid))
            for (size_t k = 0; k < acc->users.n; k++)
                if (acc->users.p[k].gid == gid)
                    json_w_str(h->w, acc->users.p[k].name);
    }
    json_w_end(h->w);
}

static void write_summary(struct host *h, const struct accounts *acc)
{
    json_w_key(h->w, S("accounts"));
    json_w_object(h->w);
    json_w_key(h->w, S("rootUsers"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->users.n; i++)
        if (acc->users.p[i].uid == 0)
            json_w_str(h->w, acc->users.p[i].name);
    json_w_end(h->w);
    json_w_key(h->w, S("rootGroups"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->groups.n; i++)
        if (str_eq(acc->groups.p[i].field[2], S("0")))
            json_w_str(h->w, acc->groups.p[i].field[0]);
    json_w_end(h->w);
    json_w_key(h->w, S("rootGroupUsers"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->users.n; i++)
        if (acc->users.p[i].gid == 0 && can_log_in(acc->users.p[i].shell))
            json_w_str(h->w, acc->users.p[i].name);
    json_w_end(h->w);
    json_w_key(h->w, S("usersWithoutGroup"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->users.n; i++)
        if (!group_known(acc, acc->users.p[i].gid))
            json_w_str(h->w, acc->users.p[i].name);
    json_w_end(h->w);
    write_user_doubles(h, acc);
    write_shadow_members(h, acc);
    json_w_end(h->w);
}

static void read_shells(struct host *h, struct accounts *acc)
{
    static char yes;
    str         text;
    host_read_text(h, NULL, "/etc/shells", &text);
    for (str line; host_conf_line(&text, &line);)
        map_put(acc->shells, line, &yes);
}

static bool read_users(struct host *h, struct accounts *acc, struct host_conf_set *in_passwd)
{
    str          text;
    struct entry e;
    if (host_read_text(h, "properties.users", "/etc/passwd", &text) != HOST_READ) {
        host_read_gap(h, "properties.users", "there is no /etc/passwd");
        return false;
    }
    while (acc->users.n < HOST_MAX_LIST && next_entry(&text, &e)) {
        struct user u = { .name = e.field[0], .home = e.field[5], .shell = e.field[6], .uid = -1, .gid = -1 };
        if (!str_to_i64(e.field[2], &u.uid) || !str_to_i64(e.field[3], &u.gid))
            continue;
        *vec_push_in(h->a, &acc->users) = u;
        if (!str_eq(e.field[1], S("x")))
            host_conf_put(h->a, in_passwd, e.field[0], S("yes"));
    }
    return true;
}

static bool read_groups(struct host *h, struct accounts *acc)
{
    str          text;
    struct entry e;
    if (host_read_text(h, "properties.groups", "/etc/group", &text) != HOST_READ) {
        host_read_gap(h, "properties.groups", "there is no /etc/group");
        return false;
    }
    while (acc->groups.n < HOST_MAX_LIST && next_entry(&text, &e))
        *vec_push_in(h->a, &acc->groups) = e;
    return true;
}

/* The kind of a hash by its prefix, as crypt(5) has them. */
static str hash_method(str hash)
{
    static const struct {
        str prefix, name;
    } METHODS[] = {
        { STR_INIT("$y$"), STR_INIT("yescrypt") }, { STR_INIT("$gy$"), STR_INIT("gost-yescrypt") },
        { STR_INIT("$7$"), STR_INIT("scrypt") },   { STR_INIT("$2"), STR_INIT("bcrypt") },
        { STR_INIT("$6$"), STR_INIT("sha512") },   { STR_INIT("$5$"), STR_INIT("sha256") },
        { STR_INIT("$1$"), STR_INIT("md5") },
    };
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++)
        if (str_starts(hash, METHODS[i].prefix))
            return METHODS[i].name;
    return S("des");
}

static str password_state(str hash)
{
    if (hash.n == 0)
        return S("empty");
    if (hash.p[0] == '!')
        return S("locked");
    return hash.p[0] == '*' ? S("none") : S("set");
}

static void write_shadow_entry(struct host *h, const struct entry *e)
{
    static const str AGES[] = { STR_INIT("lastChange"), STR_INIT("minDays"),      STR_INIT("maxDays"),
                                STR_INIT("warnDays"),   STR_INIT("inactiveDays"), STR_INIT("expires") };
    str              state = password_state(e->field[1]);
    json_w_object(h->w);
    json_w_kstr(h->w, S("name"), e->field[0]);
    json_w_kstr(h->w, S("password"), state);
    if (str_eq(state, S("set")))
        json_w_kstr(h->w, S("method"), hash_method(e->field[1]));
    for (size_t i = 0; i < sizeof AGES / sizeof AGES[0]; i++)
        if (e->field[i + 2].n)
            host_conf_write(h->w, AGES[i], e->field[i + 2]);
    json_w_end(h->w);
}

static void write_shadow(struct host *h)
{
    str            text;
    struct entry   e;
    enum host_seen seen = host_read_text(h, "properties.shadow", "/etc/shadow", &text);
    if (seen == HOST_ABSENT)
        host_read_gap(h, "properties.shadow", "there is no /etc/shadow");
    if (seen != HOST_READ)
        return;
    json_w_key(h->w, S("shadow"));
    json_w_array(h->w);
    for (size_t n = 0; n < HOST_MAX_LIST && next_entry(&text, &e); n++)
        write_shadow_entry(h, &e);
    json_w_end(h->w);
}

static void write_users(struct host *h, const struct accounts *acc, const struct host_conf_set *in_passwd)
{
    json_w_key(h->w, S("users"));
    json_w_array(h->w);
    for (size_t i = 0; i < acc->users.n; i++)
        write_user(h, acc, &acc->users.p[i]);
    json_w_end(h->w);
    json_w_key(h->w, S("passwordsOutsideShadow"));
    json_w_array(h->w);
    for (size_t i = 0; i < in_passwd->n; i++)
        json_w_str(h->w, in_passwd->v[i].key);
    json_w_end(h->w);
}

void host_accounts_collect(void *host)
{
    struct host         *h = host;
    struct accounts      acc = { .shells = map_new_in(h->a, MAP_CASE) };
    struct host_conf_set in_passwd = { 0 };
    read_shells(h, &acc);
    bool users = read_users(h, &acc, &in_passwd), groups = read_groups(h, &acc);
    if (users)
        write_users(h, &acc, &in_passwd);
    if (groups)
        write_groups(h, &acc);
    if (users && groups)
        write_summary(h, &acc);
    else
        host_read_gap(h, "properties.accounts", "it needs both /etc/passwd and /etc/group");
    write_shadow(h);
}
