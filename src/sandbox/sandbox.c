/* sandbox: the simulated cluster put together and run in the foreground. */
#include "domicile/sandbox/sandbox.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/sandbox/engine.h"
#include "domicile/sandbox/server.h"
#include "domicile/sandbox/settings.h"
#include "domicile/sandbox/world.h"
#include "cluster_hooks.h"
#include "keep.h"
#include "sandbox_load.h"
#include "sandbox_private.h"
#include "tls.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sandbox {
    const struct sandbox_options *options;
    struct loop *loop;
    struct settings *settings;
    struct world *world;
    struct engine *engine;
    struct server *server;
    struct tls *tls; /* NULL: insecure */
    struct loop_fd *life_watch;
    int life;
    char *directory;
    bool temporary;
    bool kept; /* the directory holds what an earlier run left */
    VEC_STRUCT(char *) localities;
};

static void on_signal(void *arg, int signo) {
    (void)signo;
    loop_stop(arg, 0);
}

/* The parent has gone. */
static void on_life(void *arg, int events) {
    struct sandbox *s = arg;
    char byte;
    (void)events;
    if (read(s->life, &byte, 1) == 0)
        loop_stop(s->loop, 0);
}

static void on_node(void *arg, int node, bool up) {
    struct sandbox *s = arg;
    struct err err = {0};
    if (!s->server)
        return;
    if (!up)
        server_node_down(s->server, node);
    else if (!server_node_up(s->server, node, &err))
        err_print(&err);
}

static void on_setting(void *arg, const char *name) {
    struct sandbox *s = arg;
    struct err err = {0};
    if (s->world && str_eq(name, "kv.replication_reports.interval"))
        world_set_report_interval(s->world, settings_duration(s->settings, name));
    if (s->options->data && !keep_settings(s->directory, s->settings, &err))
        fprintf(stderr, "domicile: %s\n", err.message);
}

/* ---- the directory ---- */

static bool make_directory(struct sandbox *s, struct err *err) {
    const char *tmp = getenv("TMPDIR");
    s->temporary = !s->options->data;
    if (s->temporary) {
        s->directory = mem_printf("%s/domicile-sandbox-XXXXXX", tmp && *tmp ? tmp : "/tmp");
        if (mkdtemp(s->directory))
            return true;
    } else {
        s->directory = mem_strdup(s->options->data);
        if (mkdir(s->directory, 0700) == 0 || errno == EEXIST)
            return true;
    }
    err_set(err, ERR_UNAVAILABLE, "cannot make the directory %s: %s", s->directory, strerror(errno));
    s->temporary = false;
    return err_hint(err, "give a directory that can be written with --data");
}

static void remove_directory(const char *path) {
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.') {
            char *file = mem_printf("%s/%s", path, e->d_name);
            unlink(file);
            free(file);
        }
    if (dir)
        closedir(dir);
    rmdir(path);
}

/* The localities of the last run on this data: one a line. */
static void read_topology(struct sandbox *s) {
    char *path = mem_printf("%s/topology", s->directory), line[1024];
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            vec_push(&s->localities, mem_strdup(line));
    }
    if (f)
        fclose(f);
    free(path);
}

static void write_topology(const struct sandbox *s) {
    char *path = mem_printf("%s/topology", s->directory);
    FILE *f = fopen(path, "w");
    for (size_t i = 0; f && i < world_node_count(s->world); i++)
        fprintf(f, "%s\n", world_node(s->world, (int)i + 1)->locality_text);
    if (f)
        fclose(f);
    free(path);
}

static bool same_topology(const struct sandbox *s, struct err *err) {
    if (!s->options->localities.len || !s->localities.len)
        return true;
    bool same = s->options->localities.len == s->localities.len;
    for (size_t i = 0; same && i < s->localities.len; i++)
        same = str_eq(s->options->localities.items[i], s->localities.items[i]);
    if (same)
        return true;
    err_set(err, ERR_USAGE, "the data in %s belong to a cluster of other nodes", s->directory);
    return err_hint(err, "leave --locality out to get those, or give another --data");
}

/* ---- putting together ---- */

static bool open_world(struct sandbox *s, struct err *err) {
    const struct sandbox_options *o = s->options;
    if (o->data)
        read_topology(s);
    if (!same_topology(s, err))
        return false;
    s->kept = s->localities.len;
    for (size_t i = 0; !s->kept && i < o->localities.len; i++)
        vec_push(&s->localities, mem_strdup(o->localities.items[i]));
    const struct world_options w = {
        .loop = s->loop,
        .compat = o->compat,
        .localities = s->localities.len ? (const char *const *)s->localities.items : NULL,
        .locality_count = s->localities.len,
        .report_interval = settings_duration(s->settings, "kv.replication_reports.interval"),
        .speed = o->speed,
        .seed = o->speed > 0 ? (uint64_t)loop_wall() : 1, /* told when to move, moves alike each time */
    };
    s->world = world_new(&w, err);
    if (s->world)
        world_on_node(s->world, on_node, s);
    return s->world;
}

static bool listen_all(struct sandbox *s, int port, struct err *err) {
    for (size_t i = 0; i < world_node_count(s->world); i++)
        if (!server_listen(s->server, (int)i + 1, world_node(s->world, (int)i + 1)->locality_text,
            s->options->host,
            port ? port + (int)i : 0, err))
            return false;
    return true;
}

static void open_server(struct sandbox *s) {
    s->server = server_new(s->loop, s->engine, s->options->compat);
    server_set_tls(s->server, s->tls);
    engine_set_server(s->engine, s->server);
}

/* With free ports where those asked for are taken, if that will do. */
static bool open_ports(struct sandbox *s, bool any_port, struct err *err) {
    open_server(s);
    if (listen_all(s, s->options->port, err))
        return true;
    if (!any_port)
        return false;
    server_free(s->server);
    err_clear(err);
    open_server(s);
    return listen_all(s, 0, err);
}

static bool open_engine(struct sandbox *s, struct err *err) {
    const struct engine_options e = {
        .loop = s->loop, .compat = s->options->compat, .directory = s->directory, .world = s->world,
        .settings = s->settings};
    s->engine = engine_new(&e, err);
    return s->engine;
}

static bool set_interval(struct sandbox *s, struct err *err) {
    struct result *r = result_new();
    char *text = settings_print_duration(s->options->report_interval);
    const bool good = s->options->report_interval == 0 ||
        settings_set(s->settings, "kv.replication_reports.interval", text, r) ||
        err_set(err, ERR_USAGE, "--report-interval: %s", r->error.message);
    free(text);
    result_free(r);
    return good;
}

/* What was set in an earlier run is set again, and what is set from now on is kept. */
static bool open_settings(struct sandbox *s, struct err *err) {
    const bool good = !s->options->data || keep_restore_settings(s->directory, s->settings, err);
    settings_on_change(s->settings, on_setting, s);
    return good;
}

static bool fill(struct sandbox *s, struct err *err) {
    if (!s->options->empty && !s->kept && !sandbox_load(s->loop, s->engine, s->options->compat, err))
        return false;
    if (s->options->ranges && !sandbox_load_ranges(s->loop, s->engine, s->world, s->options, err))
        return false;
    world_settle(s->world);
    hook_statistics_done(s->engine);
    return true;
}

static bool open_tls(struct sandbox *s, struct err *err) {
    s->tls = s->options->certs ? tls_new(s->options->certs, err) : NULL;
    return s->tls || !s->options->certs;
}

static bool open_all(struct sandbox *s, bool any_port, struct err *err) {
    s->settings = settings_new(s->options->compat);
    return open_tls(s, err) && set_interval(s, err) && make_directory(s, err) && open_settings(s, err) &&
        open_world(s, err) && open_engine(s, err) && open_ports(s, any_port, err) && fill(s, err);
}

static void close_all(struct sandbox *s) {
    loop_fd_free(s->life_watch);
    server_free(s->server);
    tls_free(s->tls);
    engine_free(s->engine);
    world_free(s->world);
    settings_free(s->settings);
    if (s->temporary && s->directory)
        remove_directory(s->directory);
    for (size_t i = 0; i < s->localities.len; i++)
        free(s->localities.items[i]);
    vec_free(&s->localities);
    free(s->directory);
    loop_free(s->loop);
}

/* Everybody who reaches the ports may do everything: that is said aloud. */
static void warn_insecure(const struct sandbox *s, const char *host) {
    if (s->tls || s->life >= 0)
        return;
    const bool local = str_eq(host, "localhost") || str_eq(host, "::1") || str_starts(host, "127.");
    fprintf(stderr, "domicile: the sandbox is insecure: no TLS, no passwords%s (--certs DIRECTORY makes it secure)\n",
        local ? ", reachable from this machine only"
              : ", and EVERYBODY who reaches this machine may do everything in it");
}

static void announce(const struct sandbox *s) {
    const char *host = server_host(s->server);
    warn_insecure(s, host);
    const bool six = strchr(host, ':');
    for (size_t i = 0; i < world_node_count(s->world); i++)
        printf("n%zu postgresql://root@%s%s%s:%d/defaultdb?sslmode=%s %s\n", i + 1, six ? "[" : "", host,
            six ? "]" : "", server_port(s->server, (int)i + 1), s->tls ? "verify-full" : "disable",
            world_node(s->world, (int)i + 1)->locality_text);
    puts("ready");
    fflush(stdout);
}

static int say(const struct err *err) {
    err_print(err);
    return err_exit_code(err->kind);
}

int sandbox_serve(const struct sandbox_options *o, int life, bool any_port) {
    struct sandbox s = {.options = o, .life = life, .loop = loop_new()};
    struct err err = {0};
    int status = 0;
    signal(SIGPIPE, SIG_IGN);
    loop_on_signal(s.loop, SIGTERM, on_signal, s.loop);
    loop_on_signal(s.loop, SIGINT, on_signal, s.loop);
    if (open_all(&s, any_port, &err)) {
        if (life >= 0)
            s.life_watch = loop_fd_new(s.loop, life, LOOP_READ, on_life, &s);
        if (o->data)
            write_topology(&s);
        announce(&s);
        loop_run(s.loop, &status);
    } else {
        status = say(&err);
    }
    close_all(&s);
    return status;
}

int sandbox_run(const struct sandbox_options *o) {
    return sandbox_serve(o, -1, false);
}
