/* startup: what a client says before it has a session: TLS begins where there are certificates and is declined
 * elsewhere, GSS always refused; a cancel is passed on; a start-up message with a known user opens the session. */
#include "auth.h"

#include "domicile/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    CODE_CANCEL = 80877102,
    CODE_SSL = 80877103,
    CODE_GSS = 80877104,
};

/* A name and a value of the start-up message. */
struct startup_pair {
    const char *name;
    const char *value;
};
struct startup {
    VEC(struct startup_pair);
};

static const char *startup_get(const struct startup *s, const char *name) {
    for (size_t i = 0; i < s->len; i++)
        if (str_eq(s->items[i].name, name))
            return s->items[i].value;
    return NULL;
}

static bool startup_read(struct startup *s, struct wire_in *in) {
    for (;;) {
        struct startup_pair pair = {.name = wire_get_string(in)};
        if (in->bad || !*pair.name)
            return !in->bad;
        pair.value = wire_get_string(in);
        if (!text_valid(pair.name, strlen(pair.name)) || !text_valid(pair.value, strlen(pair.value)))
            return false;
        vec_push(s, pair);
    }
}

/* The words of options='...': separated by spaces, a backslash quotes. Each is appended with its NUL. */
static void split_options(struct str *out, const char *s) {
    while (*s) {
        while (isspace((unsigned char)*s))
            s++;
        if (!*s)
            return;
        for (; *s && !isspace((unsigned char)*s); s++) {
            if (*s == '\\' && s[1])
                s++;
            str_add_char(out, *s);
        }
        str_add_char(out, '\0');
    }
}

static bool set_option(struct protocol *p, char *word, struct result *r) {
    char *value = strchr(word, '=');
    if (!value)
        return result_fail(r, "08P01", "option \"%s\" is invalid, check usage of options='-c key=value'",
            word);
    *value++ = '\0';
    return variable_set_default(p->session, word, value, r);
}

/* -c name=value, -cname=value, --name=value. */
static bool set_options(struct protocol *p, const char *options, struct result *r) {
    struct str words = {0};
    split_options(&words, options);
    bool good = true;
    char *end = words.data ? words.data + words.len : NULL; /* blanks alone are no words */
    for (char *w = words.data; good && w && w < end;) {
        char *next = w + strlen(w) + 1;
        if (str_eq(w, "-c") && next < end) {
            w = next;
            next = w + strlen(w) + 1;
        } else if (str_starts(w, "--") || str_starts(w, "-c")) {
            w += 2;
        }
        good = set_option(p, w, r);
        w = next;
    }
    str_free(&words);
    return good;
}

/* Any other pair sets the session variable of its name; names that there are not are passed over. */
static bool set_pairs(struct protocol *p, const struct startup *s, struct result *r) {
    static const char *const own[] = {"user", "database", "options", "replication"};
    for (size_t i = 0; i < s->len; i++) {
        bool mine = str_starts(s->items[i].name, "_pq_.");
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            mine = mine || str_eq(s->items[i].name, own[k]);
        if (mine || !variable_get(p->session, s->items[i].name))
            continue;
        if (!variable_set_default(p->session, s->items[i].name, s->items[i].value, r))
            return false;
    }
    const char *options = startup_get(s, "options");
    return !options || set_options(p, options, r);
}

static void negotiate(struct protocol *p, int32_t version, const struct startup *s) {
    int32_t unknown = 0;
    for (size_t i = 0; i < s->len; i++)
        unknown += str_starts(s->items[i].name, "_pq_.");
    if ((version & 0xffff) == 0 && unknown == 0)
        return;
    wire_begin(&p->out, 'v');
    wire_int32(&p->out, 3 << 16);
    wire_int32(&p->out, unknown);
    for (size_t i = 0; i < s->len; i++)
        if (str_starts(s->items[i].name, "_pq_."))
            wire_string(&p->out, s->items[i].name);
    wire_end(&p->out);
}

/* What the server tells after letting somebody in, in the recorded order. is_superuser is told as off even
 * to root, as recorded. */
static void announce(struct protocol *p) {
    static const char *const told[] = {
        "server_version", "server_encoding", "client_encoding", "application_name", "DateStyle",
        "IntervalStyle", "is_superuser", "TimeZone", "integer_datetimes", "standard_conforming_strings",
        "crdb_version", "session_authorization",
    };
    wire_begin(&p->out, 'R');
    wire_int32(&p->out, 0);
    wire_end(&p->out);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = str_eq(told[i], "is_superuser") ? "off"
            : str_eq(told[i], "session_authorization") ? p->session->user
            : variable_get(p->session, told[i]);
        wire_status(&p->out, told[i], value ? value : "");
    }
    wire_begin(&p->out, 'K');
    wire_int32(&p->out, p->session->process_id);
    wire_int32(&p->out, p->session->secret);
    wire_end(&p->out);
    wire_ready(&p->out, (char)p->session->transaction);
}

static void wake(void *arg) {
    struct protocol *p = arg;
    p->run.resumed = true;
    loop_timer_start(p->timer, 0, 0);
}

static void open_session(struct protocol *p, const char *user, const char *database) {
    struct session *s = session_new(p->host.loop, p->host.compat, user, database, p->host.node);
    s->engine = p->host.engine;
    s->client = mem_strdup(p->client);
    s->process_id = p->host.new_process_id(p->host.arg);
    if (getrandom(&s->secret, sizeof s->secret, GRND_NONBLOCK) != sizeof s->secret)
        s->secret = (int32_t)(loop_wall() * 2654435761 >> 7) ^ s->process_id;
    session_set_locality(s, p->locality);
    s->wake = wake;
    s->wake_arg = p;
    s->deallocate = prepareds_forget;
    p->session = s;
    engine_open(p->host.engine, s);
}

static void refuse(struct protocol *p, const struct result *r) {
    protocol_fail(p, r);
    protocol_close(p);
}

/* The session that the start-up message asks for. */
static void open_as(struct protocol *p, const char *name, const struct startup *s) {
    const char *database = startup_get(s, "database");
    struct result *r = result_new();
    open_session(p, name, database && *database ? database : "defaultdb");
    if (set_pairs(p, s, r)) {
        negotiate(p, p->hello_version, s);
        announce(p);
        loop_timer_stop(p->timer);
        p->phase = PROTOCOL_IDLE;
    } else {
        refuse(p, r);
    }
    result_free(r);
}

/* Reads the kept message again; false when it is malformed. *name is the user's, the caller frees it. */
static bool read_hello(const struct protocol *p, struct startup *s, char **name) {
    struct wire_in in = {.at = str_get(&p->hello), .left = p->hello.len};
    *name = NULL;
    if (!startup_read(s, &in))
        return false;
    const char *user = startup_get(s, "user");
    *name = mem_strdup(user ? user : "");
    for (char *c = *name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return true;
}

void startup_admit(struct protocol *p) {
    struct startup s = {0};
    char *name;
    auth_free(p);
    if (read_hello(p, &s, &name) && engine_user_exists(p->host.engine, name)) {
        open_as(p, name, &s);
    } else {
        protocol_error(p, "ERROR", "28P01", "password authentication failed for user %s", name ? name : "");
        protocol_close(p);
    }
    str_free(&p->hello);
    free(name);
    vec_free(&s);
}

static void hello(struct protocol *p, int32_t version, struct wire_in *in) {
    struct startup s = {0};
    char *name;
    str_clear(&p->hello);
    str_add_n(&p->hello, in->at, in->left);
    p->hello_version = version;
    if (!read_hello(p, &s, &name)) {
        protocol_error(p, "FATAL", "08P01", "the start-up message is malformed");
        protocol_close(p);
    } else if (p->host.secure) {
        auth_begin(p, name);
    } else {
        startup_admit(p);
    }
    free(name);
    vec_free(&s);
}

void startup_packet(struct protocol *p, struct wire_in *in) {
    const int32_t code = wire_get_int32(in);
    if (code == CODE_SSL && p->host.secure && !p->tls) {
        if (p->in.len > p->consumed) { /* what comes in the clear behind it came from somebody in between */
            protocol_error(p, "FATAL", "08P01", "received unencrypted data after the request for TLS");
            protocol_close(p);
            return;
        }
        wire_int8(&p->out, 'S');
        p->tls_wanted = true;
        return;
    }
    if (code == CODE_SSL) {
        wire_int8(&p->out, 'N');
        return;
    }
    if (code == CODE_GSS) { /* an error, as recorded, where PostgreSQL says N: libpq tries again without */
        protocol_error(p, "ERROR", "08P01", "GSS encryption is not yet supported");
        protocol_close(p);
        return;
    }
    if (code == CODE_CANCEL) {
        const int32_t process_id = wire_get_int32(in), secret = wire_get_int32(in);
        if (!in->bad)
            p->host.cancel(p->host.arg, process_id, secret);
        protocol_close(p);
        return;
    }
    if (code >> 16 != 3) {
        protocol_error(p, "FATAL", "08P01", "unknown protocol version %d", code);
        protocol_close(p);
        return;
    }
    hello(p, code, in);
}
