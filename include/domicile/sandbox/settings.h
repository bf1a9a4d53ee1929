/* settings: the cluster settings: SET, RESET, SHOW CLUSTER SETTING, crdb_internal.cluster_settings. */
#ifndef DOMICILE_SANDBOX_SETTINGS_H
#define DOMICILE_SANDBOX_SETTINGS_H

#include "domicile/loop/loop.h"
#include "domicile/sandbox/result.h"

#include <stdbool.h>
#include <stddef.h>

struct settings;

/* One setting as crdb_internal.cluster_settings and SHOW CLUSTER SETTINGS show it. */
struct setting {
    const char *name;
    const char *value;         /* now, as shown: "1m0s", "true", "32 MiB" */
    const char *default_value;
    const char *origin;        /* "default", "override" */
    const char *type;          /* "b", "d", "e", "f", "i", "s", "z", "m" (version) */
    bool is_public;
    bool sensitive;
    bool reportable;
    const char *description;
};

/* All at the defaults of compat (2201, 2601). */
struct settings *settings_new(int compat);
void settings_free(struct settings *s);

/* The value as shown; NULL when there is no such setting. */
const char *settings_get(const struct settings *s, const char *name);
bool settings_on(const struct settings *s, const char *name);
/* A duration in microseconds; 0 when there is none or it is 0. */
usec settings_duration(const struct settings *s, const char *name);
/* Sets from what SET CLUSTER SETTING was given, normalised as the server does ('5s', '90 s', 5, true);
 * value NULL: RESET. False with the error in r. */
bool settings_set(struct settings *s, const char *name, const char *value, struct result *r);
/* In order of name. */
size_t settings_count(const struct settings *s);
struct setting settings_at(const struct settings *s, size_t i);
/* Called after each change, with the name: the world listens for kv.replication_reports.interval. */
void settings_on_change(struct settings *s, void (*changed)(void *arg, const char *name), void *arg);

/* "1m30s" and "90 s", "00:01:30", "500ms", 5 (seconds) into microseconds; false when it is none. */
bool settings_parse_duration(const char *text, usec *out);
/* As Go prints a duration: "1m0s", "1.5s", "200ms", "0s". The caller frees. */
char *settings_print_duration(usec d);

#endif
