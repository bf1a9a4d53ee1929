/* portal: the prepared statements and portals of one connection. */
#include "protocol_private.h"

#include <stdlib.h>

static void prepared_unref(struct prepared *s) {
    if (--s->refs > 0)
        return;
    engine_statement_free(s->statement);
    free(s->name);
    free(s);
}

struct prepared *prepared_find(const struct protocol *p, const char *name) {
    for (size_t i = 0; i < p->prepareds.len; i++)
        if (str_eq(p->prepareds.items[i]->name, name))
            return p->prepareds.items[i];
    return NULL;
}

void prepared_add(struct protocol *p, const char *name, struct engine_statement *st) {
    struct prepared *s = mem_calloc(1, sizeof *s);
    s->name = mem_strdup(name);
    s->refs = 1;
    s->statement = st;
    vec_push(&p->prepareds, s);
}

void prepared_remove(struct protocol *p, const char *name) {
    for (size_t i = 0; i < p->prepareds.len; i++)
        if (str_eq(p->prepareds.items[i]->name, name)) {
            prepared_unref(p->prepareds.items[i]);
            p->prepareds.items[i] = p->prepareds.items[--p->prepareds.len];
            return;
        }
}

void prepareds_clear(struct protocol *p) {
    for (size_t i = 0; i < p->prepareds.len; i++)
        prepared_unref(p->prepareds.items[i]);
    vec_free(&p->prepareds);
}

bool prepareds_forget(void *arg, const char *name) {
    struct protocol *p = arg;
    const size_t before = p->prepareds.len;
    if (name)
        prepared_remove(p, name);
    else
        prepareds_clear(p);
    return p->prepareds.len < before;
}

struct portal *portal_find(const struct protocol *p, const char *name) {
    for (size_t i = 0; i < p->portals.len; i++)
        if (str_eq(p->portals.items[i]->name, name))
            return p->portals.items[i];
    return NULL;
}

struct portal *portal_add(struct protocol *p, const char *name, struct prepared *prepared) {
    struct portal *portal = mem_calloc(1, sizeof *portal);
    portal->name = mem_strdup(name);
    portal->prepared = prepared;
    prepared->refs++;
    vec_push(&p->portals, portal);
    return portal;
}

static void portal_free(struct portal *portal) {
    for (size_t i = 0; i < portal->param_count; i++)
        free(portal->params[i]);
    free(portal->params);
    free(portal->formats);
    result_free(portal->result);
    prepared_unref(portal->prepared);
    free(portal->name);
    free(portal);
}

void portal_remove(struct protocol *p, const char *name) {
    for (size_t i = 0; i < p->portals.len; i++)
        if (str_eq(p->portals.items[i]->name, name)) {
            portal_free(p->portals.items[i]);
            p->portals.items[i] = p->portals.items[--p->portals.len];
            return;
        }
}

void portals_clear(struct protocol *p) {
    for (size_t i = 0; i < p->portals.len; i++)
        portal_free(p->portals.items[i]);
    vec_free(&p->portals);
}
