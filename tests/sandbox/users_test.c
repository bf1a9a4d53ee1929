/* users_test: users, grants and the sentences of refusal; session variables and cluster settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domicile/sandbox/settings.h"
#include "domicile/sandbox/users.h"

#include <stdlib.h>

struct fixture {
    struct loop *loop;
    struct session *root, *bob;
    struct users *users;
    struct result *r;
};

static const struct users_object table = {OBJECT_TABLE, 106, "t", "root", false};
static const struct users_object django = {OBJECT_DATABASE, 104, "django", "root", false};

static void create_user(struct fixture *f, const char *name) {
    const struct ast_role st = {.user = true, .name = name};
    assert_true(users_role(f->users, f->root, &st, f->r));
}

static int set_up(void **state) {
    struct fixture *f = mem_calloc(1, sizeof *f);
    f->loop = loop_new();
    f->root = session_new(f->loop, 2201, "root", "django", 1);
    f->bob = session_new(f->loop, 2201, "bob", "django", 1);
    f->users = users_new(2201);
    f->r = result_new();
    create_user(f, "bob");
    users_object_created(f->users, &django);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    session_free(f->root);
    session_free(f->bob);
    users_free(f->users);
    result_free(f->r);
    loop_free(f->loop);
    free(f);
    return 0;
}

static bool grant(struct fixture *f, bool revoke, const char *privilege, const struct users_object *o) {
    const char *words[] = {privilege}, *to[] = {"bob"};
    const struct ast_grant st = {
        .revoke = revoke,
        .roles = !o,
        .privileges = {words, 1},
        .grantees = {to, 1},
        .target = {.kind = o && o->kind == OBJECT_SYSTEM ? TARGET_SYSTEM : TARGET_TABLE},
    };
    return users_grant(f->users, f->root, &st, o, o ? 1 : 0, f->r);
}

static void test_table_rights(void **state) {
    struct fixture *f = *state;
    assert_true(users_check(f->users, f->root, PRIVILEGE_SELECT, &table, f->r));
    assert_false(users_check(f->users, f->bob, PRIVILEGE_SELECT, &table, f->r));
    assert_string_equal(f->r->error.message, "user bob does not have SELECT privilege on relation t");
    assert_string_equal(f->r->error.sqlstate, "42501");
    assert_false(users_check_any(f->users, f->bob, &table, f->r));
    assert_string_equal(f->r->error.message, "user bob has no privileges on relation t");
    assert_true(grant(f, false, "SELECT", &table));
    assert_true(users_check(f->users, f->bob, PRIVILEGE_SELECT, &table, f->r));
    assert_false(users_check(f->users, f->bob, PRIVILEGE_INSERT, &table, f->r));
    assert_false(users_check_owner_or_create(f->users, f->bob, &table, f->r));
    assert_string_equal(f->r->error.message,
        "user bob must be owner of t or have CREATE privilege on relation t");
    assert_true(grant(f, true, "ALL", &table));
    assert_false(users_check_any(f->users, f->bob, &table, f->r));
}

static void test_system_tables_cannot_be_granted(void **state) {
    struct fixture *f = *state;
    const struct users_object stats = {OBJECT_TABLE, 25, "replication_constraint_stats", "node", true};
    assert_false(grant(f, false, "SELECT", &stats));
    assert_string_equal(f->r->error.message, "cannot GRANT on system object");
    assert_true(users_check(f->users, f->root, PRIVILEGE_SELECT, &stats, f->r));
    assert_false(users_check(f->users, f->bob, PRIVILEGE_SELECT, &stats, f->r));
}

static void test_membership(void **state) {
    struct fixture *f = *state;
    assert_false(users_is_admin(f->users, "bob"));
    assert_true(grant(f, false, "admin", NULL));
    assert_true(users_is_admin(f->users, "bob"));
    assert_true(users_check(f->users, f->bob, PRIVILEGE_DROP, &table, f->r));
    assert_true(grant(f, true, "admin", NULL));
    assert_false(users_is_admin(f->users, "bob"));
}

static void test_revoking_one_of_all(void **state) {
    struct fixture *f = *state;
    assert_true(grant(f, false, "ALL", &table));
    assert_true(grant(f, true, "INSERT", &table));
    assert_false(users_has(f->users, "bob", PRIVILEGE_INSERT, &table));
    assert_true(users_has(f->users, "bob", PRIVILEGE_DELETE, &table));
}

static bool name_of(void *arg, enum object_kind kind, int64_t id, struct str *out) {
    (void)arg;
    (void)kind;
    str_add(out, id == 106 ? "django.public.t" : "django");
    return true;
}

static void test_dropping(void **state) {
    struct fixture *f = *state;
    struct ast_target target = {.kind = TARGET_USER, .word = "bob"};
    const struct ast_drop st = {.what = TARGET_USER, .targets = {&target, 1}};
    assert_true(grant(f, false, "SELECT", &table));
    assert_false(users_drop(f->users, f->root, &st, name_of, NULL, f->r));
    assert_string_equal(f->r->error.message, "cannot drop role/user bob: grants still exist on django.public.t");
    assert_true(grant(f, true, "SELECT", &table));
    assert_false(users_drop(f->users, f->bob, &st, name_of, NULL, f->r));
    assert_true(users_drop(f->users, f->root, &st, name_of, NULL, f->r));
    assert_false(users_exists(f->users, "bob"));
    assert_false(users_drop(f->users, f->root, &st, name_of, NULL, f->r));
    assert_string_equal(f->r->error.message, "role/user bob does not exist");
}

static void test_ranges_and_nodes(void **state) {
    struct fixture *f = *state;
    assert_false(users_check_ranges(f->users, f->bob, f->r));
    assert_string_equal(f->r->error.message,
        "only users with the ZONECONFIG privilege or the admin role can read crdb_internal.ranges_no_leases");
    assert_true(grant(f, false, "ZONECONFIG", &table));
    assert_true(users_check_ranges(f->users, f->bob, f->r));
    assert_false(users_check_nodes(f->users, f->bob, "crdb_internal.gossip_nodes", f->r));
    assert_string_equal(f->r->error.message,
        "only users with the admin role are allowed to read crdb_internal.gossip_nodes");
}

static void test_system_privileges_of_26(void **state) {
    struct fixture *f = *state;
    const struct users_object system = {OBJECT_SYSTEM, 0, "system", NULL, false};
    users_free(f->users);
    f->users = users_new(2601);
    create_user(f, "bob");
    assert_false(users_check_nodes(f->users, f->bob, "crdb_internal.gossip_nodes", f->r));
    assert_string_equal(f->r->error.message, "user bob does not have VIEWCLUSTERMETADATA system privilege");
    assert_true(grant(f, false, "VIEWCLUSTERMETADATA", &system));
    assert_true(users_check_nodes(f->users, f->bob, "crdb_internal.gossip_nodes", f->r));
    assert_false(users_check_ranges(f->users, f->bob, f->r));
    assert_true(grant(f, true, "ALL", &system));
    assert_false(users_check_nodes(f->users, f->bob, "crdb_internal.gossip_nodes", f->r));
}

static void test_kept(void **state) {
    struct fixture *f = *state;
    struct str text = {0};
    struct err err = {0};
    assert_true(grant(f, false, "SELECT", &table));
    users_print(f->users, &text);
    struct users *copy = users_new(2201);
    assert_true(users_read(copy, str_get(&text), &err));
    assert_true(users_has(copy, "bob", PRIVILEGE_SELECT, &table));
    assert_true(users_is_admin(copy, "root"));
    assert_false(users_read(copy, "nonsense\n", &err));
    users_free(copy);
    str_free(&text);
}

static void test_variables(void **state) {
    struct fixture *f = *state;
    struct session *s = f->root;
    assert_string_equal(variable_get(s, "DateStyle"), "ISO, MDY");
    assert_false(variable_on(s, "enable_multiregion_placement_policy"));
    assert_true(variable_set(s, "enable_multiregion_placement_policy", "true", false, f->r));
    assert_string_equal(variable_get(s, "enable_multiregion_placement_policy"), "on");
    assert_false(variable_set(s, "enable_multiregion_placement_policy", "perhaps", false, f->r));
    assert_string_equal(f->r->error.message,
        "parameter \"enable_multiregion_placement_policy\" requires a Boolean value");
    assert_false(variable_set(s, "allow_unsafe_internals", "on", false, f->r));
    assert_string_equal(f->r->error.sqlstate, "42704");
    assert_false(variable_set(s, "server_version", "1", false, f->r));
    assert_string_equal(f->r->error.sqlstate, "55P02");
    assert_true(variable_set(s, "statement_timeout", "1m30s", false, f->r));
    assert_string_equal(variable_get(s, "statement_timeout"), "90000");
}

static void test_variables_and_transactions(void **state) {
    struct fixture *f = *state;
    struct session *s = f->root;
    assert_true(variable_set(s, "application_name", "before", false, f->r));
    variables_begin_transaction(s);
    s->transaction = SESSION_OPEN;
    assert_true(variable_set(s, "application_name", "within", false, f->r));
    assert_true(variable_set(s, "application_name", "local", true, f->r));
    assert_string_equal(variable_get(s, "application_name"), "local");
    variables_end_transaction(s, false);
    assert_string_equal(variable_get(s, "application_name"), "before");
    variables_begin_transaction(s);
    assert_true(variable_set(s, "application_name", "within", false, f->r));
    assert_true(variable_set(s, "application_name", "local", true, f->r));
    variables_end_transaction(s, true);
    assert_string_equal(variable_get(s, "application_name"), "within");
    s->transaction = SESSION_IDLE;
    variables_reset(s);
    assert_string_equal(variable_get(s, "application_name"), "");
}

static void on_change(void *arg, const char *name) {
    *(const char **)arg = name;
}

static void test_settings(void **state) {
    struct fixture *f = *state;
    struct settings *s = settings_new(2201);
    const char *changed = NULL;
    settings_on_change(s, on_change, &changed);
    assert_string_equal(settings_get(s, "kv.replication_reports.interval"), "1m0s");
    assert_true(settings_set(s, "kv.replication_reports.interval", "90 s", f->r));
    assert_string_equal(changed, "kv.replication_reports.interval");
    assert_string_equal(settings_get(s, "kv.replication_reports.interval"), "1m30s");
    assert_true(settings_duration(s, "kv.replication_reports.interval") == 90 * (usec)USEC_PER_SEC);
    assert_true(settings_set(s, "kv.replication_reports.interval", "00:00:05", f->r));
    assert_string_equal(settings_get(s, "kv.replication_reports.interval"), "5s");
    assert_false(settings_set(s, "kv.replication_reports.interval", "soon", f->r));
    assert_true(settings_set(s, "kv.replication_reports.interval", NULL, f->r));
    assert_string_equal(settings_get(s, "kv.replication_reports.interval"), "1m0s");
    assert_false(settings_set(s, "no.such.setting", "1", f->r));
    assert_string_equal(f->r->error.message, "unknown cluster setting 'no.such.setting'");
    settings_free(s);
}

static void test_durations(void **state) {
    static const struct {
        const char *text;
        usec d;
        const char *printed;
    } rows[] = {
        {"5s", 5000000, "5s"}, {"1m", 60000000, "1m0s"}, {"200ms", 200000, "200ms"}, {"0", 0, "0s"},
        {"1h2m3.5s", 3723500000, "1h2m3.5s"}, {"1.5s", 1500000, "1.5s"}, {"00:01:00", 60000000, "1m0s"},
        {"10 minutes", 600000000, "10m0s"}, {"5", 5000000, "5s"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        usec d = -1;
        assert_true(settings_parse_duration(rows[i].text, &d));
        assert_true(d == rows[i].d);
        char *printed = settings_print_duration(d);
        assert_string_equal(printed, rows[i].printed);
        free(printed);
    }
    usec d;
    assert_false(settings_parse_duration("", &d));
    assert_false(settings_parse_duration("5 parsecs", &d));
    assert_false(settings_parse_duration("1:x", &d));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_table_rights, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_system_tables_cannot_be_granted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_membership, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_revoking_one_of_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dropping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ranges_and_nodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_system_privileges_of_26, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_variables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_variables_and_transactions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_settings, set_up, tear_down),
        cmocka_unit_test(test_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
