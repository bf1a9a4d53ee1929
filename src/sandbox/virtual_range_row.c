/* virtual_range_row: SHOW RANGE ... FOR ROW, and what waits for a range that has lost its quorum. */
#include "virtual_ranges.h"

/* The columns whose values make a key of an index; one that is not unique has the primary key's others, too. */
struct key_columns {
    VEC(struct index_key);
    size_t named; /* before those */
};

static bool has_column(const struct key_columns *list, int column) {
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].column == column)
            return true;
    return false;
}

static void collect_columns(struct key_columns *out, const struct table_descriptor *t,
    const struct index_descriptor *ix) {
    for (size_t i = 0; i < ix->keys.len; i++)
        vec_push(out, ix->keys.items[i]);
    out->named = out->len;
    for (size_t i = 0; !ix->unique && ix != &t->indexes.items[0] && i < t->indexes.items[0].keys.len; i++) {
        const int column = t->indexes.items[0].keys.items[i].column;
        if (!has_column(out, column))
            vec_push(out, (struct index_key){.column = column});
    }
}

static void name_columns(struct str *out, const struct table_descriptor *t, const struct key_columns *list,
    size_t first) {
    for (size_t i = first; i < list->len; i++)
        str_add_f(out, i > first ? " %s" : "%s", column_by_id(t, list->items[i].column)->name);
}

static bool wrong_number(const struct virtual_context *c, const struct table_descriptor *t,
    const struct index_descriptor *ix, const struct key_columns *list, struct result *r) {
    struct str more = {0}, all = {0};
    result_fail(r, virtual_new(c) ? "22023" : "XXUUU",
        "%snumber of values must equal number of columns in index \"%s\"",
        virtual_new(c) ? "" : "crdb_internal.encode_key(): ", ix->name);
    name_columns(&more, t, list, list->named);
    name_columns(&all, t, list, 0);
    if (more.len)
        result_hint(r,
            "columns [%s] are implicitly part of index \"%s\"'s key, include columns [%s] in this order",
            str_get(&more), ix->name, str_get(&all));
    str_free(&more);
    str_free(&all);
    return false;
}

static bool encode_value(const struct virtual_context *c, const struct table_descriptor *t,
    const struct index_key *at, const char *text, struct key *k, struct result *r) {
    const char *prefix = virtual_new(c) ? "" : "crdb_internal.encode_key(): ";
    const struct column_descriptor *column = column_by_id(t, at->column);
    struct err err = {0};
    if (!text && !column->nullable)
        return result_fail(r, "23502", "%sNULL provided as a value for a nonnullable column", prefix);
    if (column->id == t->region_column && t->locality == TABLE_LOCALITY_BY_ROW) {
        const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
        const struct enum_label *label = text ? virtual_region_label(c->descriptors, db, text) : NULL;
        if (label) {
            key_add_bytes(k, label->physical.data, label->physical.len, at->descending);
            return true;
        }
        result_fail(r, "22P02", "%sinvalid input value for enum crdb_internal_region: \"%s\"", prefix,
            text ? text : "NULL");
        return result_hint(r, "try to explicitly cast each value to the corresponding column type");
    }
    struct str type = {0};
    sqltype_print(&type, &column->type, "");
    const bool ok = key_add_value(k, key_type_of(str_get(&type)), text, at->descending, &err);
    str_free(&type);
    if (!ok && sqltype_is_number(&column->type) && column->type.base != TYPE_DECIMAL)
        return result_fail(r, "22P02",
            "%scould not parse \"%s\" as type %s: strconv.ParseInt: parsing \"%s\": invalid syntax", prefix, text,
            sqltype_word(&column->type), text);
    return ok || result_fail(r, "22P02", "%s%s", prefix, err.message);
}

static bool encode_row(const struct virtual_context *c, const struct table_descriptor *t,
    const struct index_descriptor *ix, struct key *k, struct result *r) {
    struct key_columns list = {0};
    collect_columns(&list, t, ix);
    key_begin(k, (uint64_t)t->id, (uint64_t)ix->id);
    bool ok = c->row_count == list.len || wrong_number(c, t, ix, &list, r);
    for (size_t i = 0; ok && i < list.len; i++)
        ok = encode_value(c, t, &list.items[i], c->row[i], k, r);
    vec_free(&list);
    return ok;
}

static const struct index_descriptor *index_of(const struct table_descriptor *t, const struct ast_show *st,
    struct result *r) {
    return range_index(t, st->target.kind == TARGET_INDEX ? st->target.index : NULL, r);
}

static void row_columns(const struct virtual_context *c, struct result *r) {
    virtual_columns(r, virtual_new(c)
        ? "start_key:t end_key:t range_id:i lease_holder:i lease_holder_locality:t replicas:I "
          "replica_localities:T voting_replicas:I non_voting_replicas:I"
        : "start_key:t end_key:t range_id:i lease_holder:i lease_holder_locality:t replicas:I "
          "replica_localities:T");
}

bool virtual_show_range_for_row(const struct virtual_context *c, const struct ast_show *st,
    struct result *r) {
    const struct table_descriptor *t = virtual_target_table(c, &st->target, r);
    const struct index_descriptor *ix = t ? index_of(t, st, r) : NULL;
    struct key k = {0};
    row_columns(c, r);
    if (!ix || !range_may_read(c, t, r))
        return false;
    if (c->describe)
        return true;
    bool ok = encode_row(c, t, ix, &k, r);
    const struct world_range *range = ok ? world_range_of(c->world, &k) : NULL;
    if (range) {
        struct vrow row;
        const char *start = range_relative_old(r, &range->start);
        const char *end = range_relative_old(r, &range->end);
        const char *dots = virtual_new(c) ? "…" : "";
        vrow_begin(&row, r);
        if (start || virtual_new(c))
            vrow_f(&row, "start_key", "%s%s", dots, start ? start : "");
        if (end || virtual_new(c))
            vrow_f(&row, "end_key", "%s%s", dots, end ? end : "");
        range_put_replicas(c, &row, range);
        range_put_lease(c, &row, range);
        vrow_end(&row);
    }
    key_free(&k);
    return ok;
}

bool virtual_ranges_hang(const struct virtual_context *c, const struct ast_show *st) {
    struct result *r = result_new();
    struct key start = {0}, end = {0};
    bool hangs = false;
    const bool of_table = st->target.kind == TARGET_TABLE || st->target.kind == TARGET_INDEX;
    const struct table_descriptor *t = of_table && (st->target.name.n || st->target.index)
        ? virtual_target_table(c, &st->target, r) : NULL;
    if (st->kind == SHOW_RANGE_FOR_ROW) {
        const struct index_descriptor *ix = t ? index_of(t, st, r) : NULL;
        const struct world_range *range = ix && encode_row(c, t, ix, &start, r)
            ? world_range_of(c->world, &start) : NULL;
        hangs = range && !world_range_available(c->world, range);
    } else if (t) {
        key_begin(&start, (uint64_t)t->id, 1);
        key_begin(&end, (uint64_t)t->id, (uint64_t)t->next_index);
        key_prefix_end(&end);
        hangs = !world_available(c->world, &start, &end);
    } else if (!r->failed) {
        for (size_t i = 0; !hangs && i < world_range_count(c->world); i++)
            hangs = !world_range_available(c->world, world_range_at(c->world, i));
    }
    key_free(&start);
    key_free(&end);
    result_free(r);
    return hangs;
}
