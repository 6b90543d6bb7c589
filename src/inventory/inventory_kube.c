/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes objects: the manifest as `properties`, and beside it what checks would otherwise have to look
 * for in a different place of every kind: `pod`, the pod's spec; `containers`, all of them flat, each with
 * the security context that takes effect and its image taken apart; `dataKeys` of config maps and secrets.
 *
 * A cluster is a subscription, a namespace its resource group. */
#include "inventory/inventory_priv.h"

enum { MAX_DOCUMENT = 8 << 20 };

#define PROVIDER "Microsoft.KubernetesConnector/"

static const struct {
    str kind;
    str path; /* of the pod's template within the object */
} WORKLOADS[] = {
    { STR_INIT("CronJob"), STR_INIT("spec.jobTemplate.spec.template") },
    { STR_INIT("DaemonSet"), STR_INIT("spec.template") },
    { STR_INIT("Deployment"), STR_INIT("spec.template") },
    { STR_INIT("Job"), STR_INIT("spec.template") },
    { STR_INIT("Pod"), STR_INIT("") },
    { STR_INIT("PodTemplate"), STR_INIT("template") },
    { STR_INIT("ReplicaSet"), STR_INIT("spec.template") },
    { STR_INIT("ReplicationController"), STR_INIT("spec.template") },
    { STR_INIT("StatefulSet"), STR_INIT("spec.template") },
};

static const str OF_CLUSTER[] = {
    STR_INIT("APIService"),
    STR_INIT("CertificateSigningRequest"),
    STR_INIT("ClusterRole"),
    STR_INIT("ClusterRoleBinding"),
    STR_INIT("CustomResourceDefinition"),
    STR_INIT("IngressClass"),
    STR_INIT("MutatingWebhookConfiguration"),
    STR_INIT("Node"),
    STR_INIT("PersistentVolume"),
    STR_INIT("PriorityClass"),
    STR_INIT("RuntimeClass"),
    STR_INIT("StorageClass"),
    STR_INIT("ValidatingAdmissionPolicy"),
    STR_INIT("ValidatingAdmissionPolicyBinding"),
    STR_INIT("ValidatingWebhookConfiguration"),
    STR_INIT("VolumeAttachment"),
};

static bool is_of_cluster(str kind)
{
    for (size_t i = 0; i < sizeof OF_CLUSTER / sizeof OF_CLUSTER[0]; i++)
        if (str_eq(kind, OF_CLUSTER[i]))
            return true;
    return false;
}

/* Deployment → deployments, NetworkPolicy → networkPolicies, Ingress → ingresses, APIService → apiServices.
 */
static str type_of(struct arena *a, str kind)
{
    char   text[256];
    size_t n = 0;
    if (kind.n == 0 || kind.n > 200)
        return STR_NONE;
    for (; n < kind.n; n++) {
        bool capital = kind.p[n] >= 'A' && kind.p[n] <= 'Z';
        bool next_small = n + 1 < kind.n && kind.p[n + 1] >= 'a' && kind.p[n + 1] <= 'z';
        if (!capital || (n > 0 && next_small))
            break;
        text[n] = (char)(kind.p[n] + 'a' - 'A');
    }
    for (; n < kind.n; n++)
        text[n] = kind.p[n];
    str stem = str_make(text, n);
    if (str_ends(stem, S("y")))
        return arena_printf(a, PROVIDER STR_FMT "ies", STR_ARG(str_slice(stem, 0, n - 1)));
    if (str_ends(stem, S("ss")))
        return arena_printf(a, PROVIDER STR_FMT "es", STR_ARG(stem));
    return arena_printf(a, PROVIDER STR_FMT "%s", STR_ARG(stem), str_ends(stem, S("s")) ? "" : "s");
}

static bool sounds_secret(str name)
{
    static const str WORDS[] = { STR_INIT("password"),   STR_INIT("passwd"),      STR_INIT("secret"),
                                 STR_INIT("token"),      STR_INIT("api_key"),     STR_INIT("apikey"),
                                 STR_INIT("access_key"), STR_INIT("private_key"), STR_INIT("credential") };
    if (str_ends_ci(name, S("_FILE")))
        return false;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (str_contains_ci(name, WORDS[i]))
            return true;
    return false;
}

static bool left_out(str key)
{
    /* What changes all the time and says nothing of the configuration, and a copy of everything, secrets
     * included. */
    return str_eq(key, S("managedFields")) || str_eq(key, S("resourceVersion")) ||
           str_eq(key, S("kubectl.kubernetes.io/last-applied-configuration"));
}

static void write_guarded(struct json_w *w, const struct json *j);

static void write_object(struct json_w *w, const struct json *j)
{
    bool secret = sounds_secret(json_str(j, S("name"), STR_NONE)) && json_str(j, S("value"), STR_NONE).n;
    json_w_object(w);
    for (size_t i = 0; i < j->n; i++) {
        str key = j->members[i].key;
        if (left_out(key))
            continue;
        json_w_key(w, key);
        if (secret && str_eq(key, S("value")))
            json_w_str(w, S("(hidden)"));
        else
            write_guarded(w, &j->members[i].value);
    }
    json_w_end(w);
}

/* The tree without values of variables that sound like secrets. Deeper than a writer can go is refused
 * before. */
static void write_guarded(struct json_w *w, const struct json *j)
{
    if (j->kind == JSON_OBJECT) {
        write_object(w, j);
    } else if (j->kind == JSON_ARRAY) {
        json_w_array(w);
        for (size_t i = 0; i < j->n; i++)
            write_guarded(w, &j->items[i]);
        json_w_end(w);
    } else {
        json_w_tree(w, j);
    }
}

/* registry.example:5000/team/app:1.2@sha256:… */
static void write_image(struct json_w *w, str image)
{
    size_t at = str_find_byte(image, '@');
    str    digest = at == STR_NPOS ? STR_NONE : str_from(image, at + 1), name = str_slice(image, 0, at),
        registry = STR_NONE;
    size_t colon = str_rfind_byte(name, ':'), slash = str_rfind_byte(name, '/');
    str    tag = STR_NONE;
    if (colon != STR_NPOS && (slash == STR_NPOS || colon > slash)) {
        tag = str_from(name, colon + 1);
        name = str_slice(name, 0, colon);
    }
    size_t first = str_find_byte(name, '/');
    str    host = str_slice(name, 0, first);
    if (first != STR_NPOS && (str_find_byte(host, '.') != STR_NPOS || str_find_byte(host, ':') != STR_NPOS ||
                              str_eq(host, S("localhost")))) {
        registry = host;
        name = str_from(name, first + 1);
    }
    json_w_key(w, S("imageParts"));
    json_w_object(w);
    json_w_kstr(w, S("registry"), registry);
    json_w_kstr(w, S("repository"), name);
    json_w_kstr(w, S("tag"), tag);
    json_w_kstr(w, S("digest"), digest);
    json_w_end(w);
}

struct pod {
    const struct json *metadata, *spec;
};

/* Before 1.30 AppArmor was told by an annotation for each container. */
static void write_apparmor(struct json_w *w, const struct pod *pod, str container)
{
    static const str   START = STR_INIT("container.apparmor.security.beta.kubernetes.io/");
    const struct json *annotations = json_get(pod->metadata, S("annotations"));
    for (size_t i = 0; annotations && annotations->kind == JSON_OBJECT && i < annotations->n; i++) {
        const struct json_member *m = &annotations->members[i];
        if (!str_starts(m->key, START) || !str_eq(str_from(m->key, START.n), container) ||
            m->value.kind != JSON_STRING)
            continue;
        json_w_key(w, S("appArmorProfile"));
        json_w_object(w);
        json_w_kstr(w, S("type"), str_eq(m->value.s, S("unconfined")) ? S("Unconfined") : m->value.s);
        json_w_end(w);
    }
}

/* The container's security context over the pod's. */
static void write_effective(struct json_w *w, const struct pod *pod, const struct json *container)
{
    static const str   SHARED[] = { STR_INIT("appArmorProfile"), STR_INIT("runAsGroup"),
                                    STR_INIT("runAsNonRoot"),    STR_INIT("runAsUser"),
                                    STR_INIT("seLinuxOptions"),  STR_INIT("seccompProfile"),
                                    STR_INIT("windowsOptions") };
    const struct json *own = json_get(container, S("securityContext")),
                      *shared = json_get(pod->spec, S("securityContext"));
    json_w_key(w, S("effective"));
    json_w_object(w);
    for (size_t i = 0; own && own->kind == JSON_OBJECT && i < own->n; i++) {
        json_w_key(w, own->members[i].key);
        json_w_tree(w, &own->members[i].value);
    }
    for (size_t i = 0; i < sizeof SHARED / sizeof SHARED[0]; i++) {
        const struct json *value = json_get(shared, SHARED[i]);
        if (!value || json_get(own, SHARED[i]))
            continue;
        json_w_key(w, SHARED[i]);
        json_w_tree(w, value);
    }
    if (!json_get(own, S("appArmorProfile")) && !json_get(shared, S("appArmorProfile")))
        write_apparmor(w, pod, json_str(container, S("name"), STR_NONE));
    json_w_end(w);
}

static void write_containers(struct json_w *w, const struct pod *pod, str list, str kind)
{
    const struct json *containers = json_get(pod->spec, list);
    for (size_t i = 0; json_at(containers, i); i++) {
        const struct json *c = json_at(containers, i);
        if (c->kind != JSON_OBJECT)
            continue;
        json_w_object(w);
        json_w_kstr(w, S("kind"), kind);
        for (size_t k = 0; k < c->n; k++) {
            json_w_key(w, c->members[k].key);
            write_guarded(w, &c->members[k].value);
        }
        write_image(w, json_str(c, S("image"), STR_NONE));
        write_effective(w, pod, c);
        json_w_end(w);
    }
}

static struct pod pod_of(const struct json *object, str kind)
{
    for (size_t i = 0; i < sizeof WORKLOADS / sizeof WORKLOADS[0]; i++) {
        if (!str_eq(kind, WORKLOADS[i].kind))
            continue;
        const struct json *holder = WORKLOADS[i].path.n ? json_path(object, WORKLOADS[i].path) : object;
        return (struct pod) { .metadata = json_get(holder, S("metadata")),
                              .spec = json_get(holder, S("spec")) };
    }
    return (struct pod) { 0 };
}

static void write_pod(struct json_w *w, const struct json *object, str kind)
{
    struct pod pod = pod_of(object, kind);
    if (!pod.spec || pod.spec->kind != JSON_OBJECT)
        return;
    json_w_key(w, S("pod"));
    write_guarded(w, pod.spec);
    json_w_key(w, S("containers"));
    json_w_array(w);
    write_containers(w, &pod, S("initContainers"), S("init"));
    write_containers(w, &pod, S("containers"), S("container"));
    write_containers(w, &pod, S("ephemeralContainers"), S("ephemeral"));
    json_w_end(w);
}

static void write_keys(struct json_w *w, const struct json *map)
{
    for (size_t i = 0; map && map->kind == JSON_OBJECT && i < map->n; i++)
        json_w_str(w, map->members[i].key);
}

static void write_data_keys(struct json_w *w, const struct json *object)
{
    json_w_key(w, S("dataKeys"));
    json_w_array(w);
    write_keys(w, json_get(object, S("data")));
    write_keys(w, json_get(object, S("stringData")));
    write_keys(w, json_get(object, S("binaryData")));
    json_w_end(w);
}

static void write_properties(struct json_w *w, const struct json *object, str kind)
{
    bool secret = str_eq(kind, S("Secret")), map = str_eq(kind, S("ConfigMap"));
    json_w_object(w);
    for (size_t i = 0; i < object->n; i++) {
        str key = object->members[i].key;
        if (str_eq(key, S("status")) || (secret && (str_eq(key, S("data")) || str_eq(key, S("stringData")))))
            continue;
        json_w_key(w, key);
        write_guarded(w, &object->members[i].value);
    }
    write_pod(w, object, kind);
    if (secret || map)
        write_data_keys(w, object);
    if (secret)
        json_w_kstr(w, S("secretType"), json_str(object, S("type"), S("Opaque")));
    json_w_end(w);
}

static str id_of(struct arena *a, const struct json *object, const struct inventory_opts *opts, str type,
                 str name)
{
    const struct json *metadata = json_get(object, S("metadata"));
    str                kind = json_str(object, S("kind"), STR_NONE);
    str                space = json_str(metadata, S("namespace"), opts->group.n ? opts->group : S("default"));
    if (is_of_cluster(kind))
        return arena_printf(a, "/subscriptions/" STR_FMT "/providers/" STR_FMT "/" STR_FMT,
                            STR_ARG(opts->subscription), STR_ARG(type), STR_ARG(name));
    if (str_eq(kind, S("Namespace")))
        space = name;
    return arena_printf(
        a, "/subscriptions/" STR_FMT "/resourceGroups/" STR_FMT "/providers/" STR_FMT "/" STR_FMT,
        STR_ARG(opts->subscription), STR_ARG(space), STR_ARG(type), STR_ARG(name));
}

static void write_tags(struct json_w *w, const struct json *labels)
{
    json_w_key(w, S("tags"));
    json_w_object(w);
    for (size_t i = 0; labels && labels->kind == JSON_OBJECT && i < labels->n; i++)
        if (labels->members[i].value.kind == JSON_STRING)
            json_w_kstr(w, labels->members[i].key, labels->members[i].value.s);
    json_w_end(w);
}

static enum rc write_resource(struct arena *a, const struct json *object, const struct inventory_opts *opts,
                              struct strbuf *out, struct err *err)
{
    const struct json *metadata = json_get(object, S("metadata"));
    str kind = json_str(object, S("kind"), STR_NONE), name = json_str(metadata, S("name"), STR_NONE);
    str type = type_of(a, kind);
    struct json_w w = json_w_make(out);
    /* An object made by generateName has no name yet when admission sees it. */
    if (name.n == 0)
        name = json_str(metadata, S("generateName"), STR_NONE);
    if (kind.n == 0 || type.n == 0 || name.n == 0)
        return err_set(err, RC_INVALID, "a Kubernetes object has kind and metadata.name");
    if (inventory_deeper(object, JSON_W_MAX_DEPTH - 8))
        return err_set(err, RC_LIMIT, STR_FMT " " STR_FMT " is deeper than %d levels", STR_ARG(kind),
                       STR_ARG(name), JSON_W_MAX_DEPTH - 8);
    json_w_object(&w);
    json_w_kstr(&w, S("id"), id_of(a, object, opts, type, name));
    json_w_kstr(&w, S("name"), name);
    json_w_kstr(&w, S("type"), type);
    json_w_kstr(&w, S("location"), opts->location.n ? opts->location : S("global"));
    write_tags(&w, json_get(metadata, S("labels")));
    json_w_key(&w, S("properties"));
    write_properties(&w, object, kind);
    json_w_end(&w);
    return strbuf_ok(out, "a Kubernetes object", err);
}

enum rc inventory_kube_resource(struct arena *a, const struct json *object, const struct inventory_opts *opts,
                                const struct json **out, struct err *err)
{
    AUTO_STRBUF text = STRBUF_INIT(MAX_DOCUMENT);
    TRY(write_resource(a, object, opts, &text, err));
    return json_parse(a, strbuf_view(&text), out, err);
}

bool inventory_kube_fits(const struct json *document)
{
    return json_str(document, S("apiVersion"), STR_NONE).n && json_str(document, S("kind"), STR_NONE).n;
}

/* A List, or a kind that ends so (PodList), holds objects; other than in a List they may lack their kind. */
enum rc inventory_kube_read(struct arena *a, const struct json *document, const struct inventory_opts *opts,
                            struct inventory *out, struct err *err)
{
    const struct json *resource, *items = json_get(document, S("items"));
    if (str_ends(json_str(document, S("kind"), STR_NONE), S("List")) && items) {
        for (size_t i = 0; json_at(items, i); i++) {
            if (!inventory_kube_fits(json_at(items, i))) {
                out->skipped++;
                continue;
            }
            TRY(inventory_kube_read(a, json_at(items, i), opts, out, err));
        }
        return RC_OK;
    }
    TRY(inventory_kube_resource(a, document, opts, &resource, err));
    return inventory_add(a, out, resource, err);
}
