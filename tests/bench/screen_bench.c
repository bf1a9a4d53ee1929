/* screen_bench: how fast the explorer starts, answers keys, repaints and rests, beside the programs that its users
 * know, measured in the same minute on the same machine. docs/bench.md says how. */
#include "line.h"
#include "screen.h"
#include "support/fake.h"
#include "support/proxy.h"
#include "support/server.h"

#include "domicile/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 15, ROUNDS = 5, KEYS = 100, QUIET = 15000, START_QUIET = 60000, READ = 20000000 };

static struct server server;
static struct proxy proxy;
static int failures;

/* ---- the table ---- */

static void line(const char *what, double value, double limit, const char *unit) {
    failures += !bench_line(what, value, limit, unit);
}

/* For comparison: nothing that this program could miss. */
static void peer_line(const char *name, const char *what, int64_t us) {
    char text[80];
    snprintf(text, sizeof text, "  %s: %s", name, what);
    printf("%-62s %11.1f ms\n", text, (double)us / 1000);
    fflush(stdout);
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t percentile(int64_t *v, int n, int percent) {
    qsort(v, (size_t)n, sizeof *v, compare);
    int i = n * percent / 100;
    return v[i < n ? i : n - 1];
}

static double ms(int64_t us) { return (double)us / 1000; }

/* ---- the programs ---- */

struct peer {
    const char *name;
    const char *argv[8];
    bool present;
};

static char pspg_file[64];
static char url[128], hole_url[128], proxy_url[128];

static struct peer peers[] = {
    {.name = "htop", .argv = {"htop", NULL}},
    {.name = "tig", .argv = {"tig", NULL}},
    {.name = "pspg", .argv = {"pspg", "--csv", "-f", pspg_file, NULL}},
    {.name = "psql", .argv = {"psql", "-X", url, NULL}},
};
enum { HTOP, TIG, PSPG, PSQL, PEERS };

static void find_peers(void) {
    for (int i = 0; i < PEERS; i++) {
        char *line = mem_printf("command -v %s >/dev/null 2>&1", peers[i].name);
        peers[i].present = system(line) == 0;
        free(line);
    }
    snprintf(pspg_file, sizeof pspg_file, "/tmp/domicile-bench-%d.csv", (int)getpid());
    FILE *f = fopen(pspg_file, "w");
    for (int i = 0; f && i < 1000; i++)
        fprintf(f, "%d,name%d,cloud%d,region%d,verdict%d\n", i, i, i % 3, i % 3, i % 5);
    if (f)
        fclose(f);
}

/* From the fork to the last byte of the first frame; first is its first. */
static int64_t start_time(const char *const *argv, int rows, int cols, const char *first) {
    struct screen_run s;
    int64_t begin = bench_now();
    screen_run_start(&s, argv, rows, cols);
    if (screen_run_until(&s, first, READ) < 0)
        return READ;
    int64_t seen = bench_now();
    /* The first frame is all that comes before a pause. */
    int64_t took = seen - begin + screen_run_type(&s, "", 0, START_QUIET);
    screen_run_stop(&s);
    return took;
}

static void settle(struct screen_run *s) {
    while (screen_run_type(s, "", 0, 300000) > 0) {
    }
}

struct key_times {
    int64_t p95, median; /* of key to last byte; the median of so many rounds */
    int64_t bytes;       /* the median of a key */
};

/* Down and up, one at a time. */
static struct key_times key_time(struct screen_run *s, const char *down, const char *up) {
    int64_t p95[ROUNDS], median[ROUNDS], bytes[ROUNDS];
    for (int k = 0; k < ROUNDS; k++) {
        int64_t times[KEYS], sizes[KEYS];
        for (int i = 0; i < KEYS; i++) {
            const char *key = i % 2 ? up : down;
            times[i] = screen_run_type(s, key, strlen(key), QUIET);
            sizes[i] = (int64_t)s->bytes.len;
            usleep(2000);
        }
        p95[k] = percentile(times, KEYS, 95);
        median[k] = percentile(times, KEYS, 50);
        bytes[k] = percentile(sizes, KEYS, 50);
    }
    return (struct key_times){
        percentile(p95, ROUNDS, 50), percentile(median, ROUNDS, 50), percentile(bytes, ROUNDS, 50)};
}

static void key_peer_line(const char *name, const char *size, const struct key_times *k) {
    char what[64];
    snprintf(what, sizeof what, "key to last byte, p95, %s (median %.1f)", size, ms(k->median));
    peer_line(name, what, k->p95);
}

static void open_explorer(struct screen_run *s, const char *where, int rows, int cols, bool rows_read) {
    const char *argv[] = {getenv("DOMICILE"), where, NULL};
    screen_run_start(s, argv, rows, cols);
    if (rows_read)
        screen_run_until(s, "Mike", READ);
    screen_run_watch(s, 3000000);
}

/* ---- the rows ---- */

static void bench_start(void) {
    const char *argv[] = {getenv("DOMICILE"), hole_url, NULL};
    int64_t own[RUNS], others[PEERS][RUNS], medians[PEERS];
    for (int k = 0; k < RUNS; k++) { /* in turn, so that what else the machine does meets all of them */
        own[k] = start_time(argv, 40, 120, "\033");
        for (int i = 0; i < PEERS; i++)
            others[i][k] = peers[i].present ? start_time(peers[i].argv, 40, 120, i == PSQL ? "=>" : "\033") : -1;
    }
    for (int i = 0; i < PEERS; i++)
        medians[i] = percentile(others[i], RUNS, 50);
    int64_t median = percentile(own, RUNS, 50);
    line("start to first whole frame, before any answer", ms(median), 15, "ms");
    if (peers[PSPG].present)
        line("the same, of what pspg takes", (double)median / (double)medians[PSPG], 1, "x");
    for (int i = 0; i < PEERS; i++)
        if (peers[i].present)
            peer_line(peers[i].name, "start", medians[i]);
}

static struct key_times htop_key(int rows, int cols) {
    struct screen_run s;
    if (!peers[HTOP].present)
        return (struct key_times){-1, -1, -1};
    screen_run_start(&s, peers[HTOP].argv, rows, cols);
    screen_run_watch(&s, 1500000);
    struct key_times took = key_time(&s, "\033OB", "\033OA");
    screen_run_stop(&s);
    return took;
}

static void bench_keys(void) {
    static const struct {
        int rows, cols;
        int64_t limit;
    } sizes[] = {{40, 120, 2000}, {60, 200, 4000}};
    for (int i = 0; i < 2; i++) {
        struct screen_run s;
        char what[80], size[24];
        struct key_times htop = htop_key(sizes[i].rows, sizes[i].cols);
        static const char *const states[] = {"idle", "queries hanging", "server gone"};
        proxy_set(&proxy, PROXY_PASS, 0);
        open_explorer(&s, proxy_url, sizes[i].rows, sizes[i].cols, true);
        for (int k = 0; k < 3; k++) {
            if (k)
                proxy_set(&proxy, k == 1 ? PROXY_BLACK_HOLE : PROXY_REFUSE, 0);
            screen_run_watch(&s, 2500000);
            struct key_times took = key_time(&s, "j", "k");
            snprintf(what, sizeof what, "key to last byte, p95, %dx%d, %s", sizes[i].cols, sizes[i].rows, states[k]);
            line(what, ms(took.p95), ms(sizes[i].limit), "ms");
            printf("%-62s %11.1f ms\n", "  the median", ms(took.median));
            if (htop.p95 > 0)
                line("  the same, of what htop takes", (double)took.p95 / (double)htop.p95, 1, "x");
        }
        snprintf(size, sizeof size, "%dx%d", sizes[i].cols, sizes[i].rows);
        if (htop.p95 > 0)
            key_peer_line("htop", size, &htop);
        proxy_set(&proxy, PROXY_PASS, 0);
        screen_run_stop(&s);
    }
    for (int i = TIG; i <= PSPG; i++)
        if (peers[i].present) {
            struct screen_run s;
            screen_run_start(&s, peers[i].argv, 40, 120);
            screen_run_watch(&s, 1500000);
            struct key_times took = key_time(&s, "j", "k");
            key_peer_line(peers[i].name, "120x40", &took);
            screen_run_stop(&s);
        }
}

static void bench_bytes(void) {
    struct screen_run s;
    open_explorer(&s, url, 40, 120, true);
    line("bytes of a cursor move", (double)key_time(&s, "j", "k").bytes, 450, "B");
    screen_run_type(&s, "?", 1, 100000); /* a list that scrolls */
    screen_run_type(&s, "\033[6~", 4, QUIET);
    line("bytes of a page", (double)s.bytes.len, 5000, "B");
    screen_run_type(&s, "\033", 1, 200000);
    screen_run_type(&s, "\014", 1, 50000);
    line("full repaint, bytes a cell, 120x40", (double)s.bytes.len / 4800, 1.7, "B");
    char keys[501];
    for (int i = 0; i < 500; i++)
        keys[i] = i % 7 < 4 ? 'j' : 'k';
    settle(&s);
    int64_t took = screen_run_type(&s, keys, 500, QUIET);
    line("500 keys at once: settled", ms(took), 20, "ms");
    line("500 keys at once: bytes", (double)s.bytes.len / 1000, 20, "kB");
    settle(&s);
    int64_t begin = bench_now();
    for (int i = 0; i < 40; i++)
        screen_run_size(&s, 40 - i % 8, 120 - i);
    screen_run_size(&s, 38, 118);
    int64_t sent = bench_now() - begin;
    took = sent + screen_run_type(&s, "", 0, QUIET);
    line("40 resizes at once: settled", ms(took), 20, "ms");
    line("40 resizes at once: bytes", (double)s.bytes.len / 1000, 30, "kB");
    screen_run_stop(&s);
}

/* A number that --stats prints, which follows text; -1: it did not. Ends the program. */
static long long stat_after(struct screen_run *s, const char *text) {
    screen_run_type(s, "q", 1, 500000);
    const char *at = memmem(str_get(&s->bytes), s->bytes.len, text, strlen(text));
    return at ? strtoll(at + strlen(text), NULL, 10) : -1;
}

/* A timer ends a wait when a second brings something to ask, and when the answers that came one upon the other are
 * painted. All others are ended by answers. The start is counted as well. */
static void bench_wakeups(void) {
    enum { SECONDS = 30 };
    struct screen_run s;
    const char *argv[] = {getenv("DOMICILE"), "--stats", url, NULL};
    screen_run_start(&s, argv, 40, 120);
    screen_run_watch(&s, SECONDS * 1000000LL);
    long long timers = stat_after(&s, " wake-ups, ");
    line("idle: waits ended by timers, a second", timers < 0 ? 1e9 : (double)timers / SECONDS, 2, "/s");
    screen_run_stop(&s);
}

static void bench_idle(void) {
    struct screen_run s;
    enum { SECONDS = 20 };
    open_explorer(&s, url, 40, 120, true);
    screen_run_watch(&s, 5000000); /* the changes of the start fade */
    size_t bytes = screen_run_watch(&s, SECONDS * 1000000LL);
    line("idle: bytes a refresh (2 s), as-of times", (double)bytes / SECONDS * 2, 60, "B");
    screen_run_type(&s, " ", 1, 300000);
    bytes = screen_run_watch(&s, 10 * 1000000LL);
    line("frozen: bytes in 10 s (limit 0)", (double)bytes, 0.1, "B");
    line("resident memory", (double)screen_run_status(&s, "VmRSS") / 1024, 16, "MB");
    screen_run_stop(&s);
    bench_wakeups();
}

/* From the COMMIT's answer to the name on the screen. Where one name takes another's place only the letters that differ
 * are painted, so no two have a letter in the same place. */
static void bench_change(void) {
    static const char *const names[] = {"Abcde", "Fghij", "Klmno", "Pqrst", "Uvwxy", "Zpqrs"};
    struct screen_run s;
    int64_t worst = 0;
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "1", url, NULL};
    screen_run_start(&s, argv, 40, 120);
    screen_run_until(&s, "Mike", READ);
    screen_run_watch(&s, 3000000);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i];
        char *sql = mem_printf(
            "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), '%s', 'aws')", name);
        screen_run_watch(&s, (int64_t)i * 170000);
        free(server_sql(&server, 1, "django", sql));
        int64_t took = screen_run_until(&s, name, READ);
        worst = took < 0 ? READ : took > worst ? took : worst;
        free(sql);
    }
    line("change on the server to painted, worst of 6, --refresh 1", ms(worst), 1050, "ms");
    screen_run_stop(&s);
}

/* From the answer of the statement that moved the replicas to the verdict on the screen. */
static void bench_moves(void) {
    static const char *const arguments[] = {"--report-interval", "1h", "--speed", "0", NULL};
    static const char *const policies[] = {"RESTRICTED", "DEFAULT"}, *const verdicts[] = {"home", "abroad"};
    struct server still;
    struct screen_run s;
    int64_t worst = 0;
    server_start(&still, arguments);
    free(server_sql(&still, 1, "django", "SELECT sandbox.advance(600)"));
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "1", still.url, NULL};
    screen_run_start(&s, argv, 40, 120);
    screen_run_until(&s, "Mike", READ);
    for (int i = 0; i < 6; i++) {
        char *sql = mem_printf(
            "SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT %s", policies[i % 2]);
        free(server_sql(&still, 1, "django", sql));
        free(sql);
        screen_run_watch(&s, 3000000 + i * 170000);
        free(server_sql(&still, 1, "django", "SELECT sandbox.advance(600)"));
        int64_t took = screen_run_until(&s, verdicts[i % 2], READ);
        worst = took < 0 ? READ : took > worst ? took : worst;
    }
    line("the same for replicas that moved", ms(worst), 1050, "ms");
    screen_run_stop(&s);
    server_stop(&still);
}

static void bench_ranges(void) {
    static const char *const arguments[] = {"--ranges", "100000", "--report-interval", "1h", NULL};
    struct server big;
    struct screen_run s;
    char where[128];
    server_start(&big, arguments);
    snprintf(where, sizeof where, "%s", big.url);
    const char *argv[] = {getenv("DOMICILE"), "--stats", where, NULL};
    screen_run_start(&s, argv, 40, 120);
    screen_run_until(&s, "Mike", READ);
    screen_run_watch(&s, 25000000);
    long rss = screen_run_status(&s, "VmRSS");
    long long longest = stat_after(&s, "the longest ");
    line("longest turn of the loop, 100,000 ranges refreshing", longest < 0 ? 1e9 : ms(longest), 5, "ms");
    line("the same: resident memory, 16 MB and 0.6 kB a range", (double)rss / 1024, 16 + 60, "MB");
    screen_run_stop(&s);
    server_stop(&big);
}

int main(int argc, char **argv) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"start", bench_start}, {"keys", bench_keys}, {"bytes", bench_bytes}, {"idle", bench_idle},
        {"change", bench_change}, {"change", bench_moves}, {"ranges", bench_ranges}};
    struct fake hole;
    server_start(&server, arguments);
    fake_start(&hole, FAKE_BLACK_HOLE);
    proxy_start(&proxy, server.port);
    snprintf(url, sizeof url, "%s", server.url);
    snprintf(hole_url, sizeof hole_url, "postgresql://root@127.0.0.1:%d/django?sslmode=disable", hole.port);
    snprintf(proxy_url, sizeof proxy_url, "postgresql://root@127.0.0.1:%d/django?sslmode=disable", proxy.port);
    find_peers();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (argc < 2 || strcmp(argv[1], parts[i].name) == 0)
            parts[i].run();
    proxy_stop(&proxy);
    fake_stop(&hole);
    server_stop(&server);
    unlink(pspg_file);
    return failures > 0;
}
