/* evidence: a dated statement of where a database's ranges are, for auditors: what was read, what follows from it, what
 * could not be verified, and what this version cannot promise. */
#ifndef DOMICILE_OUTPUT_EVIDENCE_H
#define DOMICILE_OUTPUT_EVIDENCE_H

#include "domicile/base/str.h"
#include "domicile/cluster/snapshot.h"

#include <jansson.h>

/* Exact rows of one table, or of one region of it. */
struct evidence_count {
    const char *schema;
    const char *table;
    const char *region;  /* NULL: the table is not by row */
    int64_t rows;        /* -1: could not be counted */
    const char *problem; /* why; NULL */
};

struct evidence_input {
    const struct snapshot *snapshot;
    int64_t from_wall, to_wall;  /* over which seconds it was read, µs since 1970 */
    const char *program;         /* "domicile 0.1.0" */
    const char *const *problems; /* what could not be read, a sentence each */
    size_t problem_count;
    const struct evidence_count *counts; /* with --count */
    size_t count_count;
};

/* The content as one object; the caller drops it. */
json_t *evidence_make(const struct evidence_input *in);
/* "home", "abroad" or "cannot tell", of the content. */
const char *evidence_verdict(const json_t *content);
/* The document: {"content": …, "sha256": …}, the sum over the content as compact JSON with sorted keys. */
void evidence_print_json(struct str *out, const json_t *content);
/* The same as Markdown; its last line names the SHA-256 of all lines above it. */
void evidence_print_markdown(struct str *out, const json_t *content);

#endif
