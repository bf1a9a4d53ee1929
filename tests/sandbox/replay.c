/* replay: sends the statements that were recorded on a real cluster to a sandbox, through psql, in the order and at
 * the times at which they were sent there, and compares the answers.
 *
 * usage: replay [-d] [-o PATTERN] [-w SQL] [-f TIME] TRUTH-FOLDER PORTS DIFFERENCES
 *   TRUTH-FOLDER ends in the version: .../22.1; PORTS holds what a sandbox of --speed 0 printed; DIFFERENCES lists
 *   what differs and why (replay_list.h)
 *   -d prints how also the listed answers differ; -o tells only of files whose name contains PATTERN (all are sent)
 *   -f begins at a time, as 2026-11-23T19:10:20, and tells only of what was recorded since then: of a second cluster
 *   -w asks SQL on node 1 after every statement, and prints the answer when it becomes another
 * Prints TAP: a listed file that differs is a TODO, one that turns out to be equal fails. */
#include "canonical.h"
#include "replay_cluster.h"
#include "replay_list.h"
#include "replay_sample.h"

#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One thing to do, at the time at which it was done. */
struct step {
    char when[32];  /* 2026-11-23T14:37:09.300Z */
    char *name;     /* 1002-show-cluster-setting-version; NULL: sql, unchecked */
    char *text;     /* of the file; or the SQL */
};
struct steps {
    VEC(struct step);
};

static struct {
    const char *folder, *version, *only, *watch, *from;
    struct replay_samples *samples;
    bool region_down;
    bool diff;
    struct replay_list *list;
} opt;

/* From then on another cluster was recorded, whose ids begin anew: its files are judged when it is begun with (-f). */
static const struct {
    const char *version, *when;
} second = {"26.1", "2026-11-23T19:10:19"};

/* What happened on the recorded clusters between the recorded statements. */
static const struct {
    const char *version, *when, *sql;
} between[] = {
    /* The first node's start: the clusters' steps of time are counted from there. */
    {"22.1", "2026-11-23T14:35:42.631Z", "SELECT 1"},
    {"26.1", "2026-11-23T17:50:13.059Z", "SELECT 1"},
    {"22.1", "2026-11-23T14:35:44.985Z", "SET CLUSTER SETTING kv.replication_reports.interval = '5s'"},
    {"22.1", "2026-11-23T14:49:46.631Z", "SELECT sandbox.kill_node(5)"},
    {"22.1", "2026-11-23T14:50:17.502Z", "SELECT sandbox.kill_region('eu-west-1')"},
    {"22.1", "2026-11-23T14:53:29.770Z", "SELECT sandbox.start_region('eu-west-1')"},
    {"22.1", "2026-11-23T14:56:12.288Z", "RESET CLUSTER SETTING kv.replication_reports.interval"},
    {"26.1", "2026-11-23T17:50:13.410Z", "SET CLUSTER SETTING kv.replication_reports.interval = '5s'"},
    {"26.1", "2026-11-23T17:50:13.411Z", "SET CLUSTER SETTING diagnostics.reporting.enabled = false"},
    {"26.1", "2026-11-23T18:01:35.000Z", "SELECT sandbox.kill_node(5)"},
    {"26.1", "2026-11-23T18:02:27.000Z", "SELECT sandbox.kill_region('eu-west-1')"},
    {"26.1", "2026-11-23T18:04:07.000Z", "SELECT sandbox.start_region('eu-west-1')"},
    {"26.1", "2026-11-23T18:21:27.000Z",
        "SET enable_super_regions = on; "
        "ALTER DATABASE django ADD SUPER REGION \"europe\" VALUES \"eu-west-1\", \"europe-west4\""},
    {"26.1", "2026-11-23T19:10:19.000Z", "DROP DATABASE django CASCADE"},
    {"26.1", "2026-11-23T19:10:20.000Z", "CREATE DATABASE django"},
    {"26.1", "2026-11-23T19:10:21.425Z",
        "USE django; CREATE TABLE cockroach_example_customers (id UUID NOT NULL PRIMARY KEY DEFAULT "
        "gen_random_uuid(), name VARCHAR(250) NOT NULL, cloud VARCHAR(250) NULL)"},
    {"26.1", "2026-11-23T19:10:23.639Z",
        "USE django; CREATE TABLE cockroach_example_products (id UUID NOT NULL PRIMARY KEY DEFAULT "
        "gen_random_uuid(), name VARCHAR(250) NOT NULL, price DECIMAL(18,2) NOT NULL)"},
    {"26.1", "2026-11-23T19:10:25.877Z",
        "USE django; CREATE TABLE cockroach_example_orders (id UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), "
        "subtotal DECIMAL(18,2) NOT NULL, customer_id UUID NULL REFERENCES cockroach_example_customers (id))"},
    {"26.1", "2026-11-23T19:10:28.457Z",
        "USE django; CREATE TABLE cockroach_example_orders_product (id INT8 NOT NULL PRIMARY KEY DEFAULT "
        "unique_rowid(), "
        "orders_id UUID NOT NULL REFERENCES cockroach_example_orders (id), "
        "products_id UUID NOT NULL REFERENCES cockroach_example_products (id), UNIQUE (orders_id, products_id))"},
    {"26.1", "2026-11-23T19:10:30.824Z",
        "USE django; INSERT INTO cockroach_example_customers (name, cloud) VALUES ('Carl', 'azure'), "
        "('Mike', 'aws'), ('Dan', 'gcp')"},
    {"26.1", "2026-11-23T19:10:32.908Z", "ALTER DATABASE django PRIMARY REGION \"uksouth\""},
    {"26.1", "2026-11-23T19:10:35.336Z", "ALTER DATABASE django ADD REGION \"eu-west-1\""},
    {"26.1", "2026-11-23T19:10:37.661Z", "ALTER DATABASE django ADD REGION \"europe-west4\""},
    {"26.1", "2026-11-23T19:10:40.007Z",
        "USE django; ALTER TABLE cockroach_example_customers ADD COLUMN region crdb_internal_region AS "
        "(CASE WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'azure' THEN 'uksouth' "
        "WHEN cloud = 'gcp' THEN 'europe-west4' END) STORED"},
    /* It was made with create_table_with_schema_locked off. */
    {"26.1", "2026-11-23T19:10:42.000Z",
        "USE django; ALTER TABLE cockroach_example_customers SET (schema_locked = false)"},
    {"26.1", "2026-11-23T19:10:44.142Z",
        "USE django; ALTER TABLE cockroach_example_customers ALTER COLUMN region SET NOT NULL"},
    {"26.1", "2026-11-23T19:10:46.565Z",
        "USE django; ALTER TABLE cockroach_example_customers SET LOCALITY REGIONAL BY ROW AS \"region\""},
    {"26.1", "2026-11-23T19:12:21.625Z",
        "SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT RESTRICTED"},
    {"26.1", "2026-11-23T19:13:07.465Z",
        "SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT DEFAULT"},
    {"26.1", "2026-11-23T19:13:52.845Z", "SELECT sandbox.kill_region('eu-west-1')"},
    {"26.1", "2026-11-23T19:19:16.447Z", "SELECT sandbox.start_region('eu-west-1')"},
    /* Not recorded; seen later: a database of this name and these regions, and a range that begins with its table 135. The
     * ids up to there had been taken: here by a database that goes again. */
    {"26.1", "2026-11-23T19:22:10.000Z",
        "CREATE DATABASE before PRIMARY REGION \"uksouth\"; USE before; CREATE TABLE a (k INT8); CREATE TABLE b (k "
        "INT8); "
        "CREATE TABLE c (k INT8); CREATE TABLE d (k INT8); CREATE TABLE e (k INT8); CREATE TABLE f (k INT8); "
        "CREATE TABLE g (k INT8); USE defaultdb; DROP DATABASE before CASCADE"},
    {"26.1", "2026-11-23T19:22:20.000Z",
        "CREATE DATABASE \"Shop-2 \"\"x\"\" é\" PRIMARY REGION \"europe-west4\" REGIONS \"eu-west-1\", \"uksouth\""},
    {"26.1", "2026-11-23T19:22:21.000Z", "CREATE TABLE \"Shop-2 \"\"x\"\" é\".public.t (k INT8 PRIMARY KEY)"},
};

static char *read_text(const char *path) {
    struct str s = {0};
    char buffer[65536];
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "replay: cannot read %s: %s\n", path, strerror(errno));
        exit(2);
    }
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        str_add_n(&s, buffer, n);
    fclose(f);
    return str_take(&s);
}

static int by_time(const void *a, const void *b) {
    return strcmp(((const struct step *)a)->when, ((const struct step *)b)->when);
}

static void add_step(struct steps *steps, const char *when, char *name, char *text) {
    struct step s = {.name = name, .text = text};
    if (opt.from && strcmp(when, opt.from) < 0) {
        free(name);
        free(text);
        return;
    }
    snprintf(s.when, sizeof s.when, "%.24s", when);
    vec_push(steps, s);
}

static void collect(struct steps *steps) {
    DIR *dir = opendir(opt.folder);
    if (!dir) {
        fprintf(stderr, "replay: cannot read %s: %s\n", opt.folder, strerror(errno));
        exit(2);
    }
    for (struct dirent *e; (e = readdir(dir));) {
        const char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".txt") != 0)
            continue;
        char *path = mem_printf("%s/%s", opt.folder, e->d_name), *text = read_text(path);
        free(path);
        if (str_starts(text, "=> [20"))
            add_step(steps, text + 4, mem_strndup(e->d_name, (size_t)(dot - e->d_name)), text);
        else
            free(text);
    }
    closedir(dir);
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (strcmp(between[i].version, opt.version) == 0)
            add_step(steps, between[i].when, NULL, mem_strdup(between[i].sql));
    qsort(steps->items, steps->len, sizeof *steps->items, by_time);
}

/* "... port 26257 db django user root (one session)" */
static char *url_of(const char *header) {
    int port = 26257;
    char db[64] = "defaultdb", user[64] = "root";
    const char *at = strstr(header, "port ");
    if (at)
        sscanf(at, "port %d db %63s user %63s", &port, db, user);
    return replay_cluster_url(port, db, user);
}

/* The part of text from the line that begins with mark to the next "--- " line; NULL without one. */
static char *section(const char *text, const char *mark) {
    const char *at = strstr(text, mark);
    if (!at)
        return NULL;
    at += strcspn(at, "\n");
    at += *at == '\n';
    const char *end = at;
    while ((end = strstr(end, "--- ")) && end != at && end[-1] != '\n')
        end += 4;
    return mem_strndup(at, end ? (size_t)(end - at) : strlen(at));
}

/* How long a statement took, in seconds: "Time: 1085.760 ms (00:01.086)". */
static double duration_of(const char *line) { return strtod(line + strlen("Time: "), NULL) / 1000; }

/* The time of the first statement that a recording says; 0 without one. */
static double first_duration(const char *recorded) {
    const char *at = strstr(recorded, "\nTime: ");
    return at ? duration_of(at + 1) : 0;
}

/* The statements of a session that psql -a echoed: what stands after each Time line, up to its ';'. */
static struct replay_script script_of(const char *output) {
    struct replay_script script = {0};
    struct str s = {0};
    bool statement = false;
    for (const char *at = output; *at;) {
        const size_t n = strcspn(at, "\n");
        if (str_starts(at, "Time: ") && script.len)
            script.items[script.len - 1].took += duration_of(at);
        if (str_starts(at, "Time: ") || str_starts(at, "Timing is on.")) {
            statement = true;
        } else if (statement && n && !str_starts(at, "[exit ")) {
            str_add_n(&s, at, n);
            str_add_char(&s, '\n');
            statement = at[n - 1] != ';';
            if (!statement)
                vec_push(&script, ((struct replay_statement){.sql = str_take(&s)}));
        }
        at += n + (at[n] == '\n');
    }
    str_free(&s);
    return script;
}

static void script_free(struct replay_script *script) {
    for (size_t i = 0; i < script->len; i++)
        free(script->items[i].sql);
    vec_free(script);
}

static char *script_text(const char *recorded) {
    struct replay_script script = script_of(recorded);
    struct str text = {0};
    for (size_t i = 0; i < script.len; i++)
        str_add(&text, script.items[i].sql);
    script_free(&script);
    return str_take(&text);
}

static char *run_session(const char *url, const char *recorded) {
    const char *const argv[] = {"psql", "-X", "-a", "-v", "VERBOSITY=verbose", url, NULL};
    struct replay_script script = script_of(recorded);
    char *answer = replay_cluster_session(argv, &script);
    script_free(&script);
    return answer;
}

static char *run_form(const char *url, const char *sql, const char *form, const char *recorded) {
    const char *argv[16] = {"psql", "-X", "-q", NULL};
    int n = 2;
    char *command = NULL, *answer;
    if (strcmp(form, "session") == 0)
        return run_session(url, recorded);
    argv[n++] = "-v";
    argv[n++] = "VERBOSITY=verbose";
    if (strcmp(form, "unaligned") == 0) {
        argv[n++] = "-A";
        argv[n++] = "-F";
        argv[n++] = "|";
    }
    argv[n++] = url;
    if (strcmp(form, "types") == 0) {
        command = mem_printf("%s \\gdesc\n", sql);
        argv[n] = NULL;
        answer = replay_cluster_psql(argv, command, 0);
    } else {
        argv[n++] = "-c";
        argv[n++] = sql;
        argv[n] = NULL;
        answer = replay_cluster_psql(argv, NULL, first_duration(recorded));
    }
    free(command);
    return answer;
}

static void show_difference(const char *name, const char *expected, const char *got) {
    char *want_path = mem_printf("/tmp/replay-%d-want", (int)getpid());
    char *got_path = mem_printf("/tmp/replay-%d-got", (int)getpid());
    FILE *f = fopen(want_path, "w");
    fputs(expected, f);
    fclose(f);
    f = fopen(got_path, "w");
    fputs(got, f);
    fclose(f);
    printf("# %s (- recorded, + sandbox)\n", name);
    fflush(stdout);
    char *command = mem_printf("diff -U2 %s %s | tail -n +3 | cut -c1-400 | head -60 | sed 's/^/#   /'",
        want_path, got_path);
    if (system(command) < 0)
        perror("replay: diff");
    free(command);
    unlink(want_path);
    unlink(got_path);
    free(want_path);
    free(got_path);
}

static const struct {
    const char *name; /* begins so */
    enum canonical_choice choice;
} choices[] = {
    /* Before the first region's zone configuration is in force. */
    {"102", CHOICE_REGIONS},
    {"1032", CHOICE_REGIONS},
    {"5007-", CHOICE_NODE_LOST},
    {"5008-", CHOICE_NODE_LOST},
    {"5018-", CHOICE_ZONES_LOST},
    {"5021-", CHOICE_ZONES_LOST},
};

static enum canonical_choice choice_of(const char *name, const char *sql) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (str_starts(name, choices[i].name))
            return choices[i].choice;
    const bool system = strcasestr(sql, "CLUSTER RANGES") ||
        (strcasestr(sql, "crdb_internal.ranges") && !strcasestr(sql, "WHERE"));
    return system ? CHOICE_REGIONS : CHOICE_NODES;
}

static bool compare(const char *url, const char *name, const char *sql, const char *form,
    const char *recorded, bool show) {
    char *answer = run_form(url, sql, form, recorded);
    const enum canonical_choice choice = choice_of(name, sql);
    char *expected = canonical(recorded, sql, choice), *got = canonical(answer, sql, choice);
    const bool equal = strcmp(expected, got) == 0;
    if (!equal && show && (!opt.only || strstr(name, opt.only)))
        show_difference(name, expected, got);
    free(expected);
    free(got);
    free(answer);
    return equal;
}

static const struct {
    const char *mark, *form;
} forms[] = {
    {"--- -A -F", "unaligned"},
    {"--- \\gdesc", "types"},
    {"--- psql (", "aligned"},
    {"--- psql -a", "session"},
};

static bool run_file(const struct step *step, bool show) {
    const char *body = strchr(step->text, '\n');
    const char *first = strstr(step->text, "\n--- ");
    if (!body || !first)
        return false;
    char *header = mem_strndup(step->text, (size_t)(body - step->text));
    char *url = url_of(header), *sql = first > body ? mem_strndup(body + 1, (size_t)(first - body - 1))
        : mem_strdup("");
    bool equal = true;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char *recorded = section(step->text, forms[i].mark);
        if (!recorded)
            continue;
        char *script = strcmp(forms[i].form, "session") == 0 ? script_text(recorded) : mem_strdup(sql);
        equal &= compare(url, step->name, script, forms[i].form, recorded, show);
        free(script);
        free(recorded);
    }
    free(header);
    free(url);
    free(sql);
    return equal;
}

static double seconds(const char *when) {
    struct tm tm = {0};
    double fraction = 0;
    const char *rest = strptime(when, "%Y-%m-%dT%H:%M:%S", &tm);
    if (rest && *rest == '.')
        fraction = strtod(rest, NULL);
    return (double)timegm(&tm) + fraction;
}

struct count {
    int number, equal, listed; /* files */
    int told;                  /* tests */
};

/* Whether the file was recorded on the cluster that is being replayed. */
static bool in_story(const struct step *s) {
    const bool later = strcmp(opt.version, second.version) == 0 && strcmp(s->when, second.when) >= 0;
    return later == (opt.from != NULL);
}

static void tell(struct count *c, const struct step *s, enum replay_kind kind, const char *reason, bool equal) {
    const bool listed = kind == REPLAY_KNOWN || kind == REPLAY_OPEN;
    c->number++;
    c->told++;
    c->equal += equal;
    c->listed += listed;
    if (opt.only && !strstr(s->name, opt.only))
        return;
    if (listed && equal)
        printf("not ok %d - %s/%s is listed as different and is equal: remove it from the list\n", c->number,
            opt.version, s->name);
    else if (listed)
        printf("not ok %d - %s/%s # TODO %s\n", c->number, opt.version, s->name, reason);
    else
        printf("%s %d - %s/%s\n", equal ? "ok" : "not ok", c->number, opt.version, s->name);
}

static void watch(const struct step *s) {
    static char *before;
    char *url = replay_cluster_url(26257, "django", "root");
    const char *const argv[] = {"psql", "-X", "-q", "-A", "-t", url, "-c", opt.watch, NULL};
    char *now = replay_cluster_psql(argv, NULL, 0);
    free(url);
    if (!before || strcmp(before, now) != 0)
        printf("# watch: after %s %s\n%s", s->when, s->name ? s->name : s->text, now);
    free(before);
    before = now;
}

/* Goes on to a time, with a look at the ranges whenever the recording had one. */
static void reach(double when) {
    for (double next; (next = replay_samples_next(opt.samples)) > 0 && next < when;) {
        replay_cluster_reach(next);
        replay_samples_take(opt.samples, !opt.region_down);
    }
    replay_cluster_reach(when);
}

static void judge_samples(struct count *c) {
    struct replay_verdict v;
    for (size_t i = 0; replay_samples_judge(opt.samples, i, &v); i++) {
        printf("%s %d - %s\n", v.good ? "ok" : "not ok", ++c->told, v.name);
        if (!v.good || opt.diff)
            printf("# %s\n", v.why);
    }
}

static void take_step(struct count *c, struct step *s) {
    const char *reason = NULL;
    reach(seconds(s->when));
    if (!s->name) {
        replay_cluster_run(s->text);
        if (strstr(s->text, "_region('"))
            opt.region_down = strstr(s->text, "sandbox.kill_region") != NULL;
        return;
    }
    const enum replay_kind kind = replay_list_find(opt.list, opt.version, s->name, &reason);
    if (kind == REPLAY_UNSENT)
        return;
    const bool told = in_story(s) && kind != REPLAY_OUTSIDE;
    const bool equal = run_file(s, told && (kind == REPLAY_COMPARED || opt.diff));
    if (told)
        tell(c, s, kind, reason, equal);
}

static bool read_arguments(int argc, char **argv) {
    for (int c; (c = getopt(argc, argv, "do:w:f:")) != -1;) {
        if (c == 'd')
            opt.diff = true;
        else if (c == 'o')
            opt.only = optarg;
        else if (c == 'f')
            opt.from = optarg;
        else if (c == 'w')
            opt.watch = optarg;
        else
            return false;
    }
    if (argc - optind != 3) {
        fprintf(stderr, "usage: replay [-d] [-o PATTERN] [-w SQL] TRUTH-FOLDER PORTS DIFFERENCES\n");
        return false;
    }
    opt.folder = argv[optind];
    const char *slash = strrchr(opt.folder, '/');
    opt.version = slash ? slash + 1 : opt.folder;
    replay_cluster_open(argv[optind + 1], reach);
    opt.list = replay_list_read(argv[optind + 2]);
    return true;
}

int main(int argc, char **argv) {
    struct steps steps = {0};
    struct count c = {0};
    setenv("PGCONNECT_TIMEOUT", "5", 1);
    setenv("PGAPPNAME", "psql", 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    if (!read_arguments(argc, argv))
        return 2;
    collect(&steps);
    opt.samples = replay_samples_read(opt.folder, opt.version, opt.from);
    for (size_t i = 0; i < steps.len; i++) {
        take_step(&c, &steps.items[i]);
        if (opt.watch)
            watch(&steps.items[i]);
    }
    while (replay_samples_next(opt.samples) > 0)
        reach(replay_samples_next(opt.samples) + 0.001);
    judge_samples(&c);
    printf("1..%d\n", c.told);
    printf("# measured %s%s: %d of %d statements equal the truth\n", opt.version,
        opt.from ? ", second cluster" : "", c.equal, c.number);
    for (size_t i = 0; i < steps.len; i++) {
        free(steps.items[i].name);
        free(steps.items[i].text);
    }
    vec_free(&steps);
    replay_list_free(opt.list);
    replay_samples_free(opt.samples);
    replay_cluster_close();
    return 0;
}
