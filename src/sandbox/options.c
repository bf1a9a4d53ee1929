/* options: what `domicile sandbox` and `domicile demo` can be told: one table, read by help and parser. */
#include "domicile/sandbox/sandbox.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/sandbox/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_PORT = 26257,
    DEFAULT_COMPAT = 2201,
    MAX_NODES = 99,
};

void sandbox_options_init(struct sandbox_options *o) {
    memset(o, 0, sizeof *o);
    o->host = mem_strdup("127.0.0.1");
    o->port = DEFAULT_PORT;
    o->compat = DEFAULT_COMPAT;
    o->speed = 1;
}

void sandbox_options_free(struct sandbox_options *o) {
    for (size_t i = 0; i < o->localities.len; i++)
        free(o->localities.items[i]);
    vec_free(&o->localities);
    free(o->host);
    free(o->data);
    free(o->certs);
    memset(o, 0, sizeof *o);
}

void sandbox_options_copy(struct sandbox_options *to, const struct sandbox_options *from) {
    *to = *from;
    memset(&to->localities, 0, sizeof to->localities);
    for (size_t i = 0; i < from->localities.len; i++)
        vec_push(&to->localities, mem_strdup(from->localities.items[i]));
    to->host = mem_strdup(from->host);
    to->data = mem_strdup_null(from->data);
    to->certs = mem_strdup_null(from->certs);
}

static bool set_listen(struct sandbox_options *o, const char *value, struct err *err) {
    const char *colon = strrchr(value, ':');
    char *end = NULL;
    const long port = colon ? strtol(colon + 1, &end, 10) : -1;
    if (!colon || end == colon + 1 || *end || port < 0 || port > 65535 - MAX_NODES) {
        err_set(err, ERR_USAGE, "--listen \"%s\" is no HOST:PORT", value);
        return err_hint(err, "for example 127.0.0.1:26257; node k listens on PORT+k-1, 0 takes free ports");
    }
    const char *from = value;
    size_t n = (size_t)(colon - value);
    if (n >= 2 && value[0] == '[' && value[n - 1] == ']') {
        from++;
        n -= 2;
    }
    free(o->host);
    o->host = n ? mem_strndup(from, n) : mem_strdup("127.0.0.1");
    o->port = (int)port;
    return true;
}

static bool set_locality(struct sandbox_options *o, const char *value, struct err *err) {
    bool good = *value != '\0';
    for (const char *t = value; good && *t;) {
        const size_t n = strcspn(t, ",");
        const char *equals = memchr(t, '=', n);
        good = equals && equals > t && equals + 1 < t + n;
        t += n + (t[n] == ',');
    }
    if (!good) {
        err_set(err, ERR_USAGE, "--locality \"%s\" is no list of key=value tiers", value);
        return err_hint(err, "for example --locality cloud=azure,region=uksouth,zone=1; each adds a node");
    }
    if (o->localities.len == MAX_NODES) {
        err_set(err, ERR_USAGE, "more than %d nodes", MAX_NODES);
        return err_hint(err, "give --locality at most %d times", MAX_NODES);
    }
    vec_push(&o->localities, mem_strdup(value));
    return true;
}

static bool set_compat(struct sandbox_options *o, const char *value, struct err *err) {
    if (str_eq(value, "22.1"))
        o->compat = 2201;
    else if (str_eq(value, "26.1"))
        o->compat = 2601;
    else {
        err_set(err, ERR_USAGE, "--compat \"%s\" is no version that the sandbox knows", value);
        return err_hint(err, "it answers as 22.1 or as 26.1 does");
    }
    return true;
}

static bool set_report_interval(struct sandbox_options *o, const char *value, struct err *err) {
    if (settings_parse_duration(value, &o->report_interval) && o->report_interval > 0)
        return true;
    err_set(err, ERR_USAGE, "--report-interval \"%s\" is no duration", value);
    return err_hint(err, "for example 5s or 1m");
}

static bool set_speed(struct sandbox_options *o, const char *value, struct err *err) {
    char *end;
    o->speed = strtod(value, &end);
    if (end != value && !*end && (o->speed == 0 || o->speed >= 0.01) && o->speed <= 1000)
        return true;
    err_set(err, ERR_USAGE, "--speed \"%s\" is neither 0 nor a number from 0.01 to 1000", value);
    return err_hint(err, "1 moves replicas as a real cluster does, 10 ten times as fast, 0 only when told to");
}

static bool set_data(struct sandbox_options *o, const char *value, struct err *err) {
    if (!*value) {
        err_set(err, ERR_USAGE, "--data needs a directory");
        return err_hint(err, "it is made if it is not there");
    }
    free(o->data);
    o->data = mem_strdup(value);
    return true;
}

static bool set_certs(struct sandbox_options *o, const char *value, struct err *err) {
    if (!*value)
        return err_set(err, ERR_USAGE, "--certs needs a directory");
    free(o->certs);
    o->certs = mem_strdup(value);
    return true;
}

static bool set_empty(struct sandbox_options *o, const char *value, struct err *err) {
    (void)value;
    (void)err;
    o->empty = true;
    return true;
}

static bool set_ranges(struct sandbox_options *o, const char *value, struct err *err) {
    char *end;
    errno = 0;
    o->ranges = strtoll(value, &end, 10);
    if (end != value && !*end && !errno && o->ranges >= 0 && o->ranges <= 2000000)
        return true;
    err_set(err, ERR_USAGE, "--ranges \"%s\" is no number from 0 to 2000000", value);
    return err_hint(err, "so many ranges are there at the start");
}

static const struct sandbox_option options[] = {
    {"listen", "HOST:PORT", "node k listens on PORT+k-1; default 127.0.0.1:26257, port 0 takes free ones"},
    {"locality", "LOCALITY", "adds a node, for example cloud=aws,region=eu-west-1,zone=a; default nine nodes"},
    {"compat", "22.1|26.1", "answers as this version of CockroachDB does; default 22.1"},
    {"report-interval", "DURATION", "initial kv.replication_reports.interval; default 1m, in the demo 5s"},
    {"speed", "FACTOR", "how fast replicas move; default 1, 0 only as sandbox.advance says"},
    {"data", "DIRECTORY", "keeps the data and the topology there between runs"},
    {"certs", "DIRECTORY", "serves TLS with its ca.crt, node.crt and node.key, and asks for certificates or passwords"},
    {"empty", NULL, "starts without the django database"},
    {"ranges", "N", "splits a table into N ranges at the start"},
    {NULL, NULL, NULL},
};

/* In the order of options. */
static bool (*const setters[])(struct sandbox_options *o, const char *value, struct err *err) = {
    set_listen, set_locality, set_compat, set_report_interval, set_speed, set_data, set_certs, set_empty, set_ranges,
};

const struct sandbox_option *sandbox_option_table(void) {
    return options;
}

static int find(const char *name, size_t n) {
    for (int i = 0; options[i].name; i++)
        if (strlen(options[i].name) == n && strncmp(options[i].name, name, n) == 0)
            return i;
    return -1;
}

static bool unknown(const char *name, struct err *err) {
    err_set(err, ERR_USAGE, "the sandbox has no option \"%s\"", name);
    return err_hint(err, "see domicile sandbox --help");
}

bool sandbox_option_set(struct sandbox_options *o, const char *name, const char *value, struct err *err) {
    const int i = find(name, strlen(name));
    return i < 0 ? unknown(name, err) : setters[i](o, value ? value : "", err);
}

bool sandbox_options_parse(struct sandbox_options *o, int argc, char **argv, struct err *err) {
    for (int k = 0; k < argc; k++) {
        if (!str_starts(argv[k], "--"))
            return unknown(argv[k], err);
        const char *name = argv[k] + 2, *equals = strchr(name, '=');
        const int i = find(name, equals ? (size_t)(equals - name) : strlen(name));
        if (i < 0)
            return unknown(argv[k], err);
        const char *value = equals ? equals + 1 : NULL;
        if (options[i].argument && !value && ++k < argc)
            value = argv[k];
        if (options[i].argument && !value) {
            err_set(err, ERR_USAGE, "--%s needs a value: %s", options[i].name, options[i].argument);
            return err_hint(err, "see domicile sandbox --help");
        }
        if (!setters[i](o, value ? value : "", err))
            return false;
    }
    return true;
}
