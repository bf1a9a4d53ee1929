/* ui_test: what the screen is made of, without a terminal: layout, columns, surface, transcript, history, words. */
#include "domicile/base/mem.h"
#include "domicile/command/command.h"
#include "domicile/ui/layout.h"
#include "domicile/ui/surface.h"
#include "src/ui/complete.h"
#include "src/ui/history.h"
#include "src/ui/panes.h"
#include "src/ui/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- layout ---- */

static bool inside(const struct box *b, int width, int height) {
    return b->x >= 0 && b->y >= 0 && b->width >= 0 && b->height >= 0 && b->x + b->width <= width &&
        b->y + b->height <= height;
}

static bool overlap(const struct box *a, const struct box *b) {
    return a->width > 0 && b->width > 0 && a->height > 0 && b->height > 0 && a->x < b->x + b->width &&
           b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static void check_layout(const struct layout_wish *w) {
    struct layout l;
    layout_make(&l, w);
    struct box all[PANE_COUNT + 4] = {l.title, l.strip, l.status, l.footer};
    size_t shown = 0;
    for (int i = 0; i < PANE_COUNT; i++) {
        all[4 + i] = l.panes[i];
        shown += l.panes[i].width > 0 && l.panes[i].height > 0;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_true(inside(&all[i], w->width, w->height));
        for (size_t k = 0; k < i; k++)
            assert_false(overlap(&all[i], &all[k]));
    }
    if (l.kind == LAYOUT_WIDE && !w->zoomed)
        assert_int_equal(shown, PANE_COUNT);
    else if (l.kind != LAYOUT_TINY)
        assert_true(l.panes[w->focus].width == w->width && l.panes[w->focus].height > 0);
}

static void test_layout(void **state) {
    (void)state;
    for (int width = 1; width <= 220; width += width < 30 ? 1 : 7)
        for (int height = 1; height <= 70; height += height < 30 ? 1 : 5)
            for (int flags = 0; flags < 4; flags++) {
                struct layout_wish w = {.width = width, .height = height, .focus = PANE_REPORT, .zoomed = flags & 1,
                    .status = flags & 2, .regions = 3, .tables = 40, .report = 12};
                check_layout(&w);
            }
}

static void test_layout_kinds(void **state) {
    struct layout l;
    (void)state;
    layout_make(&l, &(struct layout_wish){.width = 80, .height = 24, .focus = PANE_ROWS});
    assert_int_equal(l.kind, LAYOUT_SINGLE);
    assert_int_equal(l.strip.height, 2);
    layout_make(&l, &(struct layout_wish){.width = 120, .height = 40, .focus = PANE_ROWS});
    assert_int_equal(l.kind, LAYOUT_WIDE);
    layout_make(&l, &(struct layout_wish){.width = 1, .height = 1});
    assert_int_equal(l.kind, LAYOUT_TINY);
}

static void test_columns(void **state) {
    (void)state;
    struct table_column c[] = {
        {.title = "key", .min = 4, .want = 10},
        {.title = "much", .min = 5, .want = 30, .flexible = true},
        {.title = "first to go", .min = 6, .want = 6, .priority = 2},
        {.title = "next to go", .min = 6, .want = 6, .priority = 1},
    };
    layout_columns(c, 4, 0, 100);
    assert_int_equal(c[0].width, 10);
    assert_true(c[1].width >= 30 && c[2].width == 6 && c[3].width == 6);
    layout_columns(c, 4, 0, 20);
    assert_int_equal(c[2].width, 0);
    assert_true(c[0].width >= 4 && c[1].width >= 5 && c[3].width == 6);
    layout_columns(c, 4, 0, 11);
    assert_int_equal(c[3].width, 0);
    assert_true(c[0].width + 1 + c[1].width <= 11);
}

/* ---- surface ---- */

static void row_is(const struct surface *s, int y, const char *expected) {
    struct str row = {0};
    surface_add_row(&row, s, y);
    assert_string_equal(str_get(&row), expected);
    str_free(&row);
}

static void test_surface(void **state) {
    struct surface s;
    (void)state;
    surface_init(&s, 10, 3, false);
    struct area a = surface_area(&s);
    assert_int_equal(area_text(a, 0, 0, -1, STYLE_NORMAL, "0123456789abc"), 10);
    row_is(&s, 0, "012345678…");
    area_text(a, 0, 1, -1, STYLE_NORMAL, "a\033[31mb");
    row_is(&s, 1, "a^[[31mb");
    /* a wide character takes two cells, and none is cut in its middle */
    surface_erase(&s);
    area_text(a, 0, 0, 4, STYLE_NORMAL, "日本語");
    row_is(&s, 0, "日…");
    area_text_right(a, 0, 1, 10, STYLE_NORMAL, "right");
    row_is(&s, 1, "     right");
    area_text_middle(a, 0, 2, 7, STYLE_NORMAL, "0f9d1234a1");
    struct str row = {0};
    surface_add_row(&row, &s, 2);
    assert_non_null(strstr(str_get(&row), "…"));
    assert_true(str_starts(str_get(&row), "0f9"));
    assert_non_null(strstr(str_get(&row), "1"));
    str_free(&row);
    /* a part is never left */
    surface_erase(&s);
    struct area part = area_part(a, 2, 1, 3, 1);
    area_text(part, 0, 0, -1, STYLE_NORMAL, "abcdef");
    area_text(part, 0, 1, -1, STYLE_NORMAL, "below");
    area_text(part, -5, 0, -1, STYLE_NORMAL, "z");
    row_is(&s, 0, "");
    row_is(&s, 1, "  ab…");
    row_is(&s, 2, "");
    assert_null(surface_cell(&s, 10, 0));
    assert_null(surface_cell(&s, -1, 0));
    surface_free(&s);
}

static void test_surface_ascii(void **state) {
    struct surface s;
    (void)state;
    surface_init(&s, 12, 3, true);
    struct area a = surface_area(&s);
    area_frame(a, STYLE_NORMAL);
    area_text(a, 1, 1, -1, STYLE_NORMAL, "◆●○◌✕·é日");
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 12; x++)
            for (const char *p = surface_cell(&s, x, y)->text; *p; p++)
                assert_true((unsigned char)*p < 0x80);
    struct str row = {0};
    surface_add_row(&row, &s, 1);
    assert_non_null(strstr(str_get(&row), "LVnlx."));
    str_free(&row);
    surface_free(&s);
}

static void test_wrapped(void **state) {
    struct surface s;
    (void)state;
    surface_init(&s, 10, 4, false);
    int lines = area_text_wrapped(surface_area(&s), 0, 0, 10, 2, STYLE_NORMAL, "one two three four");
    assert_int_equal(lines, 3);
    row_is(&s, 0, "one two");
    row_is(&s, 1, "  three");
    row_is(&s, 2, "  four");
    surface_free(&s);
}

/* ---- the console's parts ---- */

static void test_transcript(void **state) {
    struct transcript t = {0};
    struct str line = {0};
    (void)state;
    transcript_add(&t, STYLE_BAD, "one\ntwo\nthree\nfour", 2, 0);
    assert_int_equal(t.count, 3);
    assert_int_equal(transcript_line(&t, 1, &line), STYLE_BAD);
    assert_string_equal(str_get(&line), "two");
    str_clear(&line);
    transcript_line(&t, 2, &line);
    assert_string_equal(str_get(&line), "… 2 more lines");
    transcript_add(&t, STYLE_NORMAL, "words that are broken at blanks", 0, 12);
    str_clear(&line);
    transcript_line(&t, 3, &line);
    assert_string_equal(str_get(&line), "words that ");
    assert_int_equal(transcript_find(&t, "BROKEN", 0, false), 4);
    assert_int_equal(transcript_find(&t, "one", t.count, true), 0);
    assert_true(transcript_find(&t, "absent", 0, false) == (size_t)-1);
    transcript_add(&t, STYLE_NORMAL, "bell\a", 0, 0);
    str_clear(&line);
    transcript_line(&t, t.count - 1, &line);
    assert_string_equal(str_get(&line), "bell^G");
    str_free(&line);
    transcript_free(&t);
}

static void test_history(void **state) {
    char folder[] = "/tmp/domicile-history-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/a/history", folder);
    struct history h = {0};
    history_load(&h, path);
    assert_int_equal(h.texts.len, 0);
    assert_true(history_save(path, "SELECT 1;"));
    assert_true(history_save(path, "two\nlines \\ and all"));
    assert_true(history_save(path, "SELECT 1;"));
    history_load(&h, path);
    assert_int_equal(h.texts.len, 2);
    assert_string_equal(h.texts.items[0], "two\nlines \\ and all");
    assert_string_equal(h.texts.items[1], "SELECT 1;");
    history_free(&h);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    static const char *const secrets[] = {"ALTER USER u WITH PASSWORD 'x'", "set token = 'abc'", "  ",
        "BACKUP INTO 's3://b?AWS_SECRET_ACCESS_KEY=abc'", "connect postgresql://u:pw@h/d"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_false(history_may_keep(secrets[i]));
    assert_true(history_may_keep("SELECT * FROM customers"));
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    rmdir(folder);
    free(path);
}

static bool offers(const struct model *m, const char *text, const char *word) {
    struct words w = {0};
    size_t end = strlen(text);
    size_t begin = end;
    while (begin > 0 && !strchr(" \"", text[begin - 1]))
        begin--;
    complete_words(m, text, begin, end, &w);
    bool found = false;
    for (size_t i = 0; i < w.len; i++)
        found = found || strcmp(w.items[i], word) == 0;
    words_free(&w);
    return found;
}

static void test_complete(void **state) {
    struct model m;
    (void)state;
    model_init(&m);
    vec_push(&m.databases, mem_strdup("django"));
    vec_push(&m.databases, mem_strdup("My DB"));
    assert_true(offers(&m, "pla", "placement"));
    assert_false(offers(&m, "SELECT pla", "placement restricted"));
    assert_true(offers(&m, "SEL", "SELECT"));
    assert_true(offers(&m, "sel", "select"));
    assert_true(offers(&m, "USE dj", "django"));
    assert_true(offers(&m, "USE my", "\"My DB\""));
    assert_true(offers(&m, "USE \"my", "My DB\""));
    assert_true(offers(&m, "SET enable_m", "enable_multiregion_placement_policy"));
    assert_true(offers(&m, "placement re", "restricted"));
    assert_true(offers(&m, "theme mo", "mono"));
    assert_false(offers(&m, "USE ma", "matrix"));
    model_free(&m);
}

static void test_command_of_line(void **state) {
    const char *argument;
    (void)state;
    assert_int_equal(command_of_line("insert", &argument)->id, COMMAND_INSERT);
    assert_null(argument);
    assert_null(command_of_line("insert into t values (1)", &argument));
    assert_null(command_of_line("insert;", &argument));
    assert_int_equal(command_of_line("placement restricted", &argument)->id, COMMAND_PLACEMENT);
    assert_string_equal(argument, "restricted");
    assert_int_equal(command_of_line(" theme mono", &argument)->id, COMMAND_THEME);
    assert_int_equal(command_of_line("export! a.csv", &argument)->id, COMMAND_EXPORT);
    assert_string_equal(argument, "! a.csv");
    assert_null(command_of_line("end", &argument)); /* COMMIT in SQL */
    assert_null(command_of_line("place", &argument));
    assert_null(command_of_line("", &argument));
}

/* ---- what an idle picture does not write ---- */

static void test_steady_rtt(void **state) {
    (void)state;
    assert_int_equal(model_steady_rtt(-1, 900), 900); /* the first */
    assert_int_equal(model_steady_rtt(900, 2500), 900);
    assert_int_equal(model_steady_rtt(900, 3000), 3000);
    assert_int_equal(model_steady_rtt(12000, 14400), 12000);
    assert_int_equal(model_steady_rtt(12000, 14500), 14500);
    assert_int_equal(model_steady_rtt(12000, 9000), 9000);
    assert_int_equal(model_steady_rtt(12000, -1), -1); /* it cannot be measured now */
}

static struct surface report_with(struct ui *ui, size_t samples, const int *abroad) {
    struct model *m = ui->model;
    struct surface s;
    vec_clear(&m->trend);
    for (size_t i = 0; i < samples; i++)
        vec_push(&m->trend, ((struct trend_sample){.at = (usec)i, .abroad = abroad[i]}));
    surface_init(&s, 60, 20, false);
    pane_report_draw(ui, surface_area(&s), false);
    return s;
}

static bool same_picture(const struct surface *a, const struct surface *b) {
    return memcmp(a->cells, b->cells, (size_t)a->width * (size_t)a->height * sizeof *a->cells) == 0;
}

/* One more sample of the same count changes nothing; one of another does. */
static void test_sparkline(void **state) {
    static const int still[] = {12, 12, 12, 12, 12};
    static const int falling[] = {12, 12, 12, 12, 3};
    struct model m;
    struct ui ui = {.model = &m};
    (void)state;
    model_init(&m);
    struct verdicts *v = mem_calloc(1, sizeof *v);
    v->rows.non_voters_abroad = 12;
    snapshot_set(&m.shown, part_new(PART_VERDICTS, v, 1, 1));
    struct surface one = report_with(&ui, 1, still);
    struct surface five = report_with(&ui, 5, still);
    struct surface fell = report_with(&ui, 5, falling);
    assert_true(same_picture(&one, &five));
    assert_false(same_picture(&five, &fell));
    surface_free(&one);
    surface_free(&five);
    surface_free(&fell);
    model_free(&m);
}

/* ---- the cluster's report beside one database ---- */

static bool shows(const struct surface *s, const char *text) {
    struct str line = {0};
    bool found = false;
    for (int y = 0; y < s->height && !found; y++) {
        str_clear(&line);
        surface_add_row(&line, s, y);
        found = strstr(str_get(&line), text) != NULL;
    }
    str_free(&line);
    return found;
}

/* The pane of a report with one violated rule, on target, of a database that is named. */
static struct surface report_on(const char *database, const char *target) {
    struct model m;
    struct ui ui = {.model = &m};
    struct surface s;
    model_init(&m);
    struct catalog *c = mem_calloc(1, sizeof *c);
    c->database.name = mem_strdup(database);
    struct report *r = mem_calloc(1, sizeof *r);
    r->generated_wall = r->server_wall = 1;
    vec_push(&r->rows, ((struct report_row){.target = mem_strdup_null(target),
                           .type = mem_strdup("constraint"),
                           .config = mem_strdup("+region=mars:1"),
                           .violating_ranges = 2}));
    struct verdicts *v = mem_calloc(1, sizeof *v);
    v->conforming = 4;
    v->rows.non_voters_abroad = 3;
    snapshot_set(&m.shown, part_new(PART_CATALOG, c, 1, 1));
    snapshot_set(&m.shown, part_new(PART_REPORT, r, 1, 1));
    snapshot_set(&m.shown, part_new(PART_VERDICTS, v, 1, 1));
    surface_init(&s, 120, 20, false);
    pane_report_draw(&ui, surface_area(&s), false);
    model_free(&m);
    return s;
}

static void test_report_of_others(void **state) {
    static const char *const mine = "it counts voters only", *const rule = "+region=mars:1  2 ranges violate";
    static const struct {
        const char *database, *target;
        bool own, other, labelled;
    } cases[] = {
        {"django", "DATABASE django", true, false, false},
        {"django", "PARTITION \"eu-west-1\" OF INDEX django.public.t@t_pkey", true, false, false},
        {"django", "TABLE django.public.t", true, false, false},
        {"My \"DB\".x", "INDEX \"My \"\"DB\"\".x\".public.t@i", true, false, false},
        {"django", "DATABASE django2", false, true, false},
        {"django2", "DATABASE django", false, true, false},
        {"django", "PARTITION \"a OF INDEX django.\" OF INDEX shop.public.t@t_pkey", false, true, false},
        {"x", "INDEX \"x.y\".public.t@i", false, true, false},
        {"django", "RANGE default", false, false, true},
        {"django", NULL, false, false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct surface s = report_on(cases[i].database, cases[i].target);
        print_message("# %s: %s\n", cases[i].database, cases[i].target ? cases[i].target : "-");
        assert_int_equal(shows(&s, mine), cases[i].own);
        assert_int_equal(shows(&s, rule), !cases[i].other);
        assert_int_equal(shows(&s, "and 1 violated rule of other databases"), cases[i].other);
        assert_int_equal(shows(&s, "it shows no violation while"), cases[i].other);
        assert_int_equal(
            shows(&s, cases[i].target ? "RANGE default: +region" : "target unknown: +region"), cases[i].labelled);
        surface_free(&s);
    }
}

/* Cells that look the same are the same bytes, whatever stood there before. */
static void test_cells_compare(void **state) {
    struct surface a, b;
    (void)state;
    surface_init(&a, 20, 2, false);
    surface_init(&b, 20, 2, false);
    area_text(surface_area(&a), 0, 0, -1, STYLE_NORMAL, "◆●e\xcc\x81○ long text that is cut");
    area_text(surface_area(&a), 0, 0, 20, STYLE_NORMAL, "plain               ");
    area_text(surface_area(&b), 0, 0, 20, STYLE_NORMAL, "plain");
    assert_true(same_picture(&a, &b));
    area_text(surface_area(&a), 3, 1, 8, STYLE_NORMAL, "cut short");
    area_text(surface_area(&b), 3, 1, 8, STYLE_NORMAL, "cut sho…");
    assert_true(same_picture(&a, &b));
    surface_free(&a);
    surface_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout), cmocka_unit_test(test_layout_kinds), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_surface), cmocka_unit_test(test_surface_ascii), cmocka_unit_test(test_wrapped),
        cmocka_unit_test(test_transcript), cmocka_unit_test(test_history), cmocka_unit_test(test_complete),
        cmocka_unit_test(test_command_of_line), cmocka_unit_test(test_steady_rtt), cmocka_unit_test(test_sparkline),
        cmocka_unit_test(test_cells_compare), cmocka_unit_test(test_report_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
