/* ast_ddl: what creates, alters and drops: databases with their regions, tables, rights. */
#ifndef DOMICILE_DIALECT_AST_DDL_H
#define DOMICILE_DIALECT_AST_DDL_H

#include "domicile/dialect/ast_query.h"
#include "domicile/dialect/ast_session.h"

/* ---- regions ---- */

enum ast_locality_kind {
    LOCALITY_NONE,
    LOCALITY_GLOBAL,
    LOCALITY_TABLE_PRIMARY,
    LOCALITY_TABLE_IN,
    LOCALITY_ROW
};

struct ast_locality {
    enum ast_locality_kind kind;
    const char *region;    /* LOCALITY_TABLE_IN */
    const char *column;    /* LOCALITY_ROW AS column; NULL: crdb_region */
};

enum ast_survival { SURVIVAL_NOT_SAID, SURVIVAL_SAID_ZONE, SURVIVAL_SAID_REGION };
enum ast_placement { PLACEMENT_NONE, PLACEMENT_SAID_DEFAULT, PLACEMENT_SAID_RESTRICTED };

struct ast_super_region {
    const char *name;
    struct ast_words regions;
};

struct ast_create_database {
    const char *name;
    bool if_not_exists;
    const char *primary;
    struct ast_words regions;
    enum ast_survival survival;
    enum ast_placement placement;
    const char *owner;
    struct ast_super_region super;
    const char *secondary;
    struct ast_options options; /* TEMPLATE, ENCODING, LC_COLLATE, LC_CTYPE, CONNECTION LIMIT */
};

enum ast_alter_database_kind {
    DATABASE_PRIMARY_REGION, DATABASE_ADD_REGION, DATABASE_DROP_REGION, DATABASE_SURVIVE, DATABASE_PLACEMENT,
    DATABASE_ADD_SUPER_REGION, DATABASE_ALTER_SUPER_REGION, DATABASE_DROP_SUPER_REGION,
    DATABASE_SET_SECONDARY, DATABASE_DROP_SECONDARY, DATABASE_OWNER, DATABASE_RENAME,
    DATABASE_SET,              /* set: ALTER DATABASE d SET x = v | RESET x */
    DATABASE_LOCALITY_ZONE,    /* ALTER LOCALITY l CONFIGURE ZONE ...: locality, options, discard */
};

struct ast_alter_database {
    const char *name;
    enum ast_alter_database_kind kind;
    bool if_exists;            /* of the region */
    bool if_not_exists;
    const char *region;        /* also the new name or owner */
    enum ast_survival survival;
    enum ast_placement placement;
    struct ast_super_region super;
    struct ast_set set;
    struct ast_locality locality; /* LOCALITY_TABLE_PRIMARY: REGIONAL; LOCALITY_TABLE_IN: REGIONAL IN r */
    struct ast_options options;
    bool discard;
};

/* ALTER {RANGE|DATABASE|TABLE|INDEX|PARTITION p OF ...} CONFIGURE ZONE {USING ...|DISCARD} */
struct ast_configure_zone {
    struct ast_target target;
    struct ast_options options;
    bool discard;
    bool use_default; /* USING DEFAULT */
};

/* ---- tables ---- */

enum ast_fk_action { FK_NO_ACTION, FK_RESTRICT, FK_CASCADE, FK_SET_NULL, FK_SET_DEFAULT };

struct ast_references {
    struct ast_name table;
    struct ast_words columns;
    enum ast_fk_action on_delete;
    enum ast_fk_action on_update;
    const char *match; /* "SIMPLE", "FULL"; NULL */
};

struct ast_index_column {
    const char *column;
    struct ast_expr *expr;   /* an expression instead */
    bool descending;
    bool ascending;          /* ASC was said */
    enum ast_nulls nulls;
    const char *opclass;
};

struct ast_index {
    const char *name;
    bool unique;
    bool inverted;
    bool primary;
    bool if_not_exists;
    bool concurrently;
    bool not_visible;
    AST_LIST(struct ast_index_column) columns;
    struct ast_words storing;
    bool hash;               /* USING HASH */
    struct ast_expr *bucket_count;
    struct ast_expr *where;  /* partial */
    struct ast_options params;
    bool partition;          /* PARTITION BY ... (its parts are not kept) */
};

enum ast_constraint_kind { CONSTRAINT_PRIMARY, CONSTRAINT_UNIQUE, CONSTRAINT_CHECK, CONSTRAINT_FOREIGN_KEY };

struct ast_constraint {
    enum ast_constraint_kind kind;
    const char *name;
    bool if_not_exists;
    bool not_valid;
    bool without_index;      /* UNIQUE WITHOUT INDEX */
    struct ast_index index;  /* PRIMARY KEY, UNIQUE */
    struct ast_expr *check;
    struct ast_words columns;/* FOREIGN KEY */
    struct ast_references references;
};

struct ast_column {
    const char *name;
    size_t pos;
    struct ast_type *type;   /* NULL in CREATE TABLE AS */
    int nullable;            /* 1 NULL, -1 NOT NULL, 0 not said */
    bool hidden;             /* NOT VISIBLE */
    struct ast_expr *default_expr;
    struct ast_expr *on_update;
    struct ast_expr *computed;
    bool stored;             /* AS (...) STORED; else VIRTUAL */
    bool identity;           /* GENERATED ... AS IDENTITY */
    bool identity_always;
    bool unique;
    bool unique_without_index;
    bool primary;
    bool primary_hash;
    const char *unique_name; /* CONSTRAINT n before UNIQUE or PRIMARY KEY */
    AST_LIST(struct ast_constraint) constraints; /* CHECK and REFERENCES (kind FOREIGN_KEY) */
    const char *family;
    bool create_family;
    bool family_if_not_exists;
};

struct ast_family {
    const char *name;
    struct ast_words columns;
};

enum ast_table_item_kind { ITEM_COLUMN, ITEM_CONSTRAINT, ITEM_INDEX, ITEM_FAMILY, ITEM_LIKE };

struct ast_table_item {
    enum ast_table_item_kind kind;
    union {
        struct ast_column *column;
        struct ast_constraint *constraint;
        struct ast_index *index;
        struct ast_family *family;
        struct { struct ast_name table; struct ast_words options; } like; /* "INCLUDING ALL" */
    } u;
};

struct ast_create_table {
    struct ast_name name;
    bool if_not_exists;
    bool temporary;
    bool unlogged;
    AST_LIST(struct ast_table_item) items; /* in the order written */
    bool partition_by;
    struct ast_options params;
    struct ast_locality locality;
    const char *on_commit;
    struct ast_query *as;       /* CREATE TABLE AS; items then name columns only */
};

enum ast_alter_table_kind {
    ALTER_ADD_COLUMN, ALTER_DROP_COLUMN, ALTER_SET_DEFAULT, ALTER_DROP_DEFAULT, ALTER_SET_ON_UPDATE,
    ALTER_DROP_ON_UPDATE, ALTER_SET_NOT_NULL, ALTER_DROP_NOT_NULL, ALTER_SET_VISIBLE, ALTER_SET_NOT_VISIBLE,
    ALTER_DROP_STORED, ALTER_SET_TYPE, ALTER_ADD_CONSTRAINT, ALTER_DROP_CONSTRAINT, ALTER_VALIDATE_CONSTRAINT,
    ALTER_RENAME_COLUMN, ALTER_RENAME_CONSTRAINT, ALTER_RENAME_TABLE, ALTER_PRIMARY_KEY, ALTER_SET_LOCALITY,
    ALTER_SET_PARAMS, ALTER_RESET_PARAMS, ALTER_OWNER, ALTER_SET_SCHEMA, ALTER_PARTITION_BY, ALTER_SPLIT_AT,
    ALTER_UNSPLIT, ALTER_SCATTER, ALTER_AUDIT, ALTER_INJECT_STATISTICS, ALTER_RELOCATE,
    ALTER_ADD_IDENTITY,
};

struct ast_alter_cmd {
    enum ast_alter_table_kind kind;
    bool if_exists;
    bool if_not_exists;
    bool cascade;
    bool flag;                 /* UNSPLIT ALL, PARTITION BY NOTHING */
    const char *column;        /* or the constraint's name */
    const char *new_name;      /* or owner, or schema */
    struct ast_column *add;
    struct ast_expr *expr;     /* default, on update, USING; NULL */
    struct ast_type *type;
    struct ast_constraint *constraint; /* also the new primary key (index) */
    struct ast_locality locality;
    struct ast_options params;
    struct ast_query *query;   /* SPLIT AT / UNSPLIT AT / RELOCATE */
};

struct ast_alter_table {
    struct ast_name name;
    const char *index;         /* ALTER INDEX t@i SPLIT AT ... */
    bool if_exists;
    AST_LIST(struct ast_alter_cmd) cmds;
};

struct ast_create_index {
    struct ast_name table;
    struct ast_index index;
};

/* ALTER INDEX t@i RENAME TO n | [NOT] VISIBLE */
struct ast_alter_index {
    struct ast_target index;
    bool if_exists;
    const char *new_name;
    int visible; /* 1, -1, 0 not said */
};

struct ast_create_type {
    struct ast_name name;
    bool if_not_exists;
    struct ast_words labels;
};

enum ast_alter_type_kind {
    TYPE_ADD_VALUE,
    TYPE_DROP_VALUE,
    TYPE_RENAME_VALUE,
    TYPE_RENAME,
    TYPE_SET_SCHEMA,
    TYPE_OWNER
};

struct ast_alter_type {
    struct ast_name name;
    enum ast_alter_type_kind kind;
    bool if_not_exists;
    const char *value;
    const char *new_name;
    bool before;
    const char *neighbour; /* BEFORE/AFTER 'x'; NULL */
};

struct ast_create_view {
    struct ast_name name;
    bool or_replace, if_not_exists, materialized, temporary;
    struct ast_words columns;
    struct ast_query *query;
};

struct ast_create_schema {
    struct ast_name name; /* n == 0: AUTHORIZATION only */
    bool if_not_exists;
    const char *owner;
};

struct ast_sequence { /* CREATE and ALTER SEQUENCE */
    struct ast_name name;
    bool if_not_exists;  /* IF EXISTS for ALTER */
    struct ast_options options; /* increment, minvalue, maxvalue, start, cache, restart, owned by ... */
    const char *new_name;
};

struct ast_drop { /* DATABASE, SCHEMA, TABLE, VIEW, SEQUENCE, TYPE, INDEX (names with indexes), ROLE, USER */
    enum ast_target_kind what;
    bool if_exists;
    bool cascade;
    bool restrict_said;
    bool materialized;
    bool concurrently;
    AST_LIST(struct ast_target) targets;
};

struct ast_rename { /* ALTER VIEW/SEQUENCE/SCHEMA ... RENAME TO, SET SCHEMA, OWNER TO */
    enum ast_target_kind what;
    struct ast_name name;
    bool if_exists;
    const char *new_name, *schema, *owner;
};

/* ---- rights ---- */

struct ast_role { /* CREATE/ALTER ROLE|USER */
    bool alter;
    bool user;           /* USER, not ROLE: only the wording differs */
    bool if_not_exists;  /* IF EXISTS for ALTER */
    const char *name;    /* NULL: ALTER ROLE ALL */
    /* upper case: "LOGIN", "PASSWORD" (value NULL expr = NULL), "VIEWACTIVITY" ... */
    struct ast_options options;
    bool has_set;        /* ALTER ROLE r [IN DATABASE d] SET x = v */
    const char *in_database;
    struct ast_set set;
};

struct ast_grant { /* GRANT and REVOKE */
    bool revoke;
    bool roles;          /* GRANT role TO user: privileges are the role names */
    struct ast_words privileges; /* upper case; "ALL" */
    struct ast_target target;    /* kind; SYSTEM: GRANT SYSTEM ...; names in names */
    struct ast_names names;
    struct ast_words grantees;
    bool option;         /* WITH GRANT/ADMIN OPTION, or GRANT/ADMIN OPTION FOR */
};

struct ast_comment {
    struct ast_target target; /* COLUMN: word is the column, name the table */
    const char *text;         /* NULL: IS NULL */
};

enum ast_cancel_kind { CANCEL_QUERY, CANCEL_SESSION, CANCEL_JOB };

struct ast_job_control { /* CANCEL QUERY/SESSION/JOB, PAUSE JOB, RESUME JOB */
    enum ast_cancel_kind what;
    bool pause, resume, if_exists;
    struct ast_expr *id;
    struct ast_query *query;
};

#endif
