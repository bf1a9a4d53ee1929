/* ddl_zone: CONFIGURE ZONE: what it sets, what it may not touch, and what a later change of regions finds. */
#include "ddl.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/name.h"
#include "domicile/dialect/print.h"
#include "domicile/sandbox/virtual.h"
#include "domicile/sandbox/world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the rules of a database with regions derive. */
static const struct {
    const char *name;
    unsigned field;
} protected[] = {
    {"global_reads", ZONE_GLOBAL_READS}, {"num_replicas", ZONE_NUM_REPLICAS}, {"num_voters", ZONE_NUM_VOTERS},
    {"constraints", ZONE_CONSTRAINTS}, {"voter_constraints", ZONE_VOTER_CONSTRAINTS},
    {"lease_preferences", ZONE_LEASE_PREFERENCES},
};
enum { PROTECTED_COUNT = sizeof protected / sizeof *protected };

/* Whose configuration it is. */
struct owner {
    struct database_descriptor *db; /* NULL: RANGE default */
    struct table_descriptor *t;     /* NULL: the database */
    const struct index_descriptor *ix;
    const char *partition;
    struct zone_settings *list;
};

static bool overridden(const struct translator *tr) {
    return variable_on(tr->es->session, "override_multi_region_zone_config");
}

static bool find_index(struct translator *tr, const struct ast_target *target, struct owner *o) {
    const bool primary = !target->index;
    o->ix = primary ? &o->t->indexes.items[0] : index_by_name(o->t, target->index);
    if (!o->ix)
        return result_fail(tr->r, "42704", "index \"%s\" does not exist", target->index);
    if (!target->partition && o->t->locality == TABLE_LOCALITY_BY_ROW)
        return result_unsupported(tr->r, "CONFIGURE ZONE of an index of a table by row");
    return true;
}

static bool find_owner(struct translator *tr, const struct ast_target *target, struct owner *o) {
    struct descriptors *d = tr->engine->descriptors;
    if (target->kind == TARGET_RANGE) {
        if (!str_eq_nocase(target->word, "default"))
            return result_unsupported(tr->r, "CONFIGURE ZONE of a range other than default");
        o->list = &d->zones;
        return users_is_admin(tr->engine->users, tr->es->session->user) || result_fail(tr->r, "42501",
            "only users with the admin role are allowed to alter RANGE default");
    }
    if (target->kind == TARGET_DATABASE) {
        o->db = engine_database(tr->engine, tr->es->session, target->word, tr->r);
        o->list = o->db ? &o->db->zones : NULL;
        if (!o->db)
            return false;
        const struct users_object object = engine_database_object(o->db);
        return users_check_zone(tr->engine->users, tr->es->session, &object, tr->r);
    }
    o->t = engine_table(tr, &target->name, false);
    if (!o->t)
        return false;
    const struct users_object object = engine_object(o->t);
    if (!users_check_zone(tr->engine->users, tr->es->session, &object, tr->r))
        return false;
    o->db = database_by_id(d, o->t->database);
    o->list = &o->t->zones;
    o->partition = target->partition;
    if (o->partition && (o->t->locality != TABLE_LOCALITY_BY_ROW || !database_has_region(o->db, o->partition)))
        return result_fail(tr->r, "22023", "partition \"%s\" does not exist on table \"%s\"", o->partition, o->t->name);
    return (target->kind != TARGET_INDEX && !o->partition) || find_index(tr, target, o);
}

/* What is in force for the owner, or, parent, for what it inherits from. */
static void current(struct zone *z, struct translator *tr, const struct owner *o, bool parent, bool full) {
    const struct descriptors *d = tr->engine->descriptors;
    if (parent && o->partition)
        virtual_index_zone(z, d, o->t, o->ix, true);
    else if (parent && o->ix)
        virtual_table_zone(z, d, o->t, true);
    else if (parent && o->t)
        virtual_database_zone(z, d, o->db, true);
    else if (parent || !o->db)
        virtual_range_default(z, d);
    else if (o->partition)
        virtual_partition_zone(z, d, o->t, o->ix, o->partition, full);
    else if (o->ix)
        virtual_index_zone(z, d, o->t, o->ix, full);
    else if (o->t)
        virtual_table_zone(z, d, o->t, full);
    else
        virtual_database_zone(z, d, o->db, full);
}

static bool refuse_protected(struct translator *tr, const struct owner *o, const struct ast_configure_zone *st) {
    if (!o->db || !o->db->primary_region || overridden(tr))
        return true;
    for (size_t i = 0; i < st->options.len; i++)
        for (size_t k = 0; k < PROTECTED_COUNT; k++)
            if (str_eq(protected[k].name, st->options.items[i].name)) {
                result_fail(tr->r, "XXUUU",
                    "attempting to modify protected field \"%s\" of a multi-region zone configuration",
                    protected[k].name);
                return result_hint(tr->r, "to override this error, SET override_multi_region_zone_config = true and "
                    "reissue the command");
            }
    return true;
}

/* A number below zero, which no zone in force has and zone_parse does not read: what stands after its sign. */
static const struct ast_expr *below_zero(const struct ast_expr *e) {
    const struct ast_expr *value = ast_unparen((struct ast_expr *)(size_t)e);
    return value->kind == EXPR_UNARY && value->u.unary.op == OP_MINUS ? value->u.unary.arg : NULL;
}

static void negate(struct zone *z) {
    z->range_min_bytes = -z->range_min_bytes;
    z->range_max_bytes = -z->range_max_bytes;
    z->gc_ttlseconds = -z->gc_ttlseconds;
    z->num_replicas = -z->num_replicas;
    z->num_voters = -z->num_voters;
}

/* Asked of each option by itself: where zones are merged, none at all means what the parent has. */
static bool any_replica(struct translator *tr, const struct zone *z) {
    if (z->set & ZONE_NUM_REPLICAS && z->num_replicas < 1)
        return result_fail(tr->r, "23514", "could not validate zone config: at least one replica is required");
    if (z->set & ZONE_NUM_VOTERS && z->num_voters < 1)
        return result_fail(tr->r, "23514", "could not validate zone config: at least one voting replica is required");
    return true;
}

/* "num_replicas = 7, constraints = '[+region=a]'" read; what is copied from the parent comes from there. */
static bool read_options(
    struct translator *tr, const struct owner *o, const struct ast_configure_zone *st, struct zone *z) {
    struct err err = {0};
    struct zone parent = {0};
    current(&parent, tr, o, true, true);
    bool good = true;
    for (size_t i = 0; good && i < st->options.len; i++) {
        const struct ast_option *option = &st->options.items[i];
        struct str text = {0};
        struct zone one = {0};
        const struct ast_expr *negative = option->copy_from_parent ? NULL : below_zero(option->value);
        if (option->copy_from_parent) {
            str_add_f(&text, "%s = ", option->name);
            struct str all = {0};
            zone_print_options(&all, &parent, "");
            const char *at = strstr(str_get(&all), str_get(&text));
            str_clear(&text);
            str_add_f(&text, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
            if (text.len && text.data[text.len - 1] == ',')
                str_truncate(&text, text.len - 1);
            str_free(&all);
        } else {
            str_add_f(&text, "%s = ", option->name);
            print_expr(&text, negative ? negative : option->value, PRINT_PLAIN);
        }
        good = !text.len || zone_parse(&one, NULL, str_get(&text), &err) ||
            result_fail(tr->r, "22023", "could not parse zone config: %s", err.message);
        if (negative)
            negate(&one);
        good = good && (option->copy_from_parent || any_replica(tr, &one));
        if (good)
            zone_put(z, &one, ~0U);
        zone_free(&one);
        str_free(&text);
    }
    zone_free(&parent);
    return good;
}

static bool matches_a_node(const struct world *w, const struct zone_constraint *c) {
    struct zone_constraint wanted = *c;
    wanted.prohibited = false;
    const struct zone_conjunction one = {.members = {.items = &wanted, .len = 1, .cap = 1}};
    for (size_t i = 0; i < world_node_count(w); i++)
        if (locality_satisfies(&world_node(w, (int)i + 1)->locality, &one))
            return true;
    return false;
}

static bool known_localities(struct translator *tr, const struct zone_conjunctions *list) {
    for (size_t i = 0; tr->engine->world && i < list->len; i++)
        for (size_t k = 0; k < list->items[i].members.len; k++) {
            const struct zone_constraint *c = &list->items[i].members.items[k];
            if (!matches_a_node(tr->engine->world, c))
                return result_fail(tr->r, "23514",
                    "constraint \"%s%s%s%s\" matches no existing nodes within the cluster - "
                    "did you enter it correctly?",
                    c->prohibited ? "-" : "+", c->key, *c->key ? "=" : "", c->value);
        }
    return true;
}

static int asked_for(const struct zone_conjunctions *list) {
    int sum = 0;
    for (size_t i = 0; i < list->len; i++)
        sum += list->items[i].num_replicas;
    return sum;
}

/* From this version on a range's maximal size may not be set to less than 64 MiB; before, 64 KiB. */
enum { LARGER_RANGES = 2301 };

static bool sizes_sound(struct translator *tr, const struct zone *z) {
    const int64_t least = tr->engine->compat >= LARGER_RANGES ? 64 << 20 : 64 << 10;
    const bool max = z->set & ZONE_RANGE_MAX_BYTES, min = z->set & ZONE_RANGE_MIN_BYTES;
    if (max && z->range_max_bytes < least)
        return result_fail(tr->r, "23514", "could not validate zone config: RangeMaxBytes %" PRId64
            " less than minimum allowed %" PRId64, z->range_max_bytes, least);
    if (min && z->range_min_bytes < 0)
        return result_fail(tr->r, "23514", "could not validate zone config: RangeMinBytes %" PRId64
            " less than minimum allowed 0", z->range_min_bytes);
    if (max && min && z->range_min_bytes >= z->range_max_bytes)
        return result_fail(tr->r, "23514", "could not validate zone config: RangeMinBytes %" PRId64
            " is greater than or equal to RangeMaxBytes %" PRId64, z->range_min_bytes, z->range_max_bytes);
    if (z->set & ZONE_GC_TTLSECONDS && z->gc_ttlseconds < 1)
        return result_fail(tr->r, "23514", "could not validate zone config: GC.TTLSeconds %" PRId64
            " less than minimum allowed 1", z->gc_ttlseconds);
    return true;
}

static bool sound(struct translator *tr, const struct zone *z) {
    enum { LEAST = 3 };
    const bool voters = z->set & ZONE_NUM_VOTERS;
    if (z->num_replicas == LEAST - 1)
        return result_fail(tr->r, "23514",
            "could not validate zone config: at least 3 replicas are required for multi-replica configurations");
    if (voters && z->num_voters == LEAST - 1)
        return result_fail(tr->r, "23514", "could not validate zone config: at least 3 voting replicas are required "
            "for multi-replica configurations");
    if (voters && z->num_voters > z->num_replicas)
        return result_fail(tr->r, "23514",
            "could not validate zone config: num_voters cannot be greater than num_replicas");
    if (!sizes_sound(tr, z))
        return false;
    if (asked_for(&z->constraints) > z->num_replicas)
        return result_fail(tr->r, "23514", "could not validate zone config: the number of replicas specified in "
            "constraints (%d) cannot be greater than the number of replicas configured for the zone (%d)",
            asked_for(&z->constraints), z->num_replicas);
    return true;
}

static bool table_sound(struct translator *tr, const struct database_descriptor *db, const struct table_descriptor *t) {
    const struct descriptors *d = tr->engine->descriptors;
    const bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && t->indexes.len;
    bool good = true;
    for (size_t i = 0; good && i < (by_row ? db->regions.len : 1); i++) {
        struct zone full = {0};
        if (by_row)
            virtual_partition_zone(&full, d, t, &t->indexes.items[0], db->regions.items[i], true);
        else
            virtual_table_zone(&full, d, t, true);
        good = sound(tr, &full);
        zone_free(&full);
    }
    return good;
}

bool ddl_zones_sound(struct translator *tr, const struct database_descriptor *db) {
    const struct descriptors *d = tr->engine->descriptors;
    bool good = true;
    for (size_t i = 0; good && db->primary_region && i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && !d->tables.items[i]->view && !d->tables.items[i]->sequence)
            good = table_sound(tr, db, d->tables.items[i]);
    return good;
}

static bool use(struct translator *tr, const struct owner *o, const struct ast_configure_zone *st) {
    struct zone asked = {0}, full = {0};
    const char *index = o->ix ? o->ix->name : NULL;
    if (st->use_default)
        virtual_range_default(&asked, tr->engine->descriptors);
    else if (!read_options(tr, o, st, &asked)) {
        zone_free(&asked);
        return false;
    }
    current(&full, tr, o, false, true);
    zone_put(&full, &asked, ~0U);
    const bool good = sound(tr, &full) && known_localities(tr, &asked.constraints) &&
        known_localities(tr, &asked.voter_constraints) && known_localities(tr, &asked.lease_preferences);
    if (good)
        zone_put(&zone_settings_take(o->list, index, o->partition)->zone, &asked, ~0U);
    zone_free(&asked);
    zone_free(&full);
    return good;
}

/* Its configuration is one that the rules of a database with regions derive. */
static bool is_derived(const struct owner *o) {
    return o->db && o->db->primary_region &&
        (!o->t || o->partition || o->t->home || o->t->locality == TABLE_LOCALITY_GLOBAL);
}

static bool refuse_discard(struct translator *tr, const struct owner *o, const struct ast_configure_zone *st) {
    if (!st->discard || !is_derived(o) || overridden(tr))
        return true;
    result_fail(tr->r, "XXUUU", "attempting to discard the zone configuration of a multi-region entity");
    result_detail(tr->r, "discarding a multi-region zone configuration may result in sub-optimal performance or "
        "behavior");
    return result_hint(tr->r,
        "to override this error, SET override_multi_region_zone_config = true and reissue the command");
}

/* Whether there was anything to discard. */
static bool discard(struct translator *tr, const struct owner *o) {
    struct zone own = {0};
    const char *index = o->ix ? o->ix->name : NULL;
    current(&own, tr, o, false, false);
    const bool any = own.set && o->db;
    zone_free(&own);
    struct zone_setting *s = zone_settings_find(o->list, index, o->partition);
    if (s)
        zone_settings_remove(o->list, s);
    if (is_derived(o))
        zone_settings_take(o->list, index, o->partition)->discarded = true;
    return any;
}

/* PARTITION p OF TABLE t is that of its only index; every index of a table by row has each partition. */
static bool refuse_ambiguous(struct translator *tr, const struct owner *o, const struct ast_target *target) {
    if (!o->partition || target->kind == TARGET_INDEX || o->t->indexes.len < 2)
        return true;
    result_fail(tr->r, "22023", "partition \"%s\" exists on multiple indexes of table \"%s\"", o->partition,
        o->t->name);
    return result_hint(tr->r, "try ALTER PARTITION ... OF INDEX ...");
}

bool ddl_configure_zone(struct translator *tr, const struct ast_configure_zone *st) {
    struct owner o = {0};
    if (!find_owner(tr, &st->target, &o) || !refuse_protected(tr, &o, st) || !refuse_discard(tr, &o, st) ||
        !refuse_ambiguous(tr, &o, &st->target))
        return false;
    const bool each = o.partition && st->target.all_indexes;
    bool any = false;
    for (size_t i = 0; i < (each ? o.t->indexes.len : 1); i++) {
        if (each)
            o.ix = &o.t->indexes.items[i];
        if (st->discard)
            any = discard(tr, &o) || any;
        else if (!use(tr, &o, st))
            return false;
    }
    if (st->discard && !any)
        result_tag(tr->r, "CONFIGURE ZONE 0");
    tr->engine->descriptors->changes++;
    return true;
}

/* ---- what a change of regions finds ---- */

static void add_number(struct str *out, const struct zone *z, unsigned field) {
    struct zone one = {0};
    zone_put(&one, z, field);
    struct str text = {0};
    zone_print_options(&text, &one, "");
    const char *equals = strstr(str_get(&text), " = ");
    str_add(out, equals ? equals + 3 : "");
    str_free(&text);
    zone_free(&one);
}

static bool same_field(const struct zone *a, const struct zone *b, unsigned field) {
    struct zone x = {0}, y = {0};
    zone_put(&x, a, field);
    zone_put(&y, b, field);
    const bool same = zone_equal(&x, &y);
    zone_free(&x);
    zone_free(&y);
    return same;
}

bool ddl_zone_unmodified(struct translator *tr, const char *kind, const char *name, const struct zone_settings *list,
    const struct zone *derived) {
    const struct zone_setting *s = zone_settings_find(list, NULL, NULL);
    for (size_t i = 0; s && !overridden(tr) && i < PROTECTED_COUNT; i++) {
        if (!s->discarded && (!(s->zone.set & protected[i].field) || same_field(&s->zone, derived, protected[i].field)))
            continue;
        char *quoted = name_quoted(name);
        struct str detail = {0};
        if (tr->engine->compat >= 2601) {
            str_add(&detail, " (expected=");
            add_number(&detail, derived, protected[i].field);
            str_add(&detail, " actual=");
            add_number(&detail, &s->zone, protected[i].field);
            str_add(&detail, ")");
        }
        result_fail(tr->r, "42P17", "attempting to update zone configuration for %s %s which contains modified field "
            "\"%s\"%s", kind, quoted, protected[i].name, str_get(&detail));
        str_free(&detail);
        free(quoted);
        result_detail(tr->r, "the attempted operation will overwrite a user modified field");
        return result_hint(tr->r, "to proceed with the overwrite, SET override_multi_region_zone_config = true, and "
            "reissue the statement");
    }
    return true;
}

void ddl_zone_derived(struct zone_settings *list) {
    for (size_t i = list->len; i-- > 0;) {
        struct zone_setting *s = &list->items[i];
        for (size_t k = 0; k < PROTECTED_COUNT; k++)
            zone_unset(&s->zone, protected[k].field);
        s->discarded = false;
        if (!s->zone.set)
            zone_settings_remove(list, s);
    }
}
