/* yamlorder: the order in which the server's YAML writes the keys of a map. */
#ifndef DIALECT_YAMLORDER_H
#define DIALECT_YAMLORDER_H

/* As strcmp, but numbers by their values ("eastus2" before "eastus10") and letters after everything else. */
int yamlorder_compare(const char *a, const char *b);

#endif
