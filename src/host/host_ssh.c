/* SPDX-License-Identifier: Apache-2.0 */
/* sshd_config as sshd reads it: keywords in any case, the first value wins, Include where it stands, Match
 * blocks kept apart, lists of algorithms worked out from the defaults of OpenSSH 9.2. */
#include <stdio.h>

#include "host/host_conf.h"
#include "host/host_read.h"

enum { MAX_DEPTH = 16, MAX_MATCHES = 1000 };

enum form { TEXT, WORD, NUMBER, SECONDS_, EACH, ALGORITHMS };

struct keyword {
    str       name, initial;
    enum form form; /* EACH: every mention adds */
};

static const struct keyword KEYWORDS[] = {
    { STR_INIT("AddressFamily"), STR_INIT("any"), WORD },
    { STR_INIT("AllowAgentForwarding"), STR_INIT("yes"), WORD },
    { STR_INIT("AllowGroups"), STR_INIT(""), EACH },
    { STR_INIT("AllowStreamLocalForwarding"), STR_INIT("yes"), WORD },
    { STR_INIT("AllowTcpForwarding"), STR_INIT("yes"), WORD },
    { STR_INIT("AllowUsers"), STR_INIT(""), EACH },
    { STR_INIT("AuthenticationMethods"), STR_INIT("any"), TEXT },
    { STR_INIT("AuthorizedKeysCommand"), STR_INIT("none"), TEXT },
    { STR_INIT("AuthorizedKeysFile"), STR_INIT(".ssh/authorized_keys .ssh/authorized_keys2"), TEXT },
    { STR_INIT("Banner"), STR_INIT("none"), TEXT },
    { STR_INIT("Ciphers"),
      STR_INIT("chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-"
               "gcm@openssh.com"),
      ALGORITHMS },
    { STR_INIT("ClientAliveCountMax"), STR_INIT("3"), NUMBER },
    { STR_INIT("ClientAliveInterval"), STR_INIT("0"), SECONDS_ },
    { STR_INIT("DenyGroups"), STR_INIT(""), EACH },
    { STR_INIT("DenyUsers"), STR_INIT(""), EACH },
    { STR_INIT("DisableForwarding"), STR_INIT("no"), WORD },
    { STR_INIT("GatewayPorts"), STR_INIT("no"), WORD },
    { STR_INIT("GSSAPIAuthentication"), STR_INIT("no"), WORD },
    { STR_INIT("HostbasedAuthentication"), STR_INIT("no"), WORD },
    { STR_INIT("IgnoreRhosts"), STR_INIT("yes"), WORD },
    { STR_INIT("KbdInteractiveAuthentication"), STR_INIT("yes"), WORD },
    { STR_INIT("KerberosAuthentication"), STR_INIT("no"), WORD },
    { STR_INIT("KexAlgorithms"),
      STR_INIT("sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-"
               "nistp256,"
               "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,"
               "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"),
      ALGORITHMS },
    { STR_INIT("ListenAddress"), STR_INIT(""), EACH },
    { STR_INIT("LoginGraceTime"), STR_INIT("120"), SECONDS_ },
    { STR_INIT("LogLevel"), STR_INIT("INFO"), TEXT },
    { STR_INIT("MACs"),
      STR_INIT(
          "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,"
          "hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,"
          "hmac-sha2-256,hmac-sha2-512,hmac-sha1"),
      ALGORITHMS },
    { STR_INIT("MaxAuthTries"), STR_INIT("6"), NUMBER },
    { STR_INIT("MaxSessions"), STR_INIT("10"), NUMBER },
    { STR_INIT("MaxStartups"), STR_INIT("10:30:100"), TEXT },
    { STR_INIT("PasswordAuthentication"), STR_INIT("yes"), WORD },
    { STR_INIT("PermitEmptyPasswords"), STR_INIT("no"), WORD },
    { STR_INIT("PermitRootLogin"), STR_INIT("prohibit-password"), WORD },
    { STR_INIT("PermitTunnel"), STR_INIT("no"), WORD },
    { STR_INIT("PermitUserEnvironment"), STR_INIT("no"), WORD },
    { STR_INIT("Port"), STR_INIT("22"), EACH },
    { STR_INIT("PrintLastLog"), STR_INIT("yes"), WORD },
    { STR_INIT("PubkeyAuthentication"), STR_INIT("yes"), WORD },
    { STR_INIT("RekeyLimit"), STR_INIT("default none"), TEXT },
    { STR_INIT("RequiredRSASize"), STR_INIT("1024"), NUMBER },
    { STR_INIT("StrictModes"), STR_INIT("yes"), WORD },
    { STR_INIT("SyslogFacility"), STR_INIT("AUTH"), TEXT },
    { STR_INIT("TCPKeepAlive"), STR_INIT("yes"), WORD },
    { STR_INIT("UseDNS"), STR_INIT("no"), WORD },
    { STR_INIT("UsePAM"), STR_INIT("no"), WORD },
    { STR_INIT("X11Forwarding"), STR_INIT("no"), WORD },
    { STR_INIT("X11UseLocalhost"), STR_INIT("yes"), WORD },
};
enum { N_KEYWORDS = sizeof KEYWORDS / sizeof KEYWORDS[0] };

struct setting {
    str  value; /* of EACH: all, with a blank between */
    bool said;
};

struct match {
    str            criteria;
    struct setting v[N_KEYWORDS];
};

struct ssh {
    struct setting v[N_KEYWORDS];
    VEC(struct match *) matches;
    struct match *within; /* the Match block at hand, or NULL */
};

static size_t keyword_find(str name)
{
    if (str_eq_ci(name, S("ChallengeResponseAuthentication")))
        name = S("KbdInteractiveAuthentication");
    size_t i = 0;
    while (i < N_KEYWORDS && !str_eq_ci(KEYWORDS[i].name, name))
        i++;
    return i;
}

static void set(struct host *h, struct setting *s, size_t keyword, str value)
{
    if (KEYWORDS[keyword].form == EACH && s->said)
        s->value = arena_printf(h->a, STR_FMT " " STR_FMT, STR_ARG(s->value), STR_ARG(value));
    else if (!s->said)
        s->value = value;
    s->said = true;
}

static void open_match(struct host *h, struct ssh *ssh, str criteria)
{
    struct match *m = arena_try_alloc(h->a, sizeof *m);
    if (!m || ssh->matches.n == MAX_MATCHES)
        return;
    m->criteria = criteria;
    *vec_push_in(h->a, &ssh->matches) = m;
    ssh->within = m;
}

static bool read_config(struct host *h, const char *path, unsigned depth, struct ssh *ssh);

/* A pattern's last part may hold * and ?; a plain path is taken as it is, one without a slash is below
 * /etc/ssh. */
static bool include(struct host *h, str pattern, unsigned depth, struct ssh *ssh)
{
    if (pattern.n && pattern.p[0] != '/')
        pattern = str_of(host_read_path(h, "/etc/ssh/" STR_FMT, STR_ARG(pattern)));
    size_t            slash = str_rfind_byte(pattern, '/');
    const char       *dir = host_read_path(h, STR_FMT, STR_ARG(str_slice(pattern, 0, slash)));
    struct host_names names;
    if (host_read_list(h, "properties.ssh.config", dir, &names) == HOST_REFUSED)
        return false;
    for (size_t i = 0; i < names.n; i++)
        if (host_conf_like(str_from(pattern, slash + 1), names.v[i]) &&
            !read_config(h, host_read_path(h, "%s/%s", dir, names.v[i].p), depth + 1, ssh))
            return false;
    return true;
}

static bool read_includes(struct host *h, str patterns, unsigned depth, struct ssh *ssh)
{
    for (str pattern; host_conf_word(&patterns, &pattern);)
        if (!include(h, pattern, depth, ssh))
            return false;
    return true;
}

static bool read_config(struct host *h, const char *path, unsigned depth, struct ssh *ssh)
{
    struct match *outer = ssh->within;
    str           text;
    if (depth > MAX_DEPTH)
        return true;
    if (host_read_text(h, "properties.ssh.config", path, &text) == HOST_REFUSED)
        return false;
    for (str key, value; host_conf_pair(&text, &key, &value);) {
        size_t keyword = keyword_find(key);
        if (str_eq_ci(key, S("Include"))) {
            if (!read_includes(h, value, depth, ssh))
                return false;
        } else if (str_eq_ci(key, S("Match"))) {
            open_match(h, ssh, value);
        } else if (keyword < N_KEYWORDS) {
            set(h, ssh->within ? &ssh->within->v[keyword] : &ssh->v[keyword], keyword, value);
        }
    }
    ssh->within = outer; /* a Match block ends with the file that opened it */
    return true;
}

static bool in_list(str list, str one)
{
    for (str item; str_split(&list, ',', &item);)
        if (host_conf_like(item, one))
            return true;
    return false;
}

static void write_list(struct json_w *w, str list, str without)
{
    for (str item; str_split(&list, ',', &item);)
        if (item.n && !in_list(without, item))
            json_w_str(w, item);
}

/* +a,b behind the defaults, -a without them, ^a in front of them, or a list of its own. */
static void write_algorithms(struct json_w *w, str value, str defaults)
{
    char sign = value.n ? value.p[0] : 0;
    str  rest = sign == '+' || sign == '-' || sign == '^' ? str_from(value, 1) : value;
    json_w_array(w);
    if (sign == '^')
        write_list(w, rest, STR_NONE);
    if (sign == '+' || sign == '-' || sign == '^')
        write_list(w, defaults, sign == '+' ? STR_NONE : rest);
    if (sign != '-' && sign != '^')
        write_list(w, rest, STR_NONE);
    json_w_end(w);
}

static str lower(struct host *h, str s)
{
    str   kept = arena_str(h->a, s);
    char *p = (char *)(uintptr_t)kept.p;
    for (size_t i = 0; p && i < kept.n; i++)
        p[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] - 'A' + 'a') : p[i];
    return kept;
}

static void write_each(struct json_w *w, str value)
{
    json_w_array(w);
    for (str word; host_conf_word(&value, &word);)
        json_w_str(w, word);
    json_w_end(w);
}

static void write_setting(struct host *h, size_t keyword, str value)
{
    const struct keyword *k = &KEYWORDS[keyword];
    str                   key = host_conf_camel(h->a, k->name);
    if (k->form == SECONDS_ && host_conf_seconds(value) >= 0) {
        json_w_ki64(h->w, key, host_conf_seconds(value));
    } else if (k->form == EACH) {
        json_w_key(h->w, key);
        write_each(h->w, value);
    } else if (k->form == ALGORITHMS) {
        json_w_key(h->w, key);
        write_algorithms(h->w, value, k->initial);
    } else if (k->form == NUMBER) {
        host_conf_write(h->w, key, value);
    } else {
        json_w_kstr(h->w, key, k->form == WORD ? lower(h, value) : value);
    }
}

/* start:rate:full, or one number that refuses at once. */
static void write_startups(struct host *h, str value)
{
    static const char *const NAMES[] = { "start", "rate", "full" };
    str                      part, all = value;
    json_w_key(h->w, S("maxStartupsParts"));
    json_w_object(h->w);
    for (size_t i = 0; i < 3 && str_split(&value, ':', &part); i++)
        host_conf_write(h->w, str_of(NAMES[i]), part);
    if (str_find_byte(all, ':') == STR_NPOS)
        host_conf_write(h->w, S("full"), all);
    json_w_end(h->w);
}

static void write_config(struct host *h, const struct ssh *ssh)
{
    json_w_key(h->w, S("config"));
    json_w_object(h->w);
    for (size_t i = 0; i < N_KEYWORDS; i++)
        write_setting(h, i, ssh->v[i].said ? ssh->v[i].value : KEYWORDS[i].initial);
    size_t startups = keyword_find(S("MaxStartups"));
    write_startups(h, ssh->v[startups].said ? ssh->v[startups].value : KEYWORDS[startups].initial);
    json_w_end(h->w);
    json_w_key(h->w, S("said")); /* what the files set, the rest is by default */
    json_w_array(h->w);
    for (size_t i = 0; i < N_KEYWORDS; i++)
        if (ssh->v[i].said)
            json_w_str(h->w, host_conf_camel(h->a, KEYWORDS[i].name));
    json_w_end(h->w);
    json_w_key(h->w, S("match"));
    json_w_array(h->w);
    for (size_t i = 0; i < ssh->matches.n; i++) {
        json_w_object(h->w);
        json_w_kstr(h->w, S("criteria"), ssh->matches.p[i]->criteria);
        for (size_t k = 0; k < N_KEYWORDS; k++)
            if (ssh->matches.p[i]->v[k].said)
                write_setting(h, k, ssh->matches.p[i]->v[k].value);
        json_w_end(h->w);
    }
    json_w_end(h->w);
}

static void write_keys(struct host *h)
{
    struct host_names names;
    if (host_read_list(h, "properties.ssh.hostKeys", "/etc/ssh", &names) == HOST_REFUSED)
        return;
    json_w_key(h->w, S("hostKeys"));
    json_w_array(h->w);
    for (size_t i = 0; i < names.n; i++) {
        struct stat st;
        const char *path = host_read_path(h, "/etc/ssh/%s", names.v[i].p);
        bool public = str_ends(names.v[i], S(".pub"));
        char mode[8];
        if (!str_starts(names.v[i], S("ssh_host_")) || host_read_stat(h, path, true, &st) != HOST_READ)
            continue;
        snprintf(mode, sizeof mode, "%04o", st.st_mode & 07777);
        json_w_object(h->w);
        json_w_kstr(h->w, S("path"), str_of(path));
        json_w_kbool(h->w, S("public"), public);
        json_w_kstr(h->w, S("mode"), str_of(mode));
        json_w_ki64(h->w, S("uid"), st.st_uid);
        json_w_kbool(h->w, S("tooOpen"), st.st_mode & (public ? 0133 : 0137));
        json_w_end(h->w);
    }
    json_w_end(h->w);
}

void host_ssh_collect(void *host)
{
    struct host *h = host;
    struct ssh   ssh = { 0 };
    bool         installed = host_read_exists(h, "/usr/sbin/sshd");
    json_w_key(h->w, S("ssh"));
    json_w_object(h->w);
    json_w_kbool(h->w, S("installed"), installed);
    if (installed) {
        if (read_config(h, "/etc/ssh/sshd_config", 0, &ssh))
            write_config(h, &ssh);
        write_keys(h);
    }
    json_w_end(h->w);
}
