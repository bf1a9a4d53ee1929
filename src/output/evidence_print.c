/* evidence_print: the statement as JSON and as Markdown, with its sum. */
#include "domicile/output/evidence.h"

#include "domicile/base/text.h"
#include "domicile/output/records.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static void add_sha256(struct str *out, const char *text, size_t n) {
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_Digest(text, n, sum, &len, EVP_sha256(), NULL) != 1)
        len = 0;
    for (unsigned i = 0; i < len; i++)
        str_add_f(out, "%02x", sum[i]);
}

void evidence_print_json(struct str *out, const json_t *content) {
    struct str sum = {0};
    char *canonical = json_dumps(content, JSON_COMPACT | JSON_SORT_KEYS);
    add_sha256(&sum, canonical, strlen(canonical));
    json_t *document = json_pack("{s:O, s:s}", "content", content, "sha256", str_get(&sum));
    char *text = json_dumps(document, JSON_INDENT(1));
    str_add_f(out, "%s\n", text);
    free(text);
    free(canonical);
    json_decref(document);
    str_free(&sum);
}

/* A value in a table's cell: no bars, no line ends, nothing that a terminal would obey. */
static void add_cell(struct str *out, const json_t *value) {
    struct str raw = {0};
    record_print_value(&raw, value);
    char *clean = text_cleaned(raw.len ? str_get(&raw) : "-");
    for (const char *p = clean; *p; p++)
        str_add_f(out, *p == '|' || *p == '`' || *p == '<' ? "\\%c" : "%c", *p);
    free(clean);
    str_free(&raw);
}

static void add_pairs(struct str *out, const json_t *object) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        str_add_f(out, "| %s | ", name);
        add_cell(out, value);
        str_add(out, " |\n");
    }
    str_add(out, "\n");
}

static void add_table(struct str *out, const json_t *list, const char *const *columns) {
    for (const char *const *c = columns; *c; c++)
        str_add_f(out, "| %s ", *c);
    str_add(out, "|\n");
    for (const char *const *c = columns; *c; c++)
        str_add(out, "| --- ");
    str_add(out, "|\n");
    for (size_t i = 0; i < json_array_size(list); i++) {
        for (const char *const *c = columns; *c; c++) {
            str_add(out, "| ");
            add_cell(out, json_object_get(json_array_get(list, i), *c));
            str_add(out, " ");
        }
        str_add(out, "|\n");
    }
    str_add(out, "\n");
}

static void add_list(struct str *out, const json_t *list, const char *none) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        str_add(out, "- ");
        add_cell(out, json_array_get(list, i));
        str_add(out, "\n");
    }
    str_add_f(out, "%s\n", json_array_size(list) ? "" : none);
}

/* The replicas of a range, a line each, under its heading. */
static void add_ranges(struct str *out, const json_t *ranges) {
    static const char *const columns[] = {"replica", "kind", "region", "locality", "outside", NULL};
    for (size_t i = 0; i < json_array_size(ranges); i++) {
        const json_t *r = json_array_get(ranges, i);
        str_add_f(
            out, "### r%lld\n\n| | |\n| --- | --- |\n", (long long)json_integer_value(json_object_get(r, "range_id")));
        json_t *rest = json_deep_copy(r);
        json_object_del(rest, "replicas");
        add_pairs(out, rest);
        json_decref(rest);
        add_table(out, json_object_get(r, "replicas"), columns);
    }
}

void evidence_print_markdown(struct str *out, const json_t *content) {
    static const char *const tables[] = {
        "schema", "table", "locality", "estimated_rows", "partitions", "counted_rows", "verdict", NULL};
    static const char head[] = "| | |\n| --- | --- |\n";
    struct str text = {0};
    str_add(&text, "# Where the rows of a database are\n\n");
    str_add_f(&text, "Read from %s to %s by %s. Verdict: **%s**.\n\n",
        json_string_value(json_object_get(content, "read_from")),
        json_string_value(json_object_get(content, "read_to")), json_string_value(json_object_get(content, "made_by")),
        evidence_verdict(content));
    str_add_f(&text, "## Cluster\n\n%s", head);
    add_pairs(&text, json_object_get(content, "cluster"));
    str_add_f(&text, "## Database and policy\n\n%s", head);
    add_pairs(&text, json_object_get(content, "database"));
    str_add_f(&text, "## Summary\n\n%s", head);
    add_pairs(&text, json_object_get(content, "summary"));
    str_add(&text, "## Tables\n\n");
    add_table(&text, json_object_get(content, "tables"), tables);
    str_add(&text, "## Ranges\n\n");
    add_ranges(&text, json_object_get(content, "ranges"));
    str_add(&text, "## What could not be verified\n\n");
    add_list(&text, json_object_get(content, "not_verified"), "Everything above was read.\n");
    str_add(&text, "## What this cannot show\n\n");
    add_list(&text, json_object_get(content, "limits"), "");
    str_add_n(out, str_get(&text), text.len);
    str_add(out, "SHA-256 of all above: ");
    add_sha256(out, str_get(&text), text.len);
    str_add(out, "\n");
    str_free(&text);
}
