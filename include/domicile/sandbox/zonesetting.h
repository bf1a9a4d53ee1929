/* zonesetting: what CONFIGURE ZONE said of objects, beside what the placement rules derive for them. */
#ifndef DOMICILE_SANDBOX_ZONESETTING_H
#define DOMICILE_SANDBOX_ZONESETTING_H

#include "domicile/dialect/zone.h"

struct zone_setting {
    char *index;     /* of an index or one of its partitions; NULL: the object itself */
    char *partition; /* NULL: no partition's */
    struct zone zone; /* the fields that were set */
    bool discarded;   /* what the rules derive is not in force either */
};

/* Of one database or table. Zero-initialised: none. */
struct zone_settings {
    VEC(struct zone_setting);
};

/* Frees the settings; the list is empty afterwards. */
void zone_settings_free(struct zone_settings *list);
/* NULL: none. index and partition as in the struct. */
struct zone_setting *zone_settings_find(const struct zone_settings *list, const char *index, const char *partition);
/* Found, or made empty. */
struct zone_setting *zone_settings_take(struct zone_settings *list, const char *index, const char *partition);
void zone_settings_remove(struct zone_settings *list, struct zone_setting *s);
/* Puts what was set over what was derived. */
void zone_settings_apply(const struct zone_settings *list, const char *index, const char *partition, struct zone *z);
/* The fields of a, and of those only the ones of the mask, over those that z has. */
void zone_put(struct zone *z, const struct zone *from, unsigned mask);
/* Removes the fields of the mask. */
void zone_unset(struct zone *z, unsigned mask);

#endif
