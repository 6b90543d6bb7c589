/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server_report.h"

#include <pthread.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/http_client.h"
#include "server/server_child.h"
#include "server/server_folder.h"

enum { ANSWER_MAX = 1 << 20, MAX_PROCESSES = 8, LOW_DISK_MIB = 2048, ROW_MAX = 8192 };

struct process {
    char    name[32], state[16];
    int64_t pid, restarts;
};

struct server_report {
    char               *data_dir;
    const struct env   *env;
    struct http_client *engine; /* asked for its sandbox */
    pthread_mutex_t     lock;   /* processes, n */
    struct process      processes[MAX_PROCESSES];
    size_t              n;
};

struct server_report *server_report_new(const char *data_dir, const struct env *env)
{
    struct server_report *r = MEM_NEW(struct server_report);
    char                  socket[4200];
    r->data_dir = mem_strdup(str_of(data_dir));
    r->env = env;
    snprintf(socket, sizeof socket, "%.4000s/run/engine.sock", data_dir);
    if (http_client_new(&(struct http_client_opts) { .unix_socket = str_of(socket) }, &r->engine, NULL) !=
        RC_OK)
        r->engine = NULL; /* then its sandbox is not warned of */
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

struct server_report *server_report_free(struct server_report *r)
{
    if (!r)
        return NULL;
    mem_free(r->data_dir);
    http_client_free(r->engine);
    pthread_mutex_destroy(&r->lock);
    return mem_free(r);
}

static void keep_processes(struct server_report *r, const struct json *list)
{
    pthread_mutex_lock(&r->lock);
    r->n = 0;
    for (uint32_t i = 0; list && i < list->n && r->n < MAX_PROCESSES; i++) {
        struct process *p = &r->processes[r->n++];
        snprintf(p->name, sizeof p->name, STR_FMT, STR_ARG(json_str(&list->items[i], S("name"), STR_NONE)));
        snprintf(p->state, sizeof p->state, STR_FMT,
                 STR_ARG(json_str(&list->items[i], S("state"), STR_NONE)));
        p->pid = json_i64(&list->items[i], S("pid"), 0);
        p->restarts = json_i64(&list->items[i], S("restarts"), 0);
    }
    pthread_mutex_unlock(&r->lock);
}

static void add_health(struct server_report *r, const struct json *said, struct server_rows *rows)
{
    AUTO_STRBUF   text = STRBUF_INIT(ROW_MAX);
    char          buf[512];
    struct json_w w = json_w_make(&text);
    str           name = json_str(said, S("name"), STR_NONE), how = json_str(said, S("how"), STR_NONE);

    json_w_object(&w);
    json_w_kstr(&w, S("OperationName"), S("Process restart"));
    json_w_kstr(&w, S("ResourceKind"), S("Process"));
    json_w_kstr(&w, S("ResourceName"), name);
    json_w_kstr(&w, S("Status"), S("Failure"));
    json_w_kstr(&w, S("Code"), S("ProcessEnded"));
    json_w_kstr(&w, S("Reason"), how);
    snprintf(buf, sizeof buf, "The process " STR_FMT " was " STR_FMT "; it is started again after %lld ms.",
             STR_ARG(name), STR_ARG(how), (long long)json_i64(said, S("waitMs"), 0));
    json_w_kstr(&w, S("Description"), str_of(buf));
    json_w_kstr(&w, S("Remedy"),
                S("If it happens again, read log/vedette.log in the data folder and run `vedette doctor`."));
    json_w_end(&w);
    server_rows_add(rows, S("Health"), strbuf_view(&text), env_now(r->env));
}

void server_report_hear(struct server_report *r, const struct json *said, struct server_rows *rows)
{
    str word = json_str(said, S("say"), STR_NONE);
    if (str_eq(word, S("processes")))
        keep_processes(r, json_get(said, S("value")));
    else if (str_eq(word, S("ended")))
        add_health(r, said, rows);
}

void server_report_processes(void *ctx, struct json_w *w)
{
    struct server_report *r = ctx;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->n; i++) {
        const struct process *p = &r->processes[i];
        json_w_object(w);
        json_w_kstr(w, S("name"), str_of(p->name));
        json_w_ki64(w, S("pid"), p->pid);
        json_w_kstr(w, S("state"), str_of(p->state));
        json_w_ki64(w, S("restarts"), p->restarts);
        json_w_ki64(w, S("rssBytes"), (int64_t)server_child_rss((pid_t)p->pid));
        json_w_end(w);
    }
    pthread_mutex_unlock(&r->lock);
}

static void warn(struct json_w *w, str code, str text, str remedy)
{
    json_w_object(w);
    json_w_kstr(w, S("code"), code);
    json_w_kstr(w, S("text"), text);
    json_w_kstr(w, S("remedy"), remedy);
    json_w_end(w);
}

/* Layers of the engine's sandbox that are not in force. */
static void warn_of_sandbox(struct server_report *r, struct json_w *w)
{
    AUTO(arena) a = arena_new(ANSWER_MAX);
    struct http_reply  reply;
    const struct json *answer;
    char               text[512];

    if (!r->engine ||
        http_client_call(r->engine, &(struct http_call) { .target = S("/sandbox"), .wait = SECONDS(2) }, a,
                         &reply, NULL) != RC_OK ||
        reply.status != 200 || json_parse(a, reply.body, &answer, NULL) != RC_OK)
        return;
    const struct json *layers = json_get(answer, S("layers"));
    for (uint32_t i = 0; layers && i < layers->n; i++) {
        if (json_bool(&layers->items[i], S("on"), false))
            continue;
        snprintf(text, sizeof text, "The engine's sandbox lacks a layer: " STR_FMT ".",
                 STR_ARG(json_str(&layers->items[i], S("name"), STR_NONE)));
        warn(w, S("SandboxLayer"), str_of(text),
             json_str(&layers->items[i], S("why"), S("Run `vedette doctor`.")));
    }
}

void server_report_warnings(void *ctx, struct json_w *w)
{
    struct server_report *r = ctx;
    uint64_t              mib = server_folder_free(r->data_dir) >> 20;
    char                  text[512];

    if (mib < LOW_DISK_MIB) {
        snprintf(text, sizeof text, "%llu MiB are left in %.300s.", (unsigned long long)mib, r->data_dir);
        warn(w, S("DiskLow"), str_of(text), S("Make room, or shorten the retention of large tables."));
    }
    if (geteuid() != 0)
        warn(w, S("NotRoot"), S("Process starts of this machine are not seen: Vedette does not run as root."),
             S("Run `vedette serve` as root."));
    warn_of_sandbox(r, w);
}
