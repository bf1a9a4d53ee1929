/* users_private: what the files about users share. */
#ifndef DOMICILE_SANDBOX_USERS_PRIVATE_H
#define DOMICILE_SANDBOX_USERS_PRIVATE_H

#include "domicile/base/vec.h"
#include "domicile/sandbox/users.h"

struct user_entry {
    char *name;
    bool is_role;
    bool no_login;
    unsigned options;
    char *password; /* a verifier (password.h); NULL: none */
};
struct membership {
    char *role;
    char *member;
    bool admin_option;
};
struct grant_entry {
    enum object_kind kind;
    int64_t id; /* 0 for the system */
    char *grantee;
    unsigned privileges;
    unsigned grant_options;
};

/* ALTER ROLE role [IN DATABASE database] SET name = value; "*": all roles, any database. */
struct role_setting {
    char *role, *database, *name, *value;
};

struct users {
    int compat;
    uint64_t changes;
    bool scram; /* how new passwords are kept */
    VEC_STRUCT(struct user_entry) entries; /* in order of name */
    VEC_STRUCT(struct membership) members;
    VEC_STRUCT(struct grant_entry) grants;
    VEC_STRUCT(struct role_setting) settings;
    char *options_text; /* of users_at */
};

struct user_entry *user_find(const struct users *u, const char *name);
struct user_entry *user_add(struct users *u, const char *name, bool is_role);
void user_remove(struct users *u, const char *name);
struct membership *membership_find(const struct users *u, const char *role, const char *member);
void membership_add(struct users *u, const char *role, const char *member, bool admin_option);
void membership_remove(struct users *u, const char *role, const char *member);
struct grant_entry *grant_find(const struct users *u, enum object_kind kind, int64_t id, const char *grantee);
/* Finds or makes it. */
struct grant_entry *grant_make(struct users *u, enum object_kind kind, int64_t id, const char *grantee);
/* Of a role, NULL: all of them. */
void users_forget_defaults(struct users *u, const char *role);
void users_print_defaults(const struct users *u, struct str *out);
/* Fields 1 to 4 of a kept line. */
void users_read_default(struct users *u, char *const *fields);
/* Drops those that grant nothing any more. */
void grants_tidy(struct users *u);

#endif
