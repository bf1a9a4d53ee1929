/* zonetext: constraint lists as a zone configuration's options hold them: a small part of YAML. */
#ifndef DIALECT_ZONETEXT_H
#define DIALECT_ZONETEXT_H

#include "domicile/dialect/zone.h"

void zonetext_free_conjunction(struct zone_conjunction *c);
void zonetext_free(struct zone_conjunctions *list);
void zonetext_copy(struct zone_conjunctions *to, const struct zone_conjunctions *from);
bool zonetext_equal(const struct zone_conjunctions *a, const struct zone_conjunctions *b);
/* [[+region=a], [+region=b]] */
bool zonetext_parse_preferences(struct zone_conjunctions *list, const char *text, struct err *err);

#endif
