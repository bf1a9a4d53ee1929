/* build: answers of a server made into parts of a snapshot. Pure: no connection, no clock. */
#ifndef SURVEY_BUILD_H
#define SURVEY_BUILD_H

#include "question.h"

/* -- topology -- */

/* Where stores are as the range descriptors say it: for who may not read the stores. */
struct store_locality {
    int store_id;
    char *locality;
};
struct store_localities {
    VEC(struct store_locality);
};
void store_localities_free(struct store_localities *s);
/* True when it was not known, or was another. */
bool store_localities_add(struct store_localities *s, int store_id, const char *locality);
/* The caller frees with topology_free + free. NULL with the reason: an answer of another shape. */
struct topology *build_topology(const struct answers *a, const struct store_localities *seen, struct err *err);

/* -- catalog -- */

/* The bytes of a region as learnt. */
struct physical {
    char *region;
    struct key bytes;
};
struct physicals {
    VEC(struct physical);
};
void physicals_free(struct physicals *p);
void physicals_add(struct physicals *p, const char *region, const struct key *bytes);
const struct physical *physicals_find(const struct physicals *p, const char *region);
/* Reads "spans: /"@"-/"@"/PrefixEnd" of an EXPLAIN (VERBOSE). */
bool physical_from_explain(struct key *bytes, const struct pg_result *r, struct err *err);
/* Learns every region's bytes from the boundaries of the catalog's partitioned indexes, when there are as many as
 * there are regions; order is the enum's. False: cannot be told from these. */
bool physical_from_ranges(struct physicals *p, const struct ranges *rs, const struct catalog *c);

/* problems gets sentences about tables whose CREATE statement cannot be read (each to be freed). */
struct build_problems {
    VEC(char *);
};
void build_problems_free(struct build_problems *p);
struct catalog *build_catalog(const struct answers *a, const char *database, const struct physicals *p,
    struct build_problems *problems, struct err *err);
/* Zone configurations into a catalog that has its tables and regions. */
bool build_zones(struct catalog *c, const struct answers *a, struct err *err);

/* -- ranges: a cursor, because there may be many -- */

struct lease {
    int64_t range_id;
    int store_id; /* 0 none */
};
struct leases {
    VEC(struct lease); /* a hash table by range id; a slot without is free */
    enum lease_state state; /* of ranges that are not listed */
    usec asof;
};
void leases_free(struct leases *l);
/* Reads an answer's leases in slices; keeps r, which must live until it is freed. */
struct leases_reader;
struct leases_reader *leases_reader_new(const struct pg_result *r);
/* Reads on while more says so; done when *done. False with the reason. */
bool leases_reader_step(struct leases_reader *l, bool (*more)(void *arg), void *arg, bool *done, struct err *err);
/* Puts them in place of out's; state and asof are the caller's. */
void leases_reader_take(struct leases_reader *l, struct leases *out);
void leases_reader_free(struct leases_reader *l);
/* All at once; on failure l stays as it was. State is the caller's. */
bool build_leases(struct leases *l, const struct pg_result *r, usec asof, struct err *err);

struct ranges_builder;
/* Keeps r and leases, which must live until it is freed. */
struct ranges_builder *ranges_builder_new(const struct pg_result *r, const struct leases *leases);
/* The same ranges with what is known of leases now. Shares ranges, a part of that kind, and keeps leases. */
struct ranges_builder *ranges_builder_again(struct part *ranges, const struct leases *leases);
/* Reads on while more says so; done when *done. False with the reason. */
bool ranges_builder_step(struct ranges_builder *b, bool (*more)(void *arg), void *arg, bool *done, struct err *err);
/* The ranges, sorted, owned by the caller; localities seen are added to seen, *changed tells whether any was new. */
struct ranges *ranges_builder_take(struct ranges_builder *b, struct store_localities *seen, bool *changed);
void ranges_builder_free(struct ranges_builder *b);

/* -- server and report -- */

/* Fills databases, gateway, cluster id, failures; the rest is the connection's. */
bool build_server(struct server_info *info, const struct answers *a, struct err *err);
struct report *build_report(const struct answers *a, struct err *err);
/* "CockroachDB CCL v22.1.0-dev-7788e17e (...)" to 2201; 0: cannot be told. */
int build_version(const char *text);

#endif
