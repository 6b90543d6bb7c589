/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_connector: where resources come from by themselves, and where fixes go.
 *
 * A connector tells of all resources that it sees; what it told of before and no longer does is gone. One
 * that fails half-way takes nothing away. To add one: fill the struct, hand it to posture_connect before
 * posture_start.
 *
 * Threads: discover runs in posture's own thread, one at a time; apply in the thread of whoever asks for it.
 */
#ifndef POSTURE_POSTURE_CONNECTOR_H
#define POSTURE_POSTURE_CONNECTOR_H

#include "posture/posture.h"

struct posture_sink {
    void *ctx;
    /* One resource, as it is now. A document that is refused is counted and does not end the discovery. */
    enum rc (*put)(void *ctx, str id, const struct json *document, struct err *err);
};

/* Takes what undoes a change, before the change is made: it outlives a kill. */
struct posture_keeper {
    void *ctx;
    enum rc (*keep)(void *ctx, str undo, struct err *err);
};

struct posture_connector {
    const char *name; /* the source of its resources */
    const char *doc;
    void       *ctx;
    duration    every; /* between two discoveries; 0: only when asked */
    enum rc (*discover)(void *ctx, const struct posture_sink *sink, struct err *err);
    /* Makes a resource be as the document says; NULL: it only looks. */
    enum rc (*apply)(void *ctx, str id, const struct json *document, struct err *err);
    /* Takes away what apply made; one that is not there is RC_OK. NULL: nothing new is made through it. */
    enum rc (*remove)(void *ctx, str id, struct err *err);
    /* Actions on a machine (content/policy/README.md has the list): what they would change as text; doing
     * them, after a JSON document for undo was kept. `halfway`: a kill cut them short. NULL: it does none. */
    enum rc (*diff)(void *ctx, const struct json *actions, struct strbuf *out, struct err *err);
    enum rc (*fix)(void *ctx, const struct json *actions, const struct posture_keeper *keeper,
                   struct err *err);
    enum rc (*undo)(void *ctx, const struct json *undo, bool halfway, struct err *err);
};

/* Copies the struct; name, doc and ctx outlive posture. */
void posture_connect(struct posture *p, const struct posture_connector *c);
/* By name; NULL when there is none. */
const struct posture_connector *posture_connector_find(const struct posture *p, str name);

struct posture_discovery {
    size_t seen, created, changed, gone, refused;
};
must_check enum rc posture_connector_run(struct posture *p, const struct posture_connector *c,
                                         struct posture_discovery *out, struct err *err);
/* Starts the thread that runs each connector when it is due; posture_close ends it. */
must_check enum rc posture_connector_start(struct posture *p, struct err *err);
void               posture_connector_stop(struct posture *p);

#endif
