/* users: users and roles with their options and memberships, what was granted to them on objects and on the
 * system, and the questions that statements ask before they run. Objects are known by kind and id; their
 * names and owners come with the question. Facts: truth 4031-4073, 7001-7009. */
#ifndef DOMICILE_SANDBOX_USERS_H
#define DOMICILE_SANDBOX_USERS_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/dialect/ast.h"
#include "domicile/sandbox/result.h"
#include "domicile/sandbox/session.h"

#include <stdbool.h>
#include <stdint.h>

struct users;

/* What can be granted, as bits. */
enum privilege {
    PRIVILEGE_ALL = 1 << 0,
    PRIVILEGE_BACKUP = 1 << 1,
    PRIVILEGE_CANCELQUERY = 1 << 2,
    PRIVILEGE_CONNECT = 1 << 3,
    PRIVILEGE_CREATE = 1 << 4,
    PRIVILEGE_DELETE = 1 << 5,
    PRIVILEGE_DROP = 1 << 6,
    PRIVILEGE_EXECUTE = 1 << 7,
    PRIVILEGE_GRANT = 1 << 8,
    PRIVILEGE_INSERT = 1 << 9,
    PRIVILEGE_MODIFYCLUSTERSETTING = 1 << 10,
    PRIVILEGE_MODIFYSQLCLUSTERSETTING = 1 << 11,
    PRIVILEGE_RESTORE = 1 << 12,
    PRIVILEGE_SELECT = 1 << 13,
    PRIVILEGE_TRIGGER = 1 << 14,
    PRIVILEGE_UPDATE = 1 << 15,
    PRIVILEGE_USAGE = 1 << 16,
    PRIVILEGE_VIEWACTIVITY = 1 << 17,
    PRIVILEGE_VIEWACTIVITYREDACTED = 1 << 18,
    PRIVILEGE_VIEWCLUSTERMETADATA = 1 << 19,
    PRIVILEGE_VIEWCLUSTERSETTING = 1 << 20,
    PRIVILEGE_VIEWDEBUG = 1 << 21,
    PRIVILEGE_VIEWJOB = 1 << 22,
    PRIVILEGE_ZONECONFIG = 1 << 23,
    PRIVILEGE_REPAIRCLUSTER = 1 << 24,
    PRIVILEGE_CREATEROLE = 1 << 25,
    PRIVILEGE_CREATEDB = 1 << 26,
    PRIVILEGE_CREATELOGIN = 1 << 27,
    PRIVILEGE_CONTROLJOB = 1 << 28,
};

enum object_kind { OBJECT_SYSTEM, OBJECT_DATABASE, OBJECT_SCHEMA, OBJECT_TABLE, OBJECT_TYPE };

/* An object that a question or a grant is about. Texts are the asker's. */
struct users_object {
    enum object_kind kind;
    int64_t id;        /* descriptor id */
    const char *name;  /* as messages name it: "django", "cockroach_example_customers" */
    const char *owner; /* "root", "node"; NULL: nobody */
    bool is_system;    /* of the database system: its grants cannot be changed */
};

/* Holds root, admin and public. */
struct users *users_new(int compat);
void users_free(struct users *u);
/* All of it as text, and back: for keeping it between runs. */
void users_print(const struct users *u, struct str *out);
bool users_read(struct users *u, const char *text, struct err *err);
/* Rises with each change. */
uint64_t users_changes(const struct users *u);

/* The word in GRANT ("SELECT"); "" for none. */
const char *privilege_name(enum privilege p);
/* 0 when there is none of that name (in any case). */
enum privilege privilege_by_name(const char *name);
/* "CONNECT, CREATE" in the server's order. */
void privilege_list(struct str *out, unsigned privileges, const char *separator);

/* Whether passwords that are set from now on are kept for SCRAM; else they will be asked for in clear text. */
void users_keep_scram(struct users *u, bool scram);
/* The verifier (password.h) of a user's password; NULL: it has none. Valid until the next change. */
const char *users_password(const struct users *u, const char *name);

/* ---- questions ---- */

/* Whether there is a user or role of this name, and whether it has, itself or through its roles, the role admin. */
bool users_exists(const struct users *u, const char *name);
bool users_is_admin(const struct users *u, const char *name);
/* Directly or through other roles; also itself. */
bool users_is_member(const struct users *u, const char *name, const char *role);
/* Through itself, its roles or public; an admin and the owner have everything. */
bool users_has(const struct users *u, const char *name, enum privilege p, const struct users_object *o);
bool users_has_any(const struct users *u, const char *name, const struct users_object *o);
/* System privilege (GRANT SYSTEM) or role option of that name. */
bool users_has_system(const struct users *u, const char *name, enum privilege p);
/* On any object at all: ZONECONFIG opens crdb_internal.ranges so. */
bool users_has_anywhere(const struct users *u, const char *name, enum privilege p);

/* The same for a session's user, with the recorded error (42501) in r:
 * "user bob does not have SELECT privilege on relation t". */
bool users_check(const struct users *u, const struct session *s, enum privilege p,
    const struct users_object *o, struct result *r);
/* "user bob has no privileges on relation t" */
bool users_check_any(const struct users *u, const struct session *s, const struct users_object *o,
    struct result *r);
/* "user bob does not have CREATE or ZONECONFIG privilege on relation t", on 22.1 "ZONECONFIG or CREATE" */
bool users_check_zone(const struct users *u, const struct session *s, const struct users_object *o, struct result *r);
/* "user bob must be owner of django or have CREATE privilege on database django" */
bool users_check_owner_or_create(const struct users *u, const struct session *s,
    const struct users_object *o, struct result *r);
/* "user bob must be owner of table t"-like: for DROP and RENAME of what DROP opens: owner or privilege. */
bool users_check_owner(const struct users *u, const struct session *s, const struct users_object *o,
    struct result *r);
/* "user bob does not have VIEWCLUSTERMETADATA system privilege" */
bool users_check_system(const struct users *u, const struct session *s, enum privilege p, struct result *r);
/* Reading crdb_internal.ranges_no_leases and what is made of it. */
bool users_check_ranges(const struct users *u, const struct session *s, struct result *r);
/* Reading crdb_internal.gossip_nodes and its like; table "crdb_internal.gossip_nodes". */
bool users_check_nodes(const struct users *u, const struct session *s, const char *table, struct result *r);
/* SHOW, SET CLUSTER SETTING and crdb_internal.cluster_settings (name NULL). */
bool users_check_setting(const struct users *u, const struct session *s, const char *name, bool set,
    struct result *r);

/* ---- statements ---- */

/* CREATE and ALTER USER and ROLE, without ALTER ROLE ... SET. */
bool users_role(struct users *u, const struct session *s, const struct ast_role *st, struct result *r);
/* DROP USER and ROLE. name_of appends the name of an object that still has grants, for the message; false
 * when there is no such object any more. */
bool users_drop(struct users *u, const struct session *s, const struct ast_drop *st,
    bool (*name_of)(void *arg, enum object_kind kind, int64_t id, struct str *out), void *arg,
    struct result *r);
/* GRANT and REVOKE: of roles, on the system (objects not used), or on the objects that its names mean. */
bool users_grant(struct users *u, const struct session *s, const struct ast_grant *st,
    const struct users_object *objects, size_t n, struct result *r);
/* What a new object is given: public may connect to a database, use a type ... */
void users_object_created(struct users *u, const struct users_object *o);
/* Forgets what was granted on a dropped object. */
void users_object_dropped(struct users *u, enum object_kind kind, int64_t id);

/* ALTER ROLE ... SET and RESET: role NULL: ALL; database NULL: any; value NULL takes it away; name NULL: all of them. */
void users_set_default(struct users *u, const char *role, const char *database, const char *name, const char *value);
/* What a session of a user on a database begins with; what is said later in the calls wins. */
void users_each_default(const struct users *u, const char *role, const char *database,
    void (*emit)(void *arg, const char *name, const char *value), void *arg);

/* ---- lists ---- */

struct users_role_info {
    const char *name;
    bool is_role;          /* made by CREATE ROLE: no login */
    unsigned options;      /* of enum privilege: role options */
    const char *options_text; /* "CREATEROLE, NOLOGIN" as SHOW USERS prints them */
};
size_t users_count(const struct users *u);
/* In order of name. The text is valid until the next call. */
struct users_role_info users_at(const struct users *u, size_t i);
struct users_member {
    const char *role;
    const char *member;
    bool admin_option;
};
size_t users_member_count(const struct users *u);
struct users_member users_member_at(const struct users *u, size_t i);
struct users_grant_info {
    enum object_kind kind;
    int64_t id;
    const char *grantee;
    unsigned privileges;
    unsigned grant_options;
};
size_t users_grant_count(const struct users *u);
/* Explicit grants; those of admin and root (ALL) and of owners are implied. */
struct users_grant_info users_grant_at(const struct users *u, size_t i);

#endif
