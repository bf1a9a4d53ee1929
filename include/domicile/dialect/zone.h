/* zone: a zone configuration as CockroachDB writes it in SQL, read and printed.
 * Facts: raw_config_sql/full_config_sql of crdb_internal.zones, SHOW ZONE CONFIGURATION,
 * SHOW PARTITIONS (zone_config, full_zone_config). */
#ifndef DOMICILE_DIALECT_ZONE_H
#define DOMICILE_DIALECT_ZONE_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* One member of a conjunction: "+region=a", "-ssd". key is "" for an attribute (no '='). */
struct zone_constraint {
    bool prohibited; /* '-' */
    char *key;
    char *value;
};

/* A conjunction with the number of replicas that must satisfy it; 0 = every replica. */
struct zone_conjunction {
    int num_replicas;
    VEC_STRUCT(struct zone_constraint) members;
};

struct zone_conjunctions {
    VEC(struct zone_conjunction);
};

/* Which fields the configuration sets itself; what is not set is inherited, field by field. */
enum zone_field {
    ZONE_RANGE_MIN_BYTES = 1 << 0,
    ZONE_RANGE_MAX_BYTES = 1 << 1,
    ZONE_GC_TTLSECONDS = 1 << 2,
    ZONE_GLOBAL_READS = 1 << 3,
    ZONE_NUM_REPLICAS = 1 << 4,
    ZONE_NUM_VOTERS = 1 << 5,
    ZONE_CONSTRAINTS = 1 << 6,
    ZONE_VOTER_CONSTRAINTS = 1 << 7,
    ZONE_LEASE_PREFERENCES = 1 << 8,
};

/* Zero-initialised: nothing set. Owns its texts; zone_free leaves it empty. */
struct zone {
    unsigned set; /* of enum zone_field */
    int64_t range_min_bytes;
    int64_t range_max_bytes;
    int64_t gc_ttlseconds;
    bool global_reads;
    int num_replicas;
    int num_voters;
    struct zone_conjunctions constraints;
    struct zone_conjunctions voter_constraints;
    struct zone_conjunctions lease_preferences; /* in order of preference; num_replicas unused */
};

/* Frees the constraints; z is empty afterwards (no field set). */
void zone_free(struct zone *z);
/* A deep copy into an empty zone. */
void zone_copy(struct zone *to, const struct zone *from);
bool zone_equal(const struct zone *a, const struct zone *b);
/* Takes from parent every field that z does not set (zone inheritance, field by field). */
void zone_inherit(struct zone *z, const struct zone *parent);
/* num_voters if set, else num_replicas: how many voters are wanted. */
int zone_wanted_voters(const struct zone *z);
/* num_replicas - num_voters, 0 when num_voters is not set: how many non-voters are wanted. */
int zone_wanted_non_voters(const struct zone *z);

/* Adds "+region=value" (or any key) as a conjunction of one member. */
void zone_add_constraint(struct zone_conjunctions *list, int num_replicas, const char *key,
                         const char *value);

/* Parses what a server shows: a whole "ALTER ... CONFIGURE ZONE USING a = b, ..." statement or only the
 * options after USING (SHOW PARTITIONS), any white space. *target (may be NULL) gets the text between
 * ALTER and CONFIGURE (caller frees), "" if there is none. False with the place of the error otherwise. */
bool zone_parse(struct zone *z, char **target, const char *sql, struct err *err);
/* Parses the value of a constraints option: [+region=a], {+region=a: 1, '+region=b,+ssd': 2}, []. */
bool zone_parse_constraints(struct zone_conjunctions *list, const char *text, struct err *err);

/* Appends the options as the server prints them, each on its own line: separator before each is
 * ",\n" (none before the first) plus indent ("\t" in SHOW ZONE CONFIGURATION, "" in SHOW PARTITIONS). */
void zone_print_options(struct str *out, const struct zone *z, const char *indent);
/* Appends "ALTER <target> CONFIGURE ZONE USING\n\t..." byte for byte as the server does. */
void zone_print(struct str *out, const struct zone *z, const char *target);
/* Appends one list as the server prints it, without the quotes: [+region=a] or {+region=a: 1}. */
void zone_print_conjunctions(struct str *out, const struct zone_conjunctions *list);
/* Appends lease preferences: [[+region=a], [+region=b]]. */
void zone_print_lease_preferences(struct str *out, const struct zone_conjunctions *list);
/* Appends one conjunction as the replication report names it: "+region=a,+ssd:2". */
void zone_print_report_name(struct str *out, const struct zone_conjunction *c);

#endif
