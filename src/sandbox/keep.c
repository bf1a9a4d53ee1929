/* keep: what a sandbox's directory holds of the cluster beside its databases. */
#include "keep.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new file takes the old one's place only when it is whole. */
static bool write_file(const json_t *o, const char *path, struct err *err) {
    char *fresh = mem_printf("%s.new", path);
    const bool good = json_dump_file(o, fresh, JSON_INDENT(1) | JSON_SORT_KEYS) == 0 && rename(fresh, path) == 0;
    if (!good)
        err_set(err, ERR_UNAVAILABLE, "cannot write %s: %s", path, strerror(errno));
    free(fresh);
    return good;
}

bool keep_settings(const char *directory, const struct settings *settings, struct err *err) {
    char *path = mem_printf("%s/settings.json", directory);
    json_t *o = json_object();
    for (size_t i = 0; i < settings_count(settings); i++) {
        const struct setting s = settings_at(settings, i);
        if (str_eq(s.origin, "override"))
            json_object_set_new(o, s.name, json_string(s.value));
    }
    const bool good = write_file(o, path, err);
    json_decref(o);
    free(path);
    return good;
}

/* A setting of another version than the one that wrote is left out. */
static void restore(struct settings *settings, const json_t *o) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(size_t)o, name, value) {
        struct result *r = result_new();
        if (settings_get(settings, name) && json_is_string(value))
            settings_set(settings, name, json_string_value(value), r);
        result_free(r);
    }
}

bool keep_restore_settings(const char *directory, struct settings *settings, struct err *err) {
    char *path = mem_printf("%s/settings.json", directory);
    json_error_t why;
    json_t *o = access(path, F_OK) == 0 ? json_load_file(path, 0, &why) : json_object();
    if (o)
        restore(settings, o);
    else
        err_set(err, ERR_INPUT, "%s cannot be read: %s (line %d)", path, why.text, why.line);
    free(path);
    json_decref(o);
    return o != NULL;
}
