/* functions_rights: has_database_privilege(), has_table_privilege() and pg_has_role(): what a user may do. */
#include "functions.h"

#include <string.h>

/* PostgreSQL's words for what CockroachDB has under other names: TRUNCATE is DELETE there, REFERENCES is SELECT, TRIGGER
 * (up to 22.1 at least) CREATE, TEMP (on a database) CREATE. 0: no such word. */
static enum privilege privilege_of(const char *word) {
    static const struct {
        const char *word;
        enum privilege privilege;
    } others[] = {{"TRUNCATE", PRIVILEGE_DELETE}, {"REFERENCES", PRIVILEGE_SELECT}, {"TRIGGER", PRIVILEGE_CREATE},
        {"TEMP", PRIVILEGE_CREATE}, {"TEMPORARY", PRIVILEGE_CREATE}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq_nocase(others[i].word, word))
            return others[i].privilege;
    return privilege_by_name(word);
}

/* The user that is asked about: the first argument of three, else the session's. False: there is none of that name. */
static bool user_of(sqlite3_context *c, int n, sqlite3_value **v, const char **user) {
    *user = n > 2 ? fn_text(v[0]) : fn_session(c)->session->user;
    if (users_exists(fn_session(c)->session->engine->users, *user))
        return true;
    fn_fail(c, "42704", "role '%s' does not exist", *user);
    return false;
}

static void answer(sqlite3_context *c, int n, sqlite3_value **v, const struct users_object *o) {
    const enum privilege p = privilege_of(fn_text(v[n - 1]));
    const char *user;
    if (!p)
        fn_fail(c, "22023", "unrecognized privilege type: \"%s\"", fn_text(v[n - 1]));
    else if (user_of(c, n, v, &user))
        sqlite3_result_int(c, users_has(fn_session(c)->session->engine->users, user, p, o));
}

static void database_right(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *name = fn_text(v[n - 2]);
    const struct database_descriptor *db = database_by_name(fn_session(c)->session->engine->descriptors, name);
    if (!db) {
        fn_fail(c, "3D000", "database \"%s\" does not exist", name);
        return;
    }
    const struct users_object o = engine_database_object(db);
    answer(c, n, v, &o);
}

/* The table of a name, qualified or not, or of an id, in the session's database. */
static const struct table_descriptor *table_of(sqlite3_context *c, sqlite3_value *v) {
    const struct engine *e = fn_session(c)->session->engine;
    const struct database_descriptor *db = database_by_name(e->descriptors, fn_session(c)->session->database);
    const char *last = strrchr(fn_text(v), '.');
    for (size_t i = 0; i < e->descriptors->tables.len; i++) {
        const struct table_descriptor *t = e->descriptors->tables.items[i];
        if (sqlite3_value_type(v) == SQLITE_INTEGER ? t->id == sqlite3_value_int64(v)
                : db && t->database == db->id && str_eq(t->name, last ? last + 1 : fn_text(v)))
            return t;
    }
    return NULL;
}

static void table_right(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const struct table_descriptor *t = table_of(c, v[n - 2]);
    if (!t) {
        fn_fail(c, "42P01", "relation \"%s\" does not exist", fn_text(v[n - 2]));
        return;
    }
    const struct users_object o = engine_object(t);
    answer(c, n, v, &o);
}

/* MEMBER and USAGE are the same: every role is inherited. */
static void role_right(sqlite3_context *c, int n, sqlite3_value **v) {
    const struct users *users = fn_session(c)->session->engine->users;
    const char *user;
    if (fn_null(n, v) || !user_of(c, n, v, &user))
        return;
    const char *role = fn_text(v[n - 2]), *word = fn_text(v[n - 1]);
    if (!users_exists(users, role))
        fn_fail(c, "42704", "role '%s' does not exist", role);
    else if (!str_eq_nocase(word, "MEMBER") && !str_eq_nocase(word, "USAGE"))
        fn_fail(c, "22023", "unrecognized privilege type: \"%s\"", word);
    else
        sqlite3_result_int(c, users_is_member(users, user, role));
}

const struct function functions_rights[] = {
    {"database_right", -1, database_right}, {"table_right", -1, table_right}, {"role_right", -1, role_right},
    {NULL, 0, NULL},
};
