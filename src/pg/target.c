/* target: where a connection may go. */
#include "target.h"

#include "domicile/base/str.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_S = 10 };

static void wipe(char *s) {
    if (s)
        explicit_bzero(s, strlen(s));
    free(s);
}

void targets_free(struct targets *t) {
    for (size_t i = 0; i < t->hosts.len; i++) {
        free(t->hosts.items[i].host);
        free(t->hosts.items[i].addresses);
        free(t->hosts.items[i].port);
    }
    for (size_t i = 0; i < t->keywords.len; i++) {
        free(t->keywords.items[i]);
        wipe(t->values.items[i]);
    }
    vec_free(&t->hosts);
    vec_free(&t->keywords);
    vec_free(&t->values);
    free(t->user);
    free(t->database);
    wipe(t->password);
    *t = (struct targets){0};
}

bool target_needs_lookup(const struct target *t) {
    unsigned char address[sizeof(struct in6_addr)];
    return t->host && t->host[0] && t->host[0] != '/' && t->host[0] != '@' &&
        inet_pton(AF_INET, t->host, address) != 1 && inet_pton(AF_INET6, t->host, address) != 1;
}

char *target_print(const struct target *t) {
    const char *host = t->host && t->host[0] ? t->host : "the default host";
    if (!t->port || !t->port[0])
        return mem_strdup(host);
    struct str out = {0};
    if (strchr(host, ':'))
        str_add_f(&out, "[%s]:%s", host, t->port);
    else
        str_add_f(&out, "%s:%s", host, t->port);
    return str_take(&out);
}

static void add(struct targets *t, const char *keyword, const char *value) {
    vec_push(&t->keywords, mem_strdup(keyword));
    vec_push(&t->values, mem_strdup(value));
}

/* The i-th of a list "a,b,c"; the only one serves for all. NULL: there is none. */
static char *list_item(const char *list, size_t i) {
    if (!list)
        return NULL;
    const char *p = list;
    if (!strchr(p, ','))
        return mem_strdup(p);
    for (; i > 0 && p; i--) {
        p = strchr(p, ',');
        p = p ? p + 1 : NULL;
    }
    return p ? mem_strndup(p, strcspn(p, ",")) : NULL;
}

static size_t list_count(const char *list) {
    size_t n = 1;
    for (const char *p = list; p && (p = strchr(p, ',')) != NULL; p++)
        n++;
    return n;
}

static void add_hosts(struct targets *t, const char *hosts, const char *addresses, const char *ports) {
    size_t n = list_count(hosts ? hosts : addresses);
    for (size_t i = 0; i < n; i++)
        vec_push(&t->hosts,
            ((struct target){.host = list_item(hosts, i),
                .addresses = list_item(addresses, i),
                .port = list_item(ports, i)}));
}

/* What this program decides itself and does not hand on as it stands. */
struct own {
    const char *keyword;
    const char *value; /* of the conninfo; NULL not given */
};

enum {
    OWN_HOST,
    OWN_HOSTADDR,
    OWN_PORT,
    OWN_USER,
    OWN_DATABASE,
    OWN_PASSWORD,
    OWN_TIMEOUT,
    OWN_OPTIONS,
    OWN_NAME,
    OWN_GSS,
    OWN_SERVICE,
    OWN_COUNT
};

static const char *const own_keywords[OWN_COUNT] = {"host", "hostaddr", "port", "user", "dbname", "password",
    "connect_timeout", "options", "application_name", "gssencmode", "service"};

static int own_index(const char *keyword) {
    int i = 0;
    while (i < OWN_COUNT && strcmp(own_keywords[i], keyword) != 0)
        i++;
    return i;
}

static void read_own(struct own *own, const PQconninfoOption *o, struct targets *t) {
    for (int i = 0; i < OWN_COUNT; i++)
        own[i] = (struct own){.keyword = own_keywords[i]};
    for (; o->keyword; o++) {
        int i = own_index(o->keyword);
        if (i < OWN_COUNT)
            own[i].value = o->val;
        else if (o->val)
            add(t, o->keyword, o->val);
    }
}

/* Sets or (value NULL) removes a variable of the environment; returns what it was, for the way back. */
static char *swap_env(const char *name, const char *value) {
    char *before = mem_strdup_null(getenv(name));
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
    return before;
}

static void put_env_back(const char *name, char *before) {
    free(swap_env(name, before));
    free(before);
}

/* libpq's defaults with or without a service; the port is "0" where neither says one. */
static PQconninfoOption *defaults_with(const char *service) {
    char *name = swap_env("PGSERVICE", service);
    char *port = swap_env("PGPORT", "0");
    PQconninfoOption *o = PQconndefaults();
    put_env_back("PGPORT", port);
    put_env_back("PGSERVICE", name);
    return o;
}

static bool given(const struct targets *t, const char *keyword) {
    for (size_t i = 0; i < t->keywords.len; i++)
        if (strcmp(t->keywords.items[i], keyword) == 0)
            return true;
    return false;
}

/* What the service file says is taken from it here, for libpq would look up its hosts itself and block. False:
 * there is no such service; libpq will say so. The values live as long as *kept. */
static bool read_service(struct targets *t, struct own *own, PQconninfoOption **kept) {
    const char *service = own[OWN_SERVICE].value ? own[OWN_SERVICE].value : getenv("PGSERVICE");
    PQconninfoOption *with = service ? defaults_with(service) : NULL;
    PQconninfoOption *without = with ? defaults_with(NULL) : NULL;
    bool found = false;
    for (const PQconninfoOption *a = with, *b = without; a && b && a->keyword; a++, b++) {
        bool said = a->val && (!b->val || strcmp(a->val, b->val) != 0);
        int i = own_index(a->keyword);
        if (!said || i == OWN_SERVICE)
            continue;
        found = true;
        if (i < OWN_COUNT && !own[i].value)
            own[i].value = a->val;
        else if (i == OWN_COUNT && !given(t, a->keyword))
            add(t, a->keyword, a->val);
    }
    PQconninfoFree(without);
    *kept = with;
    return found;
}

static void decide(struct targets *t, const struct own *own, bool service_read, const struct pg_options *o) {
    const char *user = o->user ? o->user : own[OWN_USER].value;
    const char *database = o->database ? o->database : own[OWN_DATABASE].value;
    const char *password = own[OWN_PASSWORD].value ? own[OWN_PASSWORD].value : o->password;
    bool service = !service_read && (own[OWN_SERVICE].value || getenv("PGSERVICE"));
    if (service && own[OWN_SERVICE].value)
        add(t, "service", own[OWN_SERVICE].value);
    t->user = mem_strdup(user ? user : "");
    t->database = mem_strdup(database ? database : "");
    t->password = mem_strdup_null(password);
    add(t, "application_name",
        own[OWN_NAME].value       ? own[OWN_NAME].value
            : o->application_name ? o->application_name
                                  : "domicile");
    add(t, "gssencmode", own[OWN_GSS].value ? own[OWN_GSS].value : "disable");
    struct str options = {0};
    /* Where options are given, libpq does not look at the environment's. */
    const char *wanted = own[OWN_OPTIONS].value ? own[OWN_OPTIONS].value : getenv("PGOPTIONS");
    if (wanted)
        str_add(&options, wanted);
    if (o->read_only)
        str_add_f(&options, "%s-c default_transaction_read_only=on", options.len ? " " : "");
    if (options.len)
        add(t, "options", str_get(&options));
    str_free(&options);
    const char *limit = own[OWN_TIMEOUT].value ? own[OWN_TIMEOUT].value : getenv("PGCONNECT_TIMEOUT");
    int seconds = limit ? atoi(limit) : 0;
    t->connect_timeout = o->connect_timeout
        ? o->connect_timeout
        : (seconds > 0 ? seconds : DEFAULT_TIMEOUT_S) * (usec)USEC_PER_SEC;
    /* A service that was not found is libpq's to complain about. */
    const char *host = o->host ? o->host
        : own[OWN_HOST].value  ? own[OWN_HOST].value
        : service              ? NULL
                               : getenv("PGHOST");
    const char *address = o->host ? NULL
        : own[OWN_HOSTADDR].value ? own[OWN_HOSTADDR].value
        : service                 ? NULL
                                  : getenv("PGHOSTADDR");
    const char *port = o->port ? o->port
        : own[OWN_PORT].value  ? own[OWN_PORT].value
        : service              ? NULL
                               : getenv("PGPORT");
    /* CockroachDB's own port is what people mean who name none. */
    if (!port && !service)
        port = "26257";
    if (!host && !address && !service)
        host = "localhost";
    add_hosts(t, host, address, port);
}

bool targets_parse(struct targets *t, const struct pg_options *o, struct err *err) {
    char *text = NULL;
    struct own own[OWN_COUNT];
    PQconninfoOption *parsed = PQconninfoParse(o->conninfo ? o->conninfo : "", &text);
    if (!parsed) {
        size_t n = text ? strcspn(text, "\n") : 0;
        err_set(err, ERR_USAGE, "the connection string is not understood: %.*s", (int)n, text ? text : "");
        PQfreemem(text);
        return false;
    }
    read_own(own, parsed, t);
    PQconninfoOption *service = NULL;
    bool service_read = read_service(t, own, &service);
    decide(t, own, service_read, o);
    PQconninfoFree(service);
    PQconninfoFree(parsed);
    return true;
}
