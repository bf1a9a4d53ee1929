/* insert_form: one input a column, with what may be offered for it, and where it may be sent. */
#include "domicile/actions/insert.h"
#include "insert_private.h"

#include "domicile/dialect/casevalues.h"
#include "domicile/sql/statement.h"

#include <string.h>
#include <sys/random.h>

void insert_make_uuid(char out[37]) {
    unsigned char b[16];
    size_t at = 0;
    struct str text = {0};
    while (at < sizeof b) {
        ssize_t n = getrandom(b + at, sizeof b - at, 0);
        at += n > 0 ? (size_t)n : 0;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof b; i++)
        str_add_f(&text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
    memcpy(out, str_get(&text), 37);
    str_free(&text);
}

static bool is_uuid(const char *type) {
    return str_eq_nocase(type, "uuid");
}

static void add_choice(struct insert_field *f, const char *value, const char *region) {
    struct insert_choice c = {mem_strdup(value), mem_strdup_null(region)};
    vec_push(&f->choices, c);
}

static bool in_key(const struct table *t, const char *column) {
    const struct index *primary = table_primary(t);
    for (size_t i = 0; primary != NULL && i < primary->columns.len; i++)
        if (!primary->columns.items[i].implicit && strcmp(primary->columns.items[i].name, column) == 0)
            return true;
    return false;
}

/* The default makes a random UUID: one made here does as well. */
static bool makes_uuid(const char *expr) {
    static const char *const makers[] = {"gen_random_uuid()", "uuid_generate_v4()"};
    for (size_t i = 0; expr != NULL && i < sizeof makers / sizeof *makers; i++)
        if (str_eq_nocase(expr, makers[i]))
            return true;
    return false;
}

static void add_field(struct insert_form *f, const struct table *t, const struct column *c) {
    bool region = str_eq(c->name, t->region_column);
    struct insert_field field = {
        .column = mem_strdup(c->name),
        .type = mem_strdup(c->type),
        .nullable = c->nullable,
        .key = in_key(t, c->name),
        .default_expr = mem_strdup_null(c->default_expr),
        .source = c->has_default || c->nullable ? INSERT_OPTIONAL : INSERT_ASKED,
    };
    if (field.key && is_uuid(c->type) && (!c->has_default || makes_uuid(c->default_expr))) {
        char uuid[37];
        insert_make_uuid(uuid);
        field.source = INSERT_MADE;
        field.value = mem_strdup(uuid);
    }
    for (size_t i = 0; i < c->values.len; i++)
        add_choice(&field, c->values.items[i], region ? c->values.items[i] : NULL);
    if (str_eq_nocase(c->type, "bool")) {
        add_choice(&field, "true", NULL);
        add_choice(&field, "false", NULL);
    }
    vec_push(&f->fields, field);
}

static void add_fields(struct insert_form *f, const struct table *t) {
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column *c = &t->columns.items[i];
        if (c->computed == NULL && (!c->hidden || str_eq(c->name, t->region_column)))
            add_field(f, t, c);
    }
}

/* The values that the region column's expression knows are offered for the column that it reads. */
static void add_region_choices(struct insert_form *f) {
    struct casevalues cases = {0};
    struct err err = {0};
    if (!casevalues_parse(&cases, f->region_expr, &err)) {
        f->note = mem_printf("which values of the other columns give which region cannot be told: %s", err.message);
        return;
    }
    for (size_t i = 0; i < f->fields.len; i++)
        for (size_t k = 0; k < cases.values.len && strcmp(f->fields.items[i].column, cases.column) == 0; k++)
            if (cases.values.items[k].value != NULL)
                add_choice(&f->fields.items[i], cases.values.items[k].value, cases.values.items[k].region);
    casevalues_free(&cases);
}

static void add_gateway(struct insert_form *f, struct insert_gateway g) {
    vec_push(&f->gateways, g);
}

static void add_nodes(struct insert_form *f, const struct topology *t) {
    for (size_t i = 0; t != NULL && i < t->nodes.len; i++) {
        const struct node *n = &t->nodes.items[i];
        const char *region = locality_region(&n->locality);
        struct insert_gateway g = {.node_id = n->id, .region = mem_strdup_null(region)};
        if (n->sql_address == NULL || n->sql_address[0] == '\0' || n->liveness != LIVENESS_LIVE) {
            free(g.region);
            continue;
        }
        g.label = mem_printf("n%d %s", n->id, region != NULL ? region : "");
        survey_split_address(n->sql_address, &g.host, &g.port);
        add_gateway(f, g);
    }
}

static void add_gateways(struct insert_form *f, const struct survey *s) {
    const struct server_info *info = snapshot_server(survey_snapshot(s));
    size_t n;
    const struct survey_gateway *given = survey_gateways(s, &n);
    add_gateway(f, (struct insert_gateway){
        .label = mem_strdup("this connection"),
        .region = mem_strdup_null(info != NULL ? info->gateway_region : NULL),
        .node_id = info != NULL ? info->gateway_node : 0,
    });
    for (size_t i = 0; i < n; i++)
        add_gateway(f, (struct insert_gateway){
            .label = mem_printf("gateway %s", given[i].region),
            .region = mem_strdup(given[i].region),
            .conninfo = mem_strdup(given[i].conninfo),
        });
    add_nodes(f, snapshot_topology(survey_snapshot(s)));
}

static void add_key(struct insert_form *f, const struct table *t) {
    const struct index *primary = table_primary(t);
    for (size_t i = 0; primary != NULL && i < primary->columns.len; i++)
        if (!primary->columns.items[i].implicit)
            vec_push(&f->key, mem_strdup(primary->columns.items[i].name));
}

struct insert_form *insert_form_of(const struct table *t, struct err *err) {
    if (t->columns.len == 0) {
        err_set(err, ERR_UNAVAILABLE, "the columns of %s could not be read", t->name);
        return NULL;
    }
    struct insert_form *f = mem_calloc(1, sizeof *f);
    f->schema = mem_strdup(t->schema);
    f->table = mem_strdup(t->name);
    f->region_column = t->locality == TABLE_LOCALITY_BY_ROW ? mem_strdup_null(t->region_column) : NULL;
    const struct column *region = f->region_column != NULL ? table_column(t, f->region_column) : NULL;
    f->region_expr = mem_strdup_null(region != NULL ? region->computed : NULL);
    add_fields(f, t);
    add_key(f, t);
    if (f->region_expr != NULL)
        add_region_choices(f);
    else if (region != NULL)
        f->note = mem_printf("%s decides where the row lives; left out, the server's default decides", region->name);
    return f;
}

struct insert_form *insert_form_new(const struct survey *s, const char *table, struct err *err) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(s));
    const struct table *t = c != NULL ? catalog_table(c, table) : NULL;
    if (t == NULL) {
        err_set(err, ERR_INPUT, "no one table of this database is named %s", table);
        return NULL;
    }
    struct insert_form *f = insert_form_of(t, err);
    if (f != NULL)
        add_gateways(f, s);
    return f;
}

static void field_free(struct insert_field *f) {
    for (size_t i = 0; i < f->choices.len; i++) {
        free(f->choices.items[i].value);
        free(f->choices.items[i].region);
    }
    vec_free(&f->choices);
    free(f->column);
    free(f->type);
    free(f->default_expr);
    free(f->value);
}

static void gateway_free(struct insert_gateway *g) {
    free(g->label);
    free(g->region);
    free(g->conninfo);
    free(g->host);
    free(g->port);
}

void insert_form_free(struct insert_form *f) {
    if (f == NULL)
        return;
    for (size_t i = 0; i < f->fields.len; i++)
        field_free(&f->fields.items[i]);
    for (size_t i = 0; i < f->gateways.len; i++)
        gateway_free(&f->gateways.items[i]);
    for (size_t i = 0; i < f->key.len; i++)
        free(f->key.items[i]);
    vec_free(&f->fields);
    vec_free(&f->gateways);
    vec_free(&f->key);
    free(f->schema);
    free(f->table);
    free(f->region_column);
    free(f->region_expr);
    free(f->note);
    free(f);
}

static struct insert_field copy_field(const struct insert_field *from) {
    struct insert_field f = *from;
    f.column = mem_strdup(from->column);
    f.type = mem_strdup(from->type);
    f.default_expr = mem_strdup_null(from->default_expr);
    f.value = mem_strdup_null(from->value);
    memset(&f.choices, 0, sizeof f.choices);
    for (size_t i = 0; i < from->choices.len; i++)
        add_choice(&f, from->choices.items[i].value, from->choices.items[i].region);
    return f;
}

struct insert_form *insert_form_copy(const struct insert_form *from) {
    struct insert_form *f = mem_calloc(1, sizeof *f);
    f->schema = mem_strdup(from->schema);
    f->table = mem_strdup(from->table);
    f->region_column = mem_strdup_null(from->region_column);
    f->region_expr = mem_strdup_null(from->region_expr);
    f->note = mem_strdup_null(from->note);
    f->gateway = from->gateway;
    for (size_t i = 0; i < from->fields.len; i++)
        vec_push(&f->fields, copy_field(&from->fields.items[i]));
    for (size_t i = 0; i < from->key.len; i++)
        vec_push(&f->key, mem_strdup(from->key.items[i]));
    for (size_t i = 0; i < from->gateways.len; i++) {
        struct insert_gateway g = from->gateways.items[i];
        g.label = mem_strdup(g.label);
        g.region = mem_strdup_null(g.region);
        g.conninfo = mem_strdup_null(g.conninfo);
        g.host = mem_strdup_null(g.host);
        g.port = mem_strdup_null(g.port);
        vec_push(&f->gateways, g);
    }
    return f;
}

void insert_form_set(struct insert_form *f, size_t field, const char *value) {
    char *kept = mem_strdup_null(value);
    free(f->fields.items[field].value);
    f->fields.items[field].value = kept;
}

const struct insert_field *insert_form_field(const struct insert_form *f, const char *column) {
    for (size_t i = 0; i < f->fields.len; i++)
        if (strcmp(f->fields.items[i].column, column) == 0)
            return &f->fields.items[i];
    return NULL;
}

const char *insert_form_home(const struct insert_form *f) {
    for (size_t i = 0; i < f->fields.len; i++) {
        const struct insert_field *field = &f->fields.items[i];
        for (size_t k = 0; field->value != NULL && k < field->choices.len; k++)
            if (field->choices.items[k].region != NULL && strcmp(field->choices.items[k].value, field->value) == 0)
                return field->choices.items[k].region;
    }
    return NULL;
}

/* -- the statement -- */

bool insert_form_sql(struct str *sql, struct insert_params *params, const struct insert_form *f, struct err *err) {
    VEC_STRUCT(const char *) columns = {0}, returned = {0};
    for (size_t i = 0; i < f->fields.len; i++)
        if (f->fields.items[i].value != NULL) {
            vec_push(&columns, f->fields.items[i].column);
            vec_push(params, f->fields.items[i].value);
        }
    for (size_t i = 0; i < f->key.len; i++)
        vec_push(&returned, f->key.items[i]);
    if (f->region_column != NULL)
        vec_push(&returned, f->region_column);
    if (returned.len == 0 && f->fields.len > 0)
        vec_push(&returned, f->fields.items[0].column);
    struct statement_arg args[] = {
        {.name = "schema", .kind = STATEMENT_NAME, .value = f->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = f->table},
        {.name = "columns", .kind = STATEMENT_NAMES, .values = columns.items, .count = columns.len},
        {.name = "values", .kind = STATEMENT_PARAMETERS, .count = columns.len, .number = 1},
        {.name = "returned", .kind = STATEMENT_NAMES, .values = returned.items, .count = returned.len},
    };
    const struct statement *st = statement_find(columns.len > 0 ? "actions/insert-row" : "actions/insert-default");
    bool ok = statement_fill(sql, st, args, sizeof args / sizeof *args, err);
    vec_free(&columns);
    vec_free(&returned);
    return ok;
}

void insert_form_preview(struct str *out, const struct insert_form *f) {
    struct insert_params params = {0};
    if (insert_form_sql(out, &params, f, NULL)) {
        str_add(out, ";");
        for (size_t i = 0; i < params.len; i++) {
            str_add_f(out, "%s$%zu = ", i == 0 ? "  -- " : ", ", i + 1);
            statement_quote_text(out, params.items[i]);
        }
    }
    vec_free(&params);
}
